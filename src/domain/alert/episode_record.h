#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "domain/alert/episode.h"
#include "domain/threshold/rule_book.h"

namespace stockwatch::alert {

// What an episode is about, by names: numbers of items and nodes differ from run to run.
struct ItemSubject {
  std::string warehouse;
  std::string sku;
  bool operator==(const ItemSubject&) const = default;
};
struct NodeSubject {
  stock::Tree tree = stock::Tree::kGlobal;
  std::vector<std::string> path;  // global: up to 3 names; warehouse: 1 to 4
  bool operator==(const NodeSubject&) const = default;
};

using SubjectRecord = std::variant<ItemSubject, NodeSubject, Component>;

// The rule version that gave the threshold at first opening.
struct RuleOrigin {
  std::string rule_id;
  std::uint32_t version = 0;
  bool operator==(const RuleOrigin&) const = default;
};

// An episode that owns what it says, complete without the engine. Fields as in Episode.
struct EpisodeRecord {
  EpisodeId id{};
  event::ConditionType type{};
  State state = State::kOpen;
  event::Severity severity{};
  Cause cause = Cause::kCleared;
  bool told = false;
  bool flapping = false;
  bool reached = false;
  SubjectRecord subject;
  base::Instant opened_at;
  base::Instant reopened_at;
  base::Instant resolved_at;
  std::uint32_t reopened = 0;
  std::uint32_t transitions = 0;
  std::int64_t value = 0;
  std::int64_t threshold = 0;
  std::optional<RuleOrigin> origin;
  std::int64_t now = 0;
  std::int64_t worst = 0;
  std::uint64_t count = 0;
  std::array<base::Instant, kFlapOpenings> openings{};
  Timeline timeline;
  std::optional<Notes> notes;  // nullopt: nobody did anything

  bool operator==(const EpisodeRecord&) const = default;
};

// `notes`: of the episode, may be nullptr.
EpisodeRecord ToRecord(const Episode& episode, const Notes* notes, const stock::RollUps& rollups,
                       const ComponentBook& components, const threshold::RuleBook& rules);

// Appends the record to `out`; docs/formats.md, Records.
void EncodeEpisode(const EpisodeRecord& episode, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version.
base::Result<EpisodeRecord> DecodeEpisode(std::string_view record);

// As that of the subject itself (episode.h).
std::string SubjectText(const NodeSubject& node);

void PutComponent(base::ByteWriter& writer, const Component& component);
Component TakeComponent(base::ByteReader& reader);
void PutEpisodeId(base::ByteWriter& writer, const EpisodeId& id);
EpisodeId TakeEpisodeId(base::ByteReader& reader);

}  // namespace stockwatch::alert
