// Any bytes are a record or an error; a record that was decoded is encoded and decoded again as the
// same. The first byte picks the codec.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assertion.h"
#include "domain/alert/episode_record.h"
#include "domain/event/dead_letter_record.h"
#include "domain/outbox/row_record.h"
#include "domain/stock/history_row.h"
#include "domain/stock/item_record.h"
#include "domain/threshold/rule_record.h"
#include "flow/engine_record.h"

namespace {

template <typename Decode, typename Encode>
void CheckRecord(std::string_view record, Decode decode, Encode encode) {
  const auto decoded = decode(record);
  if (!decoded.ok()) {
    const auto code = decoded.error().code;
    SW_ASSERT(code == stockwatch::base::Code::kDataLoss ||
                  code == stockwatch::base::Code::kFailedPrecondition,
              "a record is damaged or too new");
    return;
  }
  std::string encoded;
  encode(decoded.value(), encoded);
  const auto again = decode(encoded);
  SW_ASSERT(again.ok() && again.value() == decoded.value(), "nothing changes on the way");
}

// What an older version left undone in the store is done before the record is written again.
stockwatch::base::Result<stockwatch::flow::EngineRecord> DecodeEngineWritten(
    std::string_view record) {
  auto engine = stockwatch::flow::DecodeEngine(record);
  if (engine.ok()) engine.value().lists_closed = true;
  return engine;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view record(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  using namespace stockwatch;
  switch (bytes[0] % 9) {
    case 0:
      CheckRecord(record, event::DecodeDeadLetter, event::EncodeDeadLetter);
      break;
    case 1:
      CheckRecord(record, outbox::DecodeRow, outbox::EncodeRow);
      break;
    case 2:
      CheckRecord(record, threshold::DecodeRuleVersion, threshold::EncodeRuleVersion);
      break;
    case 3:
      CheckRecord(record, alert::DecodeEpisode, alert::EncodeEpisode);
      break;
    case 4:
      CheckRecord(record, stock::DecodeItem, [](const stock::ItemRecord& item, std::string& out) {
        stock::EncodeItem(item, item.book ? &*item.book : nullptr, out);
      });
      break;
    case 5:
      CheckRecord(record, stock::DecodeHistoryRow, stock::EncodeHistoryRow);
      break;
    case 6:
      CheckRecord(record, stock::DecodeItemName, stock::EncodeItemName);
      break;
    case 7:
      CheckRecord(record, threshold::DecodeRuleEdit, threshold::EncodeRuleEdit);
      break;
    case 8:
      CheckRecord(record, DecodeEngineWritten, flow::EncodeEngine);
      break;
    default:
      break;
  }
  return 0;
}
