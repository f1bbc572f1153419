// Reads a file of FIX messages and says how many microseconds of one core QuickFIX takes for each of them: taken apart
// by the dictionary, sums and lengths checked, validated. Arguments: messages, dictionary, rounds.
#include <quickfix/DataDictionary.h>
#include <quickfix/Message.h>
#include <algorithm>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

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
  std::vector<double> times;
  for (int round = 0; round < std::stoi(argv[3]); round++) {
    timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (const std::string& text : messages) {
      FIX::Message message(text, dictionary, true);
      dictionary.validate(message);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    times.push_back((to.tv_sec - from.tv_sec) * 1e6 + (to.tv_nsec - from.tv_nsec) / 1e3);
  }
  std::sort(times.begin(), times.end());
  std::cout << times[times.size() / 2] / messages.size() << std::endl;
}
