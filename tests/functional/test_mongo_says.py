"""What a source says of itself: each failure in one line that helps, heartbeats, silence; and that a server
which hangs holds nobody up."""

import json
import itertools
import signal
import subprocess
import time

import pytest

pytest.importorskip("pymongo", reason="no pymongo here: tools/install-test-packages")

from engine import refused  # noqa: E402
from mongo_shop import Runs, item, reader_of, settings  # noqa: E402
from test_connect import Connector  # noqa: E402
from test_doctor import lines_of  # noqa: E402

# Two, and more for a loaded machine; a server that is waited for takes PATIENT.
STOP_SECONDS = 30
PATIENT = "socket_timeout: 10m, connect_timeout: 5m"


@pytest.fixture
def hung(mongo):
    """A server that can be stopped as by a debugger: it keeps its connections and answers nothing."""
    server = mongo()
    server.shop = server.until_ready().shop
    server.shop.inventory.insert_many([item(f"A{n}", n) for n in range(5)])
    yield server
    server.process.send_signal(signal.SIGCONT)


def hang(server):
    server.process.send_signal(signal.SIGSTOP)


def test_an_engine_stops_in_time_beside_a_server_that_hangs(binary, fast_path, hung):
    runs = Runs(binary, fast_path, hung.uri, settings(fast_path, mongo=PATIENT))
    with runs.start() as engine:
        runs.until_same(engine, hung.shop)
        engine.wait_for("stream_open")
        hang(hung)
        code, seconds = engine.stop()
        assert code == 0 and seconds < STOP_SECONDS, "".join(engine.lines)
        assert json.loads(engine.lines[-1])["event"] == "stopped", "nothing is told behind it"


def test_an_engine_that_never_reached_its_server_stops_in_time(binary, fast_path, hung):
    hang(hung)
    runs = Runs(binary, fast_path, hung.uri, settings(fast_path, mongo=PATIENT))
    with runs.start() as engine:
        engine.wait_for("started")
        code, seconds = engine.stop()
        assert code == 0 and seconds < STOP_SECONDS, "".join(engine.lines)


@pytest.mark.parametrize("place", [[], ["--position-collection", "shop.places", "--name", "x"]])
def test_a_connector_stops_in_time_beside_a_server_that_hangs(binary, fast_path, hung, place):
    config = settings(fast_path, mongo=PATIENT)
    with Connector(binary, hung.uri, config, fast_path / "out.ndjson", *place) as connector:
        connector.until(lambda: connector.said("stream_open"), "the stream")
        hang(hung)
        began = time.monotonic()
        connector.stop()
        assert time.monotonic() - began < STOP_SECONDS, "".join(connector.lines)


def test_silence_is_an_alert_after_three_heartbeats_and_ends(binary, fast_path, hung):
    config = settings(fast_path, mongo="heartbeat: 1s, socket_timeout: 2s, connect_timeout: 1s")
    with Runs(binary, fast_path, hung.uri, config).start() as engine:
        engine.wait_for("stream_open")

        def open_alerts():
            status, page = engine.ask("/api/v1/alerts?type=source_silent&limit=10")
            assert status == 200, page
            return [alert["subject"] for alert in json.loads(page)["items"]
                    if alert["state"] == "open"]

        def moves():
            return not open_alerts() and engine.ask("/readiness")[0] == 200

        # A machine that stands still is silence too: what was told before does not count.
        engine.until(moves, "a good start")
        silences = len(engine.events("source_silent"))
        hang(hung)
        engine.wait_for("source_silent", times=silences + 1)
        engine.until(lambda: open_alerts() == [{"source": "default"}], "the alert")
        engine.until(lambda: engine.ask("/readiness")[0] == 503, "readiness that says so")
        ends = len(engine.events("source_moves"))
        hung.process.send_signal(signal.SIGCONT)
        engine.wait_for("source_moves", times=ends + 1)
        engine.until(moves, "its end")


def test_a_heartbeat_says_status_and_place(binary, fast_path, shared_mongo, mongo_shop):
    mongo_shop.inventory.insert_one(item("A", 5))
    config = settings(fast_path, mongo_shop.name, "heartbeat_log: 1s")
    runs = Runs(binary, fast_path, shared_mongo.uri, config)
    with runs.start() as engine:
        engine.wait_for("stream_open")
        mongo_shop.inventory.insert_one(item("B", 6))
        runs.until_same(engine, mongo_shop)
        now = len(engine.events("heartbeat"))
        beat = engine.wait_for("heartbeat", times=now + 2)
        assert (beat["phase"], beat["trouble"], beat["start"]) == ("streaming", "", "resumeAfter")
        assert beat["changes"] >= 1 and abs(beat["place_time_seconds"] - time.time()) < 120
        assert beat["behind_seconds"] < 60
        engine.stop()
    source = ["connect", "--source", runs.uri, "--config", runs.config]
    with Connector(binary, source[2], runs.config, fast_path / "out.ndjson") as connector:
        connector.until(lambda: any('"phase":"streaming"' in line for line in connector.lines
                                    if '"event":"heartbeat"' in line), "a heartbeat")


@pytest.fixture
def certificates(tmp_path):
    """An authority, another one, and a server's certificate of the first."""
    def openssl(*words):
        subprocess.run(["openssl", *map(str, words)], cwd=tmp_path, check=True, capture_output=True)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for name in ("ca", "other"):
        openssl("req", "-x509", *key, "-days", 2, "-subj", f"/CN={name}", "-keyout", f"{name}.key",
                "-out", f"{name}.pem")
    openssl("req", *key, "-subj", "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr")
    (tmp_path / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", 2,
            "-CAcreateserial", "-extfile", "names", "-out", "server.pem")
    return tmp_path


def test_each_mistake_of_a_uri_is_one_line_that_says_what_to_do(stockwatch, fast_path, shared_mongo,
                                                                 mongo, certificates):
    config = settings(fast_path, mongo="connect_timeout: 8s")
    secure = mongo("--tls-cert-file", certificates / "server.pem", "--tls-key-file",
                   certificates / "server.key")
    secure.options = {"tls": True, "tlsCAFile": str(certificates / "ca.pem")}
    secure.until_ready()
    tls = f"{secure.uri}&tls=true&tlsCAFile={certificates}"
    plain = shared_mongo.uri
    cases = [
        (plain.replace("replicaSet=secantus", "replicaSet=wrong"),
         ['"wrong"', '"secantus"', "fix: mend replicaSet"]),
        (secure.uri, ["the server may ask for TLS", "fix: say tls=true"]),
        (f"{plain}&tls=true&tlsCAFile={certificates}/ca.pem", ["TLS", "fix: leave tls out"]),
        (f"{tls}/other.pem", ["do not agree on TLS", "fix: check tls, tlsCAFile"]),
        (f"{tls}/absent.pem", ["tlsCAFile", "absent.pem", "No such file", "fix: name a file"]),
        (f"{tls}/names", ["tlsCAFile", "names", "CERTIFICATE", "fix: name a file"]),
        (f"{tls}/ca.pem&tlsCertificateKeyFile={certificates}/server.pem",
         ["tlsCertificateKeyFile", "PRIVATE KEY", "fix: name a file"]),
        ("mongodb://127.0.0.1:1/?replicaSet=x", ["127.0.0.1:1", "fix: start the server"]),
        ("mongodb://nowhere.invalid/?replicaSet=x", ["nowhere.invalid", "fix: check how it is"]),
        (f"{plain}&socketTimeoutMS=60", ["socketTimeoutMS", "source.mongo.await", "fix: leave it"]),
    ]
    for uri, words in cases:
        done = stockwatch("doctor", "--source", uri, "--config", config)
        bad = [line for line in done.stdout.splitlines() if line.startswith("bad ")]
        assert done.returncode == 1 and len(bad) == 1, (uri, done.stdout, done.stderr)
        assert not [word for word in words if word not in bad[0]], (uri, bad[0])
        assert "runbook" not in bad[0]


def test_a_uri_that_cannot_work_ends_the_engine_at_its_start(binary, fast_path, shared_mongo):
    runs = Runs(binary, fast_path, f"{shared_mongo.uri}&tls=true&tlsCAFile=/nowhere/ca.pem",
                settings(fast_path))
    with runs.start() as engine:
        refused(engine, "/nowhere/ca.pem", code=2)


def test_the_wrong_name_of_the_set_stands_in_the_log_and_in_readiness(binary, fast_path,
                                                                      shared_mongo):
    uri = shared_mongo.uri.replace("replicaSet=secantus", "replicaSet=wrong")
    with Runs(binary, fast_path, uri, settings(fast_path)).start() as engine:
        words = ('"wrong"', '"secantus"', "mend replicaSet")
        engine.until(lambda: any(all(word in row["message"] for word in words)
                                 for row in engine.events("stream_again")), "the reason")
        engine.until(lambda: '\\"secantus\\"' in engine.ask("/readiness")[1], "the same reason")


def test_doctor_looks_at_the_images_of_each_collection_it_reads(stockwatch, fast_path, shared_mongo,
                                                                mongo_shop):
    mongo_shop.inventory.insert_one(item("A", 5))
    mongo_shop.create_collection("thresholds", changeStreamPreAndPostImages={"enabled": True})
    config = settings(fast_path, mongo_shop.name)
    rows = lines_of(stockwatch("doctor", "--source", shared_mongo.uri, "--config", config))
    assert "none are kept" in rows["images of inventory"][1]
    assert "update_images: stored" in rows["images of thresholds"][1]


def test_a_running_snapshot_says_how_far_it_is(binary, fast_path, shared_mongo, mongo_shop,
                                               stockwatch):
    mongo_shop.inventory.insert_many([item(f"A{n}", n) for n in range(500)])
    config = settings(fast_path, mongo_shop.name, "snapshot_documents: 1")
    runs = Runs(binary, fast_path, shared_mongo.uri, config)
    with runs.start() as engine:
        seen = []

        def looks(times):
            """Whether it is seen; as soon as it is, or is over."""
            now = reader_of(engine)["snapshot"]
            if now and now["documents"] > 0 and now["collection"] == "inventory":
                seen.append(now)
            return seen or len(engine.events("snapshot_end")) >= times

        for times in itertools.count(1):
            engine.until(lambda wanted=times: looks(wanted), "some of it")
            engine.wait_for("snapshot_end", times=times)
            if seen:
                break
            assert times < 20, "it was never seen"
            engine.until(lambda: engine.command(
                "POST", "/api/v1/sources/default/snapshot", {}, {})[0] == 200, "another one")
        assert seen[0]["documents_estimated"] == 500
        assert seen[0]["run"] and seen[0]["started_at"].endswith("Z")
        engine.until(lambda: reader_of(engine)["snapshot"] is None, "none any more")
