#include "flow/images.h"

#include <algorithm>

#include "domain/alert/episode_record.h"
#include "domain/demand/ring_record.h"
#include "domain/event/dead_letter_record.h"
#include "domain/outbox/row_record.h"
#include "domain/stock/item_record.h"
#include "flow/engine_record.h"

namespace stockwatch::flow {
namespace {

using ports::Family;

stock::ItemRecord RecordOf(const State& state, const stock::Item& item) {
  stock::ItemRecord record;
  record.sums = item.sums;
  record.top = item.top;
  record.opening = item.opening;
  record.life = item.life;
  record.opened_seconds = item.opened_seconds;
  record.last_sale = item.last_sale;
  if (const stock::Description* known = state.ledger.FindDescription(item)) {
    record.transaction_price = known->transaction_price;
    record.transaction_price_at = known->transaction_price_at;
  }
  if (item.demand != stock::kNoSlab) {
    const demand::Present present = demand::PresentOf(state.rings[item.demand]);
    record.sold_in_hour = {static_cast<std::uint32_t>(present.hour), present.sold};
  }
  return record;
}

stock::ItemNameRecord NameOf(const State& state, key::ItemIndex index) {
  const stock::Item& item = state.ledger.at(index);
  const event::ItemKey key = state.directory.Key(index);
  stock::ItemNameRecord name;
  name.warehouse = key.warehouse.text();
  name.sku = key.sku.text();
  name.document_key = state.directory.Document(index);
  name.department = state.names.Text(state.rollups.Department(item.group));
  name.category = state.names.Text(state.rollups.Category(item.group));
  name.brand = state.names.Text(state.rollups.Brand(item.group));
  name.product = state.names.Text(item.product);
  name.discontinued = item.discontinued;
  name.source = item.source;
  if (const stock::Description* known = state.ledger.FindDescription(item)) {
    name.description = *known;
  }
  return name;
}

// The days and hours of its rings, where they changed.
void PutDemand(State& state, key::ItemIndex index, std::string& record) {
  const stock::SlabIndex place = state.ledger.at(index).demand;
  if (place == stock::kNoSlab) return;
  demand::Rings& rings = state.rings[place];
  if (rings.TakeDaysChanged() && rings.HasPast()) {
    record.clear();
    demand::EncodeDays(rings, record);
    state.batch.Put(Family::kDemand, DaysKey(index), record);
  }
  if (!rings.TakeHoursChanged()) return;
  record.clear();
  demand::EncodeHours(rings, record);
  state.batch.Put(Family::kDemand, HoursKey(index), record);
}

// The item's own record, its length before it, then what alerts keep of it.
void PutItems(State& state) {
  std::string record;
  std::string part;
  const auto put = [&](key::ItemIndex index, std::uint8_t parts) {
    if (parts == 0) return;
    const std::string key = NumberKey(index);
    const stock::Item& item = state.ledger.at(index);
    if ((parts & (stock::Ledger::kFigures | stock::Ledger::kDemand)) != 0) {
      part.clear();
      stock::EncodeItem(RecordOf(state, item), state.ledger.FindBook(item), part);
      record.clear();
      base::ByteWriter(record).PutVarint(part.size());
      record.append(part);
      state.episodes.EncodeWatches(alert::Subject::OfItem(index), record);
      state.batch.Put(Family::kItem, key, record);
      PutDemand(state, index, record);
    }
    if ((parts & stock::Ledger::kNames) != 0) {
      record.clear();
      stock::EncodeItemName(NameOf(state, index), record);
      state.batch.Put(Family::kItemName, key, record);
    }
  };
  state.ledger.TakeTouched(put, [&](const stock::Item& item) {
    if (item.demand != stock::kNoSlab) state.rings.Prefetch(item.demand);
    state.episodes.Prefetch(item.watched);
  });
}

// Category nodes: when a change below them was applied last, which the judgement at the end of the
// second asks for, then what alerts keep of them.
void PutNodes(State& state) {
  std::vector<stock::NodeIndex> nodes = state.episodes.TakeTouchedNodes();
  if (state.rules.AnyGives(threshold::Field::kLowShare)) {
    // They are that until the next second, however often something is committed meanwhile.
    for (const stock::NodeIndex node : state.rollups.unjudged_categories()) {
      const stock::Node& category = state.rollups.at(node);
      if (category.applied_seconds != category.stored_seconds) nodes.push_back(node);
    }
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  std::string record;
  for (const stock::NodeIndex node : nodes) {
    record.clear();
    base::ByteWriter(record).Put(state.rollups.at(node).applied_seconds);
    state.episodes.EncodeWatches(alert::Subject::OfNode(node), record);
    state.batch.Put(Family::kNode, alert::SubjectText(state.rollups, node), record);
    state.rollups.NoteStored(node);
  }
}

void PutEpisodes(State& state) {
  auto& touched = state.touched_episodes;
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  std::string record;
  for (const alert::EpisodeIndex index : touched) {
    const alert::Episode& episode = state.episodes.at(index);
    record.clear();
    alert::EncodeEpisode(EpisodeRecordOf(state, index), record);
    const std::string_view id = alert::BytesOf(episode.id);
    state.batch.Put(Family::kEpisode, id, record);
    if (episode.state != alert::State::kClosed) continue;
    state.batch.Put(Family::kClosedAlert, AgeKey(episode.opened_at, id), {});
    state.episodes.Release(index);
  }
  touched.clear();
}

void PutDeadLetters(State& state) {
  std::string record;
  for (const event::DeadLetter& letter : state.dead_letters) {
    record.clear();
    event::EncodeDeadLetter(letter, record);
    // In the order in which they came.
    std::string number = std::to_string(state.dead_letters_kept++);
    number.insert(0, 20 - number.size(), '0');
    state.batch.Put(Family::kDeadLetter, number, record);
  }
  state.dead_letters.clear();
}

void PutEngine(State& state) {
  EngineRecord engine;
  engine.source_time = state.source_time;
  engine.last_applied = state.last_applied;
  engine.changes = state.changes;
  engine.alerts = state.alerts;
  engine.dead_letters = state.dead_letters_kept;
  engine.rule_edits = state.rule_edits;
  engine.items = static_cast<std::uint32_t>(state.directory.size());
  std::string record;
  EncodeEngine(engine, record);
  if (record == state.engine_record && state.batch.empty()) return;
  state.engine_record = record;
  // Passes without anything happening, so it goes along with what does.
  engine.engine_time = state.engine_time;
  record.clear();
  EncodeEngine(engine, record);
  state.batch.Put(Family::kEngine, kEngineKey, record);
}

}  // namespace

void PutImages(State& state, Images images) {
  state.rollups.Propagate();
  if (images == Images::kForRestart) {
    PutItems(state);
    PutNodes(state);
  } else {
    state.ledger.TakeTouched([](key::ItemIndex, std::uint8_t) {});
    (void)state.episodes.TakeTouchedNodes();
  }
  PutEpisodes(state);
  PutDeadLetters(state);
  std::string record;
  for (const outbox::Row& row : state.outbox) {
    record.clear();
    outbox::EncodeRow(row, record);
    state.batch.Put(Family::kOutbox, row.key, record);
  }
  state.outbox.clear();
  if (images == Images::kForRestart) PutEngine(state);
}

}  // namespace stockwatch::flow
