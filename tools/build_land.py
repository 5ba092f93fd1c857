"""
Build src/safeconduct/data/borders/land.npz: all land, for ships to keep off, and nodes at sea to sail between.

    npm install world-atlas@2.0.2
    python tools/build_land.py node_modules/world-atlas/land-10m.json OUT.npz

What is done, and why, stands in src/safeconduct/data/borders/PROVENANCE.md. Takes about a minute.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import shapely
from build_borders import (
    EARTH_KM,
    GRID_DEG,
    abs_index,
    areas,
    cut_long_edges,
    decode,
    owners_of,
    ring_of,
    simplify_arcs,
    vectors,
    wrapped,
)
from scipy.spatial import ConvexHull, cKDTree
from shapely.geometry import Polygon
from shapely.ops import unary_union

TOLERANCE_KM = 0.4
COAST_STEP_KM = 4.0
LEAST_CLEARANCE_KM = 0.2
SPACING_KM = (2.0, 60.0)
NARROWS = {  # west, south, east, north: winding straits that the spacing would close
    "Bosporus": (28.9, 40.9, 29.3, 41.3),
    "Dardanelles": (26.0, 39.9, 27.0, 40.6),
}
NARROWS_KM = 0.5
SPACING_SHARE = 0.8  # of the distance to the shore, within those bounds
SAILED_TO_DEG = -78.0
SOUTHERNMOST_DEG = -84.0  # south of it no ship goes; the lattice's cells end at 84.5 degrees


def main(source: Path, out: Path) -> None:
    raw = source.read_bytes()
    topology = json.loads(raw)
    print("sha256", hashlib.sha256(raw).hexdigest())
    arcs = decode(topology)
    geometries = topology["objects"]["land"]["geometries"]
    polygons = [p for g in geometries for p in (g["arcs"] if g["type"] == "MultiPolygon" else [g["arcs"]])]
    units = {"land": polygons}
    simple = simplify_arcs(arcs, units, owners_of(units), TOLERANCE_KM)
    used = {abs_index(reference) for rings in polygons for ring in rings for reference in ring}
    print(len(polygons), "polygons", sum(len(simple[i]) for i in used), "corners")
    shapes = []
    for rings in polygons:
        loops = [loop for loop in (ring_of(ring, simple) for ring in rings) if len(loop) >= 4]
        if loops:
            holes = [loop - [360 * round((loop[0, 0] - loops[0][0, 0]) / 360), 0] for loop in loops[1:]]
            shapes += wrapped(Polygon(loops[0], holes))
    whole = areas(unary_union(shapes).intersection(shapely.box(-180, SOUTHERNMOST_DEG, 180, 90)))
    land = areas(shapely.set_precision(whole, GRID_DEG))
    write(out, land, sea_nodes(land))


def sea_nodes(land: shapely.MultiPolygon) -> np.ndarray:
    """
    Places at sea as far from the shores as can be, (lon, lat): corners of the Voronoi cells of points on all coasts.

    They follow the middle of every channel; where they lie closer than the spacing, those in wider water stay.
    """
    rings = [np.array(r.coords) for p in land.geoms for r in (p.exterior, *p.interiors)]
    coast = np.concatenate([cut_long_edges(r, COAST_STEP_KM)[:-1] for r in rings])
    coast = np.concatenate([coast, *(narrow(rings, box) for box in NARROWS.values())])
    coast = np.unique(np.round(coast, 4), axis=0)
    shore = vectors(coast)
    hull = ConvexHull(shore, qhull_options="Qt")  # of points on a sphere: their Delaunay triangles
    nodes = hull.equations[:, :3]
    away_km = np.arccos(np.clip((nodes * shore[hull.simplices[:, 0]]).sum(axis=1), -1, 1)) * EARTH_KM
    lon, lat = np.degrees(np.arctan2(nodes[:, 1], nodes[:, 0])), np.degrees(np.arcsin(nodes[:, 2]))
    wet = (lat > SAILED_TO_DEG) & (away_km > LEAST_CLEARANCE_KM)
    wet[shapely.STRtree(land.geoms).query(shapely.points(lon, lat), predicate="within")[0]] = False
    nodes, away_km, places = nodes[wet], away_km[wet], np.column_stack([lon, lat])[wet]
    least_km = np.full(len(nodes), SPACING_KM[0])
    for west, south, east, north in NARROWS.values():
        x, y = places.T
        least_km[(x > west) & (x < east) & (y > south) & (y < north)] = NARROWS_KM
    tree, dropped, kept = cKDTree(nodes), np.zeros(len(nodes), dtype=bool), []
    for index in np.argsort(-away_km):
        if not dropped[index]:
            kept.append(index)
            spacing_km = np.clip(away_km[index] * SPACING_SHARE, least_km[index], SPACING_KM[1])
            dropped[tree.query_ball_point(nodes[index], spacing_km / EARTH_KM)] = True
    order = np.lexsort(places[kept].T)
    return places[kept][order]


def narrow(rings: list[np.ndarray], box: tuple[float, float, float, float]) -> np.ndarray:
    """Points on the coasts in a box, close together."""
    west, south, east, north = box
    lines = shapely.get_parts(shapely.MultiLineString(rings).intersection(shapely.box(west, south, east, north)))
    return np.concatenate([cut_long_edges(np.array(line.coords), NARROWS_KM) for line in lines])


def write(out: Path, land: shapely.MultiPolygon, nodes: np.ndarray) -> None:
    ring_part, ring_size, corners = [], [], []
    for part, polygon in enumerate(sorted(land.geoms, key=lambda p: p.bounds)):
        for ring in (polygon.exterior, *polygon.interiors):
            xy = np.round(np.array(ring.coords)[:-1] / GRID_DEG).astype(np.int32)
            ring_part.append(part)
            ring_size.append(len(xy))
            corners.append(xy)
    deltas = np.diff(np.concatenate([np.zeros((1, 2), np.int32), *corners]), axis=0)
    np.savez_compressed(
        out,
        grid_deg=np.array(GRID_DEG),
        ring_part=np.array(ring_part, np.int32),
        ring_size=np.array(ring_size, np.int32),
        lon_delta=deltas[:, 0].astype(np.int32),
        lat_delta=deltas[:, 1].astype(np.int32),
        nodes=np.round(nodes / GRID_DEG).astype(np.int32),
    )
    print(f"{len(land.geoms)} parts, {sum(ring_size)} corners, {len(nodes)} nodes, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
