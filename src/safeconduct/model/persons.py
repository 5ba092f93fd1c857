"""Persons at risk, and how long they last."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.model.instants import Instant
from safeconduct.model.sources import Cite

INJURIES = ("uninjured", "injured", "critical", "unknown")


@dataclass(frozen=True, slots=True)
class ColdLaw:
    """
    Hours to a core of 30 C in still cold: ``1 / (rate * (zero_c - T))`` at the temperature *T*.

    Args:
        rate: Per hour and degree.

        zero_c: Temperature at which the time would be endless.

        from_c, to_c: Temperatures between which it was fitted; outside it says nothing.
    """

    rate: float
    zero_c: float
    from_c: float
    to_c: float


@dataclass(frozen=True, slots=True)
class SurvivalModel:
    """
    Chance of being alive by hours since the incident, without help.

    Args:
        points: (hours, probability), hours rising from 0, probability never rising.

        scale: ``log`` joins the logarithms of the probabilities, ``linear`` the probabilities.

        domain_h: Beyond it the model says nothing; the last probability is then an upper bound.

        relative_h_spread: Factor by which the hours may be too long or too short (one standard deviation of the
            logarithm); None where no spread is published.

        injuries: The only injuries it holds for; empty is all.

        emergencies: The only kinds of emergency it holds for; empty is all.

        cold: For a law that gives its points only with a temperature, which the case then states; None otherwise.
    """

    id: str
    points: tuple[tuple[float, float], ...]
    scale: str
    domain_h: float
    relative_h_spread: float | None
    cite: Cite
    note: str = ""
    injuries: tuple[str, ...] = ()
    emergencies: tuple[str, ...] = ()
    cold: ColdLaw | None = None


@dataclass(frozen=True, slots=True)
class LifeClaim:
    """
    A report of when a person was last alive, or of how long air or oxygen lasts.

    Args:
        hours: Hours after the incident.
    """

    hours: float
    known_at: Instant
    cite: Cite


@dataclass(frozen=True, slots=True)
class PersonGroup:
    """
    Persons at risk who share injury and exposure. No names.

    Args:
        count: How many.

        injury: One of `INJURIES`.

        survival: How long they last; None where no public model holds: they are then not counted, which is said.

        claims: Conflicting reports of the end of life signs; when known they replace the model by their mixture.

        supply: Statements of how long air or oxygen lasts; when known, and without claims, they replace the model.

        outside: Why the model that the case names does not hold for the group; empty where it does.
    """

    id: str
    count: int
    injury: str
    exposure: str
    survival: SurvivalModel | None
    claims: tuple[LifeClaim, ...]
    known_at: Instant
    cite: Cite
    note: str = ""
    supply: tuple[LifeClaim, ...] = ()
    outside: str = ""
