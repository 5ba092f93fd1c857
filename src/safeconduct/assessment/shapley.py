"""What each clearance is worth: Shapley values and interaction from the Moebius coefficients, or by sampling."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from safeconduct.assessment.sets import as_table
from safeconduct.model.errors import InvalidInput

FloatArray: TypeAlias = npt.NDArray[np.float64]


def moebius(values: npt.ArrayLike) -> FloatArray:
    """
    Find the dividends m of a table of values: value(K) is the sum of m(S) over all S within K.

    A dividend is what a set adds that none of its parts adds alone (Harsanyi, Int. Econ. Rev. 4, 1963). Rounding adds
    at most about 2**|S| x 1e-16 x the largest value to m(S); integers stay exact.

    Args:
        values: float64 array of shape (2**n,), n <= 24; entry k is the value of the items whose bit in k is one.

    Returns:
        A new array of the same shape, indexed in the same way.

    Raises:
        InvalidInput: The length is not a power of two, or a value is not finite.
        OutOfDomain: n is over 24.
    """
    table = np.asarray(values, dtype=np.float64)
    count = max(table.size, 1).bit_length() - 1
    dividends = as_table(table, count).copy()
    for i in range(count):
        halves = dividends.reshape(-1, 2, 1 << i)
        halves[:, 1] -= halves[:, 0]
    return dividends


def shapley_from_table(values: npt.ArrayLike, n: int, weights: Sequence[int] | None = None) -> FloatArray:
    """
    Find the Shapley value of each of *n* items, or of each single member of *n* classes.

    Members of a class are worth nothing without each other, so a dividend m(S) of classes is shared equally among all
    members of the classes in S: phi_p = sum of m(S) / (number of members of S) over the S that hold p's class.

    Args:
        values: float64 array of shape (2**n,); entry k is the value of the items whose bit in k is one.

        n: Number of items or classes, 0 to 24.

        weights: Number of members of each class, >= 1; None for single items.

    Returns:
        float64 array of shape (n,): the worth of one member, in the unit of *values*. Times the weights they add up to
        values[-1] - values[0].

    Raises:
        InvalidInput: Wrong shape, a value that is not finite, or a weight below 1.
        OutOfDomain: n is over 24.
    """
    shares = moebius(as_table(values, n))
    sizes = _sizes(n, weights)
    shares[0] = 0.0
    np.divide(shares, sizes, out=shares, where=sizes > 0)
    return np.array([float(shares.reshape(-1, 2, 1 << i)[:, 1].sum()) for i in range(n)], dtype=np.float64)


def interaction(dividends: npt.ArrayLike, n: int, weights: Sequence[int] | None = None) -> FloatArray:
    """
    Find how much two items help (> 0) or replace (< 0) each other, on average over all orders of asking.

    The Shapley interaction index, I_ij = sum of m(S) / (|S| - 1) over the S that hold i and j (Grabisch, Fuzzy Sets and
    Systems 92, 1997).

    Args:
        dividends: float64 array of shape (2**n,) as from `moebius`.

        n: Number of items or classes, 0 to 24.

        weights: Number of members of each class, >= 1; None for single items.

    Returns:
        Symmetric float64 array of shape (n, n), in the unit of the value: between one member of class i and one of
        class j. On the diagonal between two members of the same class, 0 where it has only one.

    Raises:
        InvalidInput: Wrong shape, a value that is not finite, or a weight below 1.
        OutOfDomain: n is over 24.
    """
    shares = as_table(dividends, n).copy()
    sizes = _sizes(n, weights)
    shares[sizes < 2] = 0.0
    np.divide(shares, sizes - 1.0, out=shares, where=sizes >= 2)
    index = np.zeros((n, n))
    for i in range(n):
        with_i = shares.reshape(-1, 2, 1 << i)[:, 1]
        if weights is not None and weights[i] > 1:
            index[i, i] = with_i.sum()
        # Without bit i the lower bits j < i keep their places.
        with_i = np.ascontiguousarray(with_i).reshape(-1)
        for j in range(i):
            index[i, j] = index[j, i] = with_i.reshape(-1, 2, 1 << j)[:, 1].sum()
    return index


def shapley_sampled(
    items: Sequence[str], value: Callable[[frozenset[str]], float], seed: int, samples: int
) -> dict[str, tuple[float, float]]:
    """
    Estimate Shapley values from random orders of granting (Castro, Gomez and Tejada, Comput. Oper. Res. 36, 2009).

    For more clearances than a table of all subsets can hold. Same arguments, same answer.

    Args:
        items: Identifiers, each once; may be empty.

        value: Value with exactly these granted; need not be monotone. Called at most once for each set.

        seed: Seed of the draws, >= 0.

        samples: Number of random orders, >= 2.

    Returns:
        For each item the mean of its marginal values and the standard error of that mean (sample standard deviation
        over the root of *samples*; itself an estimate: 0 where no draw differed). The means add up to
        value(all) - value(none).

    Raises:
        InvalidInput: Fewer than two samples, a negative seed, or an identifier that occurs twice.
    """
    if samples < 2:
        raise InvalidInput("too few samples for an error", where="samples", expected="at least 2", got=str(samples))
    if seed < 0:
        raise InvalidInput("not a seed", where="seed", expected="an integer >= 0", got=str(seed))
    if len(set(items)) != len(items):
        raise InvalidInput("an identifier occurs twice", where="items")
    memo: dict[frozenset[str], float] = {}

    def asked(chosen: frozenset[str]) -> float:
        if chosen not in memo:
            memo[chosen] = value(chosen)
        return memo[chosen]

    draws = np.random.default_rng(seed)
    gains = np.zeros((samples, len(items)))
    for row in gains:
        chosen: frozenset[str] = frozenset()
        before = asked(chosen)
        for place in draws.permutation(len(items)):
            chosen |= {items[place]}
            after = asked(chosen)
            row[place] = after - before
            before = after
    errors = gains.std(axis=0, ddof=1) / math.sqrt(samples)
    return {item: (math.fsum(gains[:, i]) / samples, float(errors[i])) for i, item in enumerate(items)}


def interaction_from_sparse(
    dividends: Iterable[tuple[int, float]], weights: Sequence[int]
) -> dict[tuple[int, int], float]:
    """
    Find the interaction of single members of two different classes from the dividends that are not zero.

    Args:
        dividends: As for `shapley_from_sparse`.

        weights: Number of members of each class, >= 1.

    Returns:
        For each pair (i, j), i < j, that has any: as `interaction`.
    """
    index: dict[tuple[int, int], float] = {}
    for mask, dividend in dividends:
        members = [i for i in range(mask.bit_length()) if mask >> i & 1]
        share = dividend / max(sum(weights[i] for i in members) - 1, 1)
        for pair in combinations(members, 2):
            index[pair] = index.get(pair, 0.0) + share
    return index


def interaction_sampled(
    items: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    value: Callable[[frozenset[str]], float],
    seed: int,
    samples: int,
) -> dict[tuple[str, str], tuple[float, float]]:
    """
    Estimate the Shapley interaction index of *pairs* from random sets of the other items.

    The index is the mean of v(S+i+j) - v(S+i) - v(S+j) + v(S) over a size of S drawn evenly from 0 to n - 2 and then
    over the sets of that size (Grabisch and Roubens, Int. J. Game Theory 28, 1999). Same arguments, same answer.

    Args:
        items: Identifiers, each once.

        pairs: Of different items.

        value: Value with exactly these granted; a caller who asks for many pairs should remember its answers.

        seed: Seed of the draws, >= 0.

        samples: Number of sets for each pair, >= 2.

    Returns:
        For each pair the mean and its standard error.

    Raises:
        InvalidInput: Fewer than two samples.
    """
    if samples < 2:
        raise InvalidInput("too few samples for an error", where="samples", expected="at least 2", got=str(samples))
    draws = np.random.default_rng(seed)
    found = {}
    for one, other in pairs:
        rest = [item for item in items if item not in (one, other)]
        gains = np.empty(samples)
        for number in range(samples):
            size = int(draws.integers(0, len(rest) + 1))
            base = frozenset(rest[i] for i in draws.permutation(len(rest))[:size])
            gains[number] = value(base | {one, other}) - value(base | {one}) - value(base | {other}) + value(base)
        found[one, other] = (float(gains.mean()), float(gains.std(ddof=1)) / math.sqrt(samples))
    return found


def shapley_from_sparse(dividends: Iterable[tuple[int, float]], weights: Sequence[int]) -> list[float]:
    """
    Find the Shapley value of one member of each class from the dividends that are not zero.

    Args:
        dividends: Pairs of a bit mask of classes and its dividend; the empty set is ignored.

        weights: Number of members of each class, >= 1; any number of classes.

    Returns:
        One number for each class, summed without rounding error beyond that of the dividends.
    """
    shares: list[list[float]] = [[] for _ in weights]
    for mask, dividend in dividends:
        members = [i for i in range(mask.bit_length()) if mask >> i & 1]
        size = sum(weights[i] for i in members)
        for i in members:
            shares[i].append(dividend / size)
    return [math.fsum(each) for each in shares]


def _sizes(n: int, weights: Sequence[int] | None) -> npt.NDArray[np.int32]:
    """Number of members of each set of classes, shape (2**n,)."""
    counts = [1] * n if weights is None else list(weights)
    if len(counts) != n or any(count < 1 for count in counts):
        raise InvalidInput("not class sizes", where="weights", expected=f"{n} integers >= 1", got=str(counts))
    sizes = np.zeros(1, dtype=np.int32)
    for count in counts:
        sizes = np.concatenate([sizes, sizes + np.int32(count)])
    return sizes
