"""Readers of what happened: parties, persons at risk, evidence, weather, and the dated remarks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

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
    nullable,
    refuse,
    text,
    whole,
    words,
)
from safeconduct.formats.places import place
from safeconduct.formats.survival import holding, survival
from safeconduct.formats.values import cited, classed, dated, figure, known_at, perhaps_cited, ring
from safeconduct.formats.yamltree import Node
from safeconduct.model.assets import ASSET_KINDS
from safeconduct.model.case import EMERGENCIES, Evidence, Happening, Offer, Scenario, WeatherWindow
from safeconduct.model.errors import Bug, OutOfScope
from safeconduct.model.instants import Instant, hours_between
from safeconduct.model.parties import Office, Party, Rcc
from safeconduct.model.persons import INJURIES, LifeClaim, PersonGroup
from safeconduct.model.sources import Cite, Figure
from safeconduct.model.space import Airspace, Polygon

_HOURS = between(0.0, math.inf, "hours")


@dataclass(frozen=True, slots=True)
class Incident:
    """What the key ``incident`` holds."""

    at: Instant
    cite: Cite
    emergency: str
    lost: str
    lost_is_civil: bool | None
    in_conflict: bool
    site_elevation_m: tuple[Figure, ...]
    search_object: str
    cover: str


def incident(node: Node, ctx: Context) -> Incident:
    """Read the incident."""
    readers: Mapping[str, Reader[Any]] = {
        "at": moment,
        "emergency": choice(EMERGENCIES),
        "lost": words,
        "lost_is_civil": nullable(flag),
        "in_conflict": flag,
        "site_elevation_m": many(figure(-500.0, 9000.0)),
        "search_object": identifier,
        "cover": identifier,
    }
    values, origin = cited(node, ctx, readers, ("at", "emergency", "lost"))
    return Incident(
        at=values["at"],
        cite=origin,
        emergency=values["emergency"],
        lost=values["lost"],
        lost_is_civil=values.get("lost_is_civil"),
        in_conflict=values.get("in_conflict", False),
        site_elevation_m=values.get("site_elevation_m", ()),
        search_object=values.get("search_object", ""),
        cover=values.get("cover", ""),
    )


def party(node: Node, ctx: Context) -> Party:
    """Read a party."""
    readers: Mapping[str, Reader[Any]] = {
        "id": code,
        "name": words,
        "rcc": _rcc,
        "offices": many(_office),
        "alarm": dated,
        "airspace": many(ring, least=1),
    }
    values, _ = perhaps_cited(node, ctx, readers, ("id", "name"))
    rings = values.get("airspace")
    return Party(
        id=values["id"],
        name=values["name"],
        rcc=values.get("rcc"),
        offices=values.get("offices", ()),
        alarm=values.get("alarm"),
        airspace=None if rings is None else Airspace(values["id"], tuple(Polygon(shell) for shell in rings)),
    )


def _rcc(node: Node, ctx: Context) -> Rcc:
    values, origin = cited(node, ctx, {"name": words, "contact": words}, ("name",))
    return Rcc(values["name"], values.get("contact"), origin)


def _office(node: Node, ctx: Context) -> Office:
    values = closed(node, ctx, {"id": identifier, "title": words}, ("id", "title"))
    return Office(values["id"], values["title"])


def persons(node: Node, ctx: Context) -> PersonGroup:
    """
    Read a group of persons at risk.

    Raises:
        OutOfScope: The group is marked as combatants.
        InvalidInput: As for every record.
    """
    readers: Mapping[str, Reader[Any]] = {
        "id": identifier,
        "count": whole(1),
        "injury": choice(INJURIES),
        "exposure": text,
        "survival": survival,
        "claims": many(_claim),
        "supply": many(_supply),
        "known_at": moment,
        "combatants": _combatants,
    }
    values, origin = cited(node, ctx, readers, ("id", "count", "injury"))
    model, outside = holding(values.get("survival"), values["injury"], ctx)
    if model is not None and model.id == "own":
        model = replace(model, id=f"{values['id']}-survival")
    return PersonGroup(
        id=values["id"],
        count=values["count"],
        injury=values["injury"],
        exposure=values.get("exposure", ""),
        survival=model,
        claims=values.get("claims", ()),
        known_at=from_start(values, ctx),
        cite=origin,
        note=origin.note,
        supply=values.get("supply", ()),
        outside=outside,
    )


def _combatants(node: Node, ctx: Context) -> bool:
    if flag(node, ctx):
        raise OutOfScope(
            "the recovery of combatants is out of scope",
            where=node.where,
            expected="persons who take no part in hostilities: this software serves rescue with consent only",
            got="combatants: true",
        )
    return False


def _claim(node: Node, ctx: Context) -> LifeClaim:
    values, origin = cited(node, ctx, {"hours": _HOURS, "known_at": moment}, ("hours", "known_at"))
    return LifeClaim(values["hours"], values["known_at"], origin)


def _supply(node: Node, ctx: Context) -> LifeClaim:
    values, origin = cited(node, ctx, {"until": moment, "known_at": moment}, ("until", "known_at"))
    hours = hours_between(from_start({}, ctx), values["until"])
    if hours <= 0.0:
        refuse(node.get("until") or node, "a supply that ends before the incident", expected="'until' after it")
    return LifeClaim(hours, values["known_at"], origin)


def evidence(node: Node, ctx: Context) -> Evidence:
    """Read a report."""
    readers: Mapping[str, Reader[Any]] = {
        "id": identifier,
        "what": words,
        "by": text,
        "at": nullable(moment),
        "known_at": moment,
        "reliability": choice("ABCDEF"),
        "credibility": choice("123456"),
        "place": place,
        "withdrawn_at": moment,
        "contradicts": many(identifier),
        "finds": flag,
        "announced_km2": many(between(0.0, 1e7, "km2", above=True), least=1),
    }
    values, origin = cited(node, ctx, readers, ("id", "what", "reliability", "credibility"))
    at = values.get("at")
    if at is None and "known_at" not in values:
        refuse(node, "'known_at' is missing", expected="known_at where 'at' is not known", got=node.got)
    known = values["known_at"] if at is None else known_at(node, values, at)
    announced = values.get("announced_km2")
    if announced is not None and (len(announced) > 2 or announced[0] > announced[-1]):
        refuse(node.get("announced_km2") or node, "not an area", expected="[km2], or [least, greatest]")
    withdrawn = values.get("withdrawn_at")
    if withdrawn is not None and withdrawn < known:
        below = node.get("withdrawn_at") or node
        refuse(below, "withdrawn before it was known", expected="withdrawn_at at or after known_at")
    return Evidence(
        id=values["id"],
        what=values["what"],
        by=values.get("by", ""),
        at=at,
        known_at=known,
        reliability=values["reliability"],
        credibility=values["credibility"],
        place=values.get("place"),
        withdrawn_at=withdrawn,
        contradicts=values.get("contradicts", ()),
        finds=values.get("finds", False),
        cite=origin,
        announced_km2=None if announced is None else (announced[0], announced[-1]),
    )


def scenario(node: Node, ctx: Context) -> Scenario:
    """Read an account of what happened."""
    readers: Mapping[str, Reader[Any]] = {
        "id": identifier,
        "says": words,
        "weight": between(0.0, 1e6, above=True),
        "evidence": many(identifier),
        "known_at": moment,
    }
    values, origin = cited(node, ctx, readers, ("id", "says", "weight"))
    told = values.get("evidence", ())
    return Scenario(values["id"], values["says"], values["weight"], told, from_start(values, ctx), origin)


def weather(node: Node, ctx: Context) -> WeatherWindow:
    """Read a weather window."""
    metres = between(0.0, 100_000.0, "m")
    readers: Mapping[str, Reader[Any]] = {
        "id": identifier,
        "place": identifier,
        "from": moment,
        "until": moment,
        "until_after_h": nullable(classed("h")),
        "visibility_m": metres,
        "cloud_base_m": metres,
        "ground_hidden": flag,
        "icing": flag,
        "temperature_c": between(-90.0, 60.0, "degrees Celsius"),
        "alternative": text,
        "weight": between(0.0, math.inf, above=True),
        "shuts": many(choice(ASSET_KINDS)),
        "known_at": moment,
    }
    values, origin = cited(node, ctx, readers, ("id", "place", "from"))
    start, end = values["from"], values.get("until")
    if end is not None and end <= start:
        refuse(node.get("until") or node, "ends before it begins", expected="'until' after 'from'")
    if end is not None and "until_after_h" in values:
        refuse(node.get("until_after_h") or node, "two ends", expected="either 'until' or 'until_after_h'")
    return WeatherWindow(
        id=values["id"],
        place=values["place"],
        start=start,
        end=end,
        end_after_h=values.get("until_after_h"),
        visibility_m=values.get("visibility_m"),
        cloud_base_m=values.get("cloud_base_m"),
        ground_hidden=values.get("ground_hidden", False),
        icing=values.get("icing"),
        temperature_c=values.get("temperature_c"),
        alternative=values.get("alternative", ""),
        weight=values.get("weight", 1.0),
        known_at=values.get("known_at", start),
        cite=origin,
        note=origin.note,
        shuts=values.get("shuts", ()),
    )


def offer(node: Node, ctx: Context) -> Offer:
    """Read a general offer."""
    readers: Mapping[str, Reader[Any]] = {"party": code, "says": words, "at": moment, "known_at": moment}
    values, origin = cited(node, ctx, readers, ("party", "says", "at"))
    at = values["at"]
    return Offer(values["party"], values["says"], at, known_at(node, values, at), origin)


def happening(node: Node, ctx: Context) -> Happening:
    """Read a dated event for the timeline."""
    readers: Mapping[str, Reader[Any]] = {"at": moment, "known_at": moment, "says": words, "approximate": flag}
    values, origin = cited(node, ctx, readers, ("at", "says"))
    at = values["at"]
    return Happening(at, known_at(node, values, at), values["says"], origin, values.get("approximate", False))


def from_start(values: Mapping[str, Any], ctx: Context) -> Instant:
    """When a thing that nobody dates was known: from the incident on."""
    known: Instant | None = values.get("known_at", ctx.incident_at)
    if known is None:
        raise Bug("a record was read before the incident")
    return known
