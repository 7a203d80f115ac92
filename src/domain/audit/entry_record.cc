#include "domain/audit/entry_record.h"

#include "base/bytes.h"
#include "domain/audit/chain.h"
#include "domain/event/record_parts.h"

namespace stockwatch::audit {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kWhatEntry = "audit entry";
constexpr std::string_view kWhatHead = "audit head";

// In the order of the record.
constexpr std::string Entry::* kTexts[] = {&Entry::who,     &Entry::from, &Entry::kind,
                                           &Entry::subject, &Entry::why,  &Entry::before,
                                           &Entry::after};

void PutHash(base::ByteWriter& writer, const Hash& hash) {
  writer.PutRaw({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

Hash TakeHash(base::ByteReader& reader) {
  Hash hash{};
  const std::string_view raw = reader.TakeRaw(hash.size());
  std::copy(raw.begin(), raw.end(), hash.begin());
  return hash;
}

base::Result<SealedEntry> ReadEntry(base::ByteReader& reader) {
  SealedEntry sealed;
  sealed.entry.number = reader.Take<std::uint64_t>();
  sealed.entry.at = event::TakeInstant(reader);
  for (const auto text : kTexts) sealed.entry.*text = event::TakeString(reader);
  sealed.hash = TakeHash(reader);
  SW_TRY_STATUS(reader.Finish(kWhatEntry));
  return sealed;
}

base::Result<Head> ReadHead(base::ByteReader& reader) {
  Head head;
  head.number = reader.Take<std::uint64_t>();
  head.hash = TakeHash(reader);
  SW_TRY_STATUS(reader.Finish(kWhatHead));
  return head;
}

}  // namespace

Hash EncodeEntry(const Entry& entry, const Hash& previous, std::string& out) {
  const std::size_t begin = out.size();
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  writer.Put(entry.number);
  event::PutInstant(writer, entry.at);
  for (const auto text : kTexts) writer.PutBytes(entry.*text);
  const Hash hash = HashOf(previous, std::string_view(out).substr(begin));
  PutHash(writer, hash);
  return hash;
}

base::Result<SealedEntry> DecodeEntry(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  switch (version) {  // an older version is brought up to date here
    case 0:
      return event::DamagedRecord(kWhatEntry);
    case kVersion:
      return ReadEntry(reader);
    default:
      return event::NewerRecord(kWhatEntry, version);
  }
}

void EncodeHead(const Head& head, std::string& out) {
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  writer.Put(head.number);
  PutHash(writer, head.hash);
}

base::Result<Head> DecodeHead(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  switch (version) {  // an older version is brought up to date here
    case 0:
      return event::DamagedRecord(kWhatHead);
    case kVersion:
      return ReadHead(reader);
    default:
      return event::NewerRecord(kWhatHead, version);
  }
}

}  // namespace stockwatch::audit
