"""The question of the conformance op ``law`` turned into the facts of a way."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.model.law import Bound, WayFacts

LANDING = frozenset({"rescue-service", "medical", "relief", "transport"})
"""Activities for which an aircraft is taken to land in the host state."""

ON_THE_GROUND = frozenset({"rescue-service", "medical"})
"""Activities for which people are taken to leave an aircraft."""


@dataclass(frozen=True, slots=True)
class Question:
    """
    What the op can say of a way; None is unknown.

    Args:
        crosses: States entered, the host included; None takes the host alone, or nothing for mere imagery without an
            aircraft.
    """

    on: Bound
    known: Bound
    host: str
    provider: str
    actor: str | None
    aircraft: str | None
    pilotless: bool | None
    armed: bool | None
    crosses: tuple[str, ...] | None
    activities: tuple[str, ...] | None
    items: tuple[str, ...] | None
    emergency: str | None


def facts_of(question: Question) -> WayFacts:
    """
    The facts of a way, as far as the op can express them.

    What it cannot say is taken so that nothing is opened by it: whether the lost craft is civil is unknown; an aircraft
    lands in the host state where its activity asks for it; people enter with a ground team, and leave an aircraft that
    rescues or treats; nothing is handed over; who receives is not stated. A conflict is one between the two states. A
    way that enters nothing but its provider's own state is remote.
    """
    at_home = question.provider == question.host
    done = None if question.activities is None else frozenset(question.activities)
    stays = at_home or (question.aircraft == "none" and done is not None and done <= {"imagery"})
    crosses = question.crosses if question.crosses is not None else (() if stays else (question.host,))
    enters_host = question.host in crosses and not at_home
    return WayFacts(
        on=question.on,
        known=question.known,
        host=question.host,
        provider=question.provider,
        actor=question.actor,
        aircraft=question.aircraft,
        pilotless=question.pilotless,
        armed=question.armed,
        crosses=tuple(sorted({state for state in crosses if state != question.provider})),
        lands_in=(question.host,) if enters_host and (done is None or done & LANDING) else (),
        activities=question.activities,
        items=question.items,
        emergency=question.emergency,
        lost_is_civil=None,
        in_conflict=None if question.emergency is None else question.emergency == "conflict",
        persons=_persons(question.aircraft, done),
    )


def _persons(aircraft: str | None, done: frozenset[str] | None) -> int | None:
    if done is not None and done <= {"imagery"} and aircraft == "none":
        return 0
    if aircraft == "none" or (done is not None and done & ON_THE_GROUND):
        return 1
    return None if done is None or aircraft is None else 0
