#include "domain/decode/rule_reader.h"

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "domain/decode/read_value.h"
#include "domain/decode/reject_reasons.h"
#include "domain/decode/show_value.h"

namespace stockwatch::decode {
namespace {

using event::RawDocument;
using event::RawValue;
using event::Reject;
using event::Rule;
using event::RuleFields;
using event::RuleScope;
using event::Thousandths;
using event::ValueType;

template <typename T>
struct NamedField {
  std::string_view name;
  std::optional<T> RuleFields::* member;
};
constexpr std::array<NamedField<base::Quantity>, 6> kQuantities{{
    {"critical", &RuleFields::critical},
    {"low", &RuleFields::low},
    {"max", &RuleFields::max},
    {"low_floor", &RuleFields::low_floor},
    {"low_ceiling", &RuleFields::low_ceiling},
    {"drift_tolerance", &RuleFields::drift_tolerance},
}};
constexpr std::array<NamedField<Thousandths>, 9> kNumbers{{
    {"days_of_cover", &RuleFields::days_of_cover},
    {"service_level", &RuleFields::service_level},
    {"lead_time_days", &RuleFields::lead_time_days},
    {"lead_time_sd_days", &RuleFields::lead_time_sd_days},
    {"review_days", &RuleFields::review_days},
    {"velocity_spike_ratio", &RuleFields::velocity_spike_ratio},
    {"stale_days", &RuleFields::stale_days},
    {"low_share", &RuleFields::low_share},
    {"season_factor", &RuleFields::season_factor},
}};

struct ScopeField {
  std::string_view name;
  std::string RuleScope::* member;
};
constexpr std::array<ScopeField, 6> kScope{{
    {"warehouse_id", &RuleScope::warehouse_id},
    {"department", &RuleScope::department},
    {"category", &RuleScope::category},
    {"brand", &RuleScope::brand},
    {"product_id", &RuleScope::product_id},
    {"sku", &RuleScope::sku},
}};

template <typename Table>
auto* FindNamed(const Table& table, std::string_view name) {
  for (const auto& entry : table) {
    if (entry.name == name) return &entry;
  }
  return static_cast<decltype(&table[0])>(nullptr);
}

// The first fault sticks.
class RuleReader {
 public:
  RuleReader(const RawDocument& document, std::uint32_t root) : document_(document), root_(root) {}

  std::variant<Rule, Reject> Read(std::string_view author_default) {
    rule_.author = author_default;
    ReadId();
    ForEachField(root_, [&](const RawValue& value, std::uint32_t index) { Field(value, index); });
    if (failure_) return *std::move(failure_);
    return std::move(rule_);
  }

 private:
  template <typename Function>
  void ForEachField(std::uint32_t parent, Function&& function) {
    const std::uint32_t end = document_.at(parent).end;
    for (std::uint32_t i = parent + 1; i < end && !failure_; i = document_.at(i).end) {
      function(document_.at(i), i);
    }
  }

  void FailWith(std::string_view reason, const std::string& what) {
    if (failure_) return;
    const std::string prefix = rule_.id.empty() ? "" : "rule \"" + rule_.id + "\": ";
    failure_ = Reject{event::Stage::kDecode, reason, prefix + what};
  }
  void Fail(std::string_view path, const RawValue& value, const Fault& fault) {
    FailWith(fault.reason,
             "field \"" + std::string(path) + "\" " + fault.text + ": " + ShowValue(value));
  }
  void FailUnknown(std::string_view parent, const RawValue& value) {
    RawValue name;
    name.type = ValueType::kString;
    name.bytes = value.name;
    const std::string inside =
        parent.empty() ? std::string() : " in \"" + std::string(parent) + "\"";
    FailWith(kUnknownField, "field" + inside + " is unknown: " + ShowValue(name));
  }
  // The value, or a default one after a fault.
  template <typename T>
  T Take(Reading<T> reading, std::string_view path, const RawValue& value) {
    if (const auto* fault = std::get_if<Fault>(&reading)) {
      Fail(path, value, *fault);
      return T{};
    }
    return std::get<T>(std::move(reading));
  }
  std::int64_t TakeDecimal(const RawValue& value, base::DecimalFormat format) {
    return Take(ReadDecimal(value, format), value.name, value);
  }
  bool TakeBool(const RawValue& value) { return Take(ReadBool(value), value.name, value); }
  bool IsDocument(const RawValue& value) {
    if (value.type != ValueType::kDocument) Fail(value.name, value, {kWrongType, "is no document"});
    return value.type == ValueType::kDocument;
  }

  void ReadId() {
    const std::uint32_t document_id = document_.Find(root_, "_id");
    const std::uint32_t plain_id = document_.Find(root_, "id");
    if (document_id != RawDocument::kNone && plain_id != RawDocument::kNone) {
      return FailWith(kUnknownField, "field is unknown beside \"_id\": \"id\"");
    }
    const std::uint32_t index = document_id != RawDocument::kNone ? document_id : plain_id;
    if (index == RawDocument::kNone) return FailWith(kMissingField, "field \"_id\" is missing");
    const RawValue& value = document_.at(index);
    auto id = ReadIdText(value);
    if (auto* fault = std::get_if<Fault>(&id)) fault->reason = kBadId;
    rule_.id = Take(std::move(id), value.name, value);
  }

  void Field(const RawValue& value, std::uint32_t index) {
    const std::string_view name = value.name;
    if (name == "_id" || name == "id" || name == "schema_version") return;
    if (const auto* quantity = FindNamed(kQuantities, name)) {
      if (value.type == ValueType::kNull) return;
      rule_.fields.*quantity->member =
          base::Quantity::Thousandths(TakeDecimal(value, base::Quantity::kFormat));
    } else if (const auto* number = FindNamed(kNumbers, name)) {
      if (value.type == ValueType::kNull) return;
      rule_.fields.*number->member = Thousandths{TakeDecimal(value, Thousandths::kFormat)};
    } else if (const auto* special = FindNamed(kSpecials, name)) {
      if (value.type != ValueType::kNull) (this->*special->read)(value, index);
    } else {
      FailUnknown({}, value);
    }
  }

  void Scope(const RawValue& value, std::uint32_t index) {
    if (!IsDocument(value)) return;
    ForEachField(index, [&](const RawValue& child, std::uint32_t) {
      const auto* field = FindNamed(kScope, child.name);
      if (field == nullptr) return FailUnknown("scope", child);
      if (child.type == ValueType::kNull) return;
      rule_.scope.*field->member =
          Take(decode::ReadId(child), "scope." + std::string(field->name), child);
    });
  }
  void Effective(const RawValue& value, std::uint32_t index) {
    if (!IsDocument(value)) return;
    ForEachField(index, [&](const RawValue& child, std::uint32_t) {
      const bool from = child.name == "from";
      if (!from && child.name != "until") return FailUnknown("effective", child);
      if (child.type == ValueType::kNull) return;
      const auto at = Take(ReadInstant(child), from ? "effective.from" : "effective.until", child);
      (from ? rule_.effective_from : rule_.effective_until) = at;
    });
  }
  void Severities(const RawValue& value, std::uint32_t index) {
    if (!IsDocument(value)) return;
    ForEachField(index, [&](const RawValue& child, std::uint32_t) {
      const auto type = event::ConditionTypeFromName(child.name);
      if (!type) return FailUnknown("severity", child);
      if (child.type == ValueType::kNull) return;
      const auto severity =
          child.type == ValueType::kString ? event::SeverityFromName(child.bytes) : std::nullopt;
      if (!severity) {
        return Fail("severity." + std::string(child.name), child, {kBadRule, "is no severity"});
      }
      rule_.fields.severity[event::Index(*type)] = severity;
    });
  }
  void Channels(const RawValue& value, std::uint32_t index) {
    if (value.type != ValueType::kArray) {
      return Fail(value.name, value, {kWrongType, "is no array"});
    }
    auto& channels = rule_.fields.channels.emplace();
    ForEachField(index, [&](const RawValue& child, std::uint32_t) {
      if (channels.size() == kRuleChannelsMax) {
        return FailWith(kBadRule, "field \"channels\" has more than 64 of them");
      }
      channels.emplace_back(Take(decode::ReadId(child), "channels", child));
    });
  }
  void ClearMargin(const RawValue& value, std::uint32_t) {
    using event::Margin;
    constexpr base::DecimalFormat kPercent{3, 1'000'000};  // ± 1000 %
    if (value.type != ValueType::kString || value.bytes.empty() || value.bytes.back() != '%') {
      rule_.fields.clear_margin =
          Margin{Margin::Kind::kQuantity, TakeDecimal(value, base::Quantity::kFormat)};
      return;
    }
    RawValue percent = value;
    percent.bytes.remove_suffix(1);
    rule_.fields.clear_margin = Margin{Margin::Kind::kPercent, TakeDecimal(percent, kPercent)};
  }
  void HoldFor(const RawValue& value, std::uint32_t) {
    if (value.type != ValueType::kString) {
      return Fail(value.name, value, {kWrongType, "is no duration such as \"15m\""});
    }
    const auto duration = base::ParseDuration(value.bytes);
    if (!duration.ok()) {
      return Fail(value.name, value, {kBadRule, "is no duration such as \"15m\""});
    }
    rule_.fields.hold_for = duration.value();
  }
  // One of the names of an enumeration.
  template <typename Enum, std::size_t kSize>
  std::optional<Enum> Choice(const RawValue& value,
                             const std::array<std::pair<std::string_view, Enum>, kSize>& choices) {
    for (const auto& [name, choice] : choices) {
      if (value.type == ValueType::kString && value.bytes == name) return choice;
    }
    std::string names;
    for (const auto& [name, choice] : choices)
      names += (names.empty() ? "" : ", ") + std::string(name);
    Fail(value.name, value, {kBadRule, "is none of " + names});
    return std::nullopt;
  }
  void CompareWith(const RawValue& value, std::uint32_t) {
    using event::Compare;
    constexpr std::array<std::pair<std::string_view, Compare>, 3> kChoices{
        {{"available", Compare::kAvailable},
         {"on_hand", Compare::kOnHand},
         {"position", Compare::kPosition}}};
    rule_.fields.compare = Choice(value, kChoices);
  }
  void ModeOf(const RawValue& value, std::uint32_t) {
    using event::Mode;
    constexpr std::array<std::pair<std::string_view, Mode>, 2> kChoices{
        {{"static", Mode::kStatic}, {"dynamic", Mode::kDynamic}}};
    rule_.fields.mode = Choice(value, kChoices);
  }
  void Priority(const RawValue& value, std::uint32_t) {
    constexpr base::DecimalFormat kInt32{0, std::numeric_limits<std::int32_t>::max()};
    rule_.priority = static_cast<std::int32_t>(TakeDecimal(value, kInt32));
  }
  void Author(const RawValue& value, std::uint32_t) {
    rule_.author = Take(decode::ReadId(value), value.name, value);
  }
  void Reason(const RawValue& value, std::uint32_t) {
    rule_.reason = Take(ReadText(value, kRuleReasonBytesMax), value.name, value);
  }
  void Enabled(const RawValue& value, std::uint32_t) { rule_.fields.enabled = TakeBool(value); }
  void Freeze(const RawValue& value, std::uint32_t) { rule_.fields.freeze = TakeBool(value); }
  void Locked(const RawValue& value, std::uint32_t) { rule_.locked = TakeBool(value); }
  void Default(const RawValue& value, std::uint32_t) { rule_.is_default = TakeBool(value); }

  struct SpecialField {
    std::string_view name;
    void (RuleReader::*read)(const RawValue& value, std::uint32_t index);
  };
  static constexpr std::size_t kSpecialCount = 15;
  static const std::array<SpecialField, kSpecialCount> kSpecials;

  const RawDocument& document_;
  const std::uint32_t root_;
  Rule rule_;
  std::optional<Reject> failure_;
};

constexpr std::array<RuleReader::SpecialField, RuleReader::kSpecialCount> RuleReader::kSpecials{{
    {"scope", &RuleReader::Scope},
    {"effective", &RuleReader::Effective},
    {"severity", &RuleReader::Severities},
    {"channels", &RuleReader::Channels},
    {"clear_margin", &RuleReader::ClearMargin},
    {"hold_for", &RuleReader::HoldFor},
    {"compare", &RuleReader::CompareWith},
    {"mode", &RuleReader::ModeOf},
    {"priority", &RuleReader::Priority},
    {"author", &RuleReader::Author},
    {"reason", &RuleReader::Reason},
    {"enabled", &RuleReader::Enabled},
    {"freeze", &RuleReader::Freeze},
    {"locked", &RuleReader::Locked},
    {"default", &RuleReader::Default},
}};

}  // namespace

std::variant<Rule, Reject> ReadRule(const RawDocument& document, std::uint32_t root,
                                    std::string_view author_default) {
  if (root >= document.size() || document.at(root).type != ValueType::kDocument) {
    return Reject{event::Stage::kDecode, kWrongType, "rule is no document"};
  }
  return RuleReader(document, root).Read(author_default);
}

}  // namespace stockwatch::decode
