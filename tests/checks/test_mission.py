"""Each row of docs/mission.md that is there names the test that shows it.

`| id | place | test |`: the last cell holds names of tests in backticks, each a `Suite.Name` of
GoogleTest, a `test_name` of pytest, or the path of a file below tests/. A row that is not there
yet says so: `| id | not yet | - |`.
"""

import re

import pytest

from tree import fake_tree, real_tree, report

PAGE = "docs/mission.md"


def known_tests(tree):
    names = {name for name in tree.files if name.startswith("tests/")}
    for name in tree.below("src", "tests", "cmd", endings=(".cc",)):
        for suite, test in re.findall(
                r"^\s*(?:TEST(?:_F|_P)?|TYPED_TEST(?:_P)?|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)"
                r"\(\s*(\w+),\s*(\w+)", tree.read(name), re.MULTILINE):
            names.add(f"{suite}.{test}")
    for name in tree.below("tests", endings=(".py",)):
        names.update(re.findall(r"^\s*def (test_\w+)\(", tree.read(name), re.MULTILINE))
    return names


def rows(text):
    """(line, id, place, test) of the tables with that head."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells == ["id", "place", "test"]:
            inside = True
        elif not line.strip().startswith("|"):
            inside = False
        elif inside and not set(line) <= set("|-: "):
            yield number, cells


def unshown_rows(tree):
    known, found, seen = known_tests(tree), [], set()
    for line, cells in rows(tree.read(PAGE)):
        where = f"{PAGE}:{line}: {cells[0]}"
        if len(cells) != 3:
            found.append(f"{where}: {len(cells)} cells in place of 3")
            continue
        key, place, test = cells
        if key in seen:
            found.append(f"{where}: a second row of that id")
        seen.add(key)
        tests = re.findall(r"`([^`]+)`", test)
        if place == "not yet":
            if test != "-":
                found.append(f"{where}: not yet there, so its test is -")
        elif not tests:
            found.append(f"{where}: names no test")
        found += [f"{where}: no test is named {name}" for name in tests if name not in known]
    return found if seen else [f"{PAGE}: no table | id | place | test |"]


def test_each_row_of_the_mission_names_its_test():
    tree = real_tree()
    if PAGE not in tree.files:
        pytest.skip(f"{PAGE} does not exist")
    report(unshown_rows(tree))


def test_a_row_without_its_test_is_found(tmp_path):
    tree = fake_tree(tmp_path, {
        "docs/mission.md": "| id | place | test |\n|---|---|---|\n"
                           "| C1 | `src/a` | `Ledger.Holds`, `test_run` |\n"
                           "| C2 | `src/b` | `Ledger.Lost` |\n| C3 | not yet | - |\n"
                           "| C4 | `src/c` | - |\n| C1 | `src/a` | `tests/x.py` |\n| C5 | a |\n"
                           "\n| other | table |\n| C9 | x |\n",
        "src/a/a_test.cc": "TEST(Ledger, Holds) {}\n",
        "tests/x.py": "def test_run(tmp_path):\n    pass\n"})
    assert unshown_rows(tree) == [
        "docs/mission.md:4: C2: no test is named Ledger.Lost",
        "docs/mission.md:6: C4: names no test",
        "docs/mission.md:7: C1: a second row of that id",
        "docs/mission.md:8: C5: 2 cells in place of 3"]
