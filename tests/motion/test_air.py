"""What the air lets an aircraft do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.model.errors import OutOfDomain
from safeconduct.motion.air import density_altitude_m, density_ratio, hover


@pytest.mark.parametrize(
    ("elevation_m", "temperature_c", "expected_m"),
    [
        (2500.0, 0.0, 2545.0),
        (2500.0, 9.0, 2871.0),
        (2500.0, 25.0, 3451.0),
        (2000.0, 9.0, 2253.0),
        (1300.0, 9.0, 1389.0),
    ],
)
def test_density_altitude_equals_the_reference(elevation_m, temperature_c, expected_m):
    """The five values of the reference's table, to the metre it prints."""
    assert density_altitude_m(elevation_m, temperature_c) == pytest.approx(expected_m, abs=1.0)


def test_in_the_standard_atmosphere_density_altitude_is_elevation():
    """At 15 C at sea level and 6.5 C less for each 1000 m there is no difference."""
    assert density_altitude_m(0.0, 15.0) == 0.0
    assert density_altitude_m(2000.0, 2.0) == pytest.approx(2000.0)


def test_density_ratio_is_one_at_sea_level_and_the_standard_one_at_5000_m():
    """ISA: sigma = 1 at 0 m and 0.6012 at 5000 m."""
    assert density_ratio(0.0) == 1.0
    assert density_ratio(5000.0) == pytest.approx(0.6012, abs=0.0005)


@pytest.mark.parametrize(
    ("ceiling_m", "elevation_m", "expected"),
    [
        (4000.0, 1000.0, "yes"),  # 34 % of hover power to spare... well over the band
        (4000.0, 4000.0, "marginal"),  # exactly at its ceiling
        (4000.0, 3500.0, "marginal"),
        (4000.0, 4500.0, "marginal"),
        (2500.0, 4500.0, "no"),
    ],
)
def test_hovering_is_yes_marginal_or_no_by_the_band(ceiling_m, elevation_m, expected):
    """At ISA a hover is plain only where power differs from the published ceiling's by over 15 %."""
    assert hover(ceiling_m, elevation_m, 15.0 - 0.0065 * elevation_m) == expected


def test_the_band_is_fifteen_percent_of_power_either_way():
    """The answer turns where (density ratio) ** 1.5 passes 1.15 and 0.85 of that at the ceiling."""
    at_ceiling = density_ratio(3000.0)
    answers = {}
    for elevation in range(0, 6000, 10):
        share = (density_ratio(float(elevation)) / at_ceiling) ** 1.5
        answers[share] = hover(3000.0, float(elevation), 15.0 - 0.0065 * elevation)
    for share, answer in answers.items():
        if abs(share - 1.15) > 1e-6 and abs(share - 0.85) > 1e-6:
            expected = "yes" if share > 1.15 else "no" if share < 0.85 else "marginal"
            assert answer == expected


RANKS = ("no", "marginal", "yes")


@given(st.floats(0, 6000), st.floats(0, 4500), st.floats(-30, 35), st.floats(0, 15))
def test_warmer_air_never_helps_a_hover(ceiling_m, elevation_m, temperature_c, warmer_c):
    """Raising the temperature never improves the answer."""
    cool = hover(ceiling_m, elevation_m, temperature_c)
    warm = hover(ceiling_m, elevation_m, temperature_c + warmer_c)
    assert RANKS.index(warm) <= RANKS.index(cool)


@pytest.mark.parametrize(("elevation_m", "temperature_c"), [(-500.0, 15.0), (9000.0, -60.0), (0.0, 55.0)])
def test_the_edges_of_the_domain_belong_to_it(elevation_m, temperature_c):
    """Elevations in [-500, 9000] m and temperatures in [-60, 55] C are answered, ends included."""
    assert isinstance(density_altitude_m(elevation_m, temperature_c), float)


@pytest.mark.parametrize(
    ("elevation_m", "temperature_c"),
    [(-500.1, 15.0), (9000.1, -40.0), (0.0, -60.1), (0.0, 55.1), (float("nan"), 0.0), (0.0, float("nan"))],
)
def test_outside_its_domain_it_raises(elevation_m, temperature_c):
    """Just outside, and for what is no number, there is an error and no guess."""
    with pytest.raises(OutOfDomain):
        density_altitude_m(elevation_m, temperature_c)


def test_above_the_troposphere_there_is_no_density_ratio():
    """The formula ends at 11 km."""
    with pytest.raises(OutOfDomain):
        density_ratio(12_000.0)
