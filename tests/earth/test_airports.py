from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.earth import airports
from safeconduct.earth.airports import Runway, airport, every_airport, load_runways, mean_of_ends, surface
from safeconduct.earth.airspace import codes, states_at
from safeconduct.earth.geodesy import distance_m
from safeconduct.model.errors import InvalidInput, SafeConductError
from safeconduct.model.sources import GRADES

WRECK = (46.6548, 38.7189)
HEADER = ",".join(airports._OURAIRPORTS)
OURS = (
    "LTCI", "LTCJ", "LTCC", "LTCE", "LTAG", "OITT", "OITL", "OITP",
    "OITR", "OIII", "OIKB", "OIZC", "UBBZ", "UBBF", "UBBN", "UBBB",
    "UDYZ", "UDSG", "ORER", "OKAS", "OTBH", "UUBW",
)  # fmt: skip


@pytest.mark.parametrize(("code", "expected_km"), [("OITT", 74.66), ("LTCI", 290.77), ("LTCJ", 492.08)])
def test_reference_distances(code, expected_km):
    """From the mean of the runway ends to the wreck: the case's distances within 10 m."""
    assert distance_m(airport(code).position, WRECK) / 1000 == pytest.approx(expected_km, abs=0.01)


@pytest.mark.parametrize("code", OURS)
def test_our_airports_have_runways_with_source(code):
    """Every airport of the reference case has a paved runway of known length, a source and a grade."""
    found = airport(code)
    assert found.code == code
    assert found.longest_paved_m > 2000
    assert found.source.startswith("OurAirports")
    assert found.grade in GRADES
    assert found.elevation_m is not None


def test_runways_come_longest_first():
    """Tabriz has two: 3604 m of concrete and 3517 m of asphalt."""
    assert [r.length_m for r in airport("oitt").runways] == [3604.3, 3516.5]
    assert airport("OITT").state == "IR"


def test_other_airports_come_without_runways():
    """An airport outside our table has a place, and its runways are unknown."""
    keflavik = airport("BIKF")
    assert keflavik.state == "IS"
    assert keflavik.runways == ()
    assert keflavik.longest_paved_m is None


def test_brought_runways_replace_ours():
    """What the user brings wins."""
    own = (Runway("09/27", 900.0, None, "unpaved", None),)
    assert airport("OITT", brought={"OITT": own}).runways == own
    assert airport("OITT", brought={"OITT": own}).longest_paved_m is None


def test_unknown_code_names_the_nearest():
    """A typing error is answered with the codes it may have meant."""
    with pytest.raises(InvalidInput) as caught:
        airport("OITX")
    assert "OIT" in caught.value.expected
    assert caught.value.got == "OITX"


@given(st.text(max_size=8))
def test_any_text_is_an_airport_or_our_error(text):
    """No text gets past the look-up with anything but an airport or our error."""
    try:
        found = airport(text).code
    except InvalidInput as fault:
        found = fault.got.strip().upper()
    assert found == text.strip().upper()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ASP", "paved"),
        ("CONC-G", "paved"),
        ("ASPH/ CONC", "paved"),
        ("TURF-F", "unpaved"),
        ("Gravel", "unpaved"),
        ("GRASS / SOD", "unpaved"),
        ("WATER", "water"),
        ("UNK", "unknown"),
        ("X", "unknown"),
        ("", "unknown"),
    ],
)
def test_surfaces(words, expected):
    """Free words are sorted into what an aircraft cares about."""
    assert surface(words) == expected


ROW = "ZZZZ,3280,98,ASP,1,0,09,10,179.9,100,27,12,-179.7,200"


def test_load_runways_converts_units_and_crosses_the_antimeridian():
    """Feet become metres, the higher end counts, and the mean of the ends lies between them."""
    (runway,) = load_runways(f"{HEADER}\n{ROW}\n")["ZZZZ"]
    assert (runway.length_m, runway.width_m, runway.elevation_m) == (999.7, 29.9, 61.0)
    assert (runway.ident, runway.surface, runway.lighted) == ("09/27", "paved", True)
    assert mean_of_ends([runway]) == (-179.9, 11.0)


@pytest.mark.parametrize(
    "row",
    [
        "ZZZZ,3280,98,ASP,1,1,09,,,,27,,,",  # closed
        ",3280,98,ASP,1,0,09,,,,27,,,",  # of no airport
    ],
)
def test_closed_and_nameless_runways_are_left_out(row):
    """They are no runways to plan with."""
    assert load_runways(f"{HEADER}\n{row}\n") == {}


def test_nothing_recorded_is_none_not_zero():
    """Empty cells and a length of zero are unknown."""
    (runway,) = load_runways(f"{HEADER}\nZZZZ,0,,,,,,,,,,,,\n")["ZZZZ"]
    assert runway == Runway("", None, None, "unknown", None, (), None)
    assert mean_of_ends([runway]) is None


@pytest.mark.parametrize(
    "text",
    ["", "a,b\n1,2\n", f"{HEADER}\nZZZZ,long,98,ASP,1,0,09,,,,27,,,\n", f"{HEADER}\nZZZZ,nan,98,ASP,1,0,09,,,,27,,,\n"],
)
def test_bad_files_name_the_place(text):
    """Another file, an empty one and words for numbers are refused with the place."""
    with pytest.raises(InvalidInput) as caught:
        load_runways(text, where="mine.csv")
    assert caught.value.where.startswith("mine.csv")


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_our_error(text):
    """Nothing but our own error leaves the reader."""
    for body in (text, f"{HEADER}\n{text}"):
        with contextlib.suppress(SafeConductError):
            load_runways(body)


def test_our_table_agrees_with_ourairports():
    """Each packaged runway is in OurAirports' file with the same length (skipped where that file is absent)."""
    default = Path(__file__).parents[2] / ".." / "shared" / "data"
    path = Path(os.environ.get("SAFECONDUCT_DATA", default)) / "ourairports-runways.csv"
    if not path.exists():
        pytest.skip("OurAirports' file of runways is not here")
    theirs = load_runways(path.read_text(encoding="utf-8"))
    for code in OURS:
        expected = [(r.ident, r.length_m, r.surface) for r in theirs[code]]
        assert [(r.ident, r.length_m, r.surface) for r in airport(code).runways] == expected


@pytest.mark.parametrize("code", OURS)
def test_our_airports_lie_in_their_state(code):
    """The state written in our table is the one whose airspace the place lies in."""
    assert states_at(airport(code).position) == {airport(code).state}


@pytest.mark.parametrize("code", ["SOCA", "FMEE", "FMCZ", "TFFR", "TFFF", "TNCB"])
def test_airports_of_territories_lie_in_the_airspace_that_holds_them(code):
    """Cayenne, Reunion and others have no airspace of their own: their state is that of the one around them."""
    assert states_at(airport(code).position) == {airport(code).state}


def test_every_airport_stands_under_an_airspace():
    """No airport has a state that no airspace goes by, but for those of Antarctica."""
    assert {each.state for each, _ in every_airport()} - {*codes()} == {"AQ"}
