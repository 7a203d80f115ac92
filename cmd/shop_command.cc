#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "commands.h"
#include "shop/shop.h"

namespace stockwatch::cmd {
namespace {

// Lines into a file; the first failure is told on the console and ends it. Of standard output main
// tells it, as of every command.
class OutputFile {
 public:
  explicit OutputFile(const std::string& name)
      : name_(name), file_(name == "-" ? stdout : std::fopen(name.c_str(), "wb")) {
    if (file_ == nullptr) Fail();
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() {
    if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  }

  bool good() const { return good_; }
  void Write(std::string_view line) {
    if (!good_) return;
    const bool written = std::fwrite(line.data(), 1, line.size(), file_) == line.size() &&
                         std::fputc('\n', file_) != EOF;
    if (!written) Fail();
  }
  bool Close() {
    std::FILE* file = std::exchange(file_, nullptr);
    if (file == nullptr) return false;
    const int closed = file == stdout ? std::fflush(file) : std::fclose(file);
    if (good_ && closed != 0) Fail();
    return good_;
  }

 private:
  void Fail() {
    good_ = false;
    if (name_ == "-") return;
    std::fprintf(stderr, "stockwatch: cannot write %s: %s\n", name_.c_str(), std::strerror(errno));
  }

  std::string name_;
  std::FILE* file_;
  bool good_ = true;
};

}  // namespace

ExitCode RunShop(const ShopFlags& flags) {
  shop::Options options;
  options.seed = flags.seed;
  if (flags.warehouses > 0) options.warehouses = flags.warehouses;
  if (flags.items > 0) options.items_per_warehouse = flags.items;
  if (flags.days > 0) options.days = flags.days;
  if (auto valid = options.Validate(); !valid.ok()) {
    std::fprintf(stderr, "stockwatch: %s\n", valid.error().message.c_str());
    return ExitCode::kUsage;
  }
  OutputFile changes(flags.file);
  std::optional<OutputFile> labels;
  if (flags.labels) labels.emplace(*flags.labels);
  if (!changes.good() || (labels && !labels->good())) return ExitCode::kFailed;

  using shop::Labelling;
  shop::Shop shop(options, labels ? Labelling::kStockouts : Labelling::kNone);
  std::string line;
  shop::Label label;
  while (changes.good() && shop.Next(line)) {
    changes.Write(line);
    while (labels && shop.NextLabel(label)) labels->Write(shop::LabelLine(label));
  }
  bool good = changes.Close();
  if (labels) good = labels->Close() && good;
  return good ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace stockwatch::cmd
