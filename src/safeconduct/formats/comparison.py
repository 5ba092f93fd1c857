"""Predicted beside reported, as values, and the same as plain JSON."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safeconduct.model.errors import Bug
from safeconduct.model.instants import Instant, iso
from safeconduct.model.sources import Source

SCHEMA_ID = "safeconduct/validation/1"


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
    """Which cases a predicted step was drawn from; hours."""

    step: str
    hours: Span
    reference_class: str
    cases: int | None
    grade: str
    sources: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Page:
    """
    What ``safeconduct validate`` says.

    Args:
        command: The command that says it.
    """

    schema: str
    command: str
    cases: tuple[CaseCompared, ...]


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
