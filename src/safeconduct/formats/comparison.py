"""Predicted beside reported, as values, and the same as plain JSON."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safeconduct.model.errors import Bug
from safeconduct.model.instants import Instant, iso
from safeconduct.model.sources import Source

SCHEMA_ID = "safeconduct/validation/2"


@dataclass(frozen=True, slots=True)
class Span:
    """Quantiles over the draws; None where the quantile is *never*."""

    p10: float | None
    p50: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class StageCompared:
    """
    One stage of a way, hours.

    Args:
        predicted: None where only the record has the stage.

        known: Whether the stage was already a fact when the prediction was made.

        reported_h: None where the record does not tell it apart.
    """

    stage: str
    predicted: Span | None
    known: bool
    reported_h: float | None


@dataclass(frozen=True, slots=True)
class Class:
    """
    Which cases a predicted step was drawn from; hours.

    Args:
        members: The cases with their values, in words.
    """

    step: str
    hours: Span
    reference_class: str
    cases: int | None
    grade: str
    sources: tuple[str, ...]
    members: str = ""


@dataclass(frozen=True, slots=True)
class WaySeen:
    """
    One foreign way of an assessment: hours from the incident to its arrival, and the verdict in words.

    Args:
        arrival: None where it never arrives.

        counts: False for remote help, which crosses no border.

        also: Further causes, in words.
    """

    way: str
    provider: str
    name: str
    hypothetical: bool
    counts: bool
    arrival: Span | None
    verdict: str
    says: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageSeen:
    """
    The prediction of one stage, for the calibration.

    Args:
        kind: Of `STAGES` of the validation format.

        bounds_h: (earliest, latest) reported; the middle is what counts.

        half: p25, p50 and p75; None where nothing was predicted.

        inside_half: Whether the record lies in p25-p75; None where nothing was predicted.
    """

    kind: str
    bounds_h: tuple[float, float]
    half: Span | None
    inside_half: bool | None


@dataclass(frozen=True, slots=True)
class CauseCompared:
    """
    What limited one kind of help: computed beside what the sources support.

    Args:
        computed: Cause; ``none`` where the case has no way of that kind.

        hours: Mean hours of request, permission, distance and weather; None where no way arrives.

        supported: Cause; empty where no source says.

        agrees: None where no source says.
    """

    help: str
    at: Instant
    computed: str
    why: str
    way: str
    hours: tuple[float, float, float, float] | None
    supported: str
    says: str
    agrees: bool | None
    reason: str
    grade: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Permission:
    """
    What a permission an hour after the event would have been worth to the best way of one kind of help.

    Args:
        predicted_h: Median arrival, hours since the incident, as predicted; None is never.

        permitted_h: The same with every permission granted, and the provider told, an hour after the incident.
    """

    help: str
    way: str
    predicted_h: float | None
    permitted_h: float | None


@dataclass(frozen=True, slots=True)
class Worth:
    """Value of one goal as predicted and with every permission an hour after the incident; in the goal's unit."""

    goal: str
    unit: str
    predicted: float
    permitted: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Tally:
    """
    Predictions of one kind of stage beside the record.

    Args:
        kind: Kind of stage, or ``all``.

        count: Stages with a prediction.

        inside: Records in p10-p90.

        inside_half: Records in p25-p75.

        bias_h: Mean of predicted median less record, hours; over 0 the program is too slow.

        ratio: Geometric mean of predicted median over record; None where a record is 0.
    """

    kind: str
    count: int
    inside: int
    inside_half: int
    bias_h: float
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """
    All stages of all cases shown.

    Args:
        tallies: By kind, ``all`` last.

        silent: Stages for which no other case lets anything be predicted.

        share: 95 % interval (Clopper-Pearson) of the share inside p10-p90.

        expected: How many of *count* right intervals would hold in nineteen collections of twenty (binomial, 0.8).

        expected_half: The same for p25-p75 (0.5).
    """

    tallies: tuple[Tally, ...]
    silent: int
    share: tuple[float, float]
    expected: tuple[int, int]
    expected_half: tuple[int, int]


@dataclass(frozen=True, slots=True)
class DayFound:
    """
    Persons brought out on one day of a search of ruins: share alive, counted beside what the model of finding says.

    Args:
        until_h: End of the day, hours after the event.

        low, high: 95 % interval of the counted share.

        predicted: From the other days; None for a day that the model needs.
    """

    until_h: float
    alive: int
    out: int
    low: float
    high: float
    predicted: float | None


@dataclass(frozen=True, slots=True)
class Readings:
    """
    One reading of the same counts.

    Args:
        favour: How many times sooner the living are brought out than the dead.

        survives: Chance of those still under the ruins and alive at first to be alive at the ends of the days.

        misfit: Largest difference between the counted and the modelled share.
    """

    favour: float
    survives: tuple[float, ...]
    misfit: float


@dataclass(frozen=True, slots=True)
class FoundAlive:
    """A published count of persons alive among those brought out by day: a test of what is found, no survival curve."""

    title: str
    days: tuple[DayFound, ...]
    readings: tuple[Readings, ...]
    grade: str
    sources: tuple[Source, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Compared:
    """
    One figure, predicted beside reported.

    Args:
        unit: ``km``, ``h`` (a length of time), ``T+h`` (hours since the incident) or ``share``; of all figures here.

        known_at: The prediction was made from the case as known then; None where it needs no case.

        span: Quantiles of the prediction; None where it is one number.

        predicted: The prediction, the median if it has quantiles; None is *never*.

        difference: Predicted less reported.

        bound: What was to be reached, in words; empty where nothing was.

        met: Whether it was; None without a bound.

        inside: Whether the record lies in p10-p90; None without quantiles.

        percentile: Share of the draws that are not later than the record, in [0, 1].

        causes: Why it differs: candidates of the record, and what the program finds in the stages.
    """

    id: str
    kind: str
    says: str
    unit: str
    known_at: Instant | None
    predicted: float | None
    span: Span | None
    reported: float
    difference: float | None
    bound: str
    met: bool | None
    inside: bool | None = None
    percentile: float | None = None
    causes: tuple[str, ...] = ()
    note: str = ""
    grade: str = ""
    sources: tuple[str, ...] = ()
    stages: tuple[StageCompared, ...] = ()
    classes: tuple[Class, ...] = ()
    ways: tuple[WaySeen, ...] = ()
    stage: StageSeen | None = None

    @property
    def missed(self) -> bool:
        """Whether a bound is broken or the record lies outside p10-p90."""
        return self.met is False or self.inside is False


@dataclass(frozen=True, slots=True)
class CaseCompared:
    """All comparisons of one case, in the order of its record."""

    case: str
    title: str
    incident_at: Instant
    seed: int
    draws: int
    rows: tuple[Compared, ...]
    sources: tuple[Source, ...]
    predicted_at: Instant
    causes: tuple[CauseCompared, ...] = ()
    permissions: tuple[Permission, ...] = ()
    worth: tuple[Worth, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """
    What ``safeconduct validate`` says.

    Args:
        command: The command that says it.

        calibration: Over all stages of the cases shown; None where there are none.

        found_alive: Counts of those brought out alive by day; empty where one case was asked for.
    """

    schema: str
    command: str
    cases: tuple[CaseCompared, ...]
    calibration: Calibration | None = None
    found_alive: tuple[FoundAlive, ...] = ()


def to_json(page: Page) -> dict[str, Any]:
    """Turn a page into dicts, lists, text, numbers, booleans and None; keys in the order of the dataclasses."""
    made = _plain(page)
    return made if isinstance(made, dict) else {}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return float(value)
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, tuple):
        return [_plain(member) for member in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise Bug("a value that JSON cannot hold", got=type(value).__name__)
