#include "domain/decode/hook.h"

#include "base/overloaded.h"
#include "base/result.h"
#include "base/utf8.h"

namespace stockwatch::decode {
namespace {

using base::Code;
using base::Error;

bool IsDocumentId(std::string_view path) {
  return path == "_id" || path.substr(0, 4) == "_id.";
}

class HookValidation {
 public:
  HookValidation(std::string setting, std::vector<Error>& errors)
      : setting_(std::move(setting)), errors_(errors) {}

  void Path(std::string_view name, std::string_view path) {
    if (auto status = ValidatePath(path); !status.ok()) {
      Add(name, status.error().message);
    } else if (IsDocumentId(path)) {
      Add(name, "the document's _id stays as it is");
    }
  }
  void Add(std::string_view name, std::string_view what) {
    errors_.push_back(
        {Code::kInvalidArgument, setting_ + "." + std::string(name) + ": " + std::string(what)});
  }

 private:
  std::string setting_;
  std::vector<Error>& errors_;
};

void ValidateRename(const RenameHook& hook, HookValidation& validation) {
  validation.Path("from", hook.from);
  validation.Path("to", hook.to);
  if (hook.from == hook.to) validation.Add("to", "is the same as from: \"" + hook.to + "\"");
}

}  // namespace

std::string_view KindOf(const Hook& hook) {
  constexpr std::array<std::string_view, 10> kNames{"rename",  "drop",   "default", "convert",
                                                    "compute", "filter", "redact",  "mask",
                                                    "hash",    "encrypt"};
  return kNames[hook.index()];
}

std::string_view FieldOf(const Hook& hook) {
  return std::visit(base::Overloaded{[](const RenameHook& h) -> std::string_view { return h.from; },
                                     [](const FilterHook&) -> std::string_view { return {}; },
                                     [](const auto& h) -> std::string_view { return h.field; }},
                    hook);
}

base::Status ValidatePath(std::string_view path) {
  if (path.empty() || path.size() > kPathBytesMax) {
    return Error{Code::kInvalidArgument,
                 "a path has 1 to 256 bytes: " + std::to_string(path.size())};
  }
  const bool empty_part =
      path.front() == '.' || path.back() == '.' || path.find("..") != std::string_view::npos;
  if (empty_part || !base::IsUtf8WithoutControls(path)) {
    return Error{Code::kInvalidArgument, "not a path such as a.b.c: \"" + std::string(path) + "\""};
  }
  return {};
}

void ValidateHooks(const std::vector<Hook>& hooks, std::string_view setting,
                   std::vector<Error>& errors) {
  if (hooks.size() > kHooksMax) {
    errors.push_back({Code::kInvalidArgument, std::string(setting) + ": more than 64 hooks: " +
                                                  std::to_string(hooks.size())});
  }
  for (std::size_t i = 0; i < hooks.size(); ++i) {
    HookValidation validation(std::string(setting) + "[" + std::to_string(i) + "]", errors);
    std::visit(base::Overloaded{[&](const RenameHook& h) { ValidateRename(h, validation); },
                                [](const FilterHook&) {},
                                [&](const auto& h) { validation.Path("field", h.field); }},
               hooks[i]);
  }
}

}  // namespace stockwatch::decode
