#include <array>

#include "config/option_table.h"

namespace stockwatch::config {
namespace {

using base::Duration;

constexpr std::string_view kChannel = "channels[]";
constexpr std::array<std::string_view, 2> kTypeNames{"console", "webhook"};
constexpr std::array<std::string_view, 5> kGroupNames{"none", "warehouse", "department", "category",
                                                      "brand"};
constexpr std::array<std::string_view, 2> kTreeNames{"warehouse", "global"};
constexpr TextForm kUrl{2048};
constexpr TextForm kPath{4096};
constexpr TextForm kName{255};

constexpr Option kOptions[] = {
    {"", "delivery", SectionForm{"delivery"}, "How notices reach their receivers."},
    {"delivery", "window_rows", Form(IntegerForm{100, 1'000'000}),
     "Notices in memory that wait for a receiver; those behind them wait in the store.",
     [](const Target& t) -> Place { return &t.settings->flow.delivery.window_rows; }},
    {"delivery", "lease", Form(DurationForm{Duration::Seconds(1), Duration::Hours(1)}),
     "After so long without an answer nobody knows whether a notice arrived.",
     [](const Target& t) -> Place { return &t.settings->flow.delivery.lease; }},
    {"delivery", "retry_after_max", Form(DurationForm{Duration(), Duration::Days(7)}),
     "How long a receiver may ask to be left alone.",
     [](const Target& t) -> Place { return &t.settings->flow.delivery.retry_after_max; }},
    {"delivery", "expire_after", Form(DurationForm{Duration::Minutes(1), Duration::Days(30)}),
     "A notice that could not be delivered for so long is a dead letter.",
     [](const Target& t) -> Place { return &t.settings->flow.delivery.expire_after; }},
    {"delivery", "keep", Form(DurationForm{Duration::Hours(1), Duration::Days(3660)}),
     "How long it is kept what became of a notice.",
     [](const Target& t) -> Place { return &t.settings->flow.delivery.keep; }},
    {"delivery", "links_url", Form(kUrl),
     "Before the paths of links in notices, such as `https://stock.example.org`. Empty: where the "
     "engine listens, such as `http://127.0.0.1:8080`.",
     [](const Target& t) -> Place { return &t.settings->links_url; }},
    {"delivery", "breaker", SectionForm{"delivery.breaker"},
     "Keeps attempts away from a receiver that is not there."},
    {"delivery.breaker", "failures_max", Form(IntegerForm{1, 1000}),
     "Attempts that fail one after the other before it opens.",
     [](const Target& t) -> Place { return &t.settings->flow.delivery.breaker.failures_max; }},
    {"delivery.breaker", "open_for", Form(DurationForm{Duration::Seconds(1), Duration::Hours(1)}),
     "How long it is open before one attempt tries; doubled with each that fails.",
     [](const Target& t) -> Place { return &t.settings->flow.delivery.breaker.open_for; }},
    {"delivery.breaker", "open_for_max",
     Form(DurationForm{Duration::Seconds(1), Duration::Hours(24)}), "Longest time that it is open.",
     [](const Target& t) -> Place { return &t.settings->flow.delivery.breaker.open_for_max; }},
    {"delivery", "storm", SectionForm{"delivery.storm"},
     "Many notices at once become digests; those of severity page do not."},
    {"delivery.storm", "rows_min", Form(IntegerForm{0, 1'000'000}),
     "New notices for one channel within the window that are a storm; 0: there are none.",
     [](const Target& t) -> Place { return &t.settings->flow.delivery.storm.rows_min; }},
    {"delivery.storm", "window", Form(DurationForm{Duration::Micros(100'000), Duration::Hours(1)}),
     "The window, and how long notices wait for others to share a digest.",
     [](const Target& t) -> Place { return &t.settings->flow.delivery.storm.window; }},
    {"delivery.storm", "digest_rows_max", Form(IntegerForm{2, 100'000}),
     "Most notices of a digest; fewer where their keys would be longer than 32 KiB.",
     [](const Target& t) -> Place { return &t.settings->flow.delivery.storm.digest_rows_max; }},

    {"", "channels", PartForm{Part::kChannels, "a map of at most 64 names to keys of a channel"},
     "Ways to receivers, by their names; all are destinations of every notice, unless rules name "
     "theirs. Without: the console alone."},
    {kChannel, "type", Form(ChoiceForm{kTypeNames}), "A line on standard output, or HTTP requests.",
     [](const Target& t) -> Place { return &t.channel->type; }, true},
    {kChannel, "url", Form(kUrl), "Of a webhook, https://.",
     [](const Target& t) -> Place { return &t.channel->url; }},
    {kChannel, "secret_file", Form(kPath),
     "File with the secret that signs, as Standard Webhooks writes it: whsec_ and Base64.",
     [](const Target& t) -> Place { return &t.channel->secret_file; }},
    {kChannel, "secret_env", Form(kName), "Or the environment variable with it.",
     [](const Target& t) -> Place { return &t.channel->secret_env; }},
    {kChannel, "previous_secret_file", Form(kPath),
     "File with the secret before it, which signs too until receivers know the new one.",
     [](const Target& t) -> Place { return &t.channel->previous_secret_file; }},
    {kChannel, "previous_secret_env", Form(kName), "Or the environment variable with it.",
     [](const Target& t) -> Place { return &t.channel->previous_secret_env; }},
    {kChannel, "timeout", Form(DurationForm{Duration::Micros(100'000), Duration::Minutes(1)}),
     "Of one request with its answer.",
     [](const Target& t) -> Place { return &t.channel->timeout; }},
    {kChannel, "allow_private", Form(BoolForm{}),
     "Whether addresses that are none of the internet may be connected to, and http:// used.",
     [](const Target& t) -> Place { return &t.channel->allow_private; }},
    {kChannel, "ca_file", Form(kPath), "Certificates (PEM) to trust; empty: those of the system.",
     [](const Target& t) -> Place { return &t.channel->ca_file; }},
    {kChannel, "in_flight_max", Form(IntegerForm{1, 64}),
     "Notices on their way to it at once; each has a thread.",
     [](const Target& t) -> Place { return &t.channel->in_flight_max; }},
    {kChannel, "notices_per_minute", Form(IntegerForm{0, 1'000'000}),
     "More than so many become digests; 0: without a limit.",
     [](const Target& t) -> Place { return &t.channel->notices_per_minute; }},
    {kChannel, "group_by", Form(ChoiceForm{kGroupNames}),
     "Notices of one subtree share a message; those of severity page go by themselves.",
     [](const Target& t) -> Place { return &t.channel->grouping.by; }},
    {kChannel, "group_tree", Form(ChoiceForm{kTreeNames}),
     "Whether a subtree is of one warehouse, or the same of all.",
     [](const Target& t) -> Place { return &t.channel->grouping.tree; }},
    {kChannel, "group_wait", Form(DurationForm{Duration::Micros(100'000), Duration::Hours(1)}),
     "How long the first notice of a subtree waits for others.",
     [](const Target& t) -> Place { return &t.channel->grouping.wait; }},
};

}  // namespace

std::span<const Option> ChannelOptions() {
  return kOptions;
}

}  // namespace stockwatch::config
