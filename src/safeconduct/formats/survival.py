"""Readers of survival models, for the shipped catalogue and for cases; each says where it holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from safeconduct.formats.fields import (
    Context,
    Reader,
    between,
    choice,
    closed,
    identifier,
    listed,
    many,
    near,
    nullable,
    number,
    refuse,
)
from safeconduct.formats.values import cited
from safeconduct.formats.yamltree import Node
from safeconduct.model.case import EMERGENCIES
from safeconduct.model.persons import INJURIES, ColdLaw, SurvivalModel


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


_TEMPERATURE = between(-90.0, 60.0, "degrees Celsius")

_COLD: Mapping[str, Reader[Any]] = {
    "rate": between(0.0, 10.0, above=True),
    "zero_c": _TEMPERATURE,
    "from_c": _TEMPERATURE,
    "to_c": _TEMPERATURE,
}

_HOLDS: Mapping[str, Reader[Any]] = {"injury": many(choice(INJURIES)), "emergency": many(choice(EMERGENCIES))}


def _cold(node: Node, ctx: Context) -> ColdLaw:
    law = ColdLaw(**closed(node, ctx, _COLD, tuple(_COLD)))
    if not law.from_c < law.to_c < law.zero_c:
        refuse(node, "temperatures out of order", expected="from_c below to_c below zero_c")
    return law


SURVIVAL: Mapping[str, Reader[Any]] = {
    "id": identifier,
    "points": _points,
    "scale": choice(("log", "linear")),
    "cold": _cold,
    "domain_h": between(0.0, math.inf, "hours", above=True),
    "relative_h_spread": nullable(between(0.0, 10.0)),
    "holds_for": lambda node, ctx: closed(node, ctx, _HOLDS),
}


def survival_model(node: Node, ctx: Context, *, default_id: str = "") -> SurvivalModel:
    """
    Read a survival model: points of a curve, or a law of cold.

    Raises:
        InvalidInput: A key is unknown or missing, the hours do not rise from 0, a probability is outside [0, 1] or
            rises, or a model on the logarithmic scale holds a probability of 0.
    """
    cold = isinstance(node.value, dict) and "cold" in node.value
    required = ("cold", "domain_h") if cold else ("points", "scale", "domain_h")
    values, origin = cited(node, ctx, SURVIVAL, required if default_id else ("id", *required))
    if cold and ("points" in values or "scale" in values):
        refuse(node.get("cold") or node, "two models in one", expected="either 'cold' or 'points' and 'scale'")
    points, below = values.get("points", ()), node.get("points") or node
    if not cold and values["scale"] == "log" and points[-1][1] == 0.0:
        refuse(below, "a probability of 0 has no logarithm", expected="probabilities over 0, or scale: linear", got="0")
    holds = values.get("holds_for", {})
    return SurvivalModel(
        id=values.get("id", default_id),
        points=points,
        scale=values.get("scale", "linear"),
        domain_h=values["domain_h"],
        relative_h_spread=values.get("relative_h_spread"),
        cite=origin,
        note=origin.note,
        injuries=holds.get("injury", ()),
        emergencies=holds.get("emergency", ()),
        cold=values.get("cold"),
    )


def survival(node: Node, ctx: Context) -> SurvivalModel:
    """
    Read what a group of persons says of its survival: the id of a shipped model, one with the temperature that a law of
    cold needs, or a model of its own.

    Raises:
        InvalidInput: The model does not exist, or a law of cold has no temperature, or another model has one.
    """
    if isinstance(node.value, dict) and "model" in node.value:
        readers: Mapping[str, Reader[Any]] = {"model": identifier, "temperature_c": _TEMPERATURE}
        values = closed(node, ctx, readers, ("model", "temperature_c"))
        model = _shipped(node.get("model") or node, values["model"], ctx)
        if model.cold is None:
            refuse(node, "a temperature for a model that takes none", expected=f"survival: {model.id}")
        return chilled(model, values["temperature_c"])
    if not isinstance(node.value, str):
        return survival_model(node, ctx, default_id="own")
    model = _shipped(node, node.value, ctx)
    if model.cold is not None:
        refuse(node, "a law of cold without a temperature", expected=f"{{model: {model.id}, temperature_c: ...}}")
    return model


def _shipped(node: Node, name: str, ctx: Context) -> SurvivalModel:
    found = ctx.survival.get(name)
    if found is None:
        hint = near(name, ctx.survival)
        refuse(node, "unknown survival model", expected=f"one of {', '.join(sorted(ctx.survival))}{hint}, or null")
    return found


def chilled(model: SurvivalModel, temperature_c: float) -> SurvivalModel:
    """
    A law of cold at one temperature; without points where the law was not fitted: then it says nothing.

    The law gives one number, the hours of an average man to a core of 30 C. Read as every single number here: one in
    ten lasts less than half of it, one in ten more than double; beyond double nothing is said.
    """
    law = model.cold
    if law is None or not law.from_c <= temperature_c <= law.to_c:
        return replace(model, points=())
    hours = 1.0 / (law.rate * (law.zero_c - temperature_c))
    points = ((0.0, 1.0), (hours / 2.0, 0.9), (hours, 0.5), (hours * 2.0, 0.1))
    note = (
        f"at {temperature_c:g} C: {hours:.1f} h to a core of 30 C; half and double of it for one in ten. {model.note}"
    )
    return replace(model, points=points, domain_h=min(model.domain_h, hours * 2.0), note=note.strip())


def holding(model: SurvivalModel | None, injury: str, ctx: Context) -> tuple[SurvivalModel | None, str]:
    """
    (model, empty) where it holds for the group; (None, why not) where it does not: then survival is unknown.

    Args:
        injury: Of the group.
    """
    if model is None:
        return None, ""
    if not model.points and model.cold is not None:
        return None, f"model {model.id} was fitted from {model.cold.from_c:g} to {model.cold.to_c:g} C only"
    if model.injuries and injury not in model.injuries:
        return None, f"model {model.id} holds for {', '.join(model.injuries)} only, not for {injury}"
    if model.emergencies and ctx.emergency and ctx.emergency not in model.emergencies:
        return None, f"model {model.id} holds for {', '.join(model.emergencies)} only, not for {ctx.emergency}"
    return model, ""
