"""What the product says ahead of time (projected_stockout, velocity_spike, dynamic low), against the
independent model on seeded shops, and against figures worked out by hand.

In seeded shops the oracle tells the items of which the pages leave something open (`doubts.ndjson`,
tests/oracle/README.md), and that alone is left out.
"""

import json
import os
import subprocess
import sys

import pytest
from conftest import ROOT, SECONDS_MAX

ORACLE = ROOT / "tests" / "oracle"
sys.path.insert(0, str(ORACLE))

import cases_dynamic_low  # noqa: E402, F401  their cases are kept as they are read
import cases_fine_print  # noqa: E402, F401
import cases_projection  # noqa: E402, F401
import cases_spike  # noqa: E402
from hand_worked import WORKED, told  # noqa: E402

SEEDS = range(1, 1 + int(os.environ.get("STOCKWATCH_ORACLE_SEEDS", "6")))
# The doubts that leave open whether there is an alert.
OPEN = {"low_stock": "low", "projected_stockout": "early end"}
DIGITS = 0.002                      # of a threshold: no page says how many digits of z there are


def alerts_of(folder):
    return [json.loads(line) for line in (folder / "alerts.ndjson").read_text().splitlines()]


def of_the_product(tmp_path, replay, case):
    changes, settings = tmp_path / "changes.ndjson", tmp_path / "settings.json"
    changes.write_text("".join(line + "\n" for line in case.lines))
    settings.write_text(json.dumps(case.settings))
    replay(changes, "--config", settings, "--export", tmp_path / "product")
    return alerts_of(tmp_path / "product")


@pytest.mark.parametrize("case", WORKED, ids=lambda case: f"{case.kind}-{case.name}")
def test_the_product_says_what_was_worked_out_by_hand(tmp_path, replay, case):
    found = told(of_the_product(tmp_path, replay, case.build()), case.kind)
    near = [(*ours[:5], pytest.approx(ours[5], abs=DIGITS), ours[6]) for ours in case.expected]
    assert found == near


def test_what_was_sold_is_shown_without_a_forecast(tmp_path, replay):
    alert, = of_the_product(tmp_path, replay, cases_spike.it_ends_with_its_forecast())
    assert alert["now"] == 50


# -- seeded shops -----------------------------------------------------------------------------
def shop(tmp_path, seed, *flags):
    changes, settings = tmp_path / "changes.ndjson", tmp_path / "settings.json"
    with changes.open("w") as out:
        subprocess.run([sys.executable, str(ORACLE / "generate_demand.py"), "--seed", str(seed),
                        "--settings-out", str(settings), *flags], stdout=out, check=True, timeout=SECONDS_MAX)
    return changes, settings


def doubts_of(folder):
    """doubt -> items"""
    found = {}
    for line in (folder / "doubts.ndjson").read_text().splitlines():
        doubt = json.loads(line)
        found.setdefault(doubt["doubt"], set()).add((doubt["warehouse_id"], doubt["sku"]))
    return found


def sure(alerts, doubts):
    """(what is compared exactly, thresholds) of each alert, without what is in doubt."""
    for alert in alerts:
        kind, subject = alert["type"], alert["subject"]
        if "sku" not in subject:
            if "low" not in doubts:
                yield alert, 0
            continue
        item = (subject["warehouse_id"], subject["sku"])
        if item in doubts.get(OPEN.get(kind), ()):
            continue
        yield alert, alert.pop("threshold")


def differences(ours, theirs):
    for (alert, threshold), (expected, other) in zip(ours, theirs):
        if alert != expected or abs(threshold - other) > max(DIGITS, other / 10_000):
            yield f"product {alert} {threshold}\noracle  {expected} {other}"
    if len(ours) != len(theirs):
        yield f"{len(ours)} alerts of the product, {len(theirs)} of the oracle"


@pytest.mark.parametrize("seed", SEEDS)
def test_product_and_oracle_look_ahead_alike(tmp_path, replay, oracle, seed):
    changes, settings = shop(tmp_path, seed)
    summary = replay(changes, "--config", settings, "--export", tmp_path / "product")
    expected = oracle(changes, settings, tmp_path / "oracle")
    doubts = doubts_of(tmp_path / "oracle")
    ours, theirs = (list(sure(alerts_of(tmp_path / name), doubts)) for name in ("product", "oracle"))
    assert theirs, f"seed {seed} raised nothing"
    found = list(differences(ours, theirs))
    assert not found, f"seed {seed}: {len(found)} of {len(theirs)} alerts\n" + "\n".join(found[:3])
    assert summary["changes"] == expected["changes"], f"seed {seed}"
    if "low" not in doubts:
        assert summary["digest"] == expected["digest"], f"seed {seed}"


@pytest.mark.parametrize("seed", SEEDS)
def test_late_sales_leave_the_same_counts_of_low(tmp_path, replay, oracle, seed):
    """By rings, marks and roll-ups alone; what is judged late depends on when it arrives."""
    changes, settings = shop(tmp_path, seed, "--late")
    summary = replay(changes, "--config", settings)
    expected = oracle(changes, settings, tmp_path / "oracle")
    assert summary["changes"] == expected["changes"], f"seed {seed}"
    if "low" not in doubts_of(tmp_path / "oracle"):
        assert summary["digest"] == expected["digest"], f"seed {seed}"
