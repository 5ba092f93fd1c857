"""
How much longer the ways of `safeconduct ways` are than the shortest ones with the same permissions.

    lengths.py [--pairs N] [--seed S] [--nearest KM] [--farthest KM] [--slack X] [--ways-each N]

Places are drawn evenly over the globe; the states at both ends are granted. Each way's length is held against that of
the exact visibility solver (`safeconduct.reach.route`), which shares no search with the lattice: every other airspace
near the way closed, its own needs open. Printed for all ways, and for those where permissions matter: ways that the
direct line does not give.
"""

import argparse
import math
import random
import sys

from safeconduct.earth.airspace import Skies, states_at
from safeconduct.earth.geodesy import distance_m
from safeconduct.formats.latticefile import kept_world
from safeconduct.reach.fronts import WorldWay, end_at, world_front
from safeconduct.reach.route import route_front

DIRECT_SHARE = 1.0005  # a way no longer than this is the direct line
MARGIN_KM = 60.0
LABELS = 60_000

Place = tuple[float, float]


def places_of(count: int, seed: int, nearest_m: float, farthest_m: float) -> list[tuple[Place, Place]]:
    """Random pairs evenly over the globe, so far apart."""
    draw = random.Random(seed)
    found: list[tuple[Place, Place]] = []

    def place() -> Place:
        return (draw.uniform(-180.0, 180.0), math.degrees(math.asin(draw.uniform(-0.97, 0.97))))

    while len(found) < count:
        pair = (place(), place())
        if nearest_m < distance_m(*pair) < farthest_m:
            found.append(pair)
    return found


def exact_m(start: Place, end: Place, granted: frozenset[str], way: WorldWay) -> float | None:
    """Length of the shortest way that enters no airspace but those granted; None where the solver finds none."""
    skies = Skies()
    around_km = (1.001 * way.distance_m - distance_m(start, end)) / 2000.0 + MARGIN_KM
    closed = skies.airspaces(code for code in skies.near((start, end), around_km) if code not in granted)
    found = route_front(start, end, closed, limit_m=1.002 * way.distance_m, max_needs=0)
    return found[0].distance_m if found else None


def table(name: str, excess: list[float]) -> None:
    """One line of quantiles, in per cent."""
    if not excess:
        print(f"{name}: no ways")
        return
    rising = sorted(excess)
    quantiles = [100.0 * rising[min(len(rising) - 1, int(share * len(rising)))] for share in (0.5, 0.95, 0.99, 1.0)]
    over = sum(each > 0.005 for each in rising)
    text = "p50 {:.3f} %, p95 {:.3f} %, p99 {:.3f} %, worst {:.3f} %".format(*quantiles)
    print(f"{name}: {len(rising)} ways, too long by {text}; {over} by more than 0.5 %")


def main(arguments: list[str]) -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("--pairs", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--nearest", type=float, default=800.0)
    asked.add_argument("--farthest", type=float, default=4000.0)
    asked.add_argument("--slack", type=float, default=1.2)
    asked.add_argument("--ways-each", type=int, default=5)
    given = asked.parse_args(arguments)
    lattice, draw = kept_world(), random.Random(given.seed)
    every, hard, missed = [], [], 0
    for start, end in places_of(given.pairs, given.seed, given.nearest * 1e3, given.farthest * 1e3):
        free, direct_m = states_at(start) | states_at(end), distance_m(start, end)
        first, last = end_at(lattice, start), end_at(lattice, end)
        front = world_front(lattice, first, last, free=free, limit_m=given.slack * direct_m, labels=LABELS)
        for way in draw.sample(front.ways, min(given.ways_each, len(front.ways))):
            length_m = exact_m(start, end, free | way.needs, way)
            if length_m is None:
                missed += 1
                continue
            every.append(way.distance_m / length_m - 1.0)
            if way.distance_m > DIRECT_SHARE * direct_m:
                hard.append(every[-1])
    table("all", every)
    table("where permissions matter", hard)
    print(f"{missed} ways for which the exact solver finds none")


if __name__ == "__main__":
    main(sys.argv[1:])
