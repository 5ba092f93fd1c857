"""When a rule is in force, as could be known on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

from safeconduct.model.law import WayFacts
from safeconduct.model.rules import Bound, Rule


def in_force(rule: Rule, facts: WayFacts) -> bool:
    """
    Whether *rule* is valid on the day of the way and was published by the day of knowledge.

    First and last day count as inside: what ends during a day still binds on that day (see `ends_today` for what it
    still permits). A rule whose day of publication was not read counts as known.
    """
    if rule.published is not None and rule.published > facts.known:
        return False
    if rule.valid_from is not None and facts.on < day_of(rule.valid_from):
        return False
    return rule.valid_until is None or facts.on <= day_of(rule.valid_until)


def ends_today(rule: Rule, facts: WayFacts) -> bool:
    """Whether the way goes on the rule's last day, so that the hour matters."""
    return rule.valid_until is not None and facts.on == day_of(rule.valid_until)


def begins_today(rule: Rule, facts: WayFacts) -> bool:
    """Whether the way goes on the day on which the rule begins at a stated hour."""
    return isinstance(rule.valid_from, datetime) and facts.on == day_of(rule.valid_from)


def day_of(bound: Bound) -> date:
    """The day of a bound, in UTC where it is an instant."""
    return bound.astimezone(UTC).date() if isinstance(bound, datetime) else bound
