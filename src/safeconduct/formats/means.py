"""Readers of what could help: bases, roads, assets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from safeconduct.formats.assettypes import asset_type
from safeconduct.formats.chains import chain
from safeconduct.formats.fields import (
    Context,
    Reader,
    between,
    choice,
    closed,
    code,
    flag,
    identifier,
    many,
    moment,
    near,
    nullable,
    refuse,
    whole,
    words,
)
from safeconduct.formats.scene import from_start
from safeconduct.formats.values import cited, classed, dated, known_at, position, spread
from safeconduct.formats.yamltree import Node
from safeconduct.model.assets import (
    ACTORS,
    EFFECTS,
    MOBILISATION_STARTS,
    RECORD_EVENTS,
    RESCUE,
    Asset,
    AssetType,
    Base,
    GroundLink,
    Record,
)
from safeconduct.model.errors import InvalidInput, OutOfScope
from safeconduct.model.law import ACTIVITIES, ITEMS
from safeconduct.model.sources import Spread

if TYPE_CHECKING:
    from safeconduct.earth.airports import Airport

STATUSES = ("state", "civil")


def base(node: Node, ctx: Context) -> Base:
    """
    Read a base. With ``airport`` the table fills name, position, state, elevation and runway; the case overrides it.

    Raises:
        InvalidInput: The airport is not in the table, or a key that no airport fills is missing.
    """
    readers: Mapping[str, Reader[Any]] = {
        "id": identifier,
        "airport": identifier,
        "name": words,
        "position": position,
        "state": code,
        "elevation_m": between(-500.0, 9000.0, "m"),
        "runway_m": between(0.0, 10_000.0, "m"),
        "fuel": flag,
    }
    required = ("id",) if node.get("airport") is not None else ("id", "name", "position", "state")
    values, origin = cited(node, ctx, readers, required)
    filled = dict(values)
    if "airport" in values:
        found = _airport(node.get("airport") or node, values["airport"])
        longest = [runway.length_m for runway in found.runways if runway.length_m is not None]
        filled = {
            "name": found.name,
            "position": found.position,
            "state": found.state,
            "elevation_m": found.elevation_m,
            "runway_m": max(longest, default=None),
        } | filled
    return Base(
        id=filled["id"],
        name=filled["name"],
        position=filled["position"],
        state=filled["state"],
        elevation_m=filled.get("elevation_m"),
        runway_m=filled.get("runway_m"),
        fuel=filled.get("fuel"),
        cite=origin,
    )


def _airport(node: Node, name: str) -> Airport:
    from safeconduct.earth.airports import airport  # lazy: most invented cases need no airport table

    try:
        return airport(name)
    except InvalidInput as error:
        refuse(node, "unknown airport", expected=error.expected, got=repr(name))


def ground(node: Node, ctx: Context) -> GroundLink:
    """Read how one goes on from a base by road and foot."""
    readers: Mapping[str, Reader[Any]] = {
        "from": identifier,
        "drive_h": nullable(classed("h")),
        "walk_h": nullable(classed("h")),
        "enters": many(code),
    }
    values, origin = cited(node, ctx, readers, ("from",))
    return GroundLink(values["from"], values.get("drive_h"), values.get("walk_h"), values.get("enters", ()), origin)


def _type(node: Node, ctx: Context) -> AssetType:
    if not isinstance(node.value, str):
        return asset_type(node, ctx, default_id="own", default_name="own type")
    found = ctx.types.get(node.value)
    if found is None:
        hint = near(node.value, ctx.types)
        refuse(node, "unknown asset type", expected=f"a shipped type, an own one as a mapping, or null{hint}")
    return found


def _armed(node: Node, ctx: Context) -> bool:
    if flag(node, ctx):
        raise OutOfScope(
            "armed assets are out of scope",
            where=node.where,
            expected="an asset without arms; write an armed one that was refused as a happening",
            got="armed: true",
        )
    return False


def _mobilisation(node: Node, ctx: Context) -> tuple[str, Spread | None]:
    readers: Mapping[str, Reader[Any]] = {"start": choice(MOBILISATION_STARTS), "hours": nullable(classed("h"))}
    values = closed(node, ctx, readers, ("start",))
    return values["start"], values.get("hours")


def _record(node: Node, ctx: Context) -> Record:
    readers: Mapping[str, Reader[Any]] = {
        "event": choice(RECORD_EVENTS),
        "at": moment,
        "known_at": moment,
        "contested": flag,
        "step": identifier,
        "by": code,
    }
    values, origin = cited(node, ctx, readers, ("event", "at"))
    at = values["at"]
    if (values["event"] == "done") != ("step" in values):
        refuse(node, "a step and its end belong together", expected="'step' with the event 'done', and only there")
    return Record(
        event=values["event"],
        at=at,
        known_at=known_at(node, values, at),
        cite=origin,
        contested=values.get("contested", False),
        note=origin.note,
        step=values.get("step", ""),
        by=values.get("by", ""),
    )


_ASSET: Mapping[str, Reader[Any]] = {
    "id": identifier,
    "name": words,
    "type": nullable(_type),
    "provider": code,
    "base": nullable(identifier),
    "status": choice(STATUSES),
    "actor": choice(ACTORS),
    "armed": nullable(_armed),
    "items": many(choice(ITEMS)),
    "activities": many(choice(ACTIVITIES)),
    "count": between(0.0, 10_000.0, above=True),
    "persons": whole(0),
    "known_at": moment,
    "offered": dated,
    "mobilisation": _mobilisation,
    "effects": many(choice(EFFECTS), least=1),
    "hypothetical": flag,
    "via": many(identifier),
    "sweep_width_km": spread(),
    "flight_time_h": spread(),
    "product_time_h": spread(),
    "detect_once": spread(1.0),
    "records": many(_record),
    "help": identifier,
    "steps": chain,
    "work": nullable(classed("h")),
}


def asset(node: Node, ctx: Context) -> Asset:
    """
    Read an asset.

    Raises:
        OutOfScope: The asset is armed.
        InvalidInput: As for every record, or the type is not among the shipped ones.
    """
    values, origin = cited(node, ctx, _ASSET, ("id", "name", "type", "provider", "status", "actor", "effects"))
    start, hours = values.get("mobilisation", ("approval", None))
    kind = values["type"]
    if kind is not None and kind.id == "own":
        kind = replace(kind, id=f"{values['id']}-type")
    return Asset(
        id=values["id"],
        name=values["name"],
        type=kind,
        provider=values["provider"],
        base=values.get("base"),
        status=values["status"],
        actor=values["actor"],
        armed=values.get("armed"),
        items=values.get("items", ()),
        count=values.get("count", 1.0),
        persons=values.get("persons", 0),
        known_at=from_start(values, ctx),
        offered=values.get("offered"),
        mobilisation_start=start,
        mobilisation_h=hours,
        effects=values["effects"],
        records=values.get("records", ()),
        hypothetical=values.get("hypothetical", False),
        cite=origin,
        note=origin.note,
        activities=values.get("activities", ()),
        sweep_width_km=values.get("sweep_width_km"),
        flight_time_h=values.get("flight_time_h"),
        product_time_h=values.get("product_time_h"),
        detect_once=values.get("detect_once"),
        via=values.get("via", ()),
        help=values.get("help", RESCUE),
        steps=values.get("steps", ()),
        work_h=values.get("work"),
    )
