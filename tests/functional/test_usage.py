"""Exit codes, messages and the small commands: what a user meets who types something."""

import base64
import gzip
import json
import os
import shlex
import signal
import stat
import subprocess

import pytest

from conftest import ROOT, SECONDS_MAX
from shop_lines import Shop, read_lines, text

COMMANDS = [["replay"], ["check"], ["thresholds", "explain"], ["shop"], ["bench"]]
BAD_SETTINGS = """\
stock:
  curency: EUR
  authority: maybe
source:
  line_bytes_max: 3
  line_bytes_max: 2048
thresholds:
  rules:
    - {id: a, default: true, low: 1, critical: 5}
"""


@pytest.fixture
def changes(tmp_path):
    path = tmp_path / "changes.ndjson"
    shop = Shop()
    path.write_bytes(text([shop.item("A", 10, category="85"), shop.sale("A", 2),
                           shop.rule("streamed", scope={"sku": "A"}, low=7, author="ann")]))
    return path


@pytest.fixture
def bad_settings(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(BAD_SETTINGS)
    return path


@pytest.mark.parametrize("flags", [
    [], ["replay"], ["frobnicate"], ["replay", "--frobnicate", "x"], ["replay", "x", "y"],
    ["replay", "x", "--output", "xml"], ["thresholds"], ["thresholds", "explain"], ["check"],
    ["docs", "poems"], ["shop", "--items", "-3"], ["shop", "--days", "100000000"], ["bench"],
    ["bench", "other"], ["bench", "stock-rmw-1", "--events", "0"],
    ["bench", "thresholds", "--items", "-1"], ["shop", "--seed", "-1"],
    ["thresholds", "explain", "--warehouse", "W", "--sku", "a\nb"],
    ["bench", "stock-rmw-1", "--skew", "other"]])
def test_wrong_use_is_exit_code_2_with_a_message(stockwatch, flags):
    done = stockwatch(*flags)
    assert done.returncode == 2 and done.stdout == "" and done.stderr


def test_input_that_cannot_be_read_is_exit_code_1_and_named(tmp_path, stockwatch, changes):
    (tmp_path / "cut.gz").write_bytes(gzip.compress(changes.read_bytes())[:-9])
    broken = bytearray(gzip.compress(changes.read_bytes()))
    broken[-6] ^= 1
    (tmp_path / "sum.gz").write_bytes(broken)
    whole = gzip.compress(changes.read_bytes())
    (tmp_path / "second.gz").write_bytes(whole + whole[:1] + b"?" + whole[2:])
    (tmp_path / "plain.gz").write_bytes(whole + changes.read_bytes())
    for name, reason in [("missing", "No such file"), ("", "directory"),
                         ("cut.gz", "damaged gzip"), ("sum.gz", "damaged gzip"),
                         ("second.gz", "damaged gzip"), ("plain.gz", "damaged gzip")]:
        done = stockwatch("replay", tmp_path / name, "--export", tmp_path / "out")
        assert done.returncode == 1 and done.stdout == "", name
        assert str(tmp_path / name) in done.stderr and reason in done.stderr
        assert "<fd:" not in done.stderr
        assert not list((tmp_path / "out").iterdir())


def test_output_that_cannot_be_written_is_exit_code_1_and_named(tmp_path, stockwatch, changes):
    for flag in ("--export", "--metrics"):
        where = changes / "below-a-file"
        done = stockwatch("replay", changes, flag, where)
        assert done.returncode == 1 and str(where) in done.stderr
    done = stockwatch("shop", "--file", tmp_path / "missing" / "file")
    assert done.returncode == 1 and "missing" in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_leaves_nothing_half_written(tmp_path, stockwatch, sample):
    out = tmp_path / "out"
    out.mkdir()
    (out / "items.ndjson.part").symlink_to("/dev/full")
    done = stockwatch("replay", sample["changes"], "--export", out, "--output", "json")
    assert done.returncode == 1 and done.stdout == ""
    assert "items.ndjson" in done.stderr and "No space left" in done.stderr
    assert not list(out.iterdir())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_an_export_appears_whole_or_not_at_all(tmp_path, stockwatch, sample):
    out = tmp_path / "out"
    out.mkdir()
    for name in ("items", "rollups", "alerts", "deadletters"):
        (out / f"{name}.ndjson").write_text("old")
    (out / "rollups.ndjson.part").symlink_to("/dev/full")
    done = stockwatch("replay", sample["changes"], "--export", out, "--output", "json")
    assert done.returncode == 1 and "rollups.ndjson" in done.stderr
    assert [path.read_text() for path in sorted(out.iterdir())] == ["old"] * 4


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", [
    ["check", ROOT / "examples" / "settings.yaml"], ["docs", "cli"],
    ["bench", "stock-rmw-1", "--events", 10, "--items", 10, "--fast"], ["shop", "--days", 1],
    ["thresholds", "explain", "--warehouse", "W1", "--sku", "A"]])
def test_output_that_does_not_arrive_is_a_failure(binary, command):
    with open("/dev/full", "w") as full:
        done = subprocess.run([binary, *map(str, command)], stdout=full, stderr=subprocess.PIPE,
                              text=True, timeout=SECONDS_MAX, check=False)
    assert done.returncode == 1
    assert "standard output: No space left" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("closed", ["<&- >&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_lead_into_no_file(tmp_path, binary, sample, closed):
    """The next files that are opened would be those: the store's lock, and the admin key in it."""
    store = tmp_path / "store"
    line = shlex.join(map(str, [binary, "run", "--source", sample["changes"], "--store", store,
                                "--port", 0, "--until-end"]))
    done = subprocess.run(["sh", "-c", f"exec {line} {closed}"], timeout=SECONDS_MAX, check=False)
    assert done.returncode == 0
    for path in store.rglob("*"):
        assert path.is_dir() or b"swk_" not in path.read_bytes(), path
    assert (store / "LOCK").stat().st_size < 16
    assert stat.S_IMODE((store / "LOCK").stat().st_mode) == 0o600


@pytest.mark.parametrize("flags", [["replay", "in", "--config"], ["check"]])
def test_every_mistake_of_the_settings_is_named_at_once(stockwatch, bad_settings, flags):
    done = stockwatch(*flags, bad_settings)
    assert done.returncode == 2 and done.stdout == ""
    for line, words in [(2, 'nearest one is "currency"'), (3, "stock.authority"),
                        (5, "source.line_bytes_max"), (6, "line 5")]:
        assert any(f"line {line}: " in row and words in row
                   for row in done.stderr.splitlines()), (line, done.stderr)
    named = [row for row in done.stderr.splitlines() if "mistakes" not in row]
    assert all(row.startswith(f"{bad_settings}: line ") for row in named)


def test_check_in_json(tmp_path, stockwatch, bad_settings):
    done = stockwatch("check", bad_settings, "--output", "json")
    found = json.loads(done.stdout)
    assert done.returncode == 2 and found["ok"] is False and len(found["errors"]) >= 4
    good = ROOT / "examples" / "settings.yaml"
    done = stockwatch("check", good, "--output", "json")
    assert done.returncode == 0 and json.loads(done.stdout) == {"ok": True, "errors": []}
    assert "good" in stockwatch("check", good).stdout
    missing = stockwatch("check", tmp_path / "missing")
    assert missing.returncode == 2 and str(tmp_path / "missing") in missing.stderr


def test_check_reads_what_the_settings_name_and_tells_each_that_a_start_would_refuse(
        tmp_path, stockwatch):
    config, secret, uri = tmp_path / "settings.json", tmp_path / "secret", tmp_path / "uri"
    hook = {"type": "webhook", "url": "https://example.org/"}
    config.write_text(json.dumps({
        "source": {"database": "shop", "mongo": {"uri_file": str(uri)}},
        "channels": {"a": {**hook, "secret_env": "STOCKWATCH_NO_SUCH_VARIABLE"},
                     "b": {**hook, "secret_file": str(secret)}}}))
    secret.write_text("whsec_short")
    told = stockwatch("check", config)
    assert told.returncode == 2
    *rows, last = told.stderr.splitlines()
    assert last == "3 mistakes" and "whsec_short" not in told.stderr
    for row, path in zip(rows, ["channels.a.secret_env", "channels.b.secret_file",
                                "source.mongo.uri_file"], strict=True):
        assert row.startswith(f"{config}: {path}: ")
    config.write_text(config.read_text().replace(
        '"secret_env": "STOCKWATCH_NO_SUCH_VARIABLE"', f'"secret_file": "{secret}"'))
    secret.write_text("whsec_" + base64.b64encode(b"k" * 24).decode())
    uri.write_text("mongodb://localhost/")
    assert stockwatch("check", config).returncode == 0


@pytest.mark.parametrize("uri, words", [
    ("mongodb://ann:canary@127.0.0.1:notaport/", "cannot read the mongodb URI"),
    ("mongodb://ann:canary@127.0.0.1/?tls=true&tlsCAFile=/none.pem", "cannot read /none.pem"),
    ("mongodb://ann:canary@127.0.0.1/?socketTimeoutMS=60", "not more than source.mongo.await"),
])
def test_check_refuses_a_uri_in_the_words_of_a_start(tmp_path, stockwatch, uri, words):
    config, kept, store = tmp_path / "settings.json", tmp_path / "uri", tmp_path / "store"
    kept.write_text(uri)
    config.write_text(json.dumps({"source": {"database": "shop",
                                             "mongo": {"uri_file": str(kept)}}}))
    checked = stockwatch("check", config)
    started = stockwatch("run", "--source", "mongo", "--store", store, "--config", config)
    assert checked.returncode == started.returncode == 2
    [line] = started.stderr.splitlines()
    message = json.loads(line)["message"]
    assert words in message and "canary" not in message
    assert checked.stderr == f"{config}: {message}\n1 mistake\n"
    assert not store.exists()


def test_version_and_help(stockwatch):
    done = stockwatch("--version")
    assert done.returncode == 0 and done.stdout.startswith("stockwatch ")
    assert "Exit codes" in stockwatch("--help").stdout
    for command in COMMANDS:
        done = stockwatch(*command, "--help")
        assert done.returncode == 0 and done.stderr == ""
        assert "Example" in done.stdout
        assert f"  stockwatch {' '.join(command)} " in done.stdout


EXPLAIN = ["thresholds", "explain", "--output", "json", "--config",
           ROOT / "examples" / "online-retail" / "stockwatch.yaml", "--warehouse"]


def test_explain_names_the_rule_and_what_it_beat(stockwatch):
    done = stockwatch(*EXPLAIN, "GB", "--sku", "85123A", "--category", "85")
    explained = json.loads(done.stdout)
    fields = {field["field"]: field for field in explained["fields"]}
    assert done.returncode == 0 and explained["category"] == "85"
    assert fields["low"]["value"] == "120"
    assert fields["low"]["rule"]["id"] == "category-85"
    assert fields["low"]["rule"]["version"] == 1 and fields["low"]["rule"]["author"] == "settings"
    [beaten] = fields["low"]["beaten"]
    assert (beaten["id"], beaten["value"], beaten["why"]) == ("default", "40", "less specific")
    assert fields["critical"]["rule"]["id"] == "default" and not fields["critical"]["beaten"]


def test_explain_takes_levels_and_rules_from_changes(stockwatch, changes):
    done = stockwatch(*EXPLAIN, "W1", "--sku", "A", "--changes", changes)
    explained = json.loads(done.stdout)
    fields = {field["field"]: field for field in explained["fields"]}
    assert explained["category"] == "85" and explained["at"].startswith("2023-11-14T22:13:")
    assert fields["low"]["value"] == "7" and fields["low"]["rule"]["id"] == "streamed"
    assert fields["low"]["rule"]["author"] == "ann"
    assert [rule["id"] for rule in fields["low"]["beaten"]] == ["category-85", "default"]
    done = stockwatch(*EXPLAIN, "W1", "--sku", "B", "--changes", changes)
    assert done.returncode == 1 and "W1/B" in done.stderr


@pytest.mark.parametrize("skew", ["uniform", "80-20", "zipf"])
def test_bench_agrees_with_its_oracle(stockwatch, skew):
    done = stockwatch("bench", "stock-rmw-1", "--events", 20_000, "--items", 1000, "--skew", skew,
                      "--fast", "--output", "json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["oracle"] == "match"
    assert {"events_per_second", "cpu_seconds_per_million", "p50_ms", "p99_ms", "rss_bytes",
            "bytes_per_event", "recovery_seconds"} <= set(figures)
    assert figures["events_per_second"] > 0 and figures["rss_bytes"] > 0
    assert 0 < figures["p50_ms"] <= figures["p99_ms"]


def test_bench_of_thresholds_judges_every_item_again(stockwatch):
    done = stockwatch("bench", "thresholds", "--items", 20_000, "--output", "json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["opened"] == 200 and figures["sweep_seconds"] > 0


@pytest.mark.parametrize("durability", ["d0", "d1", "d2"])
def test_bench_agrees_with_its_oracle_after_its_recovery(stockwatch, durability):
    done = stockwatch("bench", "stock-rmw-1", "--events", 20_000, "--items", 1000, "--batch", 500,
                      "--durability", durability, "--fast", "--output", "json")
    figures = json.loads(done.stdout)
    assert done.returncode == 0 and figures["oracle"] == "match"
    assert (figures["recovery_seconds"] is None) == (durability == "d0")


def test_the_shop_is_deterministic_and_applies(tmp_path, stockwatch, replay):
    flags = ["shop", "--days", 2, "--items", 20, "--seed"]
    first = stockwatch(*flags, 7).stdout
    assert first and stockwatch(*flags, 7).stdout == first != stockwatch(*flags, 8).stdout
    done = stockwatch(*flags, 7, "--file", tmp_path / "shop")
    assert done.returncode == 0 and (tmp_path / "shop").read_text() == first
    counts = replay(tmp_path / "shop", "--export", tmp_path / "out")["changes"]
    assert counts["read"] == counts["applied"] + counts["control"] == first.count("\n")
    assert read_lines(tmp_path / "out" / "items.ndjson")


@pytest.mark.parametrize("page", ["settings", "cli", "metrics"])
def test_a_generated_page_is_what_the_binary_prints(stockwatch, page):
    kept = ROOT / "docs" / f"{page}.md"
    if not kept.exists():
        pytest.skip(f"docs/{page}.md does not exist")
    assert stockwatch("docs", page).stdout == kept.read_text(encoding="utf-8")


def test_a_broken_pipe_is_no_crash(binary, sample):
    with subprocess.Popen([str(binary), "replay", str(sample["changes"]), "--config",
                           str(sample["settings"])], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, restore_signals=True) as process:
        process.stdout.read(1)
        process.stdout.close()
        process.wait(timeout=SECONDS_MAX)
    assert process.returncode in (0, 1, -signal.SIGPIPE)
