#include "app/records_file.h"

#include <array>
#include <charconv>
#include <optional>

#include "adapters/file_source/line_reader.h"
#include "base/digest.h"
#include "base/json_writer.h"

namespace stockwatch::app {
namespace {

using ports::Family;

constexpr std::array<std::string_view, 19> kNames{
    "",      "episode",  "outbox",  "dead_letter", "item",        "item_name", "node",
    "rule",  "departed", "tokens",  "engine",      "source",      "demand",    "delivery",
    "audit", "silence",  "command", "key",         "closed_alert"};
static_assert(kNames.size() == static_cast<std::size_t>(ports::kLastFamily) + 1);

constexpr std::string_view kHeader = "{\"stockwatch_records\":1}\n";
constexpr std::size_t kBatchBytes = std::size_t{1} << 20;

std::string RecordLine(Family family, std::string_view key, std::string_view record) {
  std::string line;
  base::JsonWriter json(line);
  json.BeginObject();
  json.Key("family").String(kNames[static_cast<std::size_t>(family)]);
  json.Key("key").String(base::Hex(key));
  json.Key("record").String(base::Hex(record));
  json.EndObject();
  return line += '\n';
}

std::string HistoryLine(std::uint32_t item, base::Position position, std::string_view record) {
  std::string line;
  base::JsonWriter json(line);
  json.BeginObject();
  json.Key("history").Unsigned(item);
  json.Key("g").Unsigned(position.generation);
  json.Key("t").Unsigned(position.seconds);
  json.Key("i").Unsigned(position.increment);
  json.Key("n").Unsigned(position.ordinal);
  json.Key("record").String(base::Hex(record));
  json.EndObject();
  return line += '\n';
}

// A file that was cut off has none.
std::string EndLine(const Imported& written) {
  return "{\"end\":true,\"records\":" + std::to_string(written.records) +
         ",\"history_rows\":" + std::to_string(written.history_rows) + "}\n";
}

// The lines have one form: what WriteRecords writes, and nothing else.
class LineParser {
 public:
  explicit LineParser(std::string_view line) : rest_(line) {}

  bool Skip(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  std::optional<std::uint32_t> Number() {
    std::uint32_t number = 0;
    const auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (read.ec != std::errc()) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(read.ptr - rest_.data()));
    return number;
  }
  std::optional<std::string_view> Text() {
    const auto end = rest_.find('"', 1);
    if (!rest_.starts_with('"') || end == std::string_view::npos) return std::nullopt;
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }
  std::optional<std::string> Bytes() {
    const auto text = Text();
    if (!text || text->size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < text->size(); i += 2) {
      unsigned value = 0;
      const char* from = text->data() + i;
      const auto read = std::from_chars(from, from + 2, value, 16);
      if (read.ec != std::errc() || read.ptr != from + 2) return std::nullopt;
      bytes.push_back(static_cast<char>(value));
    }
    return bytes;
  }
  bool ended() const { return rest_ == "}"; }

 private:
  std::string_view rest_;
};

std::optional<Family> FamilyOf(std::string_view name) {
  for (std::size_t i = 1; i < kNames.size(); ++i) {
    if (!name.empty() && kNames[i] == name) return static_cast<Family>(i);
  }
  return std::nullopt;
}

bool TakeRecord(LineParser& line, ports::Batch& batch) {
  const auto name = line.Text();
  const auto family = name ? FamilyOf(*name) : std::nullopt;
  if (!family || !line.Skip(",\"key\":")) return false;
  const auto key = line.Bytes();
  if (!key || key->empty() || key->size() > 65'535 || !line.Skip(",\"record\":")) return false;
  const auto record = line.Bytes();
  if (!record || !line.ended()) return false;
  batch.Put(*family, *key, *record);
  return true;
}

bool TakeHistory(LineParser& line, ports::Batch& batch) {
  const auto item = line.Number();
  std::array<std::uint32_t, 4> parts{};
  constexpr std::array<std::string_view, 4> kKeys{",\"g\":", ",\"t\":", ",\"i\":", ",\"n\":"};
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    const auto part = line.Skip(kKeys[i]) ? line.Number() : std::nullopt;
    if (!part) return false;
    parts[i] = *part;
  }
  if (!item || !line.Skip(",\"record\":")) return false;
  const auto record = line.Bytes();
  if (!record || !line.ended()) return false;
  batch.AppendHistory(*item, {parts[0], parts[1], parts[2], parts[3]}, *record);
  return true;
}

}  // namespace

base::Status WriteRecords(flow::State& state, ports::StateStore& store,
                          const flow::LineSink& sink) {
  sink(kHeader);
  Imported written;
  for (std::size_t number = 1; number < kNames.size(); ++number) {
    const auto family = static_cast<Family>(number);
    SW_TRY_STATUS(store.ReadFamily(family, [&](std::string_view key, std::string_view record) {
      sink(RecordLine(family, key, record));
      ++written.records;
    }));
  }
  for (key::ItemIndex item = 0; item < state.ledger.size(); ++item) {
    if (state.ledger.at(item).group == stock::kNoSlab) continue;  // a number that is free
    SW_TRY_STATUS(store.ReadHistory(item, [&](base::Position position, std::string_view record) {
      sink(HistoryLine(item, position, record));
      ++written.history_rows;
    }));
  }
  sink(EndLine(written));
  return {};
}

base::Result<Imported> ReadRecords(const std::string& path, ports::StateStore& store) {
  constexpr std::uint64_t kLineMax = std::uint64_t{256} << 20;
  SW_TRY(auto lines, file_source::LineReader::Open(path, kLineMax, false));
  const auto wrong = [&](const std::string& what) {
    return base::Error{base::Code::kInvalidArgument,
                       "line " + std::to_string(lines.line_number()) + ": " + what};
  };
  Imported imported;
  ports::Batch batch;
  std::string line;
  bool ended = false;
  while (true) {
    SW_TRY(const auto read, lines.Next(line));
    if (read == file_source::LineReader::Line::kEnd) break;
    if (lines.line_number() == 1) {
      if (line + "\n" != kHeader) return wrong("this is no records file of version 1");
      continue;
    }
    if (ended) return wrong("this stands behind the end");
    ended = line + "\n" == EndLine(imported);
    if (ended) continue;
    LineParser parser(line);
    if (parser.Skip("{\"family\":") && TakeRecord(parser, batch)) {
      ++imported.records;
    } else if (parser.Skip("{\"history\":") && TakeHistory(parser, batch)) {
      ++imported.history_rows;
    } else {
      return wrong("this is no record");
    }
    if (batch.bytes().size() < kBatchBytes) continue;
    SW_TRY_STATUS(store.Commit(batch));
    batch.Clear();
  }
  if (!ended) return wrong("the file ends before its end: it was cut off, or lines are missing");
  SW_TRY_STATUS(store.Commit(batch));
  return imported;
}

}  // namespace stockwatch::app
