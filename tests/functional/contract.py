"""The server's own contract, and answers held against it."""

import json
import re

import jsonschema


class Contract:
    """The OpenAPI document as an engine gives it."""

    def __init__(self, engine):
        status, text = engine.ask("/openapi.json")
        assert status == 200, text
        self.document = json.loads(text)

    def path_of(self, path):
        """The pattern that a path is of; one without names is meant first."""
        path = path.split("?")[0]
        for pattern in sorted(self.document["paths"], key=lambda one: one.count("{")):
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
                return pattern
        raise AssertionError(f"{path} is not in the contract")

    def resolve(self, part):
        while "$ref" in part and part["$ref"].startswith("#/"):
            found = self.document
            for name in part["$ref"][2:].split("/"):
                found = found[name]
            part = found
        return part

    def check(self, method, path, status, kind, text):
        """The answer has a status, a type and a body that the contract names."""
        operation = self.document["paths"][self.path_of(path)][method.lower()]
        responses = operation["responses"]
        assert str(status) in responses or "default" in responses, (path, status)
        response = self.resolve(responses.get(str(status)) or responses["default"])
        if status == 304:
            assert text == ""
            return
        assert kind.split(";")[0] in response["content"], (path, status, kind)
        schema = response["content"][kind.split(";")[0]]["schema"]
        if "json" in kind and "ndjson" not in kind:
            validate(json.loads(text), schema, self.document)


def validate(value, schema, document):
    """Debian's validator knows no drafts with `$ref` into another document: both become one."""
    whole = {"components": document["components"], "allOf": [schema]}
    jsonschema.Draft202012Validator(
        whole, format_checker=jsonschema.FormatChecker()).validate(value)
