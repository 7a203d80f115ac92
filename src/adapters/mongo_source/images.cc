#include "adapters/mongo_source/images.h"

#include <algorithm>

#include "adapters/mongo_source/moment.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

std::string_view CollectionOf(std::string_view event) {
  const auto name = bson::Find(event, "ns");
  const auto collection =
      name ? bson::Find(name->Document().value_or(std::string_view()), "coll") : std::nullopt;
  return collection ? collection->Text().value_or(std::string_view()) : std::string_view();
}

std::size_t Index(UpdateImage image) {
  return static_cast<std::size_t>(image);
}

}  // namespace

void Images::Note(std::string_view event) {
  const auto operation = bson::Find(event, "operationType");
  const auto type = operation ? operation->Text() : std::nullopt;
  const bool least = detail_ == Detail::kLeast;
  const bool update = type == "update";
  if (!update && !(least && (type == "insert" || type == "replace"))) return;
  const auto document = bson::Find(event, "fullDocument");
  const bool stored = options_.update_images == change_event::UpdateImages::kStored;
  if (document && document->Document()) {
    if (update) ++counts_[Index(stored ? UpdateImage::kStored : UpdateImage::kLookup)];
    return;
  }
  if (update) ++counts_[Index(UpdateImage::kMissing)];
  if ((stored || least) && !NoteUnknown(event) && !update) ++lost_;
}

bool Images::NoteUnknown(std::string_view event) {
  const std::string_view collection = CollectionOf(event);
  const bool kept = !collection.empty() && (collection == options_.collections.inventory ||
                                            collection == options_.collections.thresholds);
  const auto key = bson::Find(event, "documentKey");
  if (!kept || !key || !key->Document()) return false;
  unknown_[std::string(collection)].insert(IdOf(*key->Document()));
  const auto time = bson::Find(event, "clusterTime");
  unknown_at_ = std::max(unknown_at_, time ? time->Timestamp().value_or(0) : 0);
  return true;
}

}  // namespace stockwatch::mongo_source
