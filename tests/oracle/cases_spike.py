"""velocity_spike by hand (domain 6, 8; ADR 5, 9).

4 pieces a day at 22:14 for 20 days: d = 4. At day 20, 22:14, the hour in progress and the 23 before begin with 23:00 of
day 19, so what was sold then at 22:14 is no part of them.
"""

from case import DAY
from hand_worked import HOUR, MIDNIGHT, date, sold, worked

KIND = "velocity_spike"
TWICE = [{"id": "ahead", "default": True, KIND + "_ratio": 2}]
GONE = 21 * DAY - 14 * 60           # 22:00 of day 21: the hour of the sale is the 24th before


def burst(*quantities, rules=None, days=20, a_day=4, end=22 * DAY, **more):
    """So much at 22:14 of day 20, a minute between."""
    case = sold(rules or TWICE, [a_day] * days, 300)
    for number, quantity in enumerate(quantities):
        case.move(days * DAY + 60 * number, "sale", quantity, **more)
    case.tick(end)
    return case


@worked(KIND, ("closed", 20 * DAY, GONE, "info", 12, 8, "ahead"))
def it_opens_and_clears_with_the_hour():
    """12 >= 2 x 4. At midnight d = 4 + 8 x 0.9 / (9 (1 - 0.9^21)) = 4.898, and 12 >= 9.796 still."""
    return burst(12)


@worked(KIND, ("closed", 20 * DAY + 60, 20 * DAY + MIDNIGHT, "info", 12, 12, "ahead"))
def it_opens_at_the_ratio_and_clears_with_the_demand():
    """11.999 < 3 x 4 <= 12. At midnight d = 4.898: 12 < 14.694."""
    return burst(11.999, 0.001, rules=[{**TWICE[0], KIND + "_ratio": 3}])


@worked(KIND)
def less_than_ten_pieces_are_none():
    """1 a day: 9.999 >= 2 x 1, but no 10."""
    return burst(9.999, a_day=1)


@worked(KIND, ("open", 20 * DAY + 60, None, "info", 10, 2, "ahead"))
def ten_pieces_are_enough():
    return burst(9.999, 0.001, a_day=1, end=20 * DAY + 99)


@worked(KIND)
def a_ratio_is_not_rounded():
    """1.5 x 6.667 = 10.0005 > 10."""
    return burst(10, a_day=6.667, rules=[{**TWICE[0], KIND + "_ratio": 1.5}])


@worked(KIND, ("open", 20 * DAY, None, "info", 10.001, 10, "ahead"))
def a_ratio_is_shown_in_thousandths():
    """10.001 >= 10.0005, which is 10 half to even."""
    return burst(10.001, a_day=6.667, rules=[{**TWICE[0], KIND + "_ratio": 1.5}], end=20 * DAY + 9)


@worked(KIND)
def what_occurred_before_those_hours_does_not_count():
    """At 22:59 of day 19, 1,395 minutes before: the hour 22, the 24th before."""
    return burst(12, occurred_at=date(20 * DAY - 1_395 * 60))


@worked(KIND, ("closed", 20 * DAY, 20 * DAY + 46 * 60, "info", 12, 10.732, "ahead"))
def what_occurred_in_the_first_of_them_does():
    """At 23:00 of day 19, 1,394 minutes before; day 19 sold 16 then, d = 4 + 12 x 0.9 / (9 (1 - 0.9^20)) = 5.366,
    and 12 >= 10.732. At 23:00 of day 20 that hour is the 24th before."""
    return burst(12, occurred_at=date(20 * DAY - 1_394 * 60))


@worked(KIND, ("closed", 20 * DAY + 2 * HOUR, GONE, "info", 12, 9.796, "ahead"))
def it_opens_after_its_hold():
    """At 00:14, by d of the new day."""
    return burst(12, rules=[{**TWICE[0], "hold_for": "2h"}])


@worked(KIND)
def a_hold_longer_than_the_spike_opens_nothing():
    """Pending until 22:00 of day 21; 22:14 would have been due."""
    return burst(12, rules=[{**TWICE[0], "hold_for": "1d"}])


@worked(KIND, ("open", 13 * DAY + MIDNIGHT, None, "info", 54, 20.966, "ahead"))
def without_a_forecast_it_does_not_hold():
    """13 days of 4, then 54 on the 14th: at midnight 14 days are known, and
    d = 4 + 50 x 0.9 / (9 (1 - 0.9^14)) = 4 + 5 / 0.771232 = 10.483; 54 >= 20.966."""
    return burst(54, days=13, end=13 * DAY + MIDNIGHT + 9)


@worked(KIND, ("resolved", 20 * DAY, 20 * DAY + 60, "info", 12, 8, "ahead"))
def it_ends_with_its_rule():
    case = sold(TWICE, [4] * 20, 300)
    case.move(20 * DAY, "sale", 12)
    case.rule(20 * DAY + 60, "ahead", "replace", default=True, low=1)
    return case


@worked(KIND, ("closed", 20 * DAY, GONE, "info", 12, 8, "ahead"))
def returns_do_not_count_against_it():
    """Sales, gross of returns."""
    case = sold(TWICE, [4] * 20, 300)
    case.move(20 * DAY, "sale", 12)
    case.move(20 * DAY + 60, "return", 12)
    case.tick(22 * DAY)
    return case


@worked(KIND, ("resolved", 28 * DAY, 28 * DAY + MIDNIGHT, "info", 50, 8, "ahead"))
def it_ends_with_its_forecast():
    """14 days of 4, then frozen ones: at day 28 the days 0 to 13 teach, at the next midnight but 13 of them."""
    case = sold([*TWICE, {"id": "promotion", "default": True, "priority": 1, "freeze": True,
                          "effective": {"from": date(13 * DAY + MIDNIGHT)}}], [4] * 14, 300)
    case.move(28 * DAY, "sale", 50)
    case.tick(28 * DAY + MIDNIGHT + 9)
    return case
