"""What the user holds of single reports, and what we assume of all."""

from __future__ import annotations

import math
from dataclasses import dataclass

from safeconduct.model.case import Evidence
from safeconduct.model.errors import OutOfDomain

RELIABILITY = {"A": 1.0, "B": 0.8, "C": 0.5, "D": 0.25, "E": 0.1, "F": 0.4}
CREDIBILITY = {"1": 1.0, "2": 0.8, "3": 0.5, "4": 0.25, "5": 0.1, "6": 0.4}
"""Chance of a report being true by its Admiralty grades, multiplied. No source gives such figures: our assumption."""

OUTSIDE = 0.05
"""Probability before any report of being off the map. Our assumption."""

FALSE_ANYWHERE = 0.5
"""Share of false reports that fall anywhere on the map; the others fall where earlier reports point. Our assumption."""

DOUBTED = "5"
"""Credibility of a report that the user doubts: improbable. Its reliability stays."""

COUNTED, DOUBTED_NOW, BELIEVED, DROPPED, WITHDRAWN, NO_PLACE = (
    "counted",
    "doubted",
    "believed",
    "dropped",
    "withdrawn",
    "no place",
)
"""What becomes of a report; every one but `WITHDRAWN` is undone by leaving the option out."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """
    Our assumptions, in one place, so that a plan can be made under others.

    Args:
        outside: Probability before any report of being off the map, in (0, 1).

        false_anywhere: Share of false reports that fall anywhere on the map, in (0, 1]; the others fall where the
            reports before them point.

        trust: Power to which the weights of the grades are raised, > 0: under 1 all reports are trusted more.

    Raises:
        OutOfDomain: A number out of range.
    """

    outside: float = OUTSIDE
    false_anywhere: float = FALSE_ANYWHERE
    trust: float = 1.0

    def __post_init__(self) -> None:
        for name, number, most in (
            ("outside", self.outside, math.nextafter(1.0, 0.0)),
            ("false_anywhere", self.false_anywhere, 1.0),
            ("trust", self.trust, 100.0),
        ):
            if not 0.0 < number <= most:
                raise OutOfDomain("out of range", where=name, expected=f"above 0, to {most:g}", got=str(number))


@dataclass(frozen=True, slots=True)
class Stance:
    """
    What the user holds of single reports, for one plan and reversibly.

    Args:
        doubt: Ids of reports taken as improbable.

        drop: Ids of reports left out.

        believe: Ids of reports taken as certain.
    """

    doubt: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    believe: tuple[str, ...] = ()


AS_GRADED = Stance()
AS_ASSUMED = Assumed()


def status_of(report: Evidence, stance: Stance) -> str:
    """What becomes of a report under a stance."""
    if report.withdrawn_at is not None:
        return WITHDRAWN
    if report.id in stance.drop:
        return DROPPED
    if report.place is None:
        return NO_PLACE
    if report.id in stance.doubt:
        return DOUBTED_NOW
    return BELIEVED if report.id in stance.believe else COUNTED


def graded(report: Evidence, status: str) -> float:
    """Weight of a report by its grades and by what the user holds of it."""
    if status == BELIEVED:
        return 1.0
    weight = RELIABILITY[report.reliability] * CREDIBILITY[report.credibility]
    return min(weight, RELIABILITY[report.reliability] * CREDIBILITY[DOUBTED]) if status == DOUBTED_NOW else weight
