"""How often intervals held what was reported, and what a count of so many can show."""

from __future__ import annotations

from collections.abc import Callable
from math import comb


def binomial_range(count: int, share: float, *, sure: float = 0.95) -> tuple[int, int]:
    """
    Smallest central range of successes out of *count* that holds at least *sure* of the binomial law.

    Args:
        count: >= 0; 0 gives (0, 0).

        share: Chance of one success, in (0, 1).
    """
    tail = (1.0 - sure) / 2.0
    chances = [comb(count, k) * share**k * (1.0 - share) ** (count - k) for k in range(count + 1)]
    low, total = 0, 0.0
    for k, chance in enumerate(chances):
        if total + chance > tail:
            low = k
            break
        total += chance
    high, total = count, 0.0
    for k in range(count, -1, -1):
        if total + chances[k] > tail:
            high = k
            break
        total += chances[k]
    return low, high


def share_range(hits: int, count: int, *, sure: float = 0.95) -> tuple[float, float]:
    """
    Interval of the share behind *hits* of *count* (Clopper and Pearson 1934, Biometrika 26:404): never too short.

    With no trial it is (0, 1).
    """
    tail = (1.0 - sure) / 2.0
    low = 0.0 if hits == 0 else _solve(lambda p: _at_least(hits, count, p) - tail)
    high = 1.0 if hits == count else _solve(lambda p: tail - _at_least(count - hits, count, 1.0 - p))
    return low, high


def _at_least(hits: int, count: int, share: float) -> float:
    return sum(comb(count, k) * share**k * (1.0 - share) ** (count - k) for k in range(hits, count + 1))


def _solve(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if rising(middle) < 0.0 else (low, middle)
    return (low + high) / 2.0
