"""The answer to questions 1-3 for one case as known at one instant: what every edge prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Three quantiles over the draws; None where the quantile is *never*."""

    p10: float | None
    p50: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class InstantQuantiles:
    """Three quantiles of an instant over the draws; None where the quantile is *never*."""

    p10: datetime | None
    p50: datetime | None
    p90: datetime | None


@dataclass(frozen=True, slots=True)
class CaseRef:
    id: str
    title: str
    kind: str
    host: str
    lost: str
    emergency: str
    incident_at: datetime
    summary: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A figure or fact of the answer with its origin, one step from the screen."""

    what: str
    value: str
    unit: str
    grade: str
    verified: bool
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Containment:
    """Smallest area that holds a share of the probability; ``outline`` is a list of rings, (lon, lat)."""

    share: float
    area_km2: float
    outline: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class MapSource:
    """
    One report of the probability map.

    ``weight`` is its chance of being true after all others (1 for a report that settles the place); the chances of
    several reports need not add up to 1.
    """

    evidence: str
    what: str
    weight: float
    reliability: str
    credibility: str
    place: Point | None
    grade: str
    verified: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """
    Where they are.

    ``site`` is the point that ways are computed to: the place where it is known, else the mean of the best
    supported report; never an answer of its own.
    """

    known: bool
    site: Point
    containment: tuple[Containment, ...]
    sources: tuple[MapSource, ...]
    not_mapped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Persons:
    id: str
    count: int
    injury: str
    exposure: str
    counted: bool
    alive_now: Quantiles | None
    survival: str
    verified: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LightWindow:
    start: datetime
    end: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class WeatherReport:
    id: str
    place: str
    start: datetime
    end: datetime | None
    end_range: InstantQuantiles | None
    visibility_m: float | None
    cloud_base_m: float | None
    ground_hidden: bool
    icing: bool | None
    temperature_c: float | None
    share: float
    grade: str
    verified: bool
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class WindTold:
    """A wind as told; ``share`` is the belief in it among winds that exclude each other."""

    id: str
    start: datetime
    end: datetime
    from_deg: float
    from_sigma_deg: float
    speed_kmh: Quantiles
    height_m: tuple[float, float] | None
    kinds: tuple[str, ...]
    share: float
    grade: str
    verified: bool
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Windows:
    """``winds`` is left out of JSON where the case gives none."""

    light: tuple[LightWindow, ...]
    weather: tuple[WeatherReport, ...]
    winds: tuple[WindTold, ...] = field(default=(), metadata={"sparse": True})


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
class LeadTime:
    p10: float
    p50: float
    p90: float
    source: str
    verified: bool
    reference_class: str
    cases: int | None


@dataclass(frozen=True, slots=True)
class Worth:
    """
    Value of one clearance in the goal's unit.

    ``alone``: added to what is granted. ``last``: added when all others are granted. ``shapley``: its fair share;
    ``shapley_error`` is the standard error where it was sampled, 0 where exact.
    """

    alone: float
    last: float
    shapley: float
    shapley_error: float


@dataclass(frozen=True, slots=True)
class ClearanceHistory:
    status: str
    at: datetime
    conditions: tuple[str, ...]
    grade: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Value still to be had from a clearance granted at that instant, in the goal's unit."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Basis:
    """A rule in one line; its text is one step away by its id."""

    rule: str
    says: str
    citation: str
    force: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Clearance:
    id: str
    kind: str
    authority: str
    office: str
    channel: str
    provider: str
    basis: tuple[str, ...]
    rules: tuple[Basis, ...]
    status: str
    conditions: tuple[str, ...]
    history: tuple[ClearanceHistory, ...]
    lead_time_h: LeadTime | None
    half_value_at: datetime | None
    last_useful_at: datetime | None
    value: Worth
    curve: tuple[CurvePoint, ...]
    ways: tuple[str, ...]
    barred_by: str


@dataclass(frozen=True, slots=True)
class Value:
    as_it_stands: Quantiles
    nothing_more: Quantiles
    all_now: Quantiles
    target: float
    maximum: float
    unit: str


@dataclass(frozen=True, slots=True)
class GoalValue:
    """The three states for one goal, so that a goal where permissions matter is never hidden by one where none does."""

    goal: str
    as_it_stands: Quantiles
    nothing_more: Quantiles
    all_now: Quantiles
    maximum: float
    unit: str
    negligible: bool


@dataclass(frozen=True, slots=True)
class Sets:
    """
    A minimal set.

    ``margin``: standard errors, over the draws, between the target and the nearest of the values that make it one (its
    own, and each with one member less); None where all draws agree. ``borderline``: it is below 3, so another seed may
    list another set in its place.
    """

    clearances: tuple[str, ...]
    margin: float | None = None
    borderline: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """One step of the order to ask: ``ask_by`` is the last useful moment less the median lead time."""

    clearance: str
    of: str
    on_behalf_of: str
    ask_by: datetime | None
    lead_time_p50_h: float | None
    worth: float
    says: str


@dataclass(frozen=True, slots=True)
class AskOrder:
    steps: tuple[Ask, ...]
    method: str
    gap: float


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


@dataclass(frozen=True, slots=True)
class Interaction:
    """
    Worth of having both over the sum of their single worths, on average over all orders, in the goal's unit.

    ``error`` is the standard error where it was sampled, 0 where exact.
    """

    clearances: tuple[str, str]
    value: float
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of the timeline. ``kind``: incident, evidence, request, clearance, asset, offer, alarm, other."""

    at: datetime
    says: str
    kind: str
    grade: str
    verified: bool
    sources: tuple[str, ...]
    contested: bool
    party: str


@dataclass(frozen=True, slots=True)
class Coordination:
    """Who coordinates. Empty strings where no source says."""

    rcc: str
    contact: str
    smc: str
    phase: str
    srr: str


@dataclass(frozen=True, slots=True)
class Border:
    """An airspace that the case brings: drawn in place of the shipped one of that code. Rings of (lon, lat)."""

    code: str
    name: str
    rings: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class SourceRef:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """
    Everything `safeconduct assess` says.

    ``now`` is the one thing to do first. ``goal`` is the goal shown: where the value that was asked for is negligible
    whatever is permitted, ``goal_asked`` differs from it and ``now`` says so first.
    """

    schema: str
    case: CaseRef
    as_of: datetime
    what_if: tuple[str, ...]
    goal: str
    goal_asked: str
    by: datetime
    now: tuple[str, ...]
    coordination: Coordination
    where: Where
    persons: tuple[Persons, ...]
    windows: Windows
    ways: tuple[Way, ...]
    offers: tuple[str, ...]
    clearances: tuple[Clearance, ...]
    value: Value
    goals: tuple[GoalValue, ...]
    find_time: InstantQuantiles
    reach_time: InstantQuantiles
    sufficient_sets: tuple[Sets, ...]
    sufficient_count: int
    blocking_sets: tuple[Sets, ...]
    blocking_count: int
    sets_complete: bool
    interactions: tuple[Interaction, ...]
    ask_order: AskOrder
    delay: tuple[Delay, ...]
    limiting: tuple[LimitingCause, ...]
    timeline: tuple[Moment, ...]
    assumptions: tuple[Cited, ...]
    unknowns: tuple[str, ...]
    unverified_share: float
    sources: tuple[SourceRef, ...]
    borders: tuple[Border, ...]
    borders_only: bool
    draws: int
    seed: int
    disclaimer: str
