"""Threshold rules: reading, refusing, and resolution field by field (domain 7)."""

from dataclasses import dataclass, field
from decimal import Decimal

from values import Invalid, decimal_of, duration, half_even, identifier, instant, integer, quantity

LEVELS = {"department": 1, "category": 2, "brand": 3, "product_id": 4, "sku": 5}
SEVERITIES = ("info", "warning", "critical", "page")
DEFAULT_SEVERITY = {
    "out_of_stock": "critical", "negative_stock": "warning", "critical_stock": "critical",
    "low_stock": "warning", "overstock": "info", "projected_stockout": "warning",
    "velocity_spike": "info", "stale_stock": "info", "drift": "warning",
    "category_low": "warning", "category_out": "critical", "source_silent": "page",
    "source_gap": "critical", "undeliverable": "critical",
    "clock": "warning", "oplog_headroom": "critical"}
CONDITIONS = tuple(DEFAULT_SEVERITY)


@dataclass(frozen=True)
class Margin:
    percent: Decimal | None
    pieces: int

    def of(self, threshold):
        """A percentage is taken of the field, half-even to thousandths."""
        if self.percent is None:
            return self.pieces
        share = self.percent.as_integer_ratio()
        return half_even(threshold * share[0], 100 * share[1])


@dataclass
class Rule:
    id: str
    version: int
    place: tuple                # (0, index) of the configuration, (1, position) of the stream
    scope: dict
    fields: dict                # field -> value; severities as ("severity", type)
    start: int | None
    end: int | None
    priority: int = 0
    locked: bool = False

    def __post_init__(self):
        level = max((LEVELS.get(name, 0) for name in self.scope), default=0)
        self.specificity = (level, "warehouse_id" in self.scope)
        self.rank = (*self.specificity, self.priority, self.place)

    def matches(self, subject):
        return all(subject.get(name) == value for name, value in self.scope.items())

    def in_force(self, now):
        return (self.start is None or self.start <= now) and (self.end is None or now < self.end)

    def shown(self):
        return {"id": self.id, "version": self.version}


# -- reading ----------------------------------------------------------------------------------
def _not_negative(read):
    def checked(value):
        number = read(value)
        if number < 0:
            raise Invalid("negative")
        return number
    return checked


def _flag(value):
    if not isinstance(value, bool):
        raise Invalid("not a flag")
    return value


def _text(value):
    if not isinstance(value, str):
        raise Invalid("not a text")
    return value


def _choice(*allowed):
    def read(value):
        if not isinstance(value, str) or value not in allowed:
            raise Invalid("unknown value")
        return value
    return read


def _share(value):
    number = quantity(value)
    if not 0 <= number <= 1000:
        raise Invalid("share")
    return number


def _service_level(value):
    number = quantity(value)
    if not 0 < number < 1000:
        raise Invalid("service level")
    return number


def _margin(value):
    if isinstance(value, str) and value.endswith("%"):
        number = decimal_of(value[:-1])
        if number < 0 or number > 1000:
            raise Invalid("percentage")
        return Margin(number, 0)
    return Margin(None, _not_negative(quantity)(value))


def _channels(value):
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise Invalid("channels")
    return tuple(value)


_pieces = _not_negative(quantity)
FIELDS = {
    "critical": _pieces, "low": _pieces, "max": _pieces, "clear_margin": _margin,
    "hold_for": duration, "compare": _choice("available", "on_hand", "position"),
    "days_of_cover": _pieces, "mode": _choice("static", "dynamic"), "low_floor": _pieces,
    "low_ceiling": _pieces, "service_level": _service_level, "lead_time_days": _pieces,
    "lead_time_sd_days": _pieces, "review_days": _pieces, "velocity_spike_ratio": _pieces,
    "stale_days": _pieces, "low_share": _share, "season_factor": _pieces,
    "drift_tolerance": _pieces, "channels": _channels, "enabled": _flag,
    "freeze": _flag}
ABOUT = {"priority": integer, "locked": _flag, "default": _flag, "author": _text, "reason": _text,
         "version": integer, "schema_version": integer}
STRUCTURE = {"_id", "id", "scope", "effective", "severity"}


def _read(name, reader, value):
    try:
        return reader(value)
    except Invalid as error:
        raise Invalid(name) from error


def _read_scope(section):
    if not isinstance(section, dict):
        raise Invalid("scope")
    for name, value in section.items():
        if name != "warehouse_id" and name not in LEVELS:
            raise Invalid(f"scope.{name}")
        _read(f"scope.{name}", identifier, value)
    return dict(section)


def _read_interval(section):
    if not isinstance(section, dict) or set(section) - {"from", "until"}:
        raise Invalid("effective")
    start, end = (None if section.get(name) is None
                  else _read(f"effective.{name}", instant, section[name])
                  for name in ("from", "until"))
    if start is not None and end is not None and start >= end:
        raise Invalid("effective")
    return start, end


def _read_severities(section):
    if not isinstance(section, dict):
        raise Invalid("severity")
    for name, value in section.items():
        if name not in CONDITIONS or value not in SEVERITIES:
            raise Invalid("severity")
    return {("severity", name): value for name, value in section.items()}


def _read_fields(document):
    fields, about = {}, {}
    for name, value in document.items():
        if name in STRUCTURE or value is None:
            continue
        if name in FIELDS:
            fields[name] = _read(name, FIELDS[name], value)
        elif name in ABOUT:
            about[name] = _read(name, ABOUT[name], value)
        else:
            raise Invalid(name)
    fields.update(_read_severities(document.get("severity") or {}))
    return fields, about


def _refuse_disorder(fields):
    for lower, upper in (("critical", "low"), ("low", "max"), ("critical", "max"),
                         ("low_floor", "low_ceiling")):
        if lower in fields and upper in fields and fields[lower] > fields[upper]:
            raise Invalid(lower)


def read_rule(document, rule_id, version, place):
    """A rule version of a document, or Invalid with the name of the field."""
    _read("_id", identifier, rule_id)
    fields, about = _read_fields(document)
    scope = _read_scope(document.get("scope") or {})
    start, end = _read_interval(document.get("effective") or {})
    if not scope and not about.get("default"):
        raise Invalid("scope")
    _refuse_disorder(fields)
    return Rule(rule_id, version, place, scope, fields, start, end, about.get("priority", 0),
                about.get("locked", False))


# -- resolution -------------------------------------------------------------------------------
LOWER_IS_LOOSER = {"critical", "low", "days_of_cover", "low_floor", "low_ceiling",
                   "service_level", "lead_time_days", "lead_time_sd_days", "review_days",
                   "season_factor"}
HIGHER_IS_LOOSER = {"max", "hold_for", "velocity_spike_ratio", "stale_days", "low_share",
                    "drift_tolerance"}


BOUNDS = ("critical", "low", "max")


def loosens(name, value, locked_value):
    if name in LOWER_IS_LOOSER:
        return value < locked_value
    if name in HIGHER_IS_LOOSER:
        return value > locked_value
    if isinstance(name, tuple):
        return SEVERITIES.index(value) < SEVERITIES.index(locked_value)
    if name == "enabled":
        return locked_value and not value
    if name == "clear_margin":
        return _margin_loosens(value, locked_value)
    return value != locked_value


def _margin_loosens(margin, locked):
    if (margin.percent is None) != (locked.percent is None):
        return True
    if margin.percent is None:
        return margin.pieces > locked.pieces
    return margin.percent > locked.percent


def ranked(rules):
    """Most specific first; the last tie goes to the smaller rule id."""
    by_id = sorted(rules, key=lambda rule: rule.id)
    return sorted(by_id, key=lambda rule: rule.rank, reverse=True)


def winner(name, candidates):
    """The first candidate that no locked, less specific rule beats."""
    for at, rule in enumerate(candidates):
        beaten = any(other.locked and other.specificity < rule.specificity
                     and loosens(name, rule.fields[name], other.fields[name])
                     for other in candidates[at + 1:])
        if not beaten:
            return rule
    return None


@dataclass
class Resolved:
    """Field -> (value, rule), with critical, low and max placed and clamped."""
    fields: dict = field(default_factory=dict)
    order: list = field(default_factory=list)       # the rules, most specific first
    chosen: dict = field(default_factory=dict)      # what was placed, as the rules have it

    def get(self, name):
        return self.fields.get(name, (None, None))

    def value(self, name, default=None):
        return self.fields[name][0] if name in self.fields else default

    def unplaced(self, name):
        return self.chosen.get(name, (None, None))

    def placed_with(self, name, value, rule):
        """As resolved, but for the value that a bound has."""
        chosen = {**self.chosen, name: (value, rule)}
        return Resolved({**self.fields, **_placed(chosen, self.order)}, self.order, chosen)

    def severity(self, condition):
        return self.value(("severity", condition), DEFAULT_SEVERITY[condition])


def resolve(rules, subject, now):
    order = ranked(rule for rule in rules if rule.in_force(now) and rule.matches(subject))
    fields = {}
    for name in {name for rule in order for name in rule.fields}:
        rule = winner(name, [rule for rule in order if name in rule.fields])
        fields[name] = (rule.fields[name], rule)
    chosen = {name: fields[name] for name in BOUNDS if name in fields}
    return Resolved({**fields, **_placed(chosen, order)}, order, chosen)


def _placed(chosen, order):
    """critical <= low <= max: placed from the most specific, each clamped by those placed."""
    placed = {}
    for name in sorted(chosen, key=lambda name: (order.index(chosen[name][1]), BOUNDS.index(name))):
        value, rule = chosen[name]
        for other, (limit, _) in placed.items():
            below = BOUNDS.index(other) < BOUNDS.index(name)
            value = max(value, limit) if below else min(value, limit)
        placed[name] = value, rule
    return placed
