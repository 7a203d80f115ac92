"""The oracle's rings and mask, each expectation worked out by hand (domain 6; ADR 5, 1 to 6).

Case's moments count from Tuesday 2023-11-14 22:14:00 UTC.
"""

import json

from case import DAY, Case

HOUR = 3_600


def demand(case, sku="A"):
    lines = {line["sku"]: line for line in map(json.loads, case.export().demand)}
    return lines.get(sku)


def test_a_sale_counts_in_its_hour_day_and_week():
    case = Case()
    case.document(0, 50)
    case.move(10, "sale", 2)
    case.move(20, "sale", 3)
    case.move(HOUR, "sale", 4)
    case.move(2 * HOUR, "sale", 1)
    line = demand(case)
    assert line["first_sale"] == "2023-11-14"
    assert line["hours"] == {"2023-11-14T22:00:00Z": 5, "2023-11-14T23:00:00Z": 4,
                             "2023-11-15T00:00:00Z": 1}
    assert line["days"] == {"2023-11-14": 9, "2023-11-15": 1}
    assert line["weeks"] == {"2023-11-13": 10}
    assert line["without_stock"] == []


def test_parts_of_pieces_add_up():
    case = Case()
    case.document(0, 50)
    case.move(10, "sale", 0.25)
    case.move(20, "sale", 0.5)
    assert demand(case)["days"] == {"2023-11-14": 0.75}


def test_only_sales_are_demand():
    case = Case()
    case.document(0, 50)
    case.move(10, "receipt", 5)
    case.move(20, "return", 2)
    case.move(30, "adjustment", -3)
    assert demand(case) is None


def test_rings_reach_24_hours_28_days_and_53_weeks_back():
    case = Case()
    case.document(0, 50)
    case.move(10, "sale", 1)
    for after, hours, days, weeks in ((24 * HOUR, 1, 1, 1), (25 * HOUR, 0, 1, 1),
                                      (28 * DAY, 0, 1, 1), (29 * DAY, 0, 0, 1),
                                      (53 * 7 * DAY, 0, 0, 1), (54 * 7 * DAY, 0, 0, 0)):
        case.tick(after)
        line = demand(case)
        assert (len(line["hours"]), len(line["days"]), len(line["weeks"])) == (hours, days, weeks)
        assert line["first_sale"] == "2023-11-14"


def test_a_sale_counts_when_it_occurred_but_never_after_its_change():
    case = Case()
    case.document(0, 50)
    yesterday = {"$date": "2023-11-13T09:30:00Z"}
    tomorrow = {"$date": "2023-11-15T09:30:00Z"}
    case.move(10, "sale", 2, occurred_at=yesterday)
    case.move(20, "sale", 3, occurred_at=tomorrow)
    line = demand(case)
    assert line["days"] == {"2023-11-13": 2, "2023-11-14": 3}
    assert line["first_sale"] == "2023-11-13"


def test_a_day_without_stock_is_one_that_ended_with_nothing_and_sold_nothing():
    case = Case()
    case.document(0, 5)
    case.move(10, "sale", 5)             # the 14th ends with nothing, but it sold
    case.move(3 * DAY, "receipt", 9)     # the 15th and 16th end with nothing, the 17th has stock
    case.tick(5 * DAY)
    assert demand(case)["without_stock"] == ["2023-11-15", "2023-11-16"]


def test_what_is_reserved_is_not_available():
    case = Case()
    case.document(0, 5)
    case.move(10, "sale", 1)
    case.move(20, "reserve", 4)
    case.tick(2 * DAY)
    assert demand(case)["without_stock"] == ["2023-11-15"]


def test_a_deleted_item_has_no_demand():
    case = Case()
    case.document(0, 5)
    case.move(10, "sale", 1)
    case.delete(20)
    case.tick(DAY)
    assert demand(case) is None
