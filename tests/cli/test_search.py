"""``safeconduct search``: plan and score."""

import json

import pytest

from safeconduct.cli.main import application, main

PLAN = ["search", "plan", "varzaqan-2024", "--at", "2024-05-19T15:00Z"]
SCORE = ["search", "score", "varzaqan-2024", "--found", "46.6548,38.7189"]


def run(capsys, arguments):
    application("search")(args=arguments, standalone_mode=False)
    return capsys.readouterr().out


def test_the_plan_says_who_where_why_and_what_is_not_known(capsys):
    """Every part of a briefing is on the page, and nothing advises ending."""
    text = run(capsys, PLAN)
    for words in (
        "does not advise ending the search",
        "WHERE  half of the probability lies in",
        "What would change the plan most",
        "S1 First 16 teams",
        "why here: companions-sungun",
        "risk to the searchers",
        "Australian National Search and Rescue Manual 2023",
        "NOT IN THE PLAN",
        "UNVERIFIED",
        "unknown: no terrain",
    ):
        assert words in text


def test_json_holds_the_numbers(capsys):
    """Schema, map with outside, evidence, sectors with both laws, the bound."""
    answer = json.loads(run(capsys, [*PLAN, "--json"]))
    assert answer["schema"] == "safeconduct/search-plan/1"
    assert 0.0 < answer["map"]["outside"] < 0.05
    reports = {e["id"]: e for e in answer["evidence"]}
    assert reports["companions-sungun"]["moves"] > reports["companions-track"]["moves"]
    first = answer["sectors"][0]
    assert first["pod"]["exponential"] < first["pod"]["inverse_cube"]
    assert len(first["ring"]) == 5
    assert answer["objective"]["sectors"] <= answer["objective"]["bound"]
    assert 0.0 < answer["unverified_share"] <= 1.0


def test_a_page_is_written(capsys, tmp_path):
    """One file, with its place told."""
    out = run(capsys, [*PLAN, "--html", str(tmp_path / "search.html")])
    assert "Written:" in out
    assert (tmp_path / "search.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_files_for_every_crew_are_written(capsys, tmp_path):
    """Tracks, maps, a page and a text for each crew, each place told."""
    kml, geo = tmp_path / "plan.kml", tmp_path / "plan.geojson"
    out = run(
        capsys,
        [*PLAN, "--gpx", str(tmp_path / "gpx"), "--forms", str(tmp_path), "--kml", str(kml), "--geojson", str(geo)],
    )
    crews = {"ir-teams-first-16", "ir-teams-to-20", "ir-teams-to-40", "ir-helicopters-varzaqan"}
    for folder, kind in (("gpx", "gpx"), (".", "html"), (".", "txt")):
        assert {path.stem for path in (tmp_path / folder).glob(f"*.{kind}")} == crews
    assert json.loads(geo.read_text(encoding="utf-8"))["type"] == "FeatureCollection"
    assert kml.read_bytes().startswith(b"<?xml")
    assert out.count("Written: ") == 14


def test_score_prints_a_row_for_each_hour(capsys):
    """Text, JSON and the page of the documentation say the same."""
    text = run(capsys, SCORE)
    rows = json.loads(run(capsys, [*SCORE, "--json"]))
    page = run(capsys, [*SCORE, "--markdown"])
    assert len(rows["hourly"]) == 15
    assert "11:00Z T+1.0 h" in text
    assert page.startswith("<!-- generated: safeconduct search score varzaqan-2024 --found 46.6548,38.7189 --markdown")
    assert "drone-heat-source believed" in page
    assert "52-78 km2" in page


def test_a_path_after_persons_who_walk(capsys):
    """Steps with hours and places, what it finds, and that nothing finds more over its grid."""
    path = ["search", "path", *PLAN[2:], "--crew", "ir-helicopters-varzaqan", "--walks-kmh", "1"]
    text = run(capsys, path)
    answer = json.loads(run(capsys, [*path, "--json"]))
    assert "no path over this grid finds more" in text
    assert text.count(" about ") == 8
    assert answer["p"] <= answer["bound"] + 1e-12
    assert len(answer["places"]) == 8


@pytest.mark.parametrize(
    "arguments",
    [
        [*PLAN, "--drop", "nobody"],
        [*PLAN, "--standard", "mine"],
        [*PLAN, "--sorties", "no-such-file.yaml"],
        [*PLAN, "--terrain", "no-such-file.tif"],
        [*PLAN, "--pattern", "creeping"],
        [*PLAN, "--pattern", "spiral", "--forms", "no-such-folder"],
        ["search", "plan", "varzaqan-2024", "--at", "2024-05-20T02:00Z"],
        ["search", "plan", "exercise-two-rivers"],
        ["search", "path", *PLAN[2:], "--crew", "tr-akinci", "--walks-kmh", "1"],
        ["search", "path", *PLAN[2:], "--crew", "ir-helicopters-varzaqan", "--walks-kmh", "50"],
        ["search", "score", "varzaqan-2024", "--found", "here"],
        ["search", "score", "varzaqan-2024", "--found", "46.65,138.7"],
    ],
)
def test_bad_input_is_one_line_and_status_2(capsys, arguments):
    """No traceback, no output."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    said = capsys.readouterr()
    assert left.value.code == 2
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
