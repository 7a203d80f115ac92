"""projected_stockout by hand (domain 6, 8; ADR 5, 10; ADR 8 and 10).

4 pieces a day: d = 4 and sigma = 0, so the interval of the stock-out is the expected one, now + A / 4. Opened with
100, at day 21 (22 sales) 100 - 88 = 12 are left: a cover of 3 days, to day 24. Lead time: 7 days.
"""

from case import DAY
from hand_worked import MIDNIGHT, date, sold, worked

RULES = [{"id": "ahead", "default": True, "days_of_cover": 3}]
KIND = "projected_stockout"
OPENED = ("open", 21 * DAY, None, "critical", 3, 3, "ahead")


def with_order(day, **order):
    """Ordered behind the sale of that day."""
    case = sold(RULES, [4] * (day + 1), 100)
    case.move(day * DAY + 9, "ordered", 20, **{"order_id": "P", **order})
    for later in range(day + 1, 22):
        case.move(later * DAY, "sale", 4)
    case.tick(21 * DAY + 9)
    return case


@worked(KIND, OPENED)
def a_cover_of_so_many_days_opens():
    """12 / 4 = 3 <= 3 at day 21; the stock-out at day 24 comes before day 21 + 7."""
    return sold(RULES, [4] * 22, 100)


@worked(KIND)
def a_longer_cover_does_not():
    """12.01 / 4 = 3.0025, half to even 3.002 > 3."""
    return sold(RULES, [4] * 22, 100.01)


@worked(KIND)
def a_receipt_in_time_holds_it_back():
    """Due a second before day 24, when the last piece is expected to go."""
    return with_order(20, expected_at=date(24 * DAY - 1))


@worked(KIND, OPENED)
def a_late_receipt_does_not():
    """Due a second behind it; the stock-out comes before the receipt: critical."""
    return with_order(20, expected_at=date(24 * DAY + 1))


@worked(KIND)
def an_overdue_receipt_counts_as_today():
    return with_order(18, expected_at=date(19 * DAY))


@worked(KIND)
def an_order_without_a_date_is_due_after_the_lead_time():
    """Ordered 9 s behind day 16: due 9 s behind day 23, before day 24."""
    return with_order(16)


@worked(KIND, OPENED)
def an_order_without_a_date_may_be_late():
    """Ordered 9 s behind day 17: due 9 s behind day 24."""
    return with_order(17)


@worked(KIND)
def the_lead_time_of_an_order_is_that_of_its_day():
    """Ordered at day 17 under a lead time of 2 days; a longer one from day 18 on does not put it off."""
    case = sold([{**RULES[0], "lead_time_days": 2}], [4] * 18, 100)
    case.move(17 * DAY + 9, "ordered", 20, order_id="P")
    case.rule(17 * DAY + 99, "slow", scope={"sku": "A"}, lead_time_days=30)
    for day in range(18, 22):
        case.move(day * DAY, "sale", 4)
    return case


@worked(KIND, ("resolved", 21 * DAY, 21 * DAY + 60, "critical", 3, 3, "ahead"))
def it_ends_with_a_receipt():
    """12 + 20 = 32: a cover of 8 days."""
    case = sold(RULES, [4] * 22, 100)
    case.move(21 * DAY + 60, "receipt", 20)
    return case


@worked(KIND, ("resolved", 21 * DAY, 24 * DAY, "critical", 3, 3, "ahead"))
def it_ends_with_the_last_piece():
    """Available 0 is out of stock, not a projection."""
    return sold(RULES, [4] * 25, 100)


@worked(KIND, ("resolved", 21 * DAY, 22 * DAY + MIDNIGHT, "critical", 3, 3, "ahead"))
def it_ends_at_midnight_when_nothing_is_sold():
    """Day 22 sells nothing: d = 4 - 4 x 0.9 / (9 (1 - 0.9^23)) = 4 - 0.4 / 0.911371 = 3.561; 12 / 3.561 = 3.370."""
    case = sold(RULES, [4] * 22, 100)
    case.tick(22 * DAY + MIDNIGHT + 9)
    return case


@worked(KIND, ("open", 13 * DAY + MIDNIGHT, None, "critical", 1, 3, "ahead"))
def fourteen_days_are_needed():
    """Of 60, 4 are left behind the 14th sale; the midnight behind it ends the 14th day: 4 / 4 = 1."""
    case = sold(RULES, [4] * 14, 60)
    case.tick(13 * DAY + MIDNIGHT + 9)
    return case


@worked(KIND)
def a_discontinued_item_raises_none():
    return sold(RULES, [4] * 22, 100, status="discontinued")


@worked(KIND, ("open", 21 * DAY, None, "info", 3, 3, "ahead"))
def a_rule_says_how_severe():
    return sold([{**RULES[0], "severity": {KIND: "info"}}], [4] * 22, 100)


# -- snapshot: documents say what is inbound, and when ------------------------------------------
def documents(day, inbound=None, ordered=None):
    """From `day` on each document says `inbound`; an order of that day is due at `ordered`."""
    case = sold(RULES, [], 100, "snapshot")
    for number in range(22):
        if ordered is not None and number == day:
            case.move(number * DAY, "ordered", 20, i=2, order_id="P", expected_at=date(ordered))
        case.move(number * DAY, "sale", 4, i=3)
        case.document(number * DAY, 96 - 4 * number, operation="replace", i=4,
                      **(inbound or {} if number >= day else {}))
    return case


@worked(KIND)
def what_a_document_says_is_inbound_holds_it_back():
    return documents(18, {"inbound": 20, "expected_at": date(23 * DAY)})


@worked(KIND, OPENED)
def what_a_document_says_is_late_does_not():
    return documents(18, {"inbound": 20, "expected_at": date(30 * DAY)})


# -- the early end of the interval --------------------------------------------------------------
def alternating(due):
    """2 and 6 by turns for 20 days, then 8 at once: 12 of 100 are left.

    Weights w = 0.9^age, last day 6. d = 4 + 2 / 19 = 4.105; sigma^2 = 4 - 2 x 0.105 x 0.10526 + 0.105^2 = 3.98892,
    sigma = 1.997; k = sum w^2 / (sum w)^2 = 4.200145 / 62.501833 = 0.067. Cover c = 12 / 4.105 = 2.923.
    z = 1.2816 (1 + 0.6606 x 0.067 / 0.933) = 1.342397; S = z sigma sqrt((1 + k c) / (1 - k)) = 2.680767 x 1.132137
    = 3.034996; sqrt t = (sqrt(S^2 + 4 d A) - S) / (2 d) = (14.361451 - 3.034996) / 8.21 = 1.379592; t = 1.903.
    """
    case = sold(RULES, [2, 6] * 10, 100)
    case.move(20 * DAY - 9, "ordered", 20, order_id="P", expected_at=date(20 * DAY) + due * 86_400)
    case.move(20 * DAY, "sale", 8)
    return case


@worked(KIND)
def a_receipt_before_the_early_end_holds_it_back():
    return alternating(1_902)


@worked(KIND, ("open", 20 * DAY, None, "warning", 2.923, 3, "ahead"))
def one_before_the_expected_stock_out_alone_does_not():
    """Behind 1.903 days, before 2.923: too late for the early end, and no more than a warning."""
    return alternating(1_904)


@worked(KIND, ("open", 20 * DAY, None, "critical", 2.923, 3, "ahead"))
def one_behind_the_expected_stock_out_is_critical():
    return alternating(2_924)


def weekly(due):
    """7 and 21 by turns, a Monday each, 8 weeks: 4 sale days of 28, so weeks are what is known. 20 are left.

    Mean of weeks = 14 + 7 / 19 = 14.368, d = 2.053, 7 d = 14.371; variance of weeks
    = 49 - 2 x 0.371 x 0.368421 + 0.371^2 = 48.864273, of days a seventh: sigma = 2.642. k = a seventh of that of 53 weeks = 0.053029 / 7 = 0.007576: 0.008.
    c = 20 / 2.053 = 9.742; z = 1.288428; S = 3.404026 x 1.042414 = 3.548404;
    sqrt t = (sqrt(12.591171 + 164.24) - 3.548404) / 4.106 = 2.374424; t = 5.638.
    """
    case = sold([{**RULES[0], "days_of_cover": 30}],
                [0] * 6 + [quantity for n in range(8) for quantity in ((7, 21)[n % 2], *[0] * 6)], 500)
    case.move(62 * DAY - 9, "ordered", 20, order_id="P", expected_at=date(62 * DAY) + due * 86_400)
    case.move(62 * DAY, "adjustment", 20 - 500 + 112)
    return case


@worked(KIND, ("open", 62 * DAY, None, "warning", 9.742, 30, "ahead"))
def weeks_have_an_early_end_too():
    return weekly(5_700)


@worked(KIND)
def weeks_have_a_receipt_in_time_too():
    return weekly(5_600)
