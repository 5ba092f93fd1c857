"""A hand-made answer about an invented accident: every kind of way, verdict and clearance that a page can show."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from safeconduct.assessment.answer import (
    Ask,
    AskOrder,
    Assessment,
    AssetRef,
    Basis,
    CaseRef,
    Cause,
    Cited,
    Clearance,
    ClearanceHistory,
    Containment,
    Coordination,
    Counterfactual,
    CurvePoint,
    Delay,
    Effect,
    GoalValue,
    InstantQuantiles,
    Interaction,
    LeadTime,
    Leg,
    LightWindow,
    Limit,
    LimitingCause,
    MapSource,
    Moment,
    Persons,
    Point,
    Quantiles,
    RecordedEvent,
    Risk,
    Sets,
    SourceRef,
    Stage,
    Value,
    Way,
    WeatherReport,
    Where,
    Windows,
    Worth,
)

INCIDENT = datetime(2031, 5, 19, 10, 0, tzinfo=UTC)
AS_OF = INCIDENT + timedelta(hours=7)
SITE: Point = (10.62, 46.74)
BASES: dict[str, Point] = {
    "Northfield": (11.34, 47.26),
    "Southbury": (11.33, 46.46),
    "Eastholm": (13.05, 47.79),
    "Westmere": (8.55, 47.46),
    "Farport": (12.35, 45.51),
    "Highpass": (9.88, 46.53),
}


def at(hours: float) -> datetime:
    return INCIDENT + timedelta(hours=hours)


def q(p10: float, p50: float, p90: float) -> Quantiles:
    return Quantiles(p10, p50, p90)


def iq(p10: float, p50: float | None, p90: float | None) -> InstantQuantiles:
    return InstantQuantiles(at(p10), None if p50 is None else at(p50), None if p90 is None else at(p90))


def ring(centre: Point, radius_km: float, squash: float = 0.6) -> tuple[Point, ...]:
    lon, lat = centre
    return tuple(
        (
            lon + radius_km / 76.0 * math.cos(math.radians(a)),
            lat + squash * radius_km / 111.0 * math.sin(math.radians(a)),
        )
        for a in range(0, 360, 12)
    )


def leg(mode: str, base: str, needs: tuple[str, ...], *, cleared: bool, km: float | None = 90.0, mark: str = "") -> Leg:
    start = BASES.get(base, SITE)
    middle = ((start[0] + SITE[0]) / 2, (start[1] + SITE[1]) / 2 + 0.05)
    path = (start, middle, SITE) if mode not in {"remote", "hoist"} else ()
    said = mark or ("" if cleared else "NOT CLEARED - DO NOT FLY")
    return Leg(mode, base, "site", path, km, q(0.4, 0.6, 0.9), ("XA",) if needs else (), needs, cleared, said)


def way(
    ident: str,
    name: str,
    verdict: str,
    *,
    base: str = "Northfield",
    provider: str = "XB",
    kind: str = "air",
    asset_kind: str = "helicopter",
    state: str = "possible",
    arrival: InstantQuantiles | None = None,
    needs: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    because: Cause | None = None,
    lift: Quantiles | None = None,
    lift_now: Quantiles | None = None,
    risk: Risk | None = None,
    hypothetical: bool = False,
    legs: tuple[Leg, ...] | None = None,
    counterfactual: Counterfactual | None = None,
    limits: tuple[Limit, ...] = (),
    recorded: tuple[RecordedEvent, ...] = (),
    verified_share: float = 0.8,
    other: tuple[Cause, ...] = (),
) -> Way:
    mode = {"air": "fly", "ground": "drive", "sea": "sail", "remote": "remote", "mixed": "fly"}[kind]
    return Way(
        id=ident,
        asset=AssetRef(ident, asset_kind, "mi-17", hypothetical, name, base, 1.0),
        provider=provider,
        kind=kind,
        state=state,
        arrival=arrival,
        legs=legs if legs is not None else (leg(mode, base, needs, cleared=not missing),),
        needs=needs,
        missing=missing,
        limits=limits,
        verdict=verdict,
        because=because or Cause(verdict, missing, f"it is {verdict}"),
        other_causes=other,
        counterfactual=counterfactual,
        effect=Effect(("find",), lift or q(0, 0, 0), lift_now or q(0, 0, 0)),
        risk=risk or Risk("low", ()),
        recorded=recorded,
        verified_share=verified_share,
        note="",
    )


FOG = Limit("visibility", "no", "visibility 5 m below the minimum of 800 m", verified=True, sources=("S2",))
HOVER = Limit("hover", "marginal", "hover out of ground effect within its 15 % band at 2,500 m", False, ("S4",))


def ways() -> tuple[Way, ...]:
    ask = Counterfactual(
        possible=True,
        changes=("XA asks for it now",),
        clearances=("XA-ENTRY-XB",),
        says="It would be useful if XA asked for it now.",
    )
    two = (
        leg("fly", "Farport", ("XC-OVER-XD",), cleared=True),
        leg("drive", "Southbury", ("XA-PERSONS-XD",), cleared=False, km=74.0),
    )
    return (
        way("own-teams", "Own mountain teams, 46 teams", "useful", provider="XA", kind="ground", asset_kind="team",
            base="Southbury", state="under-way", arrival=iq(12.0, 15.5, 21.0), lift=q(0.2, 0.41, 0.6),
            lift_now=q(0.2, 0.41, 0.6), risk=Risk("elevated", ("night", "rain turning to snow"))),
        way("uav-night", "Unarmed UAV with infrared", "request", arrival=iq(10.4, 11.7, 14.2), asset_kind="uav",
            needs=("XA-REQUEST", "XA-ENTRY-XB", "XA-UNMANNED-XB", "XB-DEPLOY"),
            missing=("XA-REQUEST", "XA-ENTRY-XB", "XA-UNMANNED-XB"), base="Westmere",
            because=Cause("request", ("XA-REQUEST",), "nobody asked XB"), counterfactual=ask,
            lift_now=q(0.05, 0.14, 0.3), verified_share=0.7),
        way("heli-night", "Night-vision helicopter", "physical", arrival=iq(13.5, 16.1, None),
            needs=("XA-ENTRY-XB", "XA-LAND-XB"), missing=("XA-ENTRY-XB", "XA-LAND-XB"),
            because=Cause("physical", ("visibility",), "visibility 5 m below its minimum of 800 m until 03:00Z"),
            risk=Risk("high", ("night", "icing")), limits=(FOG, HOVER),
            other=(Cause("clearance", ("XA-ENTRY-XB",), "not granted"),)),
        way("mountain-b", "Mountain rescuers, 17 of XB", "clearance", kind="ground", asset_kind="team",
            arrival=iq(14.0, 17.2, 24.0), needs=("XA-PERSONS-XB",), missing=("XA-PERSONS-XB",),
            because=Cause("clearance", ("XA-PERSONS-XB",), "entry of persons not granted"),
            counterfactual=Counterfactual(True, ("grant XA-PERSONS-XB",), ("XA-PERSONS-XB",),
                                          "It would be useful if XA let them in."),
            lift_now=q(0.01, 0.03, 0.08), verified_share=0.3),
        way("jets-d", "Two transport jets with a team", "time", provider="XD", kind="mixed", base="Farport",
            asset_kind="fixed-wing", arrival=iq(17.0, 20.5, 27.0), needs=("XC-OVER-XD", "XA-PERSONS-XD"),
            missing=("XA-PERSONS-XD",), legs=two,
            because=Cause("time", (), "in time only if granted at the alarm, T+3.0 h")),
        way("imagery", "Satellite imagery", "useful", provider="EU", kind="remote", asset_kind="satellite", base="",
            arrival=iq(9.0, 13.0, 22.0), lift=q(0.0, 0.02, 0.06), lift_now=q(0.0, 0.02, 0.06),
            needs=("XA-REQUEST-EU",), verified_share=0.6,
            legs=(leg("remote", "", (), cleared=True, km=None),)),
        way("heli-c", "Two helicopters of XC", "alarm", provider="XC", base="Eastholm", arrival=iq(19.5, 21.0, 25.0),
            needs=("XA-ENTRY-XC",), missing=("XA-ENTRY-XC",),
            because=Cause("alarm", ("XC",), "XC learned of it three hours after the companions did")),
        way("armed-uav", "Armed UAV already airborne", "red-line", asset_kind="uav", base="Westmere",
            needs=("XA-UNMANNED-XB",), missing=("XA-UNMANNED-XB",),
            because=Cause("red-line", ("XA",), "XA: no armed aircraft")),
        way("ship-d", "Ship's boat", "physical", provider="XD", kind="sea", asset_kind="ship", base="Farport",
            because=Cause("physical", ("no water",), "no water way to the site")),
        way("heli-us", "Rescue helicopter, type and base assumed", "unknown", provider="XE", hypothetical=True,
            base="Highpass", arrival=iq(12.0, 18.0, None), needs=("XE-SANCTIONS", "XA-ENTRY-XE"),
            missing=("XE-SANCTIONS", "XA-ENTRY-XE"), verified_share=0.1,
            because=Cause("unknown", ("no terrain",), "unknown: no terrain, hover at the site cannot be said")),
        way("drone-own", "Own small UAVs", "superseded", provider="XA", asset_kind="uav", state="ended",
            base="Southbury", arrival=iq(5.0, 5.0, 5.0), because=Cause("superseded", (), "found first by the teams"),
            recorded=(RecordedEvent("on-scene", at(5.0), True, "B", ("S3",), "time contested"),)),
        way("heli-late", "Helicopters of XA at first light", "useful", provider="XA", base="Southbury",
            arrival=iq(15.4, 15.8, 19.0), lift=q(0.02, 0.07, 0.15), lift_now=q(0.02, 0.07, 0.15),
            risk=Risk("elevated", ("low cloud",)), limits=(HOVER,)),
    )  # fmt: skip


CLEARANCES = (
    ("XA-REQUEST", "request", "XA", "XB", "needed", 0.05, 0.12, 0.10, 3.0),
    ("XA-ENTRY-XB", "entry", "XA", "XB", "needed", 0.0, 0.09, 0.05, 6.0),
    ("XA-UNMANNED-XB", "unmanned", "XA", "XB", "needed", 0.0, 0.08, 0.04, 5.0),
    ("XB-DEPLOY", "deploy", "XB", "XB", "granted", 0.0, 0.0, 0.0, 0.0),
    ("XA-LAND-XB", "landing", "XA", "XB", "unknown", 0.0, 0.002, 0.001, 2.0),
    ("XA-PERSONS-XB", "persons", "XA", "XB", "asked", 0.03, 0.03, 0.03, 9.0),
    ("XC-OVER-XD", "overflight", "XC", "XD", "granted", 0.0, 0.0, 0.0, 0.0),
    ("XA-PERSONS-XD", "persons", "XA", "XD", "silent", 0.0, 0.004, 0.002, 8.0),
    ("XA-ENTRY-XC", "entry", "XA", "XC", "refused", 0.0, 0.0, 0.0, 0.0),
    ("XE-SANCTIONS", "sanctions", "XE", "XE", "needed", 0.0, 0.01, 0.005, 12.0),
    ("XA-REQUEST-EU", "request", "XA", "EU", "granted", 0.0, 0.0, 0.0, 0.0),
)


def clearance(row: tuple[str, str, str, str, str, float, float, float, float]) -> Clearance:
    ident, kind, authority, provider, status, alone, last, shapley, half_h = row
    curve = tuple(CurvePoint(at(7 + h), last * 0.5 ** (h / half_h)) for h in range(13)) if last else ()
    verified = kind != "sanctions"
    asked = (ClearanceHistory("asked", at(6.0), (), "A", ("S1",)),) if status in {"asked", "silent"} else ()
    return Clearance(
        id=ident,
        kind=kind,
        authority=authority,
        office="foreign ministry" if authority == "XA" else "",
        channel="embassy" if authority == "XA" else "",
        provider=provider,
        basis=("INT-01", "INT-03") if kind != "sanctions" else ("US-01",),
        rules=(
            Basis(
                "INT-01", "Every state is sovereign over its airspace", "Chicago Convention, art. 1", "binding", True
            ),
        )
        if kind != "sanctions"
        else (Basis("US-01", "Export needs a licence", "31 CFR 560", "binding", verified=False),),
        status=status,
        conditions=("unarmed",) if ident == "XB-DEPLOY" else (),
        history=asked,
        lead_time_h=LeadTime(1.0, 2.5, 9.0, "S5", verified, "requests between neighbours", 9 if verified else 1),
        half_value_at=at(7 + half_h) if last > 0.005 else None,
        last_useful_at=at(7 + 2.2 * half_h) if last > 0.005 else None,
        value=Worth(alone, last, shapley, 0.0),
        curve=curve,
        ways=tuple(w.id for w in ways() if ident in w.needs),
        barred_by="no armed aircraft" if status == "refused" else "",
    )


def timeline() -> tuple[Moment, ...]:
    rows = (
        (0.0, "Last radio contact", "incident", "B", True),
        (0.2, "A survivor answers a mobile phone", "evidence", "A", True),
        (3.0, "First public report", "alarm", "B", True),
        (4.4, "Location said to be established", "evidence", "D", False),
        (6.0, "XB and XD asked to let persons in", "clearance", "A", True),
        (6.5, "XB offers a UAV", "offer", "A", True),
        (7.0, "46 teams on the ground", "asset", "A", True),
    )
    return tuple(Moment(at(h), says, kind, g, v, ("S1",), g == "D", "XA") for h, says, kind, g, v in rows)


def where() -> Where:
    return Where(
        known=False,
        site=SITE,
        containment=(
            Containment(0.5, 110.0, (ring(SITE, 7.0),)),
            Containment(0.9, 480.0, (ring(SITE, 15.0), ring((10.35, 46.9), 5.0))),
        ),
        sources=(
            MapSource("phone", "Mobile phone cell, 2 km", 0.45, "C", "3", (10.6, 46.72), "B", True, ("S1",)),
            MapSource("villager", "Villager heard rotor", 0.25, "D", "3", (10.72, 46.8), "C", False, ("S3",)),
            MapSource("track", "Planned track", 0.3, "B", "2", None, "A", True, ("S2",)),
        ),
        not_mapped=("beacon: no signal",),
    )


def sample(**changes: object) -> Assessment:
    """The answer, with some of its fields replaced."""
    entry, request, unmanned = "XA-ENTRY-XB", "XA-REQUEST", "XA-UNMANNED-XB"
    return replace(
        Assessment(
            schema="1",
            case=CaseRef(
                "high-valley", "Helicopter lost in the high valley", "exercise", "XA", "helicopter, 8 aboard",
                "aircraft-accident", INCIDENT, "An invented accident between invented states.",
            ),
            as_of=AS_OF,
            what_if=(),
            goal="found",
            goal_asked="found",
            by=at(24),
            now=(
                "Ask XB now, through XA's foreign ministry, for the unarmed UAV: request, entry, unmanned flight.",
                "Asking costs nothing; each hour of waiting costs about 2 points.",
            ),
            coordination=Coordination("RCC Alpina", "+999 55 0100", "duty controller of the RCC", "DETRESFA", "Alpina"),
            where=where(),
            persons=(
                Persons("crew", 3, "unknown", "cold, wet", True, q(0.05, 0.3, 0.6), "exponential", False, ("S4",)),
                Persons("passengers", 5, "critical", "cold, wet", True, q(0.0, 0.02, 0.2), "claims", True, ("S1",)),
            ),
            windows=Windows(
                light=(
                    LightWindow(at(-6), at(8.6), "day"), LightWindow(at(8.6), at(9.2), "twilight"),
                    LightWindow(at(9.2), at(16.8), "night"), LightWindow(at(16.8), at(17.4), "twilight"),
                    LightWindow(at(17.4), at(32), "day"),
                ),
                weather=(
                    WeatherReport("fog", "site", at(0), None, iq(12, 15, 20), 5.0, None, True, None, 4.0, 0.7, "A",
                                  True, ("S2",), "reporter near the site"),
                    WeatherReport("rain", "site", at(0), at(14), None, 2000.0, 300.0, True, True, 6.0, 0.3, "C", False,
                                  ("S3",), "model"),
                ),
            ),
            ways=ways(),
            offers=("XF: all necessary support (no asset named)",),
            clearances=tuple(clearance(row) for row in CLEARANCES),
            value=Value(q(0.3, 0.46, 0.7), q(0.28, 0.43, 0.68), q(0.4, 0.61, 0.8), 0.52, 1.0, "probability"),
            goals=(
                GoalValue("survivors", q(0, 0.01, 0.3), q(0, 0.01, 0.3), q(0, 0.02, 0.4), 8.0, "persons", True),
                GoalValue("found", q(0.3, 0.46, 0.7), q(0.28, 0.43, 0.68), q(0.4, 0.61, 0.8), 1.0, "probability",
                          negligible=False),
                GoalValue("reached", q(0.2, 0.4, 0.6), q(0.2, 0.38, 0.6), q(0.3, 0.5, 0.7), 1.0, "probability", False),
            ),
            find_time=iq(12.0, 15.5, None),
            reach_time=iq(13.0, 16.4, None),
            sufficient_sets=(Sets((entry, request, unmanned)),),
            sufficient_count=3,
            blocking_sets=(Sets((request,)), Sets((entry,)), Sets((unmanned, "XA-PERSONS-XB"))),
            blocking_count=7,
            sets_complete=True,
            interactions=(Interaction((entry, unmanned), 0.06), Interaction((request, "XA-LAND-XB"), -0.01)),
            ask_order=AskOrder(
                (
                    Ask(request, "XA", "XB", at(9), 0.5, 0.12, "XA's foreign ministry asks XB"),
                    Ask(entry, "XA", "XB", at(10.5), 2.5, 0.09, "XB asks XA to let it in"),
                    Ask(unmanned, "XA", "XB", None, 2.5, 0.08, "with the same note"),
                ),
                "exact", 0.0,
            ),
            delay=(
                Delay("uav-night", "on scene", q(10.4, 11.7, 14.2), (
                    Stage("becoming known", q(3, 3, 3), 0.26, True, False, ""),
                    Stage("request", q(4, 4, 4), 0.34, True, True, "nobody asked"),
                    Stage("approval", q(1, 2.3, 5), 0.2, False, False, ""),
                    Stage("mobilisation", q(0.8, 1.2, 2), 0.1, False, False, ""),
                    Stage("transit", q(1, 1.2, 1.5), 0.1, False, False, ""),
                )),
                Delay("own-teams", "reached", q(12.0, 15.5, 21.0), (
                    Stage("becoming known", q(0.5, 0.5, 0.5), 0.03, True, False, ""),
                    Stage("search", q(10, 14, 19), 0.9, False, False, ""),
                    Stage("reach", q(0.6, 1, 2), 0.07, False, False, ""),
                )),
            ),
            limiting=(
                LimitingCause(
                    "rescue", "request", "uav-night", "request", 7.0, 2.3, 2.4, 0.0,
                    "the request: becoming known, asked, acknowledged (60 % of 11.7 h of Drone by night)",
                ),
            ),
            timeline=timeline(),
            assumptions=(
                Cited("Cruise of the UAV", "290", "km/h", "V", True, ("S4",), ""),
                Cited("Lead time of entry", "2.5", "h", "M", False, ("S5",), "from memory"),
                Cited("Sweep width", "0.4", "km", "assumed", False, (), "our assumption"),
            ),
            unknowns=("terrain: none was given, so hover at the site cannot be said", "whether XE was asked"),
            unverified_share=0.3,
            sources=(
                SourceRef("S1", "State agency, invented"), SourceRef("S2", "Meteorological office, invented"),
                SourceRef("S3", "Press, invented"), SourceRef("S4", "Maker's sheet, invented"),
                SourceRef("S5", "Lead times, invented"),
            ),
            borders=(),
            borders_only=False,
            draws=400,
            seed=7,
            disclaimer="",
        ),
        **changes,  # type: ignore[arg-type]
    )  # fmt: skip
