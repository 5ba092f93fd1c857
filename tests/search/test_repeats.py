"""Detection by repeated searches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.model.errors import OutOfDomain
from safeconduct.search.repeats import cumulative

PODS = st.lists(st.floats(0, 1), max_size=6)


@pytest.mark.parametrize(("times", "printed"), [(1, 0.60), (2, 0.80), (3, 0.90)])
def test_the_air_patrols_table_within_three_points(times, printed):
    """60 % once, 80 % twice, 90 % three times."""
    assert cumulative([0.6] * times) == pytest.approx(printed, abs=0.03)


@pytest.mark.parametrize(("dependence", "pod"), [(0.0, 0.84), (1 / 6, 0.80), (1.0, 0.60)])
def test_from_independent_to_wholly_dependent(dependence, pod):
    """Two searches of 60 %: 84 % if independent, 60 % if the second adds nothing."""
    assert cumulative([0.6, 0.6], dependence) == pytest.approx(pod)


@given(PODS, st.floats(0, 1), st.floats(0, 1))
def test_one_more_search_never_lowers_it(pods, more, dependence):
    """Between the greatest POD and 1, and not falling as searches are added."""
    together = cumulative(pods, dependence)
    assert max(pods, default=0.0) <= together <= 1.0
    assert cumulative([*pods, more], dependence) >= together - 1e-15


@given(PODS, st.floats(0, 1))
def test_dependence_never_raises_it(pods, dependence):
    """No dependence finds more than independence."""
    assert cumulative(pods, dependence) <= cumulative(pods, 0.0) + 1e-15


@pytest.mark.parametrize(
    ("pods", "dependence", "where"),
    [([0.5, 1.1], 0.0, "pods[1]"), ([], -0.1, "dependence"), ([float("nan")], 0, "pods[0]")],
)
def test_numbers_outside_are_refused(pods, dependence, where):
    """Each is named."""
    with pytest.raises(OutOfDomain) as caught:
        cumulative(pods, dependence)
    assert caught.value.where == where
