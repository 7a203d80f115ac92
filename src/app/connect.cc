#include "app/connect.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/json_writer.h"
#include "wire/ejson/ejson_writer.h"

namespace stockwatch::app {
namespace {

using base::Code;
using base::Error;
using std::chrono::steady_clock;

constexpr std::uint8_t kVersion = 1;
constexpr std::chrono::milliseconds kIdlePause{5};       // where the source has nothing
constexpr std::chrono::milliseconds kTroublePause{500};  // where the place cannot be reached

// What is no change, as a line that says so: whoever reads the file sees that something was here.
std::string LineOf(const event::Reject& reject, std::string_view bytes, bool shown) {
  std::string line;
  base::JsonWriter json(line);
  json.BeginObject().Key("unreadable").BeginObject();
  json.Key("reason").String(reject.reason).Key("message").String(reject.message);
  json.Key("bytes");
  shown ? json.String(base::Base64(bytes)) : json.Null();
  json.EndObject().EndObject();
  return line;
}

}  // namespace

std::string EncodeConnectPlace(const ConnectPlace& place) {
  std::string record;
  base::ByteWriter writer(record);
  writer.Put(kVersion);
  writer.PutBytes(place.file);
  writer.Put(place.length);
  for (const std::uint8_t byte : place.tail) writer.Put(byte);
  writer.PutBytes(place.source);
  return record;
}

base::Result<ConnectPlace> DecodeConnectPlace(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  if (version > kVersion) {
    return Error{Code::kFailedPrecondition, "a newer version wrote this place of a connector"};
  }
  ConnectPlace place;
  place.file = reader.TakeBytes();
  place.length = reader.Take<std::uint64_t>();
  for (std::uint8_t& byte : place.tail) byte = reader.Take<std::uint8_t>();
  place.source = reader.TakeBytes();
  SW_TRY_STATUS(reader.Finish("place of a connector"));
  if (version == 0) return Error{Code::kDataLoss, "damaged record: place of a connector"};
  return place;
}

base::Status Connector::Begin(std::string_view taken) {
  ConnectPlace place;
  if (!taken.empty()) {
    SW_TRY(place, DecodeConnectPlace(taken));
  }
  SW_TRY_STATUS(parts_.file.Lock());
  SW_TRY(const std::uint64_t length, LengthOf(place, !taken.empty()));
  SW_TRY_STATUS(parts_.file.GoOnAt(length));
  if (!place.source.empty()) SW_TRY_STATUS(parts_.source.Resume(place.source));
  kept_ = taken;
  beat_at_ = steady_clock::now();
  unkept_ = true;  // that the file is ours is kept before its first line
  return {};
}

base::Result<std::uint64_t> Connector::LengthOf(const ConnectPlace& place, bool taken) const {
  SW_TRY(const std::uint64_t size, parts_.file.Size());
  const bool ours = taken && place.file == options_.file;
  if (size == 0 && (!ours || place.length == 0)) return 0;
  if (size >= place.length && (ours || place.length > 0)) {
    SW_TRY(const base::Sha256Bytes tail, parts_.file.TailBefore(place.length));
    if (tail == place.tail) return place.length;
  }
  return Error{Code::kFailedPrecondition,
               options_.file + " holds " + std::to_string(size) + " bytes that " +
                   (taken ? "are not those of the position, which is behind " +
                                std::to_string(place.length) + " bytes of " + place.file
                          : "no position knows") +
                   ": name that file, or an empty one"};
}

void Connector::Write(ports::RawInput& input) {
  ++changes_;
  const bool readable = !input.reject || input.reject->stage != event::Stage::kRead;
  std::string line;
  if (readable) {
    parts_.decoder.Protect(input.change);
    ejson::WriteEjson(input.change.event, 0, line);
  } else {
    ++unreadable_;
    parts_.log.Write(LogLevel::kWarning, "unreadable", "a change that cannot be read was noted",
                     {{"reason", input.reject->reason}});
    line = LineOf(*input.reject, input.bytes, !parts_.decoder.Protects());
  }
  parts_.file.Append(line);
}

base::Result<bool> Connector::Gather() {
  ports::RawInput input;
  while (parts_.file.waiting() < options_.batch_bytes) {
    SW_TRY(const ports::Next next, parts_.source.Read(input));
    if (next == ports::Next::kInput) {
      Write(input);
      continue;
    }
    // What vanished in a gap no line can say: its keys are not known here.
    if (parts_.source.TakeSnapshotEnd()) continue;
    return false;
  }
  return true;
}

base::Status Connector::Keep() {
  SW_TRY_STATUS(parts_.file.Sync());
  SW_TRY(const base::Sha256Bytes tail, parts_.file.TailBefore(parts_.file.length()));
  std::string record =
      EncodeConnectPlace({options_.file, parts_.file.length(), tail, parts_.source.Position()});
  const bool renews = parts_.positions.lease() > base::Duration() &&
                      steady_clock::now() - put_at_ >=
                          std::chrono::microseconds(parts_.positions.lease().micros() / 3);
  unkept_ = true;
  if (record != kept_ || renews) {
    SW_TRY_STATUS(parts_.positions.Put(record));
    put_at_ = steady_clock::now();
    kept_ = std::move(record);
  }
  unkept_ = false;
  return parts_.source.Acknowledge();
}

base::Result<bool> Connector::Step() {
  // What could not be kept is kept before anything is read behind it.
  if (unkept_) SW_TRY_STATUS(Keep());
  const std::uint64_t before = changes_;
  SW_TRY(const bool more, Gather());
  SW_TRY_STATUS(Keep());
  Beat();
  return more || changes_ != before;
}

void Connector::Beat() {
  const auto health = parts_.source.GetHealth();
  const bool silent = health && !health->paused && health->still > health->still_max;
  if (silent && !silent_) {
    parts_.log.Write(LogLevel::kError, "source_silent", "the source shows no progress",
                     {{"seconds", health->still.micros() / 1'000'000}});
  }
  silent_ = silent;
  const auto now = steady_clock::now();
  if (now - beat_at_ < std::chrono::microseconds(options_.heartbeat.micros())) return;
  beat_at_ = now;
  const SourceBeat beat = options_.beat ? options_.beat() : SourceBeat();
  const auto write = [&](const LogField& headroom) {
    parts_.log.Write(LogLevel::kInfo, "heartbeat", "changes are written",
                     {{"phase", beat.phase},
                      {"trouble", beat.trouble},
                      {"start", beat.start},
                      {"place_time_seconds", beat.place_time},
                      {"behind_seconds", beat.behind},
                      {"changes", changes_},
                      {"unreadable", unreadable_},
                      {"file_bytes", parts_.file.length()},
                      {"moving", !silent},
                      headroom});
  };
  beat.headroom ? write({"oplog_headroom_seconds", *beat.headroom})
                : write({"oplog_headroom_known", false});
}

namespace {

// The place, as soon as nobody else has it. An empty optional: it was stopped.
base::Result<std::optional<std::string>> TakePlace(const Connector::Parts& parts, bool waits,
                                                   const std::function<bool()>& stops) {
  const std::chrono::microseconds lease(parts.positions.lease().micros());
  const auto until = steady_clock::now() + lease + lease / 2;
  bool told = false;
  while (!stops()) {
    auto taken = parts.positions.Take();
    if (taken.ok()) return std::optional(std::move(taken).value());
    const bool again =
        taken.error().code == Code::kUnavailable && (waits || steady_clock::now() < until);
    if (!again) return taken.error();
    if (!std::exchange(told, true)) {
      parts.log.Write(LogLevel::kInfo, "standing_by", taken.error().message);
    }
    std::this_thread::sleep_for(kTroublePause);
  }
  return std::optional<std::string>();
}

base::Status Loop(Connector& connector, Log& log, const std::function<bool()>& stops) {
  while (true) {
    const bool stopping = stops();
    auto step = connector.Step();
    if (!step.ok() && step.error().code != Code::kUnavailable) return step.error();
    if (stopping) return step.ok() ? base::Status() : step.error();
    if (!step.ok()) {
      log.Write(LogLevel::kWarning, "place_unreachable", step.error().message);
      std::this_thread::sleep_for(kTroublePause);
    } else if (!step.value()) {
      std::this_thread::sleep_for(kIdlePause);
    }
  }
}

}  // namespace

base::Status RunConnector(const Connector::Parts& parts, Connector::Options options, bool waits,
                          const std::function<bool()>& stops) {
  SW_TRY(const auto taken, TakePlace(parts, waits, stops));
  if (!taken) return {};
  Connector connector(parts, std::move(options));
  SW_TRY_STATUS(connector.Begin(*taken));
  parts.log.Write(LogLevel::kInfo, "started", "writing changes",
                  {{"file_bytes", parts.file.length()}, {"goes_on", !taken->empty()}});
  SW_TRY_STATUS(Loop(connector, parts.log, stops));
  parts.log.Write(LogLevel::kInfo, "stopped", "all that was read is kept",
                  {{"changes", connector.changes()}});
  return {};
}

}  // namespace stockwatch::app
