"""
A cold `safeconduct assess varzaqan-2024 --json`, beside what any tool on the same libraries pays before its first line.

Median of five new processes after one warm-up. The target is three times the import plus one second, under 600 MB.
"""

import resource
import statistics
import subprocess
import sys
import time

OURS = [sys.executable, "-m", "safeconduct", "assess", "varzaqan-2024", "--json"]
THEIRS = [sys.executable, "-c", "import numpy, scipy, shapely, pyproj"]
RUNS = 5


def seconds(command: list[str]) -> tuple[float, list[bytes]]:
    """Median seconds of new processes, and what each printed."""
    subprocess.run(command, check=True, capture_output=True)
    spent, printed = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        done = subprocess.run(command, check=True, capture_output=True)
        spent.append(time.perf_counter() - start)
        printed.append(done.stdout)
    return statistics.median(spent), printed


def main() -> list[tuple[str, float, float, float, bool]]:
    """One row; *same* says that all runs printed the same bytes."""
    ours_s, printed = seconds(OURS)
    most_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024.0
    theirs_s, _ = seconds(THEIRS)
    name = f"cold assess (limit {3.0 * theirs_s + 1.0:.2f} s, {most_mb:.0f} MB) against importing its libraries"
    return [(name, ours_s, theirs_s, theirs_s / ours_s, len(set(printed)) == 1)]


if __name__ == "__main__":
    print(main())
