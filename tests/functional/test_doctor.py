"""`stockwatch doctor`: one line for each thing that a source needs of its server, with the fix."""

import pytest

pytest.importorskip("pymongo", reason="no pymongo here: tools/install-test-packages")

from mongo_shop import item, settings, source_of  # noqa: E402


@pytest.fixture
def doctor(stockwatch, fast_path, shared_mongo, mongo_shop):
    config = settings(fast_path, mongo_shop.name)

    def look(*flags, source=None):
        source = source or source_of(shared_mongo.uri, fast_path, config)
        return stockwatch("doctor", "--source", source, "--config", config, *flags)

    return look


def lines_of(done):
    """check -> (grade, the rest)"""
    rows = [line.split("  ", 1) for line in done.stdout.splitlines() if line[:4] in
            ("good", "look", "bad ")]
    return {rest.split(": ", 1)[0]: (grade, rest) for grade, rest in rows}


def test_a_server_that_serves_is_good_and_what_could_be_better_is_said(doctor, mongo_shop,
                                                                       shared_mongo):
    mongo_shop.inventory.insert_one(item("A", 5))
    done = doctor()
    assert done.returncode == 0, done.stdout + done.stderr
    rows = lines_of(done)
    for check in ("settings", "connection", "version", "replica set", "arbiters", "clock",
                  "change stream", "collection inventory"):
        assert rows[check][0] == "good", rows[check]
    assert rows["images of inventory"][0] == "look" and "collMod" in rows["images of inventory"][1]
    if hasattr(shared_mongo, "port"):  # of a user's own we don't know
        assert rows["oplog"][0] == "look" and "fix: " in rows["oplog"][1]
    assert rows["collection transactions"][0] == "look"
    fix = {"collMod": "inventory", "changeStreamPreAndPostImages": {"enabled": True}}
    mongo_shop.command(fix)
    assert "update_images: stored" in lines_of(doctor())["images of inventory"][1]


def test_it_leaves_nothing_behind(doctor, mongo_shop):
    mongo_shop.inventory.insert_one(item("A", 5))
    before = mongo_shop.list_collection_names()
    doctor("--suggest-mapping")
    assert mongo_shop.list_collection_names() == before
    assert list(mongo_shop.inventory.find()) == [item("A", 5)]


def test_a_mapping_is_suggested_that_the_engine_takes(doctor, mongo_shop, tmp_path, stockwatch):
    mongo_shop.inventory.insert_many([
        {"_id": n, "warehouse": "W1", "skuCode": f"A{n}", "stock": {"onHand": n, "where": "x"}}
        for n in range(5)])
    done = doctor("--suggest-mapping")
    assert done.returncode == 0, done.stdout
    yaml = done.stdout[done.stdout.index("documents:"):]
    assert 'on_hand: "stock.onHand"  # in 5 of 5 documents' in yaml
    (tmp_path / "suggested.yaml").write_text(yaml)
    assert stockwatch("check", tmp_path / "suggested.yaml").returncode == 0


def test_no_server_is_one_bad_line(doctor):
    done = doctor(source="mongodb://127.0.0.1:1/?replicaSet=x")
    assert done.returncode == 1
    [bad] = [line for line in done.stdout.splitlines() if line.startswith("bad ")]
    assert "connection" in bad and "fix: " in bad


def test_what_is_no_server_is_wrong_use(doctor):
    for source in ("file.ndjson", "mongodb://ann:canary@127.0.0.1:1/"):
        done = doctor(source=source)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
        assert "canary" not in done.stderr
