"""
Planners of SAREnv beside ours on generated maps: mass seen and time-discounted score. Reported, not raced.

The greedy, spiral and concentric planners are written anew after their published form (github.com/bullox/SAREnv,
sarenv/analytics/paths.py): start in the middle, 80 m height, 45 degrees of field of view, so a swath of 66.3 m, a
quarter of overlap between rounds; greedy moves to the likeliest of the eight neighbours not yet visited and stops where
there is none. Ours is the planner of a case: rectangles placed for sorties one after the other, each flown by even legs
with turns, and the way from one to the next taken off the same length.

    planners.py      prints a Markdown table

A cell counts once, when its middle first lies within half a swath of the track: detection 1 inside, as SAREnv takes it.
Tracks are cut at the length that all share; SAREnv instead thins a longer track out to that length.
"""

import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from safeconduct.search.grid import SearchGrid, normalised
from safeconduct.search.patterns import best_sweep, cut, line_km
from safeconduct.search.sectors import Sortie, blocks_of, place_sectors

CELLS, CELL_KM = 240, 0.03
SWATH_KM = 2.0 * 0.08 * math.tan(math.radians(22.5))
OVERLAP = 0.25
LENGTH_KM = 100.0
TURN_KM = 0.015
HALF_KM = LENGTH_KM / 10.0
SORTIES = 10
SEEDS = range(8)
KINDS = ("one hump", "four humps", "ring and paths")


def chart(kind, seed):
    """A map whose shape is known: normal humps, or a ring with rough paths through it as lost walkers leave them."""
    rng = np.random.default_rng(seed)
    half = CELLS * CELL_KM / 2.0
    grid = SearchGrid((10.0, 46.0), -half, -half, CELL_KM, CELLS, CELLS)
    x, y = grid.x_km, grid.y_km
    if kind == "one hump":
        return normalised(grid, np.exp(-(x**2 + y**2) / 2.0), 0.0)
    if kind == "four humps":
        weight = np.zeros(grid.size)
        for px, py, s, w in zip(*rng.uniform(-2.6, 2.6, (2, 4)), rng.uniform(0.2, 0.7, 4), rng.random(4), strict=True):
            weight += (0.2 + w) * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2.0 * s * s)) / (s * s)
        return normalised(grid, weight, 0.0)
    rough = gaussian_filter(rng.normal(size=(CELLS, CELLS)), 6.0).ravel()
    paths = np.exp(-np.abs(rough) / (0.1 * rough.std()))
    radius = np.hypot(x, y)
    return normalised(grid, (0.15 + paths) * np.exp(-(np.log(np.maximum(radius, 0.05) / 1.2) ** 2) / 0.6), 0.0)


def greedy(made):
    """To the likeliest neighbour not visited, until there is none."""
    poa = made.poa.reshape(CELLS, CELLS)
    seen = np.zeros_like(poa, dtype=bool)
    at, gone = (CELLS // 2, CELLS // 2), 0.0
    seen[at] = True
    steps = [at]
    while gone < LENGTH_KM:
        near = [(at[0] + r, at[1] + c) for r in (-1, 0, 1) for c in (-1, 0, 1) if r or c]
        open_ = [p for p in near if 0 <= p[0] < CELLS and 0 <= p[1] < CELLS and not seen[p]]
        if not open_:
            break
        best = max(open_, key=lambda p: poa[p])
        gone += CELL_KM * math.hypot(best[0] - at[0], best[1] - at[1])
        at = best
        seen[at] = True
        steps.append(at)
    rows, columns = np.array(steps).T
    cell = rows * CELLS + columns
    return np.column_stack([made.grid.x_km[cell], made.grid.y_km[cell]])


def spiral(_):
    """Outwards from the middle, rounds a swath less the overlap apart."""
    gap = SWATH_KM * (1.0 - OVERLAP)
    turn = np.linspace(0.0, 2.0 * math.pi * CELLS * CELL_KM / 2.0 / gap, 60_000)
    radius = gap / (2.0 * math.pi) * turn
    return np.column_stack([radius * np.cos(turn), radius * np.sin(turn)])


def concentric(_):
    """Circles about the middle, a step of 50 m from each to the next."""
    gap = SWATH_KM * (1.0 - OVERLAP)
    rounds = []
    for radius in np.arange(gap, CELLS * CELL_KM / 2.0, gap):
        turn = np.linspace(0.0, max(0.0, 2.0 * math.pi - 0.05 / radius), max(8, int(2.0 * math.pi * radius / 0.01)))
        rounds.append(np.column_stack([radius * np.cos(turn), radius * np.sin(turn)]))
    return np.vstack(rounds)


def ours(made):
    """Rectangles for sorties one after the other, soonest first; even legs from the nearest corner."""
    effort = LENGTH_KM / SORTIES * SWATH_KM
    sorties = tuple(
        Sortie(0, tuple(effort if k == n else 0.0 for k in range(SORTIES)), n, n, aloft=False) for n in range(SORTIES)
    )
    blocks = blocks_of(made, LENGTH_KM * SWATH_KM)
    placed = place_sectors(blocks, sorties, 0.5 ** (np.arange(SORTIES) * LENGTH_KM / SORTIES / HALF_KM))
    track = np.zeros((1, 2))
    left = LENGTH_KM
    for n, box in enumerate(placed.rectangles):
        if box is None:
            continue
        wide, tall = box.width * blocks.km, box.height * blocks.km
        middle = np.array([blocks.west_km + box.column * blocks.km, blocks.south_km + box.row * blocks.km])
        middle += np.array([wide, tall]) / 2.0
        away = max(0.0, math.dist(track[-1], middle) - min(wide, tall) / 2.0)
        share = left / (SORTIES - n) - away
        if share <= 0.0:
            continue
        made_ = best_sweep(max(wide, tall), min(wide, tall), min(share, wide * tall / SWATH_KM * 1.05), TURN_KM).track
        flat = made_ if wide >= tall else made_[:, ::-1]
        ways = [flat * np.array([a, b]) + middle for a in (1.0, -1.0) for b in (1.0, -1.0)]
        way = min(ways, key=lambda w: math.dist(track[-1], w[0]))
        left -= line_km(way) + math.dist(track[-1], way[0])
        track = np.vstack([track, way])
    return track


def scored(made, track):
    """Mass seen, and the same with each cell's mass halved for every tenth of the length before it is seen."""
    way = cut(track, LENGTH_KM)
    steps = np.hypot(*np.diff(way, axis=0).T)
    gone = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.arange(0.0, gone[-1], 0.01)
    places = np.column_stack([np.interp(at, gone, way[:, k]) for k in (0, 1)])
    first = np.full(made.grid.size, np.inf)
    tree = cKDTree(np.column_stack([made.grid.x_km, made.grid.y_km]))
    for reached, cells in zip(at[::-1], tree.query_ball_point(places[::-1], SWATH_KM / 2.0), strict=True):
        first[cells] = reached
    seen = np.isfinite(first)
    return float(made.poa[seen].sum()), float((made.poa[seen] * 0.5 ** (first[seen] / HALF_KM)).sum()), gone[-1]


def bound(made):
    """The best cells regardless of flying, as many as the swath covers, the best first."""
    best = np.sort(made.poa)[::-1]
    reached = (np.arange(best.size) + 1) * CELL_KM**2 / SWATH_KM
    kept = reached <= LENGTH_KM
    return float(best[kept].sum()), float((best[kept] * 0.5 ** (reached[kept] / HALF_KM)).sum()), LENGTH_KM


def table():
    """Rows of means over the seeds."""
    yield "| map | planner | flown km | mass seen | time-discounted |"
    yield "|---|---|---|---|---|"
    for kind in KINDS:
        made = [chart(kind, seed) for seed in (SEEDS if kind != "one hump" else range(1))]
        for name in ("greedy", "spiral", "concentric", "ours"):
            rows = np.array([scored(each, globals()[name](each)) for each in made])
            yield row(kind, name, rows)
        yield row(kind, "no flight sees more", np.array([bound(each) for each in made]))


def row(kind, name, rows):
    """Mean, and the least and greatest where there are several maps."""
    mass, early, long = rows.mean(axis=0)
    spread = [
        f" ({low:.3f}-{high:.3f})" if len(rows) > 1 else "" for low, high in zip(rows.min(0), rows.max(0), strict=True)
    ]
    return f"| {kind} | {name} | {long:.0f} | {mass:.3f}{spread[0]} | {early:.3f}{spread[1]} |"


def main():
    """No rows: there is nothing to be quicker at. Run this file for its table."""
    return []


if __name__ == "__main__":
    for line in table():
        print(line)
