#include "adapters/mongo_source/driver.h"

#include <dlfcn.h>

#include <cstdlib>

#include "base/assertion.h"

namespace stockwatch::mongo_source {
namespace {

constexpr const char* kLibrary = "libmongoc-1.0.so.0";

// The driver writes to standard error otherwise; what matters of it stands in its errors.
void Ignore(mongoc_log_level_t, const char*, const char*, void*) {}

base::Result<Driver> Load() {
  const auto failed = [] {
    const char* why = dlerror();
    return base::Error{base::Code::kFailedPrecondition,
                       std::string("cannot load the driver of MongoDB: ") +
                           (why == nullptr ? kLibrary : why) + ": install libmongoc-1.0-0"};
  };
  setenv("MONGOC_DISABLE_SHM", "1", 1);
  void* const library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return failed();
  Driver driver;
#define SW_FIND(name)                                                                     \
  driver.name = reinterpret_cast<decltype(driver.name)>(dlsym(library, "mongoc_" #name)); \
  if (driver.name == nullptr) return failed();
  SW_MONGOC_FUNCTIONS(SW_FIND)
#undef SW_FIND
  driver.log_set_handler(&Ignore, nullptr);
  driver.init();
  return driver;
}

const base::Result<Driver>& Loaded() {
  // Never destroyed: a call that hangs may outlast main.
  static const auto* const kLoaded = new base::Result<Driver>(Load());
  return *kLoaded;
}

}  // namespace

base::Status LoadDriver() {
  return Loaded().ok() ? base::Status() : base::Status(Loaded().error());
}

const Driver& TheDriver() {
  SW_ASSERT(Loaded().ok(), "the driver is loaded first");
  return Loaded().value();
}

}  // namespace stockwatch::mongo_source
