#include "wire/ejson/ejson_reader.h"

#include <simdjson.h>

#include <string>
#include <utility>
#include <vector>

#include "base/assertion.h"
#include "base/utf8.h"
#include "wire/bson/read_failure.h"
#include "wire/ejson/field_names.h"
#include "wire/ejson/padded_line.h"
#include "wire/ejson/type_wrapper.h"

namespace stockwatch::ejson {
namespace {

namespace ondemand = simdjson::ondemand;
using base::Error;
using base::Status;
using event::RawDocument;
using event::RawValue;
using event::ValueType;

constexpr std::uint32_t kDepthMax = 500;  // the walk is recursive, the parser's own limit is 1,024

enum class Wrappers { kRead, kOrdinary };
enum class Use { kName, kValue };  // of a string
enum class Step { kField, kEnd, kFailed };

// The fields of one object, gone through once.
struct Cursor {
  explicit Cursor(ondemand::object& object) : at(object.begin()), end(object.end()) {}
  simdjson::simdjson_result<ondemand::object_iterator> at;
  simdjson::simdjson_result<ondemand::object_iterator> end;
  bool started = false;
};

}  // namespace

// The parser with its buffers, and the walk over one line. Names and texts travel by value and
// nodes are filled where they lie: on this path the copies of what was just written cost more than
// the parsing.
struct EjsonReader::State {
  bool ReadRoot(std::string_view line, const Limits& limits, RawDocument& out) {
    SW_ASSERT(limits.depth_max <= kDepthMax, "the walk is recursive");
    out_ = &out;
    depth_max_ = limits.depth_max;
    values_left_ = limits.values_max;
    if (line.size() > limits.bytes_max) return FailLimit("more bytes than bytes_max", nullptr);
    line_.Assign(line);
    unescaped_.resize(line_.capacity());
    document_ = ondemand::document();
    if (auto error = parser_.iterate(line_.data(), line_.size(), line_.capacity()).get(document_)) {
      return Fail(std::string("malformed json: ") + simdjson::error_message(error), nullptr);
    }
    ondemand::object object;
    if (auto error = document_.get_object().get(object)) return FailJson(error);
    if (!Object(object, {}, 1, Wrappers::kOrdinary)) return false;
    const bool at_end = document_.current_location().error() == simdjson::OUT_OF_BOUNDS;
    return at_end || Fail("text behind the document", Place());
  }

  Error TakeError() const { return failure_.ToError("extended json", line_.data()); }

 private:
  bool Fail(std::string_view what, const char* at) { return failure_.Malformed(what, at); }
  bool FailLimit(std::string_view what, const char* at) { return failure_.BeyondLimit(what, at); }
  [[gnu::cold, gnu::noinline]] bool FailJson(simdjson::error_code error) {
    return Fail(std::string("malformed json: ") + simdjson::error_message(error), Place());
  }

  // Where the parser stands; null if it does not say.
  const char* Place() {
    const char* place = nullptr;
    return document_.current_location().get(place) == simdjson::SUCCESS ? place : nullptr;
  }

  bool HasRoom() {
    if (values_left_ == 0) return FailLimit("more values than values_max", Place());
    --values_left_;
    return true;
  }

  // A new node; a scalar unless it is closed later. REQUIRES: HasRoom()
  std::uint32_t NewNode(std::string_view name, ValueType type) {
    out_->Add(RawValue{});
    const std::uint32_t index = out_->size() - 1;
    out_->at(index).name = name;
    out_->at(index).type = type;
    return index;
  }

  // A string as a view of the line, or kept if it has escapes; without data if it failed.
  [[gnu::always_inline]] std::string_view Text(ondemand::raw_json_string raw, Use use) {
    const char* const end = PaddedLine::QuoteOrBackslash(raw.raw());
    return *end == '"' ? line_.ViewOf(raw.raw(), end) : Unescaped(raw, use);
  }

  [[gnu::noinline]] std::string_view Unescaped(ondemand::raw_json_string raw, Use use) {
    std::uint8_t* end = unescaped_.data();
    std::string_view text;
    if (parser_.unescape(raw, end).get(text) != simdjson::SUCCESS || !base::IsUtf8(text)) {
      Fail("bad escape in a string", raw.raw());
    } else if (use == Use::kName && text.find('\0') != std::string_view::npos) {
      Fail("field name with a NUL", raw.raw());
    } else {
      return out_->Keep(std::string(text));
    }
    return {};
  }

  std::string_view Text(ondemand::value& content) {
    ondemand::raw_json_string raw;
    if (auto error = content.get_raw_json_string().get(raw)) {
      FailJson(error);
      return {};
    }
    return Text(raw, Use::kValue);
  }

  [[gnu::always_inline]] Step Next(Cursor& cursor, std::string_view& name, ondemand::value& value) {
    if (cursor.started) ++cursor.at;
    cursor.started = true;
    if (!(cursor.at != cursor.end)) return Step::kEnd;
    auto field = *cursor.at;
    if (field.error() != simdjson::SUCCESS) {
      FailJson(field.error());
      return Step::kFailed;
    }
    name = Text(field.value_unsafe().key(), Use::kName);
    value = std::move(field).value_unsafe().value();
    return name.data() == nullptr ? Step::kFailed : Step::kField;
  }

  bool Object(ondemand::object object, std::string_view name, std::uint32_t depth,
              Wrappers wrappers) {
    Cursor cursor(object);
    std::string_view field;
    ondemand::value value;
    Step step = Next(cursor, field, value);
    if (step == Step::kField && wrappers == Wrappers::kRead) {
      if (const auto wrapper = WrapperOfKey(field)) {
        if (*wrapper == Wrapper::kCode) return CodeFirst(cursor, value, name, depth);
        if (*wrapper == Wrapper::kScope) return ScopeFirst(cursor, value, name, depth);
        return Wrapped(*wrapper, value, name) && Ends(cursor);
      }
    }
    if (depth > depth_max_) return FailLimit("deeper than depth_max", Place());
    if (step == Step::kFailed || !HasRoom()) return false;
    const std::uint32_t index = NewNode(name, ValueType::kDocument);
    FieldNames names(index);
    for (bool first = true; step == Step::kField; step = Next(cursor, field, value)) {
      if (!first && wrappers == Wrappers::kRead && WrapperOfKey(field)) {
        return Fail("type wrapper among other fields", Place());
      }
      first = false;
      if (names.Repeats(*out_, field)) return Fail("repeated field name", Place());
      if (!Value(value, field, depth)) return false;
    }
    if (step == Step::kFailed) return false;
    out_->Close(index);
    return !names.AnyRepeats(*out_, names_) || Fail("repeated field name", Place());
  }

  bool Value(ondemand::value& content, std::string_view name, std::uint32_t depth) {
    ondemand::json_type type{};
    if (auto error = content.type().get(type)) return FailJson(error);
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      if (auto error = content.get_object().get(object)) return FailJson(error);
      return Object(object, name, depth + 1, Wrappers::kRead);
    }
    if (type == ondemand::json_type::array) return Array(content, name, depth + 1);
    if (!HasRoom()) return false;
    if (type == ondemand::json_type::string) {
      const std::string_view text = Text(content);
      out_->at(NewNode(name, ValueType::kString)).bytes = text;
      return text.data() != nullptr;
    }
    return Atom(type, content, out_->at(NewNode(name, ValueType::kNull)));
  }

  bool Atom(ondemand::json_type type, ondemand::value& content, RawValue& node) {
    std::int64_t integer = 0;
    bool truth = false;
    switch (type) {
      case ondemand::json_type::number:
        if (content.get_int64().get(integer) == simdjson::SUCCESS) {
          node.type =
              integer == static_cast<std::int32_t>(integer) ? ValueType::kInt32 : ValueType::kInt64;
          node.integer = integer;
          return true;
        }
        node.type = ValueType::kDouble;
        if (auto error = content.get_double().get(node.number)) return FailJson(error);
        return true;
      case ondemand::json_type::boolean:
        if (auto error = content.get_bool().get(truth)) return FailJson(error);
        node.type = ValueType::kBool;
        node.integer = truth ? 1 : 0;
        return true;
      default:
        if (content.is_null().get(truth) != simdjson::SUCCESS || !truth) {
          return Fail("no value", Place());
        }
        return true;
    }
  }

  bool Array(ondemand::value& content, std::string_view name, std::uint32_t depth) {
    ondemand::array array;
    if (auto error = content.get_array().get(array)) return FailJson(error);
    if (depth > depth_max_) return FailLimit("deeper than depth_max", Place());
    if (!HasRoom()) return false;
    const std::uint32_t index = NewNode(name, ValueType::kArray);
    for (auto element : array) {
      ondemand::value value;
      if (auto error = std::move(element).get(value)) return FailJson(error);
      if (!Value(value, {}, depth)) return false;
    }
    out_->Close(index);
    return true;
  }

  // An object must not go on behind the field that was read.
  bool Ends(Cursor cursor) {
    std::string_view field;
    ondemand::value value;
    const Step step = Next(cursor, field, value);
    return step == Step::kEnd ||
           (step == Step::kField && Fail("fields beside a type wrapper", Place()));
  }

  bool Wrapped(Wrapper wrapper, ondemand::value& value, std::string_view name) {
    const char* const place = Place();
    WrapperContent content;
    if (!Content(value, content) || !HasRoom()) return false;
    RawValue& node = out_->at(NewNode(name, ValueType::kNull));
    const std::string_view wrong = Unwrap(wrapper, content, *out_, node);
    return wrong.empty() || Fail(wrong, place);
  }

  // {"$code": …} with or without a "$scope" behind it.
  bool CodeFirst(Cursor cursor, ondemand::value& value, std::string_view name,
                 std::uint32_t depth) {
    const std::string_view code = Text(value);
    if (code.data() == nullptr || !HasRoom()) return false;
    const std::uint32_t index = NewNode(name, ValueType::kCode);
    out_->at(index).bytes = code;
    std::string_view field;
    const Step step = Next(cursor, field, value);
    if (step != Step::kField) return step == Step::kEnd;
    if (field != "$scope") return Fail("$code with another field than $scope", Place());
    return Scope(index, value, depth) && Ends(cursor);
  }

  // {"$scope": …, "$code": …}: on the tape the scope lies below the code all the same.
  bool ScopeFirst(Cursor cursor, ondemand::value& value, std::string_view name,
                  std::uint32_t depth) {
    if (!HasRoom()) return false;
    const std::uint32_t index = NewNode(name, ValueType::kCode);
    if (!Scope(index, value, depth)) return false;
    std::string_view field;
    const Step step = Next(cursor, field, value);
    if (step == Step::kFailed) return false;
    if (step == Step::kEnd || field != "$code") return Fail("$scope without $code", Place());
    const std::string_view code = Text(value);
    out_->at(index).bytes = code;
    return code.data() != nullptr && Ends(cursor);
  }

  bool Scope(std::uint32_t index, ondemand::value& value, std::uint32_t depth) {
    ondemand::object scope;
    if (auto error = value.get_object().get(scope)) return FailJson(error);
    out_->at(index).type = ValueType::kCodeWithScope;
    if (!Object(scope, {}, depth + 1, Wrappers::kOrdinary)) return false;
    out_->Close(index);
    return true;
  }

  bool Content(ondemand::value& value, Leaf& leaf) {
    bool truth = false;
    if (ondemand::raw_json_string raw; value.get_raw_json_string().get(raw) == simdjson::SUCCESS) {
      leaf.kind = Leaf::Kind::kText;
      leaf.text = Text(raw, Use::kValue);
      return leaf.text.data() != nullptr;
    }
    if (value.get_int64().get(leaf.integer) == simdjson::SUCCESS) {
      leaf.kind = Leaf::Kind::kInteger;
    } else if (value.get_bool().get(truth) == simdjson::SUCCESS && truth) {
      leaf.kind = Leaf::Kind::kTrue;
    }
    return true;  // the parser skips what was not read
  }

  bool Content(ondemand::value& value, WrapperContent& content) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return Content(value, content.leaf);
    Cursor cursor(object);
    std::string_view field;
    ondemand::value part_value;
    Step step = Next(cursor, field, part_value);
    for (; step == Step::kField; step = Next(cursor, field, part_value)) {
      if (content.part_count == content.parts.size()) {
        return Fail("too many fields in a type wrapper", Place());
      }
      Part& part = content.parts[content.part_count++];
      part.name = field;
      if (!Content(part_value, part)) return false;
    }
    return step == Step::kEnd;
  }

  bool Content(ondemand::value& value, Part& part) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return Content(value, part.leaf);
    Cursor cursor(object);
    ondemand::value inner;
    const Step step = Next(cursor, part.inner_name, inner);
    if (step != Step::kField) {
      return step == Step::kEnd && Fail("empty object in a type wrapper", Place());
    }
    return Content(inner, part.leaf) && Ends(cursor);
  }

  ondemand::parser parser_;
  ondemand::document document_;
  PaddedLine line_{simdjson::SIMDJSON_PADDING};
  std::vector<std::uint8_t> unescaped_;  // one string
  std::vector<std::string_view> names_;  // of the fields of one large object
  RawDocument* out_ = nullptr;
  std::uint32_t depth_max_ = 0;
  std::uint32_t values_left_ = 0;
  bson::ReadFailure failure_;
};

EjsonReader::EjsonReader() : state_(std::make_unique<State>()) {}
EjsonReader::~EjsonReader() = default;

Status EjsonReader::Read(std::string_view line, const Limits& limits, RawDocument& out) {
  out.Clear();
  if (state_->ReadRoot(line, limits, out)) [[likely]]
    return {};
  out.Clear();
  return state_->TakeError();
}

}  // namespace stockwatch::ejson
