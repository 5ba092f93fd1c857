"""The packaged land and the places at sea."""

import numpy as np
import pytest
import shapely

from safeconduct.earth.land import land, sea_nodes


@pytest.fixture(scope="module")
def whole():
    shapes = [shapely.Polygon(p.shell, p.holes) for p in land()]
    return shapes, shapely.STRtree(shapes)


def on_land(whole, lon, lat):
    return len(whole[1].query(shapely.Point(lon, lat), predicate="within")) > 0


@pytest.mark.parametrize(
    ("place", "dry"),
    [
        ((46.65, 38.72), True),
        ((25.0, 35.2), True),  # Crete
        ((0.0, -80.0), True),  # Antarctica
        ((50.5, 42.0), False),  # the Caspian is sea
        ((25.0, 38.0), False),
        ((179.99, 0.0), False),
        ((32.55, 30.5), True),  # the isthmus of Suez: canals are land
    ],
)
def test_land_and_sea_are_where_they_are(whole, place, dry):
    """Known places on land and at sea."""
    assert on_land(whole, *place) is dry


def test_nodes_are_at_sea(whole):
    """Of two thousand nodes drawn at most one in two hundred lies on land, where rounding to 100 m put it."""
    nodes = sea_nodes()
    drawn = nodes[np.random.default_rng(1).integers(0, len(nodes), 2000)]
    hits = whole[1].query(shapely.points(drawn[:, 0], drawn[:, 1]), predicate="within")
    assert hits.shape[1] <= 10
