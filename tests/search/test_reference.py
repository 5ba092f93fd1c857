"""
Published and re-derived tables of search theory, beside the solvers.

The other tables stand with what they test: detection laws, Bayes, Charnes-Cooper cases, index policy, 3 x 3 paths,
CAP's repeats, timing-advance rings. The figures are re-derived from the closed forms named at each test.
"""

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from safeconduct.formats.sweepwidths import sweep_standards
from safeconduct.search.detection import exponential, inverse_cube
from safeconduct.search.effort import allocate

NM = 1.852


def elliptic(s1, s2, per_sigma):
    """Cells of a bivariate normal map out to 5 sigma, and the area of one."""
    axis = (np.arange(-5 * per_sigma, 5 * per_sigma) + 0.5) / per_sigma
    x, y = np.meshgrid(axis, axis)
    p = np.exp(-0.5 * (x**2 + y**2)).ravel()
    return p / p.sum(), s1 * s2 / per_sigma**2


@pytest.mark.parametrize(
    ("hours", "pos"), [(1, 0.1011), (2, 0.1758), (4, 0.2901), (8, 0.4468), (16, 0.6308), (24, 0.7369)]
)
def test_koopman_worked_case(hours, pos):
    """s1 = 10 NM, s2 = 5 NM, W = 0.5 NM, v = 90 kt, on cells of sigma/20, within 1 % (Koopman; Stone 1975)."""
    p, area = elliptic(10.0, 5.0, 20)
    made = allocate(p, np.full((p.size, 1), 0.5 * 90.0 / area), [hours])
    assert made.pos == pytest.approx(pos, rel=0.01)


def test_koopman_mean_time():
    """Mean time to detect 6 pi s1 s2 / (W v) = 20.94395 h: the integral of 1 - POS = (1 + z) e^-z over time."""
    z = np.linspace(0.0, 60.0, 200_001)
    time = math.pi * 50.0 / 45.0 * z**2
    missed = (1.0 + z) * np.exp(-z)
    mean = float(((missed[1:] + missed[:-1]) / 2.0 * np.diff(time)).sum())
    assert mean == pytest.approx(6.0 * math.pi * 50.0 / 45.0, rel=1e-6)
    assert mean == pytest.approx(20.94395, abs=1e-3)


@pytest.mark.parametrize(
    ("z", "radius", "pos"),
    [(0.5, 0.841, 0.0887), (1, 1.189, 0.2570), (2, 1.682, 0.5729), (3, 2.060, 0.7746), (4, 2.378, 0.8853)],
)
def test_the_best_even_disc(z, radius, pos):
    """Even coverage of one disc: containment x POD, at its best radius; at most 3.6 % short of the optimum."""

    def found(r):
        # z = sqrt(effort / (pi sigma^2)): the effort covers the disc of radius r with coverage z^2 / r^2.
        return (1.0 - math.exp(-(r**2) / 2.0)) * float(exponential(z**2 / r**2))

    best = minimize_scalar(lambda r: -found(r), bounds=(0.1, 6.0), method="bounded")
    assert best.x == pytest.approx(radius, abs=2e-3)
    assert -best.fun == pytest.approx(pos, abs=1e-4)
    assert -best.fun >= (1.0 - 0.036) * (1.0 - (1.0 + z) * math.exp(-z))


@pytest.mark.parametrize(
    ("factor", "contained"), [(1.1, 0.568), (1.6, 0.830), (2.0, 0.9375), (2.3, 0.974), (2.5, 0.987)]
)
def test_repeated_expansion_factors(factor, contained):
    """Radii of 1.1 to 2.5 probable errors about a normal datum, on a grid (E = 1.1774 sigma)."""
    p, _ = elliptic(1.0, 1.0, 40)
    axis = (np.arange(-200, 200) + 0.5) / 40
    x, y = np.meshgrid(axis, axis)
    inside = np.hypot(x, y).ravel() <= factor * 1.1774
    assert p[inside].sum() == pytest.approx(contained, abs=2e-3)


def test_inverse_cube_lateral_range():
    """p(x) = 1 - exp(-W^2 / (4 pi x^2)) integrates to W, is 0.2726 at W / 2, and gives the POD of parallel sweeps."""
    x = np.linspace(1e-6, 4000.0, 4_000_001)
    seen = -np.expm1(-1.0 / (4.0 * math.pi * x**2))
    assert 2.0 * float(((seen[1:] + seen[:-1]) / 2.0 * np.diff(x)).sum()) == pytest.approx(1.0, abs=1e-3)
    assert -math.expm1(-1.0 / math.pi) == pytest.approx(0.2726, abs=1e-4)
    # Sweeps one width apart: every point is passed at x, x + S, x - S, ...; the hazards add up.
    offsets = np.arange(-4000, 4001)[:, None] + np.linspace(0.0, 1.0, 201)[None, 1:-1]
    missed = np.exp(-(1.0 / (4.0 * math.pi * offsets**2)).sum(axis=0))
    assert float(1.0 - missed.mean()) == pytest.approx(float(inverse_cube(1.0)), abs=2e-3)


@pytest.mark.parametrize(
    ("height_ft", "spacing_nm", "printed"),
    [
        (500, 0.5, (35, 60, 75, 75)),
        (500, 1.0, (20, 35, 50, 50)),
        (500, 1.5, (15, 25, 35, 40)),
        (500, 2.0, (10, 20, 30, 30)),
        (700, 0.5, (40, 60, 75, 80)),
        (700, 1.0, (20, 35, 50, 55)),
        (700, 1.5, (15, 25, 40, 40)),
        (700, 2.0, (10, 20, 30, 35)),
        (1000, 0.5, (40, 65, 80, 85)),
        (1000, 1.0, (25, 40, 55, 60)),
        (1000, 1.5, (15, 30, 40, 45)),
        (1000, 2.0, (15, 20, 30, 35)),
    ],
)
def test_the_air_patrols_single_search_table(height_ft, spacing_nm, printed):
    """Every printed figure within 3 points, by the fitted widths and the exponential law (MART II, tables 6-1, 6-2)."""
    table = sweep_standards()["cap-mart"].objects["aircraft-under-5700-kg"]
    for miles, percent in zip((1, 2, 3, 4), printed, strict=True):
        width = table.width(height_ft * 0.3048, miles * 1.609344) / NM
        assert 100.0 * float(exponential(width / spacing_nm)) == pytest.approx(percent, abs=3.0)
