"""The shipped rules: their own cases, and the facts of single dates and articles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import safeconduct
from safeconduct.formats.rules import CASE_DEFAULTS, load_rules
from safeconduct.law.cases import failures
from safeconduct.law.evaluate import duties, gates
from safeconduct.law.leadtimes import quantiles_h
from safeconduct.model.law import Gate, WayFacts
from safeconduct.model.rules import Rule, Rulebook


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rules()


CASE = replace(CASE_DEFAULTS, host="IR", crosses=("IR",))
US_MILITARY = replace(CASE, provider="US", actor="military")
US_CIVIL = replace(CASE, provider="US", actor="ngo", aircraft="civil")


def by_clearance(found: Iterable[Gate]) -> dict[tuple[str, str], Gate]:
    return {(gate.kind, gate.authority): gate for gate in found}


def needed(facts: WayFacts, book: Rulebook) -> set[tuple[str, str]]:
    return {(gate.kind, gate.authority) for gate in gates(facts, book.rules) if not gate.status.startswith("satisfied")}


def test_every_rule_says_what_its_cases_say(book: Rulebook) -> None:
    """The status of each rule on each of its own cases is the one written beside it."""
    assert [(failure.rule, failure.case.says, failure.got) for failure in failures(book.rules)] == []


def test_every_rule_has_three_cases_on_both_sides(book: Rulebook) -> None:
    """Each rule has at least three cases, one in which it applies and one in which it does not."""
    for rule in book.rules:
        statuses = {case.status for case in rule.cases}
        assert len(rule.cases) >= 3, rule.id
        assert "not-engaged" in statuses, rule.id
        assert len(statuses) >= 2, rule.id


def test_the_rules_that_the_command_needs_are_there(book: Rulebook) -> None:
    """The list of the founding issue."""
    wanted = {"INT-01", "INT-02", "INT-03", "INT-05", "INT-06", "INT-08", "INT-09", "INT-13", "INT-15"}
    wanted |= {"US-01", "US-21", "US-12", "US-15", "US-16", "US-19", "P-01"}
    assert wanted <= {rule.id for rule in book.rules}


def test_a_drone_needs_one_leave_of_the_host_for_the_flight(book: Rulebook) -> None:
    """The special authorisation stands for entry too, so the board shows one gate and not two."""
    drone = replace(CASE, provider="TR", actor="military", pilotless=True, items=("flir",))
    assert needed(drone, book) == {("request", "IR"), ("unmanned", "IR"), ("sensor", "IR"), ("deploy", "TR")}


def test_a_team_on_foot_needs_no_flight_clearance(book: Rulebook) -> None:
    """A ground team meets request, persons, customs and its own government."""
    team = replace(CASE, provider="TR", aircraft="none", persons=17)
    assert needed(team, book) == {("request", "IR"), ("persons", "IR"), ("customs", "IR"), ("deploy", "TR")}


def test_each_third_state_is_asked_for_overflight_and_for_a_stop(book: Rulebook) -> None:
    """Every state flown over is asked; the one in which the aircraft refuels is asked for that too."""
    way = replace(CASE, provider="RU", crosses=("AZ", "GE", "IR"), lands_in=("AZ",))
    assert {("overflight", "AZ"), ("overflight", "GE"), ("landing", "AZ"), ("entry", "IR")} <= needed(way, book)
    assert ("landing", "GE") not in needed(way, book)


def test_imagery_from_afar_needs_only_its_provider(book: Rulebook) -> None:
    """No border is crossed, so the affected state's leave is not engaged."""
    imagery = replace(CASE, provider="EU", aircraft="none", crosses=(), activities=("imagery",))
    assert needed(imagery, book) == {("deploy", "EU")}


def test_a_way_of_the_hosts_own_meets_no_gate(book: Rulebook) -> None:
    """At home nobody is asked."""
    assert gates(replace(CASE, provider="IR", crosses=()), book.rules) == ()


def test_sanctions_did_not_stand_in_the_way_of_a_government_team(book: Rulebook) -> None:
    """31 CFR 560.557 satisfies the sanctions gate, which is still reported with both rules."""
    gate = by_clearance(gates(US_MILITARY, book.rules))["sanctions", "US"]
    assert (gate.status, gate.rules, gate.lead_time_h) == ("satisfied", ("US-01", "US-21"), None)


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2022, 12, 20), "blocked-grantable"),  # the day before publication
        (date(2022, 12, 21), "satisfied"),  # the first day
    ],
)
def test_the_government_licence_begins_on_21_december_2022(on: date, status: str, book: Rulebook) -> None:
    """One day decides whether a US Government team needs a licence."""
    found = by_clearance(gates(replace(US_MILITARY, on=on, known=on), book.rules))
    assert found["sanctions", "US"].status == status


@pytest.mark.parametrize(
    ("on", "rules"),
    [
        (date(2024, 5, 19), ("US-19-2020",)),
        (date(2024, 10, 31), ("US-19", "US-19-2020")),  # end of the one, beginning of the other
        (date(2024, 11, 1), ("US-19",)),
        (date(2027, 10, 31), ("US-19",)),  # the last day is inside
    ],
)
def test_the_flight_ban_runs_to_31_october_2027(on: date, rules: tuple[str, ...], book: Rulebook) -> None:
    """SFAR 117 as extended in October 2024 binds up to and including its last day, without a gap."""
    gate = by_clearance(gates(replace(US_CIVIL, on=on, known=on), book.rules))["deploy", "US"]
    assert (gate.rules, gate.status) == (rules, "blocked-grantable")


def test_the_flight_ban_is_over_on_1_november_2027(book: Rulebook) -> None:
    """The day after its last day nothing of it is left."""
    later = date(2027, 11, 1)
    assert ("deploy", "US") not in by_clearance(gates(replace(US_CIVIL, on=later, known=later), book.rules))


def test_night_vision_under_government_control_goes_on_terms(book: Rulebook) -> None:
    """The export gate of a military crew is satisfied with conditions, a private one's is not."""
    own = by_clearance(gates(replace(US_MILITARY, items=("night-vision",)), book.rules))["export", "US"]
    private = by_clearance(gates(replace(US_CIVIL, items=("night-vision",)), book.rules))["export", "US"]
    assert own.status == "satisfied-with-conditions"
    assert any("control" in text for text in own.conditions)
    assert private.status == "blocked-grantable"


def test_annex_12_opens_nothing_while_unread(book: Rulebook) -> None:
    """Immediate entry is named as a remark, and the entry gate stays closed."""
    gate = by_clearance(gates(replace(CASE, provider="TR"), book.rules))["entry", "IR"]
    assert gate.status == "blocked-grantable"
    assert any(text.startswith("INT-08") for text in gate.conditions)


def test_a_lost_state_aircraft_is_outside_annex_12(book: Rulebook) -> None:
    """Where the lost aircraft is a state aircraft not even the remark is made; where unknown, the fact is named."""
    state = by_clearance(gates(replace(CASE, provider="TR", lost_is_civil=False), book.rules))["entry", "IR"]
    unknown = by_clearance(gates(replace(CASE, provider="TR", lost_is_civil=None), book.rules))["entry", "IR"]
    assert not any(text.startswith("INT-08") for text in state.conditions)
    assert any("INT-08" in text and "lost_is_civil" in text for text in unknown.conditions)


def test_a_request_is_acknowledged_at_once(book: Rulebook) -> None:
    """The duty has the deadline 0 and is no gate."""
    found = {duty.rule: duty for duty in duties(replace(CASE, provider="TR"), book.rules)}
    assert (found["INT-09"].deadline_h, found["INT-09"].verified) == (0, False)


def test_the_slowest_open_rule_sets_the_lead_time(book: Rulebook) -> None:
    """Between governments at odds the deploy gate takes the longer hours of the political contact."""
    at_odds = by_clearance(gates(US_MILITARY, book.rules))["deploy", "US"]
    friends = by_clearance(gates(replace(US_MILITARY, host="XB", crosses=("XB",)), book.rules))["deploy", "US"]
    assert at_odds.lead_time_h == book.lead_times["deploy-at-odds"]
    assert friends.lead_time_h == book.lead_times["deploy"]


def test_nothing_unverified_ever_opens(book: Rulebook) -> None:
    """With every text taken for unread no gate is satisfied, whatever the facts of the rules' own cases."""
    unread = tuple(replace(rule, confidence="M") for rule in book.rules)
    seen = {gate.status for rule in book.rules for case in rule.cases for gate in gates(case.facts, unread)}
    assert seen == {"blocked-absolute", "blocked-grantable", "unknown"}


@pytest.mark.parametrize("fact", ["pilotless", "armed", "lost_is_civil"])
def test_a_missing_fact_never_frees_a_way(fact: str, book: Rulebook) -> None:
    """Forgetting a fact removes no gate that both of its values have, and satisfies none."""
    for rule in book.rules:
        for case in rule.cases:
            forgotten = by_clearance(gates(replace(case.facts, **{fact: None}), book.rules))
            either = [by_clearance(gates(replace(case.facts, **{fact: value}), book.rules)) for value in (True, False)]
            for key in either[0].keys() | either[1].keys():
                blocked = any(key in found and not found[key].status.startswith("satisfied") for found in either)
                assert key in forgotten
                assert not (blocked and forgotten[key].status.startswith("satisfied"))


def test_the_2024_search_is_in_no_lead_time(book: Rulebook) -> None:
    """The reference classes leave out the case that forecasts are compared with."""
    for spread in book.lead_times.values():
        assert "2024" not in spread.reference_class + spread.cite.note + " ".join(spread.cite.sources)


def test_every_clearance_of_the_model_but_none_more_has_a_lead_time(book: Rulebook) -> None:
    """Each kind that can be asked has hours, with the reference class written out."""
    kinds = {engaged.kind for rule in book.rules for engaged in rule.engages}
    assert kinds <= set(book.lead_times)
    assert all(spread.reference_class for spread in book.lead_times.values())


def test_quantiles_follow_the_recipe() -> None:
    """One case: half and twice. Five: the median is the third. Three: the middle is the geometric mean."""
    assert quantiles_h([120.0]) == (60.0, 120.0, 240.0)
    assert quantiles_h([12.0, 264.0, 24.0, 72.0, 48.0]) == pytest.approx((12.0, 48.0, 264.0))
    low, middle, high = quantiles_h([1.0, 8.0, 64.0])
    assert middle == pytest.approx(8.0)
    assert high / middle == pytest.approx(middle / low)
    assert high > 64.0


def test_no_state_is_named_in_the_code_of_the_law() -> None:
    """Codes are data: no literal of two capitals stands in the room, and the loader knows only invented ones."""
    package = Path(safeconduct.__file__).parent
    sources = [
        *sorted((package / "law").glob("*.py")),
        package / "model" / "rules.py",
        package / "formats" / "rules.py",
        package / "formats" / "rulefields.py",
    ]
    named = {word for path in sources for word in re.findall(r'"([A-Z]{2})"', path.read_text(encoding="utf-8"))}
    assert named - {"V2"} <= {"XA", "XB"}


def test_rules_are_sorted_by_id(book: Rulebook) -> None:
    """The order of files leaves no trace."""
    ids = [rule.id for rule in book.rules]
    assert ids == sorted(ids)
    assert all(isinstance(rule, Rule) for rule in book.rules)
