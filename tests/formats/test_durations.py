"""Classes of cases: read, fitted, and fitted without the case that they are to predict."""

from __future__ import annotations

import pytest

from safeconduct.formats.durations import LEAD, UNITS, fitted, read_stages, shipped_classes, shipped_stages
from safeconduct.formats.leadtimes import read_lead_times
from safeconduct.formats.yamltree import read_tree
from safeconduct.model.errors import InvalidInput
from safeconduct.wiring.rooms import shipped_cases

TWO = """
format: 1
stages:
  loading:
    unit: h
    reference_class: loading in tests
    grade: X
    members:
      - {case: one, of: case-1, value: 2, sources: [a book], how: told}
      - {case: two, of: case-2, value: [3, 5], sources: [a paper], how: told}
  own:
    unit: h
    reference_class: only one case
    grade: X
    members:
      - {case: one, of: case-1, value: 9, sources: [a book], how: told}
"""

LEADS = """
format: 1
lead_times:
  entry:
    reference_class: entry in tests
    grade: X
    members:
      - {case: one, of: case-1, hours: 2, sources: [a book], how: told}
      - {case: two, hours: 8, sources: [a paper], how: told}
    p10: 0.0994
    p50: 4.0
    p90: 161
  unmanned:
    reference_class: as entry
    grade: assumed
    as: entry
    p10: 0.0994
    p50: 4.0
    p90: 161
  customs:
    reference_class: one case only
    grade: X
    members: [{case: one, of: case-1, hours: 3, sources: [a book], how: told}]
    p10: 1.5
    p50: 3
    p90: 6
"""


def test_of_bounds_the_middle_counts() -> None:
    """[3, 5] is 4; with 2 the middle of the logarithms is the geometric mean."""
    spread = fitted(read_stages(read_tree(TWO, name="t")))["loading"]
    assert spread is not None
    assert spread.p50 == pytest.approx((2.0 * 4.0) ** 0.5)
    assert spread.cases == 2


def test_a_case_does_not_predict_itself() -> None:
    """Without case-1 its members are gone from every class, and a class of it alone is empty."""
    left = fitted(read_stages(read_tree(TWO, name="t")), without="case-1")
    assert left["own"] is None
    assert left["loading"] is not None
    assert (left["loading"].p50, left["loading"].cases) == (4.0, 1)
    assert "case-1" in left["loading"].cite.note
    assert left["loading"].cite.sources == ("a paper",)


def test_lead_times_are_fitted_without_the_case() -> None:
    """One member left is half and double; what borrows follows; what has none left is unknown."""
    left = read_lead_times(read_tree(LEADS, name="t"), without="case-1")
    assert left["customs"] is None
    for key, cases in (("entry", 1), ("unmanned", 0)):
        spread = left[key]
        assert spread is not None
        assert (spread.p10, spread.p50, spread.p90, spread.cases) == (4.0, 8.0, 16.0, cases)


def test_a_case_in_no_class_changes_nothing() -> None:
    """For a new case the whole table stands."""
    whole = read_lead_times(read_tree(LEADS, name="t"))
    assert read_lead_times(read_tree(LEADS, name="t"), without="new") == whole


@pytest.mark.parametrize("case", sorted(shipped_cases()))
def test_no_shipped_class_draws_on_the_case_it_predicts(case: str) -> None:
    """For each shipped case no member of any class that is left comes from it."""
    classes = shipped_stages()
    for unit in UNITS:
        for name, spread in shipped_classes(unit, case).items():
            others = [m.case for m in classes[name].members if m.of != case]
            assert (spread is None) == (not others)
            assert spread is None or spread.cases == len(others)
    assert shipped_classes(LEAD, case)["request"] is not None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("unit: h", "unit: days", "unit"),
        ("value: 2", "value: 0", "range"),
        ("value: [3, 5]", "value: [5, 3]", "bounds"),
        ("how: told}", "how: told, when: now}", "unknown key"),
        ("stages:", "stages: 3\nother:", "unknown key"),
    ],
)
def test_a_fault_is_placed(old: str, new: str, message: str) -> None:
    """The first fault is told with its line."""
    with pytest.raises(InvalidInput) as told:
        read_stages(read_tree(TWO.replace(old, new, 1), name="stages"))
    assert message in str(told.value)
    assert told.value.where.startswith("stages:")
