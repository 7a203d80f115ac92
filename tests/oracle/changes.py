"""From one line to one change: envelope, class, decoded document (domain 1, 4; documents.md)."""

import json
from dataclasses import dataclass

from rules import read_rule
from values import Invalid, amount, identifier, instant, quantity, utf8

TYPES = ("sale", "return", "damage", "shrinkage", "adjustment", "transfer_out", "receipt",
         "transfer_in", "reserve", "release", "ordered", "order_cancelled", "count")
CONTROL = ("drop", "rename", "dropDatabase", "invalidate")
NONE = "(none)"


class DeadLetter(Exception):
    """A change that is refused: the class of the reason and, where there is one, the field."""

    def __init__(self, reason, field=None):
        super().__init__(reason)
        self.reason = reason
        self.field = field


@dataclass(slots=True)
class Envelope:
    token: str
    seconds: int
    increment: int


@dataclass(slots=True)
class Document:
    """A decoded inventory document."""
    warehouse: str
    sku: str
    product: str
    brand: str
    category: str
    department: str
    name: str | None
    on_hand: int
    reserved: int | None
    inbound: int | None
    price: tuple | None
    cost: tuple | None
    status: str
    lead_time_days: int | None = None
    service_level: int | None = None
    pack_size: int | None = None
    moq: int | None = None
    expected_at: int | None = None
    stated_at: int = 0              # updated_at
    due: int | None = None          # of its inbound, since it was applied


@dataclass(slots=True)
class Transaction:
    warehouse: str
    sku: str
    type: str
    quantity: int
    reserved_quantity: int | None
    reference: tuple | None
    price: tuple | None
    occurred_at: int
    expected_at: int | None = None
    due: int | None = None          # of what was ordered, since it was applied


@dataclass(slots=True)
class Change:
    """kind: control, upsert, delete, unknown_image, transaction, rule, rule_delete."""
    kind: str
    key: str | None = None
    exact: bool = False
    body: object = None


def _refuse_constant(text):
    raise ValueError(text)


def parse_line(line):
    try:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
        event = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise DeadLetter("not json") from error
    if not isinstance(event, dict):
        raise DeadLetter("not a change")
    return event


def _uint32(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2 ** 32


def envelope(event):
    """Token and cluster time; without them a line has no position."""
    identity = event.get("_id")
    token = identity.get("_data") if isinstance(identity, dict) else None
    if not isinstance(token, str) or not token:
        raise DeadLetter("no token")
    time = event.get("clusterTime")
    stamp = time.get("$timestamp") if isinstance(time, dict) else None
    if not isinstance(stamp, dict) or not _uint32(stamp.get("t")) or not _uint32(stamp.get("i")):
        raise DeadLetter("no cluster time")
    return Envelope(token, stamp["t"], stamp["i"])


def key_text(value):
    """The identity of a document key; integers are one key whatever their notation."""
    if isinstance(value, dict) and len(value) == 1:
        (kind, inner), = value.items()
        if kind in ("$numberInt", "$numberLong"):
            return json.dumps(int(inner))
    return json.dumps(value, sort_keys=True)


class Decoder:
    """Decodes events under the names and defaults of the settings."""

    def __init__(self, settings):
        self.settings = settings
        self.roles = {name: role for role, name in settings.collections.items()}

    def decode(self, event, seconds):
        operation = event.get("operationType")
        if operation in CONTROL:
            return Change("control")
        if operation not in ("insert", "update", "replace", "delete"):
            raise DeadLetter("unknown operation")
        role = self._role(event)
        if role is None:
            return Change("control")
        if role == "transactions":
            return self._transaction_change(event, operation, seconds)
        return self._document_change(event, operation, role, seconds)

    def _role(self, event):
        namespace = event.get("ns")
        if not isinstance(namespace, dict) or not isinstance(namespace.get("coll"), str):
            raise DeadLetter("no namespace")
        if self.settings.database and namespace.get("db") != self.settings.database:
            return None
        return self.roles.get(namespace["coll"])

    def _transaction_change(self, event, operation, seconds):
        if operation == "delete":
            return Change("control")
        if operation != "insert":
            raise DeadLetter("transaction update")
        document = _full_document(event)
        body = self._transaction(document, _wall_or_cluster(event, seconds), seconds)
        return Change("transaction", body=body)

    def _document_change(self, event, operation, role, seconds):
        identity = _document_key(event)
        key = key_text(identity)
        if role == "thresholds" and not isinstance(identity, str):
            raise DeadLetter("invalid field", "_id")
        if operation == "delete":
            return Change("delete" if role == "inventory" else "rule_delete", key)
        if operation == "update" and event.get("fullDocument") is None:
            return Change("unknown_image", key)
        document = _full_document(event)
        if role == "thresholds":
            _check_rule(document, identity)
            return Change("rule", key, body=document)
        exact = operation != "update" or self.settings.update_images == "stored"
        return Change("upsert", key, exact, self._inventory(document, _wall_or_cluster(event, seconds)))

    def _inventory(self, document, default_time):
        sku = _required(document, "sku", identifier)
        body = Document(
            warehouse=_required(document, "warehouse_id", identifier), sku=sku,
            product=_optional(document, "product_id", identifier, sku),
            brand=_optional(document, "brand", identifier, NONE),
            category=_optional(document, "category", identifier, NONE),
            department=_optional(document, "department", identifier, NONE),
            name=_optional(document, "name", _name),
            on_hand=_required(document, "on_hand", quantity),
            reserved=_optional(document, "reserved", quantity),
            inbound=_optional(document, "inbound", quantity),
            price=_optional(document, "price", self._money),
            cost=_optional(document, "cost", self._money),
            status=_optional(document, "status", _status, "active"),
            lead_time_days=_optional(document, "lead_time_days", quantity),
            service_level=_optional(document, "service_level", quantity),
            pack_size=_optional(document, "pack_size", quantity),
            moq=_optional(document, "moq", quantity),
            expected_at=_optional(document, "expected_at", instant),
            stated_at=_optional(document, "updated_at", instant, default_time))
        return body

    def _transaction(self, document, default_time, seconds):
        type_name = document.get("type")
        if not isinstance(type_name, str) or type_name not in TYPES:
            raise DeadLetter("unknown type")
        occurred = _optional(document, "occurred_at", instant, default_time)
        return Transaction(
            warehouse=_required(document, "warehouse_id", identifier),
            sku=_required(document, "sku", identifier), type=type_name,
            quantity=_required(document, "quantity", _quantity_of(type_name)),
            reserved_quantity=_optional(document, "reserved_quantity", _not_negative),
            reference=_reference(document, type_name),
            price=_optional(document, "price", self._money),
            occurred_at=min(occurred, seconds * 1_000_000),
            expected_at=_optional(document, "expected_at", instant))

    def _money(self, value):
        currency = self.settings.currency
        if isinstance(value, dict) and "amount" in value:
            currency = value.get("currency", currency)
            value = value["amount"]
        if not (isinstance(currency, str) and len(currency) == 3 and currency.isascii()
                and currency.isalpha() and currency.isupper()):
            raise Invalid("currency")
        number = amount(value)
        if number < 0:
            raise Invalid("negative amount")
        return number, currency


def _check_rule(document, identity):
    try:
        read_rule(document, identity, 0, None)
    except Invalid as error:
        raise DeadLetter("invalid rule", str(error)) from error


def _full_document(event):
    document = event.get("fullDocument")
    if not isinstance(document, dict):
        raise DeadLetter("no document")
    return document


def _document_key(event):
    key = event.get("documentKey")
    if isinstance(key, dict) and "_id" in key:
        return key["_id"]
    document = event.get("fullDocument")
    if isinstance(document, dict) and "_id" in document:
        return document["_id"]
    raise DeadLetter("no document key")


def _wall_or_cluster(event, seconds):
    try:
        return instant(event["wallTime"])
    except (KeyError, Invalid):
        return seconds * 1_000_000


def _required(document, field, read):
    if document.get(field) is None:
        raise DeadLetter("missing field", field)
    return _optional(document, field, read)


def _optional(document, field, read, default=None):
    value = document.get(field)
    if value is None:
        return default
    try:
        return read(value)
    except Invalid as error:
        raise DeadLetter("invalid field", field) from error


def _name(value):
    if not isinstance(value, str) or len(utf8(value)) > 512:
        raise Invalid("name")
    return value


def _status(value):
    if value not in ("active", "discontinued"):
        raise Invalid("status")
    return value


def _not_negative(value):
    number = quantity(value)
    if number < 0:
        raise Invalid("negative")
    return number


def _quantity_of(type_name):
    def read(value):
        number = quantity(value)
        if type_name == "adjustment":
            legal = number != 0
        else:
            legal = number > 0 or (type_name == "count" and number == 0)
        if not legal:
            raise Invalid("quantity")
        return number
    return read


def _reference(document, type_name):
    """Purchase orders by order_id, transfers by transfer_id; None is `(unnamed)`."""
    order = _optional(document, "order_id", identifier)
    transfer = _optional(document, "transfer_id", identifier)
    named = [("order", order), ("transfer", transfer)]
    if type_name == "transfer_in":
        named.reverse()
    return next((pair for pair in named if pair[1] is not None), None)
