"""Ways that wait for another asset or for a dated event: the loader that is flown in, the ship that comes back."""

from __future__ import annotations

from dataclasses import replace

from safeconduct.assessment.needs import Need
from safeconduct.assessment.world import Wait, WayModel
from safeconduct.model.instants import Instant, hours_between


def linked(ways: tuple[WayModel, ...], incident: Instant) -> tuple[WayModel, ...]:
    """
    Tie each way to those it waits for; it then needs their clearances too.

    Of an asset that is waited for, the fastest way counts (its first). No asset waits for itself, however indirectly:
    the case format refuses it.
    """
    firsts: dict[str, WayModel] = {}
    for way in ways:
        firsts.setdefault(way.asset.id, way)
    made: dict[str, WayModel] = {}

    def tied(way: WayModel) -> WayModel:
        if way.id not in made:
            waits = []
            for index, leg in enumerate(way.plan.plan.legs):
                others = tuple(tied(firsts[name]) for name in leg.waits if name in firsts)
                after = hours_between(incident, leg.after.at) if leg.after is not None else None
                if others or after is not None:
                    waits.append(Wait(index, others, after))
            made[way.id] = _passed(_needing(replace(way, waits=tuple(waits))) if waits else way)
        return made[way.id]

    return tuple(tied(way) for way in ways)


def _passed(way: WayModel) -> WayModel:
    """The way without the clearances that it needed up to a step which is on record as done: they are behind it."""
    if not way.done:
        return way
    last = way.done[-1][0]
    begun = way.legs_h[: last + 1].sum(axis=0)

    def ahead(need: Need) -> bool:
        return need.leg > last if need.leg is not None else bool((need.first_h > begun).any())

    return replace(way, needs=tuple(need for need in way.needs if ahead(need)))


def _needing(way: WayModel) -> WayModel:
    """The way with the clearances of those it waits for, first needed where it waits."""
    own = {need.clearance for need in way.needs}
    added: dict[str, Need] = {}
    for wait in way.waits:
        begun = way.legs_h[: wait.leg].sum(axis=0)
        for need in (n for other in wait.others for n in other.needs if n.clearance not in own):
            added.setdefault(need.clearance, Need(need.clearance, begun, wait.leg, own=False))
    return replace(way, needs=(*way.needs, *added.values()))
