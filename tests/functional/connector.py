"""A running `stockwatch connect`: started, stopped or killed by a test."""

import contextlib
import signal
import subprocess
import threading
import time

from conftest import PATIENCE


class Connector:
    """A running one; killed when the block ends."""

    def __init__(self, binary, uri, config, to, *flags):
        self.to, self.lines = to, []
        self.process = subprocess.Popen(
            [str(word) for word in (binary, "connect", "--source", uri, "--config", config, "--to", to,
                                    *flags)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stderr), daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def kill(self):
        self.process.kill()
        return self.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        code = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return code

    def lasts(self, seconds):
        """Whether it still runs when so much time has passed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(seconds, 0.0001))
            return False
        return True

    def said(self, event):
        return any(f'"event":"{event}"' in line for line in list(self.lines))

    def until(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, f"{what}: it has ended\n" + "".join(self.lines)
            assert time.monotonic() < end, f"{what} did not come\n" + "".join(self.lines)
            time.sleep(0.02)


def lines_of(path):
    """Whole ones."""
    return path.read_text().split("\n")[:-1] if path.exists() else []
