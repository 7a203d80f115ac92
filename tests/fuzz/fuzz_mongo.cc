// Any bytes of a server are a batch or a failure, a token or none, a place or an error; what
// follows from a batch stays inside of its bytes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/mongo_source/checkup.h"
#include "adapters/mongo_source/place.h"
#include "adapters/mongo_source/remedy.h"
#include "adapters/mongo_source/reply.h"
#include "adapters/mongo_source/split_event.h"
#include "adapters/mongo_source/token.h"
#include "base/assertion.h"

namespace mongo_source = stockwatch::mongo_source;

namespace {

void ReadReply(std::string_view input) {
  const mongo_source::Failure failure =
      mongo_source::ReadFailure(input, mongo_source::FailureKind::kServer, 1, "said");
  SW_ASSERT(!failure.message.empty(), "a failure says something");
  SW_ASSERT(!mongo_source::Advice(failure).empty(), "and what to do");
  const auto read = mongo_source::ReadBatch(std::string(input));
  const auto* batch = std::get_if<mongo_source::Batch>(&read);
  if (batch == nullptr) return;
  const std::string_view all = batch->bytes;
  constexpr std::string_view kNames[] = {"sku", "on_hand"};
  mongo_source::SplitEvents events(1 << 16);
  for (const std::string_view document : batch->documents) {
    SW_ASSERT(document.data() >= all.data() &&
                  document.data() + document.size() <= all.data() + all.size(),
              "a document lies in its reply");
    using Taken = mongo_source::SplitEvents::Taken;
    const Taken taken = events.Take(document);
    if (taken == Taken::kJoined) SW_ASSERT(!events.TakeJoined().empty(), "fragments make an event");
    static_cast<void>(mongo_source::TimeOfToken(document));
  }
  static_cast<void>(mongo_source::TimeOfToken(batch->token));
  static_cast<void>(mongo_source::SuggestMapping(batch->documents, kNames));
}

void ReadPlace(std::string_view input) {
  const auto place = mongo_source::DecodePlace(input);
  if (!place.ok()) {
    SW_ASSERT(!place.error().message.empty(), "an error says what is wrong");
    return;
  }
  SW_ASSERT(mongo_source::EncodePlace(place.value()) == input, "one place, one record");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  ReadReply(input);
  ReadPlace(input);
  return 0;
}
