#include "app/look/listings.h"

#include <functional>
#include <optional>

#include "base/digest.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "domain/event/alert_id.h"
#include "domain/event/dead_letter_record.h"
#include "flow/listing.h"
#include "flow/read_records.h"

namespace stockwatch::look {
namespace {

base::Result<event::DeadLetter> FirstWhere(
    ports::StateStore& store, const std::string& missing,
    const std::function<bool(const event::DeadLetter&)>& is) {
  std::optional<event::DeadLetter> found;
  SW_TRY_STATUS(ReadDeadLetters(store, {}, [&](std::string_view, const event::DeadLetter& letter) {
    if (is(letter)) found = letter;
    return !found.has_value();
  }));
  if (!found) return base::Error{base::Code::kNotFound, missing};
  return *std::move(found);
}

base::Error NoAlert(std::string_view id) {
  return {base::Code::kNotFound, "no alert has the id " + std::string(id)};
}

}  // namespace

base::Status ReadDeadLetters(
    ports::StateStore& store, std::string_view from_key,
    const std::function<bool(std::string_view key, const event::DeadLetter& letter)>& each) {
  return flow::ReadDecoded(store, {ports::Family::kDeadLetter, from_key}, event::DecodeDeadLetter,
                           each);
}

base::Status WriteDeadLetters(ports::StateStore& store, const flow::LineSink& sink) {
  return ReadDeadLetters(store, {}, [&](std::string_view, const event::DeadLetter& letter) {
    sink(flow::DeadLetterLine(letter));
    return true;
  });
}

base::Result<event::DeadLetter> FindDeadLetter(ports::StateStore& store, std::string_view id) {
  return FirstWhere(store, "no dead letter has the id " + std::string(id),
                    [&](const event::DeadLetter& letter) { return letter.id == id; });
}

base::Result<event::DeadLetter> FirstDeadLetter(ports::StateStore& store) {
  return FirstWhere(store, "no dead letter", [](const event::DeadLetter&) { return true; });
}

base::Result<alert::EpisodeRecord> ReadEpisode(ports::StateStore& store, std::string_view id) {
  SW_TRY(const auto found, flow::ReadRecord(store, ports::Family::kEpisode, id));
  if (!found) return base::Error{base::Code::kNotFound, "no alert has that id"};
  return alert::DecodeEpisode(*found);
}

base::Result<alert::EpisodeId> WholeAlertId(const flow::State& state, std::string_view id) {
  if (const auto whole = event::ParseAlertId(id)) return *whole;
  constexpr std::size_t kDigitsMin = 8;
  if (id.size() < kDigitsMin) return NoAlert(id);
  std::optional<alert::EpisodeId> found;
  std::size_t times = 0;
  state.episodes.ForEach([&](const alert::Episode& episode, const alert::Notes*) {
    if (!event::AlertIdText(episode.id).starts_with(id)) return;
    found = episode.id;
    ++times;
  });
  if (times == 0) return NoAlert(id);
  if (times == 1) return *found;
  return base::Error{base::Code::kInvalidArgument,
                     "several alerts have ids that begin with " + std::string(id)};
}

base::Result<alert::EpisodeRecord> FindEpisode(const flow::State& state, ports::StateStore& store,
                                               std::string_view id) {
  SW_TRY(const alert::EpisodeId wanted, WholeAlertId(state, id));
  if (const auto live = state.episodes.Find(wanted)) {
    return flow::EpisodeRecordOf(state, *live);
  }
  auto stored = ReadEpisode(store, alert::BytesOf(wanted));
  if (!stored.ok() && stored.error().code == base::Code::kNotFound) return NoAlert(id);
  return stored;
}

base::Result<std::optional<alert::EpisodeRecord>> FindLastEnded(const flow::State& state,
                                                                ports::StateStore& store,
                                                                key::ItemIndex item,
                                                                event::ConditionType type,
                                                                std::size_t scan_max) {
  using Found = std::optional<alert::EpisodeRecord>;
  if (const auto index = state.episodes.Resolved(alert::Subject::OfItem(item), type)) {
    return Found(flow::EpisodeRecordOf(state, *index));
  }
  const event::ItemKey key = state.directory.Key(item);
  const alert::SubjectRecord subject =
      alert::ItemSubject{std::string(key.warehouse.text()), std::string(key.sku.text())};
  std::vector<std::string> ids;
  SW_TRY_STATUS(
      store.ReadRange({ports::Family::kClosedAlert}, [&](std::string_view age, std::string_view) {
        ids.emplace_back(flow::IdOfAgeKey(age));
        return ids.size() < scan_max;
      }));
  for (const std::string& id : ids) {
    SW_TRY(alert::EpisodeRecord record, ReadEpisode(store, id));
    if (record.type == type && record.subject == subject) return Found(std::move(record));
  }
  return Found();
}

std::string DeadLetterJson(const event::DeadLetter& letter) {
  std::string line = flow::DeadLetterLine(letter);
  line.resize(line.size() - 2);  // "}\n"
  std::string bytes;
  base::JsonWriter json(bytes);
  const bool text = base::IsUtf8(letter.bytes);
  json.BeginObject();
  json.Key(text ? "bytes" : "bytes_hex");
  json.String(text ? letter.bytes : base::Hex(letter.bytes));
  json.EndObject();
  return line + "," + bytes.substr(1) + "\n";
}

}  // namespace stockwatch::look
