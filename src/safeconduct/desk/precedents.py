"""Has anything like this been granted before?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.desk.cases import open_case
from safeconduct.formats.precedents import shipped_precedents
from safeconduct.law.precedents import Lag, Likeness, Rate, Sought, lags, like, rates
from safeconduct.model.errors import InvalidInput

AID_OF = {
    "search": "search",
    "rescue-service": "personnel",
    "medical": "medical",
    "relief": "goods",
    "transport": "aircraft",
    "imagery": "search",
}
"""Kind of help by the activity of an asset."""

SHOWN = 8
"""So many of the likest are shown."""


@dataclass(frozen=True, slots=True)
class PrecedentPage:
    """
    Precedents like a case, and base rates over all of them.

    Args:
        found: The likest first.

        total: How many precedents there are.
    """

    case: str
    title: str
    sought: Sought
    found: tuple[Likeness, ...]
    total: int
    rates: tuple[Rate, ...]
    lags: tuple[Lag, ...]


def precedents_like(name: str, *, provider: str | None = None, most: int = SHOWN) -> PrecedentPage:
    """
    Precedents like a case.

    Args:
        name: A shipped case or a path.

        provider: One provider of the case; None takes all.

    Raises:
        InvalidInput: There is no such case, or no such provider in it.
    """
    case = open_case(name).case
    providers = sorted({asset.provider for asset in case.assets} - {case.host})
    if provider is not None and provider not in providers:
        raise InvalidInput(
            "no such provider", where="--provider", expected=f"one of {', '.join(providers)}", got=provider
        )
    chosen = (provider,) if provider is not None else tuple(providers)
    activities = {each for asset in case.assets if asset.provider in chosen for each in asset.activities}
    sought = Sought(case.host, chosen, case.emergency, _aid(activities))
    every = shipped_precedents()
    found = like(sought, every)[: max(most, 0)]
    return PrecedentPage(case.id, case.title, sought, found, len(every), rates(every), lags(every))


def _aid(activities: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({AID_OF[each] for each in activities if each in AID_OF}))
