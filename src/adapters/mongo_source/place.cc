#include "adapters/mongo_source/place.h"

#include <utility>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/random.h"

namespace stockwatch::mongo_source {
namespace {

constexpr std::uint8_t kMongo = 3;  // of positions of MongoDB; no other source's has that number
constexpr std::uint8_t kPlainVersion = 1;   // does not say whether it is paused
constexpr std::uint8_t kPausedVersion = 2;  // of a snapshot it says the last id that was read
constexpr std::uint8_t kFilterVersion = 3;  // does not say what is to be read again
constexpr std::uint8_t kVersion = 4;
constexpr std::size_t kChecksum = 8;  // bytes of SHA-256 over what is before them

std::string ChecksumOf(std::string_view bytes) {
  const auto digest = base::Sha256Of(bytes);
  return {reinterpret_cast<const char*>(digest.data()), kChecksum};
}

void PutStart(base::ByteWriter& writer, const Start& start) {
  writer.Put(static_cast<std::uint8_t>(start.kind));
  writer.PutBytes(start.token);
  writer.Put(start.time);
}

Start TakeStart(base::ByteReader& reader) {
  Start start;
  const auto kind = reader.Take<std::uint8_t>();
  if (kind > static_cast<std::uint8_t>(StartKind::kStartAtOperationTime)) reader.Fail();
  start.kind = static_cast<StartKind>(kind);
  start.token = reader.TakeBytes();
  start.time = reader.Take<std::uint64_t>();
  return start;
}

// Whether something follows.
bool TakeFlag(base::ByteReader& reader) {
  const auto flag = reader.Take<std::uint8_t>();
  if (flag > 1) reader.Fail();
  return flag == 1;
}

}  // namespace

SnapshotPlace SnapshotPlace::New(std::uint64_t seed, std::string filter) {
  SnapshotPlace place;
  place.run = base::SplitMix64(seed);
  place.filter = std::move(filter);
  return place;
}

std::string EncodePlace(const Place& place) {
  std::string record;
  base::ByteWriter writer(record);
  // The oldest that says all, so that a version before this one can go on from most places.
  writer.Put(kMongo);
  const std::uint8_t version = !place.again.empty() ? kVersion
                               : place.snapshot     ? kFilterVersion
                               : place.paused       ? kPausedVersion
                                                    : kPlainVersion;
  writer.Put(version);
  writer.Put(place.generation);
  PutStart(writer, place.start);
  writer.Put(static_cast<std::uint8_t>(place.older ? 1 : 0));
  if (place.older) PutStart(writer, *place.older);
  writer.Put(place.operation_time);
  writer.Put(place.hash);
  writer.PutBytes(place.database);
  writer.PutBytes(place.replica_set);
  writer.Put(static_cast<std::uint8_t>(place.snapshot ? 1 : 0));
  if (place.snapshot) {
    writer.Put(place.snapshot->run);
    writer.PutBytes(place.snapshot->collection);
    writer.PutBytes(place.snapshot->next_id);
    writer.Put(place.snapshot->documents);
    writer.Put(place.snapshot->since);
  }
  if (version >= kPausedVersion) {
    writer.Put(static_cast<std::uint8_t>(place.paused ? 1 : 0));
  }
  if (place.snapshot) writer.PutBytes(place.snapshot->filter);
  if (version >= kVersion) {
    writer.Put(static_cast<std::uint32_t>(place.again.size()));
    for (const std::string& id : place.again) writer.PutBytes(id);
  }
  writer.PutRaw(ChecksumOf(record));
  return record;
}

base::Result<Place> DecodePlace(std::string_view record) {
  base::ByteReader head(record);
  const auto kind = head.Take<std::uint8_t>();
  const auto version = head.Take<std::uint8_t>();
  if (head.ok() && kind != kMongo) {
    return base::Error{base::Code::kFailedPrecondition,
                       "the store follows another kind of source than mongodb: go on with that "
                       "one, or begin a new store"};
  }
  if (head.ok() && (version < kPlainVersion || version > kVersion)) {
    return base::Error{base::Code::kFailedPrecondition,
                       "a newer version wrote the position of mongodb: go on with that version: " +
                           std::to_string(version)};
  }
  const base::Error damaged{base::Code::kDataLoss,
                            "damaged record: position of mongodb; restore a backup of the store"};
  if (record.size() < kChecksum + 2) return damaged;
  const std::string_view body = record.substr(0, record.size() - kChecksum);
  if (record.substr(body.size()) != ChecksumOf(body)) return damaged;
  base::ByteReader reader(body.substr(2));
  Place place;
  place.generation = reader.Take<std::uint32_t>();
  place.start = TakeStart(reader);
  if (TakeFlag(reader)) place.older = TakeStart(reader);
  place.operation_time = reader.Take<std::uint64_t>();
  place.hash = reader.Take<std::uint64_t>();
  place.database = reader.TakeBytes();
  place.replica_set = reader.TakeBytes();
  if (TakeFlag(reader)) {
    SnapshotPlace& snapshot = place.snapshot.emplace();
    snapshot.run = reader.Take<std::uint64_t>();
    snapshot.collection = reader.TakeBytes();
    snapshot.next_id = reader.TakeBytes();
    snapshot.documents = reader.Take<std::uint64_t>();
    snapshot.since = reader.Take<std::uint64_t>();
  }
  if (version >= kPausedVersion) place.paused = TakeFlag(reader);
  if (version == kFilterVersion && !place.snapshot) reader.Fail();
  if (version >= kFilterVersion && place.snapshot) place.snapshot->filter = reader.TakeBytes();
  if (version >= kVersion) {
    for (auto left = reader.Take<std::uint32_t>(); left > 0 && reader.ok(); --left) {
      place.again.emplace(reader.TakeBytes());
    }
  }
  SW_TRY_STATUS(reader.Finish("position of mongodb"));
  return place;
}

}  // namespace stockwatch::mongo_source
