"""The rules made ready: the same answers as by the book, and the properties that must always hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.test_evaluate import permit, rule, some_facts

from safeconduct.formats.rules import CASE_DEFAULTS, load_rules
from safeconduct.law.compiled import SATISFIED, Compiled
from safeconduct.law.conditions import holds
from safeconduct.law.evaluate import gates, verdicts
from safeconduct.law.overall import worst
from safeconduct.law.validity import DOUBT, HOUR, NO, YES, state
from safeconduct.model.law import WayFacts
from safeconduct.model.rules import AllOf, AnyOf, Doubt, NotThis, Period, Rule, Test

SHIPPED = Compiled(load_rules().rules)
WORDS = {"armed": ("yes", "no"), "actor": ("military", "ngo"), "item": ("flir", "radio"), "host": ("XB", "US")}
DATED = tuple(each for each in SHIPPED.rules if each.valid_from or each.valid_until or each.published)

tests_of_facts = st.sampled_from(sorted(WORDS)).flatmap(
    lambda fact: st.sampled_from(WORDS[fact]).map(lambda word: Test(fact, (word,)))
)
conditions = st.recursive(
    tests_of_facts,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(NotThis),
    ),
    max_leaves=8,
)
rare_facts = st.builds(
    lambda facts, actor, items, handed, based, who: replace(
        facts, actor=actor, items=items, hands_over=handed, based_in_host=based, counterpart=who
    ),
    some_facts,
    st.sampled_from(("military", "ngo", "international", "individual", None)),
    st.sampled_from(((), ("flir",), ("radio", "medicine"), None)),
    st.sampled_from((True, False, None)),
    st.sampled_from((True, False, None)),
    st.sampled_from(("not-stated", "listed", "government")),
)


@given(condition=conditions, facts=rare_facts)
def test_bits_say_what_the_condition_says(condition, facts: WayFacts) -> None:
    """A compiled condition has the truth value of the written one, unknown included."""
    applies = {True: "blocked-grantable", None: "unknown", False: "not-engaged"}[holds(condition, facts)]
    book = Compiled((rule("A", when=condition, engages=rule("A").engages),))
    expected = applies if facts.host != facts.provider else "not-engaged"
    assert book.statuses(facts) == (expected,)


@given(facts=rare_facts)
def test_statuses_are_those_of_the_verdicts(facts: WayFacts) -> None:
    """The short answer and the reasoned one never differ."""
    of_rule: dict[str, list[str]] = {}
    for verdict in verdicts(facts, SHIPPED):
        of_rule.setdefault(verdict.rule.id, []).append(verdict.status)
    short = {each.id: status for each, status in zip(SHIPPED.rules, SHIPPED.statuses(facts), strict=True)}
    assert {name: worst(found) for name, found in of_rule.items()} == short


@given(facts=rare_facts)
def test_a_satisfied_gate_names_a_permission_that_was_read(facts: WayFacts) -> None:
    """Nothing is opened but by a rule with its name in the answer, and by none that was not read."""
    for verdict in verdicts(facts, SHIPPED):
        if verdict.kind and verdict.status in SATISFIED:
            assert verdict.opened_by
            assert all(opener.verified and verdict.rule.id in opener.opens for opener in verdict.opened_by)


@given(facts=rare_facts, name=st.sampled_from(("pilotless", "armed", "lost_is_civil", "hands_over", "based_in_host")))
def test_adding_a_fact_frees_nothing_that_is_blocked_absolutely(facts: WayFacts, name: str) -> None:
    """What nobody can grant stays so when an unknown fact becomes known, unless a named rule permits it."""
    unknown = replace(facts, **{name: None})
    before = {(g.kind, g.authority) for g in gates(unknown, SHIPPED) if g.status == "blocked-absolute"}
    for value in (True, False):
        after = {(g.kind, g.authority): g for g in gates(replace(facts, **{name: value}), SHIPPED)}
        for key in before:
            assert after[key].status == "blocked-absolute" or any(
                each.opens
                for verdict in verdicts(replace(facts, **{name: value}), SHIPPED)
                for each in verdict.opened_by
            )


@pytest.mark.parametrize("each", DATED, ids=lambda each: each.id)
def test_crossing_a_boundary_changes_only_what_is_dated_there(each: Rule) -> None:
    """From the day before a boundary to the day after only rules dated there, or hanging on one, change."""
    for edge in {
        b for p in ((each.valid_from, each.valid_until), *((x.start, x.end) for x in each.extended)) for b in p
    }:
        if edge is None:
            continue
        day = edge.date() if isinstance(edge, datetime) else edge
        for case in each.cases:
            days = [day.fromordinal(day.toordinal() + shift) for shift in (-1, 1)]
            short = [SHIPPED.statuses(replace(case.facts, on=on, known=date(2030, 1, 1))) for on in days]
            moved = {r.id for r, one, two in zip(SHIPPED.rules, *short, strict=True) if one != two}
            dated = {r.id for r in SHIPPED.rules if _near(r, day)}
            opened = {name for r in SHIPPED.rules if r.id in dated for name in r.opens}
            opened |= {name for r in SHIPPED.rules if set(r.follows) & opened for name in (r.id, *r.opens)}
            assert moved <= dated | opened


def _near(each: Rule, day: date) -> bool:
    bounds = [each.valid_from, each.valid_until, *(b for p in each.extended for b in (p.start, p.end))]
    days = [b.date() if isinstance(b, datetime) else b for b in bounds if b is not None]
    return any(abs((b - day).days) <= 1 for b in days)


def test_a_permission_follows_the_rule_it_hangs_on() -> None:
    """A yes to the one is a yes to the other, on terms where the first has terms; never the reverse."""
    first, second = rule("A"), rule("B", engages=(rule("B").engages[0].__class__("export", "provider", "", None),))
    chain = permit("C", "B", follows=("A",))
    status = dict(zip("ABCD", Compiled((first, second, chain, permit("D", "A"))).statuses(CASE_DEFAULTS), strict=True))
    assert (status["A"], status["B"]) == ("satisfied", "satisfied")
    status = dict(zip("ABC", Compiled((first, second, chain)).statuses(CASE_DEFAULTS), strict=True))
    assert (status["B"], status["C"]) == ("blocked-grantable", "not-engaged")
    on_terms = permit("D", "A", conditions=("escort",))
    assert Compiled((first, second, chain, on_terms)).statuses(CASE_DEFAULTS)[1] == "satisfied-with-conditions"
    reverse = Compiled((first, second, chain, permit("D", "B"))).statuses(CASE_DEFAULTS)
    assert reverse[0] == "blocked-grantable"


def test_a_permission_yields_where_another_rule_applies() -> None:
    """Not engaged where that rule applies, unknown where it may."""
    war = rule("W", effect="informs", engages=(), subject="right", when=Test("in_conflict", ("yes",)))
    book = Compiled((rule("A"), permit("B", "A", unless=("W",)), war))
    found = [book.statuses(replace(CASE_DEFAULTS, in_conflict=value))[:2] for value in (False, True, None)]
    assert found == [
        ("satisfied", "satisfied"),
        ("blocked-grantable", "not-engaged"),
        ("blocked-grantable", "unknown"),
    ]


@pytest.mark.parametrize(
    ("on", "known", "expected"),
    [
        (date(2012, 8, 20), date(2013, 1, 1), NO),
        (date(2012, 8, 21), date(2012, 8, 20), NO),  # not yet published
        (date(2012, 8, 21), date(2012, 8, 21), YES),
        (date(2012, 10, 5), date(2012, 10, 5), HOUR),  # last day, no hour in the text
        (date(2012, 10, 6), date(2012, 10, 6), DOUBT),
        (date(2012, 10, 6), date(2012, 10, 9), YES),
        (date(2012, 10, 9), date(2012, 10, 8), NO),
        (datetime(2012, 11, 19, 23, tzinfo=UTC), date(2013, 1, 1), HOUR),
        (date(2012, 11, 20), date(2013, 1, 1), NO),
    ],
)
def test_an_extension_reaches_back_only_for_those_who_know_it(on, known, expected) -> None:
    """Two dates: when it applies, and what had been published."""
    licence = permit(
        "L",
        "A",
        valid_from=date(2012, 8, 21),
        valid_until=date(2012, 10, 5),
        published=date(2012, 8, 21),
        extended=(Period(date(2012, 10, 5), date(2012, 11, 19), date(2012, 10, 9)),),
        in_doubt=(Doubt(date(2012, 10, 6), date(2012, 10, 8), "nobody said"),),
    )
    assert state(licence, on, known) == expected


def test_an_hour_decides_where_both_sides_have_one() -> None:
    """To the minute; a bare day on either side asks for the hour."""
    ends = permit("L", "A", valid_until=datetime(2023, 8, 8, 16, 1, tzinfo=UTC))
    known = date(2024, 1, 1)
    assert state(ends, datetime(2023, 8, 8, 16, 1, tzinfo=UTC), known) == YES
    assert state(ends, datetime(2023, 8, 8, 16, 2, tzinfo=UTC), known) == NO
    assert state(ends, date(2023, 8, 8), known) == HOUR
