#include "app/quality/trail.h"

#include <algorithm>
#include <cmath>

namespace stockwatch::quality {
namespace {

using base::Duration;
using base::Instant;
using base::Quantity;
using event::TransactionType;

constexpr int kDaysMin = 14;
constexpr std::size_t kSaleDaysMin = 10;

}  // namespace

void ItemTrail::Open(const event::InventoryImage& image, bool absolute, Instant at) {
  discontinued_ = image.status == event::ProductStatus::kDiscontinued;
  if (open_ && !absolute) return;
  if (!opened_at_) opened_at_ = at;
  open_ = true;
  on_hand_ = image.on_hand;
  reserved_ = image.reserved.value_or(Quantity());
  Note({}, at);
}

void ItemTrail::Move(const event::Transaction& t, bool moves_stock, Instant at) {
  const Quantity q = t.quantity;
  const Quantity was_reserved = t.reserved_quantity.value_or(Quantity());
  Quantity taken;
  Quantity on_hand;
  Quantity reserved;
  Quantity inbound;
  switch (t.type) {
    case TransactionType::kSale:
      on_hand = -q;
      reserved = -was_reserved;
      taken = q - was_reserved;
      sold_[demand::DayOf(std::min(t.occurred_at, at))] += q;
      break;
    case TransactionType::kReturn:
    case TransactionType::kAdjustment:
      on_hand = q;
      break;
    case TransactionType::kDamage:
    case TransactionType::kShrinkage:
    case TransactionType::kTransferOut:
      on_hand = -q;
      break;
    case TransactionType::kReceipt:
    case TransactionType::kTransferIn:
      on_hand = q;
      inbound = -q;
      break;
    case TransactionType::kReserve:
      reserved = taken = q;
      break;
    case TransactionType::kRelease:
      reserved = -q;
      break;
    case TransactionType::kOrdered:
      inbound = q;
      break;
    case TransactionType::kOrderCancelled:
      inbound = -q;
      break;
    case TransactionType::kCount:
      on_hand = q - on_hand_;
      break;
  }
  if (!moves_stock) return;
  if (inbound != Quantity()) {
    Inbound& coming = inbound_[std::string(t.reference)];
    coming.sum += inbound;
    if (t.expected_at) coming.expected_at = t.expected_at;
  }
  on_hand_ += on_hand;
  reserved_ += reserved;
  Note(taken, at);
}

void ItemTrail::Note(Quantity taken, Instant at) {
  taken_ += taken;
  const bool out = open_ && available() <= Quantity();
  if (out && in_stock_since_) {
    if (!discontinued_)
      stockouts_.push_back({at, at - *in_stock_since_ >= Duration::Days(1), std::nullopt});
    in_stock_since_.reset();
  } else if (!out && !in_stock_since_) {
    in_stock_since_ = at;
    if (!stockouts_.empty() && !stockouts_.back().ended_at) stockouts_.back().ended_at = at;
  }
  moments_.push_back({at, available(), taken_});
}

const Moment* ItemTrail::At(Instant at) const {
  const auto behind =
      std::upper_bound(moments_.begin(), moments_.end(), at,
                       [](Instant then, const Moment& moment) { return then < moment.at; });
  return behind == moments_.begin() ? nullptr : &*std::prev(behind);
}

bool ItemTrail::HadStockForADay(Instant at) const {
  const Moment* moment = At(at - Duration::Days(1));
  if (moment == nullptr) return false;
  const Moment* const end = moments_.data() + moments_.size();
  for (; moment != end && moment->at <= at; ++moment) {
    if (moment->available <= Quantity()) return false;
  }
  return true;
}

std::optional<Instant> ItemTrail::RanOut(Instant at) const {
  const Moment* moment = At(at);
  if (moment == nullptr) return std::nullopt;
  const Quantity until = moment->taken + moment->available;
  const auto reached = std::lower_bound(
      moments_.begin() + (moment - moments_.data()), moments_.end(), until,
      [](const Moment& later, Quantity quantity) { return later.taken < quantity; });
  if (reached == moments_.end()) return std::nullopt;
  return reached->at;
}

std::optional<demand::Rate> ItemTrail::Naive(demand::Day today) const {
  if (!opened_at_) return std::nullopt;
  demand::Day first = demand::DayOf(*opened_at_);
  if (!sold_.empty()) first = std::min(first, sold_.begin()->first);
  first = std::max(first, today - demand::kDays);
  const int days = today - first;
  if (days < kDaysMin) return std::nullopt;
  double sum = 0;
  double squares = 0;
  for (auto day = sold_.lower_bound(first); day != sold_.end() && day->first < today; ++day) {
    const auto sold = static_cast<double>(day->second.thousandths());
    sum += sold;
    squares += sold * sold;
  }
  const double mean = sum / days;
  if (std::llround(mean) == 0) return std::nullopt;
  const double deviation = std::sqrt(std::max(0.0, squares / days - mean * mean));
  return demand::Rate{Quantity::Thousandths(std::llround(mean)),
                      Quantity::Thousandths(std::llround(deviation))};
}

bool ItemTrail::IsDueBefore(Instant then) const {
  return std::any_of(inbound_.begin(), inbound_.end(), [&](const auto& entry) {
    const Inbound& coming = entry.second;
    return coming.sum > Quantity() && coming.expected_at && *coming.expected_at < then;
  });
}

std::string_view ItemTrail::ClassAt(demand::Day end) const {
  if (sold_.size() < kSaleDaysMin) return {};
  const double interval =
      static_cast<double>(end - sold_.begin()->first) / static_cast<double>(sold_.size());
  double sum = 0;
  double squares = 0;
  for (const auto& [day, quantity] : sold_) {
    const auto sold = static_cast<double>(quantity.thousandths());
    sum += sold;
    squares += sold * sold;
  }
  const double spread = squares * static_cast<double>(sold_.size()) / (sum * sum) - 1;
  // The cuts of Syntetos, Boylan, Croston (2005).
  if (interval < 1.32) return spread < 0.49 ? "smooth" : "erratic";
  return spread < 0.49 ? "intermittent" : "lumpy";
}

ItemTrail* Trails::Take(const event::Change& change, stock::Authority authority) {
  const bool ledger = authority == stock::Authority::kLedger;
  const Instant at = Instant::Seconds(change.position.seconds);
  if (const auto* image = std::get_if<event::InventoryImage>(&change.body)) {
    const std::string key = KeyOf(image->item);
    documents_.insert_or_assign(std::string(image->document_key), key);
    ItemTrail& item = items_[key];
    item.Open(*image, !ledger, at);
    return &item;
  }
  if (const auto* gone = std::get_if<event::InventoryDelete>(&change.body)) {
    const auto document = documents_.find(gone->document_key);
    if (document != documents_.end()) items_[document->second].Retire();
    return nullptr;
  }
  if (const auto* transaction = std::get_if<event::Transaction>(&change.body)) {
    ItemTrail& item = items_[KeyOf(transaction->item)];
    item.Move(*transaction, ledger, at);
    return &item;
  }
  return nullptr;
}

}  // namespace stockwatch::quality
