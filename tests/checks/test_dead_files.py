"""No header that nobody includes, no source outside the build, no document that nothing links."""

import os
import re

from test_links import links, local_target
from tree import fake_tree, includes, module_of, real_tree, report


def unused_headers(tree):
    """Its own source and its own test don't count: a header is for others."""
    included = set()
    for name in tree.below("src", "cmd", "bench", "tests", "capi"):
        own = re.sub(r"(_test)?\.(cc|h)$", "", name)
        for _, _, header in includes(tree.read(name)):
            for path in (f"src/{header}", f"bench/{header}", f"{os.path.dirname(name)}/{header}",
                         header):
                if path.removesuffix(".h") != own:
                    included.add(path)
    return [f"{name}: no other file includes it"
            for name in tree.below("src", "cmd", "bench", "tests", "capi", endings=(".h",))
            if name not in included]


def build_lists_above(tree, name):
    folder = os.path.dirname(name)
    while folder:
        if f"{folder}/CMakeLists.txt" in tree.files:
            yield tree.read(f"{folder}/CMakeLists.txt")
            break
        folder = os.path.dirname(folder)


def unbuilt_sources(tree):
    modules, found = tree.modules(), []
    for name in tree.below("src", "cmd", "bench", "tests", endings=(".cc",)):
        if name.startswith("src/"):
            built = module_of(name) in modules
        elif name.startswith("tests/scenarios/"):
            built = True  # tests/CMakeLists.txt takes them all
        else:
            stem = os.path.basename(name).removesuffix(".cc")
            built = any(words in text for text in build_lists_above(tree, name) for words in (
                "GLOB", f"{stem}.cc", f"sw_fuzz({stem.removeprefix('fuzz_')} "))
        if not built:
            found.append(f"{name}: no module or target builds it")
    return found


def unlinked_documents(tree):
    pages = [name for name in tree.files if name.endswith(".md")]
    linked = set()
    for page in pages:
        for _, target in links(tree.read(page)):
            path = local_target(page, target)
            if path and path != page:
                linked.add(path)
    return [f"{page}: no other document links to it" for page in pages
            if page.startswith("docs/") and page not in linked
            and os.path.dirname(page) not in linked]


def test_each_header_is_included():
    report(unused_headers(real_tree()))


def test_each_source_is_built():
    report(unbuilt_sources(real_tree()))


def test_each_document_is_linked():
    report(unlinked_documents(real_tree()))


def test_dead_files_are_found(tmp_path):
    tree = fake_tree(tmp_path, {
        "src/CMakeLists.txt": "sw_module(base)\nsw_module(flow DEPS base)\n",
        "src/base/used.h": "", "src/base/dead.h": "",
        "src/base/dead.cc": '#include "base/dead.h"\n',
        "src/base/dead_test.cc": '#include "base/dead.h"\n',
        "src/flow/flow.cc": '#include "base/used.h"\n', "src/old/old.cc": "",
        "tests/fuzz/CMakeLists.txt": "sw_fuzz(bson DEPS base)\n",
        "tests/fuzz/fuzz_bson.cc": "", "tests/fuzz/fuzz_csv.cc": "",
        "README.md": "[a](docs/a.md#there) [adr](docs/adr/)\n",
        "docs/a.md": "# There\n[myself](a.md)\n", "docs/b.md": "[b](b.md)\n", "docs/adr/1.md": ""})
    assert unused_headers(tree) == ["src/base/dead.h: no other file includes it"]
    assert unbuilt_sources(tree) == [
        "src/old/old.cc: no module or target builds it",
        "tests/fuzz/fuzz_csv.cc: no module or target builds it"]
    assert unlinked_documents(tree) == ["docs/b.md: no other document links to it"]
