#include <algorithm>
#include <map>
#include <utility>

#include "base/random.h"
#include "sim/world.h"

namespace stockwatch::sim {
namespace {

using base::Random;
using event::TransactionType;
using Kind = Event::Kind;

constexpr std::uint32_t kFirstSecond = 1'700'000'000;

// The shop that the changes come from: it writes its documents as they are, mostly.
class Floor {
 public:
  Floor(const World& world, std::uint64_t seed)
      : world_(world),
        random_(base::SplitMix64(seed ^ 0x666C6F6F72)),
        shelves_(world.items.size()) {}

  std::vector<Event> Draw(std::uint32_t count) {
    while (arrived_.size() < count) {
      Happen();
      if (!waiting_.empty() &&
          (waiting_.size() > world_.waiting_max || random_.Chance(1, 1 + world_.waiting_max))) {
        std::swap(waiting_[random_.Below(static_cast<std::uint32_t>(waiting_.size()))],
                  waiting_.back());
        Arrive(waiting_.back());
        waiting_.pop_back();
      }
      if (random_.Chance(world_.repeat_percent, 100) && !arrived_.empty()) Repeat();
    }
    arrived_.resize(count);
    return std::move(arrived_);
  }

 private:
  struct Shelf {
    bool documented = false;
    bool discontinued = false;
    std::int32_t category = 0;
    std::int64_t on_hand = 0;
    std::int64_t reserved = 0;
  };

  std::int64_t Pieces(std::uint32_t below) {
    return 1000 * (1 + std::int64_t{random_.Below(below)});
  }
  std::int64_t Amount() {
    return random_.Chance(1, 20) ? 1 + std::int64_t{random_.Below(4000)} : Pieces(6);
  }

  void Happen() {
    const auto item = random_.Below(static_cast<std::uint32_t>(shelves_.size()));
    Shelf& shelf = shelves_[item];
    TakePlace();
    const std::uint32_t what = random_.Below(100);
    if (what < 2) return Misfire(what);
    if (!shelf.documented) {
      if (what < 40) return Move(item);
      shelf.documented = true;
      if (what < 50) shelf.on_hand = Pieces(30);
      shelf.reserved = std::max<std::int64_t>(0, shelf.reserved);
      shelf.category =
          static_cast<std::int32_t>(random_.Below(static_cast<std::uint32_t>(world_.low.size())));
      return Write(Kind::kDocument, item);
    }
    if (what < 82) return Move(item);
    if (what < 90) return Write(Kind::kLookup, item);
    if (what < 96) {
      if (what == 95)
        shelf.category = (shelf.category + 1) % static_cast<std::int32_t>(world_.low.size());
      if (what == 94) shelf.discontinued = !shelf.discontinued;
      return Write(Kind::kDocument, item);
    }
    shelf.documented = false;
    Event gone;
    gone.kind = Kind::kDelete;
    gone.item = item;
    Send(gone);
  }

  void Misfire(std::uint32_t what) {
    Event event;
    event.kind = what == 0              ? Kind::kRetention
                 : random_.Chance(1, 2) ? Kind::kUndecodable
                                        : Kind::kUnreadable;
    Send(event);
  }

  void Write(Kind kind, std::uint32_t item) {
    const Shelf& shelf = shelves_[item];
    Event event;
    event.kind = kind;
    event.item = item;
    event.category = shelf.category;
    event.discontinued = shelf.discontinued;
    event.on_hand = shelf.on_hand + (random_.Chance(1, 40) ? Pieces(3) : 0);  // somebody erred
    event.reserved = shelf.reserved;
    Send(event);
  }

  void Move(std::uint32_t item) {
    static constexpr TransactionType kTypes[] = {
        TransactionType::kSale,    TransactionType::kSale,       TransactionType::kSale,
        TransactionType::kSale,    TransactionType::kReturn,     TransactionType::kDamage,
        TransactionType::kReceipt, TransactionType::kShrinkage,  TransactionType::kAdjustment,
        TransactionType::kReserve, TransactionType::kRelease,    TransactionType::kCount,
        TransactionType::kReceipt, TransactionType::kTransferOut};
    TransactionType type = kTypes[random_.Below(std::size(kTypes))];
    std::int64_t quantity = Amount();
    const bool too_much = shelves_[item].documented && shelves_[item].reserved < quantity;
    if (type == TransactionType::kRelease && too_much) type = TransactionType::kReserve;
    if (type == TransactionType::kReceipt) quantity += Pieces(10);
    if (type == TransactionType::kAdjustment && random_.Chance(1, 2)) quantity = -quantity;
    if (type == TransactionType::kCount) {
      quantity = std::max<std::int64_t>(0, shelves_[item].on_hand - Pieces(2) + 1000);
    }
    Record(type, item, quantity);
    if (type != TransactionType::kTransferOut || world_.warehouses.size() < 2) return;
    // The same SKU at the next warehouse, some time later.
    const auto width = static_cast<std::uint32_t>(world_.warehouses.size());
    TakePlace();
    Record(TransactionType::kTransferIn, item / width * width + (item + 1) % width, quantity);
  }

  void Record(TransactionType type, std::uint32_t item, std::int64_t quantity) {
    Event event;
    event.kind = Kind::kMovement;
    event.item = item;
    event.type = type;
    event.on_hand = quantity;
    Shelf& shelf = shelves_[item];
    switch (type) {
      case TransactionType::kCount:
        shelf.on_hand = quantity;
        break;
      case TransactionType::kReserve:
        shelf.reserved += quantity;
        break;
      case TransactionType::kRelease:
        shelf.reserved -= quantity;
        break;
      case TransactionType::kReturn:
      case TransactionType::kReceipt:
      case TransactionType::kTransferIn:
      case TransactionType::kAdjustment:
        shelf.on_hand += quantity;
        break;
      default:
        shelf.on_hand -= quantity;
    }
    Send(event);
    // Some transactions touch several items at one cluster time.
    if (!random_.Chance(1, 10)) return;
    ++place_.ordinal;
    Record(TransactionType::kSale, (item + 1) % static_cast<std::uint32_t>(shelves_.size()),
           Pieces(2));
  }

  void TakePlace() {
    time_ms_ += random_.Below(2 * world_.gap_ms);
    const auto second = kFirstSecond + static_cast<std::uint32_t>(time_ms_ / 1000);
    place_ = {0, second, second == place_.seconds ? place_.increment + 1 : 1, 0};
  }

  void Send(Event event) {
    event.position = place_;
    event.token = ++tokens_;
    if (random_.Chance(world_.late_percent, 100)) {
      waiting_.push_back(event);
    } else {
      Arrive(event);
    }
  }

  void Arrive(Event event) {
    // Without a place the reader counts the tokens of a cluster time as they come.
    if (!world_.placed && event.kind != Kind::kUnreadable) {
      event.position.ordinal = ordinals_[{event.position.seconds, event.position.increment}]++;
    }
    arrived_.push_back(event);
  }

  void Repeat() {
    const auto size = static_cast<std::uint32_t>(arrived_.size());
    const std::uint32_t far = random_.Chance(1, 2) ? size : std::min(size, 20u);
    arrived_.push_back(arrived_[size - 1 - random_.Below(far)]);
  }

  const World& world_;
  Random random_;
  std::vector<Shelf> shelves_;
  std::uint64_t time_ms_ = 0;
  base::Position place_;
  std::uint32_t tokens_ = 0;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> ordinals_;
  std::vector<Event> waiting_;
  std::vector<Event> arrived_;
};

}  // namespace

std::vector<Event> DrawEvents(const World& world, std::uint64_t seed, std::uint32_t count) {
  return Floor(world, seed).Draw(count);
}

}  // namespace stockwatch::sim
