"""The conditions of items and category nodes, and drift (domain 4, 8)."""

from episodes import Moment, Verdict
from foresight import Foresight
from planning import is_dynamic
from rules import resolve
from values import DAY, SECOND, half_even

ITEM_CONDITIONS = ("out_of_stock", "negative_stock", "critical_stock", "low_stock", "overstock",
                   "stale_stock", "projected_stockout", "velocity_spike")
CATEGORY_CONDITIONS = ("category_low", "category_out")
ALWAYS_ON = ("negative_stock", "drift")
QUIET_WHEN_DISCONTINUED = ("out_of_stock", "critical_stock", "low_stock", "projected_stockout")
LEAST_ITEMS = 5


def available(item):
    on_hand, reserved, _ = item.figures()
    return on_hand - reserved


def compared(item, resolved):
    """The value that low_stock compares."""
    on_hand, reserved, inbound = item.figures()
    name = resolved.value("compare", "position" if is_dynamic(resolved) else "available")
    if name == "on_hand":
        return on_hand
    return on_hand - reserved + (inbound if name == "position" else 0)


def days_without_sale(item, now):
    """Microseconds since the last sale, else the opening."""
    since = item.state.last_sale
    if since is None:
        since = item.state.opening_at * SECOND
    return now - since


class Judge:
    def __init__(self, model):
        self.model = model
        self.episodes = model.episodes
        self.node_thresholds = {}
        self.foresight = Foresight(model)

    # -- thresholds ---------------------------------------------------------------------------
    def subject(self, item):
        department, category, brand, product = item.path
        return {"warehouse_id": item.warehouse, "department": department, "category": category,
                "brand": brand, "product_id": product, "sku": item.sku}

    def resolved(self, item):
        """What the rules say, before the forecast has a say."""
        key = (self.model.registry.epoch, item.path)
        if item.thresholds_key != key:
            item.thresholds = resolve(self.model.registry.all(), self.subject(item),
                                      self.model.now)
            item.thresholds_key = key
        return item.thresholds

    def thresholds(self, item):
        return self.foresight.with_dynamic_low(item, self.resolved(item))

    def thresholds_of_node(self, subject):
        epoch, resolved = self.node_thresholds.get(subject, (None, None))
        if epoch != self.model.registry.epoch:
            names = dict(zip(("department", "category"), subject[-2:]))
            if subject[1] == "warehouse":
                names["warehouse_id"] = subject[2]
            resolved = resolve(self.model.registry.all(), names, self.model.now)
            self.node_thresholds[subject] = (self.model.registry.epoch, resolved)
        return resolved

    # -- items --------------------------------------------------------------------------------
    def item(self, item, moment, sale=False):
        subject = ("item", *item.identity)
        if not item.judged:
            self.episodes.end(subject, "retired", moment)
            return
        for condition in ITEM_CONDITIONS:
            verdict = self.item_verdict(item, condition, moment.time, sale)
            self.episodes.judge(subject, condition, verdict, moment)
        self.foresight.watch_hours(subject, moment.time)

    def item_verdict(self, item, condition, now, sale=False):
        resolved = self.thresholds(item)
        if condition not in ALWAYS_ON and not resolved.value("enabled", True):
            return Verdict(cause="rule")
        if condition in QUIET_WHEN_DISCONTINUED and not item.active:
            return Verdict(cause="cleared")
        verdict = getattr(self, "_" + condition)(item, resolved, now, sale)
        if verdict.cause is None:
            verdict.severity = verdict.severity or resolved.severity(condition)
            verdict.hold = resolved.value("hold_for", 0)
        return verdict

    def _out_of_stock(self, item, _resolved, _now, _sale):
        value = available(item)
        return Verdict(value=value, holds=value <= 0, clears=value > 0)

    def _negative_stock(self, item, _resolved, _now, _sale):
        value = item.figures()[0]
        return Verdict(value=value, holds=value < 0, clears=value >= 0)

    def _critical_stock(self, item, resolved, _now, _sale):
        return self._at_most(available(item), "critical", resolved)

    def _low_stock(self, item, resolved, _now, _sale):
        verdict = self._at_most(compared(item, resolved), "low", resolved)
        if verdict.cause is None and is_dynamic(resolved):
            self.foresight.doubt_low(item, verdict.value, verdict.threshold, resolved)
        return verdict

    def _at_most(self, value, name, resolved):
        threshold, rule = resolved.get(name)
        if threshold is None:
            return Verdict(cause="rule")
        return Verdict(value=value, threshold=threshold, rule=rule, holds=value <= threshold,
                       clears=value > threshold + self._margin(threshold, resolved))

    def _overstock(self, item, resolved, _now, _sale):
        threshold, rule = resolved.get("max")
        if threshold is None:
            return Verdict(cause="rule")
        value = item.figures()[0]
        return Verdict(value=value, threshold=threshold, rule=rule, holds=value > threshold,
                       clears=value <= threshold - self._margin(threshold, resolved))

    def _margin(self, threshold, resolved):
        margin = resolved.value("clear_margin")
        return margin.of(threshold) if margin else 0

    def _stale_stock(self, item, resolved, now, sale):
        threshold, rule = resolved.get("stale_days")
        if threshold is None:
            return Verdict(cause="rule")
        idle = days_without_sale(item, now)
        holds = item.figures()[0] > 0 and idle * 1000 >= threshold * DAY
        return Verdict(value=max(0, idle // DAY) * 1000, threshold=threshold, rule=rule,
                       holds=holds and not sale, clears=sale)

    def _projected_stockout(self, item, resolved, now, _sale):
        return self.foresight.projected_stockout(item, resolved, now)

    def _velocity_spike(self, item, resolved, now, _sale):
        return self.foresight.velocity_spike(item, resolved, now)

    def counts(self, item):
        """(out_of_stock, critical, low, over) of the roll-ups: the plain comparison."""
        if not item.judged:
            return 0, 0, 0, 0
        resolved = self.thresholds(item)
        on_hand = item.figures()[0]
        over = "max" in resolved.fields and on_hand > resolved.value("max")
        if not item.active:
            return 0, 0, 0, int(over)
        free = available(item)
        out = free <= 0
        critical = "critical" in resolved.fields and free <= resolved.value("critical")
        low = "low" in resolved.fields and compared(item, resolved) <= resolved.value("low")
        return int(out), int(critical), int(out or critical or low), int(over)

    # -- category nodes -----------------------------------------------------------------------
    def groups(self):
        """Category node -> [active opened items, low, out]."""
        groups = {}
        for item in self.model.items.values():
            if not item.living:
                continue
            department, category = item.path[:2]
            out, _, low, _ = self.counts(item)
            for subject in (("node", "global", department, category),
                            ("node", "warehouse", item.warehouse, department, category)):
                group = groups.setdefault(subject, [0, 0, 0])
                group[0] += int(item.judged and item.active)
                group[1] += low
                group[2] += out
        return groups

    def nodes(self, moment):
        if not self.model.nodes_stale:
            return
        self.model.nodes_stale = False
        tracked = {subject for subject in self.episodes.tracks if subject[0] == "node"}
        if not tracked and not self.model.registry.gives("low_share"):
            return
        groups = self.groups()
        for subject in sorted(tracked | set(groups)):
            own = Moment(moment.time, moment.place, subject in self.model.touched)
            for condition in CATEGORY_CONDITIONS:
                verdict = self.node_verdict(subject, condition, groups.get(subject))
                self.episodes.judge(subject, condition, verdict, own)

    def node_verdict(self, subject, condition, group):
        if group is None:
            return Verdict(cause="empty")
        resolved = self.thresholds_of_node(subject)
        share, rule = resolved.get("low_share")
        if share is None or not resolved.value("enabled", True):
            return Verdict(cause="rule")
        active, low, out = group
        enough = active >= LEAST_ITEMS
        counted = low if condition == "category_low" else out
        threshold = share if condition == "category_low" else 1000
        holds = enough and counted * 1000 >= threshold * active
        return Verdict(value=half_even(counted * 1000, active) if active else 0,
                       threshold=threshold, rule=rule, holds=holds, clears=not holds,
                       severity=resolved.severity(condition), hold=resolved.value("hold_for", 0))

    def again(self, subject, condition, moment):
        """A hold has passed: the condition is judged once more."""
        if subject[0] == "node":
            verdict = self.node_verdict(subject, condition, self.groups().get(subject))
        else:
            item = self.model.items.get(subject[1:])
            if item is None or not item.judged:
                return
            verdict = self.item_verdict(item, condition, moment.time)
        self.episodes.judge(subject, condition, verdict, moment)

    # -- drift --------------------------------------------------------------------------------
    def drift(self, item, moment, document_at, count):
        """After a change: a new document is checked, waiting ones may agree, a count resolves."""
        self._waiting_agree(item, moment)
        if document_at is not None:
            self._check(item, document_at, moment)
        if count:
            self._resolve_drift(item, moment)
        episode = self.episodes.open_episode(("item", *item.identity), "drift")
        if episode is not None:
            episode.count += 1

    def _waiting_agree(self, item, moment):
        for position in list(item.checks):
            if self._difference(item, position) == 0:
                item.checks.remove(position)
                self._resolve_drift(item, moment)

    def _check(self, item, position, moment):
        difference = self._difference(item, position)
        due = position[1] * SECOND + item.settings.drift_grace
        if difference is None:
            return
        if difference == 0:
            self._resolve_drift(item, moment)
        elif due <= moment.time:
            self._disagree(item, position, difference, moment)
        else:
            item.checks.append(position)
            self.model._schedule(due, "drift", (item.identity, position))

    def drift_is_due(self, item, position, moment):
        if position not in item.checks:
            return                  # it has agreed
        item.checks.remove(position)
        difference = self._difference(item, position)
        if difference:
            self._disagree(item, position, difference, moment)

    def _disagree(self, item, position, difference, moment):
        resolved = self.thresholds(item)
        tolerance, rule = self._tolerance(item)
        verdict = Verdict(value=difference, threshold=tolerance, rule=rule, holds=True,
                          severity=resolved.severity("drift"))
        own = Moment(moment.time, moment.place, False)
        self.episodes.judge(("item", *item.identity), "drift", verdict, own)
        if not item.is_ledger:
            item.rebased.add(position)
            item.refold()
            self._waiting_agree(item, moment)

    def _resolve_drift(self, item, moment):
        episode = self.episodes.open_episode(("item", *item.identity), "drift")
        if episode is not None:
            self.episodes.resolve(episode, "cleared", moment)

    def _tolerance(self, item):
        value, rule = self.thresholds(item).get("drift_tolerance")
        return (item.settings.drift_tolerance, None) if value is None else (value, rule)

    def _difference(self, item, position):
        """None: nothing to compare; 0: agrees; else that of the first figure that does not."""
        row = item.row_at(position)
        if row is None or row.before is None or row.after is None:
            return None
        tolerance, _ = self._tolerance(item)
        moments = item.moments(position)
        carried = (row.body.on_hand, row.body.reserved, row.body.inbound)
        for at, figure in enumerate(carried):
            if figure is None:
                continue
            if all(abs(figure - shown[at]) > tolerance for shown in moments):
                return abs(figure - row.before[at])
        return 0
