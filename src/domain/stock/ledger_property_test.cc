#include <gtest/gtest.h>
// rapidcheck's adapter needs the line above it.
#include <rapidcheck/gtest.h>

#include <map>
#include <string>

#include "domain/stock/drift.h"
#include "domain/stock/fold.h"
#include "domain/stock/ledger.h"
#include "testing/stock_rows.h"

namespace stockwatch::stock {
namespace {

using stockwatch::testing::At;
using stockwatch::testing::Movement;
using stockwatch::testing::Pieces;
using stockwatch::testing::Shelf;

constexpr std::uint32_t kKeep = 4000;
constexpr const char* kReferences[] = {"", "order/1", "transfer/1"};

// Up to `most` changes of one item at distinct positions: moments a hundred seconds apart, so that
// a tail of ten minutes is shorter than most of them and the history of some.
std::vector<HistoryRow> AnyRows(int most = 16) {
  std::map<base::Position, HistoryRow> rows;
  const int count = *rc::gen::inRange(0, most + 1);
  for (int i = 0; i < count; ++i) {
    HistoryRow row;
    row.position =
        At(100 * *rc::gen::inRange<std::uint32_t>(1, 75), *rc::gen::inRange<std::uint32_t>(1, 3));
    // Movements half of the time, else documents, counts, deletes.
    row.kind = static_cast<RowKind>(
        *rc::gen::inRange(0, 2) == 0 ? *rc::gen::inRange(0, 12)
                                     : *rc::gen::inRange(12, static_cast<int>(RowKind::kCarried)));
    row.stated.on_hand = Pieces(*rc::gen::inRange(1, 10));
    row.occurred_at = base::Instant::Seconds(100 * *rc::gen::inRange<std::int64_t>(1, 75));
    if (IsDocument(row.kind)) {
      row.has_reserved = row.has_inbound = true;
      row.stated.reserved = Pieces(*rc::gen::inRange(0, 4));
      row.stated.inbound = Pieces(*rc::gen::inRange(0, 4));
    }
    if (row.kind == RowKind::kSale) row.stated.reserved = Pieces(*rc::gen::inRange(0, 2));
    if (row.kind == RowKind::kDelete) row.stated = {};
    if (!IsAbsolute(row.kind)) row.reference = kReferences[*rc::gen::inRange(0, 3)];
    if (row.kind == RowKind::kOrdered) {
      row.expected_at = base::Instant::Seconds(*rc::gen::inRange<std::int64_t>(1, 1000));
    }
    rows[row.position] = row;
  }
  std::vector<HistoryRow> list;
  list.reserve(rows.size());
  for (const auto& [position, row] : rows) list.push_back(row);
  return list;
}

WarehouseRules AnyRules() {
  WarehouseRules rules;
  rules.authority = *rc::gen::element(Authority::kSnapshot, Authority::kLedger);
  rules.opens_at_zero = *rc::gen::inRange(0, 3) == 0;
  return rules;
}

// The rows in an order of their own, some of them twice, all inside the history.
std::vector<HistoryRow> AnyArrival(const std::vector<HistoryRow>& rows) {
  std::vector<HistoryRow> arrival;
  for (const HistoryRow& row : rows) {
    const auto place = *rc::gen::inRange<std::size_t>(0, arrival.size() + 1);
    arrival.insert(arrival.begin() + static_cast<std::ptrdiff_t>(place), row);
    if (*rc::gen::inRange(0, 3) != 0) continue;
    const auto again = *rc::gen::inRange<std::size_t>(0, arrival.size() + 1);
    arrival.insert(arrival.begin() + static_cast<std::ptrdiff_t>(again), row);
  }
  return arrival;
}

// Time goes on; one in four is late, some by nearly as much as the history is long.
std::vector<HistoryRow> LateArrival(const std::vector<HistoryRow>& rows) {
  std::multimap<std::uint32_t, HistoryRow> arrival;
  for (const HistoryRow& row : rows) {
    const bool late = *rc::gen::inRange(0, 4) == 0;
    arrival.emplace(row.position.seconds + (late ? *rc::gen::inRange<std::uint32_t>(0, kKeep) : 0),
                    row);
  }
  std::vector<HistoryRow> in_order;
  for (const auto& [at, row] : arrival) in_order.push_back(row);
  return in_order;
}

// The stock of one item from the domain page, section 4, step by step through a map of all its
// changes.
class Naive {
 public:
  explicit Naive(const WarehouseRules& rules) : rules_(rules) {}

  void Walk(const std::map<base::Position, HistoryRow>& changes) {
    for (const auto& [position, change] : changes) {
      if (retired_ && position.seconds >= deleted_second_ + kKeep) *this = Naive(rules_);
      Step(position, change);
    }
  }
  std::int64_t last_sale() const { return last_sale_; }
  std::string Describe() const {
    std::int64_t shown_inbound = 0;
    std::int64_t missing = 0;
    for (const auto& [name, sum] : inbound_) {
      if (name.empty()) continue;
      (sum > 0 ? shown_inbound : missing) += sum > 0 ? sum : -sum;
    }
    const auto unnamed = inbound_.find("");
    const std::int64_t free = unnamed == inbound_.end() ? 0 : unnamed->second;
    shown_inbound += std::max<std::int64_t>(0, free - missing);
    return std::string(retired_  ? "retired"
                       : opened_ ? "opened"
                                 : "unopened") +
           " " + std::to_string(on_hand_) + " " +
           std::to_string(std::max<std::int64_t>(0, reserved_)) + " " +
           std::to_string(shown_inbound) + " since " + std::to_string(opened_second_);
  }
  // When what was ordered is due: of each reference that is on its way the date of its latest
  // order.
  std::map<std::string, std::int64_t> Due() const {
    std::map<std::string, std::int64_t> due;
    for (const auto& [name, at] : due_) {
      const auto sum = inbound_.find(name);
      if (sum != inbound_.end() && sum->second > 0) due[name] = at;
    }
    return due;
  }

 private:
  void Step(base::Position position, const HistoryRow& change) {
    const std::int64_t q = change.stated.on_hand.thousandths();
    switch (change.kind) {
      case RowKind::kDelete: {
        if (retired_) return;
        const std::int64_t last_sale = last_sale_;
        *this = Naive(rules_);
        last_sale_ = last_sale;
        retired_ = true;
        deleted_second_ = position.seconds;
        return;
      }
      case RowKind::kDocument:
      case RowKind::kLookedUp: {
        retired_ = false;
        const bool ledger = rules_.authority == Authority::kLedger;
        if (ledger && (opened_ || change.kind == RowKind::kLookedUp)) return;
        if (!opened_) opened_second_ = position.seconds;
        opened_ = true;
        on_hand_ = q;
        reserved_ = change.stated.reserved.thousandths();
        inbound_ = {{"", change.stated.inbound.thousandths()}};
        due_.clear();
        return;
      }
      default:
        if (!retired_) Transact(position, change, q);
    }
  }
  void Transact(base::Position position, const HistoryRow& change, std::int64_t q) {
    if (change.kind == RowKind::kSale) {
      const std::int64_t written = std::int64_t{position.seconds} * 1'000'000;
      last_sale_ = std::max(last_sale_, std::min(change.occurred_at.micros(), written));
    }
    const bool ledger = rules_.authority == Authority::kLedger;
    const bool opens = rules_.opens_at_zero || (ledger && change.kind == RowKind::kCount);
    if (opens && !opened_) {
      opened_ = true;
      opened_second_ = position.seconds;
    }
    if (!ledger) return;
    const std::string reference(change.reference);
    switch (change.kind) {
      case RowKind::kCount:
        on_hand_ = q;
        return;
      case RowKind::kSale:
        on_hand_ -= q;
        reserved_ -= change.stated.reserved.thousandths();
        return;
      case RowKind::kReturn:
      case RowKind::kAdjustment:
        on_hand_ += q;
        return;
      case RowKind::kDamage:
      case RowKind::kShrinkage:
      case RowKind::kTransferOut:
        on_hand_ -= q;
        return;
      case RowKind::kReceipt:
      case RowKind::kTransferIn:
        on_hand_ += q;
        inbound_[reference] -= q;
        return;
      case RowKind::kReserve:
        reserved_ += q;
        return;
      case RowKind::kRelease:
        reserved_ -= q;
        return;
      case RowKind::kOrdered:
        inbound_[reference] += q;
        due_[reference] = change.expected_at->micros();
        return;
      case RowKind::kOrderCancelled:
        inbound_[reference] -= q;
        return;
      default:
        return;
    }
  }

  WarehouseRules rules_;
  bool opened_ = false;
  bool retired_ = false;
  std::uint32_t deleted_second_ = 0;
  std::uint32_t opened_second_ = 0;
  std::int64_t last_sale_ = 0;  // 0: none
  std::int64_t on_hand_ = 0;
  std::int64_t reserved_ = 0;
  std::map<std::string, std::int64_t> inbound_;
  std::map<std::string, std::int64_t> due_;
};

// Of the ledger; a shadow has dates that nobody asks for.
std::map<std::string, std::int64_t> DueOf(Shelf& shelf) {
  std::map<std::string, std::int64_t> due;
  const Book* book = shelf.ledger.FindBook(shelf.item());
  if (book == nullptr || book->shadow) return due;
  for (const InboundReference& entry : book->references.list()) {
    if (entry.sum > base::Quantity()) due[entry.reference] = entry.expected_at->micros();
  }
  if (const auto& unnamed = book->references.unnamed_expected_at()) due[""] = unnamed->micros();
  return due;
}

std::string Describe(Life life, const Shown& shown, std::uint32_t opened_seconds) {
  constexpr const char* kLives[] = {"unopened", "opened", "retired"};
  return std::string(kLives[static_cast<std::size_t>(life)]) + " " +
         std::to_string(shown.on_hand.thousandths()) + " " +
         std::to_string(shown.reserved.thousandths()) + " " +
         std::to_string(shown.inbound.thousandths()) + " since " +
         std::to_string(life == Life::kOpened ? opened_seconds : 0);
}

std::string Describe(const Folded& folded) {
  const Shown shown{folded.sums.on_hand, std::max(base::Quantity(), folded.sums.reserved),
                    folded.references.Shown(folded.sums.inbound)};
  return Describe(folded.life, shown, folded.opened_seconds);
}

std::string Text(const std::vector<HistoryRow>& rows) {
  std::string text;
  for (const HistoryRow& row : rows) {
    text += std::string(Name(row.kind)) + "@" + std::to_string(row.position.seconds) + "/" +
            std::to_string(row.position.increment) + " " +
            std::to_string(row.stated.on_hand.thousandths() / 1000) + " " +
            std::string(row.reference) + "; ";
  }
  return text;
}

// Feeds the arrival to the shelf; what is older than the history stays out, as in the flow. The
// applied changes.
std::map<base::Position, HistoryRow> Feed(Shelf& shelf, const std::vector<HistoryRow>& arrival) {
  std::map<base::Position, HistoryRow> applied;
  std::uint32_t source_second = 0;
  for (const HistoryRow& row : arrival) {
    source_second = std::max(source_second, row.position.seconds);
    if (row.position.seconds + kKeep <= source_second) continue;
    if (*rc::gen::inRange(0, 4) == 0) shelf.ledger.TrimTails(source_second);
    const bool known = applied.contains(row.position);
    const std::string before = Describe(shelf.item().life, shelf.shown(), 0);
    RC_ASSERT((shelf.Put(row) == Applied::kDuplicate) == known);
    if (known) RC_ASSERT(Describe(shelf.item().life, shelf.shown(), 0) == before);
    applied[row.position] = row;
  }
  return applied;
}

RC_GTEST_PROP(LedgerProperty, AnyOrderGivesTheFoldOfTheRows, ()) {
  const WarehouseRules rules = AnyRules();
  const std::vector<HistoryRow> arrival = AnyArrival(AnyRows());
  RC_LOG() << "authority " << static_cast<int>(rules.authority) << " opens at zero "
           << rules.opens_at_zero << ": " << Text(arrival) << "\n";
  Shelf shelf(rules, kKeep);
  Feed(shelf, arrival);
  std::vector<HistoryRow> rows = shelf.rows();
  const Folded folded = Fold(rows, rules, kKeep);
  RC_ASSERT(Describe(shelf.item().life, shelf.shown(), shelf.item().opened_seconds) ==
            Describe(folded));
  if (folded.life != Life::kUnopened) RC_ASSERT(shelf.item().opening == folded.opening);
}

RC_GTEST_PROP(LedgerProperty, AnyOrderGivesTheStockOfTheDomainPage, ()) {
  const WarehouseRules rules = AnyRules();
  const std::vector<HistoryRow> arrival = AnyArrival(AnyRows());
  RC_LOG() << "authority " << static_cast<int>(rules.authority) << " opens at zero "
           << rules.opens_at_zero << ": " << Text(arrival) << "\n";
  Shelf shelf(rules, kKeep);
  Naive naive(rules);
  naive.Walk(Feed(shelf, arrival));
  RC_ASSERT(Describe(shelf.item().life, shelf.shown(), shelf.item().opened_seconds) ==
            naive.Describe());
  RC_ASSERT(shelf.item().last_sale.micros() == naive.last_sale());
}

// Rows of which most order or receive.
std::vector<HistoryRow> AnyOrders() {
  std::vector<HistoryRow> rows = AnyRows();
  for (HistoryRow& row : rows) {
    if (*rc::gen::inRange(0, 8) == 0) continue;
    const base::Position position = row.position;
    const std::string_view reference = kReferences[*rc::gen::inRange(0, 3)];
    row = Movement(*rc::gen::element(RowKind::kOrdered, RowKind::kOrdered, RowKind::kReceipt),
                   position, *rc::gen::inRange(1, 10), reference);
    if (row.kind == RowKind::kOrdered) {
      row.expected_at = base::Instant::Seconds(*rc::gen::inRange<std::int64_t>(1, 1000));
    }
  }
  return rows;
}

RC_GTEST_PROP(LedgerProperty, AnyOrderGivesTheDatesOfTheLatestOrders, ()) {
  WarehouseRules rules = AnyRules();
  rules.authority = Authority::kLedger;
  const std::vector<HistoryRow> arrival = AnyArrival(AnyOrders());
  RC_LOG() << "opens at zero " << rules.opens_at_zero << ": " << Text(arrival) << "\n";
  Shelf shelf(rules, kKeep);
  Naive naive(rules);
  naive.Walk(Feed(shelf, arrival));
  RC_CLASSIFY(!naive.Due().empty(), "something is due");
  RC_ASSERT(DueOf(shelf) == naive.Due());
}

// What anybody can see of a shelf, and what later changes build on.
std::string Whole(Shelf& shelf) {
  const Item& item = shelf.item();
  std::string text = Describe(item.life, shelf.shown(), item.opened_seconds) + " opened by " +
                     std::to_string(item.opening.seconds) + " last sale " +
                     std::to_string(item.last_sale.micros());
  for (const auto& [name, at] : DueOf(shelf)) text += " " + name + " due " + std::to_string(at);
  const Book* book = shelf.ledger.FindBook(item);
  if (book == nullptr || !book->shadow) return text;
  const Figures& sums = book->shadow->sums;
  text += " shadow " + std::to_string(sums.on_hand.thousandths()) + " " +
          std::to_string(sums.reserved.thousandths()) + " " +
          std::to_string(sums.inbound.thousandths());
  for (const InboundReference& entry : book->references.list()) {
    text += " " + entry.reference + " " + std::to_string(entry.sum.thousandths());
  }
  return text;
}

// Where the shadow starts too: in order of position nothing is folded.
RC_GTEST_PROP(LedgerProperty, AnyOrderGivesTheShadowOfTheirOwnOrder, ()) {
  WarehouseRules rules = AnyRules();
  rules.authority = Authority::kSnapshot;
  const std::vector<HistoryRow> arrival = AnyArrival(AnyRows());
  RC_LOG() << "opens at zero " << rules.opens_at_zero << ": " << Text(arrival) << "\n";
  Shelf shelf(rules, kKeep);
  Shelf in_order(rules, kKeep);
  for (const auto& [position, row] : Feed(shelf, arrival)) in_order.Put(row);
  RC_ASSERT(Whole(shelf) == Whole(in_order));
}

// What the document that was just put finds, where there is no grace.
std::string Verdict(Shelf& shelf, const HistoryRow& row) {
  if (!NoteDriftCheck(shelf.ledger, shelf.item(), row, shelf.rules)) return "not compared";
  const DriftVerdict verdict =
      JudgeDrift(shelf.ledger, Shelf::kItem, row.position, {}, shelf.rules, true);
  if (verdict.answer == DriftAnswer::kAgreed) return "agreed";
  return "off by " + std::to_string(verdict.finding.difference.thousandths());
}

RC_GTEST_PROP(LedgerProperty, RowsOlderThanTheHistoryCanBeCarriedOver, ()) {
  const WarehouseRules rules = AnyRules();
  std::vector<HistoryRow> rows = *rc::gen::inRange(0, 3) == 0 ? AnyOrders() : AnyRows(120);
  if (*rc::gen::inRange(0, 3) != 0) {
    std::erase_if(rows, [](const HistoryRow& row) { return row.kind == RowKind::kDelete; });
  }
  const std::vector<HistoryRow> arrival = LateArrival(rows);
  RC_LOG() << "authority " << static_cast<int>(rules.authority) << " opens at zero "
           << rules.opens_at_zero << ": " << Text(arrival) << "\n";
  Shelf whole(rules, kKeep);
  Shelf carried(rules, kKeep);
  std::uint32_t source_second = 0;
  for (const HistoryRow& row : arrival) {
    source_second = std::max(source_second, row.position.seconds);
    if (row.position.seconds + kKeep <= source_second) continue;
    const Applied applied = whole.Put(row);
    RC_ASSERT(carried.Put(row) == applied);
    if (applied == Applied::kApplied) RC_ASSERT(Verdict(carried, row) == Verdict(whole, row));
    RC_ASSERT(Whole(carried) == Whole(whole));
    if (source_second <= kKeep || *rc::gen::inRange(0, 4) != 0) continue;
    const std::size_t before = carried.rows().size();
    RC_CLASSIFY(carried.CarryOver(source_second - kKeep), "carried over");
    RC_ASSERT(carried.rows().size() <= before);
    RC_ASSERT(Whole(carried) == Whole(whole));
    const auto now = carried.rows();
    RC_ASSERT(std::count_if(now.begin(), now.end(), [](const auto& r) { return r.begins; }) <= 1);
  }
}

// The (shadow) ledger that documents are compared with: its base plus every movement after it,
// counts included.
RC_GTEST_PROP(LedgerProperty, TheShadowIsItsBaseAndWhatCameAfterIt, ()) {
  WarehouseRules rules = AnyRules();
  rules.authority = Authority::kSnapshot;
  const std::vector<HistoryRow> arrival = AnyArrival(AnyRows());
  RC_LOG() << "opens at zero " << rules.opens_at_zero << ": " << Text(arrival) << "\n";
  Shelf shelf(rules, kKeep);
  const auto applied = Feed(shelf, arrival);
  const Book* book = shelf.ledger.FindBook(shelf.item());
  if (book == nullptr || !book->shadow) return;
  stock::Figures sums = book->shadow->at_base;
  std::map<std::string, std::int64_t> named;
  for (const auto& [position, row] : applied) {
    if (position <= book->shadow->base || position <= book->began) continue;
    stock::Figures effect = EffectOf(row);
    if (row.kind == RowKind::kCount) sums.on_hand = row.stated.on_hand;
    if (!row.reference.empty()) {
      named[std::string(row.reference)] += effect.inbound.thousandths();
      effect.inbound = {};
    }
    sums += effect;
  }
  std::erase_if(named, [](const auto& entry) { return entry.second == 0; });
  RC_ASSERT(book->shadow->sums == sums);
  RC_ASSERT(book->references.list().size() == named.size());
  for (const InboundReference& entry : book->references.list()) {
    RC_ASSERT(named[entry.reference] == entry.sum.thousandths());
  }
}

}  // namespace
}  // namespace stockwatch::stock
