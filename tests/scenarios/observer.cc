#include "observer.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "base/decimal.h"
#include "domain/event/dead_letter_record.h"
#include "flow/canonical.h"
#include "flow/listing.h"
#include "scenario_file.h"

namespace stockwatch::scenario {
namespace {

using Episode = alert::EpisodeRecord;

std::string Number(std::int64_t thousandths) {
  std::string text;
  base::AppendDecimal(text, thousandths, 3);
  return text;
}

std::string NodePath(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : "/") + name;
  return text.empty() ? "/" : text;
}

std::string Subject(const outbox::Message& message) {
  if (message.tree.empty()) return message.warehouse_id + "/" + message.sku;
  return "node " + message.tree + " " + NodePath(message.path);
}

std::string Described(const outbox::Message& message) {
  return std::string(alert::Name(message.kind)) + " " + std::string(event::Name(message.type)) +
         " " + Subject(message);
}

// The way of an episode from one state over `steps` transitions: resolves alternate with what
// follows them. What people do is a step by itself.
std::vector<alert::Edge> EdgesOf(bool active, std::uint32_t steps, alert::State end) {
  if (active && steps == 1 && end == alert::State::kAcknowledged) {
    return {alert::Edge::kAcknowledged};
  }
  if (active && steps == 1 && end == alert::State::kOpen) return {alert::Edge::kUnacknowledged};
  std::vector<alert::Edge> edges;
  for (; steps > 0; --steps) {
    const bool closes = !active && steps == 1 && end == alert::State::kClosed;
    edges.push_back(active   ? alert::Edge::kResolved
                    : closes ? alert::Edge::kClosed
                             : alert::Edge::kReopened);
    active = !active;
  }
  return edges;
}

}  // namespace

namespace {

std::string Subject(const Episode& episode) {
  if (const auto* item = std::get_if<alert::ItemSubject>(&episode.subject)) {
    return item->warehouse + "/" + item->sku;
  }
  const auto& node = std::get<alert::NodeSubject>(episode.subject);
  return "node " + std::string(stock::Name(node.tree)) + " " + NodePath(node.path);
}

}  // namespace

std::vector<std::string> Observer::Look(const flow::State& state, std::int64_t line_seconds,
                                        bool tick) {
  now_ = state.now();
  std::vector<Episode> moved = flow::ReadEpisodes(state, store_).value();
  std::erase_if(moved, [&](const Episode& episode) {
    return seen_[episode.id].transitions == episode.transitions;
  });
  const auto rank = [&](const Episode& episode) {
    return std::tuple(episode.state != alert::State::kClosed,
                      std::holds_alternative<alert::NodeSubject>(episode.subject), Subject(episode),
                      episode.type, episode.opened_at);
  };
  std::sort(moved.begin(), moved.end(),
            [&](const Episode& a, const Episode& b) { return rank(a) < rank(b); });
  std::vector<std::string> lines;
  line_seconds_ = line_seconds;
  for (const Episode& episode : moved) LookAt(episode, lines);
  for (const outbox::Message& message : ear_.heard) {
    lines.push_back("told " + Described(message) + At(message.at));
  }
  ear_.heard.clear();
  const std::string fate = Fate(state);
  if (!tick && !fate.empty()) lines.push_back(fate);
  return lines;
}

void Observer::LookAt(const Episode& episode, std::vector<std::string>& lines) {
  Seen& seen = seen_[episode.id];
  std::uint32_t steps = episode.transitions - seen.transitions;
  bool active = seen.state == alert::State::kOpen || seen.state == alert::State::kAcknowledged;
  if (seen.transitions == 0) {
    const bool told = TakeNotice(episode, alert::NoticeKind::kOpened);
    lines.push_back(Opened(episode) + (told ? "" : " untold") + At(episode.opened_at));
    --steps;
    active = true;
  }
  const std::string what = std::string(event::Name(episode.type)) + " " + Subject(episode);
  for (const alert::Edge edge : EdgesOf(active, steps, episode.state)) {
    if (edge == alert::Edge::kReopened) {
      const bool told = TakeNotice(episode, alert::NoticeKind::kReopened);
      lines.push_back("reopened " + what + " value " + Number(episode.now) +
                      (told ? "" : " untold") + At(episode.reopened_at));
    } else if (edge == alert::Edge::kResolved) {
      const bool told = TakeNotice(episode, alert::NoticeKind::kResolved);
      std::string line = "resolved (";
      line.append(alert::Name(episode.cause)).append(") ").append(what);
      lines.push_back(line + (told ? "" : " untold") + At(episode.resolved_at));
    } else if (edge == alert::Edge::kAcknowledged || edge == alert::Edge::kUnacknowledged) {
      lines.push_back(std::string(alert::Name(edge)) + " " + what);
    } else {
      lines.push_back("closed " + what + At(now_));
    }
  }
  seen = {episode.transitions, episode.state};
}

std::string Observer::At(base::Instant at) const {
  const std::int64_t seconds = at.micros() / 1'000'000;
  return seconds == line_seconds_ ? "" : " at " + AxisTime(seconds);
}

std::string Observer::Opened(const Episode& episode) const {
  std::string line = "opened " + std::string(event::Name(episode.type)) + " " + Subject(episode) +
                     " value " + Number(episode.value) + " threshold " + Number(episode.threshold);
  if (!episode.origin) return line;
  return line + " by " + episode.origin->rule_id + " v" + std::to_string(episode.origin->version);
}

bool Observer::TakeNotice(const Episode& episode, alert::NoticeKind kind) {
  const auto found = std::find_if(ear_.heard.begin(), ear_.heard.end(), [&](const auto& message) {
    return message.episode == episode.id && message.kind == kind;
  });
  if (found == ear_.heard.end()) return false;
  ear_.heard.erase(found);
  return true;
}

std::string Observer::Fate(const flow::State& state) {
  const flow::ChangeCounts before = counts_;
  counts_ = state.changes;
  if (counts_.duplicate != before.duplicate) return "duplicate";
  if (counts_.stale != before.stale) return "stale";
  if (counts_.control != before.control) return "control";
  if (counts_.dead_lettered == before.dead_lettered) return {};
  std::string reason;
  (void)store_.ReadFamily(ports::Family::kDeadLetter,
                          [&](std::string_view, std::string_view record) {
                            reason = event::DecodeDeadLetter(record).value().reason;
                          });
  return "dead letter \"" + reason + "\"";
}

namespace {

// The value of a field in a line of JSON without blanks; a text without its quotes.
std::optional<std::string> FieldOf(const std::string& line, const std::string& name) {
  const std::string key = ",\"" + name + "\":";
  const auto at = line.find(key);
  if (at == std::string::npos) return std::nullopt;
  const std::string rest = line.substr(at + key.size());
  if (rest.starts_with('"')) return rest.substr(1, rest.find('"', 1) - 1);
  if (rest.starts_with('{')) return rest.substr(0, rest.find('}') + 1);
  return rest.substr(0, rest.find_first_of(",}"));
}

std::string Joined(const std::string& names) {
  if (names == "/") return "[]";
  std::string json = "[\"";
  for (const char c : names) json += c == '/' ? std::string("\",\"") : std::string(1, c);
  return json + "\"]";
}

std::string ItemHead(const std::string& word) {
  const auto slash = word.find('/');
  return "\"warehouse_id\":\"" + word.substr(0, slash) + "\",\"sku\":\"" + word.substr(slash + 1) +
         "\"";
}

struct Asked {
  std::string line;       // of what is asked about; the last one that fits
  std::size_t words = 0;  // that name it
};

Asked Find(const flow::State& state, ports::StateStore& store,
           const std::vector<std::string>& words) {
  Asked asked;
  std::string head;
  const auto keep = [&](std::string_view line) {
    if (line.find(head) != std::string_view::npos) asked.line = line;
  };
  if (words[0] == "node") {
    asked.words = 3;
    head = "{\"tree\":\"" + words.at(1) + "\",\"path\":" + Joined(words.at(2)) + ",";
    flow::WriteRollUps(state, keep);
  } else if (words[0] == "alert") {
    const bool node = words.at(2) == "node";
    asked.words = node ? 5 : 3;
    const std::string subject =
        node ? "{\"tree\":\"" + words.at(3) + "\",\"path\":" + Joined(words.at(4)) + "}"
             : "{" + ItemHead(words.at(2)) + "}";
    (void)flow::WriteAlerts(state, store, [&](std::string_view line) {
      const bool type = line.find("\"type\":\"" + words.at(1) + "\"") != std::string_view::npos;
      if (type && line.find("\"subject\":" + subject) != std::string_view::npos) asked.line = line;
    });
  } else {
    asked.words = 1;
    head = "{" + ItemHead(words[0]) + ",";
    flow::WriteItems(state, keep);
  }
  return asked;
}

}  // namespace

std::string Answer(const flow::State& state, ports::StateStore& store, std::string_view question) {
  const std::vector<std::string> words = Words(question);
  const Asked asked = Find(state, store, words);
  if (words.size() == asked.words + 1 && words.back() == "none") {
    return asked.line.empty() ? "" : "there is " + asked.line;
  }
  if (asked.line.empty()) return "there is none";
  if ((words.size() - asked.words) % 2 != 0) return "names and values don't pair";
  std::string answer;
  for (std::size_t i = asked.words; i + 1 < words.size(); i += 2) {
    const auto value = FieldOf(asked.line, words[i]);
    if (value == words[i + 1]) continue;
    answer += words[i] + " is " + value.value_or("no field") + ", not " + words[i + 1] + "; ";
  }
  return answer;
}

}  // namespace stockwatch::scenario
