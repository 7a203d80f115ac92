"""Replays NDJSON changes through the oracle and prints what `stockwatch replay` would print."""

import argparse
import gzip
import json
import sys

from export import Export
from model import Model
from settings import Settings, load_settings
from values import Invalid


def lines_of(path):
    if path == "-":
        yield from sys.stdin.buffer
        return
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        yield from file


def replay(lines, settings):
    model = Model(settings)
    for line in lines:
        model.feed_line(line.rstrip(b"\n"))
    model.finish()
    return model


def report(model, export_to):
    export = Export(model)
    if export_to:
        export.write(export_to)
    print(json.dumps(export.result(), separators=(",", ":")))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("changes", help="NDJSON, .gz or - for standard input")
    parser.add_argument("--settings", help="settings in JSON")
    parser.add_argument("--export", metavar="DIR")
    parser.add_argument("--output", choices=("json",), default="json")
    options = parser.parse_args()
    try:
        settings = load_settings(options.settings) if options.settings else Settings()
    except (OSError, ValueError, Invalid) as error:
        print(f"settings: {error}", file=sys.stderr)
        return 2
    report(replay(lines_of(options.changes), settings), options.export)
    return 0


if __name__ == "__main__":
    sys.exit(main())
