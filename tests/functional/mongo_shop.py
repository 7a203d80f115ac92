"""A shop in a MongoDB server, written by a test, and what an engine makes of it."""

import json
import random

from engine import Engine

RULES = """
thresholds:
  rules:
    - {id: default, default: true, low: 10, critical: 3}
"""


def settings(folder, database="shop", mongo="", more=RULES):
    """A settings file; `mongo` holds lines of source.mongo, as a YAML flow map's inside."""
    path = folder / "stockwatch.yaml"
    path.write_text(f"source: {{database: {database}, mongo: {{await: 100ms, {mongo}}}}}\n{more}")
    return path


def item(sku, on_hand, warehouse="W1", **fields):
    return {"_id": f"{warehouse}/{sku}", "warehouse_id": warehouse, "sku": sku, "on_hand": on_hand,
            **fields}


def sale(number, sku, quantity, warehouse="W1"):
    return {"_id": f"T-{number}", "warehouse_id": warehouse, "sku": sku, "type": "sale",
            "quantity": quantity}


def stock_of(engine):
    """(warehouse, sku) -> on_hand of every item that has a document."""
    status, text = engine.ask("/api/v1/state/items")
    assert status == 200, text
    rows = [json.loads(line) for line in text.splitlines()]
    return {(row["warehouse_id"], row["sku"]): row["on_hand"]
            for row in rows if row["opened"]}


def stock_in(database):
    return {(row["warehouse_id"], row["sku"]): row["on_hand"] for row in database.inventory.find()}


class Runs:
    """Starts engines on one store and one server."""

    def __init__(self, binary, folder, uri, config=None):
        self.binary, self.folder, self.uri = binary, folder, uri
        self.config = config or settings(folder)
        if "@" in uri:  # it may hold a password: no command line shows it
            (folder / "uri").write_text(uri)
            self.uri = "mongo"
            text = self.config.read_text()
            self.config.write_text(text.replace("mongo: {", f"mongo: {{uri_file: {folder / 'uri'}, "))
        self.store = folder / "store"

    def start(self, *flags, source=None):
        return Engine(self.binary, "--source", source or self.uri, "--store", self.store,
                      "--config", self.config, "--quiet", *flags)

    def until_same(self, engine, database):
        """The engine has the stock that the server has."""
        theirs = stock_in(database)
        engine.until(lambda: stock_of(engine) == theirs, "the stock of the server")


class Writer:
    """Inserts, updates, deletes and inserts again over a few ids; the same seed, the same writes."""

    def __init__(self, database, seed, ids=40):
        self.database, self.random, self.ids = database, random.Random(seed), ids
        self.sales = 0

    def write(self):
        shop, number = self.database, self.random.randrange(self.ids)
        key, kind = f"W1/A{number}", self.random.random()
        if kind < 0.3:
            self.sales += 1
            shop.transactions.insert_one(sale(self.sales, f"A{number}", 1 + number % 3))
        elif kind < 0.4:
            shop.inventory.delete_one({"_id": key})
        elif kind < 0.6:
            document = item(f"A{number}", self.random.randrange(100))
            shop.inventory.replace_one({"_id": key}, document, upsert=True)
        else:
            shop.inventory.update_one({"_id": key},
                                      {"$set": {"on_hand": self.random.randrange(100)}})
