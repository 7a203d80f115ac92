#include "adapters/mongo_source/split_event.h"

#include <utility>

#include "wire/bson/document_writer.h"

namespace stockwatch::mongo_source {
namespace {

// The element as its bytes stand in the document.
std::string_view Whole(const bson::Element& element) {
  const char* const start = element.name.data() - 1;
  return {start, static_cast<std::size_t>(element.value.data() + element.value.size() - start)};
}

}  // namespace

SplitEvents::Taken SplitEvents::Take(std::string_view event) {
  const auto split = bson::Find(event, "splitEvent");
  if (!split) {
    const bool open = fragments_ > 0;
    Clear();
    return open ? Taken::kBroken : Taken::kWhole;
  }
  const std::string_view counts = split->Document().value_or(std::string_view());
  const auto fragment = bson::Find(counts, "fragment");
  const auto of = bson::Find(counts, "of");
  const bool next = fragment && of && fragment->Whole() == fragments_ + 1;
  if (!next || elements_.size() + event.size() > bytes_max_) {
    Clear();
    return Taken::kBroken;
  }
  bson::Elements elements(event);
  bson::Element element;
  while (elements.Next(element)) {
    if (element.name == "splitEvent") continue;
    if (element.name == "_id") {
      token_ = element.Document().value_or(std::string_view());
    } else {
      elements_.append(Whole(element));
    }
  }
  if (!elements.ok()) {
    Clear();
    return Taken::kBroken;
  }
  ++fragments_;
  return of->Whole() == fragments_ ? Taken::kJoined : Taken::kMore;
}

std::string SplitEvents::TakeJoined() {
  bson::DocumentWriter writer;
  writer.Document("_id", token_);
  writer.Elements(elements_);
  Clear();
  return writer.Finish();
}

void SplitEvents::Clear() {
  fragments_ = 0;
  elements_.clear();
  token_.clear();
}

}  // namespace stockwatch::mongo_source
