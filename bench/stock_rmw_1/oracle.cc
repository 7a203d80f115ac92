#include "oracle.h"

#include <algorithm>
#include <array>

namespace stock_rmw_1 {
namespace {

constexpr std::int64_t kLow = 20;
constexpr std::int64_t kCritical = 5;
constexpr std::int64_t kMargin = 10;
constexpr std::uint32_t kReopenSeconds = 15 * 60;
constexpr std::size_t kNone = ~std::size_t{0};

struct Limit {
  AlertType type;
  std::int64_t holds_at_or_below;
  std::int64_t clears_above;
};
constexpr std::array<Limit, 4> kLimits{{{AlertType::kOutOfStock, 0, 0},
                                        {AlertType::kCriticalStock, kCritical, kCritical + kMargin},
                                        {AlertType::kLowStock, kLow, kLow + kMargin},
                                        {AlertType::kNegativeStock, -1, -1}}};

class Model {
 public:
  explicit Model(const Job& job) : seen_(job.events), latest_(job.items * kLimits.size(), kNone) {
    expected_.stock.assign(job.items, kOpeningStock);
  }

  void Take(const Event& event) {
    now_ = std::max(now_, event.seconds);
    if (seen_[event.number]) {
      ++expected_.duplicates;
      return;
    }
    seen_[event.number] = true;
    ++expected_.applied;
    std::int64_t& stock = expected_.stock[event.item];
    stock += event.receipt ? event.quantity : -event.quantity;
    for (std::size_t i = 0; i < kLimits.size(); ++i) Judge(event.item, i, stock);
  }

  Expected Finish() {
    for (Alert& alert : expected_.alerts) {
      if (alert.state == Alert::State::kResolved &&
          alert.resolved_seconds + kReopenSeconds <= now_) {
        alert.state = Alert::State::kClosed;
      }
    }
    std::sort(expected_.alerts.begin(), expected_.alerts.end());
    return std::move(expected_);
  }

 private:
  void Judge(std::uint64_t item, std::size_t limit, std::int64_t stock) {
    std::size_t& latest = latest_[item * kLimits.size() + limit];
    const bool open = latest != kNone && expected_.alerts[latest].state == Alert::State::kOpen;
    if (open && stock > kLimits[limit].clears_above) {
      expected_.alerts[latest].state = Alert::State::kResolved;
      expected_.alerts[latest].resolved_seconds = now_;
    } else if (!open && stock <= kLimits[limit].holds_at_or_below) {
      Open(item, limit, stock, latest);
    }
  }

  void Open(std::uint64_t item, std::size_t limit, std::int64_t stock, std::size_t& latest) {
    if (latest != kNone && now_ < expected_.alerts[latest].resolved_seconds + kReopenSeconds) {
      Alert& again = expected_.alerts[latest];
      again.state = Alert::State::kOpen;
      again.resolved_seconds = 0;
      ++again.reopened;
      return;
    }
    if (latest != kNone) expected_.alerts[latest].state = Alert::State::kClosed;
    latest = expected_.alerts.size();
    expected_.alerts.push_back({kLimits[limit].type, item, now_, stock, 0, Alert::State::kOpen, 0});
  }

  Expected expected_;
  std::vector<bool> seen_;           // by event number
  std::vector<std::size_t> latest_;  // alert of each item and limit
  std::uint32_t now_ = kOpeningSeconds;
};

}  // namespace

Expected Expect(const Job& job) {
  Model model(job);
  Stream stream(job);
  Event event;
  while (stream.Next(event)) model.Take(event);
  return model.Finish();
}

}  // namespace stock_rmw_1
