"""Lines of docs/formats.md: items, roll-ups, demand, alerts; the digest; the result object."""

import hashlib
import json
import os
from dataclasses import dataclass, field

from demand import HOUR, demand_of
from values import DAY, SECOND, half_even, show_amount, show_instant, show_quantity, show_text


def _object(pairs):
    return "{" + ",".join(f'"{key}":{value}' for key, value in pairs) + "}"


def _money(price):
    if price is None:
        return "null"
    return _object((("amount", show_amount(price[0])), ("currency", show_text(price[1]))))


def item_line(item):
    on_hand, reserved, inbound = item.figures()
    department, category, brand, product = item.path
    document = item.state.document
    _, t, i, n = item.state.position
    return _object((
        ("warehouse_id", show_text(item.warehouse)), ("sku", show_text(item.sku)),
        ("product_id", show_text(product)), ("brand", show_text(brand)),
        ("category", show_text(category)), ("department", show_text(department)),
        ("name", show_text(document.name if document else None)),
        ("on_hand", show_quantity(on_hand)), ("reserved", show_quantity(reserved)),
        ("inbound", show_quantity(inbound)), ("available", show_quantity(on_hand - reserved)),
        ("position", _object((("t", t), ("i", i), ("n", n)))),
        ("status", show_text(item.status)), ("opened", "true" if item.state.opened else "false"),
        ("price", _money(item.price)), ("cost", _money(document.cost if document else None))))


# -- roll-ups ---------------------------------------------------------------------------------
SUMS = ("items", "on_hand", "available", "unopened", "out_of_stock", "critical", "low", "over",
        "reserved", "inbound")
QUANTITIES = {"on_hand", "available", "reserved", "inbound"}


@dataclass
class Node:
    sums: dict = field(default_factory=lambda: dict.fromkeys(SUMS, 0))
    value: dict = field(default_factory=dict)
    not_valued: int = 0


def _add_item(node, item, counts):
    on_hand, reserved, inbound = item.figures()
    out, critical, low, over = counts
    own = {"items": 1, "on_hand": on_hand, "available": on_hand - reserved,
           "unopened": int(not item.state.opened), "out_of_stock": out, "critical": critical,
           "low": low, "over": over, "reserved": reserved, "inbound": inbound}
    for name, number in own.items():
        node.sums[name] += number
    cost = item.state.document.cost if item.state.document else None
    if cost is None:
        node.not_valued += 1
        return
    worth = half_even(max(0, on_hand) * cost[0], 1000)
    node.value[cost[1]] = node.value.get(cost[1], 0) + worth


def node_paths(item):
    full = (*item.path, item.sku)
    for depth in range(len(full) + 1):
        yield "global", full[:depth]
    for depth in range(len(full) + 1):
        yield "warehouse", (item.warehouse, *full[:depth])


def nodes(model):
    tree = {}
    for item in model.living_items():
        counts = model.judge.counts(item)
        for key in node_paths(item):
            if key not in tree:
                tree[key] = Node()
            _add_item(tree[key], item, counts)
    return tree


def node_line(key, node):
    pairs = [("tree", show_text(key[0])), ("path", "[" + ",".join(map(show_text, key[1])) + "]")]
    for name in SUMS:
        number = node.sums[name]
        pairs.append((name, show_quantity(number) if name in QUANTITIES else number))
    worth = ((json.dumps(name)[1:-1], show_amount(node.value[name])) for name in sorted(node.value))
    return _object([*pairs, ("value", _object(worth)), ("not_valued", node.not_valued)])


def _node_order(key):
    return key[0], [name.encode() for name in key[1]]


# -- demand -----------------------------------------------------------------------------------
def _date(day):
    return show_instant(day * DAY)[:10]


def _ring(ring, name):
    return _object((name(bucket), show_quantity(ring[bucket])) for bucket in sorted(ring))


def demand_line(item, demand):
    days = ",".join(show_text(_date(day)) for day in demand.without_stock)
    return _object((
        ("warehouse_id", show_text(item.warehouse)), ("sku", show_text(item.sku)),
        ("first_sale", show_text(_date(demand.first_sale))),
        ("hours", _ring(demand.hours, lambda hour: show_instant(hour * HOUR))),
        ("days", _ring(demand.days, _date)), ("weeks", _ring(demand.weeks, _date)),
        ("without_stock", f"[{days}]")))


def demand_lines(model):
    for item in model.living_items():
        demand = demand_of(item, model.settings, model.second * SECOND)
        if demand is not None:
            yield demand_line(item, demand)


# -- alerts -----------------------------------------------------------------------------------
def _subject(subject):
    if subject[0] == "item":
        return _object((("warehouse_id", show_text(subject[1])), ("sku", show_text(subject[2]))))
    path = "[" + ",".join(map(show_text, subject[2:])) + "]"
    return _object((("tree", show_text(subject[1])), ("path", path)))


def _rule(rule):
    if rule is None:
        return "null"
    return _object((("id", show_text(rule["id"])), ("version", rule["version"])))


def alert_line(episode):
    resolved = "null" if episode.resolved_at is None else show_text(
        show_instant(episode.resolved_at))
    return _object((
        ("id", show_text(episode.id)), ("type", show_text(episode.type)),
        ("state", show_text(episode.state)), ("severity", show_text(episode.severity)),
        ("subject", _subject(episode.subject)),
        ("opened_at", show_text(show_instant(episode.opened_at))), ("resolved_at", resolved),
        ("reopened", episode.reopened), ("value", show_quantity(episode.value)),
        ("threshold", show_quantity(episode.threshold)), ("rule", _rule(episode.rule)),
        ("now", show_quantity(episode.now)), ("worst", show_quantity(episode.worst)),
        ("count", episode.count), ("cause", show_text(episode.cause))))


# -- everything -------------------------------------------------------------------------------
class Export:
    def __init__(self, model):
        self.model = model
        self.items = [item_line(item) for item in model.living_items()]
        tree = nodes(model)
        self.rollups = [node_line(key, tree[key]) for key in sorted(tree, key=_node_order)]
        self.demand = list(demand_lines(model))
        self.alerts = [alert_line(episode) for episode in sorted(
            model.episodes.all, key=lambda episode: (episode.opened_at, episode.id))]

    def doubts(self):
        """What the pages leave open of an item of this trace: no line of the product's."""
        return [_object((("warehouse_id", show_text(warehouse)), ("sku", show_text(sku)),
                         ("doubt", show_text(what))))
                for warehouse, sku, what in sorted(self.model.judge.foresight.doubts)]

    def digest(self):
        second = self.model.second
        time = "null" if second is None else show_text(show_instant(second * 1_000_000))
        lines = [_object((("canonical", 2), ("source_time", time))), *self.items, *self.rollups,
                 *self.demand]
        return hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()

    def result(self):
        episodes = self.model.episodes
        return {"changes": self.model.counts, "items": len(self.items),
                "alerts": {**episodes.counts, "open": episodes.open_counts()},
                "digest": self.digest()}

    def write(self, directory):
        os.makedirs(directory, exist_ok=True)
        dead = [json.dumps({"line": line, "class": reason, "field": name}, separators=(",", ":"))
                for line, reason, name in self.model.dead_letters]
        for name, lines in (("items", self.items), ("rollups", self.rollups),
                            ("demand", self.demand), ("alerts", self.alerts), ("deadletters.classes", dead),
                            ("doubts", self.doubts())):
            with open(os.path.join(directory, name + ".ndjson"), "w", encoding="utf-8",
                      newline="\n") as file:
                file.writelines(line + "\n" for line in lines)
