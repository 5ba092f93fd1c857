"""Fronts over the world's airspaces and the fewest permissions on hard grids, beside an integer program."""

import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.airspaces.instances import scattered
from benchmarks.airspaces.integer import fewest_by_milp

from safeconduct.earth.airspace import airspaces, codes, states_at
from safeconduct.earth.geodesy import distance_m
from safeconduct.reach.fronts import End, end_at, world_front, world_graph
from safeconduct.reach.hitting import fewest_colours
from safeconduct.reach.lattice import Lattice, world_lattice

Row = tuple[str, float, float, float, bool]
PAIRS = 600
PROGRAMS = 15  # of the pairs are given to the integer program as well
PROGRAM_S = 20.0
NEAREST_M, FARTHEST_M, SLACK = 1.5e6, 5.0e6, 1.2


def pairs(lattice: Lattice, count: int, seed: int) -> list[tuple[End, End, frozenset[str], float]]:
    """Random bases and sites in states' airspace, 1,500-5,000 km apart; the states at both ends are granted."""
    draw = random.Random(seed)
    inside = [node for node in range(20_000) if lattice.held[node].any()]

    def place() -> tuple[float, float]:
        lon, lat = lattice.places[draw.choice(inside)]
        return (float(lon) * 0.999, float(lat) * 0.999)

    bases, sites = [place() for _ in range(60)], [place() for _ in range(80)]
    apart = [(b, s) for b in bases for s in sites if NEAREST_M < distance_m(b, s) < FARTHEST_M]
    chosen = draw.sample(apart, min(count, len(apart)))
    ends = {place: end_at(lattice, place) for place in {p for pair in chosen for p in pair}}
    return [(ends[b], ends[s], states_at(b) | states_at(s), SLACK * distance_m(b, s)) for b, s in chosen]


def percentile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(share * len(seconds)))]


def world_rows() -> list[Row]:
    began = time.perf_counter()
    lattice = world_lattice(airspaces(codes()), fine=True)
    made = time.perf_counter()
    asked = pairs(lattice, PAIRS, seed=1)
    ends = {id(end): end for start, site, _, _ in asked for end in (start, site)}
    each = (time.perf_counter() - made) / len(ends)
    print(f"set-up: lattice {made - began:.1f} s (with compiling), {each * 1e3:.0f} ms per base and per site")
    world_front(lattice, asked[0][0], asked[0][1], free=asked[0][2], limit_m=asked[0][3])
    fronts, straight, whole = [], [], 0
    for start, site, free, limit in asked:
        one = time.perf_counter()
        found = world_front(lattice, start, site, free=free, limit_m=limit, straight=False)
        two = time.perf_counter()
        world_front(lattice, start, site, free=free, limit_m=limit)
        straight.append(time.perf_counter() - two)
        fronts.append(two - one)
        whole += found.complete
    for name, took in (("front", fronts), ("front, pulled straight", straight)):
        print(
            f"{name}: {len(took)} pairs, median {statistics.median(took) * 1e3:.2f} ms, "
            f"p95 {percentile(took, 0.95) * 1e3:.1f} ms, longest {max(took):.2f} s; {whole} whole within the budget"
        )
    ours_s, theirs_s, same = [], [], True
    for start, site, free, limit in random.Random(2).sample(asked, PROGRAMS):
        one = time.perf_counter()
        found = world_front(lattice, start, site, free=free, limit_m=limit, straight=False)
        two = time.perf_counter()
        graph, _ = world_graph(lattice, start, site, free=free, limit_m=limit)
        three = time.perf_counter()
        by_program = fewest_by_milp(graph, 0, 1, limit, seconds=PROGRAM_S)
        theirs_s.append(time.perf_counter() - three)
        ours_s.append(two - one)
        if by_program is not None and found.complete:
            same &= by_program == min(len(way.needs) for way in found.ways)
    ours, theirs = statistics.median(ours_s), statistics.median(theirs_s)
    return [
        (f"{PROGRAMS} of {len(asked)} pairs, medians: whole front / one by MILP", ours, theirs, theirs / ours, same)
    ]


def grid_row(side: int, colours: int, slack: float, seeds: range, seconds: float) -> Row:
    """Optima of scattered grids; *theirs* is the time allowed, and `same` says whether every optimum was proved."""
    fewest_colours(scattered(4, 4, 0), 0, 15, 9.0)
    took, proved = [], True
    for seed in seeds:
        graph = scattered(side, colours, seed)
        start = time.process_time()
        found = fewest_colours(graph, 0, side * side - 1, slack * 2 * (side - 1) + 1e-9, seconds=seconds, certify=False)
        took.append(time.process_time() - start)
        if not found.proved:
            print(f"scattered {side}x{side}/{colours}/{slack} seed {seed}: {found.lower_bound} to "
                  f"{len(found.colours or ())} after {took[-1]:.1f} s")  # fmt: skip
            proved = False
    median = statistics.median(took)
    name = f"scattered {side}x{side}, {colours} colours, slack {slack}: proved / allowed"
    print(f"{name}: median {median:.3f} s, longest {max(took):.3f} s, all proved: {proved}")
    return (name, median, seconds, seconds / median, proved)


def main() -> list[Row]:
    """The world's pairs, then the hard grids that are proved within their time."""
    return [
        *world_rows(),
        grid_row(20, 20, 1.5, range(8), 5.0),
        grid_row(30, 20, 1.5, range(4), 20.0),
        grid_row(30, 40, 1.2, range(2), 60.0),
    ]


if __name__ == "__main__":
    for row in main():
        print(row)
