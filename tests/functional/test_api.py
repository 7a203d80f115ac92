"""The read API of a running engine: what it lists, what it refuses, and that it is one version."""

import json
import re
import threading
import time

import pytest

from contract import Contract
from engine import PATIENCE, Engine
from shop_lines import Shop, text

RULES = {"stock": {"authority": "ledger"}, "thresholds": {"rules": [
    {"id": "all", "default": True, "low": 10, "critical": 3, "max": 100, "author": "me",
     "reason": "a start"}]}}
# on hand: what it counts as
FIGURES = {"OUT": 0, "CRITICAL": 2, "LOW": 9, "FINE": 50, "OVER": 200}


@pytest.fixture
def settings(fast_path):
    path = fast_path / "settings.json"
    path.write_text(json.dumps(RULES))
    return path


@pytest.fixture
def engine(binary, fast_path, settings):
    """Five items, one that only a sale knows, and a broken line."""
    changes = fast_path / "changes.ndjson"
    shop = Shop()
    changes.write_bytes(text([shop.item(sku, on_hand) for sku, on_hand in FIGURES.items()]
                             + [shop.sale("UNSEEN", 1), b"broken"]))
    with Engine(binary, "--source", changes, "--store", fast_path / "store", "--config", settings,
                "--quiet") as running:
        running.changes, running.shop = changes, shop
        running.until_read(len(FIGURES) + 2)
        yield running


def get(engine, path, status=200):
    """The answer, held against the contract."""
    found, headers, body = engine.exchange(path)
    assert found == status, body
    Contract(engine).check("GET", path, found, headers["Content-Type"], body)
    return json.loads(body)


def skus(answer):
    return [item["sku"] for item in answer["items"]]


def pages(engine, path, limit):
    found, cursor = [], ""
    while cursor is not None:
        joint = "&" if "?" in path else "?"
        page = get(engine, f"{path}{joint}limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next"]
    return found


def test_every_path_of_the_contract_is_answered_as_it_says(engine):
    contract = Contract(engine)
    alert = get(engine, "/api/v1/alerts?limit=1")["items"][0]["id"]
    letter = get(engine, "/api/v1/deadletters")["items"][0]["id"]
    item = get(engine, "/api/v1/stock?limit=1")["items"][0]
    named = {"warehouse": item["warehouse_id"], "sku": item["sku"]}
    asked = 0
    for pattern, operations in contract.document["paths"].items():
        if "get" not in operations or pattern.endswith("openapi.json"):
            continue
        if pattern == "/api/v1/deliveries/{id}":
            continue  # nobody is told here: test_webhooks.py
        key = letter if "deadletters" in pattern else alert
        path = pattern.format(id=key, **named)
        if pattern.endswith("why-not"):
            path += "?type=low_stock"
        if pattern.endswith("effective"):
            path += "?warehouse={warehouse}&sku={sku}".format(**named)
        if pattern.endswith("state/history"):
            path += "?warehouse_id={warehouse}&sku={sku}".format(**named)
        status, headers, body = engine.exchange(path)
        assert status == 200, (path, body)
        contract.check("GET", path, status, headers["Content-Type"], body)
        asked += 1
    assert asked >= 21


def test_the_contract_names_the_parameters_that_are_taken(engine):
    contract = Contract(engine)
    for pattern, operations in contract.document["paths"].items():
        if not pattern.startswith("/api/v1/") or "get" not in operations:
            continue
        parameters = map(contract.resolve, operations["get"].get("parameters", []))
        named = [one["name"] for one in parameters if one["in"] == "query"]
        status, _, body = engine.exchange(re.sub(r"\{\w+\}", "x", pattern) + "?nothing=1")
        told = json.loads(body)["detail"].split("; ")[1]
        assert status == 400 and told == ("known are " + " ".join(named) if named
                                          else "there is none here"), pattern


@pytest.mark.parametrize("status, expected", [
    ("out", ["OUT"]), ("critical", ["OUT", "CRITICAL"]), ("low", ["OUT", "CRITICAL", "LOW"]),
    ("ok", ["FINE"]), ("over", ["OVER"]), ("unopened", ["UNSEEN"]), ("discontinued", [])])
def test_stock_is_filtered_by_what_it_counts_as(engine, status, expected):
    assert skus(get(engine, f"/api/v1/stock?status={status}")) == expected


def test_stock_is_found_by_any_part_of_the_hierarchy_and_by_text(engine):
    every = get(engine, "/api/v1/stock")["items"]
    assert len(every) == len(FIGURES) + 1
    for level, member in [("warehouse", "warehouse_id"), ("department", "department"),
                          ("category", "category"), ("brand", "brand"), ("product", "product_id")]:
        value = every[0][member]
        wanted = [item["sku"] for item in every if item[member] == value]
        assert skus(get(engine, f"/api/v1/stock?{level}={value}")) == wanted
        assert get(engine, f"/api/v1/stock?{level}=nowhere")["items"] == []
    assert skus(get(engine, "/api/v1/stock?search=rit")) == ["CRITICAL"]
    one = get(engine, f"/api/v1/stock/{every[0]['warehouse_id']}/OUT")
    assert [alert["type"] for alert in one["alerts"]] == [
        "out_of_stock", "critical_stock", "low_stock"]
    get(engine, "/api/v1/stock/nowhere/OUT", 404)


def test_pages_hold_everything_once_while_the_list_is_written(engine):
    first = get(engine, "/api/v1/stock?limit=2")
    with engine.changes.open("ab") as out:
        out.write(text([engine.shop.sale("FINE", 1), engine.shop.item("NEW", 1)]))
    engine.until_read(len(FIGURES) + 4)
    rest = pages(engine, "/api/v1/stock?status=low", 1)
    assert [item["sku"] for item in rest] == ["OUT", "CRITICAL", "LOW", "NEW"]
    found, cursor = skus(first), first["next"]
    while cursor is not None:
        page = get(engine, f"/api/v1/stock?limit=2&cursor={cursor}")
        found, cursor = found + skus(page), page["next"]
    assert found == [*FIGURES, "UNSEEN", "NEW"]
    assert len(pages(engine, "/api/v1/alerts", 2)) == len(pages(engine, "/api/v1/alerts", 100)) > 4
    numbers = [entry["number"] for entry in pages(engine, "/api/v1/audit", 1)]
    assert numbers == sorted(numbers, reverse=True) and numbers[-1] == 1


def test_a_page_that_looked_at_enough_goes_on_later(binary, fast_path):
    settings, changes = fast_path / "few.json", fast_path / "many.ndjson"
    settings.write_text(json.dumps({"api": {"scan_items_max": 1000, "page_max": 50}}))
    shop = Shop()
    changes.write_bytes(text([shop.item(f"A-{n}", 1) for n in range(2500)]))
    with Engine(binary, "--source", changes, "--store", fast_path / "store", "--config", settings,
                "--quiet") as engine:
        engine.until_read(2500)
        page = get(engine, "/api/v1/stock?search=a-2499")
        assert page["items"] == [] and page["next"]
        assert [item["sku"] for item in pages(engine, "/api/v1/stock?search=a-2499", 10)] == [
            "A-2499"]
        get(engine, "/api/v1/stock?limit=51", 400)


@pytest.mark.parametrize("path, word", [
    ("/api/v1/stock?colour=red", "colour"), ("/api/v1/stock?limit=0", "limit"),
    ("/api/v1/stock?limit=1001", "limit"), ("/api/v1/stock?limit=ten", "limit"),
    ("/api/v1/stock?cursor=abc", "cursor"), ("/api/v1/stock?status=lost", "status"),
    ("/api/v1/alerts?state=lost", "state"), ("/api/v1/alerts?type=lost", "type"),
    ("/api/v1/alerts?severity=lost", "severity"), ("/api/v1/alerts?cursor=1", "cursor"),
    ("/api/v1/rollups?tree=both", "tree"), ("/api/v1/rollups?path=a//b", "path"),
    ("/api/v1/at-risk?limit=-1", "limit"), ("/api/v1/deadletters?cursor=0", "cursor"),
    ("/api/v1/thresholds/effective?sku=FINE", "warehouse"),
    ("/api/v1/audit?cursor=zz", "cursor"), ("/api/v1/audit/verify?noted=7", "number")])
def test_what_cannot_be_asked_is_refused_by_name(engine, path, word):
    problem = get(engine, path, 400)
    assert word in problem["detail"] and problem["instance"] == path


def test_a_cursor_of_another_list_is_refused(engine):
    cursor = get(engine, "/api/v1/stock?limit=1")["next"]
    assert "cursor" in get(engine, f"/api/v1/alerts?cursor={cursor}", 400)["detail"]


def test_an_answer_that_is_known_is_not_sent_again(engine):
    status, headers, body = engine.exchange("/api/v1/stock")
    assert status == 200 and body
    for known in (headers["ETag"], f'"other", W/{headers["ETag"]}', "*"):
        again = engine.exchange("/api/v1/stock", headers={"If-None-Match": known})
        assert (again[0], again[2]) == (304, "") and again[1]["ETag"] == headers["ETag"]
    assert engine.exchange("/api/v1/stock", headers={"If-None-Match": '"0-0"'})[0] == 200
    assert engine.exchange("/api/v1/stock/no/where", headers={"If-None-Match": "*"})[0] == 404
    with engine.changes.open("ab") as out:
        out.write(text([engine.shop.sale("FINE", 1)]))
    engine.until_read(len(FIGURES) + 3)
    assert engine.exchange("/api/v1/stock", headers={"If-None-Match": headers["ETag"]})[0] == 200


def sums_hold(answer):
    node, children = answer["node"], answer["children"]
    return all(sum(child[name] for child in children) == node[name]
               for name in ("items", "on_hand", "available", "out_of_stock", "critical", "low",
                            "over", "unopened", "not_valued"))


def test_children_add_up_to_their_node_in_each_answer_under_load(engine):
    """S8: what is read beside the writer is of one batch."""
    done, turns = threading.Event(), threading.Semaphore(20)

    def write():
        """Some for each answer: what it writes is no matter of how slow the answers are."""
        with engine.changes.open("ab", buffering=0) as out:
            while not done.is_set():
                turns.acquire()
                out.write(text([engine.shop.sale(sku, 1) for sku in FIGURES] * 20))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen, answers, moved = set(), 0, time.monotonic()
        while answers < 150 or len(seen) <= 10:  # until the stock did move meanwhile
            assert time.monotonic() < moved + PATIENCE or len(seen) > 10, f"{len(seen)} figures"
            answers += 1
            turns.release(20)
            tree = ("global", "warehouse")[answers % 2]
            status, _, body = engine.exchange(f"/api/v1/rollups?tree={tree}")
            answer = json.loads(body)
            assert status == 200 and answer["next"] is None and sums_hold(answer), body
            if answer["node"]["on_hand"] not in seen:
                seen.add(answer["node"]["on_hand"])
                moved = time.monotonic()
    finally:
        done.set()
        turns.release()
        writer.join()


def test_roll_ups_go_down_to_the_item(engine):
    path = []
    while True:
        answer = get(engine, "/api/v1/rollups?tree=warehouse&path=" + "/".join(path))
        if not answer["children"]:
            break
        assert answer["node"]["path"] == path and sums_hold(answer)
        path = answer["children"][0]["path"]
    assert len(path) == 6 and answer["node"]["items"] == 1
    get(engine, "/api/v1/rollups?path=nothing", 404)
    get(engine, "/api/v1/rollups?path=" + "/".join(path[1:5]) + "/nothing", 404)


def test_the_riskiest_come_first(engine):
    answer = get(engine, "/api/v1/at-risk")
    # Thousandths of available ÷ low: 0 ÷ 10, 2 ÷ 10, 9 ÷ 10; more than twice low is no risk.
    assert [(item["sku"], item["risk"]) for item in answer["items"]] == [
        ("OUT", 0), ("CRITICAL", 0.2), ("LOW", 0.9)]
    assert skus(get(engine, "/api/v1/at-risk?limit=2")) == ["OUT", "CRITICAL"]
    for limit in (1, 2, 3):
        listed = pages(engine, "/api/v1/at-risk", limit)
        assert [item["sku"] for item in listed] == ["OUT", "CRITICAL", "LOW"]
    cursor = get(engine, "/api/v1/at-risk?limit=1")["next"]
    other = get(engine, f"/api/v1/at-risk?order=stockout&cursor={cursor}", 400)
    assert "cursor" in other["detail"]


def test_history_pages_and_points_in_time(engine):
    item = get(engine, "/api/v1/stock?search=fine")["items"][0]
    base = f"/api/v1/stock/{item['warehouse_id']}/FINE/history"
    with engine.changes.open("ab") as out:
        out.write(text([engine.shop.sale("FINE", 1) for _ in range(5)]))
    engine.until_read(len(FIGURES) + 7)
    rows = pages(engine, base, 2)
    assert [row["on_hand"] for row in rows] == [50, 49, 48, 47, 46, 45]
    assert get(engine, base + "?at=2000-01-01T00:00:00Z")["on_hand"] == 0
    assert get(engine, base + "?at=9000-01-01T00:00:00Z")["on_hand"] == 45
    get(engine, base + "?at=yesterday", 400)
    get(engine, "/api/v1/stock/nowhere/FINE/history", 404)


def test_alerts_are_filtered(engine):
    def found(query):
        return {(alert["type"], alert["subject"].get("sku"))
                for alert in get(engine, f"/api/v1/alerts{query}")["items"]}

    every = found("")
    assert ("out_of_stock", "OUT") in every and ("overstock", "OVER") in every
    assert found("?type=overstock") == {("overstock", "OVER")}
    assert found("?severity=critical") == {one for one in every
                                           if one[0] in ("out_of_stock", "critical_stock")}
    assert found("?state=acknowledged") == set() and found("?state=closed") == set()
    assert found("?sku=OUT") == {one for one in every if one[1] == "OUT"}
    assert found("?warehouse=nowhere") == set()
    get(engine, "/api/v1/alerts/" + "0" * 32, 404)


def test_closed_alerts_are_listed_newest_first(binary, fast_path):
    settings, changes = fast_path / "short.json", fast_path / "many.ndjson"
    settings.write_text(json.dumps({**RULES, "stock": {"authority": "snapshot"},
                                    "alerts": {"reopen_window": "0s"},
                                    "api": {"scan_items_max": 1000, "page_max": 500}}))
    shop, lines = Shop(), []
    for number in range(300):
        sku = f"A{number}"
        lines += [shop.item(sku, 5), shop.item(sku, 50, operation="update")]
    changes.write_bytes(text([*lines, shop.sale("A0", 1)]))
    for _ in range(2):  # as it closes them, and as it finds them
        with Engine(binary, "--source", changes, "--store", fast_path / "store", "--config",
                    settings, "--quiet") as engine:
            engine.until_read(601)
            closed = pages(engine, "/api/v1/alerts?state=closed", 70)
            assert len({alert["id"] for alert in closed}) == len(closed) == 300
            opened = [alert["opened_at"] for alert in closed]
            assert opened == sorted(opened, reverse=True)
            [one] = pages(engine, "/api/v1/alerts?state=closed&sku=A3", 10)
            assert get(engine, f"/api/v1/alerts/{one['id']}")["subject"]["sku"] == "A3"
            assert pages(engine, "/api/v1/alerts?state=closed&type=drift", 10) == []
            engine.stop()


def test_thresholds_name_the_rule_that_gave_them(engine):
    [rule] = get(engine, "/api/v1/thresholds")["items"]
    assert (rule["id"], rule["low"], rule["default"], rule["version"]) == ("all", 10, True, 1)
    item = get(engine, "/api/v1/stock?limit=1")["items"][0]
    answer = get(engine, "/api/v1/thresholds/effective"
                         f"?warehouse={item['warehouse_id']}&sku={item['sku']}")
    low = next(field for field in answer["fields"] if field["field"] == "low")
    assert (low["value"], low["rule"]["id"], low["rule"]["reason"]) == ("10", "all", "a start")


def test_a_source_says_of_which_kind_it_is(binary, engine, fast_path):
    assert get(engine, "/api/v1/sources")["items"][0]["kind"] == "file"
    with Engine(binary, "--source", "shop", "--days", 1, "--items", 5, "--store",
                fast_path / "shop-store", "--quiet") as shop:
        shop.until(lambda: get(shop, "/api/v1/sources")["items"][0]["kind"] == "shop")
