"""Sweep widths by standard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.formats.sweepwidths import sweep_standards
from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.detection import exponential

NM = 1.852
FT = 0.3048
SMALL = "aircraft-under-5700-kg"


def table(standard, kind=SMALL):
    return sweep_standards()[standard].objects[kind]


@pytest.mark.parametrize(
    ("kind", "feet", "km", "cover", "miles"),
    [
        (SMALL, 1000, 20, "mountainous", 1.5 * 0.4),  # the whole wreck of a Bell 212 in mountains
        (SMALL, 1000, 30, "mountainous", 1.6 * 0.4),
        (SMALL, 1000, 5, "mountainous", 1.0 * 0.4),
        ("person", 500, 5, "open", 0.4 * 0.8),
        ("aircraft-over-5700-kg", 2000, 10, "", 2.9),
        ("vehicle", 1500, 100, "", 1.7),  # beyond the last column it holds
    ],
)
def test_the_printed_cells(kind, feet, km, cover, miles):
    """Cells of the Australian table, turned into kilometres, with their factor."""
    assert table("natsar-2023", kind).width(feet * FT, km, cover) == pytest.approx(miles * NM)


def test_the_two_standards_differ_by_a_factor_of_two():
    """A light aircraft from 500 ft: the air patrol's width is half of the other's, and both say whose they are."""
    seen = {name: table(name).width(500 * FT, 10.0) for name in sweep_standards()}
    assert seen["natsar-2023"] / seen["cap-mart"] == pytest.approx(1.4 / 0.72, rel=0.01)
    assert all(each.edition for each in sweep_standards().values())


def test_between_cells_it_is_a_straight_line():
    """Half-way between 500 and 1,000 ft and between 5 and 10 km it is the mean of the four cells."""
    assert table("natsar-2023").width(750 * FT, 7.5) == pytest.approx((1.0 + 1.4 + 1.0 + 1.5) / 4 * NM)


@given(st.sampled_from(["person", "vehicle", SMALL, "aircraft-over-5700-kg"]), st.floats(0, 60), st.floats(0, 60))
def test_more_visibility_never_narrows_it_and_it_stays_in_sight(kind, one, other):
    """The width rises with visibility from 0 and never exceeds what is seen to both sides."""
    found = table("natsar-2023", kind)
    low, high = (found.width(1000 * FT, km) for km in sorted((one, other)))
    assert 0.0 <= low <= high + 1e-12
    assert high <= 2.0 * max(one, other) + 1e-12


def test_what_the_standard_does_not_print_is_refused():
    """Heights outside the table, unknown covers and impossible visibilities are named."""
    found = table("cap-mart")
    with pytest.raises(OutOfDomain, match="152"):
        found.width(100.0, 5.0)
    with pytest.raises(OutOfDomain):
        found.width(200.0, float("nan"))
    with pytest.raises(InvalidInput, match="no factors"):
        found.width(200.0, 5.0, "hilly")


@pytest.mark.parametrize(
    ("feet", "pods"),
    [
        (1000, {0.5: (40, 65, 80, 85), 1.0: (25, 40, 55, 60), 1.5: (15, 30, 40, 45), 2.0: (15, 20, 30, 35)}),
        (700, {0.5: (40, 60, 75, 80), 1.0: (20, 35, 50, 55), 1.5: (15, 25, 40, 40), 2.0: (10, 20, 30, 35)}),
        (500, {0.5: (35, 60, 75, 75), 1.0: (20, 35, 50, 50), 1.5: (15, 25, 35, 40), 2.0: (10, 20, 30, 30)}),
    ],
)
def test_the_air_patrols_chances_follow_within_three_points(feet, pods):
    """POD = 1 - e^(-W/S) gives the printed chance of one search for each spacing and visibility."""
    found = table("cap-mart")
    for spacing, printed in pods.items():
        for miles, pod in enumerate(printed, start=1):
            coverage = found.width(feet * FT, miles * 1.609344) / (spacing * NM)
            assert 100.0 * float(exponential(coverage)) == pytest.approx(pod, abs=3.0)
