#pragma once

#include <cstdint>
#include <string>

#include "base/digest.h"
#include "base/instant.h"

namespace stockwatch::audit {

// One thing that somebody did, as it was accepted.
struct Entry {
  std::uint64_t number = 0;  // from 1, without gaps
  base::Instant at;          // engine time
  std::string who;           // "admin", "settings": whoever proved to be it
  std::string from;          // an address, or the command that was run beside the store
  std::string kind;          // of the command: "alert.acknowledge", "rule.put", "deadletter.drop"
  std::string subject;       // id of what it is about
  std::string why;           // the reason that was given; may be empty
  // Of the subject, as canonical JSON text; empty: there was nothing, or nothing is left.
  std::string before;
  std::string after;

  bool operator==(const Entry&) const = default;
};

// Each entry's hash covers its own bytes and the hash before it, so nothing can be changed, taken
// out or put in between without changing every hash behind it.
using Hash = base::Sha256Bytes;

struct SealedEntry {
  Entry entry;
  Hash hash{};

  bool operator==(const SealedEntry&) const = default;
};

// Where the chain stands; number 0 and zeros before the first entry.
struct Head {
  std::uint64_t number = 0;
  Hash hash{};

  bool operator==(const Head&) const = default;
};

}  // namespace stockwatch::audit
