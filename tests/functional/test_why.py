"""What people ask of alerts and thresholds: whom it was told, what it stood on, what is kept quiet."""

import datetime
import json

import pytest

from contract import Contract
from engine import Engine, one_line
from receiver import Receiver, say, settings
from shop_lines import START, Shop, text

DAY = 86_400
MONDAY = 1_704_067_200  # 2024-01-01T00:00:00Z


def get(engine, path):
    status, headers, answer = engine.exchange(path)
    assert status == 200, answer
    Contract(engine).check("GET", path, status, headers["Content-Type"], answer)
    return json.loads(answer)


def at(event, seconds):
    event["clusterTime"]["$timestamp"]["t"] = seconds
    return event


def alert_of(engine, condition, state="active"):
    path = f"/api/v1/alerts?state={state}&type={condition}"
    engine.until(lambda: get(engine, path)["items"], condition)
    [alert] = get(engine, path)["items"]
    return alert


class Running:
    """An engine that follows a file of changes."""

    def __init__(self, binary, folder, rules, more=()):
        self.folder, self.lines = folder, Shop()
        self.path = folder / "changes.ndjson"
        self.path.write_bytes(b"")
        config = folder / "settings.json"
        config.write_text(json.dumps({"stock": {"authority": "ledger"},
                                      "thresholds": {"rules": [
                                          {"author": "a", "reason": "r", **rule}
                                          for rule in rules]}}))
        self.engine = Engine(binary, "--source", self.path, "--store", folder / "store",
                             "--config", config, *more)
        self.count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.engine.kill()

    def add(self, *events):
        with self.path.open("ab") as out:
            out.write(text(events))
        self.count += len(events)
        self.engine.until_read(self.count)


LOW = [{"id": "all", "default": True, "low": 10, "critical": 2}]


def test_why_says_what_became_of_each_notice(binary, stockwatch, fast_path):
    changes = fast_path / "changes.ndjson"
    shop = Shop()
    changes.write_bytes(text([shop.item("mug", 20), shop.sale("mug", 12)]))
    with Receiver() as takes, Receiver(lambda handler, *_: say(handler, 410)) as gone:
        config = settings(fast_path, takes.url, more="stock: {authority: ledger}", channel=f"""
  old:
    type: webhook
    url: {gone.url}
    secret_file: {fast_path / 'secret'}
    allow_private: true""")
        with Engine(binary, "--source", changes, "--store", fast_path / "store", "--config",
                    config) as engine:
            alert = alert_of(engine, "low_stock")

            def ended():
                rows = get(engine, f"/api/v1/alerts/{alert['id']}/why")["deliveries"]
                return len(rows) == 2 and all(row["ended_at"] for row in rows)

            engine.until(ended, "both ends")
            why = get(engine, f"/api/v1/alerts/{alert['id'][:8]}/why")
            rows = {row["destination"]: row for row in why["deliveries"]}
            assert [(rows[name]["kind"], rows[name]["state"], rows[name]["attempts"],
                     rows[name]["reason"]) for name in ("ops", "old")] == [
                ("opened", "delivered", 1, None), ("opened", "dead_lettered", 1, "gone")]
            assert why["told"] and why["held_back_by"] == []
            [told] = [fact for fact in why["timeline"] if fact["kind"] == "told"]
            assert told["text"] == "old, ops"
            shown = stockwatch("alerts", "why", alert["id"], "--server", engine.url, "--output",
                               "text").stdout
            assert "  ops: opened delivered" in shown and "because gone" in shown
            heads, *table = stockwatch("deliveries", "list", "--server", engine.url, "--output",
                                       "text").stdout.splitlines()
            assert heads.split()[:4] == ["ID", "STATE", "DESTINATION", "KIND"]
            [refused] = [line for line in table if line.split()[2] == "old"]
            assert refused.split()[1:7] == ["dead_lettered", "old", "opened", "warning",
                                            "low_stock", "W1/mug"]
            assert "attempts 1, because gone" in refused
            channels = {row["name"]: row for row in get(engine, "/api/v1/channels")["items"]}
            assert channels["ops"]["disabled"] is None
            assert channels["old"]["disabled"]["reason"].endswith("410")
            listed = stockwatch("channels", "list", "--server", engine.url)
            assert {row["name"] for row in json.loads(listed.stdout)["items"]} == {"ops", "old"}


def test_why_is_answered_by_the_store_of_a_stopped_engine_too(binary, stockwatch, fast_path):
    with Running(binary, fast_path, LOW, more=("--quiet",)) as running:
        running.add(running.lines.item("mug", 20), running.lines.sale("mug", 12))
        alert = alert_of(running.engine, "low_stock")
        why = get(running.engine, f"/api/v1/alerts/{alert['id']}/why")
        running.add(running.lines.sale("mug", 50, type="receipt"))
        ended = alert_of(running.engine, "low_stock", state="resolved")
        after = get(running.engine, f"/api/v1/alerts/{ended['id']}/why")
        text_of = stockwatch("alerts", "why", alert["id"], "--server", running.engine.url,
                             "--output", "text").stdout
        running.engine.stop()
    assert why["facts"] < after["facts"] and after["closes_at"]
    kept = ("alerts", "why", alert["id"][:8], "--store", fast_path / "store")
    done = stockwatch(*kept)
    assert done.returncode == 0, done.stderr
    stored = json.loads(done.stdout)
    # The store does not keep how long an alert may re-open; its batches go on until the end.
    assert stored.pop("closes_at") is None and after.pop("closes_at")
    assert stored.pop("as_of")["batch"] >= after.pop("as_of")["batch"]
    assert stored == after
    assert stockwatch(*kept, "--output", "text").stdout == text_of
    gone = stockwatch("alerts", "why", "0" * 32, "--store", fast_path / "store")
    assert gone.returncode == 1 and gone.stdout == "" and "alert" in gone.stderr


def test_a_notice_that_was_folded_names_what_became_of_the_digest(binary, fast_path):
    changes = fast_path / "changes.ndjson"
    shop = Shop()
    changes.write_bytes(text(shop.item(f"S{i}", 5) for i in range(120)))
    with Receiver() as receiver:
        config = settings(fast_path, receiver.url, more="stock: {authority: ledger}")
        with Engine(binary, "--source", changes, "--store", fast_path / "store", "--config",
                    config) as engine:
            engine.until(lambda: get(engine, "/api/v1/deliveries?state=folded&limit=1")["items"],
                         "a folded one")
            [folded] = get(engine, "/api/v1/deliveries?state=folded&limit=1")["items"]
            path = f"/api/v1/alerts/{folded['key'].split('/')[0]}/why"

            def arrived():
                [row] = get(engine, path)["deliveries"]
                return row["state"] == "folded" and row["digest"]["state"] == "delivered"

            engine.until(arrived, "its digest")


def test_nobody_was_told_where_there_is_nobody(binary, fast_path):
    with Running(binary, fast_path, LOW, ["--quiet"]) as shop:
        shop.add(shop.lines.item("mug", 20), shop.lines.sale("mug", 12))
        alert = alert_of(shop.engine, "low_stock")
        nobody = [{"reason": "nobody_named", "by": None, "until": None}]
        assert (alert["told"], alert["held_back_by"]) == (False, nobody)
        why = get(shop.engine, f"/api/v1/alerts/{alert['id']}/why")
        assert (why["told"], why["held_back_by"], why["deliveries"]) == (False, nobody, [])
        shop.engine.kill()


def test_what_nobody_hears_of_is_listed_with_the_reason(binary, stockwatch, fast_path):
    with Running(binary, fast_path, LOW) as shop:
        engine = shop.engine
        shop.add(shop.lines.item("mug", 20), shop.lines.sale("mug", 19), shop.lines.item("cup", 9))
        critical = alert_of(engine, "critical_stock")
        assert critical["told"] and critical["held_back_by"] == []
        [muted] = get(engine, "/api/v1/alerts?held_back=true")["items"]
        assert muted["type"] == "low_stock" and not muted["told"]
        assert muted["held_back_by"] == [
            {"reason": "muted", "by": critical["id"], "until": None}]
        heard = get(engine, "/api/v1/alerts?held_back=false")["items"]
        assert [alert["subject"]["sku"] for alert in heard] == ["cup", "mug"]
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        until = later.strftime("%Y-%m-%dT%H:%M:%SZ")
        status, answer = engine.command("POST", f"/api/v1/alerts/{critical['id']}/snooze",
                                        {"until": until, "author": "ann"}, {})
        assert status == 200, answer
        assert alert_of(engine, "critical_stock")["held_back_by"] == [
            {"reason": "snoozed", "by": "ann", "until": until}]

        def counted():
            _, page = engine.ask("/metrics")
            return all(f'stockwatch_alerts_held_back{{reason="{reason}"}} 1' in page
                       for reason in ("muted", "snoozed"))

        engine.until(counted, "the metric")
        listed = stockwatch("alerts", "list", "--held-back", "--severity", "warning", "--server",
                            engine.url)
        assert [json.loads(row)["id"] for row in listed.stdout.splitlines()] == [muted["id"]]


def test_the_list_of_alerts_is_filtered_and_a_table(binary, stockwatch, fast_path):
    with Running(binary, fast_path, LOW) as shop:
        shop.add(shop.lines.item("mug", 8), shop.lines.item("cup", 9),
                 shop.lines.item("pot", 7, warehouse="W2"), shop.lines.delete("inventory", "W1/cup"))
        [pot] = get(shop.engine, "/api/v1/alerts?warehouse=W2")["items"]

        def check(*where):
            def rows(*flags):
                done = stockwatch("alerts", "list", *flags, *where)
                assert done.returncode == 0, done.stderr
                return done.stdout.splitlines()

            def skus(*flags):
                return [json.loads(row)["subject"]["sku"] for row in rows(*flags)]

            # Without a filter all that is kept, in the order of opening, as the export has it.
            assert skus() == ["mug", "cup", "pot"]
            assert not any("told" in row for row in rows())
            assert skus("--state", "active") == ["pot", "mug"]
            assert skus("--state", "resolved") == ["cup"]
            assert skus("--warehouse", "W1") == ["cup", "mug"]
            assert skus("--state", "active", "--type", "critical_stock") == []
            head, *table = rows("--output", "text")
            assert head.split()[:5] == ["ID", "STATE", "SEVERITY", "TYPE", "SUBJECT"]
            assert table[0].split() == [pot["id"][:12], "open", "warning", "low_stock", "W2/pot",
                                        "7", "10", pot["opened_at"]]
            assert len(table) == 2
            wrong = stockwatch("alerts", "list", "--state", "asleep", *where)
            assert wrong.returncode != 0 and "none of active open" in wrong.stderr

        check("--server", shop.engine.url)
        shop.engine.stop()
        check("--store", fast_path / "store")


def test_a_command_that_is_refused_says_why_in_one_line(binary, stockwatch, fast_path, monkeypatch):
    with Running(binary, fast_path, LOW) as shop:
        shop.add(shop.lines.item("mug", 8))
        url = shop.engine.url
        missing = "0" * 32
        assert one_line(stockwatch("alerts", "ack", missing, "--server", url)) == (
            "stockwatch: no such alert, or it is closed\n")
        alert = alert_of(shop.engine, "low_stock")["id"]
        one_line(stockwatch("alerts", "resolve", alert, "--server", url), "still holds")
        one_line(stockwatch("deliveries", "replay", missing, "--server", url), missing)
        monkeypatch.delenv("STOCKWATCH_KEY")
        keyless = one_line(stockwatch("alerts", "ack", alert, "--server", url), "--key-file FILE")
        assert "STOCKWATCH_KEY" in keyless and "Bearer" not in keyless


@pytest.fixture
def dynamic(binary, fast_path):
    """110 pieces of A, of which five are sold at noon of each of twenty days."""
    with Running(binary, fast_path, [{
            "id": "dyn", "default": True, "mode": "dynamic", "low": 3, "low_floor": 4,
            "low_ceiling": 30, "days_of_cover": 3}]) as shop:
        shop.add(at(shop.lines.item("A", 110), MONDAY),
                 *(at(shop.lines.sale("A", 5), MONDAY + day * DAY + DAY // 2)
                   for day in range(20)))
        yield shop


# Five a day without any scatter, seven days of lead time: a reorder point of 35, which the ceiling
# holds down to 30. The sixteenth noon leaves 30: six days, until the noon of the 22nd.
BASIS = {"pattern": "smooth", "teaching_days": 15, "daily": 5, "deviation": 0, "season_factor": 1,
         "sold_day": 5, "lead_time_days": 7, "lead_time_sd_days": 0, "service_level": 0.95,
         "review_days": 7, "receipt_due": False, "expected_receipt_at": "2024-01-23T12:00:00Z",
         "days_of_cover": 6, "stockout_at": "2024-01-22T12:00:00Z",
         "stockout_early": "2024-01-22T12:00:00Z", "stockout_late": "2024-01-22T12:00:00Z",
         "safety_stock": 0, "reorder_point": 35, "day_before": 35, "low_floor": 4,
         "low_ceiling": 30, "limited_by": "ceiling", "dynamic_low": 30}


def opening(engine, condition):
    alert = alert_of(engine, condition)
    [fact] = [fact for fact in get(engine, f"/api/v1/alerts/{alert['id']}/why")["timeline"]
              if fact["what"] == "opened" and fact["kind"] == "transition"]
    return alert, fact


def test_an_alert_by_demand_keeps_what_was_known_when_it_opened(stockwatch, dynamic):
    alert, low = opening(dynamic.engine, "low_stock")
    assert (low["at"], low["value"], low["threshold"]) == ("2024-01-16T12:00:00Z", 30, 30)
    assert low["basis"] == BASIS
    # The nineteenth noon leaves 15, three days of cover: until the same noon.
    _, projected = opening(dynamic.engine, "projected_stockout")
    assert projected["at"] == "2024-01-19T12:00:00Z"
    assert (projected["basis"]["days_of_cover"], projected["basis"]["stockout_at"],
            projected["basis"]["expected_receipt_at"]) == (
        3, "2024-01-22T12:00:00Z", "2024-01-26T12:00:00Z")
    shown = stockwatch("alerts", "why", alert["id"], "--server", dynamic.engine.url, "--output",
                       "text").stdout
    assert "5 a day ± 0 (smooth, 15 days)" in shown and "reorder point 35" in shown


def test_why_shows_only_comparisons_that_were_made(stockwatch, dynamic):
    alert, _ = opening(dynamic.engine, "projected_stockout")
    there = ["--server", dynamic.engine.url]
    assert stockwatch("alerts", "ack", alert["id"], *there).returncode == 0
    # Two days of cover are left, and all of it is sold: what was foreseen has come.
    dynamic.add(at(dynamic.lines.sale("A", 10), MONDAY + 20 * DAY))
    alert_of(dynamic.engine, "projected_stockout", "resolved")
    shown = stockwatch("alerts", "why", alert["id"], *there, "--output", "text").stdout
    what = [line.split("  ")[2] for line in shown.splitlines() if "Z  " in line]
    assert [line for line in what if line.startswith("opened")] == [
        "opened: 3 against 3, rule dyn v1"]
    assert "acknowledged" in what
    assert "resolved: 0 against 3: the item has run out" in what


def test_a_dynamic_low_says_how_it_came_about(stockwatch, dynamic):
    def low_of(answer):
        return next(field for field in answer["fields"] if field["field"] == "low")

    # The noon of the twentieth day: 10 are left, for two days.
    now = {**BASIS, "teaching_days": 19, "days_of_cover": 2,
           "expected_receipt_at": "2024-01-27T12:00:00Z"}
    answer = get(dynamic.engine, "/api/v1/thresholds/effective?warehouse=W1&sku=A")
    low = low_of(answer)
    assert (low["value"], low["origin"], low["rule"]["id"]) == ("30", "dynamic", "dyn")
    assert low["basis"] == now
    [beaten] = low["beaten"]
    assert (beaten["id"], beaten["value"]) == ("dyn", "3")
    floor = next(field for field in answer["fields"] if field["field"] == "low_floor")
    assert (floor["origin"], floor["basis"]) == ("rule", None)
    explain = ["thresholds", "explain", "--warehouse", "W1", "--sku", "A"]
    shown = stockwatch(*explain, "--server", dynamic.engine.url).stdout
    assert "low = 30   rule dyn v1 by a: r   (reorder point 35: 5 a day" in shown
    assert "held down by low_ceiling 30" in shown
    dynamic.engine.stop()
    stopped = ["--store", dynamic.folder / "store"]
    assert stockwatch(*explain, *stopped).stdout == shown
    assert low_of(json.loads(stockwatch(*explain, *stopped, "--output", "json").stdout)) == low


def test_why_not_names_the_last_alert_that_ended(binary, fast_path):
    with Running(binary, fast_path, LOW) as shop:
        path = "/api/v1/stock/W1/mug/why-not?type=low_stock"
        shop.add(shop.lines.item("mug", 20))
        assert get(shop.engine, path)["last_ended"] is None
        back = shop.lines.sale("mug", 12)
        back["fullDocument"]["type"] = "return"
        shop.add(shop.lines.sale("mug", 12), at(back, START + 100))
        answer = get(shop.engine, path)
        assert answer["because"] == "does_not_hold"
        ended = answer["last_ended"]
        assert (ended["state"], ended["cause"], ended["value"], ended["threshold"]) == (
            "resolved", "cleared", 8, 10)
        # Behind the re-open window it is closed, and in the store alone.
        shop.add(at(shop.lines.sale("mug", 1), START + 100 + 1000))
        assert get(shop.engine, path)["last_ended"] == {**ended, "state": "closed"}
