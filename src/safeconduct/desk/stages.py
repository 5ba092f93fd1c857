"""The stages of a predicted arrival, each beside the hours that the record gives it, and what they were drawn from."""

from __future__ import annotations

import numpy as np

from safeconduct.assessment.answer import Assessment, Stage
from safeconduct.assessment.draws import Array
from safeconduct.assessment.regimes import stream
from safeconduct.assessment.world import WayModel, World
from safeconduct.desk.views import Views, compared, inside, lacking, span_of
from safeconduct.formats.comparison import Class, Compared, Span, StageCompared, StageSeen
from safeconduct.formats.validation import Row, StageTold
from safeconduct.model.sources import Spread

NOBODY = "no other case lets it be predicted"

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


def found(compared_stages: tuple[StageCompared, ...]) -> tuple[str, ...]:
    """The stages that explain a miss: those predicted, with p10-p90 beside the record, worst first."""
    off = []
    for stage in compared_stages:
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
    return tuple(_class(step, s) for step, s in steps)


def _class(step: str, spread: Spread) -> Class:
    hours = Span(spread.p10, spread.p50, spread.p90)
    cite = spread.cite
    return Class(step, hours, spread.reference_class, spread.cases, cite.grade, cite.sources, cite.note)


def stage_row(views: Views, row: Row, what: StageTold) -> Compared:
    """One stage of one way, drawn as an assessment draws it, beside the hours that the sources give it."""
    at = what.at or views.predict_at
    way = views.way(row, what.way, at)
    drawn, spreads = _drawn(views.world(at), way, row, what.step)
    low, high = what.reported_h
    reported = (low + high) / 2.0
    if drawn is None:
        told = StageSeen(what.stage, what.reported_h, None, None)
        return compared(
            row, unit="h", known_at=at, predicted=None, reported=reported, difference=None, bound="", met=None,
            note=". ".join(part for part in (NOBODY, row.cite.note) if part), stage=told,
        )  # fmt: skip
    span, half = span_of(drawn), span_of(drawn, (0.25, 0.5, 0.75))
    return compared(
        row,
        unit="h",
        known_at=at,
        predicted=span.p50,
        span=span,
        reported=reported,
        difference=None if span.p50 is None else span.p50 - reported,
        bound="",
        met=None,
        inside=inside(span, reported),
        percentile=float(np.mean(drawn <= reported)),
        classes=tuple(_class(what.step, spread) for spread in spreads),
        stage=StageSeen(what.stage, what.reported_h, half, inside(half, reported)),
    )


def _drawn(world: World, way: WayModel, row: Row, step: str) -> tuple[Array | None, tuple[Spread, ...]]:
    """(hours by draw, what they were drawn from) of one stage; None where no other case lets it be drawn."""
    if step == "mobilisation":
        kind = way.asset.type
        ready = way.asset.mobilisation_h or (kind.mobilisation_h if kind else None)
        return (None, ()) if ready is None else (way.mobilise_h, (ready,))
    if step == "work":
        work = way.asset.work_h
        return (None, ()) if work is None or way.on_scene_h is None else (way.on_scene_h, (work,))
    permit = next((p for p in world.permits if p.id == step), None)
    if permit is not None:
        lead = permit.lead_time_h
        return (None, ()) if lead is None else (world.draws.of(lead, stream(permit)), (lead,))
    window = next((w for w in world.case.weather if w.id == step), None)
    if window is not None:
        closed = window.end_after_h
        return (None, ()) if closed is None else (world.draws.of(closed, f"end:{window.id}"), (closed,))
    legs = way.plan.plan.legs
    chosen = [i for i, leg in enumerate(legs) if step in (leg.id, leg.mode)]
    if not chosen:
        if any(each.id == step for each in way.asset.steps):
            return None, ()  # the chain is unknown, for want of another case
        lacking(row, f"a step, leg or clearance {step} of {way.id}")
    return way.legs_h[chosen].sum(axis=0), tuple(dict.fromkeys(legs[i].hours for i in chosen))
