"""
Certificates of flights that were looked for among small sets of permissions alone.

Larger sets may open ways past the hitting sets of the small ones, so these are no true cuts. Here cuts are looked for
one by one, each is proved, and the sets of permitted size that they do not exclude are listed as undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from safeconduct.model.space import Airspace, LonLat
from safeconduct.reach.exclusions import exclusions
from safeconduct.reach.flights import FlightCertificate, Line, Walls, dual_of, line_of, over_ends, told_of, walls_of
from safeconduct.reach.nets import Net, net_of
from safeconduct.reach.route import SEAL_M

MOST_LINES, MOST_WALLS = 80, 12
"""So many barriers, and so many walls, are looked for at most: a tenth and half a second each."""

MOST_GLANCES, MOST_HINTS = 1_000, 30
"""So often a barrier is looked for in the net, and a cut of the lattice: a millisecond and half a second each."""

MOST_TOLD = 60
"""With more minimal sets, only the smaller ones are claimed, and that no others as small open a way."""

MOST_DUAL = 40
"""With more hitting sets it is not asked whether all of them are true cuts."""

Hints = Callable[[frozenset[str], float], Iterable[frozenset[str]]]
"""Given permissions and a limit: cuts away from them that are worth proving by walls, the likeliest first."""


def certify_capped(  # noqa: PLR0917
    name: str,
    ends: tuple[LonLat, LonLat],
    limit_m: float,
    near: Sequence[Airspace],
    free: frozenset[str],
    ways: Sequence[tuple[frozenset[str], tuple[LonLat, ...]]],
    most: int | None,
    hints: Hints,
) -> FlightCertificate:
    """
    As `flights.certify_flight`; where not all hitting sets of the *ways* can be proved to be cuts, the claim is capped.

    Args:
        name: For people.

        ends: (lon, lat) of start and end.

        limit_m: Longest flight of interest.

        near: Airspaces that a flight within the limit may meet.

        free: Those that are open anyway.

        ways: (needs, path) of each flight found.

        most: Ways with more needs were not looked for; None: no cap. With more than `MOST_TOLD` minimal sets the
            claim is capped lower.

        hints: Where no barrier is seen.
    """
    told_ways, most_told = few(ways, most)
    told = told_of(name, ends, limit_m, near, free, told_ways)
    dual, proofs = dual_of(told) if most_told == most else None, _Proofs(told, hints)
    most = most_told
    if (
        dual is not None
        and len(dual) <= MOST_DUAL
        and all(cut in proofs.lines or proofs.line(cut) or proofs.walls(cut) for cut in dual)
    ):
        return proofs.certificate(dual)
    proofs.restart()
    found = exclusions([each for each, _ in told.opens], most, proofs.lines, proofs.prove)
    return replace(proofs.certificate(found.cuts), most=most, undecided=found.undecided)


def few(
    ways: Sequence[tuple[frozenset[str], tuple[LonLat, ...]]], most: int | None
) -> tuple[list[tuple[frozenset[str], tuple[LonLat, ...]]], int | None]:
    """
    The ways with minimal needs, at most `MOST_TOLD` and none larger than the cap that comes with them.

    The cap is *most* where they are all there; else the largest under which not too many are.
    """
    sets = dict(ways)
    minimal = [each for each in sets if not any(other < each for other in sets)]
    if len(minimal) > MOST_TOLD:
        most = sorted(map(len, minimal))[MOST_TOLD] - 1
        minimal = [each for each in minimal if len(each) <= most]
    first = dict(reversed(ways))
    return [(each, first[each]) for each in minimal], most


class _Proofs:
    """The barriers and walls of one question, as far as they were looked for."""

    def __init__(self, told: FlightCertificate, hints: Hints) -> None:
        self._told, self._hints, self._over = told, hints, over_ends(told)
        self._ends, self._near = (told.start, told.end), {each.needs: each for each in told.near}
        self.lines: dict[frozenset[str], Line] = {}
        self._walled: dict[frozenset[str], Walls] = {}
        self.restart()

    def restart(self) -> None:
        """All over again, with nothing but the airspaces that the ends lie in: each of them is a cut."""
        self._tried, self._lines_left, self._walls_left = set[frozenset[str]](), MOST_LINES, MOST_WALLS
        self._glances_left, self._hints_left = MOST_GLANCES, MOST_HINTS
        self._net: Net | None = None
        self._drawn = False
        over = sorted(frozenset[str]().union(*self._over.values()))
        self.lines, self._walled = {frozenset([code]): () for code in over}, {}

    def prove(self, chosen: frozenset[str]) -> frozenset[str] | None:
        """A proved cut away from *chosen*."""
        seen = self._glance(chosen)
        if seen is not None and seen not in self._tried and self.line(seen):
            return seen
        if self._walls_left > 0 and self._hints_left > 0:
            self._hints_left -= 1
            for hint in self._hints(chosen, self._told.limit_m):
                if hint <= self._near.keys() and hint not in self._tried and self.walls(hint):
                    return hint
        return None

    def _glance(self, chosen: frozenset[str]) -> frozenset[str] | None:
        """Airspaces away from *chosen* that are likely to make a barrier."""
        if self._glances_left <= 0 or self._lines_left <= 0:
            return None
        self._glances_left -= 1
        if not self._drawn:
            self._net, self._drawn = net_of(self._ends, self._told.limit_m, self._told.near, SEAL_M), True
        return None if self._net is None else self._net.fewest(chosen)

    def line(self, cut: frozenset[str]) -> bool:
        """Whether a barrier was found, or an end lies within."""
        if self._lines_left <= 0:
            return False
        self._lines_left -= 1
        found = line_of(cut, self._ends, self._told.limit_m, self._told.near, self._over)
        if found is None:
            self._tried.add(cut)
            return False
        self.lines[cut] = found
        return True

    def walls(self, cut: frozenset[str]) -> bool:
        """Whether walls were found."""
        if self._walls_left <= 0:
            return False
        self._walls_left -= 1
        self._tried.add(cut)
        found = walls_of(cut, self._ends, self._told.limit_m, self._told.near)
        if found is not None:
            self._walled[cut] = found
        return found is not None

    def certificate(self, cuts: Sequence[frozenset[str]]) -> FlightCertificate:
        """The certificate of cuts that are all proved."""
        rows = tuple((cut, self.lines.get(cut)) for cut in cuts)
        return replace(self._told, cuts=rows, detours=tuple((c, w) for c, w in self._walled.items() if c in cuts))
