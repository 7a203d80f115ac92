"""A wall clock that leaps ahead is an alert, and followed when an operator says so."""

import json
import os
import re
import shutil
import subprocess
from datetime import datetime, timedelta

import pytest

from conftest import SECONDS_MAX
from engine import Engine

CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* The wall clock, 30 days ahead as soon as there is that file. */
int clock_gettime(clockid_t id, struct timespec* now) {
  static int (*real)(clockid_t, struct timespec*);
  if (!real) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  int answer = real(id, now);
  if (id == CLOCK_REALTIME && access(getenv("LEAPT"), F_OK) == 0) now->tv_sec += 30 * 86400;
  return answer;
}
"""


def about_a_month(seconds):
    return 0 <= 30 * 86_400 - seconds <= 1


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@pytest.fixture
def leapt(tmp_path):
    """(environment of an engine, the file with which its wall clock leaps)"""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler to make a clock with")
    (tmp_path / "clock.c").write_text(CLOCK)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", tmp_path / "clock.so",
                    tmp_path / "clock.c", "-ldl"], check=True, timeout=SECONDS_MAX)
    leap = tmp_path / "leapt"
    return {**os.environ, "LD_PRELOAD": str(tmp_path / "clock.so"), "LEAPT": str(leap)}, leap


def test_a_wall_that_leaps_is_an_alert_until_it_is_adopted(binary, fast_path, stockwatch, leapt):
    environment, leap = leapt
    (fast_path / "changes").write_bytes(b"")
    with Engine(binary, "--source", fast_path / "changes", "--store", fast_path / "store",
                "--quiet", env=environment) as engine:

        def clock(*words):
            done = stockwatch("clock", *words, "--server", engine.url)
            return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr

        def alerts():
            return json.loads(engine.ask("/api/v1/alerts?type=clock")[1])["items"]

        def alert():
            [alert] = alerts()
            return alert

        code, both = clock("show")
        assert (code, both["ahead_seconds"], both["adopts_at"]) == (0, 0, None)
        code, refused = clock("adopt")
        assert code == 1 and "follows the wall clock" in refused, refused

        leap.touch()
        assert about_a_month(engine.wait_for("clock_ahead")["seconds"])
        engine.until(lambda: alerts() and alert()["state"] == "open", "the alert")
        assert alert()["subject"] == {"clock": "engine"}
        engine.until(lambda: about_a_month(int(re.search(
            r"^stockwatch_clock_ahead_seconds (\d+)$", engine.ask("/metrics")[1], re.M)[1])))
        code, both = clock("show")
        assert code == 0 and about_a_month(both["ahead_seconds"])
        assert both["engine_time"] < both["adopts_at"] < both["wall"]
        status, _, _ = engine.exchange("/api/v1/clock/adopt", "POST", "{}",
                                       {"Content-Type": "application/json"})
        assert status == 401

        code, both = clock("adopt", "--why", "it slept")
        assert (code, both["ahead_seconds"]) == (0, 0)
        assert abs(instant(both["engine_time"]) - instant(both["wall"])) < timedelta(seconds=1)
        engine.wait_for("clock_agrees")
        engine.until(lambda: alert()["state"] == "resolved", "its end")
        audited = [json.loads(row) for row in engine.ask("/api/v1/state/audit")[1].splitlines()]
        [entry] = [row for row in audited if row["kind"] == "clock.adopt"]
        assert (entry["why"], entry["subject"]) == ("it slept", "engine")
        assert entry["after"]["engine_time"] == both["engine_time"]
        assert engine.stop()[0] == 0
