"""Deployable resources: what a type can do, and one resource of a case."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.model.instants import Instant
from safeconduct.model.sources import Cite, Dated, Figure, Spread
from safeconduct.model.space import LonLat

ASSET_KINDS = ("helicopter", "fixed-wing", "uav", "vehicle", "team", "ship", "satellite")
EFFECTS = ("find", "reach", "image", "carry")
MOBILISATION_STARTS = ("alarm", "request", "approval")
ACTORS = ("military", "civil-agency", "ngo", "individual")
RECORD_EVENTS = (
    "mobilising",
    "ready",
    "take-off",
    "entered",
    "done",
    "on-scene",
    "find",
    "reached",
    "left",
    "ended",
    "turned-back",
)
MOVES = ("fly", "drive", "walk", "sail")
STAYS = ("handle", "formalities")
STEP_MODES = (*MOVES, *STAYS)
RESCUE = "rescue"
"""Kind of help of an asset whose case tells no kinds apart."""


@dataclass(frozen=True, slots=True)
class AssetType:
    """
    What a type of resource can do. A cell without a source is None, and whatever needs it answers *unknown*.

    Args:
        id: Name used by cases, such as ``mi-17``.

        kind: One of `ASSET_KINDS`.

        cruise_kmh: Speed over ground for planning in still air.

        range_km: Distance with standard fuel, no reserve unless the citation says so.

        endurance_h: Time aloft, or at work without relief.

        ceiling_m: Service ceiling.

        hover_oge_m: Hover out of ground effect at ISA, pressure altitude.

        runway_m: Shortest runway.

        seats: Persons besides the crew.

        payload_kg: Load.

        visibility_min_m: Least horizontal visibility by day.

        visibility_min_night_m: The same by night; None means it does not fly by night.

        ceiling_min_m: Least cloud base by day.

        icing_approved: Whether known icing is allowed; None is unknown.

        crew_duty_h: Longest duty of one crew.

        sweep_width_km: Effective sweep width against a wreck on land in good visibility.

        search_speed_kmh: Speed while searching.

        sees_through_cloud: Whether its sensor works above cloud (radar); False for eyes, cameras and infrared.

        night_sensor: Whether it can search by night.

        pilotless: Whether no one is aboard.

        hoist: Whether it can lift persons without landing; None is unknown.
    """

    id: str
    name: str
    kind: str
    cruise_kmh: Figure | None = None
    range_km: Figure | None = None
    endurance_h: Figure | None = None
    ceiling_m: Figure | None = None
    hover_oge_m: Figure | None = None
    runway_m: Figure | None = None
    seats: Figure | None = None
    payload_kg: Figure | None = None
    visibility_min_m: Figure | None = None
    visibility_min_night_m: Figure | None = None
    ceiling_min_m: Figure | None = None
    icing_approved: bool | None = None
    crew_duty_h: Figure | None = None
    sweep_width_km: Spread | None = None
    search_speed_kmh: Figure | None = None
    sees_through_cloud: bool = False
    night_sensor: bool = False
    pilotless: bool = False
    hoist: bool | None = None
    mobilisation_h: Spread | None = None
    cite: Cite | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """
    A place from which resources start, refuel or go on by road.

    Args:
        id: Name used by the case.

        position: (lon, lat), degrees.

        state: State on whose territory it lies.

        elevation_m: Above mean sea level; None is unknown.

        runway_m: Longest usable runway; None is unknown, 0 none.

        fuel: Whether visiting aircraft can refuel; None is unknown.
    """

    id: str
    name: str
    position: LonLat
    state: str
    elevation_m: float | None
    runway_m: float | None
    fuel: bool | None
    cite: Cite


@dataclass(frozen=True, slots=True)
class GroundLink:
    """
    Going on by road and foot from a base to the site.

    Args:
        start: Id of the base.

        drive_h: Hours on the road; None where nobody has said.

        walk_h: Hours on foot from the road's end; None where nobody has said and there is no terrain.

        enters: States entered on the way besides the base's own.
    """

    start: str
    drive_h: Spread | None
    walk_h: Spread | None
    enters: tuple[str, ...]
    cite: Cite


@dataclass(frozen=True, slots=True)
class Record:
    """
    What an asset was recorded to do.

    Args:
        event: One of `RECORD_EVENTS`.

        contested: Whether somebody denies it.

        step: Id of the step that ended, for ``done``.

        by: Party that sent it back or ended it; empty where no source says.
    """

    event: str
    at: Instant
    known_at: Instant
    cite: Cite
    contested: bool = False
    note: str = ""
    step: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """
    One step of a chain that the case spells out: a move, or something done where the last move ended.

    Args:
        id: Name within the asset.

        mode: One of `STEP_MODES`; ``handle`` moves gear from one carrier to the next, ``formalities`` are passports and
            customs.

        to: Id of a base or ``site`` for a move; empty for what is done on the spot.

        hours: How long it takes; None takes the speed, or the airspaces for a flight, else it is unknown.

        speed_kmh: Speed along the straight line, for drive, walk and sail.

        needs: Ids of assets that must have arrived at the end of their own chains before it begins.

        after: A dated event before which it cannot begin.

        enters: States entered besides those of its start and its end.

        factor: Of a flight whose hours are computed: recorded over planned hours of other flights; None leaves it.
    """

    id: str
    mode: str
    to: str
    hours: Spread | None
    speed_kmh: Spread | None
    needs: tuple[str, ...]
    after: Dated | None
    enters: tuple[str, ...]
    cite: Cite
    factor: Spread | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """
    One resource of a case.

    Args:
        type: Its type; None for an offer that named none: its ways are *unknown*.

        provider: Party that sends it.

        base: Id of the base it starts from; None where no source says.

        status: ``state`` or ``civil``, for the law of the air.

        actor: One of `ACTORS`.

        armed: None is unknown.

        items: Things carried that some law asks about, such as ``night-vision``.

        count: How many of the type.

        persons: People it brings who cross the border.

        known_at: When it entered the world of the case (conceivable from the start: the incident).

        offered: When it was offered.

        mobilisation_start: One of `MOBILISATION_STARTS`.

        mobilisation_h: From that start to moving; None falls back on the type's.

        effects: What it does on scene, of `EFFECTS`.

        hypothetical: No source names it.

        help: Kind of help; the limiting cause is told for each kind.

        steps: The chain from the base on, where the case spells it out; empty takes roads and airspaces.

        work_h: Work on scene from the arrival to the effect; None is none.
    """

    id: str
    name: str
    type: AssetType | None
    provider: str
    base: str | None
    status: str
    actor: str
    armed: bool | None
    items: tuple[str, ...]
    count: float
    persons: int
    known_at: Instant
    offered: Dated | None
    mobilisation_start: str
    mobilisation_h: Spread | None
    effects: tuple[str, ...]
    records: tuple[Record, ...]
    hypothetical: bool
    cite: Cite
    note: str = ""
    activities: tuple[str, ...] = ()
    sweep_width_km: Spread | None = None
    flight_time_h: Spread | None = None
    product_time_h: Spread | None = None
    detect_once: Spread | None = None
    via: tuple[str, ...] = ()
    help: str = RESCUE
    steps: tuple[Step, ...] = ()
    work_h: Spread | None = None
