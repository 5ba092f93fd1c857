"""
Reading nodes against a closed vocabulary: every key is known, every value has one kind, and the first fault is told.

A reader is a function from a node and a context to a value. `closed` reads a mapping key by key in file order, so that
the error that is raised is the first one a person meets when reading the file from the top.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn, TypeAlias, TypeVar

from safeconduct.formats.yamltree import Node
from safeconduct.model.assets import AssetType
from safeconduct.model.errors import InvalidInput, OutOfScope
from safeconduct.model.instants import Instant, instant
from safeconduct.model.persons import SurvivalModel
from safeconduct.model.sources import Cite

T = TypeVar("T")

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""What an id may be: it is typed on a command line."""

CODE = re.compile(r"[A-Z]{2}")
"""What a party's code may be: ISO 3166 alpha-2, EU, UN or a user-assigned XA-XZ."""

OUT_OF_SCOPE = frozenset(
    {
        "air_defence",
        "air_defense",
        "air_defences",
        "air_defenses",
        "armament",
        "concealment",
        "countermeasures",
        "detection_avoidance",
        "electronic_warfare",
        "interceptors",
        "jammer",
        "jammers",
        "jamming",
        "munitions",
        "radar",
        "radar_coverage",
        "radar_cross_section",
        "radars",
        "rcs",
        "sam",
        "sams",
        "spoofing",
        "stealth",
        "weapons",
    }
)
"""Keys that ask for what this software does not do (DESIGN.md section 1), with ``_`` for ``-``."""

COUNT_LIMIT = 1_000_000
"""No case counts more of anything."""


@dataclass(frozen=True, slots=True)
class Context:
    """
    What a reader needs besides its node.

    Args:
        cite: Origin of the enclosing record, inherited by what states none; None where there is none to inherit.

        incident_at: When the incident was; the default for things conceivable from the start.

        types: Shipped asset types by id.

        survival: Shipped survival models by id.

        case: Id of the case that is read; classes of cases are fitted without it. Empty outside cases.

        emergency: Its kind of emergency; some survival models hold for some kinds only.
    """

    cite: Cite | None = None
    incident_at: Instant | None = None
    types: Mapping[str, AssetType] = field(default_factory=dict)
    survival: Mapping[str, SurvivalModel] = field(default_factory=dict)
    case: str = ""
    emergency: str = ""

    def under(self, cite: Cite | None) -> Context:
        """The same inside a record of that origin."""
        return replace(self, cite=cite)


Reader: TypeAlias = Callable[[Node, Context], T]


def refuse(node: Node, message: str, *, expected: str, got: str | None = None) -> NoReturn:
    """
    Refuse a node.

    Raises:
        InvalidInput: Always.
    """
    raise InvalidInput(message, where=node.where, expected=expected, got=node.got if got is None else got)


def near(word: str, words: Iterable[str]) -> str:
    """The nearest of *words* as a question, such as ``; perhaps 'count'``; empty if none is near."""
    found = difflib.get_close_matches(word, sorted(words), n=1, cutoff=0.6)
    return f"; perhaps {found[0]!r}" if found else ""


def closed(
    node: Node, ctx: Context, readers: Mapping[str, Reader[Any]], required: tuple[str, ...] = ()
) -> dict[str, Any]:
    """
    Read a mapping of known keys.

    Args:
        node: The mapping.

        ctx: Passed on to each reader.

        readers: Reader of each key.

        required: Keys that must be there; they may be null only where their reader takes null.

    Returns:
        The values read, by key; keys that the file leaves out, or leaves null without need, are absent.

    Raises:
        OutOfScope: A key asks for what this software does not do.
        InvalidInput: The first fault in file order. A missing key counts as standing where the mapping begins, unless
            the mapping has a key that is not known: that is then told instead, for it may be the missing one misspelt.
    """
    nodes = node.value
    if not isinstance(nodes, dict):
        refuse(node, "wrong kind of value", expected=f"a mapping with {', '.join(required or readers)}")
    missing = [key for key in required if key not in nodes]
    if missing and all(key in readers for key in nodes):
        refuse(node, f"{missing[0]!r} is missing", expected=f"the key {missing[0]!r}", got=node.got)
    values: dict[str, Any] = {}
    for key, below in nodes.items():
        reader = readers.get(key)
        if reader is None:
            _in_scope(below, key)
            hint = near(key, missing) or near(key, readers)
            refuse(below, "unknown key", expected=f"one of {', '.join(readers)}{hint}", got=repr(key) + hint)
        if below.value is not None or key in required:
            values[key] = reader(below, ctx)
    return values


def _in_scope(node: Node, key: str) -> None:
    if key.lower().replace("-", "_") in OUT_OF_SCOPE:
        raise OutOfScope(
            f"{key!r} is out of scope",
            where=node.where,
            expected="nothing on radar, air defence, weapons or concealment: this software serves rescue with consent",
            got=repr(key),
        )


def listed(node: Node, ctx: Context, reader: Reader[T], *, least: int = 0) -> tuple[T, ...]:
    """Read a list of at least *least* members of one kind."""
    if not isinstance(node.value, tuple):
        refuse(node, "wrong kind of value", expected="a list")
    if len(node.value) < least:
        refuse(node, "too few members", expected=f"a list of at least {least}")
    return tuple(reader(below, ctx) for below in node.value)


def many(reader: Reader[T], *, least: int = 0) -> Reader[tuple[T, ...]]:
    """A reader of lists."""
    return lambda node, ctx: listed(node, ctx, reader, least=least)


def nullable(reader: Reader[T]) -> Reader[T | None]:
    """A reader that takes null for *unknown* or *none*."""
    return lambda node, ctx: None if node.value is None else reader(node, ctx)


def text(node: Node, _ctx: Context) -> str:
    """Read text, trimmed; it may be empty."""
    if not isinstance(node.value, str):
        refuse(node, "wrong kind of value", expected="text (quote it if it looks like a number)")
    return node.value.strip()


def words(node: Node, ctx: Context) -> str:
    """Read text that is not empty."""
    return text(node, ctx) or refuse(node, "nothing is said", expected="text", got="empty text")


def identifier(node: Node, ctx: Context) -> str:
    """Read an id: letters, digits, ``.``, ``_``, ``-``."""
    read = text(node, ctx)
    if not ID.fullmatch(read):
        refuse(node, "not an id", expected="letters, digits, '.', '_' and '-', beginning with a letter or digit")
    return read


def code(node: Node, ctx: Context) -> str:
    """Read the code of a party."""
    read = text(node, ctx)
    if not CODE.fullmatch(read):
        refuse(node, "not the code of a party", expected="two capital letters: ISO 3166 alpha-2, EU, UN, or XA to XZ")
    return read


def flag(node: Node, _ctx: Context) -> bool:
    """Read ``true`` or ``false``."""
    if not isinstance(node.value, bool):
        refuse(node, "wrong kind of value", expected="true or false")
    return node.value


def number(node: Node, _ctx: Context) -> float:
    """Read a finite number."""
    if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
        refuse(node, "wrong kind of value", expected="a number")
    if not math.isfinite(node.value):
        refuse(node, "not a finite number", expected="a finite number")
    return float(node.value)


def between(low: float, high: float, unit: str = "", *, above: bool = False) -> Reader[float]:
    """A reader of numbers from *low* (or, with *above*, over it) to *high*."""
    bound = f"over {low:g}" if above else f"at least {low:g}"
    expected = f"a number {bound}" + (f" and at most {high:g}" if math.isfinite(high) else "")

    def read(node: Node, ctx: Context) -> float:
        value = number(node, ctx)
        if not (low <= value <= high) or (above and value == low):
            refuse(node, "a number out of range", expected=f"{expected} {unit}".rstrip())
        return value

    return read


def bounds(high: float, unit: str = "") -> Reader[tuple[float, float]]:
    """A reader of one number from 0 to *high*, given twice, or of [lowest, highest]."""
    one = between(0.0, high, unit)

    def read(node: Node, ctx: Context) -> tuple[float, float]:
        if not isinstance(node.value, tuple):
            value = one(node, ctx)
            return value, value
        pair = [one(below, ctx) for below in node.value]
        if len(pair) != 2 or not pair[0] < pair[1]:
            refuse(node, "not a pair of bounds", expected=f"[lowest, highest] {unit}".rstrip() + ", the first smaller")
        return pair[0], pair[1]

    return read


def middle(high: float, unit: str = "") -> Reader[float]:
    """A reader of one number over 0 and at most *high*, or of [lowest, highest], of which it takes the middle."""
    one, pair = between(0.0, high, unit, above=True), bounds(high, unit)

    def read(node: Node, ctx: Context) -> float:
        return sum(pair(node, ctx)) / 2 if isinstance(node.value, tuple) else one(node, ctx)

    return read


def whole(low: int, high: int = COUNT_LIMIT) -> Reader[int]:
    """A reader of whole numbers from *low* to *high*."""

    def read(node: Node, _ctx: Context) -> int:
        if isinstance(node.value, bool) or not isinstance(node.value, int):
            refuse(node, "wrong kind of value", expected=f"a whole number of at least {low}")
        if not low <= node.value <= high:
            refuse(node, "a number out of range", expected=f"a whole number from {low} to {high}")
        return node.value

    return read


def choice(allowed: Iterable[str], *, empty: bool = False) -> Reader[str]:
    """A reader of one word out of *allowed*; with *empty* also of the empty text."""
    options = tuple(allowed)

    def read(node: Node, ctx: Context) -> str:
        got = str(node.value) if isinstance(node.value, int) and not isinstance(node.value, bool) else text(node, ctx)
        if got in options or (empty and not got):
            return got
        return refuse(
            node, "not one of the words known here", expected=f"one of {', '.join(options)}{near(got, options)}"
        )

    return read


def moment(node: Node, _ctx: Context) -> Instant:
    """Read an instant with a zone."""
    if not isinstance(node.value, str):
        refuse(node, "not an instant", expected="a date and time with zone, such as 2031-03-04T19:00Z")
    read = instant(node.value.strip(), where=node.where)
    if read.year < 1900:  # a slip of the hand: no rescue by air is older
        refuse(node, "an instant out of range", expected="a year from 1900 on")
    return read
