"""Rule files: what is read, and what is refused with place, expected and got."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from safeconduct.formats.rules import load_rules, read_rules
from safeconduct.formats.yamltree import read_tree
from safeconduct.model.errors import InvalidInput
from safeconduct.model.rules import Rulebook

GOOD = """\
format: 1
rules:
  - id: T-1
    says: A test.
    when: {aircraft: state, foreign: true}
    engages: [{kind: entry, authority: host}]
    force: shall
    as_of: "2020"
    citation: Nowhere 1
    confidence: V
    needs_counsel: false
    cases:
      - {says: It applies., facts: {}, status: blocked-grantable}
"""


def read(*texts: str) -> Rulebook:
    trees = [read_tree(text, name=f"rules{number}.yaml") for number, text in enumerate(texts)]
    return read_rules(trees, load_rules().lead_times)


FAULTS = [
    # (name, replaced, by, line, part of what was expected)
    ("unknown fact", "aircraft: state", "aircaft: state", 5, "'aircraft'"),
    ("unknown word", "aircraft: state", "aircraft: stae", 5, "'state'"),
    ("text for yes and no", "foreign: true", "foreign: perhaps", 5, "true or false"),
    ("unknown kind", "kind: entry", "kind: entery", 6, "'entry'"),
    ("unknown authority", "authority: host", "authority: hosts", 6, "'host'"),
    ("unknown lead time", "authority: host", "authority: host, lead_time: entyr", 6, "'entry'"),
    ("unknown force", "force: shall", "force: must", 7, "shall"),
    ("unknown confidence", "confidence: V", "confidence: X", 10, "V2"),
    ("unknown key", "needs_counsel: false", "needs_council: false", 11, "'needs_counsel'"),
    ("no citation", "    citation: Nowhere 1\n", "", 3, "citation"),
    ("no case", "      - {says: It applies., facts: {}, status: blocked-grantable}\n", "      []\n", 12, "at least 1"),
    ("unknown fact in a case", "facts: {}", "facts: {colour: red}", 13, "aircraft"),
    ("unknown status", "blocked-grantable}", "blocked}", 13, "blocked-grantable"),
    ("impossible date", "force: shall", "force: shall\n    valid_from: 2024-02-30", 8, "a day"),
    ("instant without zone", "force: shall", "force: shall\n    valid_from: 2024-02-03T10:00", 8, "zone"),
    ("two effects", "force: shall", "force: shall\n    opens: [T-1]", 3, "one of engages"),
    ("no effect", "    engages: [{kind: entry, authority: host}]\n", "", 3, "one of engages"),
    (
        "end before beginning",
        "force: shall",
        "force: shall\n    valid_from: 2024-02-03\n    valid_until: 2024-02-02",
        9,
        "2024-02-03",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS]
)
def test_a_fault_is_told_with_its_place(old: str, new: str, line: int, expected: str) -> None:
    """File and line, what was expected, what came instead."""
    assert old in GOOD
    with pytest.raises(InvalidInput) as caught:
        read(GOOD.replace(old, new, 1))
    assert caught.value.where.startswith(f"rules0.yaml:{line} ")
    assert expected in caught.value.expected
    assert caught.value.got


def test_the_same_rule_in_two_files_is_refused() -> None:
    """The error names both places."""
    with pytest.raises(InvalidInput) as caught:
        read(GOOD, GOOD)
    assert caught.value.where.startswith("rules1.yaml:3")
    assert "rules0.yaml:3" in caught.value.got


@pytest.mark.parametrize(
    ("opens", "expected"),
    [
        ("T-11", "'T-1'"),  # a slip of the hand
        ("T-2", "engages or prohibits"),  # itself: a permission closes nothing
    ],
)
def test_a_permission_must_open_a_rule_that_closes(opens: str, expected: str) -> None:
    """No dangling name, and no permission of a permission: so no cycle either."""
    other = GOOD.replace("T-1", "T-2").replace("engages: [{kind: entry, authority: host}]", f"opens: [{opens}]")
    with pytest.raises(InvalidInput) as caught:
        read(GOOD, other)
    assert expected in caught.value.expected


def test_a_day_stays_a_day_and_an_hour_becomes_utc() -> None:
    """Where the text gives no hour none is made up."""
    dated = GOOD.replace(
        "force: shall", "force: shall\n    valid_from: 2023-02-09\n    valid_until: 2023-08-08T12:01-04:00"
    )
    (rule,) = read(dated).rules
    assert rule.valid_from == date(2023, 2, 9)
    assert not isinstance(rule.valid_from, datetime)
    assert rule.valid_until == datetime(2023, 8, 8, 16, 1, tzinfo=UTC)


def test_a_case_may_leave_a_fact_unknown() -> None:
    """``null`` takes the default away."""
    (rule,) = read(GOOD.replace("facts: {}", "facts: {armed: null, host: XC, on: 2020-01-02}")).rules
    facts = rule.cases[0].facts
    assert (facts.armed, facts.crosses, facts.known) == (None, ("XC",), date(2020, 1, 2))


def test_the_order_of_files_leaves_no_trace() -> None:
    """Two files read either way give the same rules."""
    other = GOOD.replace("T-1", "T-0")
    assert (
        [rule.id for rule in read(GOOD, other).rules] == [rule.id for rule in read(other, GOOD).rules] == ["T-0", "T-1"]
    )


def test_rules_are_read_from_a_directory(tmp_path: Path) -> None:
    """Every YAML file of it, with the shipped lead times."""
    (tmp_path / "mine.yaml").write_text(GOOD, encoding="utf-8")
    book = load_rules(tmp_path)
    assert [rule.id for rule in book.rules] == ["T-1"]
    assert book.rules[0].engages[0].lead_time_h == book.lead_times["entry"]


LEAD = """\
format: 1
lead_times:
  entry:
    reference_class: A test
    grade: X
    members:
      - {case: One, hours: [0, 8], sources: [S1], how: made up}
    p10: 2
    p50: 4
    p90: 8
  sensor:
    reference_class: With it
    grade: assumed
    as: entry
    p10: 2
    p50: 4
    p90: 8
"""


def lead_times(tmp_path: Path, text: str) -> Rulebook:
    rules, table = tmp_path / "rules.yaml", tmp_path / "lead.yaml"
    rules.write_text(GOOD, encoding="utf-8")
    table.write_text(text, encoding="utf-8")
    return load_rules(rules, lead_times=table)


def test_a_lead_time_counts_its_cases_and_a_borrowed_one_has_none(tmp_path: Path) -> None:
    """The middle of two bounds counts, one number gives half and twice, and what is borrowed is shown as such."""
    book = lead_times(tmp_path, LEAD)
    entry, sensor = book.lead_times["entry"], book.lead_times["sensor"]
    assert (entry.p10, entry.p50, entry.p90, entry.cases, entry.cite.sources) == (2, 4, 8, 1, ("S1",))
    assert (sensor.p50, sensor.cases, sensor.cite.verified) == (4, 0, False)


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ("p50: 4", "p50: 5", 9, "4 hours"),  # the recipe's figure is told
        ("as: entry", "as: entyr", 14, "'entry'"),
        ("hours: [0, 8]", "hours: [8, 0]", 7, "lowest"),
        ("hours: [0, 8]", "hours: 0", 7, "over 0"),
        ("    as: entry\n", "", 11, "the one or the other"),
    ],
)
def test_a_faulty_lead_time_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, line: int, expected: str
) -> None:
    """A corrected case that no longer gives the stated quantiles is told the new ones."""
    with pytest.raises(InvalidInput) as caught:
        lead_times(tmp_path, LEAD.replace(old, new, 1))
    assert f"lead.yaml:{line} " in caught.value.where
    assert expected in caught.value.expected
