"""What people want of a running source of MongoDB: by command, audited."""

import json
import subprocess

import pytest

pytest.importorskip("pymongo", reason="no pymongo here: tools/install-test-packages")

from engine import PATIENCE  # noqa: E402
from mongo_shop import Runs, item, reader_of, settings, stock_of  # noqa: E402


@pytest.fixture
def runs(binary, fast_path, shared_mongo, mongo_shop):
    return Runs(binary, fast_path, shared_mongo.uri, settings(fast_path, mongo_shop.name))


@pytest.fixture
def source(binary, fast_path):
    """stockwatch source …, beside an engine."""

    def run(engine, *args):
        key = fast_path / "key"
        key.write_text(engine.key)
        flags = [] if args[0] == "position" else ["--key-file", key]
        return subprocess.run([binary, "source", *args, "--server", engine.url, *flags],
                              capture_output=True, text=True, timeout=PATIENCE, check=False)

    return run


def reader(source, engine):
    done = source(engine, "position")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["items"][0]["reader"]


def documents_of(reader):
    return (reader["snapshot"] or {"documents": 0})["documents"]


def ends_of(engine):
    return len(engine.events("snapshot_end"))


def until_no_snapshot(engine):
    """The first one is over, and another can be asked for."""
    engine.wait_for("stream_open")
    engine.until(lambda: reader_of(engine)["snapshot"] is None, "the end of the snapshot")


def until_read_through(engine, documents, times):
    """The end of so many snapshots; one that comes on may take as long as the machine needs."""
    while ends_of(engine) < times:
        before = documents()
        engine.until(lambda seen=before: ends_of(engine) == times or documents() > seen,
                     "more of the snapshot")


def test_a_paused_source_reads_nothing_until_it_is_resumed(runs, mongo_shop, source):
    mongo_shop.inventory.insert_one(item("A", 5))
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        assert source(engine, "pause", "--why", "stocktaking").returncode == 0
        engine.until(lambda: reader(source, engine)["phase"] == "paused")
        engine.until(lambda: engine.ask("/readiness")[0] == 503, "readiness that says so")
        mongo_shop.inventory.insert_one(item("B", 7))
        assert source(engine, "resume").returncode == 0
        runs.until_same(engine, mongo_shop)
        audit = engine.ask("/api/v1/audit")[1]
        assert "source.pause" in audit and "stocktaking" in audit and "source.resume" in audit


def test_a_snapshot_by_hand_changes_nothing_that_is_right(runs, mongo_shop, source):
    mongo_shop.inventory.insert_many([item(f"A{n}", n) for n in range(20)])
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        until_no_snapshot(engine)
        assert source(engine, "snapshot").returncode == 0
        engine.until(lambda: len(engine.events("snapshot_end")) == 2)
        mongo_shop.inventory.delete_one({"_id": "W1/A3"})
        runs.until_same(engine, mongo_shop)


def test_changes_go_on_while_a_snapshot_is_read(runs, mongo_shop, source, fast_path):
    """The document was read before it changes: only the stream can tell."""
    runs.config = settings(fast_path, mongo_shop.name, "snapshot_documents: 1")
    with runs.start() as engine:
        engine.wait_for("stream_open")
        mongo_shop.inventory.insert_many([item(f"A{n}", n) for n in range(1000)])
        runs.until_same(engine, mongo_shop)
        engine.until(lambda: engine.ask("/readiness")[0] == 200)
        for ends in range(ends_of(engine), 10):  # again, where it was over before we came to look
            until_no_snapshot(engine)
            assert source(engine, "snapshot").returncode == 0
            engine.until(lambda over=ends: documents_of(reader_of(engine)) > 0 or ends_of(engine) > over)
            mongo_shop.inventory.update_one({"_id": "W1/A0"}, {"$set": {"on_hand": 7 + ends}})
            engine.until(lambda wanted=7 + ends: stock_of(engine)["W1", "A0"] == wanted)
            now = reader_of(engine)
            if now["snapshot"]:
                break
        assert now["snapshot"] and now["phase"] == "streaming", now
        assert now["snapshot"]["documents"] < 1000, now
        engine.until(lambda: engine.ask("/readiness")[0] == 200, "readiness")
        until_read_through(engine, lambda: documents_of(reader_of(engine)), ends + 1)
        engine.until(lambda: reader_of(engine)["snapshot"] is None, "no snapshot any more")
        assert len(engine.events("stream_open")) == 1
        runs.until_same(engine, mongo_shop)


def test_a_place_that_the_server_cannot_have_is_refused(runs, mongo_shop, source):
    with runs.start() as engine:
        engine.wait_for("stream_open")
        engine.until(lambda: reader(source, engine)["operation_time"] > 0)
        done = source(engine, "seek", "--at", "2100-01-01T00:00:00Z")
        assert done.returncode != 0 and "future" in done.stderr, done
        mongo_shop.inventory.insert_one(item("A", 5))
        runs.until_same(engine, mongo_shop)


def test_a_part_of_the_inventory_is_read_again_and_nothing_is_retired(runs, mongo_shop, source):
    mongo_shop.inventory.insert_many([item(f"A{n}", n) for n in range(20)])
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        until_no_snapshot(engine)
        before = reader(source, engine)["snapshot_documents"]
        done = source(engine, "snapshot", "--filter", '{"on_hand": {"$gte": 15}}')
        assert done.returncode == 0, done.stderr
        engine.until(lambda: len(engine.events("snapshot_end")) == 2)
        engine.until(lambda: reader_of(engine)["snapshot_documents"] == before + 5, "five of them")
        assert "$gte" in engine.ask("/api/v1/audit")[1]
        mongo_shop.inventory.delete_one({"_id": "W1/A3"})
        runs.until_same(engine, mongo_shop)


def test_a_filter_that_is_none_is_refused_and_stops_nothing(runs, mongo_shop, source):
    mongo_shop.inventory.insert_one(item("A", 5))
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        until_no_snapshot(engine)
        for wrong, word in (("{", "body"), ("7", "is no object"), ("{}", "says nothing")):
            done = source(engine, "snapshot", "--filter", wrong)
            assert done.returncode == 1 and word in done.stderr, done.stderr
        assert source(engine, "snapshot", "--filter", '{"$nonsense": 1}').returncode == 0
        engine.wait_for("snapshot_refused")
        mongo_shop.inventory.insert_one(item("B", 7))
        runs.until_same(engine, mongo_shop)


def test_a_token_that_the_server_does_not_know_moves_nothing(runs, mongo_shop, source):
    mongo_shop.inventory.insert_one(item("A", 5))
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        assert source(engine, "seek", "--token", "no-token").returncode == 0
        mongo_shop.inventory.insert_one(item("B", 7))
        runs.until_same(engine, mongo_shop)
        assert len(stock_of(engine)) == 2
        assert source(engine, "seek").returncode != 0


def test_a_place_before_is_taken_again_and_known(runs, mongo_shop, source):
    mongo_shop.inventory.insert_one(item("A", 5))
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        engine.until(lambda: reader(source, engine)["token"], "a place in the stream")
        before = reader(source, engine)["token"]
        for on_hand in (4, 3, 2):
            mongo_shop.inventory.update_one({"_id": "W1/A"}, {"$set": {"on_hand": on_hand}})
        runs.until_same(engine, mongo_shop)
        engine.until(lambda: engine.state()["changes"]["applied"] == 4)
        assert source(engine, "seek", "--token", before).returncode == 0
        engine.until(lambda: engine.state()["changes"]["duplicate"] == 3)
        runs.until_same(engine, mongo_shop)
