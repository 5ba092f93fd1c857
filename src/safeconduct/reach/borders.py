"""The borders of airspaces, filed by cells: what coloured every arc of the lattice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.earth.geodesy import EARTH_RADIUS_M, densify
from safeconduct.model.errors import OutOfDomain
from safeconduct.model.space import Airspace, LonLat
from safeconduct.reach.graph import Floats, Integers, Words
from safeconduct.reach.plane import unit_vectors

FARTHEST_EDGE_M = 30_000.0  # longer edges are cut along their geodesic
HIGHEST_LAT_DEG = 84.5  # cells of longitude and latitude serve up to here; no state's airspace lies beyond
ON_BORDER_M = 1.0
COLUMNS, ROWS, CELL_DEG = 720, 360, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """
    The edges of airspaces, filed by cells of half a degree.

    Args:
        codes: Airspaces; colour c is codes[c].

        edges: lon, lat, lon, lat of each, degrees; the second longitude may pass 180.

        ends: Unit vectors of both ends and of the edge's plane, shape (m, 9).

        owner: Colour of each edge.

        start: Offsets of the cells into *members*.

        members: Edges whose box meets the cell.
    """

    codes: tuple[str, ...]
    edges: Floats
    ends: Floats
    owner: Integers
    start: Integers
    members: Integers

    @property
    def words(self) -> int:
        """Words of 64 bits that a set of colours takes."""
        return max(1, (len(self.codes) + 63) // 64)

    def held(self, places: Floats) -> Words:
        """Colours each place (lon, lat), shape (n, 2), lies in, as words."""
        from safeconduct.reach import kernels  # lazy: compiled code, not wanted before a route is

        words = np.zeros((len(places), self.words), dtype=np.uint64)
        kernels.all_holders(
            np.ascontiguousarray(places), len(self.codes), self.edges, self.owner, self.start, self.members, words
        )
        return words

    def beside(self, place: LonLat) -> Words:
        """Colours whose border passes within a metre of a place, as one row of words: the border counts as inside."""
        row = min(ROWS - 1, int((place[1] + 90.0) / CELL_DEG))
        column = int((place[0] + 180.0) / CELL_DEG)
        around = [
            max(0, min(ROWS - 1, row + up)) * COLUMNS + (column + side) % COLUMNS
            for up in (-1, 0, 1)
            for side in (-1, 0, 1)
        ]
        near = np.concatenate([self.members[self.start[cell] : self.start[cell + 1]] for cell in around])
        here = unit_vectors([place])[0]
        begin, end = self.ends[near, :3], self.ends[near, 3:6]
        step = end - begin
        share = np.clip(((here - begin) * step).sum(axis=1) / (step * step).sum(axis=1), 0.0, 1.0)
        along = begin + share[:, None] * step
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        words = np.zeros((1, self.words), dtype=np.uint64)
        for colour in self.owner[near[np.linalg.norm(along - here, axis=1) * EARTH_RADIUS_M < ON_BORDER_M]].tolist():
            words[0, colour >> 6] |= np.uint64(1) << np.uint64(colour & 63)
        return words

    def met(self, points: Floats, tails: Integers, heads: Integers, held: Words) -> Words:
        """
        Colours of each leg between points (unit vectors, with what holds them), as words.
        """
        from safeconduct.reach import kernels  # lazy: as above

        words = np.zeros((len(tails), self.words), dtype=np.uint64)
        kernels.all_legs(points, tails, heads, held, self.ends, self.owner, self.start, self.members, words)
        return words


def borders_of(airspaces: Sequence[Airspace]) -> Borders:
    """
    File the edges of airspaces; edges over 30 km are cut along their geodesic.

    Raises:
        OutOfDomain: An airspace reaches beyond 84.5 degrees of latitude.
    """
    codes = tuple(dict.fromkeys(each.needs for each in airspaces))
    colour = {code: number for number, code in enumerate(codes)}
    rows, owners = [np.empty((0, 4))], [np.empty(0, dtype=np.int32)]
    for airspace in airspaces:
        for polygon in airspace.polygons:
            for ring in (polygon.shell, *polygon.holes):
                edges = _ring_edges(np.array(ring))
                if len(edges) and np.abs(edges[:, [1, 3]]).max() > HIGHEST_LAT_DEG:
                    raise OutOfDomain(
                        "an airspace near a pole",
                        where=airspace.needs,
                        expected=f"latitudes up to {HIGHEST_LAT_DEG} degrees",
                    )
                rows.append(edges)
                owners.append(np.full(len(edges), colour[airspace.needs], dtype=np.int32))
    edges, owner = np.concatenate(rows), np.concatenate(owners)
    first, second = unit_vectors(edges[:, :2]), unit_vectors(edges[:, 2:])
    ends = np.concatenate([first, second, np.cross(first, second)], axis=1)
    start, members = _cells(edges)
    return Borders(codes, edges, ends, owner, start, members)


def _ring_edges(ring: Floats) -> Floats:
    """Rows lon, lat, lon, lat; the second longitude unwrapped beside the first."""
    following = np.roll(ring, -1, axis=0)
    chord = np.linalg.norm(unit_vectors(ring) - unit_vectors(following), axis=1) * EARTH_RADIUS_M
    if (chord > FARTHEST_EDGE_M).any():
        points: list[LonLat] = []
        for here, there, far in zip(ring.tolist(), following.tolist(), chord > FARTHEST_EDGE_M, strict=True):
            on_meridian = abs(here[0] - there[0]) < 1e-9  # cuts at the antimeridian: already a geodesic
            points += densify(tuple(here), tuple(there), FARTHEST_EDGE_M)[:-1] if far and not on_meridian else [here]
        ring = np.array(points)
        following = np.roll(ring, -1, axis=0)
    following = following.copy()
    following[:, 0] += 360.0 * np.round((ring[:, 0] - following[:, 0]) / 360.0)
    edges = np.concatenate([ring, following], axis=1)
    real: Floats = edges[np.abs(edges[:, :2] - edges[:, 2:]).max(axis=1) > 0.0]
    return real


def _cells(edges: Floats) -> tuple[Integers, Integers]:
    """Offsets and members of each cell of half a degree, row by row from the south-west."""
    west = np.floor((np.minimum(edges[:, 0], edges[:, 2]) + 180.0) / CELL_DEG).astype(np.int64)
    east = np.floor((np.maximum(edges[:, 0], edges[:, 2]) + 180.0) / CELL_DEG).astype(np.int64)
    south = np.floor((np.minimum(edges[:, 1], edges[:, 3]) + 90.0) / CELL_DEG).astype(np.int64)
    north = np.floor((np.maximum(edges[:, 1], edges[:, 3]) + 90.0) / CELL_DEG).astype(np.int64)
    wide, high = east - west + 1, north - south + 1
    number = np.repeat(np.arange(len(edges)), wide * high)
    place = np.arange(len(number)) - np.repeat(np.cumsum(wide * high) - wide * high, wide * high)
    row = south[number] + place // wide[number]
    column = (west[number] + place % wide[number]) % COLUMNS
    cell = np.clip(row, 0, ROWS - 1) * COLUMNS + column
    order = np.argsort(cell, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=ROWS * COLUMNS))])
    return start.astype(np.int32), number[order].astype(np.int32)
