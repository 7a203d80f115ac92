"""Commands on a store, of a stopped engine and of a running one."""

import contextlib
import json
import subprocess
import time

import pytest

from engine import PATIENCE, Engine, Reference, compare, lists, one_line, quiet_port
from shop_lines import Shop, text

LIST = ["deadletters", "list"]


@pytest.fixture
def port():
    with quiet_port() as quiet:
        yield quiet


@pytest.fixture
def store(fast_path, binary, sample):
    """A store that has the sample and one broken line; and its source."""
    changes = fast_path / "changes.ndjson"
    changes.write_bytes(b"broken\n" + sample["changes"].read_bytes())
    with Engine(binary, "--source", changes, "--store", fast_path / "store", "--config",
                sample["settings"], "--until-end", "--quiet") as engine:
        assert engine.wait() == 0
    return fast_path / "store"


def test_inspect_and_verify_say_what_is_there(stockwatch, store):
    done = stockwatch("state", "inspect", "--store", store)
    found = json.loads(done.stdout)
    assert done.returncode == 0 and done.stdout.count("\n") == 1
    assert {"epoch", "last_batch", "bytes", "source_time", "changes", "items"} <= set(found)
    changes = found["changes"]
    assert changes["read"] == sum(changes.values()) - changes["read"] > 1000
    assert found["epoch"] == 1 and found["bytes"] > 0 and changes["dead_lettered"] == 1
    done = stockwatch("state", "verify", "--store", store)
    assert done.returncode == 0 and done.stdout.count("\n") == 1 and done.stderr == ""
    assert f"{found['items']} items" in done.stdout
    # To look changes nothing that a next look sees.
    assert json.loads(stockwatch("state", "inspect", "--store", store).stdout)["epoch"] == 1


def test_a_backup_of_a_stopped_engine_is_restored(fast_path, stockwatch, run_bytes, store):
    kept = lists(run_bytes, "--store", store)
    backup, restored = fast_path / "backup", fast_path / "restored"
    assert stockwatch("state", "backup", backup, "--store", store).returncode == 0
    assert stockwatch("state", "verify", "--store", backup).returncode == 0
    done = stockwatch("state", "restore", backup, "--store", restored)
    assert done.returncode == 0 and "all is well" in done.stdout
    for copy in (backup, restored):
        assert lists(run_bytes, "--store", copy) == kept
    for command in (["backup", backup, "--store", store], ["restore", backup, "--store", store]):
        one_line(stockwatch("state", *command), "empty")
    one_line(stockwatch("state", "restore", fast_path / "missing", "--store", fast_path / "new"),
             "missing")
    assert not (fast_path / "missing").exists()
    (fast_path / "other").mkdir()
    (fast_path / "other" / "file").write_text("mine")
    one_line(stockwatch("state", "restore", fast_path / "other", "--store", fast_path / "new"),
             "other")
    assert lists(run_bytes, "--store", store) == kept
    assert stockwatch("state", "restore", backup).returncode == 2


def test_backups_beside_a_running_engine_are_prefixes(tmp_path, binary, stockwatch, run_bytes):
    """Each is what the engine had when it was made, and an engine goes on from it."""
    shop, changes, settings = Shop(), tmp_path / "grows", tmp_path / "settings.json"
    settings.write_text(json.dumps({"commit": {"inputs_max": 32}, "stock": {
        "authority": "ledger"}, "thresholds": {"rules": [{"id": "r", "default": True, "low": 9}]}}))
    rows = [text([shop.item(f"A-{n}", 40)]) for n in range(100)]
    rows += [text([b"bad" if n % 50 == 7 else shop.sale(f"A-{n % 100}", 1)]) for n in range(4900)]
    half = len(rows) // 2  # behind the first backup come the others, however fast the engine is
    changes.write_bytes(b"".join(rows[:half]))
    flags = ["--source", changes, "--config", settings, "--quiet"]
    backups = []
    with Engine(binary, *flags, "--store", tmp_path / "store") as engine:
        while not backups or engine.state()["changes"]["read"] < len(rows):
            folder = tmp_path / f"copy {len(backups)} & é"
            done = stockwatch("state", "backup", folder, "--server", engine.url)
            assert done.returncode == 0, done.stderr
            backups.append(folder)
            if len(backups) == 1:
                with changes.open("ab") as out:
                    out.write(b"".join(rows[half:]))
        one_line(stockwatch("state", "backup", backups[0], "--server", engine.url), "empty")
        assert engine.stop()[0] == 0
    read = []
    for folder in [backups[0], backups[-1]]:
        assert stockwatch("state", "verify", "--store", folder).returncode == 0
        read.append(json.loads(stockwatch("state", "inspect", "--store", folder).stdout)
                    ["changes"]["read"])
        prefix = tmp_path / "prefix.ndjson"
        prefix.write_bytes(b"".join(rows[:read[-1]]))
        before = Reference(run_bytes, tmp_path, prefix, settings)
        compare(lists(run_bytes, "--store", folder), before.lists)
        with Engine(binary, *flags, "--store", folder, "--until-end") as engine:
            assert engine.wait() == 0
        Reference(run_bytes, tmp_path, changes, settings).check(folder)
    assert read == sorted(read) and read[0] <= half


def test_records_make_the_same_store(fast_path, stockwatch, run_bytes, store, sample, replay):
    records, copy = fast_path / "records", fast_path / "copy"
    done = run_bytes("state", "export", "--records", "--store", store)
    assert done.returncode == 0, done.stderr
    records.write_bytes(done.stdout)
    done = stockwatch("state", "import", records, "--store", copy)
    assert done.returncode == 0 and "records" in done.stdout
    piped = run_bytes("state", "import", "-", "--store", fast_path / "piped",
                      stdin=records.read_bytes())
    assert piped.returncode == 0
    for made in (copy, fast_path / "piped"):
        assert stockwatch("state", "verify", "--store", made).returncode == 0
        assert lists(run_bytes, "--store", made) == lists(run_bytes, "--store", store)
        again = run_bytes("state", "export", "--records", "--store", made)
        assert again.stdout == records.read_bytes()
    (fast_path / "empty").write_bytes(b"")
    digests = [replay(fast_path / "empty", "--store", made, "--config", sample["settings"])
               for made in (store, copy)]
    assert digests[0] == digests[1]
    one_line(stockwatch("state", "import", records, "--store", copy), "empty")


SPOILED = {
    "another line": lambda rows: rows[:3] + [b"hello"] + rows[3:],
    "a line cut": lambda rows: rows[:3] + [rows[3][:-9]] + rows[4:],
    "without its head": lambda rows: rows[1:],
    "empty": lambda rows: [],
    "a history row missing": lambda rows: rows[:-1],
    "half of it missing": lambda rows: rows[:len(rows) // 2]}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_records_that_are_not_whole_are_refused(fast_path, run_bytes, store, spoiled):
    rows = run_bytes("state", "export", "--records", "--store", store).stdout.splitlines()
    records = fast_path / "records"
    records.write_bytes(b"".join(row + b"\n" for row in SPOILED[spoiled](rows)))
    done = run_bytes("state", "import", records, "--store", fast_path / "copy")
    assert done.returncode in (1, 2) and done.stderr.count(b"\n") == 1
    assert str(records).encode() in done.stderr or b"line" in done.stderr


def test_an_import_that_fails_or_is_ended_leaves_no_store(binary, fast_path, stockwatch, run_bytes,
                                                          store):
    whole = run_bytes("state", "export", "--records", "--store", store).stdout
    half, new, empty = fast_path / "half", fast_path / "new", fast_path / "empty"
    half.write_bytes(whole[:len(whole) // 2])
    empty.mkdir()
    for folder in (new, empty):
        done = stockwatch("state", "import", half, "--store", folder)
        assert done.returncode == 2 and "line" in done.stderr
    assert not new.exists() and list(empty.iterdir()) == []

    def there():
        with contextlib.suppress(FileNotFoundError):  # a folder that was there a moment ago
            return any(new.rglob("STORE"))

    ended = subprocess.Popen([binary, "state", "import", "-", "--store", new],
                             stdin=subprocess.PIPE)
    try:
        ended.stdin.write(half.read_bytes())
        ended.stdin.flush()
        deadline = time.monotonic() + PATIENCE
        while not there():
            assert ended.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        ended.kill()
        ended.wait()
        ended.stdin.close()
    refused = run_bytes("run", "--source", "-", "--store", new, "--port", 0)
    assert refused.returncode == 1 and b"no store" in refused.stderr


MENDED = {
    "a warehouse without a name in the mapping": (
        {"warehouse": {"mapping": {"W1": "GB"}}},
        {"warehouse": {"mapping": {"W1": "GB", "paris": "FR"}}},
        lambda shop: shop.sale("A", 3, warehouse="paris"), "FR"),
    "a field that a hook sets": (
        {}, {"documents": {"transactions": {"hooks": [{"default": {
            "field": "warehouse_id", "value": "FR"}}]}}},
        lambda shop: shop.sale("A", 3, warehouse=None), "FR")}


def on_letters(stockwatch, place, config, first, second):
    """Looks at both and refuses what must be; gives what changes one of them."""

    def run(action, letter_id):
        return stockwatch("deadletters", action, letter_id, *place, *config)

    shown = json.loads(stockwatch("deadletters", "show", first["id"], *place).stdout)
    assert json.loads(shown["bytes"])["fullDocument"]["quantity"] == 3
    assert {name: shown[name] for name in first} == first
    for action in ("replay", "drop"):
        one_line(run(action, "0123456789abcdef"), "no dead letter", "0123456789abcdef")
        one_line(run(action, "é x/y?z#%2e"), "no dead letter")
    one_line(stockwatch("deadletters", "show", "x", *place), "no dead letter")
    one_line(run("replay", second["id"]), "refused again")
    return run


@pytest.mark.parametrize("where", ["--store", "--server"])
@pytest.mark.parametrize("cause", MENDED)
def test_a_dead_letter_is_taken_when_its_cause_is_mended(fast_path, binary, stockwatch, where, cause):
    before, after, bad, warehouse = MENDED[cause]
    settings, changes = fast_path / "settings.json", fast_path / "changes.ndjson"
    settings.write_text(json.dumps(before))
    shop = Shop()
    letter = bad(shop)
    if letter["fullDocument"]["warehouse_id"] is None:
        del letter["fullDocument"]["warehouse_id"]
    changes.write_bytes(text([shop.item("A", 10), letter, b"never", shop.sale("A", 1)]))
    store = fast_path / "store"
    flags = ["--source", changes, "--store", store, "--config", settings, "--quiet"]
    with Engine(binary, *flags, "--until-end") as engine:
        assert engine.wait() == 0
    [first, second] = [json.loads(row) for row in
                       stockwatch(*LIST, "--store", store).stdout.splitlines()]

    if where == "--store":
        run = on_letters(stockwatch, ["--store", store], ["--config", settings], first, second)
        one_line(run("replay", first["id"]), "refused again")
        settings.write_text(json.dumps(after))
        assert run("replay", first["id"]).returncode == 0
        assert run("drop", second["id"]).returncode == 0
    else:
        settings.write_text(json.dumps(after))
        with Engine(binary, *flags) as engine:
            engine.wait_for("started")
            run = on_letters(stockwatch, ["--server", engine.url], [], first, second)
            assert run("replay", first["id"]).returncode == 0
            assert run("drop", second["id"]).returncode == 0
            assert stockwatch(*LIST, "--server", engine.url).stdout == ""
            engine.kill()
    assert stockwatch(*LIST, "--store", store).stdout == ""
    one_line(stockwatch("deadletters", "show", first["id"], "--store", store), "no dead letter")
    items = [json.loads(row) for row in
             stockwatch("state", "export", "--store", store).stdout.splitlines()]
    assert [item["sku"] for item in items if item["warehouse_id"] == warehouse] == ["A"]
    changes = json.loads(stockwatch("state", "inspect", "--store", store).stdout)["changes"]
    assert changes["read"] == sum(changes.values()) - changes["read"] and changes["applied"] == 3
    assert stockwatch("state", "verify", "--store", store).returncode == 0


def test_commands_of_a_running_engine_equal_those_of_its_store(binary, stockwatch, run_bytes, store,
                                                               sample):
    with Engine(binary, "--source", store.parent / "changes.ndjson", "--store", store, "--config",
                sample["settings"], "--quiet") as engine:
        running = lists(run_bytes, "--server", engine.url)
        verified = stockwatch("state", "verify", "--server", engine.url)
        assert verified.returncode == 0 and json.loads(verified.stdout)["violations"] == []
        inspected = stockwatch("state", "inspect", "--server", engine.url)
        assert engine.stop()[0] == 0
    assert lists(run_bytes, "--store", store) == running
    stopped = json.loads(stockwatch("state", "inspect", "--store", store).stdout)
    assert json.loads(inspected.stdout)["changes"] == stopped["changes"]


def test_verify_of_a_running_engine_fails_where_the_store_is_damaged(binary, stockwatch, store,
                                                                     sample):
    assert stockwatch("state", "verify", "--store", store).returncode == 0  # the tables have it now
    table = max((store / "tables").glob("*.sst"), key=lambda path: path.stat().st_size)
    with Engine(binary, "--source", store.parent / "changes.ndjson", "--store", store, "--config",
                sample["settings"], "--quiet") as engine:
        engine.wait_for("started")
        content = bytearray(table.read_bytes())
        content[len(content) // 3] ^= 0x10
        table.write_bytes(content)
        done = stockwatch("state", "verify", "--server", engine.url)
        assert done.returncode == 1 and "damage" in done.stdout + done.stderr


@pytest.mark.parametrize("command", [
    ["state", "inspect"], ["state", "verify"], ["state", "export"], ["state", "export", "--rollups"],
    ["state", "backup", "copy"], ["alerts", "list"], LIST, ["deadletters", "show", "x"],
    ["deadletters", "replay", "x"], ["deadletters", "drop", "x"]])
def test_without_a_server_one_line_says_so(stockwatch, port, command):
    done = stockwatch(*command, "--server", f"http://127.0.0.1:{port}")
    one_line(done, "127.0.0.1", str(port))
    assert done.stdout == ""


@pytest.mark.parametrize("flags", [
    ["state"], ["state", "poems"], ["state", "backup"], ["state", "restore", "x"],
    ["state", "import", "x"], ["alerts"], ["deadletters", "show"], ["state", "export", "--records"],
    ["state", "inspect", "--store", "x", "--server", "y"], ["alerts", "list", "--output", "xml"],
    ["run"], ["run", "--source", "x"], ["run", "--source", "x", "--store", "y", "--port", "70000"]])
def test_wrong_use_is_exit_code_2(stockwatch, flags):
    done = stockwatch(*flags)
    assert done.returncode == 2 and done.stdout == "" and done.stderr
