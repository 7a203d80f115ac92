"""Hostile lines: each is one dead letter that says what and where, and nothing around it moves."""

import hashlib
import json
import re

import pytest

from shop_lines import START, Shop, line, read_lines, text

GOOD = line(Shop().sale("A", 1))
LINE_BYTES_MAX = 1024


def sale(**fields):
    """A sale with other fields in its document; None takes one out."""
    event = Shop().sale("A", 1)
    event["fullDocument"] = {name: value for name, value in {
        **event["fullDocument"], **fields}.items() if value is not None}
    return event


def change(**fields):
    """A sale with other fields in its event."""
    event = {**Shop().sale("A", 1), **fields}
    return {name: value for name, value in event.items() if value is not None}


def raw(old, new):
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def nested(depth):
    return b'{"a":' * depth + b"1" + b"}" * depth


# name -> (line, reason, stage, whether its position can be read)
JSON, WRONG = ("malformed JSON", "read", False), ("bad number", "decode", True)
HOSTILE = {
    "not JSON": (b"hello", *JSON),
    "truncated": (GOOD[:-20], *JSON),
    "a number": (b"42", *JSON),
    "an array": (b"[" + GOOD + b"]", *JSON),
    "empty line": (b"", *JSON),
    "blanks": (b" \t ", *JSON),
    "a zero byte": (b"\0", *JSON),
    "an unclosed string": (GOOD[:9], *JSON),
    "two documents on a line": (GOOD + GOOD, *JSON),
    "text behind the document": (GOOD + b" x", *JSON),
    "too deep": (nested(101), "too large", "read", False),
    "far too deep": (b"[" * 900, *JSON),
    "too long": (b'{"a":"' + b"x" * LINE_BYTES_MAX + b'"}', "too large", "read", False),
    "field twice in the event": (GOOD[:-1] + b',"operationType":"delete"}', *JSON),
    "field twice in the document": (raw(b'"quantity":1', b'"quantity":1,"quantity":2'), *JSON),
    "invalid UTF-8": (raw(b'"sku":"A"', b'"sku":"\xff\xfe"'), *JSON),
    "overlong UTF-8": (raw(b'"sku":"A"', b'"sku":"\xc0\xaf"'), *JSON),
    "half a surrogate pair": (raw(b'"sku":"A"', b'"sku":"\\ud800"'), *JSON),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD, *JSON),
    "bare NaN": (raw(b'"quantity":1', b'"quantity":NaN'), *JSON),
    "no token": (change(_id=None), "no token", "read", False),
    "an empty token": (change(_id={"_data": ""}), "no token", "read", False),
    "no cluster time": (change(clusterTime=None), "no cluster time", "read", False),
    "a text as cluster time": (change(clusterTime="now"), "malformed event", "read", False),
    "no namespace": (change(ns=None), "no namespace", "read", True),
    "no document key": (change(documentKey=None), "no document key", "read", True),
    "no document": (change(fullDocument=None), "no full document", "read", True),
    "another document key": (change(documentKey={"_id": "T-0"}), "document key mismatch",
                             "decode", True),
    "unknown operation": (change(operationType="upsert"), "unknown operation", "read", True),
    "no operation": (change(operationType=None), "malformed event", "read", True),
    "unknown type": (sale(type="gift"), "unknown type", "decode", True),
    "quantity zero": (sale(quantity=0), "out of range", "decode", True),
    "quantity below zero": (sale(quantity=-1), "out of range", "decode", True),
    "quantity of 4 decimals": (sale(quantity=1.2345), *WRONG),
    "quantity NaN": (sale(quantity={"$numberDouble": "NaN"}), *WRONG),
    "quantity infinite": (sale(quantity={"$numberDouble": "Infinity"}), *WRONG),
    "quantity 1e10": (raw(b'"quantity":1', b'"quantity":1e10'), *WRONG),
    "quantity 10^10": (sale(quantity=10**10), *WRONG),
    "quantity decimal 1E+6000": (sale(quantity={"$numberDecimal": "1E+6000"}), *WRONG),
    "quantity as text": (sale(quantity="two"), *WRONG),
    "no quantity": (sale(quantity=None), "missing field", "decode", True),
    "no SKU": (sale(sku=None), "missing field", "decode", True),
    "no warehouse": (sale(warehouse_id=None), "missing warehouse", "decode", True),
    "empty SKU": (sale(sku=""), "bad id", "decode", True),
    "SKU of 129 bytes": (sale(sku="x" * 129), "bad id", "decode", True),
    "SKU of 65 characters in 130 bytes": (sale(sku="é" * 65), "bad id", "decode", True),
    "control character in the SKU": (sale(sku="a\x01b"), "bad id", "decode", True),
    "zero byte in the SKU": (sale(sku="a\0b"), "bad id", "decode", True),
    "line break in the SKU": (sale(sku="a\nb"), "bad id", "decode", True),
    "transaction updated": (change(operationType="update"), "transaction updated", "decode", True),
    "transaction replaced": (change(operationType="replace"), "transaction updated", "decode",
                             True),
    "bad date": (sale(occurred_at="yesterday"), "bad date", "decode", True),
    "schema of tomorrow": (sale(schema_version=2), "unknown schema version", "decode", True),
    "unknown status": (Shop().item("B", 1, status="gone"), "unknown status", "decode", True),
    "critical above low": (Shop().rule("r", scope={"sku": "A"}, low=1, critical=5), "bad rule",
                           "decode", True),
    "rule for nothing": (Shop().rule("r", scope={}, low=1), "bad rule", "decode", True),
    "rule with an unknown field": (Shop().rule("r", scope={"sku": "A"}, lo=1), "unknown field",
                                   "decode", True),
    "second document of an item": (Shop().item("A", 5, key="other"), "item has another document",
                                   "route", True),
}


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "settings.yaml"
    path.write_text(f"source:\n  line_bytes_max: {LINE_BYTES_MAX}\nstock:\n  authority: ledger\n")
    return path


def opening():
    """The first good line; its second is before those of all others."""
    event = Shop().item("A", 100)
    event["_id"]["_data"] = f"82{START:08X}"
    event["clusterTime"]["$timestamp"]["t"] = START
    return event


def closing():
    """The last good line; its second is behind those of all others."""
    event = Shop().sale("A", 30)
    event["_id"]["_data"] = f"82{START + 99:08X}"
    event["clusterTime"]["$timestamp"]["t"] = START + 99
    return event


def around(bad):
    return text([opening(), bad, closing()])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_is_one_dead_letter(tmp_path, replay, settings, name):
    bad, reason, stage, has_position = HOSTILE[name]
    content = bad if isinstance(bad, bytes) else line(bad)
    (tmp_path / "in").write_bytes(around(bad))
    summary = replay(tmp_path / "in", "--config", settings, "--export", tmp_path / "out")
    assert summary["changes"] == {"read": 3, "applied": 2, "duplicate": 0, "stale": 0,
                                  "dead_lettered": 1, "control": 0}
    [letter] = read_lines(tmp_path / "out" / "deadletters.ndjson")
    assert list(letter) == ["id", "reason", "stage", "position", "line", "bytes_sha256", "size",
                            "at", "message"]
    assert (letter["reason"], letter["stage"], letter["line"]) == (reason, stage, 2)
    as_read = content[:LINE_BYTES_MAX]  # of a line that is too long nothing more is read
    assert letter["size"] == len(as_read)
    assert letter["bytes_sha256"] == hashlib.sha256(as_read).hexdigest()
    assert re.fullmatch("[0-9a-f]{32}", letter["id"]) and letter["message"]
    if has_position:
        event = json.loads(content)
        assert letter["position"] == {**event["clusterTime"]["$timestamp"], "n": 0}
    else:
        assert letter["position"] is None and letter["at"] == "2023-11-14T22:13:20Z"
    [item] = read_lines(tmp_path / "out" / "items.ndjson")
    assert (item["sku"], item["on_hand"], item["position"]["t"]) == ("A", 70, START + 99)


@pytest.mark.parametrize("name", HOSTILE)
def test_strict_ends_at_a_hostile_line_and_names_it(tmp_path, stockwatch, settings, name):
    bad, reason, _, _ = HOSTILE[name]
    (tmp_path / "in").write_bytes(around(bad))
    done = stockwatch("replay", tmp_path / "in", "--config", settings, "--strict", "--output",
                      "json", "--export", tmp_path / "out")
    assert done.returncode == 1 and done.stdout == ""
    assert f"line 2: {reason}: " in done.stderr
    assert not list((tmp_path / "out").iterdir())


def test_strict_is_content_with_good_lines_duplicates_and_control_events(tmp_path, stockwatch):
    drop = change(operationType="drop", fullDocument=None, documentKey=None)
    drop["_id"]["_data"] += "01"
    (tmp_path / "in").write_bytes(text([opening(), opening(), drop, closing()]))
    done = stockwatch("replay", tmp_path / "in", "--strict", "--output", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["changes"]["control"] == 1


def test_a_change_older_than_the_history_is_stale_and_a_letter(tmp_path, replay, stockwatch):
    stale = sale()
    stale["clusterTime"]["$timestamp"]["t"] = START - 101 * 86_400
    (tmp_path / "in").write_bytes(around(stale))
    summary = replay(tmp_path / "in", "--export", tmp_path / "out")
    assert summary["changes"] == {"read": 3, "applied": 2, "duplicate": 0, "stale": 1,
                                  "dead_lettered": 0, "control": 0}
    [letter] = read_lines(tmp_path / "out" / "deadletters.ndjson")
    assert (letter["reason"], letter["stage"], letter["line"]) == ("stale", "route", 2)
    assert letter["bytes_sha256"] == hashlib.sha256(line(stale)).hexdigest()
    done = stockwatch("replay", tmp_path / "in", "--strict")
    assert done.returncode == 1 and "line 2: stale: " in done.stderr


def test_size_and_sum_leave_out_the_line_break_of_either_kind(tmp_path, replay):
    for end in (b"\n", b"\r\n"):
        (tmp_path / "in").write_bytes(text([opening(), b"x y", closing()], end))
        replay(tmp_path / "in", "--export", tmp_path / "out")
        [letter] = read_lines(tmp_path / "out" / "deadletters.ndjson")
        assert letter["size"] == 3
        assert letter["bytes_sha256"] == hashlib.sha256(b"x y").hexdigest()


def test_the_longest_line_that_is_allowed_applies(tmp_path, replay, settings):
    event = sale()
    event["x"] = ""
    event["x"] = "x" * (LINE_BYTES_MAX - len(line(event)))
    assert len(line(event)) == LINE_BYTES_MAX
    (tmp_path / "in").write_bytes(around(event))
    summary = replay(tmp_path / "in", "--config", settings)
    assert summary["changes"]["applied"] == 3
    event["x"] += "x"
    (tmp_path / "in").write_bytes(around(event))
    summary = replay(tmp_path / "in", "--config", settings)
    assert summary["changes"]["dead_lettered"] == 1


def test_all_hostile_lines_at_once_are_letters_in_their_order(tmp_path, replay, settings):
    bad = [entry for entry in HOSTILE.values() if entry[1] != "item has another document"]
    (tmp_path / "in").write_bytes(text([opening(), *(entry[0] for entry in bad), closing()]))
    summary = replay(tmp_path / "in", "--config", settings, "--export", tmp_path / "out")
    assert summary["changes"]["applied"] == 2
    letters = read_lines(tmp_path / "out" / "deadletters.ndjson")
    assert [(letter["line"], letter["reason"]) for letter in letters] == [
        (number, entry[1]) for number, entry in enumerate(bad, 2)]


def test_ten_thousand_bad_lines_in_a_row(tmp_path, replay, settings):
    bad = [b'{"broken":%d' % number for number in range(10_000)]
    (tmp_path / "in").write_bytes(text([opening(), *bad, closing()]))
    summary = replay(tmp_path / "in", "--config", settings, "--export", tmp_path / "out")
    assert summary["changes"] == {"read": 10_002, "applied": 2, "duplicate": 0, "stale": 0,
                                  "dead_lettered": 10_000, "control": 0}
    letters = read_lines(tmp_path / "out" / "deadletters.ndjson")
    assert [letter["line"] for letter in letters] == list(range(2, 10_002))
    assert len({letter["id"] for letter in letters}) == 10_000
    [item] = read_lines(tmp_path / "out" / "items.ndjson")
    assert item["on_hand"] == 70


def test_a_binary_file_is_letters_and_no_failure(tmp_path, replay):
    noise = bytes(range(256)) * 40
    (tmp_path / "in").write_bytes(noise)
    summary = replay(tmp_path / "in")
    assert summary["changes"]["dead_lettered"] == summary["changes"]["read"] == 41
