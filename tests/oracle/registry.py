"""The rules in force: those of the configuration, then the versions of `thresholds`."""

import json

from rules import read_rule


class RuleRegistry:
    def __init__(self, documents):
        self.epoch = 0
        self.rules = {}             # id -> Rule in force
        self.places = {}            # id -> position of the last change of the stream
        self.versions = {}          # id -> the highest version given
        for index, document in enumerate(documents):
            rule_id = document.get("id")
            self.rules[rule_id] = read_rule(document, rule_id, 1, (0, index))
            self.versions[rule_id] = 1

    def in_log(self):
        return sorted(self.rules.values(), key=lambda rule: rule.place)

    def all(self):
        return self.rules.values()

    def gives(self, name):
        return any(name in rule.fields for rule in self.rules.values())

    def apply(self, change, position):
        """False where a later version is already in force: superseded, no effect."""
        rule_id = json.loads(change.key)
        if rule_id in self.places and position < self.places[rule_id]:
            return False
        self.places[rule_id] = position
        if change.kind == "rule_delete":
            if self.rules.pop(rule_id, None) is None:
                return False
            self.epoch += 1
            return True
        self.epoch += 1
        version = self.versions.get(rule_id, 0) + 1
        self.versions[rule_id] = version
        self.rules[rule_id] = read_rule(change.body, rule_id, version, (1, position))
        return True

    def rule_at(self, position):
        return next((rule for rule in self.rules.values() if rule.place == (1, position)), None)
