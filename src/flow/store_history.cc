#include "flow/store_history.h"

#include <algorithm>

#include "base/assertion.h"

namespace stockwatch::flow {

void StoreHistory::Read(key::ItemIndex item, std::vector<stock::HistoryRow>& out) {
  out.clear();
  bytes_.clear();
  lengths_.clear();
  const auto add = [&](std::string_view record) {
    bytes_.append(record);
    lengths_.push_back(record.size());
  };
  const bool forgotten = std::find(batch_.forgotten_items.begin(), batch_.forgotten_items.end(),
                                   item) != batch_.forgotten_items.end();
  if (!forgotten) store_.ReadHistory(item, add);
  for (const ports::Batch::HistoryAppend& append : batch_.history) {
    if (append.item == item) add(batch_.Record(append));
  }
  std::string_view rest = bytes_;
  for (const std::size_t length : lengths_) {
    auto row = stock::DecodeHistoryRow(rest.substr(0, length));
    SW_ASSERT(row.ok(), "the store checks its records");
    out.push_back(std::move(row).value());
    rest.remove_prefix(length);
  }
}

}  // namespace stockwatch::flow
