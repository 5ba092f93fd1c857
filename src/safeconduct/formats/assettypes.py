"""Readers of asset types and survival models, for the shipped catalogue and for cases that bring their own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from safeconduct.formats.fields import (
    Context,
    Reader,
    between,
    choice,
    flag,
    identifier,
    listed,
    nullable,
    number,
    refuse,
    words,
)
from safeconduct.formats.values import cited, figure, perhaps_cited, spread
from safeconduct.formats.yamltree import Node
from safeconduct.model.assets import ASSET_KINDS, AssetType
from safeconduct.model.case import SurvivalModel


def _points(node: Node, ctx: Context) -> tuple[tuple[float, float], ...]:
    points = listed(node, ctx, _point, least=1)
    for index, (hours, alive) in enumerate(points):
        before = points[index - 1] if index else None
        if before is None and hours != 0.0:
            refuse(
                node, "a survival model must begin at the incident", expected="0 hours first", got=f"{hours:g} hours"
            )
        if before is not None and hours <= before[0]:
            refuse(node, "hours out of order", expected="rising hours", got=f"{hours:g} after {before[0]:g}")
        if before is not None and alive > before[1]:
            refuse(
                node, "survival rises", expected="probabilities that never rise", got=f"{alive:g} after {before[1]:g}"
            )
    return points


def _point(node: Node, ctx: Context) -> tuple[float, float]:
    if not isinstance(node.value, tuple) or len(node.value) != 2:
        refuse(node, "not a point of a curve", expected="[hours, probability]")
    hours, alive = node.value
    return number(hours, ctx), between(0.0, 1.0, "(a probability)")(alive, ctx)


_AMOUNT = figure(0.0, math.inf)

TYPE: Mapping[str, Reader[Any]] = {
    "id": identifier,
    "name": words,
    "kind": choice(ASSET_KINDS),
    "cruise_kmh": _AMOUNT,
    "range_km": _AMOUNT,
    "endurance_h": _AMOUNT,
    "ceiling_m": _AMOUNT,
    "hover_oge_m": _AMOUNT,
    "runway_m": _AMOUNT,
    "seats": _AMOUNT,
    "payload_kg": _AMOUNT,
    "visibility_min_m": _AMOUNT,
    "visibility_min_night_m": _AMOUNT,
    "ceiling_min_m": _AMOUNT,
    "icing_approved": flag,
    "crew_duty_h": _AMOUNT,
    "sweep_width_km": spread(),
    "search_speed_kmh": _AMOUNT,
    "sees_through_cloud": flag,
    "night_sensor": flag,
    "pilotless": flag,
    "hoist": flag,
    "mobilisation_h": spread(),
}

SURVIVAL: Mapping[str, Reader[Any]] = {
    "id": identifier,
    "points": _points,
    "scale": choice(("log", "linear")),
    "domain_h": between(0.0, math.inf, "hours", above=True),
    "relative_h_spread": nullable(between(0.0, 10.0)),
}


def asset_type(node: Node, ctx: Context, *, default_id: str = "", default_name: str = "") -> AssetType:
    """
    Read an asset type; *default_id* and *default_name* serve where a case brings its own without naming it.

    Raises:
        InvalidInput: A key is unknown or missing, a value is wrong, or a speed is not above zero.
    """
    required = tuple(key for key, default in (("id", default_id), ("name", default_name)) if not default)
    values, origin = perhaps_cited(node, ctx, TYPE, (*required, "kind"))
    for key in ("cruise_kmh", "search_speed_kmh", "range_km", "endurance_h"):
        if key in values and values[key].value == 0.0:
            refuse(
                node.get(key) or node, "a number out of range", expected="a number over 0, or the key left out", got="0"
            )
    values.setdefault("id", default_id)
    values.setdefault("name", default_name)
    return AssetType(**_bare(values), cite=origin)


def survival_model(node: Node, ctx: Context, *, default_id: str = "") -> SurvivalModel:
    """
    Read a survival model.

    Raises:
        InvalidInput: A key is unknown or missing, the hours do not rise from 0, a probability is outside [0, 1] or
            rises, or a model on the logarithmic scale holds a probability of 0.
    """
    required = ("points", "scale", "domain_h")
    values, origin = cited(node, ctx, SURVIVAL, required if default_id else ("id", *required))
    points, below = values["points"], node.get("points") or node
    if values["scale"] == "log" and points[-1][1] == 0.0:
        refuse(below, "a probability of 0 has no logarithm", expected="probabilities over 0, or scale: linear", got="0")
    return SurvivalModel(
        id=values.get("id", default_id),
        points=points,
        scale=values["scale"],
        domain_h=values["domain_h"],
        relative_h_spread=values.get("relative_h_spread"),
        cite=origin,
        note=origin.note,
    )


def _bare(values: dict[str, Any]) -> dict[str, Any]:
    """The values without the keys of the origin, which the caller holds apart."""
    return {key: value for key, value in values.items() if key not in {"sources", "grade", "note"}}
