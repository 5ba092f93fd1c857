"""Chains, classes of cases, supply, cold and gates in a case file."""

from __future__ import annotations

import pytest

from safeconduct.formats.casefile import Loaded, read_case
from safeconduct.formats.catalogue import catalogue
from safeconduct.model.errors import InvalidInput

CASE = """
format: 1
id: NAME
title: Boat under the ice
kind: exercise
host: XB
assess_at: 2031-03-04T12:00Z
default_cite: {grade: given}
incident: {at: 2031-03-04T08:00Z, emergency: maritime, lost: a boat}
parties:
  - {id: XB, name: Lower River}
  - {id: XA, name: Upper River}
persons:
  - id: crew
    count: 3
    injury: uninjured
    supply: [{until: 2031-03-06T08:00Z, known_at: 2031-03-04T09:00Z}]
  - {id: rider, count: 1, injury: uninjured, survival: {model: cold-two-layers, temperature_c: -20}}
  - {id: warm, count: 1, injury: uninjured, survival: {model: cold-two-layers, temperature_c: 5}}
evidence:
  - {id: buoy, what: a buoy, at: 2031-03-04T08:00Z, reliability: A, credibility: 1,
     place: {kind: point, points: [[-35.0, 45.0]], known: true}}
weather:
  - {id: storm, place: site, from: 2031-03-04T08:00Z, until_after_h: {class: closed-weather}, shuts: [helicopter]}
bases:
  - {id: port, name: Port, position: [-35.0, 45.4], state: XB, runway_m: 2000}
  - {id: field, name: Field, position: [-35.0, 46.4], state: XA, runway_m: 2000}
assets:
  - id: gear
    name: Diving gear
    type: {kind: fixed-wing, cruise_kmh: {value: 500}}
    provider: XA
    base: field
    status: state
    actor: military
    help: heavy
    mobilisation: {start: approval, hours: {class: team-abroad}}
    effects: [reach]
    steps:
      - {id: flight, mode: fly, to: port}
      - {id: entry, mode: formalities, hours: {class: formalities}}
      - {id: unload, mode: handle, hours: {one: 1}, needs: [loader], after: {at: 2031-03-04T10:00Z}}
      - {id: sail, mode: sail, to: site, speed_kmh: {one: 20}}
    work: {one: 4}
    records:
      - {event: mobilising, at: 2031-03-04T09:00Z}
      - {event: take-off, at: 2031-03-04T10:00Z}
      - {event: done, step: flight, at: 2031-03-04T11:00Z}
      - {event: turned-back, at: 2031-03-04T11:30Z, by: XB}
  - {id: loader, name: Loader, type: lorry, provider: XA, base: field, status: state, actor: military,
     effects: [carry], steps: [{id: way, mode: drive, to: port, speed_kmh: {class: road}}]}
clearances:
  - {id: G, kind: guarantee, authority: XA, provider: XA, gate: departure, lead_time_h: {class: deploy}}
  - {id: C, kind: customs, authority: XB, provider: XA, assets: [gear], gate: unload}
"""


def read(old: str = "NAME", new: str = "boat") -> Loaded:
    return read_case(CASE.replace(old, new, 1).replace("NAME", "boat"), name="case.yaml", catalogue=catalogue())


def test_a_chain_is_read_as_written() -> None:
    """Steps, their needs and dated events, work, kind of help, records of steps and who turned it back."""
    gear = read().case.assets[0]
    assert [s.mode for s in gear.steps] == ["fly", "formalities", "handle", "sail"]
    assert gear.steps[2].needs == ("loader",)
    assert gear.steps[2].after is not None
    assert gear.steps[0].factor is not None
    assert (gear.help, gear.work_h.p50 if gear.work_h else 0.0) == ("heavy", 4.0)
    assert (gear.records[2].step, gear.records[3].by) == ("flight", "XB")
    assert [c.gate for c in read().case.clearances] == ["departure", "unload"]
    assert read().case.weather[0].shuts == ("helicopter",)


def test_a_class_leaves_out_the_case_that_is_read() -> None:
    """The same file under the name of a shipped case draws on fewer cases."""
    plain, own = read().case.assets[0], read("NAME", "bam-2003").case.assets[0]
    assert plain.mobilisation_h is not None
    assert own.mobilisation_h is not None
    assert own.mobilisation_h.cases is not None
    assert plain.mobilisation_h.cases is not None
    assert own.mobilisation_h.cases < plain.mobilisation_h.cases


def test_air_lasts_until_it_is_said_to() -> None:
    """A statement of supply is hours after the incident."""
    (said,) = read().case.persons[0].supply
    assert said.hours == 48.0


def test_cold_is_counted_where_it_was_measured() -> None:
    """At -20 C the law gives about 16.7 h for half; at +5 C it says nothing, and why."""
    _, rider, warm = read().case.persons
    assert rider.survival is not None
    assert rider.survival.points[2] == (pytest.approx(1.0 / (0.006175 * 9.7), rel=1e-6), 0.5)
    assert warm.survival is None
    assert "-50 to -20" in warm.outside


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("mode: fly, to: port", "mode: fly", "wrong for fly"),
        ("mode: formalities,", "mode: formalities, to: port,", "wrong for formalities"),
        ("mode: fly, to: port", "mode: fly, to: moon", "unknown base"),
        ("mode: fly, to: port", "mode: fly, to: port, speed_kmh: {one: 5}", "wrong for fly"),
        ("id: sail, mode: sail", "id: entry, mode: sail", "same step twice"),
        ("needs: [loader]", "needs: [nobody]", "unknown asset"),
        ("needs: [loader]", "needs: [gear]", "wait for each other"),
        ("{class: team-abroad}", "{class: team-abrod}", "no such class"),
        ("{class: road}", "{class: formalities}", "no such class"),
        ("event: done, step: flight", "event: done", "belong together"),
        ("event: done, step: flight", "event: done, step: walk", "unknown step"),
        ("by: XB}", "by: XC}", "unknown party"),
        ("gate: unload", "gate: window", "unknown gate"),
        ("until: 2031-03-06T08:00Z", "until: 2031-03-04T08:00Z", "before the incident"),
        ("{model: cold-two-layers, temperature_c: -20}", "cold-two-layers", "without a temperature"),
        ("{model: cold-two-layers, temperature_c: -20}", "{model: injured-crash, temperature_c: -20}", "takes none"),
        ("shuts: [helicopter]", "shuts: [balloon]", "shuts"),
    ],
)
def test_a_fault_is_told_with_its_place(old: str, new: str, message: str) -> None:
    """Each fault of the new keys is one error with place, expected and got."""
    with pytest.raises(InvalidInput) as told:
        read(old, new)
    assert message in str(told.value)
    assert told.value.where.startswith("case.yaml:")
