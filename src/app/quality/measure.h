#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "app/quality/report.h"
#include "base/result.h"
#include "domain/decode/options.h"
#include "flow/options.h"
#include "ports/change_source.h"

namespace stockwatch::quality {

struct Options {
  flow::Options flow;
  decode::Options decode;
  // Stock-outs and alerts of the first days teach and are not judged.
  std::uint32_t warm_up_days = 28;
  // Of the items, by "<warehouse>/<sku>"; of an item that is not in it, and where it is empty, by
  // what was sold.
  std::map<std::string, std::string, std::less<>> classes;
};

// Takes all changes of the source through an engine in memory and through books of its own, and
// holds the one's alerts against what became of the other's stock. An alert is true if what was
// available at its opening was taken by customers within the resolved lead time, whatever came in
// meanwhile; what the recording ends too early to tell is not judged. The interval is asked for at
// the first change of every third day. Errors as the source's.
base::Result<Report> Measure(ports::ChangeSource& source, const Options& options);

}  // namespace stockwatch::quality
