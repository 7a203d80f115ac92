#include <cerrno>
#include <cstdio>
#include <cstring>

#include "commands.h"
#include "shop/shop.h"

namespace stockwatch::cmd {

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
  std::FILE* out = flags.file == "-" ? stdout : std::fopen(flags.file.c_str(), "wb");
  if (out == nullptr) {
    std::fprintf(stderr, "stockwatch: cannot write %s: %s\n", flags.file.c_str(),
                 std::strerror(errno));
    return ExitCode::kFailed;
  }
  shop::Shop shop(options);
  std::string line;
  bool good = true;
  while (good && shop.Next(line)) {
    line.push_back('\n');
    good = std::fwrite(line.data(), 1, line.size(), out) == line.size();
  }
  good = (out == stdout ? std::fflush(out) : std::fclose(out)) == 0 && good;
  if (!good) std::fprintf(stderr, "stockwatch: cannot write changes: %s\n", std::strerror(errno));
  return good ? ExitCode::kDone : ExitCode::kFailed;
}

}  // namespace stockwatch::cmd
