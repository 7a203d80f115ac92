"""What is expected of an item and what to do about it: in its notice, and to whoever asks."""

import json

from contract import Contract
from engine import Engine
from receiver import Receiver, settings
from shop_lines import Shop, text

DAY = 86_400
MONDAY = 1_704_067_200  # 2024-01-01T00:00:00Z


def at(event, seconds):
    event["clusterTime"]["$timestamp"]["t"] = seconds
    return event


def five_a_day(shop, left):
    """Pieces of A, of which five are sold at noon of each of twenty days until so many are left."""
    yield at(shop.item("B", 500, warehouse="W2"), MONDAY)
    yield at(shop.item("A", 100 + left, price=2, cost=1), MONDAY)
    for day in range(20):
        yield at(shop.sale("A", 5), MONDAY + day * DAY + DAY // 2)


def test_a_notice_says_what_will_happen_and_what_to_do(binary, fast_path):
    changes = fast_path / "changes.ndjson"
    changes.write_bytes(text(five_a_day(Shop(), 10)))
    with Receiver() as receiver:
        config = settings(fast_path, receiver.url, more="stock: {authority: ledger}")
        with Engine(binary, "--source", changes, "--store", fast_path / "store", "--config", config,
                    "--quiet"):
            [post] = receiver.wait_for(1)
    assert post.notice["data"]["alert"]["type"] == "low_stock"
    item = post.notice["data"]["item"]
    assert item["available"] == 10
    assert item["trend"] == {"sold_day": 5, "sold_four_weeks": 100}
    # Five a day without any scatter: two days from the noon of the twentieth day.
    assert item["outlook"] == {
        "days_of_cover": 2, "stockout_at": "2024-01-22T12:00:00Z",
        "stockout_early": "2024-01-22T12:00:00Z", "stockout_late": "2024-01-22T12:00:00Z",
        "expected_receipt_at": "2024-01-27T12:00:00Z"}
    # Five days of five pieces at 2.00 are not sold before a receipt could come.
    assert item["revenue_at_risk"]["amount"] == 50
    # Reorder point 5 x 7, order up to a week more; 10 are there.
    assert item["suggestion"] == {
        "action": "buy", "quantity": 60, "from_warehouse_id": None,
        "cost": {"amount": 60, "currency": "USD"}, "confidence": "medium"}


def test_whoever_asks_reads_the_plan_of_an_item(binary, fast_path):
    changes = fast_path / "changes.ndjson"
    shop = Shop()
    # Another warehouse can spare all of it from the third week on.
    changes.write_bytes(text([*five_a_day(shop, 20),
                              at(shop.item("A", 90, warehouse="W2"), MONDAY + 20 * DAY),
                              at(shop.sale("UNSEEN", 1), MONDAY + 20 * DAY)]))
    config = fast_path / "settings.json"
    config.write_text(json.dumps({"stock": {"authority": "ledger"}, "thresholds": {"rules": [
        {"id": "l", "default": True, "low": 20, "author": "a", "reason": "r"}]}}))
    with Engine(binary, "--source", changes, "--store", fast_path / "store", "--config", config,
                "--quiet") as engine:
        engine.until_read(24)

        def get(path):
            status, headers, body = engine.exchange(path)
            assert status == 200, body
            Contract(engine).check("GET", path, status, headers["Content-Type"], body)
            return json.loads(body)

        plan = get("/api/v1/stock/W1/A")["plan"]
        assert plan["forecast"] == {"pattern": "smooth", "daily": 5, "deviation": 0,
                                    "teaching_days": 20, "sale_days": 20}
        assert plan["days_of_cover"] == 4 and plan["stockout_at"] == "2024-01-25T00:00:00Z"
        assert (plan["safety_stock"], plan["reorder_point"], plan["order_up_to"]) == (0, 35, 70)
        assert plan["suggestion"] == {"action": "transfer", "quantity": 50,
                                      "from_warehouse_id": "W2", "cost": {
                                          "amount": 50, "currency": "USD"},
                                      "confidence": "medium"}
        assert get("/api/v1/stock/W2/A")["plan"]["forecast"] is None
        assert get("/api/v1/stock/W1/UNSEEN")["plan"] is None
        first = get("/api/v1/at-risk?limit=1")["items"][0]
        assert first["sku"] == "A" and first["outlook"]["stockout_at"] == plan["stockout_at"]


def test_what_runs_out_next_is_listed_by_its_stock_out(binary, fast_path):
    """Five a day: of A 20 are left, of C 10, of OUT none. B sells nothing and has no forecast."""
    shop, changes = Shop(), fast_path / "changes.ndjson"
    lines = list(five_a_day(shop, 20))
    for sku, left in (("C", 10), ("OUT", 0)):
        lines.append(at(shop.item(sku, 100 + left), MONDAY))
        lines += [at(shop.sale(sku, 5), MONDAY + day * DAY + DAY // 2) for day in range(20)]
    lines.append(at(shop.item("Z", 1), MONDAY + 20 * DAY))
    changes.write_bytes(text(lines))
    config = fast_path / "settings.json"
    config.write_text(json.dumps({"stock": {"authority": "ledger"}, "thresholds": {"rules": [
        {"id": "l", "default": True, "low": 10, "days_of_cover": 1, "author": "a",
         "reason": "r"}]}}))
    with Engine(binary, "--source", changes, "--store", fast_path / "store", "--config", config,
                "--quiet") as engine:
        engine.until_read(len(lines))

        def listed(query):
            path = "/api/v1/at-risk?" + query
            status, headers, body = engine.exchange(path)
            Contract(engine).check("GET", path, status, headers["Content-Type"], body)
            return status, json.loads(body)

        items = listed("order=stockout")[1]["items"]
        assert [(item["sku"], item["risk"], item["outlook"]["stockout_at"]) for item in items] == [
            ("C", 1, "2024-01-23T00:00:00Z"), ("A", 2, "2024-01-25T00:00:00Z")]
        assert [item["sku"] for item in listed("order=stockout&limit=1")[1]["items"]] == ["C"]
        assert [item["sku"] for item in listed("order=risk&limit=1")[1]["items"]] == ["OUT"]
        status, problem = listed("order=price")
        assert status == 400 and "order" in problem["detail"]


def test_zones_can_take_the_place_of_the_reorder_point(binary, fast_path):
    """Five a day for seven days: yellow 35; red 17.5 and half of it; green as much as the red base."""
    changes = fast_path / "changes.ndjson"
    changes.write_bytes(text(five_a_day(Shop(), 20)))
    config = fast_path / "settings.json"
    config.write_text(json.dumps({
        "stock": {"authority": "ledger"}, "demand": {"buffer": {"method": "zones"}},
        "thresholds": {"rules": [{"id": "d", "default": True, "mode": "dynamic",
                                  "author": "a", "reason": "r"}]}}))
    with Engine(binary, "--source", changes, "--store", fast_path / "store", "--config", config,
                "--quiet") as engine:
        engine.until_read(22)
        status, headers, body = engine.exchange("/api/v1/stock/W1/A")
        assert status == 200
        Contract(engine).check("GET", "/api/v1/stock/W1/A", status, headers["Content-Type"], body)
        plan = json.loads(body)["plan"]
        assert plan["zones"] == {"red": 26.25, "yellow": 35, "green": 17.5, "now": "red"}
        assert (plan["safety_stock"], plan["reorder_point"], plan["order_up_to"]) == (
            26.25, 61.25, 78.75)
        assert plan["suggestion"]["action"] == "buy"
        assert plan["suggestion"]["quantity"] == 59, "58.75 in whole pieces"
