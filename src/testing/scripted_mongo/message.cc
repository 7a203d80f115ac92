#include "testing/scripted_mongo/message.h"

#include "base/bytes.h"

namespace stockwatch::scripted_mongo {
namespace {

using base::ByteReader;
using base::ByteWriter;
using base::Code;
using base::Error;
using base::Result;

constexpr std::int32_t kReply = 1;
constexpr std::int32_t kQuery = 2004;
constexpr std::int32_t kMsg = 2013;
constexpr std::uint32_t kChecksumFollows = 1;
constexpr std::uint32_t kMoreToCome = 2;
constexpr std::size_t kMessageBytesMax = 48'000'000;

// A document begins with its length, which counts the field itself.
std::string_view TakeDocument(ByteReader& reader) {
  ByteReader ahead = reader;
  const auto size = ahead.Take<std::int32_t>();
  return reader.TakeRaw(size < 5 ? SIZE_MAX : static_cast<std::size_t>(size));
}

void ReadSections(ByteReader& reader, Message& message) {
  const auto flags = reader.Take<std::uint32_t>();
  message.no_reply = (flags & kMoreToCome) != 0;
  const std::size_t end = (flags & kChecksumFollows) != 0 ? 4 : 0;
  while (reader.ok() && reader.rest() > end) {
    const auto kind = reader.Take<std::uint8_t>();
    if (kind == 0) {
      message.body = TakeDocument(reader);
    } else {  // a sequence of documents: nothing that we answer has one
      ByteReader ahead = reader;
      const auto size = ahead.Take<std::int32_t>();
      reader.TakeRaw(kind != 1 || size < 4 ? SIZE_MAX : static_cast<std::size_t>(size));
    }
  }
}

}  // namespace

Result<std::size_t> MessageSize(std::string_view header) {
  ByteReader reader(header);
  const auto size = reader.Take<std::int32_t>();
  if (size < static_cast<std::int32_t>(kMessageHeaderBytes) ||
      static_cast<std::size_t>(size) > kMessageBytesMax) {
    return Error{Code::kInvalidArgument, "no length of a message: " + std::to_string(size)};
  }
  return static_cast<std::size_t>(size);
}

Result<Message> ReadMessage(std::string_view bytes) {
  ByteReader reader(bytes);
  Message message;
  reader.Take<std::int32_t>();  // its length
  message.id = reader.Take<std::int32_t>();
  reader.Take<std::int32_t>();  // what it answers
  const auto operation = reader.Take<std::int32_t>();
  if (operation == kQuery) {
    message.query = true;
    reader.Take<std::int32_t>();  // flags
    while (reader.ok() && reader.Take<char>() != '\0') {
    }
    reader.Take<std::int64_t>();  // how many to skip, how many to return
    message.body = TakeDocument(reader);
  } else if (operation == kMsg) {
    ReadSections(reader, message);
  } else {
    return Error{Code::kInvalidArgument, "no operation of ours: " + std::to_string(operation)};
  }
  if (!reader.ok() || message.body.empty()) {
    return Error{Code::kInvalidArgument,
                 "a torn message of operation " + std::to_string(operation)};
  }
  return message;
}

std::string AnswerBytes(const Message& to, std::string_view body) {
  std::string bytes;
  ByteWriter writer(bytes);
  const std::size_t more = to.query ? 20 : 5;
  writer.Put(static_cast<std::int32_t>(kMessageHeaderBytes + more + body.size()));
  writer.Put(std::int32_t{0});
  writer.Put(to.id);
  writer.Put(to.query ? kReply : kMsg);
  if (to.query) {
    writer.Put(std::int32_t{8});  // flags: it knows awaitData
    writer.Put(std::int64_t{0});  // cursor
    writer.Put(std::int32_t{0});  // begins with document 0
    writer.Put(std::int32_t{1});  // of one
  } else {
    writer.Put(std::int32_t{0});  // flags
    writer.Put(std::uint8_t{0});  // kind of the section
  }
  writer.PutRaw(body);
  return bytes;
}

}  // namespace stockwatch::scripted_mongo
