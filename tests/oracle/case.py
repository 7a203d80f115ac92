"""For the tests: a short way to say changes, and to look at what came of them."""

import json

from export import Export
from model import Model
from settings import read_settings

T0 = 1_700_000_040                  # 2023-11-14T22:14:00Z
DAY = 86_400


class Case:
    """A model under ledger (unless told otherwise) with one rule: low 40, critical 10."""

    def __init__(self, authority="ledger", rules=None, stock=None, **sections):
        if rules is None:
            rules = [{"id": "default", "default": True, "low": 40, "critical": 10}]
        self.settings = {"stock": {"authority": authority, **(stock or {})},
                         "thresholds": {"rules": rules}, **sections}
        self.model = Model(read_settings(self.settings))
        self.serial = 0
        self.lines = []             # what it was told, as a file of changes

    def event(self, operation, collection, at, i=1, token=None, **more):
        self.serial += 1
        event = {"_id": {"_data": token or f"82{self.serial:06X}"}, "operationType": operation,
                 "clusterTime": {"$timestamp": {"t": T0 + at, "i": i}},
                 "ns": {"db": "shop", "coll": collection}, **more}
        self.lines.append(json.dumps(event))
        self.model.feed_line(self.lines[-1])
        return event

    def document(self, at, on_hand, sku="A", key=None, operation="insert", i=1, token=None,
                 warehouse="W", **fields):
        key = key or f"{warehouse}/{sku}"
        return self.event(operation, "inventory", at, i, token, documentKey={"_id": key},
                          fullDocument={"_id": key, "warehouse_id": warehouse, "sku": sku,
                                        "on_hand": on_hand, **fields})

    def delete(self, at, key="W/A", i=1):
        return self.event("delete", "inventory", at, i, documentKey={"_id": key})

    def move(self, at, kind, quantity, sku="A", i=1, token=None, warehouse="W", **fields):
        key = f"T-{self.serial}"
        return self.event("insert", "transactions", at, i, token, documentKey={"_id": key},
                          fullDocument={"_id": key, "warehouse_id": warehouse, "sku": sku,
                                        "type": kind, "quantity": quantity, **fields})

    def rule(self, at, rule_id, operation="insert", i=1, **fields):
        if operation == "delete":
            return self.event("delete", "thresholds", at, i, documentKey={"_id": rule_id})
        return self.event(operation, "thresholds", at, i, documentKey={"_id": rule_id},
                          fullDocument={"_id": rule_id, **fields})

    def tick(self, at):
        """Lets source time pass: a control change."""
        self.event("drop", "other", at)

    # -- what came of it ----------------------------------------------------------------------
    def export(self):
        self.model.finish()
        return Export(self.model)

    def items(self):
        return {item["sku"]: item for item in map(json.loads, self.export().items)}

    def stock(self, sku="A"):
        item = self.items()[sku]
        return item["on_hand"], item["reserved"], item["inbound"]

    def node(self, *path, tree="global"):
        lines = map(json.loads, self.export().rollups)
        return next((line for line in lines
                     if line["tree"] == tree and line["path"] == list(path)), None)

    def alerts(self, kind=None):
        found = map(json.loads, self.export().alerts)
        return [alert for alert in found if kind in (None, alert["type"])]

    def states(self, kind):
        """(state, seconds after T0 of the opening, of the resolve, reopened, cause)"""
        return [(a["state"], *(_seconds(a[name]) for name in ("opened_at", "resolved_at")),
                 a["reopened"], a["cause"]) for a in self.alerts(kind)]

    def count(self, name):
        return self.model.counts[name]

    def reasons(self):
        return [(line, reason, field) for line, reason, field in self.model.dead_letters]


def _seconds(text):
    from values import instant
    if text is None:
        return None
    seconds = instant(text) / 1_000_000 - T0
    return int(seconds) if seconds == int(seconds) else seconds
