"""The rules' own cases: does each rule say what its author says it says?"""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.law.evaluate import Rules, ready
from safeconduct.model.rules import RuleCase


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


def failures(rules: Rules) -> tuple[Failure, ...]:
    """The cases that fail, by rule and in the order of the file; empty where every rule says what its cases say."""
    book = ready(rules)
    found = []
    for place, rule in enumerate(book.rules):
        for case in rule.cases:
            got = book.statuses(case.facts)[place]
            if got != case.status:
                found.append(Failure(rule.id, case, got))
    return tuple(found)
