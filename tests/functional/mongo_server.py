"""A server that speaks MongoDB's wire protocol, as a process of its own: started, asked, killed, started again by a test.

It is SecantusDB. Where it differs from a real server is written in test_mongo_server.py, which also holds
it to what our tests rely on."""

import contextlib
import importlib.util
import os
import pathlib
import re
import site
import subprocess
import sys
import threading
import time

from conftest import PATIENCE, ROOT

ENVIRONMENT = ROOT / ".tools" / "tests"
SERVER = ENVIRONMENT / "bin" / "secantusd-py"

if importlib.util.find_spec("pymongo") is None:  # a pytest of another environment
    for folder in ENVIRONMENT.glob(f"lib/python3.{sys.version_info.minor}/site-packages"):
        site.addsitedir(str(folder))

try:
    import pymongo
except ImportError:
    pymongo = None


def users_uri():
    return os.environ.get("STOCKWATCH_MONGO_URI")


def missing():
    """Why there is no server here; None where there is one."""
    if pymongo is None or (not SERVER.exists() and not users_uri()):
        return "no SecantusDB and pymongo here: tools/install-test-packages"
    return None


class MongoServer:
    """Running when the block begins, dead when it ends; it keeps folder and port over restarts."""

    prefix = "shop"  # of the names of databases

    def __init__(self, folder, *flags, heartbeat_seconds=1):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        # A file is looked for in the working directory otherwise.
        (self.folder / "config.toml").write_text("")
        self.flags = ["--noop-heartbeat-seconds", heartbeat_seconds, *flags]
        self.port, self.process, self.lines, self.clients = 0, None, [], []
        self.options = {}  # of every client
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self, *more):
        """Until it listens; where it ends while it starts, again."""
        for last in (False, False, True):
            if self.listens(*more):
                return self
            assert not last, "".join(self.lines)

    def listens(self, *more):
        """Without --sync-on-commit a kill would take back what was acknowledged and read."""
        # Of this process alone: the end of one before may be read later.
        self.lines, news = (lines := []), threading.Condition()
        self.process = process = subprocess.Popen(
            [str(word) for word in (
                SERVER, "--host", "127.0.0.1", "--port", self.port, "--storage-path",
                self.folder / "db", "--config", self.folder / "config.toml", "--sync-on-commit",
                "--enable-test-commands", *self.flags, *more)],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)

        def read():
            for line in process.stderr:
                with news:
                    lines.append(line)
                    news.notify_all()
            with news:
                lines.append("(ended)\n")
                news.notify_all()

        threading.Thread(target=read, daemon=True).start()

        def listening():
            return re.search(r"listening on 127\.0\.0\.1:(\d+)|\(ended\)", "".join(lines))

        with news:
            news.wait_for(listening, PATIENCE)
            found = listening()
        if not found or not found[1]:
            process.kill()
            process.wait()
            return False
        self.port = int(found[1])
        return True

    def client(self, **options):
        """A client of pymongo that ends with the server."""
        client = pymongo.MongoClient(
            "127.0.0.1", self.port, replicaSet="secantus", serverSelectionTimeoutMS=PATIENCE * 1000,
            **{**self.options, **options})
        self.clients.append(client)
        return client

    def until_ready(self, **options):
        deadline = time.monotonic() + PATIENCE
        client = self.client(**options)
        while True:
            try:
                client.admin.command("ping")
                return client
            except pymongo.errors.AutoReconnect:
                assert time.monotonic() < deadline, "".join(self.lines)

    @property
    def uri(self):
        return f"mongodb://127.0.0.1:{self.port}/?replicaSet=secantus"

    def kill(self):
        for client in self.clients:
            with contextlib.suppress(Exception):
                client.close()
        self.clients = []
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def restart(self, *more):
        """As after a crash; on the same port."""
        self.kill()
        return self.start(*more)


class UsersServer:
    """A replica set of the user's own, by STOCKWATCH_MONGO_URI: it is neither started nor stopped, and of
    it we touch databases of a name of this run alone, dropped at the end."""

    def __init__(self, uri):
        self.uri, self.clients = uri, []
        self.prefix = f"stockwatch_acceptance_{os.getpid()}_"

    def client(self, **options):
        self.clients.append(pymongo.MongoClient(
            self.uri, serverSelectionTimeoutMS=PATIENCE * 1000, **options))
        return self.clients[-1]

    def close(self):
        with self.client() as client:
            for name in client.list_database_names():
                if name.startswith(self.prefix):
                    client.drop_database(name)
        for client in self.clients:
            client.close()


class Stream:
    """A change stream of a database by raw commands: what a driver hides is what we test."""

    def __init__(self, database, pipeline=(), **options):
        self.database = database
        self.seen = []  # events
        cursor = {} if "batch_size" not in options else {"batchSize": options.pop("batch_size")}
        self.reply = database.command(
            "aggregate", 1, pipeline=[{"$changeStream": options}, *pipeline], cursor=cursor)
        self._take("firstBatch")

    def _take(self, name):
        cursor = self.reply["cursor"]
        self.id, self.token = cursor["id"], cursor.get("postBatchResumeToken")
        self.batch = cursor[name]
        self.seen += self.batch
        return self.batch

    def more(self, wait_ms=200, **options):
        self.reply = self.database.command("getMore", self.id, collection="$cmd.aggregate",
                                           maxTimeMS=wait_ms, **options)
        return self._take("nextBatch")

    def until(self, count):
        """At least so many events, of all that this stream has given."""
        deadline = time.monotonic() + PATIENCE
        while len(self.seen) < count:
            assert time.monotonic() < deadline, self.seen
            self.more()
        return self.seen

    def types(self):
        return [event["operationType"] for event in self.seen]
