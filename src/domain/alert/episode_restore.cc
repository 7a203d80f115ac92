#include "domain/alert/episode_book.h"

#include "base/bytes.h"
#include "domain/event/record_parts.h"

namespace stockwatch::alert {
namespace {

using event::ConditionType;

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kWhat = "watches of a subject";

// Beside the type, in its byte.
constexpr std::uint8_t kTypeBits = 0x3F;
constexpr std::uint8_t kPending = 0x40;
constexpr std::uint8_t kActive = 0x80;

}  // namespace

void EpisodeBook::EncodeWatches(Subject subject, std::string& out) const {
  const stock::Watched* watched = FindWatched(subject);
  if (watched == nullptr || watched->first == stock::kNoSlab) return;
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  for (auto i = watched->first; i != stock::kNoSlab; i = watches_[i].next) {
    const Watch& watch = watches_[i];
    const Episode* episode = watch.episode ? &episodes_[*watch.episode] : nullptr;
    const bool active = episode != nullptr && episode->active();
    if (!active && !watch.pending_since) continue;  // resolved: its own record says all
    auto head = static_cast<std::uint8_t>(event::Index(watch.type));
    if (watch.pending_since) head |= kPending;
    if (active) head |= kActive;
    writer.Put(head);
    if (watch.pending_since) {
      event::PutInstant(writer, *watch.pending_since);
      event::PutDuration(writer, watch.hold_for);
    }
    if (active) {
      event::PutEnum(writer, episode->severity);
      writer.PutSignedVarint(episode->now);
      writer.PutSignedVarint(episode->worst);
      writer.PutVarint(episode->count);
    }
  }
}

void EpisodeBook::Restore(const EpisodeRecord& record, Subject subject,
                          threshold::VersionIndex origin) {
  const EpisodeIndex index = NewEpisode();
  Episode& episode = episodes_[index];
  episode.id = record.id;
  episode.type = record.type;
  episode.state = record.state;
  episode.severity = record.severity;
  episode.cause = record.cause;
  episode.told = record.told;
  episode.flapping = record.flapping;
  episode.reached = record.reached;
  episode.subject = subject;
  if (subject.kind == Subject::Kind::kItem) episode.item = directory_.Key(subject.index);
  episode.opened_at = record.opened_at;
  episode.reopened_at = record.reopened_at;
  episode.resolved_at = record.resolved_at;
  episode.reopened = record.reopened;
  episode.transitions = record.transitions;
  episode.value = record.value;
  episode.threshold = record.threshold;
  episode.origin = origin;
  episode.now = record.now;
  episode.worst = record.worst;
  episode.count = record.count;
  episode.openings = record.openings;
  episode.timeline = record.timeline;
  Enlist(index);
  if (record.notes) notes_[index] = *record.notes;
  stock::Watched& watched = WatchedOf(subject);
  WatchOf(watched, record.type).episode = index;
  if (episode.active() && !episode.told) untold_.insert(index);
  Settle(watched, record.type);
}

base::Status EpisodeBook::RestoreWatches(Subject subject, std::string_view record) {
  if (record.empty()) return {};
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  if (version > kVersion) return event::NewerRecord(kWhat, version);
  if (version == 0) return event::DamagedRecord(kWhat);
  stock::Watched& watched = WatchedOf(subject);
  while (reader.ok() && !reader.empty()) {
    const auto head = reader.Take<std::uint8_t>();
    const unsigned number = head & kTypeBits;
    if (number >= event::kConditionTypes) return event::DamagedRecord(kWhat);
    const auto type = static_cast<ConditionType>(number);
    Watch& watch = WatchOf(watched, type);
    if ((head & kPending) != 0) {
      watch.pending_since = event::TakeInstant(reader);
      watch.hold_for = event::TakeDuration(reader);
    }
    if ((head & kActive) != 0) {
      const bool active = watch.episode && episodes_[*watch.episode].active();
      if (!active) return event::DamagedRecord(kWhat);
      Episode& episode = episodes_[*watch.episode];
      episode.severity = event::TakeEnum(reader, event::Severity::kPage);
      episode.now = reader.TakeSignedVarint();
      episode.worst = reader.TakeSignedVarint();
      episode.count = reader.TakeVarint();
    }
    Settle(watched, type);
  }
  return reader.Finish(kWhat);
}

}  // namespace stockwatch::alert
