"""What our tests rely on in the server that they start. A test that fails here says that SecantusDB changed, not that
Stockwatch is wrong. The tests named `..._unlike_a_real_server` are what it cannot show: there the scripted
server of the unit tests stands in."""

import itertools
import threading
import time

import pytest

pymongo = pytest.importorskip("pymongo", reason="no pymongo here: tools/install-test-packages")
from bson.timestamp import Timestamp  # noqa: E402
from pymongo.errors import NotPrimaryError, OperationFailure  # noqa: E402

from mongo_server import PATIENCE, Stream  # noqa: E402


def code_of(call):
    with pytest.raises(OperationFailure) as failure:
        call()
    return failure.value.code


def test_it_is_a_replica_set_of_a_new_version(shared_mongo):
    hello = shared_mongo.client().admin.command("hello")
    assert hello["setName"] == "secantus" and hello["isWritablePrimary"]
    assert hello["maxWireVersion"] >= 21  # 7.0
    assert hello["logicalSessionTimeoutMinutes"] and hello["operationTime"] and hello["arbiters"] == []


def test_one_stream_of_a_database_has_both_collections_in_order(mongo_shop):
    stream = Stream(mongo_shop)
    mongo_shop.inventory.insert_one({"_id": "I-1", "on_hand": 3})
    mongo_shop.transactions.insert_one({"_id": "T-1"})
    mongo_shop.inventory.update_one({"_id": "I-1"}, {"$set": {"on_hand": 2}})
    mongo_shop.inventory.replace_one({"_id": "I-1"}, {"on_hand": 9})
    mongo_shop.inventory.delete_one({"_id": "I-1"})
    events = stream.until(5)
    assert stream.types() == ["insert", "insert", "update", "replace", "delete"]
    assert [e["documentKey"]["_id"] for e in events] == ["I-1", "T-1", "I-1", "I-1", "I-1"]
    times = [e["clusterTime"] for e in events]
    assert times == sorted(times) and len(set(times)) == 5
    assert "fullDocument" not in events[2] and events[3]["fullDocument"] == {"_id": "I-1", "on_hand": 9}
    assert all(e["wallTime"] and e["ns"]["db"] == mongo_shop.name for e in events)


def test_a_transaction_has_one_cluster_time_and_a_token_for_each_event(mongo_shop):
    stream = Stream(mongo_shop)
    with mongo_shop.client.start_session() as session, session.start_transaction():
        for number in range(3):
            mongo_shop.transactions.insert_one({"_id": number}, session=session)
            mongo_shop.inventory.insert_one({"_id": number}, session=session)
    events = stream.until(6)
    assert len({e["clusterTime"] for e in events}) == 1
    assert len({e["_id"]["_data"] for e in events}) == 6
    assert len({(str(e["lsid"]["id"]), e["txnNumber"]) for e in events}) == 1
    # In the middle of it one can go on after any event.
    rest = Stream(mongo_shop, resumeAfter=events[2]["_id"])
    assert [e["_id"] for e in rest.until(3)] == [e["_id"] for e in events[3:]]


def test_the_token_of_an_empty_batch_moves_on_without_events(mongo_shop):
    stream = Stream(mongo_shop, [{"$match": {"ns.coll": "inventory"}}])
    tokens = {stream.token["_data"]}
    mongo_shop.other.insert_one({})  # not ours
    deadline = time.monotonic() + PATIENCE
    while len(tokens) < 4:  # and the no-op of each second
        assert time.monotonic() < deadline, tokens
        assert stream.more(wait_ms=1500) == []
        tokens.add(stream.token["_data"])
    mongo_shop.inventory.insert_one({"_id": 7})
    again = Stream(mongo_shop, [{"$match": {"ns.coll": "inventory"}}], resumeAfter=stream.token)
    assert [e["documentKey"]["_id"] for e in again.until(1)] == [7]


def test_the_token_of_a_batch_is_that_of_its_last_event(mongo_shop):
    stream = Stream(mongo_shop)
    mongo_shop.inventory.insert_many([{"_id": n} for n in range(5)])
    stream.until(5)
    assert stream.token == stream.batch[-1]["_id"]
    assert stream.reply["operationTime"] >= stream.batch[-1]["clusterTime"]


def test_a_batch_size_is_kept(mongo_shop):
    start = Stream(mongo_shop)
    mongo_shop.inventory.insert_many([{"_id": n} for n in range(25)])
    stream = Stream(mongo_shop, resumeAfter=start.token, batch_size=0)
    assert stream.seen == []
    deadline = time.monotonic() + PATIENCE
    while len(stream.seen) < 25:
        assert time.monotonic() < deadline, stream.seen
        assert len(stream.more(batchSize=10)) <= 10
    assert [e["documentKey"]["_id"] for e in stream.seen] == list(range(25))


def test_a_start_by_time_has_that_time_itself(mongo_shop):
    first = Stream(mongo_shop)
    mongo_shop.inventory.insert_one({"_id": 1})
    mongo_shop.inventory.insert_one({"_id": 2})
    mongo_shop.inventory.insert_one({"_id": 3})
    second = first.until(3)[1]
    again = Stream(mongo_shop, startAtOperationTime=second["clusterTime"])
    assert [e["documentKey"]["_id"] for e in again.until(2)] == [2, 3]


def test_drop_and_rename_are_events_and_no_end(mongo_shop):
    stream = Stream(mongo_shop, [{"$match": {"$or": [
        {"ns.coll": "inventory"},
        {"operationType": {"$in": ["drop", "rename", "dropDatabase", "invalidate"]}}]}}])
    mongo_shop.inventory.insert_one({"_id": 1})
    mongo_shop.inventory.rename("shelf")
    mongo_shop.shelf.insert_one({"_id": 2})
    mongo_shop.shelf.drop()
    mongo_shop.inventory.insert_one({"_id": 3})
    stream.until(4)
    assert stream.types() == ["insert", "rename", "drop", "insert"]
    assert stream.seen[1]["to"] == {"db": mongo_shop.name, "coll": "shelf"}
    assert stream.id != 0


def test_a_dropped_database_is_the_end_of_the_stream(mongo_shop):
    stream = Stream(mongo_shop)
    mongo_shop.inventory.insert_one({"_id": 1})
    mongo_shop.client.drop_database(mongo_shop.name)
    stream.until(4)
    assert stream.types() == ["insert", "drop", "dropDatabase", "invalidate"]
    assert stream.id == 0
    end = stream.seen[-1]["_id"]
    assert code_of(lambda: Stream(mongo_shop, resumeAfter=end)) == 260
    after = Stream(mongo_shop, startAfter=end)
    mongo_shop.inventory.insert_one({"_id": 2})
    assert [e["documentKey"]["_id"] for e in after.until(1)] == [2]


def test_a_lost_cursor_is_code_43(mongo_shop):
    stream = Stream(mongo_shop)
    mongo_shop.command("killCursors", "$cmd.aggregate", cursors=[stream.id])
    assert code_of(stream.more) == 43


def test_images_of_updates_come_where_they_are_asked_for(mongo_shop):
    mongo_shop.create_collection("inventory", changeStreamPreAndPostImages={"enabled": True})
    mongo_shop.create_collection("bare")
    stored = Stream(mongo_shop, fullDocument="whenAvailable")
    looked_up = Stream(mongo_shop, fullDocument="updateLookup")
    for name in ("inventory", "bare"):
        mongo_shop[name].insert_one({"_id": 1, "n": 1})
        mongo_shop[name].update_one({"_id": 1}, {"$set": {"n": 2}})
        assert stored.until(2 if name == "inventory" else 4)[1]["fullDocument"]["n"] == 2
    assert stored.seen[3]["fullDocument"] is None  # none is kept of that collection
    mongo_shop.bare.delete_one({"_id": 1})
    # A lookup sees what is there when the event is read, not when it happened.
    events = looked_up.until(5)
    assert events[1]["fullDocument"]["n"] == 2 and events[3]["fullDocument"] is None


def test_failures_come_when_they_are_ordered(mongo_shop):
    admin = mongo_shop.client.admin
    stream = Stream(mongo_shop)

    def fail(**data):
        admin.command("configureFailPoint", "failCommand", mode={"times": 1},
                      data={"failCommands": ["getMore"], **data})

    fail(errorCode=91, errorLabels=["ResumableChangeStreamError"])
    with pytest.raises(NotPrimaryError) as failure:
        stream.more()
    assert failure.value.details["code"] == 91
    assert failure.value.has_error_label("ResumableChangeStreamError")
    fail(closeConnection=True)
    with pytest.raises(pymongo.errors.AutoReconnect):
        stream.more()


def test_what_was_acknowledged_and_read_survives_a_kill(mongo):
    server = mongo()
    shop = server.until_ready().shop
    stream = Stream(shop)
    shop.inventory.insert_many([{"_id": n} for n in range(20)])
    token = stream.until(10)[9]["_id"]
    port = server.port
    server.restart()
    assert server.port == port
    shop = server.until_ready().shop
    assert shop.inventory.count_documents({}) == 20
    shop.inventory.insert_one({"_id": 20})
    again = Stream(shop, resumeAfter=token)
    assert [e["documentKey"]["_id"] for e in again.until(11)] == list(range(10, 21))


def test_lost_history_is_code_286_for_a_token(mongo):
    server = mongo("--oplog-max-entries", 20)
    shop = server.until_ready().shop
    stream = Stream(shop)
    for _ in range(3):  # it prunes now and then
        shop.inventory.insert_many([{} for _ in range(2000)])
    assert code_of(lambda: Stream(shop, resumeAfter=stream.token)) == 286


def test_passwords_are_checked(mongo):
    server = mongo()
    server.until_ready().admin.command("createUser", "ann", pwd="se:cret/",
                                       roles=[{"role": "root", "db": "admin"}])
    server.restart("--auth")
    ann = {"username": "ann", "authMechanism": "SCRAM-SHA-256"}
    server.until_ready(**ann, password="se:cret/").shop.inventory.insert_one({})
    assert code_of(lambda: server.client(**ann, password="wrong").admin.command("ping")) == 18
    assert code_of(lambda: server.client().shop.command("count", "inventory")) == 13


# -- what it cannot show ----------------------------------------------------------------------------

def test_tokens_do_not_tell_their_time_unlike_a_real_server(mongo_shop):
    stream = Stream(mongo_shop)
    mongo_shop.inventory.insert_one({})
    assert not stream.until(1)[0]["_id"]["_data"].startswith("82")


def test_a_bad_token_is_code_9_unlike_a_real_server(mongo_shop):
    assert code_of(lambda: Stream(mongo_shop, resumeAfter={"_data": "82" + "00" * 20})) == 9


def test_a_time_before_the_log_is_taken_unlike_a_real_server(mongo_shop):
    Stream(mongo_shop, startAtOperationTime=Timestamp(5, 1)).more()


def test_a_stored_image_is_the_latest_unlike_a_real_server(mongo_shop):
    mongo_shop.create_collection("inventory", changeStreamPreAndPostImages={"enabled": True})
    stream = Stream(mongo_shop, fullDocument="whenAvailable")
    mongo_shop.inventory.insert_one({"_id": 1, "n": 1})
    for n in (2, 3):
        mongo_shop.inventory.update_one({"_id": 1}, {"$set": {"n": n}})
    assert [e["fullDocument"]["n"] for e in stream.until(3)] == [1, 3, 3]


def test_an_old_cluster_time_reads_the_latest_unlike_a_real_server(mongo_shop):
    mongo_shop.inventory.insert_one({"_id": 1, "n": 1})
    first = mongo_shop.command("find", "inventory", readConcern={"level": "snapshot"})
    at = first["cursor"]["atClusterTime"]
    mongo_shop.inventory.update_one({"_id": 1}, {"$set": {"n": 2}})
    again = mongo_shop.command("find", "inventory",
                               readConcern={"level": "snapshot", "atClusterTime": at})
    assert again["cursor"]["firstBatch"] == [{"_id": 1, "n": 2}]


def test_a_read_is_older_than_it_says_unlike_a_real_server(mongo_shop, shared_mongo):
    """Most of them, while somebody writes: what was written in between has an earlier time and is not shown."""
    mongo_shop.inventory.insert_many([{"_id": n, "n": 0} for n in range(1000)])
    written, stop = [], threading.Event()

    def write():
        for n in itertools.count(1):
            done = mongo_shop.command("update", "inventory",
                                      updates=[{"q": {"_id": 500}, "u": {"$set": {"n": n}}}])
            written.append((done["operationTime"], n))
            if stop.is_set():
                return

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    reader, older, deadline = shared_mongo.client()[mongo_shop.name], False, time.monotonic() + PATIENCE
    while not older and time.monotonic() < deadline:
        read = reader.command("find", "inventory", batchSize=1000,
                              readConcern={"level": "snapshot"})["cursor"]
        shown = next(row["n"] for row in read["firstBatch"] if row["_id"] == 500)
        older = any(at <= read["atClusterTime"] and n > shown for at, n in list(written))
    stop.set()
    thread.join()
    assert older
