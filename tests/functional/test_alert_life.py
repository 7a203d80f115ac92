"""What people do to alerts on a running engine: done once, stored, audited, and why it is so."""

import datetime
import json

import pytest

from contract import Contract
from engine import Engine
from shop_lines import Shop, text

RULES = "thresholds:\n  rules:\n    - {id: all, default: true, low: 10, critical: 2}\n"


@pytest.fixture
def shop(fast_path):
    """A file of changes that grows, and an engine that follows it."""
    class Running:
        def __init__(self):
            self.lines, self.count = Shop(), 0
            self.path = fast_path / "changes.ndjson"
            self.path.write_bytes(b"")
            self.settings = fast_path / "settings.yaml"
            self.settings.write_text(
                "stock:\n  authority: ledger\n" + RULES)
            self.store = fast_path / "store"

        def add(self, *events):
            with self.path.open("ab") as out:
                out.write(text(events))
            self.count += len(events)

        def start(self, binary):
            engine = Engine(binary, "--source", self.path, "--store", self.store, "--config",
                            self.settings)
            engine.until_read(self.count)
            return engine

    return Running()


def post(engine, path, body=None, expect=200, **headers):
    status, answer = engine.command("POST", path, body, {
        name.replace("_", "-"): value for name, value in headers.items()})
    assert status == expect, answer
    kind = "application/json" if status == 200 else "application/problem+json"
    Contract(engine).check("POST", path, status, kind, answer)
    return json.loads(answer)


def get(engine, path):
    status, answer = engine.ask(path)
    assert status == 200, answer
    return json.loads(answer)


def in_an_hour():
    later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    return later.strftime("%Y-%m-%dT%H:%M:%SZ")


def low_alert(engine):
    found = []

    def opened():
        answer = get(engine, "/api/v1/stock/W1/mug/why-not?type=low_stock")
        found[:] = [answer["alert"]] if answer["alert"] else []
        return bool(found)

    engine.until(opened, "the alert")
    return found[0]["id"]


def test_the_life_of_an_alert_by_hand_survives_a_kill(binary, shop):
    shop.add(shop.lines.item("mug", 20), shop.lines.sale("mug", 12))
    with shop.start(binary) as engine:
        alert = f"/api/v1/alerts/{low_alert(engine)}"
        done = post(engine, f"{alert}/acknowledge", {"author": "ann", "reason": "on it"})
        assert done["alert"]["state"] == "acknowledged"
        assert done["notes"]["acknowledged_by"] == "ann"
        post(engine, f"{alert}/assign", {"assignee": "bob"})
        post(engine, f"{alert}/comment", {"text": "lorry is late", "author": "bob"})
        post(engine, f"{alert}/snooze", {"until": in_an_hour()})
        engine.until(lambda: all(row["ended_at"] for row in get(engine, f"{alert}/why")["deliveries"]),
                     "the end of each delivery")
        before = get(engine, f"{alert}/why")
        engine.kill()
    with shop.start(binary) as engine:
        after = get(engine, f"{alert}/why")
        del before["as_of"], after["as_of"]
        assert after == before
        assert after["notes"]["assignee"] == "bob"
        assert [c["text"] for c in after["notes"]["comments"]] == ["lorry is late"]
        assert after["held_back"]["snoozed_until"] is not None
        kinds = [(fact["kind"], fact["what"]) for fact in after["timeline"]]
        assert kinds == [("transition", "opened"), ("told", "opened"), ("done", "acknowledge"),
                         ("transition", "acknowledged"), ("done", "assign"), ("done", "comment"),
                         ("done", "snooze")]
        opened = after["timeline"][0]
        assert (opened["value"], opened["threshold"]) == (8, 10)
        assert opened["rule"] == {"id": "all", "version": 1}
        assert after["rule"]["rule"]["low"] == 10


def test_a_command_is_done_once_however_often_it_comes(binary, shop):
    shop.add(shop.lines.item("mug", 20), shop.lines.sale("mug", 12))
    with shop.start(binary) as engine:
        alert = f"/api/v1/alerts/{low_alert(engine)}"
        first = post(engine, f"{alert}/comment", {"text": "once"}, Idempotency_Key="k1")
        again = post(engine, f"{alert}/comment", {"text": "once"}, Idempotency_Key="k1")
        assert (first["repeated"], again["repeated"]) == (False, True)
        assert len(again["notes"]["comments"]) == 1
        post(engine, f"{alert}/comment", {"text": "other"}, expect=409, Idempotency_Key="k1")
        engine.kill()
    with shop.start(binary) as engine:
        again = post(engine, f"{alert}/comment", {"text": "once"}, Idempotency_Key="k1")
        assert again["repeated"] and len(again["notes"]["comments"]) == 1


def test_what_cannot_be_done_says_why(binary, shop):
    shop.add(shop.lines.item("mug", 20), shop.lines.sale("mug", 12))
    with shop.start(binary) as engine:
        alert = f"/api/v1/alerts/{low_alert(engine)}"
        refused = post(engine, f"{alert}/resolve", expect=409)
        assert "still holds" in refused["detail"]
        post(engine, f"{alert}/acknowledge")
        assert "acknowledged" in post(engine, f"{alert}/acknowledge", expect=409)["detail"]
        post(engine, f"{alert}/comment", {"text": "x"}, expect=412, If_Match='"1"')
        post(engine, f"{alert}/comment", {"text": "x"}, If_Match='"2"')
        post(engine, f"{alert}/unacknowledge", {"seen": 1}, expect=409)
        post(engine, "/api/v1/alerts/" + "0" * 32 + "/acknowledge", expect=404)
        post(engine, "/api/v1/alerts/nonsense/acknowledge", expect=404)
        for body, field in [({"texts": "x"}, "texts"), ({"text": 7}, "text"), ({}, "text")]:
            assert field in post(engine, f"{alert}/comment", body, expect=400)["detail"]
        assert "until" in post(engine, f"{alert}/snooze", {"until": "2001-01-01T00:00:00Z"},
                               expect=400)["detail"]
        status, _ = engine.command("POST", f"{alert}/comment", b"{broken", {})
        assert status == 400


def test_a_silence_holds_notices_back_and_says_so(binary, shop):
    shop.add(shop.lines.item("mug", 20))
    with shop.start(binary) as engine:
        post(engine, "/api/v1/silences", {
            "id": "stocktake", "scope": {"warehouse_id": "W1"}, "types": ["low_stock"],
            "until": in_an_hour(), "reason": "counting", "author": "ann"})
        post(engine, "/api/v1/silences", {"id": "stocktake", "until": in_an_hour()}, expect=409)
        shop.add(shop.lines.sale("mug", 12))
        engine.until_read(shop.count)
        alert = low_alert(engine)
        engine.kill()
    with shop.start(binary) as engine:
        [silence] = get(engine, "/api/v1/silences")["items"]
        assert (silence["id"], silence["author"], silence["state"]) == \
            ("stocktake", "ann", "in_force")
        why = get(engine, f"/api/v1/alerts/{alert}/why")
        assert why["held_back"]["silenced_by"] == "stocktake" and not why["told"]
        assert [fact["what"] for fact in why["timeline"]] == ["opened", "silenced"]
        status, _ = engine.command("DELETE", "/api/v1/silences/stocktake", {}, {})
        assert status == 200
        why = get(engine, f"/api/v1/alerts/{alert}/why")
        assert why["told"] and why["timeline"][-1]["what"] == "opened"
        assert why["timeline"][-1]["kind"] == "told"
        assert engine.command("DELETE", "/api/v1/silences/stocktake", {}, {})[0] == 404


@pytest.mark.parametrize("events, because", [
    (lambda lines: [lines.item("mug", 20)], "does_not_hold"),
    (lambda lines: [lines.item("mug", 9)], "open"),
    (lambda lines: [lines.sale("mug", 1)], "unopened"),
    (lambda lines: [lines.item("mug", 20), lines.delete("inventory", "W1/mug")], "retired"),
    (lambda lines: [lines.item("mug", 5, status="discontinued")], "discontinued"),
])
def test_why_there_is_no_alert(binary, shop, events, because):
    shop.add(*events(shop.lines))
    with shop.start(binary) as engine:
        answer = get(engine, "/api/v1/stock/W1/mug/why-not?type=low_stock")
        assert answer["because"] == because
        assert engine.ask("/api/v1/stock/W1/mug/why-not?type=nonsense")[0] == 400
        assert engine.ask("/api/v1/stock/W1/cup/why-not?type=low_stock")[0] == 404


def test_what_people_do_is_audited(binary, stockwatch, shop):
    shop.add(shop.lines.item("mug", 20), shop.lines.sale("mug", 12))
    with shop.start(binary) as engine:
        alert = low_alert(engine)
        post(engine, f"/api/v1/alerts/{alert}/acknowledge", {"author": "ann", "reason": "mine"})
        engine.stop()
    done = stockwatch("audit", "list", "--store", shop.store)
    assert done.returncode == 0, done.stderr
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    [entry] = [entry for entry in entries if entry["kind"] == "alert.acknowledge"]
    assert (entry["subject"], entry["why"]) == (alert, "mine")
    assert stockwatch("audit", "verify", "--store", shop.store).returncode == 0
