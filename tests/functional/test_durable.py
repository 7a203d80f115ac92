"""What was taken survives the end of the process, whenever it comes, and is taken once."""

import json
import os
import random
import signal
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from shop_lines import Shop, text
from test_against_oracle import ROOT, generate

KILLS = int(os.environ.get("STOCKWATCH_KILLS", "30"))
TERMS = int(os.environ.get("STOCKWATCH_TERMS", "20"))


def seed():
    given = os.environ.get("STOCKWATCH_SEED")
    if given:
        return int(given)
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    return int(done.stdout[:8] or "1", 16)


class Engine:
    """A running engine; its log as it comes."""

    def __init__(self, binary, *args):
        self.process = subprocess.Popen(
            [str(binary), "run", "--port", "0", "--quiet", *map(str, args)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.log = []

    def wait_for(self, event):
        for row in self.process.stderr:
            self.log.append(json.loads(row))
            if self.log[-1]["event"] == event:
                return self.log[-1]
        raise AssertionError(f"ended without {event}: {self.log}")

    def url(self):
        started = next((row for row in self.log if row["event"] == "started"), None)
        return f"http://127.0.0.1:{(started or self.wait_for('started'))['port']}"

    def ask(self, path):
        with urllib.request.urlopen(self.url() + path, timeout=20) as answer:
            return answer.read().decode()

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.log += [json.loads(row) for row in self.process.stderr]
        return self.process.wait(timeout=20)


@pytest.fixture
def start(binary):
    engines = []

    def run(*args):
        engines.append(Engine(binary, *args))
        return engines[-1]

    yield run
    for engine in engines:
        if engine.process.poll() is None:
            engine.process.kill()
            engine.process.wait()
        engine.process.stderr.close()


def slowly(tmp_path, settings):
    """The same settings with small commits, so that a run has many of them."""
    changed = json.loads(settings.read_text())
    changed.setdefault("commit", {})["inputs_max"] = 7
    path = tmp_path / "slowly.json"
    path.write_text(json.dumps(changed))
    return path


def lists(stockwatch, store):
    """What the store has, list by list, as an export writes it."""
    commands = {"items": ["state", "export"], "rollups": ["state", "export", "--rollups"],
                "alerts": ["alerts", "list"], "deadletters": ["deadletters", "list"]}
    found = {}
    for name, command in commands.items():
        done = stockwatch(*command, "--store", store)
        assert done.returncode == 0, done.stderr
        found[name] = done.stdout
    return found


def assert_same(stockwatch, store, export, summary):
    for name, ours in lists(stockwatch, store).items():
        assert ours == (export / f"{name}.ndjson").read_text(), name
    inspected = json.loads(stockwatch("state", "inspect", "--store", store).stdout)
    assert inspected["changes"] == summary["changes"]
    verified = stockwatch("state", "verify", "--store", store)
    assert verified.returncode == 0, verified.stdout


@pytest.mark.parametrize("profile", ["ordered", "shuffled"])
def test_kills_lose_nothing_and_double_nothing(tmp_path, binary, stockwatch, replay, profile):
    start = seed()
    print(f"seed {start}")
    chance = random.Random(f"{start} {profile}")
    killed = 0
    number = start % 1000 + 1
    while killed < KILLS // 2:
        folder = tmp_path / str(number)
        folder.mkdir()
        changes, settings = generate(folder, number, profile)
        settings = slowly(folder, settings)
        export, store = folder / "export", folder / "store"
        summary = replay(changes, "--config", settings, "--export", export)
        command = [str(binary), "run", "--source", str(changes), "--store", str(store), "--config",
                   str(settings), "--port", "0", "--quiet", "--until-end"]
        while True:
            running = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            try:
                assert running.wait(timeout=chance.uniform(0.005, 0.25)) == 0
                break
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()
                killed += 1
        assert_same(stockwatch, store, export, summary)
        number += 1


def test_a_replay_on_a_store_goes_on_after_a_kill(tmp_path, binary, stockwatch, replay):
    changes, settings = generate(tmp_path, 3, "duplicates")
    settings = slowly(tmp_path, settings)
    export, store = tmp_path / "export", tmp_path / "store"
    summary = replay(changes, "--config", settings, "--export", export)
    running = subprocess.Popen([str(binary), "replay", str(changes), "--config", str(settings),
                                "--store", str(store), "--output", "json"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(timeout=0.1)
    running.kill()
    running.wait()
    assert replay(changes, "--config", settings, "--store", store) == summary
    assert_same(stockwatch, store, export, summary)


def test_sigterm_under_load_ends_in_time_with_everything_stored(tmp_path, start, stockwatch,
                                                                 replay):
    chance = random.Random(seed())
    changes, settings = generate(tmp_path, 2, "late")
    settings = slowly(tmp_path, settings)
    export, store = tmp_path / "export", tmp_path / "store"
    summary = replay(changes, "--config", settings, "--export", export)
    for number in range(TERMS):
        engine = start("--source", changes, "--store", store, "--config", settings)
        engine.wait_for("started")
        read = json.loads(engine.ask("/health"))["changes_read"]
        begun = time.monotonic()
        assert engine.stop(chance.choice([signal.SIGTERM, signal.SIGINT])) == 0
        assert time.monotonic() - begun < 5
        assert engine.log[-1]["event"] == "stopped", engine.log
        assert engine.log[-1]["changes_read"] >= read
        assert json.loads(stockwatch("state", "inspect", "--store", store).stdout)["changes"][
            "read"] == engine.log[-1]["changes_read"], f"stop {number}"
    engine = start("--source", changes, "--store", store, "--config", settings, "--until-end")
    assert engine.process.wait(timeout=60) == 0
    assert_same(stockwatch, store, export, summary)


def rule(low):
    return json.dumps({"stock": {"authority": "ledger"}, "thresholds": {
        "rules": [{"id": "all", "default": True, "low": low}]}})


def wait_until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_reload_takes_rules_and_refuses_mistakes(tmp_path, start, stockwatch):
    shop, settings = Shop(), tmp_path / "settings.yaml"
    changes, store = tmp_path / "changes.ndjson", tmp_path / "store"
    changes.write_bytes(text([shop.item("A", 20), shop.sale("A", 2)]))
    settings.write_text(rule(5))
    engine = start("--source", changes, "--store", store, "--config", settings)
    engine.wait_for("started")
    wait_until(lambda: '"on_hand":18' in engine.ask("/api/v1/state/items"))
    assert engine.ask("/api/v1/alerts") == ""
    settings.write_text("thresholds: {rules: [{id: all, lo: 3}]}")
    engine.process.send_signal(signal.SIGHUP)
    engine.wait_for("reload_refused")
    settings.write_text(rule(30))
    engine.process.send_signal(signal.SIGHUP)
    engine.wait_for("reloaded")
    wait_until(lambda: '"type":"low_stock","state":"open"' in engine.ask("/api/v1/alerts"))
    engine.process.kill()
    engine.process.wait()
    alerts = stockwatch("alerts", "list", "--store", store).stdout
    assert '"rule":{"id":"all","version":2}' in alerts


def test_one_process_a_store(tmp_path, start, stockwatch):
    changes, store = tmp_path / "changes.ndjson", tmp_path / "store"
    changes.write_bytes(text([Shop().item("A", 20)]))
    engine = start("--source", changes, "--store", store)
    engine.wait_for("started")
    done = stockwatch("state", "inspect", "--store", store)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "in use" in done.stderr and "--server" in done.stderr
    assert json.loads(stockwatch("state", "inspect", "--server", engine.url()).stdout)["items"] == 1
    assert "all is well" in stockwatch("state", "verify", "--server", engine.url()).stdout
    backup = stockwatch("state", "backup", tmp_path / "copy", "--server", engine.url())
    assert backup.returncode == 0, backup.stderr
    assert stockwatch("state", "verify", "--store", tmp_path / "copy").returncode == 0
    restored = stockwatch("state", "restore", tmp_path / "copy", "--store", tmp_path / "new")
    assert restored.returncode == 0, restored.stderr


def test_a_folder_of_somebody_else_is_left_alone(tmp_path, stockwatch):
    store = tmp_path / "documents"
    store.mkdir()
    (store / "letter.txt").write_text("dear")
    changes = tmp_path / "changes.ndjson"
    changes.write_bytes(text([Shop().item("A", 20)]))
    done = stockwatch("replay", changes, "--store", store)
    assert done.returncode == 1
    assert str(store) in done.stderr
    assert [path.name for path in store.iterdir()] == ["letter.txt"]


def flip(path, offset):
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x40
    path.write_bytes(data)


def test_flipped_bytes_are_told_and_nothing_is_written_over(tmp_path, stockwatch, replay):
    changes, store = tmp_path / "changes.ndjson", tmp_path / "store"
    shop = Shop()
    changes.write_bytes(text([shop.item(f"S{n}", n) for n in range(2000)]))
    settings = tmp_path / "settings.yaml"
    settings.write_text("commit: {inputs_max: 50}")
    replay(changes, "--config", settings, "--store", store)
    journal = sorted(store.glob("journal-*.log"))[0]
    flip(journal, 5000)
    before = {path: path.read_bytes() for path in store.glob("journal-*.log")}
    done = stockwatch("state", "verify", "--store", store)
    assert done.returncode == 1
    assert journal.name in done.stderr and "restore" in done.stderr
    assert {path: path.read_bytes() for path in store.glob("journal-*.log")} == before
    flip(journal, 5000)
    assert stockwatch("state", "verify", "--store", store).returncode == 0


def test_without_free_space_it_stops_and_goes_on_later(tmp_path, stockwatch):
    changes, store = tmp_path / "changes.ndjson", tmp_path / "store"
    changes.write_bytes(text([Shop().item("A", 20)]))
    arguments = ["run", "--source", changes, "--store", store, "--port", "0", "--quiet",
                 "--until-end"]
    done = stockwatch(*arguments, "--free-bytes-min", str(10 ** 15))
    assert done.returncode == 1
    assert "free" in json.loads(done.stderr.splitlines()[-1])["message"]
    assert stockwatch(*arguments).returncode == 0
    assert json.loads(stockwatch("state", "inspect", "--store", store).stdout)["items"] == 1


def test_other_settings_of_stock_are_refused(tmp_path, stockwatch, replay):
    changes, store = tmp_path / "changes.ndjson", tmp_path / "store"
    changes.write_bytes(text([Shop().item("A", 20)]))
    replay(changes, "--store", store)
    settings = tmp_path / "settings.yaml"
    settings.write_text("stock: {authority: ledger}")
    done = stockwatch("replay", changes, "--store", store, "--config", settings)
    assert done.returncode == 1
    assert "stock.authority" in done.stderr


def test_records_go_to_another_store(tmp_path, stockwatch, replay):
    changes, settings = generate(tmp_path, 5, "late")
    store, other, records = tmp_path / "store", tmp_path / "other", tmp_path / "records.ndjson"
    replay(changes, "--config", settings, "--store", store)
    records.write_text(stockwatch("state", "export", "--records", "--store", store).stdout)
    done = stockwatch("state", "import", records, "--store", other)
    assert done.returncode == 0, done.stderr
    assert lists(stockwatch, other) == lists(stockwatch, store)
    assert stockwatch("state", "import", records, "--store", other).returncode == 1
    records.write_text("{}\n")
    assert "line 1" in stockwatch("state", "import", records, "--store", tmp_path / "x").stderr


def test_dead_letters_are_shown_taken_again_and_dropped(tmp_path, start, stockwatch):
    shop, store = Shop(), tmp_path / "store"
    changes, settings = tmp_path / "changes.ndjson", tmp_path / "settings.yaml"
    lost = shop.item("A", 20)
    del lost["fullDocument"]["warehouse_id"]
    changes.write_bytes(text([lost, b"not json", shop.item("B", 5)]))
    settings.write_text("{}")
    engine = start("--source", changes, "--store", store, "--config", settings, "--until-end")
    assert engine.process.wait(timeout=30) == 0
    letters = [json.loads(row) for row in
               stockwatch("deadletters", "list", "--store", store).stdout.splitlines()]
    assert [letter["line"] for letter in letters] == [1, 2]
    first, second = (letter["id"] for letter in letters)
    assert "fullDocument" in json.loads(
        stockwatch("deadletters", "show", first, "--store", store).stdout)["bytes"]
    again = stockwatch("deadletters", "replay", first, "--store", store, "--config", settings)
    assert again.returncode == 1 and "warehouse" in again.stderr
    settings.write_text("warehouse: {id: W1}")
    again = stockwatch("deadletters", "replay", first, "--store", store, "--config", settings)
    assert again.returncode == 0, again.stderr
    assert '"sku":"A"' in stockwatch("state", "export", "--store", store).stdout
    engine = start("--source", changes, "--store", store, "--config", settings)
    engine.wait_for("started")
    dropped = stockwatch("deadletters", "drop", second, "--server", engine.url())
    assert dropped.returncode == 0, dropped.stderr
    assert stockwatch("deadletters", "list", "--server", engine.url()).stdout == ""
    missing = stockwatch("deadletters", "drop", second, "--server", engine.url())
    assert missing.returncode == 1 and second in missing.stderr


def test_history_and_the_stock_at_an_instant(tmp_path, stockwatch, replay):
    shop, store = Shop(), tmp_path / "store"
    changes, settings = tmp_path / "changes.ndjson", tmp_path / "settings.yaml"
    changes.write_bytes(text([shop.item("A", 20), shop.sale("A", 2), shop.sale("A", 3)]))
    settings.write_text("stock: {authority: ledger}")
    replay(changes, "--config", settings, "--store", store)
    item = ["--warehouse", "W1", "--sku", "A", "--store", store]
    rows = [json.loads(row) for row in stockwatch("state", "history", *item).stdout.splitlines()]
    assert [(row["type"], row["on_hand"]) for row in rows] == [
        ("document", 20), ("sale", 18), ("sale", 15)]
    at = rows[1]["position"]["t"]
    instant = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    then = json.loads(stockwatch("state", "history", *item, "--at", instant).stdout)
    assert then["on_hand"] == 18 and then["state"] == "opened"


def test_health_comes_from_progress_and_the_host_is_checked(tmp_path, start):
    changes = tmp_path / "changes.ndjson"
    changes.write_bytes(text([Shop().item("A", 20)] + [b"broken"] * 20_000))
    engine = start("--source", changes, "--store", tmp_path / "store")
    engine.wait_for("started")
    wait_until(lambda: json.loads(engine.ask("/health"))["changes_read"] == 20_001)
    assert json.loads(engine.ask("/readiness"))["status"] == "ok"
    wait_until(lambda: 'outcome="dead_lettered"} 20000' in engine.ask("/metrics"))
    for request, status in [
            (urllib.request.Request(engine.url() + "/health", headers={"Host": "shop.example"}),
             403),
            (urllib.request.Request(engine.url() + "/api/v1/state/verify", data=b"",
                                    headers={"Content-Type": "text/plain"}), 415),
            (urllib.request.Request(engine.url() + "/nothing"), 404)]:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=20)
        assert refused.value.code == status
        refused.value.close()
    assert engine.stop() == 0
    assert all(list(row)[:4] == ["ts", "level", "event", "message"] for row in engine.log)
    assert len(engine.log) < 50, "lines that repeat are sampled"
    suppressed = sum(row.get("suppressed", 0) for row in engine.log)
    told = [row for row in engine.log if row["event"] == "dead_lettered" and "total" in row]
    assert told and suppressed >= 0
