"""Bases, carriers and winds as users write them."""

import pytest

from safeconduct.desk.carriers import base_at, carrier_type, position_of, relays_of, runways_in, wind_of
from safeconduct.model.errors import InvalidInput


def test_a_base_by_code_and_by_place():
    """An airport has its code and state; a place has the state it lies in, its territorial sea included."""
    assert (base_at("oitt").code, base_at("oitt").state) == ("OITT", "IR")
    assert base_at("25.14,35.35").state == "GR"


@pytest.mark.parametrize("wrong", ["18.0,35.0", "33.0,35.12", "200,0", "a,b", "QQQQ"])
def test_a_base_is_in_one_state(wrong):
    """On the high seas, in an area attributed to nobody, off the Earth, no numbers, no airport: one clear error."""
    with pytest.raises(InvalidInput):
        base_at(wrong)


def test_a_relay_names_type_place_and_state():
    """Each part may be left out from the end."""
    bare, placed, lent = relays_of(("mi-17", "mi-17@ubbb", "severn-lifeboat@LGIR:it"))
    assert (bare.at, bare.provider) == ("", "")
    assert (placed.at, placed.provider) == ("UBBB", "")
    assert (lent.kind.kind, lent.at, lent.provider) == ("ship", "LGIR", "IT")


@pytest.mark.parametrize("wrong", ["tank", "severn-lifeboat", "c-295", "mi-17@QQQQ"])
def test_a_wrong_relay_is_refused(wrong):
    """No such type, a ship without a port, no known speed, no such airport."""
    with pytest.raises(InvalidInput):
        relays_of((wrong,))


def test_a_wind_is_direction_and_knots():
    """From the west at 30 kt; an empty text is none."""
    wind = wind_of("270/30")
    assert (wind.from_deg, wind.speed_kmh) == (270.0, pytest.approx(55.56))
    assert wind_of("") is None


@pytest.mark.parametrize("wrong", ["270", "270/30kt", "400/10", "10/-3", "nan/5"])
def test_a_wrong_wind_is_refused(wrong):
    """Not two numbers, or out of range."""
    with pytest.raises(InvalidInput):
        wind_of(wrong)


def test_ships_are_carriers_and_teams_are_not():
    """Ways are for what flies or sails."""
    assert carrier_type("severn-lifeboat", "--asset").kind == "ship"
    with pytest.raises(InvalidInput):
        carrier_type("ground-vehicle", "--asset")


def test_runways_that_cannot_be_read_are_refused(tmp_path):
    """No file, or a file of something else."""
    with pytest.raises(InvalidInput):
        runways_in(tmp_path / "none.csv")
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(InvalidInput):
        runways_in(other)


def test_a_position_is_two_numbers():
    """Longitude first."""
    assert position_of("46.65,38.72", "--to") == (46.65, 38.72)
