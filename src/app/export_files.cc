#include "app/export_files.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "domain/event/dead_letter_record.h"
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

// A file of lines that appears under its name when it is whole.
Status WriteFile(const std::string& path, const std::function<void(const flow::LineSink&)>& write) {
  const std::string beside = path + ".part";
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(beside.c_str(), "wb"));
  if (file == nullptr) return CannotWrite(beside, errno);
  int failure = 0;
  write([&](std::string_view line) {
    if (failure == 0 && std::fwrite(line.data(), 1, line.size(), file.get()) != line.size()) {
      failure = errno;
    }
  });
  if (failure == 0 && std::fclose(file.release()) != 0) failure = errno;
  if (failure == 0 && std::rename(beside.c_str(), path.c_str()) != 0) failure = errno;
  if (failure == 0) return {};
  std::remove(beside.c_str());
  return CannotWrite(path, failure);
}

void WriteDeadLetters(ports::StateStore& store, const flow::LineSink& sink) {
  store.ReadFamily(ports::Family::kDeadLetter, [&](std::string_view, std::string_view record) {
    const auto letter = event::DecodeDeadLetter(record);
    SW_ASSERT(letter.ok(), "the store checks its records");
    sink(flow::DeadLetterLine(letter.value()));
  });
}

}  // namespace

Status MakeFolder(const std::string& path) {
  std::error_code failure;
  std::filesystem::create_directories(path, failure);
  if (!failure && std::filesystem::is_directory(path, failure)) return {};
  return Error{Code::kFailedPrecondition,
               "cannot make folder: " + path + (failure ? ": " + failure.message() : "")};
}

Status WriteExport(const flow::State& state, ports::StateStore& store, const std::string& folder) {
  const auto write = [&](const char* name,
                         const std::function<void(const flow::LineSink&)>& lines) {
    return WriteFile(folder + "/" + name, lines);
  };
  SW_TRY_STATUS(write("items.ndjson", [&](const auto& sink) { flow::WriteItems(state, sink); }));
  SW_TRY_STATUS(
      write("rollups.ndjson", [&](const auto& sink) { flow::WriteRollUps(state, sink); }));
  SW_TRY_STATUS(write("alerts.ndjson", [&](const auto& sink) { flow::WriteAlerts(state, sink); }));
  return write("deadletters.ndjson", [&](const auto& sink) { WriteDeadLetters(store, sink); });
}

base::Result<event::DeadLetter> FirstDeadLetter(ports::StateStore& store) {
  std::optional<event::DeadLetter> first;
  store.ReadFamily(ports::Family::kDeadLetter, [&](std::string_view, std::string_view record) {
    if (first) return;
    auto letter = event::DecodeDeadLetter(record);
    if (letter.ok()) first = std::move(letter).value();
  });
  if (!first) return Error{Code::kNotFound, "no dead letter"};
  return *std::move(first);
}

}  // namespace stockwatch::app
