"""The log of what was flown and walked: areas."""

import math
from datetime import UTC, datetime

import numpy as np
import pytest

from safeconduct.formats.sorties import Laid, read_sorties
from safeconduct.model.errors import InvalidInput
from safeconduct.search.grid import SearchGrid

GRID = SearchGrid((46.65, 38.70), -20.0, -20.0, 0.5, 80, 80)
AT = datetime(2024, 5, 19, 18, tzinfo=UTC)
SQUARE = "[[46.6, 38.65], [46.7, 38.65], [46.7, 38.75], [46.6, 38.75]]"


def nothing_swept(_path, grid, _effort):
    """A track that touches no cell."""
    return Laid(np.zeros(grid.size), (), (), 0.0)


def log(tmp_path, *fields, swept=nothing_swept, at=AT):
    head = (
        "format: 1\nsorties:\n  - id: walk-1\n    resource: team\n"
        "    from: 2024-05-19T14:00Z\n    until: 2024-05-19T17:00Z\n"
    )
    path = tmp_path / "log.yaml"
    path.write_text(head + "".join(f"    {f}\n" for f in fields), encoding="utf-8")
    return read_sorties(path, GRID, at, swept)


def test_an_area_with_pod_coverage_or_distance(tmp_path):
    """POD as given; 1 - exp(-C) of a coverage; the coverage of a distance is width x distance / area."""
    (given,) = log(tmp_path, f"area: {SQUARE}", "pod: 0.5")
    (covered,) = log(tmp_path, f"area: {SQUARE}", "coverage: 0.8")
    (flown,) = log(tmp_path, f"area: {SQUARE}", "distance_km: 100", "sweep_width_km: 0.5")
    assert given.pod.max() == 0.5
    assert covered.pod.max() == pytest.approx(1.0 - math.exp(-0.8))
    assert flown.coverage == pytest.approx(50.0 / flown.area_km2)
    assert flown.area_km2 == pytest.approx(8.68 * 11.13, rel=0.05)
    assert given.pod[GRID.cell_of(46.65, 38.70)] == 0.5
    assert given.pod[GRID.cell_of(46.75, 38.70)] == 0.0


@pytest.mark.parametrize(
    "fields",
    [
        [],  # nowhere
        [f"area: {SQUARE}"],  # no effort
        [f"area: {SQUARE}", "pod: 0.5", "coverage: 1"],  # two efforts
        [f"area: {SQUARE}", "distance_km: 10"],  # no width
        [f"area: {SQUARE}", "gpx: a.gpx", "pod: 0.5"],  # two places
        ["gpx: a.gpx"],  # no width
        ["gpx: a.gpx", "sweep_width_km: 0.1", "pod: 0.5"],
        [f"area: {SQUARE}", "pod: 1.5"],
        [f"area: {SQUARE}", "pod: 0.5", "found: true"],
        [f"area: {SQUARE}", "pod: 0.5", "speed: 3"],  # no such key
        ["area: [[38.65, 46.6], [38.65, 46.7], [38.75, 46.7]]", "pod: 0.5"],  # swapped: off the map
        ["gpx: a.gpx", "sweep_width_km: 0.1"],  # a track that touches no cell
    ],
)
def test_what_does_not_fit_is_one_error_with_its_place(tmp_path, fields):
    """The first fault, in the record in which it stands."""
    with pytest.raises(InvalidInput) as caught:
        log(tmp_path, *fields)
    assert "sorties[0]" in caught.value.where


def test_what_is_not_over_yet_is_not_known(tmp_path):
    """A plan at 16:00 does not know what was searched until 17:00."""
    with pytest.raises(InvalidInput, match="not known yet"):
        log(tmp_path, f"area: {SQUARE}", "pod: 0.5", at=datetime(2024, 5, 19, 16, tzinfo=UTC))


def test_two_sorties_of_one_name_are_refused(tmp_path):
    """Each id once."""
    record = f"resource: team, from: 2024-05-19T14:00Z, until: 2024-05-19T17:00Z, area: {SQUARE}, pod: 0.5"
    path = tmp_path / "log.yaml"
    path.write_text(f"format: 1\nsorties:\n  - {{id: a, {record}}}\n  - {{id: a, {record}}}\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="twice"):
        read_sorties(path, GRID, AT, nothing_swept)
