"""`safeconduct ways` at the edges of its domain: always a stated answer, never a traceback."""

import pytest

from safeconduct.cli.main import main
from safeconduct.desk.ways import ways
from safeconduct.earth.airports import airport

EDGES = [  # base, site, what every way needs, fewest needs of any way
    ("LIRF", (14.35, 35.75), {"MT"}, 1),  # a third state's territorial sea
    ("YPPH", (0.0, -90.0), set(), 0),  # a pole, in Antarctica
    ("NZCH", (166.7, -77.8), set(), 0),  # Antarctica: nobody's leave
    ("ENSB", (0.0, 90.0), set(), 0),  # the other pole
    ("FXMM", (32.6, 0.3), {"UG", "ZA"}, 4),  # a base inside an enclave
    ("UBBN", (46.65, 38.72), {"IR"}, 1),  # a base in an exclave, its neighbour's side
    ("UMKK", (30.3, 59.9), set(), 1),  # out of an exclave to its own state
    ("LIPR", (12.45, 43.94), {"SM"}, 1),  # into an enclave
    ("NFFN", (-171.8, -13.8), {"WS"}, 1),  # across the antimeridian
    ("UHMA", (-180.0, 66.0), set(), 0),  # on it, in a state cut by it
    ("PADK", (177.0, 53.0), set(), 0),
    ("AYPY", (166.93, -0.53), {"NR"}, 1),  # a tiny island state
]


@pytest.mark.parametrize(("base", "site", "always", "fewest"), EDGES)
def test_domain_edges_have_a_stated_answer(base, site, always, fewest):
    """Every way needs the states that the place demands, and the way with the fewest needs is there."""
    answer = ways(base, site, "il-76")
    assert answer.front.complete
    assert all(always <= set(way.needs) for way in answer.ways)
    assert min(len(way.needs) for way in answer.ways) == fewest


def test_a_base_is_reached_at_once():
    """Where base and site are one there is one way of no length."""
    position = airport("LSZH").position
    (way,) = ways("LSZH", position, "il-76").ways
    assert way.distance_km == 0.0
    assert way.needs == ()


def test_opposite_ends_are_answered_with_a_bound():
    """To the antipode the search may be cut short: the answer has ways and says up to where it is whole."""
    lon, lat = airport("LSZH").position
    answer = ways("LSZH", (lon - 180.0, -lat), "il-76")
    assert answer.ways
    assert answer.front.complete or answer.front.proved_m < answer.front.limit_m
    assert not any(way.in_range for way in answer.ways)


@pytest.mark.parametrize("site", ["0,91", "181,0", "nan,0", "inf,0", "8", "a,b"])
def test_no_position_is_one_error(capsys, site):
    """What is no position ends with one error and exit 2."""
    with pytest.raises(SystemExit) as ended:
        main(["ways", "--from", "LSZH", "--to", site, "--asset", "il-76"])
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err
