"""The clearances of the answer: their rules one by one, and the warning before they lapse."""

from __future__ import annotations

from tests.assessment.worlds import assessed, asset, case, event, record

from safeconduct.desk.assess import assess
from safeconduct.desk.cases import load_case


def test_a_clearance_that_ends_warns_before_it_lapses():
    """The hour of the end and what is left of it; without an end there is nothing to warn of."""
    ends = case(asset(), clearances=(record("entry", event("granted", 0.5, until_h=5.0)),))
    (warned,) = [c for c in assessed(ends, at_h=1.0).clearances if c.kind == "entry"]
    assert "Lapses at 2031-03-04T13:00:00Z, in 4.0 h: ask for more time before." in warned.conditions
    open_end = case(asset(), clearances=(record("entry", event("granted", 0.5)),))
    (silent,) = [c for c in assessed(open_end, at_h=1.0).clearances if c.kind == "entry"]
    assert not any("Lapses" in each for each in silent.conditions)


def test_each_rule_of_a_clearance_stands_by_itself():
    """Says, citation and force per rule, so that a no by law is told from a no by policy."""
    answer = assess(load_case("varzaqan-2024"))
    board = {each.id: each for each in answer.clearances}
    forces = {each.rule: each.force for each in board["US-DEPLOY-US"].rules}
    assert (forces["US-16"], forces["P-01"]) == ("shall", "practice")
    for clearance in answer.clearances:
        assert {each.rule for each in clearance.rules} <= set(clearance.basis)
        assert all(each.says and each.citation and "+" not in each.rule for each in clearance.rules)
