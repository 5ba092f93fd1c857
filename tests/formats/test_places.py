"""Reading where a report puts them."""

import json

import pytest
import yaml
from tests.formats.example import EXAMPLE, read

from safeconduct.model.errors import InvalidInput
from safeconduct.model.places import Bearing, CloudImpact, Flight, PhoneSector, Searched, Signature, Witness

P, Q, R = [-35.0, 45.0], [-34.9, 45.1], [-34.8, 45.0]
GIVEN = {"grade": "given"}
SPREAD = {"p10": 0.2, "p50": 0.3, "p90": 0.5}

GOOD = {
    "route": ({"points": [P, Q], "sigma_km": 5, "aloft_h": SPREAD, "speed_kmh": SPREAD}, Flight),
    "fixes": ({"points": [P, Q], "sigma_km": 1, "aloft_h": SPREAD, "speed_kmh": SPREAD}, Flight),
    "bearing": ({"points": [P], "bearing_deg": 360, "bearing_sigma_deg": 5, "far_km": 50}, Bearing),
    "phone": ({"points": [P], "network": "gsm", "timing_advance": 4, "bearing_deg": 90}, PhoneSector),
    "seen": ({"points": [P], "far_km": 10, "bearing_deg": 90, "bearing_sigma_deg": 10}, Witness),
    "heard": ({"points": [P], "far_km": 10}, Witness),
    "detection": ({"points": [P], "sigma_km": 1, "detects": 0.8, "false_per_km2": 0.01}, Signature),
    "cloud": ({"points": [P, Q], "sigma_km": 5, "cloud_base_m": 2000, "cloud_base_sigma_m": 200}, CloudImpact),
    "searched": ({"points": [P, Q, R], "pod": 0.6}, Searched),
}


def place(kind, **fields):
    """The example case with its first report's place replaced."""
    tree = yaml.safe_load(EXAMPLE)
    tree["evidence"][0]["place"] = {"kind": kind, **GIVEN, **fields}
    tree["evidence"].append(
        {**tree["evidence"][0], "id": "second", "place": {"kind": "point", "points": [P], "sigma_km": 1, **GIVEN}}
    )
    return read(json.dumps(tree, default=str)).case.evidence[0].place


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_every_kind_is_read(kind):
    """Each kind arrives with its shape."""
    fields, shape = GOOD[kind]
    made = place(kind, **fields)
    assert made.kind == kind
    assert isinstance(made.shape, shape)


def test_timing_advance_becomes_a_ring():
    """GSM step 4: 2.214 to 2.767 km, beam 120 degrees; a bearing of 360 is 0."""
    made = place("phone", **GOOD["phone"][0]).shape
    assert (made.near_km, made.far_km, made.beam_deg) == pytest.approx((2.2138, 2.7673, 120.0), abs=1e-4)
    assert place("bearing", **GOOD["bearing"][0]).shape.bearing_deg == 0.0


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("route", {"points": [P, Q], "sigma_km": 5}),  # no flight
        ("route", {"points": [P], "sigma_km": 5, "aloft_h": SPREAD, "speed_kmh": SPREAD}),  # one point
        ("bearing", {"points": [P], "bearing_deg": 400, "bearing_sigma_deg": 5, "far_km": 50}),
        ("bearing", {"points": [P], "bearing_deg": 40, "far_km": 50}),  # no error
        ("phone", {"points": [P]}),  # no distance
        ("phone", {"points": [P], "far_km": 5, "network": "gsm", "timing_advance": 3}),  # two distances
        ("phone", {"points": [P], "timing_advance": 3}),  # which network?
        ("phone", {"points": [P], "near_km": 6, "far_km": 5}),
        ("seen", {"points": [P], "far_km": 5, "bearing_deg": 10}),  # direction without error
        ("detection", {"points": [P], "sigma_km": 1, "detects": 0.8}),  # half of a rate
        ("searched", {"points": [P, Q], "pod": 0.5}),  # two corners
        ("searched", {"points": [P], "pod": 0.5}),  # a point is no area
        ("searched", {"points": [P, Q, R], "pod": 1.5}),
        ("point", {"points": [P], "sigma_km": 1, "pod": 0.5}),  # a key of another kind
        ("cloud", {"points": [P, Q], "sigma_km": 5, "cloud_base_m": 2000}),
        ("nowhere", {"points": [P]}),
    ],
)
def test_what_does_not_fit_is_one_error_with_its_place(kind, fields):
    """The first fault, at the line where it stands."""
    with pytest.raises(InvalidInput) as caught:
        place(kind, **fields)
    assert "evidence[0].place" in caught.value.where
    assert caught.value.expected


def test_announced_areas_and_scenarios_are_read():
    """An area without a place, and accounts that name reports."""
    tree = yaml.safe_load(EXAMPLE)
    tree["evidence"][0]["announced_km2"] = [52, 78]
    tree["scenarios"] = [{"id": "on-route", "says": "it kept on", "weight": 2, "evidence": ["beacon"], **GIVEN}]
    tree["incident"] |= {"search_object": "person", "cover": "hilly"}
    case = read(json.dumps(tree, default=str)).case
    assert case.evidence[0].announced_km2 == (52.0, 78.0)
    assert (case.scenarios[0].id, case.scenarios[0].evidence) == ("on-route", (case.evidence[0].id,))
    assert (case.search_object, case.cover) == ("person", "hilly")


@pytest.mark.parametrize(
    "change",
    [
        {"scenarios": [{"id": "x", "says": "y", "weight": 1, "evidence": ["nobody"], **GIVEN}]},
        {"scenarios": [{"id": "x", "says": "y", "weight": 0, **GIVEN}]},
    ],
)
def test_scenarios_that_do_not_fit_are_refused(change):
    """An unknown report, a weight of nothing."""
    with pytest.raises(InvalidInput):
        read(json.dumps(yaml.safe_load(EXAMPLE) | change, default=str))


def test_an_area_that_shrinks_is_refused():
    """Least before greatest."""
    tree = yaml.safe_load(EXAMPLE)
    tree["evidence"][0]["announced_km2"] = [78, 52]
    with pytest.raises(InvalidInput):
        read(json.dumps(tree, default=str))
