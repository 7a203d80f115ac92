"""The oracle: changes in, items, roll-ups, episodes, counts and digest out."""

import heapq

from changes import Change, DeadLetter, Decoder, Transaction, envelope, parse_line
from conditions import Judge
from episodes import Episodes, Moment
from index import DocumentIndex, Event
from registry import RuleRegistry
from stock import Item, Row
from values import DAY, SECOND

GENERATION = 0
KINDS = {"rule_interval": 0, "day": 1, "hour": 2, "retirement": 3, "drift": 4, "hold": 5,
         "close": 6}
JUDGED_BY_DAY = ("stale_days", "days_of_cover", "velocity_spike_ratio", "mode")


class Refused(DeadLetter):
    """A dead letter that only the state of the item shows."""


class Model:
    def __init__(self, settings):
        self.settings = settings
        self.decoder = Decoder(settings)
        self.counts = dict.fromkeys(
            ("read", "applied", "duplicate", "stale", "dead_lettered", "control"), 0)
        self.dead_letters = []      # (line, class, field)
        self.tokens = {}            # (t, i) -> tokens in order of arrival
        self.applied = set()        # positions
        self.items = {}             # (warehouse, sku) -> Item
        self.index = DocumentIndex()
        self.second = None          # source time in seconds
        self.now = None             # source time in microseconds, that of a timer while it fires
        self.timers = []
        self.timer_set = set()
        self.touched = set()        # category nodes of this second's changes
        self.nodes_stale = False
        self.registry = RuleRegistry(settings.rules)
        self.episodes = Episodes(settings.reopen_window, self._schedule_episode)
        self.judge = Judge(self)
        for rule in self.registry.in_log():
            self._schedule_interval(rule)

    # -- reading ------------------------------------------------------------------------------
    def feed_line(self, line):
        self.counts["read"] += 1
        self._count(lambda: self._feed(parse_line(line)))

    def feed_event(self, event):
        self.counts["read"] += 1
        self._count(lambda: self._feed(event))

    def _count(self, feed):
        try:
            outcome = feed()
        except DeadLetter as reason:
            outcome = "dead_lettered"
            self._keep_dead_letter(reason.reason, reason.field)
        if outcome == "stale":
            self._keep_dead_letter("stale", None)
        self.counts[outcome] += 1

    def _keep_dead_letter(self, reason, field):
        self.dead_letters.append((self.counts["read"], reason, field))

    def _feed(self, event):
        head = envelope(event)
        position = self._position(head)
        self._advance(head.seconds)
        change = self.decoder.decode(event, head.seconds)
        if change.kind == "control":
            return "control"
        if head.seconds * SECOND <= self.second * SECOND - self.settings.history_keep:
            return "stale"
        if position in self.applied:
            return "duplicate"
        self._apply(change, position)
        self.applied.add(position)
        return "applied"

    def _position(self, head):
        """The ordinal of the token among the distinct tokens of its cluster time."""
        tokens = self.tokens.setdefault((head.seconds, head.increment), [])
        if head.token not in tokens:
            tokens.append(head.token)
        return GENERATION, head.seconds, head.increment, tokens.index(head.token)

    # -- time ---------------------------------------------------------------------------------
    def _advance(self, second):
        if self.second is None:
            self.second, self.now = second, second * SECOND
            midnight = (self.now // DAY + 1) * DAY
            self._schedule(midnight, "day", ())
            return
        if second <= self.second:
            return
        while True:
            due = self.timers[0][0] if self.timers else None
            if due is None or due > second * SECOND:
                break
            if -(-due // SECOND) > self.second:
                self._end_second()
                self.second = -(-due // SECOND)
                continue
            self._fire(heapq.heappop(self.timers))
        if self.second < second:
            self._end_second()
        self.second, self.now = second, second * SECOND

    def _end_second(self):
        """Roll-ups of a second are judged after all its changes."""
        self.now = self.second * SECOND
        self.judge.nodes(Moment(self.now, f"second/{self.second}", True))
        self.touched.clear()

    def finish(self):
        """The end of input completes the last second."""
        if self.second is not None:
            self._end_second()

    def _schedule(self, due, kind, key):
        entry = (due, KINDS[kind], tuple(str(part) for part in key), kind, key)
        if entry not in self.timer_set:
            self.timer_set.add(entry)
            heapq.heappush(self.timers, entry)

    def _schedule_episode(self, due, kind, subject, condition):
        self._schedule(due, kind, (subject, condition))

    def _schedule_interval(self, rule):
        for due in (rule.start, rule.end):
            if due is not None and (self.now is None or due > self.now):
                self._schedule(due, "rule_interval", (rule.id,))

    def _fire(self, timer):
        due, _, _, kind, key = timer
        self.timer_set.discard(timer)
        self.now = due
        moment = Moment(due, f"timer/{due}/{kind}", False)
        getattr(self, f"_fire_{kind}")(moment, *key)

    def _fire_rule_interval(self, moment, rule_id):
        rule = self.registry.rules.get(rule_id)
        if rule is None or moment.time not in (rule.start, rule.end):
            return                  # of a version that was replaced since
        self.registry.epoch += 1
        self._sweep(moment)

    def _fire_day(self, moment):
        self._schedule(moment.time + DAY, "day", ())
        for item in self._sorted_items():
            self.judge.foresight.freeze(item, moment.time // DAY - 1)
        if any(self.registry.gives(name) for name in JUDGED_BY_DAY):
            self._sweep(moment)

    def _fire_hour(self, moment, subject, condition):
        if self.episodes.alive(subject, condition):
            self.judge.again(subject, condition, moment)
            self.judge.foresight.watch_hours(subject, moment.time)

    def _fire_drift(self, moment, identity, position):
        item = self.items.get(identity)
        if item is not None and position in item.checks:
            self.judge.drift_is_due(item, position, moment)

    def _fire_hold(self, moment, subject, condition):
        self.judge.again(subject, condition, moment)

    def _fire_close(self, moment, subject, condition):
        self.episodes.close(subject, condition, moment.time)

    # -- changes ------------------------------------------------------------------------------
    def _apply(self, change: Change, position):
        moment = Moment(self.now, "change/" + "/".join(map(str, position)), True)
        if change.kind == "transaction":
            self._apply_transaction(change.body, position, moment)
        elif change.kind == "upsert":
            self._apply_upsert(change, position, moment)
        elif change.kind == "delete":
            self._apply_document(change.key, Event(position, None, None, False), moment)
        elif change.kind in ("rule", "rule_delete"):
            self._apply_rule(change, position, moment)

    def _item(self, identity):
        if identity not in self.items:
            self.items[identity] = Item(identity, self.settings)
        return self.items[identity]

    def _apply_transaction(self, transaction: Transaction, position, moment):
        identity = (transaction.warehouse, transaction.sku)
        known = identity in self.items
        item = self._item(identity)
        before = item.ledger().positive_references()
        item.add(Row(position, transaction))
        if transaction.type == "ordered":
            transaction.due = transaction.occurred_at + self.judge.foresight.lead_time(item)
        if transaction.type == "ordered" and self._too_many_references(item, before):
            item.remove(position)
            item.refold()
            if not known:
                del self.items[identity]
            raise Refused("too many references")
        self._changed(item, moment, sale=transaction.type == "sale",
                      count=transaction.type == "count")

    def _too_many_references(self, item, before):
        after = item.ledger().positive_references()
        return after > before and after > self.settings.inbound_references_max

    def _apply_upsert(self, change, position, moment):
        identity = (change.body.warehouse, change.body.sku)
        if self.index.other_document(change.key, position, identity):
            raise Refused("item has another document")
        self._apply_document(change.key, Event(position, identity, change.body, change.exact),
                             moment)

    def _apply_document(self, key, event, moment):
        before, after = self.index.add(key, event)
        for identity in sorted(set(before) | set(after)):
            self._replace_rows(identity, before.get(identity, {}), after.get(identity, {}),
                               event, moment)

    def _replace_rows(self, identity, before, after, event, moment):
        """Brings the rows of one document of one item to what the index now says."""
        gone = [position for position, row in before.items()
                if position not in after or (after[position].body is None) != (row.body is None)]
        new = [row for position, row in after.items()
               if position not in before or position in gone]
        if not gone and not new:
            return
        item = self._item(identity)
        for position in gone:
            item.remove(position)
        if gone:
            item.refold()
        self._touch(item)
        for row in new:
            item.add(row)
            if row.body is not None and row.body.due is None:
                row.body.due = row.body.stated_at + self.judge.foresight.lead_time(item)
        checked = event.position if event.identity == identity else None
        self._changed(item, moment, document_at=checked)

    def _apply_rule(self, change, position, moment):
        if not self.registry.apply(change, position):
            return
        rule = self.registry.rule_at(position)
        if rule is not None:
            self._schedule_interval(rule)
        self._sweep(Moment(moment.time, moment.place, False))

    def _sweep(self, moment):
        self.nodes_stale = True
        for item in self._sorted_items():
            self.judge.item(item, moment)

    # -- after a change of an item ------------------------------------------------------------
    def _changed(self, item, moment, document_at=None, sale=False, count=False):
        self._touch(item)
        if item.state.retired:
            self._retire(item, moment)
            return
        self.judge.drift(item, moment, document_at, count)
        self.judge.item(item, moment, sale)

    def _retire(self, item, moment):
        item.checks.clear()
        self.episodes.end(("item", *item.identity), "retired", moment)

    def _touch(self, item):
        """Marks the category nodes that the item stands in."""
        self.nodes_stale = True
        if item.living:
            department, category = item.path[:2]
            self.touched.add(("node", "global", department, category))
            self.touched.add(("node", "warehouse", item.warehouse, department, category))

    def _sorted_items(self):
        return [self.items[identity] for identity in sorted(self.items, key=_bytes)]

    def living_items(self):
        return [item for item in self._sorted_items() if item.living]


def _bytes(identity):
    return tuple(part.encode() for part in identity)
