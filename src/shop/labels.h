#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/quantity.h"
#include "shop/books.h"
#include "shop/make_up.h"
#include "shop/sales.h"

namespace stockwatch::shop {

// The truth about a stock-out to come, which no planner can know: when customers will have wanted
// what is available at that midnight, if nothing comes in and nothing is lost.
struct Label {
  base::Instant noted_at;  // a midnight; holds until the next label of the item
  std::string warehouse_id;
  std::string sku;
  DemandClass demand_class{};
  base::Quantity available;
  std::optional<base::Instant> runs_out_at;  // nullopt: not within kLabelDays
};
inline constexpr std::uint32_t kLabelDays = 35;

// {"at","warehouse_id","sku","class","available","runs_out_at"}, the last null where it is not
// known.
std::string LabelLine(const Label& label);

// Writes labels, one for each stock-out to come: sales alone leave its moment as it was, so a label
// follows where stock came in or went otherwise.
class Labels {
 public:
  Labels(const Books& books, const Sales& sales) : books_(books), sales_(sales) {}

  // Of the day that begins at `midnight`, before anything of it happened.
  void NoteDay(std::uint32_t day, base::Instant midnight);

  std::deque<Label>& noted() { return noted_; }

 private:
  struct Told {
    bool any = false;
    std::optional<base::Instant> runs_out_at;
  };
  std::optional<base::Instant> RunsOutAt(ItemIndex item, std::uint32_t day,
                                         base::Instant midnight) const;

  const Books& books_;
  const Sales& sales_;
  std::vector<Told> told_;  // by item
  std::deque<Label> noted_;
};

}  // namespace stockwatch::shop
