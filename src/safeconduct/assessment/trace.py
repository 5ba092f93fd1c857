"""What the answer rests on: every assumption and figure with its origin, and everything that is not known."""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.assessment.answer import Cited
from safeconduct.assessment.deadlines import CALL_H
from safeconduct.assessment.draws import Draws
from safeconduct.assessment.survival import silent
from safeconduct.assessment.windy import calm_says, wind_rows
from safeconduct.assessment.world import LOCAL_AIR_H, TURN_ROUND_H, WALK_KMH, WayModel, World
from safeconduct.model.case import WeatherWindow
from safeconduct.model.sources import Cite, Figure, Spread
from safeconduct.reach.plans import DETOUR_LIMIT, ON_SCENE_H, RESERVE_H, STOP_H
from safeconduct.search.stance import CREDIBILITY, FALSE_ANYWHERE, OUTSIDE, RELIABILITY

SEED_NOTE = (
    "same seed, same answer; another seed can change the verdict of a way that adds about half a point, and which sets "
    "are smallest (docs/accuracy.md)"
)

CELLS = (
    ("cruise_kmh", "cruise", "km/h"),
    ("range_km", "range", "km"),
    ("endurance_h", "endurance", "h"),
    ("hover_oge_m", "hover out of ground effect", "m"),
    ("runway_m", "runway need", "m"),
    ("visibility_min_m", "least visibility by day", "m"),
    ("visibility_min_night_m", "least visibility by night", "m"),
    ("search_speed_kmh", "search speed", "km/h"),
)


def assumptions(world: World) -> tuple[Cited, ...]:
    """Each figure used, with source and grade; the unverified ones first."""
    seen: dict[tuple[str, str], Cited] = {}
    for item in _used(world):
        seen.setdefault((item.what, item.value), item)
    return tuple(sorted(seen.values(), key=lambda c: (c.verified, c.what)))


def unverified_share(world: World) -> float:
    """Share of the figures used that are unverified."""
    used = assumptions(world)
    return sum(not c.verified for c in used) / len(used) if used else 0.0


def way_cites(model: WayModel) -> Iterator[Cite]:
    """Origins of the figures that one way rests on."""
    kind, asset = model.asset.type, model.asset
    if kind is not None:
        for name, _, _ in CELLS:
            cell = getattr(kind, name)
            if cell is not None:
                yield cell.cite
        for spread in (asset.mobilisation_h or kind.mobilisation_h, asset.sweep_width_km or kind.sweep_width_km):
            if spread is not None:
                yield spread.cite
    for leg in model.plan.plan.legs:
        yield leg.hours.cite
        for report in leg.blown.reports if leg.blown is not None else ():
            yield report.cite
    yield asset.cite


def _used(world: World) -> Iterator[Cited]:
    yield from _rules_of_ours(world.draws)
    yield from wind_rows(world.case.winds, [model.plan.plan for model in world.ways])
    if world.shown is None or not world.shown.known:
        yield from _of_the_map()
    for permit in world.permits:
        if permit.lead_time_h is not None:
            yield _spread(f"lead time of {permit.id}", permit.lead_time_h, "h")
    for model in world.ways:
        yield from _of_way(model)
    yield from _of_persons(world)
    yield from _of_site(world)
    for text in world.case.assumptions:
        yield _cited("the case assumes", text, "", Cite((), "given" if world.case.kind == "exercise" else "assumed"))


def _of_persons(world: World) -> Iterator[Cited]:
    for group, _ in world.groups:
        for claim in group.claims:
            yield _cited(f"{group.id} last reported alive", f"{claim.hours:g}", "h after the incident", claim.cite)
        for supply in group.supply if not group.claims else ():
            yield _cited(f"air of {group.id} said to last", f"{supply.hours:.1f}", "h after the incident", supply.cite)
        if group.survival is not None and not group.claims and not group.supply:
            yield _cited(f"survival of {group.id}", group.survival.id, "model", group.survival.cite)


def _of_site(world: World) -> Iterator[Cited]:
    for window in world.case.weather:
        shown = "unknown" if window.visibility_m is None else f"{window.visibility_m:g}"
        yield _cited(f"visibility, {window.id}", shown, "m", window.cite)
        if window.end_after_h is not None:
            yield _spread(f"end of weather {window.id}, after its start", window.end_after_h, "h")
    for height in world.case.site_elevation_m:
        yield _cited("elevation of the site", f"{height.value:g}", "m", height.cite)


def _of_way(model: WayModel) -> Iterator[Cited]:
    kind, asset = model.asset.type, model.asset
    if kind is None:
        return
    for name, says, unit in CELLS:
        cell: Figure | None = getattr(kind, name)
        if cell is not None:
            yield _cited(f"{kind.name}: {says}", f"{cell.value:g}", unit, cell.cite)
    width = asset.sweep_width_km or kind.sweep_width_km
    if width is not None and model.search is not None:
        yield _spread(f"{kind.name}: sweep width", width, "km")
    ready = asset.mobilisation_h or kind.mobilisation_h
    if ready is not None:
        yield _spread(f"{asset.name}: mobilisation, from {asset.mobilisation_start}", ready, "h")
    for leg in model.plan.plan.legs:
        if leg.mode in ("drive", "walk", "remote") or leg.id:
            yield _spread(f"{asset.name}: {leg.mode} {leg.id or f'from {leg.start}'}", leg.hours, "h")
    if asset.work_h is not None:
        yield _spread(f"{asset.name}: work on scene", asset.work_h, "h")


def _of_the_map() -> Iterator[Cited]:
    """What the map rests on while the place is not known."""
    ours = Cite((), "assumed", "ours; no source")
    grades = ", ".join(f"{k} {v:g}" for k, v in {**RELIABILITY, **CREDIBILITY}.items())
    yield _cited("chance of a report being true by its Admiralty grade, multiplied", grades, "share", ours)
    yield _cited("off the map, before any report", f"{OUTSIDE:g}", "share", ours)
    yield _cited("of false reports, those that fall anywhere", f"{FALSE_ANYWHERE:g}", "share", ours)


def _rules_of_ours(draws: Draws) -> Iterator[Cited]:
    ours = Cite((), "assumed", "ours; no source")
    yield _cited("one request takes a desk", f"{CALL_H:g}", "h", ours)
    yield _cited("on the ground between two sorties", f"{TURN_ROUND_H:g}", "h", ours)
    yield _cited("time on scene that fuel must allow", f"{ON_SCENE_H:g}", "h", ours)
    reserve = Cite(("AR 95-1",), "V", "20 minutes at cruise, helicopters under visual rules")
    yield _cited("fuel reserve", f"{RESERVE_H:.2f}", "h", reserve)
    yield _cited("ways looked for, over the direct one", f"{DETOUR_LIMIT:g}", "times, and 100 km", ours)
    yield _spread("refuelling stop or unloading", STOP_H, "h")
    yield _spread("from find to persons by helicopter", LOCAL_AIR_H, "h")
    yield _spread("walking to a find", WALK_KMH, "km/h")
    spread = f"{draws.draws} draws of {draws.chances} chances in {draws.skies} weather histories"
    yield _cited("spread shown", spread, f"seed {draws.seed}", Cite((), "calc", SEED_NOTE))


def _cited(what: str, value: str, unit: str, cite: Cite) -> Cited:
    return Cited(what, value, unit, cite.grade, cite.verified, cite.sources, cite.note)


def _spread(what: str, spread: Spread, unit: str) -> Cited:
    number = "made from one number" if spread.cases == 1 else (f"{spread.cases} cases" if spread.cases else "")
    note = "; ".join(t for t in (spread.reference_class, number, spread.cite.note) if t)
    value = f"{spread.p50:.3g} ({spread.p10:.3g}-{spread.p90:.3g})"
    return Cited(what, value, unit, spread.cite.grade, spread.cite.verified, spread.cite.sources, note)


def _unseen(window: WeatherWindow) -> bool:
    """Whether a window says neither how far one sees nor who cannot work."""
    return window.visibility_m is None and not window.shuts


def unknowns(world: World) -> tuple[str, ...]:
    """What is not known and would matter; the case's own list last."""
    out: list[str] = []
    for model in world.ways:
        out += [f"{model.id}: {reason}" for reason in model.unknown]
        out += [says for leg in model.plan.plan.legs for says in calm_says(model.id, leg)]
        out += [
            f"{model.id}: whose airspace it crosses besides those named ({', '.join(s for s, _ in leg.enters)}) is not "
            "known; no leave of theirs is counted"
            for leg in model.plan.plan.legs
            if leg.told
        ]
    out += [
        f"{model.id}: the ways from {leg.start} to {leg.end} come from a lattice over the world: up to 1.7 % longer "
        "than the shortest, and about one set of permissions in forty is missed (docs/accuracy.md)"
        for model in world.ways
        for leg in model.plan.plan.legs
        if leg.coarse
    ]
    out += [f"{p.id}: no lead time is known" for p in world.permits if p.open and p.lead_time_h is None]
    out += [
        f"persons {g.id}: {g.outside or 'no public survival model holds'}; {g.count} not counted"
        for g in world.case.persons
        if g.survival is None and not g.claims and not g.supply
    ]
    for group, _ in world.groups:
        curve = group.survival
        if curve is not None and silent(group, world.at):
            out.append(f"persons {group.id}: beyond {curve.domain_h:g} h survival is unknown and counted as none")
    if not world.case.site_elevation_m:
        out.append("elevation of the site: unknown, no terrain")
    out += [f"visibility, {w.id}: unknown, counted as good" for w in world.case.weather if _unseen(w)]
    told = world.site.told[:, min(max(int(world.at * 6.0), 0), world.site.steps - 1) :]
    if not told.all():
        out.append("weather at the site beyond the reports: unknown, counted as flyable")
    return tuple(dict.fromkeys([*out, *world.case.unknowns]))
