"""A seeded generator of hostile change streams and of a settings file that goes with them."""

import argparse
import copy
import json
import random
import sys

from generate_values import TYPES, Writer, spoil_inventory, spoil_rule, spoil_transaction

START = 1_700_000_000
DAY = 86_400
PROFILES = ("ordered", "shuffled", "duplicates", "late")
CATEGORIES = (("food", "tea"), ("food", "coffee"), ("home", "tea"), (None, None))
NAMES = ("Tea \"green\"", "Café \\ crème", "line\nbreak", "茶")
WAREHOUSES = ("W1", "W2", "W3", "W4")


# -- settings ---------------------------------------------------------------------------------
def make_settings(rng, tight):
    def grace():
        return rng.choice(("0s", "30s", "60s", "5m"))
    warehouses = {
        "W1": {"authority": "ledger", "drift_grace": grace()},
        "W2": {"authority": "snapshot", "drift_grace": grace(),
               "drift_tolerance": rng.choice((0, 1, 2.5))},
        "W3": {"authority": "ledger", "opens_at_zero": rng.random() < 0.7,
               "sales_from_reservations": rng.random() < 0.5}}
    rules = [{"id": "default", "default": True, "scope": {}, "low": 40, "critical": 10,
              **_sometimes(rng, hold_for=("0s", "45s", "10m"), clear_margin=(0, 2, "10%"),
                           low_share=(0.3, 0.5), stale_days=(2, 9), max=(150, 300))}]
    rules.append({"id": "tea", "scope": {"category": "tea"}, "low": rng.choice((20, 60)),
                  **_sometimes(rng, locked=(True,), max=(90, 200), priority=(0, 3),
                               hold_for=("30s", "2m"))})
    rules.append({"id": "w1", "scope": {"warehouse_id": "W1"}, "critical": rng.choice((5, 25)),
                  **_sometimes(rng, compare=("on_hand", "position"),
                               severity=({"low_stock": "critical"},))})
    return {
        "source": {"id": "default", "database": rng.choice(("", "shop")),
                   "update_images": rng.choice(("lookup", "stored"))},
        "stock": {"currency": "EUR", "authority": rng.choice(("snapshot", "ledger")),
                  "inbound_references_max": rng.choice((1, 2, 3)) if tight else 64,
                  "warehouses": warehouses},
        "history": {"keep": rng.choice(("35d", "60d", "100d"))},
        "alerts": {"reopen_window": rng.choice(("15m", "2h", "0s"))},
        "thresholds": {"rules": rules}}


def _sometimes(rng, **choices):
    return {name: rng.choice(values) for name, values in choices.items() if rng.random() < 0.5}


# -- the stream -------------------------------------------------------------------------------
class Entry:
    """One line: its event (or raw text), its second, and the orders that it must keep."""

    def __init__(self, second, content, groups):
        self.second = second
        self.content = content
        self.groups = groups


class Generator:
    def __init__(self, seed, profile):
        self.rng = random.Random(f"stream/{seed}")
        self.write = Writer(self.rng, self.rng.random() < 0.5)
        self.profile = profile
        self.second, self.increment, self.serial = START, 0, 0
        self.entries = []
        self.items = [(self.rng.choice(WAREHOUSES), f"A-{number}") for number in range(30)]
        self.paths = {}
        self.homes = {}             # living document key -> item
        self.keys_of = {}           # item -> every key that ever named it, and back
        self.on_hand = {}           # a rough guess, so that many documents agree
        self.orders = []
        self.rule_ids = [f"R-{number}" for number in range(6)]

    # -- time and envelope --------------------------------------------------------------------
    def _pass_time(self):
        draw = self.rng.random()
        if draw < 0.35:
            step = 0
        elif draw < 0.93:
            step = self.rng.randint(1, 120)
        elif draw < 0.98:
            step = self.rng.randint(120, 4 * 3600)
        elif draw < 0.997:
            step = self.rng.randint(4 * 3600, 3 * DAY)
        else:
            step = self.rng.randint(3 * DAY, 40 * DAY)
        if self.rng.random() < 0.0006:
            step = self.rng.randint(101 * DAY, 130 * DAY)
        if step:
            self.second, self.increment = self.second + step, 0
        if self.increment == 0 or self.rng.random() < 0.7:
            self.increment += 1

    def _event(self, operation, collection, key=None, document=None, **more):
        self.serial += 1
        event = {"_id": {"_data": f"82{self.second:08X}{self.increment:08X}{self.serial:08X}"},
                 "operationType": operation,
                 "clusterTime": {"$timestamp": {"t": self.second, "i": self.increment}}}
        if self.rng.random() < 0.7:
            event["wallTime"] = self.write.event_date(
                self.second * 1000 + self.rng.randrange(1000))
        event["ns"] = {"db": "shop", "coll": collection}
        if key is not None:
            event["documentKey"] = {"_id": key}
        if document is not None:
            event["fullDocument"] = {"_id": key, **document}
        event.update(more)
        return event

    def _emit(self, content, *groups):
        stamp = ("time", self.second, self.increment)
        self.entries.append(Entry(self.second, content, [stamp, *groups]))

    def run(self, changes):
        makers = ((62, self._transaction), (20, self._inventory), (5, self._delete),
                  (4, self._rule), (3, self._move), (3, self._null_update), (3, self._oddity))
        weights, functions = zip(*makers)
        for _ in range(changes):
            self._pass_time()
            self.rng.choices(functions, weights)[0]()

    # -- transactions -------------------------------------------------------------------------
    def _transaction(self):
        rng, item = self.rng, self.rng.choice(self.items)
        kind = rng.choices(TYPES, (30, 5, 3, 2, 4, 3, 8, 4, 5, 4, 7, 3, 2))[0]
        quantity = self._quantity(kind)
        document = {"warehouse_id": item[0], "sku": item[1], "type": kind,
                    "quantity": self.write.number(quantity)}
        if rng.random() < 0.8:
            back = rng.choice((0, 0, 1, 30, 3600, 5 * DAY))
            document["occurred_at"] = self.write.date((self.second - back) * 1000)
        document.update(self._references(kind))
        if rng.random() < 0.3:
            document["price"] = self.write.money(rng.randint(1, 500_000))
        if kind == "sale" and rng.random() < 0.2:
            document["reserved_quantity"] = self.write.number(rng.randint(0, quantity))
        self._guess(item, kind, quantity)
        if rng.random() < 0.05:
            document = spoil_transaction(rng, document)
        self._emit(self._event("insert", "transactions", f"T-{self.serial}", document))

    def _quantity(self, kind):
        rng = self.rng
        if kind == "count":
            return rng.randint(0, 120) * 1000
        if kind == "adjustment":
            return rng.choice((-1, 1)) * rng.randint(1, 20_000)
        whole = rng.randint(1, 60 if kind in ("receipt", "ordered", "transfer_in") else 14) * 1000
        return whole if rng.random() < 0.8 else whole - rng.choice((500, 250, 875))

    def _references(self, kind):
        rng = self.rng
        if kind not in ("ordered", "order_cancelled", "receipt", "transfer_in") \
                or rng.random() < 0.25:
            return {}
        if kind == "transfer_in" or (kind == "ordered" and rng.random() < 0.3):
            return {"transfer_id": f"TR-{rng.randint(1, 12)}"}
        return {"order_id": f"PO-{rng.randint(1, 12)}"}

    def _guess(self, item, kind, quantity):
        sign = {"sale": -1, "return": 1, "damage": -1, "shrinkage": -1, "adjustment": 1,
                "transfer_out": -1, "receipt": 1, "transfer_in": 1}.get(kind, 0)
        old = self.on_hand.get(item, 0)
        self.on_hand[item] = quantity if kind == "count" else old + sign * quantity

    # -- inventory ----------------------------------------------------------------------------
    def _document(self, item):
        rng = self.rng
        if item not in self.on_hand or rng.random() < 0.3:
            self.on_hand[item] = rng.randint(-5, 150) * 1000
        document = {"warehouse_id": item[0], "sku": item[1],
                    "on_hand": self.write.number(self.on_hand[item])}
        if item not in self.paths or rng.random() < 0.06:
            self.paths[item] = (*rng.choice(CATEGORIES), rng.choice(("acme", "Ümlaut", None)),
                                rng.choice((None, f"P-{rng.randint(1, 9)}")))
        names = ("department", "category", "brand", "product_id")
        document.update({name: value for name, value in zip(names, self.paths[item])
                         if value is not None})
        for name in ("reserved", "inbound"):
            if rng.random() < 0.15:
                document[name] = self.write.number(rng.randint(0, 9) * 1000)
        for name, chance in (("price", 0.4), ("cost", 0.5)):
            if rng.random() < chance:
                document[name] = self.write.money(rng.randint(1, 900_000))
        if rng.random() < 0.3:
            document["name"] = rng.choice(NAMES)
        if rng.random() < 0.12:
            document["status"] = rng.choice(("discontinued", "discontinued", "active"))
        return document

    def _key(self, item):
        return f"{item[0]}/{item[1]}"

    def _emit_document(self, operation, key, item, document):
        self.keys_of.setdefault(("item", item), set()).add(("key", key))
        self._emit(self._event(operation, "inventory", key, document), ("key", key), ("item", item))

    def _inventory(self):
        rng, item = self.rng, self.rng.choice(self.items)
        if rng.random() < 0.05:
            document = spoil_inventory(rng, self._document(item))
            key = self._key(item)
            self._emit(self._event("insert", "inventory", key, document), ("key", key))
            return
        living = [key for key, home in self.homes.items() if home == item]
        if living and rng.random() < 0.05:
            key, operation = f"second/{rng.randint(1, 3)}", "insert"
        elif living:
            key, operation = living[0], rng.choice(("update", "update", "replace"))
        else:
            key = self._key(item) if self._key(item) not in self.homes else f"again/{self.serial}"
            operation = "insert" if rng.random() < 0.9 else "update"
            self.homes[key] = item
        self._emit_document(operation, key, item, self._document(item))

    def _delete(self):
        draw = self.rng.random()
        if draw < 0.15 or not self.homes:
            key = self.rng.choice(("unknown/1", "second/1", "second/2"))
        else:
            key = self.rng.choice(sorted(self.homes))
            del self.homes[key]
        self._emit(self._event("delete", "inventory", key), ("key", key))

    def _move(self):
        if not self.homes:
            return self._transaction()
        key, item = self.rng.choice(sorted(self.homes)), self.rng.choice(self.items)
        if any(home == item for home in self.homes.values()) and self.rng.random() < 0.8:
            return self._transaction()
        if not any(home == item for home in self.homes.values()):
            self.homes[key] = item
        return self._emit_document(self.rng.choice(("update", "replace")), key, item,
                                   self._document(item))

    def _null_update(self):
        key = self.rng.choice(sorted(self.homes) or ["unknown/1"])
        self._emit(self._event("update", "inventory", key, fullDocument=None), ("key", key))

    # -- rules --------------------------------------------------------------------------------
    def _rule(self):
        rng, key = self.rng, self.rng.choice(self.rule_ids)
        if rng.random() < 0.2:
            self._emit(self._event("delete", "thresholds", key), ("rules",))
            return
        document = self._rule_document()
        if rng.random() < 0.15:
            document = spoil_rule(rng, document)
        operation = rng.choice(("insert", "update", "replace"))
        self._emit(self._event(operation, "thresholds", key, document), ("rules",))

    def _rule_document(self):
        rng = self.rng
        critical = rng.randint(0, 30)
        low = critical + rng.randint(0, 50)
        document = {"scope": self._scope(), **_sometimes(
            rng, critical=(critical,), low=(low,), max=(low + rng.randint(0, 150),),
            clear_margin=(1, 2.5, "10%", "33.3%"), hold_for=("0s", "20s", "5m", "1h"),
            priority=(0, 1, 5), author=("ada",), reason=("season",))}
        document.update({name: value for name, value in _sometimes(
            rng, compare=("available", "on_hand", "position"), stale_days=(1, 5, 30),
            low_share=(0.2, 0.4, 0.8), drift_tolerance=(0, 3), enabled=(True, True, False),
            locked=(True, False), severity=({"low_stock": "page", "drift": "info"},
                                            {"out_of_stock": "warning"})).items()
            if rng.random() < 0.6})
        if document["scope"] == {}:
            document["default"] = True
        if rng.random() < 0.3:
            document["effective"] = self._interval()
        return document

    def _scope(self):
        rng, item = self.rng, self.rng.choice(self.items)
        return dict(rng.choice((
            {}, {"category": "tea"}, {"department": "food"}, {"sku": item[1]}, {"brand": "acme"},
            {"warehouse_id": item[0], "sku": item[1]}, {"warehouse_id": item[0]},
            {"product_id": f"P-{rng.randint(1, 9)}"}, {"department": "food", "category": "coffee"},
            {"warehouse_id": item[0], "category": "tea"})))

    def _interval(self):
        rng = self.rng
        start = self.second * 1000 + rng.choice((-3_600_000, 0, 45_500, 1_800_000))
        end = start + rng.choice((90_000, 7_200_000, 5 * DAY * 1000))
        interval = {"from": self.write.event_date(start), "until": self.write.event_date(end)}
        if rng.random() < 0.3:
            del interval[rng.choice(("from", "until"))]
        return interval

    # -- oddities -----------------------------------------------------------------------------
    def _oddity(self):
        rng, item = self.rng, self.rng.choice(self.items)
        sale = {"warehouse_id": item[0], "sku": item[1], "type": "sale", "quantity": 1}
        event = self._event("insert", "transactions", f"T-{self.serial}", sale)
        choice = rng.randrange(9)
        if choice == 0:
            event = rng.choice(("{not json", "[1,2]", "\"text\"", "{\"a\":NaN}", "null"))
        elif choice == 1:
            event.pop(rng.choice(("_id", "clusterTime", "fullDocument")))
        elif choice == 2:
            event["_id"] = rng.choice(({}, {"_data": ""}, "token"))
        elif choice == 3:
            event["ns"] = {"db": "shop", "coll": "customers"}
        elif choice == 4:
            event["operationType"] = rng.choice(("update", "replace"))
        elif choice == 5:
            event["operationType"] = "delete"
            event.pop("fullDocument")
        elif choice == 6:
            event = self._event(rng.choice(("drop", "rename", "dropDatabase")), "customers")
        elif choice == 7:
            event["operationType"] = rng.choice(("upsert", None))
        else:
            event["documentKey"] = event["fullDocument"]["_id"] = "T-repeated"
            event["documentKey"] = {"_id": "T-repeated"}
        self._emit(event)

    # -- groups that keep their order ---------------------------------------------------------
    def _families(self):
        """Documents and items that are connected; only those with two documents keep order."""
        family = {}

        def root(node):
            while family.setdefault(node, node) != node:
                node = family[node]
            return node
        for item, keys in self.keys_of.items():
            for key in keys:
                family[root(key)] = root(item)
        members = {}
        for node in list(family):
            members.setdefault(root(node), []).append(node)
        return {node: top for top, nodes in members.items() for node in nodes
                if sum(kind == "key" for kind, _ in nodes) > 1}

    def orders_of(self, entry, families):
        kept = []
        for group in entry.groups:
            if group[0] in ("time", "rules"):
                kept.append(group)
            elif group in families:
                kept.append(families[group])
        return kept


# -- profiles ---------------------------------------------------------------------------------
def _sort_by_arrival(entries, wish, orders):
    """Sorts by the wished arrival, pushed back where a group must keep its order."""
    last, arrivals = {}, []
    for number, entry in enumerate(entries):
        arrival = max([wish[number], *(last.get(group, 0) for group in orders[number])])
        for group in orders[number]:
            last[group] = arrival
        arrivals.append((arrival, number))
    return [entries[number] for _, number in sorted(arrivals)]


def _blocks(entries):
    """Stretches of at most 200 lines and 10 days: far inside of the history."""
    block = []
    for entry in entries:
        if block and (len(block) == 200 or entry.second - block[0].second > 10 * DAY):
            yield block
            block = []
        block.append(entry)
    yield block


def _shuffled(rng, entries, orders_of):
    result = []
    for block in _blocks(entries):
        wish = [rng.random() for _ in block]
        result += _sort_by_arrival(block, wish, [orders_of(entry) for entry in block])
    return result


def _late(rng, entries, orders_of):
    def delay():
        draw = rng.random()
        if draw < 0.08:
            return rng.randint(1, 1200)
        if draw < 0.11:
            return rng.randint(1200, 9 * 3600)
        return rng.randint(DAY, 45 * DAY) if draw < 0.115 else 0
    wish = [entry.second + delay() for entry in entries]
    return _sort_by_arrival(entries, wish, [orders_of(entry) for entry in entries])


def _duplicates(rng, entries, families):
    """Repeats lines; those of items with several documents only at once, so that a refused
    second document cannot come again when the first one is gone."""
    wish = [(float(number), entry) for number, entry in enumerate(entries)]
    for number, entry in enumerate(entries):
        if rng.random() < 0.15:
            near = any(group in families for group in entry.groups)
            distance = 0.5 if near else rng.choice((0.5, 3.5, 40.5, 400.5))
            wish.append((number + distance, copy.copy(entry)))
    return [entry for _, entry in sorted(wish, key=lambda pair: pair[0])]


def arrange(generator, seed):
    rng, profile = random.Random(f"{seed}/{generator.profile}"), generator.profile
    families = generator._families()

    def orders_of(entry):
        return generator.orders_of(entry, families)
    if profile == "shuffled":
        return _shuffled(rng, generator.entries, orders_of)
    if profile == "late":
        return _late(rng, generator.entries, orders_of)
    if profile == "duplicates":
        return _duplicates(rng, generator.entries, families)
    return generator.entries


def line_of(entry):
    if isinstance(entry.content, str):
        return entry.content
    return json.dumps(entry.content, ensure_ascii=False, separators=(",", ":"))


def generate(seed, changes, profile):
    generator = Generator(seed, profile)
    generator.run(changes)
    return [line_of(entry) for entry in arrange(generator, seed)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--changes", type=int, default=1000)
    parser.add_argument("--profile", choices=PROFILES, default="ordered")
    parser.add_argument("--settings-out", metavar="FILE")
    parser.add_argument("--tight", action="store_true", help="a small limit of inbound references")
    options = parser.parse_args()
    if options.settings_out:
        settings = make_settings(random.Random(f"settings/{options.seed}"), options.tight)
        with open(options.settings_out, "w", encoding="utf-8") as file:
            json.dump(settings, file, indent=1)
            file.write("\n")
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for line in generate(options.seed, options.changes, options.profile):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
