"""What `make run-mongo` shows: a shop in a MongoDB server, followed live."""

import os
import re
import subprocess

from conftest import ROOT, SECONDS_MAX


def test_stock_and_alerts_arrive_and_both_stop(binary, shared_mongo, fast_path):
    done = subprocess.run(
        [ROOT / "tools/demo-mongo", "--seconds", "4", "--rate", "300", "--folder",
         fast_path / "demo"], capture_output=True, text=True, timeout=SECONDS_MAX, check=False,
        env={**os.environ, "STOCKWATCH_BINARY": str(binary)})
    assert done.returncode == 0, done.stdout + done.stderr
    written = int(re.search(r"written (\d+) movements", done.stdout)[1])
    taken = dict(re.findall(r"'(\w+)': (\d+)", done.stdout))
    rows = re.search(r"filled: (\d+) items, (\d+) rules", done.stdout)
    assert int(taken["applied"]) == written + int(rows[1]) + int(rows[2])
    assert int(taken["dead_lettered"]) == 0 and written > 0  # how many is the machine's matter
    assert "low_stock" in done.stdout and "opened" in done.stdout
    assert "have stopped (0)" in done.stdout
