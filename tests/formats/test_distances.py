"""A user's table of distances, and what it says of the map. Its numbers are invented."""

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.example import EXAMPLE
from tests.formats.example import read as read_example

from safeconduct.formats.distances import read_distances
from safeconduct.model.errors import InvalidInput
from safeconduct.model.places import Rings
from safeconduct.search.distances import ring_density_km2

TABLE = "category,unit,25%,50%,75%,95%\nwalker,mi,1,2,3,5\nclimber,km,,1.5,,4\n"


def read(folder, text):
    (folder / "own.csv").write_text(text)
    return read_distances(folder / "own.csv")


def test_a_table_is_read_in_its_unit(tmp_path):
    """Miles become kilometres, empty cells are left out."""
    found = read(tmp_path, TABLE)
    assert found["walker"].radii_km == pytest.approx((1.609344, 3.218688, 4.828032, 8.04672))
    assert found["walker"].shares == (0.25, 0.5, 0.75, 0.95)
    assert found["climber"].radii_km == (1.5, 4.0)


@given(st.lists(st.floats(0.1, 5.0), min_size=1, max_size=5), st.lists(st.floats(0.05, 1.0), min_size=5, max_size=5))
def test_the_density_holds_what_the_table_says(steps, parts):
    """Integrated to each radius it is that quantile, and over everything 1."""
    radii = tuple(np.cumsum(steps).tolist())
    shares = tuple((np.cumsum(parts[: len(radii)]) / (sum(parts) * 1.01)).tolist())
    rings = Rings(radii, shares)
    edges = np.array([0.0, *radii, 2.0 * radii[-1]])
    middles = (edges[:-1] + edges[1:]) / 2.0
    held = np.cumsum(ring_density_km2(rings, middles) * np.pi * np.diff(edges**2))
    assert held == pytest.approx([*shares, 1.0])
    assert ring_density_km2(rings, 2.1 * radii[-1]) == 0.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a table"),
        ("name,25%\n", "not a table"),
        ("category,unit,25%\n", "without a category"),
        ("category,unit,25%,50%\nx,km,2,1\n", "radii that rise"),
        ("category,unit,25%,50%\nx,league,1,2\n", "km | m | mi"),
        ("category,unit,25%,50%\nx,km,one,2\n", "not a distance"),
        ("category,unit,25%,50%\nx,km,nan,2\n", "not a distance"),
        ("category,unit,25%,50%\nx,km\n", "radii that rise"),
        ("category,unit,25%\nx,km,1\nx,km,2\n", "category twice"),
        ("category,unit,0%\nx,km,1\n", "not a table"),
    ],
)
def test_faults_are_told_with_their_line(tmp_path, text, said):
    """Each fault is one error at its line."""
    with pytest.raises(InvalidInput, match=said):
        read(tmp_path, text)


def of_case(**fields):
    """The place of a case's first report."""
    tree = yaml.safe_load(EXAMPLE)
    place = {"kind": "rings", "points": [[-35.0, 45.0]], "grade": "given", **fields}
    tree["evidence"][0]["place"] = place
    return read_example(yaml.safe_dump(tree, sort_keys=False)).case.evidence[0].place


def test_a_case_takes_the_rings():
    """What `search rings` prints is a place of a case."""
    made = of_case(radii_km=[1, 2.5], shares=[0.5, 0.95])
    assert made.shape == Rings((1.0, 2.5), (0.5, 0.95))


@pytest.mark.parametrize(
    "fields",
    [
        {"radii_km": [2, 1], "shares": [0.5, 0.95]},
        {"radii_km": [1, 2], "shares": [0.5]},
        {"radii_km": [1, 2], "shares": [0.5, 1.5]},
        {"radii_km": [1, 2]},
        {"radii_km": [], "shares": []},
    ],
    ids=str,
)
def test_rings_that_are_none_are_refused(fields):
    """Radii that fall, counts that differ, shares over 1: one error with its line."""
    with pytest.raises(InvalidInput) as caught:
        of_case(**fields)
    assert "evidence[0].place" in caught.value.where
