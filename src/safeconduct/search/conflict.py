"""Which reports contradict each other: the smallest set that together leaves no place possible."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from safeconduct.model.errors import OutOfDomain

TRIED = 300_000
"""Sets of one size that are tried before a set is only made irreducible."""

PIECES_LIMIT = 62
"""Pieces that fit the bits of one whole number."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """
    A set of pieces that excludes every place.

    Args:
        pieces: Positions, rising.

        smallest: Whether no smaller set does; otherwise no piece of this one can be left out.
    """

    pieces: tuple[int, ...]
    smallest: bool


def smallest_conflict(excluded: npt.NDArray[np.bool_]) -> Conflict:
    """
    Find the smallest set of pieces that together exclude every place.

    A set does so if for every place one of its pieces excludes it: a hitting set of what each place is excluded by.

    Args:
        excluded: Whether each piece excludes each place, shape (pieces, places), at most 62 pieces.

    Returns:
        A smallest set, the first in order of positions; where there are too many to try, an irreducible one.

    Raises:
        OutOfDomain: Some place is excluded by none of them, or there are too many pieces.
    """
    count = excluded.shape[0]
    if count > PIECES_LIMIT:
        raise OutOfDomain("too many pieces", where="excluded", expected=f"up to {PIECES_LIMIT}", got=str(count))
    marks = np.zeros(excluded.shape[1], dtype=np.int64)
    for position in range(count):
        marks |= excluded[position].astype(np.int64) << position
    patterns = [int(mark) for mark in np.unique(marks)]
    if not patterns or 0 in patterns:
        raise OutOfDomain("no contradiction", where="excluded", expected="every place excluded by some piece")
    patterns = [p for p in patterns if not any(q != p and q & p == q for q in patterns)]
    involved = [i for i in range(count) if any(p >> i & 1 for p in patterns)]
    for size in range(1, len(involved) + 1):
        if math.comb(len(involved), size) > TRIED:
            break
        for chosen in combinations(involved, size):
            bits = sum(1 << i for i in chosen)
            if all(bits & p for p in patterns):
                return Conflict(chosen, smallest=True)
    left = list(involved)
    for position in involved:
        bits = sum(1 << i for i in left if i != position)
        if all(bits & p for p in patterns):
            left.remove(position)
    return Conflict(tuple(left), smallest=False)
