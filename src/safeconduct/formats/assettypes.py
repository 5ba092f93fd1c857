"""Reader of asset types, for the shipped catalogue and for cases that bring their own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from safeconduct.formats.fields import (
    Context,
    Reader,
    choice,
    flag,
    identifier,
    refuse,
    words,
)
from safeconduct.formats.values import figure, perhaps_cited, spread
from safeconduct.formats.yamltree import Node
from safeconduct.model.assets import ASSET_KINDS, AssetType

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


def _bare(values: dict[str, Any]) -> dict[str, Any]:
    """The values without the keys of the origin, which the caller holds apart."""
    return {key: value for key, value in values.items() if key not in {"sources", "grade", "note"}}
