"""
What a search of ruins finds: the share alive among those brought out on a day, from how long the living last.

The published counts are no survival curve. Those who died at once are among the dead, and who answers is brought out
first. The model has three unknowns: the share alive at first, the rate at which the living die, and how many times
sooner a living person is brought out than a dead one. How many came out each day is taken as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.assessment.draws import Array

LATER = 0.02
"""Share brought out after the last day that is counted, our assumption: without it the last day takes everybody."""

FIRST = np.linspace(0.05, 0.995, 64)
"""Shares alive at first that are tried."""

HALF_LIVES_H = np.geomspace(2.0, 400.0, 64)
"""Half-lives of the living under the ruins that are tried, hours."""

FAVOURS = (1.0, 2.0, 4.0, 8.0, 16.0)
"""How many times sooner the living are brought out: values that are tried."""

HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One setting of the unknowns.

    Args:
        first: Share alive at first.

        half_life_h: Of the living under the ruins.

        favour: How many times sooner the living are brought out.
    """

    first: float
    half_life_h: float
    favour: float

    def survives(self, hours: Sequence[float]) -> tuple[float, ...]:
        """Chance of one alive at first, and not brought out, to be alive after each of *hours*."""
        return tuple(float(0.5 ** (h / self.half_life_h)) for h in hours)


def shares_alive(
    first: Array, half_life_h: Array, favour: float, until_h: Sequence[float], out: Sequence[int]
) -> Array:
    """
    Share alive among those brought out on each day, shape (days, settings).

    Within a day every person is brought out at one rate per head, the living at *favour* times it; the rate is the one
    that gives the day's number.

    Args:
        first: Shape (settings,).

        half_life_h: Shape (settings,).

        until_h: Ends of the days, hours, rising.

        out: Number brought out on each day.
    """
    people = float(sum(out)) * (1.0 + LATER)
    dying = np.log(2.0) / half_life_h
    living, dead = people * first, people * (1.0 - first)
    shares, begin = [], 0.0
    for end, number in zip(until_h, out, strict=True):
        span, low, high = end - begin, np.full(first.shape, 1e-9), np.full(first.shape, 50.0)
        for _ in range(HALVINGS):
            rate = np.sqrt(low * high)
            alive_out, left, still = _day(living, dead, dying, rate, favour=favour, span_h=span)
            few = living + dead - left - still < number
            low, high = np.where(few, rate, low), np.where(few, high, rate)
        alive_out, living, dead = _day(living, dead, dying, np.sqrt(low * high), favour=favour, span_h=span)
        shares.append(alive_out / number)
        begin = end
    return np.array(shares)


def _day(
    living: Array, dead: Array, dying: Array, rate: Array, *, favour: float, span_h: float
) -> tuple[Array, Array, Array]:
    """(brought out alive, left alive, left dead) after *span_h* hours at that rate per head."""
    leaving = dying + favour * rate
    stay = np.exp(-leaving * span_h)
    alive_out = favour * rate / leaving * living * (1.0 - stay)
    gap = np.where(np.abs(leaving - rate) < 1e-12, 1e-12, leaving - rate)
    gone = np.exp(-rate * span_h)
    return alive_out, living * stay, dead * gone + dying * living * (gone - stay) / gap


def fit(
    until_h: Sequence[float], alive: Sequence[int], out: Sequence[int], *, leave: int | None = None, favour: float = 0.0
) -> Finding:
    """
    The setting of greatest likelihood (binomial, day by day) on a fixed grid.

    Args:
        leave: A day that is not looked at; None looks at all.

        favour: Held at this value; 0 tries all of `FAVOURS`.
    """
    grid_first, grid_half = (axis.ravel() for axis in np.meshgrid(FIRST, HALF_LIVES_H, indexing="ij"))
    tried: list[tuple[float, Finding]] = []
    for each in (favour,) if favour else FAVOURS:
        shares = np.clip(shares_alive(grid_first, grid_half, each, until_h, out), 1e-9, 1.0 - 1e-9)
        total = np.zeros(grid_first.shape)
        for day, (lived, number) in enumerate(zip(alive, out, strict=True)):
            if day != leave:
                total += lived * np.log(shares[day]) + (number - lived) * np.log(1.0 - shares[day])
        place = int(np.argmax(total))
        found = Finding(float(grid_first[place]), float(grid_half[place]), each)
        tried.append((float(total[place]), found))
    return max(tried, key=lambda item: item[0])[1]


def predicted(finding: Finding, until_h: Sequence[float], out: Sequence[int]) -> tuple[float, ...]:
    """Share alive among those brought out on each day under one setting."""
    shares = shares_alive(np.array([finding.first]), np.array([finding.half_life_h]), finding.favour, until_h, out)
    return tuple(float(share) for share in shares[:, 0])
