#include "domain/event/dead_letter_record.h"

#include "base/bytes.h"
#include "domain/event/record_parts.h"

namespace stockwatch::event {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kWhat = "dead letter";

base::Result<DeadLetter> Read(base::ByteReader& reader) {
  DeadLetter letter;
  letter.id = TakeString(reader);
  letter.reason = TakeString(reader);
  letter.stage = TakeEnum(reader, Stage::kApply);
  letter.position = TakeOptional(reader, TakePosition);
  letter.line = reader.Take<std::uint64_t>();
  letter.bytes_sha256 = TakeString(reader);
  letter.size = reader.Take<std::uint64_t>();
  letter.at = TakeOptional(reader, TakeInstant);
  letter.message = TakeString(reader);
  letter.bytes = TakeString(reader);
  SW_TRY_STATUS(reader.Finish(kWhat));
  return letter;
}

}  // namespace

void EncodeDeadLetter(const DeadLetter& letter, std::string& out) {
  base::ByteWriter writer(out);
  writer.Put(kVersion);
  writer.PutBytes(letter.id);
  writer.PutBytes(letter.reason);
  PutEnum(writer, letter.stage);
  PutOptional(writer, letter.position, PutPosition);
  writer.Put(letter.line);
  writer.PutBytes(letter.bytes_sha256);
  writer.Put(letter.size);
  PutOptional(writer, letter.at, PutInstant);
  writer.PutBytes(letter.message);
  writer.PutBytes(letter.bytes);
}

base::Result<DeadLetter> DecodeDeadLetter(std::string_view record) {
  base::ByteReader reader(record);
  const auto version = reader.Take<std::uint8_t>();
  switch (version) {  // an older version is brought up to date here
    case 0:
      return DamagedRecord(kWhat);
    case kVersion:
      return Read(reader);
    default:
      return NewerRecord(kWhat, version);
  }
}

}  // namespace stockwatch::event
