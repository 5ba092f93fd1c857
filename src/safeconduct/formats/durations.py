"""Reading how long stages took in known cases, and what `{class: ID}` in a case stands for: never the case itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from safeconduct.formats.fields import (
    Context,
    Reader,
    between,
    choice,
    closed,
    identifier,
    many,
    middle,
    refuse,
    whole,
    words,
)
from safeconduct.formats.leadtimes import read_lead_times
from safeconduct.formats.yamltree import Node, read_tree
from safeconduct.model.errors import Corrupt, InvalidInput
from safeconduct.model.sources import GRADES, Cite, Spread
from safeconduct.motion.durations import pooled, quantiles

UNITS = ("h", "km/h", "ratio")
LEAD = "lead"
"""Stands for the classes of lead times where a unit is asked for."""


@dataclass(frozen=True, slots=True)
class Member:
    """
    One case of a class.

    Args:
        case: In words.

        of: Id of the shipped case from which it comes; empty if none.

        value: In the unit of its class, > 0.

        how: From which hours it follows.
    """

    case: str
    of: str
    value: float
    sources: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class StageClass:
    """
    A set of cases whose stage took so long, went so fast, or took so many times what was planned.

    Args:
        unit: Of `UNITS`.

        centre: The middle where it is fixed and not fitted; None otherwise.
    """

    id: str
    unit: str
    reference_class: str
    grade: str
    members: tuple[Member, ...]
    centre: float | None = None


_MEMBER: Mapping[str, Reader[Any]] = {
    "case": words,
    "of": identifier,
    "value": middle(100_000.0),
    "sources": many(words, least=1),
    "how": words,
}


def _member(node: Node, ctx: Context) -> Member:
    values = closed(node, ctx, _MEMBER, ("case", "value", "sources", "how"))
    return Member(values["case"], values.get("of", ""), values["value"], values["sources"], values["how"])


_CLASS: Mapping[str, Reader[Any]] = {
    "unit": choice(UNITS),
    "reference_class": words,
    "grade": choice(GRADES),
    "members": many(_member, least=1),
    "centre": between(0.0, 1000.0, above=True),
}


_REQUIRED = ("unit", "reference_class", "grade", "members")


def read_stages(root: Node) -> dict[str, StageClass]:
    """
    Read a file of stage classes, in file order.

    Raises:
        InvalidInput: The first fault in file order.
    """
    ctx = Context()
    top = closed(root, ctx, {"format": whole(1, 1), "stages": lambda node, _ctx: node}, ("format", "stages"))
    table: Node = top["stages"]
    if not isinstance(table.value, dict):
        refuse(table, "wrong kind of value", expected="a mapping from names of classes to classes")
    return {name: StageClass(name, **closed(node, ctx, _CLASS, _REQUIRED)) for name, node in table.value.items()}


def fitted(classes: Mapping[str, StageClass], *, without: str = "") -> dict[str, Spread | None]:
    """
    The spread of each class, fitted without the members of one case.

    Args:
        without: Id of the case that is to be predicted; empty leaves none out.

    Returns:
        None for a class of which no member is left.
    """
    left = {c.id: [m for m in c.members if not without or m.of != without] for c in classes.values()}
    fitting = [c for c in classes.values() if c.centre is None]
    pools = {unit: pooled([[m.value for m in left[c.id]] for c in fitting if c.unit == unit]) for unit in UNITS}
    out: dict[str, Spread | None] = {}
    for each in classes.values():
        members = left[each.id]
        if not members:
            out[each.id] = None
            continue
        values = [m.value for m in members]
        pool = pools[each.unit] if each.centre is None else pooled([values], centre=each.centre)
        p10, p50, p90 = quantiles(values, pool, centre=each.centre)
        told = "; ".join(f"{m.case}: {m.value:.3g} {each.unit}" for m in members)
        dropped = len(each.members) - len(members)
        note = told + (f". Without {dropped} of {without} itself" if dropped else "")
        sources = tuple(dict.fromkeys(s for m in members for s in m.sources))
        out[each.id] = Spread(p10, p50, p90, Cite(sources, each.grade, note), each.reference_class, len(members))
    return out


@cache
def shipped_stages() -> Mapping[str, StageClass]:
    """
    The shipped classes, read once.

    Raises:
        Corrupt: The packaged file is not what was written.
    """
    file = files("safeconduct").joinpath("data", "stages.yaml")
    try:
        return read_stages(read_tree(file.read_bytes(), name="data/stages.yaml"))
    except InvalidInput as error:
        raise Corrupt(error.message, where=error.where, expected=error.expected, got=error.got) from error


@cache
def shipped_classes(unit: str, without: str) -> Mapping[str, Spread | None]:
    """
    What the names of classes stand for in a case: the shipped classes fitted without that case.

    Args:
        unit: Of `UNITS`, or `LEAD` for the lead times of permissions.
    """
    if unit == LEAD:
        table = files("safeconduct").joinpath("data", "lead_times.yaml")
        return read_lead_times(read_tree(table.read_bytes(), name="data/lead_times.yaml"), without=without)
    classes = shipped_stages()
    return {name: spread for name, spread in fitted(classes, without=without).items() if classes[name].unit == unit}
