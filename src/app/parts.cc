#include "app/parts.h"

#include <algorithm>
#include <memory>

#include "domain/decode/protection.h"
#include "wire/change_line/change_line.h"
#include "wire/ejson/ejson_writer.h"

namespace stockwatch::app {
namespace {

change_event::UpdateImages ImagesFrom(const config::SourceOptions& settings) {
  return settings.update_images == event::Image::kExact ? change_event::UpdateImages::kStored
                                                        : change_event::UpdateImages::kLookup;
}

bool Redacts(const decode::CollectionOptions& collection) {
  return std::any_of(
      collection.hooks.begin(), collection.hooks.end(),
      [](const decode::Hook& hook) { return decode::ProtectionOf(hook).has_value(); });
}

}  // namespace

file_source::Options FileOptionsFrom(const config::SourceOptions& settings, std::string path) {
  file_source::Options options;
  options.path = std::move(path);
  options.line_bytes_max = settings.line_bytes_max;
  options.depth_max = settings.depth_max;
  options.update_images = ImagesFrom(settings);
  return options;
}

ports::Tell TellerTo(Log& log) {
  return [&log](ports::Weight weight, std::string_view event, std::string_view message) {
    LogLevel level = LogLevel::kInfo;
    if (weight == ports::Weight::kWarning) level = LogLevel::kWarning;
    if (weight == ports::Weight::kError) level = LogLevel::kError;
    log.Write(level, event, message);
  };
}

flow::Pipeline::WriteChange EjsonWriter() {
  return [](const event::RawChange& change) {
    std::string text;
    ejson::WriteEjson(change.event, 0, text);
    return text;
  };
}

flow::Pipeline::WriteChange RedactingWriter(const decode::Options& options) {
  if (!Redacts(options.inventory) && !Redacts(options.transactions) &&
      !Redacts(options.thresholds)) {
    return nullptr;
  }
  return EjsonWriter();
}

std::function<void(ports::RawInput&)> LineParser(const config::SourceOptions& settings) {
  change_line::Options options;
  options.limits.bytes_max = settings.line_bytes_max;
  options.limits.depth_max = settings.depth_max;
  options.update_images = ImagesFrom(settings);
  // Shared: a function can be copied, a reader's buffers cannot.
  const auto reader = std::make_shared<change_line::ChangeLineReader>(options);
  return [reader](ports::RawInput& input) { reader->Read(input); };
}

}  // namespace stockwatch::app
