"""Sets, shares and interactions of the open clearances, from the value of granting them now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from safeconduct.assessment.duality import transversals
from safeconduct.assessment.sets import Expanded, expand_families, families_of_masks, merge_classes, minimal_families
from safeconduct.assessment.shapley import (
    interaction_from_sparse,
    interaction_sampled,
    shapley_from_sparse,
    shapley_sampled,
)
from safeconduct.assessment.value import Granting, expected

MOST_UNIONS = 8_192
"""Up to so many different values everything is exact; beyond, shares and pairs are sampled and say their error."""

MOST_CLASSES = 64
"""More classes do not fit into a word of the machine."""

MOST_SETS = 50_000
"""Of each kind: more minimal sets than this are not counted, and the answer says *at least*."""

SAMPLES = 200
PAIR_SAMPLES = 60
PAIRS_OF = 8
"""Where pairs are sampled, those among the worthiest so many."""

PAIRS_SHOWN = 10
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

        pairs: (one, other, interaction, its standard error) of different classes, largest in absolute value first.
    """

    shares: dict[str, Share]
    families: Expanded
    complete: bool
    pairs: tuple[tuple[str, str, float, float], ...]


def play(granting: Granting, players: Sequence[str], target: float, *, seed: int, point: float) -> Game:
    """
    Everything about the sets of the open clearances *players*.

    Args:
        target: Value that a sufficient set must reach.

        seed: For sampled shares.

        point: Value below which an interaction is left out.
    """
    useful = [need for need in granting.needs if need <= frozenset(players)]
    classes = merge_classes(useful)
    place = {member: 1 << i for i, each in enumerate(classes) for member in each}
    needs = [_mask(need, place) if need <= frozenset(players) else -1 for need in granting.needs]
    masks = unions((need for need in needs if need >= 0), MOST_UNIONS) if len(classes) <= MOST_CLASSES else None
    exact = None if masks is None else _exact(granting, players, classes, masks, needs, target, point)
    return exact or _sampled(granting, players, classes, target=target, seed=seed)


def _mask(need: frozenset[str], place: Mapping[str, int]) -> int:
    mask = 0
    for name in need:
        mask |= place[name]
    return mask


def unions(needs: Iterable[int], most: int) -> tuple[int, ...] | None:
    """
    Every union of some of the need-sets, the empty one first, smaller before larger; None if there are over *most*.

    The value changes on these sets alone, so whatever all 2**n subsets would tell, they tell.
    """
    found = {0}
    for need in sorted(set(needs)):
        found |= {each | need for each in found}
        if len(found) > most:
            return None
    return tuple(sorted(found, key=lambda each: (each.bit_count(), each)))


def dividends(masks: Sequence[int], values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """
    Moebius coefficients of a value that changes on *masks* alone: all others are 0.

    Args:
        masks: As from `unions`, below 2**64.

        values: Of each, float64, shape (n,).

    Returns:
        float64, shape (n,).
    """
    packed = np.array(masks, dtype=np.uint64)
    found = np.zeros(len(masks))
    for place, mask in enumerate(packed):
        within = (packed[:place] & ~mask) == 0
        found[place] = values[place] - float(found[:place][within].sum())
    return found


def _exact(  # noqa: PLR0917
    granting: Granting,
    players: Sequence[str],
    classes: Sequence[tuple[str, ...]],
    masks: Sequence[int],
    needs: Sequence[int],
    target: float,
    point: float,
) -> Game | None:
    """Sets, shares and pairs from the values of all unions; None where rounding would show in the shares."""
    values = np.array(
        [
            expected(
                granting.of_ways(sum(1 << way for way, need in enumerate(needs) if need >= 0 and need & ~mask == 0))
            )
            for mask in masks
        ]
    )
    worth = dividends(masks, values)
    if float(np.abs(worth).sum()) * 2.0**-52 > TOLERANCE * max(float(values.max()), point):
        return None
    names, sizes = [each[0] for each in classes], [len(each) for each in classes]
    enough = [mask for mask, value in zip(masks, values.tolist(), strict=True) if value >= target - TOLERANCE]
    dual = transversals(len(names), enough, limit=MOST_SETS)
    families = families_of_masks(names, dual.sufficient, dual.blocking, complete=dual.complete)
    each_share = shapley_from_sparse(zip(masks, worth.tolist(), strict=True), sizes)
    fair = {m: (each_share[i], 0.0) for i, each in enumerate(classes) for m in each}
    index = interaction_from_sparse(zip(masks, worth.tolist(), strict=True), sizes)
    pairs = [(names[j], names[i], value, 0.0) for (i, j), value in index.items() if abs(value) >= point]
    shown = expand_families(families, classes)
    return Game(_shares(granting, players, fair), shown, dual.complete, _largest(pairs))


def _sampled(
    granting: Granting, players: Sequence[str], classes: Sequence[tuple[str, ...]], *, target: float, seed: int
) -> Game:
    """Sets from duality with the value as an oracle, shares and pairs from random orders, each with its error."""
    names = [each[0] for each in classes]
    found = minimal_families(names, lambda k: granting(_members(k, classes)), target, tolerance=TOLERANCE, limit=2000)
    items = [name for each in classes for name in each]
    fair = shapley_sampled(items, granting, seed, SAMPLES)
    first = sorted(names, key=lambda name: (-fair[name][0], name))[:PAIRS_OF]
    index = interaction_sampled(items, list(combinations(sorted(first), 2)), granting, seed, PAIR_SAMPLES)
    pairs = [(b, a, value, error) for (a, b), (value, error) in index.items() if abs(value) > 2.0 * error]
    return Game(_shares(granting, players, fair), expand_families(found, classes), found.complete, _largest(pairs))


def _largest(pairs: list[tuple[str, str, float, float]]) -> tuple[tuple[str, str, float, float], ...]:
    return tuple(sorted(pairs, key=lambda p: (-abs(p[2]), p[0], p[1]))[:PAIRS_SHOWN])


def _members(chosen: frozenset[str], classes: Sequence[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(m for each in classes if each[0] in chosen for m in each)


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
