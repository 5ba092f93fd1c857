"""Precedents: what is like what and why, and rates that say how little few cases can say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.desk.precedents import precedents_like
from safeconduct.formats.precedents import read_precedents, shipped_precedents
from safeconduct.formats.yamltree import read_tree
from safeconduct.law.precedents import Sought, lags, like, rates, wilson
from safeconduct.model.errors import InvalidInput

ALL = shipped_precedents()

GOOD = """\
format: 1
precedents:
  - id: one
    number: 1
    title: One
    when: "2001-02"
    affected: XA
    providers: [XB]
    emergency: maritime
    aid: [search]
    initiative: asked
    first_answer: refused
    outcome: accepted
    reversed_after_days: [2, 3]
    mechanism: [direct]
    grade: A
    sources: [a newspaper]
"""


def test_the_thirty_one_cases_are_there_with_sources():
    """Numbers 1 to 31, each with a source and a grade."""
    assert [each.number for each in ALL] == list(range(1, 32))
    assert all(each.cite.sources and each.cite.grade for each in ALL)


def test_a_refusal_reversed_is_in_time_order():
    """Whoever reversed a refusal took the help in the end, and nothing came before the event."""
    for each in ALL:
        assert each.reversed_after_days is None or (each.taken and each.first_answer == "refused")
        assert each.days is None or 0 <= each.days[0] <= each.days[1]


def test_the_same_two_come_before_others_in_the_same_emergency():
    """An earthquake between the two of Bam finds Bam first, with the reasons."""
    sought = Sought("IR", ("US",), "natural-disaster", ("aircraft", "personnel", "medical", "goods"), "offered")
    first = like(sought, ALL)[0]
    assert (first.precedent.id, first.score) == ("bam-2003", 1.0)
    assert first.reasons[0] == "the same two: US to IR"


@given(
    affected=st.sampled_from(("IR", "TR", "XA")),
    provider=st.sampled_from(("US", "GB", "XB")),
    emergency=st.sampled_from(("maritime", "natural-disaster", "aircraft-accident")),
    aid=st.sets(st.sampled_from(("search", "goods", "ships")), max_size=3),
)
def test_likeness_is_a_share_with_a_reason(affected, provider, emergency, aid):
    """Between 0 and 1, in falling order, never without a reason, and whatever the order of the cases."""
    sought = Sought(affected, (provider,), emergency, tuple(sorted(aid)))
    found = like(sought, ALL)
    assert all(0 < each.score <= 1 and each.reasons for each in found)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert like(sought, tuple(reversed(ALL))) == found


@given(total=st.integers(1, 60), share=st.floats(0, 1))
def test_an_interval_holds_its_share_and_is_never_a_point(total, share):
    """Wilson's interval lies in [0, 1], holds the share, and stays open at none and all."""
    count = round(share * total)
    low, high = wilson(count, total)
    assert 0 <= low <= count / total + 1e-12
    assert count / total - 1e-12 <= high <= 1  # rounding at none and all
    assert high - low > 0


def test_wilson_against_a_published_value():
    """No success in ten at 90 %: the upper end is z2 / (n + z2) = 0.2129."""
    low, high = wilson(0, 10)
    assert low == pytest.approx(0.0, abs=1e-12)
    assert high == pytest.approx(2.70554 / 12.70554, abs=1e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_base_rates_are_counts_of_the_cases_they_name():
    """Each rate names as many cases as it counts; three refusals were reversed."""
    found = {each.says: each for each in rates(ALL)}
    assert all(each.count == len(each.numbers) <= each.total for each in found.values())
    assert found["refused at first, then taken at least in part"].numbers == (4, 11, 18)
    assert found["whether there was a request is itself disputed"].numbers == (6, 10, 25)


def test_a_licence_came_after_three_five_and_ten_days():
    """The three licences, and the same recipe as for the lead times."""
    licence = next(each for each in lags(ALL) if "licence" in each.says)
    assert licence.numbers == (1, 4, 9)
    assert licence.p50_days == pytest.approx((3 * 5 * 10) ** (1 / 3))
    assert lags(()) == ()


def test_a_case_finds_its_precedents_by_provider():
    """One provider of the case; a stranger is told who is there."""
    page = precedents_like("varzaqan-2024", provider="US", most=3)
    assert len(page.found) == 3
    assert page.sought.providers == ("US",)
    with pytest.raises(InvalidInput):
        precedents_like("varzaqan-2024", provider="XQ")


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ('when: "2001-02"', 'when: "2001-13"', 6, "2012-08-11"),
        ("affected: XA", "affected: Nowhere", 7, "two capital letters"),
        ("aid: [search]", "aid: [serch]", 10, "'search'"),
        ("first_answer: refused", "first_answer: accepted", 3, "refused"),
        ("[2, 3]", "[3, 2]", 14, "least"),
        ("    sources: [a newspaper]\n", "", 3, "sources"),
    ],
)
def test_a_fault_is_told_with_its_place(old, new, line, expected):
    """File and line, what was expected."""
    assert len(read_precedents(read_tree(GOOD, name="p.yaml"))) == 1
    with pytest.raises(InvalidInput) as caught:
        read_precedents(read_tree(GOOD.replace(old, new, 1), name="p.yaml"))
    assert caught.value.where.startswith(f"p.yaml:{line} ")
    assert expected in caught.value.expected


def test_the_same_number_twice_is_refused():
    """Numbers are how tables name cases."""
    twice = GOOD + GOOD.split("precedents:\n")[1].replace("id: one", "id: two")
    with pytest.raises(InvalidInput, match="twice"):
        read_precedents(read_tree(twice, name="p.yaml"))
