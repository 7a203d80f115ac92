#include "app/export_files.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/look/listings.h"
#include "flow/canonical.h"
#include "flow/listing.h"

namespace stockwatch::app {
namespace {

using base::Code;
using base::Error;
using base::Status;

Error CannotWrite(const std::string& path, int reason) {
  return {Code::kUnavailable, "cannot write export: " + path + ": " + std::strerror(reason)};
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// Files of lines that appear under their names together, when all of them are whole.
class ExportFiles {
 public:
  explicit ExportFiles(std::string folder) : folder_(std::move(folder)) {}
  ExportFiles(const ExportFiles&) = delete;
  ExportFiles& operator=(const ExportFiles&) = delete;
  ~ExportFiles() {
    for (const std::string& path : written_) std::remove(Beside(path).c_str());
  }

  Status Write(const char* name, const std::function<void(const flow::LineSink&)>& write) {
    const std::string path = folder_ + "/" + name;
    const std::string beside = Beside(path);
    std::unique_ptr<std::FILE, CloseFile> file(std::fopen(beside.c_str(), "wb"));
    if (file == nullptr) return CannotWrite(beside, errno);
    written_.push_back(path);
    int failure = 0;
    write([&](std::string_view line) {
      if (failure == 0 && std::fwrite(line.data(), 1, line.size(), file.get()) != line.size()) {
        failure = errno;
      }
    });
    if (failure == 0 && std::fclose(file.release()) != 0) failure = errno;
    if (failure != 0) return CannotWrite(path, failure);
    return {};
  }
  Status Show() {
    for (const std::string& path : written_) {
      if (std::rename(Beside(path).c_str(), path.c_str()) != 0) return CannotWrite(path, errno);
    }
    written_.clear();
    return {};
  }

 private:
  static std::string Beside(const std::string& path) { return path + ".part"; }

  std::string folder_;
  std::vector<std::string> written_;  // not shown yet
};

}  // namespace

Status MakeFolder(const std::string& path) {
  std::error_code failure;
  std::filesystem::create_directories(path, failure);
  if (!failure && std::filesystem::is_directory(path, failure)) return {};
  return Error{Code::kFailedPrecondition,
               "cannot make folder: " + path + (failure ? ": " + failure.message() : "")};
}

Status WriteExport(const flow::State& state, ports::StateStore& store, const std::string& folder) {
  ExportFiles files(folder);
  SW_TRY_STATUS(
      files.Write("items.ndjson", [&](const auto& sink) { flow::WriteItems(state, sink); }));
  SW_TRY_STATUS(
      files.Write("rollups.ndjson", [&](const auto& sink) { flow::WriteRollUps(state, sink); }));
  SW_TRY_STATUS(
      files.Write("demand.ndjson", [&](const auto& sink) { flow::WriteDemand(state, sink); }));
  Status alerts;
  SW_TRY_STATUS(files.Write(
      "alerts.ndjson", [&](const auto& sink) { alerts = flow::WriteAlerts(state, store, sink); }));
  SW_TRY_STATUS(alerts);
  Status letters;
  SW_TRY_STATUS(files.Write("deadletters.ndjson", [&](const auto& sink) {
    letters = look::WriteDeadLetters(store, sink);
  }));
  SW_TRY_STATUS(letters);
  return files.Show();
}

}  // namespace stockwatch::app
