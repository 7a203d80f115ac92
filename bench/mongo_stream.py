#!/usr/bin/env python3
"""How fast, how soon and in how much memory changes of a MongoDB stream become durable stock.

    bench/mongo_stream.py [--items N] [--changes N] [--rate N] [--inputs-max N] [--kill-at N]
                          [--faults SECONDS]

Runs `mongo_feed` (a server of MongoDB's protocol with a made-up change stream of a shop:
bench/mongo_stream/stream.h) and an engine that reads it: ledger, low 20, critical 5, each commit
synced. Without a rate all changes are there at once. --kill-at: kills the engine when so many
changes are stored, starts it again, and says how long its first change took. --faults: so often
kills the engine and closes the server's connections, both at once. Prints figures as JSON; `rss` are pairs of changes read and MiB. Ends with 1 where a change was lost or taken twice.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
SETTINGS = {"stock": {"authority": "ledger"},
            "source": {"database": "shop", "mongo": {"snapshot": "never"}},
            "thresholds": {"rules": [{"id": "all", "default": True, "low": 20, "critical": 5}]}}
LOOK = 0.1  # seconds between two looks
HISTOGRAM = "stockwatch_source_read_to_commit_seconds"


class Engine:
    """`stockwatch run` on the feed; its figures as it goes."""

    def __init__(self, binary, uri, folder):
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [binary, "run", "--source", uri, "--store", folder / "store", "--config",
             folder / "settings.yaml", "--port", "0", "--quiet", "--key-file",
             folder / f"key-{time.monotonic_ns()}"], stderr=subprocess.PIPE, text=True)
        self.port = None
        for line in self.process.stderr:
            if not line.startswith("{"):
                raise SystemExit(line)
            row = json.loads(line)
            if row["event"] == "started":
                self.port = row["port"]
                break
            if row["level"] == "error":
                raise SystemExit(line)
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def changes(self):
        return json.loads(self.get("/api/v1/state"))["changes"]

    def read(self):
        """As the engine counts them, without waiting for its desk."""
        return json.loads(self.get("/health"))["changes_read"]

    def cpu(self):
        """Seconds of all threads."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")")[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def end(self, number):
        self.process.send_signal(number)
        self.process.wait()


def quantile_bound(metrics, share):
    """The upper bound of the bucket in which that share of the changes ends, in milliseconds."""
    buckets = re.findall(HISTOGRAM + r'_bucket\{le="([^"]+)"\} (\d+)', metrics)
    total = int(buckets[-1][1])
    for bound, below in buckets:
        if int(below) >= share * total > 0:
            return None if bound == "+Inf" else float(bound) * 1000
    return None


def slope(samples, changes):
    """Growth in percent of the last sample per million changes, over the second half."""
    half = [(read, rss) for read, rss in samples if read >= changes / 2]
    (first, before), (last, after) = half[0], half[-1]
    return 100 * (after - before) / after / max((last - first) / 1e6, 1e-9)


def follow(engine, total, warm, until):
    """It to so many changes: (seconds, CPU seconds, changes, samples of memory) behind `warm`."""
    began, samples = None, []
    while True:
        read = engine.read()
        if began is None and read >= warm:
            began = (time.monotonic(), engine.cpu(), read)
        if not samples or read >= samples[-1][0] + total / 50:
            samples.append((read, round(engine.rss(), 1)))
        if read >= until:
            return (time.monotonic() - began[0], engine.cpu() - began[1], read - began[2], samples)
        if engine.process.poll() is not None:
            raise SystemExit("the engine has ended")
        time.sleep(LOOK)


def measured(engine, total, warm):
    """Figures of an engine that reads to the end."""
    seconds, cpu, changes, samples = follow(engine, total, warm, total)
    time.sleep(1.5)  # the page of metrics is made once a second
    metrics = engine.get("/metrics")
    return {"changes_per_second": round(changes / seconds),
            "cpu_seconds_per_million": round(cpu / changes * 1e6, 2),
            "cores": round(cpu / seconds, 2),
            "read_to_commit_ms_at_most": {share: quantile_bound(metrics, share)
                                          for share in (0.5, 0.99)},
            "rss_growth_percent_per_million": round(slope(samples, total), 2),
            "rss": samples[::5] + samples[-1:]}


def killed_once(start, at, total):
    """(an engine that was killed and has read a change since, seconds from its start to that)"""
    engine = start()
    follow(engine, total, 0, at)
    engine.end(9)
    engine = start()
    before = engine.read()
    while engine.read() <= before:
        time.sleep(0.002)
    return engine, round(time.monotonic() - engine.began, 2)


def with_faults(start, feed, total, pause):
    """(an engine that has read all, two faults at once so often, seconds)"""
    engine, faults, began = start(), 0, time.monotonic()
    before, due = engine.read(), None
    while (read := engine.read()) < total:
        if due is None and read > before:  # each gets on before it is killed, however slow the machine is
            due = time.monotonic() + pause
        if due is not None and time.monotonic() >= due:
            engine.process.kill()
            feed.stdin.write("\n")
            feed.stdin.flush()
            engine.process.wait()
            engine, faults = start(), faults + 1
            before, due = engine.read(), None
        time.sleep(LOOK)
    return engine, faults, round(time.monotonic() - began, 1)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--changes", type=int, default=1_000_000, help="movements")
    parser.add_argument("--rate", type=int, default=0, help="movements in a second")
    parser.add_argument("--inputs-max", type=int, default=16_384, help="of one commit")
    parser.add_argument("--kill-at", type=int)
    parser.add_argument("--faults", type=float)
    parser.add_argument("--binary", default=ROOT / "build/release/stockwatch")
    parser.add_argument("--feed", default=ROOT / "build/release/bench/mongo_feed")
    return parser.parse_args()


def main():
    options = arguments()
    total = options.items + options.changes
    figures = {"items": options.items, "changes": options.changes, "rate": options.rate}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        commit = {"commit": {"inputs_max": options.inputs_max}}
        (folder / "settings.yaml").write_text(json.dumps(SETTINGS | commit))
        feed = subprocess.Popen([options.feed, str(options.items), str(options.changes),
                                 str(options.rate)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                text=True)
        uri = feed.stdout.readline().strip()

        def start():
            return Engine(options.binary, uri, folder)

        if options.faults:
            engine, figures["faults"], figures["seconds"] = with_faults(start, feed, total,
                                                                        options.faults)
        elif options.kill_at:
            engine, figures["restart_to_first_change_seconds"] = killed_once(start, options.kill_at,
                                                                             total)
        else:
            engine = start()
            figures |= measured(engine, total, options.items)
        counted = engine.changes()
        engine.end(15)
        feed.stdin.close()
        feed.wait()
    print(json.dumps(figures | {"applied": counted["applied"], "duplicate": counted["duplicate"]}))
    return 0 if counted["applied"] == total else 1


if __name__ == "__main__":
    sys.exit(main())
