#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

#include "adapters/file_source/file_source.h"
#include "config/settings.h"
#include "domain/decode/decoder.h"
#include "flow/options.h"
#include "flow/pipeline.h"
#include "ports/notifier.h"

namespace stockwatch::app {

struct ReplayOptions {
  file_source::Options source;
  decode::Options decode;
  decode::Seal seal;  // of sensitive values; nullptr: they are redacted
  flow::Options flow;
  std::optional<std::string> export_dir;
  std::optional<std::string> store_folder;  // durable; none: in memory
  bool strict = false;                      // the first dead letter ends the replay with an error
};

// Of the file at `path` ("-": standard input), as the settings say.
ReplayOptions ReplayOptionsFrom(config::Settings settings, std::string path);

// Alerts that are open or acknowledged, by type.
flow::CountByType OpenNow(const flow::State& state);

// Changes at their own time: file → engine → summary and export. The time in it is that of the
// changes, so two runs give the same bytes. On a durable store a replay goes on where an earlier
// one of the same file was.
class Replay {
 public:
  // `notifier` may be nullptr; it must outlive the replay. Fails as FileSource::Open and the store
  // do, or where
  // the export folder cannot be made (kFailedPrecondition).
  static base::Result<std::unique_ptr<Replay>> Open(ReplayOptions options,
                                                    ports::Notifier* notifier);
  ~Replay();

  // One batch. False when the input has ended.
  base::Result<bool> Step();
  // Writes the export, if one was asked for: each file appears whole or not at all.
  base::Status Export();

  // The object of `replay --output json`; `seconds` is how long the run took.
  std::string SummaryJson(double seconds) const;
  const flow::State& state() const;
  const std::string& digest() const { return digest_; }
  // 0 to 1; negative where the size of the input is not known.
  double progress() const;

 private:
  struct Parts;
  explicit Replay(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
  std::string digest_;
};

}  // namespace stockwatch::app
