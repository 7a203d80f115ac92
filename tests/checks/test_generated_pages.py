"""The generated pages of docs/ are what the binary prints; `make goldens` writes them anew."""

import difflib
import os
import subprocess
from pathlib import Path

import pytest

from tree import ROOT, fake_tree

PAGES = ("settings", "cli", "metrics")


def drift(root, page, binary):
    """The difference, or nothing. With STOCKWATCH_UPDATE_GOLDENS the page is written instead."""
    path = Path(root) / f"docs/{page}.md"
    printed = subprocess.run([binary, "docs", page], capture_output=True, text=True, check=True,
                             timeout=30).stdout
    if os.environ.get("STOCKWATCH_UPDATE_GOLDENS"):
        path.write_text(printed, encoding="utf-8")
    kept = path.read_text(encoding="utf-8")
    return "".join(difflib.unified_diff(kept.splitlines(True), printed.splitlines(True),
                                        f"docs/{page}.md", f"stockwatch docs {page}"))


@pytest.mark.parametrize("page", PAGES)
def test_the_page_is_what_the_binary_prints(page):
    binary = Path(os.environ.get("STOCKWATCH_BINARY", ROOT / "build/release/stockwatch"))
    if not (ROOT / f"docs/{page}.md").exists():
        pytest.skip(f"docs/{page}.md does not exist")
    if not binary.exists():
        pytest.skip(f"{binary.name} is not built: make build")
    difference = drift(ROOT, page, binary)
    assert not difference, "\n" + difference + "\nmake goldens, and read the diff"


def test_drift_is_found_and_goldens_mend_it(tmp_path, monkeypatch):
    monkeypatch.delenv("STOCKWATCH_UPDATE_GOLDENS", raising=False)
    fake_tree(tmp_path, {"docs/cli.md": "old\n", "binary": '#!/bin/sh\necho "$1 $2"\n'})
    binary = tmp_path / "binary"
    binary.chmod(0o755)
    assert "-old\n+docs cli\n" in drift(tmp_path, "cli", binary)
    monkeypatch.setenv("STOCKWATCH_UPDATE_GOLDENS", "1")
    assert drift(tmp_path, "cli", binary) == ""
    monkeypatch.delenv("STOCKWATCH_UPDATE_GOLDENS")
    assert drift(tmp_path, "cli", binary) == ""
