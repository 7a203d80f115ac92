#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "domain/audit/entry.h"
#include "ports/state_store.h"

namespace stockwatch::flow {

// Who does something, as the audit log will say it.
struct Actor {
  std::string who;   // "admin", "operator", "settings"
  std::string from;  // an address, or the command beside the store
  std::string why;   // may be empty
};

// The hash chain of everything that people did: each accepted command and rule edit appends its
// entry to the batch that stores what it did, so both are there or neither.
class AuditLog {
 public:
  // `batch`: the one under way; outlives the log.
  explicit AuditLog(ports::Batch& batch) : batch_(batch) {}

  // Numbers the entry and chains it to the one before.
  void Append(audit::Entry entry);
  // The same of its parts; `before` and `after` are canonical JSON, or empty.
  void Append(base::Instant at, const Actor& actor, std::string kind, std::string subject,
              std::string before, std::string after);

  // Goes on where the store's chain stands. kDataLoss: there are entries and no head.
  base::Status Restore(ports::StateStore& store);

  // Where the chain stands with what this batch adds.
  const audit::Head& head() const { return head_; }

 private:
  ports::Batch& batch_;
  audit::Head head_;
};

// Calls back with each stored entry in order until it returns false. kDataLoss: one cannot be read.
base::Status ReadAudit(ports::StateStore& store,
                       const std::function<bool(const audit::SealedEntry&)>& each);

// The same of those below that number, the latest first.
base::Status ReadAuditBelow(ports::StateStore& store, std::uint64_t below,
                            const std::function<bool(const audit::SealedEntry&)>& each);

struct AuditVerified {
  std::uint64_t entries = 0;             // that are as they were written
  audit::Head head;                      // of those
  std::optional<std::string> violation;  // the first

  // "7 entries, all as they were written, head 7:…": one line.
  std::string Summary() const;
};
// Checks the stored chain from its first entry. `noted`: a number and hash that somebody wrote down
// earlier; the chain must go through it. Whoever can write all of the store can make a new chain,
// which only such a note outside tells from the old one.
base::Result<AuditVerified> VerifyAudit(ports::StateStore& store,
                                        const std::optional<audit::Head>& noted);

// "7:<hash in hex>". kInvalidArgument: it is nothing of the kind.
base::Result<audit::Head> ParseAuditHead(std::string_view text);
std::string AuditHeadText(const audit::Head& head);

// One line of `audit list`. docs/formats.md, Audit.
std::string AuditLine(const audit::SealedEntry& sealed);

}  // namespace stockwatch::flow
