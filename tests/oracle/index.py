"""Document key -> the item it belongs to, at each position (domain 3)."""

import bisect
from dataclasses import dataclass

from stock import Row


@dataclass(slots=True)
class Event:
    """One inventory change of a document: the item it names, None for a delete."""
    position: tuple
    identity: tuple | None
    body: object
    exact: bool


class DocumentIndex:
    def __init__(self):
        self.events = {}            # key -> [Event] by position
        self.living = {}            # item identity -> set of keys that live there

    def home(self, key):
        """The item where the document lives now: what its highest-position event says."""
        events = self.events.get(key)
        return events[-1].identity if events else None

    def other_document(self, key, position, identity):
        """True where the change would make `key` a second living document of the item."""
        events = self.events.get(key)
        if events and events[-1].position > position:
            return False
        return any(other != key for other in self.living.get(identity, ()))

    def add(self, key, event):
        """Adds the event; gives the items of the key and their new rows of it."""
        before = self._rows(key)
        old_home = self.home(key)
        events = self.events.setdefault(key, [])
        bisect.insort(events, event, key=lambda known: known.position)
        self._settle(key, old_home)
        return before, self._rows(key)

    def _settle(self, key, old_home):
        if old_home is not None:
            self.living[old_home].discard(key)
        if self.home(key) is not None:
            self.living.setdefault(self.home(key), set()).add(key)

    def _rows(self, key):
        """identity -> {position: Row}; a move is a delete of the old and an upsert of the new."""
        rows, home = {}, None
        for event in self.events.get(key, ()):
            if home is not None and event.identity != home:
                rows.setdefault(home, {})[event.position] = Row(event.position, None, key)
            if event.identity is not None:
                row = Row(event.position, event.body, key, event.exact)
                rows.setdefault(event.identity, {})[event.position] = row
            home = event.identity
        return rows
