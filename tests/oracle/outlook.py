"""Cover, the projected stock-out and what is due before it (domain 6, 8; ADR 8 and 10)."""

from decimal import Decimal, ROUND_HALF_EVEN, localcontext

from values import DAY, half_even

Z = Decimal("1.2816")
STUDENT = Decimal("0.6606")


def cover_of(available, d):
    """Days of cover in thousandths; None where nothing is sold."""
    return None if d == 0 else half_even(max(0, available) * 1000, d)


def early_end(available, d, forecast):
    """Microseconds from now to the early end of the 80 % interval of the stock-out, which is in
    thousandths of a day like the cover.

    sqrt t = (-S + sqrt(S^2 + 4 d A)) / (2 d) with S = z sigma sqrt((1 + k c) / (1 - k)), c = A / d and
    z = 1.2816 (1 + 0.6606 k / (1 - k)).
    """
    with localcontext() as context:
        context.prec = 50
        a, rate, sigma, k = (Decimal(number) / 1000
                             for number in (available, d, forecast.sigma, forecast.k))
        z = Z * (1 + STUDENT * k / (1 - k))
        spread = z * sigma * ((1 + k * a / rate) / (1 - k)).sqrt()
        root = ((spread * spread + 4 * rate * a).sqrt() - spread) / (2 * rate)
        days = (1000 * root * root).to_integral_value(rounding=ROUND_HALF_EVEN)
        return int(days) * DAY // 1000


def due_times(item, now):
    """When what is inbound is due; overdue counts as today."""
    return [max(now, due) for due in item.due_times()]
