"""
The proof that goes with an answer's sets: what anybody needs to recompute them who does not trust us.

With a set K granted, the value of one sample (a draw and a chance) is the largest over the *courses* whose needs lie
within K. A course is a pair of ways: one finds, one reaches; pairs are enough, because whoever finds first and whoever
then reaches first are two at most. So the value of K is a mean of maxima, which a page of code can add up again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from safeconduct.assessment.regimes import Outcome, all_now, open_ids
from safeconduct.assessment.sets import Families, merge_classes, minimal_families
from safeconduct.assessment.survival import alive
from safeconduct.assessment.value import Run, Times, maximum, run, times, unit
from safeconduct.assessment.world import WayModel, World

SCALE = 1_000_000
"""Values are written as whole millionths of the goal's unit, so that everybody adds up the same numbers."""

MOST_SETS = 2_000
"""Beyond so many minimal sets of both kinds the families are cut short, and the certificate says so."""

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """
    One or two ways taken together.

    Args:
        ways: Their ids; empty for what is recorded.

        needs: Open clearances they need.

        values: Value of each sample in millionths, int64, shape (samples,).
    """

    ways: tuple[str, ...]
    needs: frozenset[str]
    values: Whole


@dataclass(frozen=True, slots=True)
class AbsentWay:
    """
    A way that no course has.

    Args:
        way: Its id.

        reason: ``closed`` (it needs what nobody can grant any more), ``worthless`` (nothing in any sample, alone) or
            ``covered`` (alone, it needs as much as a course that is worth no less in any sample).

        needs: What it lacks, the closed ones included.

        total: Sum of its values alone, millionths; 0 if closed.

        course: Index of the covering course; -1 if there is none.
    """

    way: str
    reason: str
    needs: frozenset[str]
    total: int
    course: int


@dataclass(frozen=True, slots=True)
class ValueCertificate:
    """
    What the sets of an answer rest on.

    Args:
        goal: What the value is of.

        unit: Of the value.

        target: What a sufficient set must reach, millionths, rounded down.

        highest: No sample can be worth more, millionths.

        courses: None is covered by another with no more needs and no less value in any sample.

        classes: Open clearances that always occur together; the first stands for all in *blocking*.

        sufficient: Minimal sets that reach the target.

        blocking: Minimal sets, of first members, without which all the others fall short.

        complete: Whether both families are whole.

        absent: Ways of the case that are in no course.

        looked_for: Limits within which ways were looked for: what lies beyond is not covered.

        open: Clearances to which a yes could still come.

        ways: Every way of the case; each is in a course or absent for a reason.
    """

    goal: str
    unit: str
    target: int
    highest: int
    courses: tuple[Course, ...]
    classes: tuple[tuple[str, ...], ...]
    sufficient: tuple[frozenset[str], ...]
    blocking: tuple[frozenset[str], ...]
    complete: bool
    absent: tuple[AbsentWay, ...]
    looked_for: tuple[str, ...]
    open: frozenset[str]
    ways: tuple[str, ...]


def certify(world: World, goal: str, target: float, looked_for: Sequence[str] = ()) -> ValueCertificate:
    """
    The certificate of the minimal sets that lift the value of *goal* to *target*.

    Args:
        world: Of the assessment.

        goal: One of `GOALS`.

        target: In the goal's unit.

        looked_for: Words for the limits of the search for ways.
    """
    held = frozenset(p.id for p in world.permits if p.status == "granted")
    players = frozenset(open_ids(world))
    taken = run(world, all_now(world))
    lacks = [frozenset(n.clearance for n in way.needs) - held for way, _ in taken]
    usable = [place for place, needs in enumerate(lacks) if needs <= players]
    courses = _undominated(_courses(world, goal, taken, lacks, usable))
    classes = merge_classes(course.needs for course in courses)
    whole = math.floor(target * SCALE)
    found = _families(courses, classes, whole)
    members = {each[0]: each for each in classes}
    named = {way for course in courses for way in course.ways}
    dropped = [place for place, (way, _) in enumerate(taken) if way.id not in named]
    return ValueCertificate(
        goal=goal,
        unit=unit(goal),
        target=whole,
        highest=round(maximum(world, goal) * SCALE),
        courses=courses,
        classes=classes,
        sufficient=tuple(frozenset(m for name in each for m in members[name]) for each in found.sufficient),
        blocking=found.blocking,
        complete=found.complete,
        absent=tuple(_absent(world, goal, taken[place], lacks[place], players, courses) for place in dropped),
        looked_for=tuple(looked_for),
        open=players,
        ways=tuple(way.id for way, _ in taken),
    )


def _courses(
    world: World, goal: str, taken: Run, lacks: Sequence[frozenset[str]], usable: Sequence[int]
) -> list[Course]:
    """Every pair of ways that can be open, and what is recorded; those with the same needs merged sample by sample."""
    merged: dict[frozenset[str], Course] = {}

    def add(places: Sequence[int]) -> None:
        needs = frozenset[str]().union(*(lacks[place] for place in places))
        when = times(world, [taken[place] for place in places], reach=goal != "found")
        values = _samples(world, goal, when)
        known = merged.get(needs)
        names = tuple(taken[place][0].id for place in places)
        if known is not None:
            values = np.maximum(values, known.values)
            names = tuple(dict.fromkeys((*known.ways, *names)))
        merged[needs] = Course(names, needs, values)

    add(())
    for number, first in enumerate(usable):
        for second in usable[number:]:
            add((first,) if first == second else (first, second))
    return list(merged.values())


def _absent(  # noqa: PLR0917
    world: World,
    goal: str,
    way: tuple[WayModel, Outcome],
    needs: frozenset[str],
    players: frozenset[str],
    courses: Sequence[Course],
) -> AbsentWay:
    name = way[0].id
    if not needs <= players:
        return AbsentWay(name, "closed", needs, 0, -1)
    values = _samples(world, goal, times(world, [way], reach=goal != "found"))
    if not values.any():
        return AbsentWay(name, "worthless", needs, 0, -1)
    course = next(i for i, each in enumerate(courses) if each.needs <= needs and bool((each.values >= values).all()))
    return AbsentWay(name, "covered", needs, int(values.sum()), course)


def _samples(world: World, goal: str, when: Times) -> Whole:
    """Value of each sample in millionths."""
    if goal == "found":
        value = (when.found <= world.by).astype(np.float64)
    elif goal == "reached":
        value = (when.reached <= world.by).astype(np.float64)
    else:
        value = np.zeros(when.reached.shape)
        for group, stretch in world.groups:
            value = value + group.count * alive(group, when.reached, stretch)
    whole: Whole = np.rint(value.ravel() * SCALE).astype(np.int64)
    return whole


def _undominated(courses: Sequence[Course]) -> tuple[Course, ...]:
    """Courses that no other covers, fewest needs first; a worthless one is covered by none at all."""
    kept: list[Course] = []
    for course in sorted(courses, key=lambda each: (len(each.needs), sorted(each.needs))):
        if course.values.any() and not any(
            other.needs <= course.needs and bool((other.values >= course.values).all()) for other in kept
        ):
            kept.append(course)
    return tuple(kept)


def _families(courses: Sequence[Course], classes: Sequence[tuple[str, ...]], target: int) -> Families:
    """The minimal sets of classes, by exact whole numbers."""
    of = {member: each[0] for each in classes for member in each}
    needs = [frozenset(of[name] for name in course.needs) for course in courses]
    count = len(courses[0].values) if courses else 1

    def value(granted: frozenset[str]) -> float:
        rows = [course.values for course, need in zip(courses, needs, strict=True) if need <= granted]
        total = int(np.max(rows, axis=0).sum()) if rows else 0
        return 1.0 if total >= target * count else 0.0

    return minimal_families([each[0] for each in classes], value, 1.0, limit=MOST_SETS)
