"""Converter, settings and replay of the Online Retail example against the oracle on the same CSV.

Of the real year the oracle takes about a minute: its figures are kept in
tests/oracle/online_retail_expected.json, and STOCKWATCH_SLOW=1 computes them again.
"""

import csv
import hashlib
import json
import os
import subprocess
import sys

import pytest

from conftest import ROOT, SECONDS_MAX, real_data

FILES = ["items.ndjson", "rollups.ndjson", "demand.ndjson", "alerts.ndjson"]
EXPECTED = ROOT / "tests" / "oracle" / "online_retail_expected.json"
SETTINGS = ROOT / "examples" / "online-retail" / "stockwatch.yaml"


def run_oracle(source, export):
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "oracle" / "online_retail.py"), str(source),
         "--export", str(export)], capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def digest_of(path):
    content = path.read_bytes()
    return {"lines": content.count(b"\n"), "sha256": hashlib.sha256(content).hexdigest()}


def convert(source, changes):
    subprocess.run(
        [sys.executable, str(ROOT / "examples" / "online-retail" / "convert.py"), str(source),
         "-o", str(changes)], check=True, capture_output=True, timeout=SECONDS_MAX)


def with_readable_prices(source, target):
    """The converter skips a line whose price cannot be read, the oracle takes it without a price:
    the rule can be read both ways, and the real year has no such line."""
    with source.open(newline="") as lines, target.open("w", newline="") as out:
        reader = csv.DictReader(lines)
        writer = csv.DictWriter(out, reader.fieldnames, lineterminator="\n")
        writer.writeheader()
        for line in reader:
            try:
                float(line["UnitPrice"])
            except ValueError:
                line["UnitPrice"] = "0"
            writer.writerow(line)
    return target


def test_the_generated_sample_gives_what_the_oracle_computes(tmp_path, replay, sample):
    source = with_readable_prices(sample["csv"], tmp_path / "sample.csv")
    convert(source, tmp_path / "changes.ndjson")
    summary = replay(tmp_path / "changes.ndjson", "--config", SETTINGS, "--export",
                     tmp_path / "product")
    assert summary == run_oracle(source, tmp_path / "oracle")
    for name in FILES:
        ours = (tmp_path / "product" / name).read_bytes().splitlines()
        theirs = (tmp_path / "oracle" / name).read_bytes().splitlines()
        assert len(ours) == len(theirs), name
        for number, (a, b) in enumerate(zip(ours, theirs), 1):
            assert a == b, f"{name}:{number}"
    assert summary["changes"]["applied"] == summary["changes"]["read"] > 5000
    for condition in ("out_of_stock", "critical_stock", "low_stock", "negative_stock"):
        assert summary["alerts"]["opened"][condition] > 0
        assert summary["alerts"]["resolved"][condition] > 0
    assert (tmp_path / "product" / "deadletters.ndjson").read_bytes() == b""


def test_the_real_year_gives_what_the_oracle_computed(tmp_path, replay):
    source = real_data()
    if source is None:
        pytest.skip("Online Retail data not found: set STOCKWATCH_DATA "
                    "(examples/online-retail/README.md says where it comes from)")
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    if hashlib.sha256(source.read_bytes()).hexdigest() != expected["csv_sha256"]:
        pytest.skip(f"{source.name} is another edition than that of {EXPECTED.name}")
    changes = tmp_path / "changes.ndjson"
    convert(source, changes)
    summary = replay(changes, "--config", SETTINGS, "--export", tmp_path / "product")
    changes.unlink()
    if os.environ.get("STOCKWATCH_SLOW") == "1":
        assert run_oracle(source, tmp_path / "oracle") == expected["summary"]
        for name in FILES:
            assert digest_of(tmp_path / "oracle" / name) == expected["files"][name], name
    assert summary == expected["summary"]
    for name in FILES:
        assert digest_of(tmp_path / "product" / name) == expected["files"][name], name
