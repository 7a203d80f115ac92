"""tools/run-tests counts what happened: a crash, a silent binary, a skip without its reason."""

import importlib.machinery
import importlib.util
from types import SimpleNamespace

import pytest

from tree import ROOT

OK = "[ RUN      ] A.One\n[       OK ] A.One (0 ms)\n"
FAILED = ("[ RUN      ] A.Two/0\nx.cc:3: Failure\n"
          "[  FAILED  ] A.Two/0, where GetParam() = 5 (1 ms)\n")
SKIPPED = "[ RUN      ] A.Three\nx.cc:4: Skipped\nno data\n\n[  SKIPPED ] A.Three (0 ms)\n"
SUMMARY = "[  SKIPPED ] 1 test, listed below:\n[  FAILED  ] A.Two/0, where GetParam() = 5\n"


@pytest.fixture
def runner(tmp_path, monkeypatch):
    loader = importlib.machinery.SourceFileLoader("run_tests", str(ROOT / "tools/run-tests"))
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_tests", loader))
    loader.exec_module(module)
    monkeypatch.setattr(module, "BUILD", tmp_path)
    monkeypatch.setattr(module, "COUNT_FILE", tmp_path / "test-count")
    monkeypatch.setattr(module, "build", lambda *_, **__: None)
    return module


def count(runner, tmp_path, output, ending):
    binary = tmp_path / "any/tests/binary"
    binary.parent.mkdir(parents=True)
    binary.write_text(f"#!/bin/sh\ncat <<'END'\n{output}END\n{ending}\n")
    binary.chmod(0o755)
    return runner.gtest("binary")("any", SimpleNamespace(rc_params="seed=1"))


@pytest.mark.parametrize("output, ending, line", [
    (OK, "exit 0", "1 passed, 0 failed"),
    ("printed without an end" + OK + FAILED + SKIPPED + SUMMARY, "exit 1",
     "1 passed, 1 failed, 1 skipped"),
    (OK + "[ RUN      ] A.Four\n", "kill -SEGV $$", "1 passed, 1 failed"),
    (OK, "exit 3", "1 passed, 1 failed"),
    ("", "exit 0", "0 passed, 0 failed"),
])
def test_the_lines_of_googletest_are_counted(runner, tmp_path, output, ending, line):
    assert str(count(runner, tmp_path, output, ending)) == line


def test_failures_and_skips_are_named(runner, tmp_path):
    found = count(runner, tmp_path, FAILED + SKIPPED + "[ RUN      ] A.Four\n", "exit 134")
    assert found.failures == ["A.Two/0\n    x.cc:3: Failure",
                              "A.Four ended the process with status 134"]
    assert found.skips == ["A.Three: no data"]


def test_what_a_sanitizer_said_stands_in_the_summary(runner, tmp_path):
    report = "==7==ERROR: AddressSanitizer\n#0 0x1\nSUMMARY: AddressSanitizer: overflow\n#1 0x2\n"
    found = count(runner, tmp_path, OK + "[ RUN      ] A.Four\n" + report, "exit 1")
    assert found.failures == ["A.Four ended the process with status 1\n"
                              "    A.Four: SUMMARY: AddressSanitizer: overflow"]


def test_a_test_that_hangs_is_stopped_and_named(runner, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "TEST_SECONDS_MAX", 0)
    found = count(runner, tmp_path, OK + "[ RUN      ] A.Four\n", "sleep 600")
    assert found.failures == ["A.Four ended the process with status -9"]


def test_of_a_long_failure_the_end_is_kept(runner):
    kept = runner.with_reason("A.Two", [f"line {i}\n" for i in range(100)])
    assert kept.splitlines()[0] == "A.Two"
    assert kept.splitlines()[-1] == "    line 99"
    assert len(kept.splitlines()) == runner.REASON_LINES + 1


@pytest.mark.parametrize("passed, failures, skips, line, status", [
    (2, [], [], "2 passed, 0 failed", 0), (2, ["x"], [], "2 passed, 1 failed", 1),
    (0, [], ["y"], "0 passed, 0 failed, 1 skipped", 1), (0, [], [], "0 passed, 0 failed", 1)])
def test_the_last_line_is_the_count(runner, monkeypatch, capfd, passed, failures, skips, line,
                                    status):
    result = runner.Count()
    result.passed, result.failures, result.skips = passed, failures, skips
    monkeypatch.setitem(runner.SUITES, "unit", lambda *_: result)
    monkeypatch.setattr("sys.argv", ["run-tests", "unit"])
    assert runner.main() == status
    assert capfd.readouterr().out.splitlines()[-1] == line
    assert runner.COUNT_FILE.read_text() == line + "\n"


def test_a_build_that_fails_is_a_failed_test(runner, monkeypatch):
    monkeypatch.setattr(runner, "build", lambda *_, **__: "cannot build it")
    assert runner.gtest("binary")("any", None).failures == ["cannot build it"]
    assert runner.pytest("functional", "stockwatch")("any", None).failures == [
        "functional: cannot build it"]
