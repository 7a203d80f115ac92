#include "domain/outbox/outbox_row.h"

#include <algorithm>

#include "domain/event/alert_id.h"

namespace stockwatch::outbox {
namespace {

Message MakeMessage(const alert::Notice& notice, const alert::Episode& episode,
                    const stock::RollUps& rollups, const threshold::RuleBook& rules) {
  Message message;
  message.episode = episode.id;
  message.type = episode.type;
  message.kind = notice.kind;
  message.severity = episode.severity;
  if (episode.subject.kind == alert::Subject::Kind::kItem) {
    message.warehouse_id = episode.item.warehouse.text();
    message.sku = episode.item.sku.text();
  } else {
    message.tree = stock::Name(rollups.at(episode.subject.index).tree);
    for (const std::string_view name : rollups.Path(episode.subject.index)) {
      message.path.emplace_back(name);
    }
  }
  message.at = notice.at;
  message.opened_at = episode.opened_at;
  message.value = episode.now;
  message.opening_value = episode.value;
  message.threshold = episode.threshold;
  if (episode.origin != threshold::kNoVersion) {
    message.rule_id = rules.Version(episode.origin).rule.id;
    message.rule_version = rules.Version(episode.origin).version;
  }
  message.cause = episode.cause;
  return message;
}

}  // namespace

void Plan(const alert::Notice& notice, const alert::EpisodeBook& episodes,
          const stock::RollUps& rollups, const threshold::RuleBook& rules,
          const std::vector<std::string>& destinations, const std::vector<std::string>* channels,
          std::vector<Row>& rows) {
  if (destinations.empty()) return;
  const alert::Episode& episode = episodes.at(notice.episode);
  const Message message = MakeMessage(notice, episode, rollups, rules);
  for (const std::string& destination : destinations) {
    const bool named = channels == nullptr || std::find(channels->begin(), channels->end(),
                                                        destination) != channels->end();
    if (!named) continue;
    std::string key =
        event::AlertIdText(episode.id) + "/" + std::to_string(notice.transition) + "/";
    key.append(kDefaultRoute).append("/").append(destination).append("/");
    key.append(std::to_string(notice.occurrence));
    rows.push_back({std::move(key), std::string(kDefaultRoute), destination, message});
  }
}

}  // namespace stockwatch::outbox
