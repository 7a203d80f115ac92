#include "flow/audit_log.h"

#include <charconv>

#include "base/json_writer.h"
#include "domain/audit/chain.h"
#include "domain/audit/entry_record.h"
#include "flow/keys.h"
#include "flow/read_records.h"

namespace stockwatch::flow {
namespace {

// Calls back with the number that the key names and the record, head apart.
base::Status ReadRecords(
    ports::StateStore& store, std::optional<audit::Head>& head,
    const std::function<void(std::string_view key, std::string_view record)>& entry) {
  base::Status decoded;
  SW_TRY_STATUS(
      store.ReadFamily(ports::Family::kAudit, [&](std::string_view key, std::string_view record) {
        if (key != kAuditHeadKey) return entry(key, record);
        const auto known = audit::DecodeHead(record);
        if (known.ok()) {
          head = known.value();
        } else {
          decoded = known.error();
        }
      }));
  return decoded;
}

base::Result<audit::Head> ReadHead(std::string_view key, std::string_view record) {
  if (key == kAuditHeadKey) return audit::DecodeHead(record);
  return base::Error{base::Code::kDataLoss, "damaged store: the audit log has entries and no head"};
}

void WriteJsonOrNull(base::JsonWriter& json, std::string_view key, const std::string& text) {
  json.Key(key);
  text.empty() ? json.Null() : json.Raw(text);
}

}  // namespace

void AuditLog::Append(audit::Entry entry) {
  entry.number = head_.number + 1;
  std::string record;
  const audit::Hash hash = audit::EncodeEntry(entry, head_.hash, record);
  batch_.Put(ports::Family::kAudit, LongNumberKey(entry.number), record);
  head_ = {entry.number, hash};
  record.clear();
  audit::EncodeHead(head_, record);
  batch_.Put(ports::Family::kAudit, kAuditHeadKey, record);
}

void AuditLog::Append(base::Instant at, const Actor& actor, std::string kind, std::string subject,
                      std::string before, std::string after) {
  audit::Entry entry;
  entry.at = at;
  entry.who = actor.who;
  entry.from = actor.from;
  entry.kind = std::move(kind);
  entry.subject = std::move(subject);
  entry.why = actor.why;
  entry.before = std::move(before);
  entry.after = std::move(after);
  Append(std::move(entry));
}

base::Status AuditLog::Restore(ports::StateStore& store) {
  // The head sorts behind the entries.
  base::Status decoded;
  SW_TRY_STATUS(store.ReadRange({ports::Family::kAudit, {}, true},
                                [&](std::string_view key, std::string_view record) {
                                  const auto head = ReadHead(key, record);
                                  if (head.ok()) {
                                    head_ = head.value();
                                  } else {
                                    decoded = head.error();
                                  }
                                  return false;
                                }));
  return decoded;
}

base::Status ReadAudit(ports::StateStore& store,
                       const std::function<bool(const audit::SealedEntry&)>& each) {
  std::optional<audit::Head> head;
  base::Status decoded;
  bool more = true;
  SW_TRY_STATUS(ReadRecords(store, head, [&](std::string_view, std::string_view record) {
    if (!more || !decoded.ok()) return;
    const auto sealed = audit::DecodeEntry(record);
    if (sealed.ok()) {
      more = each(sealed.value());
    } else {
      decoded = sealed.error();
    }
  }));
  return decoded;
}

base::Status ReadAuditBelow(ports::StateStore& store, std::uint64_t below,
                            const std::function<bool(const audit::SealedEntry&)>& each) {
  if (below <= 1) return {};
  const std::string from = LongNumberKey(below - 1);
  return ReadDecoded(
      store, {ports::Family::kAudit, from, true}, audit::DecodeEntry,
      [&](std::string_view, const audit::SealedEntry& sealed) { return each(sealed); });
}

base::Result<AuditVerified> VerifyAudit(ports::StateStore& store,
                                        const std::optional<audit::Head>& noted) {
  AuditVerified verified;
  audit::ChainCheck check;
  std::optional<audit::Head> head;
  bool passed_note = !noted || noted->number == 0;
  const auto taken = ReadRecords(store, head, [&](std::string_view key, std::string_view record) {
    if (verified.violation) return;
    const std::uint64_t number = check.reached().number + 1;
    if (key != LongNumberKey(number)) {
      verified.violation = "entry " + std::to_string(number) + ": it is missing";
      return;
    }
    verified.violation = check.Take(record);
    if (verified.violation || !noted || noted->number != number) return;
    passed_note = check.reached().hash == noted->hash;
    if (!passed_note) {
      verified.violation = "entry " + std::to_string(number) + ": it is not the one that was noted";
    }
  });
  if (!taken.ok() && taken.error().code != base::Code::kDataLoss) return taken.error();
  verified.entries = check.reached().number;
  verified.head = check.reached();
  if (verified.violation) return verified;
  if (!taken.ok()) {
    verified.violation = taken.error().message;
  } else {
    verified.violation = check.Finish(head.value_or(audit::Head()));
  }
  if (!verified.violation && !passed_note) {
    verified.violation = "entry " + std::to_string(noted->number) + ": it was noted and is missing";
  }
  return verified;
}

std::string AuditVerified::Summary() const {
  return std::to_string(entries) + (entries == 1 ? " entry, " : " entries, ") +
         "all as they were written, head " + AuditHeadText(head);
}

base::Result<audit::Head> ParseAuditHead(std::string_view text) {
  const base::Error refused{base::Code::kInvalidArgument,
                            "is not the number of an entry, a colon and its hash, as `audit "
                            "verify` prints them: \"" +
                                std::string(text) + "\""};
  audit::Head head;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), head.number);
  const auto digits = static_cast<std::size_t>(number.ptr - text.data());
  if (number.ec != std::errc() || text.size() != digits + 1 + 2 * head.hash.size() ||
      text[digits] != ':') {
    return refused;
  }
  const char* at = text.data() + digits + 1;
  for (std::uint8_t& byte : head.hash) {
    const auto read = std::from_chars(at, at + 2, byte, 16);
    if (read.ec != std::errc() || read.ptr != at + 2) return refused;
    at += 2;
  }
  return head;
}

std::string AuditHeadText(const audit::Head& head) {
  return std::to_string(head.number) + ":" + base::Hex(head.hash);
}

std::string AuditLine(const audit::SealedEntry& sealed) {
  const audit::Entry& entry = sealed.entry;
  std::string line;
  base::JsonWriter json(line);
  json.BeginObject();
  json.Key("number").Unsigned(entry.number);
  json.Key("at").Time(entry.at);
  json.Key("who").String(entry.who);
  json.Key("from").String(entry.from);
  json.Key("kind").String(entry.kind);
  json.Key("subject").String(entry.subject);
  json.Key("why").String(entry.why);
  WriteJsonOrNull(json, "before", entry.before);
  WriteJsonOrNull(json, "after", entry.after);
  json.Key("hash").String(base::Hex(sealed.hash));
  json.EndObject();
  return line += '\n';
}

}  // namespace stockwatch::flow
