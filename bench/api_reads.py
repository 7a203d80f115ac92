#!/usr/bin/env python3
"""How long the API takes for each way of reading, at a million items, client included.

    bench/api_reads.py [--items N] [--requests N] [--binary FILE]

Makes a file of inventory documents (item k: warehouse k mod 20, department k mod 10, category k mod
200, brand k mod 1,000, product k div 4, on hand k · 7,919 mod 101; low 20, critical 5), runs an engine on it and
asks one request after the other on one connection. Prints a table, times in milliseconds.
"""

import argparse
import http.client
import json
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
RULES = {"stock": {"authority": "ledger"},
         "thresholds": {"rules": [{"id": "all", "default": True, "low": 20, "critical": 5}]}}


def write_items(path, items):
    with path.open("w", encoding="ascii") as out:
        for k in range(items):
            document = {"_id": k, "warehouse_id": f"W{k % 20}", "sku": f"S{k}",
                        "department": f"D{k % 10}", "category": f"C{k % 200}",
                        "brand": f"B{k % 1000}", "product_id": f"P{k // 4}", "name": f"Article {k}",
                        "on_hand": k * 7919 % 101}
            out.write(json.dumps({
                "_id": {"_data": f"{k:016X}"}, "operationType": "insert",
                "clusterTime": {"$timestamp": {"t": 1_700_000_000 + k // 5000, "i": k % 5000 + 1}},
                "ns": {"db": "shop", "coll": "inventory"}, "documentKey": {"_id": k},
                "fullDocument": document}, separators=(",", ":")) + "\n")


def patterns(items, alert):
    """(name, path of the n-th request)"""
    return [
        ("page of 100 items", lambda n: "/api/v1/stock?limit=100"),
        ("page of a warehouse", lambda n: f"/api/v1/stock?limit=100&warehouse=W{n % 20}"),
        ("page of a brand in a warehouse",
         lambda n: f"/api/v1/stock?limit=100&warehouse=W{n % 20}&brand=B{n % 1000}"),
        ("page of what is out", lambda n: "/api/v1/stock?limit=100&status=out"),
        ("page of a search", lambda n: f"/api/v1/stock?limit=100&search=article+{n % 90 + 10}"),
        ("search that finds one", lambda n: f"/api/v1/stock?search=S{items - 1 - n}"),
        ("one item", lambda n: f"/api/v1/stock/W{n * 37 % 20}/S{n * 37}"),
        ("history of an item", lambda n: f"/api/v1/stock/W{n * 37 % 20}/S{n * 37}/history"),
        ("whole shop with departments", lambda n: "/api/v1/rollups"),
        ("category with brands", lambda n: f"/api/v1/rollups?path=D{n % 10}/C{n % 10}"),
        ("brand with products", lambda n: f"/api/v1/rollups?path=D{n % 10}/C{n % 10}/B{n % 10}"),
        ("100 at risk in the shop", lambda n: "/api/v1/at-risk?limit=100"),
        ("100 at risk in a warehouse",
         lambda n: f"/api/v1/at-risk?limit=100&tree=warehouse&path=W{n % 20}"),
        ("page of 100 alerts", lambda n: "/api/v1/alerts?limit=100"),
        ("alerts of a warehouse", lambda n: f"/api/v1/alerts?limit=100&warehouse=W{n % 20}"),
        ("one alert", lambda n: f"/api/v1/alerts/{alert}"),
        ("why it is there", lambda n: f"/api/v1/alerts/{alert}/why"),
        ("effective thresholds",
         lambda n: f"/api/v1/thresholds/effective?warehouse=W{n * 37 % 20}&sku=S{n * 37}"),
        ("audit log", lambda n: "/api/v1/audit"),
    ]


def started(process):
    """Its port, when it takes changes."""
    for line in process.stderr:
        row = json.loads(line)
        if row["event"] == "started":
            return row["port"]
    raise SystemExit("api_reads: the engine did not start")


def ask(connection, path):
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"api_reads: {path}: {answer.status} {body[:200]}")
    return body


def measure(connection, path_of, requests):
    ask(connection, path_of(0))
    times = []
    for number in range(requests):
        began = time.perf_counter()
        body = ask(connection, path_of(number))
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.99)], len(body)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=200, help="of each pattern")
    parser.add_argument("--binary", default=ROOT / "build" / "release" / "stockwatch")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stockwatch-") as name:
        folder = pathlib.Path(name)
        (folder / "settings.json").write_text(json.dumps(RULES), encoding="ascii")
        write_items(folder / "items.ndjson", arguments.items)
        process = subprocess.Popen(
            [str(arguments.binary), "run", "--source", str(folder / "items.ndjson"), "--store",
             str(folder / "store"), "--config", str(folder / "settings.json"), "--port", "0",
             "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            connection = http.client.HTTPConnection("127.0.0.1", started(process), timeout=60)
            while json.loads(ask(connection, "/api/v1/state"))["changes"]["read"] < arguments.items:
                time.sleep(0.2)
            print(f"| {arguments.items} items | p50 | p99 | bytes |\n|---|---|---|---|")
            [alert] = json.loads(ask(connection, "/api/v1/alerts?limit=1"))["items"]
            for label, path_of in patterns(arguments.items, alert["id"]):
                median, high, size = measure(connection, path_of, arguments.requests)
                print(f"| {label} | {median:.1f} | {high:.1f} | {size} |", flush=True)
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
