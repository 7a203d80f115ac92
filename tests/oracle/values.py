"""Numbers, instants, ids and durations of the domain page (section 1), read and printed."""

import calendar
import json
import re
import unicodedata
from datetime import datetime, timedelta, timezone
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache

EXACT = Context(prec=80, Emax=999999, Emin=-999999)
LIMIT = Decimal(10) ** 9
SECOND = 1_000_000
DAY = 86_400 * SECOND

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:?\d\d)", re.ASCII)
_DURATION = re.compile(r"([0-9]+)(ms|s|m|h|d)")
_UNITS = {"ms": 1000, "s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND, "d": DAY}


class Invalid(Exception):
    """A value that the domain page refuses."""


def _wrapped_decimal(kind, text):
    if not isinstance(text, str):
        raise Invalid("not a number")
    if kind in ("$numberInt", "$numberLong"):
        if not _INTEGER.fullmatch(text):
            raise Invalid("not an integer")
        return Decimal(text)
    if kind == "$numberDouble":
        return _double_decimal(float(text))
    if kind == "$numberDecimal":
        return Decimal(text)
    raise Invalid("not a number")


def _double_decimal(number):
    """A double counts as its shortest round-trip decimal, which is what repr prints."""
    return Decimal(repr(number))


def decimal_of(value):
    """The exact decimal of an Extended JSON number or of a plain decimal string."""
    try:
        if isinstance(value, bool) or value is None:
            raise Invalid("not a number")
        if isinstance(value, int):
            return Decimal(value)
        if isinstance(value, float):
            return _double_decimal(value)
        if isinstance(value, str):
            if not _NUMBER.fullmatch(value) or not value.isascii():
                raise Invalid("not a number")
            return Decimal(value)
        if isinstance(value, dict) and len(value) == 1:
            (kind, text), = value.items()
            return _wrapped_decimal(kind, text)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise Invalid("not a number") from error
    raise Invalid("not a number")


def _scaled(value, digits):
    number = decimal_of(value)
    if not number.is_finite() or abs(number) > LIMIT:
        raise Invalid("out of range")
    if number == 0:
        return 0
    if number.adjusted() < -digits:
        raise Invalid("too many decimals")
    scaled = EXACT.scaleb(number, digits)
    if scaled != scaled.to_integral_value(context=EXACT):
        raise Invalid("too many decimals")
    return int(scaled)


@lru_cache(maxsize=65536, typed=True)
def _scaled_cached(value, digits):
    return _scaled(value, digits)


def _read_scaled(value, digits):
    simple = isinstance(value, (int, float, str))
    return _scaled_cached(value, digits) if simple else _scaled(value, digits)


def quantity(value):
    """Thousandths of a piece."""
    return _read_scaled(value, 3)


def amount(value):
    """Ten-thousandths of a currency unit."""
    return _read_scaled(value, 4)


def integer(value):
    number = quantity(value)
    if number % 1000:
        raise Invalid("not an integer")
    return number // 1000


def identifier(value):
    """UTF-8, 1 to 128 bytes, no control characters."""
    if not isinstance(value, str):
        raise Invalid("not a string")
    return _identifier(value)


@lru_cache(maxsize=65536)
def _identifier(value):
    if not 1 <= len(utf8(value)) <= 128:
        raise Invalid("length")
    if any(unicodedata.category(c) == "Cc" for c in value):
        raise Invalid("control character")
    return value


def utf8(text):
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Invalid("not UTF-8") from error


def _iso_micros(text):
    match = _ISO.fullmatch(text)
    if not match:
        raise Invalid("not an instant")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    try:
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError as error:
        raise Invalid("not an instant") from error
    micros = calendar.timegm(moment.timetuple()) * SECOND
    micros += int((match[7] or "0").ljust(6, "0"))
    return micros - _offset_minutes(match[8]) * 60 * SECOND


def _offset_minutes(text):
    if text == "Z":
        return 0
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        raise Invalid("not an offset")
    return (hours * 60 + minutes) * (-1 if text[0] == "-" else 1)


def instant(value):
    """Microseconds since the epoch of a BSON date, ISO 8601 with offset, or epoch ms."""
    if isinstance(value, dict) and set(value) == {"$date"}:
        value = value["$date"]
    if isinstance(value, str):
        return _iso_micros(value)
    number = decimal_of(value)
    if not number.is_finite() or number != number.to_integral_value() or abs(number) >= 10 ** 15:
        raise Invalid("not an instant")
    return int(number) * 1000


def duration(value):
    """Microseconds of a text such as 15m."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise Invalid("not a duration")
    return int(match[1]) * _UNITS[match[2]]


def half_even(numerator, denominator):
    """numerator / denominator as an integer, rounded half to even; denominator > 0."""
    whole, rest = divmod(numerator, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and whole % 2):
        return whole + 1
    return whole


def _plain(number, unit, digits):
    sign = "-" if number < 0 else ""
    whole, rest = divmod(abs(number), unit)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}." + f"{rest:0{digits}d}".rstrip("0")


def show_quantity(number):
    return _plain(number, 1000, 3)


def show_amount(number):
    return _plain(number, 10_000, 4)


def show_instant(micros):
    """ISO 8601 in UTC; 3 digits for whole milliseconds, 6 for others, none for seconds."""
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=micros)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    rest = micros % SECOND
    if rest == 0:
        return text + "Z"
    return text + (f".{rest // 1000:03d}Z" if rest % 1000 == 0 else f".{rest:06d}Z")


def show_text(text):
    return "null" if text is None else json.dumps(text, ensure_ascii=False)
