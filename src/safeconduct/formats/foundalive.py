"""Reading published counts of persons brought out alive by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from safeconduct.formats.fields import Context, Reader, between, closed, identifier, many, refuse, whole, words
from safeconduct.formats.values import cited
from safeconduct.formats.yamltree import Node, read_tree
from safeconduct.model.errors import Corrupt, InvalidInput
from safeconduct.model.sources import Cite


@dataclass(frozen=True, slots=True)
class Day:
    """Persons brought out by *until_h* hours after the event and after the day before, and those alive among them."""

    until_h: float
    alive: int
    out: int


@dataclass(frozen=True, slots=True)
class Counts:
    """One published table; days in order of time."""

    id: str
    title: str
    days: tuple[Day, ...]
    cite: Cite


_DAY: Mapping[str, Reader[Any]] = {
    "until_h": between(0.0, 2400.0, "hours", above=True),
    "alive": whole(0),
    "out": whole(1),
}


def _day(node: Node, ctx: Context) -> Day:
    day = Day(**closed(node, ctx, _DAY, tuple(_DAY)))
    if day.alive > day.out:
        refuse(node.get("alive") or node, "more alive than brought out", expected=f"at most {day.out}")
    return day


def _counts(node: Node, ctx: Context) -> Counts:
    readers: Mapping[str, Reader[Any]] = {"id": identifier, "title": words, "days": many(_day, least=3)}
    values, origin = cited(node, ctx, readers, ("id", "title", "days"))
    days = values["days"]
    for below, first, second in zip(node.items("days")[1:], days, days[1:], strict=False):
        if second.until_h <= first.until_h:
            refuse(below, "days out of order", expected="rising hours")
    return Counts(values["id"], values["title"], days, origin)


def read_counts(document: str | bytes, *, name: str) -> tuple[Counts, ...]:
    """
    Read a file of counts.

    Raises:
        InvalidInput: The first fault in file order.
    """
    readers: Mapping[str, Reader[Any]] = {"format": whole(1, 1), "tables": many(_counts, least=1)}
    tables: tuple[Counts, ...] = closed(read_tree(document, name=name), Context(), readers, tuple(readers))["tables"]
    return tables


def shipped_counts() -> tuple[Counts, ...]:
    """
    The shipped tables.

    Raises:
        Corrupt: The packaged file is not what was written.
    """
    file = files("safeconduct").joinpath("data", "found_alive.yaml")
    try:
        return read_counts(file.read_bytes(), name="data/found_alive.yaml")
    except InvalidInput as error:
        raise Corrupt(error.message, where=error.where, expected=error.expected, got=error.got) from error
