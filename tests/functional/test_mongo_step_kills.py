"""SIGKILL exactly at each step between the server's answer and the place behind it, again and again on one
store or file, while the shop sells: nothing is lost, nothing counts twice. The steps are those of
crash_engine.cc; STOCKWATCH_STEP_KILLS makes it longer."""

import itertools
import json
import signal
import subprocess
import threading

import pytest

pytest.importorskip("pymongo", reason="no pymongo here: tools/install-test-packages")

from conftest import SECONDS_MAX  # noqa: E402
from connector import Connector, lines_of  # noqa: E402
from engine import draw, how_many  # noqa: E402
from mongo_shop import RULES, Runs, item, sale, settings, stock_of  # noqa: E402

KILLS = how_many("STEP_KILLS", 10)  # at each step
IN_SNAPSHOT = KILLS // 4 + 1  # of them
BATCH = 16  # changes of a commit: small, so that it comes further between two kills
ITEMS = [f"A{n}" for n in range(3 * BATCH * IN_SNAPSHOT)]  # more than these kills can see
START = 1_000_000
ENGINE = {"read": ["read"], "decode": ["decoded", "taken"],
          "commit": ["commit", "torn", "unsynced"],
          "position": ["placed", "committed", "acknowledged"]}
CONNECTOR = {"read": ["read", "decoded"], "write": ["placed"],
             "position": ["commit", "committed", "acknowledged"]}


class Sales:
    """One after the other while the block lasts; `sold` of each SKU."""

    def __init__(self, shop):
        self.shop, self.sold, self.count, self.mistake = shop, dict.fromkeys(ITEMS, 0), 0, None
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._sell, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def _sell(self):
        draws = draw("what is sold")
        try:
            for number in itertools.count():
                if self.ended.is_set():
                    return
                sku, quantity = draws.choice(ITEMS), draws.randrange(1, 4)
                self.shop.transactions.insert_one(sale(number, sku, quantity))
                self.sold[sku] += quantity
                self.count += 1
        except Exception as mistake:  # the test's thread tells of it
            self.mistake = mistake


@pytest.fixture
def runs(binary, fast_path, shared_mongo, mongo_shop):
    mongo_shop.inventory.insert_many([item(sku, START) for sku in ITEMS])
    config = settings(fast_path, mongo_shop.name, "snapshot_documents: 7",
                      RULES + f"stock: {{authority: ledger}}\ncommit: {{inputs_max: {BATCH}}}\n")
    return Runs(binary, fast_path, shared_mongo.uri, config)


@pytest.fixture
def killed(binary, runs):
    """Starts it on `to`; it dies by itself at the first such step behind so many changes."""

    program = binary.parent / "tests" / "crash_engine"
    if not program.exists():
        pytest.skip("needs the target crash_engine of a build")

    def run(to, step, changes):
        done = subprocess.run([program, runs.config, runs.uri, to, step, str(changes)],
                              capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
        assert done.returncode == -signal.SIGKILL, (step, changes, done.stderr)

    return run


@pytest.mark.parametrize("step", ENGINE)
def test_an_engine_killed_at_this_step_takes_each_sale_once(runs, killed, mongo_shop, step):
    draws, steps = draw(f"engine {step}"), itertools.cycle(ENGINE[step])
    for _ in range(IN_SNAPSHOT):
        killed(runs.store, next(steps), draws.randrange(1, 2 * BATCH))
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        engine.wait_for("stream_open")
        before = engine.state()["changes"]["applied"]
        engine.stop()
    with Sales(mongo_shop) as sales:
        for _ in range(KILLS - IN_SNAPSHOT):
            killed(runs.store, next(steps), draws.randrange(1, 60))
    assert not sales.mistake and sales.count > 0
    wanted = {("W1", sku): START - sold for sku, sold in sales.sold.items()}
    with runs.start() as engine:
        engine.until(lambda: stock_of(engine) == wanted, "the stock less the sales", engine.read)
        changes = engine.state()["changes"]
        engine.stop()
    assert changes["applied"] == before + sales.count and changes["dead_lettered"] == 0
    verified = subprocess.run([str(runs.binary), "state", "verify", "--store", str(runs.store)],
                              capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.parametrize("step", CONNECTOR)
def test_a_connector_killed_at_this_step_writes_each_sale_once(runs, killed, mongo_shop, fast_path,
                                                               step):
    draws, steps = draw(f"connector {step}"), itertools.cycle(CONNECTOR[step])
    to = fast_path / "changes.ndjson"

    def connect():
        return Connector(runs.binary, runs.uri, runs.config, to)

    with connect() as running:
        running.until(lambda: running.said("stream_open"), "the stream")
        assert running.stop() == 0
    assert len(lines_of(to)) == len(ITEMS)
    with Sales(mongo_shop) as sales:
        for _ in range(KILLS):
            killed(to, next(steps), draws.randrange(1, 60))
    with connect() as running:
        running.until(lambda: running.said("started"), "its turn")
        running.until(lambda: len(lines_of(to)) >= len(ITEMS) + sales.count, "every sale")
        assert running.stop() == 0
    assert not sales.mistake and sales.count > 0
    ids = [json.loads(line)["documentKey"]["_id"] for line in lines_of(to)[len(ITEMS):]]
    assert ids == [f"T-{number}" for number in range(sales.count)]
