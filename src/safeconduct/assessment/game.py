"""Sets, shares and interactions of the open clearances, from the value of granting them now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from safeconduct.assessment.sets import Expanded, expand_families, from_table, merge_classes, minimal_families
from safeconduct.assessment.shapley import interaction, moebius, shapley_from_table, shapley_sampled
from safeconduct.assessment.value import Granting, expected

MOST_CLASSES = 18
"""Up to so many classes all subsets are tabled; above, sets come from duality and shares from sampling."""

SAMPLES = 200
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Share:
    """Worth of one clearance: alone, last, and its fair share with the standard error of a sampled one (else 0)."""

    alone: float
    last: float
    shapley: float
    error: float


@dataclass(frozen=True, slots=True)
class Game:
    """
    The open clearances as players.

    Args:
        shares: For each open clearance.

        families: Smallest sufficient and blocking sets with their counts.

        complete: Whether the counts are exact.

        pairs: (one, other, interaction) of different classes, largest in absolute value first.
    """

    shares: dict[str, Share]
    families: Expanded
    complete: bool
    pairs: tuple[tuple[str, str, float], ...]


def play(granting: Granting, players: Sequence[str], target: float, *, seed: int, point: float) -> Game:
    """
    Everything about the sets of the open clearances *players*.

    Args:
        target: Value that a sufficient set must reach.

        seed: For sampled shares.

        point: Value below which an interaction is left out.
    """
    useful = [need & frozenset(players) for need in granting.needs if need <= frozenset(players)]
    classes = merge_classes(useful)
    names = [each[0] for each in classes]
    if len(classes) <= MOST_CLASSES:
        return _tabled(granting, players, classes, target, point)
    found = minimal_families(names, lambda k: granting(_members(k, classes)), target, tolerance=TOLERANCE, limit=2000)
    sampled = shapley_sampled(list(names), lambda k: granting(_members(k, classes)), seed, SAMPLES)
    fair = {m: (sampled[each[0]][0] / len(each), sampled[each[0]][1] / len(each)) for each in classes for m in each}
    shares = _shares(granting, players, fair)
    return Game(shares, expand_families(found, classes), found.complete, ())


def _members(chosen: frozenset[str], classes: Sequence[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(m for each in classes if each[0] in chosen for m in each)


def _tabled(
    granting: Granting, players: Sequence[str], classes: Sequence[tuple[str, ...]], target: float, point: float
) -> Game:
    names, sizes = [each[0] for each in classes], [len(each) for each in classes]
    table = value_table(granting, classes)
    families = from_table(names, table, target, tolerance=TOLERANCE)
    each_share = shapley_from_table(table, len(classes), sizes)
    fair = {m: (float(each_share[i]), 0.0) for i, each in enumerate(classes) for m in each}
    index = interaction(moebius(table), len(classes), sizes)
    pairs = [
        (names[i], names[j], float(index[i, j]))
        for i in range(len(names))
        for j in range(i)
        if abs(index[i, j]) >= point
    ]
    pairs.sort(key=lambda p: (-abs(p[2]), p[0], p[1]))
    return Game(_shares(granting, players, fair), expand_families(families, classes), True, tuple(pairs[:10]))


def value_table(granting: Granting, classes: Sequence[tuple[str, ...]]) -> npt.NDArray[np.float64]:
    """
    Expected value of every subset of the classes, shape (2**n,); bit i stands for class i.

    Subsets that open the same ways are computed once. Means of nearly equal numbers may differ in their last bits, so
    the table is made monotone by a running maximum (a change under 1e-12).
    """
    subsets = np.arange(1 << len(classes), dtype=np.int64)
    opened = np.zeros(subsets.size, dtype=np.int64)
    place = {member: i for i, each in enumerate(classes) for member in each}
    for way, lacks in enumerate(granting.needs):
        if all(name in place for name in lacks):
            wanted = sum(1 << i for i in {place[name] for name in lacks})
            opened |= ((subsets & wanted) == wanted).astype(np.int64) << way
    distinct, which = np.unique(opened, return_inverse=True)
    values = np.array([expected(granting.of_ways(int(ways))) for ways in distinct])
    table: npt.NDArray[np.float64] = values[which]
    for i in range(len(classes)):
        halves = table.reshape(-1, 2, 1 << i)
        halves[:, 1] = np.maximum(halves[:, 1], halves[:, 0])
    return table


def _shares(granting: Granting, players: Sequence[str], fair: dict[str, tuple[float, float]]) -> dict[str, Share]:
    everything, nothing = frozenset(players), frozenset[str]()
    base, full = granting(nothing), granting(everything)
    return {
        p: Share(
            max(granting(frozenset({p})) - base, 0.0),
            max(full - granting(everything - {p}), 0.0),
            *fair.get(p, (0.0, 0.0)),
        )
        for p in players
    }
