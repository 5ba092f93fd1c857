"""The op ``law``."""

import pytest

from safeconduct.conformance.ops import OPS
from safeconduct.model.errors import InvalidInput

WAY = {
    "on": "2024-05-19",
    "host": "IR",
    "provider": "US",
    "actor": "military",
    "aircraft": "state",
    "pilotless": False,
    "armed": False,
    "crosses": ["IR"],
    "activity": ["search"],
    "items": [],
    "emergency": "aircraft-accident",
}
RELIEF = WAY | {"actor": "ngo", "aircraft": "civil", "activity": ["relief"], "emergency": "natural-disaster"}
KEYS = {"rule", "status", "clearance", "authority", "why", "conditions"}


def asked(**changes):
    answer = OPS["law"](WAY | changes)
    return answer["overall"], {each["rule"]: each for each in answer["verdicts"]}


@pytest.mark.parametrize(
    ("on", "known", "status"),
    [
        ("2012-08-20", "2012-08-20", "not-engaged"),  # the day before the licence
        ("2012-08-21", "2012-08-21", "satisfied-with-conditions"),
        ("2012-10-05", "2012-10-05", "satisfied-with-conditions"),  # its last day
        ("2012-10-06", "2012-10-06", "unknown"),
        ("2012-10-08", "2012-10-08", "unknown"),
        ("2012-10-06", "2012-10-09", "satisfied-with-conditions"),  # the extension reaches back
        ("2012-10-09", "2012-10-09", "satisfied-with-conditions"),
        ("2012-11-19", "2012-11-19", "satisfied-with-conditions"),
        ("2012-11-20", "2012-11-20", "not-engaged"),
    ],
)
def test_the_licence_of_2012_by_day_and_by_what_was_known(on, known, status):
    """Rule and sanctions gate agree on every side of its boundaries, and nothing else opens the gate."""
    answer = OPS["law"](RELIEF | {"on": on, "known": known})
    overall, found = answer["overall"], {each["rule"]: each for each in answer["verdicts"]}
    gate = "blocked-grantable" if status == "not-engaged" else status
    assert (found["US-10-2012"]["status"], found["US-01"]["status"]) == (status, gate)
    assert overall == ("unknown" if status == "unknown" else "blocked-grantable")


def test_an_hour_counts_where_the_text_has_one():
    """Through 12:01 p.m. eastern daylight time: a minute decides."""
    base = RELIEF | {"host": "SY", "crosses": ["SY"]}
    for on, status in (
        ("2023-08-08T12:01-04:00", "satisfied-with-conditions"),
        ("2023-08-08T12:02-04:00", "not-engaged"),
    ):
        found = {each["rule"]: each["status"] for each in OPS["law"](base | {"on": on})["verdicts"]}
        assert found["US-10-SY-2023"] == status


def test_a_verdict_has_the_six_keys():
    """No more and no fewer, with null where no clearance is engaged."""
    _, found = asked()
    assert all(set(each) == KEYS for each in found.values())
    assert (found["US-21"]["clearance"], found["INT-01"]["clearance"]) == (None, "entry")


@pytest.mark.parametrize(
    ("field", "rule"),
    [("aircraft", "INT-01"), ("pilotless", "INT-01"), ("armed", "INT-05"), ("items", "INT-06"), ("actor", "US-16")],
)
def test_a_missing_fact_is_unknown_and_named(field, rule):
    """The rule that hangs on it says so, and the whole is unknown."""
    answer = OPS["law"]({key: value for key, value in WAY.items() if key != field})
    verdict = next(each for each in answer["verdicts"] if each["rule"] == rule)
    assert (verdict["status"], answer["overall"]) == ("unknown", "unknown")
    assert field.removesuffix("s") in verdict["why"]


def test_no_rule_for_a_way_is_unknown():
    """Imagery from a state of which no rule speaks."""
    assert (
        asked(provider="XA", host="XB", crosses=[], aircraft="none", actor="ngo", activity=["medical"])[0] == "unknown"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("on", "2012-02-30"), ("host", "Iran"), ("actor", "army"), ("items", ["gun"]), ("armed", "no"), ("crosses", "IR")],
)
def test_bad_input_names_its_place(field, value):
    """The complaint has the path of the field."""
    with pytest.raises(InvalidInput) as caught:
        OPS["law"](WAY | {field: value})
    assert caught.value.where.startswith(f"$.{field}")


def test_missing_crosses_is_the_host_or_nothing():
    """A flight enters the host; imagery without an aircraft enters nobody and asks the host for nothing."""
    given = {key: value for key, value in WAY.items() if key != "crosses"}
    assert OPS["law"](given) == OPS["law"](WAY)
    remote = OPS["law"](given | {"aircraft": "none", "activity": ["imagery"]})
    assert not any(each["clearance"] == "request" for each in remote["verdicts"])


def test_the_order_of_lists_changes_nothing():
    """States, activities and items in any order."""
    one = WAY | {"crosses": ["TR", "IR"], "activity": ["search", "medical"], "items": ["flir", "radio"]}
    two = WAY | {"crosses": ["IR", "TR"], "activity": ["medical", "search"], "items": ["radio", "flir"]}
    assert OPS["law"](one) == OPS["law"](two)
