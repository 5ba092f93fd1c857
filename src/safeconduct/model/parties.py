"""Who takes part: states and organisations, their offices and rescue coordination centres. Never a person."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.model.sources import Cite, Dated
from safeconduct.model.space import Airspace


@dataclass(frozen=True, slots=True)
class Rcc:
    """
    A rescue coordination centre.

    Args:
        contact: Its 24-hour contact point; None where none is published.
    """

    name: str
    contact: str | None
    cite: Cite


@dataclass(frozen=True, slots=True)
class Office:
    """A role inside a party that must sign. Never a person."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Party:
    """
    A state or organisation.

    Args:
        id: ISO 3166 alpha-2, EU, UN, or a user-assigned XA-XZ.

        alarm: When it came to know of the emergency; None where it is not known.

        airspace: Its own airspace, for invented states or a user's own borders; None takes the shipped borders.
    """

    id: str
    name: str
    rcc: Rcc | None
    offices: tuple[Office, ...]
    alarm: Dated | None
    airspace: Airspace | None
