"""The Online Retail example: its converter rule by rule, its sample generator, its figure."""

import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timezone
from pathlib import Path

import pytest

from conftest import SECONDS_MAX

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = REPOSITORY / "examples" / "online-retail"
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
REAL_FILE = (Path(os.environ.get("STOCKWATCH_DATA", REPOSITORY.parent / "shared" / "data"))
             / "online-retail" / "online-retail-2010-12-to-2011-09.csv.gz")
WEDNESDAY = "2024-01-03 08:15:00"


def run(program, *arguments, stdin=b""):
    return subprocess.run([sys.executable, str(EXAMPLE / program), *map(str, arguments)],
                          input=stdin, capture_output=True, check=False, timeout=SECONDS_MAX)


def row(invoice="1", code="85123A", quantity="6", date=WEDNESDAY, price="2.55",
        country="United Kingdom"):
    return [invoice, code, "A THING, RED", quantity, date, price, "17850.0", country]


def csv_bytes(rows, header=HEADER):
    text = io.StringIO()
    text.write(header + "\n")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def convert(rows, tmp_path):
    """(changes, summary) of the given rows."""
    summary = tmp_path / "summary.json"
    done = run("convert.py", "-", "--summary", summary, stdin=csv_bytes(rows))
    assert done.returncode == 0, done.stderr.decode()
    changes = [json.loads(line) for line in done.stdout.splitlines()]
    return changes, json.loads(summary.read_text())


def documents(changes, collection="transactions"):
    return [c["fullDocument"] for c in changes if c["ns"]["coll"] == collection]


def position(change):
    stamp = change["clusterTime"]["$timestamp"]
    return stamp["t"], stamp["i"]


def seconds(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp())


def ids(changes):
    return [change["documentKey"]["_id"] for change in changes]


def test_one_sale_is_an_inventory_insert_and_a_transaction_insert(tmp_path):
    changes, summary = convert([row()], tmp_path)
    t = seconds(WEDNESDAY)
    opening, sale = changes
    assert opening["fullDocument"] == {
        "_id": "GB/85123A", "warehouse_id": "GB", "sku": "85123A", "product_id": "85123",
        "category": "85", "department": "8", "on_hand": 200}
    assert sale == {
        "_id": {"_data": sale["_id"]["_data"]},
        "operationType": "insert",
        "clusterTime": {"$timestamp": {"t": t, "i": 2}},
        "wallTime": {"$date": "2024-01-03T08:15:00Z"},
        "ns": {"db": "shop", "coll": "transactions"},
        "documentKey": {"_id": "1-1"},
        "fullDocument": {
            "_id": "1-1", "warehouse_id": "GB", "sku": "85123A", "type": "sale", "quantity": 6,
            "price": 2.55, "occurred_at": {"$date": "2024-01-03T08:15:00Z"}}}
    assert re.fullmatch(f"82{t:08X}00000002[0-9A-F]+", sale["_id"]["_data"])
    assert summary["changes"] == {"written": 2, "inventory": 1, "sale": 1, "return": 0,
                                  "adjustment": 0, "receipt": 0}


@pytest.mark.parametrize("code, sku", [
    ("85123", "85123"), ("85123A", "85123A"), ("85123bl", "85123BL")])
def test_rule_1_codes_that_are_skus(code, sku, tmp_path):
    changes, _ = convert([row(code=code)], tmp_path)
    assert [d["sku"] for d in documents(changes)] == [sku]


@pytest.mark.parametrize("code", [
    "POST", "M", "D", "m", "BANK CHARGES", "1234", "123456", "85123A1", "85123 A", " 85123",
    "85123\n", "85123ß", "gift_0001_20", ""])
def test_rule_1_codes_that_are_not_skus_are_skipped_and_counted(code, tmp_path):
    changes, summary = convert([row(code=code), row()], tmp_path)
    assert len(documents(changes)) == 1
    assert summary["lines"]["skipped"]["not_a_sku"] == 1


@pytest.mark.parametrize("country, warehouse", [
    ("United Kingdom", "GB"), ("France", "EX"), ("EIRE", "EX"), ("united kingdom", "EX"),
    ("", "EX")])
def test_rule_2_warehouse_by_country(country, warehouse, tmp_path):
    changes, _ = convert([row(country=country)], tmp_path)
    assert [d["warehouse_id"] for d in documents(changes)] == [warehouse]
    assert ids(changes)[0] == f"{warehouse}/85123A"


@pytest.mark.parametrize("invoice, quantity, expected", [
    ("1", "6", ("sale", 6)), ("C1", "-6", ("return", 6)), ("1", "-6", ("adjustment", -6)),
    ("C1", "6", ("sale", 6))])
def test_rule_3_type_and_quantity(invoice, quantity, expected, tmp_path):
    changes, _ = convert([row(invoice=invoice, quantity=quantity)], tmp_path)
    assert [(d["type"], d["quantity"]) for d in documents(changes)] == [expected]


@pytest.mark.parametrize("fields, reason", [
    ({"quantity": "0"}, "quantity_zero"), ({"quantity": "-0"}, "quantity_zero"),
    ({"quantity": ""}, "unreadable_quantity"), ({"quantity": "six"}, "unreadable_quantity"),
    ({"quantity": "1_0"}, "unreadable_quantity"), ({"price": "n/a"}, "unreadable_price"),
    ({"price": ""}, "unreadable_price"), ({"price": "NaN"}, "unreadable_price"),
    ({"date": "1/3/2024 8:15"}, "unreadable_date"),
    ({"date": "2024-02-30 08:15:00"}, "unreadable_date")])
def test_rule_3_unusable_lines_are_skipped_and_have_no_effect(fields, reason, tmp_path):
    changes, summary = convert([row(**fields), row(code="22000")], tmp_path)
    assert ids(changes) == ["GB/22000", "1-2"]
    assert summary["lines"] == {"read": 2, "converted": 1, "skipped": {
        **dict.fromkeys(summary["lines"]["skipped"], 0), reason: 1}}


def test_a_line_with_another_number_of_fields_is_skipped(tmp_path):
    _, summary = convert([row()[:-1], row()], tmp_path)
    assert summary["lines"]["skipped"]["wrong_field_count"] == 1


@pytest.mark.parametrize("price, shown", [
    ("2.50", b'"price":2.50,'), ("3", b'"price":3,'), ("0.001", b'"price":0.001,'),
    ("0", None), ("0.0", None), ("-1.5", None)])
def test_rule_3_price_only_above_zero_and_as_printed(price, shown):
    done = run("convert.py", "-", stdin=csv_bytes([row(price=price)]))
    assert done.returncode == 0
    assert (shown in done.stdout) if shown else (b"price" not in done.stdout)


def test_rule_4_ids_carry_the_line_number_and_ordinals_count_within_a_second(tmp_path):
    later = "2024-01-03 08:15:01"
    rows = [row("7"), row("7", code="POST"), row("7"), row("C8", quantity="-1", date=later)]
    changes, _ = convert(rows, tmp_path)
    t = seconds(WEDNESDAY)
    assert list(zip(ids(changes), map(position, changes))) == [
        ("GB/85123A", (t, 1)), ("7-1", (t, 2)), ("7-3", (t, 3)), ("C8-4", (t + 1, 1))]


def test_rule_5_an_item_opens_once_in_each_warehouse(tmp_path):
    rows = [row(), row(country="France"), row(code="85123a"), row(code="85123B")]
    changes, _ = convert(rows, tmp_path)
    assert ids(changes) == ["GB/85123A", "1-1", "EX/85123A", "1-2", "1-3", "GB/85123B", "1-4"]


def receipts(changes):
    return [(d["_id"], d["quantity"]) for d in documents(changes) if d["type"] == "receipt"]


def test_rule_5_receipts_are_net_sales_of_the_week_before_last_in_item_order(tmp_path):
    rows = [
        row(quantity="6"),
        row("C1", quantity="-2", date="2024-01-07 23:59:59"),
        row(code="22000", quantity="5", date="2024-01-07 23:59:59"),
        row(code="22000", quantity="-4", date="2024-01-07 23:59:59"),  # adjustments don't count
        row(code="47000", quantity="9", country="France", date="2024-01-07 23:59:59"),
        row("C1", code="99999", quantity="-3", date="2024-01-07 23:59:59"),  # below 0: no receipt
        row(quantity="1", date="2024-01-08 00:00:00"),  # the next week
        row(quantity="10", date="2024-01-15 00:00:00"),  # after the receipts of that second
    ]
    changes, _ = convert(rows, tmp_path)
    monday = seconds("2024-01-15 00:00:00")
    assert [(key, position(c)) for key, c in zip(ids(changes), changes)][-4:] == [
        ("R-2024-01-15-EX-47000", (monday, 1)), ("R-2024-01-15-GB-22000", (monday, 2)),
        ("R-2024-01-15-GB-85123A", (monday, 3)), ("1-8", (monday, 4))]
    assert receipts(changes) == [
        ("R-2024-01-15-EX-47000", 9), ("R-2024-01-15-GB-22000", 5), ("R-2024-01-15-GB-85123A", 4)]
    receipt = changes[-2]["fullDocument"]
    assert receipt["occurred_at"] == {"$date": "2024-01-15T00:00:00Z"} and "price" not in receipt


def test_rule_5_mondays_without_a_sale_receive_too_and_none_comes_after_the_last_line(tmp_path):
    rows = [row(quantity="6"), row(quantity="7", date="2024-01-08 09:00:00"),
            row(quantity="8", date="2024-01-16 09:00:00"),
            row(quantity="1", date="2024-02-06 09:00:00"),
            row(quantity="0", date="2024-03-06 09:00:00")]
    changes, summary = convert(rows, tmp_path)
    assert receipts(changes) == [("R-2024-01-15-GB-85123A", 6), ("R-2024-01-22-GB-85123A", 7),
                                 ("R-2024-01-29-GB-85123A", 8)]
    assert summary["to"] == "2024-02-06T09:00:00Z"


def test_other_columns_are_refused():
    for header in ("a,b,c", HEADER.replace("Country", "Land"), "Extra," + HEADER):
        done = run("convert.py", "-", stdin=csv_bytes([row()], header))
        assert done.returncode == 1 and b"expected the columns InvoiceNo," in done.stderr
    assert b"found nothing" in run("convert.py", "-").stderr


def test_a_file_out_of_order_is_refused_and_leaves_no_output(tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.ndjson"
    source.write_bytes(csv_bytes([row(), row(date="2024-01-03 08:14:59")]))
    done = run("convert.py", source, "-o", target)
    assert done.returncode == 1 and b"line 2" in done.stderr
    assert list(tmp_path.iterdir()) == [source]


def test_damaged_gzip_is_refused(tmp_path):
    source = tmp_path / "in.csv.gz"
    source.write_bytes(gzip.compress(csv_bytes([row()] * 1000))[:-20])
    done = run("convert.py", source)
    assert done.returncode == 1 and b"damaged gzip" in done.stderr


def test_gzip_in_and_out_says_the_same_and_is_reproducible(tmp_path, sample):
    plain, packed = tmp_path / "in.csv", tmp_path / "in.csv.gz"
    plain.write_bytes(sample)
    packed.write_bytes(gzip.compress(sample))
    first, second = tmp_path / "1.ndjson.gz", tmp_path / "2.ndjson.gz"
    assert run("convert.py", plain, "-o", first).returncode == 0
    assert run("convert.py", packed, "-o", second).returncode == 0
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()) == run("convert.py", plain).stdout


@pytest.fixture(scope="module")
def sample():
    done = run("generate_sample.py")
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_the_sample_is_deterministic_and_its_seed_matters(sample):
    assert run("generate_sample.py").stdout == sample
    assert run("generate_sample.py", "--seed", 2).stdout != sample
    assert len(sample.splitlines()) == 5001


def test_the_sample_has_every_kind_of_line(sample, tmp_path):
    rows = list(csv.reader(io.StringIO(sample.decode())))[1:]
    changes, summary = convert(rows, tmp_path)
    assert all(n > 0 for n in summary["changes"].values())
    assert all(summary["lines"]["skipped"][reason] > 0 for reason in (
        "not_a_sku", "unreadable_quantity", "quantity_zero", "unreadable_price"))
    assert min(summary["items"].values()) > 20
    assert any(code != code.upper() for _, code, *_ in rows if code[:5].isdigit())
    assert any("price" not in d for d in documents(changes) if d["type"] == "sale")
    assert max(i for _, i in map(position, changes)) > 200
    mondays = {key[2:12] for key, _ in receipts(changes)}
    days_with_lines = {fields[4][:10] for fields in rows}
    assert len(mondays) > 4 and mondays - days_with_lines


def test_every_sample_change_is_in_order_and_has_its_own_token(sample):
    lines = run("convert.py", "-", stdin=sample).stdout.splitlines()
    changes = [json.loads(line) for line in lines]
    before = (0, 0)
    for change in changes:
        t, i = position(change)
        assert i == (before[1] + 1 if t == before[0] else 1) and t >= before[0]
        assert change["_id"]["_data"].startswith(f"82{t:08X}{i:08X}")
        before = (t, i)
    tokens = [change["_id"]["_data"] for change in changes]
    assert len(set(tokens)) == len(tokens) and tokens == sorted(tokens)
    assert len(set(ids(changes))) == len(changes)


def test_the_figure_is_well_formed_and_says_the_numbers(tmp_path):
    rows = [row(quantity="250"), row(quantity="1", date="2024-02-01 08:15:00")]
    changes = run("convert.py", "-", stdin=csv_bytes(rows)).stdout
    (tmp_path / "changes.ndjson.gz").write_bytes(gzip.compress(changes))
    subject = {"warehouse_id": "GB", "sku": "85123A"}
    export = tmp_path / "export"
    export.mkdir()
    (export / "items.ndjson").write_text(json.dumps({**subject, "category": "85"}) + "\n")
    alert = {"type": "out_of_stock", "subject": subject, "opened_at": "2024-01-03T08:15:00Z",
             "resolved_at": "2024-01-15T00:00:00Z"}
    (export / "alerts.ndjson").write_text(json.dumps(alert) + "\n")
    done = run("plot.py", tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    words = "\n".join(ElementTree.parse(tmp_path / "online-retail.svg").getroot().itertext())
    assert "12  (40% of its item-days)" in words and "out of stock 0" in words


def test_the_figure_names_a_missing_file(tmp_path):
    done = run("plot.py", tmp_path)
    assert done.returncode == 1 and b"changes.ndjson.gz" in done.stderr


@pytest.mark.skipif(not REAL_FILE.exists(),
                    reason="Online Retail data not found: set STOCKWATCH_DATA")
def test_the_counts_of_the_real_file(tmp_path):
    summary_file = tmp_path / "summary.json"
    done = run("convert.py", REAL_FILE, "-o", tmp_path / "out.ndjson",
               "--summary", summary_file)
    assert done.returncode == 0, done.stderr.decode()
    summary = json.loads(summary_file.read_text())
    assert summary["lines"]["read"] == 370931
    assert sum(summary["lines"]["skipped"].values()) == 2246
    assert summary["changes"] == {"written": 465209, "inventory": 6318, "sale": 361460,
                                  "return": 6214, "adjustment": 1011, "receipt": 90206}
