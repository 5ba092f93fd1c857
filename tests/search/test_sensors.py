"""What a resource sweeps."""

from dataclasses import replace

import pytest

from safeconduct.desk.cases import load_case
from safeconduct.formats.sweepwidths import sweep_standards
from safeconduct.model.errors import InvalidInput, OutOfDomain
from safeconduct.search.sensors import FATIGUE, Sought, sensor_of

CASE = load_case("varzaqan-2024")
STANDARDS = sweep_standards()
NM = 1.852


def sensor(
    name="tr-cougar",
    *,
    sought="aircraft-under-5700-kg",
    cover="mountainous",
    height_m=304.8,
    tired=False,
    standard="natsar-2023",
):
    asset = next(a for a in CASE.assets if a.id == name)
    return sensor_of(asset, asset.type, Sought(sought, cover, height_m, tired), standard, STANDARDS)


def test_the_eye_follows_the_chosen_standard():
    """1.6 NM x 0.4 in the best visibility, 1,000 ft; half of it by the other standard, which lends the factor."""
    assert sensor().width_km.p50 == pytest.approx(1.6 * 0.4 * NM)
    other = sensor(standard="cap-mart")
    assert other.width_km.p50 == pytest.approx(0.91 * 0.4 * NM)
    assert "factor of natsar-2023" in other.says
    assert "Civil Air Patrol" in other.says


def test_the_spread_is_that_between_the_standards():
    """Both ends are printed figures, whichever standard is chosen."""
    for standard in STANDARDS:
        made = sensor(standard=standard).width_km
        assert (made.p10, made.p90) == pytest.approx((0.91 * 0.4 * NM, 1.6 * 0.4 * NM))


def test_edition_row_and_factors_are_printed():
    """What a plan must show: source, edition, object, height, cover, fatigue."""
    says = sensor(tired=True).says
    for word in ("Manual 2023", "D-5:9", "aircraft-under-5700-kg", "304.8 m", "mountainous x0.4", "fatigue x0.9"):
        assert word in says


def test_fatigue_takes_a_tenth():
    """For the eye and for everything else."""
    for name in ("tr-cougar", "tr-akinci", "ir-teams-to-40"):
        assert sensor(name, tired=True).width_km.p50 == pytest.approx(FATIGUE * sensor(name).width_km.p50)


def test_a_camera_keeps_its_own_figure_and_its_mark():
    """No table holds for unmanned aircraft: the type's spread stands, unverified."""
    made = sensor("tr-akinci")
    assert (made.width_km.p10, made.width_km.p50, made.width_km.p90) == (0.1, 0.5, 1.5)
    assert not made.verified
    assert made.table is None


def test_visibility_takes_its_share():
    """By the table for the eye: 5 km is 1.0 NM of 1.6; everything else sees no farther than the visibility."""
    assert sensor().seeing(5.0) == pytest.approx(1.0 / 1.6)
    assert sensor().seeing(1e9) == 1.0
    assert sensor().seeing(0.0) == 0.0
    assert sensor("tr-akinci").seeing(0.1) == pytest.approx(0.4)


def test_what_has_no_figure_has_no_sensor():
    """Unknown speed or width: None, not a guess."""
    asset = next(a for a in CASE.assets if a.id == "tr-akinci")
    for gone in ({"search_speed_kmh": None}, {"sweep_width_km": None}):
        assert (
            sensor_of(asset, replace(asset.type, **gone), Sought("person", "", 300.0, False), "natsar-2023", STANDARDS)
            is None
        )


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"standard": "mine"}, InvalidInput),
        ({"sought": "tent"}, InvalidInput),
        ({"cover": "snow"}, InvalidInput),
        ({"standard": "cap-mart", "cover": "snow"}, InvalidInput),
        ({"height_m": 20.0}, OutOfDomain),
    ],
)
def test_what_no_table_holds_is_refused(wrong, fault):
    """With what there is instead."""
    with pytest.raises(fault):
        sensor(**wrong)
