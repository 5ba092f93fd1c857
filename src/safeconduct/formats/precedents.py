"""Reading precedents: cases as data, each with its sources and grade."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from safeconduct.formats.fields import (
    Context,
    Reader,
    between,
    choice,
    closed,
    code,
    identifier,
    listed,
    many,
    refuse,
    text,
    whole,
    words,
)
from safeconduct.formats.yamltree import Node, read_tree
from safeconduct.model.case import EMERGENCIES
from safeconduct.model.precedents import AID, ANSWERS, INITIATIVES, MECHANISMS, OUTCOMES, Precedent, Span
from safeconduct.model.sources import GRADES, Cite

_ISO = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

_DAYS = between(0.0, 10_000.0, "days")


def _span(node: Node, ctx: Context) -> Span:
    bounds = listed(node, ctx, _DAYS)
    if len(bounds) != 2 or bounds[0] > bounds[1]:
        refuse(node, "not a span of days", expected="[least, most] days")
    return bounds[0], bounds[1]


def _when(node: Node, ctx: Context) -> str:
    written = text(node, ctx)
    if not _ISO.fullmatch(written):
        refuse(node, "not a day, month or year", expected="such as 2012-08-11, 2012-08 or 2012 (in quotes)")
    return written


def _licence(node: Node, ctx: Context) -> dict[str, Any]:
    return closed(node, ctx, {"says": words, "lag_days": _span}, ("says", "lag_days"))


_PRECEDENT: Mapping[str, Reader[Any]] = {
    "id": identifier,
    "number": whole(1),
    "title": words,
    "when": _when,
    "affected": code,
    "providers": many(code),
    "emergency": choice(EMERGENCIES),
    "aid": many(choice(AID), least=1),
    "initiative": choice(INITIATIVES),
    "first_answer": choice(ANSWERS),
    "outcome": choice(OUTCOMES),
    "reversed_after_days": _span,
    "days": _span,
    "mechanism": many(choice(MECHANISMS), least=1),
    "licence": _licence,
    "part_refused": text,
    "reason": text,
    "route": text,
    "conflict": text,
    "grade": choice(GRADES),
    "sources": many(words, least=1),
}

_OPTIONAL = frozenset({"reversed_after_days", "days", "licence", "part_refused", "reason", "route", "conflict"})
_REQUIRED = tuple(key for key in _PRECEDENT if key not in _OPTIONAL)


def _precedent(node: Node, ctx: Context) -> Precedent:
    values = closed(node, ctx, _PRECEDENT, _REQUIRED)
    licence = values.pop("licence", {})
    cite = Cite(values.pop("sources"), values.pop("grade"), values.get("conflict", ""))
    if "reversed_after_days" in values and values["first_answer"] != "refused":
        refuse(node, "a reversal without a refusal", expected="first_answer: refused", got=values["first_answer"])
    empty: dict[str, Any] = {"reversed_after_days": None, "days": None}
    empty |= dict.fromkeys(("part_refused", "reason", "route", "conflict"), "")
    said = {"licence": licence.get("says", ""), "lag_days": licence.get("lag_days")}
    return Precedent(**{**empty, **values, **said, "cite": cite})


def read_precedents(root: Node) -> tuple[Precedent, ...]:
    """
    Read a file of precedents.

    Raises:
        InvalidInput: The first fault: place, what was expected, what came instead; an id or number twice is one.
    """
    ctx = Context()
    readers: dict[str, Reader[Any]] = {"format": whole(1, 1), "precedents": lambda node, _ctx: node}
    nodes = listed(closed(root, ctx, readers, tuple(readers))["precedents"], ctx, lambda node, _ctx: node, least=1)
    found: dict[str, Precedent] = {}
    numbers: set[int] = set()
    for node in nodes:
        each = _precedent(node, ctx)
        if each.id in found or each.number in numbers:
            refuse(
                node, "the same precedent twice", expected="each id and number once", got=f"{each.id}, {each.number}"
            )
        found[each.id] = each
        numbers.add(each.number)
    return tuple(sorted(found.values(), key=lambda each: each.number))


@cache
def shipped_precedents() -> tuple[Precedent, ...]:
    """The packaged precedents, by number, read once."""
    folder = files("safeconduct").joinpath("data", "precedents")
    entries = sorted((e for e in folder.iterdir() if e.name.endswith(".yaml")), key=lambda entry: entry.name)
    return tuple(
        each
        for entry in entries
        for each in read_precedents(read_tree(entry.read_bytes(), name=f"data/precedents/{entry.name}"))
    )
