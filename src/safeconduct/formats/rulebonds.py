"""What must hold between rules: names that exist, exceptions without a cycle, versions that do not overlap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TypeAlias

from safeconduct.formats.fields import near, refuse
from safeconduct.formats.yamltree import Node
from safeconduct.model.law import Bound
from safeconduct.model.rules import Rule

Found: TypeAlias = Mapping[str, tuple[Rule, Node]]
"""Rules by id, each with the node it was read from."""

Span: TypeAlias = tuple[datetime, datetime]

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def check(rule: Rule, node: Node, found: Found) -> None:
    """
    Hold one rule against the others.

    Raises:
        InvalidInput: It names a rule that is not there or of the wrong sort, stands in a cycle of exceptions, or is
            valid twice at the same time by itself or beside another version.
    """
    _opens(rule, node, found)
    _depends(rule, node, found)
    _acyclic(rule, node, found)
    _times(rule, node)
    _versions(rule, node, found)


def _opens(rule: Rule, node: Node, found: Found) -> None:
    for name, below in zip(rule.opens, node.items("opens"), strict=True):
        if name not in found:
            refuse(below, "no such rule", expected=f"the id of a rule{near(name, found)}")
        if not found[name][0].engages:
            refuse(below, "opens a rule that closes nothing", expected="a rule that engages or prohibits", got=name)


def _depends(rule: Rule, node: Node, found: Found) -> None:
    for key, names in (("follows", rule.follows), ("unless", rule.unless)):
        if names and (rule.engages or (key == "follows" and rule.effect != "permits")):
            expected = "a permission" if key == "follows" else "a permission, a duty or a remark"
            refuse(node.get(key) or node, f"{key!r} has no place here", expected=expected, got=rule.effect)
        for name, below in zip(names, node.items(key), strict=True):
            if name not in found:
                refuse(below, "no such rule", expected=f"the id of a rule{near(name, found)}")
            if key == "follows" and not found[name][0].engages:
                refuse(below, "follows a rule that closes nothing", expected="a rule that engages", got=name)
            if name == rule.id:
                refuse(below, "a rule that yields to itself", expected="another rule", got=name)


def _acyclic(rule: Rule, node: Node, found: Found) -> None:
    """A permission that follows what only it opens would never be settled."""
    below = node.get("follows")
    if below is None:
        return
    openers: dict[str, list[str]] = {}
    for name, (other, _) in found.items():
        for opened in other.opens:
            openers.setdefault(opened, []).append(name)
    path = _path_back(rule.id, rule.follows, openers, found)
    if path:
        refuse(below, "a cycle of exceptions", expected="exceptions that end", got=" -> ".join(path))


def _path_back(start: str, first: Sequence[str], openers: Mapping[str, list[str]], found: Found) -> tuple[str, ...]:
    """The way from *start* over what it follows and what opens that, back to *start*; empty if there is none."""
    waiting: list[tuple[str, ...]] = [(start, name) for name in first]
    seen: set[str] = set()
    while waiting:
        *path, name = waiting.pop()
        for opener in openers.get(name, ()):
            if opener == start:
                return (*path, name, start)
            if opener not in seen and opener in found:
                seen.add(opener)
                waiting += [(*path, name, opener, further) for further in found[opener][0].follows]
    return ()


def spans(rule: Rule) -> Iterator[Span]:
    """The times of validity of a rule, days as their first and last instants in UTC."""
    yield _opening(rule.valid_from), _closing(rule.valid_until)
    for each in rule.extended:
        yield _opening(each.start), _closing(each.end)


def _opening(bound: Bound | None) -> datetime:
    if bound is None or isinstance(bound, datetime):
        return bound or _FIRST
    return datetime(bound.year, bound.month, bound.day, tzinfo=UTC)


def _closing(bound: Bound | None) -> datetime:
    if bound is None or isinstance(bound, datetime):
        return bound or _LAST
    return datetime(bound.year, bound.month, bound.day, 23, 59, 59, tzinfo=UTC)


def overlap(one: Span, other: Span) -> bool:
    """Whether two times share more than the day on which the one is handed over to the other."""
    return min(one[1], other[1]) - max(one[0], other[0]) > timedelta(days=1)


def _times(rule: Rule, node: Node) -> None:
    own = list(spans(rule))
    for place, below in enumerate(node.items("extended"), 1):
        if own[place][1] < own[place][0]:
            refuse(below, "ends before it begins", expected=f"a day from {own[place][0]:%Y-%m-%d} on")
        if any(overlap(own[place], earlier) for earlier in own[:place]):
            refuse(below, "overlapping validity", expected="a time after the one before it")
    for each, below in zip(rule.in_doubt, node.items("in_doubt"), strict=True):
        if each.end < each.start:
            refuse(below, "ends before it begins", expected=f"a day from {each.start} on", got=str(each.end))


def _versions(rule: Rule, node: Node, found: Found) -> None:
    for other, _ in found.values():
        if not rule.version_of or other.version_of != rule.version_of or other.id <= rule.id:
            continue
        if any(overlap(one, two) for one in spans(rule) for two in spans(other)):
            below = node.get("valid_until") or node.get("valid_from") or node
            refuse(
                below,
                f"overlapping validity with {other.id}, another version of {rule.version_of}",
                expected="one version at a time",
                got=_said(rule.valid_from, rule.valid_until),
            )


def gaps(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Days between the versions of one rule on which none holds, in words; a gap may be right, so it is no fault."""
    named: dict[str, list[tuple[Span, str]]] = {}
    for rule in rules:
        if rule.version_of:
            named.setdefault(rule.version_of, []).extend((span, rule.id) for span in spans(rule))
        elif rule.extended:
            named.setdefault(rule.id, []).extend((span, rule.id) for span in spans(rule))
    told = []
    for name in sorted(named):
        ordered = sorted(named[name])
        for (one, first), (two, second) in pairwise(ordered):
            if two[0] - one[1] > timedelta(seconds=1):
                told.append(
                    f"{name}: nothing holds between {first} ({one[1]:%Y-%m-%d}) and {second} ({two[0]:%Y-%m-%d})"
                )
    return tuple(told)


def _said(start: Bound | None, end: Bound | None) -> str:
    def day(bound: Bound | None) -> str:
        return "open" if bound is None else bound.isoformat() if isinstance(bound, date) else str(bound)

    return f"{day(start)} to {day(end)}"
