"""What the room `law` is asked about one way, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from safeconduct.model.instants import Instant
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

Bound: TypeAlias = date | Instant
"""A moment of law: an instant where an hour and a zone are given, else the bare day."""

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


COUNTERPARTS = ("not-stated", "government", "armed-forces", "red-crescent", "private", "listed")
"""Who receives or works with the help in the host state; ``listed`` is a person on a list of blocked persons."""


@dataclass(frozen=True, slots=True)
class WayFacts:
    """
    The facts of one way that rules ask about; None is unknown.

    Args:
        on: Day, or instant, at which the way would go.

        known: Only rules published by this day count.

        aircraft: ``state``, ``civil`` or ``none`` (of `AIRCRAFT`).

        pilotless: Whether no one is aboard; None is unknown.

        armed: None is unknown.

        crosses: States entered, the host included, the provider's own left out; empty for remote help.

        lands_in: States of those in which it lands or stops on the ground.

        persons: How many people cross the border on the ground or leave the aircraft.

        lost_is_civil: Whether the lost craft is civil.

        counterpart: Of `COUNTERPARTS`.

        hands_over: Whether equipment is handed to the host or carried on its craft.

        based_in_host: Whether a unit is stationed in the host state instead of passing through.
    """

    on: Bound
    known: Bound
    host: str
    provider: str
    actor: str | None
    aircraft: str | None
    pilotless: bool | None
    armed: bool | None
    crosses: tuple[str, ...]
    lands_in: tuple[str, ...]
    activities: tuple[str, ...] | None
    items: tuple[str, ...] | None
    emergency: str | None
    lost_is_civil: bool | None
    in_conflict: bool | None
    persons: int | None
    counterpart: str = "not-stated"
    hands_over: bool | None = False
    based_in_host: bool | None = False


@dataclass(frozen=True, slots=True)
class Ground:
    """
    One rule that a gate rests on, in a line; its text is one step away by its id.

    Args:
        status: What this rule says to the way, of `GATE_STATUSES`.

        force: Law where it is ``shall``; else soft law, practice or a model.
    """

    rule: str
    says: str
    citation: str
    force: str
    verified: bool
    status: str


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

        grounds: The rules, sorted by id.
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
    grounds: tuple[Ground, ...] = ()
