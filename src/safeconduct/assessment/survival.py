"""Chance of being alive at a given hour, by group."""

from __future__ import annotations

import numpy as np

from safeconduct.assessment.draws import Array, Draws, normal_quantile
from safeconduct.model.persons import PersonGroup, SurvivalModel


def counted(group: PersonGroup) -> bool:
    """Whether anything public says how long the group lasts."""
    return bool(group.claims or group.supply) or group.survival is not None


def silent(group: PersonGroup, at_h: float) -> bool:
    """Whether a model counts the group and has nothing more to say at that hour."""
    model = group.survival
    return model is not None and not group.claims and not group.supply and at_h > model.domain_h


def factors(group: PersonGroup, draws: Draws) -> Array:
    """Shape (draws,): by how much the hours of the model are stretched in each draw; 1 where it has no spread."""
    spread = group.survival.relative_h_spread if group.survival else None
    if spread is None or group.claims or group.supply:
        return np.ones(draws.draws)
    stretched: Array = np.exp(spread * normal_quantile(draws.uniform(f"survival:{group.id}")))
    return stretched


def alive(group: PersonGroup, hours: Array, stretch: Array) -> Array:
    """
    Chance of being alive at *hours*.

    Reports of the end of life signs, once known, replace the model by their equal mixture; so do statements of how long
    the air lasts, where there are no such reports. Beyond the model's domain nothing is known, and nothing is counted
    (a lower bound).

    Args:
        hours: Since the incident, shape (draws, chances); inf gives 0.

        stretch: Of `factors`, shape (draws,).
    """
    if group.claims or group.supply:
        ends = np.array([c.hours for c in group.claims or group.supply])
        share: Array = (hours[..., None] < ends).mean(axis=-1)
        return share
    if group.survival is None:
        return np.zeros_like(hours)
    return _model(group.survival, hours / stretch[:, None], hours)


def _model(model: SurvivalModel, scaled: Array, hours: Array) -> Array:
    times = np.array([t for t, _ in model.points])
    chances = np.array([max(p, 1e-9) for _, p in model.points])
    finite = np.isfinite(scaled)
    at = np.where(finite, scaled, 0.0)
    if model.scale == "log":
        value = np.exp(np.interp(at, times, np.log(chances)))
    else:
        value = np.interp(at, times, np.array([p for _, p in model.points]))
    inside: Array = np.where(finite & (hours <= model.domain_h), value, 0.0)
    return inside
