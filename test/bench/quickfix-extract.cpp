// Reads a file of FIX 4.4 messages and, for each line that it is sent, takes one round over them: each message taken apart
// by the dictionary, sums and lengths checked, validated, and about twenty typed fields and all parties of it put into a
// struct. Answers each line with the microseconds of one core that a message took. Arguments: messages, dictionary.
#include <quickfix/DataDictionary.h>
#include <quickfix/Fields.h>
#include <quickfix/Message.h>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

struct Party {
  std::string id, scheme;
  int role;
};

/// One side of a trade report, or one account of an allocation.
struct Part {
  std::string account, order, id;
  char side;
  double quantity, price, net;
  std::vector<Party> parties;
};

struct Extracted {
  std::string sender, orderId, clientOrderId, id, referenceId, symbol, securityId, scheme, account, currency, market;
  std::string tradeDate, settlementDate, kind, status;
  char side;
  double quantity, price, ordered, cumulative, leaves, average, net;
  FIX::UtcTimeStamp time;
  std::vector<Party> parties;
  std::vector<Part> parts;
};

template <typename F> void text(const FIX::FieldMap& from, std::string& to) {
  F field;
  if (from.getFieldIfSet(field)) to = field.getValue();
}

template <typename F> void letter(const FIX::FieldMap& from, char& to) {
  F field;
  if (from.getFieldIfSet(field)) to = field.getValue();
}

template <typename F> void word(const FIX::FieldMap& from, std::string& to) {
  F field;
  if (from.getFieldIfSet(field)) to = field.getString();
}

template <typename F> void number(const FIX::FieldMap& from, double& to) {
  F field;
  if (from.getFieldIfSet(field)) to = field.getValue();
}

/// The parties of a level: root, side or (with other tags) account. Groups are read in place, which is QuickFIX's fastest way.
template <typename Id, typename Source, typename Role>
void parties(const FIX::FieldMap& from, int count, std::vector<Party>& to) {
  const size_t entries = from.groupCount(count);
  to.reserve(entries);
  for (size_t number = 1; number <= entries; number++) {
    const FIX::FieldMap& group = from.getGroupRef(number, count);
    Party party;
    text<Id>(group, party.id);
    word<Source>(group, party.scheme);
    Role role;
    party.role = group.getFieldIfSet(role) ? role.getValue() : 0;
    to.push_back(party);
  }
}

void terms(const FIX::Message& message, Extracted& into) {
  text<FIX::SenderCompID>(message.getHeader(), into.sender);
  text<FIX::Symbol>(message, into.symbol);
  text<FIX::SecurityID>(message, into.securityId);
  text<FIX::SecurityIDSource>(message, into.scheme);
  text<FIX::Currency>(message, into.currency);
  text<FIX::TradeDate>(message, into.tradeDate);
  text<FIX::SettlDate>(message, into.settlementDate);
  text<FIX::LastMkt>(message, into.market);
  number<FIX::LastQty>(message, into.quantity);
  number<FIX::LastPx>(message, into.price);
  number<FIX::AvgPx>(message, into.average);
  number<FIX::NetMoney>(message, into.net);
  letter<FIX::Side>(message, into.side);
  FIX::TransactTime time;
  if (message.getFieldIfSet(time)) into.time = time.getValue();
}

void execution(const FIX::Message& message, Extracted& into) {
  terms(message, into);
  text<FIX::OrderID>(message, into.orderId);
  text<FIX::ClOrdID>(message, into.clientOrderId);
  text<FIX::ExecID>(message, into.id);
  text<FIX::Account>(message, into.account);
  word<FIX::ExecType>(message, into.kind);
  word<FIX::OrdStatus>(message, into.status);
  number<FIX::OrderQty>(message, into.ordered);
  number<FIX::CumQty>(message, into.cumulative);
  number<FIX::LeavesQty>(message, into.leaves);
  parties<FIX::PartyID, FIX::PartyIDSource, FIX::PartyRole>(message, FIX::FIELD::NoPartyIDs, into.parties);
}

void capture(const FIX::Message& message, Extracted& into) {
  terms(message, into);
  text<FIX::TradeReportID>(message, into.id);
  text<FIX::ExecID>(message, into.referenceId);
  word<FIX::TradeReportTransType>(message, into.kind);
  const size_t sides = message.groupCount(FIX::FIELD::NoSides);
  for (size_t side = 1; side <= sides; side++) {
    const FIX::FieldMap& group = message.getGroupRef(side, FIX::FIELD::NoSides);
    Part part;
    letter<FIX::Side>(group, part.side);
    text<FIX::OrderID>(group, part.order);
    text<FIX::ClOrdID>(group, part.id);
    text<FIX::Account>(group, part.account);
    number<FIX::NetMoney>(group, part.net);
    parties<FIX::PartyID, FIX::PartyIDSource, FIX::PartyRole>(group, FIX::FIELD::NoPartyIDs, part.parties);
    into.parts.push_back(part);
  }
}

void allocation(const FIX::Message& message, Extracted& into) {
  terms(message, into);
  text<FIX::AllocReportID>(message, into.id);
  text<FIX::AllocID>(message, into.referenceId);
  word<FIX::AllocTransType>(message, into.kind);
  word<FIX::AllocStatus>(message, into.status);
  number<FIX::Quantity>(message, into.ordered);
  parties<FIX::PartyID, FIX::PartyIDSource, FIX::PartyRole>(message, FIX::FIELD::NoPartyIDs, into.parties);
  const size_t accounts = message.groupCount(FIX::FIELD::NoAllocs);
  for (size_t account = 1; account <= accounts; account++) {
    const FIX::FieldMap& group = message.getGroupRef(account, FIX::FIELD::NoAllocs);
    Part part;
    text<FIX::AllocAccount>(group, part.account);
    text<FIX::IndividualAllocID>(group, part.id);
    number<FIX::AllocQty>(group, part.quantity);
    number<FIX::AllocAvgPx>(group, part.price);
    number<FIX::AllocNetMoney>(group, part.net);
    parties<FIX::NestedPartyID, FIX::NestedPartyIDSource, FIX::NestedPartyRole>(
        group, FIX::FIELD::NoNestedPartyIDs, part.parties);
    into.parts.push_back(part);
  }
}

/// Counts what was found, so that nothing of it can be left out by the compiler.
size_t extract(const FIX::Message& message) {
  Extracted found = Extracted();
  const std::string& type = message.getHeader().getField(FIX::FIELD::MsgType);
  if (type == "8") execution(message, found);
  else if (type == "AE") capture(message, found);
  else allocation(message, found);
  return found.parties.size() + found.parts.size() + found.id.size();
}

double micros() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

}  // namespace

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
  size_t found = 0;
  for (std::string line; std::getline(std::cin, line);) {
    const double from = micros();
    for (const std::string& text : messages) {
      FIX::Message message(text, dictionary, true);
      dictionary.validate(message);
      found += extract(message);
    }
    std::cout << (micros() - from) / messages.size() << std::endl;
  }
  return found == 0 ? 1 : 0;
}
