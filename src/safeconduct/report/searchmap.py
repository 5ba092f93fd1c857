"""The map of a search plan: probability as colour, reports as lines, sectors as frames."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from safeconduct.earth.airspace import Skies
from safeconduct.model.case import Place
from safeconduct.model.places import Bearing, PhoneSector, Witness
from safeconduct.model.space import LonLat
from safeconduct.report import choose
from safeconduct.report.figures import area, clock, percent
from safeconduct.report.map import Frame, Json, backdrop, collection, extent, feature
from safeconduct.report.relief import indexed_png
from safeconduct.report.search import pod
from safeconduct.search.grid import SearchGrid, SearchMap
from safeconduct.search.outline import rings_of
from safeconduct.search.planned import Planned

SHARES = (0.9, 0.75, 0.5, 0.25, 0.1)
"""Edges of the colours: cells of the smallest areas that hold so much, the outermost first."""

OPACITY = (0, 40, 85, 135, 185, 230)
COLOUR = (150, 20, 90)
"""One hue, read by its depth, so that it holds in grey and for every eye."""

CIRCLE = 48
"""Corners of a drawn circle."""


def scene(planned: Planned) -> Json:
    """Everything the map shows."""
    chart = planned.plan.map
    frame = Frame(chart.best)
    own = tuple(p.airspace for p in planned.case.parties if p.airspace is not None)
    skies = Skies(own, world=not planned.case.own_borders_only)
    names = {p.id: p.name for p in planned.case.parties}
    rings = [ring for share in (0.9, 0.5) for ring in rings_of(chart.grid, chart.inside(share))]
    drawn = [p for sector in planned.plan.sectors for p in sector.ring]
    everything = [*(p for ring in rings for p in ring), *drawn, chart.best]
    near = drawn or [p for ring in rings_of(chart.grid, chart.inside(0.5)) for p in ring]
    under = backdrop(frame, skies, everything, names)
    return {
        **under,
        "near": _around(frame, near),
        "all": extent(frame, everything),
        "heat": _heat(frame, chart),
        "areas": collection(_areas(frame, chart)),
        "routes": collection([*_reports(frame, planned), *_sectors(frame, planned)]),
        "labels": [*under["labels"], *_labels(frame, planned)],
        "whatIf": bool(planned.what_if),
    }


def _around(frame: Frame, points: list[LonLat]) -> list[list[float]]:
    """The extent of some points with a little air."""
    lons, lats = [frame.lon(p[0]) for p in points], [p[1] for p in points]
    air = 0.02 + 0.1 * max(max(lats) - min(lats), max(lons) - min(lons))
    return [[min(lons) - air, max(-84.0, min(lats) - air)], [max(lons) + air, min(84.0, max(lats) + air)]]


def _heat(frame: Frame, chart: SearchMap) -> Json:
    """The map as a picture in the web map's projection."""
    grid = chart.grid
    levels = np.zeros(grid.size, dtype=np.uint8)
    for level, share in enumerate(SHARES, 1):
        levels[chart.inside(share)] = level
    picture = levels.reshape(grid.rows, grid.columns)[::-1]
    top, bottom = grid.south_km + grid.rows * grid.cell_km, grid.south_km
    (west, north), (east, south) = grid.place(grid.west_km, top), grid.place(_east(grid), bottom)
    picture = picture[_mercator_rows(north, south, grid.rows)]
    palette = np.tile(np.array(COLOUR, dtype=np.uint8), (len(OPACITY), 1))
    data = indexed_png(picture, palette, np.array(OPACITY, dtype=np.uint8))
    url = "data:image/png;base64," + base64.b64encode(data).decode("ascii")
    left, right = frame.lon(west), frame.lon(east)
    right += 360.0 if right < left else 0.0
    return {"url": url, "corners": [[left, north], [right, north], [right, south], [left, south]]}


def _east(grid: SearchGrid) -> float:
    return grid.west_km + grid.columns * grid.cell_km


def _mercator_rows(north: float, south: float, rows: int) -> NDArray[np.intp]:
    """Which row, from the north, each row of a picture that is even in Mercator's ordinate shows."""
    ends = np.arcsinh(np.tan(np.radians(np.clip([north, south], -84.9, 84.9))))
    middles = ends[0] + (np.arange(rows) + 0.5) / rows * (ends[1] - ends[0])
    lats = np.degrees(np.arctan(np.sinh(middles)))
    made: NDArray[np.intp] = np.clip(((north - lats) / max(north - south, 1e-9) * rows).astype(np.intp), 0, rows - 1)
    return made


def _areas(frame: Frame, chart: SearchMap) -> Iterator[Json]:
    for ring in rings_of(chart.grid, chart.inside(0.5)):
        says = f"half of the probability on the map within {area(chart.area_km2(0.5))}"
        yield feature("Polygon", [frame.line(ring)], share=0.5, says=says)


def _reports(frame: Frame, planned: Planned) -> Iterator[Json]:
    for piece, worth in zip(planned.book.pieces, planned.worths, strict=True):
        if piece.counts and piece.report.place is not None and worth.true_now is not None:
            says = f"{piece.report.id}: {piece.report.what}; likely true {percent(worth.true_now)}"
            for line in _drawn(piece.report.place, planned.plan.map.grid):
                way = f"report:{piece.report.id}"
                yield feature("LineString", frame.line(line), way=way, state="report", says=choose.clean(says))
    for flown in planned.flown:
        says = f"searched, not found: {flown.id} by {flown.resource}, {flown.says}"
        for line in flown.tracks:
            way = f"flown:{flown.id}"
            yield feature("LineString", frame.line(line), way=way, state="report", says=choose.clean(says))


def _drawn(place: Place, grid: SearchGrid) -> Iterator[tuple[LonLat, ...]]:
    """The outline of what a report says."""
    shape = place.shape
    x, y = (float(each) for each in grid.plane(*place.points[0]))
    if len(place.points) > 1:
        closing = place.points[:1] if place.kind == "searched" else ()
        yield (*place.points, *closing)
    elif isinstance(shape, Bearing):
        yield grid.place(x, y), _off(grid, (x, y), shape.far_km, shape.bearing_deg)
    elif isinstance(shape, PhoneSector):
        yield from _beam(grid, (x, y), shape)
    else:
        far = shape.far_km if isinstance(shape, Witness) else place.radius_km or place.sigma_km
        if far:
            yield tuple(_off(grid, (x, y), far, 360.0 * k / CIRCLE) for k in range(CIRCLE + 1))


def _beam(grid: SearchGrid, at: tuple[float, float], shape: PhoneSector) -> Iterator[tuple[LonLat, ...]]:
    middle, half = (shape.bearing_deg or 0.0), shape.beam_deg / 2.0
    turns = [middle - half + shape.beam_deg * k / CIRCLE for k in range(CIRCLE + 1)]
    outer = [_off(grid, at, shape.far_km, turn) for turn in turns]
    inner = [_off(grid, at, shape.near_km, turn) for turn in reversed(turns)]
    yield (*outer, *inner, outer[0])


def _off(grid: SearchGrid, at: tuple[float, float], km: float, bearing_deg: float) -> LonLat:
    turn = math.radians(bearing_deg)
    return grid.place(at[0] + km * math.sin(turn), at[1] + km * math.cos(turn))


def _sectors(frame: Frame, planned: Planned) -> Iterator[Json]:
    for sector in planned.plan.sectors:
        resource = planned.plan.resource(sector.resource)
        state = "what-if" if planned.what_if and not resource.mark else "not-cleared" if resource.mark else "cleared"
        near = planned.plan.at
        says = (
            f"{sector.id} {resource.name} ({resource.provider}), {clock(sector.start, near=near)}-"
            f"{clock(sector.end, near=near)}: POD {pod(sector)}, holds {percent(sector.poa)}; "
            f"{resource.mark or 'no clearance missing'}"
        )
        yield feature("LineString", frame.line(sector.ring), way=sector.id, state=state, says=choose.clean(says))


def _labels(frame: Frame, planned: Planned) -> Iterator[Json]:
    for sector in planned.plan.sectors:
        resource = planned.plan.resource(sector.resource)
        yield {
            "at": frame.line([sector.ring[3]])[0],
            "text": sector.id,
            "says": choose.clean(resource.name),
            "kind": "base",
        }
    for piece in planned.book.pieces:
        if piece.counts and piece.report.place is not None:
            place = piece.report.place.points[0]
            yield {
                "at": frame.line([place])[0],
                "text": choose.clean(piece.report.id),
                "says": choose.clean(piece.report.what),
                "kind": "evidence",
            }
