"""
The fields of a diplomatic clearance form for state aircraft, filled from a way.

The list of fields is that of the form of the European Union's member states (dic.eda.europa.eu), the best public one.
"""

from __future__ import annotations

from datetime import datetime

from safeconduct.model.entry import FormField
from safeconduct.model.instants import Instant, iso
from safeconduct.model.law import WayFacts

SENSORS = frozenset({"camera", "flir", "night-vision"})
"""Items for which the field on photographic sensors says yes."""

YES_NO = {True: "yes", False: "no", None: ""}


def clearance_form(
    facts: WayFacts,
    *,
    issuing: str,
    count: float,
    craft: str,
    departure: str,
    destination: str,
    entries: tuple[str, ...],
    contact: str,
) -> tuple[FormField, ...]:
    """
    Fill the form for one state.

    Args:
        issuing: State whose clearance is asked.

        craft: Type as the case names it.

        departure: Base, empty where not known.

        destination: Where help is needed, as coarse as the caller wishes to disclose.

        entries: States in the order in which they are entered.

        contact: Point of contact, empty where none is published.

    Returns:
        Every field in the order of the form; what the case does not say is empty, to be filled in by a person.
    """
    sensors = None if facts.items is None else bool(SENSORS & set(facts.items))
    purpose = "search and rescue: " + ", ".join(facts.activities or ())
    filled = {
        "request or notification": "request",
        "landing": YES_NO[issuing in facts.lands_in],
        "requesting state": facts.provider,
        "number and type of aircraft": f"{count:g} x {craft}",
        "photographic sensors": YES_NO[sensors]
        + (f" ({', '.join(sorted(SENSORS & set(facts.items or ())))})" if sensors else ""),
        "armament": YES_NO[facts.armed],
        "date": _day(facts.on),
        "purpose of flight": purpose,
        "place of departure": departure,
        "destination": destination,
        "passengers": "" if facts.persons is None else str(facts.persons),
        "remarks": f"{facts.emergency}; "
        + ("pilotless" if facts.pilotless else "crewed" if facts.pilotless is False else ""),
        "point of contact: name or office": contact,
        "issuing state": issuing,
        "itinerary: states entered": ", ".join(entries),
    }
    return tuple(FormField(name, filled.get(name, "").strip("; ")) for name in FIELDS)


def _day(on: object) -> str:
    moment: Instant | None = on if isinstance(on, datetime) else None
    return iso(moment) if moment is not None else str(on)


FIELDS = (
    "reference",
    "amendment",
    "request or notification",
    "landing",
    "dangerous goods",
    "flight rules",
    "existing clearance number",
    "requesting state",
    "number and type of aircraft",
    "registration",
    "spare aircraft",
    "callsign",
    "crew",
    "pilot in command",
    "photographic sensors",
    "armament",
    "electronic warfare equipment",
    "date",
    "purpose of flight",
    "place of departure",
    "destination",
    "alternates",
    "radio frequencies",
    "passengers",
    "very important persons",
    "details of dangerous goods",
    "remarks",
    "point of contact: name or office",
    "point of contact: telephone",
    "point of contact: facsimile",
    "point of contact: electronic mail",
    "issuing state",
    "clearance number",
    "itinerary: states entered",
    "itinerary: entry point and time",
    "itinerary: route",
    "itinerary: exit point and time",
    "dangerous goods: UN number",
    "dangerous goods: proper shipping name",
    "dangerous goods: class",
    "dangerous goods: packing group",
    "dangerous goods: gross weight",
    "dangerous goods: net quantity",
    "dangerous goods: net explosive quantity",
)
"""Fields of the form in its order; the numbers of the original are not repeated."""
