"""Reading lead times: the cases of each kind of clearance, and the quantiles that follow from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from safeconduct.formats.fields import (
    Context,
    Reader,
    choice,
    closed,
    identifier,
    many,
    middle,
    near,
    number,
    refuse,
    text,
    whole,
    words,
)
from safeconduct.formats.yamltree import Node
from safeconduct.law.leadtimes import quantiles_h
from safeconduct.model.sources import GRADES, Cite, Spread

TOLERANCE = 0.01
"""Stated quantiles may differ by this share from the recipe's: they are written to three figures."""


def read_lead_times(root: Node, *, without: str = "") -> dict[str, Spread | None]:
    """
    Read a file of lead times.

    Args:
        without: Id of a shipped case whose members are left out, because it is the one to be predicted; empty leaves
            none out.

    Returns:
        Hours from asking to answer by key, in file order; None for a key of which no member is left.

    Raises:
        InvalidInput: The first fault; a quantile that does not follow from the members is one, and the error says what
            it should be.
    """
    ctx = Context()
    top = closed(root, ctx, {"format": whole(1, 1), "lead_times": lambda node, _ctx: node}, ("format", "lead_times"))
    table: Node = top["lead_times"]
    if not isinstance(table.value, dict):
        refuse(table, "wrong kind of value", expected="a mapping from clearance kind to lead time")
    hours = {key: _members(node, ctx) for key, node in table.value.items()}
    whole_table = {key: _spread(node, ctx, hours) for key, node in table.value.items()}
    if not any(member.get("of") == without for members in hours.values() for member in members):
        return dict(whole_table)
    own = {key: str(getattr(node.get("as"), "value", key)) for key, node in table.value.items()}
    return {
        key: _refitted(hours[own[key]], spread, without, own=own[key] == key) for key, spread in whole_table.items()
    }


def _refitted(used: tuple[dict[str, Any], ...], stated: Spread, without: str, *, own: bool) -> Spread | None:
    """The entry *stated* from those of its members *used* that do not come from the case *without*."""
    kept = [member for member in used if member.get("of") != without]
    if len(kept) == len(used):
        return stated
    if not kept:
        return None
    p10, p50, p90 = quantiles_h([member["hours"] for member in kept])
    sources = tuple(dict.fromkeys(source for member in kept for source in member["sources"]))
    told = "; ".join(f"{member['case']}: {member['hours']:g} h" for member in kept)
    note = f"{told}. Without {len(used) - len(kept)} of {without} itself"
    cite = Cite(sources, stated.cite.grade, note)
    return Spread(p10, p50, p90, cite, stated.reference_class, len(kept) if own else 0)


_MEMBER: Mapping[str, Reader[Any]] = {
    "case": words,
    "of": identifier,
    "hours": middle(100_000.0, "hours"),
    "sources": many(words, least=1),
    "how": words,
}

_ENTRY: Mapping[str, Reader[Any]] = {
    "reference_class": words,
    "grade": choice(GRADES),
    "members": many(lambda node, ctx: closed(node, ctx, _MEMBER, ("case", "hours", "sources", "how")), least=1),
    "as": identifier,
    "p10": number,
    "p50": number,
    "p90": number,
    "note": text,
}

_REQUIRED = ("reference_class", "grade", "p10", "p50", "p90")


def _members(node: Node, ctx: Context) -> tuple[dict[str, Any], ...]:
    members: tuple[dict[str, Any], ...] = closed(node, ctx, _ENTRY, _REQUIRED).get("members", ())
    return members


def _spread(node: Node, ctx: Context, members: Mapping[str, tuple[dict[str, Any], ...]]) -> Spread:
    values = closed(node, ctx, _ENTRY, _REQUIRED)
    borrowed: str = values.get("as", "")
    own = values.get("members", ())
    if bool(borrowed) == bool(own):
        refuse(node, "a lead time needs members or 'as'", expected="the one or the other", got=node.got)
    if borrowed and not members.get(borrowed):
        hint = near(borrowed, members)
        below = node.get("as") or node
        refuse(below, "no such lead time with members", expected=f"one of {', '.join(members)}{hint}")
    used = own or members[borrowed]
    for name, right in zip(("p10", "p50", "p90"), quantiles_h([member["hours"] for member in used]), strict=True):
        if not math.isclose(values[name], right, rel_tol=TOLERANCE):
            refuse(node.get(name) or node, "does not follow from the members", expected=f"{right:.3g} hours")
    sources = tuple(dict.fromkeys(source for member in used for source in member["sources"]))
    note = values.get("note", "") or "; ".join(f"{member['case']}: {member['hours']:g} h" for member in used)
    cite = Cite(sources, values["grade"], note)
    cases = len(own) if own else 0
    return Spread(values["p10"], values["p50"], values["p90"], cite, values["reference_class"], cases)
