"""Outlines of a set of cells."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.worlds import report

from safeconduct.search.outline import outlines
from safeconduct.search.poa import EARTH_KM, probability_map


def chart_of(*reports):
    chart = probability_map(reports)
    assert chart is not None
    return chart


def signed_km2(ring):
    """Area of a small ring on the local plane, positive where it runs anticlockwise."""
    lon, lat = np.radians(np.array(ring)).T
    x, y = EARTH_KM * np.cos(lat.mean()) * lon, EARTH_KM * lat
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def test_rings_are_closed():
    """The first corner is repeated at the end."""
    rings = outlines(chart_of(report(sigma_km=5.0)), 0.9)
    assert all(ring[0] == ring[-1] for ring in rings)
    assert len(rings) == 1


@pytest.mark.parametrize("at", [(10.0, 0.1), (179.99, 10.0), (-179.999, -60.0)])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_the_ring_holds_the_area_of_its_cells(at, share):
    """The outline encloses as many square kilometres as the share's cells, across the antimeridian too."""
    chart = chart_of(report(points=(at,), sigma_km=5.0))
    rings = outlines(chart, share)
    assert sum(signed_km2(r) for r in rings) == pytest.approx(chart.area_km2(share), rel=0.01)


def test_two_places_give_two_rings():
    """Reports far from each other are outlined apart."""
    chart = chart_of(report("a", sigma_km=2.0), report("b", points=((10.5, 0.1),), sigma_km=2.0))
    assert len(outlines(chart, 0.9)) == 2


def test_at_most_so_many_rings_the_largest_first():
    """The smallest rings are left out."""
    chart = chart_of(report("a", sigma_km=2.0), report("b", points=((10.5, 0.1),), sigma_km=6.0))
    both, one = outlines(chart, 0.95), outlines(chart, 0.95, most=1)
    assert one == both[:1]
    assert abs(signed_km2(both[0])) > abs(signed_km2(both[1]))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**20 - 1), st.integers(2, 5))
def test_any_set_of_cells_is_enclosed_exactly(bits, columns):
    """Whatever the cells (touching at corners, with holes): the signed areas of the rings add up to theirs."""
    size = columns * 4
    mask = np.array([bool(bits >> i & 1) for i in range(size)])
    if not mask.any():
        mask[0] = True
    base = chart_of(report(sigma_km=0.1))
    lon, lat = np.meshgrid(np.arange(columns) * 0.001 + 0.0005, np.arange(4) * 0.001 + 0.0005)
    poa = np.where(mask, 1.0, 0.0) / mask.sum()
    fields = {f: getattr(base, f) for f in ("known", "scenarios")}
    chart = type(base)(
        site=(0.0, 0.0), lon_deg=lon.ravel(), lat_deg=lat.ravel(), poa=poa, cell_km=0.1, columns=columns, **fields
    )
    cell = (np.radians(0.001) * EARTH_KM) ** 2
    total = sum(signed_km2(r) for r in outlines(chart, 1.0, most=99))
    assert total == pytest.approx(mask.sum() * cell, rel=1e-3)


def test_a_single_cell_has_an_outline_of_four_corners():
    """A settled place still has an area: that of the smallest cell."""
    chart = chart_of(report(sigma_km=0.0, known=True))
    rings = outlines(chart, 0.1)
    assert len(rings) == 1
    assert len(rings[0]) == 5
