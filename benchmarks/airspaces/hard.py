"""
How far the proofs go on the hard family: scattered 30x30 grids of 40 colours, slack 1.2.

    hard.py FIRST AFTER    a row for each seed from FIRST to before AFTER: optimum, proved, wall and processor seconds
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from benchmarks.airspaces.instances import scattered

from safeconduct.reach.hitting import fewest_colours

SIDE, COLOURS, SLACK, MOST_S = 30, 40, 1.2, 120.0


def main() -> int:
    fewest_colours(scattered(4, 4, 0), 0, 15, 9.0)  # compiled before anything is timed
    for seed in range(int(sys.argv[1]), int(sys.argv[2])):
        graph, limit = scattered(SIDE, COLOURS, seed), SLACK * 2 * (SIDE - 1) + 1e-6
        wall, work = time.perf_counter(), time.process_time()
        found = fewest_colours(graph, 0, SIDE * SIDE - 1, limit, seconds=MOST_S, certify=False)
        wall, work = time.perf_counter() - wall, time.process_time() - work
        print(f"{seed:3d} {len(found.colours or ()):3d} {found.proved} {wall:6.2f} {work:6.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
