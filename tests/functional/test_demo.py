"""What `make run` shows: the generated shop, its notices, its buyers, and what runs out next."""

import os
import pty
import re
import signal
import subprocess
import urllib.request

from conftest import ROOT, SECONDS_MAX
from engine import quiet_port

CONDITIONS = ("out_of_stock", "critical_stock", "low_stock", "projected_stockout", "negative_stock",
              "overstock", "velocity_spike", "stale_stock", "category_low")


def settings_of(binary, port, speed):
    return {**os.environ, "STOCKWATCH_BINARY": str(binary), "SPEED": speed, "PORT": str(port)}


def test_a_newcomer_sees_what_runs_out_whom_it_told_and_what_to_do(binary, fast_path):
    demo = [ROOT / "tools/demo", "--folder", fast_path / "demo"]

    def run():
        with quiet_port() as port:
            return subprocess.run(demo, capture_output=True, text=True, timeout=SECONDS_MAX, check=False,
                                  env=settings_of(binary, port, "86400"))

    done = run()
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
    again = run()
    assert again.returncode == 0 and "Its shop is over" in again.stdout, again.stdout + again.stderr
    assert "To begin anew: rm -r " in again.stdout and "told 0 times" not in again.stdout
    assert "Six weeks pass" not in again.stderr
    alert = "ID"
    for command in re.findall(r"^  (/\S+ .*--store .*)$", again.stdout, re.M):
        answer = subprocess.run(command.replace(" ID ", f" {alert} ").split(), capture_output=True, text=True,
                                check=True).stdout
        if "--output text" in command:
            alert = answer.splitlines()[1].split()[0]
    assert alert != "ID" and answer.startswith("{"), "the last one lists deliveries"


def test_on_a_terminal_it_answers_until_it_is_interrupted(binary, fast_path):
    terminal, theirs = pty.openpty()
    with quiet_port() as port, subprocess.Popen(
            [ROOT / "tools/demo", "--folder", fast_path / "demo"], stdout=theirs,
            stderr=subprocess.DEVNULL, env=settings_of(binary, port, "0"),
            # Where the tests are run in the background it would be ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as demo:
        os.close(theirs)
        said = ""
        while "until Ctrl-C" not in said:
            said += os.read(terminal, 65536).decode(errors="replace")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=SECONDS_MAX) as answer:
            assert answer.status == 200
        demo.send_signal(signal.SIGINT)
        try:
            while part := os.read(terminal, 65536):
                said += part.decode(errors="replace")
        except OSError:  # a terminal whose other end is closed
            pass
        assert demo.wait(timeout=SECONDS_MAX) == 0, said
    os.close(terminal)
    assert "The engine has ended" in said
