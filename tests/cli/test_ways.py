"""``safeconduct ways``: the front, its limits and its proof, as printed."""

import json

import pytest

from safeconduct.cli.main import application, main

ARGUMENTS = ["ways", "--from", "UUEE", "--to", "46.65,38.72", "--asset", "il-76"]


def run(capsys, *more):
    application("ways")(args=[*ARGUMENTS, *more], standalone_mode=False)
    return capsys.readouterr().out


def test_json_says_what_was_looked_for(capsys):
    """The ways rise in distance, each with its states, and the search says its limits and that it was whole."""
    answer = json.loads(run(capsys, "--json"))
    lengths = [way["distance_km"] for way in answer["ways"]]
    assert lengths == sorted(lengths)
    assert all("IR" in way["needs"] and "RU" not in way["needs"] for way in answer["ways"])
    assert answer["search"]["complete"]
    assert answer["search"]["max_needs"] == 5
    assert len(answer["ways"][-1]["needs"]) == 1


def test_all_states_lift_the_cap(capsys):
    """With --all-states no cap on permissions is left."""
    assert json.loads(run(capsys, "--json", "--all-states"))["search"]["max_needs"] is None


def test_text_names_states_and_bounds(capsys):
    """The page names states in words and says how far it looked."""
    text = run(capsys)
    assert "needs Azerbaijan, Iran" in text
    assert "The search was whole within these limits." in text


def test_what_range_forbids_is_said_first(capsys):
    """A helicopter from far away: no permission changes that."""
    application("ways")(
        args=["ways", "--from", "LTAC", "--to", "46.65,38.72", "--asset", "mi-17"], standalone_mode=False
    )
    assert capsys.readouterr().out.splitlines()[1].startswith("Out of range")


@pytest.mark.parametrize(
    "wrong", [("--to", "46.65"), ("--to", "200,0"), ("--asset", "tank"), ("--from", "XXXX")], ids=lambda each: each[0]
)
def test_bad_input_is_exit_2(capsys, wrong):
    """A wrong place, type or base: exit 2 and one line that says what was expected."""
    arguments = list(ARGUMENTS)
    arguments[arguments.index(wrong[0]) + 1] = wrong[1]
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "xpected" in capsys.readouterr().err


def test_its_certificate_names_the_question(capsys, tmp_path):
    """The proof that it writes names both ends and has every arc's length."""
    path = tmp_path / "proof.json"
    run(capsys, "--certificate", str(path))
    document = json.loads(path.read_text())
    part = document["routes"][0]
    assert part["name"] == f"{document['flights'][0]['name']}, on the lattice"
    assert part["places"][0] == pytest.approx([37.41, 55.97], abs=0.05)
    assert part["complete"]


def told(capsys, *arguments):
    application("ways")(args=["ways", *arguments], standalone_mode=False)
    return capsys.readouterr().out


FAR = ("--from", "LTAC", "--to", "46.65,38.72", "--asset", "mi-17")


def test_out_of_range_looks_for_stops_by_itself(capsys):
    """Beyond one filling: ways with stops come first, none over the range, and the page says so."""
    answer = json.loads(told(capsys, *FAR, "--json"))
    within = [way for way in answer["ways"] if way["in_range"]]
    assert within
    assert answer["stops"]["most"] == 2
    for way in within:
        assert all(leg["distance_km"] <= answer["range_km"] for leg in way["legs"])
        assert way["hours"]["p50"] == pytest.approx(
            sum(leg["hours"]["p50"] for leg in way["legs"]) + 0.75 * (len(way["legs"]) - 1)
        )
    assert "airports in reach" in told(capsys, *FAR)


def test_stops_can_be_named(capsys):
    """--via takes the airports given and no others."""
    answer = json.loads(told(capsys, *FAR, "--json", "--via", "LTCE", "--via", "LTAR"))
    assert set(answer["stops"]["looked_at"]) == {"LTCE", "LTAR"}
    assert [leg["to"] for leg in answer["ways"][0]["legs"]] == ["LTAR", "LTCE", "site"]


def test_a_stop_that_is_named_is_looked_at_within_range_too(capsys):
    """Within range --via alone asks for stops: a mistyped airport is an error there as well."""
    answer = json.loads(told(capsys, *ARGUMENTS[1:], "--json", "--via", "OITR"))
    assert answer["stops"]["looked_at"] == ["OITR"]
    with pytest.raises(SystemExit) as left:
        main([*ARGUMENTS, "--via", "QQQQ"])
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("error: --via")


@pytest.mark.parametrize("more", [("--via", "LTCE"), ("--relay", "mi-17@OITT")], ids=lambda each: each[0])
def test_a_stop_that_is_named_and_forbidden_is_exit_2(capsys, more):
    """--stops 0 with airports or carriers to stop for contradicts itself; nothing is passed over in silence."""
    with pytest.raises(SystemExit) as left:
        main([*ARGUMENTS, "--stops", "0", *more])
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("error: --stops")


@pytest.mark.parametrize("kind", ["mi-171a2", "small-drone"])
def test_a_wind_for_a_type_without_a_speed_is_exit_2(capsys, kind):
    """What the wind does to range and hours hangs on the speed: none is made up."""
    with pytest.raises(SystemExit) as left:
        main(["ways", "--from", "OITT", "--to", "46.65,38.72", "--asset", kind, "--wind", "270/30"])
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("error: --asset")
    assert "its speed is not known" in said


def test_a_base_in_a_territory_needs_no_leave_of_its_own_state(capsys):
    """From Reunion over Reunion: the base's state is the one whose airspace that is."""
    answer = json.loads(told(capsys, "--from", "FMEE", "--to", "55.4,-21.0", "--asset", "h225", "--json"))
    assert [way["needs"] for way in answer["ways"]] == [[]]


@pytest.mark.parametrize(
    ("base", "site", "needs", "km"),
    [("SSVP", "-62.529,-32.56", ["AR"], 1034.4), ("FGBT", "21.472,-8.348", ["AO"], 2114.0)],
    ids=("round a coast", "over the sea"),
)
def test_a_way_that_the_lattice_makes_long_is_found(capsys, base, site, needs, km):
    """
    The lattice goes far out of the way, pulled straight it is within the limit: one permission is enough.

    The first length is that of a visibility graph of its own in a gnomonic plane.
    """
    answer = json.loads(told(capsys, "--from", base, "--to", site, "--asset", "c-130j", "--stops", "0", "--json"))
    assert answer["search"]["complete"]
    found = {tuple(way["needs"]): way["distance_km"] for way in answer["ways"]}
    assert found[tuple(needs)] == pytest.approx(km, rel=0.005)
    assert found[tuple(needs)] <= answer["search"]["limit_km"]


def test_a_relay_hands_over_and_each_provider_needs_its_own_leave(capsys):
    """An aeroplane gives over to a helicopter at home there: the last leg needs nobody's leave."""
    arguments = ("--from", "UUEE", "--to", "46.65,38.72", "--asset", "il-76", "--relay", "mi-17@OITT")
    answer = json.loads(told(capsys, *arguments, "--json"))
    for way in answer["ways"]:
        assert [(leg["carrier"], leg["provider"]) for leg in way["legs"]] == [("il-76", "RU"), ("mi-17", "IR")]
        assert {"state": "IR", "kind": "landing", "for": "RU"} in way["leaves"]
        assert way["legs"][1]["needs"] == []
    assert "hands over there" in told(capsys, *arguments)


def test_a_ship_sails_round_land(capsys):
    """From a port to a place at sea: longer than the straight line, and nobody's leave."""
    answer = json.loads(told(capsys, "--from", "LGIR", "--to", "24.0,34.2", "--asset", "severn-lifeboat", "--json"))
    way = answer["ways"][0]
    assert way["legs"][0]["mode"] == "sail"
    assert way["distance_km"] > 1.5 * answer["direct_km"]
    assert way["needs"] == []


def test_a_ship_does_not_reach_land(capsys):
    """A site inland: no way, and the page says why."""
    assert "No water joins" in told(capsys, "--from", "LGIR", "--to", "33.0,39.2", "--asset", "severn-lifeboat")


def test_a_ship_has_no_certificate(capsys, tmp_path):
    """What would be proved are flights; nothing is written."""
    path = tmp_path / "proof.json"
    with pytest.raises(SystemExit) as left:
        main(["ways", "--from", "LGIR", "--to", "24.0,34.2", "--asset", "severn-lifeboat", "--certificate", str(path)])
    assert left.value.code == 2
    assert "a type that flies" in capsys.readouterr().err
    assert not path.exists()


def test_a_wind_behind_is_faster(capsys):
    """The same flight with the wind behind and ahead."""
    behind, ahead = (
        json.loads(told(capsys, *ARGUMENTS[1:], "--json", "--wind", wind))["ways"][0]["hours"]["p50"]
        for wind in ("340/60", "160/60")
    )
    assert behind < ahead


@pytest.mark.parametrize(
    "more",
    [
        ("--stops", "9"),
        ("--wind", "west"),
        ("--wind", "400/30"),
        ("--wind", "270/nan"),
        ("--relay", "severn-lifeboat"),
        ("--relay", "mi-17@OITT:ZZ"),
        ("--relay", "mi-17@OITT:"),
        ("--relay", "mi-17@OITT:IR:x"),
        ("--via", "QQQQ"),
        ("--via", ""),
        ("--runways", "none.csv"),
    ],
    ids=lambda each: each[0],
)
def test_bad_extras_are_exit_2(capsys, more):
    """Too many stops, no wind, a ship without a port, no such airport, state or file: exit 2, its option named."""
    with pytest.raises(SystemExit) as left:
        main([*FAR_COMMAND, *more])
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {more[0]}")
    assert "Expected" in said


FAR_COMMAND = ("ways", *FAR)
