"""The stages of a predicted arrival, each beside the hours that the record gives it, and what they were drawn from."""

from __future__ import annotations

from safeconduct.assessment.answer import Assessment, Stage
from safeconduct.assessment.world import WayModel, World
from safeconduct.formats.comparison import Class, Span, StageCompared
from safeconduct.model.sources import Spread

NEAR_H = 1e-3
"""Stages shorter than this are not told."""

NOTABLE_H = 0.25
"""A stage explains a miss if its median is so far from the record."""


def stages(answer: Assessment, recorded: Assessment, name: str) -> tuple[StageCompared, ...]:
    """
    Stages of one way in the order of *answer*, each beside the hours that it has in *recorded*.

    Args:
        answer: The prediction.

        recorded: A later assessment of the same case, in which the way has arrived.
    """
    predicted = {s.stage: s for s in _budget(answer, name)}
    reported = {s.stage: s for s in _budget(recorded, name) if s.recorded}
    out = []
    for stage in dict.fromkeys((*predicted, *reported)):
        ours, theirs = predicted.get(stage), reported.get(stage)
        hours = None if theirs is None else theirs.hours.p50
        if ours is None and stage == "search":
            continue  # after the arrival that is compared
        span = None if ours is None else Span(ours.hours.p10, ours.hours.p50, ours.hours.p90)
        if hours is None and span is not None and (span.p90 or 0.0) < NEAR_H:
            continue
        out.append(StageCompared(stage, span, ours is not None and ours.recorded, hours))
    return tuple(out)


def _budget(answer: Assessment, name: str) -> tuple[Stage, ...]:
    return next((d.stages for d in answer.delay if d.way == name), ())


def found(compared: tuple[StageCompared, ...]) -> tuple[str, ...]:
    """The stages that explain a miss: those predicted, with p10-p90 beside the record, worst first."""
    off = []
    for stage in compared:
        if stage.known or stage.predicted is None or stage.predicted.p50 is None:
            continue
        median, reported = stage.predicted.p50, stage.reported_h
        if reported is None:
            top = stage.predicted.p90
            told = "more" if top is None else f"{median:.2f} h (p90 {top:.2f} h)"
            off.append((top or median, f"{stage.stage}: predicted {told}; the record tells no such wait"))
        elif abs(median - reported) >= NOTABLE_H:
            off.append((abs(median - reported), f"{stage.stage}: predicted {median:.2f} h, recorded {reported:.2f} h"))
    return tuple(says for _, says in sorted(off, key=lambda o: -o[0]))


def classes(world: World, way: WayModel) -> tuple[Class, ...]:
    """Reference class of each step of *way* that was still open."""
    steps: list[tuple[str, Spread]] = []
    for need in way.needs:
        permit = world.permit(need.clearance)
        if permit.open and permit.lead_time_h is not None:
            steps.append((need.clearance, permit.lead_time_h))
    kind = way.asset.type
    mobilisation = way.asset.mobilisation_h or (kind.mobilisation_h if kind else None)
    if mobilisation is not None and way.departed is None:
        steps.append(("mobilisation", mobilisation))
    return tuple(
        Class(step, Span(s.p10, s.p50, s.p90), s.reference_class, s.cases, s.cite.grade, s.cite.sources)
        for step, s in steps
    )
