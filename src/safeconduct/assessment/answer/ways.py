"""What an answer says of the ways: who comes from where, what stands in the way, how late each stage was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from safeconduct.assessment.answer.scene import InstantQuantiles, Quantiles

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class AssetRef:
    id: str
    kind: str
    type: str
    hypothetical: bool
    name: str
    base: str
    count: float


@dataclass(frozen=True, slots=True)
class Leg:
    """
    One leg of a way.

    ``mode``: fly, land, drive, walk, sail, hoist, remote. ``enters`` are the states entered on it besides the
    provider's own; ``clearances`` the ids it needs; ``cleared`` is true only if each of those is granted and in date;
    ``mark`` is empty, ``NOT CLEARED - DO NOT FLY`` or ``WHAT-IF``.
    """

    mode: str
    start: str
    end: str
    path: tuple[Point, ...]
    distance_km: float | None
    hours: Quantiles
    enters: tuple[str, ...]
    clearances: tuple[str, ...]
    cleared: bool
    mark: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A physical fact met on the way. ``state``: ok, marginal, no, unknown."""

    id: str
    state: str
    says: str
    verified: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a way is or is not useful: ``cause`` is a verdict word, ``what`` names whose, which limit or clearance."""

    cause: str
    what: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """
    The smallest set of changes that makes the way useful.

    ``possible`` is false where none of the changes tried does. ``changes`` in the order to read them.
    """

    possible: bool
    changes: tuple[str, ...]
    clearances: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What the way does on scene, and by how much it alone lifts the value, in the goal's unit."""

    does: tuple[str, ...]
    lift: Quantiles
    lift_if_granted_now: Quantiles


@dataclass(frozen=True, slots=True)
class Risk:
    """Risk to the rescuers: low, elevated, high or unknown, with reasons."""

    level: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    event: str
    at: datetime
    contested: bool
    grade: str
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Way:
    """
    One course of action and its verdict.

    ``verdict_margin``: standard errors, over the draws, between half a point and the nearest of the lifts that decide
    the verdict; None where all draws agree. ``borderline``: it is below 3, so another seed may say otherwise.
    """

    id: str
    asset: AssetRef
    provider: str
    kind: str
    state: str
    arrival: InstantQuantiles | None
    legs: tuple[Leg, ...]
    needs: tuple[str, ...]
    missing: tuple[str, ...]
    limits: tuple[Limit, ...]
    verdict: str
    because: Cause
    other_causes: tuple[Cause, ...]
    counterfactual: Counterfactual | None
    effect: Effect
    risk: Risk
    recorded: tuple[RecordedEvent, ...]
    verified_share: float
    note: str
    verdict_margin: float | None = None
    borderline: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a delay; ``recorded`` where both ends are facts of the case."""

    stage: str
    hours: Quantiles
    share: float | None
    recorded: bool
    contested: bool
    note: str


@dataclass(frozen=True, slots=True)
class Delay:
    way: str
    until: str
    total_hours: Quantiles
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class LimitingCause:
    """
    What limited one kind of help that comes from abroad.

    ``cause`` is ``request``, ``permission``, ``distance`` or ``weather``: the group with most of the hours of the best
    way from the incident to the scene; or, where no way arrives, what its verdict amounts to. Hours are means, None
    where no way arrives.
    """

    help: str
    cause: str
    way: str
    verdict: str
    request_h: float | None
    permission_h: float | None
    distance_h: float | None
    weather_h: float | None
    says: str
