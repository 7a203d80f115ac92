"""A store that is not ours, is damaged, or stands on a disk that fails: one clear line, and nothing
is made worse."""

import contextlib
import json
import struct

import pytest

from engine import Engine, one_line, refused, tree
from shop_lines import Shop, text

REMEDY = "restore a backup: stockwatch state restore"
LOOKS = [["state", "inspect"], ["state", "verify"], ["state", "export"], ["alerts", "list"],
         ["deadletters", "list"]]


@pytest.fixture
def shop_file(fast_path):
    shop, path = Shop(), fast_path / "changes.ndjson"
    path.write_bytes(text([shop.item(f"A-{n}", 50) for n in range(40)] + [b"broken"] +
                          [shop.sale(f"A-{n % 40}", 1) for n in range(400)]))
    return path


@pytest.fixture
def runs(binary):
    """An engine on a store and a file, to its end; other flags may follow."""

    def run(store, changes, *flags):
        return Engine(binary, "--source", changes, "--store", store, "--until-end", "--quiet",
                      *flags)

    return run


@pytest.fixture
def store(fast_path, runs, shop_file):
    """A store with journal and tables."""
    path = fast_path / "store"
    with runs(path, shop_file) as engine:
        assert engine.wait() == 0
    more = fast_path / "more.ndjson"
    more.write_bytes(text([Shop().item("B", 9)]))
    with runs(path, more) as engine:
        assert engine.wait() == 0
    assert len(list((path / "tables").glob("*.sst"))) >= 2 and journal(path).stat().st_size
    return path


def journal(store):
    return sorted(store.glob("journal-*.log"))[-1]


def tables(store):
    return sorted((store / "tables").glob("*.sst"))


def flip(path, at):
    content = bytearray(path.read_bytes())
    content[at] ^= 0x10
    path.write_bytes(content)


def test_one_process_at_a_time(binary, stockwatch, runs, fast_path, shop_file):
    store = fast_path / "store"
    with Engine(binary, "--source", shop_file, "--store", store, "--quiet") as engine:
        engine.until_read(441)
        for command in LOOKS + [["state", "backup", fast_path / "copy"],
                                ["deadletters", "drop", "x"], ["deadletters", "replay", "x"]]:
            one_line(stockwatch(*command, "--store", store), store, "--server",
                     f"pid {engine.process.pid}")
        one_line(stockwatch("replay", shop_file, "--store", store), "--server")
        with runs(store, shop_file) as second:
            refused(second, store, "--server", f"pid {engine.process.pid}")
        assert engine.state()["changes"]["read"] == 441
        engine.kill()  # the lock goes with its process
    with runs(store, shop_file) as engine:
        assert engine.wait() == 0


def test_two_engines_that_start_at_once_are_one(runs, fast_path, shop_file, run_bytes):
    for number in range(5):
        store = fast_path / f"store-{number}"
        with contextlib.ExitStack() as stack:
            engines = [stack.enter_context(runs(store, shop_file)) for _ in range(4)]
            codes = [engine.wait() for engine in engines]
        assert 0 in codes and set(codes) <= {0, 1}
        inspected = json.loads(run_bytes("state", "inspect", "--store", store).stdout)
        assert inspected["changes"]["read"] == 441


@pytest.mark.parametrize("name", ["notes.txt", "journal-0000000000000001.log", "EPOCH", "CURRENT"])
def test_a_folder_of_somebody_else_is_left_alone(fast_path, stockwatch, runs, shop_file, name):
    foreign = fast_path / "foreign"
    (foreign / "below").mkdir(parents=True)
    (foreign / name).write_text("mine")
    with runs(foreign, shop_file) as engine:
        refused(engine, foreign, "name an empty folder or a store")
    for command in LOOKS:
        one_line(stockwatch(*command, "--store", foreign), foreign)
    assert {path.name for path in foreign.iterdir()} == {name, "below"}
    assert (foreign / name).read_text() == "mine"


def test_a_path_that_is_no_folder(fast_path, stockwatch, runs, shop_file):
    before = shop_file.read_bytes()
    for path in (shop_file, shop_file / "below"):
        with runs(path, shop_file) as engine:
            refused(engine, path)
        for command in LOOKS:
            one_line(stockwatch(*command, "--store", path), path)
    missing = fast_path / "missing"
    for command in LOOKS:
        one_line(stockwatch(*command, "--store", missing), "no store", missing)
    assert not missing.exists() and shop_file.read_bytes() == before


def test_a_newer_store_is_refused_and_left_alone(store, stockwatch, runs, shop_file):
    file = store / "STORE"
    content = bytearray(file.read_bytes())
    content[8:12] = struct.pack("<I", 2)
    file.write_bytes(content)
    before = tree(store)
    with runs(store, shop_file) as engine:
        refused(engine, store, "newer version", "format 2")
    for command in LOOKS:
        one_line(stockwatch(*command, "--store", store), store, "newer version")
    assert tree(store) == before


def all_refuse(store, stockwatch, runs, shop_file, *words):
    """Nothing opens it, each says why, and nothing of it is written over."""
    before = tree(store)
    with runs(store, shop_file) as engine:
        refused(engine, *words)
    for command in LOOKS:
        one_line(stockwatch(*command, "--store", store), *words)
    one_line(stockwatch("replay", shop_file, "--store", store), *words)
    assert tree(store) == before


DAMAGE = {
    "STORE flipped": lambda s: (flip(s / "STORE", 20), s / "STORE"),
    "STORE cut": lambda s: ((s / "STORE").write_bytes(b"SWSTORE1"), s / "STORE"),
    "EPOCH flipped": lambda s: (flip(s / "EPOCH", 3), s / "EPOCH"),
    "EPOCH gone": lambda s: ((s / "EPOCH").unlink(), s / "EPOCH"),
    "EPOCH empty": lambda s: ((s / "EPOCH").write_bytes(b""), s / "EPOCH"),
    "journal header flipped": lambda s: (flip(journal(s), 40), journal(s)),
    "journal record flipped": lambda s: (flip(journal(s), 64 + 32 + 8), journal(s)),
    "journal cut": lambda s: (journal(s).write_bytes(journal(s).read_bytes()[:30]), journal(s)),
    "journal empty": lambda s: (journal(s).write_bytes(b""), journal(s)),
    "journal gone": lambda s: (journal(s).unlink(), s),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_names_the_file_and_the_remedy(fast_path, store, stockwatch, runs, what, shop_file,
                                              binary):
    # Several batches, the last of them unsettled: the bad record has good ones behind it.
    grows = fast_path / "grows"
    shop = Shop()
    grows.write_bytes(b"")
    with Engine(binary, "--source", grows, "--store", store, "--quiet") as engine:
        for number in range(4):
            with grows.open("ab") as out:
                out.write(text([shop.item(f"C-{number}", 9)]))
            engine.until_read(442 + number + 1)
        engine.kill()
    _, named = DAMAGE[what](store)
    all_refuse(store, stockwatch, runs, shop_file, named, REMEDY)


def test_a_flipped_byte_of_a_table_is_found_and_nothing_is_lost(store, stockwatch, run_bytes):
    for table in tables(store):
        kept = table.read_bytes()
        for at in range(10, len(kept), max(1, len(kept) // 8)):
            flip(table, at)
            done = stockwatch("state", "verify", "--store", store)
            assert done.returncode == 1, (table, at)
            assert "restore a backup" in done.stderr and done.stderr.count("\n") == 1
            table.write_bytes(kept)
    assert run_bytes("state", "verify", "--store", store).returncode == 0


@pytest.mark.parametrize("damage", ["cut", "empty", "gone"])
def test_a_table_that_is_not_whole_is_refused(store, stockwatch, runs, shop_file, damage):
    for table in tables(store):
        kept = table.read_bytes()
        if damage == "gone":
            table.unlink()
        else:
            table.write_bytes(kept[:len(kept) // 2] if damage == "cut" else b"")
        with runs(store, shop_file) as engine:
            refused(engine, table.stem, "restore a backup")
        for command in LOOKS:
            one_line(stockwatch(*command, "--store", store), table.stem, "restore a backup")
        table.write_bytes(kept)
    assert stockwatch("state", "verify", "--store", store).returncode == 0


@pytest.mark.parametrize("name, damage", [
    ("CURRENT", "gone"), ("CURRENT", "empty"), ("MANIFEST", "gone"), ("MANIFEST", "empty"),
    ("MANIFEST", "cut")])
def test_an_index_of_tables_that_is_not_whole_is_refused(store, stockwatch, runs, shop_file, name,
                                                         damage):
    [file] = (store / "tables").glob(f"{name}*")
    kept = file.read_bytes()
    file.unlink()
    if damage != "gone":
        file.write_bytes(kept[:len(kept) // 2] if damage == "cut" else b"")
    all_refuse(store, stockwatch, runs, shop_file, store, "restore a backup")
    file.write_bytes(kept)
    assert stockwatch("state", "verify", "--store", store).returncode == 0


def test_a_torn_end_of_the_journal_is_no_damage(fast_path, binary, run_bytes, runs, store):
    """What was never acknowledged may be cut off; the source has it still."""
    grows, shop = fast_path / "grows", Shop()
    grows.write_bytes(text([shop.item("A", 9)]))
    with Engine(binary, "--source", grows, "--store", store, "--quiet") as engine:
        engine.until_read(443)
        engine.kill()
    content = journal(store).read_bytes()
    used = len(content.rstrip(b"\0"))
    journal(store).write_bytes(content[:used - 20])
    with runs(store, grows) as engine:
        assert engine.wait() == 0
        assert engine.events("recovered")[0]["bytes_torn"] > 0
        assert engine.events("stopped")[0]["changes_read"] == 443


SETTINGS = {"stock.authority": {"stock": {"authority": "ledger"}},
            "stock.opens_at_zero": {"stock": {"opens_at_zero": True}},
            "history.keep": {"history": {"keep": "50d"}},
            "stock.warehouses.W1.authority": {"stock": {"warehouses": {"W1": {
                "authority": "ledger"}}}}}


@pytest.mark.parametrize("setting", SETTINGS)
def test_other_settings_of_stock_are_refused_by_name(fast_path, store, stockwatch, runs, shop_file,
                                                     setting):
    other = fast_path / "other.json"
    other.write_text(json.dumps(SETTINGS[setting]))
    with runs(store, shop_file, "--config", other) as engine:
        refused(engine, f"{setting},", "set it as it was")
    one_line(stockwatch("replay", shop_file, "--store", store, "--config", other), setting)
    for command in LOOKS:
        assert stockwatch(*command, "--store", store).returncode == 0
    same = fast_path / "same.json"
    same.write_text(json.dumps({"stock": {"authority": "snapshot", "warehouses": {"W9": {}}},
                                "alerts": {"reopen_window": "1h"}}))
    with runs(store, shop_file, "--config", same) as engine:
        assert engine.wait() == 0


@pytest.mark.parametrize("first, second", [("file", "shop"), ("shop", "file")])
def test_a_store_of_another_source_is_told_as_such(fast_path, binary, shop_file, first, second):
    sources = {"file": shop_file, "shop": "shop"}
    flags = ["--store", fast_path / "store", "--until-end", "--quiet", "--source"]
    with Engine(binary, *flags, sources[first]) as engine:
        assert engine.wait() == 0
    with Engine(binary, *flags, sources[second]) as engine:
        assert "damaged" not in refused(engine, "another")
