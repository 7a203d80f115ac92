#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "adapters/change_file/change_file.h"
#include "app/log.h"
#include "app/source_beat.h"
#include "base/digest.h"
#include "base/result.h"
#include "domain/decode/decoder.h"
#include "ports/change_source.h"
#include "ports/position_store.h"

namespace stockwatch::app {

// How far a connector has come: the first bytes of its file, and the place of its source behind
// them.
struct ConnectPlace {
  std::string file;  // machine and path of the file
  std::uint64_t length = 0;
  base::Sha256Bytes tail{};  // change_file::ChangeFile::TailBefore(length)
  std::string source;        // ports::ChangeSource::Position

  bool operator==(const ConnectPlace&) const = default;
};

// docs/formats.md, Places of connectors.
std::string EncodeConnectPlace(const ConnectPlace& place);
// kDataLoss: damaged; kFailedPrecondition: of a newer version.
base::Result<ConnectPlace> DecodeConnectPlace(std::string_view record);

// Changes of a source as lines of a file, without an engine: each once and in order, whatever is
// killed when. Sensitive values are protected before they are written. One thread.
class Connector {
 public:
  struct Parts {
    ports::ChangeSource& source;
    change_file::ChangeFile& file;
    ports::PositionStore& positions;
    const decode::Decoder& decoder;  // of which the protection alone is used
    Log& log;
  };
  struct Options {
    std::string file;                                // ConnectPlace::file
    std::size_t batch_bytes = std::size_t{1} << 20;  // of lines between two places
    base::Duration heartbeat = base::Duration::Seconds(30);
    std::function<SourceBeat()> beat = nullptr;  // of the source, for that line; may be empty
  };

  // `parts` must outlive it.
  Connector(const Parts& parts, Options options) : parts_(parts), options_(std::move(options)) {}

  // Goes on where the place that was taken says; the first thing to do. A place of another machine
  // goes on in an empty file here. kFailedPrecondition: the file holds something that the place
  // does not know; it is left as it is. Other errors as the parts'.
  base::Status Begin(std::string_view taken);
  // One batch: what the source has, on the disk, then the place behind it. False: there was
  // nothing. kUnavailable: the place cannot be stored now; the same batch again next time.
  base::Result<bool> Step();

  std::uint64_t changes() const { return changes_; }

 private:
  // Lines of what the source has now; false: it has nothing more.
  base::Result<bool> Gather();
  void Write(ports::RawInput& input);
  // How much of the file belongs to the place.
  base::Result<std::uint64_t> LengthOf(const ConnectPlace& place, bool taken) const;
  base::Status Keep();
  void Beat();

  Parts parts_;
  Options options_;
  std::string kept_;  // the record that was stored last
  bool unkept_ = false;
  std::uint64_t changes_ = 0;
  std::uint64_t unreadable_ = 0;
  std::chrono::steady_clock::time_point put_at_{};
  std::chrono::steady_clock::time_point beat_at_{};
  bool silent_ = false;
};

// Takes the place, as soon as it is free where it waits for that, and steps until `stops`. `waits`:
// while another process holds it; else no longer than a lease lasts.
base::Status RunConnector(const Connector::Parts& parts, Connector::Options options, bool waits,
                          const std::function<bool()>& stops);

}  // namespace stockwatch::app
