"""Points of the page that are easily read over: product and oracle once differed in each of them.

28 pieces occurred on each of the last two Mondays (15 and 8 days before): 15 days are known, 2 of them sale days, so weeks count:
d = 28 / 7 = 4, sigma = 0. Of 68, 12 are left: a cover of 3 days, whose interval has no width.
"""

from case import DAY, Case
from hand_worked import HOUR, MIDNIGHT, date, sold, worked

AHEAD = {"id": "ahead", "default": True, "days_of_cover": 3}
PROJECTED = "projected_stockout"
OPENED = ("open", 3, None, "critical", 3, 3, "ahead")


def known(order=None, rules=(AHEAD,), authority="ledger", on_hand=68, sizes=(28, 28)):
    case = Case(authority, list(rules))
    case.document(0, on_hand)
    if order:
        case.move(1, "ordered", 20, **order)
    for at, days, quantity in zip((2, 3), (15, 8), sizes):
        case.move(at, "sale", quantity, occurred_at=date(-days * DAY))
    return case


# -- when something is due ------------------------------------------------------------------------
@worked(PROJECTED, ("open", 3, None, "warning", 3, 3, "ahead"))
def a_receipt_at_that_instant_is_not_before_it():
    """Due in 3 days: not before the stock-out, so it opens. The stock-out does not come before it either: warning."""
    return known({"order_id": "P", "expected_at": date(3 + 3 * DAY)})



@worked(PROJECTED)
def an_order_without_a_name_may_come_in_time():
    """`(unnamed)` is a positive reference, its expected_at in 2 days."""
    return known({"expected_at": date(2 * DAY)})


@worked(PROJECTED, OPENED)
def an_order_without_a_name_may_be_late():
    """Its expected_at in 5 days, whatever the lead time."""
    return known({"expected_at": date(5 * DAY)}, [{**AHEAD, "lead_time_days": 1}])



@worked(PROJECTED)
def a_document_says_better_when_its_inbound_is_due():
    """The document has authority: 20 are due in 2 days, whatever the order had said."""
    case = known({"order_id": "P", "expected_at": date(30 * DAY)}, authority="snapshot")
    case.document(4, 12, operation="replace", inbound=20, expected_at=date(2 * DAY))
    return case


@worked(PROJECTED, OPENED)
def an_order_that_no_document_counts_is_not_inbound():
    """Shown inbound is 0: transactions feed demand and drift alone."""
    return known({"order_id": "P", "expected_at": date(2 * DAY)}, authority="snapshot", on_hand=12)


# -- when it is judged ----------------------------------------------------------------------------
@worked(PROJECTED, ("open", 4, None, "critical", 1.5, 3, "ahead"))
def the_hours_of_a_spike_are_its_own():
    """74 - 56 - 12 = 6 are left, 1.5 days, and 12 >= 2 x 4 is a spike. The order is due 10 minutes behind the stock-out:
    from 23:00 on it would be in time, but a projection is judged after a change and at midnight."""
    case = known({"order_id": "P", "expected_at": date(4 + 36 * HOUR + 600)},
                 [{**AHEAD, "velocity_spike_ratio": 2}], on_hand=74)
    case.move(4, "sale", 12)
    case.tick(46 * 60)
    return case


# -- what is learnt -------------------------------------------------------------------------------
@worked(PROJECTED, ("open", 3, None, "warning", 48.721, 60, "ahead"))
def k_of_weeks_is_rounded_half_to_even():
    """Weeks of 14 and 42: mean (0.9 x 42 + 0.81 x 14) / 1.71 = 28.7368, d = 4.105, 7 d = 28.735; variance of weeks
    (0.9 x 13.265^2 + 0.81 x 14.735^2) / 1.71 = 195.457, of days a seventh: sigma = 5.284. k = 0.053029 / 7 = 0.008.
    A = 200, c = 48.721; z = 1.288428; S = 1.288428 x 5.284 x 1.183628 = 8.058204;
    sqrt t = (57.869981 - 8.058204) / 8.21 = 6.067208; t = 36.811: a receipt in 36.9 days is late."""
    return known({"order_id": "P", "expected_at": date(3) + 36_900 * 86_400},
                 [{**AHEAD, "days_of_cover": 60}], on_hand=256, sizes=(14, 42))


@worked(PROJECTED, ("open", 28 * DAY, None, "warning", 7.351, 10, "ahead"))
def k_is_that_of_the_weights_with_their_gaps():
    """2 and 6 by turns, 28 days; 5 to 15 are frozen. Ages 1 to 12 and 24 to 28 teach: sum w = 6.458134 + 0.326650 = 6.784784.
    d = 4 + 2 x (0.339902 - 0.066772) / 6.784784 = 4.081; sigma^2 = 4 - 2 x 0.081 x 0.080512 + 0.081^2: sigma = 1.998.
    sum w^2 = 3.923103 + 0.021811, k = 3.944914 / 46.033294 = 0.086. A = 30, c = 7.351; z = 1.2816 x 1.062158 = 1.361261;
    S = 1.361261 x 1.998 x 1.336329 = 3.634548; sqrt t = (22.426100 - 3.634548) / 8.162 = 2.302322; t = 5.301:
    a receipt in 5.34 days is late."""
    frozen = {"id": "promotion", "default": True, "priority": 1, "freeze": True,
              "effective": {"from": date(5 * DAY), "until": date(15 * DAY)}}
    case = sold([{**AHEAD, "days_of_cover": 10}, frozen], [2, 6] * 14, 200)
    case.move(28 * DAY - 9, "ordered", 20, order_id="P", expected_at=date(28 * DAY) + 5_340 * 86_400)
    case.move(28 * DAY, "adjustment", 30 - 88)
    return case


@worked(PROJECTED)
def days_frozen_before_the_first_sale_do_not_teach():
    """Opened at day 0, days 1 and 2 frozen, 28 sold on the Mondays of day 6 and 13. At the midnight behind day 13
    14 days are over, 12 of them teach: no forecast."""
    frozen = {"id": "promotion", "default": True, "priority": 1, "freeze": True,
              "effective": {"from": date(DAY), "until": date(2 * DAY)}}
    case = Case(rules=[AHEAD, frozen])
    case.document(0, 68)
    case.move(6 * DAY, "sale", 28)
    case.move(13 * DAY, "sale", 28)
    case.tick(13 * DAY + MIDNIGHT + 9)
    return case


# -- what documents and rules say -----------------------------------------------------------------
LOW = "low_stock"


@worked(LOW, ("open", 0, None, "warning", 1, 70, "all"))
def a_low_beneath_has_its_own_rule():
    """The static `low` that resolves beneath the dynamic rule stands."""
    case = Case(rules=[{"id": "all", "default": True, "low": 70},
                       {"id": "one", "scope": {"sku": "A"}, "mode": "dynamic"}])
    case.document(0, 1)
    return case


@worked(LOW, ("open", 0, None, "warning", 1, 70, "one"))
def a_floor_without_a_forecast_has_its_own_rule():
    """There is no static `low`: the floor stands, and it is not of the rule that says dynamic."""
    case = Case(rules=[{"id": "all", "default": True, "mode": "dynamic"},
                       {"id": "one", "scope": {"sku": "A"}, "low_floor": 70}])
    case.document(0, 1)
    return case
