"""Documents that are not of the schema of their collection are dead letters that name the path."""

import json

from shop_lines import Shop, read_lines, text

SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["warehouse_id", "sku", "on_hand"],
    "properties": {
        "on_hand": {"type": "integer", "minimum": 0},
        "dimensions": {"type": "array", "items": {"type": "number"}, "maxItems": 3},
        "email": {"type": "integer"},
    },
}
CANARY = "canary-51c2"


def test_the_path_of_the_error_is_in_the_dead_letter(tmp_path, replay):
    shop = Shop()
    lines = [
        shop.item("A", 5, dimensions=[1, 2.5]),
        shop.item("B", -1),
        shop.item("C", 5, dimensions=[1, "wide"]),
        shop.item("D", 5, operation="update", dimensions=[1, 2, 3, 4]),
        shop.sale("A", -5),  # of another collection, which has none
        shop.delete("inventory", "W1/A"),
        shop.item("E", 5, email=CANARY),  # redacted: held against nothing
    ]
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"documents": {"inventory": {
        "schema": SCHEMA, "hooks": [{"redact": {"field": "email"}}]}}}))
    (tmp_path / "in").write_bytes(text(lines))
    changes = replay(tmp_path / "in", "--config", settings, "--export", tmp_path / "out")["changes"]
    assert (changes["applied"], changes["dead_lettered"]) == (3, 4)
    letters = {row["line"]: row for row in read_lines(tmp_path / "out" / "deadletters.ndjson")}
    assert [(n, row["reason"]) for n, row in letters.items()] == [
        (2, "schema violation"), (3, "schema violation"), (4, "schema violation"),
        (5, "out of range")]


def test_the_message_names_the_path_and_no_value(tmp_path, stockwatch):
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"documents": {"inventory": {"schema": SCHEMA}}}))
    for fields, path in (({"dimensions": [1, CANARY]}, "/dimensions/1"),
                         ({"email": CANARY}, "/email")):
        (tmp_path / "in").write_bytes(text([Shop().item("A", 5, **fields)]))
        done = stockwatch("replay", tmp_path / "in", "--config", settings, "--strict")
        assert done.returncode == 1
        assert f'at "{path}": is of type string' in done.stderr and CANARY not in done.stderr


def test_a_keyword_that_is_not_checked_is_refused(tmp_path, stockwatch):
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"documents": {"inventory": {
        "schema": {"properties": {"sku": {"pattern": "^[A-Z]"}}}}}}))
    (tmp_path / "in").write_bytes(b"")
    done = stockwatch("replay", tmp_path / "in", "--config", settings)
    assert done.returncode == 2 or done.returncode == 1
    assert "documents.inventory.schema.properties.sku.pattern: is a keyword that is not checked" \
        in done.stderr
