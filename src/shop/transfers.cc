#include "shop/transfers.h"

#include <algorithm>
#include <vector>

namespace stockwatch::shop {
namespace {

using base::Duration;
using base::Instant;

constexpr Pieces kSpare = 5;  // a donor keeps that much beyond two days of sales

}  // namespace

void Transfers::PlanDay(Instant midnight) {
  const std::size_t articles = books_.catalogue().articles().size();
  for (std::size_t article = 0; article < articles; ++article) {
    if (books_.ItemsOf(article).size() < 2) continue;
    const Instant at = midnight + Duration::Hours(9) +
                       Duration::Micros(static_cast<std::int64_t>(article) * 700'000);
    agenda_.At(at, [this, article](Instant now) { Review(article, now); });
  }
}

// The emptiest shelf asks the fullest one.
void Transfers::Review(std::size_t article, Instant now) {
  if (!random_.Chance(75, 100)) return;  // nobody looks at everything every day
  std::vector<ItemIndex> items = books_.ItemsOf(article);
  std::erase_if(items, [&](ItemIndex item) {
    return !books_.at(item).listed || books_.at(item).discontinued;
  });
  if (items.size() < 2) return;
  const auto [poor, rich] =
      std::minmax_element(items.begin(), items.end(), [&](ItemIndex a, ItemIndex b) {
        return books_.at(a).available() < books_.at(b).available();
      });
  const std::int64_t daily = books_.catalogue().articles()[article].daily_sales_thousandths;
  const Pieces need = daily * 3 / 1000 + 6;
  const StockItem& needy = books_.at(*poor);
  const Pieces spare = books_.at(*rich).available() - daily * 2 / 1000 - kSpare;
  if (needy.available() + needy.InboundTotal() >= need || spare < 2) return;
  Announce(
      {*rich, *poor, std::min(spare, need), books_.NewReference(Reference::Kind::kTransfer, now)},
      now);
}

void Transfers::Announce(const Transfer& transfer, Instant now) {
  books_.Post(transfer.to,
              {.type = MovementType::kOrdered,
               .quantity = transfer.quantity,
               .reference = &transfer.reference,
               .expected_at = now + Duration::Hours(26)},
              now);
  const auto packing = Duration::Minutes(20 + random_.Below(90));
  agenda_.At(now + packing, [this, transfer](Instant then) { Send(transfer, then); });
}

void Transfers::Send(Transfer transfer, Instant now) {
  const StockItem& donor = books_.at(transfer.from);
  transfer.quantity = std::min(transfer.quantity, donor.available());
  if (!donor.listed || transfer.quantity <= 0) {
    books_.Cancel(transfer.to, transfer.reference, "nothing left to send", now);
    return;
  }
  books_.Post(transfer.from,
              {.type = MovementType::kTransferOut,
               .quantity = transfer.quantity,
               .reference = &transfer.reference},
              now);
  const auto travels = Duration::Minutes(22 * 60 + random_.Below(6 * 60));
  agenda_.At(now + travels, [this, transfer](Instant then) { Arrive(transfer, then); });
}

void Transfers::Arrive(const Transfer& transfer, Instant now) {
  const bool one_is_lost = transfer.quantity > 1 && random_.Chance(12, 100);
  const StockItem& destination = books_.at(transfer.to);
  const Pieces quantity = std::min(transfer.quantity - (one_is_lost ? 1 : 0),
                                   destination.InboundOf(transfer.reference));
  if (!destination.listed || quantity <= 0) return;
  books_.Post(
      transfer.to,
      {.type = MovementType::kTransferIn, .quantity = quantity, .reference = &transfer.reference},
      now);
  // What was announced and did not come is looked for until the evening.
  agenda_.At(now + Duration::Hours(5), [this, transfer](Instant then) {
    books_.Cancel(transfer.to, transfer.reference, "lost on the way", then);
  });
}

}  // namespace stockwatch::shop
