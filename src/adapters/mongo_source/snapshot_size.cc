#include "adapters/mongo_source/snapshot_size.h"

#include "wire/bson/document_writer.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {

std::variant<std::uint64_t, Failure> EstimatedDocuments(const Link& link, const Options& options) {
  std::uint64_t sum = 0;
  for (const std::string* name :
       {&options.collections.inventory, &options.collections.thresholds}) {
    if (name->empty()) continue;
    Answer answer = link.send(bson::DocumentWriter().Text("count", *name).Finish());
    if (answer.failure) return *std::move(answer.failure);
    const auto count = bson::Find(answer.bytes, "n");
    const auto number = count ? count->Whole() : std::nullopt;
    if (!number || *number < 0) return Failure{FailureKind::kServer, 0, "a count without n", {}};
    sum += static_cast<std::uint64_t>(*number);
  }
  return sum;
}

}  // namespace stockwatch::mongo_source
