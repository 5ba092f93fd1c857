"""What a set of ways is worth for each goal: expected survivors, or the chance of having found or reached them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.assessment.draws import Array
from safeconduct.assessment.regimes import NEVER, Outcome, Regime, outcome
from safeconduct.assessment.survival import alive
from safeconduct.assessment.world import WayModel, World

GOALS = ("survivors", "found", "reached")

POINT = 0.005
"""Half a percentage point of the goal's maximum: below it a lift is none, and a deadline has passed."""


BORDERLINE = 3.0
"""Standard errors within which a mean may lie on the other side of a threshold with another seed."""


@dataclass(frozen=True, slots=True)
class Times:
    """
    Hours since the incident at which they are found and reached, shape (draws, chances); inf is never.
    """

    found: Array
    reached: Array


Run = Sequence[tuple[WayModel, Outcome]]


def run(world: World, regime: Regime, ways: Sequence[WayModel] | None = None) -> list[tuple[WayModel, Outcome]]:
    """The outcome of each way under *regime*."""
    return [(way, outcome(way, regime)) for way in (world.ways if ways is None else ways)]


def times(world: World, taken: Run, *, record: bool = True, reach: bool = True) -> Times:
    """
    Found by the first of the ways, reached by the first of those that can treat or lift.

    Args:
        reach: False leaves out the reaching (all never) where only the find is asked.

        record: Whether a find and a reaching that the case records count as well. Where the place was never unknown
            it always counts.
    """
    size = (world.draws.draws, world.draws.chances)
    found = np.full(size, NEVER)
    if world.found is not None and (record or world.found <= 0.0):
        found = np.full(size, world.found)
    for _, done in taken:
        found = np.minimum(found, done.found)
    reached = np.full(size, NEVER)
    if world.reached is not None and record:
        reached = np.full(size, world.reached)
    for way, done in taken if reach else ():
        if way.reaches:
            there = way.arrive.opens(np.maximum(found, done.arrival[:, None]))
            done_h = there + way.local_h[:, None]
            reached = np.minimum(reached, np.where(done_h <= done.until, done_h, NEVER))
    return Times(found, reached)


def value_of(world: World, goal: str, taken: Run, *, record: bool = True) -> Array:
    """Value of the ways *taken* together, by draw: `worth` of their `times`."""
    return worth(world, goal, times(world, taken, record=record, reach=goal != "found"))


def worth(world: World, goal: str, when: Times) -> Array:
    """
    Value by draw, shape (draws,): persons for ``survivors``, else a probability.

    Args:
        goal: One of `GOALS`.
    """
    if goal == "found":
        return _share(when.found <= world.by)
    if goal == "reached":
        return _share(when.reached <= world.by)
    total = np.zeros(world.draws.draws)
    for group, stretch in world.groups:
        total = total + group.count * alive(group, when.reached, stretch).mean(axis=1)
    return total


def _share(hit: object) -> Array:
    share: Array = np.asarray(hit, dtype=np.float64).mean(axis=1)
    return share


def maximum(world: World, goal: str) -> float:
    """Largest value the goal can have: the persons counted, or 1."""
    return float(world.persons) if goal == "survivors" else 1.0


def unit(goal: str) -> str:
    """Unit of the goal's value."""
    return "persons" if goal == "survivors" else "probability"


def expected(values: Array) -> float:
    """Mean over the draws: what sets, deadlines and shares are computed from."""
    return float(values.mean())


def margin(above: Array) -> float:
    """
    How sure it is on which side of nought a mean over the draws lies, in standard errors of the mean; >= or < 0.

    Args:
        above: By draw, shape (draws,): a value less its threshold, both from the same draws, so that what moves both
            does not count.

    Returns:
        The mean over its standard error; infinite where all draws agree. What no draw met is not in the error.
    """
    mean = expected(above)
    error = float(above.std(ddof=1)) / math.sqrt(above.size) if above.size > 1 else 0.0
    # Draws that are equal but for rounding have no error of their own.
    return mean / error if error > 1e-12 * max(abs(mean), 1e-9) else math.copysign(math.inf, mean)


def stated(clear: float) -> float | None:
    """A margin's size as an answer says it: None where there is no error."""
    return round(abs(clear), 2) if math.isfinite(clear) else None


def quantiles(values: Array) -> tuple[float, float, float]:
    """p10, p50 and p90 over the draws, as values that were drawn: never in between a number and never."""
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9], method="inverted_cdf")
    return float(low), float(middle), float(high)


class Granting:
    """
    Value of any set of clearances granted now, on top of what is granted: one plan, one set of draws.

    Outcomes are computed once; a set only chooses which ways may be used, so the value can never fall when a
    clearance is added. Ways that could not change the goal even alone are left out.
    """

    def __init__(self, world: World, goal: str, regime: Regime, held: frozenset[str]) -> None:
        self._world = world
        self._goal = goal
        taken = [(w, o) for w, o in run(world, regime) if _matters(world, goal, w, o)]
        self._taken = taken
        self._memo: dict[int, Array] = {}
        self.needs = tuple(
            frozenset(n.clearance for n in w.needs) - held if w.arrived is None else frozenset() for w, _ in taken
        )
        """For each way that could do something: the clearances it lacks; one that has arrived lacks none."""

    def opened(self, granted: frozenset[str]) -> int:
        """Bit set of the ways that *granted* opens."""
        return sum(1 << i for i, lacks in enumerate(self.needs) if lacks <= granted)

    def of_ways(self, ways: int) -> Array:
        """Value by draw of the ways in that bit set, shape (draws,)."""
        if ways not in self._memo:
            usable = [taken for i, taken in enumerate(self._taken) if ways >> i & 1]
            self._memo[ways] = value_of(self._world, self._goal, usable)
        return self._memo[ways]

    def by_draw(self, granted: frozenset[str]) -> Array:
        """Value by draw with *granted* granted now, shape (draws,)."""
        return self.of_ways(self.opened(granted))

    def __call__(self, granted: frozenset[str]) -> float:
        """Expected value with *granted* granted now."""
        return expected(self.by_draw(granted))


def _matters(world: World, goal: str, way: WayModel, done: Outcome) -> bool:
    """Whether a way could change the goal: it finds, or it reaches, before it is too late to count."""
    last = NEVER if goal == "survivors" else world.by
    finds = bool((done.found <= last).any() and np.isfinite(done.found).any())
    reaches = way.reaches and goal != "found" and bool((done.arrival <= last).any() and np.isfinite(done.arrival).any())
    return finds or reaches
