"""What limited each kind of help, computed beside what the sources support; and what an early permission was worth."""

from __future__ import annotations

import numpy as np

from safeconduct.assessment.answer import LimitingCause
from safeconduct.assessment.regimes import all_at, asked_now, movement, told
from safeconduct.assessment.value import GOALS, expected, maximum, run, unit, value_of
from safeconduct.assessment.world import World
from safeconduct.desk.views import Views, span_of
from safeconduct.formats.comparison import CauseCompared, Permission, Worth
from safeconduct.formats.validation import Supported

EARLY_H = 1.0
"""*A permission an hour after the event*: everything granted, and everybody told, by then."""


def causes(views: Views) -> tuple[CauseCompared, ...]:
    """The cause of each kind of help that the record or the case names, by name."""
    supported = {each.help: each for each in views.record.causes}
    last = {cause.help: cause for cause in views.answer(views.record.record_at).limiting}
    out = []
    for kind in sorted({*supported, *last}):
        theirs = supported.get(kind)
        at = (theirs.at if theirs else None) or views.record.record_at
        ours = next((c for c in views.answer(at).limiting if c.help == kind), None)
        hours = _hours(ours)
        out.append(
            CauseCompared(
                kind,
                at,
                ours.cause if ours else "none",
                ours.says if ours else "the case has no way of this kind",
                ours.way if ours else "",
                hours,
                theirs.cause if theirs else "",
                theirs.says if theirs else "",
                None if theirs is None or ours is None else theirs.cause == ours.cause,
                _reason(theirs),
                theirs.cite.grade if theirs else "",
                theirs.cite.sources if theirs else (),
            )
        )
    return tuple(out)


def _hours(cause: LimitingCause | None) -> tuple[float, float, float, float] | None:
    if cause is None or cause.request_h is None or cause.permission_h is None:
        return None
    return cause.request_h, cause.permission_h, cause.distance_h or 0.0, cause.weather_h or 0.0


def _reason(theirs: Supported | None) -> str:
    return theirs.reason if theirs else ""


def permissions(views: Views) -> tuple[Permission, ...]:
    """For the best way of each kind of help: its arrival as predicted, and with everything granted an hour after."""
    at = views.predict_at
    world = views.world(at)
    early = all_at(world, EARLY_H, alarms=told(world, EARLY_H))
    out = []
    for cause in views.answer(at).limiting:
        way = next(w for w in world.ways if w.id == cause.way)
        predicted, permitted = movement(way, asked_now(world))[1], movement(way, early)[1]
        out.append(Permission(cause.help, way.id, span_of(predicted).p50, span_of(permitted).p50))
    return tuple(out)


def worth(views: Views) -> tuple[Worth, ...]:
    """Value of each goal as predicted and with everything granted an hour after the event."""
    world = views.world(views.predict_at)
    return tuple(_worth(world, goal) for goal in GOALS)


def _worth(world: World, goal: str) -> Worth:
    early = all_at(world, EARLY_H, alarms=told(world, EARLY_H))
    values = [value_of(world, goal, run(world, regime), record=False) for regime in (asked_now(world), early)]
    predicted, permitted = (float(np.round(expected(v), 12)) for v in values)
    return Worth(goal, unit(goal), predicted, permitted, maximum(world, goal))
