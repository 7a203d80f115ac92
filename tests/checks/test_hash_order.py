"""No loop walks over a hash container: its order differs from process to process.

By name: a variable that a file, or a header of its folder that it includes, declares with a hash
container as its type, or with an alias of one.
"""

import re

from tree import code_of, fake_tree, includes, lines_with, module_of, real_tree, report

HASH = r"\b(?:flat_hash_map|flat_hash_set|node_hash_map|node_hash_set|unordered_\w+)\s*<"

# path:name -> why its order cannot show
EXCEPTIONS = {}


def after_type(code, start):
    """The text behind the type whose template arguments begin at start, without * and &."""
    depth, at = 1, start
    while at < len(code) and depth > 0:
        depth += {"<": 1, ">": -1}.get(code[at], 0)
        at += 1
    return code[at:at + 200].lstrip(" \n*&")


def hash_names(code):
    """The variables that are declared as hash containers."""
    names, aliases = set(), set()
    for match in re.finditer(HASH, code):
        alias = re.search(r"using\s+(\w+)\s*=\s*[\w:]*$", code[:match.start()])
        if alias:
            aliases.add(alias[1])
        elif name := re.match(r"(\w+)\s*(?:[;={(,)]|$)", after_type(code, match.end())):
            names.add(name[1])
    for alias in aliases:
        names.update(re.findall(rf"\b{alias}\b[\s&*]+(\w+)\s*[;={{(,)]", code))
    return names


def loops_over(code, names):
    """(line, name) of each loop over one of the names."""
    found = list(lines_with(r"\bfor\s*\([^;()]*(?:\([^()]*\)[^;()]*)*:\s*[^;{}]*?\)\s*[^)]", code))
    found += lines_with(r"[\w.>\-]*\b\w+(?:\.|->)c?begin\(\)", code)
    for line, words in found:
        container = re.sub(r"(?:\.|->)c?begin\(\)$", "", words)
        if words.startswith("for"):
            container = words[words.rfind(" : ") + 3:]
            container = container[:container.rfind(")")]
        last = re.findall(r"\w+", container)
        if last and last[-1] in names:
            yield line, last[-1]


def walks(tree, exceptions):
    found, used = [], set()
    for name in tree.below("src", "cmd"):
        if name.endswith("_test.cc"):
            continue
        text = tree.read(name)
        code = code_of(text)
        names = hash_names(code)
        for _, kind, header in includes(text):
            own = kind == '"' and module_of(header) == module_of(name)
            if own and f"src/{header}" in tree.files:
                names |= hash_names(code_of(tree.read(f"src/{header}")))
        for line, container in sorted(loops_over(code, names)):
            key = f"{name}:{container}"
            if key in exceptions:
                used.add(key)
            else:
                found.append(f"{name}:{line}: walks over the hash container {container}")
    return found + [f"{key}: the exception is no longer needed" for key in exceptions
                    if key not in used]


def test_no_loop_walks_over_a_hash_container():
    report(walks(real_tree(), EXCEPTIONS))


def test_a_walk_is_found(tmp_path):
    tree = fake_tree(tmp_path, {
        "src/key/key.h": "struct K { absl::flat_hash_map<int, std::vector<int>> by_id_; };\n",
        "src/key/key.cc": '#include "key/key.h"\nusing Set = std::unordered_set<int>;\n'
                          "void F(const Set& chosen, K* k) {\n"
                          "  for (int x : chosen) Use(x);\n"
                          "  for (const auto& [id, list] : k->by_id_) {\n"
                          "    for (int x : list) Use(x);\n  }\n"
                          "  std::sort(k->by_id_.begin(), End());\n"
                          "  auto found = k->by_id_.find(3);\n}\n",
        "src/key/good.cc": "std::map<int, absl::flat_hash_map<int, int>> tables;\n"
                           "absl::flat_hash_map<int, std::vector<int>> lists;\n"
                           "void F() { for (auto& [k, t] : tables) Use(t);\n"
                           "  for (int x : Get(lists, 3)) Use(x);\n"
                           "  for (int x : lists[3]) Use(x);\n}\n"})
    assert walks(tree, {"src/key/key.cc:gone": "stale"}) == [
        "src/key/key.cc:4: walks over the hash container chosen",
        "src/key/key.cc:5: walks over the hash container by_id_",
        "src/key/key.cc:8: walks over the hash container by_id_",
        "src/key/key.cc:gone: the exception is no longer needed"]
