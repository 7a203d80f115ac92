"""Disks that are full or may not be written, and a clock that jumps: the engine stops and says what
to do, or does not care; nothing is lost."""

import os
import shutil
import subprocess

import pytest

from conftest import SECONDS_MAX
from engine import Engine, Reference, one_line, refused, tree

ROOMY = "1g"  # more than --free-bytes-min wants
CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* The wall clock, 30 days to and fro from one look at it to the next; a file says that it was there. */
int clock_gettime(clockid_t id, struct timespec* now) {
  static int (*real)(clockid_t, struct timespec*);
  static int looks;
  if (!real) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  int answer = real(id, now);
  if (id != CLOCK_REALTIME) return answer;
  now->tv_sec += (looks++ % 3 - 1) * 30 * 86400;
  if (looks == 3) close(creat(getenv("JUMPED"), 0600));
  return answer;
}
"""


@pytest.fixture
def disk(tmp_path):
    """Makes small disks, which can be made larger or closed to writing."""
    made = []

    def mount(folder, options):
        return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "stockwatch-test", folder],
                              capture_output=True, text=True, check=False)

    class Disk:
        def __init__(self, size):
            self.folder = tmp_path / f"disk-{len(made)}"
            self.folder.mkdir()
            done = mount(self.folder, f"size={size}")
            if done.returncode != 0:
                pytest.skip(f"cannot make a small disk: {done.stderr.strip()}")
            made.append(self.folder)

        def change(self, options):
            done = mount(self.folder, f"remount,{options}")
            assert done.returncode == 0, done.stderr

    yield Disk
    for folder in made:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture
def load(tmp_path, run_bytes):
    """(changes, settings) of more bytes of journal than one of its files holds."""
    changes, settings = tmp_path / "changes.ndjson", tmp_path / "settings.yaml"
    done = run_bytes("shop", "--items", 300, "--days", 20, "--file", changes)
    assert done.returncode == 0, done.stderr
    settings.write_text("commit:\n  inputs_max: 32\n")
    return changes, settings


def stopped_by_failure(engine, *words):
    assert engine.wait() == 1, "".join(engine.lines)
    [row] = engine.events("failed")
    assert row["level"] == "error" and not engine.events("stopped")
    for word in words:
        assert word in row["message"], row


def test_a_disk_that_runs_full_stops_the_engine_and_loses_nothing(tmp_path, binary, run_bytes, disk,
                                                                   load):
    changes, settings = load
    small = disk("44m")  # one file of the journal and tables, not two
    store = small.folder / "store"
    flags = ["--source", changes, "--store", store, "--config", settings, "--until-end", "--quiet",
             "--free-bytes-min", 0]
    with Engine(binary, *flags) as engine:
        stopped_by_failure(engine, "No space left", "free space on the disk")
    with Engine(binary, *flags) as engine:  # again: still full, still safe
        assert engine.wait() == 1
    small.change(f"size={ROOMY}")
    with Engine(binary, *flags) as engine:
        assert engine.wait() == 0, "".join(engine.lines)
        assert engine.events("recovered")[0]["changes_read"] > 0
    Reference(run_bytes, tmp_path, changes, settings).check(store)


def test_below_the_watermark_nothing_is_written(tmp_path, binary, stockwatch, run_bytes, disk,
                                                sample):
    small = disk("64m")
    store = small.folder / "store"
    flags = ["--source", sample["changes"], "--store", store, "--config", sample["settings"],
             "--until-end", "--quiet"]
    with Engine(binary, *flags) as engine:
        refused(engine, store, "free space on the disk", "free some", str(256 << 20))
    done = stockwatch("replay", *flags[1:6], "--output", "json")
    one_line(done, "free")
    assert done.stdout == ""
    small.change(f"size={ROOMY}")
    with Engine(binary, *flags) as engine:
        assert engine.wait() == 0, "".join(engine.lines)
    Reference(run_bytes, tmp_path, sample["changes"], sample["settings"]).check(store)


def test_a_store_that_may_not_be_written(binary, stockwatch, disk, sample):
    place = disk(ROOMY)
    store = place.folder / "store"
    flags = ["--source", sample["changes"], "--store", store, "--config", sample["settings"],
             "--until-end", "--quiet"]
    with Engine(binary, *flags) as engine:
        assert engine.wait() == 0
    before = tree(store)
    place.change("ro")
    with Engine(binary, *flags) as engine:
        refused(engine, store, "writable", "Read-only")
    for command in (["state", "inspect"], ["state", "verify"], ["alerts", "list"]):
        one_line(stockwatch(*command, "--store", store), store, "writable")
    with Engine(binary, *flags[:3], place.folder / "new", *flags[4:]) as engine:
        refused(engine, place.folder / "new", "Read-only")
    assert tree(store) == before
    place.change("rw")
    assert stockwatch("state", "verify", "--store", store).returncode == 0


def test_a_clock_that_jumps_changes_nothing(tmp_path, fast_path, binary, run_bytes, sample):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler to make a clock with")
    (tmp_path / "clock.c").write_text(CLOCK)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", tmp_path / "clock.so",
                    tmp_path / "clock.c", "-ldl"], check=True, timeout=SECONDS_MAX)
    reference = Reference(run_bytes, tmp_path, sample["changes"], sample["settings"])
    jumped = tmp_path / "jumped"
    with Engine(binary, "--source", sample["changes"], "--store", fast_path / "store", "--config",
                sample["settings"], "--until-end", "--quiet",
                env={**os.environ, "LD_PRELOAD": str(tmp_path / "clock.so"),
                     "JUMPED": str(jumped)}) as engine:
        assert engine.wait() == 0
    assert jumped.exists()
    # Where a step of the engine found the clock ahead there is an alert about that, and it is right.
    reference.check(fast_path / "store", of_a_file=False, besides=b'"type":"clock"')
