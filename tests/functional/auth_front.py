"""A door before a MongoDB server: it asks who comes in ways that the test server does not know.

Users prove themselves by SCRAM-SHA-1 or SCRAM-SHA-256 (RFC 5802), or by the certificate of their
connection (MONGODB-X509). What they ask behind it goes on to the server as it is.
"""

import base64
import contextlib
import hashlib
import hmac
import os
import socket
import struct
import threading

import mongo_server  # noqa: F401  makes pymongo's bson importable

from bson import decode, encode

OP_MSG = 2013  # every other message of a client is the first hello, OP_QUERY
OPEN_TO_ALL = {"hello", "isMaster", "ismaster", "buildInfo", "endSessions"}
ROUNDS = 4096
SALTS = {"sha1": b"salt of the test", "sha256": b"the longer salt of this test"}  # four less than a digest


def failure(code, name, message):
    return {"ok": 0.0, "code": code, "codeName": name, "errmsg": message}


REFUSED = failure(18, "AuthenticationFailed", "Authentication failed.")


class Scram:
    """One conversation; after it `user` is who came, or None."""

    def __init__(self, algorithm, users):
        self.algorithm, self.users, self.user = algorithm, users, None

    def answer(self, command):
        payload = bytes(command["payload"]).decode()
        if "saslStart" in command:
            wanted = f"SCRAM-{'SHA-1' if self.algorithm == 'sha1' else 'SHA-256'}"
            if command["mechanism"] != wanted:
                return failure(2, "BadValue", f"unsupported mechanism {command['mechanism']}")
            return self._start(payload)
        return self._finish(payload, command) if payload else self._say("", done=True)

    def _say(self, payload, done=False):
        return {"ok": 1.0, "conversationId": 1, "done": done, "payload": payload.encode()}

    def _start(self, payload):
        self.first = payload.removeprefix("n,,")
        said = dict(part.split("=", 1) for part in self.first.split(","))
        self.name = said["n"].replace("=2C", ",").replace("=3D", "=")
        self.nonce = said["r"] + base64.b64encode(os.urandom(18)).decode()
        self.challenge = f"r={self.nonce},s={base64.b64encode(SALTS[self.algorithm]).decode()},i={ROUNDS}"
        return self._say(self.challenge)

    def _hmac(self, key, text):
        return hmac.new(key, text.encode(), self.algorithm).digest()

    def _finish(self, payload, command):
        rest, proof = payload.rsplit(",p=", 1)
        password = self.users.get(self.name, "")
        if self.algorithm == "sha1":  # the digest of MongoDB's first users is the password here
            password = hashlib.md5(f"{self.name}:mongo:{password}".encode()).hexdigest()
        salted = hashlib.pbkdf2_hmac(self.algorithm, password.encode(),
                                     SALTS[self.algorithm], ROUNDS)
        key = self._hmac(salted, "Client Key")
        said = f"{self.first},{self.challenge},{rest}"
        signature = self._hmac(hashlib.new(self.algorithm, key).digest(), said)
        wanted = bytes(a ^ b for a, b in zip(key, signature))
        if self.name not in self.users or f"r={self.nonce}" not in rest.split(",") or \
                not hmac.compare_digest(wanted, base64.b64decode(proof)):
            return REFUSED
        self.user = self.name
        ours = self._hmac(self._hmac(salted, "Server Key"), said)
        return self._say("v=" + base64.b64encode(ours).decode(), done=True)


class Certificate:
    """Who the certificate of the connection names, as its subject's parts from the last to the first."""

    def __init__(self, connection, users):
        self.connection, self.users, self.user = connection, users, None

    def answer(self, command):
        subject = self.connection.getpeercert().get("subject", ())
        short = {"commonName": "CN", "organizationName": "O"}
        name = ",".join(f"{short.get(key, key)}={value}" for ((key, value),) in reversed(subject))
        good = command.get("mechanism") == "MONGODB-X509" and name in self.users
        if not good or command.get("user", name) != name:
            return REFUSED
        self.user = name
        return {"ok": 1.0, "dbname": "$external", "user": name}


class AuthFront:
    """Before `port`, on one that is free. `door`: makes the conversation of a connection."""

    def __init__(self, port, door, tls=None):
        self.target, self.door, self.tls = port, door, tls
        self.lock = threading.Lock()  # an engine has several connections
        self.refused = 0  # conversations that ended badly
        self.entered = []  # who came in
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with contextlib.suppress(OSError, EOFError), contextlib.ExitStack() as ends:
            ends.callback(client.close)
            if self.tls:
                client = self.tls.wrap_socket(client, server_side=True)
                ends.callback(client.close)
            server = ends.enter_context(socket.create_connection(("127.0.0.1", self.target)))
            door = self.door(client)
            while True:
                self._pass(client, server, door)

    def _pass(self, client, server, door):
        header, body = message_from(client)
        _, number, _, code = header
        # Of OP_QUERY: flags, name of the collection, how many to skip and to return.
        start = 5 if code == OP_MSG else body.index(b"\0", 4) + 1 + 8
        command = decode(body[start:start + struct.unpack_from("<i", body, start)[0]])
        name = next(iter(command))
        if name in ("authenticate", "saslStart", "saslContinue"):
            reply = door.answer(command)
            with self.lock:
                self.refused += not reply["ok"]
                if door.user and door.user not in self.entered:
                    self.entered.append(door.user)
            client.sendall(reply_bytes(number, reply))
        elif name not in OPEN_TO_ALL and not door.user:
            client.sendall(reply_bytes(number, failure(13, "Unauthorized", "not authorized")))
        else:
            if command.pop("speculativeAuthenticate", None):
                body = body[:start] + encode(command)
            server.sendall(struct.pack("<4i", 16 + len(body), *header[1:]) + body)
            if code == OP_MSG and body[0] & 2:  # nobody waits for an answer
                return
            back, answer = message_from(server)
            client.sendall(struct.pack("<4i", *back) + answer)


def message_from(connection):
    header = struct.unpack("<4i", exactly(connection, 16))
    return header, exactly(connection, header[0] - 16)


def exactly(connection, size):
    found = b""
    while len(found) < size:
        data = connection.recv(size - len(found))
        if not data:
            raise EOFError
        found += data
    return found


def reply_bytes(number, document):
    body = struct.pack("<iB", 0, 0) + encode(document)
    return struct.pack("<4i", 16 + len(body), 1, number, OP_MSG) + body
