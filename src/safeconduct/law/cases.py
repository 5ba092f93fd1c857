"""The rules' own cases: does each rule say what its author says it says?"""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.law.evaluate import verdicts
from safeconduct.law.overall import worst
from safeconduct.model.rules import Rule, RuleCase


@dataclass(frozen=True, slots=True)
class Failure:
    """
    A case that came out otherwise.

    Args:
        rule: Id of the rule.

        case: The case.

        got: The status that the rule had on its facts.
    """

    rule: str
    case: RuleCase
    got: str


def failures(rules: tuple[Rule, ...]) -> tuple[Failure, ...]:
    """The cases that fail, by rule and in the order of the file; empty where every rule says what its cases say."""
    found = []
    for rule in sorted(rules, key=lambda rule: rule.id):
        for case in rule.cases:
            got = worst(verdict.status for verdict in verdicts(case.facts, rules) if verdict.rule.id == rule.id)
            if got != case.status:
                found.append(Failure(rule.id, case, got))
    return tuple(found)
