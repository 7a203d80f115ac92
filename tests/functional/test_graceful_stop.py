"""SIGTERM and SIGINT end an engine with all that it took stored; SIGHUP takes changed rules.

STOCKWATCH_TERMS is how often an engine is stopped under load (20).
"""

import contextlib
import json
import os
import signal
import statistics
import subprocess
import time
import urllib.request

import pytest

from engine import PATIENCE, Engine, Reference, draw, how_many, lists
from shop_lines import Shop, line, text
from test_durable_kills import hostile

TERMS = max(1, how_many("TERMS", 20) // 2)
STOP_SECONDS = 5  # of most stops; a machine that stands still for a while may hit any of them


def settings_with(low):
    rule = {"id": "default", "default": True, "low": low, "critical": 0}
    return json.dumps({"stock": {"authority": "ledger"}, "thresholds": {"rules": [rule]}})


@pytest.fixture
def watched(fast_path):
    """A file that grows, and the flags of an engine that follows it."""

    class Watched:
        shop, changes, settings, written = Shop(), fast_path / "grows", fast_path / "settings", 0
        store = fast_path / "store"

        def __init__(self):
            self.changes.write_bytes(b"")
            self.settings.write_text(settings_with(5))
            self.flags = ["--source", self.changes, "--store", self.store, "--config",
                          self.settings, "--quiet"]

        def add(self, engine, *events):
            """Waits until they are taken."""
            self.written += len(events)
            with self.changes.open("ab") as out:
                out.write(text(events))
            engine.until_read(self.written)

    return Watched()


def alerts(engine):
    status, rows = engine.ask("/api/v1/state/alerts")
    assert status == 200
    rows = [json.loads(row) for row in rows.splitlines()]
    return {(row["type"], row["subject"]["sku"], row["state"]): row["rule"]["version"]
            for row in rows}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_under_load_keeps_all_that_was_taken(tmp_path, binary, run_bytes, number):
    rng = draw(f"stops by {number.name}")
    changes, settings = hostile(tmp_path, "duplicates", rng.randrange(10**6), changes=8000)
    reference = Reference(run_bytes, tmp_path, changes, settings)
    total = reference.summary["changes"]["read"]
    stopped, stores, took = 0, 0, []
    while stopped < TERMS:
        store, read = tmp_path / f"store-{stores}", 0
        stores += 1
        while read < total:
            with Engine(binary, "--source", changes, "--store", store, "--config", settings,
                        "--until-end", "--quiet") as engine:
                assert engine.wait_for("recovered")["changes_read"] == read
                if stopped < TERMS and engine.lasts(rng.uniform(0, 0.15)):
                    code, seconds = engine.stop(number)
                    assert code == 0, "".join(engine.lines)
                    took.append(seconds)
                assert engine.wait() == 0, "".join(engine.lines)
                before, read = read, engine.wait_for("stopped")["changes_read"]
            assert before <= read <= total
            stopped += read < total
        reference.check(store)
    assert statistics.median(took) < STOP_SECONDS, took


def test_an_idle_engine_stops_at_once_and_goes_on_where_the_file_grew(binary, watched, run_bytes):
    shop = watched.shop
    with Engine(binary, *watched.flags) as engine:
        watched.add(engine, shop.item("A", 10), shop.sale("A", 3))
        code, first = engine.stop()
        assert code == 0
    watched.written += 1
    with watched.changes.open("ab") as out:
        out.write(text([shop.sale("A", 1)]))
    with Engine(binary, *watched.flags) as engine:
        watched.add(engine, shop.item("B", 7))
        assert engine.events("recovered")[0]["changes_read"] == 2
        running = lists(run_bytes, "--server", engine.url)
        code, second = engine.stop(signal.SIGINT)
        assert code == 0 and min(first, second) < STOP_SECONDS, (first, second)
    assert lists(run_bytes, "--store", watched.store) == running
    replayed = Reference(run_bytes, watched.store.parent, watched.changes, watched.settings)
    replayed.check(watched.store)


def test_a_reload_brings_changed_rules_into_force(binary, watched):
    shop = watched.shop
    with Engine(binary, *watched.flags) as engine:
        watched.add(engine, shop.item("A", 10), shop.item("B", 10), shop.item("C", 100))
        assert alerts(engine) == {}
        watched.settings.write_text(settings_with(20))
        engine.send(signal.SIGHUP)
        assert engine.wait_for("reloaded")["rules"] == 1
        watched.add(engine, shop.sale("C", 85))
        assert alerts(engine) == {("low_stock", sku, "open"): 2 for sku in "ABC"}
        watched.settings.write_text(settings_with(12))
        engine.send(signal.SIGHUP)
        engine.wait_for("reloaded", times=2)
        watched.add(engine, shop.item("D", 100))
        assert {key[1]: key[2] for key in alerts(engine)} == {
            "A": "open", "B": "open", "C": "resolved"}
        assert engine.stop()[0] == 0


@pytest.mark.parametrize("broken", [
    '{"thresholds":{"rules":[{"id":"a","default":true,"low":1,"critical":5}]}}',
    "thresholds: [", '{"stock":{"curency":"EUR"}}'])
def test_a_broken_settings_file_leaves_the_rules_as_they_were(binary, watched, broken):
    shop = watched.shop
    with Engine(binary, *watched.flags) as engine:
        watched.add(engine, shop.item("A", 10))
        watched.settings.write_text(broken)
        engine.send(signal.SIGHUP)
        assert engine.wait_for("reload_refused")["level"] == "error"
        watched.add(engine, shop.sale("A", 6))
        assert alerts(engine) == {("low_stock", "A", "open"): 1}
        watched.settings.unlink()
        engine.send(signal.SIGHUP)
        engine.wait_for("reload_refused", times=2)
        watched.add(engine, shop.item("B", 10))
        assert engine.ask("/readiness")[0] == 200
        assert engine.stop()[0] == 0


def test_a_refused_reload_names_the_mistake_in_the_log(binary, watched):
    with Engine(binary, *watched.flags) as engine:
        watched.add(engine, watched.shop.item("A", 10))
        watched.settings.write_text('{"stock":{"curency":"EUR"}}')
        engine.send(signal.SIGHUP)
        engine.wait_for("reload_refused")
        assert engine.stop()[0] == 0
    assert any("curency" in json.loads(line)["message"] for line in engine.lines)


def test_reloaded_rules_outlive_a_kill(binary, watched):
    shop = watched.shop
    with Engine(binary, *watched.flags) as engine:
        watched.add(engine, shop.item("A", 10), shop.item("B", 100))
        watched.settings.write_text(settings_with(20))
        engine.send(signal.SIGHUP)
        engine.wait_for("reloaded")
        watched.add(engine, shop.sale("B", 1))
        engine.kill()
    with Engine(binary, *watched.flags) as engine:
        assert alerts(engine) == {("low_stock", "A", "open"): 2}
        watched.add(engine, shop.sale("B", 85))
        # The same rules again are no new version.
        assert alerts(engine) == {("low_stock", "A", "open"): 2, ("low_stock", "B", "open"): 2}
        assert engine.state()["rules"] == 1
        engine.kill()
    watched.settings.write_text(settings_with(5))  # changed while it did not run
    with Engine(binary, *watched.flags) as engine:
        watched.add(engine, shop.item("C", 100))
        assert {key[1]: key[2] for key in alerts(engine)} == {"A": "resolved", "B": "resolved"}


def test_a_signal_in_a_flood_of_signals_is_still_a_stop(binary, watched):
    with Engine(binary, *watched.flags) as engine:
        watched.add(engine, watched.shop.item("A", 10))
        for _ in range(50):
            engine.send(signal.SIGHUP)
        assert engine.stop()[0] == 0


def test_a_pipe_that_says_nothing_holds_nothing_up(binary, fast_path):
    """Requests are answered, changes taken when they come, and the engine stops when it is asked."""
    shop = Shop()
    with Engine(binary, "--source", "-", "--store", fast_path / "store", stdin=subprocess.PIPE) as engine:
        assert engine.ask("/api/v1/state")[0] == 200
        engine.process.stdin.write(line(shop.item("A", 3)) + b"\n")
        engine.process.stdin.flush()
        engine.until_read(1)
        assert engine.ask("/readiness")[0] == 200
        assert engine.stop()[0] == 0


def test_a_console_that_nobody_reads_holds_no_stop_up(binary, fast_path):
    """A pager that waits, a log that is full: standard output takes nothing any more."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writing, b"x" * 4096)
    os.set_blocking(writing, True)
    shop, changes = Shop(), fast_path / "changes.ndjson"
    changes.write_bytes(text([shop.item("A", 0)]))
    with subprocess.Popen([str(binary), "run", "--source", changes, "--store", fast_path / "store",
                           "--key-file", fast_path / "key", "--port", "0"],
                          stdout=writing, stderr=subprocess.PIPE) as engine:
        try:
            port = next(row["port"] for row in map(json.loads, engine.stderr)
                        if row["event"] == "started")
            sent = f"http://127.0.0.1:{port}/api/v1/deliveries?state=sent"
            deadline = time.monotonic() + PATIENCE
            while not json.loads(urllib.request.urlopen(sent, timeout=PATIENCE).read())["items"]:
                assert time.monotonic() < deadline
            engine.send_signal(signal.SIGTERM)
            assert engine.wait(PATIENCE) == 0
        finally:
            engine.kill()
            os.close(reading)
            os.close(writing)
