"""A file has at most about 350 lines, none over 600 (tests 800); a function has under 60 (a test,
which may hold a long table, at most 80).

An exception is listed with its reason, and goes when it is no longer needed.
"""

import re
import warnings

from tree import code_of, fake_tree, real_tree, report

FILE_GOOD, FILE_MAX, TEST_FILE_MAX = 350, 600, 800
FUNCTION_MAX, TEST_FUNCTION_MAX = 59, 80

# "path" or "path:function" -> reason
EXCEPTIONS = {}

FOLDERS = ("src", "cmd", "bench", "tests", "tools", "examples", "capi")
CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b(?![^{]*\)\s*[\w\s:&>-]*$)")


def is_test(name):
    return name.startswith("tests/") or name.endswith(("_test.cc", "_test.py"))


def functions(text):
    """(name, first line, lines) of each function body; needs the layout of clang-format."""
    code = re.sub(r"^\s*#(?:[^\n]*\\\n)*[^\n]*", lambda m: "\n" * m[0].count("\n"), code_of(text),
                  flags=re.MULTILINE)
    stack = []  # of (kind, name, first line)
    statement, line = "", 1
    for at, char in enumerate(code):
        in_function = any(kind == "function" for kind, _, _ in stack)
        if char == "{":
            kind = "inner"
            if not in_function and code[at - 1] in " \n" and not statement.rstrip().endswith("="):
                if CONTAINER.search(statement) and not re.search(r"\)\s*$", statement):
                    kind = "container"
                elif "(" in statement:
                    kind = "function"
            names = re.search(r"TEST\w*\([^)]*\)|[\w~:<>]+(?=\s*\()", statement)
            name = names[0] if names else "?"
            stack.append((kind, name, line))
        elif char == "}" and stack:
            kind, name, first = stack.pop()
            if kind == "function":
                yield name, first, line - first + 1
            if kind != "inner" and not in_function or kind == "function":
                statement = ""
                continue
        if char == ";" and not in_function and not any(k == "inner" for k, _, _ in stack):
            statement = ""
        elif not in_function:
            statement = "" if char == "{" and stack[-1][0] == "container" else statement + char
        if char == "\n":
            line += 1


def too_long(tree, exceptions):
    """(failures, warnings)"""
    failures, notes, used = [], [], set()

    def judge(key, length, limit, where):
        if length <= limit:
            return
        if key in exceptions:
            used.add(key)
        else:
            failures.append(f"{where}: {length} lines, the limit is {limit}")

    for name in tree.below(*FOLDERS, endings=(".cc", ".h", ".py")):
        text = tree.read(name)
        lines = text.count("\n")
        judge(name, lines, TEST_FILE_MAX if is_test(name) else FILE_MAX, name)
        if lines > FILE_GOOD and not is_test(name):
            notes.append(f"{name}: {lines} lines, more than {FILE_GOOD}")
        if not name.endswith(".py"):
            for function, line, length in functions(text):
                judge(f"{name}:{function}", length,
                      TEST_FUNCTION_MAX if is_test(name) else FUNCTION_MAX,
                      f"{name}:{line}: function {function}")
    failures += [f"{key}: the exception is no longer needed" for key in exceptions
                 if key not in used]
    return failures, notes


def test_files_and_functions_are_short():
    failures, notes = too_long(real_tree(), EXCEPTIONS)
    for note in notes:
        warnings.warn(note)
    report(failures)


def body(lines):
    return "  int x;\n" * (lines - 2)


def test_what_is_too_long_is_found(tmp_path):
    tree = fake_tree(tmp_path, {
        "src/long.cc": "\n" * 601, "src/middle.cc": "\n" * 351, "src/long_test.cc": "\n" * 800,
        "src/listed.cc": "\n" * 700,
        "src/table_test.cc": "TEST(Table, IsLong) {\n" + body(81) + "}\n"
                             "TEST(Table, IsShort) {\n" + body(80) + "}\n",
        "src/functions.cc":
            "namespace a {\nconstexpr int kTable[] = {\n" + "  1,\n" * 100 + "};\n"
            "struct S {\n  int F() const {\n" + body(61) + "  }\n" + "  int y;\n" * 100 + "};\n"
            "S::S(int a) : x_{1}, y_(2), z_{3} {\n" + body(60) + "}\n"
            "template <typename T>\nvoid Short(struct T* t) {\n" + body(59) + "}\n"
            "enum class E { kA, kB };\n"
            "std::optional<T> Long(std::array<int, 2> a = {}) {\n"
            "  switch (x) {\n    case 1: { Use('{'); break; }\n  }\n" + body(60) + "}\n}\n"})
    failures, notes = too_long(tree, {"src/listed.cc": "a table", "src/gone.cc": "stale"})
    assert failures == [
        "src/functions.cc:105: function F: 61 lines, the limit is 59",
        "src/functions.cc:267: function S::S: 60 lines, the limit is 59",
        "src/functions.cc:388: function Long: 63 lines, the limit is 59",
        "src/long.cc: 601 lines, the limit is 600",
        "src/table_test.cc:1: function TEST(Table, IsLong): 81 lines, the limit is 80",
        "src/gone.cc: the exception is no longer needed"]
    assert notes == [
        "src/functions.cc: 451 lines, more than 350", "src/listed.cc: 700 lines, more than 350",
        "src/long.cc: 601 lines, more than 350", "src/middle.cc: 351 lines, more than 350"]
