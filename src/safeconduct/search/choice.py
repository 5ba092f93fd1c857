"""Which pattern fits a sector: by where its probability lies, who searches, and what the user asked for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from safeconduct.earth.terrain import Terrain
from safeconduct.model.case import Place
from safeconduct.model.errors import InvalidInput
from safeconduct.model.space import Ring
from safeconduct.search.clearance import heights_over, relief_of
from safeconduct.search.contours import CONTOUR_WARNS, contour
from safeconduct.search.frame import Frame
from safeconduct.search.grid import Array
from safeconduct.search.lanes import Lane
from safeconduct.search.patterns import (
    CONTOUR,
    CREEPING,
    NAMES,
    PARALLEL,
    PATTERNS,
    SECTOR,
    SQUARE,
    TRACK,
    Pattern,
    best_sweep,
    line_km,
    sector,
    square,
    sweep,
    track_line,
)
from safeconduct.search.plan import Sector
from safeconduct.search.planned import Planned
from safeconduct.search.relief import NO_TERRAIN
from safeconduct.search.turns import turn_radius_km
from safeconduct.search.wanted import AUTO

HEAVY = 2.0
"""A half that holds so many times the other's probability is begun first, by a creeping line. Our rule."""

GATHERED = 0.5
"""With so much of a sector's probability in its inner quarter (a fifth of the area or less), begin in the middle."""

SQUARISH = 1.3
RUGGED_M = 300.0
CONTOUR_ACROSS = 120


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """
    A pattern for a sector.

    Args:
        kind: One of `PATTERNS`; empty where none could be chosen.

        why: In a sentence.

        heavy: Probability in the half with positive x less that in the other, over both; the same for y.

        route: For a track line, in the frame, shape (n, 2).
    """

    kind: str
    why: str
    heavy: tuple[float, float] = (0.0, 0.0)
    warns: tuple[str, ...] = ()
    route: Array | None = None


def choose(
    planned: Planned,
    sector_: Sector,
    frame: Frame,
    terrain: Terrain | None,
    *,
    pattern: str,
    effort_km: float,
    units: int,
) -> Choice:
    """
    Choose for one sector.

    Args:
        pattern: One of `PATTERNS`, or ``auto``.

        effort_km: Track of one unit.

    Raises:
        InvalidInput: No such pattern.
    """
    if pattern not in (AUTO, *PATTERNS):
        raise InvalidInput("no such pattern", where="--pattern", expected=" | ".join((AUTO, *PATTERNS)), got=pattern)
    points, mass = _mass(planned, sector_, frame)
    heavy = _lean(points[:, 0], mass), _lean(points[:, 1], mass)
    resource = planned.plan.resource(sector_.resource)
    warns = _rugged(resource.kind, sector_, terrain)
    if pattern == AUTO or units > 1:
        if units > 1:
            other = "" if pattern in (AUTO, PARALLEL) else f"; {NAMES[pattern]} is for one unit alone"
            return Choice(PARALLEL, f"{units} units side by side, each in a lane of its own{other}", heavy, warns)
        made = _auto(points, mass, heavy, frame, effort_km, turning=resource.flies, speed=resource.sensor.speed_kmh)
        return Choice(made[0], made[1], heavy, warns)
    return _asked(planned, frame, terrain, pattern, heavy=heavy, warns=warns)


def _asked(
    planned: Planned,
    frame: Frame,
    terrain: Terrain | None,
    kind: str,
    *,
    heavy: tuple[float, float],
    warns: tuple[str, ...],
) -> Choice:
    if kind == CONTOUR and terrain is None:
        return Choice(PARALLEL, "parallel instead of the contour pattern asked for", heavy, (f"contour: {NO_TERRAIN}",))
    if kind == CONTOUR:
        return Choice(CONTOUR, "asked for", heavy, (CONTOUR_WARNS,))
    if kind == TRACK:
        route, name = _route(planned, frame)
        return Choice(
            TRACK, f"along {name}" if name else "through the middle: no route crosses it", heavy, warns, route
        )
    return Choice(kind, "asked for", heavy, warns)


def _auto(
    points: Array,
    mass: Array,
    heavy: tuple[float, float],
    frame: Frame,
    effort_km: float,
    *,
    turning: bool,
    speed: float,
) -> tuple[str, str]:
    total = float(mass.sum())
    near = np.hypot(points[:, 0], points[:, 1]) <= frame.width_km / 4.0
    gathered = total > 0.0 and float(mass[near].sum()) >= GATHERED * total
    if turning and gathered and frame.length_km <= SQUARISH * frame.width_km:
        share = f"{100.0 * float(mass[near].sum()) / total:.0f} % of the sector's probability lies in its middle"
        if effort_km <= 9.0 * frame.width_km:
            return SECTOR, share
        spacing = frame.length_km * frame.width_km / effort_km
        if spacing >= 2.0 * turn_radius_km(speed):
            return SQUARE, share
    if abs(heavy[0]) >= (HEAVY - 1.0) / (HEAVY + 1.0):
        return CREEPING, f"one end holds at least {HEAVY:g} times as much as the other: begin there"
    return PARALLEL, "even search, legs along the long side"


def _mass(planned: Planned, sector_: Sector, frame: Frame) -> tuple[Array, Array]:
    """Cells of the map in a sector, in its frame, with their probability."""
    chart = planned.plan.map
    grid = chart.grid
    (west, south), (east, north) = sector_.corners_km[0], sector_.corners_km[2]
    inside = (grid.x_km >= west) & (grid.x_km <= east) & (grid.y_km >= south) & (grid.y_km <= north)
    chosen = np.flatnonzero(inside)
    return frame.points(grid.lon_deg[chosen], grid.lat_deg[chosen]), chart.poa[chosen]


def _lean(where: Array, mass: Array) -> float:
    total = float(mass.sum())
    return float((mass * np.sign(where)).sum()) / total if total > 0.0 else 0.0


def _rugged(kind: str, sector_: Sector, terrain: Terrain | None) -> tuple[str, ...]:
    relief = relief_of(terrain, sector_.ring) if kind == "helicopter" else None
    if relief is None or relief[1] - relief[0] < RUGGED_M:
        return ()
    rise = (
        f"ground rises by {relief[1] - relief[0]:.0f} m in this sector: even legs at one height see less than planned"
    )
    return (f"{rise}; a contour search (--pattern contour) needs a crew trained for it",)


def _route(planned: Planned, frame: Frame) -> tuple[Array, str]:
    """The longest stretch of a reported route inside the sector, with the report's id; else the line through it."""
    best, name = np.array([[-frame.length_km / 2.0, 0.0], [frame.length_km / 2.0, 0.0]]), ""
    longest = 0.0
    for piece in planned.book.pieces:
        place: Place | None = piece.report.place
        if not piece.counts or place is None or place.kind not in ("track", "route", "fixes", "cloud"):
            continue
        line = np.array(place.points)
        for part in clipped(frame.points(line[:, 0], line[:, 1]), frame.length_km / 2.0, frame.width_km / 2.0):
            if line_km(part) > longest:
                longest, best, name = line_km(part), part, piece.report.id
    return best, name


def clipped(line: Array, half_x: float, half_y: float) -> list[Array]:
    """Stretches of a line inside a rectangle about zero (Liang and Barsky, 1984), each of shape (n, 2)."""
    parts: list[list[Array]] = []
    for start, end in pairwise(line):
        step = end - start
        enter, leave = 0.0, 1.0
        for axis, half in ((0, half_x), (1, half_y)):
            for sign in (1.0, -1.0):
                pace, room = sign * step[axis], half - sign * start[axis]
                if pace == 0.0:
                    leave = leave if room >= 0.0 else -1.0
                elif pace > 0.0:
                    leave = min(leave, room / pace)
                else:
                    enter = max(enter, room / pace)
        if leave <= enter:
            continue
        first, last = start + enter * step, start + leave * step
        if parts and np.allclose(parts[-1][-1], first):
            parts[-1].append(last)
        else:
            parts.append([first, last])
    return [np.array(part) for part in parts]


def fit(
    choice: Choice,
    frame: Frame,
    lane: Lane,
    *,
    effort_km: float,
    radius_km: float,
    terrain: Terrain | None,
) -> Pattern:
    """
    The pattern for one lane, in the frame of the sector, begun where `mirrored` says.

    Args:
        effort_km: Track of one unit, > 0.

    Raises:
        OutOfDomain: There is no effort, or no lane.
    """
    if choice.kind == TRACK and choice.route is not None:
        spacing = max(2.0 * radius_km, frame.width_km / 4.0)
        return track_line(choice.route, effort_km, spacing, radius_km)
    if choice.kind == CONTOUR and terrain is not None:
        made = _contour(frame, ring_of(frame, lane), effort_km, terrain)
        if made is not None:
            return made
    side = min(lane.across_km, lane.up_km)
    if choice.kind == SECTOR:
        return _moved(sector(side, effort_km), lane, turned=False)
    if choice.kind == SQUARE:
        return _moved(square(side, effort_km, lane.across_km * lane.up_km / effort_km), lane, turned=False)
    tall = lane.up_km > lane.across_km
    long = max(lane.across_km, lane.up_km)
    if choice.kind == CREEPING:
        return _moved(sweep(long, side, effort_km, radius_km, across=True), lane, turned=tall)
    return _moved(best_sweep(long, side, effort_km, radius_km), lane, turned=tall)


def ring_of(frame: Frame, lane: Lane) -> Ring:
    """Corners of a lane in degrees, none repeated."""
    half = np.array([lane.across_km, lane.up_km]) / 2.0
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) * half
    middle = np.array([lane.x_km, lane.y_km])
    return frame.degrees(corners + middle)


def _moved(pattern: Pattern, lane: Lane, *, turned: bool) -> Pattern:
    legs, track = (pattern.legs[..., ::-1], pattern.track[:, ::-1]) if turned else (pattern.legs, pattern.track)
    shift = np.array([lane.x_km, lane.y_km])
    return _with(pattern, legs + shift, track + shift)


def _with(pattern: Pattern, legs: Array, track: Array) -> Pattern:
    return Pattern(pattern.kind, legs, track, pattern.legs_km, pattern.turns_km, pattern.spacing_km, pattern.beyond_km)


def _contour(frame: Frame, ring: Ring, effort_km: float, terrain: Terrain) -> Pattern | None:
    lons = np.array([p[0] for p in ring])
    lats = np.array([p[1] for p in ring])
    east, north = frame.plane.plane(lons, lats)
    order = np.lexsort((east > east.mean(), north > north.mean()))
    low, high = order[0], order[3]
    box = (ring[low], (ring[high][0], ring[low][1]), ring[high], (ring[low][0], ring[high][1]))
    heights, lon, lat = heights_over(terrain, box, CONTOUR_ACROSS)
    x = frame.plane.plane(lon, lat[0])[0]
    y = frame.plane.plane(lon[0], lat)[1]
    made = contour(heights, np.asarray(x), np.asarray(y), effort_km)
    if made is None or not frame.north:
        return made
    swap = np.array([[0.0, -1.0], [1.0, 0.0]])
    return _with(made, made.legs @ swap, made.track @ swap)


def mirrored(pattern: Pattern, lane: Lane, heavy: tuple[float, float], base: npt.NDArray[np.float64] | None) -> Pattern:
    """
    Begin even legs on the likelier side, at the end nearer to the base.

    Args:
        heavy: As in `Choice`.

        base: In the frame, shape (2,); None where it is not known.
    """
    if pattern.kind not in (PARALLEL, CREEPING) or len(pattern.legs) == 0:
        return pattern
    step = np.abs(pattern.legs[0, 1] - pattern.legs[0, 0])
    along = 0 if step[0] >= step[1] else 1
    wanted = [heavy[0], heavy[1]]
    wanted[along] = float(base[along]) if base is not None else 0.0
    sign = np.array([-1.0 if each > 0.0 else 1.0 for each in wanted])
    middle = np.array([lane.x_km, lane.y_km])
    return _with(pattern, (pattern.legs - middle) * sign + middle, (pattern.track - middle) * sign + middle)
