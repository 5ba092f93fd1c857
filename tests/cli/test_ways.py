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
    part = json.loads(path.read_text())["routes"][0]
    assert part["places"][0] == pytest.approx([37.41, 55.97], abs=0.05)
    assert part["complete"]
