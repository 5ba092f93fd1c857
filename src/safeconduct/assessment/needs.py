"""Where on its way a course of action first needs each clearance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from safeconduct.assessment.draws import Array
from safeconduct.reach.plans import Plan

ON_THE_GROUND = frozenset({"persons", "customs"})
"""Kinds for which an aircraft may land and wait: they hold up the hand-over, not the flight."""

BEFORE_MOVING = frozenset({"deploy", "export", "sanctions", "guarantee", "payment"})
"""The provider's own leave, its export rules, and what it wants before anything moves."""


@dataclass(frozen=True, slots=True)
class Need:
    """
    One clearance a way needs.

    Args:
        first_h: Hours after departure at which it is first needed, shape (draws,).

        leg: Where it may be waited for on the spot, before this leg begins: what is cleared on the ground holds up the
            hand-over, not the flight. None where the departure must wait for it.

        own: False where only an asset needs it for which the way waits.
    """

    clearance: str
    first_h: Array
    leg: int | None = None
    own: bool = True


def needed(item: tuple[str, str, str], plan: Plan, legs_h: Array, gate: str) -> Need:
    """
    When a clearance is first needed: the border of the state that grants it, the apron for landing; for persons and
    customs the formalities after landing, else the leg after it; what the provider needs before anything moves.

    Args:
        item: (id, kind, authority).

        legs_h: Shape (legs, draws).

        gate: Where the record says that it is needed, of `GATES` or the id of a step; empty leaves it to the kind.
    """
    name, kind, authority = item
    draws = legs_h.shape[1]
    if gate == "departure" or (kind in BEFORE_MOVING and not gate) or not plan.legs:
        return Need(name, np.zeros(draws))
    before = np.concatenate([np.zeros((1, draws)), np.cumsum(legs_h, axis=0)])
    leg = _stop(plan, kind, authority, gate)
    if leg is not None:
        return Need(name, before[leg], leg if leg > 0 else None)
    borders = [
        before[i] + share * legs_h[i]
        for i, each in enumerate(plan.legs)
        for state, share in each.enters
        if state == authority
    ]
    aprons = [before[index + 1] for state, index in plan.lands if state == authority]
    first = aprons if (kind == "landing" or gate == "landing") and aprons else borders or aprons
    return Need(name, np.min(first, axis=0) if first else before[-1])


def _stop(plan: Plan, kind: str, authority: str, gate: str) -> int | None:
    """Index of the leg before which it can be waited for on the spot; None where there is no such place."""
    for index, leg in enumerate(plan.legs):
        if gate and leg.id == gate:
            return index
    if gate == "landing" or (gate and gate != "border") or (kind not in ON_THE_GROUND and gate != "border"):
        return None
    if gate != "border":
        for index, leg in enumerate(plan.legs):
            if leg.mode == "formalities" and leg.state == authority:
                return index
        landed = [i for s, i in plan.lands if s == authority and plan.legs[i].mode == "fly"]
        if landed:
            return min(landed) + 1 if min(landed) + 1 < len(plan.legs) else None
    entered = [
        i
        for i, leg in enumerate(plan.legs)
        if leg.mode not in ("fly", "remote") and any(s == authority and share == 0.0 for s, share in leg.enters)
    ]
    if not entered:
        return None
    first = min(entered)
    # Papers are shown on the near side of the gate, before what carries on enters.
    return first - 1 if first > 0 and plan.legs[first - 1].mode == "formalities" else first
