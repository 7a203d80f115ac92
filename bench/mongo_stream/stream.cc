#include "stream.h"

#include <charconv>
#include <cstdio>
#include <cstring>

#include "base/assertion.h"
#include "base/random.h"
#include "testing/scripted_mongo/script.h"
#include "wire/bson/element.h"

namespace mongo_stream {
namespace {

using namespace stockwatch;
using scripted_mongo::ClusterTime;
using testing::Fields;

constexpr std::uint32_t kBegin = 1'704'067'200;  // 2024-01-01
constexpr int kIdDigits = 12;
constexpr int kSkuDigits = 8;
constexpr std::string_view kNumber = "000000000000";
constexpr std::int32_t kQuantity = 0x5EED5EED;

ClusterTime TimeOf(std::uint64_t number, std::uint64_t per_second) {
  return {static_cast<std::uint32_t>(kBegin + number / per_second),
          static_cast<std::uint32_t>(number % per_second + 1)};
}

std::string Digits(std::uint64_t number, int digits) {
  char text[24];
  std::snprintf(text, sizeof text, "%0*llu", digits, static_cast<unsigned long long>(number));
  return text;
}

void Patch(std::string& bytes, std::size_t at, std::string_view with) {
  std::memcpy(bytes.data() + at, with.data(), with.size());
}

template <typename Number>
void PatchNumber(std::string& bytes, std::size_t at, Number number) {
  std::memcpy(bytes.data() + at, &number, sizeof number);  // little-endian, as BSON is
}

std::size_t Find(const std::string& bytes, std::string_view what, std::size_t from = 0) {
  const std::size_t at = bytes.find(what, from);
  SW_ASSERT(at != std::string::npos, "a template holds what differs");
  return at;
}

}  // namespace

Stream::Stream(std::uint64_t items, std::uint64_t changes, std::uint64_t per_second)
    : items_(items),
      movements_(changes),
      per_second_(per_second),
      sale_(MakeTemplate("sale")),
      receipt_(MakeTemplate("receipt")) {}

Stream::Template Stream::MakeTemplate(std::string_view type) {
  const std::string id = "T-" + std::string(kNumber);
  Template made;
  made.bytes = scripted_mongo::Bson(scripted_mongo::EventOf("insert", "transactions", TimeOf(0, 1),
                                                            {{"_id", id},
                                                             {"warehouse_id", "W00"},
                                                             {"sku", "S-PLACED"},
                                                             {"type", std::string(type)},
                                                             {"quantity", kQuantity},
                                                             {"schema_version", 1}}));
  std::string& bytes = made.bytes;
  const auto behind = [&](std::string_view name) {  // of the value of a field with that name
    return Find(bytes, std::string(name) + '\0') + name.size() + 1;
  };
  made.time = behind("clusterTime");
  made.wall = behind("wallTime");
  made.token = behind("_data") + 4 + 2;  // length of the string; "82"
  made.ids[0] = Find(bytes, kNumber, behind("fullDocument"));
  made.ids[1] = Find(bytes, kNumber, behind("documentKey"));
  made.quantity = behind("quantity");
  made.warehouse = behind("warehouse_id") + 4 + 1;
  made.sku = Find(bytes, "S-PLACED");
  return made;
}

std::string Stream::Item(std::uint64_t item) const {
  return scripted_mongo::Bson(scripted_mongo::EventOf("insert", "inventory",
                                                      TimeOf(item, per_second_),
                                                      {{"_id", Digits(item, kSkuDigits)},
                                                       {"warehouse_id", "W" + Digits(item % 20, 2)},
                                                       {"sku", Digits(item, kSkuDigits)},
                                                       {"product_id", std::to_string(item / 4)},
                                                       {"brand", std::to_string(item % 1000)},
                                                       {"category", std::to_string(item % 200)},
                                                       {"department", std::to_string(item % 10)},
                                                       {"on_hand", 40},
                                                       {"schema_version", 1}}));
}

std::uint64_t Stream::NumberOf(std::uint64_t time) const {
  const std::uint64_t seconds = time >> 32;
  const std::uint64_t increment = time & 0xFFFFFFFF;
  if (seconds < kBegin || increment == 0) return 0;
  return (seconds - kBegin) * per_second_ + increment - 1;
}

void Stream::AppendChange(std::uint64_t number, std::string& out) const {
  if (number < items_) {
    out += Item(number);
    return;
  }
  const std::uint64_t drawn = base::SplitMix64(42 + number);
  const bool receipt = (drawn >> 50 & 15) == 0;
  const std::uint64_t item = drawn % items_;
  const Template& from = receipt ? receipt_ : sale_;
  const std::size_t begin = out.size();
  out += from.bytes;
  const ClusterTime time = TimeOf(number, per_second_);
  char hex[17];
  std::snprintf(hex, sizeof hex, "%08X%08X", time.seconds, time.increment);
  PatchNumber(out, begin + from.time, std::uint64_t{time.seconds} << 32 | time.increment);
  PatchNumber(out, begin + from.wall, std::int64_t{time.seconds} * 1000);
  Patch(out, begin + from.token, {hex, 16});
  const std::string digits = Digits(number, kIdDigits);
  for (const std::size_t id : from.ids) Patch(out, begin + id, digits);
  PatchNumber(out, begin + from.quantity,
              static_cast<std::int32_t>(receipt ? 40 : 1 + (drawn >> 40) % 5));
  Patch(out, begin + from.warehouse, Digits(item % 20, 2));
  Patch(out, begin + from.sku, Digits(item, kSkuDigits));
}

std::string Stream::Reply(std::string_view name, std::int64_t cursor, std::uint64_t begin,
                          std::uint64_t end) const {
  // An empty reply, of which the array is made longer.
  const ClusterTime last = end == 0 ? ClusterTime{kBegin, 0} : TimeOf(end - 1, per_second_);
  const scripted_mongo::Batch batch{
      .cursor = cursor, .token = scripted_mongo::TokenOf(last), .operation_time = last};
  std::string reply =
      (name == "firstBatch" ? scripted_mongo::FirstBatch(batch) : scripted_mongo::NextBatch(batch))
          .body;
  std::string events;
  char index[24];
  for (std::uint64_t number = begin; number < end; ++number) {
    events += '\x03';
    char* const last_digit = std::to_chars(index, index + sizeof index, number - begin).ptr;
    events.append(index, last_digit);
    events += '\0';
    AppendChange(number, events);
  }
  const std::size_t array = Find(reply, std::string(name) + '\0') + name.size() + 1;
  reply.insert(array + 4, events);
  const auto longer = [&](std::size_t at) {
    std::int32_t size = 0;
    std::memcpy(&size, reply.data() + at, sizeof size);
    PatchNumber(reply, at, size + static_cast<std::int32_t>(events.size()));
  };
  longer(array);
  longer(Find(reply, std::string("cursor") + '\0') + 7);
  longer(0);
  return reply;
}

std::uint64_t Stream::BeginOf(std::string_view aggregate) const {
  // As text: what a token or a time says does not depend on where it stands.
  const std::size_t data = aggregate.find(std::string("_data") + '\0');
  if (data != std::string_view::npos) {
    const std::string_view digits = aggregate.substr(data + 6 + 4 + 2, 16);
    std::uint64_t time = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), time, 16);
    return time == std::uint64_t{kBegin} << 32 ? 0 : NumberOf(time) + 1;
  }
  const std::string_view at = "startAtOperationTime";
  const std::size_t start = aggregate.find(std::string(at) + '\0');
  if (start == std::string_view::npos) return 0;
  std::uint64_t time = 0;
  std::memcpy(&time, aggregate.data() + start + at.size() + 1, sizeof time);
  return NumberOf(time);
}

}  // namespace mongo_stream
