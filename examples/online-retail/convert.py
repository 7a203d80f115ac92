#!/usr/bin/env python3
"""Turns the Online Retail CSV into MongoDB change events, one JSON object a line.

The rule that it follows is stated in README.md beside this file. Standard library only.
"""

import argparse
import contextlib
import csv
import gzip
import io
import json
import os
import re
import sys
import zlib
from collections import defaultdict
from datetime import datetime, timezone
from typing import NamedTuple

COLUMNS = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
           "CustomerID", "Country"]
SKU = re.compile(r"[0-9]{5}[A-Z]*")
QUANTITY = re.compile(r"[+-]?[0-9]{1,15}")
PRICE = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")

SKIP_REASONS = ("wrong_field_count", "not_a_sku", "unreadable_quantity", "quantity_zero",
                "unreadable_price", "unreadable_date")
TRANSACTION_TYPES = ("sale", "return", "adjustment", "receipt")

OPENING_STOCK = 200
WEEK = 7 * 86400
FIRST_MONDAY = 4 * 86400  # 1970-01-05 00:00 UTC

# The rest of a resume token after its cluster time: version, token type, place in a
# transaction, collection UUID. The same for every change: the cluster time tells them apart.
TOKEN_TAIL = "2B022C0100296E5A100400000000000040008000000000000000" + "04"
GZIP_MAGIC = b"\x1f\x8b"
GZIP_LEVEL = 4


class ConvertError(Exception):
    """The input cannot be converted; the message says why."""


class Skipped(Exception):
    """One line is left out; its argument is one of SKIP_REASONS."""


class Moment(NamedTuple):
    seconds: int
    iso: str


class Line(NamedTuple):
    """One line of the CSV that becomes a transaction."""
    invoice: str
    item: tuple  # (warehouse, SKU)
    quantity: int
    price: str  # as printed; empty where it is not above 0
    moment: Moment


def moment_of(seconds):
    when = datetime.fromtimestamp(seconds, timezone.utc)
    return Moment(seconds, when.strftime("%Y-%m-%dT%H:%M:%SZ"))


class LineReader:
    """Reads the fields of a line; remembers codes and the last date, which repeat a lot."""

    def __init__(self):
        self._skus = {}
        self._date_text = None
        self._moment = None

    def read(self, row):
        if len(row) != len(COLUMNS):
            raise Skipped("wrong_field_count")
        invoice, code, _, quantity, date, price, _, country = row
        sku = self._sku(code)
        pieces = read_quantity(quantity)
        shown_price = read_price(price)
        warehouse = "GB" if country == "United Kingdom" else "EX"
        return Line(invoice, (warehouse, sku), pieces, shown_price, self._date(date))

    def _sku(self, code):
        sku = self._skus.get(code)
        if sku is None:
            sku = code.upper() if code.isascii() else ""
            self._skus[code] = sku = sku if SKU.fullmatch(sku) else ""
        if not sku:
            raise Skipped("not_a_sku")
        return sku

    def _date(self, text):
        if text != self._date_text:
            self._moment = read_date(text)
            self._date_text = text
        return self._moment


def read_quantity(text):
    if not QUANTITY.fullmatch(text):
        raise Skipped("unreadable_quantity")
    quantity = int(text)
    if quantity == 0:
        raise Skipped("quantity_zero")
    return quantity


def read_price(text):
    if not PRICE.fullmatch(text):
        raise Skipped("unreadable_price")
    return text if float(text) > 0 else ""


def read_date(text):
    if not DATE.fullmatch(text):
        raise Skipped("unreadable_date")
    try:
        seconds = int(datetime.fromisoformat(text + "+00:00").timestamp())
    except ValueError:
        raise Skipped("unreadable_date") from None
    if not 0 <= seconds < 2**32:
        raise Skipped("unreadable_date")
    return Moment(seconds, text.replace(" ", "T") + "Z")


class ChangeWriter:
    """Writes changes in order and gives each its cluster time and token."""

    def __init__(self, write):
        self._write = write
        self._seconds = None
        self._increment = 0
        self.written = 0

    def insert(self, moment, collection, key, document):
        """`key` and `document` are JSON text."""
        if moment.seconds != self._seconds:
            self._seconds = moment.seconds
            self._increment = 0
        self._increment += 1
        self.written += 1
        t, i = self._seconds, self._increment
        self._write(
            f'{{"_id":{{"_data":"82{t:08X}{i:08X}{TOKEN_TAIL}"}},"operationType":"insert",'
            f'"clusterTime":{{"$timestamp":{{"t":{t},"i":{i}}}}},'
            f'"wallTime":{{"$date":"{moment.iso}"}},'
            f'"ns":{{"db":"shop","coll":"{collection}"}},"documentKey":{{"_id":{key}}},'
            f'"fullDocument":{document}}}\n')


class Shop:
    """Turns lines into changes: opens items, records transactions, receives goods on Mondays."""

    def __init__(self, changes):
        self._changes = changes
        self._items = set()
        self._week = None
        self._net_sales = defaultdict(lambda: defaultdict(int))  # week -> item -> pieces
        self.first = None
        self.last = None
        self.count = dict.fromkeys(TRANSACTION_TYPES, 0)
        self.pieces = dict.fromkeys(TRANSACTION_TYPES, 0)

    @property
    def items(self):
        return frozenset(self._items)

    def take(self, number, line):
        self._advance(number, line.moment)
        if line.item not in self._items:
            self._open(line)
        kind = type_of(line)
        quantity = line.quantity if kind == "adjustment" else abs(line.quantity)
        self._learn_sales(kind, line.item, quantity)
        key = json.dumps(f"{line.invoice}-{number}")
        self._transaction(line.moment, key, line.item, kind, quantity, line.price)

    def _advance(self, number, moment):
        if self.last and moment.seconds < self.last.seconds:
            raise ConvertError(f"line {number}: InvoiceDate {moment.iso} is earlier than "
                               f"{self.last.iso} before it; sort the file by InvoiceDate")
        week = (moment.seconds - FIRST_MONDAY) // WEEK
        if self._week is not None:
            for monday in range(self._week + 1, week + 1):
                self._receive(monday)
        self._week = week
        self.first = self.first or moment
        self.last = moment

    def _receive(self, week):
        """The receipts of the Monday on which `week` begins: the net sales of week - 2."""
        moment = moment_of(FIRST_MONDAY + week * WEEK)
        day = moment.iso[:10]
        for item, net in sorted(self._net_sales.pop(week - 2, {}).items()):
            if net > 0:
                warehouse, sku = item
                key = f'"R-{day}-{warehouse}-{sku}"'
                self._transaction(moment, key, item, "receipt", net, "")

    def _open(self, line):
        self._items.add(line.item)
        warehouse, sku = line.item
        key = f'"{warehouse}/{sku}"'
        self._changes.insert(line.moment, "inventory", key, (
            f'{{"_id":{key},"warehouse_id":"{warehouse}","sku":"{sku}",'
            f'"product_id":"{sku[:5]}","category":"{sku[:2]}","department":"{sku[0]}",'
            f'"on_hand":{OPENING_STOCK}}}'))

    def _learn_sales(self, kind, item, quantity):
        if kind == "sale":
            self._net_sales[self._week][item] += quantity
        elif kind == "return":
            self._net_sales[self._week][item] -= quantity

    def _transaction(self, moment, key, item, kind, quantity, price):
        self.count[kind] += 1
        self.pieces[kind] += quantity
        warehouse, sku = item
        price_field = f'"price":{price},' if price else ""
        self._changes.insert(moment, "transactions", key, (
            f'{{"_id":{key},"warehouse_id":"{warehouse}","sku":"{sku}","type":"{kind}",'
            f'"quantity":{quantity},{price_field}'
            f'"occurred_at":{{"$date":"{moment.iso}"}}}}'))


def type_of(line):
    if line.quantity > 0:
        return "sale"
    return "return" if line.invoice.startswith("C") else "adjustment"


def check_header(rows):
    header = next(rows, None)
    if header != COLUMNS:
        found = "nothing" if header is None else ",".join(header)[:200]
        raise ConvertError(f"not the Online Retail CSV: expected the columns "
                           f"{','.join(COLUMNS)}, found {found}")


def convert(text, write):
    """Reads CSV lines from `text`, hands each change to `write`, returns the summary."""
    rows = csv.reader(text)
    reader, changes, skipped = LineReader(), ChangeWriter(write), dict.fromkeys(SKIP_REASONS, 0)
    shop = Shop(changes)
    number = 0
    try:
        check_header(rows)
        for number, row in enumerate(rows, 1):
            try:
                shop.take(number, reader.read(row))
            except Skipped as reason:
                skipped[reason.args[0]] += 1
    except csv.Error as error:
        raise ConvertError(f"after line {number}: {error}") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ConvertError(f"after line {number}: damaged gzip data: {error}") from error
    return summary_of(number, skipped, shop, changes)


def summary_of(read, skipped, shop, changes):
    per_warehouse = {"EX": 0, "GB": 0}
    for warehouse, _ in shop.items:
        per_warehouse[warehouse] += 1
    return {
        "lines": {"read": read, "converted": read - sum(skipped.values()), "skipped": skipped},
        "changes": {"written": changes.written, "inventory": len(shop.items), **shop.count},
        "pieces": shop.pieces,
        "items": per_warehouse,
        "from": shop.first.iso if shop.first else None,
        "to": shop.last.iso if shop.last else None,
    }


def summary_text(summary):
    lines, changes = summary["lines"], summary["changes"]
    skipped = ", ".join(f"{reason} {n}" for reason, n in lines["skipped"].items() if n)
    kinds = ", ".join(f"{kind} {n}" for kind, n in changes.items() if kind != "written")
    return (f"lines read {lines['read']}, converted {lines['converted']}, "
            f"skipped {sum(lines['skipped'].values())} ({skipped or 'none'})\n"
            f"changes written {changes['written']} ({kinds})\n"
            f"from {summary['from']} to {summary['to']}\n")


@contextlib.contextmanager
def csv_text(path):
    """The CSV as text; gzip is known by its first bytes, `-` is standard input."""
    with contextlib.ExitStack() as stack:
        raw = sys.stdin.buffer if path == "-" else stack.enter_context(open(path, "rb"))
        if raw.peek(2)[:2] == GZIP_MAGIC:
            raw = stack.enter_context(gzip.open(raw))
        yield io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")


@contextlib.contextmanager
def change_output(path):
    """A `write` for text. A file appears under its name only when it is complete."""
    if path == "-":
        yield sys.stdout.write
        sys.stdout.flush()
        return
    part = path + ".part"
    try:
        with open(part, "wb") as raw, encoded(raw, path.endswith(".gz")) as text:
            yield text.write
        os.replace(part, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(part)


@contextlib.contextmanager
def encoded(raw, compress):
    with contextlib.ExitStack() as stack:
        if compress:  # neither name nor time in the file: the same input gives the same bytes
            raw = stack.enter_context(gzip.GzipFile("", "wb", GZIP_LEVEL, raw, mtime=0))
        buffered = io.BufferedWriter(raw, 1 << 18)
        text = io.TextIOWrapper(buffered, encoding="utf-8", newline="\n")
        yield text
        text.flush()
        text.detach()
        buffered.detach()


def arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", metavar="CSV", help="the CSV, plain or gzip; - for standard input")
    parser.add_argument("-o", "--output", metavar="OUT", default="-",
                        help="changes as NDJSON, gzip where it ends in .gz; default - (stdout)")
    parser.add_argument("--summary", metavar="FILE", help="write the counts as JSON")
    return parser.parse_args(argv)


def run(options):
    with csv_text(options.csv) as text, change_output(options.output) as write:
        summary = convert(text, write)
        if not summary["changes"]["written"]:
            raise ConvertError("no line could be converted: " + summary_text(summary))
    sys.stderr.write(summary_text(summary))
    if options.summary:
        with open(options.summary, "w", encoding="utf-8") as file:
            json.dump(summary, file, indent=2)
            file.write("\n")


def main(argv=None):
    options = arguments(argv)
    try:
        run(options)
    except BrokenPipeError:
        sys.stdout = None  # whoever read standard output has gone: nothing left to flush
        return 1
    except (ConvertError, OSError) as error:
        print(f"convert.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
