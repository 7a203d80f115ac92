"""What `make run` shows: the generated shop, its notices, its buyers, and what runs out next."""

import os
import re
import subprocess

from conftest import ROOT
from receiver import free_port

CONDITIONS = ("out_of_stock", "critical_stock", "low_stock", "projected_stockout", "negative_stock",
              "overstock", "velocity_spike", "stale_stock", "category_low")


def test_a_newcomer_sees_what_runs_out_whom_it_told_and_what_to_do(binary, fast_path):
    done = subprocess.run(
        [ROOT / "tools/demo", "--folder", fast_path / "demo"], capture_output=True, text=True, timeout=120,
        check=False, env={**os.environ, "STOCKWATCH_BINARY": str(binary), "SPEED": "86400",
                          "PORT": str(free_port())})
    said = done.stdout
    assert done.returncode == 0, said + done.stderr
    for condition in CONDITIONS:
        assert condition in said, f"no rule of the shop makes {condition} live"
    assert re.search(r"^buyers +told ", said, re.M), "whom it told"
    assert re.search(r"^maria +(acknowledges|snoozes|silences)", said, re.M)
    table = said[said.rindex("What runs out next:"):].splitlines()
    assert table[1].split()[-3:] == ["what", "to", "do"]
    rows = [line for line in table[2:] if re.match(r"W\d ", line)]
    times = [re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", row)[0] for row in rows]
    assert len(rows) == 10 and times == sorted(times), table
    assert all(int(row.split()[2]) > 0 for row in rows), "what is out is not next"
    audit = subprocess.run([binary, "audit", "list", "--store", fast_path / "demo/shop-store"],
                           capture_output=True, text=True, check=True).stdout
    assert "shop-key" not in audit and re.search(r"alert\.|silence\.", audit), "it is in the audit log"
