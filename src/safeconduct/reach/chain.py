"""What a way is before any permission is looked at: legs, chains of legs, and the ground they are planned over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from safeconduct.model.assets import Asset, Base, GroundLink
from safeconduct.model.sources import Dated, Spread
from safeconduct.model.space import LonLat
from safeconduct.reach.airways import Flights, SkiesLike
from safeconduct.reach.winds import Blown, Winds


@dataclass(frozen=True, slots=True)
class PlanLeg:
    """
    One leg.

    Args:
        mode: fly, land, drive, walk, sail, handle, formalities or remote.

        hours: How long it takes.

        enters: (state, share of the leg flown or driven when it is entered), in order; the asset's own state left out.

        id: Name of the step of the case that it stands for; empty where the program made it.

        waits: Ids of assets that must have arrived before it begins.

        after: A dated event before which it cannot begin.

        state: On whose territory it ends, for a step of the case; empty otherwise.

        told: Whether the case itself names the states whose leave the flight needs; what else it flies over is not
            looked for.

        blown: A flight in the winds that the case gives; *hours* then hold in the median of each. None where the case
            gives none, or states the hours.

        coarse: Whether its way was looked for on the lattice of the world.
    """

    mode: str
    start: str
    end: str
    path: tuple[LonLat, ...]
    distance_km: float | None
    hours: Spread
    enters: tuple[tuple[str, float], ...]
    id: str = ""
    waits: tuple[str, ...] = ()
    after: Dated | None = None
    state: str = ""
    told: bool = False
    blown: Blown | None = None
    coarse: bool = False

    @property
    def spent_km(self) -> float:
        """What it takes of the range: kilometres through the air, as far as winds are known."""
        return self.blown.air_km if self.blown is not None else self.distance_km or 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """
    One course of action of one asset.

    Args:
        asset: Id.

        legs: From where it is to the effect on scene; empty where something needed is unknown.

        lands: (state, index of the leg before whose end it lands), states other than its own.

        effects: What it does at the end of this chain.

        range_left_km: After reaching the site, with the way to the nearest base that may have fuel and reserve taken
            off; None where the range is unknown or does not matter. Below zero the way is physically closed.

        hoped_fuel: Bases whose fuel is unknown and without which the range would not do.

        unknown: What is missing to say more.
    """

    asset: str
    legs: tuple[PlanLeg, ...]
    lands: tuple[tuple[str, int], ...]
    effects: tuple[str, ...]
    range_left_km: float | None
    unknown: tuple[str, ...]
    hoped_fuel: tuple[str, ...] = ()

    @property
    def hours(self) -> float:
        """Median hours, legs added."""
        return sum(leg.hours.p50 for leg in self.legs)

    @property
    def states(self) -> frozenset[str]:
        """States entered, the asset's own left out."""
        return frozenset(s for leg in self.legs for s, _ in leg.enters) | frozenset(s for s, _ in self.lands)


@dataclass(frozen=True, slots=True)
class Ground:
    """
    What ways are planned over.

    Args:
        winds: Those that the case gives; None where it gives none.

        flights: Finds the flights over *skies*, and keeps those it has found.
    """

    site: LonLat
    host: str
    bases: tuple[Base, ...]
    links: tuple[GroundLink, ...]
    skies: SkiesLike
    winds: Winds | None = None
    flights: Flights = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "flights", Flights(self.skies))

    def base(self, name: str | None) -> Base | None:
        """The base of that id, or None."""
        return next((b for b in self.bases if b.id == name), None)


def unknown_plan(asset: Asset, reason: str) -> Plan:
    """The plan of an asset of which too little is known to plan; *reason* says what is missing."""
    return Plan(asset.id, (), (), asset.effects, None, (reason,))


def undominated(found: Sequence[Plan]) -> tuple[Plan, ...]:
    """
    Of the known plans those that no other beats, the fastest first; one that says what is unknown where none is known.

    A plan beats another of the same effects if it is no slower and enters no other state; one within range beats one
    out of range however much slower it is, and one that rests on no unknown fuel is not beaten by one that does.

    Args:
        found: At least one.
    """
    known = [p for p in found if not p.unknown]
    if not known:
        return (found[0],)
    kept: list[Plan] = []
    for plan in sorted(known, key=lambda p: (_closed(p), p.hours, len(p.states), sorted(p.states))):
        if not any(k.effects == plan.effects and k.states <= plan.states and _as_sure(k, plan) for k in kept):
            kept.append(plan)
    return tuple(kept)


def _closed(plan: Plan) -> bool:
    """Whether it is out of range."""
    return plan.range_left_km is not None and plan.range_left_km < 0.0


def _as_sure(plan: Plan, other: Plan) -> bool:
    """Whether *plan* rests on no unknown fuel, unless *other* does too or is out of range anyway."""
    return not plan.hoped_fuel or bool(other.hoped_fuel) or _closed(other)
