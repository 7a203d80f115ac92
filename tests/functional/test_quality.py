"""`stockwatch quality`: what it counts can be checked by hand, and the generated shop keeps its marks."""

import json
import subprocess
import sys

import pytest

from conftest import ROOT, real_data
from shop_lines import START, Shop, text

DAY = 86400


def report(stockwatch, *args):
    done = stockwatch("quality", *args, "--output", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def at(event, seconds):
    """The change, moved to a second of its own after the start."""
    event["clusterTime"]["$timestamp"]["t"] = START + seconds
    event["_id"]["_data"] = f"82{START + seconds:08X}"
    return event


@pytest.fixture
def recorded(tmp_path):
    """One item that sells two pieces at the same hour of each day from 100 pieces on: out of stock
    after fifty days, without anything coming in."""
    shop = Shop()
    events = [at(shop.item("A", 100, lead_time_days=7), 0)]
    events += [at(shop.sale("A", 2), day * DAY + 3600) for day in range(60)]
    changes, settings = tmp_path / "changes.ndjson", tmp_path / "settings.yaml"
    changes.write_bytes(text(events))
    settings.write_text(json.dumps({
        "stock": {"authority": "ledger"},
        "thresholds": {"rules": [
            {"id": "all", "default": True, "scope": {}, "days_of_cover": 4}]}}))
    return changes, settings


def test_one_stock_out_that_was_foreseen(stockwatch, recorded):
    changes, settings = recorded
    found = report(stockwatch, changes, "--config", settings)
    assert found["changes"] == 61 and found["refused"] == 0
    item = found["classes"]["all"]
    assert item == found["classes"]["smooth"] and item["items"] == 1
    assert item["out_of_stock_recall"] == {"good": 1, "of": 1}
    assert item["out_of_stock_duplicates"] == 0
    ours = item["projected_stockout"]
    assert ours["precision"] == {"good": 1, "of": 1}
    assert ours["recall"] == {"good": 1, "of": 1}
    # Cover is four days when eight pieces are left: four sales, a day each, before the last piece.
    assert ours["median_lead_hours"] == 96.0
    assert item["naive"]["precision"] == {"good": 1, "of": 1}


def test_settings_and_seeds_that_are_wrong(stockwatch, recorded):
    for flags in (["--seeds", "9..1"], ["--seeds", "x"], ["--seeds", "1..2000"], ["--days", 0]):
        done = stockwatch("quality", *flags)
        assert done.returncode == 2 and done.stderr.startswith("stockwatch: "), flags
    assert stockwatch("quality", recorded[0], "--seeds", "1..2").returncode == 2
    assert stockwatch("quality", "missing.ndjson").returncode == 1


def test_the_generated_shop_keeps_its_marks(stockwatch):
    """On a seed that nothing was tuned on. The marks that are missed stand in docs/quality.md."""
    classes = report(stockwatch, "--seeds", "101", "--days", 100)["classes"]
    everything = classes["all"]
    recall = everything["out_of_stock_recall"]
    assert recall["of"] > 500 and recall["good"] >= 0.98 * recall["of"]
    assert everything["out_of_stock_duplicates"] == 0
    smooth = classes["smooth"]["projected_stockout"]
    for figure in ("precision", "recall"):
        assert smooth[figure]["of"] > 200
        assert smooth[figure]["good"] >= 0.9 * smooth[figure]["of"], figure
    # 90 and 90 are beyond who knows the demand (ADR 8): the distance to that is held.
    ours, known = (classes["intermittent"][way] for way in ("projected_stockout", "informed"))
    assert known["recall"]["of"] > 100 and known["precision"]["good"] > 100
    assert ours["precision"]["good"] >= 0.87 * ours["precision"]["of"]
    assert ours["recall"]["good"] >= 0.9 * known["recall"]["good"]


def test_the_real_shop_is_measured(stockwatch, tmp_path):
    data = real_data()
    if data is None:
        pytest.skip("the real shop's year is not at hand")
    changes = tmp_path / "retail.ndjson.gz"
    folder = ROOT / "examples" / "online-retail"
    subprocess.run([sys.executable, folder / "convert.py", "-o", changes, data], check=True)
    done = stockwatch("quality", changes, "--config", folder / "stockwatch.yaml",
                      "--output", "json")
    assert done.returncode == 0 and "days_of_cover" in done.stderr
    everything = json.loads(done.stdout)["classes"]["all"]
    recall = everything["out_of_stock_recall"]
    assert recall["of"] > 1000 and recall["good"] >= 0.98 * recall["of"]
