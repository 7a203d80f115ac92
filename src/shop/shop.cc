#include "shop/shop.h"

#include <cstddef>
#include <utility>

#include "base/assertion.h"
#include "shop/agenda.h"
#include "shop/books.h"
#include "shop/calendar.h"
#include "shop/catalogue.h"
#include "shop/planners.h"
#include "shop/replenishment.h"
#include "shop/sales.h"
#include "shop/stock_care.h"
#include "shop/transfers.h"

namespace stockwatch::shop {
namespace {

// A warehouse leaves out a fifth of the articles.
std::size_t ArticlesFor(std::uint32_t items) {
  return items + items / 4 + 1;
}

}  // namespace

struct Shop::State {
  State(const Options& o, Labelling l)
      : options(o),
        end(o.start + base::Duration::Days(o.days)),
        catalogue(o.seed, ArticlesFor(o.items_per_warehouse)),
        books(o, catalogue),
        calendar(books, agenda),
        sales(o.seed, books, calendar, agenda),
        replenishment(o.seed, books, agenda),
        transfers(o.seed, books, agenda),
        stock_care(o.seed, books, agenda),
        planners(books, agenda),
        labels(books, sales),
        labelling(l) {
    agenda.At(o.start, [this](base::Instant now) { OpenShelves(now); });
    agenda.At(o.start, [this](base::Instant now) { BeginDay(1, now); });
  }

  // Inserts the inventory documents, forty a second.
  void OpenShelves(base::Instant now) {
    const std::size_t launch = catalogue.ordinary_articles();
    std::int64_t opened = 0;
    for (ItemIndex item = 0; item < books.items().size(); ++item) {
      if (books.at(item).article >= launch) continue;
      agenda.At(now + base::Duration::Micros(opened++ * 25'000), [this, item](base::Instant then) {
        books.List(item, replenishment.OpeningStock(item), then);
      });
    }
  }

  void BeginDay(std::uint32_t day, base::Instant midnight) {
    // The first day's stock is not there yet.
    if (labelling == Labelling::kStockouts && day > 1) labels.NoteDay(day, midnight);
    calendar.PlanDay(day, midnight);
    planners.PlanDay(day, midnight);
    replenishment.PlanDay(day, midnight);
    transfers.PlanDay(midnight);
    sales.PlanDay(day, midnight);
    stock_care.PlanDay(midnight);
    agenda.At(midnight + base::Duration::Days(1),
              [this, day](base::Instant now) { BeginDay(day + 1, now); });
  }

  const Options options;
  const base::Instant end;
  Agenda agenda;
  Catalogue catalogue;
  Books books;
  Calendar calendar;
  Sales sales;
  Replenishment replenishment;
  Transfers transfers;
  StockCare stock_care;
  Planners planners;
  Labels labels;
  const Labelling labelling;
};

Shop::Shop(Options options, Labelling labelling) {
  SW_ASSERT(options.Validate().ok(), "the caller validates its options");
  state_ = std::make_unique<State>(options, labelling);
}

Shop::~Shop() = default;
Shop::Shop(Shop&&) noexcept = default;
Shop& Shop::operator=(Shop&&) noexcept = default;

bool Shop::Next(std::string& line) {
  ChangeWriter& writer = state_->books.writer();
  while (writer.empty()) {
    if (!state_->agenda.RunNext(state_->end)) return false;
  }
  line = writer.Take();
  return true;
}

bool Shop::NextLabel(Label& label) {
  std::deque<Label>& noted = state_->labels.noted();
  if (noted.empty()) return false;
  label = std::move(noted.front());
  noted.pop_front();
  return true;
}

std::vector<StockFigures> Shop::Stock() const {
  std::vector<StockFigures> figures;
  const Books& books = state_->books;
  for (ItemIndex item = 0; item < books.items().size(); ++item) {
    const StockItem& stock = books.at(item);
    if (!stock.listed) continue;
    figures.push_back(
        {books.WarehouseId(item), books.ArticleOf(item).sku, base::Quantity::Pieces(stock.on_hand),
         base::Quantity::Pieces(stock.reserved), base::Quantity::Pieces(stock.InboundTotal())});
  }
  return figures;
}

}  // namespace stockwatch::shop
