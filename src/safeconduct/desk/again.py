"""Several processes at one desk: who was overtaken reads anew and does it again, and nobody has to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from safeconduct.model.errors import InvalidInput
from safeconduct.store.contract import Overtaken, Store

TRIES = 3
"""How often an act is begun side by side with others, before it is done with the others kept waiting."""

_T = TypeVar("_T")


def again(store: Store, act: Callable[[object], _T]) -> _T:
    """
    Do what rests on what is held, and do it anew where another process wrote meanwhile.

    Args:
        act: Reads, and ends with at most one commit, which it hands the mark that it is given. It may be done several
            times: what it signed without committing it is dropped, and nobody ever sees it.

    Raises:
        Unavailable: Another process keeps writing for many seconds on end, or the disk takes nothing.

        InvalidInput: As *act* says of what is held now.
    """
    for _ in range(TRIES):
        mark = store.mark()
        try:
            return act(mark)
        except Overtaken:
            continue
        except InvalidInput:
            if store.mark() == mark:
                raise  # else it saw half of one state and half of another
    with store.alone():
        return act(store.mark())
