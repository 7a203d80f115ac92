"""Much of a MongoDB change stream at once, while two things fail at once: bench/mongo_stream.py on a
server of our own. Its numbers are small here; STOCKWATCH_LOAD multiplies them (docs/benchmark.md)."""

import json
import subprocess
import sys

from conftest import ROOT
from engine import how_many


def test_at_three_times_the_peak_two_faults_at_once_lose_nothing(binary):
    """The mark of performance.md is 60,000 changes a second for the peak; here its third is."""
    times = how_many("LOAD", 1)
    rate, seconds = 60_000 * min(times, 3), 6 * times
    done = subprocess.run([sys.executable, ROOT / "bench/mongo_stream.py", "--items", "10000",
                           "--changes", str(rate * seconds), "--rate", str(rate), "--faults", "2",
                           "--binary", binary, "--feed",
                           binary.parent / "bench/mongo_feed"], capture_output=True, text=True,
                          timeout=60 + 10 * seconds, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["faults"] >= 2
    assert figures["applied"] == 10_000 + rate * seconds
    assert figures["duplicate"] == 0
