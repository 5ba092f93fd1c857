"""Reader of the winds of a case; metres per second become kilometres an hour here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from safeconduct.formats.fields import Context, Reader, between, choice, identifier, many, moment, refuse, text
from safeconduct.formats.values import cited, ring, spread
from safeconduct.formats.yamltree import Node
from safeconduct.model.sources import Spread
from safeconduct.model.winds import WindReport

KMH_PER_M_S = 3.6
STRONGEST_KMH = 500.0
"""No wind between the ground and a jet stream's core is held to be stronger; a larger figure is a slip of the unit."""

FLIERS = ("helicopter", "fixed-wing", "uav")


def wind(node: Node, ctx: Context) -> WindReport:
    """
    Read one wind.

    Raises:
        InvalidInput: As for every record; no speed or two, an end not after the begin, or heights out of order.
    """
    readers: Mapping[str, Reader[Any]] = {
        "id": identifier,
        "area": ring,
        "from": moment,
        "until": moment,
        "from_deg": between(0.0, 360.0, "degrees from true north"),
        "from_sigma_deg": between(0.0, 180.0, "degrees"),
        "speed_kmh": spread(STRONGEST_KMH),
        "speed_m_s": spread(STRONGEST_KMH / KMH_PER_M_S),
        "height_m": many(between(-500.0, 30_000.0, "m above sea level"), least=1),
        "kinds": many(choice(FLIERS), least=1),
        "alternative": text,
        "weight": between(0.0, math.inf, above=True),
        "known_at": moment,
    }
    values, origin = cited(node, ctx, readers, ("id", "area", "from", "until", "from_deg"))
    start, end = values["from"], values["until"]
    if end <= start:
        refuse(node.get("until") or node, "ends before it begins", expected="'until' after 'from'")
    heights = values.get("height_m")
    if heights is not None and (len(heights) > 2 or heights[0] > heights[-1]):
        refuse(node.get("height_m") or node, "not a height", expected="[m], or [lowest, highest]")
    return WindReport(
        id=values["id"],
        area=values["area"],
        start=start,
        end=end,
        from_deg=values["from_deg"],
        from_sigma_deg=values.get("from_sigma_deg", 0.0),
        speed_kmh=_speed(node, values),
        height_m=None if heights is None else (heights[0], heights[-1]),
        kinds=values.get("kinds", ()),
        alternative=values.get("alternative", ""),
        weight=values.get("weight", 1.0),
        known_at=values.get("known_at", start),
        cite=origin,
    )


def _speed(node: Node, values: Mapping[str, Any]) -> Spread:
    kmh: Spread | None = values.get("speed_kmh")
    metric: Spread | None = values.get("speed_m_s")
    if kmh is not None and metric is not None:
        refuse(node.get("speed_m_s") or node, "two speeds", expected="either 'speed_kmh' or 'speed_m_s'")
    if kmh is not None:
        return kmh
    if metric is None:
        refuse(node, "no speed", expected="'speed_kmh' or 'speed_m_s'", got=node.got)
    return replace(metric, p10=metric.p10 * KMH_PER_M_S, p50=metric.p50 * KMH_PER_M_S, p90=metric.p90 * KMH_PER_M_S)
