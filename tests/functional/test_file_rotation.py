"""A file that is followed is renamed, deleted or truncated by others: nothing is lost unseen."""

import json
import subprocess

import pytest

from engine import Engine
from shop_lines import Shop, text


class Rotated:
    """A file that grows by sales of one piece, and the flags of an engine that follows it."""

    def __init__(self, folder):
        self.shop, self.path = Shop(), folder / "changes.ndjson"
        self.before = folder / "changes.ndjson.1"
        self.store = folder / "store"
        self.path.write_bytes(text([self.shop.item("A", 1000)]))
        self.flags = ["--store", self.store, "--quiet", "--config", folder / "settings"]
        (folder / "settings").write_text(json.dumps({"stock": {"authority": "ledger"}}))

    def sell(self, pieces, path=None):
        with (path or self.path).open("ab") as out:
            out.write(text(self.shop.sale("A", 1) for _ in range(pieces)))


@pytest.fixture
def rotated(fast_path):
    return Rotated(fast_path)


def readiness(engine):
    code, answer = engine.ask("/readiness")
    return code, json.loads(answer)["reason"]


def on_hand(engine):
    status, item = engine.ask("/api/v1/stock/W1/A")
    assert status == 200, item
    return json.loads(item)["on_hand"]


def test_a_followed_file_that_is_renamed_or_deleted_goes_on_in_the_next_of_its_name(binary,
                                                                                     rotated):
    with Engine(binary, "--source", rotated.path, *rotated.flags) as engine:
        rotated.sell(10)
        engine.until_read(11)
        rotated.path.rename(rotated.before)
        engine.until(lambda: readiness(engine)[0] == 503, "readiness that says so")
        assert "no file has the name" in readiness(engine)[1]
        rotated.sell(10, rotated.before)
        engine.until_read(21)
        rotated.sell(10)
        engine.until_read(31)
        engine.wait_for("source_replaced")
        engine.until(lambda: readiness(engine) == (200, None), "readiness")
        rotated.path.unlink()
        engine.wait_for("source_gone", times=2)
        rotated.sell(10)
        engine.until_read(41)
        assert int(on_hand(engine)) == 1000 - 40
        assert engine.state()["changes"]["dead_lettered"] == 0


def test_a_followed_file_that_is_truncated_stops_the_engine_and_its_copy_gives_the_rest(binary,
                                                                                         rotated):
    with Engine(binary, "--source", rotated.path, *rotated.flags) as engine:
        rotated.sell(10)
        engine.until_read(11)
        # As logrotate's copytruncate: what comes between the last read and the cut is in the copy.
        rotated.before.write_bytes(rotated.path.read_bytes())
        rotated.sell(10, rotated.before)
        rotated.path.write_bytes(text(rotated.shop.sale("A", 1) for _ in range(100)))
        assert engine.wait() == 1
        assert "was truncated" in engine.wait_for("failed")["message"]
    done = subprocess.run([binary, "run", "--port", "0", "--until-end", "--source", rotated.before,
                           *rotated.flags], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with Engine(binary, "--source", rotated.path, *rotated.flags) as engine:
        engine.wait_for("source_other")
        engine.until_read(11 + 10 + 100)
        assert int(on_hand(engine)) == 1000 - 120
        assert engine.state()["changes"]["dead_lettered"] == 0
