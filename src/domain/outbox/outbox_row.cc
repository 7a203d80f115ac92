#include "domain/outbox/outbox_row.h"

#include "domain/event/alert_id.h"

namespace stockwatch::outbox {
namespace {

void Name(const alert::Episode& episode, const Known& known, Message& message) {
  switch (episode.subject.kind) {
    case alert::Subject::Kind::kItem:
      message.warehouse_id = episode.item.warehouse.text();
      message.sku = episode.item.sku.text();
      return;
    case alert::Subject::Kind::kNode:
      message.tree = stock::Name(known.rollups.at(episode.subject.index).tree);
      for (const std::string_view name : known.rollups.Path(episode.subject.index)) {
        message.path.emplace_back(name);
      }
      return;
    case alert::Subject::Kind::kComponent:
      message.component = known.components.at(episode.subject.index);
      return;
  }
}

Message MakeMessage(const alert::Notice& notice, const Known& known) {
  const alert::Episode& episode = known.episodes.at(notice.episode);
  Message message;
  message.episode = episode.id;
  message.type = episode.type;
  message.kind = notice.kind;
  message.severity = episode.severity;
  Name(episode, known, message);
  message.at = notice.at;
  message.opened_at = episode.opened_at;
  message.value = episode.now;
  message.opening_value = episode.value;
  message.threshold = episode.threshold;
  if (episode.origin != threshold::kNoVersion) {
    const threshold::RuleVersion& origin = known.rules.Version(episode.origin);
    message.rule_id = origin.rule.id;
    message.rule_version = origin.version;
    message.rule_author = origin.rule.author;
    message.rule_reason = origin.rule.reason;
  }
  message.cause = episode.cause;
  return message;
}

}  // namespace

void Plan(const alert::Notice& notice, const Known& known,
          const std::vector<std::string>& destinations, std::vector<Row>& rows) {
  if (destinations.empty()) return;
  const Message message = MakeMessage(notice, known);
  for (const std::string& destination : destinations) {
    std::string key =
        event::AlertIdText(message.episode) + "/" + std::to_string(notice.transition) + "/";
    key.append(kDefaultRoute).append("/").append(destination).append("/");
    key.append(std::to_string(notice.occurrence));
    rows.push_back({std::move(key), std::string(kDefaultRoute), destination, message});
  }
}

}  // namespace stockwatch::outbox
