"""The map of a page: GeoJSON layers and labels, all inside the page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.assessment.answer import Assessment, Leg, Point, Way
from safeconduct.earth.airspace import Box, Skies, bounds, name_of
from safeconduct.earth.geodesy import densify
from safeconduct.model.space import Airspace, Polygon
from safeconduct.report import choose
from safeconduct.report.figures import area
from safeconduct.report.relief import shading

NEAR_DEG = 5.0
"""Half the height of the first view: what lies farther from the site is one button away."""
MARGIN_KM = 250.0
STEP_M = 50_000.0
GRATICULE_LINES = 12
SCREEN = 2.4
"""Width over height of a wide map on screen."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """Longitudes are carried on beyond 180 so that all is drawn on the site's side of the antimeridian."""

    centre: Point

    def lon(self, lon: float, near: float | None = None) -> float:
        """The same meridian, at most half a turn from *near* (or from the site)."""
        middle = self.centre[0] if near is None else near
        return lon - 360.0 * math.floor((lon - middle + 180.0) / 360.0)

    def line(self, points: Sequence[Point]) -> list[list[float]]:
        """A line without jumps, rounded to some 10 m."""
        out: list[list[float]] = []
        near: float | None = None
        for lon, lat in points:
            near = self.lon(lon, near)
            out.append([round(near, 4), round(lat, 4)])
        return out


def scene(answer: Assessment) -> Json:
    """Everything the map shows. A map that is the case's own alone gets no shading: the real relief would mislead."""
    skies = _skies(answer)
    names = {border.code: border.name for border in answer.borders}
    frame = Frame(answer.where.site)
    points = _points(answer)
    near = [p for p in points if _close(frame, p)]
    under = backdrop(frame, skies, points, names)
    return {
        **under,
        "near": _around(frame, near),
        "all": extent(frame, points),
        "areas": collection(_areas(frame, answer)),
        "routes": collection(_routes(frame, answer)),
        "labels": [
            *under["labels"],
            *_base_labels(frame, answer),
            *_site_labels(frame, answer),
        ],
        "whatIf": choose.what_if(answer),
    }


def backdrop(frame: Frame, skies: Skies, points: Sequence[Point], names: Mapping[str, str]) -> Json:
    """What lies under any map: shading (none on invented ground), graticule, borders, names of states."""
    box = _wide(bounds(points, MARGIN_KM) or Box(-180, -85, 180, 85))
    picture = shading(box) if skies.world else None
    west = frame.lon((box.west + box.east) / 2) - (box.west + box.east) / 2
    shade = {"url": picture.url, "corners": [[lon + west, lat] for lon, lat in picture.corners]} if picture else None
    return {
        "shade": shade,
        "graticule": collection(_graticule(box, west)),
        "borders": collection(_borders(frame, skies, box)),
        "labels": list(_state_labels(frame, skies, box, names)),
    }


def _skies(answer: Assessment) -> Skies:
    """The case's own airspaces before the world's. Only lines are drawn, so a hole may stand as a ring of its own."""
    own = (Airspace(border.code, tuple(Polygon(ring) for ring in border.rings)) for border in answer.borders)
    return Skies(tuple(own), world=not answer.borders_only)


def _close(frame: Frame, point: Point) -> bool:
    lon, lat = frame.centre
    wide = NEAR_DEG / max(0.1, math.cos(math.radians(lat)))
    return abs(point[1] - lat) <= NEAR_DEG and abs(frame.lon(point[0]) - lon) <= wide


def _wide(box: Box) -> Box:
    """The box, as wide as a wide screen shows it, so that nothing stops short of the frame."""
    middle = math.radians((max(-80.0, box.south) + min(80.0, box.north)) / 2)
    missing = SCREEN * (box.north - box.south) / math.cos(middle) - (box.east - box.west)
    if missing <= 0.0:
        return box
    side = min(missing, 360.0 - (box.east - box.west)) / 2
    west = (box.west - side + 180.0) % 360.0 - 180.0
    return Box(west, box.south, west + box.east - box.west + 2 * side, box.north)


def _around(frame: Frame, points: Sequence[Point]) -> list[list[float]]:
    """The extent of the points with the site in its middle."""
    lon, lat = frame.centre
    far = [(2 * lon - frame.lon(p[0]), max(-84.0, min(84.0, 2 * lat - p[1]))) for p in points]
    return extent(frame, [*points, *far])


def _points(answer: Assessment) -> list[Point]:
    legs = [point for way in answer.ways for leg in way.legs for point in leg.path]
    rings = [point for each in answer.where.containment for ring in each.outline for point in ring]
    seen = [source.place for source in answer.where.sources if source.place]
    return [answer.where.site, *rings, *seen, *legs]


def extent(frame: Frame, points: Sequence[Point]) -> list[list[float]]:
    lons, lats = [frame.lon(p[0]) for p in points], [p[1] for p in points]
    pad = 0.15 if max(lats) - min(lats) < 0.3 else 0.0
    return [[min(lons) - pad, max(-84.0, min(lats) - pad)], [max(lons) + pad, min(84.0, max(lats) + pad)]]


def feature(kind: str, coordinates: object, **properties: object) -> Json:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def collection(features: Iterable[Json]) -> Json:
    return {"type": "FeatureCollection", "features": list(features)}


def _graticule(box: Box, shift: float) -> Iterable[Json]:
    span = max(box.east - box.west, box.north - box.south)
    step = next((s for s in (1, 2, 5, 10, 20) if span / s <= GRATICULE_LINES), 30)
    south, north = max(-84.0, box.south - 20), min(84.0, box.north + 20)
    for lon in range(math.floor((box.west - 20) / step) * step, math.ceil(box.east + 20) + 1, step):
        yield feature("LineString", [[lon + shift, south], [lon + shift, north]])
    for lat in range(math.ceil(south / step) * step, math.floor(north) + 1, step):
        yield feature("LineString", [[box.west - 20 + shift, lat], [box.east + 20 + shift, lat]])


def _meets(shell: Sequence[Point], box: Box) -> bool:
    own = bounds(shell, 0.0)
    if own is None or own.south > box.north or own.north < box.south:
        return False
    return (own.west - box.west) % 360 <= box.east - box.west or (box.west - own.west) % 360 <= own.east - own.west


def _borders(frame: Frame, skies: Skies, box: Box) -> Iterable[Json]:
    corners = ((box.west, box.south), (box.east, box.north))
    wrapped = [((lon + 180) % 360 - 180, lat) for lon, lat in corners]
    for space in skies.airspaces(skies.near(wrapped, 0.0)):
        for polygon in space.polygons:
            if _meets(polygon.shell, box):
                rings = [frame.line([*ring, ring[0]]) for ring in (polygon.shell, *polygon.holes)]
                yield feature("Polygon", rings, code=space.needs)


def _state_labels(frame: Frame, skies: Skies, box: Box, names: Mapping[str, str]) -> Iterable[Json]:
    """One name for each state in view, at the mean of the corners of its largest part in view."""
    best: dict[str, list[list[float]]] = {}
    for feature in _borders(frame, skies, box):
        shell = feature["geometry"]["coordinates"][0]
        seen = [p for p in shell if box.south <= p[1] <= box.north and (p[0] - box.west) % 360 <= box.east - box.west]
        code = feature["properties"]["code"]
        if len(seen) > len(best.get(code, ())):
            best[code] = seen
    for code, seen in best.items():
        place = [sum(p[0] for p in seen) / len(seen), sum(p[1] for p in seen) / len(seen)]
        yield {"at": place, "text": choose.clean(names.get(code) or name_of(code)), "kind": "state"}


def _areas(frame: Frame, answer: Assessment) -> Iterable[Json]:
    for each in sorted(answer.where.containment, key=lambda a: -a.share):
        for ring in each.outline:
            line = frame.line([*ring, ring[0]])
            yield feature(
                "Polygon", [line], share=each.share, says=f"{round(each.share * 100)} % within {area(each.area_km2)}"
            )


def leg_state(leg: Leg) -> str:
    """How a leg is drawn: cleared, what-if or not-cleared. A mark always wins, and nothing is cleared by silence."""
    if leg.mark.startswith("WHAT-IF"):
        return "what-if"
    return "cleared" if leg.cleared and not leg.mark else "not-cleared"


def leg_words(leg: Leg) -> str:
    """The clearance state of a leg in words; a leg that is not cleared always carries the warning."""
    if leg_state(leg) == "not-cleared":
        return leg.mark or choose.NOT_CLEARED
    return leg.mark or ("cleared" if leg.clearances else "no clearance needed")


def _routes(frame: Frame, answer: Assessment) -> Iterable[Json]:
    for way in answer.ways:
        for leg in way.legs:
            if len(leg.path) > 1:
                says = f"{way.asset.name} ({way.provider}), {leg.mode}: {leg_words(leg)}"
                missing = [c for c in leg.clearances if c in way.missing]
                says += f"; missing {', '.join(missing)}" if missing else ""
                state = leg_state(leg)
                yield feature("LineString", frame.line(_along(leg)), way=way.id, state=state, says=choose.clean(says))


def _along(leg: Leg) -> list[Point]:
    """The path along geodesics, so that long legs are not drawn as rhumb lines."""
    out: list[Point] = [leg.path[0]]
    for a, b in zip(leg.path, leg.path[1:], strict=False):
        out.extend(densify(a, b, STEP_M)[1:])
    return out


def _base_labels(frame: Frame, answer: Assessment) -> Iterable[Json]:
    """One label for each place from which something starts, naming who stands there."""
    bases: dict[str, tuple[Point, list[Way]]] = {}
    for way in answer.ways:
        first = next((leg for leg in way.legs if leg.path), None)
        if first is not None and first.path[0] != answer.where.site:
            bases.setdefault(way.asset.base or first.start, (first.path[0], []))[1].append(way)
    for name, (place, ways) in bases.items():
        says = "; ".join(f"{way.asset.name} ({way.provider})" for way in ways)
        yield {"at": frame.line([place])[0], "text": choose.clean(name), "says": choose.clean(says), "kind": "base"}


def _site_labels(frame: Frame, answer: Assessment) -> Iterable[Json]:
    for source in answer.where.sources:
        if source.place is not None:
            says = f"{source.what}: weight {round(source.weight * 100)} %, {source.reliability}{source.credibility}"
            says += "" if source.verified else ", unverified"
            words = f"{source.evidence} {round(source.weight * 100)} %" + ("" if source.verified else "?")
            yield {
                "at": frame.line([source.place])[0], "text": choose.clean(words), "says": choose.clean(says),
                "kind": "evidence",
            }  # fmt: skip
    words = "site, known" if answer.where.known else "site assumed for ways"
    yield {"at": frame.line([answer.where.site])[0], "text": words, "kind": "site"}
