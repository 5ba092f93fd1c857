"""The answer to questions 1-3 for one case as known at one instant: what every edge prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from safeconduct.assessment.answer.permissions import (
    Ask,
    AskOrder,
    Basis,
    Clearance,
    ClearanceHistory,
    CurvePoint,
    GoalValue,
    Interaction,
    LeadTime,
    Sets,
    Value,
    Worth,
)
from safeconduct.assessment.answer.scene import (
    Border,
    CaseRef,
    Cited,
    Containment,
    Coordination,
    InstantQuantiles,
    LightWindow,
    MapSource,
    Moment,
    Persons,
    Point,
    Quantiles,
    SourceRef,
    WeatherReport,
    Where,
    Windows,
    WindTold,
)
from safeconduct.assessment.answer.ways import (
    AssetRef,
    Cause,
    Counterfactual,
    Delay,
    Effect,
    Leg,
    Limit,
    LimitingCause,
    RecordedEvent,
    Risk,
    Stage,
    Way,
)

__all__ = [
    "Ask",
    "AskOrder",
    "Assessment",
    "AssetRef",
    "Basis",
    "Border",
    "CaseRef",
    "Cause",
    "Cited",
    "Clearance",
    "ClearanceHistory",
    "Containment",
    "Coordination",
    "Counterfactual",
    "CurvePoint",
    "Delay",
    "Effect",
    "GoalValue",
    "InstantQuantiles",
    "Interaction",
    "LeadTime",
    "Leg",
    "LightWindow",
    "Limit",
    "LimitingCause",
    "MapSource",
    "Moment",
    "Persons",
    "Point",
    "Quantiles",
    "RecordedEvent",
    "Risk",
    "Sets",
    "SourceRef",
    "Stage",
    "Value",
    "Way",
    "WeatherReport",
    "Where",
    "WindTold",
    "Windows",
    "Worth",
]


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
