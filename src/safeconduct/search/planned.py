"""A plan of a search with all it was made from: what every page and file of it is written from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safeconduct.model.case import Case
from safeconduct.search.book import Book
from safeconduct.search.flown import Flown
from safeconduct.search.plan import SearchPlan
from safeconduct.search.sensors import HEIGHT_M
from safeconduct.search.stance import AS_GRADED, Stance
from safeconduct.search.weigh import AtOdds, Worth

HOURS = 18
"""Length of a plan: to past the next dawn from most hours of the day."""

STANDARD = "natsar-2023"


@dataclass(frozen=True, slots=True)
class Options:
    """
    How a search is to be planned.

    Args:
        stance: What the user holds of single reports.

        standard: Id of the sweep width standard.

        object: Row of its tables; empty takes the case's.

        cover: Column of its factors; empty takes the case's.

        height_m: Above ground, of aircraft that search by eye.

        tired: Whether the fatigue factor applies.

        hours: Length of the plan, 1 to 72.

        hypothetical: Whether assets that no source names are planned too.

        sorties: Log of what was flown and walked.

        terrain: Files of heights, 100 m or finer; none leaves out what needs them, and says so.
    """

    stance: Stance = AS_GRADED
    standard: str = STANDARD
    object: str = ""
    cover: str = ""
    height_m: float = HEIGHT_M
    tired: bool = False
    hours: int = HOURS
    hypothetical: bool = False
    sorties: Path | None = None
    terrain: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """
    A plan with what it was made from.

    Args:
        case: As known at the instant of the plan.

        worths: What each report is worth, in the order of the book.

        flown: What was searched before.

        unknown: What is not known, each line as printed.
    """

    case: Case
    options: Options
    book: Book
    plan: SearchPlan
    worths: tuple[Worth, ...]
    at_odds: tuple[AtOdds, ...]
    flown: tuple[Flown, ...]
    what_if: tuple[str, ...]
    unknown: tuple[str, ...]
    limits: tuple[str, ...]

    @property
    def unverified_share(self) -> float:
        """Share of the reports on the map and of the sweep widths that is unverified; 1 where there is none."""
        flags = [p.report.cite.verified for p in self.book.pieces if p.counts]
        flags += [p.report.place.cite.verified for p in self.book.pieces if p.counts and p.report.place]
        flags += [r.sensor.verified for r in self.plan.crews.resources]
        return 1.0 - sum(flags) / len(flags) if flags else 1.0

    @property
    def exercise(self) -> bool:
        """Whether the case is one."""
        return self.case.kind == "exercise"
