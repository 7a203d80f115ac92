"""Every change of an item, and its stock at an instant."""

import json
import time

from shop_lines import Shop, text


def test_history_and_the_stock_at_an_instant(tmp_path, stockwatch, replay):
    shop, store = Shop(), tmp_path / "store"
    changes, settings = tmp_path / "changes.ndjson", tmp_path / "settings.yaml"
    changes.write_bytes(text([shop.item("A", 20), shop.sale("A", 2), shop.sale("A", 3)]))
    settings.write_text("stock: {authority: ledger}")
    replay(changes, "--config", settings, "--store", store)
    item = ["--warehouse", "W1", "--sku", "A", "--store", store]
    rows = [json.loads(row) for row in stockwatch("state", "history", *item).stdout.splitlines()]
    assert [(row["type"], row["on_hand"]) for row in rows] == [
        ("document", 20), ("sale", 18), ("sale", 15)]
    at = rows[1]["position"]["t"]
    instant = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    then = json.loads(stockwatch("state", "history", *item, "--at", instant).stdout)
    assert then["on_hand"] == 18 and then["state"] == "opened"
