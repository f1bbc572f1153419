// A clearing firm's drop copy, spoken by QuickFIX: a deterministic stream of execution reports (new, fill, bust, correct)
// and trade capture reports with repeating groups. The session survives a restart through QuickFIX's own file store.
//
// usage: dropcopy-peer ROLE PORT BEGINSTRING FOLDER DICTIONARY SEED [SSL-FOLDER]
//   ROLE        acceptor or initiator; always on 127.0.0.1, always FIRM talking to OPS
//   FOLDER      holds the store, and truth.txt: every application message as it was first sent, a line each
//   SSL-FOLDER  server.pem server.key client.pem client.key ca.pem
// commands on stdin: send N | resend FROM TO | test | disconnect | logout | logon | quit
// lines on stdout: ready | logon | logout | sent N | got TYPE NUMBER POSSDUP TEXT
//
// Needs Debian's libquickfix-dev:
//   g++ -O2 -std=c++14 -w -DHAVE_SSL=1 dropcopy-peer.cpp -lquickfix -lpthread -lssl -lcrypto -ldl

#include <ctime>
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

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

// Says a line at once: the test reads it through a pipe.
void say(const std::string &line) {
  std::cout << line << std::endl;
}

// A small generator that gives the same numbers on every machine (splitmix64).
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  uint64_t below(uint64_t limit) { return next() % limit; }

 private:
  uint64_t state_;
};

std::string text(uint64_t number) { return std::to_string(number); }

std::string price(Random &random) {
  char shown[32];
  std::snprintf(shown, sizeof shown, "%u.%04u", unsigned(1 + random.below(900)), unsigned(random.below(10000)));
  return shown;
}

const char *symbols[] = {"IBM", "MSFT", "BRK.B", "ZVZZT", "GE"};

// Parties: the delimiter first, the rest ascending, as the dictionary beside has them.
void addParties(FIX::FieldMap &map, Random &random) {
  const int order[] = {448, 447, 452, 0};
  const char *roles[] = {"1", "4", "17"};
  const uint64_t count = 1 + random.below(3);
  for (uint64_t at = 0; at < count; at++) {
    FIX::Group party(453, 448, order);
    party.setField(448, "FIRM" + text(random.below(90)));
    party.setField(447, "D");
    party.setField(452, roles[at]);
    map.addGroup(453, party);
  }
}

void setCommon(FIX::Message &message, Random &random) {
  message.setField(55, symbols[random.below(5)]);
  message.setField(60, "20261110-14:30:00.123");
  message.setField(75, "20261110");
}

// Message number `index` of a seed: the same for ever, whatever was sent before it.
FIX::Message make(const std::string &version, uint64_t seed, uint64_t index) {
  Random random(seed * 1000003 + index);
  FIX::Message message;
  const bool modern = version == "FIX.4.4";
  const uint64_t kind = random.below(10);
  setCommon(message, random);
  message.setField(32, text(100 * (1 + random.below(50))));
  message.setField(31, price(random));
  if (modern && kind >= 7) {
    message.getHeader().setField(35, "AE");
    message.setField(571, "T" + text(seed) + "-" + text(index));
    message.setField(487, "0");
    message.setField(570, "N");
    const int order[] = {54, 1, 37, 453, 0};
    for (int at = 1; at <= 2; at++) {
      FIX::Group side(552, 54, order);
      side.setField(54, at == 1 ? "1" : "2");
      side.setField(37, "O" + text(index));
      side.setField(1, "ACC" + text(random.below(500)));
      addParties(side, random);
      message.addGroup(side);
    }
    return message;
  }
  message.getHeader().setField(35, "8");
  message.setField(37, "O" + text(index));
  message.setField(17, "E" + text(seed) + "-" + text(index));
  message.setField(54, random.below(2) ? "1" : "2");
  message.setField(38, "100000");
  message.setField(14, "100");
  message.setField(151, "900");
  message.setField(6, price(random));
  message.setField(1, "ACC" + text(random.below(500)));
  const bool bust = kind == 5, correct = kind == 6, fresh = kind == 0;
  if (!modern) message.setField(20, bust ? "1" : correct ? "2" : "0");
  if (bust || correct) message.setField(19, "E" + text(seed) + "-" + text(index - 1));
  message.setField(150, fresh ? "0" : !modern ? "1" : bust ? "H" : correct ? "G" : "F");
  message.setField(39, fresh ? "0" : "1");
  if (modern) addParties(message, random);
  if (random.below(20) == 0) message.setField(58, "caf\xe9 \xfc");
  return message;
}

class Peer : public FIX::Application {
 public:
  void onCreate(const FIX::SessionID &id) override { id_ = id; }
  void onLogon(const FIX::SessionID &) override { say("logon"); }
  void onLogout(const FIX::SessionID &) override { say("logout"); }
  void toAdmin(FIX::Message &, const FIX::SessionID &) override {}
  void toApp(FIX::Message &, const FIX::SessionID &) throw(FIX::DoNotSend) override {}
  void fromAdmin(const FIX::Message &message, const FIX::SessionID &) throw(
      FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::RejectLogon) override {
    const std::string type = message.getHeader().getField(35);
    if (type != "0" || message.isSetField(112)) got(message, type);
  }
  void fromApp(const FIX::Message &message, const FIX::SessionID &) throw(
      FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::UnsupportedMessageType) override {
    got(message, message.getHeader().getField(35));
  }
  const FIX::SessionID &id() const { return id_; }

 private:
  static void got(const FIX::Message &message, const std::string &type) {
    const std::string again = message.getHeader().isSetField(43) ? message.getHeader().getField(43) : "N";
    const int shown = message.isSetField(112) ? 112 : 58;
    const std::string said = message.isSetField(shown) ? message.getField(shown) : "";
    say("got " + type + " " + message.getHeader().getField(34) + " " + again + " " + said);
  }
  FIX::SessionID id_;
};

/** A session of all day ends once, with a Logout(5): half a day from now, whatever the hour is. */
std::string farHour() {
  const std::time_t now = std::time(nullptr);
  char text[9];
  std::snprintf(text, sizeof text, "%02d:00:00", (std::gmtime(&now)->tm_hour + 12) % 24);
  return text;
}

FIX::SessionSettings settingsOf(char **args, bool secure) {
  const std::string role = args[1], port = args[2], version = args[3], folder = args[4], dictionary = args[5];
  std::ostringstream lines;
  lines << "[DEFAULT]\nConnectionType=" << role << "\nFileStorePath=" << folder << "/store\n"
        << "StartTime=" << farHour() << "\nEndTime=" << farHour() << "\nUseLocalTime=N\nReconnectInterval=1\nHeartBtInt=5\n"
        << "LogoutTimeout=5\nLogonTimeout=10\nSocketReuseAddress=Y\nSocketNodelay=Y\n"
        << "UseDataDictionary=Y\nDataDictionary=" << dictionary << "\nValidateUserDefinedFields=N\n";
  if (secure) {
    const std::string keys = args[7];
    lines << "SSLProtocol=all\nCertificateVerifyLevel=1\nCertificationAuthoritiesFile=" << keys << "/ca.pem\n"
          << "ServerCertificateFile=" << keys << "/server.pem\nServerCertificateKeyFile=" << keys << "/server.key\n"
          << "ClientCertificateFile=" << keys << "/client.pem\nClientCertificateKeyFile=" << keys << "/client.key\n";
  }
  lines << "[SESSION]\nBeginString=" << version << "\nSenderCompID=FIRM\nTargetCompID=OPS\nSocketAcceptPort=" << port
        << "\nSocketConnectHost=127.0.0.1\nSocketConnectPort=" << port << "\n";
  std::istringstream stream(lines.str());
  return FIX::SessionSettings(stream);
}

uint64_t linesIn(const std::string &path) {
  std::ifstream file(path);
  std::string line;
  uint64_t count = 0;
  while (std::getline(file, line)) count++;
  return count;
}

// Obeys stdin until it ends; `sent` goes on from what the truth already holds.
void obey(Peer &peer, const std::string &version, std::ofstream &file, uint64_t sent, uint64_t seed) {
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    FIX::Session *session = FIX::Session::lookupSession(peer.id());
    if (word == "quit") return;
    if (word == "send") {
      uint64_t count = 0;
      words >> count;
      for (uint64_t at = 0; at < count; at++) {
        FIX::Message message = make(version, seed, sent);
        FIX::Session::sendToTarget(message, peer.id());
        file << message.toString() << "\n";
        sent++;
      }
      file.flush();
      say(file.good() ? "sent " + text(sent) : "the truth could not be written");
    } else if (word == "resend") {
      uint64_t from = 0, to = 0;
      words >> from >> to;
      FIX::Message request;
      request.getHeader().setField(35, "2");
      request.setField(7, text(from));
      request.setField(16, text(to));
      FIX::Session::sendToTarget(request, peer.id());
    } else if (word == "test") {
      FIX::Message request;
      request.getHeader().setField(35, "1");
      request.setField(112, "PEER-TEST");
      FIX::Session::sendToTarget(request, peer.id());
    } else if (word == "disconnect") {
      session->disconnect();
    } else if (word == "logout") {
      session->logout();
    } else if (word == "logon") {
      session->logon();
    }
  }
}

}  // namespace

int main(int count, char **args) {
  if (count < 7) return 2;
  const std::string role = args[1], version = args[3], folder = args[4];
  const uint64_t seed = std::stoull(args[6]);
  const bool secure = count > 7;
  try {
    const FIX::SessionSettings settings = settingsOf(args, secure);
    Peer peer;
    FIX::FileStoreFactory store(settings);
    std::unique_ptr<FIX::Acceptor> acceptor;
    std::unique_ptr<FIX::Initiator> initiator;
    if (role == "acceptor" && secure) acceptor.reset(new FIX::SSLSocketAcceptor(peer, store, settings));
    if (role == "acceptor" && !secure) acceptor.reset(new FIX::SocketAcceptor(peer, store, settings));
    if (role == "initiator" && secure) initiator.reset(new FIX::SSLSocketInitiator(peer, store, settings));
    if (role == "initiator" && !secure) initiator.reset(new FIX::SocketInitiator(peer, store, settings));
    // Open before any socket: QuickFIX may close a TLS socket's descriptor twice, and would hit a file opened in between.
    const uint64_t sent = linesIn(folder + "/truth.txt");
    std::ofstream file(folder + "/truth.txt", std::ios::app | std::ios::binary);
    if (acceptor) acceptor->start();
    if (initiator) initiator->start();
    say("ready");
    obey(peer, version, file, sent, seed);
    if (acceptor) acceptor->stop();
    if (initiator) initiator->stop();
    return 0;
  } catch (const std::exception &wrong) {
    std::cerr << wrong.what() << std::endl;
    return 1;
  }
}
