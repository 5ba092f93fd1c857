"""The record that the program is held against, read from YAML: one row for each figure that is compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeAlias

from safeconduct.formats.fields import (
    Context,
    Reader,
    between,
    bounds,
    choice,
    closed,
    identifier,
    many,
    moment,
    refuse,
    whole,
    words,
)
from safeconduct.formats.values import cited, default_cite, position
from safeconduct.formats.yamltree import Node, read_tree
from safeconduct.model.errors import Corrupt, InvalidInput
from safeconduct.model.instants import Instant
from safeconduct.model.sources import Cite
from safeconduct.model.space import LonLat

Place: TypeAlias = str | LonLat
"""Degrees, or the id of a base, or of a report with one point, of the case."""

EVENTS = ("take-off", "entered", "on-scene", "find", "reached")

STAGES = ("mobilisation", "approval", "flight", "handling", "ground", "weather")
"""Kinds of stage that are calibrated apart."""

CAUSES = ("request", "permission", "distance", "weather", "physical", "superseded", "unknown")


@dataclass(frozen=True, slots=True)
class Distance:
    """Length of a geodesic."""

    start: Place
    end: Place
    reported_km: float
    tolerance_km: float


@dataclass(frozen=True, slots=True)
class Sun:
    """Hour of ``sunset`` or ``sunrise`` at a place."""

    place: Place
    event: str
    reported_at: Instant
    tolerance_min: float


@dataclass(frozen=True, slots=True)
class Transit:
    """Recorded take-off to recorded arrival on scene, beside the distance at the speed of the type. Without a bound."""

    way: str
    start: Place
    end: Place


@dataclass(frozen=True, slots=True)
class Replay:
    """
    Arrival of a way whose approval is known.

    Args:
        tolerance_h: The median may miss the record by so much; the record must lie inside p10-p90 besides.
    """

    at: Instant
    way: str
    event: str
    tolerance_h: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """
    Arrival of a way from lead times that were not taken from this case.

    Args:
        width_h: Most hours from p10 to p90.
    """

    at: Instant
    way: str
    event: str
    width_h: float


@dataclass(frozen=True, slots=True)
class Group:
    """Stages of a delay budget that are told together; a stage counts by its name or by the first words of it."""

    says: str
    stages: tuple[str, ...]
    reported: float


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of a delay budget, each in [0, 1]; ``tolerance`` is a difference of shares."""

    at: Instant
    way: str
    until: str
    tolerance: float
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Hours from the incident to the arrival of a way, had the request been made at another hour."""

    at: Instant
    request: Instant
    way: str
    reported_h: float
    tolerance_h: float


@dataclass(frozen=True, slots=True)
class No:
    """No foreign way but remote help arrives within so many hours of the incident."""

    at: Instant
    within_h: float


@dataclass(frozen=True, slots=True)
class StageTold:
    """
    How long one stage took, beside what other cases let expect.

    Args:
        stage: Of `STAGES`.

        step: Id of a step of the way, the id of a clearance (its lead time) or of a window of weather (its end after
            its start), ``mobilisation``, ``work``, or a mode, for all legs of it.

        reported_h: (earliest, latest); the same twice where one number is reported. The middle counts.

        at: As known then; None takes the record's.
    """

    stage: str
    way: str
    step: str
    reported_h: tuple[float, float]
    at: Instant | None


What: TypeAlias = Distance | Sun | Transit | Replay | Forecast | Shares | WhatIf | No | StageTold


@dataclass(frozen=True, slots=True)
class Row:
    """
    One comparison.

    Args:
        says: What is compared, in words.

        what: The figures.

        causes: Why the record and the prediction may differ; candidates, not findings.

        cite: Origin of what was reported.
    """

    id: str
    kind: str
    says: str
    what: What
    causes: tuple[str, ...]
    cite: Cite


@dataclass(frozen=True, slots=True)
class Supported:
    """
    What limited one kind of help, as the sources have it.

    Args:
        cause: Of `CAUSES`.

        at: The program's own cause is taken from the case as known then; None takes the record's instant.

        reason: Why the program may disagree; empty where nobody has said.
    """

    help: str
    cause: str
    at: Instant | None
    says: str
    reason: str
    cite: Cite


@dataclass(frozen=True, slots=True)
class Record:
    """
    What one shipped case is compared with.

    Args:
        record_at: The recorded stages are read from the case as known at this instant.

        predict_at: Stages are predicted from the case as known at this instant; None is the case's own instant.

        causes: One for each kind of help.
    """

    case: str
    record_at: Instant
    rows: tuple[Row, ...]
    predict_at: Instant | None = None
    causes: tuple[Supported, ...] = ()


def _place(node: Node, ctx: Context) -> Place:
    return identifier(node, ctx) if isinstance(node.value, str) else position(node, ctx)


_SHARE = between(0.0, 1.0)
_KM = between(0.0, 20_100.0, "km")
_HOURS = between(0.0, 1000.0, "hours")
_SPAN_H = bounds(1000.0, "hours")


_GROUP: Mapping[str, Reader[Any]] = {"says": words, "stages": many(words, least=1), "reported": _SHARE}


def _group(node: Node, ctx: Context) -> Group:
    return Group(**closed(node, ctx, _GROUP, tuple(_GROUP)))


_KINDS: Mapping[str, tuple[type[Any], Mapping[str, Reader[Any]]]] = {
    "distance": (Distance, {"from": _place, "to": _place, "reported_km": _KM, "tolerance_km": _KM}),
    "sun": (
        Sun,
        {
            "place": _place,
            "event": choice(("sunset", "sunrise")),
            "reported_at": moment,
            "tolerance_min": between(0.0, 60.0, "minutes"),
        },
    ),
    "transit": (Transit, {"way": identifier, "from": _place, "to": _place}),
    "replay": (Replay, {"at": moment, "way": identifier, "event": choice(EVENTS), "tolerance_h": _HOURS}),
    "forecast": (Forecast, {"at": moment, "way": identifier, "event": choice(EVENTS), "width_h": _HOURS}),
    "shares": (
        Shares,
        {"at": moment, "way": identifier, "until": words, "tolerance": _SHARE, "groups": many(_group, least=1)},
    ),
    "what-if": (
        WhatIf,
        {"at": moment, "request": moment, "way": identifier, "reported_h": _HOURS, "tolerance_h": _HOURS},
    ),
    "no": (No, {"at": moment, "within_h": _HOURS}),
    "stage": (
        StageTold,
        {"stage": choice(STAGES), "way": identifier, "step": identifier, "reported_h": _SPAN_H, "at": moment},
    ),
}
"""What each kind of row becomes, with the reader of each of its keys; all but `_OPTIONAL` are required."""

_OPTIONAL = {"stage": ("at",)}

_FIELDS = {"from": "start", "to": "end"}
"""Keys of the file that are no good names in Python."""

_COMMON: Mapping[str, Reader[Any]] = {
    "id": identifier,
    "kind": choice(_KINDS),
    "says": words,
    "causes": many(words, least=1),
}


def _row(node: Node, ctx: Context) -> Row:
    given = node.get("kind")
    if given is None:
        refuse(node, "'kind' is missing", expected=f"a mapping with a kind, one of {', '.join(_KINDS)}")
    kind = _COMMON["kind"](given, ctx)
    made, readers = _KINDS[kind]
    needed = tuple(key for key in readers if key not in _OPTIONAL.get(kind, ()))
    values, cite = cited(node, ctx, {**_COMMON, **readers}, ("id", "kind", "says", *needed))
    what = made(**{_FIELDS.get(key, key): values.get(key) for key in readers})
    return Row(values["id"], kind, values["says"], what, values.get("causes", ()), cite)


_CAUSE: Mapping[str, Reader[Any]] = {
    "help": identifier,
    "cause": choice(CAUSES),
    "at": moment,
    "says": words,
    "reason": words,
}


def _supported(node: Node, ctx: Context) -> Supported:
    values, cite = cited(node, ctx, _CAUSE, ("help", "cause", "says"))
    return Supported(values["help"], values["cause"], values.get("at"), values["says"], values.get("reason", ""), cite)


_TOP: Mapping[str, Reader[Any]] = {
    "format": whole(1, 1),
    "case": identifier,
    "record_at": moment,
    "predict_at": moment,
    "causes": lambda node, _ctx: node,
    "default_cite": default_cite,
    "rows": lambda node, _ctx: node,
}


def read_record(document: str | bytes, *, name: str) -> Record:
    """
    Read one record.

    Args:
        name: What to call the file in errors.

    Raises:
        InvalidInput: The first fault in file order; an id that stands twice is one.
    """
    root = read_tree(document, name=name)
    top = closed(root, Context(), _TOP, ("format", "case", "record_at", "rows"))
    ctx = Context(cite=top.get("default_cite"))
    causes = many(_supported)(top["causes"], ctx) if "causes" in top else ()
    rows = many(_row)(top["rows"], ctx)
    seen: set[str] = set()
    for node, row in zip(root.items("rows"), rows, strict=True):
        if row.id in seen:
            refuse(node, "the same row twice", expected="each id once", got=row.id)
        seen.add(row.id)
    return Record(top["case"], top["record_at"], rows, top.get("predict_at"), causes)


def shipped_records() -> dict[str, Traversable]:
    """The shipped records by the name of their case, sorted."""
    folder = files("safeconduct").joinpath("data", "validation")
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return {f.name.removesuffix(".yaml"): f for f in found}


def shipped_record(case: str) -> Record:
    """
    The shipped record of that case.

    Raises:
        Corrupt: The packaged data are not what was written.
    """
    try:
        return read_record(shipped_records()[case].read_bytes(), name=f"validation/{case}.yaml")
    except InvalidInput as error:
        raise Corrupt(error.message, where=error.where, expected=error.expected, got=error.got) from error
