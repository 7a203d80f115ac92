"""Words that have no place outside the tests: paths of one machine, registries, promises."""

import re

from tree import fake_tree, real_tree, report

BANNED = {
    "a path of one machine": r"(?<![\w.$~{}/])/(?:home|root|work|Users|mnt)/[\w.]+",
    "the host of a registry":
        r"\b(?:registry\.npmjs\.org|registry\.yarnpkg\.com|(?:files\.)?pypi\.org"
        r"|pypi\.python\.org|files\.pythonhosted\.org|proxy\.golang\.org"
        r"|repo1?\.maven\.(?:apache\.)?org|crates\.io"
        r"|(?:deb|security)\.debian\.org|archive\.ubuntu\.com)\b",
    "unfinished work":
        r"(?i)\b(?:todo|to fill|fixme|for now|placeholder(?!\s*=)|stubs?|stubbed|hacks?|hacky)\b",
}
# path -> reason
EXCEPTIONS = {
    "src/base/utf8.cc": "the title of the source of a formula",
}


def banned_words(tree, exceptions):
    found, used = [], set()
    for name in tree.files:
        if name.startswith("tests/"):
            continue
        try:
            text = tree.read(name)
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for what, pattern in BANNED.items():
                if match := re.search(pattern, line):
                    if name in exceptions:
                        used.add(name)
                    else:
                        found.append(f"{name}:{number}: {what}: {match[0]}")
    return found + [f"{name}: the exception is no longer needed" for name in exceptions
                    if name not in used]


def test_no_banned_words():
    report(banned_words(real_tree(), EXCEPTIONS))


def test_banned_words_are_found(tmp_path):
    bad = ["cd /home/someone/x", "see https://registry.npmjs.org/x", "// TODO: later",
           "# For now this is enough", "a stub", "TO FILL"]
    good = ["GET /root.json", "https://example.org/work/here", "stubborn shackles",
            '<input placeholder="sku">', "$HOME/work/x", "todos"]
    tree = fake_tree(tmp_path, {"a.md": "\n".join(bad), "b.md": "\n".join(good),
                                "tests/c.py": "# todo", "d.md": "hack"})
    assert banned_words(tree, {"d.md": "a quotation", "e.md": "stale"}) == [
        "a.md:1: a path of one machine: /home/someone",
        "a.md:2: the host of a registry: registry.npmjs.org",
        "a.md:3: unfinished work: TODO", "a.md:4: unfinished work: For now",
        "a.md:5: unfinished work: stub", "a.md:6: unfinished work: TO FILL",
        "e.md: the exception is no longer needed"]
