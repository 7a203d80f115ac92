"""Small traces with what must come of them, worked out by hand; the oracle and the product are held to it."""

from dataclasses import dataclass

from case import DAY, T0, Case
from values import instant

MIDNIGHT = 6_360                    # from 22:14, when all that is sold by the day is sold, to 00:00
HOUR = 3_600
WORKED = []


@dataclass
class Worked:
    name: str
    build: object
    kind: str
    expected: list


def worked(kind, *expected):
    """Each expectation: state, opened, resolved (seconds after T0), severity, value, threshold, rule."""
    def keep(build):
        WORKED.append(Worked(build.__name__, build, kind, list(expected)))
        return build
    return keep


def date(at):
    return (T0 + at) * 1000


def sold(rules, quantities, on_hand, authority="ledger", demand=None, **fields):
    """Opened with so much on a Tuesday at 22:14, then sold so much each day at 22:14."""
    case = Case(authority, rules, demand=demand or {})
    case.document(0, on_hand, **fields)
    for day, quantity in enumerate(quantities):
        if quantity:
            case.move(day * DAY, "sale", quantity, i=2)
    return case


def told(alerts, kind):
    """What is compared of alerts as they are exported."""
    def seconds(text):
        return None if text is None else instant(text) // 1_000_000 - T0
    return [(alert["state"], seconds(alert["opened_at"]), seconds(alert["resolved_at"]),
             alert["severity"], alert["value"], alert["threshold"],
             alert["rule"] and alert["rule"]["id"]) for alert in alerts if alert["type"] == kind]
