"""
Run every benchmark of this directory and print one table of ratios.

A benchmark is a module with `main() -> rows`, a row being (name, ours_s, theirs_s, ratio, same): seconds for our answer
and for an independent solver's, ratio = theirs_s / ours_s (above 1: ours is quicker), and whether both gave the same
answer. Ratios are what is compared between machines. Exit 1 if any answer differs or nothing was measured.

    run.py [MODULE ..]
"""

import importlib
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent


class Row(NamedTuple):
    """One measured comparison."""

    name: str
    ours_s: float
    theirs_s: float
    ratio: float
    same: bool


def rows_of(module: str) -> Iterable[Row]:
    """Rows of one benchmark module."""
    return (Row(*row) for row in importlib.import_module(module).main())


def main(modules: list[str]) -> int:
    """Run the named benchmarks, or all of them."""
    sys.path.insert(0, str(HERE))
    every = sorted(path.stem for path in HERE.glob("*.py") if path != Path(__file__).resolve() and path.stem[0] != "_")
    different = measured = 0
    print(f"{'benchmark':<52} {'ours s':>10} {'theirs s':>10} {'ratio':>8}  same answer")
    for module in modules or every:
        for row in rows_of(module):
            measured += 1
            different += not row.same
            ratio = f"{row.ratio:8.2f}" if math.isfinite(row.ratio) else f"{'-':>8}"
            verdict = "yes" if row.same else "NO"
            print(f"{row.name:<52} {row.ours_s:>10.4f} {row.theirs_s:>10.4f} {ratio}  {verdict}", flush=True)
    print(f"{measured} comparisons, {different} with different answers")
    return 1 if different or not measured else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
