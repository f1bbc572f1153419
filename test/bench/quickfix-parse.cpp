// Reads a file of FIX messages and, for each line that it is sent, takes one round over them: each message taken apart by the
// dictionary, sums and lengths checked, validated. Answers each line with the microseconds of one core that a message took.
// Arguments: messages, dictionary.
#include <quickfix/DataDictionary.h>
#include <quickfix/Message.h>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

static double cpuMicros() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

int main(int, char** argv) {
  std::ifstream file(argv[1], std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<std::string> messages;
  for (size_t from = 0; from < all.size();) {
    const size_t trailer = all.find("\00110=", from);
    const size_t end = all.find('\001', trailer + 1) + 1;
    messages.push_back(all.substr(from, end - from));
    from = end;
  }
  const FIX::DataDictionary dictionary(argv[2]);
  for (std::string line; std::getline(std::cin, line);) {
    const double from = cpuMicros();
    for (const std::string& text : messages) {
      FIX::Message message(text, dictionary, true);
      dictionary.validate(message);
    }
    std::cout << (cpuMicros() - from) / messages.size() << std::endl;
  }
}
