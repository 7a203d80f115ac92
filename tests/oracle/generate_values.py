"""How the generator writes numbers, dates and keys, and the illegal fields that it sows."""

from datetime import datetime, timedelta, timezone

TYPES = ("sale", "return", "damage", "shrinkage", "adjustment", "transfer_out", "receipt",
         "transfer_in", "reserve", "release", "ordered", "order_cancelled", "count")


def decimal_text(thousandths):
    sign = "-" if thousandths < 0 else ""
    whole, rest = divmod(abs(thousandths), 1000)
    return f"{sign}{whole}" + (f".{rest:03d}".rstrip("0") if rest else "")


class Writer:
    """Extended JSON of one stream: canonical or relaxed, numbers in every legal notation."""

    def __init__(self, rng, canonical):
        self.rng = rng
        self.canonical = canonical

    def number(self, thousandths):
        text = decimal_text(thousandths)
        whole = thousandths % 1000 == 0
        form = self.rng.choice(("plain", "plain", "plain", "double", "decimal", "string", "long"))
        if form == "string":
            return text + ("0" if "." in text and self.rng.random() < 0.3 else "")
        if form == "decimal":
            return {"$numberDecimal": text if whole else text + "0"}
        if form == "double" or not whole:
            return {"$numberDouble": repr(float(text))} if self.canonical else float(text)
        if form == "long":
            return {"$numberLong": text}
        return {"$numberInt": text} if self.canonical else int(text)

    def date(self, millis):
        moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=millis)
        text = moment.strftime("%Y-%m-%dT%H:%M:%S") + f".{millis % 1000:03d}Z"
        form = self.rng.random()
        if form < 0.1:
            return text
        if form < 0.15:
            return millis
        return {"$date": {"$numberLong": str(millis)}} if self.canonical else {"$date": text}

    def event_date(self, millis):
        """A date of the envelope: always a BSON date."""
        if self.canonical:
            return {"$date": {"$numberLong": str(millis)}}
        moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=millis)
        return {"$date": moment.strftime("%Y-%m-%dT%H:%M:%S") + f".{millis % 1000:03d}Z"}

    def money(self, ten_thousandths):
        whole, rest = divmod(ten_thousandths, 10_000)
        text = f"{whole}" + (f".{rest:04d}".rstrip("0") if rest else "")
        value = self.rng.choice((text, {"$numberDecimal": text}, float(text)))
        if self.rng.random() < 0.3:
            return {"amount": value, "currency": self.rng.choice(("EUR", "USD", "GBP"))}
        return value


BAD_QUANTITIES = (0, "1.2345", 0.30000000000000004, {"$numberDouble": "NaN"},
                  {"$numberDouble": "Infinity"}, {"$numberDecimal": "NaN"}, "1e3", " 5", "", True,
                  None, [], {}, 1000000001, {"$numberLong": "9223372036854775807"},
                  {"$numberDecimal": "0.0001"}, {"$numberDecimal": "1E+30"})
BAD_IDS = (None, "", 7, "S" * 129, "é" * 65, "A\nB", "A\u0001", "A\u007f", ["A"])
BAD_DATES = ("yesterday", "2023-11-14T22:13:19", {"$date": "2023-13-14T22:13:19Z"}, True)


def spoil_transaction(rng, document):
    """One illegal field; the rest stays legal."""
    choice = rng.randrange(7)
    if choice == 0:
        document["type"] = rng.choice(("steal", "SALE", None, 5))
    elif choice == 1:
        bad = rng.choice(BAD_QUANTITIES)
        document["type"] = "sale"
        document["quantity"] = bad
    elif choice == 2:
        document["type"], document["quantity"] = rng.choice((("sale", -1), ("count", -2),
                                                             ("adjustment", 0), ("receipt", 0)))
    elif choice == 3:
        document[rng.choice(("sku", "warehouse_id"))] = rng.choice(BAD_IDS)
    elif choice == 4:
        document.pop(rng.choice(("sku", "warehouse_id", "quantity", "type")))
    elif choice == 5:
        document["occurred_at"] = rng.choice(BAD_DATES)
    else:
        document.update(rng.choice(({"reserved_quantity": -1}, {"order_id": "P" * 129},
                                    {"price": "1.00001"}, {"expected_at": "soon"},
                                    {"price": {"amount": 1, "currency": "euro"}})))
    return document


def spoil_inventory(rng, document):
    choice = rng.randrange(4)
    if choice == 0:
        document["on_hand"] = rng.choice(BAD_QUANTITIES[1:])
    elif choice == 1:
        document[rng.choice(("sku", "warehouse_id"))] = rng.choice(BAD_IDS)
    elif choice == 2:
        document.pop(rng.choice(("sku", "warehouse_id", "on_hand")))
    else:
        document.update(rng.choice((
            {"status": "zombie"}, {"name": "n" * 513}, {"cost": "0.00001"},
            {"category": "c" * 129}, {"brand": "b\tb"}, {"updated_at": "never"},
            {"reserved": "many"}, {"lead_time_days": "x"})))
    return document


def spoil_rule(rng, document):
    document.update(rng.choice((
        {"critical": 50, "low": 10}, {"low": 50, "max": 20}, {"colour": "red"},
        {"scope": {}, "default": False}, {"scope": {"aisle": "7"}}, {"hold_for": "-5m"},
        {"stale_days": -3}, {"low_share": -0.1}, {"severity": {"low_stock": "awful"}},
        {"compare": "moon"}, {"enabled": "yes"}, {"low": "1.2345"}, {"clear_margin": "-5%"})))
    return document
