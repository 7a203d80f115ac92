"""A TCP proxy that breaks what goes through it: between an engine and the server that it reads."""

import contextlib
import random
import socket
import threading
import time


class FaultProxy:
    """Listens on a port that is free and passes bytes on to `port`; faults come from a seed or by name."""

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.pairs = []  # of sockets
        self.stalled_until = 0.0
        self.piece = 65536  # bytes that go on at a time
        self.cut_after = None  # bytes of answers, then the connection is cut in their midst
        self.ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ended = True
        self.listener.close()
        self.cut()

    def _accept(self):
        while not self.ended:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            with self.lock:
                self.pairs.append((client, server))
            for source, sink, answers in ((client, server, False), (server, client, True)):
                threading.Thread(target=self._pass_on, args=(source, sink, answers),
                                 daemon=True).start()

    def _pass_on(self, source, sink, answers):
        with contextlib.suppress(OSError):
            while data := source.recv(self.piece):
                while time.monotonic() < self.stalled_until and not self.ended:
                    time.sleep(0.01)
                if answers and self._is_cut_in(len(data)):
                    sink.sendall(data[:len(data) // 2])
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _is_cut_in(self, size):
        with self.lock:
            if self.cut_after is None:
                return False
            self.cut_after -= size
            cut = self.cut_after < 0
            if cut:
                self.cut_after = None
            return cut

    # -- faults -----------------------------------------------------------------------------------
    def cut(self):
        """Every connection, at once."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def cut_in_an_answer(self, after):
        self.cut_after = after

    def stall(self, seconds):
        """A black hole: connections stay, nothing comes."""
        self.stalled_until = time.monotonic() + seconds

    def slice(self, size):
        self.piece = size

    def any_fault(self, draws: random.Random):
        kind = draws.choice(["cut", "half", "stall", "slice", "whole"])
        if kind == "cut":
            self.cut()
        elif kind == "half":
            self.cut_in_an_answer(draws.randrange(1, 20_000))
        elif kind == "stall":
            self.stall(draws.uniform(0.1, 1.2))
        else:
            self.slice(draws.randrange(1, 64) if kind == "slice" else 65536)
        return kind
