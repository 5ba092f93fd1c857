"""Timing-advance rings."""

import pytest

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.timing import TIMINGS, timing_ring_m


@pytest.mark.parametrize(("network", "step_m"), [("gsm", 553.46), ("lte", 78.07), ("nr-15-khz", 78.07)])
@pytest.mark.parametrize("advance", [0, 1, 10, 63])
def test_rings_are_those_of_the_table(network, step_m, advance):
    """One unit is 553.46 m in GSM and 78.07 m in LTE; ring n runs from n to n + 1 units."""
    assert timing_ring_m(network, advance) == pytest.approx((advance * step_m, (advance + 1) * step_m), rel=2e-5)


def test_rings_touch_and_reach_as_far_as_the_network():
    """Each ring begins where the last one ends; GSM's last one ends at 35 km."""
    for network, timing in TIMINGS.items():
        for advance in range(timing.most):
            assert timing_ring_m(network, advance)[1] == timing_ring_m(network, advance + 1)[0]
    assert timing_ring_m("gsm", 63)[1] == pytest.approx(35_421.0, abs=1.0)


def test_what_no_network_sends_is_refused():
    """An unknown network, a negative or too great an advance."""
    with pytest.raises(InvalidInput):
        timing_ring_m("cdma", 1)
    for advance in (-1, 64):
        with pytest.raises(OutOfDomain):
            timing_ring_m("gsm", advance)
