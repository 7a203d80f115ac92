#include "change_text.h"

#include <stdexcept>

#include "base/decimal.h"
#include "base/instant.h"
#include "base/json_writer.h"
#include "scenario_file.h"

namespace stockwatch::scenario {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

[[noreturn]] void Wrong(const std::string& what) {
  throw std::invalid_argument(what);
}

// "key=value"; a key has letters, digits, '_' and '.'.
Fields ReadFields(const std::vector<std::string>& words, std::size_t from) {
  Fields fields;
  for (std::size_t i = from; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    if (equals == std::string::npos) Wrong("no key=value: " + words[i]);
    fields.emplace_back(words[i].substr(0, equals), words[i].substr(equals + 1));
  }
  return fields;
}

// A number, true, false or an object as it stands; a time of the axis as an instant; all else as a
// text.
std::string Value(const std::string& text) {
  constexpr base::DecimalFormat kAny{4, 1'000'000'000'000'000};
  const bool number = base::ParseDecimal(text, kAny, base::Exponent::kRefused).ok();
  if (number || text == "true" || text == "false" || text.starts_with('{')) return text;
  std::string value;
  base::JsonWriter json(value);
  if (const auto time = ParseAxisTime(text)) {
    json.Time(base::Instant::Seconds(*time));
  } else {
    json.String(text);
  }
  return value;
}

// The fields of a document, those with a dot in an object of their own.
std::string Members(const Fields& fields) {
  std::string out;
  std::map<std::string, std::string> nested;
  for (const auto& [key, value] : fields) {
    const auto dot = key.find('.');
    std::string& into = dot == std::string::npos ? out : nested[key.substr(0, dot)];
    if (dot != std::string::npos && !into.empty()) into += ',';
    if (dot == std::string::npos) into += ',';
    into += "\"" + key.substr(dot == std::string::npos ? 0 : dot + 1) + "\":" + Value(value);
  }
  for (const auto& [key, members] : nested) {
    out.append(",\"").append(key).append("\":{").append(members).append("}");
  }
  return out;
}

std::string Document(const std::string& id, const std::string& members) {
  return ",\"fullDocument\":{\"_id\":\"" + id + "\"" + members + "}}";
}

std::string Envelope(const std::string& head, std::string_view operation,
                     std::string_view collection, const std::string& id) {
  std::string out = head;
  out.append(",\"operationType\":\"").append(operation);
  out.append("\",\"ns\":{\"db\":\"shop\",\"coll\":\"").append(collection);
  return out.append("\"},\"documentKey\":{\"_id\":\"").append(id).append("\"}");
}

std::string Item(const std::string& word) {
  const auto slash = word.find('/');
  if (slash == std::string::npos) Wrong("no event: " + word);
  return ",\"warehouse_id\":\"" + word.substr(0, slash) + "\",\"sku\":\"" + word.substr(slash + 1) +
         "\"";
}

// Takes the field out of the list.
std::string Take(Fields& fields, std::string_view key, std::string value) {
  for (auto i = fields.begin(); i != fields.end(); ++i) {
    if (i->first != key) continue;
    value = i->second;
    fields.erase(i);
    break;
  }
  return value;
}

void Rename(Fields& fields, std::string_view from, std::string_view to) {
  for (auto& [key, value] : fields) {
    if (key == from) key = to;
  }
}

}  // namespace

std::string ChangeText::Of(std::string_view event, std::int64_t seconds) {
  std::vector<std::string> words = Words(event);
  if (words.empty()) Wrong("no event");
  if (words[0] == "again") return Again(words);
  std::int64_t cluster_seconds = seconds;
  if (words[0] == "late") {
    const auto late = words.size() > 2 ? ParseAxisTime(words[1]) : std::nullopt;
    if (!late) Wrong("late without a time and an event");
    cluster_seconds = *late;
    event.remove_prefix(event.find(words[1]) + words[1].size());
    event.remove_prefix(event.find_first_not_of(' '));
    words.erase(words.begin(), words.begin() + 2);
  }
  const Place place = NextPlace(cluster_seconds);
  if (words[0] == "rule") {
    last_ = Rule(place, event);
  } else if (words[0] == "raw") {
    const std::string text(event.substr(event.find(words.at(1))));
    last_ = text.starts_with('{') ? place.head + "," + text.substr(1) : text;
  } else {
    last_ = OfItem(place, words);
  }
  at_.emplace(seconds, last_);
  return last_;
}

ChangeText::Place ChangeText::NextPlace(std::int64_t seconds) {
  Place place{seconds, {}};
  base::JsonWriter json(place.head);
  json.BeginObject().Key("_id").BeginObject();
  json.Key("_data").String("token-" + std::to_string(++tokens_)).EndObject();
  json.Key("clusterTime").BeginObject().Key("$timestamp").BeginObject();
  json.Key("t").Integer(seconds).Key("i").Unsigned(++increments_[seconds]).EndObject().EndObject();
  return place;
}

std::string ChangeText::Tick(std::int64_t seconds) {
  return Envelope(NextPlace(seconds).head, "insert", "clock", "tick") + Document("tick", "");
}

std::string ChangeText::Again(const std::vector<std::string>& words) const {
  if (words.size() == 1) return last_;
  const auto time = ParseAxisTime(words[1]);
  const auto known = time ? at_.find(*time) : at_.end();
  if (known == at_.end()) Wrong("nothing happened at " + words[1]);
  return known->second;
}

// rule <id> {level: name, …} field=value …; rule <id> removed
std::string ChangeText::Rule(const Place& place, std::string_view event) {
  const std::vector<std::string> words = Words(event);
  const std::string& id = words.at(1);
  const bool known = rules_.contains(id);
  if (words.size() == 3 && words[2] == "removed") {
    rules_.erase(id);
    return Envelope(place.head, "delete", "thresholds", id) + "}";
  }
  const auto open = event.find('{');
  const auto close = event.find('}');
  if (open == std::string_view::npos || close == std::string_view::npos)
    Wrong("rule without scope");
  std::string scope;
  for (const std::string& word : Words(event.substr(open + 1, close - open - 1))) {
    const bool key = word.ends_with(':');
    if (key && !scope.empty()) scope += ',';
    scope += "\"" + word.substr(0, word.find_last_not_of(":,") + 1) + (key ? "\":" : "\"");
  }
  rules_.insert(id);
  const Fields fields = ReadFields(Words(event.substr(close + 1)), 0);
  return Envelope(place.head, known ? "replace" : "insert", "thresholds", id) +
         Document(id, ",\"scope\":{" + scope + "}" + Members(fields));
}

std::string ChangeText::OfItem(const Place& place, const std::vector<std::string>& words) {
  if (words.size() < 2) Wrong("no event: " + words[0]);
  if (words[1] == "doc" || words[1] == "delete") return Inventory(place, words);
  return Transaction(place, words);
}

// W1/A doc [update|replace] [key=…] field=value …; W1/A delete [key=…]
std::string ChangeText::Inventory(const Place& place, const std::vector<std::string>& words) {
  const bool changes = words.size() > 2 && (words[2] == "update" || words[2] == "replace");
  Fields fields = ReadFields(words, changes ? 3 : 2);
  const std::string id = Take(fields, "key", words[0]);
  if (words[1] == "delete") return Envelope(place.head, "delete", "inventory", id) + "}";
  return Envelope(place.head, changes ? words[2] : "insert", "inventory", id) +
         Document(id, Item(words[0]) + Members(fields));
}

// W1/A <type> <quantity> [reserved=…] [order=…] [transfer=…] [expected=…] [at=…] …
std::string ChangeText::Transaction(const Place& place, const std::vector<std::string>& words) {
  if (words.size() < 3) Wrong("no quantity");
  Fields fields = ReadFields(words, 3);
  Rename(fields, "reserved", "reserved_quantity");
  Rename(fields, "order", "order_id");
  Rename(fields, "transfer", "transfer_id");
  Rename(fields, "expected", "expected_at");
  Rename(fields, "at", "occurred_at");
  const std::string id = "tx-" + std::to_string(++transactions_);
  return Envelope(place.head, "insert", "transactions", id) +
         Document(id, Item(words[0]) + ",\"type\":\"" + words[1] + "\",\"quantity\":" + words[2] +
                          Members(fields));
}

}  // namespace stockwatch::scenario
