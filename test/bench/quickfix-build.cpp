// For each line that it is sent, builds so many ExecutionReports of 38 fields from typed values and writes them to text.
// Answers each line with the microseconds of one core that a message took, and at its end writes one of them to the error
// output. Argument: messages.
#include <quickfix/Fields.h>
#include <quickfix/fix44/ExecutionReport.h>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

namespace {

/// What a system that trades has of an execution before anybody writes it.
struct Fill {
  int number;
  std::string order, client, id, account, symbol, security, market;
  char side;
  double quantity, last, price, limit, leaves, cumulative;
  FIX::UtcTimeStamp time;
};

double micros() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

std::vector<Fill> fills(int count) {
  std::vector<Fill> made;
  for (int number = 0; number < count; number++) {
    const std::string digits = std::to_string(10000000 + number);
    const double price = 5 + (number * 7919 % 9000000) / 10000.0;
    made.push_back({number + 2, "ORD-" + digits, "CL-" + digits, "EX-" + digits, "7712345", "ACME", "912345671", "XNYS",
                    number % 2 == 0 ? '1' : '2', 500, 200, price, price + 0.01, 300, 200,
                    FIX::UtcTimeStamp(14, 30, number % 60, number % 1000, 10, 11, 2026)});
  }
  return made;
}

void party(FIX44::ExecutionReport& report, const char* id, int role) {
  FIX44::ExecutionReport::NoPartyIDs group;
  group.set(FIX::PartyID(id));
  group.set(FIX::PartyIDSource('D'));
  group.set(FIX::PartyRole(role));
  report.addGroup(group);
}

void build(const Fill& fill, std::string& text) {
  FIX44::ExecutionReport report(FIX::OrderID(fill.order), FIX::ExecID(fill.id), FIX::ExecType('F'), FIX::OrdStatus('1'),
                                FIX::Side(fill.side), FIX::LeavesQty(fill.leaves), FIX::CumQty(fill.cumulative),
                                FIX::AvgPx(fill.price));
  FIX::Header& header = report.getHeader();
  header.setField(FIX::SenderCompID("BRKRDC"));
  header.setField(FIX::TargetCompID("OPSGW"));
  header.setField(FIX::MsgSeqNum(fill.number));
  header.setField(FIX::SendingTime(fill.time, 3));
  report.set(FIX::ClOrdID(fill.client));
  party(report, "BRKR01", 1);
  party(report, "CLRF02", 4);
  party(report, "TRDR03", 12);
  report.set(FIX::Account(fill.account));
  report.set(FIX::SettlType("0"));
  report.set(FIX::SettlDate("20261112"));
  report.set(FIX::Symbol(fill.symbol));
  report.set(FIX::SecurityID(fill.security));
  report.set(FIX::SecurityIDSource("1"));
  report.set(FIX::OrderQty(fill.quantity));
  report.set(FIX::OrdType('2'));
  report.set(FIX::Price(fill.limit));
  report.set(FIX::Currency("USD"));
  report.set(FIX::TimeInForce('0'));
  report.set(FIX::LastQty(fill.last));
  report.set(FIX::LastPx(fill.price));
  report.set(FIX::LastMkt(fill.market));
  report.set(FIX::TradeDate("20261110"));
  report.set(FIX::TransactTime(fill.time, 3));
  report.toString(text);
}

}  // namespace

int main(int, char** argv) {
  const std::vector<Fill> all = fills(std::stoi(argv[1]));
  std::string text;
  size_t bytes = 0;
  for (std::string line; std::getline(std::cin, line);) {
    const double from = micros();
    for (const Fill& fill : all) {
      build(fill, text);
      bytes += text.size();
    }
    std::cout << (micros() - from) / all.size() << std::endl;
  }
  std::cerr << text << std::endl;
  return bytes == 0 ? 1 : 0;
}
