from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from tests.formats.example import BLOCKS, CATALOGUE, EXAMPLE, FULL, changed, read

from safeconduct.earth.airports import airport
from safeconduct.formats.casefile import CASE, read_case, read_case_file
from safeconduct.formats.yamltree import read_tree
from safeconduct.model.errors import InvalidInput
from safeconduct.model.persons import LifeClaim
from safeconduct.model.sources import Cite, Source


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2031, 3, 4, hour, minute, tzinfo=UTC)


def test_the_example_holds() -> None:
    """The example of the page is read without an error or a warning."""
    assert read(EXAMPLE).warnings == ()


@pytest.mark.parametrize("block", BLOCKS[1:])
def test_each_fragment_of_the_page_holds(block: str) -> None:
    """Each further fragment of the page, put into the example, is read without an error."""
    merged = read_tree(EXAMPLE, name="page").plain() | read_tree(block, name="page").plain()
    assert read(yaml.safe_dump(merged, sort_keys=False)).case.id == "ferry-landing"


def test_the_page_names_every_key_of_the_file() -> None:
    """Every key at the top of a case file is explained."""
    explained = Path(__file__).resolve().parents[2].joinpath("docs/case-format.md").read_text(encoding="utf-8")
    assert [key for key in CASE if key not in explained] == []


def test_records_become_the_nouns_of_the_model() -> None:
    """Each value of the example arrives where the model holds it."""
    case = read(EXAMPLE).case
    crew, beacon, helicopter, entry = case.persons[0], case.evidence[0], case.assets[0], case.clearances[0]
    assert (case.id, case.kind, case.host, case.assess_at) == ("ferry-landing", "exercise", "XB", at(19, 40))
    assert (crew.count, crew.injury, crew.survival) == (3, "injured", CATALOGUE.survival["injured-crash"])
    assert (beacon.place.kind, beacon.place.points, beacon.place.sigma_km) == ("point", ((-35.0, 45.0),), 0.3)
    assert (helicopter.type, helicopter.base) == (CATALOGUE.types["h145-d3"], "bank")
    assert (helicopter.mobilisation_start, helicopter.mobilisation_h.p90) == ("alarm", 0.5)
    assert [(event.status, event.at) for event in entry.events] == [("asked", at(19, 35))]
    assert len(case.parties[0].airspace.polygons[0].shell) == 4


def test_every_key_arrives() -> None:
    """With every key given, each value is where the model holds it."""
    case = read(FULL).case
    helicopter, entry, line = case.assets[0], case.clearances[0], case.red_lines[0]
    assert (case.summary, case.srr, case.smc, case.phase, case.seed) == (
        "Two lines of it.",
        "Lower",
        "RCC",
        "ALERFA",
        7,
    )
    assert ([figure.value for figure in case.site_elevation_m], case.sources) == (
        [240.0, 250.0],
        (Source("S1", "A book"),),
    )
    assert case.persons[0].claims == (LifeClaim(3.0, at(21, 10), Cite(("S1",), "D")),)
    assert [report.place.kind for report in case.evidence] == ["point", "disc", "track"]
    assert (case.evidence[0].withdrawn_at, case.evidence[0].contradicts, case.evidence[1].at) == (
        at(23),
        ("heard",),
        None,
    )
    fog = case.weather[0]
    assert (fog.place, fog.end, fog.end_after_h.p90, fog.cloud_base_m, fog.ground_hidden) == (
        "bank",
        None,
        8.0,
        60.0,
        True,
    )
    assert (fog.alternative, fog.weight, fog.known_at, fog.note) == ("evening", 2.0, at(17), "A report")
    assert (case.ground[0].start, case.ground[0].drive_h.p50, case.ground[0].walk_h, case.ground[0].enters) == (
        "bank",
        2.0,
        None,
        ("XB",),
    )
    assert (helicopter.items, helicopter.activities, helicopter.count, helicopter.persons) == (
        ("radio",),
        ("search",),
        2.0,
        4,
    )
    assert (helicopter.offered.known_at, helicopter.hypothetical, helicopter.via) == (at(19, 25), True, ("bank",))
    assert (helicopter.sweep_width_km.p50, helicopter.flight_time_h.p50, helicopter.product_time_h.p50) == (
        1.0,
        0.5,
        9.0,
    )
    assert (helicopter.records[0].event, helicopter.records[0].contested, helicopter.records[0].note) == (
        "take-off",
        True,
        "Denied",
    )
    assert (entry.assets, entry.basis, entry.events[1].conditions) == (("xa-rescue",), ("INT-01",), ("by night only",))
    assert (entry.events[1].valid_from, entry.events[1].valid_until) == (None, at(19, 50) + timedelta(days=1))
    assert (line.providers, line.armed, line.kinds, line.items, line.assets) == (
        ("XA",),
        True,
        ("uav",),
        ("flir",),
        ("xa-rescue",),
    )
    assert (case.offers[0].says, case.offers[0].known_at) == ("anything", at(19, 31))
    assert (case.happenings[0].approximate, case.assumptions, case.unknowns) == (True, ("one",), ("two",))


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("{kind: disc, points: [[0, 0]], sigma_km: 5}", "'radius_km' is missing"),
        ("{kind: disc, points: [[0, 0]], radius_km: 5, sigma_km: 5}", "wrong for a disc"),
        ("{kind: track, points: [[0, 0]], sigma_km: 5}", "wrong for a track"),
        ("{kind: point, points: [[0, 0], [1, 1]], sigma_km: 5}", "wrong for a point"),
        ("{kind: disc, points: [[0, 0]], radius_km: 5, known: true}", "wrong for a disc"),
    ],
)
def test_a_place_has_the_measures_of_its_kind(place: str, says: str) -> None:
    """A disc has a radius, a point and a track a deviation; only a point can be known."""
    with pytest.raises(InvalidInput, match=says):
        read(changed("{kind: point, points: [[-35.0, 45.0]], sigma_km: 0.3}", place))


def test_known_at_defaults_to_the_act_or_the_incident() -> None:
    """A dated act was known when it happened; a thing without a date from the incident on."""
    case = read(EXAMPLE).case
    assert case.evidence[0].known_at == at(19, 5)
    assert case.clearances[0].events[0].known_at == at(19, 35)
    assert case.assets[0].known_at == case.persons[0].known_at == at(19)


def test_an_origin_is_inherited_from_the_record_around_it() -> None:
    """A figure without an origin has that of its record; a record without one that of the file."""
    text = changed("    armed: false\n", "    armed: false\n    sources: [A list of ours]\n    grade: B\n")
    helicopter = read(text).case.assets[0]
    assert helicopter.cite == helicopter.mobilisation_h.cite == Cite(("A list of ours",), "B")
    assert read(text).case.clearances[0].cite == Cite((), "given")


def test_a_spread_made_from_one_number_says_so() -> None:
    """Half of it, itself, twice it, one case; a chance stays at most 1."""
    text = changed("hours: {p10: 0.15, p50: 0.25, p90: 0.5}", "hours: {one: 3}")
    text = text.replace("    effects:", "    detect_once: {one: 0.7}\n    effects:")
    helicopter = read(text).case.assets[0]
    hours, chance = helicopter.mobilisation_h, helicopter.detect_once
    assert (hours.p10, hours.p50, hours.p90, hours.cases) == (1.5, 3.0, 6.0, 1)
    assert (chance.p10, chance.p50, chance.p90) == (0.35, 0.7, 1.0)


def test_own_types_and_models_are_named_after_their_owner() -> None:
    """An asset type and a survival model that the case brings have ids that can be shown."""
    text = changed("type: h145-d3", "type: {kind: helicopter, cruise_kmh: {value: 200}}")
    text = text.replace("survival: injured-crash", "survival: {points: [[0, 1], [2, 0]], scale: linear, domain_h: 2}")
    case = read(text).case
    assert (case.assets[0].type.id, case.assets[0].type.cruise_kmh.value) == ("xa-rescue-type", 200.0)
    assert (case.persons[0].survival.id, case.persons[0].survival.points[-1]) == ("crew-survival", (2.0, 0.0))


def test_what_nobody_knows_stays_unknown() -> None:
    """A key left out and a key with null are the same: None, never a guess."""
    left_out = read(changed("    armed: false\n", "").replace("    base: bank\n", "")).case
    null = read(changed("armed: false", "armed: null").replace("base: bank", "base: null")).case
    assert (left_out.assets[0].armed, left_out.assets[0].base) == (None, None)
    assert left_out == null


def test_an_extension_after_a_revocation_is_no_contradiction() -> None:
    """Two grants may differ if the first was ended, and may be repeated if they say the same."""
    events = (
        "      - {status: granted, at: 2031-03-04T19:50Z, until: 2031-03-04T22:00Z}\n"
        "      - {status: granted, at: 2031-03-04T19:55Z, until: 2031-03-04T22:00Z}\n"
        "      - {status: revoked, at: 2031-03-04T20:00Z}\n"
        "      - {status: granted, at: 2031-03-04T20:30Z, until: 2031-03-05T22:00Z}\n"
    )
    assert len(read(EXAMPLE + events).case.clearances[0].events) == 5


def test_a_file_is_read_as_its_text(tmp_path: Path) -> None:
    """From a path, from bytes and from text comes the same case; the path is named in errors unless a name is given."""
    path = tmp_path / "x.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert read_case_file(path, CATALOGUE) == read(EXAMPLE) == read(EXAMPLE.encode())


def test_rule_ids_are_held_against_the_rules_only_where_given() -> None:
    """Without a set of rules any basis is taken as named."""
    text = changed("    lead_time_h", "    basis: [XX-77]\n    lead_time_h")
    assert read_case(text, name="x", catalogue=CATALOGUE).case.clearances[0].basis == ("XX-77",)


def test_an_airport_fills_what_the_case_leaves_out() -> None:
    """Name, position, state and longest runway come from the table; what the case says stands before it."""
    found = airport("LTCI")
    text = changed(
        "name: North bank, position: [-35.0, 45.4], state: XA, elevation_m: 200, runway_m: 0",
        "airport: LTCI, fuel: true",
    )
    base = read(text).case.bases[0]
    assert (base.id, base.name, base.position, base.state) == ("bank", found.name, found.position, found.state)
    assert read(text.replace("LTCI", "LTCI, name: Ours")).case.bases[0].name == "Ours"


def test_an_unknown_airport_is_placed() -> None:
    """A code that no airport goes by is told with its place and the nearest codes."""
    text = changed(
        "name: North bank, position: [-35.0, 45.4], state: XA, elevation_m: 200, runway_m: 0", "airport: LTC"
    )
    with pytest.raises(InvalidInput, match="unknown airport") as caught:
        read(text)
    assert caught.value.where.endswith("bases[0].airport")
    assert "LTC" in caught.value.expected


def test_reading_a_case_imports_nothing_heavy() -> None:
    """The loader needs neither pydantic nor the numerical libraries."""
    code = (
        "import sys, safeconduct.formats.casefile;"
        "print(sorted({'pydantic', 'numpy', 'scipy', 'shapely', 'pyproj'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
