"""Which clearances are enough, and which can stop it: minimal sets of a value that never falls when more is granted."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from safeconduct.assessment.duality import bits, dualise
from safeconduct.model.errors import InvalidInput, OutOfDomain

TOLERANCE = 1e-12
"""A value this little below the threshold still reaches it (DESIGN.md section 6, op `sets`)."""

MOST_VALUE = 1e280
"""No value is larger in size, so that no sum of signed values of 2**24 sets can overflow."""

MOST_TABLE_ITEMS = 24
"""Above this a table of all subsets (2**24 numbers, 128 MiB) is not made."""


@dataclass(frozen=True, slots=True)
class Families:
    """
    The minimal sets of a threshold, by size and then by sorted identifiers.

    Args:
        sufficient: Sets that reach the threshold, none of which contains another. Reached with nothing: one empty set.

        blocking: Sets without which all the others fall short, none of which contains another. Out of reach even with
            everything: one empty set; reached with nothing: none.

        complete: False if a cap was met; each set listed is still minimal, others may be missing.
    """

    sufficient: tuple[frozenset[str], ...]
    blocking: tuple[frozenset[str], ...]
    complete: bool = True


class Expanded(NamedTuple):
    """The smallest sets of single clearances, and how many minimal ones there are in all."""

    sufficient: tuple[frozenset[str], ...]
    sufficient_count: int
    blocking: tuple[frozenset[str], ...]
    blocking_count: int


def minimal_families(
    items: Sequence[str],
    value: Callable[[frozenset[str]], float],
    threshold: float,
    *,
    tolerance: float = TOLERANCE,
    limit: int | None = None,
) -> Families:
    """
    Find all minimal sets that lift *value* to *threshold*, and all minimal sets whose absence keeps it below.

    Exact for any number of items; the time grows with the number of sets found (and calls of *value*), not with the
    number of subsets. See `safeconduct.assessment.duality.dualise` for the method.

    Args:
        items: Identifiers of the open clearances, each once; may be empty.

        value: What can be reached with exactly these granted. Must be monotone: it never falls when a set grows. It is
            called at most once for each set.

        threshold: What must be reached, in the unit of *value*, finite.

        tolerance: A value of at least threshold - tolerance counts as reached.

        limit: Cap on the number of sets of both kinds together; None for no cap.

    Raises:
        InvalidInput: An identifier occurs twice, or the threshold is not finite.
        OutOfDomain: *value* returned something that is not finite.
    """
    _check_items(items)
    target = _target(threshold, tolerance)

    def enough(mask: int) -> bool:
        chosen = frozenset(items[i] for i in bits(mask))
        reached = value(chosen)
        if not math.isfinite(reached):
            where = "value of {" + ", ".join(sorted(chosen)) + "}"
            raise OutOfDomain("not a value", where=where, expected="a finite number", got=str(reached))
        return reached >= target

    found = dualise(len(items), enough, limit=limit)
    return families_of_masks(items, found.sufficient, found.blocking, complete=found.complete)


def from_table(
    items: Sequence[str], values: npt.NDArray[np.float64], threshold: float, *, tolerance: float = TOLERANCE
) -> Families:
    """
    Find the same families as `minimal_families` from the values of all subsets.

    Args:
        items: n identifiers, each once, n <= 24.

        values: float64 array of shape (2**n,); entry k is the value with those items granted whose bit in k is one
            (items[0] is bit 0).

        threshold: What must be reached, finite.

        tolerance: A value of at least threshold - tolerance counts as reached.

    Raises:
        InvalidInput: An identifier occurs twice, the shape is wrong, a value or the threshold is not finite, or some
            set reaches the threshold while a larger one does not.
        OutOfDomain: More than 24 items.
    """
    _check_items(items)
    values = as_table(values, len(items))
    reached = values >= _target(threshold, tolerance)
    lowest = reached.copy()
    highest = ~reached
    for i in range(len(items)):
        shape = (-1, 2, 1 << i)
        without, with_it = reached.reshape(shape)[:, 0], reached.reshape(shape)[:, 1]
        if bool(np.any(without & ~with_it)):
            raise InvalidInput(
                "the values are not monotone", where=items[i], expected="no set to lose by one more clearance"
            )
        lowest.reshape(shape)[:, 1] &= ~without
        highest.reshape(shape)[:, 0] &= with_it
    everything = values.size - 1
    sufficient = [int(k) for k in np.flatnonzero(lowest)]
    return families_of_masks(items, sufficient, [everything & ~int(k) for k in np.flatnonzero(highest)])


def as_table(values: npt.ArrayLike, count: int) -> npt.NDArray[np.float64]:
    """
    Check a table of the values of all subsets of *count* items.

    Raises:
        InvalidInput: Not an array of shape (2**count,), or a value is not finite or over 1e280 in size.
        OutOfDomain: *count* is over 24.
    """
    if count > MOST_TABLE_ITEMS:
        raise OutOfDomain(
            "too many clearances for a table of all subsets", expected=f"at most {MOST_TABLE_ITEMS}", got=str(count)
        )
    table = np.ascontiguousarray(values, dtype=np.float64)
    if table.shape != (1 << count,):
        raise InvalidInput("not a table of all subsets", expected=f"shape ({1 << count},)", got=str(table.shape))
    if not (table.min() >= -MOST_VALUE and table.max() <= MOST_VALUE):  # false for NaN too
        place = int(np.argmin(np.abs(table) <= MOST_VALUE))
        expected = f"finite, at most {MOST_VALUE:g} in size"
        raise InvalidInput("not a value", where=f"values[{place}]", expected=expected, got=str(table[place]))
    return table


def families_of_masks(
    items: Sequence[str], sufficient: Iterable[int], blocking: Iterable[int], *, complete: bool = True
) -> Families:
    """Turn bit masks (bit i stands for items[i]) into the two families, sorted by size and then by identifiers."""
    return Families(_sorted_sets(items, sufficient), _sorted_sets(items, blocking), complete)


def _sorted_sets(items: Sequence[str], masks: Iterable[int]) -> tuple[frozenset[str], ...]:
    members = [sorted(items[i] for i in bits(mask)) for mask in masks]
    return tuple(frozenset(each) for each in sorted(members, key=lambda each: (len(each), each)))


def _check_items(items: Sequence[str]) -> None:
    seen: set[str] = set()
    for position, item in enumerate(items):
        if item in seen:
            raise InvalidInput("an identifier occurs twice", where=f"items[{position}]", got=item)
        seen.add(item)


def _target(threshold: float, tolerance: float) -> float:
    if not math.isfinite(threshold):
        raise InvalidInput("not a threshold", where="threshold", expected="a finite number", got=str(threshold))
    return threshold - tolerance


def merge_classes(needs: Iterable[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    """
    Group clearances that occur in exactly the same need-sets: each is worthless without the others of its class.

    Args:
        needs: For each way the clearances it needs; may be empty.

    Returns:
        Classes, each sorted, in the order of their first members. The first member names the class. A clearance that no
        way needs is in none.
    """
    occurrences: dict[str, int] = {}
    for position, need in enumerate(needs):
        for item in need:
            occurrences[item] = occurrences.get(item, 0) | 1 << position
    classes: dict[int, list[str]] = {}
    for item in sorted(occurrences):
        classes.setdefault(occurrences[item], []).append(item)
    return tuple(tuple(members) for members in classes.values())


def expand_families(class_families: Families, classes: Sequence[tuple[str, ...]], most: int = 5) -> Expanded:
    """
    Turn minimal sets of classes into minimal sets of clearances: the smallest of each kind, and the count of all.

    A sufficient set of classes takes all members of each class; a blocking one takes any one member of each, so it
    stands for as many sets as the product of the class sizes.

    Args:
        class_families: Families whose identifiers are the first members of classes. If it is not complete, the counts
            are lower bounds.

        classes: As from `merge_classes`.

        most: How many sets to list of each kind, >= 0; by size, then by sorted identifiers.

    Raises:
        InvalidInput: A family names a class that is not among *classes*.
    """
    members = {each[0]: tuple(sorted(each)) for each in classes}
    for name in sorted(set().union(*class_families.sufficient, *class_families.blocking)):
        if name not in members:
            raise InvalidInput("not the first member of a class", where="classes", got=name)
    whole = [tuple(sorted(item for name in each for item in members[name])) for each in class_families.sufficient]
    whole.sort(key=lambda each: (len(each), each))
    return Expanded(
        sufficient=tuple(frozenset(each) for each in whole[:most]),
        sufficient_count=len(whole),
        blocking=_smallest_choices(class_families.blocking, members, most),
        blocking_count=sum(math.prod(len(members[name]) for name in each) for each in class_families.blocking),
    )


def _smallest_choices(
    class_sets: Iterable[frozenset[str]], members: Mapping[str, tuple[str, ...]], most: int
) -> tuple[frozenset[str], ...]:
    """
    List the *most* smallest sets that take one member of each class of one of the class sets.

    Best first: taking a later member of a class never makes the sorted identifiers smaller, so the heap pops them in
    order and only as many as are asked for are ever made.
    """
    heap: list[tuple[int, tuple[str, ...], tuple[str, ...], tuple[int, ...]]] = []
    for each in class_sets:
        names = tuple(sorted(each))
        first = tuple(sorted(members[name][0] for name in names))
        heap.append((len(names), first, names, (0,) * len(names)))
    heapq.heapify(heap)
    seen = {(names, picks) for _, _, names, picks in heap}
    chosen: list[frozenset[str]] = []
    while heap and len(chosen) < most:
        size, identifiers, names, picks = heapq.heappop(heap)
        chosen.append(frozenset(identifiers))
        for place, name in enumerate(names):
            later = (*picks[:place], picks[place] + 1, *picks[place + 1 :])
            if later[place] < len(members[name]) and (names, later) not in seen:
                seen.add((names, later))
                taken = sorted(members[each][pick] for each, pick in zip(names, later, strict=True))
                heapq.heappush(heap, (size, tuple(taken), names, later))
    return tuple(chosen)
