"""
A "no" taken apart: the verdict of each way, and the smallest change that would have made it useful.

*In time* means that the way alone lifts the value by at least half a point: on top of what is free, or, where others
who find first would hide it, on top of those who can only reach.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from safeconduct.assessment.board import Permit
from safeconduct.assessment.clocks import arrival_clock, clear, search_clock
from safeconduct.assessment.draws import Array
from safeconduct.assessment.regimes import (
    NEVER,
    Outcome,
    Regime,
    all_at,
    all_now,
    as_it_stands,
    granted_h,
    movement,
    nothing_more,
    outcome,
    told,
)
from safeconduct.assessment.value import POINT, Run, expected, margin, maximum, value_of
from safeconduct.assessment.world import WayModel, World, sweep_km

VERDICTS = (
    "useful",
    "red-line",
    "physical",
    "alarm",
    "time",
    "request",
    "clearance",
    "superseded",
    "unknown",
)
NOTHING = 1e-9
"""Least lift that counts where nobody is counted: to lift nothing is not to be useful."""

EARLY_ALARM_H = 0.2
"""*Everybody alarmed*: within twelve minutes, as the companions were in the case this was written for."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One cause and what it names.

    Args:
        cause: Of `VERDICTS`.

        what: Whose red line, which limit, which clearance, what is missing.
    """

    cause: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What stands between a way and being useful.

    Args:
        first: The first cause that holds.

        others: Further causes that hold.

        changes: Names of the smallest set of changes that makes it useful; None if none that was tried does.

        grants: Clearances among those changes.

        lift: By how much it lifts the value as things stand, by draw.

        lift_now: The same with all its open clearances granted now.

        margin: Standard errors by which the nearest of the comparisons that decide the verdict is clear of half a
            point: below `BORDERLINE` another seed may say otherwise.
    """

    first: Finding
    others: tuple[Finding, ...]
    changes: tuple[str, ...] | None
    grants: tuple[str, ...]
    lift: Array
    lift_now: Array
    margin: float


CARRIES = ("carry",)
CARRIED = (
    "it brings goods or gear, and no goal here counts them by themselves: see what limits it, and who waits for it"
)
"""What no value of ours measures is not called too late or too far."""


class Judge:
    """Judges every way of one world for one goal; what the ways share is computed once."""

    def __init__(self, world: World, goal: str) -> None:
        self._world = world
        self._goal = goal
        self._point = max(POINT * maximum(world, goal), NOTHING)
        self._free = _usable(world, nothing_more(world))
        self._present = as_it_stands(world)
        self._now = all_now(world)
        self._yes = replace(
            self._now, grants={p.id: min(granted_h(world, p), world.at) for p in world.permits}, ends={}
        )
        """As all now, the refused ones granted as well."""
        self._margin = math.inf
        self._base: dict[tuple[str, bool, bool], tuple[list[tuple[WayModel, Outcome]], Array]] = {}

    def verdict(self, way: WayModel) -> Verdict:
        """The verdict of one way, never None."""
        lift = self._lift(way, outcome(way, self._present), record=True)
        lift_now = self._lift(way, outcome(way, self._now), record=True)
        self._margin = math.inf
        found = self._causes(way, lift)
        nearest = self._margin
        changes, grants = self._smallest_change(way, found[0])
        delays = self._delays(way) if found[0].cause != "useful" else []
        first = found[0]
        if first.what == ("effect",):
            first = replace(first, what=("effect", *(w for d in delays if d.cause == "physical" for w in d.what)))
        others = tuple(f for f in (*found[1:], *delays) if f.cause != first.cause)
        return Verdict(first, others, changes, grants, lift, lift_now, nearest)

    def _delays(self, way: WayModel) -> list[Finding]:
        """What else holds it up by an hour or more, whether or not it decides."""
        if not way.plan.plan.legs or way.arrived is not None:
            return []
        alarmed = way.asset.provider in self._world.alarms
        _, arrival = movement(replace(way, grounded=""), self._now)
        _, clear_arrival = movement(ease(replace(way, grounded=""), ("weather", "light"), self._world), self._now)
        waits = float(np.median(arrival)) - float(np.median(clear_arrival)) if np.isfinite(clear_arrival).all() else 0.0
        limits = [
            *([way.grounded] if way.grounded else []),
            *(["weather"] if waits >= 1.0 else []),
            *([_far(way)] if float(np.median(way.transit_h)) >= 1.0 else []),
            *(["readiness"] if float(np.median(way.mobilise_h)) >= 1.0 else []),
        ]
        untold = [] if alarmed else [Finding("alarm", (way.asset.provider,))]
        return untold + ([Finding("physical", tuple(limits))] if limits else [])

    def _causes(self, way: WayModel, lift: Array) -> list[Finding]:
        """All causes that hold, the first one first."""
        if way.unknown and not way.plan.plan.legs:
            return [Finding("unknown", way.unknown)]
        if self._enough(lift):
            return [Finding("useful", ())]
        line = [Finding("red-line", (way.bar,))] if way.bar else []
        open_way = replace(way, bar="")
        if not self._in_time(open_way, all_at(self._world, 0.0, alarms=told(self._world, 0.0))):
            if way.plan.plan.effects == CARRIES:
                return [*line, Finding("unknown", (CARRIED,)), *self._papers(way)]
            limits = self._limits(open_way)
            cause = Finding("unknown", way.unknown) if way.unknown and not limits else Finding("physical", limits)
            return [*line, cause, *self._papers(way)]
        late = self._too_late(open_way)
        rest = self._papers(way)
        found = [*line, *late, *rest]
        if not found and self._in_time(open_way, self._present):
            found = [Finding("superseded", ("found first",))]
        return found or [Finding("unknown", way.unknown or ("why it adds nothing",))]

    def _too_late(self, way: WayModel) -> list[Finding]:
        if not self._in_time(way, self._at_alarm()):
            return [Finding("alarm", (way.asset.provider,))]
        return [] if self._in_time(way, self._yes) else [Finding("time", ())]

    def _at_alarm(self) -> Regime:
        """Everything granted when the provider came to know; where it does not know yet, now."""
        alarms = told(self._world, self._world.at)
        return all_at(self._world, alarms, alarms=alarms)

    def _papers(self, way: WayModel) -> list[Finding]:
        """Requests and clearances that keep it from being in time as things stand."""
        missing = self._missing(way)
        if not missing or self._in_time(replace(way, bar=""), self._present):
            return []
        unasked = [p.id for p in missing if p.kind == "request" and not _was_asked(p)]
        others = [p.id for p in missing if p.id not in unasked]
        request = [Finding("request", tuple(unasked))] if unasked else []
        return request + ([Finding("clearance", tuple(others))] if others else [])

    def _permits(self, way: WayModel) -> list[Permit]:
        return [self._world.permit(n.clearance) for n in way.needs]

    def _in_time(self, way: WayModel, regime: Regime) -> bool:
        """Whether the way alone lifts the value enough, had nobody found them first."""
        done = outcome(way, regime)
        if not np.isfinite(done.arrival).any():
            return False
        lifts = [self._lift(way, done, record=False)]
        if way.finds and expected(lifts[0]) < self._point:
            lifts.append(self._lift(way, done, record=False, finders=False))
        return self._enough(*lifts)

    def _enough(self, *lifts: Array) -> bool:
        """Whether any of the lifts is half a point or more; keeps how near the nearest such question was."""
        clear = max(margin(lift - self._point) for lift in lifts)
        self._margin = min(self._margin, abs(clear))
        return any(expected(lift) >= self._point for lift in lifts)

    def _lift(self, way: WayModel, done: Outcome, *, record: bool, finders: bool = True) -> Array:
        others, base = self._others(way, record=record, finders=finders)
        lifted: Array = value_of(self._world, self._goal, [*others, (way, done)], record=record) - base
        return lifted

    def _others(self, way: WayModel, *, record: bool, finders: bool) -> tuple[Run, Array]:
        """What is free without this asset: with its value."""
        key = (way.asset.id if any(w.asset.id == way.asset.id for w, _ in self._free) else "", record, finders)
        if key not in self._base:
            others = [(w, o if finders else _blind(o)) for w, o in self._free if w.asset.id != way.asset.id]
            self._base[key] = (others, value_of(self._world, self._goal, others, record=record))
        return self._base[key]

    def _limits(self, way: WayModel) -> tuple[str, ...]:
        """Which physical facts keep it out: the fewest that, lifted together, would bring it in time."""
        eased = easings(way, self._world)
        at_once = all_at(self._world, 0.0, alarms=told(self._world, 0.0))
        if not self._in_time(ease(way, eased, self._world), at_once):
            return () if way.unknown else ("effect",)
        for size in range(1, len(eased)):
            for chosen in combinations(eased, size):
                if self._in_time(ease(way, chosen, self._world), at_once):
                    return chosen
        return eased

    def _smallest_change(self, way: WayModel, first: Finding) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
        """
        The smallest set of changes that makes it useful: the grants it lacks, then as few as possible of: granted at
        the alarm, everybody alarmed at once, and the physical limits lifted.
        """
        if first.cause == "useful" or (way.unknown and not way.plan.plan.legs):
            return None, ()
        grants = tuple(p.id for p in self._missing(way))
        names = easings(way, self._world)
        moves = ("red line waived",) if way.bar else ()
        open_way = replace(way, bar="")
        early = told(self._world, EARLY_ALARM_H)
        at_once = ("everybody alarmed at once",), all_at(self._world, early, alarms=early), False
        if not self._useful(ease(open_way, names, self._world), at_once[1], record=False):
            return None, grants
        whens = (((), self._yes, True), (("granted at the alarm",), self._at_alarm(), False), at_once)
        for size in range(len(names) + 2):
            for when, regime, record in whens:
                for chosen in combinations(names, size - len(when)) if size >= len(when) else ():
                    if self._useful(ease(open_way, chosen, self._world), regime, record=record):
                        return (*moves, *when, *(CHANGES[c] for c in chosen)), grants
        return None, grants

    def _missing(self, way: WayModel) -> list[Permit]:
        """
        Clearances of the way that keep it from being in time: those that, as things stand, never come; where all come,
        those that come later than now, or run out.
        """
        if way.arrived is not None:
            return []
        permits = self._permits(way)
        never = [p for p in permits if not np.isfinite(np.asarray(self._present.grants[p.id])).all()]
        late = [
            p
            for p in permits
            if p.granted_until is not None or (np.asarray(self._present.grants[p.id]) > self._world.at).any()
        ]
        if self._in_time(replace(way, bar=""), self._present):
            return never
        if never and self._in_time(replace(way, bar=""), self._granted(never)):
            return never
        return [p for p in permits if p in never or p in late]

    def _granted(self, permits: Iterable[Permit]) -> Regime:
        """As things stand, with those granted now."""
        return replace(self._present, grants={**self._present.grants, **{p.id: self._world.at for p in permits}})

    def _useful(self, way: WayModel, regime: Regime, *, record: bool) -> bool:
        done = outcome(way, regime)
        return expected(self._lift(way, done, record=record)) >= self._point


CHANGES = {
    "weather": "clear weather",
    "light": "daylight",
    "product": "a product at once",
    "distance": "a base next to the site",
    "readiness": "ready to leave at once",
    "sensor": "a sensor that sees through cloud",
    "range": "fuel on the way",
    "ceiling": "an aircraft with a higher ceiling",
    "hover": "a helicopter that can hover there",
}


def _was_asked(permit: Permit) -> bool:
    return permit.record is not None and any(e.status != "lapsed" for e in permit.record.events)


def _usable(world: World, regime: Regime) -> list[tuple[WayModel, Outcome]]:
    done = [(w, outcome(w, regime)) for w in world.ways]
    return [(w, o) for w, o in done if np.isfinite(o.arrival).any()]


def _blind(done: Outcome) -> Outcome:
    return replace(done, found=np.full_like(done.found, NEVER))


def _far(way: WayModel) -> str:
    return "product" if way.asset.type is not None and way.asset.type.kind == "satellite" else "distance"


def easings(way: WayModel, world: World) -> tuple[str, ...]:
    """Names of the physical limits that could matter for *way*, of `CHANGES`."""
    kind = way.asset.type
    if kind is None or not way.plan.plan.legs:
        return ()
    remote = kind.kind == "satellite"
    blind = way.search is not None and not kind.sees_through_cloud and kind.kind in ("uav", "fixed-wing", "satellite")
    matters = {
        "product": remote and float(np.median(way.transit_h)) > 0.5,
        "distance": not remote and float(np.median(way.transit_h)) > 0.5,
        "readiness": float(np.median(way.mobilise_h)) > 0.25,
        "weather": bool(world.site.told.any()) and not remote,
        "light": not remote and not (kind.night_sensor and kind.visibility_min_night_m is not None),
        "sensor": blind and bool(world.site.ground_hidden.any()),
        "hover": "reach" in way.plan.plan.effects and not way.reaches,
    }
    grounded = (way.grounded,) if way.grounded else ()
    return (*grounded, *(name for name, does in matters.items() if does))


def ease(way: WayModel, names: Iterable[str], world: World) -> WayModel:
    """*way* with the limits *names* lifted together."""
    chosen, kind = frozenset(names), way.asset.type
    if kind is None or not chosen:
        return way
    if chosen & {"range", "ceiling"}:
        way = replace(way, grounded="")
    if "hover" in chosen:
        way = replace(way, reaches=True)
    if chosen & {"distance", "product"}:
        way = replace(way, legs_h=np.zeros_like(way.legs_h))
    if "readiness" in chosen:
        way = replace(way, mobilise_h=np.zeros_like(way.mobilise_h))
    if not chosen & {"weather", "light", "sensor"}:
        return way
    seeing = replace(kind, sees_through_cloud=kind.sees_through_cloud or "sensor" in chosen)
    sky = clear(world.site.day, world.draws) if "weather" in chosen else world.site
    sky = replace(sky, day=np.ones_like(sky.day)) if "light" in chosen else sky
    search = None if way.search is None else search_clock(seeing, sky, sweep_km(way.asset))
    return replace(way, arrive=arrival_clock(seeing, sky), search=search)
