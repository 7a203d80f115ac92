"""What protects a field never shows its value: not of good lines, nor of refused ones, nor of
broken ones."""

import json

import pytest

from canary import CANARY, PROTECTIONS, broken_lines, good_lines, protecting, refused_lines
from shop_lines import read_lines, text


@pytest.fixture(params=PROTECTIONS)
def protection(request):
    return request.param


@pytest.fixture
def settings(tmp_path, protection):
    return protecting(tmp_path, [{protection: {"field": "customer.email"}}])


def test_the_canary_shows_nowhere(tmp_path, run_bytes, settings, protection):
    lines = [*good_lines(), *refused_lines(), *broken_lines()]
    content = text(lines)
    assert content.count(CANARY.encode()) >= len(lines) - 1
    (tmp_path / "in").write_bytes(content)
    shown = b""
    for number, flags in enumerate([["--output", "json"], ["--output", "text"], ["--strict"]]):
        out = tmp_path / f"out{number}"
        done = run_bytes("replay", tmp_path / "in", "--config", settings, *flags, "--export", out,
                         "--metrics", tmp_path / "metrics")
        assert done.returncode == (1 if "--strict" in flags else 0)
        shown += done.stdout + done.stderr
        shown += b"".join(path.read_bytes() for path in out.iterdir())
    shown += (tmp_path / "metrics").read_bytes()
    assert CANARY.encode() not in shown and b"canary" not in shown
    letters = read_lines(tmp_path / "out0" / "deadletters.ndjson")
    good = len(good_lines())
    assert [letter["line"] for letter in letters] == list(range(good + 1, len(lines) + 1))


def test_a_dead_letter_shows_what_stands_in_its_place(tmp_path, stockwatch, settings, protection):
    """Also after it was tried again, and refused again."""
    (tmp_path / "in").write_bytes(text(refused_lines()))
    store = ("--store", tmp_path / "store")
    assert stockwatch("replay", tmp_path / "in", "--config", settings, *store).returncode == 0
    listed = stockwatch("deadletters", "list", *store)
    first = json.loads(listed.stdout.splitlines()[0])["id"]
    shown = stockwatch("deadletters", "show", first, *store).stdout
    assert shown.replace('\\"', '"').count(PROTECTIONS[protection]) == 1, shown
    again = stockwatch("deadletters", "replay", first, *store, "--config", settings)
    assert again.returncode == 1 and "canary" not in again.stdout + again.stderr
    assert stockwatch("deadletters", "show", first, *store).stdout == shown


@pytest.mark.parametrize("number", range(len(broken_lines()) + len(refused_lines())))
def test_strict_does_not_show_it_either(tmp_path, stockwatch, settings, number):
    bad = [*broken_lines(), *refused_lines()][number]
    (tmp_path / "in").write_bytes(text([*good_lines(), bad]))
    done = stockwatch("replay", tmp_path / "in", "--config", settings, "--strict")
    assert done.returncode == 1 and "line 6: " in done.stderr
    assert "canary" not in done.stdout + done.stderr


def test_redaction_changes_no_figure(tmp_path, replay, settings):
    (tmp_path / "in").write_bytes(text(good_lines()))
    plain = replay(tmp_path / "in")
    assert replay(tmp_path / "in", "--config", settings) == plain
    assert plain["changes"]["applied"] == len(good_lines())
