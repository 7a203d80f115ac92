"""What an item is expected to sell a day (domain 6; ADR 5, 2 to 7): d, its deviation and k of ADR 8.

A function of rings and marks alone. Everything is exact in fractions of thousandths until it is rounded once.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from demand import DAYS, WEEKS, monday
from values import half_even

LEAST_DAYS = 14
LEAST_SALE_DAYS = 8
UNIT = 10 ** 9


def weight(age):
    """10^9 x 0.9^age, half to even."""
    return half_even(UNIT * 9 ** age, 10 ** age)


def rounded(number):
    """A fraction as an integer, half to even."""
    return half_even(number.numerator, number.denominator)


def rounded_root(number):
    """The root of a fraction as an integer, half to even."""
    whole = isqrt(number.numerator // number.denominator)
    middle = Fraction(2 * whole + 1, 2) ** 2
    if number > middle or (number == middle and whole % 2):
        return whole + 1
    return whole


@dataclass(frozen=True)
class Forecast:
    """d and sigma in thousandths of a piece a day, k in thousandths."""
    d: int
    sigma: int
    k: int
    kind: str = "smooth"


def _k(weights):
    return Fraction(1000 * sum(w * w for w in weights), sum(weights) ** 2)


SPARSE_K = rounded(_k([weight(age) for age in range(1, WEEKS + 1)]) / 7)


@dataclass(frozen=True)
class Past:
    """What a forecast is made of; days are numbers since the epoch."""
    first_seen: int
    days: dict
    weeks: dict                 # by the day of their Monday
    idle: frozenset             # days that ended with nothing available and sold nothing, or frozen
    today: int

    def teaching_days(self, end):
        return [day for day in range(max(self.first_seen, self.today - DAYS), end)
                if day not in self.idle]

    def full_weeks(self, end):
        """The Mondays of the weeks that began when the item was known and ended before `end`."""
        latest = monday(self.today)
        return [start for start in range(latest - 7 * WEEKS, latest, 7)
                if start >= self.first_seen and start + 7 <= end]


def forecast_of(past, without_last_day=False):
    """None where nothing can be said."""
    end = past.today - without_last_day
    days = past.teaching_days(end)
    if len(days) < LEAST_DAYS:
        return None
    sale_days = [day for day in days if past.days.get(day)]
    if len(sale_days) < LEAST_SALE_DAYS:
        return _sparse(past, end)
    weights = {day: weight(past.today - day) for day in days}
    taught_until_last_sale = sum(day <= sale_days[-1] for day in days)
    if taught_until_last_sale * 100 >= 132 * len(sale_days):
        kind, d = "intermittent", _sba(past, days, sale_days, weights)
    else:
        kind, d = "smooth", rounded(_mean(past.days, weights))
    return Forecast(d, rounded_root(_variance(past.days, weights, d)),
                    rounded(_k(weights.values())), kind)


def _mean(ring, weights):
    return Fraction(sum(w * ring.get(at, 0) for at, w in weights.items()), sum(weights.values()))


def _variance(ring, weights, middle):
    return Fraction(sum(w * (ring.get(at, 0) - middle) ** 2 for at, w in weights.items()),
                    sum(weights.values()))


def _sba(past, days, sale_days, weights):
    """0.95 z / p; the weights of sizes and gaps are the same, so their sums cancel out."""
    number = {day: at for at, day in enumerate(days, 1)}
    before, sizes, gaps = 0, 0, 0
    for day in sale_days:
        sizes += weights[day] * past.days[day]
        gaps += weights[day] * (number[day] - before)
        before = number[day]
    return rounded(Fraction(95 * sizes, 100 * gaps))


def _sparse(past, end):
    weights = {start: weight((monday(past.today) - start) // 7) for start in past.full_weeks(end)}
    if not weights:
        return None
    d = rounded(_mean(past.weeks, weights) / 7)
    # A week is a sum of seven days, so its variance is seven times theirs, as k of ADR 8 has it too:
    # "a seventh of that of 53 weeks", however many of them are known.
    return Forecast(d, rounded_root(_variance(past.weeks, weights, 7 * d) / 7), SPARSE_K, "sparse")
