"""What a count of hits can show: exact binomial ranges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom

from safeconduct.assessment.tallies import binomial_range, share_range


@given(st.integers(0, 60), st.floats(0.05, 0.95))
def test_the_range_is_that_of_the_binomial_law(count: int, share: float) -> None:
    """Each tail outside holds at most 2.5 %, and one step inwards would hold more."""
    low, high = binomial_range(count, share)
    assert binom.cdf(low - 1, count, share) <= 0.025 + 1e-9
    assert binom.sf(high, count, share) <= 0.025 + 1e-9
    assert binom.cdf(low, count, share) > 0.025 - 1e-9
    assert binom.sf(high - 1, count, share) > 0.025 - 1e-9


@given(st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_is_that_of_clopper_and_pearson(pair: tuple[int, int]) -> None:
    """The bounds are quantiles of the beta law."""
    hits, count = pair
    low, high = share_range(hits, count)
    assert low == pytest.approx(0.0 if hits == 0 else beta.ppf(0.025, hits, count - hits + 1), abs=1e-9)
    assert high == pytest.approx(1.0 if hits == count else beta.ppf(0.975, hits + 1, count - hits), abs=1e-9)


def test_no_trial_says_nothing() -> None:
    """Of nothing the share may be anything."""
    assert share_range(0, 0) == (0.0, 1.0)
    assert binomial_range(0, 0.8) == (0, 0)
