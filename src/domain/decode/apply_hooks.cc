#include "domain/decode/apply_hooks.h"

#include <string>
#include <utility>

#include "domain/decode/convert.h"

namespace stockwatch::decode {
namespace {

using base::Code;
using base::Error;
using base::Result;
using base::Status;
using event::RawDocument;
using event::RawValue;
using event::ValueType;

constexpr std::uint32_t kRoot = 0;

bool IsContainer(const RawValue& value) {
  return value.type == ValueType::kDocument || value.type == ValueType::kArray ||
         value.type == ValueType::kCodeWithScope;
}

struct SplitPath {
  std::string_view parent;  // empty: the document itself
  std::string_view name;
};
SplitPath Split(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return {{}, path};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

// Puts the scalar `value` in the place of node `index`, whose name stays.
void Replace(RawDocument& document, std::uint32_t index, RawValue value) {
  if (document.at(index).end > index + 1) {
    document.at(index + 1).end = document.at(index).end;  // all that is below, as one
    document.Erase(index + 1);
  }
  value.name = document.at(index).name;
  value.end = document.at(index).end;
  document.at(index) = value;
}

// The document at `path`, made if it is missing.
Result<std::uint32_t> MakeDocument(HookTarget target, std::string_view path) {
  std::uint32_t parent = kRoot;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    std::uint32_t child = target.document.Find(parent, name);
    if (child == RawDocument::kNone) {
      RawValue made;
      made.name = target.keeper.Keep(std::string(name));
      made.type = ValueType::kDocument;
      child = target.document.at(parent).end;
      target.document.Append(parent, made);
    } else if (target.document.at(child).type != ValueType::kDocument) {
      return Error{Code::kInvalidArgument, "field \"" + std::string(name) + "\" is no document"};
    }
    parent = child;
  }
  return parent;
}

// Sets the field at `path` to a scalar.
Status Set(HookTarget target, std::string_view path, RawValue value) {
  const SplitPath split = Split(path);
  SW_TRY(const std::uint32_t parent, MakeDocument(target, split.parent));
  const std::uint32_t index = target.document.Find(parent, split.name);
  if (index != RawDocument::kNone) {
    Replace(target.document, index, value);
    return {};
  }
  value.name = target.keeper.Keep(std::string(split.name));
  target.document.Append(parent, value);
  return {};
}

bool MissingOrNull(const RawDocument& document, std::uint32_t index) {
  return index == RawDocument::kNone || document.at(index).type == ValueType::kNull;
}

Result<Verdict> Kept(Status status) {
  SW_TRY_STATUS(std::move(status));
  return Verdict::kKept;
}

Result<Verdict> Apply(const RenameHook& hook, HookTarget target) {
  RawDocument& document = target.document;
  const std::uint32_t index = document.FindPath(kRoot, hook.from);
  if (index == RawDocument::kNone) return Verdict::kKept;
  if (document.FindPath(kRoot, hook.to) != RawDocument::kNone) {
    return Error{Code::kInvalidArgument, "field \"" + hook.to + "\" is there already"};
  }
  const SplitPath to = Split(hook.to);
  if (Split(hook.from).parent == to.parent) {
    document.at(index).name = target.keeper.Keep(std::string(to.name));
    return Verdict::kKept;
  }
  const RawValue value = document.at(index);
  if (IsContainer(value)) {
    return Error{Code::kInvalidArgument, "a document or an array cannot move to another level"};
  }
  document.Erase(index);
  return Kept(Set(target, hook.to, value));
}

Result<Verdict> Apply(const DropHook& hook, HookTarget target) {
  const std::uint32_t index = target.document.FindPath(kRoot, hook.field);
  if (index != RawDocument::kNone) target.document.Erase(index);
  return Verdict::kKept;
}

Result<Verdict> Apply(const DefaultHook& hook, HookTarget target) {
  const std::uint32_t index = target.document.FindPath(kRoot, hook.field);
  if (!MissingOrNull(target.document, index)) return Verdict::kKept;
  return Kept(Set(target, hook.field, RawOf(hook.value, target.keeper)));
}

Result<Verdict> Apply(const ConvertHook& hook, HookTarget target) {
  const std::uint32_t index = target.document.FindPath(kRoot, hook.field);
  if (MissingOrNull(target.document, index)) return Verdict::kKept;
  SW_TRY(const RawValue converted, Convert(target.document.at(index), hook.to, target.keeper));
  Replace(target.document, index, converted);
  return Verdict::kKept;
}

Result<Verdict> Apply(const ComputeHook& hook, HookTarget target) {
  SW_TRY(const Value value, hook.expression.Evaluate(target.document, kRoot));
  return Kept(Set(target, hook.field, RawOf(value, target.keeper)));
}

Result<Verdict> Apply(const FilterHook& hook, HookTarget target) {
  SW_TRY(const Value value, hook.expression.Evaluate(target.document, kRoot));
  const auto* keep = std::get_if<bool>(&value);
  if (keep == nullptr) {
    return Error{Code::kInvalidArgument,
                 "result is neither true nor false: " + std::string(KindName(value))};
  }
  return *keep ? Verdict::kKept : Verdict::kFiltered;
}

// Done before: what protects values sees all that the change shows.
template <typename Protecting>
Result<Verdict> Apply(const Protecting&, HookTarget) {
  return Verdict::kKept;
}

std::string NameOf(const Hook& hook, std::string_view setting, std::size_t place) {
  std::string name(setting);
  name += "[" + std::to_string(place) + "] (" + std::string(KindOf(hook));
  if (const auto field = FieldOf(hook); !field.empty()) {
    name += ", field \"" + std::string(field) + "\"";
  }
  return name + ")";
}

}  // namespace

Result<Verdict> ApplyHooks(const std::vector<Hook>& hooks, std::string_view setting,
                           HookTarget target) {
  for (std::size_t i = 0; i < hooks.size(); ++i) {
    auto verdict = std::visit([&](const auto& hook) { return Apply(hook, target); }, hooks[i]);
    if (!verdict.ok()) {
      return Error{Code::kInvalidArgument,
                   NameOf(hooks[i], setting, i) + ": " + std::move(verdict).error().message};
    }
    if (verdict.value() == Verdict::kFiltered) return Verdict::kFiltered;
  }
  return Verdict::kKept;
}

}  // namespace stockwatch::decode
