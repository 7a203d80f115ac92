"""A change from the future takes nobody's time along: a dead letter, and the others go on."""

import json
import time

import pytest

from engine import Engine
from shop_lines import Shop, text

FAR = 4_290_000_000  # 2105-12-11T18:40:00Z
DAY = 86_400
JSON = {"Content-Type": "application/json"}


def at(event, seconds):
    """The change, as of that second."""
    return {**event, "_id": {"_data": f"82{seconds:08X}"},
            "clusterTime": {"$timestamp": {"t": seconds, "i": 1}}}


@pytest.fixture
def start(binary, fast_path):
    """Starts an engine on changes, which may be so far ahead."""

    def start(*flags, ahead_max):
        settings = fast_path / "settings.json"
        settings.write_text(json.dumps({"stock": {"authority": "ledger"},
                                        "source": {"ahead_max": ahead_max}}))
        return Engine(binary, *flags, "--store", fast_path / "store", "--config", settings,
                      "--quiet")

    return start


def letters(engine):
    return [json.loads(row) for row in engine.ask("/api/v1/state/deadletters")[1].splitlines()]


def on_hand(engine):
    return json.loads(engine.ask("/api/v1/stock/W1/A")[1])["on_hand"]


def test_a_change_from_the_future_stops_nothing(start, fast_path, stockwatch):
    shop = Shop()
    tomorrow = int(time.time()) + 2 * DAY
    changes = fast_path / "changes.ndjson"
    changes.write_bytes(text([shop.item("A", 50), at(shop.sale("A", 3), FAR), shop.sale("A", 5),
                              at(shop.sale("A", 7), tomorrow), shop.sale("A", 11)]))
    with start("--source", changes, ahead_max="1d") as engine:
        engine.until_read(5)
        counts = engine.state()["changes"]
        assert (counts["applied"], counts["dead_lettered"], counts["stale"]) == (3, 2, 0), counts
        assert on_hand(engine) == 50 - 5 - 11
        far, near = letters(engine)
        assert (far["reason"], far["stage"], far["line"]) == ("ahead of the clock", "read", 2), far
        assert far["position"]["t"] == FAR
        engine.until(lambda: sum(row["count"] for row in engine.events("source_ahead")) == 2,
                     "both in the log")
        path = f"/api/v1/deadletters/{near['id']}/replay"
        status, refused = engine.ask(path, "POST", headers=JSON)
        assert status == 409 and "ahead of the clock" in json.loads(refused)["detail"], refused
        assert engine.stop()[0] == 0
    # Nor beside the store, where no engine has a clock.
    store = ["--store", fast_path / "store", "--config", fast_path / "settings.json"]
    done = stockwatch("deadletters", "replay", near["id"], *store)
    assert done.returncode == 1 and "ahead of the clock" in done.stderr, done.stderr
    with start("--source", changes, ahead_max="3d") as engine:
        engine.until(lambda: engine.state()["changes"]["read"] >= 5)
        assert engine.ask(path, "POST", headers=JSON)[0] == 200
        assert on_hand(engine) == 50 - 5 - 11 - 7
        assert [row["id"] for row in letters(engine)] == [far["id"]]
        assert engine.stop()[0] == 0


def test_a_replay_has_no_clock_of_its_own(replay, fast_path):
    shop = Shop()
    changes = fast_path / "changes.ndjson"
    changes.write_bytes(text([at(shop.item("A", 50), FAR), at(shop.sale("A", 3), FAR + 60)]))
    assert replay(changes)["changes"]["dead_lettered"] == 0
