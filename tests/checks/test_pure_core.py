"""Below flow/ there is no clock, chance, environment, thread, file or console; some rooms above have
no thread either."""

import re

from tree import ROOT, code_of, fake_tree, lines_with, real_tree, report

PURE = ("src/base", "src/domain", "src/ports", "src/wire", "src/shop")
# Their tests are left out under the thread sanitizer (cmake/SwModule.cmake), as those of the pure ones.
WITHOUT_THREADS = ("src/flow", "src/config", "src/sim")
THREAD = "a thread or a lock"

BANNED = {
    "a clock": r"\b(system_clock|steady_clock|high_resolution_clock|utc_clock|file_clock)\b"
               r"|(?<![\w.>])(std::)?(time|clock|gettimeofday|clock_gettime|localtime(_r)?)\s*\("
               r"|<(ctime|sys/time\.h)>",
    "chance": r"\brandom_device\b|(?<![\w.>])(std::)?s?rand\s*\(|\bsrandom\b|<random>",
    "the environment": r"(?<![\w.>])(std::)?(secure_)?getenv\s*\(",
    THREAD: r"\bstd::(jthread|thread|async|atomic|(shared_|recursive_)?(timed_)?mutex"
            r"|condition_variable\w*|lock_guard|scoped_lock|unique_lock)\b"
            r"|\b(thread_local|sleep_for|sleep_until)\b"
            r"|<(thread|mutex|shared_mutex|atomic|future|condition_variable)>",
    "a file": r"\bstd::(filesystem|[io]?fstream)\b|\b(fopen|freopen)\s*\(|<(fstream|filesystem)>",
    "the console": r"\bstd::(cout|cerr|clog|cin)\b|<iostream>|<print>"
                   r"|(?<![\w.>])(std::)?(printf|puts|putchar|vprintf|perror)\s*\("
                   r"|\bstd(out|err|in)\b|\bfprintf\b",
}

# path: (what, reason)
EXCEPTIONS = {
    "src/base/assertion.cc": ("the console", "the last words of a process that must stop"),
}


def impurities(tree, exceptions):
    found, used = [], set()
    for name in tree.below(*PURE):
        code = code_of(tree.read(name))
        for what, pattern in BANNED.items():
            if what == "a file" and name.endswith("_test.cc"):
                continue  # tests may read what they compare with
            for line, words in lines_with(pattern, code):
                if name in exceptions and exceptions[name][0] == what:
                    used.add(name)
                else:
                    found.append(f"{name}:{line}: {what} below flow/: {words}")
    for name in tree.below(*WITHOUT_THREADS):
        for line, words in lines_with(BANNED[THREAD], code_of(tree.read(name))):
            found.append(f"{name}:{line}: {THREAD} in a room without threads: {words}")
    found += [f"{name}: the exception is no longer needed" for name in exceptions
              if name not in used]
    return found


def test_what_the_thread_sanitizer_leaves_out_has_no_threads():
    [rooms] = re.findall(r'SW_ROOMS_WITHOUT_THREADS "(.*)"', (ROOT / "cmake/SwModule.cmake").read_text())
    modules = re.findall(r"^sw_module\((\S+)", (ROOT / "src/CMakeLists.txt").read_text(), re.M)
    left_out = [f"src/{module}/" for module in modules if re.fullmatch(rooms.strip("^$"), module)]
    checked = tuple(f"{room}/" for room in (*PURE, *WITHOUT_THREADS))
    assert left_out and [room for room in left_out if not room.startswith(checked)] == []


def test_the_core_is_pure():
    report(impurities(real_tree(), EXCEPTIONS))


def test_an_impurity_is_found(tmp_path):
    tree = fake_tree(tmp_path, {
        "src/base/one.cc": "#include <ctime>\nauto t = std::chrono::steady_clock::now();\n"
                           "auto u = time(nullptr); auto v = std::time(nullptr);\n",
        "src/domain/two.cc": "std::random_device d;\nint x = std::rand();\n"
                             'auto y = std::getenv("HOME");\n',
        "src/wire/three.h": "std::mutex m;\nstd::thread t;\nthread_local int x;\n",
        "src/shop/four.cc": '#include <iostream>\nvoid F() { std::printf("x"); }\n',
        "src/ports/five.h": "std::ifstream in;\n",
        "src/domain/five_test.cc": "std::ifstream in;\n",
        "src/domain/good.cc": "// time(), std::cout\nchange.time(); x->clock(); wall_time(3);\n"
                              'auto s = "std::cout printf( time(";\nint snprintf(int);\n',
        "src/flow/six.cc": "auto t = std::chrono::steady_clock::now();\nstd::thread u;\n",
        "src/app/free.cc": "std::thread t;\n"})
    assert impurities(tree, {"src/wire/three.h": ("the console", "stale")}) == [
        "src/base/one.cc:1: a clock below flow/: <ctime>",
        "src/base/one.cc:2: a clock below flow/: steady_clock",
        "src/base/one.cc:3: a clock below flow/: time(",
        "src/base/one.cc:3: a clock below flow/: std::time(",
        "src/domain/two.cc:1: chance below flow/: random_device",
        "src/domain/two.cc:2: chance below flow/: std::rand(",
        "src/domain/two.cc:3: the environment below flow/: std::getenv(",
        "src/ports/five.h:1: a file below flow/: std::ifstream",
        "src/shop/four.cc:1: the console below flow/: <iostream>",
        "src/shop/four.cc:2: the console below flow/: std::printf(",
        "src/wire/three.h:1: a thread or a lock below flow/: std::mutex",
        "src/wire/three.h:2: a thread or a lock below flow/: std::thread",
        "src/wire/three.h:3: a thread or a lock below flow/: thread_local",
        "src/flow/six.cc:2: a thread or a lock in a room without threads: std::thread",
        "src/wire/three.h: the exception is no longer needed"]
