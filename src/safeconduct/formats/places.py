"""Readers of where a report puts them: bearings, telephones, witnesses, heat sources, routes, areas searched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from safeconduct.formats.fields import Context, Reader, between, choice, flag, many, near, refuse, whole
from safeconduct.formats.values import cited, position, spread
from safeconduct.formats.yamltree import Node
from safeconduct.model.case import Place
from safeconduct.model.errors import InvalidInput
from safeconduct.model.places import (
    GSM_STEP_KM,
    LTE_STEP_KM,
    Bearing,
    CloudImpact,
    Flight,
    PhoneSector,
    PlaceShape,
    Rings,
    Searched,
    Signature,
    Witness,
    timing_ring,
)

NETWORKS = {"gsm": GSM_STEP_KM, "lte": LTE_STEP_KM, "nr": LTE_STEP_KM}

CORNERS = {
    "point": (1, 1),
    "disc": (1, 1),
    "track": (2, 1000),
    "route": (2, 1000),
    "fixes": (2, 1000),
    "bearing": (1, 1),
    "phone": (1, 1),
    "seen": (1, 1),
    "heard": (1, 1),
    "detection": (1, 1),
    "cloud": (2, 1000),
    "searched": (1, 1000),
    "rings": (1, 1),
}
"""Fewest and most points of each kind of place."""

NEEDED: Mapping[str, tuple[str, ...]] = {
    "point": ("sigma_km",),
    "disc": ("radius_km",),
    "track": ("sigma_km",),
    "route": ("sigma_km", "aloft_h", "speed_kmh"),
    "fixes": ("sigma_km", "aloft_h", "speed_kmh"),
    "bearing": ("bearing_deg", "bearing_sigma_deg", "far_km"),
    "phone": (),
    "seen": ("far_km",),
    "heard": ("far_km",),
    "detection": ("sigma_km",),
    "cloud": ("sigma_km", "cloud_base_m", "cloud_base_sigma_m"),
    "searched": ("pod",),
    "rings": ("radii_km", "shares"),
}
"""Keys that a kind of place cannot do without."""

ALLOWED: Mapping[str, tuple[str, ...]] = {
    "point": ("known",),
    "phone": ("bearing_deg", "beam_deg", "mast_m", "near_km", "far_km", "network", "timing_advance"),
    "seen": ("bearing_deg", "bearing_sigma_deg"),
    "heard": ("bearing_deg", "bearing_sigma_deg"),
    "detection": ("detects", "false_per_km2"),
    "searched": ("radius_km",),
    "cloud": ("altitude_m",),
}
"""Keys that a kind of place may have besides."""

USUAL_BEAM_DEG = 120.0
"""Three antennas to a mast (reference: search, section 3.6)."""

_KM = between(0.0, 5000.0, "km", above=True)
_DEG = between(0.0, 360.0, "degrees")
_METRES = between(-500.0, 15_000.0, "m")
_READERS: Mapping[str, Reader[Any]] = {
    "kind": choice(CORNERS),
    "points": many(position, least=1),
    "sigma_km": _KM,
    "radius_km": _KM,
    "known": flag,
    "aloft_h": spread(240.0),
    "speed_kmh": spread(4000.0),
    "bearing_deg": _DEG,
    "bearing_sigma_deg": between(0.0, 180.0, "degrees", above=True),
    "beam_deg": between(0.0, 360.0, "degrees", above=True),
    "mast_m": between(0.0, 1000.0, "m"),
    "near_km": between(0.0, 5000.0, "km"),
    "far_km": _KM,
    "network": choice(NETWORKS),
    "timing_advance": whole(0, 20_000),
    "detects": between(0.0, 1.0, above=True),
    "false_per_km2": between(0.0, 1e6),
    "cloud_base_m": _METRES,
    "cloud_base_sigma_m": between(0.0, 5000.0, "m", above=True),
    "altitude_m": spread(15_000.0),
    "radii_km": many(_KM, least=1),
    "shares": many(between(0.0, 1.0, above=True), least=1),
    "pod": between(0.0, 1.0),
}


def place(node: Node, ctx: Context) -> Place:
    """
    Read where a report puts them.

    Raises:
        InvalidInput: A key that the kind does not take, one that it needs and that is missing, or too few corners.
    """
    values, origin = cited(node, ctx, _READERS, ("kind", "points"))
    kind, points, known = values["kind"], values["points"], values.get("known", False)
    least, most = CORNERS[kind]
    if not least <= len(points) <= most or (kind == "searched" and len(points) == 2):
        expected = "one point" if most == 1 else "at least 2 points"
        expected = "3 corners or more, or one point with radius_km" if kind == "searched" else expected
        refuse(node.get("points") or node, f"wrong for a {kind}", expected=expected, got=f"{len(points)} points")
    needed = () if known and kind == "point" else NEEDED[kind]
    for key in needed:
        if key not in values:
            refuse(node, f"{key!r} is missing", expected=f"{key} for a {kind}", got=node.got)
    taken = {"kind", "points", *NEEDED[kind], *ALLOWED.get(kind, ())}
    for key in values:
        if key in _READERS and key not in taken:
            hint = near(key, taken) or f"; it takes {', '.join(sorted(taken - {'kind', 'points'}))}"
            refuse(node.get(key) or node, f"wrong for a {kind}", expected=f"no {key}{hint}", got=key)
    _pairs(node, values)
    return Place(
        kind, points, values.get("sigma_km"), values.get("radius_km"), known, origin, _shape(node, kind, values)
    )


def _pairs(node: Node, values: Mapping[str, Any]) -> None:
    kind = values["kind"]
    if kind in ("seen", "heard") and ("bearing_deg" in values) != ("bearing_sigma_deg" in values):
        refuse(node, "a direction without its error", expected="bearing_deg and bearing_sigma_deg, or neither")
    if kind == "detection" and ("detects" in values) != ("false_per_km2" in values):
        refuse(node, "half of a false-alarm rate", expected="detects and false_per_km2, or neither")
    if kind == "searched" and (len(values["points"]) == 1) != ("radius_km" in values):
        refuse(node, "not an area", expected="3 corners or more, or one point with radius_km")
    if kind == "phone":
        ring, step = "far_km" in values, "timing_advance" in values
        if ring == step or step != ("network" in values) or (step and "near_km" in values):
            refuse(node, "not a distance", expected="far_km (and near_km), or network and timing_advance")
        if ring and values.get("near_km", 0.0) >= values["far_km"]:
            refuse(node.get("near_km") or node, "not a ring", expected="near_km under far_km")


def _shape(node: Node, kind: str, values: Mapping[str, Any]) -> PlaceShape | None:
    if kind in ("route", "fixes") and min(values["speed_kmh"].p10, values["aloft_h"].p10) <= 0.0:
        refuse(node, "a flight of no length", expected="aloft_h and speed_kmh with p10 above 0")
    made = _SHAPES.get(kind)
    try:
        return None if made is None else made(values)
    except InvalidInput as fault:
        refuse(node, fault.message, expected=fault.expected, got=fault.got)


def _flight(values: Mapping[str, Any]) -> PlaceShape:
    return Flight(values["aloft_h"], values["speed_kmh"])


def _witness(values: Mapping[str, Any]) -> PlaceShape:
    return Witness(values["far_km"], values.get("bearing_deg"), values.get("bearing_sigma_deg"))


def _phone(values: Mapping[str, Any]) -> PhoneSector:
    if "timing_advance" in values:
        near_km, far_km = timing_ring(NETWORKS[values["network"]], values["timing_advance"])
    else:
        near_km, far_km = values.get("near_km", 0.0), values["far_km"]
    beam = values.get("beam_deg", USUAL_BEAM_DEG if "bearing_deg" in values else 360.0)
    return PhoneSector(near_km, far_km, values.get("bearing_deg"), beam, values.get("mast_m"))


_SHAPES: Mapping[str, Callable[[Mapping[str, Any]], PlaceShape]] = {
    "route": _flight,
    "fixes": _flight,
    "bearing": lambda v: Bearing(v["bearing_deg"] % 360.0, v["bearing_sigma_deg"], v["far_km"]),
    "phone": _phone,
    "seen": _witness,
    "heard": _witness,
    "detection": lambda v: Signature(v.get("detects"), v.get("false_per_km2")),
    "cloud": lambda v: CloudImpact(v["cloud_base_m"], v["cloud_base_sigma_m"], v.get("altitude_m")),
    "searched": lambda v: Searched(v["pod"]),
    "rings": lambda v: Rings(v["radii_km"], v["shares"]),
}
