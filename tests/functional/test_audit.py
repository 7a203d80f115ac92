"""The admin key and the audit log: who may change something, and that it is told for ever."""

import json
import re
import stat

import pytest

from engine import Engine, one_line
from shop_lines import Shop, text

JSON = {"Content-Type": "application/json"}
RULES = {"thresholds": {"rules": [{"id": "all", "default": True, "low": 10, "reason": "a start"}]}}


@pytest.fixture
def changes(fast_path):
    path = fast_path / "changes.ndjson"
    path.write_bytes(text([Shop().item("A", 10), b"one", b"two", b"three"]))
    return path


@pytest.fixture
def flags(fast_path, changes):
    settings = fast_path / "settings.json"
    settings.write_text(json.dumps(RULES))
    return ["--source", changes, "--store", fast_path / "store", "--config", settings, "--quiet"]


def letters(engine):
    return [json.loads(row)["id"]
            for row in engine.ask("/api/v1/state/deadletters")[1].splitlines()]


def test_a_change_needs_the_key_and_reading_does_not(binary, flags):
    with Engine(binary, *flags) as engine:
        engine.until_read(4)
        path = "/api/v1/deadletters/" + letters(engine)[0]
        for given, expected in [({}, 401), ({"Authorization": "Basic YTpi"}, 401),
                                ({"Authorization": "Bearer "}, 401),
                                ({"Authorization": "Bearer swk_" + "0" * 64}, 403),
                                ({"Authorization": f"Bearer {engine.key}0"}, 403),
                                ({"Authorization": f"Bearer {engine.key[:-1]}"}, 403)]:
            status, headers, body = engine.exchange(path, "DELETE", headers={**JSON, **given})
            assert status == expected and json.loads(body)["status"] == expected, body
            assert headers["Content-Type"] == "application/problem+json"
            assert ("WWW-Authenticate" in headers) is (expected == 401)
            assert engine.key not in body
        assert len(letters(engine)) == 3
        good = {**JSON, "Authorization": f"Bearer {engine.key}"}
        assert engine.exchange(path, "DELETE", headers=good)[0] == 200
        assert len(letters(engine)) == 2
        assert engine.stop()[0] == 0


def test_the_key_is_shown_once_and_kept_nowhere(binary, flags, fast_path, run_bytes):
    with Engine(binary, *flags) as engine:
        engine.until_read(4)
        key = engine.key
        assert re.fullmatch("swk_[0-9a-f]{64}", key)
        assert engine.stop()[0] == 0
        assert not any(key in line for line in engine.lines)
    Engine.keys.pop(engine.store)
    with Engine(binary, *flags) as engine:
        engine.until_read(4)
        assert engine.stop()[0] == 0
        assert engine.store not in Engine.keys and not engine.events("admin_key_made")
    for path in (fast_path / "store").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert key.encode() not in data and bytes.fromhex(key[4:]) not in data, path
    records = run_bytes("state", "export", "--records", "--store", fast_path / "store").stdout
    assert key.encode().hex().encode() not in records


def test_a_key_file_is_for_its_owner_and_never_written_over(binary, flags, fast_path):
    file = fast_path / "key"
    with Engine(binary, *flags, "--key-file", file) as engine:
        engine.until_read(4)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        good = {**JSON, "Authorization": "Bearer " + file.read_text().strip()}
        path = "/api/v1/deadletters/" + letters(engine)[0]
        assert engine.exchange(path, "DELETE", headers=good)[0] == 200
        assert engine.stop()[0] == 0
    before = file.read_text()
    other = [fast_path / "other" if flag == fast_path / "store" else flag for flag in flags]
    with Engine(binary, *other, "--key-file", file) as engine:
        assert engine.wait() == 1 and "key" in engine.events("refused")[0]["message"]
    assert file.read_text() == before


def test_commands_take_the_key_from_a_file_or_the_environment(binary, flags, fast_path, stockwatch,
                                                              monkeypatch):
    with Engine(binary, *flags) as engine:
        engine.until_read(4)
        url, key, found = engine.url, engine.key, letters(engine)
        monkeypatch.delenv("STOCKWATCH_KEY")
        drop = ["deadletters", "drop", "--server", url]
        one_line(stockwatch(*drop, found[0]), "needs the admin key")
        monkeypatch.setenv("STOCKWATCH_KEY", key)
        assert stockwatch(*drop, found[0]).returncode == 0
        monkeypatch.setenv("STOCKWATCH_KEY", "swk_wrong")
        one_line(stockwatch(*drop, found[1]), "not the admin key")
        file = fast_path / "key"
        one_line(stockwatch(*drop, found[1], "--key-file", file), "cannot read", file)
        file.write_text(key + "\n")
        assert stockwatch(*drop, found[1], "--key-file", file, "--why", "a test").returncode == 0
        assert engine.stop()[0] == 0


def test_a_lost_key_is_reset_and_the_old_one_ends(binary, flags, stockwatch, fast_path):
    with Engine(binary, *flags) as engine:
        engine.until_read(4)
        old = engine.key
        one_line(stockwatch("keys", "reset", "--store", fast_path / "store"))
        assert engine.stop()[0] == 0
    done = stockwatch("keys", "reset", "--store", fast_path / "store", "--why", "lost")
    assert done.returncode == 0, done.stderr
    new = done.stdout.splitlines()[-1]
    assert re.fullmatch("swk_[0-9a-f]{64}", new) and new != old
    with Engine(binary, *flags) as engine:
        engine.until_read(4)
        path = "/api/v1/deadletters/" + letters(engine)[0]
        for key, expected in [(old, 403), (new, 200)]:
            headers = {**JSON, "Authorization": f"Bearer {key}"}
            assert engine.exchange(path, "DELETE", headers=headers)[0] == expected
        entries = [json.loads(row) for row in
                   engine.ask("/api/v1/state/audit")[1].splitlines()]
        assert engine.stop()[0] == 0
    reset = next(entry for entry in entries if entry["kind"] == "key.reset")
    assert (reset["who"], reset["why"], reset["subject"]) == ("operator", "lost", "admin")
    one_line(stockwatch("keys", "reset", "--store", fast_path / "missing"), "no store")


def test_what_is_changed_is_audited(binary, flags, fast_path, stockwatch):
    with Engine(binary, *flags) as engine:
        engine.until_read(4)
        first, second, third = letters(engine)
        status, _ = engine.ask(f"/api/v1/deadletters/{first}?why=it+is+broken", "DELETE",
                               headers=JSON)
        assert status == 200
        assert engine.ask(f"/api/v1/deadletters/{second}/replay", "POST", headers=JSON)[0] == 409
        done = stockwatch("audit", "list", "--server", engine.url)
        assert stockwatch("audit", "verify", "--server", engine.url).returncode == 0
        assert engine.stop()[0] == 0
    assert done.returncode == 0
    entries = [json.loads(row) for row in done.stdout.splitlines()]
    assert [(entry["number"], entry["kind"], entry["subject"]) for entry in entries] == [
        (1, "rule.put", "all"), (2, "key.make", "admin"), (3, "deadletter.drop", first)]
    rule, _, drop = entries
    assert rule["who"] == "settings" and rule["before"] is None and rule["after"]["low"] == 10
    assert rule["why"] == "a start"
    assert (drop["who"], drop["from"], drop["why"]) == ("admin", "127.0.0.1", "it is broken")
    assert drop["before"]["id"] == first and drop["after"] is None
    store = fast_path / "store"
    done = stockwatch("deadletters", "drop", third, "--store", store, "--config",
                      flags[flags.index("--config") + 1], "--why", "no use")
    assert done.returncode == 0, done.stderr
    last = json.loads(stockwatch("audit", "list", "--store", store).stdout.splitlines()[-1])
    assert (last["number"], last["who"], last["why"]) == (4, "operator", "no use")
    done = stockwatch("audit", "verify", "--store", store)
    assert done.returncode == 0 and done.stdout == (
        f"4 entries, all as they were written, head 4:{last['hash']}\n")


def test_an_edit_of_the_settings_is_audited(binary, flags, stockwatch, fast_path):
    settings = fast_path / "settings.json"
    for low in (10, 12, None):
        rules = [{**RULES["thresholds"]["rules"][0], "low": low}] if low else []
        settings.write_text(json.dumps({"thresholds": {"rules": rules}}))
        with Engine(binary, *flags) as engine:
            engine.until_read(4)
            assert engine.stop()[0] == 0
    rows = stockwatch("audit", "list", "--store", fast_path / "store").stdout.splitlines()
    edits = [entry for entry in map(json.loads, rows) if entry["kind"].startswith("rule.")]
    assert [(edit["kind"], (edit["before"] or {}).get("low"), (edit["after"] or {}).get("low"))
            for edit in edits] == [("rule.put", None, 10), ("rule.put", 10, 12),
                                   ("rule.remove", 12, None)]


def tampered(rows, kind):
    """The exported records with one byte of an audit entry changed, or without it."""
    at = [n for n, row in enumerate(rows)
          if b'"family":"audit"' in row and b'"key":"0000' in row]
    if kind == "removed":
        del rows[at[1]]
        end = json.loads(rows[-1])
        end["records"] -= 1
        rows[-1] = json.dumps(end, separators=(",", ":")).encode()
    else:
        rows[at[1]] = rows[at[1]].replace(b"admin".hex().encode(), b"adm1n".hex().encode(), 1)
    return b"".join(row + b"\n" for row in rows)


@pytest.mark.parametrize("kind", ["changed", "removed"])
def test_a_log_that_was_tampered_with_is_found(binary, flags, run_bytes, stockwatch, fast_path,
                                               kind):
    with Engine(binary, *flags) as engine:
        engine.until_read(4)
        assert engine.ask(f"/api/v1/deadletters/{letters(engine)[0]}", "DELETE",
                          headers=JSON)[0] == 200
        assert engine.stop()[0] == 0
    store = fast_path / "store"
    noted = stockwatch("audit", "verify", "--store", store).stdout.split()[-1]
    assert stockwatch("audit", "verify", "--store", store, "--noted", noted).returncode == 0
    one_line(stockwatch("audit", "verify", "--store", store, "--noted", "9" + noted[1:]), "entry 9")
    assert stockwatch("audit", "verify", "--store", store, "--noted", "x").returncode == 2
    rows = run_bytes("state", "export", "--records", "--store", store).stdout.splitlines()
    (fast_path / "records").write_bytes(tampered(rows, kind))
    forged = fast_path / "forged"
    assert stockwatch("state", "import", fast_path / "records", "--store", forged).returncode == 0
    one_line(stockwatch("audit", "verify", "--store", forged), "entry 2")
    other = [forged if flag == store else flag for flag in flags]
    with Engine(binary, *other) as engine:
        engine.until_read(4)
        status, _, body = engine.exchange("/api/v1/audit/verify")
        assert status == 500 and "entry 2" in json.loads(body)["detail"]
        assert engine.stop()[0] == 0
