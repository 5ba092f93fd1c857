"""Walking times over terrain, against what is known by construction and against a plain search."""

import heapq
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.terrain import CELL_M, MIDDLE, flat, incline, ridge, rough, terrain

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.motion.walking import tobler_kmh
from safeconduct.search.isochrone import METRIC_ERROR, STEPS, hours_between


def level(_slope):
    """A walker who minds no slope: 4 km/h."""
    return np.full(np.shape(_slope), 4.0)


def middle_of(ground, row, column):
    x, y = ground.middles()
    lon, lat = ground.to_globe(x[column], y[row])
    return float(lon), float(lat)


@pytest.mark.parametrize("directions", [8, 16])
def test_on_level_ground_time_is_distance_over_speed(directions):
    """In every direction the time is never too short, and too long by no more than the stated error."""
    ground = flat(101, 101)
    found = hours_between(ground, [middle_of(ground, 50, 50)], level, directions=directions)
    rows, columns = np.indices((101, 101)) - 50
    straight = np.hypot(rows, columns) * CELL_M / 1000.0 / 4.0
    away = straight > 0.0
    ratio = found.hours[away] / straight[away]
    assert ratio.min() >= 1.0 - 1e-12
    assert ratio.max() <= 1.0 + METRIC_ERROR[directions] + 1e-12
    assert ratio.max() >= 1.0 + 0.95 * METRIC_ERROR[directions]


def test_uphill_takes_longer_than_downhill():
    """On an even slope along the fall line times are those of the formula; the way back takes another time."""
    ground = incline(21, 101, slope=0.2)
    low = middle_of(ground, 10, 0)
    km = 100 * CELL_M / 1000.0
    up = hours_between(ground, [low], tobler_kmh).hours[10, 100]
    down = hours_between(ground, [low], tobler_kmh, toward=True).hours[10, 100]
    assert up == pytest.approx(km / float(tobler_kmh(0.2)), rel=1e-4)
    assert down == pytest.approx(km / float(tobler_kmh(-0.2)), rel=1e-4)


def test_a_wall_is_walked_round():
    """Ground too steep to walk is gone round, through the one gap, and the way shows it."""
    heights = np.full((61, 61), 500.0)
    heights[:, 30] = 900.0
    heights[5, 30] = 500.0
    ground = terrain(heights)
    start, goal = middle_of(ground, 40, 10), middle_of(ground, 40, 50)
    found = hours_between(ground, [goal], level, toward=True)
    way = found.way(start)
    assert way[0] == pytest.approx(start)
    assert way[-1] == pytest.approx(goal)
    rows, columns = ground.to_grid([p[0] for p in way], [p[1] for p in way])
    assert rows[np.argmin(np.abs(columns - 30))] == pytest.approx(5.0, abs=1.0)
    direct = 40 * CELL_M / 1000.0 / 4.0
    assert float(found.at(*start)) > 1.8 * direct


def test_where_no_way_leads_it_is_said():
    """Behind a closed wall time is infinite and there is no way; in blocked ground too; unknown ground is NaN."""
    heights = np.full((21, 21), 500.0)
    heights[:, 10] = 900.0
    heights[0, 0] = np.nan
    ground = terrain(heights)
    found = hours_between(ground, [middle_of(ground, 10, 3)], level)
    assert math.isinf(found.hours[10, 15])
    assert found.way(middle_of(ground, 10, 15)) == ()
    assert math.isnan(found.hours[0, 0])
    swamp = np.ones((21, 21))
    swamp[:, 5] = 0.0
    swamp[:, 6] = np.nan
    found = hours_between(ground, [middle_of(ground, 10, 3)], level, factor=swamp)
    assert math.isinf(found.hours[10, 8])
    assert math.isnan(found.hours[10, 6])
    assert math.isnan(found.at(0.0, 0.0))


def test_a_blocked_line_is_not_slipped_through():
    """A river of one cell's width holds, straight or as stairs."""
    ground = flat(21, 21)
    straight, stairs = np.ones((21, 21)), np.ones((21, 21))
    straight[10, :] = 0.0
    np.fill_diagonal(stairs, 0.0)
    for river, there in ((straight, (15, 10)), (stairs, (15, 5))):
        found = hours_between(ground, [middle_of(ground, 5, 12)], level, factor=river)
        assert math.isinf(found.hours[there])
        assert np.isfinite(found.hours[2, 18])


def test_land_cover_slows():
    """Half the speed everywhere is twice the time."""
    ground = rough(41, relief_m=200.0)
    start = [middle_of(ground, 20, 20)]
    free = hours_between(ground, start, tobler_kmh).hours
    half = hours_between(ground, start, tobler_kmh, factor=np.full((41, 41), 0.5)).hours
    assert half == pytest.approx(2.0 * free)


def test_over_a_ridge_the_nearer_start_counts():
    """From two starts each cell has the time of the quicker one."""
    ground = ridge(41, 101)
    one, two = middle_of(ground, 20, 5), middle_of(ground, 20, 95)
    both = hours_between(ground, [one, two], tobler_kmh).hours
    each = [hours_between(ground, [p], tobler_kmh).hours for p in (one, two)]
    assert both == pytest.approx(np.minimum(*each))


@given(st.integers(0, 10**6), st.sampled_from([8, 16]), st.booleans())
def test_agrees_with_a_plain_search(seed, directions, toward):
    """On small random mountains every time is that of Dijkstra's algorithm written out."""
    ground = rough(9, seed=seed, relief_m=150.0, hurst=0.7)
    heights = ground.elevation_m.astype(float)
    goal = (seed % 9, seed // 9 % 9)
    found = hours_between(ground, [middle_of(ground, *goal)], tobler_kmh, toward=toward, directions=directions)
    steps = [(s * i, s * j) for i, j in STEPS[directions] for s in (1, -1)]
    best, queue = {}, [(0.0, goal)]
    while queue:
        hours, here = heapq.heappop(queue)
        if here in best:
            continue
        best[here] = hours
        for i, j in steps:
            there = (here[0] + i, here[1] + j)
            if not (0 <= there[0] < 9 and 0 <= there[1] < 9) or there in best:
                continue
            spots = [heights[here], heights[there]]
            if abs(i) == 2 or abs(j) == 2:
                beside = ((i // 2, 0), (i // 2, j)) if abs(i) == 2 else ((0, j // 2), (i, j // 2))
                spots.insert(1, sum(heights[here[0] + a, here[1] + b] for a, b in beside) / 2.0)
            far = CELL_M * math.hypot(i, j) / (len(spots) - 1)
            slopes = [(b - a) / far * (-1.0 if toward else 1.0) for a, b in pairwise(spots)]
            if all(abs(slope) <= 1.2 for slope in slopes):
                spent = sum(far / 1000.0 / float(tobler_kmh(slope)) for slope in slopes)
                heapq.heappush(queue, (hours + spent, there))
    expected = [[best.get((i, j), math.inf) for j in range(9)] for i in range(9)]
    assert found.hours == pytest.approx(np.array(expected), rel=1e-9)


def test_longer_walks_are_left_out():
    """Beyond the limit nothing is followed."""
    ground = flat(41, 41)
    found = hours_between(ground, [MIDDLE], level, most_h=0.1)
    assert np.nanmax(found.hours[np.isfinite(found.hours)]) <= 0.1
    assert np.isinf(found.hours).any()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"points": []}, InvalidInput),
        ({"points": [(0.0, 0.0)]}, InvalidInput),
        ({"directions": 4}, OutOfDomain),
        ({"factor": np.ones((3, 3))}, OutOfDomain),
        ({"factor": -np.ones((41, 41))}, OutOfDomain),
    ],
)
def test_wrong_questions_are_refused(change, fault):
    """No point, a point elsewhere, four directions, a factor of another shape or below zero."""
    ground = flat(41, 41)
    with pytest.raises(fault):
        hours_between(ground, **{"points": [MIDDLE], "speed_kmh": level, **change})


def test_a_start_on_unknown_ground_is_refused():
    """Nobody can say how to walk from where there is no ground."""
    heights = np.full((5, 5), 500.0)
    heights[2, 2] = np.nan
    with pytest.raises(InvalidInput, match="unknown ground"):
        hours_between(terrain(heights), [MIDDLE], level)
