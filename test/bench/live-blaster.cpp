// A counterparty that speaks FIX fast: it takes one connection, answers the Logon(A), and sends what a file holds, which is
// one session stream from MsgSeqNum(34) 2 on.
//
// usage: live-blaster FILE RATE TIMES WARM
//   RATE   messages a second, each due at its own time; 0: as fast as the peer reads
//   TIMES  how often the messages of the file are sent, their numbers going on
//   WARM   so many of them are sent first, as fast as the peer reads
// stdin:  a line begins the sending, and where WARM is not 0 one more goes on after it; the end closes the connection
// stdout: port N | up | begin T (CLOCK_MONOTONIC in nanoseconds: when the first message was due) | sent
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

const char SOH = '\001';

void say(const std::string &line) { std::cout << line << std::endl; }

int64_t now() {
  timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return int64_t(at.tv_sec) * 1000000000 + at.tv_nsec;
}

std::string valueOf(const std::string &message, const std::string &tag) {
  const size_t at = message.find(SOH + tag + "=");
  if (at == std::string::npos) return "";
  const size_t from = at + tag.size() + 2;
  return message.substr(from, message.find(SOH, from) - from);
}

std::string trailerOf(const std::string &whole) {
  unsigned sum = 0;
  for (unsigned char byte : whole) sum += byte;
  char trailer[16];
  snprintf(trailer, sizeof trailer, "10=%03u%c", sum % 256, SOH);
  return trailer;
}

std::string logonTo(const std::string &theirs) {
  char time[32];
  const time_t seconds = ::time(nullptr);
  strftime(time, sizeof time, "%Y%m%d-%H:%M:%S.000", gmtime(&seconds));
  std::string body = std::string("35=A") + SOH + "34=1" + SOH + "49=" + valueOf(theirs, "56") + SOH + "52=" + time +
                     SOH + "56=" + valueOf(theirs, "49") + SOH + "98=0" + SOH + "108=" + valueOf(theirs, "108") + SOH;
  const std::string whole = std::string("8=FIX.4.4") + SOH + "9=" + std::to_string(body.size()) + SOH + body;
  return whole + trailerOf(whole);
}

// The same message under another MsgSeqNum(34).
std::string renumbered(const std::string &message, size_t number) {
  const size_t bodyAt = message.find(SOH, message.find("\0019=") + 1) + 1;
  const size_t at = message.find("\00134=") + 4;
  const size_t end = message.find(SOH, at);
  const std::string body =
      message.substr(bodyAt, at - bodyAt) + std::to_string(number) + message.substr(end, message.size() - 7 - end);
  const std::string whole = std::string("8=FIX.4.4") + SOH + "9=" + std::to_string(body.size()) + SOH + body;
  return whole + trailerOf(whole);
}

// Where each message ends.
std::vector<size_t> endsOf(const std::string &stream) {
  std::vector<size_t> ends;
  for (size_t from = 0; from < stream.size();) {
    const size_t trailer = stream.find("\00110=", from);
    from = stream.find(SOH, trailer + 1) + 1;
    ends.push_back(from);
  }
  return ends;
}

void mustSend(int peer, const char *bytes, size_t length) {
  while (length > 0) {
    const ssize_t sent = send(peer, bytes, length, MSG_NOSIGNAL);
    if (sent <= 0) {
      perror("send");
      exit(1);
    }
    bytes += sent;
    length -= size_t(sent);
  }
}

// What the peer says meanwhile is read and dropped.
void drain(int peer) {
  char bytes[65536];
  while (recv(peer, bytes, sizeof bytes, MSG_DONTWAIT) > 0) {
  }
}

void flatOut(int peer, const std::string &stream, size_t from, size_t to) {
  const size_t piece = 65536;
  for (size_t at = from; at < to; at += piece) {
    mustSend(peer, stream.data() + at, std::min(piece, to - at));
    drain(peer);
  }
}

// Whatever is due goes out at once. A message counts from when it was due, not from when there was time to send it.
void paced(int peer, const std::string &stream, const std::vector<size_t> &ends, size_t first, int64_t begin,
           double rate) {
  size_t next = first;
  size_t at = first == 0 ? 0 : ends[first - 1];
  while (next < ends.size()) {
    const int64_t passed = now() - begin;
    const size_t due = passed < 0 ? 0 : std::min(ends.size(), first + size_t(passed * rate / 1e9) + 1);
    if (due > next) {
      const size_t end = ends[due - 1];
      mustSend(peer, stream.data() + at, end - at);
      at = end;
      next = due;
      drain(peer);
    }
    const timespec pause = {0, 100000};
    nanosleep(&pause, nullptr);
  }
}

}  // namespace

int main(int, char **argv) {
  std::ifstream file(argv[1], std::ios::binary);
  std::string stream((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const double rate = atof(argv[2]);
  const std::vector<size_t> once = endsOf(stream);
  for (size_t round = 1; round < size_t(atol(argv[3])); round++) {
    for (size_t message = 0; message < once.size(); message++) {
      const size_t from = message == 0 ? 0 : once[message - 1];
      stream += renumbered(stream.substr(from, once[message] - from), round * once.size() + message + 2);
    }
  }
  const std::vector<size_t> ends = endsOf(stream);

  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr *>(&address), length) != 0 || listen(listener, 1) != 0) return 1;
  getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length);
  say("port " + std::to_string(ntohs(address.sin_port)));
  const int peer = accept(listener, nullptr, nullptr);
  const int on = 1;
  setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);

  std::string theirs;
  while (theirs.find("\00110=") == std::string::npos) {
    char bytes[4096];
    const ssize_t count = recv(peer, bytes, sizeof bytes, 0);
    if (count <= 0) return 1;
    theirs.append(bytes, size_t(count));
  }
  const std::string logon = logonTo(theirs);
  mustSend(peer, logon.data(), logon.size());
  say("up");

  std::string line;
  if (!std::getline(std::cin, line)) return 0;
  const size_t warm = size_t(atol(argv[4]));
  if (warm > 0) {
    flatOut(peer, stream, 0, ends[warm - 1]);
    if (!std::getline(std::cin, line)) return 0;
  }
  const int64_t begin = now() + 1000000;
  say("begin " + std::to_string(begin));
  if (rate > 0)
    paced(peer, stream, ends, warm, begin, rate);
  else
    flatOut(peer, stream, warm == 0 ? 0 : ends[warm - 1], stream.size());
  say("sent");
  while (std::getline(std::cin, line)) drain(peer);
  close(peer);
  return 0;
}
