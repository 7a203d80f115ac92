// Any text is Extended JSON or an error; a document that was read is written and read again as the
// same.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assertion.h"
#include "domain/event/raw_document.h"
#include "wire/ejson/ejson_reader.h"
#include "wire/ejson/ejson_writer.h"
#include "wire/sample/sample_document.h"

using stockwatch::base::Status;
using stockwatch::event::RawDocument;
namespace ejson = stockwatch::ejson;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static ejson::EjsonReader reader;
  const std::string_view line(reinterpret_cast<const char*>(bytes), size);
  const ejson::Limits limits;
  RawDocument document;
  const Status read = reader.Read(line, limits, document);
  if (!read.ok()) {
    SW_ASSERT(!read.error().message.empty() && document.empty(), "an error says what is wrong");
    return 0;
  }
  std::string written;
  ejson::WriteEjson(document, 0, written);
  RawDocument again;
  SW_ASSERT(reader.Read(written, limits, again).ok(), "what was written can be read");
  SW_ASSERT(stockwatch::sample::Difference(document, again).empty(), "nothing changes on the way");
  std::string twice;
  ejson::WriteEjson(again, 0, twice);
  SW_ASSERT(twice == written, "one document, one text");
  return 0;
}
