#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/api/route.h"
#include "base/json_writer.h"

namespace stockwatch::api {

// A place in a list, as clients hand it back: opaque, of that list alone. It names what stood there
// and not how many came before, so what is written between two pages moves nothing.
std::string MakeCursor(std::string_view list, std::string_view place);
// The place. kInvalidArgument: it is no cursor of that list.
base::Result<std::string> ReadCursor(std::string_view list, std::string_view cursor);

// The parameters `limit` and `cursor`.
struct Page {
  std::size_t limit = 0;
  std::optional<std::string> place;  // nullopt: from the beginning
};
// kInvalidArgument: a limit out of 1 … api.page_max, a bad cursor.
base::Result<Page> PageOf(const Engine& engine, const Call& call, std::string_view list);

// A place that is a number; kInvalidArgument: it is none.
base::Result<std::uint64_t> NumberOfPlace(const std::string& place);

// Begins an object with "as_of": the batch and the times that the answer is of.
base::JsonWriter& BeginAnswer(base::JsonWriter& json, const Engine& engine);

// {"as_of":…,"items":[…],"next":…}: items are written one by one, `next` is the cursor of what
// follows, nullopt at the end.
class ListAnswer {
 public:
  explicit ListAnswer(const Engine& engine);
  base::JsonWriter& json() { return json_; }
  // The object of a line as it is.
  void AddLine(std::string_view line);
  http_server::Response Finish(const std::optional<std::string>& next);

 private:
  http_server::Response response_;
  base::JsonWriter json_;
};

http_server::Response JsonAnswer(std::string body);

}  // namespace stockwatch::api
