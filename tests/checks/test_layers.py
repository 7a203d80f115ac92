"""A module includes only what it declares, and declarations point downwards."""

from tree import fake_tree, includes, module_of, real_tree, report

# Which groups (first part of a module's path) a group may build on.
MAY_USE = {
    "base": [],
    "domain": ["base", "domain"],
    "ports": ["base", "domain"],
    "wire": ["base", "domain", "ports", "wire"],
    "net": ["base", "ports"],
    "shop": ["base", "domain", "ports", "wire"],
    "flow": ["base", "domain", "ports"],
    "adapters": ["base", "domain", "ports", "wire", "net", "shop"],
    "config": ["base", "domain", "ports", "wire", "net", "shop", "flow", "adapters"],
    "testing": ["base", "domain", "ports", "wire", "shop", "flow", "adapters", "testing"],  # its doubles wrap memory_store
    "app": ["base", "domain", "ports", "wire", "net", "shop", "flow", "adapters", "config", "app"],
    "sim": ["base", "domain", "ports", "wire", "net", "shop", "flow", "adapters", "config",
            "testing"],
}


def group(module):
    return module.split("/")[0]


def wrong_declarations(tree):
    found, above = [], []
    for module, declared in tree.modules().items():
        if group(module) not in MAY_USE:
            found.append(f"src/CMakeLists.txt: {module}: its group has no place in MAY_USE")
            continue
        for dep in declared.deps:
            if dep not in above:
                found.append(f"src/CMakeLists.txt: {module} depends on {dep}, "
                             "which is not listed above it")
            elif group(dep) not in MAY_USE[group(module)]:
                found.append(f"src/CMakeLists.txt: {module} depends on {dep}: "
                             f"{group(module)} may not know {group(dep)}")
        above.append(module)
    return found


def wrong_includes(tree):
    modules, found = tree.modules(), []
    for name in tree.below("src", "cmd", "bench", "tests"):
        for line, kind, header in includes(tree.read(name)):
            if ".." in header.split("/"):
                found.append(f"{name}:{line}: include by the name of the module, not by {header}")
    for name in tree.below("src"):
        own = module_of(name)
        if own not in modules:
            found.append(f"{name}: belongs to no module of src/CMakeLists.txt")
            continue
        declared = [own, *modules[own].deps]
        if name.endswith("_test.cc"):
            declared += modules[own].test_deps
        for line, kind, header in includes(tree.read(name)):
            if kind == '"' and module_of(header) not in declared:
                found.append(f'{name}:{line}: "{header}": {own} does not declare '
                             f'{module_of(header) or "the folder src"}')
    return found


def test_declarations_point_downwards():
    report(wrong_declarations(real_tree()))


def test_includes_are_declared():
    report(wrong_includes(real_tree()))


def test_a_wrong_declaration_is_found(tmp_path):
    tree = fake_tree(tmp_path, {"src/CMakeLists.txt": """
        sw_module(base)
        sw_module(domain/stock DEPS base domain/key LIBS some::lib)  # not yet there
        sw_module(domain/key DEPS base)
        sw_module(flow DEPS base domain/stock)
        sw_module(adapters/one DEPS base flow)
        sw_module(adapters/two DEPS base adapters/one)
        sw_module(helpers DEPS base)
    """})
    assert wrong_declarations(tree) == [
        "src/CMakeLists.txt: domain/stock depends on domain/key, which is not listed above it",
        "src/CMakeLists.txt: adapters/one depends on flow: adapters may not know flow",
        "src/CMakeLists.txt: adapters/two depends on adapters/one: adapters may not know adapters",
        "src/CMakeLists.txt: helpers: its group has no place in MAY_USE"]


def test_a_wrong_include_is_found(tmp_path):
    tree = fake_tree(tmp_path, {
        "src/CMakeLists.txt": "sw_module(base)\nsw_module(domain/key DEPS base TEST_DEPS testing)\n"
                              "sw_module(domain/stock DEPS domain/key)\nsw_module(testing)\n",
        "src/domain/key/key.h": '#include "base/error.h"\n#include <string>\n',
        "src/domain/key/key_test.cc": '#include "testing/any.h"\n',
        "src/domain/key/key.cc": '#include "domain/key/key.h"\n#include "testing/any.h"\n',
        "src/domain/stock/stock.cc": '#include "domain/key/key.h"\n#include "base/error.h"\n'
                                     '#include "../key/key.h"\n#include "key.h"\n',
        "src/stray.cc": "", "src/domain/other/other.h": ""})
    assert wrong_includes(tree) == [
        "src/domain/stock/stock.cc:3: include by the name of the module, not by ../key/key.h",
        'src/domain/key/key.cc:2: "testing/any.h": domain/key does not declare testing',
        "src/domain/other/other.h: belongs to no module of src/CMakeLists.txt",
        'src/domain/stock/stock.cc:2: "base/error.h": domain/stock does not declare base',
        'src/domain/stock/stock.cc:3: "../key/key.h": domain/stock does not declare ../key',
        'src/domain/stock/stock.cc:4: "key.h": domain/stock does not declare the folder src',
        "src/stray.cc: belongs to no module of src/CMakeLists.txt"]
