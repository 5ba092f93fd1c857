"""
The evidence book: every report on the map with its weight, and the probability that follows.

A report is true with the weight of its Admiralty grades, and otherwise says nothing of where. Reports are taken as
independent of each other given the place, so their factors multiply; accounts that exclude each other are mixed. Before
any report the map is flat, with an explicit share outside of it. A false report falls half of the time anywhere, half
of the time where the earlier reports already point, because that is where people look: so one that agrees with them is
little the more believed for it, and one that lies far off is believed less. Weights, outside share, independence and
this half are our assumptions and are shown as such.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from safeconduct.model.case import Case, Evidence, Scenario
from safeconduct.model.errors import InvalidInput
from safeconduct.model.sources import Cite
from safeconduct.search.conflict import smallest_conflict
from safeconduct.search.extent import reach_km
from safeconduct.search.grid import Array, SearchGrid, SearchMap, grid_over, normalised
from safeconduct.search.likelihood import Likelihood, false_alarm_weight, likelihood
from safeconduct.search.relief import TerrainLike
from safeconduct.search.stance import (
    AS_ASSUMED,
    AS_GRADED,
    BELIEVED,
    COUNTED,
    DOUBTED_NOW,
    RELIABILITY,
    Assumed,
    Stance,
    graded,
    status_of,
)

ACROSS = 320
"""Cells along the longer side."""

LEAST_CELL_KM = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """
    One report in the book.

    Args:
        status: One of `COUNTED`, `DOUBTED_NOW`, `BELIEVED`, `DROPPED`, `WITHDRAWN`, `NO_PLACE`.

        weight: Probability before the others that it is true; 0 where it does not count.

        likelihood: On the map; None where it does not count.

        factor: By what the report multiplies each cell, shape (n,); 1 is no change.

        factor_outside: The same for the outside.
    """

    report: Evidence
    status: str
    weight: float
    likelihood: Likelihood | None
    factor: Array
    factor_outside: float

    @property
    def counts(self) -> bool:
        """Whether it has a say on the map."""
        return self.likelihood is not None


@dataclass(frozen=True, slots=True)
class Account:
    """
    A scenario with what the reports make of it.

    Args:
        before: Share of belief before the reports.

        after: Share of belief after them.
    """

    id: str
    says: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """
    All reports, and the map they make.

    Args:
        pieces: In the order of the case.

        members: For each account which pieces speak under it, shape (accounts, pieces).

        terrain: Name of the terrain used; empty for none.
    """

    map: SearchMap
    pieces: tuple[Piece, ...]
    accounts: tuple[Account, ...]
    members: tuple[tuple[bool, ...], ...]
    outside_before: float
    terrain: str

    @property
    def grid(self) -> SearchGrid:
        """Cells of the map."""
        return self.map.grid

    @property
    def counted(self) -> tuple[int, ...]:
        """Positions of the pieces that have a say."""
        return tuple(i for i, piece in enumerate(self.pieces) if piece.counts)


def write_book(
    case: Case,
    *,
    stance: Stance = AS_GRADED,
    terrain: TerrainLike | None = None,
    assumed: Assumed = AS_ASSUMED,
    across: int = ACROSS,
) -> Book:
    """
    Put every report of *case* on the map.

    Args:
        case: As known at the instant of the plan.

        stance: What the user holds of single reports.

        terrain: For lines of sight and cloud; None leaves them out and says so.

        assumed: Our assumptions.

        across: Cells along the longer side of the map, >= 1.

    Raises:
        InvalidInput: No report can be put on a map, the place is known already, a name in *stance* is no report, or the
            reports exclude every place: the smallest set of them that does is named.
    """
    outside = assumed.outside
    grid = grid_of(case, stance=stance, across=across)
    scenarios = case.scenarios or (_one_account(case),)
    total = sum(s.weight for s in scenarios)
    before = [s.weight / total for s in scenarios]
    pieces = _pieces(case, stance, terrain, _Running(grid, assumed, scenarios, before))
    members = tuple(tuple(p.counts and _speaks(p.report, s) for p in pieces) for s in scenarios)
    chart, after = mixed(grid, pieces, members, before, outside)
    accounts = tuple(Account(s.id, s.says, share, a) for s, share, a in zip(scenarios, before, after, strict=True))
    return Book(chart, pieces, accounts, members, outside, terrain.name if terrain else "")


def grid_of(case: Case, *, stance: Stance = AS_GRADED, across: int = ACROSS) -> SearchGrid:
    """
    The grid on which `write_book` puts the reports.

    Raises:
        InvalidInput: As for `write_book`, contradictions apart.
    """
    _check(case, stance)
    used = [e for e in case.evidence if status_of(e, stance) in (COUNTED, DOUBTED_NOW, BELIEVED)]
    if all(e.place is not None and e.place.kind == "searched" for e in used):
        raise InvalidInput(
            "nothing that is known says where they are",
            where="evidence",
            expected="at least one report with a place, known by then and not dropped",
        )
    return _grid(used, across)


def mixed(
    grid: SearchGrid,
    pieces: Sequence[Piece],
    members: Sequence[Sequence[bool]],
    before: Sequence[float],
    outside: float,
) -> tuple[SearchMap, tuple[float, ...]]:
    """
    The map of all accounts together, and the share of belief of each after the reports.

    Raises:
        InvalidInput: The reports exclude every place.
    """
    weights, beyond = np.zeros(grid.size), 0.0
    masses = []
    for share, speaks in zip(before, members, strict=True):
        inside, out = product(grid, pieces, speaks, outside)
        mass = float(inside.sum()) + out
        masses.append(share * mass)
        weights += share * inside
        beyond += share * out
    total = math.fsum(masses)
    if not total > 0.0:
        raise _contradiction(pieces, members)
    return normalised(grid, weights, beyond), tuple(mass / total for mass in masses)


def product(grid: SearchGrid, pieces: Sequence[Piece], speaks: Sequence[bool], outside: float) -> tuple[Array, float]:
    """Prior times every factor that speaks: weights of the cells and of the outside, not scaled."""
    inside, out = np.full(grid.size, (1.0 - outside) / grid.size), outside
    for piece, told in zip(pieces, speaks, strict=True):
        if told:
            inside = inside * piece.factor
            out *= piece.factor_outside
    return inside, out


def _contradiction(pieces: Sequence[Piece], members: Sequence[Sequence[bool]]) -> InvalidInput:
    speaking = [p for p, told in zip(pieces, members[0], strict=True) if told]
    excluded = np.array([np.append(p.factor, p.factor_outside) <= 0.0 for p in speaking])
    found = smallest_conflict(excluded)
    names = [speaking[i].report.id for i in found.pieces]
    said = "the smallest such set" if found.smallest else "a set none of which can be left out"
    return InvalidInput(
        f"the evidence excludes every place; {said} of reports that contradict each other: {', '.join(names)}",
        where="evidence",
        expected="reports that leave some place possible; doubt or drop one of them (--doubt ID, --drop ID)",
        got=f"{len(names)} reports, each taken as certain, that leave none",
    )


def _one_account(case: Case) -> Scenario:
    return Scenario("all", "every report speaks", 1.0, (), case.incident_at, Cite((), "calc"))


def _check(case: Case, stance: Stance) -> None:
    known = [e.id for e in case.evidence]
    for option, names in (("--doubt", stance.doubt), ("--drop", stance.drop), ("--believe", stance.believe)):
        for name in names:
            if name not in known:
                raise InvalidInput(
                    "no such report by then", where=option, expected=f"one of {', '.join(known)}", got=name
                )
    twice = [n for n in stance.doubt if n in stance.drop or n in stance.believe]
    twice += [n for n in stance.drop if n in stance.believe]
    if twice:
        raise InvalidInput("one report, two stances", where="--doubt, --drop, --believe", got=twice[0])
    settled = [
        e for e in case.evidence if e.place and e.withdrawn_at is None and (e.finds or e.place.known)
        and e.id not in stance.drop
    ]  # fmt: skip
    if settled:
        raise InvalidInput(
            "the place is known: there is nothing to search for",
            where=f"evidence {settled[-1].id}",
            expected=f"an instant before it was known (--at), or --drop {settled[-1].id}",
        )


def _speaks(report: Evidence, scenario: Scenario) -> bool:
    return not scenario.evidence or report.id in scenario.evidence


class _Running:
    """The map as the reports come in, by account: what a false report would follow."""

    def __init__(
        self, grid: SearchGrid, assumed: Assumed, scenarios: Sequence[Scenario], before: Sequence[float]
    ) -> None:
        outside = assumed.outside
        self.grid, self.assumed, self._scenarios = grid, assumed, scenarios
        self._inside = [np.full(grid.size, share * (1.0 - outside) / grid.size) for share in before]
        self._outside = [share * outside for share in before]

    def mean(self, made: Likelihood) -> float:
        """Mean of a likelihood over the map so far; 0 where the reports so far leave no place."""
        # Not "@": its last digit hangs on how many threads a linear-algebra library finds.
        inside = sum(float((each * made.inside).sum()) for each in self._inside)
        weight = sum(float(each.sum()) for each in self._inside) + sum(self._outside)
        return (inside + sum(self._outside) * made.outside) / weight if weight > 0.0 else 0.0

    def take(self, piece: Piece) -> None:
        """Let a report speak."""
        for place, scenario in enumerate(self._scenarios):
            if _speaks(piece.report, scenario):
                self._inside[place] = self._inside[place] * piece.factor
                self._outside[place] *= piece.factor_outside


def _pieces(case: Case, stance: Stance, terrain: TerrainLike | None, running: _Running) -> tuple[Piece, ...]:
    """The pieces in the order of the case, made in the order in which they became known."""
    made: dict[str, Piece] = {}
    for report in sorted(case.evidence, key=lambda e: (e.known_at, e.id)):
        status = status_of(report, stance)
        if status not in (COUNTED, DOUBTED_NOW, BELIEVED) or report.place is None:
            made[report.id] = Piece(report, status, 0.0, None, np.ones(1), 1.0)
            continue
        told = likelihood(report, running.grid, running.assumed.outside, terrain)
        if report.place.kind != "searched":
            anywhere = running.assumed.false_anywhere
            told = replace(told, false=anywhere * told.false + (1.0 - anywhere) * running.mean(told))
        made[report.id] = _piece(report, status, told, running.assumed.trust)
        running.take(made[report.id])
    return tuple(made[report.id] for report in case.evidence)


def _piece(report: Evidence, status: str, made: Likelihood, trust: float) -> Piece:
    rated = false_alarm_weight(report.place, made.false) if status == COUNTED and report.place else None
    weight = graded(report, status) if rated is None else RELIABILITY[report.reliability] * rated
    weight **= trust
    scale = made.false if made.false > 0.0 else 1.0
    factor = (1.0 - weight) + weight * made.inside / scale
    return Piece(report, status, weight, made, factor, (1.0 - weight) + weight * made.outside / scale)


def _grid(reports: Sequence[Evidence], across: int) -> SearchGrid:
    places = [e.place for e in reports if e.place is not None and e.place.kind != "searched"]
    corners = [corner for place in places for corner in place.points]
    margins = [reach_km(place, LEAST_CELL_KM) for place in places for _ in place.points]
    return grid_over(corners, margins, across=across, least_km=LEAST_CELL_KM)
