"""The use cases of the law: a case, a rule, two days, a check, and a user's own rules."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

import pytest

from safeconduct.desk.law import law_case, law_check, law_diff, law_rule
from safeconduct.formats.rules import load_rules
from safeconduct.model.errors import InvalidInput

MINE = """\
format: 1
rules:
  - id: MY-1
    says: A rule of my own.
    when: {host: IR, foreign: true, remote: false}
    engages: [{kind: entry, authority: host}]
    force: practice
    as_of: "2026"
    citation: My own reading
    confidence: V
    needs_counsel: true
    cases:
      - {says: It applies., facts: {host: IR}, status: blocked-grantable}
"""

CORRECTED = """\
format: 1
rules:
  - id: US-21
    says: Corrected, the licence is taken to reach employees alone.
    when: {provider: US, host: IR, actor: [civil-agency]}
    opens: [US-01]
    force: shall
    valid_from: "2022-12-21"
    published: "2022-12-21"
    as_of: "2026"
    citation: 31 CFR 560.557
    confidence: V
    needs_counsel: true
    cases:
      - {says: Employees., facts: {provider: US, host: IR}, status: satisfied}
"""


def gate(page, kind):
    return next(each for each in page.ways[0].gates if each.kind == kind)


def test_the_us_team_of_2024_was_not_stopped_by_its_sanctions():
    """Sanctions and export are open, the host's leave and the provider's own order are not."""
    page = law_case("varzaqan-2024", way="us-helicopter")
    open_ones = {each.kind for each in page.ways[0].gates if each.status.startswith("satisfied")}
    assert open_ones == {"sanctions", "export"}
    assert page.ways[0].overall == "blocked-grantable"
    assert page.unknowns


def test_the_name_of_a_way_may_be_written_in_capitals():
    """US-helicopter and us-helicopter are one way; a wrong one is told its neighbour."""
    assert law_case("varzaqan-2024", way="US-helicopter").ways[0].asset == "us-helicopter"
    with pytest.raises(InvalidInput) as caught:
        law_case("varzaqan-2024", way="us-helicoptre")
    assert "did you mean us-helicopter" in caught.value.expected


def test_the_licence_is_what_changed_in_august_2012():
    """Between the two days only the licence and what hangs on it changed."""
    page = law_diff(date(2012, 8, 20), date(2012, 8, 22), host="IR", provider="US")
    assert {each.rule.id for each in page.changed} == {"US-10-2012", "US-01", "US-11", "US-11a"}


def test_nothing_changes_between_a_day_and_itself():
    """No difference without two days."""
    assert law_diff(date(2024, 5, 19), date(2024, 5, 19), host="IR", provider="US").changed == ()


def test_our_own_rules_are_sound():
    """Every case holds; the flight ban has no gap between its versions."""
    found = law_check()
    assert (found.sound, found.gaps) == (True, ())
    assert found.rules == len(load_rules().rules)


def test_a_corrected_rule_changes_the_answer_of_the_case(tmp_path: Path):
    """Whoever corrects a rule sees the gate close, with the reason."""
    (tmp_path / "mine.yaml").write_text(CORRECTED, encoding="utf-8")
    before = gate(law_case("varzaqan-2024", way="us-helicopter"), "sanctions")
    after = gate(law_case("varzaqan-2024", way="us-helicopter", own=tmp_path), "sanctions")
    assert (before.status, after.status) == ("satisfied", "blocked-grantable")
    checked = law_check(tmp_path)
    assert checked.replaced == ("US-21",)
    assert {each.rule for each in checked.failures} >= {"US-01"}


OVERLAP = """force: practice
    valid_from: 2024-01-01
    valid_until: 2024-06-01
    extended: [{from: 2024-05-01, until: 2024-07-01, published: 2024-05-01}]"""

FAULTS = [
    ("unknown fact", "foreign: true", "foreing: true", "'foreign'"),
    ("missing source", "    citation: My own reading\n", "", "citation"),
    ("impossible date", "force: practice", "force: practice\n    valid_from: 2024-02-30", "a day"),
    ("dangling", "engages: [{kind: entry, authority: host}]", "opens: [INT-011]", "'INT-11'"),
    ("opens nothing", "engages: [{kind: entry, authority: host}]", "opens: [US-21]", "engages or prohibits"),
    (
        "overlap with itself",
        "force: practice",
        OVERLAP,
        "after the one before",
    ),
    ("overlap with a version of ours", "force: practice", "force: practice\n    version_of: SFAR-117", "one version"),
]


@pytest.mark.parametrize(("old", "new", "expected"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_broken_rule_is_refused_and_disables_none_of_ours(old: str, new: str, expected: str, tmp_path: Path):
    """File, line, expected and got; every shipped rule still holds."""
    (tmp_path / "mine.yaml").write_text(MINE.replace(old, new, 1), encoding="utf-8")
    found = law_check(tmp_path)
    assert not found.sound
    assert found.own == ()
    (fault,) = [each for each in found.faults if "mine.yaml:" in each.where]
    assert expected in fault.expected
    assert fault.got
    assert found.rules == len(load_rules().rules)


def test_a_cycle_of_exceptions_is_refused(tmp_path: Path):
    """A permission that follows what only it opens is told the whole ring."""
    ring = MINE.replace("engages: [{kind: entry, authority: host}]", "opens: [US-01]\n    follows: [US-11]")
    (tmp_path / "mine.yaml").write_text(ring, encoding="utf-8")
    found = law_check(tmp_path)
    assert any("cycle" in each.message and "US-11a" in each.got + each.where for each in found.faults)
    assert found.rules == len(load_rules().rules)


def test_a_sound_rule_stands_beside_a_broken_one_and_a_broken_file(tmp_path: Path):
    """Only what is broken is left out."""
    body = MINE.split("rules:\n")[1]
    second = body.replace("MY-1", "MY-2").replace("foreign: true", "foreing: true")
    (tmp_path / "a.yaml").write_text(MINE + second, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("format: 1\nrules: [", encoding="utf-8")
    found = law_check(tmp_path)
    assert (found.own, len(found.faults)) == (("MY-1",), 2)


def test_a_rule_twice_in_ones_own_files_is_refused(tmp_path: Path):
    """The second is told where the first stands; the first is taken."""
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(MINE, encoding="utf-8")
    found = law_check(tmp_path)
    assert found.own == ("MY-1",)
    assert "a.yaml:3" in found.faults[0].got


def test_a_replacement_that_closes_nothing_leaves_ours_in_place(tmp_path: Path):
    """A permission put in the place of a rule that others open would leave them dangling: ours stands."""
    wrong = MINE.replace("MY-1", "US-01").replace("engages: [{kind: entry, authority: host}]", "informs: practice")
    (tmp_path / "mine.yaml").write_text(wrong, encoding="utf-8")
    found = law_check(tmp_path)
    assert found.own == ()
    assert found.faults
    assert law_rule("US-01", own=tmp_path).rule.effect == "engages"


def test_a_rule_is_shown_with_what_opens_it():
    """US-01 is opened by its licences and exemptions."""
    assert law_rule("us-12x").rule.id == "US-12X"
    page = law_rule("us-01")
    assert {"US-21", "US-04", "US-10-2012"} <= {each.id for each in page.opened_by}
    assert page.failures == ()


def test_the_correction_in_the_document_works_as_it_says(tmp_path: Path):
    """The example of docs/law-format.md is taken whole, and closes the gate of the helicopter's case."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "law-format.md").read_text(encoding="utf-8")
    block = page.split("```yaml\n")[1].split("```")[0]
    (tmp_path / "mine.yaml").write_text(textwrap.dedent(block), encoding="utf-8")
    found = law_check(tmp_path)
    assert (found.faults, found.replaced) == ((), ("US-21",))
    assert "US-21" not in {each.rule for each in found.failures}
    assert gate(law_case("varzaqan-2024", way="us-helicopter", own=tmp_path), "sanctions").status == "blocked-grantable"


def test_a_gate_comes_with_the_chain_of_reasons():
    """Each rule of a gate says on which facts it applies, on which dates, and what opens it."""
    way = law_case("varzaqan-2024", way="us-helicopter").ways[0]
    (sanctions,) = [each for each in way.reasons if each.rule == "US-01"]
    assert sanctions.because[:2] == ("provider is US", "host is IR")
    assert sanctions.because[2].startswith("US-21 permits it: ")
