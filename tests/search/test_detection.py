"""Probability of detection."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.detection import LAWS, definite_range, detect, exponential, inverse_cube


@pytest.mark.parametrize(
    ("coverage", "random", "cube", "definite"),
    [
        (0.10, 0.0952, 0.0997, 0.10),
        (0.25, 0.2212, 0.2460, 0.25),
        (0.50, 0.3935, 0.4691, 0.50),
        (0.75, 0.5276, 0.6528, 0.75),
        (1.00, 0.6321, 0.7899, 1.00),  # "79 % at C = 1"
        (1.50, 0.7769, 0.9399, 1.00),
        (2.00, 0.8647, 0.9878, 1.00),
        (3.00, 0.9502, 0.9998, 1.00),
    ],
)
def test_the_published_table(coverage, random, cube, definite):
    """Each law gives the tabulated POD to four places."""
    assert [round(float(law(coverage)), 4) for law in (exponential, inverse_cube, definite_range)] == [
        random,
        cube,
        definite,
    ]


@given(st.lists(st.floats(0, 1e300), max_size=8))
def test_pod_is_a_probability_and_the_laws_keep_their_order(coverage):
    """0 <= random <= inverse cube <= definite range <= 1 at every coverage."""
    random, cube, definite = (np.array(detect(law, coverage)) for law in LAWS)
    assert np.all((random >= 0) & (random <= cube + 1e-15) & (cube <= definite + 1e-15) & (definite <= 1))


def test_tiny_coverage_keeps_its_digits():
    """For small C each POD is C, not 0 from cancellation."""
    assert [detect(law, [1e-18])[0] for law in LAWS] == pytest.approx([1e-18] * 3)


def test_nothing_in_nothing_out():
    """No coverages, no PODs."""
    assert detect("exponential", []) == ()


@pytest.mark.parametrize("wrong", [-1e-9, float("nan"), float("inf")])
@pytest.mark.parametrize("law", sorted(LAWS))
def test_outside_its_domain_a_law_refuses(law, wrong):
    """Negative and non-finite coverages are refused with their place."""
    with pytest.raises(OutOfDomain) as caught:
        detect(law, [0.5, wrong])
    assert caught.value.where == "coverage[1]"


def test_an_unknown_law_is_refused():
    """The error lists the laws there are."""
    with pytest.raises(InvalidInput, match="inverse-cube"):
        detect("cookie-cutter", [1.0])
