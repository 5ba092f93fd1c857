"""Which airports are looked at as stops."""

from tests.assessment.worlds import figure

from safeconduct.earth.airports import Airport, Runway
from safeconduct.earth.geodesy import distance_m
from safeconduct.model.assets import AssetType
from safeconduct.reach.stopovers import MOST_SPOTS, SECTIONS, spot_at, stopovers

START, END = (0.0, 0.0), (20.0, 0.0)
PLANE = AssetType("plane", "plane", "fixed-wing", runway_m=figure(1500))
LIGHT = AssetType("light", "light", "fixed-wing")
HELI = AssetType("heli", "heli", "helicopter")


def field(code, lon, lat, state="XA", runway_m=None, surface="paved"):
    runways = () if runway_m is None else (Runway("09/27", runway_m, 45.0, surface, True),)
    return Airport(code, code, state, (lon, lat), None, runways, "test", "given")


def test_a_runway_must_be_known_to_do():
    """Long enough: fits; too short: neither; not known, unpaved or no published need: unsure."""
    assert spot_at(field("A", 1, 1, runway_m=1500.0), [PLANE]).fits == {"plane"}
    short = spot_at(field("A", 1, 1, runway_m=1499.0), [PLANE])
    assert (short.fits, short.unsure) == (frozenset(), frozenset())
    assert spot_at(field("A", 1, 1), [PLANE]).unsure == {"plane"}
    assert spot_at(field("A", 1, 1, runway_m=3000.0, surface="unpaved"), [PLANE]).unsure == {"plane"}
    assert spot_at(field("A", 1, 1, runway_m=3000.0), [LIGHT]).unsure == {"light"}
    assert spot_at(field("A", 1, 1), [HELI]).fits == {"heli"}


def test_one_for_each_state_and_section_the_likeliest_first():
    """Known to fit before unknown, an airline code before none, then the least detour."""
    near, known, served = field("NEAR", 10, 0.0), field("KNOWN", 10.5, 1.0, runway_m=2000.0), field("SERVED", 10, 0.5)
    picked = [(near, False), (known, False), (served, True)]
    assert [s.id for s in stopovers(picked, (START, END), [PLANE], filling_km=5000.0, stops=1)[0]] == ["KNOWN"]
    assert [s.id for s in stopovers(picked, (START, END), [HELI], filling_km=5000.0, stops=1)[0]] == ["SERVED"]
    assert [s.id for s in stopovers([picked[0]], (START, END), [HELI], filling_km=5000.0, stops=1)[0]] == ["NEAR"]


def test_far_off_the_way_is_out_of_reach():
    """Neither beyond the detour that is looked for nor farther from an end than a filling allows."""
    aside, on_way = field("ASIDE", 10, 14), field("WAY", 10, 0)
    assert stopovers([(aside, True), (on_way, True)], (START, END), [HELI], filling_km=5000.0, stops=1)[1] == 1
    half_km = distance_m(START, (10.0, 0.0)) / 1000.0
    assert stopovers([(on_way, True)], (START, END), [HELI], filling_km=half_km - 5.0, stops=1) == ((), 0)


def test_no_more_than_the_cap():
    """However many states, at most the cap, and the count says how many lay in reach."""
    many = [(field(f"F{n}", 0.5 + 19.0 * n / 400, 0.0, state=f"S{n}"), True) for n in range(400)]
    spots, count = stopovers(many, (START, END), [HELI], filling_km=5000.0, stops=1)
    assert (len(spots), count) == (2 * MOST_SPOTS, 400)
    one_state = [(field(each.code, *each.position), served) for each, served in many]
    assert len(stopovers(one_state, (START, END), [HELI], filling_km=5000.0, stops=1)[0]) == 2 * SECTIONS
