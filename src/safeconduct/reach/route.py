"""All shortest ways between two points over the permissions they need: exact, on the globe, around closed airspaces."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.earth.geodesy import distance_m
from safeconduct.model.errors import OutOfDomain
from safeconduct.model.space import Airspace, LonLat, lon_lat
from safeconduct.reach.crossings import Crossing, crossings, path_length_m
from safeconduct.reach.plane import along_great_circles, unit_vectors
from safeconduct.reach.shapes import Shape, sealed, shape_of
from safeconduct.reach.visibility import END, START, Scene, scene

SEAL_M = 10.0  # neighbours drawn up to 20 m apart leave no way between them; each turn passes a corner at 20 to 40 m
SEAL_SHARE = 5e-5  # near by, the seal shrinks to this share of the distance, so that it stays far below 0.5 %
LEAST_SEAL_M = 0.5
FARTHEST_M = 19_000_000.0  # nearly opposite ends have no one shortest way
FIRST_LIMIT = 1.3  # times the direct distance: how far round to look first; then ever farther until nothing is missed
FIRST_MARGIN_M = 200_000.0
FARTHER = 3.0
GLOBE_M = 40_000_000.0  # round the globe: from here on, nothing is left out


@dataclass(frozen=True, slots=True)
class RouteOption:
    """
    One way: no other is both no longer and content with fewer permissions.

    Args:
        needs: The permissions it needs on top of the free ones.

        distance_m: Its length on WGS 84.

        path: Points joined by geodesic legs, from start to end.

        crossings: Its stays in each airspace, the free ones included, in the order of entering.

        coarse: Whether it was looked for on a lattice, so that others may be missing and it may be a little too long.
    """

    needs: frozenset[str]
    distance_m: float
    path: tuple[LonLat, ...]
    crossings: tuple[Crossing, ...]
    coarse: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """
    A partial path of the search.

    Args:
        node: Where it has come to.

        length_m: Its length so far.

        mask: The airspaces met so far, a bit set.

        back: The label it grew from.
    """

    node: int
    length_m: float
    mask: int
    back: Label | None


def route_front(
    start: LonLat,
    end: LonLat,
    airspaces: Sequence[Airspace],
    *,
    free: frozenset[str] = frozenset(),
    limit_m: float | None = None,
    max_needs: int | None = None,
    seal_m: float | None = None,
) -> tuple[RouteOption, ...]:
    """
    All Pareto-optimal (distance, permissions) ways, the shortest first.

    Airspaces whose permission is not in an option's set are united and closed: there is no way along a border that two
    of them share nor through a point where they touch. For that each is sealed by `seal_m` (by up to 1 / cos^2 of its
    angular radius more where it is wider than a few degrees), so a gap under about three seals counts as closed and
    each turn adds a few seals at most. Lengths are within 0.5 % of the true ones.
    An option whose extra permission buys only the seal's own detour is left out.

    Args:
        start: (lon, lat) in degrees.

        end: (lon, lat) in degrees. With `end == start` there is one way of no length.

        airspaces: Areas and their permissions. They may overlap: a point in two needs both. Several of one name are
            one permission. An end inside an airspace needs it in every option; an end on its edge does not.

        free: Permissions already held: they close nothing and are not counted among the needs.

        limit_m: Ways longer than this are of no interest. Default: none is too long.

        max_needs: Ways with more needs than this, those of the ends included, are of no interest.

        seal_m: Width in metres by which a closed airspace is widened. Default: 10 m, or 0.005 % of the direct distance
            if that is less, but at least half a metre.

    Returns:
        The ways by rising distance and so by falling need; empty if there is none.

    Raises:
        InvalidInput: A position or a ring is not one, or a ring crosses itself.

        OutOfDomain: The ends are more than 19 000 km apart, or a ring spans more than a cap of 80 degrees.

    Source: reference reach.md, section 3 (Pareto labels over length and permission set); corners and taut legs as in
    Lozano-Perez and Wesley 1979, https://doi.org/10.1145/359156.359164 [K].
    """
    start, end = lon_lat(*start, where="start"), lon_lat(*end, where="end")
    shapes = [
        (airspace.needs, shape_of(polygon, _where(airspace, number)))
        for airspace in airspaces
        for number, polygon in enumerate(airspace.polygons)
    ]
    direct_m = distance_m(start, end)
    if direct_m > FARTHEST_M:
        raise OutOfDomain(
            "the ends are nearly opposite each other",
            where="route",
            expected=f"at most {FARTHEST_M / 1000.0:.0f} km apart",
            got=f"{direct_m / 1000.0:.0f} km",
        )
    ends = unit_vectors([start, end])
    base = frozenset(needs for needs, shape in shapes if needs not in free and shape.contains(ends).any())
    if (max_needs is not None and len(base) > max_needs) or (limit_m is not None and direct_m > limit_m):
        return ()
    if direct_m == 0.0:
        return (RouteOption(base, 0.0, (start, end), crossings((start, end), shapes)),)
    closed = [airspace for airspace in airspaces if airspace.needs not in base | free]
    search = _Search((start, end), closed, None if max_needs is None else max_needs - len(base), seal_m)
    found = search.front(math.inf if limit_m is None else limit_m)
    return _options(found, base, free, shapes, 16.0 * search.seal_m)


def _where(airspace: Airspace, number: int) -> str:
    return f"airspace {airspace.needs} polygon {number}"


class _Search:
    """Label-setting A* over (length, set of permissions), within an ellipse that grows until the answer is whole."""

    def __init__(
        self, ends: tuple[LonLat, LonLat], closed: Sequence[Airspace], max_open: int | None, seal_m: float | None
    ) -> None:
        self.ends, self.max_open = ends, max_open
        self.direct_m = path_length_m(ends)
        self.seal_m = min(SEAL_M, max(LEAST_SEAL_M, SEAL_SHARE * self.direct_m)) if seal_m is None else seal_m
        self.names = sorted({airspace.needs for airspace in closed})
        self.areas = [
            (self.names.index(airspace.needs), sealed(polygon, _where(airspace, number), self.seal_m))
            for airspace in closed
            for number, polygon in enumerate(airspace.polygons)
        ]

    def front(self, limit_m: float) -> list[tuple[frozenset[str], tuple[LonLat, ...]]]:
        """Needs (without those of the ends) and path of each way within the limit."""
        reach_m = FIRST_LIMIT * self.direct_m + FIRST_MARGIN_M
        while True:
            whole = reach_m >= min(limit_m, GLOBE_M)
            radius_m = min(limit_m, math.inf if whole else reach_m)
            view = scene(self.ends, self.areas, limit_m=radius_m, seal_m=self.seal_m)
            labels = self._labels(view)
            if whole or any(label.mask == 0 for label in labels):
                return [(self._names(label.mask), _path(view, label)) for label in labels]
            reach_m = FARTHER * reach_m

    def _names(self, mask: int) -> frozenset[str]:
        return frozenset(name for number, name in enumerate(self.names) if mask >> number & 1)

    def _labels(self, view: Scene) -> list[Label]:
        """The undominated labels at the end, shortest first; a way without needs ends the search."""
        bound = view.to_end_m.tolist()
        owner_bit = [1 << owner if owner >= 0 else 0 for owner in view.owner.tolist()]
        settled: list[list[int]] = [[] for _ in bound]
        queue: list[tuple[float, int, Label]] = [(bound[START], 0, Label(START, 0.0, 0, None))]
        pushed = 0
        arrived: list[Label] = []
        while queue:
            _, _, label = heapq.heappop(queue)
            if _covered(settled[label.node], label.mask) or _covered(settled[END], label.mask):
                continue
            settled[label.node].append(label.mask)
            if label.node == END:
                arrived.append(label)
                if label.mask == 0:
                    break
                continue
            for leg in view.legs(label.node):
                mask = label.mask | leg.colours
                # Who holds a permission need not turn at that airspace's corners: some other turn is shorter.
                if owner_bit[leg.to] & mask or _covered(settled[leg.to], mask) or _covered(settled[END], mask):
                    continue
                length = label.length_m + leg.length_m
                whole = length + bound[leg.to]
                if whole > view.limit_m or (self.max_open is not None and mask.bit_count() > self.max_open):
                    continue
                pushed += 1
                heapq.heappush(queue, (whole, pushed, Label(leg.to, length, mask, label)))
        return arrived


def _covered(masks: list[int], mask: int) -> bool:
    """Whether one of the masks is a subset of the given one."""
    return any(known & mask == known for known in masks)


def _path(view: Scene, label: Label) -> tuple[LonLat, ...]:
    nodes = []
    step: Label | None = label
    while step is not None:
        nodes.append(view.place(step.node))
        step = step.back
    return tuple(reversed(nodes))


def _options(
    found: list[tuple[frozenset[str], tuple[LonLat, ...]]],
    base: frozenset[str],
    free: frozenset[str],
    shapes: Sequence[tuple[str, Shape]],
    slack_m: float,
) -> tuple[RouteOption, ...]:
    """Measure the ways; drop those that meet an airspace's seal but not the airspace and gain nothing else."""
    options = sorted(
        (_option(base | needs, path, shapes, free) for needs, path in found),
        key=lambda option: (option.distance_m, len(option.needs), sorted(option.needs)),
    )
    return tuple(option for option in options if not any(_excels(other, option, slack_m) for other in options))


def _option(
    needs: frozenset[str], path: tuple[LonLat, ...], shapes: Sequence[tuple[str, Shape]], free: frozenset[str]
) -> RouteOption:
    """Measure a way. Where the geodesic of a long leg would clip a border, follow the great circle that does not."""
    stays = crossings(path, shapes)
    if not {stay.needs for stay in stays} <= needs | free:
        path = along_great_circles(path)
        stays = crossings(path, shapes)
    return RouteOption(needs, path_length_m(path), path, stays)


def _excels(other: RouteOption, option: RouteOption, slack_m: float) -> bool:
    """Whether one way makes another pointless: fewer needs and as short, but for what the seal adds."""
    if not other.needs < option.needs:
        return False
    entered = {stay.needs for stay in option.crossings} & option.needs
    slack = slack_m * len(other.path) if entered <= other.needs else 0.0
    return other.distance_m <= option.distance_m + slack
