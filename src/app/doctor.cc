#include "app/doctor.h"

#include <list>
#include <memory>
#include <utility>

#include "adapters/mongo_source/connection.h"
#include "adapters/system_clock/system_clock.h"
#include "app/mongo.h"
#include "domain/decode/core_fields.h"

namespace stockwatch::app {

using mongo_source::Connection;

base::Result<DoctorReport> Examine(const config::Settings& settings, const std::string& source,
                                   Mapping mapping) {
  if (KindOf(source) != SourceKind::kMongo) {
    return base::Error{base::Code::kInvalidArgument,
                       "--source: is not mongo or a mongodb URI: \"" + source + "\""};
  }
  SW_TRY(const mongo_source::Options options, MongoOptionsFrom(settings, source));
  DoctorReport report;
  SW_TRY(const auto problem, mongo_source::ProblemOfUri(options));
  if (problem) {
    report.findings.push_back({mongo_source::Grade::kBad, "URI", problem->says, problem->fix});
    return report;
  }
  // Shows that the URI can be used; to each database goes a connection of its own.
  const auto farewell = std::make_shared<mongo_source::Farewell>(mongo_source::kFarewellPatience);
  SW_TRY(const std::unique_ptr<Connection> first, Connection::Open(options, farewell));
  std::list<std::unique_ptr<Connection>> connections;
  const mongo_source::LinkTo link_to = [&](const std::string& database) {
    mongo_source::Options other = options;
    other.database = database;
    connections.push_back(Connection::Open(other, farewell).value());
    return connections.back()->link();
  };
  system_clock::SystemClock clock;
  report.findings = mongo_source::CheckUp(options, link_to, [&] { return clock.Wall(); });
  if (mapping == Mapping::kSuggested) {
    const std::vector<std::string> sample = mongo_source::SampleInventory(options, link_to);
    const std::vector<std::string_view> documents(sample.begin(), sample.end());
    mongo_source::Suggestion suggestion =
        mongo_source::SuggestMapping(documents, decode::kInventoryFieldNames);
    report.findings.push_back(std::move(suggestion.finding));
    report.mapping = std::move(suggestion.yaml);
  }
  return report;
}

}  // namespace stockwatch::app
