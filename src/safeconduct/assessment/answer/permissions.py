"""What an answer says of permissions: state, worth, sets that suffice or block, the order to ask in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from safeconduct.assessment.answer.scene import Quantiles


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
class Interaction:
    """
    Worth of having both over the sum of their single worths, on average over all orders, in the goal's unit.

    ``error`` is the standard error where it was sampled, 0 where exact.
    """

    clearances: tuple[str, str]
    value: float
    error: float = 0.0
