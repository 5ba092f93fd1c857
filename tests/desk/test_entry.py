"""Entering a state: profiles, forms, drafts and clauses."""

from __future__ import annotations

import pytest

from safeconduct.desk.entry import clauses, drafts, forms, profile
from safeconduct.desk.law import law_case
from safeconduct.formats.entry import read_clauses, read_profiles
from safeconduct.formats.rules import load_rules
from safeconduct.formats.yamltree import read_tree
from safeconduct.law.cases import failures
from safeconduct.law.form import FIELDS
from safeconduct.model.entry import TOPICS
from safeconduct.model.errors import InvalidInput

PROFILE = """\
format: 1
profiles:
  - state: XB
    entries:
      - {topic: notice, says: A day., grade: V, sources: [their page]}
"""

CLAUSE = """\
format: 1
clauses:
  - {id: a, title: A, purpose: P, text: T, after: M}
"""

WANTED = {
    "no-recognition",
    "status",
    "liability",
    "cost",
    "escort",
    "sensors",
    "arms",
    "medical",
    "direction",
    "safety",
    "publicity",
    "termination",
}


def test_a_form_stands_for_each_state_in_the_order_of_the_way():
    """Two borders, two forms; what the case says is filled in, the rest left to a person."""
    found = forms("varzaqan-2024", "us-helicopter")
    assert [each.state for each in found] == ["TR", "IR"]
    for each in found:
        fields = {field.name: field.value for field in each.fields}
        assert tuple(fields) == FIELDS
        assert (fields["issuing state"], fields["requesting state"]) == (each.state, "US")
        assert fields["armament"] == "no"
        assert fields["photographic sensors"].startswith("yes")
        assert fields["pilot in command"] == fields["clearance number"] == ""


def test_an_unknown_fact_is_left_to_be_filled_in():
    """Whether the neighbour's helicopter was armed is not known, so the field is empty and never no."""
    fields = {field.name: field.value for field in forms("varzaqan-2024", "tr-cougar")[0].fields}
    assert fields["armament"] == ""


def test_a_form_gives_no_place_of_survivors():
    """Until acceptance the destination is the state, not the site."""
    fields = {field.name: field.value for field in forms("varzaqan-2024", "us-helicopter")[1].fields}
    assert "to be given on acceptance" in fields["destination"]


@pytest.mark.parametrize("way", ["eu-copernicus", "tr-afad-mountaineers"])
def test_what_does_not_fly_over_a_border_has_no_form(way):
    """Imagery and a team on the road need none."""
    with pytest.raises(InvalidInput):
        forms("varzaqan-2024", way)


def test_a_profile_says_what_is_not_known():
    """Topics without an entry are named, and every entry has a source."""
    found = profile("IR")
    assert set(found.missing) == set(TOPICS) - {each.topic for each in found.entries}
    assert "sensors" in found.missing
    assert all(each.cite.sources for each in found.entries)
    with pytest.raises(InvalidInput):
        profile("XX")


def test_the_clauses_wanted_are_there_with_a_purpose():
    """The twelve subjects of the terms between parties."""
    found = clauses()
    assert {each.id for each in found} == WANTED
    assert all(each.purpose and each.text and each.after for each in found)


def test_a_draft_opens_only_where_it_is_switched_on():
    """Among the rules there is no draft; as a what-if it opens the gates it names, on terms, and the page says so."""
    names = {each.id for each in drafts()}
    assert not names & {rule.id for rule in load_rules().rules}
    before = law_case("varzaqan-2024", way="us-helicopter")
    after = law_case("varzaqan-2024", way="tr-cougar", drafts=("DRAFT-ENTRY",))
    assert before.drafts == ()
    assert [each.id for each in after.drafts] == ["DRAFT-ENTRY"]
    gate = next(each for each in after.ways[0].gates if each.kind == "entry")
    assert (gate.status, gate.rules) == ("satisfied-with-conditions", ("DRAFT-ENTRY", "INT-01"))
    with pytest.raises(InvalidInput):
        law_case("varzaqan-2024", drafts=("DRAFT-NOTHING",))


def test_the_drafts_say_what_their_cases_say():
    """Their own cases hold beside our rules."""
    found = failures((*load_rules().rules, *drafts()))
    assert [each for each in found if each.rule.startswith("DRAFT")] == []


@pytest.mark.parametrize(
    ("text", "read", "line"),
    [
        (PROFILE.replace("topic: notice", "topic: notise"), read_profiles, 5),
        (PROFILE.replace("sources: [their page]", "sources: []"), read_profiles, 5),
        (PROFILE + PROFILE.splitlines()[4] + "\n", read_profiles, 4),
        (CLAUSE.replace("purpose: P, ", ""), read_clauses, 3),
    ],
)
def test_a_fault_is_told_with_its_place(text, read, line):
    """File and line."""
    with pytest.raises(InvalidInput) as caught:
        read(read_tree(text, name="e.yaml"))
    assert caught.value.where.startswith(f"e.yaml:{line} ")
