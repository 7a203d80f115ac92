"""The stock of one item: all its known changes, sorted by position, folded (domain 3, 4)."""

import bisect
from dataclasses import dataclass, field

from changes import NONE, Document, Transaction
from values import SECOND

UNNAMED = None
ON_HAND_SIGN = {"sale": -1, "return": 1, "damage": -1, "shrinkage": -1, "adjustment": 1,
                "transfer_out": -1, "receipt": 1, "transfer_in": 1}
RESERVED_SIGN = {"reserve": 1, "release": -1}
INBOUND_SIGN = {"receipt": -1, "transfer_in": -1, "ordered": 1, "order_cancelled": -1}


@dataclass(slots=True)
class Figures:
    """On-hand, the sum of reserved, and the sums of inbound by reference."""
    on_hand: int = 0
    reserved: int = 0
    inbound: dict = field(default_factory=dict)
    announced: dict = field(default_factory=dict)   # reference -> what announced it last

    def set_from(self, document):
        self.on_hand = document.on_hand
        self.reserved = document.reserved or 0
        self.announced = {UNNAMED: document}
        self.inbound = {UNNAMED: document.inbound} if document.inbound else {}

    def rebase(self, document):
        """Takes over the figures that the document carries."""
        self.on_hand = document.on_hand
        if document.reserved is not None:
            self.reserved = document.reserved
        if document.inbound is not None:
            self.inbound = {UNNAMED: document.inbound} if document.inbound else {}

    def apply(self, transaction, from_reservations):
        q = transaction.quantity
        if transaction.type == "count":
            self.on_hand = q
            return
        self.on_hand += ON_HAND_SIGN.get(transaction.type, 0) * q
        self.reserved += RESERVED_SIGN.get(transaction.type, 0) * q
        if transaction.type == "sale":
            self.reserved -= _taken_from_reserved(transaction, from_reservations)
        if transaction.type == "ordered":
            self.announced[transaction.reference] = transaction
        self._move_inbound(transaction.reference, INBOUND_SIGN.get(transaction.type, 0) * q)

    def _move_inbound(self, reference, delta):
        if delta:
            total = self.inbound.get(reference, 0) + delta
            self.inbound[reference] = total
            if total == 0:
                del self.inbound[reference]

    def _unnamed_left(self):
        """What other references took more than they had announced is not due any more."""
        missing = sum(max(0, -total) for reference, total in self.inbound.items()
                      if reference is not UNNAMED)
        return max(0, self.inbound.get(UNNAMED, 0) - missing)

    def expected(self):
        """(reference, what announced it) of all that is still inbound."""
        return [(reference, self.announced.get(reference))
                for reference, total in self.inbound.items()
                if (self._unnamed_left() if reference is UNNAMED else total) > 0]

    def shown_reserved(self):
        return max(0, self.reserved)

    def shown_inbound(self):
        if not self.inbound:
            return 0
        named = [total for reference, total in self.inbound.items() if reference is not UNNAMED]
        return sum(max(0, total) for total in named) + self._unnamed_left()

    def shown(self):
        return self.on_hand, self.shown_reserved(), self.shown_inbound()

    def positive_references(self):
        return sum(1 for reference, total in self.inbound.items()
                   if reference is not UNNAMED and total > 0)


def _taken_from_reserved(transaction, from_reservations):
    if transaction.reserved_quantity is not None:
        return transaction.reserved_quantity
    return transaction.quantity if from_reservations else 0


@dataclass(slots=True)
class Row:
    """One change of an item; before/after: what the (shadow) ledger showed, None if it did not."""
    position: tuple
    body: object                    # Document, Transaction, or None for a delete
    key: str | None = None
    exact: bool = False
    before: tuple | None = None
    after: tuple | None = None


@dataclass(slots=True)
class State:
    stock: Figures = field(default_factory=Figures)
    shadow: Figures = field(default_factory=Figures)
    shadow_started: bool = False    # a transaction has been seen
    shadow_based: bool = False      # a document has given the figures
    opened: bool = False
    opening_at: int | None = None   # seconds
    document: Document | None = None
    document_key: str | None = None
    retired: bool = False
    deleted_at: tuple | None = None
    transaction_price: tuple | None = None
    last_sale: int | None = None    # microseconds
    position: tuple | None = None
    shown: tuple = (0, 0, 0)


class Item:
    """A stock item. Its state is the fold of its rows; in order it steps, else it folds anew."""

    def __init__(self, identity, settings):
        self.identity = identity
        self.warehouse, self.sku = identity
        self.settings = settings.warehouse(self.warehouse)
        self.keep = settings.history_keep
        self.is_ledger = self.settings.authority == "ledger"
        self.rows = []
        self.positions = []
        self.rebased = set()        # positions of documents that the shadow was re-based to
        self.checks = []            # positions of documents that wait for their drift verdict
        self.frozen = set()         # days that teach nothing, by the rules at their turn
        self.changes = 0            # how often its rows have changed
        self.state = State()
        self.thresholds = None
        self.thresholds_key = None

    # -- rows ---------------------------------------------------------------------------------
    def add(self, row):
        self.changes += 1
        if not self.positions or row.position > self.positions[-1]:
            self.rows.append(row)
            self.positions.append(row.position)
            self._step(row)
            return
        at = bisect.bisect_left(self.positions, row.position)
        self.rows.insert(at, row)
        self.positions.insert(at, row.position)
        self.refold()

    def remove(self, position):
        self.changes += 1
        at = bisect.bisect_left(self.positions, position)
        if at < len(self.positions) and self.positions[at] == position:
            del self.rows[at], self.positions[at]

    def row_at(self, position):
        at = bisect.bisect_left(self.positions, position)
        found = at < len(self.positions) and self.positions[at] == position
        return self.rows[at] if found else None

    def refold(self):
        self.state = State()
        for row in self.rows:
            self._step(row)

    # -- the fold -----------------------------------------------------------------------------
    def _step(self, row):
        if self._dropped_before(row):
            self.state = State()
        before = self._ledger_shown()
        if isinstance(row.body, Transaction):
            self._step_transaction(row)
        elif row.body is None:
            self._step_delete(row)
        else:
            self._step_document(row)
        self.state.shown = self.state.stock.shown()
        row.before, row.after = before, self._ledger_shown()

    def _dropped_before(self, row):
        """A retired item is dropped after the history's length: what comes later finds nothing."""
        if not self.state.retired:
            return False
        return row.position[1] * SECOND >= self.state.deleted_at[1] * SECOND + self.keep

    def _ledger_shown(self):
        state = self.state
        if state.retired:
            return None
        if self.is_ledger:
            return state.shown if state.opened else None
        return state.shadow.shown() if state.shadow_started and state.shadow_based else None

    def _step_delete(self, row):
        old = self.state
        if old.document_key != row.key or old.document_key is None:
            return
        self.state = State(retired=True, deleted_at=row.position, position=old.position,
                           transaction_price=old.transaction_price, last_sale=old.last_sale)

    def _step_document(self, row):
        state = self.state
        state.position = row.position
        state.retired = False
        state.document, state.document_key = row.body, row.key
        if self.is_ledger:
            if not state.opened and row.exact:
                state.stock.set_from(row.body)
                self._open(row)
            return
        state.stock.set_from(row.body)
        if not state.opened:
            self._open(row)
        if not (state.shadow_started and state.shadow_based):
            state.shadow.set_from(row.body)
            state.shadow_based = True
        elif row.position in self.rebased:
            state.shadow.rebase(row.body)

    def _step_transaction(self, row):
        state, transaction = self.state, row.body
        state.position = row.position
        if transaction.price is not None:
            state.transaction_price = transaction.price
        if state.retired:
            return
        if transaction.type == "sale":
            state.last_sale = max(state.last_sale or 0, transaction.occurred_at)
        if self.settings.opens_at_zero and not state.opened:
            self._open(row)
            state.shadow_based = True
        if not self.is_ledger:
            state.shadow_started = True
            state.shadow.apply(transaction, self.settings.sales_from_reservations)
            return
        state.stock.apply(transaction, self.settings.sales_from_reservations)
        if transaction.type == "count" and not state.opened:
            self._open(row)

    def _open(self, row):
        self.state.opened = True
        self.state.opening_at = row.position[1]

    # -- what is shown ------------------------------------------------------------------------
    @property
    def living(self):
        return bool(self.rows) and self.state.position is not None and not self.state.retired

    @property
    def judged(self):
        return self.living and self.state.opened

    @property
    def active(self):
        return self.status == "active"

    @property
    def status(self):
        return self.state.document.status if self.state.document else "active"

    @property
    def path(self):
        """(department, category, brand, product)"""
        document = self.state.document
        if document is None:
            return NONE, NONE, NONE, NONE
        return document.department, document.category, document.brand, document.product

    @property
    def price(self):
        document = self.state.document
        if document is not None and document.price is not None:
            return document.price
        return self.state.transaction_price

    def figures(self):
        """Shown on-hand, reserved, inbound."""
        return self.state.shown

    def due_times(self):
        """When what is inbound is due. A document's figure has the date of the latest document."""
        latest = self.state.document
        for _, source in self.state.stock.expected():
            if isinstance(source, Document) and latest is not None and latest.expected_at is not None:
                source = latest
            if source is not None:
                yield source.due if source.expected_at is None else source.expected_at

    def ledger(self):
        """The sums that transactions move: the stock itself or the shadow."""
        return self.state.stock if self.is_ledger else self.state.shadow

    # -- drift --------------------------------------------------------------------------------
    def moments(self, position):
        """What the (shadow) ledger showed at the document and at moments within its grace."""
        at = bisect.bisect_left(self.positions, position)
        grace = self.settings.drift_grace
        low, high = position[1] * SECOND - grace, position[1] * SECOND + grace
        shown = [self.rows[at].before]
        if not grace:
            return shown
        for row in reversed(self.rows[:at]):
            if row.position[1] * SECOND < low or row.after is None:
                break
            shown.append(row.before)
            shown.append(row.after)
        for row in self.rows[at + 1:]:
            if row.position[1] * SECOND >= high or row.after is None:
                break
            shown.append(row.after)
        return [figures for figures in shown if figures is not None]
