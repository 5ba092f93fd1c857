"""Route fronts against an independent solver, where the globe is awkward and where closed states touch."""

import numpy as np
import pytest
from tests.reach import oracle

from safeconduct.model.space import Airspace, Polygon
from safeconduct.reach.route import route_front

PLACES = {
    "mid latitude": (25.0, 45.0),
    "antimeridian": (179.5, -17.0),
    "78 N": (30.0, 78.0),
    "78 N at the antimeridian": (-179.0, 78.0),
    "North Pole": (0.0, 90.0),
    "South Pole": (40.0, -89.5),
}


def place(centre, x_km, y_km):
    """The point so far right of and above the centre, on the azimuthal equidistant map round it."""
    azimuth, distance = np.degrees(np.arctan2(x_km, y_km)), 1000.0 * np.hypot(x_km, y_km)
    lon, lat, _ = oracle.GEOD.fwd(*centre, azimuth, distance)
    return (float(lon), float(lat))


def stars(rng, centre, size_km):
    """Three to five star-shaped airspaces that may overlap, one of them in two parts."""
    found = []
    for number in range(rng.integers(3, 6)):
        polygons = []
        for _ in range(2 if number == 0 else 1):
            x, y = rng.uniform(-0.6, 0.6, 2) * size_km
            turns = np.sort(rng.uniform(0, 2 * np.pi, 7)) + np.arange(7) * 1e-3
            if np.diff(turns, append=turns[0] + 2 * np.pi).max() > 2.8:
                turns = np.arange(7) * 2 * np.pi / 7
            radii = rng.uniform(0.15, 0.5, 7) * size_km
            ring = zip(x + radii * np.cos(turns), y + radii * np.sin(turns), strict=True)
            polygons.append(Polygon(tuple(place(centre, *corner) for corner in ring)))
        found.append(Airspace("ABCDE"[number], tuple(polygons)))
    return found


def mesh(rng, centre, size_km):
    """A patchwork of quadrilaterals dealt to four states: they share borders and touch at corners."""
    steps = np.linspace(-0.8, 0.8, 4)
    knots = {
        (i, j): place(centre, *((np.array([steps[i], steps[j]]) + rng.uniform(-0.12, 0.12, 2)) * size_km))
        for i in range(4)
        for j in range(4)
    }
    owned = {name: [] for name in "ABCD"}
    for i in range(3):
        for j in range(3):
            if rng.random() < 0.8:
                ring = (knots[i, j], knots[i + 1, j], knots[i + 1, j + 1], knots[i, j + 1])
                owned["ABCD"[rng.integers(4)]].append(Polygon(ring))
    return [Airspace(name, tuple(polygons)) for name, polygons in owned.items()]


def shortest(front, held):
    return min((option.distance_m for option in front if option.needs <= held), default=np.inf)


def assert_same(front, answer):
    for held, expected in answer.items():
        assert shortest(front, held) == pytest.approx(expected, rel=0.005), (sorted(held), front)
    for option in front:
        rivals = [other for other in front if other is not option and other.needs <= option.needs]
        assert all(other.distance_m > option.distance_m for other in rivals), option


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", [stars, mesh])
@pytest.mark.parametrize("where", PLACES)
def test_every_set_of_permissions_has_its_shortest_way(where, kind, seed):
    """For each set of permissions the front's best way is as long as the independent solver's, or both have none."""
    rng = np.random.default_rng([seed, len(where), kind is mesh])
    size_km = (150.0, 600.0, 1500.0, 600.0)[seed]
    airspaces = kind(rng, PLACES[where], size_km)
    start = place(PLACES[where], -1.1 * size_km, rng.uniform(-0.5, 0.5) * size_km)
    end = place(PLACES[where], rng.uniform(0.2, 1.1) * size_km, rng.uniform(-0.5, 0.5) * size_km)
    assert_same(route_front(start, end, airspaces), oracle.solve(start, end, airspaces))
