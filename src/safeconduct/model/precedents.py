"""What really happened when one state needed help and another, often at odds with it, could give it."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.model.sources import Cite

AID = (
    "advice",
    "aircraft",
    "goods",
    "medical",
    "money",
    "overflight",
    "personnel",
    "search",
    "ships",
)
"""Kinds of help."""

INITIATIVES = ("asked", "offered", "disputed")
"""Who began: the affected state asked, the provider offered, or they disagree on whether there was a request."""

ANSWERS = ("accepted", "refused", "silence", "disputed")
"""First answer of the affected state, or of whoever held the place."""

OUTCOMES = ("accepted", "partial", "declined", "blocked")
"""In the end: taken; taken in part; not taken; stopped by a third thing, such as sanctions."""

MECHANISMS = (
    "border-opening",
    "convention",
    "direct",
    "embassy",
    "ngo",
    "none",
    "protecting-power",
    "red-cross",
    "third-state",
    "un",
)
"""Through whom it went."""

Span = tuple[float, float]
"""Least and most days."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """
    One case.

    Args:
        number: Its number in the table that the data were drawn up from.

        when: Day, month or year of the event, ISO 8601, as exactly as it is known.

        affected: State that needed help.

        providers: States that offered or were asked; empty where they are not named.

        emergency: Kind, of the kinds that cases have.

        reversed_after_days: From the event to the yes, where a refusal was reversed.

        days: From the event to the first arrival; None where nothing came or the day is not known.

        licence: Sanctions licence issued for it; empty for none.

        lag_days: From the event to that licence.

        part_refused: Route, channel or part that was refused while the rest was taken.

        conflict: What sources disagree on, or what stands in for what.
    """

    id: str
    number: int
    title: str
    when: str
    affected: str
    providers: tuple[str, ...]
    emergency: str
    aid: tuple[str, ...]
    initiative: str
    first_answer: str
    outcome: str
    reversed_after_days: Span | None
    days: Span | None
    mechanism: tuple[str, ...]
    licence: str
    lag_days: Span | None
    part_refused: str
    reason: str
    route: str
    conflict: str
    cite: Cite

    @property
    def taken(self) -> bool:
        """Whether help was taken in the end, in whole or part."""
        return self.outcome in ("accepted", "partial")
