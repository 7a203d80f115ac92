#include "flow/store_history.h"

namespace stockwatch::flow {

void StoreHistory::Read(key::ItemIndex item, std::vector<stock::HistoryRow>& out) {
  out.clear();
  bytes_.clear();
  places_.clear();
  const auto add = [&](base::Position position, std::string_view record) {
    bytes_.append(record);
    places_.push_back({position, record.size()});
  };
  const bool forgotten = batch_.ReadHistory(item, add);
  base::Status read;
  if (!forgotten) read = store_.ReadHistory(item, add);
  if (read.ok()) read = Decode(out);
  if (read.ok()) return;
  out.clear();
  if (status_.ok()) status_ = read;
}

base::Status StoreHistory::Decode(std::vector<stock::HistoryRow>& out) const {
  std::string_view rest = bytes_;
  for (const Place& place : places_) {
    SW_TRY(stock::HistoryRow row, stock::DecodeHistoryRow(rest.substr(0, place.size)));
    row.position = place.position;
    out.push_back(row);
    rest.remove_prefix(place.size);
  }
  return {};
}

}  // namespace stockwatch::flow
