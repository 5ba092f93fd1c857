"""Crews, sectors and plans made by hand for the tests of patterns, sheets and files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from safeconduct.desk.cases import load_case
from safeconduct.desk.search import plan_search
from safeconduct.model.sources import Cite, Spread
from safeconduct.search.grid import SearchGrid, SearchMap, normalised
from safeconduct.search.plan import Crews, Resource, Sector
from safeconduct.search.planned import Planned
from safeconduct.search.sensors import Sensor

AT = datetime(2024, 5, 20, 3, tzinfo=UTC)
CITE = Cite(("test",), "A")


@cache
def shipped() -> Planned:
    """The plan of the shipped case at 15:00."""
    return plan_search(load_case("varzaqan-2024"), at="2024-05-19T15:00Z")


def crew(**given) -> Resource:
    """A cleared helicopter unless told otherwise."""
    sensor = Sensor(Spread(0.8, 1.0, 1.2, CITE, "", 1), 120.0, "made for a test", True, None, 300.0)
    whole = Resource(
        id="heli", name="Helicopter", kind="helicopter", provider="IR", count=1.0, base=(46.2, 38.6), sensor=sensor,
        open_h=(1.0,) * 12, transit_kmh=220.0, endurance_h=3.0, on_scene=AT, arrival=(AT, AT), cleared=True, missing=(),
        mark="", risk=("low",), unknown=(),
    )  # fmt: skip
    return replace(whole, **given)


def on_foot(units=8.0, **given) -> Resource:
    """Teams that walk."""
    sensor = Sensor(Spread(0.02, 0.06, 0.1, CITE, "", 1), 1.5, "made for a test", False)
    walking = crew(
        id="teams", name="Teams", kind="team", count=units, sensor=sensor, transit_kmh=None, endurance_h=None
    )
    return replace(walking, **given)


def grid_at(lon=46.65, lat=38.72, cells=60, cell_km=0.5) -> SearchGrid:
    """A square map with its origin in the middle."""
    half = cells * cell_km / 2.0
    return SearchGrid((lon, lat), -half, -half, cell_km, cells, cells)


def sector_on(grid: SearchGrid, west, south, wide, tall, **given) -> Sector:
    """A rectangle on the plane of a map, for one hour of work within two on scene."""
    corners = ((west, south), (west + wide, south), (west + wide, south + tall), (west, south + tall), (west, south))
    whole = Sector(
        id="S1", resource="heli", number=1, ring=tuple(grid.place(x, y) for x, y in corners), corners_km=corners,
        length_km=max(wide, tall), width_km=min(wide, tall), bearing_deg=90.0 if wide >= tall else 0.0,
        area_km2=wide * tall, start=AT, end=AT + timedelta(hours=2), stay_h=2.0, hours=1.0, units=1.0, spacing_km=1.0,
        coverage=0.5, pod=(0.39, 0.47), poa=0.2, pos=0.08, why=(("companions-track", 2.0),),
    )  # fmt: skip
    return replace(whole, **given)


def plan_of(*pairs: tuple[Resource, Sector], grid: SearchGrid | None = None, poa=None, **given) -> Planned:
    """The shipped plan with crews, sectors and map of one's own."""
    planned = shipped()
    own = grid or grid_at()
    weights = own.x_km * 0.0 + 1.0 if poa is None else poa(own)
    chart: SearchMap = normalised(own, weights, 0.05)
    named = {resource.id: resource for resource, _ in pairs}
    crews = Crews(tuple(named.values()), (), planned.plan.crews.slices, ())
    sectors = tuple(replace(s, resource=r.id, units=r.count) for r, s in pairs)
    return replace(planned, plan=replace(planned.plan, map=chart, crews=crews, sectors=sectors), **given)
