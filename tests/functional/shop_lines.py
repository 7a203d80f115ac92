"""Lines of changes for the tests: MongoDB change events, one after the other, a second apart."""

import itertools
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
START = 1_700_000_000
CONDITIONS = ["out_of_stock", "critical_stock", "low_stock", "projected_stockout",
              "negative_stock", "overstock", "velocity_spike", "stale_stock", "drift",
              "category_low", "category_out", "source_silent", "source_gap",
              "undeliverable", "clock", "oplog_headroom"]


class Shop:
    """Makes changes; every one has a token and a second of its own."""

    def __init__(self):
        self.numbers = itertools.count(1)

    def event(self, collection, key, document, operation="insert", **others):
        number = next(self.numbers)
        event = {
            "_id": {"_data": f"82{START + number:08X}"},
            "operationType": operation,
            "clusterTime": {"$timestamp": {"t": START + number, "i": 1}},
            "ns": {"db": "shop", "coll": collection},
            "documentKey": {"_id": key},
            "fullDocument": document}
        event.update(others)
        return {name: value for name, value in event.items() if value is not None}

    def item(self, sku, on_hand, warehouse="W1", key=None, operation="insert", **fields):
        key = key or f"{warehouse}/{sku}"
        document = {"_id": key, "warehouse_id": warehouse, "sku": sku, "on_hand": on_hand}
        return self.event("inventory", key, {**document, **fields}, operation)

    def sale(self, sku, quantity, warehouse="W1", operation="insert", **fields):
        key = f"T-{next(self.numbers)}"
        document = {"_id": key, "warehouse_id": warehouse, "sku": sku, "type": "sale",
                    "quantity": quantity}
        return self.event("transactions", key, {**document, **fields}, operation)

    def rule(self, key, **fields):
        return self.event("thresholds", key, {"_id": key, **fields})

    def delete(self, collection, key):
        return self.event(collection, key, None, "delete")


def line(event):
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()


def text(events, end=b"\n"):
    """The bytes of a file; an event that is bytes already is a line as it is."""
    return b"".join((event if isinstance(event, bytes) else line(event)) + end
                    for event in events)


def read_lines(path):
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
