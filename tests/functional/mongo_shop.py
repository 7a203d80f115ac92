"""A shop in a MongoDB server, written by a test, and what an engine makes of it."""

import json
import random

from mongo_server import pymongo

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


def reader_of(engine):
    """What the engine says of its reader of the server."""
    return json.loads(engine.ask("/api/v1/sources")[1])["items"][0]["reader"]


def stock_of(engine):
    """(warehouse, sku) -> on_hand of every item that has a document."""
    status, text = engine.ask("/api/v1/state/items")
    assert status == 200, text
    rows = [json.loads(line) for line in text.splitlines()]
    return {(row["warehouse_id"], row["sku"]): row["on_hand"]
            for row in rows if row["opened"]}


def stock_in(database):
    return {(row["warehouse_id"], row["sku"]): row["on_hand"] for row in database.inventory.find()}


def source_of(uri, folder, config):
    """What --source says. A URI that may hold a password goes into a file, which the settings name then:
    no command line shows it."""
    if "@" not in uri:
        return uri
    (folder / "uri").write_text(uri)
    text = config.read_text()
    if "uri_file" not in text:
        config.write_text(text.replace("mongo: {", f"mongo: {{uri_file: {folder / 'uri'}, "))
    return "mongo"


class Runs:
    """Starts engines on one store and one server."""

    def __init__(self, binary, folder, uri, config=None):
        self.binary, self.folder = binary, folder
        self.config = config or settings(folder)
        self.uri = source_of(uri, folder, self.config)
        self.store = folder / "store"

    def start(self, *flags, source=None):
        return Engine(self.binary, "--source", source or self.uri, "--store", self.store,
                      "--config", self.config, "--quiet", *flags)

    def read_what_there_is(self, database):
        """The snapshot, before somebody writes: the test server takes the time of a read behind the read, so
        that a document which is written meanwhile would stay as it was (test_mongo_server.py)."""
        with self.start() as engine:
            self.until_same(engine, database)
            engine.wait_for("stream_open")
            engine.stop()

    def until_same(self, engine, database):
        """The engine has the stock that the server has."""
        theirs, ours = stock_in(database), {}

        def same():
            ours.clear()
            ours.update(stock_of(engine))
            return ours == theirs

        try:
            engine.until(same, "the stock of the server", engine.read)
        except AssertionError:
            differ = {key: (ours.get(key), theirs.get(key)) for key in ours.keys() | theirs.keys()
                      if ours.get(key) != theirs.get(key)}
            print("(the engine's, the server's):", differ, engine.ask("/api/v1/sources")[1])
            raise


class Writer:
    """Inserts, updates, deletes and inserts again over so many ids, some at a time; nobody else writes
    them. The same seed, the same writes. Counts what it did."""

    def __init__(self, database, seed, ids=40, at_a_time=1):
        self.database, self.random, self.at_a_time = database, random.Random(seed), at_a_time
        there = {row["sku"] for row in database.inventory.find({}, {"sku": 1})}
        # By SKU: what is there, what never was, what was deleted.
        self.there = sorted(there)
        self.never = [f"A{n}" for n in range(ids) if f"A{n}" not in there]
        self.gone = []
        self.did = {"sales": 0, "inserts": 0, "updates": 0, "deletes": 0, "inserts_again": 0}

    def write(self):
        does = self.random.choices([self._sell, self._insert, self._insert_again, self._delete,
                                    self._replace, self._update], [30, 10, 10, 12, 14, 24])[0]
        does()

    def _take(self, group):
        """Some of it, which are not in it any more."""
        self.random.shuffle(group)
        some = group[:self.at_a_time]
        del group[:self.at_a_time]
        return some

    def _some_there(self):
        return self.random.sample(self.there, min(self.at_a_time, len(self.there)))

    def _document(self, sku):
        return item(sku, self.random.randrange(100))

    def _sell(self):
        first = self.did["sales"]
        sales = [sale(first + n, sku, self.random.randrange(1, 4))
                 for n, sku in enumerate(self._some_there())]
        self._did("sales", sales, self.database.transactions.insert_many)

    def _insert(self, group=None, kind="inserts"):
        some = self._take(self.never if group is None else group)
        self._did(kind, [self._document(sku) for sku in some], self.database.inventory.insert_many)
        self.there += some

    def _insert_again(self):
        self._insert(self.gone, "inserts_again")

    def _delete(self):
        some = self._take(self.there)
        self._did("deletes", [f"W1/{sku}" for sku in some],
                  lambda keys: self.database.inventory.delete_many({"_id": {"$in": keys}}))
        self.gone += some

    def _replace(self):
        self._did("updates", [pymongo.ReplaceOne({"_id": f"W1/{sku}"}, self._document(sku))
                              for sku in self._some_there()], self.database.inventory.bulk_write)

    def _update(self):
        self._did("updates", [pymongo.UpdateOne({"_id": f"W1/{sku}"},
                                                {"$set": {"on_hand": self.random.randrange(100)}})
                              for sku in self._some_there()], self.database.inventory.bulk_write)

    def _did(self, kind, writes, do):
        if writes:
            do(writes)
            self.did[kind] += len(writes)
