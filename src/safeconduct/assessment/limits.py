"""The physical facts each way meets, and the risk to the rescuers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from safeconduct.assessment.answer import Limit, Risk
from safeconduct.assessment.world import WayModel, World, hover_at
from safeconduct.model.assets import AssetType, Base
from safeconduct.model.sources import Cite

NOBODY = Cite((), "assumed", "")


def limits(way: WayModel, world: World) -> tuple[Limit, ...]:
    """Range, runway, hover, ceiling, weather, light and duty of one way; only those that apply to its kind."""
    kind = way.asset.type
    if kind is None:
        return (Limit("asset", "unknown", "the offer names no asset", True, ()),)
    if not way.plan.plan.legs:
        return tuple(Limit("reach", "unknown", reason, True, ()) for reason in way.unknown)
    found = [*_flight(way, kind, world), *_weather(way, kind, world)]
    found += [Limit("detection", "unknown", reason, True, ()) for reason in way.unknown]
    return tuple(found)


def _limit(name: str, state: str, says: str, *cites: Cite) -> Limit:
    sources = tuple(dict.fromkeys(s for c in cites for s in c.sources))
    return Limit(name, state, says, all(c.verified for c in cites), sources)


def _flight(way: WayModel, kind: AssetType, world: World) -> Iterator[Limit]:
    if not any(leg.mode == "fly" for leg in way.plan.plan.legs):
        return
    yield _range(way, kind)
    if kind.kind == "helicopter":
        yield from _hover(kind, world)
    else:
        yield from _runway(way, kind, world)
    yield from _ceiling(kind, world)
    if kind.crew_duty_h is not None and float(np.median(way.transit_h)) * 2.0 > kind.crew_duty_h.value:
        yield _limit("duty", "no", "there and back exceeds one crew's duty", kind.crew_duty_h.cite)


def _range(way: WayModel, kind: AssetType) -> Limit:
    left = way.plan.plan.range_left_km
    cite = kind.range_km.cite if kind.range_km else (kind.endurance_h.cite if kind.endurance_h else NOBODY)
    if left is None:
        carried = way.plan.plan.lands and kind.kind == "fixed-wing"
        says = "lands before the site" if carried else "range unknown"
        return Limit("range", "ok" if carried else "unknown", says, True, ())
    air = ", in the winds given" if any(leg.blown and leg.blown.reports for leg in way.plan.plan.legs) else ""
    hoped = way.plan.plan.hoped_fuel
    if left >= 0.0 and hoped:
        return _limit("range", "unknown", f"needs fuel at {' and '.join(hoped)}, which is unknown", cite)
    if left >= 0.0:
        return _limit("range", "ok", f"{left:.0f} km left after the way back to fuel, with reserve{air}", cite)
    return _limit("range", "no", f"{-left:.0f} km short of the way there and back to fuel, with reserve{air}", cite)


def _hover(kind: AssetType, world: World) -> Iterator[Limit]:
    heights = world.case.site_elevation_m
    if not heights:
        yield Limit("hover", "unknown", "unknown: no terrain, and no source gives the site's elevation", True, ())
        return
    if kind.hover_oge_m is None:
        yield Limit("hover", "unknown", "no published ceiling for hovering out of ground effect", True, ())
        return
    answers = [(h, *hover_at(kind.hover_oge_m, h, world.case)) for h in heights]
    states = {state for _, state, _ in answers}
    state = states.pop() if len(states) == 1 else "marginal"
    told = "; ".join(f"{h.value:.0f} m at {t:.0f} C: {s}" for h, s, t in answers)
    says = f"hover out of ground effect {told} (power band +-15 %)"
    name = {"yes": "ok", "no": "no", "marginal": "marginal", "unknown": "unknown"}[state]
    yield _limit("hover", name, says, kind.hover_oge_m.cite, *(h.cite for h in heights))


def _runway(way: WayModel, kind: AssetType, world: World) -> Iterator[Limit]:
    used = [way.asset.base, *way.asset.via]
    names = {leg.start for leg in way.plan.plan.legs} | {leg.end for leg in way.plan.plan.legs}
    for base in (b for b in world.case.bases if b.id in used and b.name in names):
        yield _runway_at(kind, base)


def _runway_at(kind: AssetType, base: Base) -> Limit:
    if kind.runway_m is None:
        return Limit("runway", "unknown", f"no published runway need (at {base.name})", True, ())
    if base.runway_m is None:
        return _limit("runway", "unknown", f"runway length at {base.name} unknown", base.cite)
    state = "ok" if base.runway_m >= kind.runway_m.value else "no"
    says = f"{base.name} has {base.runway_m:.0f} m, {kind.runway_m.value:.0f} m needed"
    return _limit("runway", state, says, kind.runway_m.cite, base.cite)


def _ceiling(kind: AssetType, world: World) -> Iterator[Limit]:
    heights = [h for h in world.case.site_elevation_m if kind.ceiling_m and h.value >= kind.ceiling_m.value]
    if heights and kind.ceiling_m is not None:
        says = f"the site lies at {heights[0].value:.0f} m, its ceiling is {kind.ceiling_m.value:.0f} m"
        yield _limit("ceiling", "no", says, kind.ceiling_m.cite, heights[0].cite)


def _weather(way: WayModel, kind: AssetType, world: World) -> Iterator[Limit]:
    cites = tuple(w.cite for w in world.case.weather if w.place == "site")
    if not world.site.told.any():
        yield Limit("weather", "unknown", "no report of the weather at the site", True, ())
        return
    now = min(max(int(world.at * 6.0), 0), world.site.steps - 1)
    if kind.kind == "helicopter":
        yield from _minima(way, kind, world, now, cites)
    if way.search is not None and kind.kind in ("uav", "fixed-wing", "satellite") and not kind.sees_through_cloud:
        hidden = float(world.site.ground_hidden[:, now].mean())
        if hidden > 0.0:
            says = "cloud or fog hides the ground from its sensor" + ("" if hidden == 1.0 else " by some reports")
            yield _limit("sensor", "no" if hidden == 1.0 else "marginal", says, *cites)
    if kind.kind == "helicopter" and kind.visibility_min_night_m is None and not world.site.day[now]:
        yield Limit("light", "no", "not known to fly by night", True, ())


def _minima(way: WayModel, kind: AssetType, world: World, now: int, cites: tuple[Cite, ...]) -> Iterator[Limit]:
    open_share = float((way.arrive.rate[:, now] > 0.0).mean())
    seen = world.site.visibility_m[:, now]
    low, high = float(seen.min()), float(seen.max())
    least = kind.visibility_min_m
    needs = f", {least.value:.0f} m needed by day" if least else ""
    shown = "not reported" if not np.isfinite(low) else (f"{low:.0f} m" if low == high else f"{low:.0f} m or more")
    extra = (least.cite,) if least else ()
    if open_share >= 1.0:
        yield _limit("weather", "ok", f"visibility {shown}{needs}", *cites, *extra)
    else:
        state = "no" if open_share == 0.0 else "marginal"
        yield _limit("weather", state, f"below minima now: visibility {shown}{needs}", *cites, *extra)


def risk(way: WayModel, world: World, facts: tuple[Limit, ...]) -> Risk:
    """
    Risk to the rescuers, from the limits they meet; never a figure, and never a reason to launch below a minimum.
    """
    kind = way.asset.type
    if kind is None or not way.plan.plan.legs:
        return Risk("unknown", ("nothing is known of the asset or its way",))
    if kind.pilotless or kind.kind == "satellite":
        return Risk("low", ("no one aboard",))
    high = [f.says for f in facts if f.state == "no" and f.id in ("weather", "hover", "range", "light", "duty")]
    some = [f.says for f in facts if f.state == "marginal" and f.id in ("weather", "hover")]
    blank = [f"{f.id} unknown" for f in facts if f.state == "unknown" and f.id in ("weather", "hover", "range")]
    if world.site.icing.any() and kind.kind == "helicopter" and not kind.icing_approved:
        high.append("icing, and no approval for it is known")
    if not world.site.day[min(max(int(world.at * 6.0), 0), world.site.steps - 1)]:
        some.append("night")
    if high:
        return Risk("high", tuple(dict.fromkeys(high + some)))
    if some:
        return Risk("elevated", tuple(dict.fromkeys(some + blank)))
    return Risk("unknown", tuple(blank)) if blank else Risk("low", ())
