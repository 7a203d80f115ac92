"""A receiver of webhooks for the tests, and the other side of Standard Webhooks, written from its specification."""

import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import threading
import time

import jsonschema

from conftest import PATIENCE, ROOT

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
SCHEMA = json.loads((ROOT / "api/schemas/notice.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def signature(key, headers, body):
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


class Post:
    """One request as it came; it is checked when it comes."""

    def __init__(self, headers, body, key):
        self.headers, self.body, self.at = dict(headers), body, time.time()
        self.id = self.headers["webhook-id"]
        assert signature(key, self.headers, body) in self.headers["webhook-signature"].split(" ")
        assert abs(int(self.headers["webhook-timestamp"]) - time.time()) < 60
        assert self.headers["Content-Type"] == "application/json"
        assert len(body) <= 64 * 1024
        self.notice = json.loads(body)
        VALIDATOR.validate(self.notice)
        assert self.notice["data"]["key"] == self.id

    @property
    def type(self):
        return self.notice["type"]

    @property
    def sku(self):
        return self.notice["data"].get("alert", {}).get("subject", {}).get("sku")


class Receiver:
    """Listens on a port that is free. `answer` is a function of the post and its number that writes on the handler; without: 204."""

    def __init__(self, answer=None, port=0):
        self.posts, self.mistakes = [], []
        self.news = threading.Condition()
        self.answer = answer
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.news:
                    try:
                        post = Post(self.headers, body, KEY)
                    except Exception as mistake:  # the test's thread tells of it
                        receiver.mistakes.append(repr(mistake))
                        raise
                    number = len(receiver.posts)
                    receiver.posts.append(post)
                    receiver.news.notify_all()
                with contextlib.suppress(OSError):
                    if receiver.answer is None:
                        say(self, 204)
                    else:
                        receiver.answer(self, post, number)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 128

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        assert not self.mistakes, self.mistakes

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self):
        return self.server.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook"

    def wait(self, true, what="posts", patience=PATIENCE):
        """Until it is so of the posts that came."""
        with self.news:
            came = self.news.wait_for(lambda: self.mistakes or true(self.posts), patience)
        assert not self.mistakes, self.mistakes
        assert came, f"{what} did not come: {[(p.type, p.sku) for p in self.posts]}"
        return self.posts

    def wait_for(self, count, **others):
        return self.wait(lambda posts: len(posts) >= count, f"{count} posts", **others)


def say(handler, status, body=b"", **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), str(value))
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def settings(folder, url, channel="", more="", timeout="30s"):
    """A settings file with one webhook, "ops", and the file of its secret. A post whose answer takes longer than the
    timeout goes again: but for tests of that, it is long enough for a machine that is slow."""
    (folder / "secret").write_text(SECRET + "\n")
    path = folder / "stockwatch.yaml"
    path.write_text(f"""
thresholds:
  rules:
    - {{id: default, default: true, low: 10, critical: 3}}
channels:
  ops:
    type: webhook
    url: {url}
    secret_file: {folder / 'secret'}
    allow_private: true
    timeout: {timeout}
{channel}
{more}
""")
    return path
