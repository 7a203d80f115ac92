"""What looks ahead, each expectation worked out by hand beside its trace in cases_*.py."""

from fractions import Fraction

import pytest

import cases_dynamic_low  # noqa: F401  their cases are kept as they are read
import cases_fine_print  # noqa: F401
import cases_projection  # noqa: F401
import cases_spike  # noqa: F401
from forecast import Past, forecast_of, rounded_root, weight
from hand_worked import WORKED, told
from outlook import cover_of


@pytest.mark.parametrize("case", WORKED, ids=lambda case: f"{case.kind}-{case.name}")
def test_the_oracle_says_what_was_worked_out_by_hand(case):
    assert told(case.build().alerts(), case.kind) == case.expected


def test_names_of_cases_are_told_apart():
    assert len({case.name for case in WORKED}) == len(WORKED)


def test_weights_are_whole_and_half_to_even():
    # 10^9 x 0.9^10 = 348,678,440.1; 0.9^12 = 282,429,536.481
    assert [weight(age) for age in (1, 2, 10, 12)] == [900_000_000, 810_000_000, 348_678_440,
                                                       282_429_536]


def test_roots_are_half_to_even():
    assert [rounded_root(Fraction(n, 4)) for n in (1, 9, 25, 10, 8)] == [0, 2, 2, 2, 1]


def test_thirteen_days_teach_nothing():
    past = Past(0, {day: 4_000 for day in range(13)}, {}, frozenset(), 13)
    assert forecast_of(past) is None


def test_the_last_day_can_be_left_out():
    past = Past(0, {day: 4_000 for day in range(14)}, {}, frozenset(), 14)
    assert forecast_of(past).d == 4_000
    assert forecast_of(past, without_last_day=True) is None


def test_k_of_the_pages_figures():
    # ADR 8: "0.058 for 28 days, 0.084 for 14"
    for days, k in ((28, 58), (14, 84)):
        past = Past(0, {day: 4_000 for day in range(days)}, {}, frozenset(), days)
        assert forecast_of(past).k == k


def test_an_interval_of_1_32_is_intermittent():
    # 28 days / 21 sale days = 1.333; / 22 = 1.273
    def kind(sale_days):
        past = Past(0, {day: 1_000 for day in sale_days}, {}, frozenset(), 28)
        return forecast_of(past).kind
    assert kind([day for day in range(28) if day % 4]) == "intermittent"
    assert kind([day for day in range(28) if day % 4 or day == 4]) == "smooth"


def test_there_is_no_cover_where_nothing_is_sold():
    assert cover_of(12_000, 0) is None
    assert cover_of(-1_000, 4_000) == 0


def test_the_doubts_of_a_trace_are_told():
    case = cases_dynamic_low.days_without_stock_do_not_teach()
    assert case.export().doubts() == ['{"warehouse_id":"W","sku":"A","doubt":"low"}']
