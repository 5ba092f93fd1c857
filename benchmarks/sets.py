"""Minimal sets of clearances: ours beside the hitting-set enumerators that a user would reach for."""

import random
import time
from collections.abc import Callable

from safeconduct.assessment.payoff import Payoff, payoff_families
from safeconduct.assessment.sets import Families, minimal_families

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


def main() -> list[Row]:
    """Both families of sets on mid-size and on harder instances."""
    middle = [instance(seed, 16, 60, 1) for seed in range(5)]
    harder = [instance(seed, 20, 60, 2) for seed in range(5)]
    return [
        measure("sets 16x60, 1-4 needs: ways / python-sat Hitman", middle, by_ways, with_hitman),
        measure("sets 20x60, 2-4 needs: ways / python-sat Hitman", harder, by_ways, with_hitman),
        measure("sets 16x60, 1-4 needs: oracle / cpmpy MARCO", middle, by_oracle, with_marco),
        measure("sets 20x60, 2-4 needs: oracle / cpmpy MARCO", harder, by_oracle, with_marco),
    ]


if __name__ == "__main__":
    for name, ours_s, theirs_s, ratio, same in main():
        print(f"{name}: ours {ours_s * 1e3:.2f} ms, theirs {theirs_s * 1e3:.1f} ms, {ratio:.0f} times, same: {same}")
