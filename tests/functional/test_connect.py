"""Changes of MongoDB in a file, without an engine: each once and in order, through kills, faults and take-overs."""

import json
import signal
import threading

import pytest

pytest.importorskip("pymongo", reason="no pymongo here: tools/install-test-packages")

from canary import CANARY  # noqa: E402
from connector import PATIENCE, Connector, lines_of  # noqa: E402
from engine import draw, how_many  # noqa: E402
from fault_proxy import FaultProxy  # noqa: E402
from mongo_shop import item, settings, source_of, stock_in  # noqa: E402


@pytest.fixture
def connect(binary, fast_path, shared_mongo, mongo_shop):
    config = settings(fast_path, mongo_shop.name)

    def start(*flags, uri=None, config=config, to="changes.ndjson"):
        source = source_of(uri or shared_mongo.uri, fast_path, config)
        return Connector(binary, source, config, fast_path / to, *flags)

    start.file, start.config = fast_path / "changes.ndjson", config
    return start


def stock_by_replay(stockwatch, connect, folder):
    """What the file's changes come to."""
    done = stockwatch("replay", connect.file, "--config", connect.config, "--export", folder, "--quiet")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in (folder / "items.ndjson").read_text().splitlines()]
    return {(row["warehouse_id"], row["sku"]): row["on_hand"] for row in rows if row["opened"]}


LONG = 600  # seconds: a lease that a test cannot wait for


def in_collection(database, *flags, lease=2):
    return ("--position-collection", f"{database.name}_places.positions", "--lease", lease, *flags)


def has_all(path, count):
    return lambda: len(lines_of(path)) >= count


def test_what_there_is_and_what_changes_can_be_replayed(connect, mongo_shop, stockwatch, tmp_path):
    mongo_shop.inventory.insert_many([item(f"A{n}", n) for n in range(20)])
    with connect() as running:
        running.until(lambda: running.said("stream_open"), "the stream")
        mongo_shop.inventory.update_one({"_id": "W1/A3"}, {"$set": {"on_hand": 33}})
        mongo_shop.inventory.delete_one({"_id": "W1/A5"})
        running.until(has_all(connect.file, 22), "two changes")
        assert running.stop() == 0
    assert stock_by_replay(stockwatch, connect, tmp_path / "out") == stock_in(mongo_shop)


@pytest.mark.parametrize("kept", ["file", "collection"])
def test_kills_and_faults_lose_and_repeat_nothing(connect, mongo_shop, shared_mongo, kept):
    """Each sale once and in order, wherever the place is kept."""
    if not hasattr(shared_mongo, "port"):
        pytest.skip("needs a server of one address")
    flags = () if kept == "file" else in_collection(mongo_shop, "--standby")
    draws = draw("connect")
    sales, done, mistakes = how_many("CONNECT_SALES", 3_000), threading.Event(), []

    def sell():
        try:
            for number in range(sales):
                mongo_shop.transactions.insert_one({"_id": number, "warehouse_id": "W1", "sku": "A",
                                                    "type": "sale", "quantity": 1})
        except Exception as mistake:  # the test's thread tells of it
            mistakes.append(mistake)
        done.set()

    with FaultProxy(shared_mongo.port) as proxy:
        uri = f"mongodb://127.0.0.1:{proxy.port}/?directConnection=true"
        seller = threading.Thread(target=sell, daemon=True)
        with connect(*flags, uri=uri) as first:
            first.until(lambda: first.said("stream_open"), "the stream")
            seller.start()
        kills = 0
        while not done.is_set() or kills < 3:
            with connect(*flags, uri=uri) as running:
                running.until(lambda: running.said("started"), "its turn")
                proxy.any_fault(draws)
                running.lasts(draws.uniform(0, 0.4))  # it is killed anywhere
            kills += 1
        assert not mistakes
        proxy.slice(65536)
        with connect(*flags, uri=uri) as last:
            last.until(lambda: last.said("started"), "its turn")  # before that a stop is a kill
            last.until(has_all(connect.file, sales), "every sale")
            assert last.stop() == 0
    seller.join(PATIENCE)
    ids = [json.loads(line)["documentKey"]["_id"] for line in lines_of(connect.file)]
    assert [int(one["$numberInt"]) for one in ids] == list(range(sales))


def test_a_second_one_that_does_not_wait_is_refused(connect, mongo_shop):
    with connect(*in_collection(mongo_shop, lease=LONG)) as first:
        first.until(lambda: first.said("started"), "the first")
        with connect(*in_collection(mongo_shop), to="other") as refused:
            assert refused.wait() == 1
            assert "another process has the position" in "".join(refused.lines)


def test_a_second_one_waits_and_takes_over(connect, mongo_shop):
    """When the lease of the first is over: that of its own is longer than the test waits."""
    with connect(*in_collection(mongo_shop, lease=12)) as first:
        first.until(lambda: first.said("started"), "the first")
        with connect(*in_collection(mongo_shop, "--standby", lease=LONG)) as second:
            second.until(lambda: second.said("standing_by"), "the second")
            mongo_shop.inventory.insert_one(item("A", 1))
            first.until(has_all(connect.file, 1), "the change")
            first.kill()
            mongo_shop.inventory.insert_one(item("B", 2))
            second.until(has_all(connect.file, 2), "the next change")
            assert second.stop() == 0
    # What was stopped leaves no lease behind.
    with connect(*in_collection(mongo_shop, "--standby")) as third:
        third.until(lambda: third.said("started"), "the third")
        assert len(lines_of(connect.file)) == 2


def test_one_that_slept_through_its_lease_writes_no_more(connect, mongo_shop):
    flags = in_collection(mongo_shop)
    with connect(*flags) as first:
        first.until(lambda: first.said("stream_open"), "the first")
        first.process.send_signal(signal.SIGSTOP)
        with connect(*in_collection(mongo_shop, "--standby", lease=LONG), to="other") as second:
            second.until(lambda: second.said("started"), "the second")
            first.process.send_signal(signal.SIGCONT)
            mongo_shop.inventory.insert_one(item("A", 1))
            assert first.wait() == 1
            assert "another process has the position" in "".join(first.lines)
            second.until(has_all(second.to, 1), "the change")


def test_a_second_one_of_a_file_is_refused_at_once(connect):
    with connect() as first:
        first.until(lambda: first.said("started"), "the first")
        with connect() as second:
            assert second.wait() == 1 and "another process has the position" in "".join(second.lines)


def test_sensitive_values_are_protected_before_they_are_written(connect, mongo_shop, fast_path):
    config = settings(fast_path, mongo_shop.name,
                      more='documents: {inventory: {hooks: [{redact: {field: "customer.email"}}]}}\n')
    mongo_shop.inventory.insert_one(item("A", 1, customer={"email": CANARY}))
    with connect(config=config) as running:
        running.until(lambda: running.said("stream_open"), "the stream")
        mongo_shop.inventory.update_one({"_id": "W1/A"}, {"$set": {"customer.email": CANARY * 2}})
        running.until(has_all(connect.file, 2), "both")
        running.stop()
    assert "canary" not in connect.file.read_text() + "".join(running.lines)


def test_what_is_in_the_file_already_is_not_written_over(connect):
    connect.file.write_text("precious\n")
    with connect() as running:
        assert running.wait() == 1 and "no position knows" in "".join(running.lines)
    assert connect.file.read_text() == "precious\n"


@pytest.mark.parametrize("flags, words", [
    (("--position-collection", "nodot"), "DB.COLLECTION"),
    (("--to", "/nowhere/at/all"), "cannot write /nowhere/at/all"),
    (("--position", "/nowhere/at/all"), "cannot lock /nowhere/at/all.lock"),
    (("--source", "shop"), "mongo or a mongodb:// URI"),
])
def test_wrong_use_is_one_line(binary, fast_path, flags, words):
    named = dict(zip(flags[::2], flags[1::2]))
    with Connector(binary, named.pop("--source", "mongodb://127.0.0.1:1/"), settings(fast_path),
                   named.pop("--to", fast_path / "x"), *(w for f in named.items() for w in f)) as wrong:
        assert wrong.wait() in (1, 2)
        errors = [line for line in wrong.lines if '"level":"error"' in line]
        assert len(errors) == 1 and words in errors[0], "".join(wrong.lines)
