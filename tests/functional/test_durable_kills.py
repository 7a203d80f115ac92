"""kill -9 at any moment, again and again: nothing is lost and nothing counts twice.

STOCKWATCH_KILLS is how often in all (30); STOCKWATCH_SEED repeats the moments of a run.
"""

import http.client
import json
import subprocess
import sys
import threading

import pytest

from conftest import ROOT, SECONDS_MAX
from engine import Engine, Reference, draw, how_many, lists
from shop_lines import Shop, text

PROFILES = ["duplicates", "shuffled", "late"]
KILLS = max(1, how_many("KILLS", 30) // (len(PROFILES) + 2))
COMMIT_INPUTS = 32  # so that one run has many commits to be killed in
STARTS_SECONDS, RUNS_SECONDS = 0.15, 0.3


def hostile(folder, profile, seed, changes=6000):
    """(file, settings): good, bad, late and repeated lines in small commits."""
    path, settings = folder / "changes.ndjson", folder / "settings.json"
    with path.open("wb") as out:
        subprocess.run(
            [sys.executable, str(ROOT / "tests/oracle/generate.py"), "--seed", str(seed),
             "--changes", str(changes), "--profile", profile, "--settings-out", str(settings)],
            stdout=out, check=True, timeout=SECONDS_MAX)
    kept = json.loads(settings.read_text())
    # A replay has no clock, so the run that is held against it looks at none either.
    source = {**kept.get("source", {}), "ahead_max": "0s"}
    settings.write_text(json.dumps({**kept, "source": source,
                                    "commit": {"inputs_max": COMMIT_INPUTS}}))
    return path, settings


@pytest.fixture
def small_commits(tmp_path):
    path = tmp_path / "small.yaml"
    # Days of a shop pass in a second: each notice by itself, not in digests.
    path.write_text(f"commit:\n  inputs_max: {COMMIT_INPUTS}\n"
                    "delivery:\n  storm: {rows_min: 1000000}\n")
    return path


def keep_settling(engine, stop):
    """Lists of the running engine, which settle its journal each time."""
    while not stop.is_set():
        try:
            engine.ask("/api/v1/state/deadletters")
        except (OSError, AssertionError, ValueError, http.client.HTTPException):
            return


def one_life(engine, rng):
    """Kills it at a random moment of its start, of its work, or of its settling; False: it had
    ended by itself."""
    moment = rng.choice(["start", "work", "settling"])
    if moment == "start":
        lives = engine.lasts(rng.uniform(0, STARTS_SECONDS))
        engine.kill()
        return lives
    engine.wait_for("started")
    stop = threading.Event()
    asking = threading.Thread(target=keep_settling, args=(engine, stop))
    if moment == "settling":
        asking.start()
    lives = engine.lasts(rng.uniform(0, RUNS_SECONDS))
    engine.kill()
    stop.set()
    if moment == "settling":
        asking.join()
    return lives


def survive(start, new_store, check, rng):
    """Lives on stores until there were enough kills; each store is finished and checked."""
    killed = 0
    while killed < KILLS:
        store = new_store()
        said = []
        while True:
            with start(store) as engine:
                if killed < KILLS and one_life(engine, rng):
                    killed += 1
                    said += engine.said
                    continue
                code = engine.wait()
            said += engine.said
            assert code == 0, "".join(engine.lines)
            break
        check(store, said)


@pytest.fixture
def new_store(tmp_path):
    made = []

    def make():
        made.append(tmp_path / f"store-{len(made)}")
        return made[-1]

    return make


@pytest.mark.parametrize("profile", PROFILES)
def test_hostile_lines_survive_kills(tmp_path, binary, run_bytes, new_store, profile):
    rng = draw(f"kills of {profile}")
    changes, settings = hostile(tmp_path, profile, rng.randrange(10**6))
    reference = Reference(run_bytes, tmp_path, changes, settings)
    assert reference.summary["changes"]["dead_lettered"] > 0
    survive(lambda store: Engine(binary, "--source", changes, "--store", store, "--config",
                                 settings, "--until-end", "--quiet"),
            new_store, lambda store, said: reference.check(store), rng)


def test_a_shop_survives_kills_and_every_alert_is_told(tmp_path, binary, run_bytes, new_store,
                                                       small_commits):
    rng = draw("kills of a shop")
    shop = ["--seed", rng.randrange(10**6), "--items", 150, "--days", 5]
    changes = tmp_path / "shop.ndjson"
    done = run_bytes("shop", *shop, "--file", changes)
    assert done.returncode == 0, done.stderr
    reference = Reference(run_bytes, tmp_path, changes, small_commits)
    told = run_bytes("replay", changes, "--config", small_commits).stdout.decode().splitlines(True)
    notices = {line for line in told if line[:4].isdigit()}
    assert len(notices) > 10

    def check(store, said):
        reference.check(store, of_a_file=False)
        assert notices - set(said) == set()

    survive(lambda store: Engine(binary, "--source", "shop", *shop, "--store", store, "--config",
                                 small_commits, "--until-end"), new_store, check, rng)


def test_a_replay_into_a_store_is_killed_and_repeated(tmp_path, binary, run_bytes, new_store):
    rng = draw("kills of a replay")
    changes, settings = hostile(tmp_path, "late", rng.randrange(10**6))
    reference = Reference(run_bytes, tmp_path, changes, settings)
    store = new_store()
    flags = ["replay", changes, "--store", store, "--config", settings, "--quiet"]
    for _ in range(KILLS):
        with subprocess.Popen([str(binary), *map(str, flags)],
                              stdout=subprocess.DEVNULL) as process:
            try:
                process.wait(timeout=rng.uniform(0, STARTS_SECONDS + RUNS_SECONDS))
            except subprocess.TimeoutExpired:
                process.kill()
    done = run_bytes(*flags)
    assert done.returncode == 0, done.stderr
    reference.check(store)


def test_a_run_that_finds_nothing_new_changes_nothing(tmp_path, binary, run_bytes):
    rules = {"thresholds": {"rules": [{"id": "all", "default": True, "low": 5, "low_share": 0.1}]}}
    shop, changes, settings = Shop(), tmp_path / "changes.ndjson", tmp_path / "settings.json"
    changes.write_bytes(text([shop.item(f"A-{n}", 1, category="tea") for n in range(6)]))
    settings.write_text(json.dumps(rules))
    seen = []
    for _ in range(3):
        with Engine(binary, "--source", changes, "--store", tmp_path / "store", "--config",
                    settings, "--until-end", "--quiet") as engine:
            assert engine.wait() == 0
        seen.append(lists(run_bytes, "--store", tmp_path / "store"))
    assert b"category_low" in seen[0]["alerts.ndjson"]
    assert seen[1] == seen[2] == seen[0]


def test_a_history_that_is_carried_over_gives_the_same_drift(tmp_path, binary, run_bytes, new_store):
    """Of this shop W2/A-4 once opened one with another value than where the history is whole."""
    changes, settings = hostile(tmp_path, "shuffled", 203317)
    reference, store = Reference(run_bytes, tmp_path, changes, settings), new_store()
    with Engine(binary, "--source", changes, "--store", store, "--config", settings,
                "--until-end", "--quiet") as engine:
        assert engine.wait() == 0
    reference.check(store)
