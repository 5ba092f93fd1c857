"""How likely each report is, place by place."""

import math

import numpy as np
import pytest
from tests.assessment.worlds import SITE
from tests.search.reports import north, spread, told

from safeconduct.model.places import (
    GSM_STEP_KM,
    LTE_STEP_KM,
    Bearing,
    CloudImpact,
    Flight,
    PhoneSector,
    Searched,
    Signature,
    Witness,
    timing_ring,
)
from safeconduct.search.grid import SearchGrid
from safeconduct.search.kinds import ELSEWHERE, HIDDEN
from safeconduct.search.likelihood import false_alarm_weight, likelihood

GRID = SearchGrid(SITE, -30.25, -30.25, 0.5, 121, 121)
"""Cells whose middles lie on whole and half kilometres; SITE is in the middle of the middle cell."""


class Ridge:
    """Ground of 1,000 m west of SITE and 3,000 m east of it; nothing east of SITE is in sight."""

    name = "a ridge"

    def heights_m(self, lon, lat):
        """Two plateaus."""
        return np.where(np.asarray(lon) < SITE[0], 1000.0, 3000.0) + 0.0 * np.asarray(lat)

    def sees(self, _observer, _above, lon, lat, **_options):
        """West in sight, east hidden, the far north unknown."""
        made = np.where(np.asarray(lon) < SITE[0], 1.0, 0.0)
        return np.where(np.asarray(lat) > SITE[1] + 0.2, np.nan, made)


def made(report, terrain=None):
    return likelihood(report, GRID, 0.05, terrain)


def at(values, x, y):
    """The value of the cell whose middle is so many kilometres east and north."""
    return float(values[GRID.cell_of(*GRID.place(x, y))])


def test_timing_advance_rings():
    """One step is 553.46 m in GSM and 78.07 m in LTE; advance 4 is the fifth ring."""
    assert pytest.approx(0.55346, abs=5e-6) == GSM_STEP_KM
    assert pytest.approx(0.07807, abs=5e-6) == LTE_STEP_KM
    assert timing_ring(GSM_STEP_KM, 4) == pytest.approx((2.21385, 2.76731), abs=1e-5)
    assert timing_ring(LTE_STEP_KM, 0) == pytest.approx((0.0, 0.07807), abs=5e-6)


def test_a_point_is_a_density():
    """Its integral over the map is 1, and it falls by exp(-1/2) in one standard deviation."""
    values = made(told("fix", "point", sigma_km=3.0)).inside
    assert values.sum() * 0.25 == pytest.approx(1.0, abs=1e-6)
    assert at(values, 3.0, 0.0) / at(values, 0.0, 0.0) == pytest.approx(math.exp(-0.5))


def test_a_point_finer_than_a_cell_is_not_lost():
    """A beacon good to 100 m counts in the cell it lies in, wherever in the cell it lies."""
    for offset in (0.0, 0.12, 0.24):
        values = made(told("fix", "point", points=[GRID.place(offset, 0.1)], sigma_km=0.01)).inside
        assert int(np.argmax(values)) == GRID.cell_of(*SITE)


def test_along_a_route_the_distance_flown_is_likeliest():
    """120 km/h for about ten minutes along a line north: 20 km from its start, not at its start or end."""
    shape = Flight(spread(0.15, 1.0 / 6.0, 0.185), spread(110.0, 120.0, 131.0))
    line = [GRID.place(0.0, -20.0), GRID.place(0.0, 30.0)]
    values = made(told("route", "route", shape, points=line, sigma_km=2.0)).inside
    north_south = [at(values, 0.0, y) for y in range(-20, 30)]
    assert abs(-20 + int(np.argmax(north_south))) <= 1
    assert at(values, 2.0, 0.0) / at(values, 0.0, 0.0) == pytest.approx(math.exp(-0.5), rel=1e-6)


def test_fixes_carry_on_along_the_last_heading():
    """Two fixes heading east: it is likelier ahead than behind, and the error grows by a tenth of the way."""
    shape = Flight(spread(0.05, 0.1, 0.2), spread(90.0, 100.0, 110.0))
    fixes = [GRID.place(-5.0, 0.0), GRID.place(0.0, 0.0)]
    values = made(told("fixes", "fixes", shape, points=fixes, sigma_km=1.0)).inside
    assert at(values, 10.0, 0.0) > 20.0 * at(values, -5.0, 0.0)
    ratio = at(values, 20.0, 2.0) / at(values, 20.0, 0.0)
    assert ratio == pytest.approx(math.exp(-0.5 * 4.0 / (1.0 + 4.0)), rel=1e-6)


def test_a_bearing_points_and_fades():
    """Due north with 5 degrees: the north is likelier than the east, one sigma aside exp(-1/2), half at its reach."""
    values = made(told("df", "bearing", Bearing(0.0, 5.0, 20.0))).inside
    assert at(values, 0.0, 10.0) > 1e6 * at(values, 10.0, 0.0)
    assert at(values, 0.0, 20.0) == pytest.approx(0.5)
    aside = 20.0 * math.sin(math.radians(5.0)), 20.0 * math.cos(math.radians(5.0))
    assert at(values, 1.5, 17.0) > at(values, *aside) > at(values, 5.0, 19.5)


def test_a_bearing_across_north_has_no_seam():
    """359 degrees is two degrees from 1 degree."""
    values = made(told("df", "bearing", Bearing(359.0, 5.0, 20.0))).inside
    mirrored = made(told("df", "bearing", Bearing(1.0, 5.0, 20.0))).inside
    assert at(values, 1.0, 10.0) == pytest.approx(at(mirrored, -1.0, 10.0))


def test_a_telephone_is_never_a_hard_ring():
    """Inside the ring and beam most, just beyond less, elsewhere never nothing."""
    values = made(told("phone", "phone", PhoneSector(5.0, 10.0, 90.0, 120.0, None))).inside
    assert at(values, 7.0, 0.0) == pytest.approx(1.0)
    assert 0.3 < at(values, 11.0, 0.0) < 1.0
    assert at(values, -25.0, 0.0) == pytest.approx(ELSEWHERE, abs=1e-6)
    assert values.min() >= ELSEWHERE


def test_without_terrain_line_of_sight_is_unknown_and_said_so():
    """The ring alone counts, and the report says what it lacks."""
    phone = told("phone", "phone", PhoneSector(0.0, 10.0, None, 360.0, 30.0))
    assert made(phone).unknown == ("line of sight from the mast: unknown: no terrain",)
    assert made(told("saw", "seen", Witness(10.0, None, None))).unknown != ()
    assert made(told("cloud", "cloud", CloudImpact(2000.0, 200.0), points=[SITE, north(10)], sigma_km=5.0)).unknown


def test_with_terrain_what_is_hidden_counts_less():
    """West of the ridge is in sight; east of it a tenth; where terrain is unknown nothing is taken away."""
    phone = told("phone", "phone", PhoneSector(0.0, 29.0, None, 360.0, 30.0))
    values = made(phone, Ridge())
    assert values.unknown == ()
    seen, hidden = at(values.inside, -5.0, 0.0), at(values.inside, 5.0, 0.0)
    assert hidden == pytest.approx(ELSEWHERE + (1.0 - ELSEWHERE) * HIDDEN)
    assert seen == pytest.approx(1.0)
    assert at(values.inside, 5.0, 25.0) == pytest.approx(1.0)


def test_a_mast_of_unknown_height_uses_no_line_of_sight():
    """Terrain alone is not enough."""
    phone = told("phone", "phone", PhoneSector(0.0, 10.0, None, 360.0, None))
    assert made(phone, Ridge()).unknown == ("line of sight from the mast: its height is unknown",)


def test_ground_in_cloud_is_likelier_than_ground_below_it():
    """With a base at 2,000 m the high plateau counts, the low one hardly; both only near the route."""
    cloud = told("cloud", "cloud", CloudImpact(2000.0, 200.0), points=[north(-20), north(20)], sigma_km=5.0)
    values = made(cloud, Ridge()).inside
    assert at(values, 2.0, 0.0) > 1000.0 * at(values, -2.0, 0.0)
    assert at(values, 25.0, 0.0) < 1e-3 * at(values, 2.0, 0.0)


def test_sound_is_half_at_its_reach_and_passes_terrain():
    """Heard to 5 km: half there, hardly at ten; seen adds the sight."""
    heard, seen = told("bang", "heard", Witness(5.0, None, None)), told("flash", "seen", Witness(5.0, None, None))
    values = made(heard, Ridge()).inside
    assert at(values, 5.0, 0.0) == pytest.approx(0.5)
    assert at(values, 10.0, 0.0) < 0.02
    assert at(made(seen, Ridge()).inside, 5.0, 0.0) == pytest.approx(0.5 * HIDDEN)
    aimed = made(told("flash", "heard", Witness(5.0, 180.0, 10.0))).inside
    assert at(aimed, 0.0, -3.0) > 1000.0 * at(aimed, 0.0, 3.0)


def test_a_searched_area_holds_less_by_its_pod():
    """Inside 1 - POD, beyond 1; as a ring and as a circle."""
    ring = [GRID.place(x, y) for x, y in ((-5, -5), (5, -5), (5, 5), (-5, 5))]
    for report in (
        told("ring", "searched", Searched(0.7), points=ring),
        told("disc", "searched", Searched(0.7), radius_km=5.0),
    ):
        values = made(report)
        assert at(values.inside, 0.0, 0.0) == pytest.approx(0.3)
        assert at(values.inside, 8.0, 0.0) == 1.0
        assert (values.outside, values.false) == (1.0, 1.0)


def test_false_alarms_weigh_a_detection():
    """Odds = detects x mean density / false alarms per km2; no rates, no weight; no false alarms, certainty."""
    place = told("heat", "detection", Signature(0.8, 0.002), sigma_km=1.0).place
    assert false_alarm_weight(place, 0.001) == pytest.approx(0.0008 / 0.0028)
    assert false_alarm_weight(told("heat", "detection", Signature(None, None), sigma_km=1.0).place, 0.001) is None
    assert false_alarm_weight(told("heat", "detection", Signature(0.8, 0.0), sigma_km=1.0).place, 0.001) == 1.0
