"""What the conditions that look ahead hold and clear by: projected_stockout, velocity_spike, dynamic low."""

from demand import HOUR, demand_of, last_24_hours
from episodes import Verdict
from forecast import Past, forecast_of
from outlook import cover_of, due_times, early_end
from planning import is_dynamic, lead_time, seasoned, with_dynamic_low
from rules import resolve
from values import DAY, SECOND, half_even

LEAST_UNITS = 10_000
ROUNDING_DAYS, ROUNDING_SHARE = 0.002, 0.0005   # how far rounding on the way may lead


class Foresight:
    def __init__(self, model):
        self.model = model
        self.known = {}             # item identity -> (key, demand, forecasts)
        self.doubts = set()         # (warehouse, sku, what the pages leave open of it)

    # -- what is known of an item -------------------------------------------------------------
    def _demand(self, item):
        """Its rings, its forecast, and that without the last day."""
        now = self.model.now
        key = (item.changes, now // HOUR, len(item.frozen))
        known = self.known.get(item.identity)
        if known is None or known[0] != key:
            known = self.known[item.identity] = (key, *self._work_out(item, now))
        return known[1:]

    def _work_out(self, item, now):
        demand = demand_of(item, self.model.settings, now)
        if demand is None:
            return None, (None, None)
        opening = item.state.opening_at
        first_seen = demand.first_sale
        if opening is not None:
            first_seen = min(first_seen, opening * SECOND // DAY)
        past = Past(first_seen, demand.days, demand.weeks, demand.idle | item.frozen, now // DAY)
        return demand, (forecast_of(past), forecast_of(past, without_last_day=True))

    def lead_time(self, item):
        """Microseconds."""
        return lead_time(item, self.model.judge.resolved(item), self.model.settings) * DAY // 1000

    # -- what time brings ---------------------------------------------------------------------
    def freeze(self, item, day):
        """At the day's turn, by the rules as they are then: whether `freeze` was in force at any time."""
        rules, subject = self.model.registry.all(), self.model.judge.subject(item)
        if not self.model.registry.gives("freeze"):
            return
        begin, end = day * DAY, (day + 1) * DAY
        edges = {edge for rule in rules for edge in (rule.start, rule.end)
                 if edge is not None and begin < edge < end}
        if any(resolve(rules, subject, at).value("freeze") for at in (begin, *edges)):
            item.frozen.add(day)

    def watch_hours(self, subject, now):
        """An open or pending spike is judged at each full hour."""
        if self.model.episodes.alive(subject, "velocity_spike"):
            due = (now // HOUR + 1) * HOUR
            self.model.episodes.schedule(due, "hour", subject, "velocity_spike")

    def doubt(self, item, what):
        self.doubts.add((*item.identity, what))

    # -- conditions ---------------------------------------------------------------------------
    def with_dynamic_low(self, item, resolved):
        if not is_dynamic(resolved):
            return resolved
        _, forecasts = self._demand(item)
        return with_dynamic_low(resolved, forecasts, item, self.model.settings)

    def doubt_low(self, item, value, low, resolved):
        """Which digits of z the tables have, no page says."""
        stated = low in (resolved.value("low_floor"), resolved.value("low_ceiling"))
        _, (forecast, _) = self._demand(item)
        if forecast and not stated and abs(value - low) * 10_000 <= low + 20_000:
            self.doubt(item, "low")

    def velocity_spike(self, item, resolved, now):
        ratio, rule = resolved.get("velocity_spike_ratio")
        if ratio is None:
            return Verdict(cause="rule")
        demand, (forecast, _) = self._demand(item)
        units = last_24_hours(demand, now) if demand else 0
        if forecast is None:
            return Verdict(value=units, rule=rule, clears=True)
        bar = ratio * seasoned(forecast.d, resolved)        # millionths
        holds = units * 1000 >= bar and units >= LEAST_UNITS
        return Verdict(value=units, threshold=half_even(bar, 1000), rule=rule, holds=holds,
                       clears=not holds)

    def projected_stockout(self, item, resolved, now):
        days, rule = resolved.get("days_of_cover")
        if days is None:
            return Verdict(cause="rule")
        _, (forecast, _) = self._demand(item)
        on_hand, reserved, _ = item.figures()
        available = on_hand - reserved
        d = seasoned(forecast.d, resolved) if forecast else 0
        if d == 0:
            return Verdict(value=None, threshold=days, rule=rule, clears=True)
        cover = cover_of(available, d)
        due = min(due_times(item, now), default=None)
        holds = available > 0 and cover <= days
        if holds and due is not None:
            early = early_end(available, d, forecast)
            holds = due >= now + early
            if abs(due - now - early) <= ROUNDING_DAYS * DAY + early * ROUNDING_SHARE:
                self.doubt(item, "early end")
        verdict = Verdict(value=cover, threshold=days, rule=rule, holds=holds, clears=not holds)
        if ("severity", "projected_stockout") not in resolved.fields:
            expected = now + self.lead_time(item) if due is None else due
            stock_out = now + cover * DAY // 1000
            verdict.severity = "critical" if stock_out < expected else "warning"
        return verdict
