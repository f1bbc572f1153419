// Times a TestRequest(1) and its Heartbeat(0) on a raw socket, one after the other, as BRKRDC talking to OPSGW.
//
// usage: live-round-trip PORT COUNT
// stdout: p50 p99 in microseconds
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

const char SOH = '\001';

int64_t now() {
  timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return int64_t(at.tv_sec) * 1000000000 + at.tv_nsec;
}

std::string message(const char *type, int number, const std::string &rest) {
  char time[32];
  const time_t seconds = ::time(nullptr);
  strftime(time, sizeof time, "%Y%m%d-%H:%M:%S.000", gmtime(&seconds));
  const std::string body = std::string("35=") + type + SOH + "34=" + std::to_string(number) + SOH + "49=BRKRDC" + SOH +
                           "52=" + time + SOH + "56=OPSGW" + SOH + rest;
  const std::string whole = std::string("8=FIX.4.4") + SOH + "9=" + std::to_string(body.size()) + SOH + body;
  unsigned sum = 0;
  for (unsigned char byte : whole) sum += byte;
  char trailer[16];
  snprintf(trailer, sizeof trailer, "10=%03u%c", sum % 256, SOH);
  return whole + trailer;
}

void ask(int peer, const std::string &question, const std::string &answer) {
  if (send(peer, question.data(), question.size(), MSG_NOSIGNAL) != ssize_t(question.size())) exit(1);
  std::string said;
  while (said.find(answer) == std::string::npos || said.back() != SOH) {
    char bytes[4096];
    const ssize_t count = recv(peer, bytes, sizeof bytes, 0);
    if (count <= 0) exit(1);
    said.append(bytes, size_t(count));
  }
}

}  // namespace

int main(int, char **argv) {
  const int count = atoi(argv[2]);
  const int peer = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(uint16_t(atoi(argv[1])));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(peer, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) return 1;
  const int on = 1;
  setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ask(peer, message("A", 1, std::string("98=0") + SOH + "108=60" + SOH), "\00135=A\001");

  std::vector<double> times;
  const int warm = count / 5;
  for (int number = 0; number < warm + count; number++) {
    const std::string id = "112=T" + std::to_string(number) + SOH;
    const std::string question = message("1", number + 2, id);
    const int64_t from = now();
    ask(peer, question, SOH + id);
    if (number >= warm) times.push_back((now() - from) / 1e3);
  }
  std::sort(times.begin(), times.end());
  std::cout << times[times.size() / 2] << " " << times[times.size() * 99 / 100] << std::endl;
  return 0;
}
