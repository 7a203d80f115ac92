"""Alerts, thresholds and drift: small cases worked out by hand from the domain page."""

import hashlib

import pytest

from case import DAY, T0, Case
from settings import read_settings
from values import Invalid


# -- conditions and episodes (sections 8, 9) --------------------------------------------------
def test_low_opens_and_clears():
    # "compared value <= low" ... "> field + margin"; value and threshold of the first opening
    case = Case()
    case.document(0, 41)
    case.move(10, "sale", 1)
    case.move(20, "sale", 5)
    case.move(30, "receipt", 10)
    alert, = case.alerts("low_stock")
    assert case.states("low_stock") == [("resolved", 10, 30, 0, "cleared")]
    assert [alert[n] for n in ("value", "threshold", "now", "worst", "count")] \
        == [40, 40, 45, 35, 2]
    place = f"change/0/{T0 + 10}/1/0"
    text = f"episode/1\nlow_stock\nitem\nW\nA\n{place}\n"
    assert alert["id"] == hashlib.sha256(text.encode()).hexdigest()[:32]
    assert alert["rule"] == {"id": "default", "version": 1}


def test_out_and_negative_have_no_rule():
    # ADR 1.8: "For out_of_stock and negative_stock the threshold is 0 and the rule is null"
    case = Case(rules=[])
    case.document(0, -1)
    assert [(a["type"], a["threshold"], a["rule"]) for a in sorted(
        case.alerts(), key=lambda a: a["type"])] \
        == [("negative_stock", 0, None), ("out_of_stock", 0, None)]


def test_margin_in_percent():
    # ADR 1.13 and "> field + margin": 40 x 12.5 % = 5; 45 does not clear, 45.001 does
    case = Case(rules=[{"id": "d", "default": True, "low": 40, "clear_margin": "12.5%"}])
    case.document(0, 40)
    case.move(1, "receipt", 5)
    assert case.states("low_stock") == [("open", 0, None, 0, None)]
    case.move(2, "receipt", "0.001")
    assert case.states("low_stock") == [("resolved", 0, 2, 0, "cleared")]
    assert case.alerts("low_stock")[0]["count"] == 1


def test_hold_opens_by_its_timer():
    # "Pending starts when the condition first holds and opens at start + hold_for if it held until
    # that timer"; ADR 1.7: "A pending hold ends when the plain comparison no longer holds"
    case = Case(rules=[{"id": "d", "default": True, "low": 40, "hold_for": "60s"}])
    case.document(0, 40)
    case.move(30, "receipt", 10)
    case.move(40, "sale", 10)
    case.tick(99)
    assert case.alerts() == []
    case.move(100, "receipt", 10)
    alert, = case.alerts("low_stock")
    assert case.states("low_stock") == [("resolved", 100, 100, 0, "cleared")]
    assert alert["count"] == 0
    text = f"episode/1\nlow_stock\nitem\nW\nA\ntimer/{(T0 + 100) * 1_000_000}/hold\n"
    assert alert["id"] == hashlib.sha256(text.encode()).hexdigest()[:32]


@pytest.mark.parametrize("back,expected", [
    (909, [("open", 0, None, 1, "cleared")]),
    (910, [("closed", 0, 10, 0, "cleared"), ("open", 910, None, 0, None)])])
def test_reopen_strictly_before_the_window(back, expected):
    # "An opening strictly before resolve + re-open window (default 15 min) re-opens the same
    # episode; at its end the episode is closed"
    case = Case(rules=[{"id": "d", "default": True, "low": 40}])
    case.document(0, 40)
    case.move(10, "receipt", 10)
    case.move(back, "sale", 10)
    assert case.states("low_stock") == expected


def test_discontinued_and_disabled():
    # "raises no out-of-stock, critical, low"; "`enabled: false` turns all but `negative_stock` and
    # `drift` off"
    case = Case()
    case.document(0, -1, status="discontinued")
    assert [a["type"] for a in case.alerts()] == ["negative_stock"]
    off = Case(rules=[{"id": "d", "default": True, "low": 40, "enabled": False}])
    off.document(0, -1)
    assert [a["type"] for a in off.alerts()] == ["negative_stock"] and off.node()["low"] == 1


def test_overstock():
    # "on-hand > `max`" ... "<= max - margin"
    case = Case(rules=[{"id": "d", "default": True, "max": 100, "clear_margin": 5}])
    case.document(0, 101)
    case.move(1, "sale", 5)
    case.move(2, "sale", 1)
    assert case.states("overstock") == [("resolved", 0, 2, 0, "cleared")]
    assert case.alerts("overstock")[0]["worst"] == 101


def test_stale_stock_by_the_day():
    # "on-hand > 0 and no sale for `stale_days` (since the last sale, else the opening)"; opening at
    # 22:14, so two days are over at 22:14 and the midnight after it judges (105 min later + ...)
    case = Case(rules=[{"id": "d", "default": True, "stale_days": 2}])
    case.document(0, 10)
    midnight = 106 * 60
    case.tick(2 * DAY + midnight - 1)
    assert case.alerts() == []
    case.tick(2 * DAY + midnight)
    assert case.states("stale_stock") == [("open", 2 * DAY + midnight, None, 0, None)]
    case.move(2 * DAY + midnight + 5, "damage", 10)
    case.move(2 * DAY + midnight + 6, "sale", 1)
    assert case.states("stale_stock")[0][2] == 2 * DAY + midnight + 6


def test_retired_resolves():
    # "its episodes resolve (cause `retired`, no notice)"
    case = Case()
    case.document(0, 5)
    case.delete(3)
    assert {a["cause"] for a in case.alerts()} == {"retired"}
    assert case.states("low_stock") == [("resolved", 0, 3, 0, "retired")]


def test_late_change_is_judged_at_source_time():
    # ADR 1.9: "for a late change the source time at its arrival"
    case = Case()
    case.document(0, 45)
    case.tick(500)
    case.move(10, "sale", 5)
    assert case.states("low_stock") == [("open", 500, None, 0, None)]


def test_category_conditions():
    # "low / active opened items >= `low_share`, >= 5 items"; judged after all changes of a second,
    # place `second/<s>`; "all of >= 5 active opened items out"
    case = Case(rules=[{"id": "d", "default": True, "low": 40, "low_share": 0.4}])
    for number in range(5):
        case.document(0, 100, sku=f"S{number}", category="tea", i=1 + number)
    case.move(5, "count", 40, sku="S0")
    assert case.alerts("category_low") == []
    case.move(6, "count", 0, sku="S1")
    low = case.alerts("category_low")
    assert {(a["value"], a["threshold"]) for a in low} == {(0.4, 0.4)}
    assert sorted(a["subject"]["path"] for a in low) == [["(none)", "tea"], ["W", "(none)", "tea"]]
    text = f"episode/1\ncategory_low\nnode\nglobal\n(none)\ntea\nsecond/{T0 + 6}\n"
    assert hashlib.sha256(text.encode()).hexdigest()[:32] in {a["id"] for a in low}
    for number in range(5):
        case.move(7, "count", 0, sku=f"S{number}", i=1 + number)
    assert [a["opened_at"][-3:] for a in case.alerts("category_out")] == ["07Z", "07Z"]
    case.document(8, 0, sku="S4", category="milk", operation="replace")
    assert {a["cause"] for a in case.alerts("category_out")} == {"cleared"}


def test_empty_category_resolves():
    # "A node without items does not exist (its episodes resolve, cause `empty`)"
    case = Case(rules=[{"id": "d", "default": True, "low": 40, "low_share": 0.4}])
    for number in range(5):
        case.document(0, 1, sku=f"S{number}", category="tea", i=1 + number)
    case.tick(1)
    for number in range(5):
        case.delete(2, f"W/S{number}", i=1 + number)
    ends = {(alert["state"], alert["cause"]) for alert in case.alerts("category_low")}
    assert ends == {("resolved", "empty")}


# -- thresholds (section 7) -------------------------------------------------------------------
def test_more_specific_fields_win_one_by_one():
    # "SKU > product > brand > category > department > none", "field by field"
    case = Case(rules=[{"id": "d", "default": True, "low": 40, "critical": 10},
                       {"id": "c", "scope": {"category": "tea"}, "low": 60},
                       {"id": "w", "scope": {"warehouse_id": "W"}, "critical": 20, "low": 30}])
    case.document(0, 15, category="tea")
    shown = {a["type"]: (a["threshold"], a["rule"]["id"]) for a in case.alerts()}
    assert shown == {"low_stock": (60, "c"), "critical_stock": (20, "w")}


def test_locked_beats_more_specific_that_loosen():
    # "`locked` beats more specific rules that would loosen the field" (ADR 1.12: a lower low)
    rules = [{"id": "d", "default": True, "low": 40, "locked": True},
             {"id": "c", "scope": {"category": "tea"}, "low": 50},
             {"id": "s", "scope": {"sku": "A"}, "low": 5}]
    case = Case(rules=rules)
    case.document(0, 45, category="tea")
    assert case.alerts()[0]["rule"]["id"] == "c"


def test_fields_are_clamped_by_the_more_specific():
    # "placed from the most to the least specific, each clamped into the bounds of those placed"
    case = Case(rules=[{"id": "d", "default": True, "low": 40, "critical": 10},
                       {"id": "s", "scope": {"sku": "A"}, "low": 5}])
    case.document(0, 6)
    assert case.alerts() == []
    case.move(1, "sale", 1)
    assert {(a["type"], a["threshold"]) for a in case.alerts()} \
        == {("low_stock", 5), ("critical_stock", 5)}


def test_rule_versions_from_the_stream():
    # "Open episodes use the new threshold + margin; a field that has gone resolves them (cause
    # `rule`)"; a bad document is a dead letter, the last good version stays
    case = Case(rules=[])
    case.document(0, 20)
    case.rule(5, "r", scope={"sku": "A"}, low=30)
    case.rule(6, "r", "update", scope={"sku": "A"}, low=5, critical=8)
    case.rule(7, "r", "replace", scope={"sku": "A"}, low=25)
    case.rule(8, "r", "delete")
    assert case.reasons() == [(3, "invalid rule", "critical")]
    assert case.states("low_stock") == [("resolved", 5, 8, 0, "rule")]
    alert, = case.alerts("low_stock")
    assert (alert["count"], alert["threshold"], alert["rule"]["version"]) == (0, 30, 1)


def test_older_rule_version_is_superseded():
    # ADR 1.11: "A rule version that arrives with a lower position than the one in force is
    # superseded (applied, no effect)"
    case = Case(rules=[])
    case.document(0, 20)
    case.rule(9, "r", scope={"sku": "A"}, low=5)
    case.rule(8, "r", scope={"sku": "A"}, low=50)
    assert case.alerts() == [] and case.count("applied") == 3


def test_effective_interval_by_timers():
    # "effective interval [from, until)", a timer "rule interval" with the time D
    case = Case(rules=[{"id": "d", "default": True, "low": 40, "effective": {
        "from": "2023-11-14T22:14:10.5Z", "until": {"$date": "2023-11-14T22:14:20Z"}}}])
    case.document(0, 40)
    case.tick(30)
    assert case.states("low_stock") == [("resolved", 10.5, 20, 0, "rule")]


def test_compare_position():
    # "`compare` (available ...; on_hand; position)": 30 + 20 inbound = 50 > 40
    case = Case(rules=[{"id": "d", "default": True, "low": 40, "compare": "position"}])
    case.document(0, 30, inbound=20)
    assert case.alerts() == []
    case.move(1, "order_cancelled", 10)
    assert case.alerts("low_stock")[0]["value"] == 40


def test_severity_is_the_highest_since_opening():
    # "severity ... = the highest resolved since opening"
    case = Case(rules=[])
    case.document(0, 20)
    case.rule(1, "r", scope={"sku": "A"}, low=30, severity={"low_stock": "page"})
    case.rule(2, "r", scope={"sku": "A"}, low=30, severity={"low_stock": "info"})
    assert case.alerts()[0]["severity"] == "page"


# -- drift (section 4) ------------------------------------------------------------------------
def test_drift_opens_after_the_grace_and_resolves():
    # "else `drift` opens at its time + grace with both figures ...; it resolves at the next
    # document that agrees, a count, or a correction"
    case = Case(rules=[])
    case.document(0, 50)
    case.document(100, 47, operation="update")
    case.tick(159)
    assert case.alerts() == []
    case.tick(160)
    alert, = case.alerts()
    assert case.states("drift") == [("open", 160, None, 0, None)]
    assert (alert["value"], alert["threshold"], alert["rule"]) == (3, 0, None)
    case.move(170, "sale", 3)
    case.document(200, 47, operation="update")
    assert case.states("drift") == [("resolved", 160, 200, 0, "cleared")]


def test_drift_agrees_within_the_grace():
    # "agrees if the (shadow) ledger stood within drift_tolerance of its figure at some moment
    # within +- grace of its position"
    case = Case(rules=[])
    case.document(0, 50)
    case.document(100, 47, operation="update")
    case.move(130, "sale", 3)
    case.document(185, 50, operation="update")
    case.tick(900)
    assert case.alerts() == []


def test_shadow_starts_at_the_first_transaction_and_is_rebased():
    # ADR 1.6, and "the shadow is re-based": 50 -> 40 unchecked; 40 - 1 = 39 against 30: drift;
    # re-based to 30, so that 30 - 2 = 28 agrees
    case = Case("snapshot", rules=[])
    case.document(0, 50)
    case.document(100, 40, operation="update")
    case.tick(300)
    assert case.alerts() == []
    case.move(400, "sale", 1)
    case.document(500, 30, operation="update")
    case.move(600, "sale", 2)
    case.document(700, 28, operation="update")
    assert case.states("drift") == [("resolved", 560, 700, 0, "cleared")]
    assert case.alerts()[0]["value"] == 9


def test_late_document_is_judged_on_arrival():
    # "A late change is judged once, on arrival": its time + grace has passed at 500
    case = Case(rules=[])
    case.document(0, 50)
    case.tick(500)
    case.document(100, 49, operation="update")
    assert case.states("drift") == [("open", 500, None, 0, None)]
    assert case.alerts()[0]["count"] == 1


def test_dropped_item_starts_anew():
    # "after the history's length it is dropped": until then later changes go to history only
    case = Case(history={"keep": "35d"})
    case.document(0, 50)
    case.delete(10)
    case.move(10 + 35 * DAY - 1, "receipt", 3)
    assert case.items() == {}
    case.move(10 + 35 * DAY, "receipt", 4)
    assert case.stock() == (4, 0, 0) and case.items()["A"]["opened"] is False


def test_node_rules_match_by_what_they_name():
    # ADR 1.5: "A rule that names a warehouse does not match a node of the global tree"
    case = Case(rules=[{"id": "w", "scope": {"warehouse_id": "W"}, "low": 40, "low_share": 0.4},
                       {"id": "s", "scope": {"brand": "acme"}, "low_share": 0.1}])
    for number in range(5):
        case.document(0, 1, sku=f"S{number}", category="tea", i=1 + number)
    assert [a["subject"]["tree"] for a in case.alerts("category_low")] == ["warehouse"]


def test_unknown_settings_are_refused():
    for section in ({"stock": {"colour": 1}}, {"alarms": {}}, {"history": {"keep": "34d"}}):
        with pytest.raises(Invalid):
            read_settings(section)
