"""What an item sold by hour, day and ISO week, and the mask of its days (domain 6; ADR 5, 1 to 6).

A function of all rows of an item, worked out when it is asked for: nothing is carried forward.
"""

from dataclasses import dataclass, field

from changes import Transaction
from stock import Item
from values import DAY, SECOND

HOUR = DAY // 24
HOURS, DAYS, WEEKS = 24, 28, 53
BUCKET_MAX = 10_000_000_000 * 1000  # thousandths


@dataclass
class Demand:
    first_sale: int                              # days since the epoch
    hours: dict = field(default_factory=dict)    # number since the epoch -> thousandths
    days: dict = field(default_factory=dict)
    weeks: dict = field(default_factory=dict)    # by the day of their Monday
    without_stock: list = field(default_factory=list)
    idle: frozenset = frozenset()                # that mask before the first sale too


def monday(day):
    """The Monday of a day's ISO week; 1970-01-01 was a Thursday."""
    return day - (day + 3) % 7


def _nothing_available(item):
    """Of an unopened item nobody knows, and it teaches."""
    if item.state.retired:
        return True
    on_hand, reserved, _ = item.figures()
    return item.state.opened and on_hand - reserved <= 0


def _life(item, settings, today):
    """The sales that count, [(microseconds, thousandths)], and the days that ended with nothing."""
    life = Item(item.identity, settings)
    life.rebased = item.rebased         # its steps leave the rows as the item's own steps do
    sales, nothing, next_day = [], set(), 0

    def end_days_before(day):
        nonlocal next_day
        if life.state.position is not None or life.state.retired:
            if _nothing_available(life):
                nothing.update(range(max(next_day, today - DAYS), min(day, today)))
        next_day = max(next_day, day)

    for row in item.rows:
        end_days_before(row.position[1] * SECOND // DAY)
        if life._dropped_before(row):
            sales.clear()
        life._step(row)
        if isinstance(row.body, Transaction) and row.body.type == "sale" and not life.state.retired:
            at = min(row.body.occurred_at, row.position[1] * SECOND)
            sales.append((at, row.body.quantity))
    end_days_before(today)
    return sales, nothing


def _add(ring, bucket, quantity):
    total = min(BUCKET_MAX, ring.get(bucket, 0) + quantity)
    if total:
        ring[bucket] = total


def demand_of(item, settings, now):
    """At the source time `now`, in microseconds; None: it sold nothing."""
    hour, today = now // HOUR, now // DAY
    sales, nothing = _life(item, settings, today)
    if not sales:
        return None
    demand = Demand(min(at for at, _ in sales) // DAY)
    for at, quantity in sales:
        day = at // DAY
        if at // HOUR >= hour - HOURS:
            _add(demand.hours, at // HOUR, quantity)
        if day >= today - DAYS:
            _add(demand.days, day, quantity)
        if monday(day) >= monday(today) - 7 * WEEKS:
            _add(demand.weeks, monday(day), quantity)
    demand.idle = frozenset(day for day in nothing if not demand.days.get(day))
    demand.without_stock = [day for day in sorted(demand.idle) if day >= demand.first_sale]
    return demand


def last_24_hours(demand, now):
    """Units of the hour in progress and the 23 before."""
    return sum(quantity for hour, quantity in demand.hours.items() if hour > now // HOUR - HOURS)
