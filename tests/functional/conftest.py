"""What every functional test needs: the real binary, the oracle, and a way to run both."""

import contextlib
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS_MAX = 600  # of a command, however slow the machine is
PATIENCE = 120  # seconds until a test gives up on something that must come, on a slow machine too


def real_data():
    """The folder with the real shop's year, or None where it is not at hand."""
    base = os.environ.get("STOCKWATCH_DATA", str(ROOT.parent / "shared" / "data"))
    path = pathlib.Path(base) / "online-retail" / "online-retail-2010-12-to-2011-09.csv.gz"
    return path if path.exists() else None


@pytest.fixture(scope="session")
def binary():
    path = pathlib.Path(os.environ.get("STOCKWATCH_BINARY",
                                       ROOT / "build" / "release" / "stockwatch"))
    assert path.exists(), f"build the binary first (make build): {path}"
    return path


@pytest.fixture
def stockwatch(binary):
    """Runs the binary; gives the finished process with its text output."""

    def run(*args, stdin=None):
        return subprocess.run([str(binary), *map(str, args)], input=stdin, capture_output=True,
                              text=True, timeout=SECONDS_MAX, check=False)

    return run


@pytest.fixture
def replay(stockwatch):
    """Replays a file; gives the summary without its two timing fields."""

    def run(changes, *args):
        done = stockwatch("replay", changes, "--output", "json", *args)
        assert done.returncode == 0, done.stderr
        summary = json.loads(done.stdout)
        assert summary.pop("seconds") >= 0
        assert summary.pop("changes_per_second") >= 0
        return summary

    return run


@pytest.fixture
def oracle(tmp_path):
    """The independent model's summary of the same file."""

    def run(changes, settings, export):
        done = subprocess.run(
            [sys.executable, str(ROOT / "tests/oracle/run_oracle.py"), str(changes), "--settings",
             str(settings), "--export", str(export), "--output", "json"],
            capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture
def run_bytes(binary):
    """Runs the binary on bytes; gives the finished process with its output as bytes."""

    def run(*args, stdin=b"", **others):
        return subprocess.run([str(binary), *map(str, args)], input=stdin, timeout=SECONDS_MAX,
                              check=False, capture_output=True, **others)

    return run


@pytest.fixture
def fast_path(tmp_path):
    """A folder in memory where there is room for one: for stores that need no disk to be tested."""
    memory = "/dev/shm"
    try:
        roomy = shutil.disk_usage(memory).free > 2 << 30
    except OSError:
        roomy = False
    if not roomy:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory, prefix="stockwatch-") as folder:
        yield pathlib.Path(folder)


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The 5,000 generated lines of the Online Retail example: their CSV and their changes."""
    folder = tmp_path_factory.mktemp("sample")
    example = ROOT / "examples" / "online-retail"
    with (folder / "sample.csv").open("wb") as out:
        subprocess.run([sys.executable, str(example / "generate_sample.py")], stdout=out,
                       check=True, timeout=SECONDS_MAX)
    subprocess.run([sys.executable, str(example / "convert.py"), str(folder / "sample.csv"), "-o",
                    str(folder / "changes.ndjson")], check=True, capture_output=True, timeout=SECONDS_MAX)
    return {"csv": folder / "sample.csv", "changes": folder / "changes.ndjson",
            "settings": example / "stockwatch.yaml"}


@pytest.fixture(scope="session")
def shared_mongo(tmp_path_factory):
    """One server for all tests that do not stop it: each has a database of its own."""
    import mongo_server
    if mongo_server.missing():
        pytest.skip(mongo_server.missing())
    if mongo_server.users_uri():
        with contextlib.closing(mongo_server.UsersServer(mongo_server.users_uri())) as server:
            yield server
        return
    with mongo_server.MongoServer(tmp_path_factory.mktemp("mongo")) as server:
        server.until_ready()
        yield server


@pytest.fixture
def mongo_shop(shared_mongo):
    """An empty database on the shared server."""
    shared_mongo.databases = getattr(shared_mongo, "databases", 0) + 1
    return shared_mongo.client()[f"{shared_mongo.prefix}{shared_mongo.databases}"]


@pytest.fixture
def mongo(tmp_path):
    """Starts servers of the test's own; flags are those of the server."""
    import mongo_server
    if mongo_server.missing():
        pytest.skip(mongo_server.missing())
    if mongo_server.users_uri():
        pytest.skip("needs a server that the test may start and kill")
    numbers = itertools.count()
    with contextlib.ExitStack() as servers:
        def start(*flags, **others):
            folder = tmp_path / f"mongo-{next(numbers)}"
            return servers.enter_context(mongo_server.MongoServer(folder, *flags, **others))

        yield start
