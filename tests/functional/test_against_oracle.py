"""The product and the independent model must agree on hostile streams, byte for byte.

Stock, roll-ups, demand, digest and dead letters are compared for every order of arrival; alerts, with every field, where changes
arrive in order: what is judged late depends on when it arrives, which section 4 of the domain page leaves open in
places. `now` and `worst` of stale_stock are days that pass: a rule edit that leaves an item's thresholds as they were
does not make the product look at the clock.
"""

import json
import os
import subprocess
import sys

import pytest
from conftest import ROOT, SECONDS_MAX

SEEDS = range(1, 1 + int(os.environ.get("STOCKWATCH_ORACLE_SEEDS", "6")))
PROFILES = ["ordered", "shuffled", "duplicates", "late"]


def generate(tmp_path, seed, profile):
    changes, settings = tmp_path / "changes.ndjson", tmp_path / "settings.json"
    with changes.open("w") as out:
        subprocess.run(
            [sys.executable, str(ROOT / "tests/oracle/generate.py"), "--seed", str(seed),
             "--changes", "1500", "--profile", profile, "--settings-out", str(settings)],
            stdout=out, check=True, timeout=SECONDS_MAX)
    return changes, settings


def first_difference(ours, theirs):
    for number, (a, b) in enumerate(zip(ours, theirs), 1):
        if a != b:
            return f"line {number}\n  product {a}\n  oracle  {b}"
    return f"lengths {len(ours)} and {len(theirs)}"


def owed(lines):
    """The alerts without what the two may see at different times."""
    alerts = [json.loads(line) for line in lines]
    for alert in alerts:
        if alert["type"] == "stale_stock":
            del alert["now"], alert["worst"]
    return alerts


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("seed", SEEDS)
def test_product_and_oracle_agree(tmp_path, replay, oracle, seed, profile):
    changes, settings = generate(tmp_path, seed, profile)
    summary = replay(changes, "--config", settings, "--export", tmp_path / "product")
    expected = oracle(changes, settings, tmp_path / "oracle")
    problems = []
    in_order = profile == "ordered"
    for name in ["items.ndjson", "rollups.ndjson", "demand.ndjson"] + ["alerts.ndjson"] * in_order:
        ours = (tmp_path / "product" / name).read_text().splitlines()
        theirs = (tmp_path / "oracle" / name).read_text().splitlines()
        if name == "alerts.ndjson":
            ours, theirs = owed(ours), owed(theirs)
        if ours != theirs:
            problems.append(f"{name}: {first_difference(ours, theirs)}")
    letters = [json.loads(line) for line in
               (tmp_path / "product" / "deadletters.ndjson").read_text().splitlines()]
    classes = [json.loads(line) for line in
               (tmp_path / "oracle" / "deadletters.classes.ndjson").read_text().splitlines()]
    ours = {letter["line"]: letter["reason"] for letter in letters}
    theirs = {letter["line"]: letter["class"] for letter in classes}
    if ours.keys() != theirs.keys():
        odd = sorted(ours.keys() ^ theirs.keys())[:5]
        problems.append("dead letters differ at lines " + ", ".join(
            f"{line} (product {ours.get(line)}, oracle {theirs.get(line)})" for line in odd))
    assert not problems, f"seed {seed} {profile}\n" + "\n".join(problems)
    assert summary["digest"] == expected["digest"]
    assert summary["changes"]["read"] == expected["changes"]["read"]
