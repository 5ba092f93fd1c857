"""The simplest value of a set of clearances: ways that are each open or shut, the best or any of them counting."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.assessment.duality import Dual, dualise, transversals
from safeconduct.assessment.sets import (
    MOST_TABLE_ITEMS,
    MOST_VALUE,
    TOLERANCE,
    Families,
    families_of_masks,
    from_table,
    merge_classes,
)
from safeconduct.assessment.shapley import shapley_from_sparse, shapley_from_table
from safeconduct.model.errors import OutOfDomain

Combine: TypeAlias = Literal["max", "noisy-or"]

MOST_SETS = 1_000_000
"""More minimal sets of one kind than this are not listed."""

MOST_DIVIDENDS = 1 << 20
"""More dividends than this are not kept when there are too many clearances for a table."""

WORST_ERROR = 1e-9
"""Shapley values are refused when rounding could move them by more than this times the largest value."""

_FAST_TABLE = 18
"""Up to here the table of all subsets is quicker than asking set by set."""

_WORD = 64
"""Up to here the needs of all ways are looked at in one stroke."""


@dataclass(frozen=True, slots=True)
class Payoff:
    """
    One way: open when all it needs is granted.

    Args:
        needs: Clearances; empty for a way that needs none.

        value: What it gives when open, 0 to 1e280; for `noisy-or` a probability, <= 1.

    Raises:
        OutOfDomain: The value is out of its range.
    """

    needs: frozenset[str]
    value: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.value <= MOST_VALUE:
            expected = f"a number in [0, {MOST_VALUE:g}]"
            raise OutOfDomain("not the value of a way", where="value", expected=expected, got=str(self.value))


@dataclass(frozen=True, slots=True)
class _Classes:
    """Payoffs over classes of interchangeable clearances: bit i of a mask stands for members[i]."""

    members: tuple[tuple[str, ...], ...]
    masks: tuple[int, ...]
    values: tuple[float, ...]


def payoff_families(payoffs: Sequence[Payoff], combine: Combine, threshold: float) -> Families:
    """
    Find all minimal sufficient and blocking sets for value(K) to reach *threshold*.

    value(K) is the largest value, or 1 - prod(1 - value), over the ways whose needs lie within K; 0 if there is none.

    Args:
        payoffs: The ways; may be empty.

        combine: `max`, or `noisy-or` for independent chances, of which one is enough.

        threshold: In the unit of the values, finite. At or below 0 it is reached with nothing.

    Returns:
        Complete families. Reached with nothing: sufficient ({},), blocking (). Never reached: sufficient (),
        blocking ({},).

    Raises:
        InvalidInput: The threshold is not finite.
        OutOfDomain: A `noisy-or` value is over 1, or there are more than a million minimal sets of one kind.
    """
    classes = _classes(payoffs, combine)
    names = [each[0] for each in classes.members]
    if combine == "noisy-or" and len(names) <= _FAST_TABLE:
        return _all_members(from_table(names, _table(classes, combine), threshold), classes.members)
    target = threshold - TOLERANCE
    if combine == "max" or target <= 0.0:
        enough = (
            [0] if target <= 0.0 else [m for m, v in zip(classes.masks, classes.values, strict=True) if v >= target]
        )
        dual = transversals(len(names), enough, limit=MOST_SETS)
    else:
        dual = _noisy_dual(classes, target)
    if not dual.complete:
        raise _too_many_sets()
    return _all_members(families_of_masks(names, dual.sufficient, dual.blocking), classes.members)


def payoff_shapley(payoffs: Sequence[Payoff], combine: Combine) -> dict[str, float]:
    """
    Find the Shapley value of each clearance for value(K) as in `payoff_families`.

    Up to 24 classes of clearances that always occur together from a table of all their subsets; above that from the
    dividends alone, which live on unions of needs. Error below 1e-9 of the largest value, or refused.

    Args:
        payoffs: The ways; may be empty.

        combine: `max` or `noisy-or`.

    Returns:
        One number for each clearance that some way needs, by identifier. They add up to value(all) - value(none).

    Raises:
        OutOfDomain: A `noisy-or` value is over 1; or over 24 classes whose needs have over 2**20 unions, or whose
            dividends are so large and mixed in sign that rounding would show.
    """
    classes = _classes(payoffs, combine)
    weights = [len(each) for each in classes.members]
    if len(weights) <= MOST_TABLE_ITEMS:
        each_member = shapley_from_table(_table(classes, combine), len(weights), weights).tolist()
    else:
        dividends = _best_dividends(classes) if combine == "max" else _noisy_dividends(classes)
        _check_rounding(dividends.values(), max(classes.values, default=0.0))
        each_member = shapley_from_sparse(dividends.items(), weights)
    worth = {item: each_member[i] for i, members in enumerate(classes.members) for item in members}
    return dict(sorted(worth.items()))


def _classes(payoffs: Sequence[Payoff], combine: Combine) -> _Classes:
    for position, payoff in enumerate(payoffs):
        if combine == "noisy-or" and payoff.value > 1.0:
            where = f"ways[{position}].value"
            raise OutOfDomain("not a probability", where=where, expected="a number in [0, 1]", got=str(payoff.value))
    members = merge_classes(payoff.needs for payoff in payoffs)
    position_of = {item: i for i, each in enumerate(members) for item in each}
    masks = tuple(sum(1 << i for i in {position_of[item] for item in payoff.needs}) for payoff in payoffs)
    return _Classes(members, masks, tuple(payoff.value for payoff in payoffs))


def _table(classes: _Classes, combine: Combine) -> npt.NDArray[np.float64]:
    """Values of all sets of classes: each way enters at its needs and then spreads to all larger sets."""
    count = len(classes.members)
    merge = np.maximum if combine == "max" else np.multiply
    table = np.zeros(1 << count) if combine == "max" else np.ones(1 << count)
    for mask, value in zip(classes.masks, classes.values, strict=True):
        table[mask] = merge(table[mask], value if combine == "max" else 1.0 - value)
    for i in range(count):
        halves = table.reshape(-1, 2, 1 << i)
        merge(halves[:, 1], halves[:, 0], out=halves[:, 1])
    return table if combine == "max" else 1.0 - table


def _noisy_dual(classes: _Classes, target: float) -> Dual:
    if len(classes.members) > _WORD:
        return dualise(len(classes.members), lambda mask: _noisy_value(classes, mask) >= target, limit=MOST_SETS)
    needs = np.array(classes.masks, dtype=np.uint64)
    missed = 1.0 - np.array(classes.values)
    everything = (1 << len(classes.members)) - 1

    def enough(mask: int) -> bool:
        shut = needs & np.uint64(everything & ~mask)
        return 1.0 - float(missed[shut == 0].prod()) >= target

    return dualise(len(classes.members), enough, limit=MOST_SETS)


def _noisy_value(classes: _Classes, mask: int) -> float:
    return 1.0 - math.prod(
        1.0 - v for need, v in zip(classes.masks, classes.values, strict=True) if need & mask == need
    )


def _all_members(families: Families, classes: Sequence[tuple[str, ...]]) -> Families:
    """Expand sets of classes (named by their first members) into all sets of clearances."""
    members = {each[0]: each for each in classes}
    if sum(math.prod(len(members[name]) for name in each) for each in families.blocking) > MOST_SETS:
        raise _too_many_sets()
    names = sorted(item for each in classes for item in each)
    bit_of = {name: 1 << i for i, name in enumerate(names)}
    sufficient = [sum(bit_of[item] for name in each for item in members[name]) for each in families.sufficient]
    blocking = [
        sum(bit_of[item] for item in choice)
        for each in families.blocking
        for choice in product(*(members[name] for name in sorted(each)))
    ]
    return families_of_masks(names, sufficient, blocking)


def _too_many_sets() -> OutOfDomain:
    return OutOfDomain("too many minimal sets to list", where="ways", expected=f"at most {MOST_SETS}")


def _best_dividends(classes: _Classes) -> dict[int, float]:
    """
    Dividends of the largest value.

    The ways in falling order of value: each counts where it is open and none before it is. *open_before* holds the
    dividends (integers) of "some way before is open"; the product of two such indicators lives on the union.
    """
    total: dict[int, float] = {}
    open_before: dict[int, int] = {}
    pairs = zip(classes.masks, classes.values, strict=True)
    for need, value in sorted(pairs, key=lambda each: (-each[1], each[0].bit_count())):
        if value <= 0.0:
            break
        newly: dict[int, int] = {need: 1}
        for mask, count in open_before.items():
            newly[mask | need] = newly.get(mask | need, 0) - count
        for mask, count in newly.items():
            if count:
                total[mask] = total.get(mask, 0.0) + value * count
                open_before[mask] = open_before.get(mask, 0) + count
        open_before = {mask: count for mask, count in open_before.items() if count}
        _check_number(total)
    return total


def _noisy_dividends(classes: _Classes) -> dict[int, float]:
    """Dividends of 1 - prod(1 - value of the open ways): each factor is 1 less *value* at its needs."""
    missed: dict[int, float] = {0: 1.0}
    for need, value in zip(classes.masks, classes.values, strict=True):
        for mask, dividend in list(missed.items()):
            missed[mask | need] = missed.get(mask | need, 0.0) - value * dividend
        _check_number(missed)
    return {mask: -dividend for mask, dividend in missed.items() if mask}


def _check_number(dividends: dict[int, float]) -> None:
    if len(dividends) > MOST_DIVIDENDS:
        raise OutOfDomain(
            "too many clearances for exact Shapley values",
            where="ways",
            expected=f"at most {MOST_TABLE_ITEMS} that differ, or needs with at most {MOST_DIVIDENDS} unions",
        )


def _check_rounding(dividends: Iterable[float], largest: float) -> None:
    error = math.fsum(abs(dividend) for dividend in dividends) * 2.0**-52
    if error > WORST_ERROR * largest:
        raise OutOfDomain(
            "the Shapley values would be lost in rounding",
            where="ways",
            expected=f"an error of at most {WORST_ERROR:g} of the largest value",
            got=f"{error:g}",
        )
