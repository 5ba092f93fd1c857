"""The machinery of gates, on rules made for the purpose."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.formats.rules import CASE_DEFAULTS, load_rules
from safeconduct.law.conditions import holds, missing
from safeconduct.law.evaluate import gates
from safeconduct.law.overall import overall, worst
from safeconduct.model.law import ACTIVITIES, AIRCRAFT, ITEMS, WayFacts
from safeconduct.model.rules import AllOf, AnyOf, Engagement, NotThis, Rule, Test
from safeconduct.model.sources import Cite, Spread

SHIPPED = load_rules().rules
ALWAYS = AllOf(())
SLOW = Spread(10.0, 20.0, 30.0, Cite((), "assumed"), "made up", 1)
STATES = ("XA", "XB", "XC", "IR", "US", "EU")

some_facts = st.builds(
    WayFacts,
    on=st.dates(date(2020, 1, 1), date(2029, 1, 1)),
    known=st.dates(date(2020, 1, 1), date(2029, 1, 1)),
    host=st.sampled_from(STATES),
    provider=st.sampled_from(STATES),
    actor=st.sampled_from(("military", "civil-agency", "contractor", "ngo")),
    aircraft=st.sampled_from(AIRCRAFT),
    pilotless=st.sampled_from((True, False, None)),
    armed=st.sampled_from((True, False, None)),
    crosses=st.lists(st.sampled_from(STATES), max_size=3).map(tuple),
    lands_in=st.lists(st.sampled_from(STATES), max_size=2).map(tuple),
    activities=st.lists(st.sampled_from(ACTIVITIES), max_size=3).map(tuple),
    items=st.lists(st.sampled_from(ITEMS), max_size=3).map(tuple),
    emergency=st.sampled_from(("aircraft-accident", "natural-disaster", "maritime", "conflict")),
    lost_is_civil=st.sampled_from((True, False, None)),
    in_conflict=st.booleans(),
    persons=st.integers(0, 3),
)


def rule(name: str, **changes: object) -> Rule:
    base = Rule(
        id=name,
        says=f"{name} says so.",
        when=ALWAYS,
        effect="engages",
        engages=(Engagement("entry", "host", "", None),),
        opens=(),
        deadline_h=None,
        force="shall",
        valid_from=None,
        valid_until=None,
        published=None,
        as_of="",
        cite=Cite((name,), "V"),
        confidence="V",
        needs_counsel=False,
        conditions=(),
        channel="",
        cases=(),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def permit(name: str, *opens: str, **changes: object) -> Rule:
    return rule(name, effect="permits", engages=(), opens=opens, **changes)


def only_status(*rules: Rule, facts: WayFacts = CASE_DEFAULTS) -> str:
    (gate,) = gates(facts, rules)
    return gate.status


@given(facts=some_facts, seed=st.integers(0, 2**16))
def test_order_changes_nothing(facts: WayFacts, seed: int) -> None:
    """Shuffled rules, states, items and activities give the same gates."""
    dice = random.Random(seed)
    mixed = replace(
        facts,
        **{
            name: tuple(dice.sample(getattr(facts, name), len(getattr(facts, name))))
            for name in ("crosses", "lands_in", "activities", "items")
        },
    )
    assert gates(mixed, tuple(dice.sample(SHIPPED, len(SHIPPED)))) == gates(facts, SHIPPED)


@given(facts=some_facts)
def test_a_known_fact_only_settles(facts: WayFacts) -> None:
    """A satisfied gate stays satisfied, and a blocked one blocked, when a missing fact becomes known either way."""
    before = {(gate.kind, gate.authority): gate.status for gate in gates(facts, SHIPPED)}
    for name in ("pilotless", "armed"):
        if getattr(facts, name) is None:
            for value in (True, False):
                known = {
                    (gate.kind, gate.authority): gate.status for gate in gates(replace(facts, **{name: value}), SHIPPED)
                }
                assert known.keys() <= before.keys()
                assert all(known[key] == before[key] for key in known if before[key] != "unknown")


@given(facts=some_facts)
def test_gates_are_one_per_clearance_and_authority(facts: WayFacts) -> None:
    """No gate occurs twice, none is not-engaged, and each names its rules in order."""
    found = gates(facts, SHIPPED)
    keys = [(gate.kind, gate.authority) for gate in found]
    assert keys == sorted(set(keys))
    assert all(gate.status != "not-engaged" and list(gate.rules) == sorted(set(gate.rules)) for gate in found)


def test_a_permission_opens_what_it_names_and_nothing_else() -> None:
    """An exception without a name in common leaves the gate closed."""
    assert only_status(rule("A"), permit("B", "A")) == "satisfied"
    assert only_status(rule("A"), permit("B", "C")) == "blocked-grantable"


def test_a_permission_on_terms_hands_its_terms_on() -> None:
    """The terms of the permission become the conditions of the gate."""
    (gate,) = gates(CASE_DEFAULTS, (rule("A"), permit("B", "A", conditions=("escort",))))
    assert (gate.status, gate.conditions, gate.rules) == ("satisfied-with-conditions", ("escort",), ("A", "B"))


@pytest.mark.parametrize("confidence", ["partly", "S", "M"])
def test_an_unread_permission_opens_nothing(confidence: str) -> None:
    """It leaves the gate closed and a remark behind."""
    (gate,) = gates(CASE_DEFAULTS, (rule("A"), permit("B", "A", confidence=confidence)))
    assert gate.status == "blocked-grantable"
    assert any("B" in text and "not read" in text for text in gate.conditions)


def test_an_unread_rule_still_closes() -> None:
    """It engages its gate, which is shown as unverified."""
    (gate,) = gates(CASE_DEFAULTS, (rule("A", confidence="M", cite=Cite(("A",), "M")),))
    assert (gate.status, gate.verified, gate.cite.grade) == ("blocked-grantable", False, "M")


def test_a_permission_with_a_missing_fact_opens_nothing() -> None:
    """The remark names the fact that would settle it."""
    facts = replace(CASE_DEFAULTS, lost_is_civil=None)
    (gate,) = gates(facts, (rule("A"), permit("B", "A", when=Test("lost_is_civil", ("yes",)))))
    assert gate.status == "blocked-grantable"
    assert any("lost_is_civil" in text for text in gate.conditions)


def test_what_is_prohibited_nobody_can_grant() -> None:
    """A prohibition is blocked-absolute, wins over a mere gate, and has no lead time."""
    ban = rule("B", effect="prohibits", engages=(Engagement("entry", "host", "entry", SLOW),))
    (gate,) = gates(CASE_DEFAULTS, (rule("A"), ban))
    assert (gate.status, gate.rules, gate.lead_time_h) == ("blocked-absolute", ("A", "B"), None)


def test_a_missing_fact_makes_the_gate_unknown_and_is_named() -> None:
    """Unknown, with the fact in the sentence."""
    (gate,) = gates(replace(CASE_DEFAULTS, armed=None), (rule("A", when=Test("armed", ("yes",))),))
    assert gate.status == "unknown"
    assert "armed" in gate.why


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2024, 3, 31), "blocked-grantable"),  # not yet
        (date(2024, 4, 1), "satisfied"),  # first day
        (date(2024, 4, 29), "satisfied"),
        (date(2024, 4, 30), "satisfied-with-conditions"),  # last day, hour not given
        (date(2024, 5, 1), "blocked-grantable"),  # over
    ],
)
def test_a_permission_holds_between_its_days(on: date, status: str) -> None:
    """Both days are inside; on the last one the answer asks for the hour."""
    opener = permit("B", "A", valid_from=date(2024, 4, 1), valid_until=date(2024, 4, 30))
    assert only_status(rule("A"), opener, facts=replace(CASE_DEFAULTS, on=on)) == status


def test_an_end_with_an_hour_counts_by_its_day_in_utc() -> None:
    """12:01 in a zone four hours behind is the same day in UTC: the day is inside, with the hour to be checked."""
    opener = permit("B", "A", valid_until=datetime(2023, 8, 8, 16, 1, tzinfo=UTC))
    days = {
        day: only_status(rule("A"), opener, facts=replace(CASE_DEFAULTS, on=date(2023, 8, day))) for day in (7, 8, 9)
    }
    assert days == {7: "satisfied", 8: "satisfied-with-conditions", 9: "blocked-grantable"}


def test_what_was_not_yet_published_opens_nothing() -> None:
    """A licence announced later does not count for somebody of the day before, even if it reaches back."""
    opener = permit("B", "A", valid_from=date(2012, 10, 5), published=date(2012, 10, 9))
    way = replace(CASE_DEFAULTS, on=date(2012, 10, 7))
    assert only_status(rule("A"), opener, facts=replace(way, known=date(2012, 10, 7))) == "blocked-grantable"
    assert only_status(rule("A"), opener, facts=replace(way, known=date(2012, 10, 9))) == "satisfied"


def test_three_valued_logic_yields_only_to_what_decides() -> None:
    """Unknown and false is false, unknown or true is true, not unknown is unknown; the missing fact is found inside."""
    facts = replace(CASE_DEFAULTS, armed=None)
    unknown, true = Test("armed", ("yes",)), Test("foreign", ("yes",))
    false = NotThis(true)
    assert holds(AllOf((unknown, false)), facts) is False
    assert holds(AnyOf((unknown, true)), facts) is True
    assert holds(AllOf((unknown, true)), facts) is None
    assert holds(AnyOf((unknown, false)), facts) is None
    assert holds(NotThis(unknown), facts) is None
    assert missing(AllOf((true, AnyOf((false, NotThis(unknown))))), facts) == ("armed",)
    assert missing(AnyOf((unknown, true)), facts) == ()


def test_overall_takes_the_worst_gate() -> None:
    """One blocked gate blocks the way; without a rule a foreign way is unknown and an own one free."""
    (closed,) = gates(CASE_DEFAULTS, (rule("A"),))
    opened = replace(closed, kind="landing", status="satisfied")
    assert overall(CASE_DEFAULTS, (opened, closed)) == "blocked-grantable"
    assert overall(CASE_DEFAULTS, ()) == "unknown"
    assert overall(replace(CASE_DEFAULTS, provider="XB"), ()) == "not-engaged"
    assert worst(()) == "not-engaged"
