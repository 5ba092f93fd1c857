"""
Build src/safeconduct/data/borders/airspace.npz: land and 12 NM territorial sea of every state.

    npm install world-atlas@2.0.2
    python tools/build_borders.py node_modules/world-atlas/countries-10m.json iso3166-1.json OUT.npz

The second file is the ISO 3166-1 table of the Debian iso-codes project (also in the Python package pycountry under
databases/). What is done, and why, stands in src/safeconduct/data/borders/PROVENANCE.md. Takes about four minutes.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import unicodedata
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import MultiPolygon, Polygon
from shapely.ops import unary_union

EARTH_KM = 6371.0088
SEA_KM = 12 * 1.852
BORDER_TOLERANCE_KM = 0.8
COAST_TOLERANCE_KM = 0.4
SEA_TOLERANCE_KM = 0.4
CHUNK_KM = 150.0
GRID_DEG = 0.001
SMALLEST_HOLE_KM2 = 3.0

# Features that carry no ISO 3166 number in the source, or share one, and that ISO 3166-1 itself puts under a code.
BY_NAME = {"Baikonur": "KZ", "Clipperton I.": "FR", "Coral Sea Is.": "AU", "Kosovo": "XK"}
INDIAN_OCEAN = "Indian Ocean Ter."  # Christmas Island (CX) east of 100 E, Cocos (Keeling) Islands (CC) west of it
NOBODY = "Antarctica"


def main(atlas: Path, iso: Path, out: Path) -> None:
    topology = json.loads(atlas.read_text())
    print("sha256", hashlib.sha256(atlas.read_bytes()).hexdigest())
    names = {
        row["numeric"]: (row["alpha_2"], row.get("common_name", row["name"]))
        for row in json.loads(iso.read_text())["3166-1"]
    }
    arcs = decode(topology)
    units, labels = assign(topology["objects"]["countries"]["geometries"], names, arcs)
    owners = owners_of(units)
    land = assemble(units, simplify_arcs(arcs, units, owners, BORDER_TOLERANCE_KM))
    coarse = simplify_arcs(arcs, units, owners, COAST_TOLERANCE_KM)
    coasts = {
        code: [
            coarse[i]
            for i in sorted({abs_index(r) for rings in parts for ring in rings for r in ring})
            if len(owners[i]) == 1
        ]
        for code, parts in units.items()
    }
    print("land", len(land), "coast points", sum(len(c) for each in coasts.values() for c in each))
    sea = territorial_seas(land, coasts)
    air = {code: finish(unary_union([land[code], sea[code]]), code, land) for code in land}
    missing = [code for code, shape in air.items() if shape.is_empty]
    if missing:
        raise SystemExit(f"vanished: {missing}")
    write(out, air, labels)


# --- topology -------------------------------------------------------------------------------------------------------


def decode(topology: dict) -> list[np.ndarray]:
    """Arcs as float arrays (n, 2), degrees; edges longer than 20 km are cut on their line of the plate carree."""
    scale, shift = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    return [
        cut_long_edges(unrolled(np.cumsum(np.array(arc), axis=0) * scale + shift), 20.0) for arc in topology["arcs"]
    ]


def unrolled(xy: np.ndarray) -> np.ndarray:
    """Longitudes without jumps: the source's lines run across the antimeridian uncut, so they may pass 180 here."""
    return np.column_stack([np.unwrap(xy[:, 0], period=360.0), xy[:, 1]])


def cut_long_edges(xy: np.ndarray, longest_km: float) -> np.ndarray:
    pieces = [xy[:1]]
    for a, b in pairwise(xy):
        count = max(1, int(np.ceil(np.linalg.norm(vectors(b) - vectors(a)) * EARTH_KM / longest_km)))
        pieces.append(a + (b - a) * (np.arange(1, count + 1) / count)[:, None])
    return np.concatenate(pieces)


def vectors(xy: np.ndarray) -> np.ndarray:
    lon, lat = np.radians(xy[..., 0]), np.radians(xy[..., 1])
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def abs_index(reference: int) -> int:
    return reference if reference >= 0 else ~reference


def assign(geometries: list, names: dict, arcs: list) -> tuple[dict, dict]:
    """Code -> list of polygons (each a list of rings of arc references), and code -> name."""
    units: dict[str, list] = defaultdict(list)
    labels: dict[str, str] = {}
    for each in geometries:
        name = each["properties"]["name"]
        polygons = each["arcs"] if each["type"] == "MultiPolygon" else [each["arcs"]]
        if name == NOBODY:
            continue
        for polygon in polygons:
            code = code_of(each.get("id"), name, arcs[abs_index(polygon[0][0])][0, 0], names)
            units[code].append(polygon)
            labels[code] = next((label for alpha, label in names.values() if alpha == code), name)
    return dict(sorted(units.items())), labels


def code_of(numeric: str | None, name: str, lon: float, names: dict) -> str:
    if name in BY_NAME:
        return BY_NAME[name]
    if name == INDIAN_OCEAN:
        return "CX" if lon > 100 else "CC"
    if numeric is not None:
        return names[numeric][0]
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "??:" + re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def owners_of(units: dict) -> dict[int, set[str]]:
    """Arc -> the units on its sides; an arc with one unit is coast (or inland edge of nobody's land)."""
    owners: dict[int, set[str]] = defaultdict(set)
    for code, parts in units.items():
        for rings in parts:
            for ring in rings:
                for reference in ring:
                    owners[abs_index(reference)].add(code)
    return owners


def ring_of(ring: list[int], arcs: list | dict) -> np.ndarray:
    pieces = [arcs[r] if r >= 0 else arcs[~r][::-1] for r in ring]
    return unrolled(np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])]))


def area_km2(xy: np.ndarray) -> float:
    k = np.cos(np.radians(xy[:, 1].mean()))
    x, y = xy[:, 0] * k * 111.2, xy[:, 1] * 111.2
    return abs(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))) / 2


def simplify_arcs(arcs: list, units: dict, owners: dict, tolerance_km: float) -> dict[int, np.ndarray]:
    """Douglas-Peucker on each arc, so that neighbours keep one border; finer where a ring around it is small."""
    finest: dict[int, float] = {}
    for parts in units.values():
        for rings in parts:
            for ring in rings:
                limit = min(tolerance_km, 0.04 * area_km2(ring_of(ring, arcs)) ** 0.5)
                for reference in ring:
                    finest[abs_index(reference)] = min(limit, finest.get(abs_index(reference), limit))
    return {index: peucker(arcs[index], finest[index]) for index in owners}


def peucker(xy: np.ndarray, tolerance_km: float) -> np.ndarray:
    """Keep the points farther than the tolerance from the chords through the Earth, closed arcs cut at two ends."""
    points = vectors(xy) * EARTH_KM
    keep = np.zeros(len(xy), dtype=bool)
    keep[[0, -1]] = True
    start = [(0, len(xy) - 1)]
    if np.allclose(points[0], points[-1]) and len(xy) > 3:
        far = int(np.argmax(np.linalg.norm(points - points[0], axis=1)))
        keep[far] = True
        start = [(0, far), (far, len(xy) - 1)]
    while start:
        i, j = start.pop()
        if j - i < 2:
            continue
        chord = points[j] - points[i]
        inner = points[i + 1 : j] - points[i]
        length = chord @ chord
        t = np.clip(inner @ chord / length, 0, 1) if length > 0 else np.zeros(len(inner))
        off = np.linalg.norm(inner - t[:, None] * chord, axis=1)
        worst = int(np.argmax(off))
        if off[worst] > tolerance_km:
            k = i + 1 + worst
            keep[k] = True
            start += [(i, k), (k, j)]
    return xy[keep]


def assemble(units: dict, arcs: dict) -> dict[str, MultiPolygon]:
    land = {}
    for code, parts in units.items():
        polygons = []
        for rings in parts:
            loops = [ring_of(ring, arcs) for ring in rings]
            loops = [loops[0], *(loop for loop in loops[1:] if len(loop) >= 4)]
            if len(loops[0]) >= 4:
                holes = [loop - [360 * round((loop[0, 0] - loops[0][0, 0]) / 360), 0] for loop in loops[1:]]
                polygons += wrapped(Polygon(loops[0], holes))
            else:  # an islet smaller than the source's own grid
                polygons += wrapped(shapely.box(*(loops[0][0] - 0.002), *(loops[0][0] + 0.002)))
        land[code] = areas(unary_union(polygons))
    return disjoint(land)


def disjoint(land: dict) -> dict:
    """Where two lands overlap (enclaves left uncut, simplified borders) the smaller unit keeps the place."""
    codes = sorted(land, key=lambda code: land[code].area)
    tree = shapely.STRtree([land[code] for code in codes])
    whole = dict(land)
    for i, code in enumerate(codes):
        near = [whole[codes[j]] for j in tree.query(whole[code], predicate="intersects") if j < i]
        land[code] = areas(whole[code].difference(unary_union(near))) if near else whole[code]
    return land


def areas(shape) -> MultiPolygon:
    """The polygons of any geometry."""
    parts = shapely.get_parts(shapely.get_parts(shape) if shape.geom_type == "GeometryCollection" else shape)
    return MultiPolygon([part for part in parts if part.geom_type == "Polygon" and part.area > 0])


# --- territorial sea ------------------------------------------------------------------------------------------------


def plane(lon: float, lat: float) -> tuple[Transformer, Transformer]:
    """Azimuthal equidistant plane at a place: to it and back, metres."""
    crs = f"+proj=aeqd +lon_0={lon:.6f} +lat_0={lat:.6f} +ellps=WGS84"
    return (
        Transformer.from_crs("EPSG:4326", crs, always_xy=True),
        Transformer.from_crs(crs, "EPSG:4326", always_xy=True),
    )


def project(shape, transformer: Transformer, around: float | None = None):
    """Transform every vertex; longitudes are brought within 180 degrees of *around* if it is given."""

    def move(xy: np.ndarray) -> np.ndarray:
        x, y = transformer.transform(xy[:, 0], xy[:, 1])
        if around is not None:
            x = around + (np.asarray(x) - around + 180.0) % 360.0 - 180.0
        return np.column_stack([x, y])

    return shapely.transform(shape, move)


def chunks(coast: np.ndarray) -> list[np.ndarray]:
    """Cut a line where it leaves the neighbourhood of its chunk's first point."""
    points = vectors(coast) * EARTH_KM
    out, first = [], 0
    for i in range(1, len(coast)):
        if np.linalg.norm(points[i] - points[first]) > CHUNK_KM:
            out.append(coast[first : i + 1])
            first = i
    if first < len(coast) - 1:
        out.append(coast[first:])
    return out


def buffer_chunk(line: np.ndarray) -> list:
    middle = line[len(line) // 2]
    to, back = plane(*middle)
    flat = project(shapely.LineString(cut_long_edges(line, 10.0)), to)
    ring = flat.buffer(SEA_KM * 1000, quad_segs=10).simplify(SEA_TOLERANCE_KM * 1000)
    return wrapped(project(shapely.segmentize(ring, 25_000), back, around=float(middle[0])))


def wrapped(shape) -> list:
    """Cut a shape whose longitudes run beyond +-180 at the antimeridian."""
    shape = shapely.make_valid(shape)
    west, _, east, _ = shape.bounds
    if west >= -180 and east <= 180:
        return [shape]
    out = [shapely.intersection(shape, shapely.box(-180, -90, 180, 90))]
    for shift in (-360, 360):
        moved = shapely.transform(shape, lambda xy, s=shift: xy + np.array([s, 0.0]))
        out.append(shapely.intersection(moved, shapely.box(-180, -90, 180, 90)))
    return [each for each in out if each.area > 0]


def territorial_seas(land: dict, coasts: dict) -> dict:
    codes = list(land)
    belts = {
        code: unary_union([b for c in coasts[code] for piece in chunks(c) for b in buffer_chunk(piece)] or [Polygon()])
        for code in codes
    }
    print("belts done")
    tree = shapely.STRtree([land[code] for code in codes])
    seas = {}
    for code in codes:
        near = [land[codes[i]] for i in tree.query(belts[code]) if codes[i] != code]
        seas[code] = belts[code].difference(unary_union(near)) if near else belts[code]
        seas[code] = areas(seas[code].difference(land[code]))
    print("seas cut from lands")
    return split_overlaps(seas, coasts)


def split_overlaps(seas: dict, coasts: dict) -> dict:
    """Where two seas overlap give each place to the nearer coast; done for every pair, the nearest of all gets it."""
    codes = list(seas)
    tree = shapely.STRtree([seas[code] for code in codes])
    original = dict(seas)
    for i, code in enumerate(codes):
        for j in sorted(int(k) for k in tree.query(original[code]) if k > i):
            other = codes[j]
            common = original[code].intersection(original[other])
            for part in shapely.get_parts(areas(common) if not common.is_empty else common):
                if part.geom_type != "Polygon" or part.area == 0:
                    continue
                mine = nearer_part(part, coasts[code], coasts[other])
                seas[code] = seas[code].difference(part.difference(mine))
                seas[other] = seas[other].difference(mine)
    print("overlaps split")
    return seas


def nearer_part(part: Polygon, own: list, others: list):
    """The part of an overlap that is nearer to the first coast than to the second."""
    centre = part.representative_point()
    to, back = plane(centre.x, centre.y)
    flat = shapely.make_valid(project(part, to))
    reach = flat.buffer(SEA_KM * 1000 * 1.03)
    a, b = coast_points(own, part, to, reach), coast_points(others, part, to, reach)
    shared = set(map(tuple, a)) & set(map(tuple, b))
    a = np.array([p for p in map(tuple, a) if p not in shared]).reshape(-1, 2)
    b = np.array([p for p in map(tuple, b) if p not in shared]).reshape(-1, 2)
    if not len(a) or not len(b):
        return part if len(a) else Polygon()
    sites = np.concatenate([a, b])
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(sites), extend_to=reach, ordered=True))
    mine = shapely.coverage_union_all(cells[: len(a)]).simplify(SEA_TOLERANCE_KM * 1000)
    inside = shapely.make_valid(mine).intersection(shapely.segmentize(flat, 10_000))
    return shapely.make_valid(project(inside, back, around=float(centre.x)))


def coast_points(coast: list, part: Polygon, to: Transformer, reach: Polygon) -> np.ndarray:
    """Points at most 1 km apart on the coast within reach, metres, rounded to a metre."""
    west, south, east, north = part.bounds
    steepest = np.cos(np.radians(min(89.0, max(abs(south), abs(north)) + 0.25)))
    found = []
    shapely.prepare(reach)
    for line in coast:
        aside = np.abs((line[:, 0] - (west + east) / 2 + 180.0) % 360.0 - 180.0)
        near = aside < (east - west) / 2 + 0.25 / steepest + 1
        near &= (line[:, 1] > south - 1.25) & (line[:, 1] < north + 1.25)
        if not near.any():
            continue
        first, last = np.flatnonzero(near)[[0, -1]]
        dense = cut_long_edges(line[max(0, first - 1) : last + 2], 1.0)
        xy = np.round(np.column_stack(to.transform(dense[:, 0], dense[:, 1])))
        found.append(xy[shapely.contains_xy(reach, xy[:, 0], xy[:, 1])])
    return np.unique(np.concatenate(found), axis=0) if found else np.zeros((0, 2))


# --- output ---------------------------------------------------------------------------------------------------------


def finish(shape, code: str, land: dict) -> MultiPolygon:
    """Drop slivers and the pinholes that are no other unit's land, and put the corners on the grid."""
    parts = []
    for part in shapely.get_parts(areas(shape)):
        holes = [hole for hole in part.interiors if keep_hole(hole, code, land)]
        parts.append(Polygon(part.exterior, holes))
    gridded = areas(shapely.set_precision(unary_union(parts), GRID_DEG))
    wide = [p for p in gridded.geoms if area_km2(np.array(p.exterior.coords)) > 0.05]
    return MultiPolygon(wide or list(gridded.geoms))


def keep_hole(hole, code: str, land: dict) -> bool:
    if area_km2(np.array(hole.coords)) > SMALLEST_HOLE_KM2:
        return True
    inside = Polygon(hole).representative_point()
    return any(other != code and shape.intersects(inside) for other, shape in land.items())


def write(out: Path, air: dict, labels: dict) -> None:
    codes = sorted(air)
    part_unit, ring_part, ring_size, corners, boxes = [], [], [], [], []
    for unit, code in enumerate(codes):
        for polygon in sorted(air[code].geoms, key=lambda p: p.bounds):
            boxes.append(np.round(np.array(polygon.bounds) / GRID_DEG))
            for ring in (polygon.exterior, *polygon.interiors):
                xy = np.round(np.array(ring.coords)[:-1] / GRID_DEG).astype(np.int32)
                ring_part.append(len(part_unit))
                ring_size.append(len(xy))
                corners.append(xy)
            part_unit.append(unit)
    deltas = np.diff(np.concatenate([np.zeros((1, 2), np.int32), *corners]), axis=0)
    np.savez_compressed(
        out,
        codes=np.array(codes),
        names=np.array([labels[code] for code in codes]),
        grid_deg=np.array(GRID_DEG),
        part_unit=np.array(part_unit, np.int32),
        part_box=np.array(boxes, np.int32),
        ring_part=np.array(ring_part, np.int32),
        ring_size=np.array(ring_size, np.int32),
        lon_delta=deltas[:, 0].astype(np.int32),
        lat_delta=deltas[:, 1].astype(np.int32),
    )
    print(f"{len(codes)} units, {len(part_unit)} parts, {sum(ring_size)} corners, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
