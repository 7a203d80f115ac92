"""Health, metrics and the log of a running engine, and whom its API answers."""

import json
import re
import socket
import urllib.error
import urllib.request

import pytest

from engine import PATIENCE, Engine, quiet_port, refused
from shop_lines import Shop, text

LEADING = ["ts", "level", "event", "message"]
LINES_MAX = 40  # of the log, however bad the input is
BAD_LINES = 100_000


@pytest.fixture
def grows(fast_path):
    path = fast_path / "changes.ndjson"
    path.write_bytes(text([Shop().item("A", 10), b"bad"]))
    return path


@pytest.fixture
def engine(binary, fast_path, grows):
    with Engine(binary, "--source", grows, "--store", fast_path / "store", "--quiet") as running:
        running.until_read(2)
        yield running


@pytest.fixture
def port():
    with quiet_port() as quiet:
        yield quiet


def test_health_and_readiness_follow_the_engine(binary, fast_path, grows, port):
    def status():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readiness", timeout=PATIENCE) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    assert status() is None
    with Engine(binary, "--source", grows, "--store", fast_path / "store", "--quiet",
                port=port) as engine:
        seen = []
        engine.until(lambda: seen.append(status()) or seen[-1] == 200, "readiness")
        assert set(seen[:-1]) <= {None, 503}
        engine.until_read(2)
        for path in ("/health", "/readiness"):
            code, answer = engine.ask(path)
            answer = json.loads(answer)
            assert code == 200 and list(answer) == ["status", "reason", "changes_read",
                                                    "seconds_since_step"]
            assert answer["status"] == "ok" and answer["reason"] is None
            assert answer["changes_read"] == 2 and 0 <= answer["seconds_since_step"] < 30
        assert engine.stop()[0] == 0
    assert status() is None


def test_metrics_are_those_of_the_state(engine):
    name = "stockwatch_changes_total"
    engine.until(lambda: name in engine.ask("/metrics")[1], "metrics")

    def figures():
        text_of = engine.ask("/metrics")[1]
        return {row.rsplit(" ", 1)[0]: float(row.rsplit(" ", 1)[1])
                for row in text_of.splitlines() if row and not row.startswith("#")}

    engine.until(lambda: figures().get(f'{name}{{outcome="applied"}}') == 1, "the first change")
    assert figures()[f'{name}{{outcome="dead_lettered"}}'] == 1


@pytest.mark.parametrize("host, answered", [
    ("localhost", True), ("127.0.0.1", True), ("127.0.0.1:1", True), ("[::1]:8080", True),
    ("stock.example", False), ("127.0.0.1.example:80", False), ("localhost.example", False),
    ("localhost@stock.example", False), ("[::2]", False), ("", False)])
def test_another_name_of_the_host_is_refused(engine, host, answered):
    for path in ("/health", "/readiness", "/metrics", "/api/v1/state", "/api/v1/alerts"):
        status, _ = engine.ask(path, headers={"Host": host})
        assert status == 200 if answered else status in (400, 403), path
    if host:
        assert (status == 403) is not answered


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded",
                                  "multipart/form-data", "application/jsonp"])
@pytest.mark.parametrize("method, path", [
    ("POST", "/api/v1/state/verify"), ("POST", "/api/v1/state/backup?folder=/nowhere/x"),
    ("POST", "/api/v1/deadletters/{id}/replay"), ("DELETE", "/api/v1/deadletters/{id}")])
def test_what_changes_something_is_of_a_type_that_forms_cannot_send(engine, kind, method, path):
    letter = json.loads(engine.ask("/api/v1/state/deadletters")[1])
    path = path.format(id=letter["id"])
    headers = {"Content-Type": kind} if kind else {}
    assert engine.ask(path, method, body="{}", headers=headers)[0] == 415
    assert json.loads(engine.ask("/api/v1/state/deadletters")[1]) == letter


def test_what_is_not_there_is_a_problem(engine):
    json_type = {"Content-Type": "application/json"}
    for method, path, expected in [
            ("GET", "/", 404), ("GET", "/api/v1/nothing", 404), ("GET", "/api/v1/state/", 404),
            ("POST", "/api/v1/nothing", 404), ("PUT", "/api/v1/state", 405),
            ("GET", "/api/v1/deadletters/none", 404), ("DELETE", "/api/v1/deadletters/none", 404),
            ("POST", "/api/v1/state/backup?folder=relative", 400),
            ("POST", "/api/v1/state/backup", 400)]:
        status, answer = engine.ask(path, method, headers=json_type)
        problem = json.loads(answer)
        assert (status, problem["status"]) == (expected, expected), (method, path, answer)
        assert problem["title"] and problem["detail"]
    assert engine.ask("/readiness")[0] == 200


def test_a_port_in_use_is_refused_by_name(binary, engine, grows, fast_path):
    with Engine(binary, "--source", grows, "--store", fast_path / "other",
                port=engine.port) as second:
        refused(second, f"port {engine.port}", "in use", "--port")
    assert engine.ask("/readiness")[0] == 200


def test_slow_and_broken_clients_do_not_stop_the_engine(engine, grows):
    held = [socket.create_connection(("127.0.0.1", engine.port)) for _ in range(50)]
    for number, client in enumerate(held):
        client.sendall([b"GET /api/v1/state HTTP/1.1\r\nHost: loc", b"\0\xff\r\n\r\n",
                        b"GET /" + b"x" * 20_000, b""][number % 4])
    with grows.open("ab") as out:
        out.write(text([Shop().item("B", 1)]))
    engine.until_read(3)
    assert engine.ask("/readiness")[0] == 200
    for client in held:
        client.close()
    assert engine.stop()[0] == 0


def test_each_log_line_is_an_object_and_a_flood_is_counted(binary, fast_path):
    changes = fast_path / "bad.ndjson"
    good = Shop().item("A", 1)
    changes.write_bytes(text([good] + [b'{"bad":"%d\xff\x1b[31m' % n for n in range(BAD_LINES)]))
    with Engine(binary, "--source", changes, "--store", fast_path / "store", "--until-end",
                "--quiet") as engine:
        assert engine.wait() == 0
    rows = [json.loads(line) for line in engine.lines]
    assert len(rows) <= LINES_MAX
    for line, row in zip(engine.lines, rows):
        assert list(row)[:4] == LEADING and line.endswith("}\n")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", row["ts"])
        assert row["level"] in ("info", "warning", "error")
        assert re.fullmatch("[a-z][a-z_]*", row["event"]) and "\x1b" not in line
    assert [row["event"] for row in rows if row["level"] == "info"] == [
        "admin_key_made", "recovered", "started", "stopped"]
    told = [row for row in rows if row["event"] == "dead_lettered"]
    assert told and all(row["level"] == "warning" for row in told)
    assert told[0]["count"] == told[0]["total"]
    assert engine.events("stopped")[0]["changes_read"] == BAD_LINES + 1
    with Engine(binary, "--source", changes, "--store", fast_path / "store", "--quiet") as engine:
        counts = engine.state()["changes"]
        assert counts["dead_lettered"] == BAD_LINES and counts["applied"] == 1
        assert engine.ask("/api/v1/state/deadletters")[1].count("\n") == BAD_LINES
