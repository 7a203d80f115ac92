"""The generated shop is what it says: its make-up, its supply, and the labels of what comes.

Read from the lines alone: classes after Syntetos, Boylan, Croston (2005) from what was sold on days
that ended with stock, labels held against the stock that follows.
"""

import collections
import datetime
import json
import statistics
import subprocess

import pytest

DAYS = 70


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


@pytest.fixture(scope="module")
def shop(binary, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    flags = ["shop", "--seed", 11, "--days", DAYS]
    def run(*command):
        command = [str(part) for part in (binary, *command)]
        return subprocess.run(command, capture_output=True, check=False)

    plain = run(*flags, "--file", folder / "plain")
    done = run(*flags, "--file", folder / "changes", "--labels", folder / "labels")
    assert plain.returncode == 0 and done.returncode == 0, done.stderr
    assert (folder / "plain").read_bytes() == (folder / "changes").read_bytes()
    changes = [json.loads(line) for line in (folder / "changes").read_text().splitlines()]
    labels = [json.loads(line) for line in (folder / "labels").read_text().splitlines()]
    return changes, labels


def movements(changes):
    """(instant, item, type, document) of what moves stock, and of the first documents."""
    for change in changes:
        document = change.get("fullDocument")
        if document is None or change["ns"]["coll"] == "thresholds":
            continue
        at = instant(change["wallTime"]["$date"])
        item = (document["warehouse_id"], document["sku"])
        if change["ns"]["coll"] == "transactions":
            yield at, item, document["type"], document
        elif change["operationType"] == "insert":
            yield at, item, "opening", document


def effect(kind, document):
    """On (on-hand, reserved)."""
    q = document.get("quantity", 0)
    if kind == "sale":
        return -q, -document.get("reserved_quantity", 0)
    if kind in ("return", "adjustment", "receipt", "transfer_in"):
        return q, 0
    if kind in ("damage", "shrinkage", "transfer_out"):
        return -q, 0
    return 0, {"reserve": q, "release": -q}.get(kind, 0)


def ran_out(rows, noted, until):
    """When the first stock-out from `noted` to `until` came, None without one; False where more
    than customers moved the stock before it."""
    on_hand = reserved = 0
    for at, kind, document in rows:
        if at > until:
            return None
        before = on_hand, reserved
        if kind in ("opening", "count"):
            on_hand = document.get("quantity", document.get("on_hand"))
        else:
            moved = effect(kind, document)
            on_hand, reserved = on_hand + moved[0], reserved + moved[1]
        if at < noted:
            continue
        if kind == "delete" or ((on_hand, reserved) != before and kind not in ("sale", "reserve")):
            return False
        if on_hand - reserved <= 0:
            return at
    return None


def test_labels_come_true(shop):
    """Where customers alone took from the stock after a label, it ran out at its moment."""
    changes, labels = shop
    by_item = collections.defaultdict(list)
    for at, item, kind, document in movements(changes):
        by_item[item].append((at, kind, document))
    for change in changes:
        if change["operationType"] == "delete" and change["ns"]["coll"] == "inventory":
            item = tuple(change["documentKey"]["_id"].split("/"))
            by_item[item].append((instant(change["wallTime"]["$date"]), "delete", {}))
            by_item[item].sort(key=lambda row: row[0])
    end = instant(changes[-1]["wallTime"]["$date"])
    came_true = stayed = 0
    for label in labels:
        noted = instant(label["at"])
        due = instant(label["runs_out_at"]) if label["runs_out_at"] else None
        until = due or noted + datetime.timedelta(days=35)
        if until > end:
            continue
        out_at = ran_out(by_item[label["warehouse_id"], label["sku"]], noted, until)
        if out_at is False:
            continue
        assert out_at == due, label
        came_true += due is not None
        stayed += due is None
    assert came_true > 100, (came_true, stayed)


def test_the_make_up(shop):
    changes, labels = shop
    told = {(row["warehouse_id"], row["sku"]): row["class"] for row in labels}
    counts = collections.Counter(told.values())
    shares = {name: 100 * count / len(told) for name, count in counts.items()}
    for name, share in {"smooth": 40, "erratic": 25, "intermittent": 25, "lumpy": 10}.items():
        assert abs(shares[name] - share) <= 4, shares

    sold = collections.defaultdict(lambda: [0] * (DAYS + 1))
    poor = collections.defaultdict(set)  # days with a moment of less than eight available
    stock = collections.defaultdict(lambda: [0, 0])
    start = instant(changes[0]["wallTime"]["$date"])
    for at, item, kind, document in movements(changes):
        day = (at - start).days
        figures = stock[item]
        if kind in ("opening", "count"):
            figures[0] = document.get("quantity", document.get("on_hand"))
        else:
            moved = effect(kind, document)
            figures[0], figures[1] = figures[0] + moved[0], figures[1] + moved[1]
        if figures[0] - figures[1] <= 0:
            poor[item].update((day, day + 1, day + 2))
        if kind == "sale" and (day % 7) != 4:  # not the flash sale
            sold[item][day] += document["quantity"]
    right = seen = 0
    for item, name in told.items():
        days = [d for d in range(1, DAYS) if d not in poor[item] and d % 7 != 4]
        sizes = [sold[item][d] for d in days if sold[item][d] > 0]
        if len(days) < 30 or len(sizes) < 10:
            continue
        interval = len(days) / len(sizes)
        spread = statistics.pvariance(sizes) / statistics.mean(sizes) ** 2
        found = {(False, False): "smooth", (False, True): "erratic", (True, False): "intermittent",
                 (True, True): "lumpy"}[interval >= 1.32, spread >= 0.49]
        seen += 1
        right += found == name
    assert seen > 100 and right >= 0.85 * seen, (right, seen)


def test_what_arrives(shop):
    """Lead times vary by 0.3 of their mean, one first delivery in twenty comes late."""
    changes, _ = shop
    lead = {}
    ordered, first = {}, {}
    for at, item, kind, document in movements(changes):
        if kind == "ordered" and "order_id" in document:
            ordered[document["order_id"]] = (at, item, instant(document["expected_at"]["$date"]))
        if kind == "receipt":
            first.setdefault(document["order_id"], at)
    for change in changes:
        document = change.get("fullDocument") or {}
        if "lead_time_days" in document:
            lead[document["warehouse_id"], document["sku"]] = document["lead_time_days"]
    ratios = [(due - at).total_seconds() / 86400 / lead[item] for at, item, due in ordered.values()]
    assert abs(statistics.mean(ratios) - 1) < 0.06
    assert abs(statistics.pstdev(ratios) / statistics.mean(ratios) - 0.3) < 0.05
    late = [at > ordered[order][2] + datetime.timedelta(hours=12) for order, at in first.items()]
    assert 0.03 < sum(late) / len(late) < 0.07, (sum(late), len(late))


def test_a_flash_sale_every_week_and_a_new_product_now_and_then(shop):
    changes, _ = shop
    start = instant(changes[0]["wallTime"]["$date"])
    price, cheaper, new = {}, collections.defaultdict(set), collections.Counter()
    for change in changes:
        document = change.get("fullDocument") or {}
        if "on_hand" not in document:
            continue
        day = (instant(change["wallTime"]["$date"]) - start).days + 1
        key = change["documentKey"]["_id"]
        if change["operationType"] == "insert" and day > 1:
            new[day] += 1
        if document["price"]["amount"] < 0.8 * price.setdefault(key, document["price"]["amount"]):
            cheaper[day].add(document["category"])
    assert sorted(cheaper) == list(range(5, DAYS + 1, 7))
    assert all(len(categories) == 1 for categories in cheaper.values())
    assert len(set.union(*cheaper.values())) == len(cheaper)
    assert sorted(new) == [8, 36, 64]
