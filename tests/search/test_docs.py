"""The examples of docs/search.md are read by the readers they are for."""

import re

import yaml
from tests.formats.test_tracks import gpx, points

from safeconduct.desk.tracks import swept_over
from safeconduct.formats.distances import read_distances
from safeconduct.formats.sorties import read_sorties
from safeconduct.model.instants import instant
from safeconduct.search.grid import SearchGrid


def blocks(repo, kind):
    """Fenced blocks of one kind."""
    text = (repo / "docs" / "search.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_log_of_sorties_is_read(repo, tmp_path):
    """The printed log, with a track beside it, gives both sorties."""
    (text,) = [each for each in blocks(repo, "yaml") if "sorties:" in each]
    (tmp_path / "log.yaml").write_text(text)
    gpx(tmp_path / "helicopter-1.gpx", points(first="2024-05-19T14:30Z"))
    grid = SearchGrid((46.62, 38.71), -5.0, -5.0, 0.25, 40, 40)
    flown = read_sorties(tmp_path / "log.yaml", grid, instant("2024-05-19T20:00Z"), swept_over())
    assert [each.id for each in flown] == ["helicopter-1", "team-3"]
    assert "where 0.80 was planned" in flown[0].says


def test_the_table_of_distances_is_read(repo, tmp_path):
    """The printed table gives the printed place."""
    (table,) = [each for each in blocks(repo, "text") if each.startswith("category,")]
    (tmp_path / "own.csv").write_text(table)
    rings = read_distances(tmp_path / "own.csv")["walker"]
    (text,) = [each for each in blocks(repo, "yaml") if "kind: rings" in each]
    place = yaml.safe_load(text.replace("LON, LAT", "46.6, 38.7"))["place"]
    assert place["radii_km"] == list(rings.radii_km)
    assert place["shares"] == list(rings.shares)
