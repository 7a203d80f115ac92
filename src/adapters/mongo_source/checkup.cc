#include "adapters/mongo_source/checkup.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "adapters/mongo_source/cursor.h"
#include "adapters/mongo_source/oplog.h"
#include "adapters/mongo_source/remedy.h"
#include "adapters/mongo_source/reply.h"
#include "base/bytes.h"
#include "wire/bson/document_writer.h"
#include "wire/bson/element.h"

namespace stockwatch::mongo_source {
namespace {

constexpr std::int32_t kOldest = 9;          // 4.4
constexpr std::int32_t kSnapshotReads = 13;  // 5.0
constexpr std::int64_t kClockMillisMax = 1'000;
constexpr std::uint64_t kOplogSecondsMin = 24 * 3600;

class Examination {
 public:
  Examination(const Options& options, const LinkTo& link_to,
              const std::function<base::Instant()>& wall)
      : options_(options), link_to_(link_to), wall_(wall), link_(link_to(options.database)) {}

  std::vector<Finding> Run() {
    Timeouts();
    auto selected = link_.select();
    if (const auto* failure = std::get_if<Failure>(&selected)) {
      Bad("connection", Advice(*failure), FixOf(*failure));
      return std::move(findings_);
    }
    server_ = std::get<Server>(std::move(selected));
    Good("connection", "a server answers");
    Version();
    Hello();
    Stream();
    for (const std::string& name : options_.shape().collections) Collection(name);
    Oplog();
    return std::move(findings_);
  }

 private:
  void Good(std::string check, std::string says) {
    findings_.push_back({Grade::kGood, std::move(check), std::move(says), {}});
  }
  void Doubtful(std::string check, std::string says, std::string fix) {
    findings_.push_back({Grade::kDoubtful, std::move(check), std::move(says), std::move(fix)});
  }
  void Bad(std::string check, std::string says, std::string fix) {
    findings_.push_back({Grade::kBad, std::move(check), std::move(says), std::move(fix)});
  }

  void Timeouts() {
    const base::Status valid = options_.Validate();
    if (!valid.ok()) return Bad("settings", valid.error().message, "see docs/settings.md");
    Good("settings", "timeouts and names are good");
  }

  void Version() {
    const Answer answer = link_.send(bson::DocumentWriter().Int32("buildInfo", 1).Finish());
    const auto found = bson::Find(answer.bytes, "version");
    std::string version = "wire version " + std::to_string(server_.wire_version);
    if (const auto text = found ? found->Text() : std::nullopt) version = std::string(*text);
    if (server_.wire_version < kOldest) {
      Bad("version", version + " is older than 4.4", "use MongoDB 4.4 or later");
    } else if (server_.wire_version < kSnapshotReads &&
               options_.snapshot == SnapshotWhen::kInitial) {
      Bad("version", version + " has no snapshot reads",
          "use MongoDB 5.0 or later, or set source.mongo.snapshot: never");
    } else {
      Good("version", version);
    }
  }

  void Hello() {
    const std::int64_t asked = wall_().micros() / 1000;
    const Answer answer = link_.send(bson::DocumentWriter().Int32("hello", 1).Finish());
    const std::int64_t answered = wall_().micros() / 1000;
    if (server_.sharded) {
      Good("replica set", "a mongos, whose shards are replica sets");
      Doubtful("sharded cluster", "a shard without writes holds the stream back",
               "keep periodicNoopIntervalSecs of the shards low: 1");
    } else if (server_.replica_set.empty()) {
      Bad("replica set", "the server is in none, and change streams need one",
          "start it with --replSet and run rs.initiate()");
    } else {
      Good("replica set", server_.replica_set);
    }
    std::size_t arbiters = 0;
    if (const auto list = bson::Find(answer.bytes, "arbiters")) {
      bson::Elements elements(list->Array().value_or(std::string_view()));
      for (bson::Element one; elements.Next(one);) ++arbiters;
    }
    if (arbiters > 0) {
      Doubtful("arbiters",
               std::to_string(arbiters) +
                   " in the set: it can lose its majority and go "
                   "silent with a primary",
               "use members with data instead");
    } else {
      Good("arbiters", "none");
    }
    if (const auto time = bson::Find(answer.bytes, "localTime");
        time && time->type == bson::Type::kDate) {
      Clock(base::ByteReader(time->value).Take<std::int64_t>(), asked, answered);
    }
  }

  // It was read at some time between the two of ours: how far apart these are says nothing of it.
  void Clock(std::int64_t server, std::int64_t asked, std::int64_t answered) {
    const std::int64_t behind = std::clamp(server, asked, std::max(asked, answered)) - server;
    const std::string says = "the server's is " + std::to_string(std::llabs(behind)) + " ms " +
                             (behind >= 0 ? "behind" : "ahead of") + " ours";
    if (std::llabs(behind) > kClockMillisMax) {
      Doubtful("clock", says, "synchronise both by NTP: lag and warnings are wrong by as much");
    } else {
      Good("clock", says);
    }
  }

  void Stream() {
    Cursor cursor(link_, options_.shape(), {1, 1});
    const auto opened = cursor.Open({});
    const auto* failure = std::get_if<Failure>(&opened);
    if (failure == nullptr) return Good("change stream", "opens on " + options_.database);
    Bad("change stream", Advice(*failure), FixOf(*failure));
  }

  void Collection(const std::string& name) {
    bson::DocumentWriter find;
    find.Text("find", name).Int32("limit", 1).Bool("singleBatch", true);
    const Answer answer = link_.send(find.Finish());
    if (answer.failure) {
      return Bad("collection " + name, Advice(*answer.failure), FixOf(*answer.failure));
    }
    bson::DocumentWriter list;
    list.Int32("listCollections", 1).BeginDocument("filter").Text("name", name).End();
    const Answer listed = link_.send(list.Finish());
    const auto batch = ReadBatch(listed.bytes);
    const auto* found = std::get_if<Batch>(&batch);
    if (listed.failure || found == nullptr || found->documents.empty()) {
      return Doubtful("collection " + name, "there is none",
                      "see source.collections, or leave it: it is followed as soon as it is there");
    }
    Good("collection " + name, "can be read");
    // Those of the transactions are only inserted.
    if (name != options_.collections.transactions) Images(name, found->documents[0]);
  }

  void Images(const std::string& name, std::string_view listed) {
    const auto with = bson::Find(listed, "options");
    const auto images =
        bson::Find(with ? with->Document().value_or(std::string_view()) : std::string_view(),
                   "changeStreamPreAndPostImages");
    const auto enabled = bson::Find(
        images ? images->Document().value_or(std::string_view()) : std::string_view(), "enabled");
    const bool stored = enabled && enabled->Bool().value_or(false);
    const bool wanted = options_.update_images == change_event::UpdateImages::kStored;
    const std::string command =
        "db.runCommand({collMod: \"" + name + "\", changeStreamPreAndPostImages: {enabled: true}})";
    const std::string check = "images of " + name;
    if (stored && wanted) {
      Good(check, "each update is exact at its position");
    } else if (stored) {
      Doubtful(check, "the server keeps them and they are not used: updates are looked up later",
               "set source.update_images: stored");
    } else if (wanted) {
      Bad(check, "source.update_images is stored, and the server keeps none", command);
    } else {
      Doubtful(check, "none are kept: the document of an update is looked up some time later",
               command + ", then source.update_images: stored");
    }
  }

  void Oplog() {
    const Link local = link_to_("local");
    const auto selected = local.select();
    const bool reached = std::holds_alternative<Server>(selected);
    const auto time = [&](std::int32_t natural) {
      const auto end = EndOfOplog(local, natural);
      const auto* found = std::get_if<std::uint64_t>(&end);
      return found == nullptr ? std::nullopt : std::optional(*found);
    };
    const auto first = reached ? time(1) : std::nullopt;
    const auto last = reached ? time(-1) : std::nullopt;
    if (!first || !last) {
      return Doubtful("oplog", "its window cannot be read: how long we may be away is not known",
                      "grant the user the role read on the database local, for this check alone");
    }
    const std::uint64_t seconds = (*last >> 32) - std::min(*first >> 32, *last >> 32);
    const std::string says = "reaches back " + std::to_string(seconds / 3600) + " h " +
                             std::to_string(seconds / 60 % 60) + " min";
    if (seconds >= kOplogSecondsMin) return Good("oplog", says);
    Doubtful("oplog", says + ": whoever is away for longer loses changes",
             "db.adminCommand({replSetResizeOplog: 1, minRetentionHours: 24})");
  }

  const Options& options_;
  const LinkTo& link_to_;
  const std::function<base::Instant()>& wall_;
  Link link_;
  Server server_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> CheckUp(const Options& options, const LinkTo& link_to,
                             const std::function<base::Instant()>& wall) {
  return Examination(options, link_to, wall).Run();
}

std::vector<std::string> SampleInventory(const Options& options, const LinkTo& link_to) {
  std::vector<std::string> sample;
  const Link link = link_to(options.database);
  const auto selected = link.select();
  if (!std::holds_alternative<Server>(selected)) return sample;
  bson::DocumentWriter find;
  find.Text("find", options.collections.inventory).Int32("limit", 200).Bool("singleBatch", true);
  const Answer answer = link.send(find.Finish());
  const auto batch = ReadBatch(answer.bytes);
  if (const auto* found = std::get_if<Batch>(&batch); found != nullptr && !answer.failure) {
    for (const std::string_view document : found->documents) sample.emplace_back(document);
  }
  return sample;
}

}  // namespace stockwatch::mongo_source
