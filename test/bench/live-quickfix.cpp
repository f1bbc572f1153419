// QuickFIX as the other engine of the live bench: an initiator that takes a drop copy and counts it, or an acceptor that
// answers TestRequest(1)s. Validation is on, as its defaults have it; only the clock of an old corpus is not compared.
//
// usage: live-quickfix ROLE PORT STORE FOLDER DICTIONARY COUNT
//   ROLE   initiator or acceptor, always OPSGW talking to BRKRDC
//   STORE  file or memory
//   COUNT  says "received" when so many messages of the application have come
// stdin:  its end stops it
// stdout: ready | received
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <quickfix/Application.h>
#include <quickfix/FileStore.h>
#include <quickfix/MessageStore.h>
#include <quickfix/SessionSettings.h>
#include <quickfix/SocketAcceptor.h>
#include <quickfix/SocketInitiator.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <sstream>
#include <string>

// QuickFIX 1.15 always listens on every address; a bench listens on loopback only.
extern "C" int bind(int socket, const struct sockaddr *address, socklen_t length) {
  typedef int (*Bind)(int, const struct sockaddr *, socklen_t);
  static Bind next = reinterpret_cast<Bind>(dlsym(RTLD_NEXT, "bind"));
  struct sockaddr_in loopback = *reinterpret_cast<const struct sockaddr_in *>(address);
  if (address->sa_family != AF_INET) return next(socket, address, length);
  if (loopback.sin_addr.s_addr == htonl(INADDR_ANY)) loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return next(socket, reinterpret_cast<const struct sockaddr *>(&loopback), length);
}

namespace {

class Counting : public FIX::NullApplication {
 public:
  explicit Counting(long wanted) : wanted_(wanted) {}
  void fromApp(const FIX::Message &, const FIX::SessionID &)
      throw(FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::UnsupportedMessageType) {
    if (++count_ == wanted_) std::cout << "received" << std::endl;
  }

 private:
  long count_ = 0;
  const long wanted_;
};

std::string settingsOf(const std::string &role, const std::string &port, const std::string &folder,
                       const std::string &dictionary) {
  std::ostringstream text;
  text << "[DEFAULT]\nConnectionType=" << role << "\nStartTime=00:00:00\nEndTime=00:00:00\nHeartBtInt=60\n"
       << "ReconnectInterval=1\nCheckLatency=N\nFileStorePath=" << folder << "/store\nDataDictionary=" << dictionary
       << "\nSocketConnectHost=127.0.0.1\nSocketConnectPort=" << port << "\nSocketAcceptPort=" << port
       << "\nSocketReuseAddress=Y\nSocketNodelay=Y\n"
       << "[SESSION]\nBeginString=FIX.4.4\nSenderCompID=OPSGW\nTargetCompID=BRKRDC\n";
  return text.str();
}

// Runs until standard input ends.
template <typename Engine>
void runUntilEnd(Engine &engine) {
  engine.start();
  std::cout << "ready" << std::endl;
  char byte;
  while (read(0, &byte, 1) > 0) {
  }
  engine.stop(true);
}

}  // namespace

int main(int, char **argv) {
  const std::string role = argv[1];
  std::istringstream text(settingsOf(role, argv[2], argv[4], argv[5]));
  FIX::SessionSettings settings(text);
  Counting application(std::stol(argv[6]));
  std::unique_ptr<FIX::MessageStoreFactory> stores;
  if (std::string(argv[3]) == "file") stores.reset(new FIX::FileStoreFactory(settings));
  else stores.reset(new FIX::MemoryStoreFactory());
  if (role == "initiator") {
    FIX::SocketInitiator engine(application, *stores, settings);
    runUntilEnd(engine);
  } else {
    FIX::SocketAcceptor engine(application, *stores, settings);
    runUntilEnd(engine);
  }
  return 0;
}
