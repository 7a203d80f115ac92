"""Lines of changes with a value that must never show, and settings that protect it."""

import json

from shop_lines import Shop, line

CANARY = "canary-7f3a@example.org"
# How a field is protected, and what letters show in its place.
PROTECTIONS = {"redact": '"email":"[redacted]"', "mask": '"email":"***.org"',
               "hash": '"email":"hmac:k-1:', "encrypt": '"email":"enc:1:k-1:'}
CUSTOMER = {"customer": {"name": "A", "email": CANARY}}


def good_lines(**fields):
    """`fields`: of the items too."""
    shop = Shop()
    return [shop.item("A", 10, **CUSTOMER, **fields), shop.sale("A", 2, **CUSTOMER),
            shop.item("A", 0, operation="update", **CUSTOMER,
                      updateDescription={"updatedFields": {"customer.email": CANARY}}),
            shop.delete("inventory", "W1/A"), shop.item("B", 0, **CUSTOMER, **fields)]


def refused_lines():
    shop = Shop()
    shop.item("A", 1)
    described = {"updatedFields": {"customer.email": CANARY}, "removedFields": [CANARY]}
    updated = shop.sale("B", 1, operation="update", **CUSTOMER)
    updated["updateDescription"] = described
    before = shop.sale("B", 0, **CUSTOMER)
    before["fullDocumentBeforeChange"] = dict(before["fullDocument"])
    typeless = shop.sale("B", 1, **CUSTOMER)
    typeless["fullDocument"]["type"] = "gift"
    other_key = shop.sale("B", 1, **CUSTOMER)
    other_key["documentKey"] = {"_id": "other"}
    unknown = shop.sale("B", 1, **CUSTOMER)
    unknown["operationType"] = "upsert"
    no_token = shop.sale("B", 1, **CUSTOMER)
    del no_token["_id"]
    stale = shop.sale("B", 1, **CUSTOMER)
    stale["clusterTime"]["$timestamp"]["t"] -= 400 * 86_400
    return [updated, before, typeless, other_key, unknown, no_token, stale,
            shop.sale("B", "x", customer=[{"email": CANARY}]),
            shop.sale("B", 1, customer={"email": {"deep": [CANARY]}}, type=""),
            shop.item("B", 1, key="second", **CUSTOMER),
            shop.rule("r", scope={"sku": "B"}, low=1, **CUSTOMER),
            shop.rule("s", low=-1, critical=4, **CUSTOMER)]


def broken_lines():
    whole = line(Shop().sale("A", 1, **CUSTOMER))
    at = whole.index(CANARY.encode()) + len(CANARY)
    return [whole[:at], whole[:at] + b"\xff" + whole[at:], whole[:-1], whole + b"x",
            CANARY.encode(), b'"' + CANARY.encode() + b'"', b"{" + CANARY.encode() + b":1}",
            whole.replace(CANARY.encode(), CANARY.encode() + b'","email":"' + CANARY.encode()),
            whole.replace(b"{", b'{"' + CANARY.encode() + b'":{"$date":"x"},', 1),
            whole.replace(b'"quantity":1', b'"quantity":{"$numberDecimal":"'
                          + CANARY.encode() + b'"}')]


def protecting(folder, hooks, **others):
    """A settings file with these hooks in every collection, and the key k-1."""
    path, key = folder / "settings.json", folder / "key"
    key.write_text("5a" * 32 + "\n")
    documents = {name: {"hooks": hooks} for name in ("inventory", "transactions", "thresholds")}
    path.write_text(json.dumps({
        "documents": documents, "fields": {"keys": [{"id": "k-1", "file": str(key)}]}, **others}))
    return path
