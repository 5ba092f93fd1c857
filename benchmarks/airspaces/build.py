"""
Write the instances, their certificates and the table of results.

    build.py            write everything anew (some minutes)
    build.py --check    check every certificate with the independent checker
"""

import gzip
import importlib.util
import json
import math
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from benchmarks.airspaces.instances import maplike, scattered
from benchmarks.airspaces.integer import fewest_by_milp

from safeconduct.earth.airports import airport
from safeconduct.earth.airspace import airspaces, codes
from safeconduct.earth.geodesy import distance_m
from safeconduct.formats.certificate import to_json
from safeconduct.reach.fronts import end_at, places_of, world_graph
from safeconduct.reach.hitting import fewest_colours
from safeconduct.reach.labels import graph_front
from safeconduct.reach.lattice import world_lattice
from safeconduct.reach.proof import RouteCertificate, of_fewest, of_front, trimmed

SIZES = {"small": (4_000, 12), "large": (20_000, 20)}
# Pairs of airports (their states are granted), and the longest way of interest as a multiple of the direct one.
PAIRS = (
    ("LTAC", "OIII", 1.2), ("UUEE", "OITT", 1.2), ("LFPG", "LTAC", 1.1), ("OPRN", "UZTT", 1.3), ("VIDP", "ZWWW", 1.2),
    ("HECA", "HAAB", 1.5), ("WSSS", "RPLL", 1.2), ("SKBO", "MMMX", 1.2), ("FAOR", "FKKD", 1.1), ("ENGM", "BIKF", 1.2),
)  # fmt: skip
GRIDS = (
    ("maplike", 10, 12, 1.3), ("maplike", 20, 25, 1.3), ("scattered", 10, 20, 1.5), ("scattered", 20, 20, 1.2),
    ("scattered", 20, 20, 1.5), ("scattered", 30, 20, 1.5), ("scattered", 20, 40, 1.2), ("scattered", 30, 40, 1.2),
)  # fmt: skip
PROGRAM_S = 10.0
GRID_S = 60.0
MOST_LABELS = 200_000


def real(size: str) -> list[RouteCertificate]:
    nodes, neighbours = SIZES[size]
    lattice = world_lattice(airspaces(codes()), nodes=nodes, neighbours=neighbours)
    made = []
    for base, site, slack in PAIRS:
        ends = [airport(base), airport(site)]
        start, end = (end_at(lattice, each.position) for each in ends)
        limit, free = math.floor(slack * distance_m(start.place, end.place)), frozenset(e.state for e in ends)
        graph, old = world_graph(lattice, start, end, free=free, limit_m=limit)
        front = graph_front(graph, 0, 1, limit, labels=MOST_LABELS, seconds=GRID_S)
        names, places = lattice.borders.codes, places_of(lattice, start, end, old)
        made.append(of_front(f"{base}-{site}-{size}", graph, names, (0, 1, limit), front, places))
    return made


def grids() -> list[RouteCertificate]:
    made = []
    for family, side, colours, slack in GRIDS:
        for seed in range(1 if colours > 30 else 2):
            limit = slack * 2 * (side - 1) + 1e-6
            graph = (maplike if family == "maplike" else scattered)(side, colours, seed)
            graph, _ = trimmed(graph, 0, side * side - 1, limit)
            fewest = fewest_colours(graph, 0, 1, limit, seconds=GRID_S)
            names = [f"c{c:02d}" for c in range(colours)]
            name = f"{family}-{side}x{side}-{colours}-{slack}-{seed}"
            made.append(of_fewest(name, graph, names, (0, 1, limit), fewest))
    return made


def timed(call, *args, **words):
    start = time.process_time()
    answer = call(*args, **words)
    return answer, time.process_time() - start


def row(part: RouteCertificate) -> str:
    """One line of the table: sizes, the answer, and seconds of the three methods."""
    question = (part.graph, part.source, part.target, part.limit)
    front, labels_s = timed(graph_front, *question, labels=MOST_LABELS, seconds=0.0)
    fewest, cuts_s = timed(fewest_colours, *question, seconds=GRID_S, certify=False)
    by_program, program_s = timed(fewest_by_milp, *question, seconds=PROGRAM_S)
    ours = len(fewest.colours) if fewest.colours is not None else None
    answer = str(ours) if fewest.proved else f"{fewest.lower_bound} to {ours}"
    labels = f"{labels_s:.3f}" if front.complete else "-"
    cuts = f"{cuts_s:.3f}" if fewest.proved else "-"
    program = f"{program_s:.2f}" if by_program is not None else "-"
    agree = {value for value in (ours if fewest.proved else None, by_program,
             min((len(w.colours) for w in front.ways), default=None) if front.complete else None)
             if value is not None}  # fmt: skip
    sets = str(len(part.opens)) if part.complete else "-"
    cells = (part.name, part.graph.nodes, len(part.graph.head), answer, part.lower_bound, sets, labels, cuts, program,
             "yes" if len(agree) <= 1 else "NO")  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def write(part: RouteCertificate) -> None:
    proof = to_json({"name": part.name, "made by": "benchmarks/airspaces/build.py"}, routes=[part])
    question = {k: v for k, v in proof["routes"][0].items() if k not in ("opens", "cuts", "complete", "lower_bound")}
    for folder, document in (("certificates", proof), ("instances", question)):
        (HERE / folder).mkdir(exist_ok=True)
        text = json.dumps(document, separators=(",", ":")) + "\n"
        (HERE / folder / f"{part.name}.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


HEAD = """# Results

Written by `build.py`; seconds of processor time on the machine that ran it, one thread each, after compiling. `fewest`
is the proved optimum, or its bounds; `certified` the bound that the certificate proves, which is less where a proof by
cuts alone would be too long; `sets` the number of minimal sets where the whole front was found; `-`: not finished
(labels: {labels} labels, cuts: {grid:.0f} s, program: {program:.0f} s).

| instance | nodes | arcs | fewest | certified | sets | labels s | cuts s | MILP s | same |
|---|---|---|---|---|---|---|---|---|---|
"""


def check() -> int:
    spec = importlib.util.spec_from_file_location("checker", HERE.parent.parent / "tools" / "check_certificate.py")
    checker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checker)
    return max(checker.main(str(path)) for path in sorted((HERE / "certificates").glob("*.json.gz")))


def main() -> int:
    if "--check" in sys.argv:
        return check()
    graph = scattered(4, 4, 0)
    graph_front(graph, 0, 15, 9.0, labels=1000)
    fewest_colours(graph, 0, 15, 9.0)  # compiled before anything is timed
    parts = [*real("small"), *real("large"), *grids()]
    lines = []
    for part in parts:
        write(part)
        lines.append(row(part))
        print(lines[-1], flush=True)
    head = HEAD.format(labels=MOST_LABELS, grid=GRID_S, program=PROGRAM_S)
    (HERE / "RESULTS.md").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
