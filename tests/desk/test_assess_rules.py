"""A user's own rules in an assessment."""

import pytest

from safeconduct.desk.assess import Changes, assess
from safeconduct.desk.cases import load_case

CORRECTED = """\
format: 1
rules:
  - id: INT-02
    says: Civil aircraft not on a scheduled service enter by treaty; only flights over other states are asked for.
    when: {aircraft: civil, pilotless: false}
    engages:
      - {kind: overflight, authority: each-third}
    force: shall
    as_of: "2017"
    citation: Chicago Convention, article 5
    read_at: a reader of this test
    confidence: V
    needs_counsel: true
    cases:
      - {says: A civil aircraft enters by treaty., facts: {aircraft: civil}, status: not-engaged}
"""


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(CORRECTED, encoding="utf-8")
    return path


def test_a_corrected_rule_changes_the_answer(rules):
    """With the entry clearance of civil aircraft taken out of the rule, the exercise no longer hangs on it."""
    case = load_case("exercise-two-rivers")
    ours = assess(case)
    theirs = assess(case, changes=Changes({}, rules=rules))
    assert [s.clearances for s in ours.sufficient_sets] == [("XB-ENTRY-XA",)]
    assert [s.clearances for s in theirs.sufficient_sets] == [()]


def test_an_answer_by_own_rules_says_so(rules):
    """Every page of such an answer is marked."""
    theirs = assess(load_case("exercise-two-rivers"), changes=Changes({}, rules=rules))
    assert any("rules of" in mark for mark in theirs.what_if)
