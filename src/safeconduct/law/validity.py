"""When a rule is in force, as could be known on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

from safeconduct.model.law import Bound
from safeconduct.model.rules import Rule

NO, YES, HOUR, DOUBT = "no", "yes", "hour", "doubt"
"""Not in force; in force; in force on a day whose hour decides; nobody outside could tell."""


def state(rule: Rule, on: Bound, known: Bound) -> str:
    """
    Whether *rule* is valid at *on*, of what had been published by the day of *known*.

    First and last day count as inside. Where the hour matters and is not given on one side (a text that names a last
    day without an hour, a way that names a day on which a rule begins or ends at an hour) the answer is `HOUR`. A rule
    whose day of publication was not read counts as known.
    """
    knowing = day_of(known)
    if rule.published is not None and rule.published > knowing:
        return NO
    found = {_within(rule.valid_from, rule.valid_until, on)}
    found |= {_within(each.start, each.end, on) for each in rule.extended if each.published <= knowing}
    if YES in found:
        return YES
    if HOUR in found:
        return HOUR
    return DOUBT if doubt(rule, on) else NO


def doubt(rule: Rule, on: Bound) -> str:
    """Why nobody could tell on that day whether *rule* held; empty on all other days."""
    return next((each.why for each in rule.in_doubt if each.start <= day_of(on) <= each.end), "")


def _within(start: Bound | None, end: Bound | None, on: Bound) -> str:
    first = YES if start is None else _from(start, on)
    last = YES if end is None else _until(end, on)
    return NO if NO in (first, last) else HOUR if HOUR in (first, last) else YES


def _from(start: Bound, on: Bound) -> str:
    if isinstance(start, datetime):
        if isinstance(on, datetime):
            return YES if on >= start else NO
        return HOUR if on == day_of(start) else YES if on > day_of(start) else NO
    return YES if day_of(on) >= start else NO


def _until(end: Bound, on: Bound) -> str:
    if isinstance(end, datetime) and isinstance(on, datetime):
        return YES if on <= end else NO
    return HOUR if day_of(on) == day_of(end) else YES if day_of(on) < day_of(end) else NO


def day_of(bound: Bound) -> date:
    """The day of a moment, in UTC where it is an instant."""
    return bound.astimezone(UTC).date() if isinstance(bound, datetime) else bound
