"""The engine on a MongoDB server: what there is, then what changes, through restarts of either side."""

import itertools
import json
import ssl
import subprocess
import threading
import time
from urllib.parse import quote

import pytest

pytest.importorskip("pymongo", reason="no pymongo here: tools/install-test-packages")

from auth_front import AuthFront, Certificate, Scram  # noqa: E402
from engine import draw, how_many, refused  # noqa: E402
from fault_proxy import FaultProxy  # noqa: E402
from mongo_shop import RULES, Runs, Writer, item, sale, settings, stock_in, stock_of  # noqa: E402


@pytest.fixture
def runs(binary, fast_path, shared_mongo, mongo_shop):
    return Runs(binary, fast_path, shared_mongo.uri, settings(fast_path, mongo_shop.name))


def changes(engine):
    return engine.state()["changes"]


def test_it_begins_with_what_there_is_and_follows_what_changes(runs, mongo_shop):
    mongo_shop.inventory.insert_many([item(f"A{n}", 50 + n) for n in range(30)])
    mongo_shop.thresholds.insert_one({"_id": "more", "scope": {"sku": "A7"}, "low": 60})
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        engine.until(lambda: "A7" in engine.ask("/api/v1/alerts")[1], "the alert of A7")
        mongo_shop.inventory.update_one({"_id": "W1/A3"}, {"$set": {"on_hand": 2}})
        mongo_shop.inventory.insert_one(item("B1", 5, category="mugs"))
        mongo_shop.inventory.replace_one({"_id": "W1/A4"}, item("A4", 44))
        mongo_shop.inventory.delete_one({"_id": "W1/A5"})
        mongo_shop.transactions.insert_one(sale(1, "A6", 3))
        runs.until_same(engine, mongo_shop)
        engine.until(lambda: changes(engine)["read"] == 31 + 5)
        assert changes(engine)["dead_lettered"] == 0
        assert "A3" in engine.ask("/api/v1/alerts")[1]
        assert engine.stop()[0] == 0


def test_a_later_run_goes_on_behind_what_it_has(runs, mongo_shop):
    mongo_shop.inventory.insert_many([item(f"A{n}", n) for n in range(10)])
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        engine.stop()
    mongo_shop.inventory.insert_one(item("B1", 5))
    mongo_shop.inventory.delete_one({"_id": "W1/A5"})
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        # Two changes and no second snapshot, of ten; the stream begins at the snapshot's own time,
        # which this server says somewhat late: it may have shown the last of the documents again.
        assert 12 <= changes(engine)["read"] < 22
        begun = [row["message"] for row in engine.events("snapshot_begin")]
        assert "reading what there is" not in begun  # its end may not have been stored


def test_a_transaction_is_taken_whole(runs, mongo_shop):
    mongo_shop.inventory.insert_many([item(f"A{n}", 100) for n in range(8)])
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        for turn in range(5):
            with mongo_shop.client.start_session() as session, session.start_transaction():
                for n in range(8):
                    mongo_shop.inventory.replace_one(
                        {"_id": f"W1/A{n}"}, item(f"A{n}", 10 * turn + n), session=session)
                    mongo_shop.transactions.insert_one(sale(f"{turn}-{n}", f"A{n}", 1),
                                                       session=session)
        with mongo_shop.client.start_session() as session:  # one that never was
            session.start_transaction()
            mongo_shop.inventory.delete_many({}, session=session)
            session.abort_transaction()
        engine.until(lambda: changes(engine)["read"] == 8 + 5 * 16)
        runs.until_same(engine, mongo_shop)
        # All sixteen of a transaction have one cluster time: none counts as a duplicate of another.
        assert changes(engine)["duplicate"] == changes(engine)["stale"] == 0


def test_what_is_no_change_of_ours_is_a_dead_letter_and_stops_nothing(runs, mongo_shop):
    with runs.start() as engine:
        engine.wait_for("stream_open")
        mongo_shop.inventory.insert_one({"_id": 1, "warehouse_id": "W1", "sku": "A"})
        mongo_shop.transactions.insert_one(sale(1, "A", -3))
        mongo_shop.inventory.insert_one({"_id": 2, "warehouse_id": "W1", "sku": "B",
                                         "on_hand": "many"})
        mongo_shop.side.insert_one({"_id": 1})  # of no collection of ours: not even sent
        mongo_shop.inventory.insert_one(item("C", 5))
        runs_until = {("W1", "C"): 5}
        engine.until(lambda: stock_of(engine) == runs_until)
        assert changes(engine)["dead_lettered"] == 3 and changes(engine)["read"] == 4


def test_drop_and_rename_are_counted_and_the_stream_goes_on(runs, mongo_shop):
    mongo_shop.inventory.insert_one(item("A", 5))
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        engine.wait_for("stream_open")
        mongo_shop.transactions.insert_one(sale(1, "A", 1))
        mongo_shop.transactions.drop()
        mongo_shop.inventory.insert_one(item("B", 6))
        mongo_shop.transactions.insert_one(sale(2, "A", 1))
        mongo_shop.transactions.rename("old_transactions")
        mongo_shop.inventory.insert_one(item("C", 7))
        engine.until(lambda: ("W1", "C") in stock_of(engine))
        assert changes(engine)["control"] == 2


def test_a_dropped_database_is_no_end(runs, mongo_shop):
    mongo_shop.inventory.insert_one(item("A", 5))
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        engine.wait_for("stream_open")
        mongo_shop.client.drop_database(mongo_shop.name)
        engine.wait_for("stream_open", times=2)
        mongo_shop.inventory.insert_one(item("B", 6))
        engine.until(lambda: ("W1", "B") in stock_of(engine))
        engine.stop()
    mongo_shop.inventory.insert_one(item("C", 7))
    with runs.start() as engine:  # behind the invalidate too
        engine.until(lambda: ("W1", "C") in stock_of(engine))


def of_page(engine, name):
    """The values of a metric by its labels."""
    lines = [line.rsplit(" ", 1) for line in engine.ask("/metrics")[1].splitlines()]
    return {key[len(name):]: int(value) for key, value in lines if key.startswith(name)}


def test_images_that_are_turned_off_are_read_instead(runs, mongo_shop, fast_path):
    runs.config = settings(fast_path, mongo_shop.name)
    runs.config.write_text(runs.config.read_text().replace(
        "source: {", "source: {update_images: stored, "))
    mongo_shop.inventory.insert_one(item("A", 50))
    mongo_shop.thresholds.insert_one({"_id": "A", "scope": {"sku": "A"}, "low": 5})
    # No rules: of that collection nobody has asked for images.
    mongo_shop.command("collMod", "inventory", changeStreamPreAndPostImages={"enabled": True})
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        engine.wait_for("stream_open")
        mongo_shop.inventory.update_one({"_id": "W1/A"}, {"$set": {"on_hand": 40}})
        runs.until_same(engine, mongo_shop)
        mongo_shop.thresholds.update_one({"_id": "A"}, {"$set": {"low": 60}})
        engine.until(lambda: "low_stock" in engine.ask("/api/v1/alerts")[1], "the alert of A")
        mongo_shop.command("collMod", "inventory", changeStreamPreAndPostImages={"enabled": False})
        mongo_shop.inventory.update_one({"_id": "W1/A"}, {"$set": {"on_hand": 30}})
        runs.until_same(engine, mongo_shop)
        assert engine.wait_for("image_missing")
        engine.until(lambda: of_page(engine, "stockwatch_source_images_total")
                     == {'{image="stored"}': 1, '{image="lookup"}': 0, '{image="missing"}': 2})
        assert changes(engine)["dead_lettered"] == 0


def test_a_ledger_item_that_only_an_update_shows_is_opened_by_a_read(runs, mongo_shop, fast_path):
    """Its insert was a dead letter: nothing exact is known of it."""
    runs.config = settings(fast_path, mongo_shop.name, more="stock: {authority: ledger}\n")
    with runs.start() as engine:
        engine.wait_for("stream_open")
        mongo_shop.inventory.insert_one({**item("A", 50), "sku": None})
        engine.until(lambda: changes(engine)["dead_lettered"] == 1)
        mongo_shop.inventory.update_one({"_id": "W1/A"}, {"$set": {"sku": "A"}})
        engine.until(lambda: stock_of(engine) == {("W1", "A"): 50})
        mongo_shop.transactions.insert_one(sale(1, "A", 3))
        engine.until(lambda: stock_of(engine) == {("W1", "A"): 47})


def test_a_server_that_comes_back_has_lost_nothing(binary, fast_path, mongo):
    server = mongo()
    shop = server.until_ready().shop
    runs = Runs(binary, fast_path, server.uri)
    shop.inventory.insert_many([item(f"A{n}", n) for n in range(10)])
    with runs.start() as engine:
        runs.until_same(engine, shop)
        for turn in range(2):
            server.kill()
            server.start()
            shop = server.until_ready().shop
            shop.inventory.insert_one(item(f"B{turn}", 7))
            runs.until_same(engine, shop)
        assert changes(engine)["duplicate"] == 0


def test_a_server_that_is_not_there_yet_is_waited_for(binary, fast_path, mongo):
    server = mongo()
    server.until_ready().shop.inventory.insert_one(item("A", 5))
    server.kill()
    runs = Runs(binary, fast_path, server.uri,
                settings(fast_path, mongo="connect_timeout: 1s"))
    with runs.start() as engine:
        engine.port  # it serves while it waits
        server.start()
        runs.until_same(engine, server.until_ready().shop)


def test_kills_under_load_leave_the_stock_of_the_server(runs, mongo_shop, shared_mongo):
    draws = draw("mongo kills")
    stop = threading.Event()

    def load(writer):
        while not stop.is_set():
            writer.write()

    mongo_shop.inventory.insert_many([item(f"A{n}", 50) for n in range(40)])
    if hasattr(shared_mongo, "port"):
        runs.read_what_there_is(mongo_shop)
    thread = threading.Thread(target=load, args=(Writer(mongo_shop, draws.random()),), daemon=True)
    thread.start()
    try:
        for _ in range(how_many("MONGO_KILLS", 6)):
            with runs.start() as engine:
                engine.lasts(draws.uniform(0.05, 0.8))
                engine.kill()
    finally:
        stop.set()
        thread.join()
    with runs.start() as engine:
        runs.until_same(engine, mongo_shop)
        written = mongo_shop.transactions.count_documents({})
        engine.until(lambda: engine.events("stream_open"))
        # Each sale of the stream once: an older one only where the snapshot began behind it.
        assert changes(engine)["dead_lettered"] == 0 and written > 0
        code, _ = engine.stop()
        assert code == 0
    verified = subprocess.run([str(runs.binary), "state", "verify", "--store", str(runs.store)],
                              capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_thousand_ids_through_kills_and_faults_are_those_of_the_server(runs, mongo_shop, shared_mongo,
                                                                         fast_path):
    """Inserted, updated, deleted and inserted again, while the line breaks and the engine is killed;
    STOCKWATCH_MONGO_SECONDS makes it longer."""
    if not hasattr(shared_mongo, "port"):
        pytest.skip("needs a server of one address")
    draws = draw("mongo faults")
    seconds, ids = how_many("MONGO_SECONDS", 25), how_many("MONGO_IDS", 1_000)
    stop, mistakes = threading.Event(), []
    mongo_shop.inventory.insert_many([item(f"A{n}", 50) for n in range(ids // 2)])
    writer = Writer(mongo_shop, draws.random(), ids, at_a_time=10)

    def load():
        try:
            while not stop.is_set():
                writer.write()
        except Exception as mistake:  # the test's thread tells of it
            mistakes.append(mistake)

    def enough():
        return len(faults) > 5 and kills > 2 and min(
            writer.did[kind] for kind in ("updates", "deletes", "inserts_again")) >= 10 * seconds

    runs.read_what_there_is(mongo_shop)
    # Faster than a real set-up: a silent server counts as gone after 0.5 s.
    runs.config = settings(fast_path, mongo_shop.name,
                           "socket_timeout: 500ms, connect_timeout: 500ms")
    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    began, faults, kills = time.monotonic(), [], 0
    with FaultProxy(shared_mongo.port) as proxy:
        runs.uri = (f"mongodb://127.0.0.1:{proxy.port}/?replicaSet=secantus"
                    "&directConnection=true")
        while time.monotonic() - began < seconds or not (mistakes or enough()):
            with runs.start() as engine:
                for _ in range(draws.randrange(1, 8)):
                    engine.lasts(draws.uniform(0.05, 0.7))
                    faults.append(proxy.any_fault(draws))
                assert engine.process.poll() is None, "".join(engine.lines)
                engine.kill()
                kills += 1
        stop.set()
        thread.join()
        proxy.slice(65536)
        runs.config = settings(fast_path, mongo_shop.name)  # the server may have much to look through
        with runs.start() as engine:
            runs.until_same(engine, mongo_shop)
            assert changes(engine)["dead_lettered"] == 0
            engine.stop()
    print(f"{kills} kills, {len(faults)} faults, {writer.did}")
    assert not mistakes
    verified = subprocess.run([str(runs.binary), "state", "verify", "--store", str(runs.store)],
                              capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_each_sale_counts_once_through_faults_and_kills(runs, mongo_shop, shared_mongo, fast_path):
    """Under authority ledger the stock is what was there less what was sold: a sale that is lost or
    counted twice shows."""
    if not hasattr(shared_mongo, "port"):
        pytest.skip("needs a server of one address")
    draws = draw("mongo sales")
    seconds, items = how_many("MONGO_SECONDS", 8), 20
    sold = {f"A{n}": 0 for n in range(items)}
    stop, mistakes = threading.Event(), []

    def load():
        chosen = draw("what is sold")
        try:
            for number in itertools.count():
                if stop.is_set():
                    return
                sku, quantity = f"A{chosen.randrange(items)}", chosen.randrange(1, 4)
                mongo_shop.transactions.insert_one(sale(number, sku, quantity))
                sold[sku] += quantity
        except Exception as mistake:  # the test's thread tells of it
            mistakes.append(mistake)

    mongo_shop.inventory.insert_many([item(sku, 1_000_000) for sku in sold])
    ledger = RULES + "stock: {authority: ledger}\n"
    runs.config = settings(fast_path, mongo_shop.name, more=ledger)
    runs.read_what_there_is(mongo_shop)  # sales from before it would not be read either
    runs.config = settings(fast_path, mongo_shop.name,
                           "socket_timeout: 500ms, connect_timeout: 500ms", ledger)
    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    began = time.monotonic()
    with FaultProxy(shared_mongo.port) as proxy:
        runs.uri = (f"mongodb://127.0.0.1:{proxy.port}/?replicaSet=secantus"
                    "&directConnection=true")
        while time.monotonic() - began < seconds:
            with runs.start() as engine:
                for _ in range(draws.randrange(1, 6)):
                    engine.lasts(draws.uniform(0.05, 0.5))
                    proxy.any_fault(draws)
                engine.kill()
        stop.set()
        thread.join()
        proxy.slice(65536)
        runs.config = settings(fast_path, mongo_shop.name, more=ledger)  # as above
        wanted = {("W1", sku): 1_000_000 - quantity for sku, quantity in sold.items()}
        with runs.start() as engine:
            engine.until(lambda: stock_of(engine) == wanted, "the stock less the sales", engine.read)
            counted = changes(engine)
            engine.stop()
    assert not mistakes and counted["dead_lettered"] == 0
    # This server says the snapshot's time somewhat late: its documents may come again, and are older.
    again = counted["applied"] - items - mongo_shop.transactions.count_documents({})
    assert 0 <= again <= items


@pytest.fixture
def gap(binary, fast_path, mongo):
    """Runs on a shop of which the changes behind their position are gone."""
    server = mongo("--oplog-max-entries", 20)
    shop = server.until_ready().shop
    shop.inventory.insert_many([item(f"A{n}", n) for n in range(5)])
    runs = Runs(binary, fast_path, server.uri)
    with runs.start() as engine:
        engine.wait_for("stream_open")
        # The place is a token from the first change on; a time before it the test's server takes, lost or not.
        shop.inventory.insert_one(item("live", 1))
        runs.until_same(engine, shop)
        engine.stop()
    runs.shop = shop
    shop.inventory.update_one({"_id": "W1/A2"}, {"$set": {"on_hand": 77}})
    for _ in range(3):
        shop.other.insert_many([{} for _ in range(2000)])
    return runs


def gaps_told(engine):
    """The alerts about history that was lost, as the API shows them."""
    status, page = engine.ask("/api/v1/alerts?type=source_gap&limit=10")
    assert status == 200, page
    resolved = engine.ask("/api/v1/alerts?type=source_gap&state=resolved&limit=10")
    return json.loads(page)["items"] or json.loads(resolved[1])["items"]


def test_history_that_is_gone_stops_the_engine_and_says_what_to_do(gap, stockwatch):
    with gap.start() as engine:
        assert engine.wait() == 1, "".join(engine.lines)
        assert "on_lost_history" in "".join(engine.lines)
    listed = stockwatch("alerts", "list", "--store", gap.store, "--output", "json")
    alerts = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [a["state"] for a in alerts if a["type"] == "source_gap"] == ["open"], listed.stderr


def test_history_that_is_gone_is_made_good_by_a_new_snapshot(gap, fast_path):
    gap.config = settings(fast_path, mongo="on_lost_history: resnapshot")
    with gap.start() as engine:
        engine.wait_for("history_gap")
        gap.until_same(engine, gap.shop)
        engine.until(lambda: [(alert["subject"], alert["cause"]) for alert in gaps_told(engine)]
                     == [({"source": "default"}, "cleared")])


def history_of(engine, sku):
    """(type, quantity, said by a snapshot) of each change"""
    status, page = engine.ask(f"/api/v1/stock/W1/{sku}/history")
    assert status == 200, page
    return [(row["type"], row["quantity"], row.get("snapshot", False))
            for row in json.loads(page)["items"]]


def test_what_a_snapshot_corrected_is_marked(gap, fast_path):
    gap.config = settings(fast_path, mongo="on_lost_history: resnapshot")
    gap.shop.inventory.delete_one({"_id": "W1/A1"})
    with gap.start() as engine:
        engine.wait_for("snapshot_end")
        engine.wait_for("stream_open")
        gap.shop.inventory.update_one({"_id": "W1/A2"}, {"$set": {"on_hand": 78}})
        gap.until_same(engine, gap.shop)
        assert history_of(engine, "A2") == [("document", 2, True), ("document", 77, True),
                                            ("looked_up", 78, False)]
        assert history_of(engine, "A1") == [("document", 1, True), ("delete", 0, True)]
        assert history_of(engine, "live")[0] == ("document", 1, False)


def test_what_was_deleted_in_a_gap_is_retired(gap, fast_path):
    gap.config = settings(fast_path, mongo="on_lost_history: resnapshot")
    gap.shop.inventory.delete_one({"_id": "W1/A1"})
    with gap.start() as engine:
        engine.wait_for("snapshot_end")
        engine.wait_for("stream_open")
        gap.shop.inventory.insert_one(item("last", 5))
        engine.until(lambda: ("W1", "last") in stock_of(engine))
        assert stock_of(engine) == stock_in(gap.shop)


def test_history_that_is_gone_can_be_left_out_by_name(gap, fast_path):
    gap.config = settings(fast_path, mongo="on_lost_history: skip")
    with gap.start() as engine:
        assert "left out" in engine.wait_for("history_gap")["message"]
        engine.until(lambda: [alert["state"] for alert in gaps_told(engine)] == ["open"])
        engine.wait_for("stream_open")
        gap.shop.inventory.insert_one(item("last", 5))
        engine.until(lambda: ("W1", "last") in stock_of(engine))
        assert stock_of(engine)["W1", "A2"] == 2


# -- who may come, and how --------------------------------------------------------------------------

PASSWORD = "canary-p4ss/w:rd"


@pytest.fixture
def locked(binary, fast_path, mongo):
    """A server with a user, and runs whose URI stands in a file."""
    server = mongo()
    admin = server.until_ready()
    admin.admin.command("createUser", "ann", pwd=PASSWORD, roles=[{"role": "root", "db": "admin"}])
    admin.shop.inventory.insert_one(item("A", 5))
    server.options = {"username": "ann", "password": PASSWORD}
    server.restart("--auth")
    server.until_ready()
    runs = Runs(binary, fast_path, server.uri)

    def uri(user, password, more=""):
        (fast_path / "uri").write_text(
            f"mongodb://{quote(user, safe='')}:{quote(password, safe='')}@127.0.0.1:{server.port}"
            f"/?replicaSet=secantus&authSource=admin{more}\n")
        runs.config = settings(fast_path, mongo=f"uri_file: {fast_path / 'uri'}")
        return runs

    uri.server = server
    return uri


@pytest.mark.parametrize("mechanism", ["", "&authMechanism=SCRAM-SHA-256"])
def test_a_password_in_a_file_opens_the_door_and_shows_nowhere(locked, mechanism, fast_path):
    runs = locked("ann", PASSWORD, mechanism)
    shop = locked.server.client().shop
    with runs.start(source="mongo") as engine:
        runs.until_same(engine, shop)
        shop.inventory.insert_one(item("B", 6))
        runs.until_same(engine, shop)
        shown = engine.ask("/metrics")[1] + engine.ask("/api/v1/sources")[1]
        engine.stop()
        shown += "".join(engine.lines)
    shown += "".join(path.read_bytes().decode("latin-1")
                     for path in runs.store.rglob("*") if path.is_file())
    assert "canary" not in shown


def test_a_wrong_password_is_one_line_and_no_storm(locked):
    runs = locked("ann", "canary-wrong")
    with runs.start(source="mongo") as engine:
        assert engine.wait() == 1
        said = "".join(engine.lines)
        errors = [line for line in engine.lines if '"level":"error"' in line]
        assert len(errors) == 1 and "user, password" in errors[0], said
        assert "canary" not in said


def test_a_password_does_not_go_into_a_command_line(binary, fast_path):
    runs = Runs(binary, fast_path, "mongodb://127.0.0.1:1/?replicaSet=x")
    with runs.start(source="mongodb://ann:canary@127.0.0.1:1/?replicaSet=x") as engine:
        message = refused(engine, "uri_file", code=2)
        assert "canary" not in message


@pytest.fixture
def certificates(tmp_path):
    """A certification authority, a server's certificate of it, and another authority."""
    folder = tmp_path / "certificates"
    folder.mkdir()

    def openssl(*words):
        subprocess.run(["openssl", *map(str, words)], cwd=folder, check=True, capture_output=True)

    for name in ("ca", "other"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", 2, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", 2,
            "-CAcreateserial", "-extfile", "names", "-out", "server.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            "/O=shop/CN=stockwatch", "-keyout", "client.key", "-out", "client.csr")
    openssl("x509", "-req", "-in", "client.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", 2,
            "-CAcreateserial", "-out", "client.crt")
    (folder / "client.pem").write_bytes((folder / "client.crt").read_bytes() +
                                        (folder / "client.key").read_bytes())
    return folder


def test_tls_needs_the_authority_that_signed(binary, fast_path, mongo, certificates):
    server = mongo("--tls-cert-file", certificates / "server.pem", "--tls-key-file",
                   certificates / "server.key")
    server.options = {"tls": True, "tlsCAFile": str(certificates / "ca.pem")}
    shop = server.until_ready().shop
    shop.inventory.insert_one(item("A", 5))
    runs = Runs(binary, fast_path, f"{server.uri}&tls=true&tlsCAFile={certificates}/ca.pem")
    with runs.start() as engine:
        runs.until_same(engine, shop)
        engine.stop()
    runs.config = settings(fast_path, mongo="connect_timeout: 2s")
    for wrong in (f"{server.uri}&tls=true&tlsCAFile={certificates}/other.pem", server.uri):
        with runs.start(source=wrong) as engine:
            engine.until(lambda: any(f"calling hello on '127.0.0.1:{server.port}'" in row["message"]
                                     for row in engine.events("stream_again")), "a reason")
            assert not engine.events("stream_open")
            engine.kill()


def test_a_server_that_asks_for_a_certificate_is_shown_it(binary, fast_path, mongo, certificates):
    server = mongo("--tls-cert-file", certificates / "server.pem", "--tls-key-file",
                   certificates / "server.key", "--tls-ca-file", certificates / "ca.pem",
                   "--tls-require-client-cert")
    client = certificates / "client.pem"
    server.options = {"tls": True, "tlsCAFile": str(certificates / "ca.pem"),
                      "tlsCertificateKeyFile": str(client)}
    shop = server.until_ready().shop
    shop.inventory.insert_one(item("A", 5))
    uri = f"{server.uri}&tls=true&tlsCAFile={certificates}/ca.pem"
    runs = Runs(binary, fast_path, f"{uri}&tlsCertificateKeyFile={client}")
    with runs.start() as engine:
        runs.until_same(engine, shop)
        engine.stop()
    runs.config = settings(fast_path, mongo="connect_timeout: 2s")
    with runs.start(source=uri) as engine:
        engine.until(lambda: engine.events("stream_again"), "a reason")
        assert not engine.events("stream_open")
        engine.kill()


@pytest.mark.parametrize("mechanism, algorithm", [("SCRAM-SHA-1", "sha1"),
                                                  ("SCRAM-SHA-256", "sha256")])
def test_a_user_comes_in_by_either_scram(binary, fast_path, mongo, mechanism, algorithm):
    server = mongo()
    shop = server.until_ready().shop
    shop.inventory.insert_one(item("A", 5))
    with AuthFront(server.port, lambda _: Scram(algorithm, {"ann, dr": PASSWORD})) as front:
        def run(password):
            (fast_path / "uri").write_text(
                f"mongodb://ann%2C%20dr:{quote(password, safe='')}@127.0.0.1:{front.port}/"
                f"?directConnection=true&authSource=admin&authMechanism={mechanism}\n")
            runs = Runs(binary, fast_path, server.uri,
                        settings(fast_path, mongo=f"uri_file: {fast_path / 'uri'}"))
            return runs, runs.start(source="mongo")

        runs, engine = run(PASSWORD)
        with engine:
            runs.until_same(engine, shop)
            shop.inventory.insert_one(item("B", 6))
            runs.until_same(engine, shop)
            engine.stop()
        assert front.entered == ["ann, dr"] and front.refused == 0
        _, engine = run("canary-wrong")
        with engine:
            assert engine.wait() == 1
            errors = [line for line in engine.lines if '"level":"error"' in line]
            assert len(errors) == 1 and "user, password" in errors[0], "".join(engine.lines)
        assert front.refused == 1, "it is not tried again"


def test_a_user_comes_in_by_certificate(binary, fast_path, mongo, certificates):
    server = mongo()
    shop = server.until_ready().shop
    shop.inventory.insert_one(item("A", 5))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    tls.load_verify_locations(certificates / "ca.pem")
    tls.verify_mode = ssl.CERT_REQUIRED
    known = []
    with AuthFront(server.port, lambda connection: Certificate(connection, known), tls) as front:
        uri = (f"mongodb://127.0.0.1:{front.port}/?directConnection=true&tls=true"
               f"&tlsCAFile={certificates}/ca.pem&tlsCertificateKeyFile={certificates}/client.pem"
               "&authMechanism=MONGODB-X509&authSource=$external")
        runs = Runs(binary, fast_path, uri)
        with runs.start() as engine:  # its certificate is good, and no user of the server
            assert engine.wait() == 1
            errors = [line for line in engine.lines if '"level":"error"' in line]
            assert len(errors) == 1 and "user, password" in errors[0], "".join(engine.lines)
        assert front.refused == 1, "it is not tried again"
        known.append("CN=stockwatch,O=shop")
        with runs.start() as engine:
            runs.until_same(engine, shop)
            shop.inventory.insert_one(item("B", 6))
            runs.until_same(engine, shop)
            engine.stop()
        assert front.entered == ["CN=stockwatch,O=shop"]


@pytest.mark.parametrize("uri, words", [
    ("mongodb://", ["mongodb URI"]),
    ("mongodb://127.0.0.1:notaport/", ["mongodb URI"]),
    ("mongodb://127.0.0.1:1,127.0.0.1:2/?directConnection=true", ["mongodb"]),
    ("mongodb://127.0.0.1/?tls=perhaps", ["mongodb"]),
])
def test_a_bad_uri_is_one_line(binary, fast_path, uri, words):
    runs = Runs(binary, fast_path, uri)
    with runs.start() as engine:
        refused(engine, *words, code=2)


def test_a_name_without_a_record_is_said_and_looked_up_again(binary, fast_path):
    runs = Runs(binary, fast_path, "mongodb+srv://nowhere.invalid.example/")
    with runs.start() as engine:
        message = engine.wait_for("stream_again", times=2)["message"]
        assert "leads to no hosts" in message and "SRV" in message, message
        engine.until(lambda: "SRV" in engine.ask("/readiness")[1], "the same reason")
        engine.stop()


def test_without_the_name_of_a_database_nothing_starts(binary, fast_path):
    path = fast_path / "bare.yaml"
    path.write_text(RULES)
    runs = Runs(binary, fast_path, "mongodb://127.0.0.1:1/?replicaSet=x", path)
    with runs.start() as engine:
        refused(engine, "source.database", code=2)
