"""What protects a field never shows its value: not of good lines, nor of refused ones, nor of
broken ones."""

import json

import pytest

from shop_lines import Shop, line, read_lines, text

CANARY = "canary-7f3a@example.org"
# How a field is protected, and what letters show in its place.
PROTECTIONS = {"redact": '"email":"[redacted]"', "mask": '"email":"***.org"',
               "hash": '"email":"hmac:k-1:'}
CUSTOMER = {"customer": {"name": "A", "email": CANARY}}


def good_lines():
    shop = Shop()
    return [shop.item("A", 10, **CUSTOMER), shop.sale("A", 2, **CUSTOMER),
            shop.item("A", 0, operation="update", **CUSTOMER,
                      updateDescription={"updatedFields": {"customer.email": CANARY}}),
            shop.delete("inventory", "W1/A"), shop.item("B", 0, **CUSTOMER)]


def refused_lines():
    shop = Shop()
    shop.item("A", 1)
    described = {"updatedFields": {"customer.email": CANARY}, "removedFields": [CANARY]}
    updated = shop.sale("B", 1, operation="update", **CUSTOMER)
    updated["updateDescription"] = described
    before = shop.sale("B", 0, **CUSTOMER)
    before["fullDocumentBeforeChange"] = dict(before["fullDocument"])
    typeless = shop.sale("B", 1, **CUSTOMER)
    typeless["fullDocument"]["type"] = "gift"
    other_key = shop.sale("B", 1, **CUSTOMER)
    other_key["documentKey"] = {"_id": "other"}
    unknown = shop.sale("B", 1, **CUSTOMER)
    unknown["operationType"] = "upsert"
    no_token = shop.sale("B", 1, **CUSTOMER)
    del no_token["_id"]
    stale = shop.sale("B", 1, **CUSTOMER)
    stale["clusterTime"]["$timestamp"]["t"] -= 400 * 86_400
    return [updated, before, typeless, other_key, unknown, no_token, stale,
            shop.sale("B", "x", customer=[{"email": CANARY}]),
            shop.sale("B", 1, customer={"email": {"deep": [CANARY]}}, type=""),
            shop.item("B", 1, key="second", **CUSTOMER),
            shop.rule("r", scope={"sku": "B"}, low=1, **CUSTOMER),
            shop.rule("s", low=-1, critical=4, **CUSTOMER)]


def broken_lines():
    whole = line(Shop().sale("A", 1, **CUSTOMER))
    at = whole.index(CANARY.encode()) + len(CANARY)
    return [whole[:at], whole[:at] + b"\xff" + whole[at:], whole[:-1], whole + b"x",
            CANARY.encode(), b'"' + CANARY.encode() + b'"', b"{" + CANARY.encode() + b":1}",
            whole.replace(CANARY.encode(), CANARY.encode() + b'","email":"' + CANARY.encode()),
            whole.replace(b"{", b'{"' + CANARY.encode() + b'":{"$date":"x"},', 1),
            whole.replace(b'"quantity":1', b'"quantity":{"$numberDecimal":"'
                          + CANARY.encode() + b'"}')]


@pytest.fixture(params=PROTECTIONS)
def protection(request):
    return request.param


@pytest.fixture
def settings(tmp_path, protection):
    path, key = tmp_path / "settings.json", tmp_path / "key"
    key.write_text("5a" * 32 + "\n")
    documents = {name: {"hooks": [{protection: {"field": "customer.email"}}]}
                 for name in ("inventory", "transactions", "thresholds")}
    path.write_text(json.dumps({"documents": documents,
                                "fields": {"keys": [{"id": "k-1", "file": str(key)}]}}))
    return path


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
