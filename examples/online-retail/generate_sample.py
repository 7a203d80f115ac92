#!/usr/bin/env python3
"""Prints a small invented shop in the form of the Online Retail CSV.

The same seed gives the same bytes on every machine. Standard library only.
"""

import argparse
import csv
import sys
from datetime import datetime, timedelta

COLUMNS = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
           "CustomerID", "Country"]
START = datetime(2024, 1, 3, 8, 0, 0)  # a Wednesday
WEEKS = 9
QUIET_WEEK = 4  # nothing is sold in it: its Monday comes without a sale
BURST_LINES = 400
MONDAY_MIDNIGHT = datetime(2024, 1, 22, 0, 0, 0)

CATEGORIES = ("20", "22", "47", "71", "84", "85")
SUFFIXES = ("", "", "", "A", "B", "BL")
NOUNS = ("LAMP", "MUG", "TRAY", "CLOCK", "BASKET", "KITE")
COLOURS = ("RED", "BLUE", "GREEN", 'SMALL 6"', "OAK, OILED", "CAFÉ")
COUNTRIES = ("United Kingdom",) * 8 + ("France", "Germany", "EIRE", "Norway")
NOT_SKUS = ("POST", "M", "D", "m", "BANK CHARGES", "1234", "123456", "12345-A", "GIFT_10", "")
BAD_NUMBERS = ("", "x", "n/a", "--3")
ADJUSTMENT_REASONS = ("damages", "lost", "?", "")


class Random:
    """A 64-bit linear congruential generator (Knuth's MMIX constants)."""

    def __init__(self, seed):
        self._state = seed % 2**64

    def below(self, bound):
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % bound

    def choice(self, options):
        return options[self.below(len(options))]

    def chance(self, per_thousand):
        return self.below(1000) < per_thousand


class Article:
    def __init__(self, random, number):
        category = CATEGORIES[number % len(CATEGORIES)]
        self.code = f"{category}{100 + number * 7:03d}{random.choice(SUFFIXES)}"
        self.name = f"{random.choice(COLOURS)} {random.choice(NOUNS)}"
        self.pence = 20 + random.below(1500)


class Invoice:
    def __init__(self, number, moment, customer, country):
        self.number, self.moment, self.customer, self.country = number, moment, customer, country


class Sample:
    def __init__(self, seed, lines):
        self._random = Random(seed)
        self._lines = lines
        self._articles = [Article(self._random, n) for n in range(60)]
        self._invoice_number = 100000
        self._sold = []  # what a customer may send back

    def rows(self):
        written = 0
        for moment, size in self._invoices():
            invoice = self._open_invoice(moment)
            for _ in range(min(size, self._lines - written)):
                yield self._row(invoice)
                written += 1
            if written == self._lines:
                return

    def _invoices(self):
        """Times in order with a number of lines; more than enough for all lines."""
        per_day = self._lines // (WEEKS * 5) + 1
        day, burst_done = 0, False
        while True:
            date = START + timedelta(days=day)
            if date.date() == MONDAY_MIDNIGHT.date():
                yield MONDAY_MIDNIGHT, 3
            if self._is_open(day, date):
                yield from self._day(date, per_day)
                if day > 15 and not burst_done:
                    yield date.replace(hour=20), min(BURST_LINES, self._lines // 10)
                    burst_done = True
            day += 1

    @staticmethod
    def _is_open(day, date):
        return date.weekday() != 5 and day // 7 != QUIET_WEEK

    def _day(self, date, lines):
        moment = date
        while lines > 0:
            # often the same second or minute as the invoice before it
            moment += timedelta(seconds=self._random.choice((0, 0, 7, 60, 900, 1500)))
            size = 1 + self._random.below(18)
            if moment.hour < 20:
                yield moment, size
            lines -= size

    def _open_invoice(self, moment):
        self._invoice_number += 1
        customer = f"{11000 + self._random.below(400)}.0" if self._random.chance(800) else ""
        country = self._random.choice(COUNTRIES)
        return Invoice(str(self._invoice_number), moment, customer, country)

    def _row(self, invoice):
        kind = self._random.below(1000)
        if kind < 25:
            return self._other_charge(invoice)
        if kind < 60 and self._sold:
            return self._cancellation(invoice)
        if kind < 75:
            return self._adjustment(invoice)
        return self._spoil(self._sale(invoice), kind)

    def _article(self):
        # the smaller of two draws: early articles sell better
        count = len(self._articles)
        return self._articles[min(self._random.below(count), self._random.below(count))]

    def _sale(self, invoice):
        article = self._article()
        quantity = 1 + self._random.below(self._random.choice((2, 6, 12, 24)))
        if self._random.chance(4):
            quantity *= 20
        self._sold.append((article, quantity, invoice.country))
        pence = 0 if self._random.chance(10) else article.pence
        code = article.code.lower() if self._random.chance(20) else article.code
        return self._fields(invoice, code, article.name, quantity, pence)

    def _cancellation(self, invoice):
        article, quantity, country = self._random.choice(self._sold)
        back = 1 + self._random.below(quantity)
        row = self._fields(invoice, article.code, article.name, -back, article.pence)
        return ["C" + row[0], *row[1:7], country]

    def _adjustment(self, invoice):
        reason = self._random.choice(ADJUSTMENT_REASONS)
        lost = 1 + self._random.below(30)
        row = self._fields(invoice, self._article().code, reason, -lost, 0)
        return [*row[:6], "", "United Kingdom"]

    def _other_charge(self, invoice):
        code = self._random.choice(NOT_SKUS)
        quantity = self._random.choice((1, 1, -1))
        return self._fields(invoice, code, "CHARGE", quantity, self._random.below(4000))

    def _spoil(self, row, kind):
        """A few lines that cannot be used, and a few with a price below 0."""
        if kind >= 990:
            row[3] = "0"
        elif kind >= 985:
            row[3] = self._random.choice(BAD_NUMBERS)
        elif kind >= 980:
            row[5] = self._random.choice(BAD_NUMBERS)
        elif kind >= 978:
            row[5] = "-" + row[5]
        return row

    @staticmethod
    def _fields(invoice, code, name, quantity, pence):
        price = f"{pence // 100}.{pence % 100:02d}"
        return [invoice.number, code, name, str(quantity), str(invoice.moment), price,
                invoice.customer, invoice.country]


def write_sample(file, seed, lines):
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(Sample(seed, lines).rows())


def positive(text):
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lines", type=positive, default=5000, help="default 5000")
    options = parser.parse_args(argv)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    write_sample(sys.stdout, options.seed, options.lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
