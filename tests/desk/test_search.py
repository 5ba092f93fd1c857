"""Planning and scoring the search of a case."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pytest
from tests.terrain import save_terrain, terrain

from safeconduct.desk.cases import load_case
from safeconduct.desk.search import plan_search, score_search
from safeconduct.model.errors import InvalidInput
from safeconduct.model.instants import instant
from safeconduct.search.planned import Options
from safeconduct.search.schedule import worth_of
from safeconduct.search.sectors import Rectangle, members
from safeconduct.search.stance import Stance

CASE = load_case("varzaqan-2024")
FOUND = (46.6548, 38.7189)
AT = "2024-05-19T15:00Z"


@cache
def planned(at=AT, **options):
    return plan_search(CASE, at=at, options=Options(**options))


def test_the_first_crew_of_the_afternoon_is_sent_beside_the_wreck():
    """At 15:00Z, from two reports known by then, the first teams search ground within 3 km of where it lay."""
    first = planned().plan.sectors[0]
    middle = np.mean([p[0] for p in first.ring[:4]]), np.mean([p[1] for p in first.ring[:4]])
    away = np.hypot((middle[0] - FOUND[0]) * np.cos(np.radians(38.7)), middle[1] - FOUND[1]) * 111.2
    assert away < 3.5
    assert first.why[0][0] == "companions-sungun"


def test_everything_adds_up():
    """Map to 1; sectors below their bound, within one twentieth of it; what is found never falls with time."""
    plan = planned().plan
    assert abs(plan.map.poa.sum() + plan.map.outside - 1.0) < 1e-12
    assert 0.0 <= plan.gap <= 0.05
    found = np.array(plan.found)
    assert (np.diff(found, axis=0) >= -1e-12).all()
    assert (found[:, 0] <= found[:, 1]).all()
    assert (found[:, 1] <= found[:, 2] + 1e-12).all()
    assert found[-1, 2] <= 1.0 - plan.map.outside


def test_value_is_that_of_the_sectors():
    """The objective computed anew from the printed sectors alone."""
    plan = planned().plan
    blocks = plan.blocks
    effort = np.zeros((blocks.poa.size, len(plan.worth)))
    for sector in plan.sectors:
        resource = plan.resource(sector.resource)
        stay = next(
            s for s in plan.crews.stays
            if plan.crews.resources[s.resource] is resource and s.number == sector.number
        )  # fmt: skip
        west, south = sector.corners_km[0]
        column, row = round((west - blocks.west_km) / blocks.km), round((south - blocks.south_km) / blocks.km)
        east, north = sector.corners_km[2]
        height, width = round((north - south) / blocks.km), round((east - west) / blocks.km)
        inside = members(blocks, Rectangle(row, column, height, width))
        swept = np.cumsum(stay.hours) * resource.count * resource.rate_km2h
        effort[inside] += swept / sector.area_km2
    assert worth_of(blocks.poa, effort, np.array(plan.worth)) == pytest.approx(plan.value, rel=1e-9)


def test_it_never_advises_ending_and_says_what_is_not_known():
    """The words are on every plan, and so is the missing terrain."""
    made = planned()
    assert "does not advise ending the search" in made.plan.never
    assert any("no terrain" in line for line in made.unknown)
    assert any(line.startswith("telephone-answered: no coordinates") for line in made.unknown)
    assert any("assumption" in line for line in made.limits)


def test_no_one_is_sent_below_minima_or_without_a_reason():
    """By night and fog no helicopter has working hours; every asset that is left out says why."""
    plan = planned().plan
    helicopter = plan.resource("ir-helicopters-varzaqan")
    night = [h for h, at in zip(helicopter.open_h, plan.crews.slices, strict=False) if 17 <= at.hour <= 23]
    assert sum(night) == 0.0
    everyone = {r.id for r in plan.crews.resources} | {name for name, _ in plan.crews.idle}
    searching = {a.id for a in planned().case.assets if {"find", "image"} & set(a.effects)}
    assert everyone == searching
    assert all(why for _, why in plan.crews.idle)


def test_what_is_not_cleared_bears_its_mark():
    """With hypothetical assets planned too, each sector of one that lacks a clearance says so."""
    plan = planned(hypothetical=True, hours=60).plan
    foreign = [plan.resource(s.resource) for s in plan.sectors if plan.resource(s.resource).provider != "IR"]
    assert foreign
    assert all(r.mark.startswith("NOT CLEARED") and r.missing for r in foreign)
    assert all(r.mark == "" for r in plan.crews.resources if not r.missing)


def test_aircraft_at_one_time_keep_apart():
    """No two aircraft sectors of one hour overlap."""
    plan = planned(hypothetical=True, hours=60).plan
    flown = [s for s in plan.sectors if plan.resource(s.resource).flies]
    assert len(flown) > 3
    for i, one in enumerate(flown):
        for other in flown[:i]:
            if one.start < other.end and other.start < one.end:
                apart = (
                    one.corners_km[2][0] <= other.corners_km[0][0] + 1e-9
                    or other.corners_km[2][0] <= one.corners_km[0][0] + 1e-9
                    or one.corners_km[2][1] <= other.corners_km[0][1] + 1e-9
                    or other.corners_km[2][1] <= one.corners_km[0][1] + 1e-9
                )
                assert apart


def test_the_chosen_standard_halves_the_widths():
    """The other standard: about half of the width, and its name on the plan."""
    ours = planned().plan.resource("ir-helicopters-varzaqan").sensor
    theirs = planned(standard="cap-mart").plan.resource("ir-helicopters-varzaqan").sensor
    assert 0.4 < theirs.width_km.p50 / ours.width_km.p50 < 0.7
    assert "Civil Air Patrol" in theirs.says


def test_doubting_and_dropping_move_the_plan_and_are_undone():
    """Without the report of the third helicopter the map spreads along the track; again with it all is as before."""
    dropped = planned(stance=Stance(drop=("companions-sungun",)))
    assert dropped.plan.map.area_km2(0.5) > 3.0 * planned().plan.map.area_km2(0.5)
    again = plan_search(CASE, at=AT)
    assert (again.plan.map.poa == planned().plan.map.poa).all()
    assert again.plan.sectors == planned().plan.sectors


def test_sorties_move_the_next_plan(tmp_path):
    """What was searched without a find holds less, the plan goes elsewhere, the log stands on it."""
    log = tmp_path / "log.yaml"
    log.write_text(
        "format: 1\nsorties:\n  - {id: walk-1, resource: teams, from: 2024-05-19T13:00Z, until: 2024-05-19T14:30Z,\n"
        "     pod: 0.9,\n"
        "     area: [[46.60, 38.66], [46.78, 38.66], [46.78, 38.76], [46.60, 38.76]]}\n",
        encoding="utf-8",
    )
    made = planned(sorties=log)
    here = planned().plan.map.grid.cell_of(46.70, 38.70)
    assert made.plan.map.poa[here] < 0.2 * planned().plan.map.poa[here]
    assert made.plan.map.outside > planned().plan.map.outside
    assert made.flown[0].id == "walk-1"


def test_while_somebody_may_live_the_worth_falls_with_the_hours():
    """At 10:30Z the counted survivor's chances make the worth; after the last claim the plan finds soonest instead."""
    early = planned(at="2024-05-19T10:30Z", hours=12).plan
    assert "alive when found" in early.worth_says
    assert early.worth[0] > 0.9 > early.worth[-1]
    assert "soonest find" in planned().plan.worth_says
    assert list(planned().plan.worth) == sorted(planned().plan.worth, reverse=True)


def test_terrain_takes_away_what_it_hides_from_aircraft(tmp_path):
    """Ground folded into ridges of 900 m: aircraft find less there than over ground that nobody knows, and say so."""
    x_m = (np.arange(401) + 0.5 - 200.5) * 100.0
    folds = np.tile(500.0 + 900.0 * np.abs((x_m / 1000.0) % 2.0 - 1.0), (401, 1))
    save_terrain(tmp_path / "ground.tif", terrain(folds, cell_m=100.0))
    made = planned(terrain=(tmp_path / "ground.tif",))
    assert made.plan.value < 0.95 * planned().plan.value
    assert made.plan.bound < planned().plan.bound
    flown = next(s for s in made.plan.sectors if made.plan.resource(s.resource).flies)
    assert flown.pod[0] < 1.0 - np.exp(-flown.coverage)
    assert made.book.terrain.startswith("ground.tif")
    assert not any("no terrain" in line for line in made.unknown)
    assert any("Terrain shadow of those" in line for line in made.unknown)


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"hours": 0}, "--hours"),
        ({"standard": "none"}, "--standard"),
        ({"object": "tent"}, "--object"),
        ({"stance": Stance(drop=("nobody",))}, "--drop"),
        ({"height_m": 10.0}, "height_m"),
    ],
)
def test_bad_options_are_one_error(options, place):
    """Each with its place."""
    with pytest.raises(InvalidInput) as caught:
        plan_search(CASE, at=AT, options=Options(**options))
    assert caught.value.where == place


def test_resources_that_come_too_late_are_named_not_planned():
    """A plan of two hours: whoever arrives later is left out, and the reason says by how much."""
    plan = planned(hours=2).plan
    assert any("after the end of the plan" in why for _, why in plan.crews.idle)
    assert all(s.end <= plan.crews.slices[-1] + timedelta(seconds=1) for s in plan.sectors)


def test_nobody_to_send_is_a_plan_too():
    """A case without assets still has its map, with no sectors and nothing found."""
    made = plan_search(replace(CASE, assets=()), at=AT)
    assert made.plan.sectors == ()
    assert made.plan.bound == 0.0
    assert made.plan.gap == 0.0


def test_hour_by_hour_against_the_wreck():
    """From what was known at each hour: R over 0.99 and at most 100 km2 before reaching it, in every hour."""
    scores = score_search(CASE, FOUND)
    assert [s.at.hour for s in scores.hourly][:3] == [11, 12, 13]
    assert scores.hourly[-1].at < instant("2024-05-20T01:30Z")
    assert all(s.score.r > 0.99 and s.score.area_km2 < 100.0 for s in scores.hourly)
    assert {a.id: (a.least_km2, a.most_km2) for a in scores.announced} == {
        "telephone-2km": (12.6, 12.6),
        "triangle": (10.0, 10.0),
        "mapped-area": (52.0, 78.0),
    }


def test_the_contested_heat_source_believed_doubted_and_dropped():
    """Believed it hides the wreck, dropped it does no harm, doubted it lies between."""
    rows = {s.stance: s.score for s in score_search(CASE, FOUND).contested}
    believed, doubted, dropped = (rows[f"drone-heat-source {w}"] for w in ("believed", "doubted", "dropped"))
    assert believed.area_km2 > 2.0 * doubted.area_km2 > 2.0 * dropped.area_km2 * 0.9
    assert believed.bits < -20.0 < doubted.bits


def test_a_score_at_one_hour():
    """Only that one, and off the map it is told."""
    scores = score_search(CASE, (0.0, 0.0), at=instant(AT))
    assert len(scores.hourly) == 1
    assert not scores.hourly[0].score.on_map


def test_a_stance_on_a_report_that_nobody_had_yet_changes_nothing_and_says_so():
    """The case holds it, the hour does not: the plan is the same, with a line for it."""
    case = load_case("varzaqan-2024")
    at = instant("2024-05-19T15:00Z")
    plain = plan_search(case, at=at)
    early = plan_search(case, at=at, options=Options(stance=Stance(doubt=("villager-report",), drop=("space-agency",))))
    assert early.plan.sectors == plain.plan.sectors
    assert [line for line in early.limits if line not in plain.limits] == [
        "villager-report: not known at that hour; a stance on it changes nothing",
        "space-agency: not known at that hour; a stance on it changes nothing",
    ]


def test_a_place_that_is_known_is_said_before_anything_is_asked_for():
    """Nothing to search for: the first error says so, not that an option is missing."""
    with pytest.raises(InvalidInput, match="the place is known"):
        plan_search(load_case("as28-2005"), at=None, options=Options())
