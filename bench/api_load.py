#!/usr/bin/env python3
"""How long the API takes while changes come in: T9's load.

    bench/api_load.py [--items N] [--ingest N] [--rate N] [--seconds N] [--binary FILE]

Runs an engine on a pipe: inventory documents as those of api_reads.py, then sales at a pace of `--ingest` a second.
Meanwhile `--rate` requests a second, each pattern of api_reads.py in its turn, by eight clients; a time counts from
when its request was due. Prints a table in milliseconds, and how many changes a second the engine took in.
"""

import argparse
import collections
import http.client
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from api_reads import ROOT, RULES, ask, patterns, started, write_items

CLIENTS = 8
TICK = 0.01  # seconds between two pieces of what is fed
FEED = """
import os, sys, time
path, size, piece, tick = sys.argv[1], *map(int, sys.argv[2:4]), float(sys.argv[4])
with open(path, "rb") as file:
    sys.stdin.readline()
    due = time.monotonic()
    while data := file.read(size * piece):
        os.write(1, data) if len(data) <= 65536 else [os.write(1, data[i:i + 65536]) for i in range(0, len(data), 65536)]
        due += tick
        time.sleep(max(0, due - time.monotonic()))
"""


def write_sales(path, items, sales):
    """Lines of one length, which is returned."""
    with path.open("w", encoding="ascii") as out:
        for n in range(sales):
            k = n * 7919 % items
            line = (f'{{"_id":{{"_data":"F{n:015X}"}},"operationType":"insert","clusterTime":{{"$timestamp":'
                    f'{{"t":{1_700_100_000 + n // 5000},"i":{n % 5000 + 1}}}}},"ns":{{"db":"shop","coll":'
                    f'"transactions"}},"documentKey":{{"_id":"T{n}"}},"fullDocument":{{"_id":"T{n}",'
                    f'"warehouse_id":"W{k % 20}","sku":"S{k}","type":"sale","quantity":1}}}}')
            out.write(line.ljust(299) + "\n")
    return 300




def client(port, ways, rate, total, first, answers):
    """Every CLIENTS-th request from the `first` on, each when it is due."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times, begun = collections.defaultdict(list), time.monotonic()
    for number in range(first, total, CLIENTS):
        due = begun + number / rate
        time.sleep(max(0, due - time.monotonic()))
        label, path_of = ways[number % len(ways)]
        ask(connection, path_of(number % 5_000))
        times[label].append((time.monotonic() - due) * 1000)
    answers.put(dict(times))


def requests(port, ways, rate, seconds):
    """label -> times, by processes: threads of one would wait for each other."""
    answers, times = multiprocessing.Queue(), collections.defaultdict(list)
    clients = [multiprocessing.Process(target=client, args=(port, ways, rate, rate * seconds, n, answers))
               for n in range(CLIENTS)]
    for one in clients:
        one.start()
    for _ in clients:
        for label, each in answers.get().items():
            times[label] += each
    for one in clients:
        one.join()
    return times


def report(times):
    everything = sorted(taken for each in times.values() for taken in each)
    print("| | p50 | p99 |\n|---|---|---|")
    for label, each in [*times.items(), ("all", everything)]:
        each.sort()
        print(f"| {label} | {each[len(each) // 2]:.1f} | {each[int(len(each) * 0.99)]:.1f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--ingest", type=int, default=200_000, help="changes a second")
    parser.add_argument("--rate", type=int, default=500, help="requests a second")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--without", nargs="*", default=[], help="labels of patterns to leave out")
    parser.add_argument("--binary", default=ROOT / "build" / "release" / "stockwatch")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stockwatch-") as name:
        folder = pathlib.Path(name)
        (folder / "settings.json").write_text(json.dumps(RULES), encoding="ascii")
        write_items(folder / "items.ndjson", arguments.items)
        size = write_sales(folder / "sales", arguments.items, arguments.ingest * (arguments.seconds + 2))
        reading, writing = os.pipe()
        process = subprocess.Popen(
            [str(arguments.binary), "run", "--source", "-", "--store", str(folder / "store"), "--config",
             str(folder / "settings.json"), "--port", "0", "--quiet"],
            stdin=reading, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        os.close(reading)
        feeder = subprocess.Popen([sys.executable, "-c", FEED, str(folder / "sales"), str(size),
                                   str(int(arguments.ingest * TICK)), str(TICK)],
                                  stdin=subprocess.PIPE, stdout=writing, text=True)
        try:
            port = started(process)
            with open(folder / "items.ndjson", "rb") as file, os.fdopen(writing, "wb") as pipe:
                while data := file.read(1 << 20):
                    pipe.write(data)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

            def read():
                return json.loads(ask(connection, "/api/v1/state"))["changes"]["read"]

            while read() < arguments.items:
                time.sleep(0.2)
            [alert] = json.loads(ask(connection, "/api/v1/alerts?limit=1"))["items"]
            ways = [way for way in patterns(arguments.items, alert["id"]) if way[0] not in arguments.without]
            feeder.stdin.write("go\n")
            feeder.stdin.flush()
            time.sleep(1)
            before, begun = read(), time.monotonic()
            times = requests(port, ways, arguments.rate, arguments.seconds)
            taken, lasted = read() - before, time.monotonic() - begun
            report(times)
            print(f"\n{arguments.rate * arguments.seconds / lasted:.0f} requests a second beside "
                  f"{taken / lasted:,.0f} changes a second")
        finally:
            for one in (feeder, process):
                one.terminate()
                one.wait()


if __name__ == "__main__":
    main()
