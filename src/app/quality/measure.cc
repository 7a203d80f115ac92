#include "app/quality/measure.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "adapters/memory_store/memory_store.h"
#include "app/quality/hindsight.h"
#include "app/quality/informed.h"
#include "app/quality/trail.h"
#include "domain/decode/decoder.h"
#include "flow/engine.h"
#include "flow/planning.h"

namespace stockwatch::quality {
namespace {

using base::Duration;
using base::Instant;
using base::Quantity;
using event::ConditionType;

constexpr int kDaysBetweenAsking = 3;
constexpr int kInputsBetweenCommits = 64;

Duration DurationOf(event::Thousandths days) {
  return Duration::Micros(days.count * (Duration::Days(1).micros() / 1000));
}

struct Opening {
  Instant at;
  Duration lead_time;
};

// What was said about one item.
struct Said {
  struct Interval {
    Instant at, early, late;
  };
  struct Way {
    std::vector<Opening> alerts;
    std::vector<Interval> intervals;
  };
  Way ours;
  Way naive;
  std::multiset<Instant> out_of_stock;
  Duration lead_time;
  Duration hold_for;
};

class Measurement {
 public:
  explicit Measurement(const Options& options)
      : options_(options), decoder_(options.decode), engine_(options.flow, store_) {}

  base::Status Run(ports::ChangeSource& source) {
    SW_TRY_STATUS(engine_.Start(store_));
    flow::Arrival arrival;
    while (true) {
      SW_TRY(const ports::Next next, source.Read(arrival.input));
      if (next != ports::Next::kInput) break;
      SW_TRY_STATUS(Take(arrival));
    }
    engine_.FinishInput();
    Collect();
    return engine_.Commit(store_);
  }

  Report Judge() {
    Report report;
    report.changes = changes_;
    report.refused = refused_;
    for (const auto& [key, trail] : trails_.items()) {
      const auto given = options_.classes.find(key);
      std::string name(given == options_.classes.end() ? trail.ClassAt(demand::DayOf(last_))
                                                       : std::string_view(given->second));
      if (name.empty()) name = "unclassified";
      const ClassReport item = JudgeItem(trail, said_[key]);
      report.classes[name].Add(item);
      report.classes["all"].Add(item);
    }
    return report;
  }

 private:
  base::Status Take(flow::Arrival& arrival) {
    ++changes_;
    engine_.Place(arrival.input);
    arrival.decoded = arrival.input.reject ? decode::Decoded(*arrival.input.reject)
                                           : decoder_.Decode(arrival.input.change);
    engine_.Take(arrival, 0);
    const auto* change = std::get_if<event::Change>(&arrival.decoded);
    if (change == nullptr) {
      ++refused_;
      return {};
    }
    last_ = Instant::Seconds(change->position.seconds);
    if (first_ == Instant()) first_ = last_;
    const std::string key = KeyOf(*change);
    ItemTrail* trail = trails_.Take(*change, AuthorityOf(*change));
    Collect();
    if (trail != nullptr) AskNaive(key, *trail);
    if (const demand::Day day = demand::DayOf(last_); day >= asked_ + kDaysBetweenAsking) {
      asked_ = day;
      if (last_ >= first_ + Duration::Days(options_.warm_up_days)) AskAll();
    }
    return changes_ % kInputsBetweenCommits == 0 ? engine_.Commit(store_) : base::Status();
  }

  static std::string KeyOf(const event::Change& change) {
    if (const auto* image = std::get_if<event::InventoryImage>(&change.body)) {
      return Trails::KeyOf(image->item);
    }
    const auto* transaction = std::get_if<event::Transaction>(&change.body);
    return transaction == nullptr ? std::string() : Trails::KeyOf(transaction->item);
  }

  stock::Authority AuthorityOf(const event::Change& change) const {
    const std::string key = KeyOf(change);
    return options_.flow.RulesOf(key.substr(0, key.find('/'))).authority;
  }

  // The openings since the last commit that were not seen yet.
  void Collect() {
    const flow::State& state = engine_.state();
    for (const alert::EpisodeIndex index : state.touched_episodes) {
      const alert::Episode& episode = state.episodes.at(index);
      const bool ours = episode.type == ConditionType::kProjectedStockout;
      if (!ours && episode.type != ConditionType::kOutOfStock) continue;
      if (!seen_.emplace(episode.id, episode.reopened).second) continue;
      const Instant at = std::max(episode.opened_at, episode.reopened_at);
      Said& said = said_[Trails::KeyOf(episode.item)];
      if (!ours) {
        said.out_of_stock.insert(at);
        continue;
      }
      const stock::Item& item = state.ledger.at(episode.subject.index);
      const auto lead = DurationOf(flow::SupplyOf(state, item).lead_time_days);
      said.ours.alerts.push_back({at, lead});
    }
  }

  // Would an alert on the plain forecast open?
  void AskNaive(const std::string& key, ItemTrail& trail) {
    const flow::State& state = engine_.state();
    const key::ItemIndex index = IndexOf(key);
    if (index == key::kNoItem) return;
    const stock::Item& item = state.ledger.at(index);
    Said& said = said_[key];
    said.lead_time = DurationOf(flow::SupplyOf(state, item).lead_time_days);
    said.hold_for = state.rules.at(item.thresholds).hold_for;
    const auto& cover_max = state.rules.at(item.thresholds).days_of_cover;
    const auto rate = trail.Naive(demand::DayOf(last_));
    bool short_of = false;
    if (cover_max && rate && trail.open() && trail.available() > Quantity()) {
      const event::Thousandths cover = *demand::DaysOfCover(trail.available(), *rate);
      short_of = cover <= *cover_max && !trail.IsDueBefore(last_ + DurationOf(cover));
    }
    if (short_of && !trail.naive_open) said.naive.alerts.push_back({last_, said.lead_time});
    trail.naive_open = short_of;
  }

  // When will it run out, by both?
  void AskAll() {
    const flow::State& state = engine_.state();
    for (const auto& [key, trail] : trails_.items()) {
      if (!trail.open() || trail.available() <= Quantity()) continue;
      const key::ItemIndex index = IndexOf(key);
      if (index == key::kNoItem || state.ledger.at(index).life != stock::Life::kOpened) continue;
      Said& said = said_[key];
      const flow::ItemPlan plan = flow::PlanOf(state, index);
      if (plan.stockout) {
        said.ours.intervals.push_back({last_, *plan.stockout_early, *plan.stockout_late});
      }
      if (const auto rate = trail.Naive(demand::DayOf(last_))) {
        const auto interval = *demand::CoverIntervalOf(trail.available(), *rate);
        said.naive.intervals.push_back(
            {last_, demand::After(last_, interval.early), demand::After(last_, interval.late)});
      }
    }
  }

  key::ItemIndex IndexOf(const std::string& key) const {
    const std::size_t slash = key.find('/');
    const std::string_view text = key;
    return engine_.state().directory.Find({event::WarehouseIdView::Trusted(text.substr(0, slash)),
                                           event::SkuView::Trusted(text.substr(slash + 1))});
  }

  ClassReport JudgeItem(const ItemTrail& trail, const Said& said) const {
    ClassReport report;
    report.items = 1;
    std::multiset<Instant> openings = said.out_of_stock;
    for (const Stockout& stockout : trail.stockouts()) {
      // A rule may ask that it holds for some time before it is an alert.
      const Instant owed_at = stockout.at + said.hold_for;
      if (stockout.ended_at.value_or(last_) < owed_at) continue;
      const auto opening = openings.find(owed_at);
      report.out_recall.Count(opening != openings.end());
      if (opening != openings.end()) openings.erase(opening);
    }
    report.out_duplicates = openings.size();
    JudgeWay(trail, said.ours, said.lead_time, report.ours);
    JudgeWay(trail, said.naive, said.lead_time, report.naive);
    report.levels.push_back(JudgeLevels(trail, said.lead_time));
    return report;
  }

  std::vector<Level> JudgeLevels(const ItemTrail& trail, Duration lead_time) const {
    const std::optional<KnownDemand> known = KnownDemandOf(trail);
    const double days =
        static_cast<double>(lead_time.micros()) / static_cast<double>(Duration::Days(1).micros());
    std::vector<Level> levels;
    for (const int pieces : kLevels) {
      Said::Way way;
      for (const Instant at : OpeningsAt(trail, pieces)) way.alerts.push_back({at, lead_time});
      Level& level = levels.emplace_back();
      if (known) level.chance = ChanceOfDemand(*known, days, pieces);
      JudgeWay(trail, way, lead_time, level.foresight);
    }
    return levels;
  }

  void JudgeWay(const ItemTrail& trail, const Said::Way& way, Duration lead_time,
                Foresight& report) const {
    const Instant judged_from = first_ + Duration::Days(options_.warm_up_days);
    for (const Opening& alert : way.alerts) {
      const Instant until = alert.at + alert.lead_time;
      const std::optional<Instant> ran_out = trail.RanOut(alert.at);
      if (alert.at < judged_from || (!ran_out && until > last_)) continue;
      const bool good = ran_out && *ran_out <= until;
      report.precision.Count(good);
      if (trail.HadStockForADay(alert.at)) report.settled_precision.Count(good);
    }
    for (const Stockout& stockout : trail.stockouts()) {
      if (stockout.at < judged_from) continue;
      const auto alert = std::find_if(way.alerts.begin(), way.alerts.end(), [&](const Opening& o) {
        return o.at >= stockout.at - lead_time && o.at < stockout.at;
      });
      const bool foreseen = alert != way.alerts.end();
      report.recall.Count(foreseen);
      if (stockout.after_a_day) report.settled_recall.Count(foreseen);
      if (foreseen) {
        report.hours.push_back(static_cast<double>((stockout.at - alert->at).micros()) /
                               static_cast<double>(Duration::Hours(1).micros()));
      }
    }
    for (const Said::Interval& interval : way.intervals) {
      if (interval.late > last_) continue;
      const std::optional<Instant> ran_out = trail.RanOut(interval.at);
      report.coverage.Count(ran_out && *ran_out >= interval.early && *ran_out <= interval.late);
    }
  }

  const Options& options_;
  decode::Decoder decoder_;
  memory_store::MemoryStore store_;
  flow::Engine engine_;
  Trails trails_;
  std::map<std::string, Said, std::less<>> said_;
  std::set<std::pair<alert::EpisodeId, std::uint32_t>> seen_;
  std::uint64_t changes_ = 0;
  std::uint64_t refused_ = 0;
  Instant first_;
  Instant last_;
  demand::Day asked_ = 0;
};

}  // namespace

base::Result<Report> Measure(ports::ChangeSource& source, const Options& options) {
  Measurement measurement(options);
  SW_TRY_STATUS(measurement.Run(source));
  return measurement.Judge();
}

}  // namespace stockwatch::quality
