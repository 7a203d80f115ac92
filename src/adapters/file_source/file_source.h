#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ports/change_source.h"
#include "ports/telling.h"
#include "wire/change_event/change_event.h"

namespace stockwatch::file_source {

struct Options {
  std::string path;  // "-": standard input. Gzip is recognised by its first bytes
  std::uint64_t line_bytes_max = std::uint64_t{64} << 20;
  std::uint32_t depth_max = 100;
  change_event::UpdateImages update_images = change_event::UpdateImages::kLookup;
  // Waits for more at the end of a plain file, and for the line break of its last line; gives back
  // the thread where a pipe or terminal has nothing now.
  bool follow = false;
  ports::Tell tell;  // nullptr: nobody wants to know
};

// Changes from a file of NDJSON, one change event a line, plain or gzip. A line that is no change
// event, is too long or too deep is an input with a reject; a file that cannot be read or whose
// gzip stream is damaged is an error.
//
// A plain file that is followed is read to its end when it was renamed, and when all of that is
// acknowledged the next file of its name from its beginning. One that was cut back, as `connect`
// does after a crash, is read again from its beginning; one that was truncated is an error: what
// was lost cannot be told.
class FileSource : public ports::ChangeSource {
 public:
  // kNotFound, kInvalidArgument (a directory), kFailedPrecondition (no permission).
  static base::Result<std::unique_ptr<FileSource>> Open(Options options);
  ~FileSource() override;

  base::Result<ports::Next> Read(ports::RawInput& input) override;
  base::Status Acknowledge() override;
  // Standard input has none.
  std::string Position() const override;
  // Another file than that of the position is read from its start.
  base::Status Resume(std::string_view position) override;

  // Why nothing can come: no file has the name. nullopt: one has.
  const std::optional<std::string>& trouble() const;

  // Progress: bytes read of the file as it is stored, and its size; 0 where it has none (a pipe).
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_total() const;

 private:
  base::Result<ports::Next> Wait();
  base::Result<ports::Next> GoOnWithNext();
  base::Status BeginAgain(const std::string& why);

  struct State;
  explicit FileSource(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace stockwatch::file_source
