"""The map after an unsuccessful search."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.update import after_nothing_found

CELLS = st.lists(st.tuples(st.floats(1e-6, 1), st.floats(0, 1)), min_size=1, max_size=30)


def test_the_worked_example():
    """POA (.5, .3, .2), POD .8 in the first: POS .4, posterior (1/6, 1/2, 1/3)."""
    after = after_nothing_found([0.5, 0.3, 0.2], 0.0, [0.8, 0.0, 0.0])
    assert after.pos == pytest.approx(0.4, abs=1e-15)
    assert after.poa == pytest.approx((1 / 6, 1 / 2, 1 / 3), abs=1e-15)
    assert after.outside == 0.0


@given(CELLS, st.floats(1e-3, 1))
def test_equals_bayes_in_exact_fractions(cells, outside):
    """Every number is within rounding of exact arithmetic and the total is 1 within 1e-12."""
    total = math.fsum([weight for weight, _ in cells] + [outside])
    poa, pod = [weight / total for weight, _ in cells], [each for _, each in cells]
    after = after_nothing_found(poa, outside / total, pod)
    exact = [Fraction(p) * (1 - Fraction(d)) for p, d in zip(poa, pod, strict=True)]
    left = sum(exact, Fraction(outside / total))
    assert after.poa == pytest.approx([float(each / left) for each in exact], rel=1e-12, abs=1e-15)
    assert after.outside == pytest.approx(float(Fraction(outside / total) / left), rel=1e-12)
    assert math.fsum((*after.poa, after.outside)) == pytest.approx(1.0, abs=1e-12)
    assert 0.0 <= after.pos <= 1.0


def test_almost_certain_detection_loses_no_digits():
    """With 1 - POS near 1e-16 the rest is still divided rightly, which 1 - POS itself would not be."""
    after = after_nothing_found([0.5, 0.5], 0.0, [1 - 2**-53, 1 - 2**-52])
    assert after.poa == pytest.approx((1 / 3, 2 / 3), rel=1e-12)


def test_an_empty_search_changes_nothing():
    """POD 0 everywhere: the posterior is the prior."""
    after = after_nothing_found([0.25, 0.5], 0.25, [0.0, 0.0])
    assert (after.pos, after.poa, after.outside) == (0.0, (0.25, 0.5), 0.25)


def test_a_searched_out_map_points_outside():
    """Certain detection in every area leaves them outside for sure."""
    assert after_nothing_found([0.9], 0.1, [1.0]).outside == 1.0


def test_no_areas_at_all():
    """Only the outside: POS is 0 and they stay outside."""
    assert after_nothing_found([], 1.0, []).outside == 1.0


def test_a_total_off_by_rounding_is_mended():
    """A prior within 1e-9 of 1 gives a posterior within 1e-12."""
    after = after_nothing_found([0.5, 0.5 - 5e-10], 0.0, [0.5, 0.25])
    assert math.fsum((*after.poa, after.outside)) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("poa", "outside", "pod", "kind", "where"),
    [
        ([0.5, -0.1], 0.6, [0, 0], OutOfDomain, "poa[1]"),
        ([math.nan], 0.6, [0], OutOfDomain, "poa[0]"),
        ([0.5], -0.5, [0], OutOfDomain, "outside"),
        ([0.5], 0.5, [1.1], OutOfDomain, "pod[0]"),
        ([0.5], 0.5, [-0.1], OutOfDomain, "pod[0]"),
        ([0.5], 0.5, [0.1, 0.1], InvalidInput, "pod"),  # one POD too many
        ([0.5], 0.5 + 2e-9, [0.1], InvalidInput, "poa"),  # total
        ([0.4, 0.6, 0.0], 0.0, [1.0, 1.0, 0.5], OutOfDomain, "pod"),  # POS = 1: nothing left
    ],
)
def test_bad_maps_are_refused_with_their_place(poa, outside, pod, kind, where):
    """Each fault has its branch of the error root and its place."""
    with pytest.raises(kind) as caught:
        after_nothing_found(poa, outside, pod)
    assert caught.value.where == where
