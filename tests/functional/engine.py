"""A running engine: started, asked, stopped or killed by a test, and held against a replay in memory."""

import contextlib
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import threading
import time

from conftest import PATIENCE, ROOT

EXPORTED = {"items.ndjson": ["state", "export"], "rollups.ndjson": ["state", "export", "--rollups"],
            "demand.ndjson": ["state", "export", "--demand"],
            "alerts.ndjson": ["alerts", "list"], "deadletters.ndjson": ["deadletters", "list"]}


def how_many(name, default):
    return int(os.environ.get(f"STOCKWATCH_{name}", default))


def draw(name):
    """Random numbers of this commit, or of STOCKWATCH_SEED; a test that fails shows the seed."""
    seed = os.environ.get("STOCKWATCH_SEED")
    if seed is None:
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True,
                              text=True, check=False).stdout.strip()
        seed = head[:12] or "1"
    print(f"{name}: STOCKWATCH_SEED={seed}")
    return random.Random(f"{seed}/{name}")


@contextlib.contextmanager
def quiet_port():
    """One at which nobody listens and that nobody else is given meanwhile; who asks for it by number gets it."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


class Engine:
    """`stockwatch run` with these flags, on a port that is free; dead when the block ends.

    The admin key that a first start shows is remembered by the store, and commands that a test
    runs get it from the environment."""

    keys = {}  # by store

    def __init__(self, binary, *flags, port=0, stdin=subprocess.DEVNULL, **others):
        self.store = str(flags[flags.index("--store") + 1]) if "--store" in flags else None
        self.lines, self.said = [], []  # of the log; of the console
        self.news = threading.Condition()
        self.closed = False
        self.process = subprocess.Popen(
            [str(binary), "run", "--port", str(port), *map(str, flags)],
            stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **others)
        self.readers = [threading.Thread(target=self._read_log, daemon=True),
                        threading.Thread(target=self._read_console, daemon=True)]
        for reader in self.readers:
            reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.kill()

    def _read_log(self):
        for line in self.process.stderr:
            with self.news:
                self.lines.append(line.decode())
                self.news.notify_all()
        with self.news:
            self.closed = True
            self.news.notify_all()

    def _read_console(self):
        for line in self.process.stdout:
            text = line.decode()
            with self.news:
                if text.startswith("swk_"):
                    Engine.keys[self.store] = os.environ["STOCKWATCH_KEY"] = text.strip()
                elif not text.startswith("The admin key"):
                    self.said.append(text)
                self.news.notify_all()

    # -- what it logs -------------------------------------------------------------------------
    def events(self, event):
        found = []
        for line in self.lines:
            with contextlib.suppress(ValueError):  # test_health.py says that each is an object
                row = json.loads(line)
                if row["event"] == event:
                    found.append(row)
        return found

    def wait_for(self, event, times=1):
        """The last of so many lines of this event; fails where it ends without."""
        with self.news:
            self.news.wait_for(lambda: self.closed or len(self.events(event)) >= times, PATIENCE)
            found = self.events(event)
        assert len(found) >= times, f"no {event!r} in\n{''.join(self.lines)}"
        return found[-1]

    @property
    def port(self):
        return self.wait_for("started")["port"]

    @property
    def key(self):
        """The admin key of its store, or that of the store it was copied from."""
        self.wait_for("started")
        if self.events("admin_key_made"):
            with self.news:
                self.news.wait_for(lambda: self.closed or self.store in Engine.keys, PATIENCE)
        return Engine.keys.get(self.store) or os.environ.get("STOCKWATCH_KEY", "")

    @property
    def url(self):
        """For the commands beside it, which have its key then."""
        os.environ["STOCKWATCH_KEY"] = self.key
        return f"http://127.0.0.1:{self.port}"

    # -- what it answers ----------------------------------------------------------------------
    def exchange(self, path, method="GET", body=None, headers=()):
        """(status, headers, text); without a key but that in the headers. An engine that is busy for ten seconds
        says so and has done nothing: it is asked again."""
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self._exchange(path, method, body, headers)
            if answer[0] != 503 or "the engine is busy" not in answer[2] or time.monotonic() > deadline:
                return answer

    def _exchange(self, path, method, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body=body, headers=dict(headers))
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()

    def command(self, method, path, body, headers):
        """(status, text) of something that changes the engine."""
        if not isinstance(body, bytes):
            body = json.dumps(body or {}).encode()
        return self.ask(path, method, body, {"Content-Type": "application/json", **headers})

    def ask(self, path, method="GET", body=None, headers=()):
        """(status, text); what changes something has the key"""
        headers = dict(headers)
        if method != "GET":
            headers.setdefault("Authorization", f"Bearer {self.key}")
        status, _, text = self.exchange(path, method, body, headers)
        return status, text

    def state(self):
        status, text = self.ask("/api/v1/state")
        assert status == 200, text
        return json.loads(text)

    def until(self, true, what="it", moves=lambda: None):
        """Asks again and again, with a deadline; a new one as often as what `moves` gives is another."""
        deadline, seen = time.monotonic() + PATIENCE, None
        while not true():
            assert self.process.poll() is None, "".join(self.lines)
            before, seen = seen, moves()
            if seen != before:
                deadline = time.monotonic() + PATIENCE
            assert time.monotonic() < deadline, f"{what} did not come: {''.join(self.lines)}"
            self.lasts(0.01)

    def read(self):
        """How many changes."""
        return self.state()["changes"]["read"]

    def until_read(self, changes):
        """As long as more of them come: how many a second is the machine's matter."""
        read = [0]

        def enough():
            read[0] = self.read()
            return read[0] >= changes

        self.until(enough, f"{changes} changes read", lambda: read[0])

    # -- its end ------------------------------------------------------------------------------
    def lasts(self, seconds):
        """Whether it still runs when so much time has passed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(seconds, 0.0001))
            return False
        return True

    def send(self, number):
        self.process.send_signal(number)

    def wait(self):
        """Its exit code, when all that it said is read."""
        code = self.process.wait(timeout=PATIENCE)
        for reader in self.readers:
            reader.join(PATIENCE)
        return code

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        return self.wait()

    def stop(self, number=signal.SIGTERM):
        """(exit code, seconds that it took)"""
        began = time.monotonic()
        self.send(number)
        return self.wait(), time.monotonic() - began


class Reference:
    """What a replay of a file in memory leaves: its summary and the bytes of its four lists."""

    def __init__(self, run_bytes, folder, changes, settings):
        self.run_bytes, self.settings, self.empty = run_bytes, settings, folder / "empty.ndjson"
        self.empty.write_bytes(b"")
        self.summary = self._replay(changes, "--export", folder / "reference")
        self.lists = {name: (folder / "reference" / name).read_bytes() for name in EXPORTED}

    def _replay(self, *flags):
        done = self.run_bytes("replay", *flags, "--config", self.settings, "--output", "json")
        assert done.returncode == 0, done.stderr.decode()
        summary = json.loads(done.stdout)
        return {name: value for name, value in summary.items()
                if name not in ("seconds", "changes_per_second")}

    def check(self, store, of_a_file=True, besides=None):
        """The store has this and nothing else: nothing lost, nothing twice, nothing broken. Lines with
        `besides` are no matter."""
        verified = self.run_bytes("state", "verify", "--store", store)
        assert verified.returncode == 0, (verified.stdout + verified.stderr).decode()
        inspected = json.loads(self.run_bytes("state", "inspect", "--store", store).stdout)
        assert inspected["changes"] == self.summary["changes"]
        ours = lists(self.run_bytes, "--store", store)
        if besides:
            ours = {name: b"".join(line for line in text.splitlines(True) if besides not in line)
                    for name, text in ours.items()}
        compare(ours, self.lists)
        # With nothing new to read, the summary is that of the store.
        assert not of_a_file or self._replay(self.empty, "--store", store) == self.summary


def lists(run_bytes, *where):
    """The bytes of the four lists of a store, or of a running engine."""
    found = {}
    for name, command in EXPORTED.items():
        done = run_bytes(*command, *where)
        assert done.returncode == 0, done.stderr.decode()
        found[name] = done.stdout
    return found


def compare(ours, theirs):
    for name in EXPORTED:
        a, b = ours[name].splitlines(), theirs[name].splitlines()
        for number, (mine, other) in enumerate(zip(a, b), 1):
            assert mine == other, f"{name} line {number}\n{mine.decode()}\n{other.decode()}"
        assert len(a) == len(b), f"{name}: {len(a)} lines instead of {len(b)}"


def one_line(done, *words):
    """A command that failed says why in one line, with these words in it."""
    stderr = done.stderr if isinstance(done.stderr, str) else done.stderr.decode()
    assert done.returncode == 1, (done.returncode, done.stdout, stderr)
    assert stderr.count("\n") == 1 and stderr.startswith("stockwatch: "), stderr
    for word in words:
        assert str(word) in stderr, stderr
    return stderr


def refused(engine, *words, code=1):
    """An engine that does not start says why in one line of its log; code 2: it was used wrongly."""
    assert engine.wait() == code, "".join(engine.lines)
    [row] = [json.loads(line) for line in engine.lines]
    assert (row["event"], row["level"]) == ("refused", "error"), row
    for word in words:
        assert str(word) in row["message"], row
    return row["message"]


def tree(folder):
    """Every file below, with its bytes; but LOCK, whose text is the last process that looked."""
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path != folder / "LOCK"}
