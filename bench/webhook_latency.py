#!/usr/bin/env python3
"""How long it takes from a change to the webhook of the alert that it opens, while others come in.

    bench/webhook_latency.py [--items N] [--ingest N] [--alerts N] [--seconds N] [--binary FILE]

Runs an engine on a pipe, with a webhook to a receiver on this machine: inventory documents, then
sales at a pace of `--ingest` a second (0: as fast as they are taken, and no figures of time).
`--alerts` of them a second take an item below its `low`. A time counts from when such a sale was
about to be written into the pipe until the receiver has read the notice's last byte.
"""

import argparse
import contextlib
import http.client
import http.server
import json
import multiprocessing
import os
import pathlib
import subprocess
import tempfile
import time

from api_load import write_sales
from api_reads import ROOT, started

TICK = 0.01  # seconds between two pieces of what is fed
PIPE_BYTES = 65536
FIRST_SECOND = 1_700_000_000
SALES_SECOND = 1_700_100_000  # as write_sales has it
SALES_A_SECOND = 5000


def line(token, second, increment, collection, document):
    return (json.dumps({
        "_id": {"_data": token}, "operationType": "insert",
        "clusterTime": {"$timestamp": {"t": second, "i": increment}},
        "ns": {"db": "shop", "coll": collection}, "documentKey": {"_id": document["_id"]},
        "fullDocument": document}, separators=(",", ":")) + "\n").encode()


def write_items(path, items, watched):
    """Items of the sales, with plenty; then those whose sale is an alert."""
    with path.open("wb") as out:
        for k in range(items + watched):
            sku, on_hand = (f"S{k}", 1_000_000) if k < items else (f"WATCHED{k - items}", 6)
            out.write(line(f"{k:016X}", FIRST_SECOND + k // 5000, k % 5000 + 1, "inventory",
                           {"_id": k, "warehouse_id": f"W{k % 20}" if k < items else "W0",
                            "sku": sku, "category": f"C{k % 200}", "on_hand": on_hand}))


def feed(pipe, path, size, piece, every, written):
    """Pieces of so many sales; behind each `every`-th one the sale that is an alert."""
    with open(path, "rb") as file:
        due, number, watched = time.monotonic(), 0, 0
        while data := file.read(size * piece):
            number += 1
            if number % every == 0:
                data += line(f"F{number:014X}A", SALES_SECOND + number * piece // SALES_A_SECOND,
                             SALES_A_SECOND + watched + 1, "transactions",
                             {"_id": f"A{watched}", "warehouse_id": "W0", "sku": f"WATCHED{watched}",
                              "type": "sale", "quantity": 2})
                written.append((f"WATCHED{watched}", time.monotonic()))
                watched += 1
            for begin in range(0, len(data), PIPE_BYTES):
                os.write(pipe, data[begin:begin + PIPE_BYTES])
            due += TICK
            time.sleep(max(0, due - time.monotonic()))


def receive(ready, arrived):
    """A receiver of webhooks in a process of its own; sends its port, then fills `arrived`."""
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            at = time.monotonic()
            alert = json.loads(body)["data"].get("alert", {})
            arrived.append((alert.get("subject", {}).get("sku"), at))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ready.send(server.server_address[1])
    server.serve_forever()


def settings_of(port):
    return {"stock": {"authority": "ledger"},
            "thresholds": {"rules": [{"id": "all", "default": True, "low": 5}]},
            "channels": {"bench": {"type": "webhook", "url": f"http://127.0.0.1:{port}/",
                                   "secret_env": "BENCH_SECRET", "allow_private": True}}}


@contextlib.contextmanager
def receiver(arrived):
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=receive, args=(theirs, arrived), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


@contextlib.contextmanager
def engine(binary, folder):
    """(process, port, the end of its pipe that is written)"""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [str(binary), "run", "--source", "-", "--store", str(folder / "store"), "--config",
         str(folder / "settings.json"), "--port", "0", "--quiet"],
        stdin=reading, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env={**os.environ, "BENCH_SECRET": "whsec_" + "A" * 43 + "="})
    os.close(reading)
    try:
        yield process, started(process), writing
    finally:
        process.terminate()
        process.wait()


def read_so_far(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/api/v1/state")
    return json.loads(connection.getresponse().read())["changes"]["read"]


def wait_for(true, seconds, what):
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise SystemExit(f"webhook_latency: {what} did not come within {seconds} s")
        time.sleep(0.05)


def report(written, arrived, ingest):
    first = {}
    for sku, at in arrived:
        first.setdefault(sku, at)
    times = sorted((first[sku] - at) * 1000 for sku, at in written)
    middle, last = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"{len(times)} alerts beside {ingest:,.0f} changes a second: change to webhook p50 {middle:.1f} ms, "
          f"p99 {last:.1f} ms, longest {times[-1]:.1f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--ingest", type=int, default=100_000, help="changes a second")
    parser.add_argument("--alerts", type=int, default=20, help="a second")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--binary", default=ROOT / "build" / "release" / "stockwatch")
    arguments = parser.parse_args()
    pace = arguments.ingest or 200_000
    watched = arguments.alerts * arguments.seconds
    with tempfile.TemporaryDirectory(prefix="stockwatch-") as name, \
            multiprocessing.Manager() as manager:
        folder, written, arrived = pathlib.Path(name), manager.list(), manager.list()
        write_items(folder / "items.ndjson", arguments.items, watched)
        sales = pace * arguments.seconds
        size = write_sales(folder / "sales", arguments.items, sales)
        with receiver(arrived) as to:
            (folder / "settings.json").write_text(json.dumps(settings_of(to)), encoding="ascii")
            with engine(arguments.binary, folder) as (_, port, pipe):
                os.set_blocking(pipe, True)
                with open(folder / "items.ndjson", "rb") as file:
                    while data := file.read(PIPE_BYTES):
                        os.write(pipe, data)
                before = arguments.items + watched
                wait_for(lambda: read_so_far(port) >= before, 120, "every item")
                every = max(1, int(1 / TICK / arguments.alerts))
                began = time.monotonic()
                if arguments.ingest == 0:
                    with open(folder / "sales", "rb") as file:
                        while data := file.read(PIPE_BYTES):
                            os.write(pipe, data)
                else:
                    feed(pipe, folder / "sales", size, int(pace * TICK), every, written)
                fed = time.monotonic() - began
                wait_for(lambda: read_so_far(port) >= before + sales, 120, "every sale")
                lasted = time.monotonic() - began
                if arguments.ingest == 0:
                    print(f"{sales / lasted:,.0f} changes a second are all that it takes from the pipe")
                    return
                wait_for(lambda: len(arrived) >= len(written), 60, "every notice")
                report(list(written), list(arrived), sales / fed)


if __name__ == "__main__":
    main()
