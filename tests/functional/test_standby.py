"""Two engines of one store: one works, the other waits and takes over. C27, R15."""

import contextlib
import http.client
import json
import time

import pytest

from engine import PATIENCE, Engine, refused
from shop_lines import Shop, text

TAKE_OVER = 15  # seconds at most, from the death of the one to the first change of the other


@pytest.fixture
def shop_file(fast_path):
    shop, path = Shop(), fast_path / "changes.ndjson"
    path.write_bytes(text([shop.item(f"A-{n}", 50) for n in range(40)]))
    return shop, path


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture
def flags(fast_path, shop_file):
    return ["--source", shop_file[1], "--store", fast_path / "store", "--quiet"]


def waits(engine, holder):
    """The port at which it says so."""
    port = engine.wait_for("standing_by")["port"]
    assert engine.wait_for("standing_by")["holder"] == f"pid {holder.process.pid}"
    return port


def test_a_standby_takes_over_and_nothing_is_lost(binary, flags, shop_file):
    shop, path = shop_file
    took, read = [], 40
    with contextlib.ExitStack() as engines:
        works = engines.enter_context(Engine(binary, *flags))
        works.until_read(read)
        # Again, up to three times, where it took too long: a machine may stand still for a while.
        while len(took) < 3 and min(took, default=TAKE_OVER) >= TAKE_OVER:
            stands_by = engines.enter_context(Engine(binary, *flags, "--standby"))
            port = waits(stands_by, works)
            with open(path, "ab") as more:
                more.write(text([shop.sale(f"A-{n % 40}", 1) for n in range(400)]))
            read += 400
            works.kill()
            began = time.monotonic()
            stands_by.until_read(read)
            took.append(time.monotonic() - began)
            assert stands_by.port == port, "it listens where it said"
            epochs = [engine.wait_for("recovered")["epoch"] for engine in (works, stands_by)]
            assert epochs == [len(took), len(took) + 1]
            changes = stands_by.state()["changes"]
            assert (changes["applied"], changes["duplicate"]) == (read, 0)
            works = stands_by
    assert min(took) < TAKE_OVER, took


def test_a_standby_is_alive_and_not_ready_and_answers_nothing_else(binary, flags):
    with Engine(binary, *flags) as first:
        first.until_read(40)
        with Engine(binary, *flags, "--standby") as second:
            port = waits(second, first)
            assert get(port, "/health")[0] == 200
            status, page = get(port, "/readiness")
            assert status == 503
            assert f"pid {first.process.pid}" in json.loads(page)["reason"]
            assert get(port, "/metrics")[1].splitlines()[-1] == "stockwatch_standby 1"
            status, problem = get(port, "/api/v1/state")
            assert status == 503 and "standing by" in json.loads(problem)["detail"]
            assert second.stop()[0] == 0
        first.until(lambda: "stockwatch_standby 0\n" in first.ask("/metrics")[1])


def test_one_of_two_standbys_takes_over_and_the_other_waits_for_it(binary, flags):
    with Engine(binary, *flags) as first:
        first.until_read(40)
        with Engine(binary, *flags, "--standby") as a, Engine(binary, *flags, "--standby") as b:
            waits(a, first)
            waits(b, first)
            assert first.stop()[0] == 0
            a.until(lambda: a.events("started") or b.events("started"), "a new engine")
            new, other = (a, b) if a.events("started") else (b, a)
            assert other.wait_for("standing_by", times=2)["holder"] == f"pid {new.process.pid}"
            assert new.state()["changes"]["read"] == 40


def test_without_anybody_to_wait_for_it_is_an_engine(binary, flags):
    with Engine(binary, *flags, "--standby") as engine:
        engine.until_read(40)
        assert not engine.events("standing_by")


def test_what_can_be_read_but_once_has_no_standby(binary, fast_path):
    with Engine(binary, "--source", "-", "--store", fast_path / "store", "--standby") as engine:
        refused(engine, "--standby", "--source -", code=2)
    assert not (fast_path / "store").exists()


def test_an_address_that_is_taken_is_said_at_once(binary, flags):
    with Engine(binary, *flags) as first:
        first.until_read(40)
        with Engine(binary, *flags, "--standby", port=first.port) as second:
            refused(second, str(first.port))
