#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/audit/entry.h"

namespace stockwatch::audit {

// Appends the record, which ends with the entry's hash, to `out` and gives that hash.
// docs/formats.md, Audit entry.
Hash EncodeEntry(const Entry& entry, const Hash& previous, std::string& out);
// kDataLoss for damaged bytes, kFailedPrecondition for a newer version. The hash is read, not
// checked: that takes the entry before it (ChainCheck).
base::Result<SealedEntry> DecodeEntry(std::string_view record);

// Appends the record to `out`; docs/formats.md, Audit head. Decoding as above.
void EncodeHead(const Head& head, std::string& out);
base::Result<Head> DecodeHead(std::string_view record);

}  // namespace stockwatch::audit
