// What tools/check-instructions counts: `instructions NAME EVENTS` handles that many events and
// nothing else that grows with them. Instruction counts don't depend on the machine's load.

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "domain/decode/decoder.h"
#include "stock_rmw_1/run.h"
#include "wire/bson/bson_reader.h"

namespace {

using namespace stockwatch;

constexpr std::uint64_t kItems = 2000;

// The whole way of the job's events, in memory.
int Job(std::uint64_t events) {
  const auto figures = stock_rmw_1::RunOnly({events, kItems, stock_rmw_1::Skew::kUniform});
  return figures.seconds > 0 ? 0 : 1;
}

// BSON to a decoded change alone, of one document again and again.
int Decode(std::uint64_t events) {
  decode::Options options;
  options.transactions.name = "transactions";
  decode::Decoder decoder(options);
  const std::string bytes =
      stock_rmw_1::TransactionDocument(stock_rmw_1::Event{7, 7, false, 3, 0, 1, 1});
  event::RawChange change;
  for (std::uint64_t i = 0; i < events; ++i) {
    change.Clear();
    if (!bson::ReadBson(bytes, {}, change.event).ok()) return 1;
    change.image = event::Image::kExact;
    change.collection = "transactions";
    change.position = {0, 1, 1, 0};
    change.full_document = 0;
    change.document_key = 1;
    const auto decoded = decoder.Decode(change);
    if (!std::holds_alternative<event::Change>(decoded)) return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: instructions job|decode EVENTS\n", stderr);
    return 2;
  }
  const std::string_view name = argv[1];
  const std::uint64_t events = std::strtoull(argv[2], nullptr, 10);
  if (name == "job") return Job(events);
  if (name == "decode") return Decode(events);
  std::fputs("there are: job, decode\n", stderr);
  return 2;
}
