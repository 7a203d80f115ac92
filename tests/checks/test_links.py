"""The links of the documents lead somewhere: to a file, a folder, a heading."""

import os
import re

from tree import fake_tree, real_tree, report


def prose(text):
    """Without code: blocks keep their lines, spans vanish."""
    text = re.sub(r"^ *(```|~~~).*?^ *\1 *$", lambda m: "\n" * m[0].count("\n"), text,
                  flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]+`", "", text)


def links(text):
    """(line, target) of each link, reference and image."""
    text = prose(text)
    for match in re.finditer(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)", text,
                             re.MULTILINE):
        yield text.count("\n", 0, match.start()) + 1, match[1] or match[2]


def local_target(page, target):
    """The path in the repository that a link of the page means; None if it leads outside."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    path = target.partition("#")[0]
    if not path:
        return page
    if path.startswith("/"):
        return os.path.normpath(path[1:])
    return os.path.normpath(os.path.join(os.path.dirname(page), path))


def anchors(text):
    """The anchors of the headings, as GitHub makes them."""
    found, seen = set(re.findall(r'<a (?:id|name)="([^"]+)"', text)), {}
    text = re.sub(r"^ *(```|~~~).*?^ *\1 *$", "", text, flags=re.DOTALL | re.MULTILINE)
    for heading in re.findall(r"^#+ +(.+?) *#*$", text, re.MULTILINE):
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = seen[anchor] = seen.get(anchor, -1) + 1
        found.add(f"{anchor}-{number}" if number else anchor)
    return found


def broken_links(tree):
    found = []
    folders = {os.path.dirname(name) for name in tree.files} | {"."}
    folders |= {parent for folder in set(folders) for parent in
                (folder.rsplit("/", n)[0] for n in range(folder.count("/") + 1))}
    for page in tree.files:
        if not page.endswith(".md"):
            continue
        for line, target in links(tree.read(page)):
            path = local_target(page, target)
            if path is None:
                continue
            if path not in tree.files and path not in folders:
                found.append(f"{page}:{line}: nothing is at {target}")
                continue
            anchor = target.partition("#")[2]
            if anchor and path.endswith(".md") and anchor not in anchors(tree.read(path)):
                found.append(f"{page}:{line}: no heading is at {target}")
    return found


def test_links_resolve():
    report(broken_links(real_tree()))


def test_a_broken_link_is_found(tmp_path):
    tree = fake_tree(tmp_path, {
        "README.md": "[a](docs/a.md) [b](docs/b.md)\n[c](docs/a.md#the-way-in)\n"
                     "[d](docs/a.md#lost) [e](https://example.org/x) ![f](docs/f.png)\n"
                     "```\n[g](nowhere.md)\n```\n`[h](nowhere.md)` [docs](docs/)\n[i]: lost.md\n",
        "docs/a.md": "# A\n## The `way` in\n[up](../README.md) [own](#a) [gone](#b)\n"})
    assert broken_links(tree) == [
        "README.md:1: nothing is at docs/b.md", "README.md:3: no heading is at docs/a.md#lost",
        "README.md:3: nothing is at docs/f.png", "README.md:8: nothing is at lost.md",
        "docs/a.md:3: no heading is at #b"]
