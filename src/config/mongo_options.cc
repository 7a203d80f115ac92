#include <array>

#include "config/option_table.h"

namespace stockwatch::config {
namespace {

using base::Duration;

constexpr std::string_view kMongo = "source.mongo";
constexpr std::array<std::string_view, 2> kSnapshotNames{"initial", "never"};
constexpr std::array<std::string_view, 3> kLostHistoryNames{"fail", "resnapshot", "skip"};
constexpr TextForm kPath{4096};
constexpr TextForm kName{255};

constexpr Option kOptions[] = {
    {"source", "mongo", SectionForm{kMongo}, "MongoDB as the source: `run --source mongo`."},
    {kMongo, "uri_file", Form(kPath),
     "File that holds the URI, `mongodb://` or `mongodb+srv://`, with user and password.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.uri_file; }},
    {kMongo, "uri_env", Form(kName),
     "Environment variable that holds the URI. Not beside `uri_file`.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.uri_env; }},
    {kMongo, "snapshot", Form(ChoiceForm{kSnapshotNames}),
     "Whether a new store begins with what `inventory` and `thresholds` hold (MongoDB 5.0 or "
     "later), "
     "or only with what changes from then on.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.snapshot; }},
    {kMongo, "on_lost_history", Form(ChoiceForm{kLostHistoryNames}),
     "What happens when the oplog no longer reaches back to where the store stands: stop, read "
     "everything anew, or leave out what is gone.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.on_lost_history; }},
    {kMongo, "await", Form(DurationForm{Duration::Micros(10'000), Duration::Minutes(5)}),
     "How long the server waits for a change before it answers that there is none.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.await; }},
    {kMongo, "connect_timeout", Form(DurationForm{Duration::Micros(100'000), Duration::Minutes(5)}),
     "How long finding and connecting to a server may take.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.connect_timeout; }},
    {kMongo, "socket_timeout", Form(DurationForm{Duration::Micros(100'000), Duration::Minutes(10)}),
     "Without an answer for that long the server counts as gone; more than `await`.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.socket_timeout; }},
    {kMongo, "socket_timeout_max",
     Form(DurationForm{Duration::Micros(100'000), Duration::Hours(24)}),
     "A stream that is not opened in `socket_timeout`, because the server has much of its oplog to "
     "look through, gets twice the time at each try, up to this.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.socket_timeout_max; }},
    {kMongo, "heartbeat", Form(DurationForm{Duration::Seconds(1), Duration::Hours(1)}),
     "How often the place in a stream without changes is stored; three of them without progress "
     "turn "
     "the readiness red.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.heartbeat; }},
    {kMongo, "heartbeat_log", Form(DurationForm{Duration::Seconds(1), Duration::Hours(1)}),
     "How often a line `heartbeat` of the log says status and place of the source.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.heartbeat_log; }},
    {kMongo, "headroom_min", Form(DurationForm{Duration(), Duration::Hours(168)}),
     "Readiness falls where the oplog will have lost the place in less than that, if both go on as "
     "they do; 0s: never.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.headroom_min; }},
    {kMongo, "queue_bytes_max", Form(IntegerForm{1024, std::int64_t{16} << 30}),
     "Bytes of changes that are read ahead of the engine.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.queue_bytes_max; }},
    {kMongo, "event_bytes_max", Form(IntegerForm{1024, std::int64_t{1} << 30}),
     "Largest change, put together of its fragments, in bytes.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.event_bytes_max; }},
    {kMongo, "batch_documents_max", Form(IntegerForm{1, 100'000}),
     "Most changes of one reply of the server.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.batch_documents_max; }},
    {kMongo, "snapshot_documents", Form(IntegerForm{1, 100'000}),
     "Ids of one read of the snapshot; a restart repeats one read at most.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.snapshot_documents; }},
    {kMongo, "snapshot_readers", Form(IntegerForm{1, 16}),
     "Connections that read the snapshot at once; each may hold a reply of 16 MB.",
     [](const Target& t) -> Place { return &t.settings->source.mongo.snapshot_readers; }},
};

}  // namespace

std::span<const Option> MongoOptions() {
  return kOptions;
}

}  // namespace stockwatch::config
