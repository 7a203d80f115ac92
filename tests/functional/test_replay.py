"""Replay: what it reads, the object that it prints, the files that it exports, its digest."""

import gzip
import hashlib
import json
import random
import re
from collections import defaultdict

import pytest

from shop_lines import CONDITIONS, START, Shop, read_lines, text

EXPORTED = ["alerts.ndjson", "deadletters.ndjson", "demand.ndjson", "items.ndjson", "rollups.ndjson"]
SUMS = ["items", "on_hand", "available", "unopened", "out_of_stock", "critical", "low", "over",
        "reserved", "inbound", "not_valued"]


def one_of_each_outcome():
    """Lines that apply, repeat, are stale, are refused, and control events."""
    shop = Shop()
    sale = shop.sale("A", 2)
    sale["clusterTime"]["$timestamp"]["t"] += 3
    stale = shop.sale("A", 1)
    stale["clusterTime"]["$timestamp"]["t"] -= 400 * 86_400
    dropped = shop.event("reviews", None, None, "drop", documentKey=None)
    return [shop.item("A", 10), sale, sale, stale, b"no change", dropped,
            shop.delete("transactions", "T-0"), shop.item("B", 0)]


def test_the_summary_has_every_key_and_adds_up(tmp_path, stockwatch):
    (tmp_path / "in").write_bytes(text(one_of_each_outcome()))
    done = stockwatch("replay", tmp_path / "in", "--output", "json")
    assert done.returncode == 0 and done.stderr == "" and done.stdout.count("\n") == 1
    summary = json.loads(done.stdout)
    assert list(summary) == ["changes", "items", "alerts", "digest", "seconds",
                             "changes_per_second"]
    assert summary["changes"] == {"read": 8, "applied": 3, "duplicate": 1, "stale": 1,
                                  "dead_lettered": 1, "control": 2}
    assert list(summary["alerts"]) == ["opened", "reopened", "resolved", "open"]
    for counts in summary["alerts"].values():
        assert sorted(counts) == sorted(CONDITIONS)
        assert all(isinstance(count, int) and count >= 0 for count in counts.values())
    assert summary["alerts"]["open"]["out_of_stock"] == 1
    assert summary["items"] == 2
    assert re.fullmatch("[0-9a-f]{64}", summary["digest"])
    assert summary["seconds"] >= 0 and summary["changes_per_second"] >= 0


def figures(output):
    summary = json.loads(output)
    del summary["seconds"], summary["changes_per_second"]
    return summary


@pytest.mark.parametrize("source", ["standard input", "gzip file", "gzip through standard input",
                                    "gzip of several members", "CRLF", "no newline at the end"])
def test_the_same_changes_in_another_wrapping(tmp_path, run_bytes, source):
    lines = one_of_each_outcome()
    plain = text(lines)
    (tmp_path / "plain").write_bytes(plain)
    expected = figures(run_bytes("replay", tmp_path / "plain", "--output", "json").stdout)
    file, stdin = tmp_path / "in.gz", b""
    if source == "standard input":
        file, stdin = "-", plain
    elif source == "gzip file":
        file.write_bytes(gzip.compress(plain))
    elif source == "gzip through standard input":
        file, stdin = "-", gzip.compress(plain)
    elif source == "gzip of several members":
        file.write_bytes(gzip.compress(plain[:700]) + gzip.compress(plain[700:]))
    elif source == "CRLF":
        file.write_bytes(text(lines, end=b"\r\n"))
    else:
        file.write_bytes(plain[:-1])
    done = run_bytes("replay", file, "--output", "json", stdin=stdin)
    assert done.returncode == 0, done.stderr
    assert figures(done.stdout) == expected


@pytest.mark.parametrize("name, content", [("in", b""), ("in.gz", gzip.compress(b""))])
def test_an_empty_file(tmp_path, replay, name, content):
    (tmp_path / name).write_bytes(content)
    summary = replay(tmp_path / name, "--export", tmp_path / "out")
    assert set(summary["changes"].values()) == {0} and summary["items"] == 0
    canonical = b'{"canonical":2,"source_time":null}\n'
    rollups = (tmp_path / "out" / "rollups.ndjson").read_bytes()
    assert summary["digest"] == hashlib.sha256(canonical + rollups).hexdigest()
    assert (tmp_path / "out" / "items.ndjson").read_bytes() == b""


@pytest.fixture
def exported(tmp_path, replay, sample):
    """(summary, folder) of the generated sample with one broken line."""
    changes = tmp_path / "changes.ndjson"
    changes.write_bytes(sample["changes"].read_bytes() + b"broken\n")
    out = tmp_path / "made" / "when" / "missing"
    return replay(changes, "--config", sample["settings"], "--export", out), out


def test_the_export_is_four_files_of_compact_lines(exported):
    summary, out = exported
    assert sorted(path.name for path in out.iterdir()) == EXPORTED
    for name in EXPORTED:
        written = (out / name).read_text(encoding="utf-8")
        rows = read_lines(out / name)
        assert rows and written == "".join(
            json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n" for row in rows)
    letters = read_lines(out / "deadletters.ndjson")
    assert len(letters) == summary["changes"]["dead_lettered"] == 1
    alerts = read_lines(out / "alerts.ndjson")
    assert len({alert["id"] for alert in alerts}) == len(alerts)
    assert alerts == sorted(alerts, key=lambda alert: (alert["opened_at"], alert["id"]))
    for state, names in [("opened", {"open", "acknowledged", "resolved", "closed"}),
                         ("open", {"open", "acknowledged"})]:
        for condition in CONDITIONS:
            kept = [a for a in alerts if a["type"] == condition and a["state"] in names]
            assert len(kept) == summary["alerts"][state][condition]


def test_items_are_in_byte_order_of_warehouse_and_sku(tmp_path, replay):
    shop = Shop()
    names = [("b", "a"), ("B", "z"), ("a", "é"), ("a", "z"), ("a", "Z"), ("a", "z0"), ("é", "1"),
             ("a", "\U0001f600"), ("a", "\uffee"), ("ab", "1"), ("a", "10"), ("a", "9")]
    events = [shop.item(sku, 1, warehouse) for warehouse, sku in names]
    (tmp_path / "in").write_bytes(text(events))
    replay(tmp_path / "in", "--export", tmp_path / "out")
    written = [(item["warehouse_id"], item["sku"])
               for item in read_lines(tmp_path / "out" / "items.ndjson")]
    assert written == sorted(names, key=lambda name: (name[0].encode(), name[1].encode()))


def test_every_node_is_the_sum_of_its_children_in_both_trees(exported):
    summary, out = exported
    nodes = {(node["tree"], *node["path"]): node for node in read_lines(out / "rollups.ndjson")}
    children = defaultdict(list)
    for key in nodes:
        if key[1:]:
            children[key[:-1]].append(key)
    inner = [key for key in children if key in nodes]
    leaves = [key for key in nodes if key not in children]
    assert inner and leaves
    for key in inner:
        for name in SUMS:
            assert nodes[key][name] == sum(nodes[child][name] for child in children[key]), key
    items = read_lines(out / "items.ndjson")
    assert nodes[("global",)]["items"] == len(items) == summary["items"]
    warehouses = [key for key in nodes if key[0] == "warehouse" and len(key) == 2]
    for name in SUMS:
        assert nodes[("global",)][name] == sum(nodes[key][name] for key in warehouses)
    for item in items:
        levels = [item[level] for level in
                  ("department", "category", "brand", "product_id", "sku")]
        leaf = nodes[("warehouse", item["warehouse_id"], *levels)]
        assert {name: leaf[name] for name in ("on_hand", "reserved", "inbound", "available")} == {
            name: item[name] for name in ("on_hand", "reserved", "inbound", "available")}
    assert list(nodes) == sorted(nodes, key=lambda key: [part.encode() for part in key])


def test_nodes_add_up_what_their_stock_is_worth(tmp_path, replay):
    shop = Shop()
    events = [shop.item("A", 10, cost=1.25, category="c"), shop.item("B", 4, category="c"),
              shop.item("C", 3, cost={"amount": "0.1", "currency": "EUR"}, category="d"),
              shop.item("A", 2, "W2", cost=5, category="c"), shop.item("D", -7, cost=3)]
    (tmp_path / "in").write_bytes(text(events))
    replay(tmp_path / "in", "--export", tmp_path / "out")
    nodes = {(node["tree"], *node["path"]): (node["value"], node["not_valued"])
             for node in read_lines(tmp_path / "out" / "rollups.ndjson")}
    assert nodes[("global",)] == ({"EUR": 0.3, "USD": 22.5}, 1)
    assert nodes[("warehouse", "W1")] == ({"EUR": 0.3, "USD": 12.5}, 1)
    assert nodes[("warehouse", "W2")] == ({"USD": 10}, 0)
    assert nodes[("global", "(none)", "d")] == ({"EUR": 0.3}, 0)


def test_the_digest_can_be_computed_from_the_export(tmp_path, replay):
    shop = Shop()
    events = [shop.item("A", 10), shop.item("B", 0, name="tab\t \"é\"\x7f"), shop.sale("A", 0.125)]
    (tmp_path / "in").write_bytes(text(events))
    summary = replay(tmp_path / "in", "--export", tmp_path / "out")
    last = events[-1]["clusterTime"]["$timestamp"]["t"]
    assert last == START + 4
    parts = [b'{"canonical":2,"source_time":"2023-11-14T22:13:24Z"}\n',
             (tmp_path / "out" / "items.ndjson").read_bytes(),
             (tmp_path / "out" / "rollups.ndjson").read_bytes(),
             (tmp_path / "out" / "demand.ndjson").read_bytes()]
    assert summary["digest"] == hashlib.sha256(b"".join(parts)).hexdigest()


def test_two_runs_give_the_same_bytes_but_for_the_two_timing_fields(tmp_path, run_bytes, sample):
    outputs = []
    for run in ("one", "two"):
        done = run_bytes("replay", sample["changes"], "--config", sample["settings"], "--output",
                         "json", "--export", tmp_path / run, "--metrics", tmp_path / f"{run}.prom")
        timeless = re.sub(rb'"(seconds|changes_per_second)":[0-9.]+', b"", done.stdout)
        files = [(tmp_path / run / name).read_bytes() for name in EXPORTED]
        outputs.append((timeless, (tmp_path / f"{run}.prom").read_bytes(), *files))
    assert outputs[0] == outputs[1]


def test_an_export_replaces_an_older_one(tmp_path, replay, sample):
    out = tmp_path / "out"
    replay(sample["changes"], "--export", out)
    (tmp_path / "in").write_bytes(text([Shop().item("A", 1)]))
    replay(tmp_path / "in", "--export", out)
    assert len(read_lines(out / "items.ndjson")) == 1
    assert sorted(path.name for path in out.iterdir()) == EXPORTED


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shuffled_and_repeated_lines_give_the_same_digest(tmp_path, replay, sample, seed):
    settings = ["--config", sample["settings"]]
    expected = replay(sample["changes"], *settings)
    chance = random.Random(seed)
    lines = sample["changes"].read_bytes().splitlines(keepends=True)
    repeated = lines + chance.choices(lines, k=700)
    chance.shuffle(repeated)
    (tmp_path / "shuffled").write_bytes(b"".join(repeated))
    summary = replay(tmp_path / "shuffled", *settings)
    assert summary["digest"] == expected["digest"]
    assert summary["changes"] == {**expected["changes"], "read": len(repeated), "duplicate": 700}
    assert summary["items"] == expected["items"]


def test_the_text_names_the_figures(stockwatch, replay, sample):
    summary = replay(sample["changes"], "--config", sample["settings"])
    done = stockwatch("replay", sample["changes"], "--config", sample["settings"])
    assert done.returncode == 0 and done.stderr == ""
    n = summary["changes"]
    assert (f"{n['read']} read: {n['applied']} applied, {n['duplicate']} duplicate, "
            f"{n['stale']} stale, {n['dead_lettered']} dead-lettered, {n['control']} control"
            ) in done.stdout
    assert f"{summary['items']} items, " in done.stdout
    assert f"digest    {summary['digest']}\n" in done.stdout
    shown = {row.split()[0]: row for row in done.stdout.splitlines()
             if re.match(r"(opened|resolved|open) +[a-z_]+ \d", row)}
    for state, row in shown.items():
        counts = {name: count for name, count in summary["alerts"][state].items() if count}
        assert row.split(maxsplit=1)[1] == ", ".join(
            f"{name} {counts[name]}" for name in CONDITIONS if name in counts)
    notices = [row for row in done.stdout.splitlines() if re.match(r"\d{4}-\d\d-\d\d ", row)]
    told = {name: sum(f" {name} " in row and " opened " in row for row in notices)
            for name in CONDITIONS}
    opened = summary["alerts"]["opened"]
    assert told["out_of_stock"] == opened["out_of_stock"]
    assert 0 < told["low_stock"] < opened["low_stock"]  # muted where critical or out came with it
    assert "\x1b" not in done.stdout


def test_quiet_leaves_out_the_alerts_alone(stockwatch, sample):
    flags = ["replay", sample["changes"], "--config", sample["settings"]]
    loud, quiet = (stockwatch(*flags, *more).stdout.splitlines() for more in ([], ["--quiet"]))
    assert quiet[0].startswith("changes ") and len(quiet) < 10 < len(loud)
    assert quiet[:-1] == loud[-len(quiet):-1]  # all but the timing


METRIC = re.compile(r'([a-z_]+)(?:\{([a-z_]+)="([^"\\\n]*)"\})? (-?[0-9.]+)')


def test_metrics_are_prometheus_text_and_agree_with_the_summary(tmp_path, replay):
    (tmp_path / "in").write_bytes(text(one_of_each_outcome()))
    summary = replay(tmp_path / "in", "--metrics", tmp_path / "metrics.prom")
    page = (tmp_path / "metrics.prom").read_text(encoding="utf-8")
    assert page.endswith("\n")
    kinds, values, described = {}, defaultdict(dict), set()
    for row in page.splitlines():
        if row.startswith("# HELP "):
            described.add(row.split()[2])
        elif row.startswith("# TYPE "):
            _, _, name, kind = row.split()
            assert name not in kinds and kind in ("counter", "gauge")
            kinds[name] = kind
        else:
            name, _, label, number = METRIC.fullmatch(row).groups()
            assert name in kinds and label not in values[name]
            values[name][label] = float(number)
    assert described == set(kinds) == set(values)
    assert all(name.endswith("_total") == (kind == "counter") for name, kind in kinds.items())
    changes = dict(summary["changes"])
    assert changes.pop("read") == sum(values["stockwatch_changes_total"].values())
    assert changes == values["stockwatch_changes_total"]
    for state, name in [("opened", "alerts_opened_total"), ("reopened", "alerts_reopened_total"),
                        ("resolved", "alerts_resolved_total"), ("open", "alerts_open")]:
        assert values[f"stockwatch_{name}"] == summary["alerts"][state]
    assert values["stockwatch_items"] == {None: summary["items"]}
    assert values["stockwatch_items_out_of_stock"] == {None: 1}
