"""The Online Retail rule of the design page, applied to the CSV without any converter."""

import argparse
import csv
import gzip
import re
import sys
from collections import defaultdict
from datetime import datetime, timezone
from functools import lru_cache

from model import Model
from run_oracle import report
from settings import read_settings

SETTINGS = {
    "stock": {"currency": "GBP", "warehouses": {"GB": {"authority": "ledger"},
                                                "EX": {"authority": "ledger"}}},
    "thresholds": {"rules": [
        {"id": "default", "default": True, "scope": {}, "low": 40, "critical": 10},
        {"id": "category-85", "scope": {"category": "85"}, "low": 120}]}}
CODE = re.compile(r"[0-9]{5}[A-Z]*")
WEEK = 7 * 86_400
MONDAY = 4 * 86_400                 # 1970-01-05 was a Monday


class Shop:
    """Turns lines into changes in order and hands them to `feed`."""

    def __init__(self, feed):
        self.feed = feed
        self.second = None
        self.increment = 0
        self.tokens = 0
        self.items = set()
        self.net = defaultdict(lambda: defaultdict(int))    # week -> (warehouse, sku) -> sales
        self.next_monday = None
        self.skipped = 0

    def line(self, number, line):
        sku = line["StockCode"].upper()
        quantity = _whole(line["Quantity"])
        if not CODE.fullmatch(sku) or not quantity:
            self.skipped += 1
            return
        second = _epoch(line["InvoiceDate"])
        self._receipts_until(second)
        warehouse = "GB" if line["Country"] == "United Kingdom" else "EX"
        kind = _kind(quantity, line["InvoiceNo"])
        self._first_appearance(warehouse, sku, second)
        self._transaction(f"{line['InvoiceNo']}-{number}", warehouse, sku, kind,
                          quantity if kind == "adjustment" else abs(quantity), second,
                          _price(line["UnitPrice"]))
        if kind != "adjustment":
            self.net[_week(second)][(warehouse, sku)] += quantity

    def _receipts_until(self, second):
        if self.next_monday is None:
            self.next_monday = _week(second) + WEEK
        while self.next_monday <= second:
            day = datetime.fromtimestamp(self.next_monday, timezone.utc).date().isoformat()
            sold = self.net.pop(self.next_monday - 2 * WEEK, {})
            for (warehouse, sku), net in sorted(sold.items()):
                if net > 0:
                    self._transaction(f"R-{day}-{warehouse}-{sku}", warehouse, sku, "receipt", net,
                                      self.next_monday, None)
            self.next_monday += WEEK

    def _first_appearance(self, warehouse, sku, second):
        if (warehouse, sku) in self.items:
            return
        self.items.add((warehouse, sku))
        self._change(second, "inventory", {
            "_id": f"{warehouse}/{sku}", "warehouse_id": warehouse, "sku": sku,
            "product_id": sku[:5], "category": sku[:2], "department": sku[:1], "on_hand": 200})

    def _transaction(self, identity, warehouse, sku, kind, quantity, second, price):
        document = {"_id": identity, "warehouse_id": warehouse, "sku": sku, "type": kind,
                    "quantity": quantity, "occurred_at": {"$date": {"$numberLong":
                                                                    str(second * 1000)}}}
        if price is not None:
            document["price"] = price
        self._change(second, "transactions", document)

    def _change(self, second, collection, document):
        if second != self.second:
            self.second, self.increment = second, 0
        self.increment += 1
        self.tokens += 1
        self.feed({"_id": {"_data": f"{self.tokens:010X}"}, "operationType": "insert",
                   "clusterTime": {"$timestamp": {"t": second, "i": self.increment}},
                   "ns": {"db": "shop", "coll": collection},
                   "documentKey": {"_id": document["_id"]}, "fullDocument": document})


def _whole(text):
    """0 where the number cannot be read."""
    try:
        return int(text)
    except ValueError:
        return 0


def _price(text):
    try:
        price = float(text)
    except ValueError:
        return None
    return price if price > 0 else None


@lru_cache(maxsize=64)
def _epoch(text):
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc)
    return int(moment.timestamp())


def _week(second):
    """The Monday 00:00 UTC at or before the second."""
    return second - (second - MONDAY) % WEEK


def _kind(quantity, invoice):
    if quantity > 0:
        return "sale"
    return "return" if invoice.startswith("C") else "adjustment"


def read_lines(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("csv", help="the CSV, plain or .gz")
    parser.add_argument("--export", metavar="DIR")
    parser.add_argument("--output", choices=("json",), default="json")
    options = parser.parse_args()
    model = Model(read_settings(SETTINGS))
    shop = Shop(model.feed_event)
    for number, line in enumerate(read_lines(options.csv), 1):
        shop.line(number, line)
    model.finish()
    report(model, options.export)
    print(f"skipped lines: {shop.skipped}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
