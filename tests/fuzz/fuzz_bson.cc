// Any bytes are BSON or an error; a document that was read is written and read again as the same.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assertion.h"
#include "domain/event/raw_document.h"
#include "wire/bson/bson_reader.h"
#include "wire/bson/bson_writer.h"
#include "wire/sample/sample_document.h"

using stockwatch::base::Status;
using stockwatch::event::RawDocument;
namespace bson = stockwatch::bson;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const bson::Limits limits;
  RawDocument document;
  const Status read = bson::ReadBson(input, limits, document);
  if (!read.ok()) {
    SW_ASSERT(!read.error().message.empty() && document.empty(), "an error says what is wrong");
    return 0;
  }
  std::string written;
  SW_ASSERT(bson::WriteBson(document, 0, written).ok(), "what was read can be written");
  RawDocument again;
  SW_ASSERT(bson::ReadBson(written, limits, again).ok(), "what was written can be read");
  SW_ASSERT(stockwatch::sample::Difference(document, again).empty(), "nothing changes on the way");
  std::string twice;
  SW_ASSERT(bson::WriteBson(again, 0, twice).ok() && twice == written, "one document, one text");
  return 0;
}
