"""What the checks read: the files of the repository, its modules, and C++ without its comments."""

import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
CXX = (".cc", ".h")


class Module(NamedTuple):
    deps: list
    test_deps: list


class Tree:
    """A repository, or in the tests of the checks a small invented one."""

    def __init__(self, root):
        self.root = Path(root)
        self.files = sorted(self._list())

    def _list(self):
        if (self.root / ".git").exists():
            done = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=self.root,
                                  capture_output=True, text=True, check=True)
            return [name for name in done.stdout.splitlines() if (self.root / name).is_file()]
        return [str(path.relative_to(self.root)) for path in self.root.rglob("*")
                if path.is_file() and path.relative_to(self.root).parts[0] != "build"]

    def read(self, name):
        return (self.root / name).read_text(encoding="utf-8")

    def below(self, *folders, endings=CXX):
        return [name for name in self.files
                if name.startswith(tuple(f"{folder}/" for folder in folders))
                and name.endswith(endings)]

    def modules(self):
        """Each module of src/CMakeLists.txt, in its order, with what it declares."""
        found = {}
        if "src/CMakeLists.txt" not in self.files:
            return found
        text = re.sub(r"#.*", "", self.read("src/CMakeLists.txt"))
        for words in re.findall(r"sw_module\(([^)]*)\)", text):
            path, *rest = words.split()
            parts = {"DEPS": [], "LIBS": [], "TEST_DEPS": []}
            part = None
            for word in rest:
                if word in parts:
                    part = parts[word]
                else:
                    part.append(word)
            found[path] = Module(parts["DEPS"], parts["TEST_DEPS"])
        return found


def real_tree():
    return Tree(ROOT)


def fake_tree(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Tree(folder)


def module_of(name):
    """The module of src/<module>/file, also of the include "<module>/file"."""
    return os.path.dirname(name.removeprefix("src/"))


def includes(text):
    """(line number, '"' or '<', name) of each include."""
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line):
            yield number, match[1], match[2]


_SKIP = re.compile(
    r'R"(?P<raw>[^()\\\s]*)\(.*?\)(?P=raw)"'  # raw string
    r'|"(?:[^"\\\n]|\\.)*"'                    # string
    r"|(?<![0-9a-zA-Z_])'(?:[^'\\\n]|\\.)+'"   # character, not the ' within a number
    r"|//[^\n]*|/\*.*?\*/", re.DOTALL)


def code_of(text):
    """The C++ text without comments and the inside of strings; lines keep their numbers."""
    def blank(match):
        word = match[0]
        filler = "\n" * word.count("\n")
        return filler or " " if word.startswith("/") else word[-1] + filler + word[-1]
    return _SKIP.sub(blank, text)


def lines_with(pattern, code):
    """(line number, what matched) of each match."""
    for match in re.finditer(pattern, code):
        yield code.count("\n", 0, match.start()) + 1, match[0].strip()


def report(found):
    assert not found, "\n" + "\n".join(found)
