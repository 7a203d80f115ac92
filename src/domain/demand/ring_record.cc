#include "domain/demand/ring_record.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/bytes.h"
#include "domain/event/record_parts.h"

namespace stockwatch::demand {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kHoursWhat = "hours of demand";
constexpr std::string_view kDaysWhat = "days of demand";
constexpr std::uint64_t kPiece = 1000;

// Whole pieces are the rule: twice their number; else twice the thousandths and one.
void PutAmount(base::ByteWriter& writer, std::int64_t amount) {
  const auto thousandths = static_cast<std::uint64_t>(amount);
  writer.PutVarint(thousandths % kPiece == 0 ? thousandths / kPiece * 2 : thousandths * 2 + 1);
}

base::Quantity TakeAmount(base::ByteReader& reader) {
  const std::uint64_t coded = reader.TakeVarint();
  const auto most = static_cast<std::uint64_t>(kBucketMax.thousandths());
  const bool whole = coded % 2 == 0;
  const std::uint64_t number = coded / 2;
  if (number == 0 || number > (whole ? most / kPiece : most) || (!whole && number % kPiece == 0)) {
    reader.Fail();
    return {};
  }
  return base::Quantity::Thousandths(static_cast<std::int64_t>(whole ? number * kPiece : number));
}

base::Status CheckVersion(std::uint8_t version, std::string_view what) {
  if (version == 0) return event::DamagedRecord(what);
  if (version > kVersion) return event::NewerRecord(what, version);
  return {};  // an older version is brought up to date here
}

}  // namespace

class RingCodec {
 public:
  // Which buckets hold anything, the latest in the lowest bit, then each of these. `slot`: of the
  // latest, in a ring of `size` that begins at `first`; `reach`: how many belong to it.
  template <typename Get>
  static void PutBuckets(base::ByteWriter& writer, std::size_t slot, std::size_t first,
                         std::size_t size, Get get) {
    std::array<std::int64_t, kWeeks> held{};
    std::size_t count = 0;
    std::uint64_t bits = 0;
    for (std::size_t age = 0; age < size; ++age) {
      const std::int64_t sold = get(slot);
      if (sold != 0) {
        bits |= std::uint64_t{1} << age;
        held[count++] = sold;
      }
      slot = slot == first ? first + size - 1 : slot - 1;
    }
    writer.PutVarint(bits);
    for (std::size_t i = 0; i < count; ++i) PutAmount(writer, held[i]);
  }

  template <typename Set>
  static void TakeBuckets(base::ByteReader& reader, std::int64_t count, Set set) {
    std::uint64_t held = reader.TakeVarint();
    if (count < 64 && (held >> count) != 0) reader.Fail();
    for (; held != 0 && reader.ok(); held &= held - 1) {
      set(std::countr_zero(held), TakeAmount(reader).thousandths());
    }
  }

  // Bits by age, the last complete day in the lowest, and back: the ring turned round.
  static std::uint32_t Mirror(const Rings& rings, std::uint32_t bits) {
    std::uint32_t mirrored = 0;
    std::size_t slot = Rings::SlotOfDay(rings.day());
    for (int age = 0; age < kDays; ++age) {
      slot = slot == 0 ? kDays - 1 : slot - 1;
      mirrored |= (bits >> slot & 1) << age;
    }
    return mirrored;
  }
  static std::uint32_t BySlot(const Rings& rings, std::uint32_t by_age, base::ByteReader& reader) {
    std::uint32_t bits = 0;
    const int reach = std::min<int>(kDays, rings.day());
    if ((std::uint64_t{by_age} >> reach) != 0) {
      reader.Fail();
      return 0;
    }
    for (int age = 0; age < reach; ++age) {
      if ((by_age >> age & 1) != 0) bits |= 1u << Rings::SlotOfDay(rings.day() - 1 - age);
    }
    return bits;
  }

  static void TakeHours(base::ByteReader& reader, Rings& rings) {
    rings.hour_ = reader.Take<std::uint32_t>();
    TakeBuckets(reader, std::min<std::int64_t>(kHours + 1, Hour{rings.hour_} + 1),
                [&](int age, std::int64_t sold) {
                  rings.SetHour(Rings::SlotOfHour(Hour{rings.hour_} - age), sold);
                });
  }

  static void SetPresent(const Present& present, Rings& rings) {
    rings.hour_ = static_cast<std::uint32_t>(present.hour);
    rings.SetHour(Rings::SlotOfHour(present.hour), present.sold.thousandths());
  }

  static void TakeDays(base::ByteReader& reader, Rings& rings) {
    if (reader.Take<std::uint32_t>() != static_cast<std::uint32_t>(rings.day())) reader.Fail();
    Rings::Past& past = rings.PastOf();
    past.first_sale_day = reader.Take<std::int32_t>();
    past.without_stock = BySlot(rings, reader.Take<std::uint32_t>(), reader);
    past.frozen = BySlot(rings, reader.Take<std::uint32_t>(), reader);
    const Week week = WeekOf(rings.day());
    TakeBuckets(reader, std::min<std::int64_t>(kDays, rings.day()),
                [&](int age, std::int64_t sold) {
                  rings.SetPast(Rings::SlotOfDay(rings.day() - 1 - age), sold);
                });
    TakeBuckets(reader, std::min<std::int64_t>(kWeeks, week), [&](int age, std::int64_t sold) {
      rings.SetPast(Rings::SlotOfWeek(week - 1 - age), sold);
    });
    rings.days_changed_ = false;
  }

  // Without a past all that was sold stands in the hours. What was taken back was not sold.
  static void FindSold(Rings& rings) {
    rings.sold_ = false;
    for (std::size_t slot = 0; slot < Rings::kHourSlots; ++slot) {
      rings.sold_ = rings.sold_ || rings.GetHour(slot) != 0;
    }
  }

  static void PutHours(base::ByteWriter& writer, const Rings& rings) {
    writer.Put(rings.hour_);
    const std::size_t present = Rings::SlotOfHour(Hour{rings.hour_});
    PutBuckets(writer, present, 0, Rings::kHourSlots,
               [&](std::size_t slot) { return slot == present ? 0 : rings.GetHour(slot); });
  }

  static void PutDays(base::ByteWriter& writer, const Rings& rings) {
    const Rings::Past& past = *rings.past_;
    writer.Put(static_cast<std::uint32_t>(rings.day()));
    writer.Put(past.first_sale_day);
    writer.Put(Mirror(rings, past.without_stock));
    writer.Put(Mirror(rings, past.frozen));
    const auto get = [&](std::size_t slot) { return rings.GetPast(slot); };
    PutBuckets(writer, Rings::SlotOfDay(rings.day() + kDays - 1), 0, kDays, get);
    PutBuckets(writer, Rings::SlotOfWeek(WeekOf(rings.day()) + kWeeks - 1), kDays, kWeeks, get);
  }
};

void EncodeHours(const Rings& rings, std::string& out) {
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  RingCodec::PutHours(writer, rings);
}

void EncodeDays(const Rings& rings, std::string& out) {
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  RingCodec::PutDays(writer, rings);
}

Present PresentOf(const Rings& rings) {
  return {rings.hour(), rings.InHour(rings.hour())};
}

base::Result<Rings> DecodeRings(const StoredRings& stored) {
  Rings rings;
  if (!stored.present && !stored.hours) return event::DamagedRecord(kDaysWhat);
  if (stored.hours) {
    base::ByteReader reader(*stored.hours);
    SW_TRY_STATUS(CheckVersion(reader.Take<std::uint8_t>(), kHoursWhat));
    RingCodec::TakeHours(reader, rings);
    SW_TRY_STATUS(reader.Finish(kHoursWhat));
  }
  if (stored.present) {
    if (stored.hours && rings.hour() != stored.present->hour) {
      return event::DamagedRecord(kHoursWhat);
    }
    if (stored.present->sold < base::Quantity() || stored.present->sold > kBucketMax) {
      return event::DamagedRecord(kHoursWhat);
    }
    RingCodec::SetPresent(*stored.present, rings);
  }
  RingCodec::FindSold(rings);
  if (!stored.days) return rings;
  base::ByteReader reader(*stored.days);
  SW_TRY_STATUS(CheckVersion(reader.Take<std::uint8_t>(), kDaysWhat));
  RingCodec::TakeDays(reader, rings);
  SW_TRY_STATUS(reader.Finish(kDaysWhat));
  return rings;
}

}  // namespace stockwatch::demand
