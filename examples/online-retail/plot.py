#!/usr/bin/env python3
"""Draws what a replay of Online Retail says, as one SVG: stock moved, open alerts, stock-outs.

Reads changes.ndjson.gz and export/{items,alerts}.ndjson in the given directory and writes
online-retail.svg there. Standard library only.
"""

import argparse
import gzip
import json
import math
import sys
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

DAY = 86400
WEEK = 7 * DAY
FIRST_MONDAY = 4 * DAY  # 1970-01-05 00:00 UTC
TOP_CATEGORIES = 10

WIDTH = 960
LEFT, RIGHT = 84, 816
PLOT_WIDTH = RIGHT - LEFT
INK, MUTED, GRID, PAPER = "#1f2933", "#5b6770", "#e3e7eb", "#ffffff"
BLUE, GREY, AMBER, ORANGE, RED = "#2f6db3", "#8a949e", "#c98a00", "#d4561c", "#8f1d2c"

# Each alert type with the name in the figure; on an item the later ones imply the earlier.
SHOWN_ALERTS = (("low_stock", "low", AMBER), ("critical_stock", "critical", ORANGE),
                ("out_of_stock", "out of stock", RED))


class Flows(NamedTuple):
    """What the changes say: pieces a week, the time at which each item opened, the time span."""
    sold: dict
    received: dict
    opened: dict
    first: int
    last: int


class Series(NamedTuple):
    name: str
    colour: str
    points: list  # (seconds, value)


# --- reading -------------------------------------------------------------------------------


def ndjson(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def seconds_of(iso):
    return datetime.fromisoformat(iso).timestamp()


def read_flows(path):
    pieces = {"sale": defaultdict(int), "receipt": defaultdict(int)}
    opened, first, last = {}, None, None
    for change in ndjson(path):
        last = change["clusterTime"]["$timestamp"]["t"]
        first = last if first is None else first
        document = change["fullDocument"]
        if change["ns"]["coll"] == "inventory":
            opened.setdefault((document["warehouse_id"], document["sku"]), last)
        elif document["type"] in pieces:
            pieces[document["type"]][week_start(last)] += document["quantity"]
    if first is None:
        raise ValueError(f"{path} holds no changes")
    return Flows(pieces["sale"], pieces["receipt"], opened, first, last)


def week_start(seconds):
    return seconds - (seconds - FIRST_MONDAY) % WEEK


def item_of(subject):
    return subject.get("warehouse_id"), subject.get("sku")


def read_episodes(path, last):
    """Type -> [(item, from, until, still open)]; what is open lasts to the end of the replay."""
    episodes = defaultdict(list)
    for alert in ndjson(path):
        if "sku" in alert["subject"]:
            resolved = alert["resolved_at"]
            until = seconds_of(resolved) if resolved else last
            span = (item_of(alert["subject"]), seconds_of(alert["opened_at"]), until, not resolved)
            episodes[alert["type"]].append(span)
    return episodes


# --- figures -------------------------------------------------------------------------------


def open_at_day_ends(spans, first, last):
    """(day end, alerts open just before it) for each UTC day from the first to the last."""
    steps = defaultdict(int)
    for _, start, until, still_open in spans:
        steps[int(start // DAY) + 1] += 1
        if not still_open:
            steps[int(until // DAY) + 1] -= 1
    points, count = [], 0
    for day in range(first // DAY + 1, last // DAY + 2):
        count += steps[day]
        points.append((min(day * DAY, last), count))
    return points


def out_days_by_category(spans, categories, opened, last):
    """[(category, item-days out of stock, share of its item-days)], most first."""
    lost, lived = defaultdict(float), defaultdict(float)
    for item, start in opened.items():
        lived[categories.get(item, "(none)")] += (last - start) / DAY
    for item, start, until, _ in spans:
        lost[categories.get(item, "(none)")] += (until - start) / DAY
    rows = [(name, days, days / lived[name] if lived[name] else 0) for name, days in lost.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def whole_weeks(pieces, first, last):
    """Points of the weeks that lie wholly inside the time covered; 0 where nothing moved."""
    week = week_start(first + WEEK - 1)
    points = []
    while week + WEEK <= last:
        points.append((week, pieces.get(week, 0)))
        week += WEEK
    return points


# --- drawing -------------------------------------------------------------------------------


def text(x, y, words, size=12, colour=INK, anchor="start", weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
            f'text-anchor="{anchor}" font-weight="{weight}">{escape(words)}</text>')


def line(x1, y1, x2, y2, colour=GRID, width=1.0):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="{width}"/>')


def polyline(points, colour):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" '
            f'stroke-linejoin="round"/>')


def nice_step(top, ticks=4):
    """A step of 1, 2, 2.5 or 5 times a power of ten that needs at most `ticks` of them."""
    rough = max(top, 1) / ticks
    power = 10 ** math.floor(math.log10(rough))
    steps = (power * factor for factor in (1, 2, 2.5, 5, 10))
    return max(1, next(step for step in steps if step >= rough - 1e-9))


def month_starts(first, last):
    day = datetime.fromtimestamp(first, timezone.utc).replace(day=1, hour=0, minute=0, second=0)
    while day.timestamp() <= last:
        following = (day + timedelta(days=32)).replace(day=1)
        # the first month is named where it is wide enough for its name
        if following.timestamp() - first > (last - first) / 12:
            yield day
        day = following


class TimePanel:
    """Lines over time between `top` and `top + height`, named at their right ends."""

    def __init__(self, top, height, first, last):
        self._top, self._bottom = top, top + height
        self._first, self._last = first, last

    def draw(self, title, unit, series):
        step = nice_step(max((v for s in series for _, v in s.points), default=1))
        highest = max((v for s in series for _, v in s.points), default=1)
        self._scale = step * max(1, math.ceil(highest / step))
        parts = [text(LEFT, self._top - 30, title, 15, weight="bold"),
                 text(LEFT, self._top - 12, unit, 12, MUTED)]
        parts += self._value_axis(step) + self._time_axis()
        for one in series:
            parts.append(polyline([self._place(t, v) for t, v in one.points], one.colour))
        return parts + self._names(series)

    def _place(self, seconds, value):
        x = LEFT + PLOT_WIDTH * (seconds - self._first) / max(1, self._last - self._first)
        y = self._bottom - (self._bottom - self._top) * value / self._scale
        return x, y

    def _value_axis(self, step):
        parts = []
        for n in range(round(self._scale / step) + 1):
            _, y = self._place(self._first, n * step)
            parts.append(line(LEFT, y, RIGHT, y, MUTED if n == 0 else GRID))
            parts.append(text(LEFT - 8, y + 4, f"{n * step:,.0f}", 12, MUTED, "end"))
        return parts

    def _time_axis(self):
        parts = []
        for n, month in enumerate(month_starts(self._first, self._last)):
            x, _ = self._place(max(month.timestamp(), self._first), 0)
            name = f"{month:%b %Y}" if n == 0 or month.month == 1 else f"{month:%b}"
            parts.append(line(x, self._bottom, x, self._bottom + 5, MUTED))
            parts.append(text(x, self._bottom + 19, name, 12, MUTED))
        return parts

    def _names(self, series):
        """Names beside the last points, from top to bottom, pushed apart where they meet."""
        ends = sorted(((self._place(*s.points[-1]), s) for s in series if s.points),
                      key=lambda end: end[0][1])
        parts, free = [], self._top
        for (x, y), one in ends:
            y = max(y, free)
            label = f"{one.name} {one.points[-1][1]:,}"
            parts.append(text(x + 8, y + 4, label, 12, one.colour, weight="bold"))
            free = y + 16
        return parts


def bar_panel(top, title, unit, rows):
    parts = [text(LEFT, top - 30, title, 15, weight="bold"), text(LEFT, top - 12, unit, 12, MUTED)]
    widest = max((days for _, days, _ in rows), default=1) or 1
    for n, (name, days, share) in enumerate(rows):
        y = top + n * 24
        width = (PLOT_WIDTH - 130) * days / widest
        parts.append(text(LEFT - 8, y + 13, name, 12, INK, "end"))
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="17" fill="{RED}"/>')
        label = f"{days:,.0f}  ({share:.0%} of its item-days)"
        parts.append(text(LEFT + width + 8, y + 13, label, 12, MUTED))
    if not rows:
        parts.append(text(LEFT, top + 13, "No item was out of stock.", 12, MUTED))
    return parts


def document(height, parts):
    return "\n".join([
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="system-ui, \'DejaVu Sans\', Helvetica, Arial, sans-serif">',
        "<title>Online Retail: stock moved, open alerts and stock-outs</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>', *parts, "</svg>", ""])


def day_name(seconds):
    when = datetime.fromtimestamp(seconds, timezone.utc)
    return f"{when.day} {when:%B %Y}"


def headings(flows):
    span = f"{day_name(flows.first)} to {day_name(flows.last)}"
    return [text(LEFT, 40, f"Online Retail: a shop's stock, {span}", 20, weight="bold"),
            text(LEFT, 62, f"{len(flows.opened):,} stock items in two warehouses (GB and EX). "
                 "Sales are real; stock is derived: every item opens at 200 pieces", 12, MUTED),
            text(LEFT, 78, "and each Monday receives its net sales of the week before last.",
                 12, MUTED)]


def figure(flows, episodes, categories):
    first, last = flows.first, flows.last
    moved = [Series("sold", BLUE, whole_weeks(flows.sold, first, last)),
             Series("received", GREY, whole_weeks(flows.received, first, last))]
    alerts = [Series(name, colour, open_at_day_ends(episodes[kind], first, last))
              for kind, name, colour in SHOWN_ALERTS]
    rows = out_days_by_category(episodes["out_of_stock"], categories, flows.opened, last)
    shown = rows[:TOP_CATEGORIES]
    parts = headings(flows)
    parts += TimePanel(150, 170, first, last).draw(
        "Pieces sold and received", "pieces a week, whole weeks from Monday (UTC)", moved)
    parts += TimePanel(420, 240, first, last).draw(
        "Open stock alerts", "items, at the end of each day (UTC); low includes critical, "
        "critical includes out of stock; receipts come on Mondays", alerts)
    parts += bar_panel(760, "Time out of stock, by category",
                       f"item-days with nothing available, at most {TOP_CATEGORIES} shown; "
                       "category = first two digits of the code", shown)
    bottom = 760 + 24 * max(1, len(shown)) + 40
    parts.append(text(LEFT, bottom, 'Source: "Online Retail", UCI Machine Learning Repository '
                      "(D. Chen, 2015), CC BY 4.0; replayed with Stockwatch.", 11, MUTED))
    return document(bottom + 24, parts)


def category_of_items(path):
    return {item_of(item): item["category"] for item in ndjson(path)}


def draw(directory):
    flows = read_flows(directory / "changes.ndjson.gz")
    episodes = read_episodes(directory / "export" / "alerts.ndjson", flows.last)
    categories = category_of_items(directory / "export" / "items.ndjson")
    target = directory / "online-retail.svg"
    target.write_text(figure(flows, episodes, categories), encoding="utf-8")
    return target


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path, help="such as build/online-retail")
    options = parser.parse_args(argv)
    try:
        print(draw(options.directory))
    except (OSError, ValueError, KeyError) as error:
        print(f"plot.py: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
