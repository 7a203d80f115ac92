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

base::Result<alert::EpisodeRecord> FindEpisode(const flow::State& state, ports::StateStore& store,
                                               std::string_view id) {
  const base::Error missing{base::Code::kNotFound, "no alert has the id " + std::string(id)};
  const auto wanted = event::ParseAlertId(id);
  if (!wanted) return missing;
  if (const auto live = state.episodes.Find(*wanted)) {
    return flow::EpisodeRecordOf(state, *live);
  }
  auto stored = ReadEpisode(store, alert::BytesOf(*wanted));
  if (!stored.ok() && stored.error().code == base::Code::kNotFound) return missing;
  return stored;
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
