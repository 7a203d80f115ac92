"""A seeded generator of shops whose demand can be forecast: weeks of sales, orders, receipts, promotions, rules."""

import argparse
import json
import random
import sys

START = 1_700_006_400               # 2023-11-15T00:00:00Z
HOUR, DAY = 3_600, 86_400
CLASSES = ("smooth", "smooth", "intermittent", "lumpy", "sparse", "quiet")
WAREHOUSES = {"L": "ledger", "S": "snapshot"}


def looks_ahead(seed):
    """Projections or spikes: whether an open spike has its item's projection judged at each full hour
    too is an open question (README), so no shop has both."""
    return ("days_of_cover", "velocity_spike_ratio")[seed % 2]


AHEAD = {"days_of_cover": (3, 4.5, 7, 10, 21), "velocity_spike_ratio": (1.25, 1.5, 2, 3)}


def make_settings(seed):
    rng, ahead = random.Random(f"demand-settings/{seed}"), looks_ahead(seed)
    rules = [{"id": "default", "default": True, "low": rng.choice((15, 40)), "critical": rng.choice((2, 5)),
              ahead: rng.choice(AHEAD[ahead]),
              **_maybe(rng, 0.5, mode="dynamic"), **_maybe(rng, 0.3, lead_time_days=rng.choice((3, 10.5))),
              **_maybe(rng, 0.3, low_share=0.4)},
             {"id": "tea", "scope": {"category": "tea"}, "mode": "dynamic",
              **_maybe(rng, 0.5, low_floor=rng.choice((5, 12))),
              **_maybe(rng, 0.5, low_ceiling=rng.choice((30, 60))),
              **_maybe(rng, 0.4, service_level=rng.choice((0.9, 0.975, 0.999))),
              **_maybe(rng, 0.4, lead_time_sd_days=rng.choice((1, 2.5))),
              **_maybe(rng, 0.3, hold_for=rng.choice(("10m", "365m")))},
             {"id": "one", "scope": {"sku": "A-1"}, **_maybe(rng, 0.5, low=25),
              **_maybe(rng, 0.5, lead_time_days=4), **_maybe(rng, 0.5, season_factor=rng.choice((0.5, 1.75))),
              **_maybe(rng, 0.3, severity={"projected_stockout": "info"})}]
    return {"stock": {"authority": "ledger", "warehouses": {
                name: {"authority": authority} for name, authority in WAREHOUSES.items()}},
            "history": {"keep": "100d"},
            "demand": {"low_change_percent_max": rng.choice((10, 25, 1000)), **_maybe(
                rng, 0.4, buffer={"method": rng.choice(("fill_rate", "zones"))})},
            "thresholds": {"rules": [rule for rule in rules if len(rule) > 2]}}


def _maybe(rng, chance, **fields):
    return fields if rng.random() < chance else {}


class Thing:
    """One stock item of the shop."""

    def __init__(self, rng, number):
        self.warehouse = rng.choice(sorted(WAREHOUSES))
        self.sku = f"A-{number}"
        self.kind = rng.choice(CLASSES)
        self.mean = rng.randint(2, 12)
        self.fields = {"category": rng.choice(("tea", "coffee", "cups")), "department": "food",
                       **_maybe(rng, 0.4, lead_time_days=rng.choice((2, 5, 9.5))),
                       **_maybe(rng, 0.2, service_level=rng.choice((0.8, 0.99))),
                       **_maybe(rng, 0.2, pack_size=12), **_maybe(rng, 0.2, moq=30)}
        self.on_hand = rng.randint(5, 40) * self.mean
        self.orders = {}            # id -> (quantity, second when it is expected)

    def inbound(self):
        """As a document says it: all of it, due when the first of it is."""
        if not self.orders:
            return {}
        quantities, expected = zip(*self.orders.values())
        return {"inbound": sum(quantities), "expected_at": min(expected) * 1000}

    def sales(self, rng):
        """Quantities of one day."""
        if self.kind == "smooth":
            return [rng.randint(1, self.mean) for _ in range(rng.randint(1, 3))]
        chance = {"intermittent": 0.45, "lumpy": 0.35, "sparse": 0.12, "quiet": 0.02}[self.kind]
        size = self.mean * (rng.choice((1, 1, 6)) if self.kind == "lumpy" else 1)
        return [rng.randint(1, size)] if rng.random() < chance else []


class Shop:
    def __init__(self, seed, days):
        self.rng = random.Random(f"demand/{seed}")
        self.days = days
        self.ahead = looks_ahead(seed)
        self.todo = []              # (second, order, function)
        self.events = []
        self.things = [Thing(self.rng, number) for number in range(8)]
        self.stamp = (0, 0)

    # -- writing ------------------------------------------------------------------------------
    def _write(self, second, operation, collection, key, document=None):
        last, increment = self.stamp
        self.stamp = (second, increment + 1 if second == last else 1)
        number = len(self.events)
        event = {"_id": {"_data": f"82{number:08X}"}, "operationType": operation,
                 "clusterTime": {"$timestamp": {"t": second, "i": self.stamp[1]}},
                 "ns": {"db": "shop", "coll": collection}, "documentKey": {"_id": key}}
        if document is not None:
            event["fullDocument"] = {"_id": key, **document}
        self.events.append(event)

    def _document(self, second, thing, operation="replace", **more):
        if WAREHOUSES[thing.warehouse] == "snapshot":
            more.update(thing.inbound())
        self._write(second, operation, "inventory", f"{thing.warehouse}/{thing.sku}",
                    {"warehouse_id": thing.warehouse, "sku": thing.sku, "on_hand": thing.on_hand,
                     **thing.fields, **more})

    def _move(self, second, thing, kind, quantity, **more):
        self._write(second, "insert", "transactions", f"T-{len(self.events)}",
                    {"warehouse_id": thing.warehouse, "sku": thing.sku, "type": kind,
                     "quantity": quantity, **more})

    def _at(self, second, function, *arguments):
        self.todo.append((second, len(self.todo), function, arguments))

    # -- what happens -------------------------------------------------------------------------
    def _plan(self):
        rng = self.rng
        for thing in self.things:
            opens = START + rng.choice((0, 0, 3, 20)) * DAY + rng.randrange(DAY)
            self._at(opens, self._document, thing, "insert")
            for day in range(self.days):
                promotion = rng.random() < 0.02
                for quantity in thing.sales(rng):
                    second = START + day * DAY + rng.randrange(DAY)
                    self._at(max(second, opens + 1), self._sell, thing, quantity * (5 if promotion else 1))
                if rng.random() < 0.04:
                    self._at(opens + day * DAY, self._order, thing)
        for _ in range(rng.randint(0, 8)):
            self._at(START + rng.randrange(self.days * DAY), self._rule)

    def _sell(self, second, thing, quantity):
        if self.rng.random() > 0.05:
            quantity = min(quantity, thing.on_hand)
        if quantity <= 0:
            return
        thing.on_hand -= quantity
        more = {}
        if self.rng.random() < 0.1:
            more["occurred_at"] = (second - self.rng.choice((60, 5 * HOUR, 2 * DAY))) * 1000
        self._move(second, thing, "sale", quantity, **more)
        if WAREHOUSES[thing.warehouse] == "snapshot":
            self._document(second, thing)
        coming = sum(quantity for quantity, _ in thing.orders.values())
        if thing.on_hand + coming < 4 * thing.mean and self.rng.random() < 0.3:
            self._at(second + 1, self._order, thing)

    def _order(self, second, thing):
        rng = self.rng
        quantity, order = rng.randint(4, 14) * thing.mean, f"PO-{len(self.events)}"
        expected, more = second + rng.randrange(10 * DAY), {}
        if WAREHOUSES[thing.warehouse] == "snapshot" or rng.random() < 0.7:
            more["expected_at"] = expected * 1000
        thing.orders[order] = (quantity, expected)
        if WAREHOUSES[thing.warehouse] == "snapshot":
            self._document(second, thing)       # an order of its own: README, open questions
        else:
            self._move(second, thing, "ordered", quantity, order_id=order, **more)
        later = second + rng.randrange(HOUR, 8 * DAY)
        self._at(later, self._receive, thing, quantity, order)

    def _receive(self, second, thing, quantity, order):
        thing.on_hand += quantity
        del thing.orders[order]
        self._move(second, thing, "receipt", quantity, order_id=order)
        if WAREHOUSES[thing.warehouse] == "snapshot":
            self._document(second, thing)

    def _rule(self, second):
        rng = self.rng
        key = f"R-{rng.randint(1, 3)}"
        if rng.random() < 0.15:
            self._write(second, "delete", "thresholds", key)
            return
        document = {"scope": rng.choice(({"category": "tea"}, {"sku": f"A-{rng.randrange(8)}"},
                                         {"warehouse_id": "L"}, {"category": "cups"}))}
        for fields in ({"mode": rng.choice(("dynamic", "dynamic", "static"))},
                       {self.ahead: rng.choice(AHEAD[self.ahead])},
                       {"season_factor": rng.choice((0.8, 1.3))}, {"low_floor": rng.choice((4, 9))},
                       {"lead_time_days": rng.choice((1, 6.25))}, {"service_level": 0.98}):
            document.update(_maybe(rng, 0.35, **fields))
        if rng.random() < 0.25:
            document["freeze"] = True
        if rng.random() < 0.5:
            start = second + rng.choice((-HOUR, 0, 2 * DAY))
            document["effective"] = {"from": start * 1000, "until": (start + rng.choice((HOUR * 30, 9 * DAY))) * 1000}
        self._write(second, "insert", "thresholds", key, document)

    def run(self):
        self._plan()
        while self.todo:
            now = min(self.todo)
            self.todo.remove(now)
            second, _, function, arguments = now
            if second < START + self.days * DAY:
                function(second, *arguments)
        self._write(START + self.days * DAY + HOUR, "drop", "other", "x")
        return self.events


def late(seed, events):
    """A tenth of the movements arrives up to three weeks behind its time."""
    rng = random.Random(f"demand-late/{seed}")

    def arrival(event):
        is_late = event["ns"]["coll"] == "transactions" and rng.random() < 0.1
        delay = rng.choice((HOUR, 3 * DAY, 21 * DAY)) * rng.random() if is_late else 0
        return event["clusterTime"]["$timestamp"]["t"] + delay
    return sorted(events, key=arrival)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--days", type=int, default=70)
    parser.add_argument("--late", action="store_true", help="some movements arrive late")
    parser.add_argument("--settings-out", metavar="FILE", required=True)
    options = parser.parse_args()
    with open(options.settings_out, "w", encoding="utf-8") as file:
        json.dump(make_settings(options.seed), file, indent=1)
    events = Shop(options.seed, options.days).run()
    for event in late(options.seed, events) if options.late else events:
        print(json.dumps(event, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
