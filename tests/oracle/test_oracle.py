"""Small cases worked out by hand from the domain page; each names the sentence it holds."""

import hashlib
import json
import random

import pytest

from case import DAY, T0, Case
from export import Export
from generate import PROFILES, generate, make_settings
from run_oracle import replay
from settings import read_settings
from values import (Invalid, amount, half_even, instant, quantity, show_amount, show_instant,
                    show_quantity)


# -- units (section 1) ------------------------------------------------------------------------
@pytest.mark.parametrize("value,thousandths", [
    (1, 1000), (2.5, 2500), ("+0.125", 125), ("7.50000", 7500), (0.1, 100), (-0.0, 0),
    ({"$numberInt": "3"}, 3000), ({"$numberLong": "-4"}, -4000), ({"$numberDouble": "2.0"}, 2000),
    ({"$numberDecimal": "1E+3"}, 1_000_000), ({"$numberDecimal": "2.5000"}, 2500),
    (10 ** 9, 10 ** 12)])
def test_quantities_are_read_exactly(value, thousandths):
    # "Decimal128 by value, a double as its shortest round-trip decimal ... trailing zeros don't
    # count"
    assert quantity(value) == thousandths


@pytest.mark.parametrize("value", [
    0.30000000000000004, "1.2345", "1e3", " 1", "", ".5", "5.", True, None, [], {}, 10 ** 9 + 1,
    {"$numberDouble": "NaN"}, {"$numberDouble": "-Infinity"}, {"$numberDecimal": "NaN"},
    {"$numberDecimal": "0.0001"}, {"$numberDecimal": "1E+40"}, "٣"])
def test_quantities_that_are_refused(value):
    # "more than 3 decimals (0.30000000000000004 too), NaN, Inf, or beyond 10^9 pieces is a
    # validation error, never a silent rounding"
    with pytest.raises(Invalid):
        quantity(value)


def test_numbers_are_shown_without_trailing_zeros():
    # formats.md: "decimal numbers ... without trailing zeros or exponent (200, -12.5, 0.001)"
    assert [show_quantity(n) for n in (200_000, -12_500, 1, 0)] == ["200", "-12.5", "0.001", "0"]
    assert show_amount(amount("2.5500")) == "2.55"


def test_instants():
    # formats.md: "a fraction of 3 digits where the instant is a whole millisecond and 6 where it
    # is not (none for a whole second)"
    assert show_instant(instant("2023-11-14T22:13:20Z")) == "2023-11-14T22:13:20Z"
    assert show_instant(instant("2023-11-14T23:13:20.5+01:00")) == "2023-11-14T22:13:20.500Z"
    assert show_instant(instant("2023-11-14T22:13:20.000001Z")) == "2023-11-14T22:13:20.000001Z"
    assert instant({"$date": {"$numberLong": "1700000000000"}}) == 1_700_000_000_000_000
    with pytest.raises(Invalid):
        instant("2023-11-14T22:13:20")


def test_half_even():
    assert [half_even(n, 2) for n in (1, 3, 5, -1, -3)] == [0, 2, 2, 0, -2]


# -- positions, duplicates, stale -------------------------------------------------------------
def test_ordinal_counts_distinct_tokens_from_zero():
    # ADR 1.1 and "the same token is the same change however often it comes"
    case = Case()
    case.document(0, 100, token="AA")
    case.move(0, "sale", 1, token="BB")
    case.move(0, "sale", 1, token="BB")
    assert case.items()["A"]["position"] == {"t": T0, "i": 1, "n": 1}
    assert (case.count("applied"), case.count("duplicate")) == (2, 1)
    assert case.stock() == (99, 0, 0)


def test_stale_at_or_below_the_history():
    # ADR 1.17: "at or below source time - history.keep is stale, known or not"
    case = Case(history={"keep": "35d"})
    case.document(0, 100, token="AA")
    case.tick(35 * DAY - 1)
    case.document(0, 100, token="AA")
    case.tick(35 * DAY)
    case.document(0, 100, token="AA")
    case.move(1, "sale", 1)
    assert (case.count("duplicate"), case.count("stale"), case.count("applied")) == (1, 1, 2)


def test_classes_of_lines():
    # "Each change read is one of: applied, duplicate, stale, dead-lettered, control"
    case = Case()
    case.model.feed_line("{oops")
    case.move(0, "steal", 1)
    case.move(0, "sale", 0)
    case.event("update", "transactions", 0, fullDocument={"type": "sale"})
    case.event("delete", "transactions", 0, documentKey={"_id": 1})
    case.event("insert", "customers", 0, fullDocument={})
    case.event("update", "inventory", 0, documentKey={"_id": "x"}, fullDocument=None)
    assert case.reasons() == [(1, "not json", None), (2, "unknown type", None),
                              (3, "invalid field", "quantity"), (4, "transaction update", None)]
    assert (case.count("control"), case.count("applied"), case.count("read")) == (2, 1, 7)


# -- stock (section 4) ------------------------------------------------------------------------
def test_effects_under_ledger():
    # The table of effects. 100 - 6 + 1 - 2 - 3 - 1.5 - 4 = 84.5; reserved 5 - 2 - 1 (of the
    # sale) = 2; inbound: PO-1 20 - 8 = 12, and the receipt adds 8 to on-hand: 92.5
    case = Case()
    case.document(0, 100)
    case.move(1, "reserve", 5)
    case.move(2, "sale", 6, reserved_quantity=1)
    case.move(3, "return", 1)
    case.move(4, "damage", 2)
    case.move(5, "shrinkage", 3)
    case.move(6, "adjustment", -1.5)
    case.move(7, "transfer_out", 4)
    case.move(8, "release", 2)
    case.move(9, "ordered", 20, order_id="PO-1")
    case.move(10, "receipt", 8, order_id="PO-1")
    assert case.stock() == (92.5, 2, 12)
    case.move(11, "order_cancelled", 12, order_id="PO-1")
    case.move(12, "count", 7)
    assert case.stock() == (7, 2, 0)


def test_shown_inbound_with_negative_references():
    # "Shown inbound = sum max(0, named) + max(0, unnamed - sum max(0, -named))": document 30
    # unnamed; PO-1 -10, PO-2 +5: 5 + max(0, 30 - 10) = 25
    case = Case()
    case.document(0, 0, inbound=30)
    case.move(1, "receipt", 10, order_id="PO-1")
    case.move(2, "ordered", 5, order_id="PO-2")
    assert case.stock() == (10, 0, 25)


def test_sale_from_reservations():
    # "else q where the warehouse's setting says that sales come from reservations"; reserved is
    # "shown as max(0, sum)"
    case = Case(stock={"sales_from_reservations": True})
    case.document(0, 10, reserved=3)
    case.move(1, "sale", 2)
    assert case.stock() == (8, 1, 0)
    case.move(2, "sale", 2)
    assert case.stock() == (6, 0, 0)


def test_ledger_opens_at_the_lowest_document_and_counts_reset():
    # "On-hand = the highest-position one of {opening, counts} plus every delta after it"
    case = Case()
    case.move(10, "sale", 1)
    assert case.items()["A"]["opened"] is False and case.stock() == (-1, 0, 0)
    case.document(5, 50)
    case.move(7, "count", 20)
    case.document(20, 99, operation="replace")
    assert case.stock() == (19, 0, 0)


def test_update_image_does_not_open():
    # "An updateLookup image checks and opens nothing"; the path comes all the same
    case = Case()
    case.document(0, 50, operation="update", category="tea")
    assert case.items()["A"]["opened"] is False and case.items()["A"]["category"] == "tea"
    stored = Case(source={"update_images": "stored"})
    stored.document(0, 50, operation="update")
    assert stored.stock() == (50, 0, 0)


def test_snapshot_takes_documents_only():
    # "inventory documents set on-hand, reserved, inbound"; unopened: "snapshot: zeros"
    case = Case("snapshot")
    case.move(0, "sale", 3)
    assert case.stock() == (0, 0, 0) and case.node()["unopened"] == 1
    case.document(1, 9, reserved=2, inbound=4)
    case.move(2, "sale", 3)
    assert case.stock() == (9, 2, 4)


def test_opens_at_zero():
    # "opens_at_zero: true for a warehouse takes 0 as the opening"
    case = Case(stock={"opens_at_zero": True})
    case.move(0, "receipt", 3)
    assert case.items()["A"]["opened"] and case.stock() == (3, 0, 0)


def test_delete_retires_and_a_document_returns():
    # "later changes go to history only; an inventory document above the delete returns it with a
    # fresh opening"
    case = Case()
    case.document(0, 50)
    case.delete(10)
    case.move(11, "sale", 1)
    assert case.items() == {} and case.node() is None
    case.document(20, 5)
    case.move(21, "sale", 1)
    assert case.stock() == (4, 0, 0)


def test_delete_may_come_first():
    # ADR 1.14: "For one document key any order of arrival gives the same stock"
    case = Case()
    case.delete(10)
    case.document(0, 50)
    assert case.items() == {}
    case.document(30, 7)
    assert case.stock() == (7, 0, 0)


def test_a_move_is_a_delete_and_an_upsert():
    # "an update that moves a document to another item is a delete of the old and an upsert of the
    # new at one position"
    case = Case("snapshot")
    case.document(0, 50, key="k")
    case.document(5, 8, sku="B", key="k", operation="update")
    assert set(case.items()) == {"B"} and case.stock("B") == (8, 0, 0)
    case.document(2, 9, sku="C", key="k", operation="update")
    assert set(case.items()) == {"B"}


def test_second_document_is_refused():
    # "to one living inventory document (a second one is a dead letter, `item has another
    # document`)"
    case = Case()
    case.document(0, 50, key="k1")
    case.document(1, 60, key="k2")
    assert case.reasons() == [(2, "item has another document", None)]
    case.delete(2, key="k1")
    case.document(3, 60, key="k2")
    assert case.stock() == (60, 0, 0)


def test_limit_of_references():
    # "at most 64 positive references an item (a setting): beyond it an `ordered` is a dead letter"
    case = Case(stock={"inbound_references_max": 2})
    case.document(0, 0)
    for number in range(3):
        case.move(1, "ordered", 1, order_id=f"PO-{number}", i=1 + number)
    case.move(2, "ordered", 1, order_id="PO-1")
    assert case.reasons() == [(4, "too many references", None)] and case.stock() == (0, 0, 3)


def test_price_of_document_else_latest_transaction():
    # "Price = the document's, else the highest-position transaction's"
    case = Case(stock={"currency": "GBP"})
    case.document(0, 5)
    case.move(9, "sale", 1, price=2.5)
    case.move(3, "sale", 1, price=9)
    assert case.items()["A"]["price"] == {"amount": 2.5, "currency": "GBP"}
    case.document(10, 5, operation="update", price={"amount": "3.1", "currency": "EUR"})
    assert case.items()["A"]["price"] == {"amount": 3.1, "currency": "EUR"}


# -- roll-ups (section 5) ---------------------------------------------------------------------
def test_rollups_value_half_even_and_counts():
    # "max(0, on-hand) x cost, half-even to ten-thousandths per item": 0.5 x 0.0001 = 0.00005 -> 0,
    # 1.5 x 0.0001 = 0.00015 -> 0.0002; low includes critical and out
    case = Case()
    case.document(0, 0.5, sku="A", cost="0.0001", category="tea")
    case.document(0, 1.5, sku="B", cost="0.0001", category="tea", i=2)
    case.document(0, -3, sku="C", cost="9", category="tea", i=3)
    case.document(0, 30, sku="D", category="tea", i=4)
    case.document(0, 0, sku="E", category="tea", status="discontinued", i=5)
    node = case.node("(none)", "tea")
    assert node["value"] == {"USD": 0.0002} and node["not_valued"] == 2 and node["items"] == 5
    assert [node[n] for n in ("out_of_stock", "critical", "low", "over")] == [1, 3, 4, 0]


def test_a_path_change_empties_the_old_nodes():
    # "the old nodes give up exactly what the new ones gain. A node without items does not exist"
    case = Case()
    case.document(0, 5, category="tea")
    case.document(1, 5, category="milk", operation="replace")
    assert case.node("(none)", "tea") is None
    assert case.node("W", "(none)", "milk", tree="warehouse")["on_hand"] == 5


def test_digest_is_the_sha_of_the_export():
    case = Case()
    case.document(0, 5)
    case.move(0, "sale", 2, i=2)
    export = case.export()
    assert export.demand
    head = '{"canonical":2,"source_time":"2023-11-14T22:14:00Z"}'
    text = "".join(line + "\n" for line in [head, *export.items, *export.rollups, *export.demand])
    assert export.digest() == hashlib.sha256(text.encode()).hexdigest()


# -- order and repetition (R5, R16) -----------------------------------------------------------
@pytest.mark.parametrize("seed", range(1, 5))
def test_any_order_gives_the_same_digest(seed):
    # "The same changes in any order inside the history give the same digest"; a repeated change
    # has no effect
    settings = read_settings(make_settings(random.Random(f"settings/{seed}"), False))
    exports = {}
    for profile in PROFILES:
        lines = [line.encode() for line in generate(seed, 700, profile)]
        model = replay(lines, settings)
        exports[profile] = Export(model)
        counts = dict(model.counts)
        assert counts.pop("read") == sum(counts.values()) == len(lines)
    assert exports["ordered"].digest() == exports["shuffled"].digest()
    assert exports["ordered"].digest() == exports["duplicates"].digest()
    assert exports["ordered"].alerts == exports["duplicates"].alerts
    assert json.loads(exports["late"].items[0])
