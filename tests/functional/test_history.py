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


def test_a_store_keeps_twice_the_history(tmp_path, stockwatch, replay):
    """400 days of four sales a day and a receipt, the history 35 days long, many small commits."""
    shop, lines = Shop(), []
    lines.append(shop.item("A", 1000))
    begin = 1_700_000_000
    for day in range(400):
        for hour in range(4):
            sale = shop.sale("A", 1)
            sale["clusterTime"]["$timestamp"]["t"] = begin + day * 86_400 + (hour + 1) * 3_600
            lines.append(sale)
    changes, settings = tmp_path / "changes.ndjson", tmp_path / "settings.yaml"
    changes.write_bytes(text(lines))
    settings.write_text("stock: {authority: ledger}\nhistory: {keep: 35d}\n"
                        "commit: {bytes_max: 1024}")
    store = tmp_path / "store"
    stored = replay(changes, "--config", settings, "--store", store)
    assert stored["digest"] == replay(changes, "--config", settings)["digest"]
    item = ["--warehouse", "W1", "--sku", "A", "--store", store]
    rows = [json.loads(row) for row in stockwatch("state", "history", *item).stdout.splitlines()]
    assert 35 * 4 < len(rows) < (2 * 35 + 9) * 4 + 60
    begins = [row for row in rows if row.get("begins")]
    assert len(begins) == 1
    assert max(row["quantity"] for row in rows if row["type"] == "sale") == 28, "those of a week"
    at = begins[0]["position"]["t"]

    def moment(second):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))

    then = json.loads(stockwatch("state", "history", *item, "--at", moment(at)).stdout)
    days, seconds = divmod(at - begin, 86_400)
    assert then["on_hand"] == begins[0]["on_hand"] == 1000 - 4 * days - seconds // 3_600
    before = stockwatch("state", "history", *item, "--at", moment(at - 1))
    assert before.returncode != 0 and f"the history begins at {moment(at)}" in before.stderr
    assert "all is well" in stockwatch("state", "verify", "--store", store).stdout
