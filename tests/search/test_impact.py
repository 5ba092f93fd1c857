"""Where a flight first meets the ground in cloud, on ground whose answer is known."""

import numpy as np
import pytest
from tests.assessment.worlds import GIVEN
from tests.search.reports import told

from safeconduct.model.places import CloudImpact
from safeconduct.model.sources import Spread
from safeconduct.search.grid import SearchGrid
from safeconduct.search.impact import first_contact
from safeconduct.search.likelihood import likelihood

GRID = SearchGrid((46.6, 38.7), -20.0, -10.0, 0.25, 160, 80)
ROUTE = ((-15.0, 0.0), (15.0, 0.0))


def altitude(middle, spread=100.0):
    return Spread(middle - spread, middle, middle + spread, GIVEN)


def two_ridges(x, y):
    """Level at 1000 m; ridges across the route at x = -5 km (1600 m) and x = 5 km (2200 m), sides of 2 km."""
    first = 600.0 * np.clip(1.0 - np.abs(x + 5.0) / 2.0, 0.0, None)
    second = 1200.0 * np.clip(1.0 - np.abs(x - 5.0) / 2.0, 0.0, None)
    return 1000.0 + first + second + 0.0 * y


def mass(found, west, east):
    """Chance of impact between two meridians of the plane."""
    density = found.density_km2(GRID.x_km, GRID.y_km, GRID.cell_km)
    return float(density[(GRID.x_km > west) & (GRID.x_km < east)].sum()) * GRID.cell_km2


def test_the_first_ridge_in_the_way_is_hit_on_its_windward_side():
    """At 1400 m in cloud the western ridge is hit on its western side, at the height of the flight; nothing beyond."""
    found = first_contact(two_ridges, ROUTE, 1.0, altitude(1400.0, 50.0), base_m=1200.0, base_sigma_m=50.0)
    assert found.probability == pytest.approx(1.0, abs=0.01)
    assert mass(found, -20.0, 20.0) == pytest.approx(found.probability, abs=0.01)
    where = -7.0 + 2.0 * 400.0 / 600.0
    assert mass(found, where - 0.6, where + 0.6) > 0.97
    assert mass(found, -5.0, 20.0) < 1e-6


def test_higher_flights_pass_the_first_ridge():
    """At 1900 m the first ridge is passed and the second hit."""
    found = first_contact(two_ridges, ROUTE, 1.0, altitude(1900.0, 50.0), base_m=1200.0, base_sigma_m=50.0)
    assert mass(found, 3.0, 5.0) == pytest.approx(1.0, abs=0.01)
    assert (
        first_contact(two_ridges, ROUTE, 1.0, altitude(2600.0, 50.0), base_m=1200.0, base_sigma_m=50.0).probability
        < 1e-6
    )


def test_ground_below_the_cloud_is_seen_and_avoided():
    """With the base above both ridges nothing is hit."""
    found = first_contact(two_ridges, ROUTE, 1.0, altitude(1400.0), base_m=3000.0, base_sigma_m=100.0)
    assert found.probability < 1e-6


def test_the_way_round_matters():
    """Flown the other way the higher ridge comes first, and on its eastern side."""
    found = first_contact(two_ridges, ROUTE[::-1], 1.0, altitude(1400.0, 50.0), base_m=1200.0, base_sigma_m=50.0)
    assert mass(found, 5.0, 7.0) == pytest.approx(1.0, abs=0.01)


def test_a_route_with_a_bend_carries_its_ground_along():
    """What was passed on the first piece is not hit again on the second."""
    bent = ((-15.0, 0.0), (0.0, 0.0), (15.0, 0.5))
    one, two = (
        first_contact(two_ridges, way, 1.0, altitude(1400.0, 50.0), base_m=1200.0, base_sigma_m=50.0)
        for way in (ROUTE, bent)
    )
    assert two.probability == pytest.approx(one.probability, abs=0.01)
    assert mass(two, 0.0, 20.0) < 1e-3


def test_across_the_route_it_falls_off_normally():
    """Off the route by one standard deviation a spot has exp(-1/2) of the chance."""
    found = first_contact(two_ridges, ROUTE, 2.0, altitude(1400.0), base_m=1200.0, base_sigma_m=50.0)
    near, far = (found.density_km2(np.array([-5.7]), np.array([y]), 0.25)[0] for y in (0.0, 2.0))
    assert far / near == pytest.approx(np.exp(-0.5), rel=0.02)


def test_unknown_ground_is_free_air_and_told():
    """Where no height is known nothing is hit, and the share is said."""
    found = first_contact(
        lambda x, _: np.full(x.shape, np.nan), ROUTE, 1.0, altitude(1400.0), base_m=1200.0, base_sigma_m=50.0
    )
    assert (found.probability, found.unknown) == (0.0, 1.0)


def test_a_report_with_an_altitude_is_laid_over_the_map():
    """A cloud report that tells the altitude puts its likelihood on the first ridge; without terrain it says so."""

    class Ground:
        name = "two ridges"

        def heights_m(self, lon_deg, lat_deg):
            return two_ridges(*GRID.plane(lon_deg, lat_deg))

        def sees(self, *_, **__):
            raise AssertionError

    ends = tuple(GRID.place(x, y) for x, y in ROUTE)
    report = told("low", "cloud", CloudImpact(1200.0, 50.0, altitude(1400.0)), points=ends, sigma_km=1.0)
    values = likelihood(report, GRID, 0.1, Ground())
    assert abs(GRID.x_km[np.argmax(values.inside)] + 5.67) < 0.5
    assert values.unknown == ()
    assert likelihood(report, GRID, 0.1, None).unknown == ("terrain in cloud: unknown: no terrain",)
