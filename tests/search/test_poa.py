"""The first probability map: a mixture over the reports."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.worlds import SITE, hour, report
from tests.search.reports import told
from tests.strategies import positions

from safeconduct.model.places import Bearing, Searched
from safeconduct.search.poa import EARTH_KM, probability_map, weight_of


def chart_of(*reports):
    chart = probability_map(reports)
    assert chart is not None
    return chart


def away_km(chart, point):
    """Great-circle distance of each cell from a point."""
    lon, lat = np.radians(chart.lon_deg), np.radians(chart.lat_deg)
    there = np.radians(point)
    half = np.sin((lat - there[1]) / 2) ** 2 + np.cos(lat) * np.cos(there[1]) * np.sin((lon - there[0]) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(half))


ANY_REPORT = st.builds(
    lambda name, at, kind, km, rel, cred, turn: report(
        name,
        points=(at,) if kind != "track" else (at, (at[0], max(-90.0, min(90.0, at[1] + turn)))),
        kind=kind,
        sigma_km=km,
        radius_km=km,
        reliability=rel,
        credibility=cred,
    ),
    st.sampled_from(["a", "b", "c"]),
    positions(),
    st.sampled_from(["point", "disc", "track"]),
    st.floats(0.0, 60.0),
    st.sampled_from("ABCDEF"),
    st.sampled_from("123456"),
    st.floats(-0.5, 0.5),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY_REPORT, min_size=1, max_size=3))
def test_all_probability_adds_up_to_one_anywhere(reports):
    """Whatever the reports and wherever on the globe: finite, not negative, sum 1, cells on the globe."""
    chart = chart_of(*reports)
    assert chart.poa.sum() == pytest.approx(1.0)
    assert (chart.poa >= 0.0).all()
    assert np.isfinite(chart.poa).all()
    assert ((chart.lon_deg >= -180) & (chart.lon_deg <= 180) & (abs(chart.lat_deg) <= 90)).all()
    assert sum(s.weight for s in chart.scenarios) == pytest.approx(1.0)


@settings(max_examples=30, deadline=None)
@given(ANY_REPORT, st.floats(0.05, 0.9), st.floats(0.01, 0.1))
def test_a_larger_share_never_lies_in_a_smaller_area(one, share, more):
    """Containment is monotone: in area and cell by cell; and each area does hold its share."""
    chart = chart_of(one)
    small, large = chart.inside(share), chart.inside(share + more)
    assert chart.area_km2(share) <= chart.area_km2(share + more)
    assert not (small & ~large).any()
    assert chart.poa[small].sum() >= share - 1e-9


def test_the_area_is_that_of_its_cells():
    """The area of a share and the cells it is made of are the same."""
    chart = chart_of(report(sigma_km=5.0))
    assert chart.area_km2(0.5) == pytest.approx(chart.inside(0.5).sum() * chart.cell_km**2)


@pytest.mark.parametrize("at", [SITE, (179.99, 10.0), (-179.99, -45.0), (20.0, 78.0)])
def test_half_of_a_normal_point_lies_within_its_median_circle(at):
    """A report with sigma holds half of its mass within 1.1774 sigma, at the antimeridian and at 78 degrees too."""
    chart = chart_of(report(points=(at,), sigma_km=8.0))
    inside = chart.poa[away_km(chart, at) <= 1.1774 * 8.0].sum()
    assert inside == pytest.approx(0.5, abs=0.02)
    assert chart.area_km2(0.5) == pytest.approx(np.pi * (1.1774 * 8.0) ** 2, rel=0.03)


def test_a_disc_is_uniform_and_ends_at_its_radius():
    """Cells within the radius share alike, cells beyond it hold nothing."""
    chart = chart_of(report(kind="disc", radius_km=10.0, sigma_km=None))
    away = away_km(chart, SITE)
    held = chart.poa[away < 9.9]
    assert held.max() == pytest.approx(held.min())
    assert chart.poa[away > 10.2].sum() == 0.0
    assert chart.area_km2(1.0) == pytest.approx(np.pi * 100.0, rel=0.03)


def test_a_track_falls_off_across_its_line_and_not_along_it():
    """On the line the density is the same at both ends; one sigma aside it is exp(-1/2) of that."""
    start, end = (10.0, 0.0), (10.0, 0.9)
    chart = chart_of(report(kind="track", points=(start, end), sigma_km=7.0))
    lon_side = 10.0 + np.degrees(7.0 / EARTH_KM)

    def density(point):
        return chart.poa[np.argmin(away_km(chart, point))]

    assert density((10.0, 0.1)) == pytest.approx(density((10.0, 0.8)), rel=0.01)
    assert density((lon_side, 0.45)) / density((10.0, 0.45)) == pytest.approx(np.exp(-0.5), abs=0.06)


def test_conflicting_reports_stay_side_by_side_by_their_grades():
    """An A1 and a C3 report 60 km apart hold their mass in the ratio of their weights, 1 to 0.25."""
    other = (10.5, 0.1)
    chart = chart_of(
        report("sure", sigma_km=3.0),
        report("weak", points=(other,), sigma_km=3.0, reliability="C", credibility="3"),
    )
    near = chart.poa[away_km(chart, SITE) < 15].sum()
    far = chart.poa[away_km(chart, other) < 15].sum()
    assert near == pytest.approx(0.8, abs=0.01)
    assert far == pytest.approx(0.2, abs=0.01)
    assert chart.site == SITE
    assert [s.evidence.id for s in chart.scenarios] == ["sure", "weak"]


def test_no_probability_lies_where_no_report_puts_it():
    """Two reports 400 km apart: nothing between or beside them, however wide the map has to be."""
    other = (13.6, 0.1)
    chart = chart_of(report("one", sigma_km=3.0), report("two", points=(other,), sigma_km=3.0))
    strange = (away_km(chart, SITE) > 30) & (away_km(chart, other) > 30)
    assert chart.poa[strange].sum() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("settles", [{"known": True}, {"finds": True}])
def test_a_report_that_settles_the_place_stands_alone(settles):
    """A known place, or a find, leaves the other reports out of the map."""
    chart = chart_of(report("heavy", sigma_km=10.0), report("settled", at=(10.4, 0.1), reliability="F", **settles))
    assert chart.known
    assert [s.evidence.id for s in chart.scenarios] == ["settled"]
    assert chart.site == (10.4, 0.1)


def test_of_two_that_settle_it_the_later_known_counts():
    """A correction replaces the first find."""
    chart = chart_of(report("one", finds=True, known_h=2.0), report("two", at=(10.4, 0.1), finds=True, known_h=3.0))
    assert chart.site == (10.4, 0.1)


def test_withdrawn_and_placeless_reports_count_for_nothing():
    """What was taken back, and what says nothing of where, is not on the map; nothing at all is no map."""
    gone, vague = report("gone", withdrawn_h=1.0), report("vague", mapped=False)
    assert probability_map((gone, vague)) is None
    assert probability_map(()) is None
    chart = chart_of(gone, vague, report("stays", at=(10.4, 0.1)))
    assert [s.evidence.id for s in chart.scenarios] == ["stays"]


@pytest.mark.parametrize(
    ("reliability", "credibility", "expected"), [("A", "1", 1.0), ("B", "2", 0.64), ("E", "5", 0.01), ("F", "6", 0.16)]
)
def test_the_weight_of_a_report_is_source_times_content(reliability, credibility, expected):
    """The two Admiralty grades multiply; *cannot be judged* lies in the middle."""
    assert weight_of(report(reliability=reliability, credibility=credibility)) == pytest.approx(expected)


def test_the_effort_spread_over_the_map_adds_up_to_one():
    """The share of effort integrates to 1 and goes with the root of the density."""
    chart = chart_of(report(sigma_km=5.0))
    effort = chart.effort_density()
    assert (effort * chart.cell_km**2).sum() == pytest.approx(1.0)
    ratio = effort**2 / chart.density()
    assert ratio.max() == pytest.approx(ratio.min())


def test_the_hour_of_a_report_does_not_move_its_place():
    """The map depends on place and grade alone."""
    early, late = chart_of(report(known_h=0.0)), chart_of(report(known_h=5.0))
    assert (early.poa == late.poa).all()
    assert hour(5) == late.scenarios[0].evidence.known_at


def test_a_bearing_puts_them_along_it():
    """A kind of place of the search plan: most lies to the north of the station, and the site is no station."""
    chart = chart_of(told("df", "bearing", Bearing(0.0, 5.0, 40.0)))
    north = chart.lat_deg > SITE[1]
    assert chart.poa[north].sum() > 0.95
    assert chart.site[1] >= SITE[1]
    assert chart.poa.sum() == pytest.approx(1.0)


def test_what_needs_a_prior_or_terrain_is_not_mapped():
    """An area searched and terrain in cloud say nothing by themselves here."""
    searched = told("empty", "searched", Searched(0.9), radius_km=5.0)
    assert probability_map((searched,)) is None
    fix = report("fix", sigma_km=2.0)
    assert (chart_of(fix, searched).poa == chart_of(fix).poa).all()
