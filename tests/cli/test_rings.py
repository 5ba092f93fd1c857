"""``safeconduct search rings``: a user's table, as a case takes it. Its numbers are invented."""

import json

import pytest
import yaml
from tests.assessment.worlds import SITE
from tests.search.reports import case_of, told

from safeconduct.cli.main import application, main
from safeconduct.model.places import Rings
from safeconduct.search.book import write_book

TABLE = "category,unit,25%,50%,95%\nwalker,km,1,2,6\nclimber,mi,1,2,3\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(TABLE)
    return path


def run(capsys, *arguments):
    application("search")(args=["search", "rings", *map(str, arguments)], standalone_mode=False)
    return capsys.readouterr().out


def test_a_line_becomes_a_place(capsys, table):
    """What is printed is the place of a report, in kilometres, to be given its point."""
    text = run(capsys, table, "--category", "walker")
    place = yaml.safe_load(text.replace("LON, LAT", "46.6, 38.7"))["place"]
    assert place == {"kind": "rings", "points": [[46.6, 38.7]], "radii_km": [1, 2, 6], "shares": [0.25, 0.5, 0.95]}


def test_json_has_every_line(capsys, table):
    """Without a category all are given; miles are converted."""
    assert json.loads(run(capsys, table, "--json"))["climber"]["radii_km"][0] == pytest.approx(1.609344)


def test_the_map_holds_what_the_table_says():
    """On the map of a search a quarter, a half and nearly all lie within the table's radii."""
    book = write_book(case_of(told("last", "rings", Rings((1.0, 2.0, 6.0), (0.25, 0.5, 0.95)))))
    grid = book.grid
    x, y = grid.plane(*SITE)
    away = ((grid.x_km - x) ** 2 + (grid.y_km - y) ** 2) ** 0.5
    poa = book.map.poa
    held = [float(poa[away <= radius].sum()) / float(poa.sum()) for radius in (1.0, 2.0, 6.0)]
    assert held == pytest.approx([0.25, 0.5, 0.95], abs=0.04)


def test_faults_are_one_line(capsys, table):
    """An unknown category, a missing file: exit 2."""
    for arguments in ([table, "--category", "diver"], ["none.csv"]):
        with pytest.raises(SystemExit) as left:
            main(["search", "rings", *map(str, arguments)])
        assert left.value.code == 2
        assert "xpected" in capsys.readouterr().err
