"""The reorder point by the three methods of `demand.buffer` (domain 6; docs/settings.md), in thousandths, rounded once."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from statistics import NormalDist

NORMAL = NormalDist()


def _loss(k):
    """G(k): how much of a standard normal demand is missed above k, on average."""
    return NORMAL.pdf(k) - k * (1 - NORMAL.cdf(k))


def _k_of_loss(loss):
    low, high = -8.0, 8.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _loss(middle) > loss else (low, middle)
    return low


def _rounded(number):
    return int(number.to_integral_value(rounding=ROUND_HALF_EVEN))


def _deviation(d, sigma, lead, scatter):
    """Of the demand of a lead time: sqrt(L sigma^2 + d^2 sigma_L^2)."""
    return (Decimal(lead * sigma ** 2) / 1000 + (Decimal(d * scatter) / 1000) ** 2).sqrt()


def by_cycle_service(d, sigma, lead, scatter, level):
    with localcontext() as context:
        context.prec = 60
        safety = Decimal(NORMAL.inv_cdf(level / 1000)) * _deviation(d, sigma, lead, scatter)
        return _rounded(Decimal(d * lead) / 1000 + safety)


def by_fill_rate(d, sigma, lead, scatter, level, order):
    """k from G(k) = (1 - beta) Q / sigma_LT; what is held is never less than nothing."""
    with localcontext() as context:
        context.prec = 60
        deviation, safety = _deviation(d, sigma, lead, scatter), Decimal(0)
        if deviation:
            k = _k_of_loss(float((1 - Decimal(level) / 1000) * order / deviation))
            safety = max(Decimal(0), Decimal(k) * deviation)
        return _rounded(Decimal(d * lead) / 1000 + safety)


def by_zones(d, lead, lead_time_factor, variability_factor):
    """Yellow is the demand of the lead time; the red base a share of it, the red safety one of the base."""
    yellow = Decimal(d * lead) / 1000
    red_base = yellow * lead_time_factor / 1000
    return _rounded(yellow + red_base + red_base * variability_factor / 1000)
