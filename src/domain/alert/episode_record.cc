#include "domain/alert/episode_record.h"

#include "domain/event/record_parts.h"

namespace stockwatch::alert {
namespace {

// 1: without notes and timeline; 2: not of components; 3: does not say who was reached, nor what
// was known of demand, and knew no clock.
constexpr std::uint8_t kVersion = 4;
constexpr std::string_view kWhat = "episode";
static_assert(kFlapOpenings == 4, "a fifth opening is a new version of the record");

SubjectRecord SubjectOf(const Episode& episode, const stock::RollUps& rollups,
                        const ComponentBook& components) {
  if (episode.subject.kind == Subject::Kind::kComponent) {
    return components.at(episode.subject.index);
  }
  if (episode.subject.kind == Subject::Kind::kItem) {
    return ItemSubject{std::string(episode.item.warehouse.text()),
                       std::string(episode.item.sku.text())};
  }
  NodeSubject node{rollups.at(episode.subject.index).tree, {}};
  for (const std::string_view name : rollups.Path(episode.subject.index)) {
    node.path.emplace_back(name);
  }
  return node;
}

void PutSubject(base::ByteWriter& writer, const SubjectRecord& subject) {
  if (const auto* item = std::get_if<ItemSubject>(&subject)) {
    event::PutEnum(writer, Subject::Kind::kItem);
    event::PutName(writer, item->warehouse);
    event::PutName(writer, item->sku);
    return;
  }
  if (const auto* component = std::get_if<Component>(&subject)) {
    event::PutEnum(writer, Subject::Kind::kComponent);
    PutComponent(writer, *component);
    return;
  }
  const auto& node = std::get<NodeSubject>(subject);
  event::PutEnum(writer, Subject::Kind::kNode);
  event::PutEnum(writer, node.tree);
  event::PutList(writer, node.path, event::PutName);
}

SubjectRecord TakeSubject(base::ByteReader& reader) {
  const Subject::Kind kind = event::TakeEnum(reader, Subject::Kind::kComponent);
  if (kind == Subject::Kind::kComponent) return TakeComponent(reader);
  if (kind == Subject::Kind::kItem) {
    ItemSubject item;
    item.warehouse = event::TakeId(reader);
    item.sku = event::TakeId(reader);
    return item;
  }
  NodeSubject node;
  node.tree = event::TakeEnum(reader, stock::Tree::kGlobal);
  node.path = event::TakeList(reader, event::TakeId);
  const std::size_t root = node.tree == stock::Tree::kWarehouse ? 1 : 0;
  if (node.path.size() < root || node.path.size() > root + 3) reader.Fail();
  return node;
}

void PutOrigin(base::ByteWriter& writer, const RuleOrigin& origin) {
  writer.PutBytes(origin.rule_id);
  writer.Put(origin.version);
}

RuleOrigin TakeOrigin(base::ByteReader& reader) {
  RuleOrigin origin;
  origin.rule_id = event::TakeString(reader);
  origin.version = reader.Take<std::uint32_t>();
  return origin;
}

void PutRemark(base::ByteWriter& writer, const Remark& remark) {
  event::PutInstant(writer, remark.at);
  writer.PutBytes(remark.author);
  writer.PutBytes(remark.text);
}

Remark TakeRemark(base::ByteReader& reader) {
  Remark remark;
  remark.at = event::TakeInstant(reader);
  remark.author = event::TakeString(reader);
  remark.text = event::TakeString(reader);
  return remark;
}

void PutNotes(base::ByteWriter& writer, const Notes& notes) {
  writer.PutBytes(notes.acknowledged_by);
  event::PutInstant(writer, notes.acknowledged_at);
  writer.PutBytes(notes.assignee);
  event::PutOptional(writer, notes.snoozed_until, event::PutInstant);
  writer.PutBytes(notes.snoozed_by);
  writer.Put(notes.reminders);
  event::PutList(writer, notes.comments, PutRemark);
}

Notes TakeNotes(base::ByteReader& reader) {
  Notes notes;
  notes.acknowledged_by = event::TakeString(reader);
  notes.acknowledged_at = event::TakeInstant(reader);
  notes.assignee = event::TakeString(reader);
  notes.snoozed_until = event::TakeOptional(reader, event::TakeInstant);
  notes.snoozed_by = event::TakeString(reader);
  notes.reminders = reader.Take<std::uint32_t>();
  notes.comments = event::TakeList(reader, TakeRemark);
  return notes;
}

// Of a record that does not say it: somebody was, where a notice is in the timeline.
bool WasReached(const EpisodeRecord& episode) {
  bool told_somebody = episode.timeline.size() == 0;
  episode.timeline.ForEach([&](std::uint32_t, const Fact& fact) {
    told_somebody = told_somebody || fact.kind == FactKind::kTold;
  });
  return episode.told && told_somebody;
}

base::Result<EpisodeRecord> Read(base::ByteReader& reader, std::uint8_t version) {
  EpisodeRecord episode;
  episode.id = TakeEpisodeId(reader);
  episode.type = event::TakeEnum(reader, event::kLastConditionType);
  episode.state = event::TakeEnum(reader, State::kClosed);
  episode.severity = event::TakeEnum(reader, event::Severity::kPage);
  episode.cause = event::TakeEnum(reader, Cause::kManual);
  episode.told = event::TakeBool(reader);
  episode.flapping = event::TakeBool(reader);
  if (version >= 4) episode.reached = event::TakeBool(reader);
  episode.subject = TakeSubject(reader);
  episode.opened_at = event::TakeInstant(reader);
  episode.reopened_at = event::TakeInstant(reader);
  episode.resolved_at = event::TakeInstant(reader);
  episode.reopened = reader.Take<std::uint32_t>();
  episode.transitions = reader.Take<std::uint32_t>();
  episode.value = reader.Take<std::int64_t>();
  episode.threshold = reader.Take<std::int64_t>();
  episode.origin = event::TakeOptional(reader, TakeOrigin);
  episode.now = reader.Take<std::int64_t>();
  episode.worst = reader.Take<std::int64_t>();
  episode.count = reader.Take<std::uint64_t>();
  for (base::Instant& opening : episode.openings) opening = event::TakeInstant(reader);
  if (version >= 2) {
    episode.timeline = Timeline::Take(reader);
    episode.notes = event::TakeOptional(reader, TakeNotes);
  }
  if (version < 4) episode.reached = WasReached(episode);
  SW_TRY_STATUS(reader.Finish(kWhat));
  return episode;
}

}  // namespace

EpisodeRecord ToRecord(const Episode& episode, const Notes* notes, const stock::RollUps& rollups,
                       const ComponentBook& components, const threshold::RuleBook& rules) {
  EpisodeRecord record;
  record.id = episode.id;
  record.type = episode.type;
  record.state = episode.state;
  record.severity = episode.severity;
  record.cause = episode.cause;
  record.told = episode.told;
  record.flapping = episode.flapping;
  record.reached = episode.reached;
  record.subject = SubjectOf(episode, rollups, components);
  record.opened_at = episode.opened_at;
  record.reopened_at = episode.reopened_at;
  record.resolved_at = episode.resolved_at;
  record.reopened = episode.reopened;
  record.transitions = episode.transitions;
  record.value = episode.value;
  record.threshold = episode.threshold;
  if (episode.origin != threshold::kNoVersion) {
    const threshold::RuleVersion& version = rules.Version(episode.origin);
    record.origin = RuleOrigin{version.rule.id, version.version};
  }
  record.now = episode.now;
  record.worst = episode.worst;
  record.count = episode.count;
  record.openings = episode.openings;
  record.timeline = episode.timeline;
  if (notes != nullptr) record.notes = *notes;
  return record;
}

void EncodeEpisode(const EpisodeRecord& episode, std::string& out) {
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  PutEpisodeId(writer, episode.id);
  event::PutEnum(writer, episode.type);
  event::PutEnum(writer, episode.state);
  event::PutEnum(writer, episode.severity);
  event::PutEnum(writer, episode.cause);
  event::PutBool(writer, episode.told);
  event::PutBool(writer, episode.flapping);
  event::PutBool(writer, episode.reached);
  PutSubject(writer, episode.subject);
  event::PutInstant(writer, episode.opened_at);
  event::PutInstant(writer, episode.reopened_at);
  event::PutInstant(writer, episode.resolved_at);
  writer.Put(episode.reopened);
  writer.Put(episode.transitions);
  writer.Put(episode.value);
  writer.Put(episode.threshold);
  event::PutOptional(writer, episode.origin, PutOrigin);
  writer.Put(episode.now);
  writer.Put(episode.worst);
  writer.Put(episode.count);
  for (const base::Instant opening : episode.openings) event::PutInstant(writer, opening);
  episode.timeline.Encode(writer);
  event::PutOptional(writer, episode.notes, PutNotes);
}

base::Result<EpisodeRecord> DecodeEpisode(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  if (version == 0) return event::DamagedRecord(kWhat);
  if (version > kVersion) return event::NewerRecord(kWhat, version);
  return Read(reader, version);  // version 1 knew neither notes nor timeline
}

std::string SubjectText(const NodeSubject& node) {
  std::string text = "node\n";
  text.append(stock::Name(node.tree));
  for (const std::string& name : node.path) text.append("\n").append(name);
  return text;
}

void PutComponent(base::ByteWriter& writer, const Component& component) {
  event::PutEnum(writer, component.kind);
  writer.PutBytes(component.name);
}

Component TakeComponent(base::ByteReader& reader) {
  Component component;
  component.kind = event::TakeEnum(reader, Component::Kind::kClock);
  component.name = event::TakeString(reader);
  return component;
}

void PutEpisodeId(base::ByteWriter& writer, const EpisodeId& id) {
  for (const std::uint8_t byte : id) writer.Put(byte);
}

EpisodeId TakeEpisodeId(base::ByteReader& reader) {
  EpisodeId id;
  for (std::uint8_t& byte : id) byte = reader.Take<std::uint8_t>();
  return id;
}

}  // namespace stockwatch::alert
