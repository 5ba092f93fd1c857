"""What the room `law` is asked about one way, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from safeconduct.model.sources import Cite, Spread

GATE_STATUSES = (
    "not-engaged",
    "satisfied",
    "satisfied-with-conditions",
    "blocked-grantable",
    "blocked-absolute",
    "unknown",
)
"""Answers of a rule; only the two satisfied ones let a way pass."""

AIRCRAFT = ("state", "civil", "none")
ACTIVITIES = ("search", "rescue-service", "medical", "relief", "transport", "imagery")
ITEMS = (
    "night-vision",
    "flir",
    "camera",
    "radio",
    "satellite-phone",
    "medicine",
    "food",
    "flares",
    "firearms",
)


@dataclass(frozen=True, slots=True)
class WayFacts:
    """
    The facts of one way that rules ask about.

    Args:
        on: Day on which the way would go.

        known: Only rules published by this day count.

        aircraft: ``state``, ``civil`` or ``none`` (of `AIRCRAFT`).

        pilotless: Whether no one is aboard; None is unknown.

        armed: None is unknown.

        crosses: States entered, the host included, the provider's own left out; empty for remote help.

        lands_in: States of those in which it lands or stops on the ground.

        persons: How many people cross the border on the ground or leave the aircraft.

        lost_is_civil: Whether the lost craft is civil; None is unknown.
    """

    on: date
    known: date
    host: str
    provider: str
    actor: str
    aircraft: str
    pilotless: bool | None
    armed: bool | None
    crosses: tuple[str, ...]
    lands_in: tuple[str, ...]
    activities: tuple[str, ...]
    items: tuple[str, ...]
    emergency: str
    lost_is_civil: bool | None
    in_conflict: bool
    persons: int


@dataclass(frozen=True, slots=True)
class Gate:
    """
    One permission that the rules engage for a way.

    Args:
        kind: Clearance kind.

        authority: Party that grants it.

        rules: Ids of the rules it rests on, sorted.

        status: Of `GATE_STATUSES`, never ``not-engaged``.

        why: One sentence.

        conditions: What the answer depends on.

        lead_time_h: From asking to answer; None where no source and no assumption gives one.

        channel: How to reach the authority; empty where the rule does not say.

        verified: Whether every rule it rests on was read.
    """

    kind: str
    authority: str
    rules: tuple[str, ...]
    status: str
    why: str
    conditions: tuple[str, ...]
    lead_time_h: Spread | None
    channel: str
    verified: bool
    cite: Cite
