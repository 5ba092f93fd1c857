"""What a function found for a frozen value, kept beside that very value: nothing is hashed or compared to find it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Remembered(Generic[T, R]):
    """
    A function of one frozen value that remembers the last few thousand values.

    A value of many fields takes longer to hash than to look up, and values of a foreign making can be made to collide;
    so one is known again by what it is, not by what it equals. It is kept alive meanwhile: none other takes its place.

    Args:
        function: Without effects.

        most: Values to remember, those remembered longest leaving first, >= 1.
    """

    def __init__(self, function: Callable[[T], R], most: int) -> None:
        self._function, self._most = function, most
        self._found: dict[int, tuple[T, R]] = {}
        wraps(function)(self)

    def __call__(self, value: T) -> R:
        """As the function, whose errors pass and are not remembered."""
        hit = self._found.get(id(value))
        if hit is not None:
            return hit[1]
        result = self._function(value)
        self._found[id(value)] = value, result
        if len(self._found) > self._most:
            del self._found[next(iter(self._found))]
        return result

    def cache_clear(self) -> None:
        """Remember nothing."""
        self._found.clear()


def remembered(most: int) -> Callable[[Callable[[T], R]], Remembered[T, R]]:
    """See `Remembered`."""
    return lambda function: Remembered(function, most)
