"""The runbook has a row for each alert and each line of the log that is an error, and names tests that are there."""

import re

import pytest

from test_mission import known_tests
from tree import fake_tree, real_tree, report

PAGE = "docs/runbook.md"
CONDITIONS = "src/domain/event/condition_type.h"


def table(text, head):
    """The cells of the rows of the table whose first cell of the head is that."""
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == head:
            inside = True
        elif inside and not set(line) <= set("|-: "):
            yield cells


def missing_rows(tree):
    text, found = tree.read(PAGE), []
    alerts = {cells[0].strip("`") for cells in table(text, "alert")}
    kinds = re.findall(r'\{"(\w+)", Severity::', tree.read(CONDITIONS))
    found += [f"{PAGE}: no row for the alert {kind}" for kind in kinds if kind not in alerts]
    for name in tree.below("src", endings=(".cc",)):
        if name.endswith("_test.cc"):
            continue
        for event in re.findall(r'(?:LogLevel|Weight)::kError,\s*"(\w+)"', tree.read(name)):
            if f"`{event}`" not in text:
                found.append(f"{PAGE}: says nothing of the line {event} of the log ({name})")
    known = known_tests(tree)
    operations = list(table(text, "operation"))
    for cells in operations:
        tests = re.findall(r"`([^`]+)`", cells[-1])
        found += [f"{PAGE}: {cells[0]}: names no test"] if not tests else []
        found += [f"{PAGE}: {cells[0]}: no test is named {name}" for name in tests
                  if name not in known]
    return found if kinds and operations else [f"{PAGE}: no alerts, or no operations"]


def test_each_alert_and_error_has_its_row():
    tree = real_tree()
    if PAGE not in tree.files:
        pytest.skip(f"{PAGE} does not exist")
    report(missing_rows(tree))


def test_what_is_missing_is_found(tmp_path):
    tree = fake_tree(tmp_path, {
        PAGE: "| alert | do |\n|---|---|\n| `low` | x |\n\n| operation | test |\n|---|---|\n"
              "| read | `A.B` |\n| write | none |\n",
        CONDITIONS: '{"low", Severity::kInfo}, {"out", Severity::kInfo}',
        "src/adapters/reader.cc": 'parts_.tell(Weight::kError, "refused", x);',
        "src/app/live.cc": 'log.Write(LogLevel::kError, "failed", x);'})
    assert missing_rows(tree) == [
        f"{PAGE}: no row for the alert out",
        f"{PAGE}: says nothing of the line refused of the log (src/adapters/reader.cc)",
        f"{PAGE}: says nothing of the line failed of the log (src/app/live.cc)",
        f"{PAGE}: read: no test is named A.B", f"{PAGE}: write: names no test"]
