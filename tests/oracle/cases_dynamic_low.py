"""The dynamic `low` of low_stock by hand (domain 6, 7; ADR 5, 2 to 8).

4 pieces a day: d = 4, sigma = 0, so the reorder point is d L = 4 x 7 = 28, and safety stock is 0.
"""

from case import DAY
from hand_worked import MIDNIGHT, date, sold, worked

KIND = "low_stock"
RULES = [{"id": "ahead", "default": True, "mode": "dynamic"}]
OPENED = ("open", 17 * DAY, None, "warning", 28, 28, "ahead")


def steady(days=18, on_hand=100, rules=(), end=None, **more):
    """18 sales of 4: 100 - 72 = 28 are left at day 17."""
    case = sold([{**RULES[0], **more}, *rules], [4] * days, on_hand)
    case.tick(days * DAY - DAY + 9 if end is None else end)
    return case


@worked(KIND, OPENED)
def it_opens_at_the_reorder_point():
    return steady()


@worked(KIND)
def a_piece_above_it_does_not():
    return steady(on_hand=100.001)


@worked(KIND, ("resolved", 17 * DAY, 17 * DAY + 60, "warning", 28, 28, "ahead"))
def what_is_ordered_counts():
    """The position is compared: 28 + 0.001 > 28."""
    case = sold(RULES, [4] * 18, 100)
    case.move(17 * DAY + 60, "ordered", 0.001)
    return case


@worked(KIND, ("open", 15 * DAY, None, "warning", 36, 36.5, "ahead"))
def the_floor_holds_it_up():
    return steady(low_floor=36.5)


@worked(KIND, ("open", 19 * DAY, None, "warning", 20, 20, "ahead"))
def the_ceiling_holds_it_down():
    return steady(days=20, low_ceiling=20)


@worked(KIND, ("open", 15 * DAY, None, "warning", 36, 36.5, "ahead"))
def the_floor_beats_the_ceiling():
    return steady(low_floor=36.5, rules=[{"id": "less", "scope": {"sku": "A"}, "low_ceiling": 20}])


def leap(rules=(), **more):
    """4 a day, 40 at day 20; 155 - 80 - 40 = 35 are left, and the midnight behind it teaches day 20."""
    case = sold([{**RULES[0], **more}, *rules], [4] * 20 + [40], 155)
    case.tick(20 * DAY + MIDNIGHT + 9)
    return case


@worked(KIND, ("open", 20 * DAY + MIDNIGHT, None, "warning", 35, 35, "ahead"))
def it_changes_by_a_quarter_a_day_at_most():
    """d = 4 + 36 x 0.9 / (9 (1 - 0.9^21)) = 8.042: d L alone is 56.3. Without day 20 it is 28, and 28 + 7 = 35."""
    return leap()


@worked(KIND, ("open", 47 * DAY + MIDNIGHT, None, "warning", 8, 8.75, "ahead"))
def without_its_sunday_a_week_is_not_complete():
    """7 each Monday, then 70: at the Monday behind it that week is known, and d = 1 without it: 7 + a quarter."""
    case = sold(RULES, [0] * 6 + [7, *[0] * 6] * 5 + [70, *[0] * 6], 113)
    case.tick(47 * DAY + MIDNIGHT + 9)
    return case


def promotion(day, until):
    return {"id": "promotion", "default": True, "priority": 1, "freeze": True,
            "effective": {"from": date(day), "until": date(until)}}


@worked(KIND)
def a_frozen_day_does_not_teach():
    """In force for a minute of day 20: the reorder point stays 28."""
    return leap([promotion(20 * DAY, 20 * DAY + 60)])


@worked(KIND, ("open", 20 * DAY + MIDNIGHT, None, "warning", 35, 35, "ahead"))
def a_promotion_that_begins_at_midnight_freezes_the_next_day():
    return leap([promotion(20 * DAY + MIDNIGHT, 21 * DAY)])


@worked(KIND, ("open", 20 * DAY + MIDNIGHT, None, "warning", 35, 35, "ahead"))
def a_more_specific_rule_may_go_on_teaching():
    """`freeze` is resolved like any field."""
    return leap([promotion(20 * DAY, 20 * DAY + 60),
                 {"id": "but", "scope": {"sku": "A"}, "freeze": False}])


def reordered(rules, quantities, left, **fields):
    """Sold from 1,000, then brought to `left` at the 22:14 behind the last day."""
    case = sold(rules, quantities, 1_000, **fields)
    at = len(quantities) * DAY
    case.move(at, "adjustment", left - 1_000 + sum(quantities))
    return case


ALTERNATING = [2, 6] * 10           # d = 4.105, sigma = 1.997: cases_projection.alternating


@worked(KIND, ("open", 20 * DAY, None, "warning", 37, 37.426, "ahead"))
def safety_stock_is_for_the_service_level():
    """4.105 x 7 = 28.735; z(0.95) = 1.64485, and 1.64485 x sqrt(7) x 1.997 = 8.691."""
    return reordered(RULES, ALTERNATING, 37)


@worked(KIND, ("open", 20 * DAY, None, "warning", 44, 44.449, "ahead"))
def late_receipts_have_a_safety_stock_too():
    """sigma = 0, sigma_L = 2.5: 28 + 1.64485 x sqrt(4^2 x 2.5^2) = 28 + 16.449."""
    return reordered([{**RULES[0], "lead_time_sd_days": 2.5}], [4] * 20, 44)


@worked(KIND, ("open", 27 * DAY, None, "warning", 38, 38.959, "ahead"))
def an_intermittent_item_is_forecast_by_sizes_and_gaps():
    """9 every third day, 27 days, 9 sale days: z = 9, p = 3, d = 0.95 x 9 / 3 = 2.85. The share of the weights of sale
    days is 0.9 / (0.9 + 0.81 + 0.729) = 0.369004: sigma^2 = 0.369004 x 6.15^2 + 0.630996 x 2.85^2 = 19.081919,
    sigma = 4.368. 2.85 x 7 + 1.644854 x sqrt(7) x 4.368 = 19.95 + 19.009."""
    return reordered(RULES, [0, 0, 9] * 9, 38)


@worked(KIND, ("open", 62 * DAY, None, "warning", 25, 25.869, "ahead"))
def a_sparse_item_is_forecast_by_weeks():
    """cases_projection.weekly: d = 2.053, sigma = 2.642: 14.371 + 1.644854 x sqrt(7) x 2.642 = 14.371 + 11.498."""
    weeks = [quantity for n in range(8) for quantity in ((7, 21)[n % 2], *[0] * 6)]
    return reordered(RULES, [0] * 6 + weeks, 25)


def in_days(lead, rules):
    return reordered([*RULES, *rules], [4] * 20, 1, lead_time_days=lead)


@worked(KIND, ("open", 20 * DAY, None, "warning", 1, 12, "ahead"))
def the_document_says_its_lead_time():
    """3 days before those of a rule that names no product or SKU: 4 x 3."""
    return in_days(3, [{"id": "all", "scope": {"warehouse_id": "W"}, "lead_time_days": 5}])


@worked(KIND, ("open", 20 * DAY, None, "warning", 1, 20, "ahead"))
def a_rule_that_names_the_sku_says_it_better():
    return in_days(3, [{"id": "one", "scope": {"sku": "A"}, "lead_time_days": 5}])


@worked(KIND, ("open", 20 * DAY, None, "warning", 1, 42, "ahead"))
def a_season_multiplies_the_demand():
    """4 x 1.5 x 7, and no change from one day to the next: both have the season of today."""
    return reordered([{**RULES[0], "season_factor": 1.5}], [4] * 20, 1)


@worked(KIND, ("resolved", 13 * DAY + MIDNIGHT, 20 * DAY + 60, "warning", 0, 28, "ahead"))
def days_without_stock_do_not_teach():
    """Sold out at day 13: 14 days of 4 are known at midnight. Six empty days later d is 4 still, and 28 is low."""
    case = sold(RULES, [4] * 14, 56)
    case.move(20 * DAY, "receipt", 28)
    case.move(20 * DAY + 60, "receipt", 0.001)
    return case


# -- other rules ----------------------------------------------------------------------------------
@worked(KIND, ("open", 14 * DAY, None, "warning", 40, 40, "one"))
def a_more_specific_static_low_stands():
    """100 - 60 = 40 at day 14."""
    return steady(days=16, rules=[{"id": "one", "scope": {"sku": "A"}, "low": 40}])


@worked(KIND, ("open", 7 * DAY, None, "warning", 68, 70, "ahead"))
def without_a_forecast_the_static_low_stands():
    """Of the same rule."""
    return steady(days=8, low=70)


@worked(KIND, ("open", 6 * DAY, None, "warning", 72, 74, "ahead"))
def without_a_static_low_the_floor_is():
    return steady(days=7, low_floor=74)


@worked(KIND, ("open", 16 * DAY, None, "warning", 32, 33, "ahead"))
def it_is_never_below_critical():
    """28 placed beside a critical of 33."""
    return steady(critical=33)


# -- other buffers: demand.buffer.method ----------------------------------------------------------
FILL_RATE = {"buffer": {"method": "fill_rate"}}


@worked(KIND, ("open", 20 * DAY, None, "warning", 30, 30.249, "ahead"))
def the_fill_rate_asks_how_much_is_missed():
    """sigma_LT = sqrt(7) x 1.997 = 5.2836, Q = 7 d = 28.735: G(k) = 0.05 x 28.735 / 5.2836 = 0.27193. Of the tables
    G(0.28) = 0.27448, G(0.29) = 0.27060: k = 0.2866, and 28.735 + 0.2866 x 5.2836 = 30.249."""
    return reordered(RULES, ALTERNATING, 30, demand=FILL_RATE)


@worked(KIND, ("open", 20 * DAY, None, "warning", 29, 29.382, "ahead"))
def packs_make_orders_larger():
    """28.735 in packs of 12 are 36: G(k) = 0.34068. Of the tables G(0.12) = 0.34181, G(0.13) = 0.33731:
    k = 0.1225, and 28.735 + 0.1225 x 5.2836 = 29.382."""
    return reordered(RULES, ALTERNATING, 29, demand=FILL_RATE, pack_size=12)


@worked(KIND, ("open", 20 * DAY, None, "warning", 28, 28.735, "ahead"))
def large_orders_need_no_safety_stock():
    """Q = 50: G(k) = 0.47316 > G(0) = 0.39894, k would be negative."""
    return reordered(RULES, ALTERNATING, 28, demand=FILL_RATE, moq=50)


@worked(KIND, ("open", 20 * DAY, None, "warning", 41, 41.3, "ahead"))
def zones_end_with_yellow():
    """Yellow 4 x 7 = 28, red base 0.25 x 28 = 7, red safety 0.9 x 7 = 6.3."""
    return reordered(RULES, [4] * 20, 41, demand={"buffer": {
        "method": "zones", "lead_time_factor": 0.25, "variability_factor": 0.9}})
