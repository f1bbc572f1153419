// QuickFIX with an application that says and hears numbered messages, configured by a settings file of QuickFIX's own. Every
// message is known by its side and its number, so whoever receives can tell whether one is lost, doubled, changed or out of order.
//
// usage: settings-peer SETTINGS FOLDER MARK
//   SETTINGS  a QuickFIX settings file with one session; its FileStorePath is FOLDER/store where it names none
//   FOLDER    holds heard.txt: a line for each message of the application that came, written at once:
//             NUMBER POSSDUP TYPE ID VALUES, VALUES being the fields that the sender chose, joined by "|"; "# start" with every start
//   MARK      begins the ids of what this side sends: MARK-1, MARK-2 …
// commands on stdin: upto N | numbers | set OUT IN (0: leaves it) | resend FROM TO | test ID | raw FIELD|FIELD… | echo | pass FROM TO | refuse TEXT | field TAG VALUE
//   | disconnect | logout | logon | quit
// lines on stdout: at N (messages sent so far) | ready | logon | logout | upto N | numbers OUT IN | got TYPE NUMBER POSSDUP TEXT
//
// Needs Debian's libquickfix-dev: see quickfix.ts.

#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <quickfix/Application.h>
#include <quickfix/FileStore.h>
#include <quickfix/Group.h>
#include <quickfix/Message.h>
#include <quickfix/SSLSocketAcceptor.h>
#include <quickfix/SSLSocketInitiator.h>
#include <quickfix/Session.h>
#include <quickfix/SessionSettings.h>
#include <quickfix/SocketAcceptor.h>
#include <quickfix/SocketInitiator.h>

// QuickFIX 1.15 always listens on every address; a test must listen on loopback only.
extern "C" int bind(int socket, const struct sockaddr *address, socklen_t length) {
  typedef int (*Bind)(int, const struct sockaddr *, socklen_t);
  static Bind next = reinterpret_cast<Bind>(dlsym(RTLD_NEXT, "bind"));
  if (address->sa_family == AF_INET) {
    struct sockaddr_in loopback = *reinterpret_cast<const struct sockaddr_in *>(address);
    if (loopback.sin_addr.s_addr == htonl(INADDR_ANY)) loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return next(socket, reinterpret_cast<const struct sockaddr *>(&loopback), length);
  }
  return next(socket, address, length);
}

namespace {

void say(const std::string &line) {
  std::cout << line << std::endl;
}

std::string text(uint64_t number) { return std::to_string(number); }

const char *symbols[] = {"IBM", "MSFT", "BRK.B", "ZVZZT", "GE"};

// What message `index` says besides its id; numbered-message.ts has the same rules. A text every 7th time, with a letter of
// Latin-1, and up to 120 characters long.
struct Said {
  std::string symbol, side, quantity, price, words;
};

Said saidBy(uint64_t index) {
  char price[32];
  std::snprintf(price, sizeof price, "%u.%04u", unsigned(1 + index * 31 % 900), unsigned(index * 7919 % 10000));
  Said said = {symbols[index % 5], index % 2 ? "1" : "2", text(100 * (1 + index % 50)), price, ""};
  if (index % 7 == 0) said.words = "caf\xe9 " + std::string(index % 120, 'x');
  return said;
}

void addParties(FIX::FieldMap &map, uint64_t index) {
  const int order[] = {448, 447, 452, 0};
  const char *roles[] = {"1", "4", "17"};
  for (uint64_t at = 0; at < 1 + index % 3; at++) {
    FIX::Group party(453, 448, order);
    party.setField(448, "FIRM" + text(index % 90));
    party.setField(447, "D");
    party.setField(452, roles[at]);
    map.addGroup(453, party);
  }
}

// An ExecutionReport from FIX 4.3 on with the parties of the trade; before, one without a group.
FIX::Message make(const std::string &version, const std::string &mark, uint64_t index) {
  const Said said = saidBy(index);
  const bool modern = version != "FIX.4.0" && version != "FIX.4.1" && version != "FIX.4.2";
  FIX::Message message;
  message.getHeader().setField(35, "8");
  message.setField(37, "O" + text(index));
  // ExecID is a number in FIX 4.0.
  message.setField(17, version == "FIX.4.0" ? text(index) : mark + "-" + text(index));
  if (!modern) message.setField(20, "0");
  message.setField(39, "1");
  if (version != "FIX.4.0") message.setField(150, modern ? "F" : "1");
  message.setField(55, said.symbol);
  message.setField(54, said.side);
  message.setField(38, "100000");
  message.setField(32, said.quantity);
  message.setField(31, said.price);
  if (version != "FIX.4.0") message.setField(151, "900");
  message.setField(14, "100");
  message.setField(6, said.price);
  message.setField(60, modern || version == "FIX.4.2" ? "20261110-14:30:00.123" : "20261110-14:30:00");
  message.setField(75, "20261110");
  if (modern) addParties(message, index);
  if (!said.words.empty()) message.setField(58, said.words);
  return message;
}

std::string valueOf(const FIX::FieldMap &map, int tag) {
  return map.isSetField(tag) ? map.getField(tag) : "";
}

class Peer : public FIX::Application {
 public:
  Peer(const std::string &folder) {
    heard_ = open((folder + "/heard.txt").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    note("# start\n");
  }
  void onCreate(const FIX::SessionID &id) override { id_ = id; }
  void onLogon(const FIX::SessionID &) override { say("logon"); }
  void onLogout(const FIX::SessionID &id) override {
    if (expected_ > 0) FIX::Session::lookupSession(id)->setNextTargetMsgSeqNum(expected_);
    expected_ = 0;
    say("logout");
  }
  void toAdmin(FIX::Message &message, const FIX::SessionID &) override {
    const std::string type = message.getHeader().getField(35);
    if (type == "2") say("asked " + valueOf(message, 7) + " " + valueOf(message, 16));
    if (type == "A") for (const auto &field : logonFields_) message.setField(field.first, field.second);
  }
  void toApp(FIX::Message &message, const FIX::SessionID &) throw(FIX::DoNotSend) override {
    const std::string number = message.getHeader().getField(34);
    if (valueOf(message.getHeader(), 43) != "Y" || passed_.empty()) return;
    if (passed_.count(std::stoull(number))) throw FIX::DoNotSend();
  }
  void fromAdmin(const FIX::Message &message, const FIX::SessionID &) throw(
      FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::RejectLogon) override {
    const std::string type = message.getHeader().getField(35);
    if (type == "A" && !refusal_.empty()) {
      const std::string why = refusal_;
      refusal_.clear();
      throw FIX::RejectLogon(why);
    }
    if (type == "5") keepExpected(message);
    if (type == "0" && !message.isSetField(112)) return;
    const std::string number = valueOf(message.getHeader(), 34), again = valueOf(message.getHeader(), 43);
    const int shown = type == "2" ? 7 : message.isSetField(112) ? 112 : type == "4" ? 36 : 58;
    say("got " + type + " " + number + " " + (again.empty() ? "N" : again) + " " + valueOf(message, shown));
  }
  void fromApp(const FIX::Message &message, const FIX::SessionID &id) throw(
      FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::UnsupportedMessageType) override {
    const FIX::Header &header = message.getHeader();
    const std::string again = valueOf(header, 43), type = header.getField(35);
    std::string line = header.getField(34) + " " + (again.empty() ? "N" : again) + " " + type + " ";
    line += valueOf(message, 11) + " " + valueOf(message, 55) + "|" + valueOf(message, 54) + "|" + valueOf(message, 38);
    line += "|" + valueOf(message, 44) + "|" + valueOf(message, 58) + "\n";
    note(line);
    if (!echoes_) return;
    FIX::Message echo = message;
    FIX::Session::sendToTarget(echo, id);
  }
  const FIX::SessionID &id() const { return id_; }
  void echo() { echoes_ = true; }
  void pass(uint64_t from, uint64_t to) {
    for (uint64_t number = from; number <= to; number++) passed_.insert(number);
  }
  void refuse(const std::string &why) { refusal_ = why; }
  void logonField(int tag, const std::string &value) { logonFields_.emplace_back(tag, value); }

 private:
  // QuickFIX 1.15.1 counts a Logout whatever its number is, and never asks for the message below (Session::nextLogout). Where the
  // other side leaves by itself before it can have read a resend request, its number is put back; an answer has no such excuse.
  void keepExpected(const FIX::Message &logout) {
    FIX::Session *session = FIX::Session::lookupSession(id_);
    const int expected = session->getExpectedTargetNum();
    if (!session->sentLogout() && std::stoi(logout.getHeader().getField(34)) > expected) expected_ = expected;
  }
  // One write: what was heard is the system's from then on, whatever becomes of this process.
  void note(const std::string &line) {
    if (write(heard_, line.data(), line.size()) != ssize_t(line.size())) std::cerr << "heard.txt" << std::endl;
  }
  FIX::SessionID id_;
  int heard_;
  bool echoes_ = false;
  int expected_ = 0;
  std::set<uint64_t> passed_;
  std::string refusal_;
  std::vector<std::pair<int, std::string>> logonFields_;
};

// How far the engine's own store says that this side came: the id of its last ExecutionReport.
uint64_t sentSoFar(const FIX::SessionSettings &settings, const FIX::SessionID &id) {
  FIX::FileStore store(settings.get(id).getString("FileStorePath"), id);
  std::vector<std::string> one;
  for (int number = store.getNextSenderMsgSeqNum() - 1; number > 0; number--) {
    store.get(number, number, one);
    if (one.empty() || one[0].find("\00135=8\001") == std::string::npos) continue;
    const size_t at = one[0].find("\00117=") + 4, dash = one[0].find('-', at), end = one[0].find('\001', at);
    return std::stoull(one[0].substr(dash < end ? dash + 1 : at));
  }
  return 0;
}

void sendRaw(const Peer &peer, const std::string &fields) {
  FIX::Message message;
  std::istringstream parts(fields);
  std::string part;
  while (std::getline(parts, part, '|')) {
    const size_t equals = part.find('=');
    const int tag = std::stoi(part.substr(0, equals));
    if (tag == 35 || tag == 97) message.getHeader().setField(tag, part.substr(equals + 1));
    else message.setField(tag, part.substr(equals + 1));
  }
  FIX::Session::sendToTarget(message, peer.id());
}

// Obeys stdin until it ends or says quit.
void obey(Peer &peer, const std::string &mark, uint64_t sent) {
  const std::string version = peer.id().getBeginString().getString() == "FIXT.1.1"
                                  ? "FIX.5.0"
                                  : peer.id().getBeginString().getString();
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string word, rest;
    uint64_t from = 0, to = 0;
    words >> word;
    FIX::Session *session = FIX::Session::lookupSession(peer.id());
    if (word == "quit") return;
    if (word == "upto") {
      words >> to;
      while (sent < to) {
        FIX::Message message = make(version, mark, sent + 1);
        FIX::Session::sendToTarget(message, peer.id());
        sent++;
        if (sent % 500 == 0 && sent < to) say("upto " + text(sent));
      }
      say("upto " + text(sent));
    } else if (word == "numbers") {
      say("numbers " + text(session->getExpectedSenderNum()) + " " + text(session->getExpectedTargetNum()));
    } else if (word == "set") {
      words >> from >> to;
      if (from > 0) session->setNextSenderMsgSeqNum(from);
      if (to > 0) session->setNextTargetMsgSeqNum(to);
      say("numbers " + text(session->getExpectedSenderNum()) + " " + text(session->getExpectedTargetNum()));
    } else if (word == "resend") {
      words >> from >> to;
      sendRaw(peer, "35=2|7=" + text(from) + "|16=" + text(to));
    } else if (word == "test") {
      words >> rest;
      sendRaw(peer, "35=1|112=" + rest);
    } else if (word == "raw") {
      std::getline(words >> std::ws, rest);
      sendRaw(peer, rest);
    } else if (word == "echo") {
      peer.echo();
    } else if (word == "pass") {
      words >> from >> to;
      peer.pass(from, to);
    } else if (word == "refuse") {
      std::getline(words >> std::ws, rest);
      peer.refuse(rest);
    } else if (word == "field") {
      words >> from;
      std::getline(words >> std::ws, rest);
      peer.logonField(int(from), rest);
    } else if (word == "disconnect") {
      session->disconnect();
    } else if (word == "logout") {
      session->logout();
    } else if (word == "logon") {
      session->logon();
    } else {
      std::cerr << "no such command: " << line << std::endl;
    }
  }
}

}  // namespace

int main(int count, char **args) {
  if (count != 4) return 2;
  try {
    const FIX::SessionSettings settings(args[1]);
    const FIX::SessionID id = *settings.getSessions().begin();
    const bool accepts = settings.get(id).getString("ConnectionType") == "acceptor";
    const bool secure = settings.get(id).has("CertificationAuthoritiesFile");
    const uint64_t sent = sentSoFar(settings, id);
    say("at " + text(sent));
    Peer peer(args[2]);
    FIX::FileStoreFactory store(settings);
    std::unique_ptr<FIX::Acceptor> acceptor;
    std::unique_ptr<FIX::Initiator> initiator;
    if (accepts && secure) acceptor.reset(new FIX::SSLSocketAcceptor(peer, store, settings));
    else if (accepts) acceptor.reset(new FIX::SocketAcceptor(peer, store, settings));
    else if (secure) initiator.reset(new FIX::SSLSocketInitiator(peer, store, settings));
    else initiator.reset(new FIX::SocketInitiator(peer, store, settings));
    if (acceptor) acceptor->start();
    if (initiator) initiator->start();
    say("ready");
    obey(peer, args[3], sent);
    if (acceptor) acceptor->stop();
    if (initiator) initiator->stop();
    return 0;
  } catch (const std::exception &wrong) {
    std::cerr << wrong.what() << std::endl;
    return 1;
  }
}
