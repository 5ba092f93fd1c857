"""From sectors to what a crew is handed: it fits its area, effort, endurance, neighbours and clearances."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import terrain as ground
from tests.search.crews import AT, crew, grid_at, on_foot, plan_of, sector_on, shipped

from safeconduct.earth.geodesy import distance_m
from safeconduct.model.errors import InvalidInput
from safeconduct.search.assignments import assignments
from safeconduct.search.detection import exponential
from safeconduct.search.patterns import CONTOUR, CREEPING, PARALLEL, PATTERNS, SECTOR, TRACK


def one(planned, **given):
    (made,) = assignments(planned, **given)
    return made


def outside_km(grid, sector, places):
    """How far the farthest of some places lies out of a sector."""
    x, y = grid.plane([p[0] for p in places], [p[1] for p in places])
    (west, south), (east, north) = sector.corners_km[0], sector.corners_km[2]
    return float(np.max([west - x, x - east, south - y, y - north]))


SECTORS = st.tuples(st.floats(-14.0, 0.0), st.floats(-14.0, 0.0), st.floats(0.4, 14.0), st.floats(0.4, 14.0))


@settings(max_examples=40, deadline=None)
@given(SECTORS, st.sampled_from(["auto", *PATTERNS]), st.floats(0.05, 2.0), st.sampled_from([60.0, 120.0, 300.0]))
def test_every_leg_lies_in_the_sector_and_every_turn_in_its_room(box, pattern, hours, speed):
    """Whatever the pattern, the shape and the speed; 0.3 % for the two planes."""
    grid, resource = grid_at(), crew()
    resource = replace(resource, sensor=replace(resource.sensor, speed_kmh=speed))
    sector = sector_on(grid, *box, hours=hours)
    made = one(plan_of((resource, sector), grid=grid), pattern=pattern)
    (task,) = made.tasks
    slack = 0.01 * sector.length_km
    if task.pattern.kind != TRACK:
        assert outside_km(grid, sector, task.turning) <= slack
    assert outside_km(grid, sector, task.track) <= task.pattern.beyond_km + slack


@settings(max_examples=40, deadline=None)
@given(SECTORS, st.floats(0.05, 4.0), st.floats(0.2, 4.0))
def test_neither_the_effort_nor_the_endurance_is_exceeded(box, hours, endurance):
    """Transit there and back and the pattern fit in the endurance, or it is said that they cannot."""
    grid = grid_at()
    resource = crew(endurance_h=endurance)
    sector = sector_on(grid, *box, hours=hours)
    made = one(plan_of((resource, sector), grid=grid))
    assert made.work_h <= min(hours, sector.stay_h) * (1 + 1e-9)
    fits = made.work_h + 2.0 * made.transit_h <= endurance * (1 + 1e-9)
    assert fits or any("stop nearer" in said for said in made.warns)


@settings(max_examples=25, deadline=None)
@given(SECTORS, st.integers(1, 24))
def test_units_on_foot_share_the_sector_and_its_effort(box, units):
    """One lane each, all of the sector, the same track length each."""
    grid = grid_at()
    sector = sector_on(grid, *box, hours=3.0 * units)
    made = one(plan_of((on_foot(float(units)), replace(sector, stay_h=6.0)), grid=grid))
    assert len(made.tasks) == units
    assert made.effort_km == pytest.approx(4.5)
    for task in made.tasks:
        assert task.pattern.total_km <= 4.5 * (1 + 1e-9)
        assert outside_km(grid, sector, task.ring) <= 0.01 * sector.length_km


def test_length_on_the_globe_is_the_length_told():
    """Geodesics along the written track, within 0.5 % of the pattern's own length."""
    made = one(plan_of((crew(), sector_on(grid_at(), -6.0, -4.0, 12.0, 8.0))))
    track = made.tasks[0].track
    metres = sum(distance_m(a, b) for a, b in pairwise(track))
    assert metres / 1000.0 == pytest.approx(made.track_km, rel=5e-3)


@pytest.mark.parametrize("lon", [180.0, -179.99, 0.0])
@pytest.mark.parametrize("lat", [-70.0, 0.0, 70.0])
def test_patterns_hold_anywhere(lon, lat):
    """Across the antimeridian and towards the poles the track keeps its length and its sector."""
    grid = grid_at(lon, lat)
    sector = sector_on(grid, -5.0, -3.0, 10.0, 6.0)
    made = one(plan_of((crew(base=None), sector), grid=grid))
    track = made.tasks[0].track
    metres = sum(distance_m(a, b) for a, b in pairwise(track))
    assert metres / 1000.0 == pytest.approx(made.track_km, rel=8e-3)
    assert all(-180.0 <= p[0] <= 180.0 for p in track)
    assert made.transit_km is None


def test_next_to_a_pole_no_pattern_is_made_up():
    """It says so instead."""
    grid = grid_at(10.0, 89.9)
    made = one(plan_of((crew(base=None), sector_on(grid, -2.0, -2.0, 4.0, 4.0)), grid=grid))
    assert made.tasks == ()
    assert "pole" in made.warns[0]
    assert made.pod == (0.0, 0.0)


def test_turns_cost_coverage_and_it_is_said():
    """POD is that of the legs as drawn, below the plan's where turns eat track."""
    sector = sector_on(grid_at(), -6.0, -4.0, 12.0, 8.0, hours=0.8, coverage=1.0)
    made = one(plan_of((crew(), sector)))
    assert made.coverage < 0.8 * 120.0 / 96.0
    assert made.coverage == pytest.approx(made.tasks[0].pattern.legs_km / 96.0)
    assert made.pod[0] == pytest.approx(float(exponential(made.coverage)))


def test_the_likelier_end_is_begun_first():
    """A creeping line from the east where the east holds ten times as much."""
    grid = grid_at()
    planned = plan_of(
        (crew(), sector_on(grid, -6.0, -4.0, 12.0, 8.0)), grid=grid, poa=lambda g: 1.0 + 9.0 * (g.x_km > 0.0)
    )
    made = one(planned)
    assert made.choice.kind == CREEPING
    x, _ = grid.plane(*made.tasks[0].start)
    assert x > 4.0


def test_probability_in_the_middle_begins_in_the_middle():
    """A sector search where little effort meets a point."""
    grid = grid_at()
    planned = plan_of(
        (crew(), sector_on(grid, -4.0, -4.0, 8.0, 8.0, hours=0.5)),
        grid=grid,
        poa=lambda g: 1e-3 + np.exp(-(g.x_km**2 + g.y_km**2)),
    )
    made = one(planned)
    assert made.choice.kind == SECTOR
    x, y = grid.plane(*made.tasks[0].start)
    assert np.hypot(x, y) < 0.02


def test_the_end_nearer_to_the_base_is_the_first():
    """A base in the west starts the first leg in the west."""
    grid = grid_at()
    made = one(plan_of((crew(base=grid.place(-50.0, 0.0)), sector_on(grid, -6.0, -2.0, 12.0, 4.0)), grid=grid))
    assert made.choice.kind == PARALLEL
    assert float(grid.plane(*made.tasks[0].start)[0]) < -5.0
    assert made.tasks[0].first_deg == pytest.approx(90.0, abs=0.5)


def test_without_terrain_clearance_and_contours_are_unknown():
    """And a contour pattern asked for is not invented."""
    made = one(plan_of((crew(), sector_on(grid_at(), -4.0, -4.0, 8.0, 8.0))), pattern=CONTOUR)
    assert made.tasks[0].pattern.kind != CONTOUR
    assert made.tasks[0].legs == ()
    assert made.relief_m is None
    assert any("no terrain" in said for said in made.unknown)
    assert any("no terrain" in said for said in made.warns)


def test_with_terrain_legs_know_their_ground():
    """A ridge of 300 m over a plain at 500 m that every leg across it crosses."""
    grid = grid_at(*ground.MIDDLE)
    land = ground.ridge(rows=601, columns=601)
    made = one(plan_of((crew(), sector_on(grid, -4.0, -2.0, 8.0, 4.0)), grid=grid), terrain=land)
    assert made.relief_m == pytest.approx((500.0, 800.0), abs=16.0)
    for leg in made.tasks[0].legs:
        assert (leg.low_m, leg.high_m, leg.known) == pytest.approx((500.0, 800.0, 1.0), abs=2.0)


def test_a_contour_pattern_follows_the_ground():
    """On a ridge from north to south its lines run north and south at one height."""
    grid = grid_at(*ground.MIDDLE)
    land = ground.ridge(rows=601, columns=601, crest_m=600.0, half_m=3000.0)
    planned = plan_of((crew(), sector_on(grid, -4.0, -4.0, 8.0, 8.0)), grid=grid)
    (task,) = one(planned, terrain=land, pattern=CONTOUR).tasks
    assert task.pattern.kind == CONTOUR
    lon, lat = np.array(task.turning[:20]).T
    heights = land.heights_m(lon, lat)
    assert float(np.ptp(heights)) < 10.0
    assert task.first_deg % 180.0 == pytest.approx(0.0, abs=2.0) or task.first_deg % 180.0 > 178.0


def test_a_track_line_follows_the_report():
    """The route of a report that crosses the sector."""
    planned = shipped()
    heli = next(a for a in assignments(planned, pattern=TRACK) if a.resource.flies)
    assert heli.choice.kind == TRACK
    assert "companions-track" in heli.choice.why or "no route" in heli.choice.why


def test_aircraft_side_by_side_get_layers_of_their_own():
    """Touching sectors at the same time; a third, later, shares the lowest layer."""
    grid = grid_at()
    pairs = [
        (crew(id=f"heli-{n}"), sector_on(grid, 4.0 * n - 8.0, -4.0, 4.0, 8.0, id=f"S{n}", number=1)) for n in (1, 2)
    ]
    later = sector_on(grid, -8.0, -4.0, 4.0, 8.0, id="S3", start=AT + timedelta(hours=5), end=AT + timedelta(hours=6))
    made = assignments(plan_of(*pairs, (crew(id="heli-3"), later), grid=grid))
    assert [each.layer for each in made] == [0, 1, 0]
    assert [n.sector for n in made[0].near] == ["S2"]
    assert not made[0].near[0].clear


def test_far_apart_they_share_a_layer():
    """Ten kilometres between them are enough."""
    grid = grid_at()
    pairs = [
        (crew(id=f"heli-{n}"), sector_on(grid, 12.0 * n - 14.0, -2.0, 2.0, 4.0, id=f"S{n}", hours=0.1)) for n in (0, 1)
    ]
    assert [each.layer for each in assignments(plan_of(*pairs, grid=grid))] == [0, 0]


def test_sectors_of_the_shipped_plan_do_not_overlap_in_the_air():
    """Aircraft in the air at the same time are apart by area or by layer."""
    made = [each for each in assignments(shipped()) if each.resource.flies]
    for i, a in enumerate(made):
        for b in made[:i]:
            if a.sector.start < b.sector.end and b.sector.start < a.sector.end:
                assert a.layer != b.layer or all(n.clear for n in a.near if n.sector == b.sector.id)


def test_no_track_without_every_clearance():
    """Nor in a what-if, unless the case is an exercise."""
    sector = sector_on(grid_at(), -4.0, -2.0, 8.0, 4.0)
    barred = crew(cleared=False, missing=("IR-ENTRY",), mark="NOT CLEARED - DO NOT FLY")
    assert one(plan_of((crew(), sector))).flyable
    assert not one(plan_of((barred, sector))).flyable
    assert not one(plan_of((crew(), sector), what_if=("IR-ENTRY granted",))).flyable
    exercise = replace(shipped().case, kind="exercise")
    assert one(plan_of((barred, sector), case=exercise)).flyable


def test_an_unknown_pattern_is_refused():
    """With the words that are known."""
    with pytest.raises(InvalidInput, match="parallel"):
        assignments(plan_of((crew(), sector_on(grid_at(), 0.0, 0.0, 2.0, 2.0))), pattern="spiral")
