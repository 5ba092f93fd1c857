"""
Small invented worlds for the engine: no shipped data, no shipped law.

An asset carries the permissions it needs in its ``activities``, as ``kind:authority``; the law of these worlds only
reads them. Everybody shares the permissions of one provider: an id is made of authority, kind and provider.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from safeconduct.assessment.assessing import Question, assess_case
from safeconduct.assessment.draws import Draws
from safeconduct.assessment.engine import Means, build
from safeconduct.model.assets import Asset, AssetType, Base, GroundLink, Record
from safeconduct.model.case import Case, ClearanceEvent, ClearanceRecord, Evidence, Place, RedLine, WeatherWindow
from safeconduct.model.law import Gate
from safeconduct.model.parties import Party
from safeconduct.model.persons import PersonGroup, SurvivalModel
from safeconduct.model.sources import Cite, Dated, Figure, Spread
from safeconduct.model.space import Airspace, Polygon

START = datetime(2031, 3, 4, 8, 0, tzinfo=UTC)
GIVEN = Cite((), "given")
SITE = (10.0, 0.1)
HOST, NEIGHBOUR, THIRD = "XB", "XA", "XC"
LEAD = Spread(0.5, 1.0, 2.0, GIVEN)

HOST_SKY = Airspace(HOST, (Polygon(((8.0, -2.0), (12.0, -2.0), (12.0, 0.5), (8.0, 0.5))),))
NEIGHBOUR_SKY = Airspace(NEIGHBOUR, (Polygon(((8.0, 0.5), (12.0, 0.5), (12.0, 3.0), (8.0, 3.0))),))
THIRD_SKY = Airspace(THIRD, (Polygon(((12.0, -2.0), (14.0, -2.0), (14.0, 3.0), (12.0, 3.0))),))
SKIES = {s.needs: s for s in (HOST_SKY, NEIGHBOUR_SKY, THIRD_SKY)}


def hour(h):
    """The instant that many hours after the incident."""
    return START + timedelta(hours=h)


def sure(h):
    """A spread without spread."""
    return Spread(h, h, h, GIVEN)


def figure(value):
    return Figure(float(value), GIVEN)


class NoSkies:
    """Airspaces of nobody: flights are straight, and a clearance is first needed at the end of the way."""

    def near(self, _points, _margin_km):
        return ()

    def airspaces(self, _codes):
        return ()


class ThreeSkies:
    """The airspaces of the host, its northern neighbour and a third state in the east."""

    def near(self, _points, _margin_km):
        return tuple(SKIES)

    def airspaces(self, codes):
        return tuple(SKIES[c] for c in codes)


def law(facts):
    """Engage what the asset's activities name: ``kind:authority`` or ``kind:authority:status``."""
    gates = []
    for word in facts.activities:
        if ":" in word:
            kind, authority, status = (*word.split(":"), "blocked-grantable")[:3]
            gates.append(Gate(kind, authority, ("T-01",), status, "test", (), LEAD, "", True, GIVEN))
    return tuple(gates)


def means(skies=None):
    return Means(law, lambda _: skies or NoSkies())


def event(status, at_h, *, until_h=None, from_h=None, known_h=None):
    return ClearanceEvent(
        status,
        hour(at_h),
        hour(at_h if known_h is None else known_h),
        (),
        None if from_h is None else hour(from_h),
        None if until_h is None else hour(until_h),
        GIVEN,
    )


def record(kind, *events, authority=HOST, provider=NEIGHBOUR, lead=None, assets=()):
    """The case's record of one clearance, under the id that the engine would give it."""
    name = f"{authority}-{kind.upper()}-{provider}"
    return ClearanceRecord(name, kind, authority, "", provider, assets, events, lead, (), GIVEN)


HELICOPTER = AssetType(
    "h1",
    "helicopter",
    "helicopter",
    cruise_kmh=figure(200),
    range_km=figure(800),
    endurance_h=figure(4),
    hover_oge_m=figure(4000),
    ceiling_m=figure(6000),
    visibility_min_m=figure(800),
    visibility_min_night_m=figure(2500),
    ceiling_min_m=figure(100),
    icing_approved=False,
    sweep_width_km=Spread(0.4, 0.7, 1.1, GIVEN),
    search_speed_kmh=figure(110),
    night_sensor=True,
    hoist=True,
    mobilisation_h=Spread(0.2, 0.3, 0.5, GIVEN),
)
DRONE = replace(
    HELICOPTER,
    id="d1",
    name="drone",
    kind="uav",
    pilotless=True,
    hoist=None,
    sweep_width_km=Spread(0.8, 1.5, 2.0, GIVEN),
    visibility_min_m=None,
    visibility_min_night_m=None,
)
TEAM = AssetType(
    "t1",
    "team",
    "team",
    cruise_kmh=figure(4),
    visibility_min_m=figure(0),
    visibility_min_night_m=figure(0),
    sweep_width_km=Spread(0.03, 0.05, 0.1, GIVEN),
    search_speed_kmh=figure(2),
    night_sensor=True,
    mobilisation_h=Spread(0.2, 0.3, 0.5, GIVEN),
)


def asset(
    name="heli",
    *,
    kind=HELICOPTER,
    base="north",
    provider=NEIGHBOUR,
    needs=("entry:XB",),
    start="alarm",
    ready=None,
    effects=("find", "reach"),
    records=(),
    armed=False,
    **more,
):
    fields = {
        "id": name,
        "name": name,
        "type": kind,
        "provider": provider,
        "base": base,
        "status": "civil",
        "actor": "civil-agency",
        "armed": armed,
        "items": (),
        "count": 1.0,
        "persons": 4,
        "known_at": START,
        "offered": None,
        "mobilisation_start": start,
        "mobilisation_h": sure(ready) if ready is not None else None,
        "effects": effects,
        "records": tuple(records),
        "hypothetical": False,
        "cite": GIVEN,
        "activities": tuple(needs),
    }
    return Asset(**(fields | more))


def did(what, at_h, *, contested=False):
    return Record(what, hour(at_h), hour(at_h), GIVEN, contested)


def party(code, alarm_h=0.2, airspace=None):
    alarm = None if alarm_h is None else Dated(hour(alarm_h), hour(alarm_h), GIVEN)
    return Party(code, code, None, (), alarm, airspace)


def survival(*points, domain_h=None, spread=None):
    return SurvivalModel("test", points, "linear", domain_h or points[-1][0], spread, GIVEN)


FADING = survival((0.0, 1.0), (2.0, 0.9), (6.0, 0.2), (12.0, 0.0))


def people(count=3, model=FADING, **more):
    fields = {
        "id": "crew",
        "count": count,
        "injury": "critical",
        "exposure": "",
        "survival": model,
        "claims": (),
        "known_at": START,
        "cite": GIVEN,
    }
    return PersonGroup(**(fields | more))


def report(
    name="beacon",
    *,
    at=SITE,
    points=None,
    kind="point",
    sigma_km=0.1,
    radius_km=None,
    known=False,
    finds=False,
    reliability="A",
    credibility="1",
    known_h=0.0,
    at_h=None,
    withdrawn_h=None,
    mapped=True,
):
    place = Place(kind, tuple(points or (at,)), sigma_km, radius_km, known, GIVEN) if mapped else None
    return Evidence(
        name,
        name,
        HOST,
        hour(known_h if at_h is None else at_h),
        hour(known_h),
        reliability,
        credibility,
        place,
        None if withdrawn_h is None else hour(withdrawn_h),
        (),
        finds,
        GIVEN,
    )


def weather(name="fog", *, start_h=0.0, end_h=48.0, end_after=None, visibility_m=20_000.0, known_h=0.0, **more):
    fields = {
        "id": name,
        "place": "site",
        "start": hour(start_h),
        "end": None if end_h is None else hour(end_h),
        "end_after_h": end_after,
        "visibility_m": visibility_m,
        "cloud_base_m": None,
        "ground_hidden": False,
        "icing": False,
        "temperature_c": 10.0,
        "alternative": "",
        "weight": 1.0,
        "known_at": hour(known_h),
        "cite": GIVEN,
    }
    return WeatherWindow(**(fields | more))


BASES = (
    Base("north", "North field", (10.0, 0.9), NEIGHBOUR, 100.0, 2000.0, True, GIVEN),
    Base("far", "Far field", (10.0, 2.8), NEIGHBOUR, 100.0, 2000.0, True, GIVEN),
    Base("home", "Home field", (10.0, -0.4), HOST, 100.0, 2000.0, True, GIVEN),
    Base("east", "East field", (12.5, 0.1), THIRD, 100.0, 2000.0, True, GIVEN),
)
ROADS = (
    GroundLink("north", sure(1.5), sure(0.25), (HOST,), GIVEN),
    GroundLink("home", sure(1.0), sure(0.25), (), GIVEN),
)


def case(*assets, **more):
    """A case assessed two hours after the incident by day, place known, weather clear; fields may be overridden."""
    fields = {
        "id": "test",
        "title": "Test",
        "kind": "exercise",
        "summary": "",
        "host": HOST,
        "incident_at": START,
        "incident_cite": GIVEN,
        "emergency": "aircraft-accident",
        "lost": "aircraft",
        "lost_is_civil": True,
        "in_conflict": False,
        "assess_at": hour(1.0),
        "seed": 7,
        "srr": "",
        "smc": "",
        "phase": "",
        "sources": (),
        "parties": (party(HOST), party(NEIGHBOUR), party(THIRD)),
        "persons": (people(),),
        "evidence": (report(known=True),),
        "weather": (weather("clear"),),
        "bases": BASES,
        "ground": ROADS,
        "assets": assets,
        "clearances": (),
        "red_lines": (),
        "offers": (),
        "happenings": (),
        "site_elevation_m": (figure(200),),
        "assumptions": (),
        "unknowns": (),
        "own_borders_only": True,
    }
    return Case(**(fields | more))


def red_line(**more):
    fields = {
        "id": "line",
        "party": HOST,
        "says": "no",
        "providers": (),
        "armed": False,
        "kinds": (),
        "items": (),
        "assets": (),
        "known_at": START,
        "cite": GIVEN,
    }
    return RedLine(**(fields | more))


FEW = {"draws": 20, "chances": 10, "skies": 4}


def world_of(case, at_h=1.0, by_h=24.0, *, skies=None, **draws):
    """The case in numbers, at that hour."""
    world, _ = build(case, hour(at_h), hour(by_h), means(skies), Draws(case.seed, **(FEW | draws)))
    return world


def assessed(case, at_h=1.0, goal="survivors", *, skies=None, target=None, by_h=None, **draws):
    """The whole answer, at that hour."""
    question = Question(hour(at_h), goal, None if by_h is None else hour(by_h), target)
    return assess_case(case, question, means(skies), draws=Draws(case.seed, **(FEW | draws)))


def way_of(answer, name):
    return next(w for w in answer.ways if w.id == name)


def permit_of(answer, name):
    return next(c for c in answer.clearances if c.id == name)
