"""The evidence book: weights, accounts, the outside, contradictions."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.worlds import SITE, report
from tests.search.reports import case_of, north, scenario, told
from tests.strategies import positions

from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.model.places import Searched, Signature
from safeconduct.search.book import write_book
from safeconduct.search.stance import NO_PLACE, Assumed, Stance
from safeconduct.search.weigh import at_odds, weighed, why

SMALL = 60
"""Cells across, for speed."""


def book_of(*reports, scenarios=(), **options):
    return write_book(case_of(*reports, scenarios=scenarios), across=SMALL, **options)


def near(book, place, km):
    """Probability within so many kilometres of a place."""
    x, y = book.grid.plane(*place)
    return float(book.map.poa[np.hypot(book.grid.x_km - x, book.grid.y_km - y) <= km].sum())


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(positions(), st.sampled_from("BCDEF"), st.sampled_from("123456"), st.floats(0.1, 60.0)),
        min_size=1,
        max_size=4,
    )
)
def test_all_probability_adds_up_to_one_anywhere(items):
    """Whatever is reported and wherever: finite, not negative, 1 with the outside."""
    reports = [told(f"r{i}", "point", points=[p], sigma_km=s, grade=r + c) for i, (p, r, c, s) in enumerate(items)]
    book = book_of(*reports)
    assert abs(math.fsum((*book.map.poa, book.map.outside)) - 1.0) <= 1e-12
    assert (book.map.poa >= 0.0).all()


def test_a_certain_report_stands_alone_with_its_own_shape():
    """A1: half of the probability within 1.1774 sigma, nothing left outside but its own tail."""
    book = book_of(told("fix", "point", sigma_km=4.0))
    assert near(book, SITE, 1.1774 * 4.0) == pytest.approx(0.5, abs=0.02)
    assert book.map.outside < 1e-3


def test_a_doubtful_report_leaves_the_rest_possible():
    """A rumour that follows a better report keeps the weight of its grade, 0.05, and is not confirmed by agreeing."""
    wide = told("wide", "point", sigma_km=30.0)
    book = book_of(wide, told("rumour", "point", sigma_km=1.0, grade="C5", known_h=1.0))
    assert near(book, SITE, 3.0) < near(book_of(wide), SITE, 3.0) + 0.1
    assert weighed(book, 10.0)[1].true_now < 0.1


def test_two_reports_that_agree_beat_each_of_them():
    """Independent reports multiply: together they are narrower than either."""
    one, two = told("a", "point", sigma_km=6.0), told("b", "point", sigma_km=6.0)
    assert near(book_of(one, two), SITE, 4.0) > near(book_of(one), SITE, 4.0) + 0.1


def test_what_was_searched_moves_belief_away():
    """The area loses, the outside gains, nothing is made up."""
    wide = told("wide", "point", sigma_km=10.0, grade="B2")
    empty = told("empty", "searched", Searched(0.9), radius_km=8.0)
    before, after = book_of(wide), book_of(wide, empty)
    assert near(after, SITE, 7.0) < 0.4 * near(before, SITE, 7.0)
    assert after.map.outside > before.map.outside


def test_scenarios_are_weighed_by_what_the_reports_say():
    """Of two accounts the one under which the reports fit together gains."""
    a, b = told("a", "point", sigma_km=3.0, grade="B2"), told("b", "point", sigma_km=3.0, grade="B2")
    far = told("far", "point", points=[north(60)], sigma_km=3.0, grade="B2")
    book = book_of(a, b, far, scenarios=[scenario("here", 1.0, "a", "b"), scenario("there", 1.0, "far")])
    here, there = book.accounts
    assert (here.before, there.before) == (0.5, 0.5)
    assert here.after > 0.5
    assert here.after + there.after == pytest.approx(1.0)


def test_every_stance_is_undone_by_leaving_it_out():
    """Doubting, dropping and believing change the map; without them it is the same again, to the last digit."""
    reports = [
        told("a", "point", sigma_km=3.0, grade="C3"),
        told("b", "point", points=[north(30)], sigma_km=3.0, grade="B2"),
    ]
    plain = book_of(*reports)
    for stance in (Stance(doubt=("a",)), Stance(drop=("a",)), Stance(believe=("a",))):
        changed = book_of(*reports, stance=stance)
        assert changed.pieces[0].weight != plain.pieces[0].weight
    assert (book_of(*reports).map.poa == plain.map.poa).all()
    assert near(book_of(*reports, stance=Stance(believe=("a",))), SITE, 8.0) > near(plain, SITE, 8.0)
    assert near(book_of(*reports, stance=Stance(doubt=("a",))), SITE, 8.0) < near(plain, SITE, 8.0)


def test_doubting_never_raises_a_weight():
    """A report graded below improbable keeps its grade."""
    e5 = told("e", "point", sigma_km=3.0, grade="E5")
    book = book_of(e5, told("b", "point", sigma_km=9.0), stance=Stance(doubt=("e",)))
    assert book.pieces[0].weight == pytest.approx(0.01)


def test_withdrawn_and_placeless_reports_have_no_say():
    """They stay in the book, with the reason."""
    gone = report("gone", withdrawn_h=0.0, sigma_km=1.0)
    silent = report("silent", mapped=False)
    book = book_of(told("fix", "point", sigma_km=2.0), gone, silent)
    assert [p.status for p in book.pieces] == ["counted", "withdrawn", NO_PLACE]
    assert [p.counts for p in book.pieces] == [True, False, False]


def test_evidence_that_excludes_everything_names_the_smallest_conflict():
    """Three certain discs, of which two do not meet: these two are named, and how to go on."""
    wide = told("wide", "disc", radius_km=60.0)
    here, there = told("here", "disc", radius_km=2.0), told("there", "disc", points=[north(30)], radius_km=2.0)
    with pytest.raises(InvalidInput) as caught:
        book_of(wide, here, there)
    assert "contradict each other: here, there" in caught.value.message
    assert "smallest" in caught.value.message
    assert "--drop" in (caught.value.expected or "")


def test_a_false_alarm_rate_stands_for_the_credibility():
    """A heat source among many false alarms is worth little, one that hardly errs much."""
    wide = told("wide", "point", sigma_km=20.0)
    poor = book_of(wide, told("heat", "detection", Signature(0.9, 1.0), sigma_km=1.0))
    good = book_of(wide, told("heat", "detection", Signature(0.9, 1e-6), sigma_km=1.0))
    assert poor.pieces[1].weight < 0.05
    assert good.pieces[1].weight > 0.9


@pytest.mark.parametrize(
    "stance", [Stance(drop=("nobody",)), Stance(doubt=("a",), drop=("a",)), Stance(believe=("a",), doubt=("a",))]
)
def test_a_stance_that_makes_no_sense_is_refused(stance):
    """Unknown names and two stances on one report."""
    with pytest.raises(InvalidInput):
        book_of(told("a", "point", sigma_km=3.0), stance=stance)


def test_nothing_left_or_nothing_to_search_for_is_refused():
    """All dropped; only an area searched; the place known."""
    a = told("a", "point", sigma_km=3.0)
    with pytest.raises(InvalidInput, match="where they are"):
        book_of(a, stance=Stance(drop=("a",)))
    with pytest.raises(InvalidInput, match="where they are"):
        book_of(told("empty", "searched", Searched(0.9), radius_km=8.0))
    with pytest.raises(InvalidInput, match="nothing to search for"):
        book_of(a, report("found", known=True, sigma_km=None, finds=True))
    with pytest.raises(OutOfDomain):
        Assumed(outside=1.0)


def test_information_is_what_a_report_adds():
    """A report that repeats the map adds little, a sharp one much; without a say it adds nothing."""
    wide, sharp = told("wide", "point", sigma_km=20.0), told("sharp", "point", sigma_km=2.0, grade="B2")
    book = book_of(wide, sharp, report("silent", mapped=False))
    worths = {w.id: w for w in weighed(book, 100.0)}
    assert worths["sharp"].bits > 1.0 > worths["wide"].bits >= 0.0
    assert (worths["silent"].bits, worths["silent"].true_now) == (0.0, None)
    assert 0.0 < worths["sharp"].true_now < 1.0
    assert worths["wide"].settle_bits == pytest.approx(0.0, abs=1e-9)  # certain already: nothing to settle


def test_settling_the_contested_report_moves_most_of_the_effort():
    """Of an agreed and a contested report the contested one is worth settling."""
    agreed = told("agreed", "point", sigma_km=8.0, grade="A2")
    contested = told("contested", "point", points=[north(25)], sigma_km=1.0, grade="B3")
    worths = {w.id: w for w in weighed(book_of(agreed, contested), 50.0)}
    assert worths["contested"].moves > worths["agreed"].moves
    assert 0.0 <= worths["contested"].drop_moves <= 1.0


def test_reports_far_apart_are_at_odds():
    """Two places 60 km apart cannot both be right; one inside the other can."""
    a = told("a", "point", sigma_km=2.0, grade="B3")
    far, around = (
        told("far", "point", points=[north(60)], sigma_km=2.0, grade="B3"),
        told("around", "point", sigma_km=9.0),
    )
    assert [(o.first, o.second) for o in at_odds(book_of(a, far))] == [("a", "far")]
    assert at_odds(book_of(a, around)) == ()


def test_why_names_the_report_that_put_it_there():
    """The cells about a report are lifted by that report."""
    a = told("a", "point", sigma_km=2.0, grade="B3")
    b = told("b", "point", points=[north(40)], sigma_km=2.0, grade="B3")
    book = book_of(a, b)
    assert why(book, [book.grid.cell_of(*SITE)])[0][0] == "a"
    assert why(book, [book.grid.cell_of(*north(40))])[0][0] == "b"
