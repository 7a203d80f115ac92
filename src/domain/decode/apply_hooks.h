#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/decode/hook.h"
#include "domain/event/raw_document.h"

namespace stockwatch::decode {

enum class Verdict { kKept, kFiltered };

// What hooks work on: the document whose root is node 0, and the document that keeps the text that
// they make.
struct HookTarget {
  event::RawDocument& document;
  event::RawDocument& keeper;
};

// Applies the hooks in order; redaction is left to RedactEvent. `setting` is the path of the list
// in the settings: an error (kInvalidArgument) names the hook as "inventory.hooks[2] (convert,
// field \"qty\")". After an error or kFiltered the document is of no use.
base::Result<Verdict> ApplyHooks(const std::vector<Hook>& hooks, std::string_view setting,
                                 HookTarget target);

}  // namespace stockwatch::decode
