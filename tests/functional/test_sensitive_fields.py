"""Sensitive values: in no corner of an engine, opened by who has the keys, mistakes in one line."""

import json

import pytest

from canary import CANARY, PROTECTIONS, broken_lines, good_lines, protecting, refused_lines
from engine import Engine
from mongo_shop import item, sale
from receiver import SECRET, Receiver
from shop_lines import Shop, text

EMAIL = {"field": "customer.email"}
KEY = "5a" * 32


# In every corner


def of_lines(folder):
    """A file with the canary in whatever a line can be: what an engine needs to read it."""
    changes = folder / "changes.ndjson"
    lines = [*good_lines(name=CANARY), *refused_lines(), *broken_lines()]
    for event in lines:
        if isinstance(event, dict):  # names of fields, which are no values
            event.get("updateDescription", {}).pop("removedFields", None)
    changes.write_bytes(text(lines))
    return changes, {}, lambda engine: engine.until_read(len(lines))


def of_mongo(server, shop):
    """The same in the documents of a database: read by a snapshot, changed, refused, and gone."""
    def person(**fields):
        return {"customer": {"name": "A", "email": CANARY}, **fields}

    shop.inventory.insert_many([item("A", 10, **person(name=CANARY)),
                                {"_id": "x", "warehouse_id": "W1", **person()}])

    def write(engine):
        engine.wait_for("stream_open")
        shop.inventory.update_one({"_id": "W1/A"}, {"$set": {"on_hand": 0, "customer.email": CANARY}})
        shop.transactions.insert_one({**sale(1, "A", 2), **person()})
        shop.transactions.update_one({"_id": "T-1"}, {"$set": {"customer.email": CANARY + "x"}})
        shop.transactions.insert_one({**sale(2, "A", "many"), "customer": [{"email": CANARY}]})
        shop.thresholds.insert_one({"_id": "r", "low": -1, **person()})
        shop.inventory.replace_one({"_id": "W1/A"}, item("A", 5, **person(name=CANARY)))
        shop.inventory.insert_one(item("B", 0, **person(name=CANARY)))
        shop.inventory.delete_one({"_id": "W1/A"})
        engine.until_read(2 + 8)

    return server.uri, {"source": {"database": shop.name, "mongo": {"await": "100ms"}}}, write


def corners(binary, stockwatch, folder, hooks, source, settings, feed):
    """All that an engine shows and keeps of what it was fed: place -> bytes."""
    store = folder / "store"
    (folder / "secret").write_text(SECRET + "\n")
    with Receiver() as receiver:
        config = protecting(
            folder, hooks, **settings,
            thresholds={"rules": [{"id": "default", "default": True, "low": 10, "critical": 3}]},
            channels={"console": {"type": "console"},
                      "ops": {"type": "webhook", "url": receiver.url, "allow_private": True,
                              "secret_file": str(folder / "secret")}})
        with Engine(binary, "--source", source, "--store", store, "--config", config) as engine:
            feed(engine)
            receiver.wait_for(2)
            found = {f"GET {path}": engine.ask(path)[1].encode() for path in paths_of(engine)}
            assert engine.stop()[0] == 0
            found["log"] = "".join(engine.lines).encode()
            found["console"] = "".join(engine.said).encode()
        found["notices"] = b"".join(post.body for post in receiver.posts)
    for command in ("state export", "state export --records", "state inspect", "alerts list",
                    "deadletters list", "audit", "deliveries list"):
        done = stockwatch(*command.split(), "--store", store)
        found[command] = (done.stdout + done.stderr).encode()
    for letter in found["deadletters list"].decode().splitlines()[::5]:  # of all by the API above
        shown = stockwatch("deadletters", "show", json.loads(letter)["id"], "--store", store)
        found["deadletters show"] = found.get("deadletters show", b"") + shown.stdout.encode()
    files = [path for path in store.rglob("*") if path.is_file()]
    found["store"] = b"".join(path.read_bytes() for path in files)
    assert len(found["store"]) > 10_000
    return found


def paths_of(engine):
    """Every GET of the contract, for what is there."""
    def first(path):
        rows = json.loads(engine.ask(path)[1])["items"]
        return [row["id"] for row in rows]

    ids = {name: first(f"/api/v1/{name}") for name in ("alerts", "deadletters", "deliveries")}
    assert all(ids.values()), ids
    for pattern, methods in json.loads(engine.ask("/openapi.json")[1])["paths"].items():
        if "get" not in methods:
            continue
        path = pattern.replace("{warehouse}", "W1").replace("{sku}", "B")
        path = path.replace("why-not", "why-not?type=low_stock")
        if path.endswith("/effective"):
            path += "?warehouse=W1&sku=B"
        if path.endswith("/state/history"):
            path += "?warehouse_id=W1&sku=B"
        if "{" in path:
            kind = path.split("/")[3]
            yield from (path.replace("{id}", one) for one in ids[kind])
        else:
            yield path


def hooks_of(protection):
    # Notices show the name; what is never the same twice cannot be one.
    name = "redact" if protection == "encrypt" else protection
    return [{protection: EMAIL}, {name: {"field": "name"}}]


def expect_no_canary(found, protection):
    in_place = PROTECTIONS[protection].split('"')[3].encode()
    for place in ("deadletters show", "store"):
        assert in_place in found[place], f"{place}: what stands in its place"
    for place, words in found.items():
        assert b"canary" not in words, place


@pytest.mark.parametrize("protection", PROTECTIONS)
def test_no_corner_of_an_engine_shows_the_canary(fast_path, binary, stockwatch, protection):
    expect_no_canary(corners(binary, stockwatch, fast_path, hooks_of(protection),
                             *of_lines(fast_path)), protection)


@pytest.mark.parametrize("protection", PROTECTIONS)
def test_nor_does_one_that_reads_mongodb(fast_path, binary, stockwatch, shared_mongo, mongo_shop,
                                         protection):
    expect_no_canary(corners(binary, stockwatch, fast_path, hooks_of(protection),
                             *of_mongo(shared_mongo, mongo_shop)), protection)


def test_the_same_corners_show_it_where_nothing_protects_it(fast_path, binary, stockwatch):
    """So that the test above can fail."""
    found = corners(binary, stockwatch, fast_path, [], *of_lines(fast_path))
    for place in ("store", "notices", "GET /api/v1/stock", "deadletters show",
                  "state export"):
        assert CANARY.encode() in found[place], place


# Keys


def with_keys(folder, *ids, hooks=({"encrypt": EMAIL},)):
    """A settings file with these keys, each of its own bytes."""
    keys = []
    for key in ids:
        path = folder / f"key-{key}"
        path.write_bytes(bytes([ord(key[-1])]) * 32)
        keys.append({"id": key, "file": str(path)})
    path = folder / f"settings-{'-'.join(ids)}-{len(hooks)}.json"
    path.write_text(json.dumps({"documents": {"transactions": {"hooks": list(hooks)}},
                                "fields": {"keys": keys}}))
    return path


def envelope(stockwatch, folder, config):
    """Of the canary in a dead letter that a replay leaves."""
    shop, changes, store = Shop(), folder / "in", folder / f"store-{config.stem}"
    changes.write_bytes(text([shop.sale("A", "x", customer={"email": CANARY})]))
    assert stockwatch("replay", changes, "--config", config, "--store", store).returncode == 0
    listed = json.loads(stockwatch("deadletters", "list", "--store", store).stdout)
    shown = json.loads(stockwatch("deadletters", "show", listed["id"], "--store", store).stdout)
    return json.loads(shown["bytes"])["fullDocument"]["customer"]["email"]


def decrypt(stockwatch, config, *lines, flags=()):
    return stockwatch("fields", "decrypt", "--config", config, *flags, stdin="\n".join(lines))


def test_who_has_the_keys_opens_what_a_dead_letter_shows(tmp_path, stockwatch):
    first, rotated = with_keys(tmp_path, "k-1"), with_keys(tmp_path, "k-2", "k-1")
    old, new = envelope(stockwatch, tmp_path, first), envelope(stockwatch, tmp_path, rotated)
    assert old.startswith("enc:1:k-1:") and new.startswith("enc:1:k-2:")
    done = decrypt(stockwatch, rotated, old, "", new)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f'"{CANARY}"\n' * 2


def test_who_lacks_them_is_told_why_in_one_line(tmp_path, stockwatch):
    old = envelope(stockwatch, tmp_path, with_keys(tmp_path, "k-1"))
    changed = old[:-3] + ("A" if old[-3] != "A" else "B") + old[-2:]
    gone = with_keys(tmp_path, "k-2")
    elsewhere = with_keys(tmp_path, "k-1", hooks=())
    for config, line, words in (
            (gone, old, 'line 1: no key in fields.keys has its id: "k-1"'),
            (with_keys(tmp_path, "k-1"), changed, "line 1: cannot be opened: "),
            (elsewhere, old, "line 1: cannot be opened: "),
            (gone, CANARY, "line 1: is no envelope")):
        done = decrypt(stockwatch, config, line)
        assert done.returncode == 1 and done.stdout == ""
        assert done.stderr.startswith(f"stockwatch: {words}") and done.stderr.count("\n") == 1
        assert "canary" not in done.stderr
    named = ("--collection", "transactions", "--field", "customer.email")
    assert decrypt(stockwatch, elsewhere, old, flags=named).stdout == f'"{CANARY}"\n'


# Mistakes


MISTAKES = {
    "no such file": ([{"id": "a", "file": "none"}], EMAIL, "fields.keys[0].file: cannot read"),
    "no key": ([{"id": "a", "file": "short"}], EMAIL, "fields.keys[0].file: holds no key"),
    "one id twice": ([{"id": "a", "file": "good"}, {"id": "a", "file": "good"}], EMAIL,
                     'fields.keys[1].id: is there twice: "a"'),
    "a colon": ([{"id": "a:b", "file": "good"}], EMAIL, "fields.keys[0].id: is not 1 to 64"),
    "without keys": ([], EMAIL, "documents.transactions.hooks[0].encrypt: encrypt needs a key"),
    "a field of the core": ([{"id": "a", "file": "good"}], {"field": "sku"},
                            "hooks[0].encrypt.field: the engine needs sku as it is"),
    "a number of the core": ([{"id": "a", "file": "good"}], {"field": "quantity"},
                             "hooks[0].encrypt.field: the engine needs quantity as it is")}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line_at_check_and_at_start(tmp_path, stockwatch, mistake):
    keys, hook, words = MISTAKES[mistake]
    (tmp_path / "good").write_text(KEY)
    (tmp_path / "short").write_text(KEY[:-2])
    keys = [{"id": key["id"], "file": str(tmp_path / key["file"])} for key in keys]
    config = tmp_path / "settings.json"
    config.write_text(json.dumps({"fields": {"keys": keys},
                                  "documents": {"transactions": {"hooks": [{"encrypt": hook}]}}}))
    (tmp_path / "in").write_bytes(b"")
    checked = stockwatch("check", config)
    assert checked.returncode == 2
    assert words in checked.stderr.splitlines()[0] and checked.stderr.endswith("1 mistake\n")
    for command in (("replay", tmp_path / "in"),
                    ("run", "--source", tmp_path / "in", "--store", tmp_path / "store")):
        started = stockwatch(*command, "--config", config)
        assert started.returncode == 2
        assert len(started.stderr.splitlines()) == 1
        assert words in json_free(started.stderr)
        assert not (tmp_path / "store").exists()
        assert KEY[:-2] not in started.stderr


def json_free(line):
    """The message of a line of the log; else the line."""
    try:
        return json.loads(line)["message"]
    except ValueError:
        return line
