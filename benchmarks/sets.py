"""Minimal sets of clearances: ours beside the hitting-set enumerators that a user would reach for."""

import math
import random
import time
from collections.abc import Callable

import numpy as np

from safeconduct.assessment.payoff import Payoff, payoff_families
from safeconduct.assessment.sets import Families, from_table, minimal_families

Row = tuple[str, float, float, float, bool]
THRESHOLD = 0.4


def instance(seed: int, clearances: int, ways: int, fewest: int) -> list[Payoff]:
    """Random ways with *fewest* to four needs each, values with two decimals so that some are equal."""
    draw = random.Random(seed)
    names = [f"c{i:02d}" for i in range(clearances)]
    return [
        Payoff(frozenset(draw.sample(names, draw.randint(fewest, 4))), round(draw.uniform(0.05, 0.95), 2))
        for _ in range(ways)
    ]


def published(seed: int, combine: str, clearances: int = 24, ways: int = 300) -> list[Payoff]:
    """
    The published generator: mostly three or four needs; a few large values for `max`, many small ones for `noisy-or`.

    At a threshold of 0.3 of the maximum it gives some hundreds of minimal sets.
    """
    draw = random.Random(seed)
    names = [f"c{i:02d}" for i in range(clearances)]
    found = []
    for _ in range(ways):
        needs = frozenset(draw.sample(names, draw.choices((1, 2, 3, 4), (4, 16, 40, 40))[0]))
        chance = draw.random()
        found.append(Payoff(needs, round(0.9 * chance**6 + 0.001 if combine == "max" else 0.3 * chance, 4)))
    return found


def maximum(payoffs: list[Payoff], combine: str) -> float:
    """Value with everything granted."""
    if combine == "max":
        return max(each.value for each in payoffs)
    return 1.0 - math.prod(1.0 - each.value for each in payoffs)


def by_asking(payoffs: list[Payoff], threshold: float) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    """The noisy-or families by plain arithmetic over a table of all subsets; knows nothing of duality."""
    names = sorted(set().union(*(each.needs for each in payoffs)))
    table = np.ones(1 << len(names))
    for each in payoffs:
        table[sum(1 << names.index(need) for need in each.needs)] *= 1.0 - each.value
    for i in range(len(names)):
        halves = table.reshape(-1, 2, 1 << i)
        halves[:, 1] *= halves[:, 0]
    found = from_table(names, 1.0 - table, threshold)
    return set(found.sufficient), set(found.blocking)


def with_hitman(payoffs: list[Payoff], threshold: float) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    """The same two families: inclusion-minimal needs, then python-sat's enumerator for the hitting sets."""
    from pysat.examples.hitman import Hitman

    enough = {each.needs for each in payoffs if each.value >= threshold - 1e-12}
    sufficient = {need for need in enough if not any(other < need for other in enough)}
    with Hitman(bootstrap_with=[sorted(each) for each in sorted(sufficient, key=sorted)], htype="mcsls") as hitman:
        blocking = {frozenset(each) for each in hitman.enumerate()}
    return sufficient, blocking


def with_marco(payoffs: list[Payoff], threshold: float) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    """The same by cpmpy: "all granted and no way open that is enough" is unsatisfiable; its MUSes and MCSes."""
    import cpmpy as cp
    from cpmpy.tools.explain.marco import marco

    names = sorted(set().union(*(each.needs for each in payoffs)))
    granted = {name: cp.boolvar(name=name) for name in names}
    shut = [
        ~cp.all([granted[need] for need in sorted(each.needs)]) for each in payoffs if each.value >= threshold - 1e-12
    ]
    sufficient: set[frozenset[str]] = set()
    blocking: set[frozenset[str]] = set()
    for kind, found in marco(soft=list(granted.values()), hard=shut):
        (sufficient if kind == "MUS" else blocking).add(frozenset(str(each) for each in found))
    return sufficient, blocking


def with_marco_odds(payoffs: list[Payoff], threshold: float) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    """The same for noisy-or: the logarithms of the odds left add up, in whole millionths, over the open ways."""
    import cpmpy as cp
    from cpmpy.tools.explain.marco import marco

    names = sorted(set().union(*(each.needs for each in payoffs)))
    granted = {name: cp.boolvar(name=name) for name in names}
    weights = [round(-math.log1p(-each.value) * 1e6) for each in payoffs]
    opened = [cp.boolvar(name=f"way{i}") for i in range(len(payoffs))]
    short = [
        cp.all([granted[need] for need in sorted(each.needs)]).implies(way)
        for each, way in zip(payoffs, opened, strict=True)
    ]
    short.append(cp.sum(w * way for w, way in zip(weights, opened, strict=True)) < round(-math.log1p(-threshold) * 1e6))
    sufficient: set[frozenset[str]] = set()
    blocking: set[frozenset[str]] = set()
    for kind, found in marco(soft=list(granted.values()), hard=short):
        (sufficient if kind == "MUS" else blocking).add(frozenset(str(each) for each in found))
    return sufficient, blocking


def by_ways(payoffs: list[Payoff], threshold: float) -> Families:
    """Ours, told that the value is the best open way."""
    return payoff_families(payoffs, "max", threshold)


def by_oracle(payoffs: list[Payoff], threshold: float) -> Families:
    """Ours without the knowledge that the value comes from ways: the black box that an assessment hands in."""

    def value(chosen: frozenset[str]) -> float:
        return max((each.value for each in payoffs if each.needs <= chosen), default=0.0)

    return minimal_families(sorted(set().union(*(each.needs for each in payoffs))), value, threshold)


def measure(
    name: str, cases: list[list[Payoff]], ours: Callable[..., Families], theirs: Callable[..., tuple[set, set]]
) -> Row:
    """Mean seconds over the cases; the ratio is theirs / ours."""
    ours(cases[0], THRESHOLD)  # neither side's imports are what is measured
    theirs(cases[0], THRESHOLD)
    same = True
    ours_s = theirs_s = 0.0
    for payoffs in cases:
        start = time.perf_counter()
        families = ours(payoffs, THRESHOLD)
        middle = time.perf_counter()
        sufficient, blocking = theirs(payoffs, THRESHOLD)
        theirs_s += time.perf_counter() - middle
        ours_s += middle - start
        same &= (set(families.sufficient), set(families.blocking)) == (sufficient, blocking)
    return (name, ours_s / len(cases), theirs_s / len(cases), theirs_s / ours_s, same)


def whole(combine: str, theirs: Callable[..., tuple[set, set]], seeds: range, size: tuple[int, int] = (24, 300)) -> Row:
    """Instances of the published generator at 0.3 of the maximum; the name says how many sets there were."""
    cases = [published(seed, combine, *size) for seed in seeds]
    payoff_families(cases[0], combine, 0.3 * maximum(cases[0], combine))
    ours_s = theirs_s = 0.0
    counts, same = [], True
    for payoffs in cases:
        threshold = 0.3 * maximum(payoffs, combine)
        start = time.perf_counter()
        families = payoff_families(payoffs, combine, threshold)
        middle = time.perf_counter()
        sufficient, blocking = theirs(payoffs, threshold)
        theirs_s += time.perf_counter() - middle
        ours_s += middle - start
        same &= (set(families.sufficient), set(families.blocking)) == (sufficient, blocking)
        counts.append(len(sufficient) + len(blocking))
    solver = {"with_marco": "cpmpy MARCO", "with_marco_odds": "cpmpy MARCO", "by_asking": "table of 2**24"}
    name = f"sets {size[0]}x{size[1]} {combine}, {min(counts)}-{max(counts)} sets: ways / {solver[theirs.__name__]}"
    return (name, ours_s / len(cases), theirs_s / len(cases), theirs_s / ours_s, same)


def main() -> list[Row]:
    """Both families of sets on mid-size and on harder instances."""
    middle = [instance(seed, 16, 60, 1) for seed in range(5)]
    harder = [instance(seed, 20, 60, 2) for seed in range(5)]
    return [
        measure("sets 16x60, 1-4 needs: ways / python-sat Hitman", middle, by_ways, with_hitman),
        measure("sets 20x60, 2-4 needs: ways / python-sat Hitman", harder, by_ways, with_hitman),
        measure("sets 16x60, 1-4 needs: oracle / cpmpy MARCO", middle, by_oracle, with_marco),
        measure("sets 20x60, 2-4 needs: oracle / cpmpy MARCO", harder, by_oracle, with_marco),
        whole("max", with_marco, range(2)),
        # The largest noisy-or size that MARCO ends within two minutes of; 20x200 it does not.
        whole("noisy-or", with_marco_odds, range(1), (16, 100)),
        whole("noisy-or", by_asking, range(2)),
    ]


if __name__ == "__main__":
    for name, ours_s, theirs_s, ratio, same in main():
        print(f"{name}: ours {ours_s * 1e3:.2f} ms, theirs {theirs_s * 1e3:.1f} ms, {ratio:.0f} times, same: {same}")
