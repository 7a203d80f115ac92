"""Notices reach a webhook as promised: signed, by their schema, once, whatever the receiver does."""

import json
import signal
import threading
import time

import pytest

from contract import Contract
from engine import Engine, quiet_port, refused
from receiver import KEY, PATIENCE, SCHEMA, Receiver, say, settings, signature
from shop_lines import Shop, text


@pytest.fixture
def shop(fast_path):
    """A file of changes that grows: each item opens an alert when it comes."""

    class Growing(Shop):
        def __init__(self):
            super().__init__()
            self.path = fast_path / "changes.ndjson"
            self.path.write_bytes(b"")

        def happens(self, *events):
            with self.path.open("ab") as file:
                file.write(text(events))

    return Growing()


@pytest.fixture
def run(binary, fast_path, shop):
    def start(config, *flags):
        return Engine(binary, "--source", shop.path, "--store", fast_path / "store", "--config",
                      config, "--quiet", *flags)

    return start


def deliveries(engine):
    status, lines = engine.ask("/api/v1/state/deliveries")
    assert status == 200, lines
    return [json.loads(line) for line in lines.splitlines()]


def until_state(engine, sku, state):
    """The delivery about that item, when it has come to that."""
    found = []

    def there():
        found[:] = [d for d in deliveries(engine)
                    if d["subject"].get("sku") == sku and d["state"] == state]
        return found

    engine.until(there, f"{sku} {state}")
    return found[0]


def test_an_alert_and_its_end_are_posted(fast_path, shop, run):
    with Receiver() as receiver, run(settings(fast_path, receiver.url)) as engine:
        shop.happens(shop.item("A", 50, warehouse="W2"),
                     shop.item("A", 7, name="Mug", price=2.5))
        [post] = receiver.wait_for(1)
        alert, item = post.notice["data"]["alert"], post.notice["data"]["item"]
        assert post.type == "alert.opened"
        assert alert["type"] == "low_stock" and alert["value"] == 7 and alert["threshold"] == 10
        assert alert["rule"] == {"id": "default", "version": 1, "author": "settings",
                                 "reason": None}
        assert alert["compare"] == "available"
        assert post.notice["data"]["links"]["why"] == (
            f"{engine.url}/api/v1/alerts/{alert['id']}/why")
        assert item["name"] == "Mug" and item["available"] == 7
        assert item["price"] == {"amount": 2.5, "currency": "USD"}
        assert item["elsewhere"] == [{"warehouse_id": "W2", "available": 50}]
        assert post.id == f"{alert['id']}/0/default/ops/0"
        shop.happens(shop.item("A", 70, operation="update", name="Mug", price=2.5))
        receiver.wait_for(2)
        resolved = receiver.posts[1].notice
        assert resolved["type"] == "alert.resolved"
        assert resolved["data"]["alert"]["cause"] == "cleared"
        assert resolved["data"]["alert"]["opening_value"] == 7
        assert resolved["data"]["alert"]["value"] == 70
        engine.until(lambda: [d["state"] for d in deliveries(engine)] == ["delivered"] * 2)
        [one, two] = deliveries(engine)
        assert one["attempts"] == 1 and one["recent"][0]["status"] == 204
        status, page = engine.ask("/api/v1/deliveries?state=delivered&limit=1")
        assert status == 200 and json.loads(page)["items"][0]["id"] == one["id"]
        status, answer = engine.ask(f"/api/v1/deliveries/{two['id']}")
        assert status == 200 and json.loads(answer)["key"] == two["key"]
        metrics = engine.ask("/metrics")[1]
        engine.until(lambda: 'stockwatch_notices_ended_total{state="delivered"} 2'
                     in engine.ask("/metrics")[1])
        assert 'stockwatch_channel_breaker{channel="ops"} 0' in metrics


def test_an_end_never_comes_before_its_opening(fast_path, shop, run):
    failed = set()

    def answer(handler, post, _):
        fails = post.type == "alert.opened" and post.id not in failed
        failed.add(post.id)
        say(handler, 500 if fails else 204)

    skus = [f"A{n}" for n in range(5)]
    with Receiver(answer) as receiver, run(settings(
            fast_path, receiver.url, more="delivery: {breaker: {failures_max: 100}}")) as engine:
        shop.happens(*(shop.item(sku, 7) for sku in skus),
                     *(shop.item(sku, 70, operation="update") for sku in skus))
        posts = receiver.wait_for(15)
        for sku in skus:
            assert [p.type for p in posts if p.sku == sku] == [
                "alert.opened", "alert.opened", "alert.resolved"]
        engine.until(lambda: [d["state"] for d in deliveries(engine)] == ["delivered"] * 10)


def test_a_notice_names_the_figure_that_was_compared_and_who_wanted_it(fast_path, shop, run):
    with Receiver() as receiver:
        config = settings(fast_path, receiver.url)
        config.write_text(config.read_text().replace(
            "low: 10", "low: 10, compare: position, author: ada, reason: sale, max: 100"))
        with run(config):
            shop.happens(shop.item("A", 7, inbound=2), shop.item("B", 0), shop.item("C", 101))
            alerts = {p.sku: p.notice["data"]["alert"] for p in receiver.wait_for(3)}
    assert {sku: (alert["type"], alert["compare"], alert["value"])
            for sku, alert in alerts.items()} == {
                "A": ("low_stock", "position", 9), "B": ("out_of_stock", "available", 0),
                "C": ("overstock", "on_hand", 101)}
    assert alerts["A"]["rule"] == {"id": "default", "version": 1, "author": "ada",
                                   "reason": "sale"}


CHANNELS = """  grouped:
    type: webhook
    url: {url}
    secret_file: {folder}/secret
    allow_private: true
    group_by: category
    group_wait: 300ms
  gone:
    type: webhook
    url: {gone}
    secret_file: {folder}/secret
    allow_private: true
"""


def test_every_kind_of_notice_and_of_subject_is_as_the_schema_says(
        fast_path, shop, run, stockwatch):
    """The receiver holds each post against the schema; here all kinds come."""
    with Receiver() as receiver, Receiver(lambda handler, *_: say(handler, 410)) as gone:
        config = settings(fast_path, receiver.url, CHANNELS.format(
            url=receiver.url, gone=gone.url, folder=fast_path))
        config.write_text(config.read_text().replace("critical: 3", "critical: 3, low_share: 0.5"))
        with run(config) as engine:
            shop.happens(*(shop.item(f"M{n}", 7, department="home", category="mugs")
                           for n in range(5)))
            shop.happens(*(shop.item("F", on_hand, operation=operation) for on_hand, operation in
                           [(7, "insert"), *[(70, "update"), (7, "update")] * 4]))
            opened = receiver.wait(lambda posts: any(p.sku == "M0" for p in posts))
            alert = next(p for p in opened if p.sku == "M0").notice["data"]["alert"]["id"]
            snooze_for_a_while(engine, alert)
            assert stockwatch("channels", "test", "ops", "--config", config).returncode == 0
            kinds = set(SCHEMA["properties"]["type"]["enum"])
            receiver.wait(lambda posts: {p.type for p in posts} == kinds, "every kind")
            told(receiver, "undeliverable")
            told(receiver, "category_low")
            entries = [entry for p in receiver.posts for entry in
                       p.notice["data"].get("alerts", [p.notice["data"].get("alert")]) if entry]
            assert {frozenset(entry["subject"]) for entry in entries} == {
                frozenset(names) for names in
                [("warehouse_id", "sku"), ("tree", "path"), ("channel",)]}
            link = next(p for p in receiver.posts if p.type == "alert.digest").notice["data"][
                "alerts"][0]["links"]["why"]
            assert link.startswith(engine.url)
            assert engine.ask(link.removeprefix(engine.url))[0] == 200


def snooze_for_a_while(engine, alert):
    """A short one, but not over when the engine hears of it, however slow the machine is."""
    for seconds in (3, 10, 60):
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
        status, answer = engine.command("POST", f"/api/v1/alerts/{alert}/snooze",
                                        {"author": "ann", "until": until}, {})
        if status == 200:
            return
    raise AssertionError(answer)


def test_a_secret_that_changes_signs_beside_the_one_before(fast_path, shop, run):
    import base64
    other = bytes(range(40, 72))
    (fast_path / "old").write_text("whsec_" + base64.b64encode(other).decode())
    with Receiver() as receiver:
        config = settings(fast_path, receiver.url,
                          f"    previous_secret_file: {fast_path / 'old'}")
        with run(config):
            shop.happens(shop.item("A", 7))
            [post] = receiver.wait_for(1)
    assert post.headers["webhook-signature"].split(" ") == [
        signature(KEY, post.headers, post.body), signature(other, post.headers, post.body)]


def test_a_receiver_that_is_down_gets_everything_when_it_is_back(fast_path, shop, run):
    with quiet_port() as port, run(settings(
            fast_path, f"http://127.0.0.1:{port}/hook",
            more="delivery: {breaker: {failures_max: 2, open_for: 1s}}")) as engine:
        shop.happens(*(shop.item(f"A{n}", 7) for n in range(20)))
        engine.until(lambda: 'stockwatch_channel_breaker{channel="ops"} 1'
                     in engine.ask("/metrics")[1], "an open breaker")
        with Receiver(port=port) as receiver:
            posts = receiver.wait_for(20)
            engine.until(lambda: [d["state"] for d in deliveries(engine)] == ["delivered"] * 20)
            assert sorted(p.sku for p in posts) == sorted(f"A{n}" for n in range(20))


def test_a_kill_between_send_and_record_sends_the_same_id_again(fast_path, shop, run):
    hold = threading.Event()

    def answer(handler, _, number):
        if number == 0:
            hold.wait(PATIENCE)  # the engine is killed meanwhile
        say(handler, 204)

    with Receiver(answer) as receiver:
        # Else links begin where the engine listens, and each of these has a port of its own.
        config = settings(fast_path, receiver.url,
                          more="delivery: {links_url: https://stock.example.org}")
        with run(config) as engine:
            shop.happens(shop.item("A", 7))
            receiver.wait_for(1)
            engine.kill()
        hold.set()
        with run(config) as engine:
            shop.happens(shop.item("B", 7))
            receiver.wait(lambda posts: len({p.sku for p in posts}) == 2 and len(posts) >= 3)
            engine.until(lambda: [d["state"] for d in deliveries(engine)] == ["delivered"] * 2)
            engine.stop()
        assert [p.id for p in receiver.posts if p.sku == "A"] == [receiver.posts[0].id] * 2
        assert receiver.posts[0].body == [p.body for p in receiver.posts if p.sku == "A"][1]
        # With its result stored nothing goes again.
        with run(config) as engine:
            shop.happens(shop.item("C", 7))
            receiver.wait(lambda posts: posts[-1].sku == "C")
            assert len(receiver.posts) == 4


def test_a_stop_waits_for_the_answers_that_are_under_way(fast_path, shop, run):
    stopping = threading.Event()

    def answer(handler, post, _):
        if post.sku == "A":
            assert stopping.wait(PATIENCE)
            time.sleep(2)  # what the receiver does, not what the test waits for; a stop waits for ten seconds
        say(handler, 204)

    with Receiver(answer) as receiver:
        config = settings(fast_path, receiver.url, timeout="1m")
        with run(config) as engine:
            shop.happens(shop.item("A", 7))
            receiver.wait_for(1)
            engine.send(signal.SIGTERM)
            stopping.set()
            assert engine.wait() == 0
        with run(config) as engine:
            shop.happens(shop.item("B", 7))
            until_state(engine, "B", "delivered")
            assert until_state(engine, "A", "delivered")["attempts"] == 1
            assert [p.sku for p in receiver.posts] == ["A", "B"]


def drip(handler, piece):
    """Now and then, until nobody takes it any more; who waits for the end waits for longer than the test."""
    for _ in range(20 * PATIENCE):
        handler.wfile.write(piece)
        handler.wfile.flush()
        time.sleep(0.1)  # what the receiver does, not what the test waits for


def slowly(handler, _, number):
    """The status at once, then a byte now and then."""
    handler.send_response(500 if number == 0 else 200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    drip(handler, b"x")


def hangs(handler, _, number):
    if number == 0:
        handler.rfile.read(1)  # until the other side has turned away
    else:
        say(handler, 200)


def garbage(handler, _, number):
    if number > 0:
        return say(handler, 200)
    handler.wfile.write(bytes(range(256)) * 16)
    handler.close_connection = True
    return None


def endless(handler, _, __):
    handler.send_response(200)
    handler.send_header("Content-Length", str(1 << 30))
    handler.end_headers()
    piece = b"x" * (1 << 16)
    for _ in range(1 << 14):
        handler.wfile.write(piece)


def server_error(handler, _, number):
    say(handler, 500 if number == 0 else 200, b"no luck")


def inwards(handler, _, number):
    if number == 0:
        say(handler, 302, Location=handler.headers["Host"].join(["http://", "/inside"]))
    else:
        say(handler, 200)


def raw(handler, text):
    handler.wfile.write(text)
    handler.wfile.flush()
    handler.close_connection = True


def lies(handler, _, __):
    """Less than it says."""
    raw(handler, b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort")


def garbled(handler, _, __):
    raw(handler, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n\0\xff")


def headers_without_end(handler, _, __):
    raw(handler, b"HTTP/1.1 200 OK\r\n")
    drip(handler, b"X: x\r\n")


def half_a_status(handler, _, number):
    if number > 0:
        return say(handler, 200)
    return raw(handler, b"HTTP/1.1 2")


# Of those with which an attempt ends by its timeout. Where a status comes, it comes within that.
TIMEOUTS = {hangs: "2s", slowly: "10s", headers_without_end: "10s"}


@pytest.mark.parametrize("answer,outcome,status,posts", [
    (lies, "delivered", 200, 1), (garbled, "delivered", 200, 1),
    (headers_without_end, "delivered", 200, 1), (half_a_status, "unknown", None, 2),
    (server_error, "failed", 500, 2), (inwards, "failed", 302, 2), (garbage, "unknown", None, 2),
    (hangs, "unknown", None, 2), (slowly, "failed", 500, 2), (endless, "delivered", 200, 1)])
def test_hostile_receivers_hold_nothing_up(fast_path, shop, run, answer, outcome, status, posts):
    with Receiver(answer) as receiver, run(settings(
            fast_path, receiver.url, timeout=TIMEOUTS.get(answer, "30s"))) as engine:
        shop.happens(shop.item("A", 7))
        receiver.wait_for(posts)
        if answer in (slowly, hangs):
            engine.until(lambda: deliveries(engine)[0]["attempts"] >= 1)
        else:
            until_state(engine, "A", "delivered")
        attempt = deliveries(engine)[0]["recent"][0]
        assert attempt["outcome"] == outcome, attempt
        assert attempt["status"] == status, attempt
        assert len(attempt["detail"]) <= 256
        assert all(p.id == receiver.posts[0].id for p in receiver.posts)
        # Meanwhile the engine takes what comes.
        assert engine.ask("/readiness")[0] == 200


def test_gone_disables_the_channel_until_an_operator_says_so(fast_path, shop, run, stockwatch):
    gone = threading.Event()
    gone.set()

    def answer(handler, *_):
        say(handler, 410 if gone.is_set() else 200)

    with Receiver(answer) as receiver, run(settings(fast_path, receiver.url)) as engine:
        shop.happens(shop.item("A", 7))
        dead = until_state(engine, "A", "dead_lettered")
        assert dead["reason"] == "gone" and dead["attempts"] == 1
        assert engine.wait_for("undeliverable")["total"] == 1
        shop.happens(shop.item("B", 7))
        assert until_state(engine, "B", "dead_lettered")["attempts"] == 0
        assert len(receiver.posts) == 1
        gone.clear()
        again = ("deliveries", "replay", dead["id"], "--server", engine.url)
        assert stockwatch(*again).returncode == 1
        assert stockwatch("channels", "enable", "ops", "--server", engine.url).returncode == 0
        done = stockwatch(*again)
        assert done.returncode == 0, done.stderr
        assert until_state(engine, "A", "delivered")["attempts"] == 2
        assert receiver.posts[1].id == receiver.posts[0].id
        assert stockwatch(*again).returncode == 1


def test_a_channel_that_is_left_alone_says_until_when_and_why(fast_path, shop, run, stockwatch):
    with Receiver(lambda handler, *_: say(handler, 429, Retry_After=7200)) as receiver, \
            run(settings(fast_path, receiver.url)) as engine:
        shop.happens(shop.item("A", 7))
        row = until_state(engine, "A", "failed")
        path = "/api/v1/channels"
        status, headers, answer = engine.exchange(path)
        Contract(engine).check("GET", path, status, headers["Content-Type"], answer)
        [ops] = json.loads(answer)["items"]
        assert ops["paused"] == {"until": row["due"],
                                 "reason": "the receiver answered 429 with Retry-After"}
        listed = stockwatch("channels", "list", "--server", engine.url)
        assert json.loads(listed.stdout)["items"] == [ops]


def test_what_one_channel_was_not_told_is_told_to_another(fast_path, shop, run, stockwatch):
    gone = threading.Event()
    gone.set()

    def answer(handler, *_):
        say(handler, 410 if gone.is_set() else 200)

    with Receiver(answer) as broken, Receiver() as other:
        channel = f"""  duty:
    type: webhook
    url: {other.url}
    secret_file: {fast_path / 'secret'}
    allow_private: true
"""
        with run(settings(fast_path, broken.url, channel)) as engine:
            shop.happens(shop.item("A", 7))
            [alert] = told(other, "undeliverable")
            assert alert["subject"] == {"channel": "ops"} and alert["severity"] == "critical"
            assert alert["value"] == 1 and not told(broken, "undeliverable", number=0)
            status, page = engine.ask("/api/v1/alerts?type=undeliverable")
            assert [a["subject"] for a in json.loads(page)["items"]] == [{"channel": "ops"}], status
            gone.clear()
            assert stockwatch("channels", "enable", "ops", "--server", engine.url).returncode == 0
            shop.happens(shop.item("B", 7))
            assert [a["cause"] for a in told(other, "undeliverable", number=2)] == [None, "cleared"]


def told(receiver, condition, number=1):
    """The alerts of that type that it was posted, when there are so many."""
    def alerts():
        return [post.notice["data"]["alert"] for post in list(receiver.posts)
                if post.notice["data"].get("alert", {}).get("type") == condition]

    with receiver.news:
        assert receiver.news.wait_for(lambda: len(alerts()) >= number, PATIENCE), receiver.posts
    return alerts()


def test_retry_after_is_honoured(fast_path, shop, run):
    def answer(handler, _, number):
        if number == 0:
            say(handler, 429, Retry_After=8)
        else:
            say(handler, 200)

    with Receiver(answer) as receiver, run(settings(fast_path, receiver.url)) as engine:
        shop.happens(shop.item("A", 7))
        receiver.wait_for(2)
        assert receiver.posts[1].at - receiver.posts[0].at >= 7.9
        until_state(engine, "A", "delivered")


def test_private_addresses_are_not_connected_to(fast_path, shop, run):
    with Receiver() as receiver:
        url = f"https://127.0.0.1:{receiver.port}/hook"
        config = settings(fast_path, url)
        config.write_text(config.read_text().replace("allow_private: true",
                                                     "allow_private: false"))
        with run(config) as engine:
            shop.happens(shop.item("A", 7))
            failed = until_state(engine, "A", "failed")
        assert "is not one of the internet: 127.0.0.1" in failed["recent"][0]["detail"]
        assert not receiver.posts


def test_a_storm_becomes_few_notices_and_none_is_lost(fast_path, shop, run):
    """10,000 conditions in one second: at most 100 notices; each condition is in one of them."""
    count = 10_000
    # The receiver holds a thousand entries against the schema before it answers.
    with Receiver() as receiver, run(settings(fast_path, receiver.url, timeout="1m")) as engine:
        shop.happens(*(shop.item(f"A{n}", 7 if n % 2 else 1) for n in range(count)))

        def keys(posts):
            told = []
            for post in list(posts):
                told += (post.notice["data"]["keys"] if post.type == "alert.digest"
                         else [post.id])
            return told

        receiver.wait(lambda posts: len(keys(posts)) >= count, "all of the storm")
        told = keys(receiver.posts)
        assert len(told) == len(set(told)) == count
        assert len(receiver.posts) <= 100
        critical = sum(p.notice["data"]["by_severity"].get("critical", 0)
                       if p.type == "alert.digest" else
                       p.notice["data"]["severity"] == "critical" for p in receiver.posts)
        assert critical == count // 2
        engine.until(lambda: {d["state"] for d in deliveries(engine)} == {"delivered", "folded"})
        folded = [d for d in deliveries(engine) if d["state"] == "folded"]
        digests = {p.id for p in receiver.posts if p.type == "alert.digest"}
        assert {d["by"] for d in folded} == digests
        for post in receiver.posts:
            if post.type == "alert.digest":
                assert all_pages(engine, post.notice["data"]["links"]["notices"]) == sorted(
                    post.notice["data"]["keys"])


def all_pages(engine, link):
    """Keys that a list of the API names, page by page."""
    path, cursor, keys = link.removeprefix(engine.url), "", []
    while cursor is not None:
        status, text = engine.ask(path + cursor)
        assert status == 200, text
        page = json.loads(text)
        keys += [item["key"] for item in page["items"]]
        cursor = page["next"] and f"&cursor={page['next']}"
    return sorted(keys)


def test_an_item_that_opens_and_ends_again_and_again_is_one_entry_of_a_digest(
        fast_path, shop, run):
    grouping = "    group_by: category\n    group_wait: 1s\n"
    with Receiver() as receiver, run(settings(fast_path, receiver.url, grouping)) as engine:
        told = {"A": [(7, "insert"), (70, "update"), (7, "update"), (70, "update")],
                "B": [(7, "insert")]}
        shop.happens(*(shop.item(sku, on_hand, operation=operation, category="mugs")
                       for sku, changes in told.items() for on_hand, operation in changes))
        [post] = receiver.wait_for(1)
        data = post.notice["data"]
        assert [(entry["subject"]["sku"], entry["kind"], entry["notices"])
                for entry in data["alerts"]] == [("B", "opened", 1), ("A", "resolved", 4)]
        assert data["total"] == 5 and data["resolved"] == 2
        assert data["more"] == {"subjects": 0, "by_severity": {}, "by_type": {}}
        # Each alert that it covers says so.
        engine.until(lambda: {d["state"] for d in deliveries(engine)} == {"delivered", "folded"})
        for entry in data["alerts"]:
            why = json.loads(engine.ask(entry["links"]["why"].removeprefix(engine.url))[1])
            assert len(why["deliveries"]) == entry["notices"]
            assert {(d["state"], d["by"], d["digest"]["state"]) for d in why["deliveries"]} == {
                ("folded", post.id, "delivered")}


def test_notices_of_one_subtree_share_a_message(fast_path, shop, run):
    grouping = "    group_by: category\n    group_tree: global\n    group_wait: 300ms\n"
    with Receiver() as receiver, run(settings(fast_path, receiver.url, grouping)) as engine:
        shop.happens(*(shop.item(sku, 7, warehouse=warehouse, department="home", category=category)
                       for sku, warehouse, category in [("A", "W1", "mugs"), ("B", "W2", "mugs"),
                                                        ("C", "W1", "bags")]))
        receiver.wait_for(2)
        [digest] = [post.notice["data"] for post in receiver.posts if post.type == "alert.digest"]
        assert digest["group"] == {"tree": "global", "path": ["home", "mugs"]}
        assert sorted(line["subject"]["sku"] for line in digest["alerts"]) == ["A", "B"]
        [alone] = [post.notice["data"] for post in receiver.posts if post.type == "alert.opened"]
        assert alone["item"]["category"] == "bags" and alone["item"]["brand"] == "(none)"
        engine.until(lambda: sorted(d["state"] for d in deliveries(engine))
                     == ["delivered", "delivered", "folded", "folded"])


def test_a_second_engine_on_the_store_tells_nobody(binary, fast_path, shop, run):
    with Receiver() as receiver:
        config = settings(fast_path, receiver.url)
        with run(config) as engine:
            shop.happens(shop.item("A", 7))
            until_state(engine, "A", "delivered")
            with run(config) as second:
                refused(second, "in use")
            assert len(receiver.posts) == 1
            # Somebody takes the lock away; the engine that comes then is the store's writer.
            for lock in ("LOCK", "tables/LOCK"):
                (fast_path / "store" / lock).unlink()
            with run(config) as second:
                second.wait_for("started")
                shop.happens(shop.item("B", 7))
                until_state(second, "B", "delivered")
                assert engine.wait() == 1
                assert "another engine has opened store" in engine.wait_for("failed")["message"]
                assert [p.sku for p in receiver.posts] == ["A", "B"]


def test_channels_test_says_what_the_receiver_answered(fast_path, stockwatch):
    with Receiver() as receiver:
        config = settings(fast_path, receiver.url)
        done = stockwatch("channels", "test", "ops", "--config", config)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("ops: delivered, 204, ") and done.stdout.endswith(" ms\n")
        assert stockwatch("channels", "test", "--config", config).returncode == 0
        assert [p.type for p in receiver.posts] == ["test", "test"]
        assert receiver.posts[0].id != receiver.posts[1].id
        receiver.answer = lambda handler, *_: say(handler, 503, b"closed for lunch")
        done = stockwatch("channels", "test", "ops", "--config", config)
        assert done.returncode == 1 and ": closed for lunch\n" in done.stdout
        done = stockwatch("channels", "test", "nobody", "--config", config)
        assert done.returncode == 1 and "no channel has the name nobody" in done.stderr
    done = stockwatch("channels", "test", "ops", "--config", config)
    assert done.returncode == 1 and "connection refused" in done.stdout
    (fast_path / "secret").unlink()
    done = stockwatch("channels", "test", "--config", config)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("stockwatch: channels.ops.secret_file: cannot read a secret: ")


@pytest.mark.parametrize("secret", ["", "whsec_short", "0123456789012345678901234567"])
def test_a_secret_that_is_none_is_refused_and_not_shown(fast_path, shop, run, secret):
    config = settings(fast_path, "https://example.org/")
    (fast_path / "secret").write_text(secret)
    with run(config) as engine:
        message = refused(engine, "channels.ops.secret_file", code=2)
    assert not secret or secret.removeprefix("whsec_") not in message
