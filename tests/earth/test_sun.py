from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import hostile_positions, positions

from safeconduct.earth.sun import elevation_deg, light_windows
from safeconduct.model.errors import InvalidInput, OutOfDomain

WRECK = (46.6548, 38.7189)
NOON = datetime(2024, 5, 19, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def instants(first=1901, last=2098):
    return st.datetimes(datetime(first, 1, 1), datetime(last, 12, 31)).map(lambda t: t.replace(tzinfo=UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (0, datetime(2024, 5, 19, 16, 2, tzinfo=UTC)),  # sunset
        (1, datetime(2024, 5, 19, 16, 33, tzinfo=UTC)),  # civil dusk
        (2, datetime(2024, 5, 20, 1, 7, tzinfo=UTC)),  # civil dawn
        (3, datetime(2024, 5, 20, 1, 37, tzinfo=UTC)),  # sunrise
    ],
)
def test_light_at_the_wreck(index, expected):
    """Sunset, dusk, dawn and sunrise at Varzaqan are within three minutes of the record."""
    end = light_windows(WRECK, NOON, NOON + DAY)[index].end
    assert abs(end - expected) <= timedelta(minutes=3)


def test_kinds_follow_each_other():
    """An ordinary day runs day, twilight, night, twilight, day."""
    kinds = [window.kind for window in light_windows(WRECK, NOON, NOON + DAY)]
    assert kinds == ["day", "civil-twilight", "night", "civil-twilight", "day"]


def test_elevation_agrees_with_pvlib():
    """Within 0.02 degrees of the NREL algorithm over latitudes and seasons."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas as pd
        from pvlib.solarposition import spa_python
    times = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=13.7 * i) for i in range(27)]
    for lat in (-90.0, -65.0, -30.0, 0.0, 38.7, 65.0, 89.0):
        for lon in (-180.0, -70.0, 46.65, 180.0):
            expected = spa_python(pd.DatetimeIndex(times), lat, lon)["elevation"].to_numpy()
            actual = np.array([elevation_deg((lon, lat), t) for t in times])
            assert np.abs(actual - expected).max() < 0.02


@pytest.mark.parametrize("lat", [-65.0, -52.0, -20.0, 0.0, 35.0, 60.0, 65.0])
def test_rise_and_set_agree_with_pvlib(lat):
    """At every window's edge pvlib's sun passes the threshold within three minutes, to 65 degrees of latitude."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas as pd
        from pvlib.solarposition import spa_python
    start = datetime(2024, 1, 10, tzinfo=UTC)
    windows = light_windows((46.65, lat), start, start + timedelta(days=360))
    # polar twilight at midsummer grazes its threshold at 65 degrees: those weeks are left to the elevation test
    edges = [w.end for w in windows[:-1] if abs(lat) < 60 or w.end.month in (2, 3, 4, 8, 9, 10)][::9]
    span = timedelta(minutes=3)
    before = spa_python(pd.DatetimeIndex([e - span for e in edges]), lat, 46.65)["elevation"].to_numpy()
    after = spa_python(pd.DatetimeIndex([e + span for e in edges]), lat, 46.65)["elevation"].to_numpy()
    threshold = np.where(np.abs((before + after) / 2 + 0.833) < np.abs((before + after) / 2 + 6.0), -0.833, -6.0)
    assert len(edges) > 20
    assert ((before - threshold) * (after - threshold) < 0).all()


@pytest.mark.parametrize(("month", "kind"), [(6, "day"), (12, "night")])
def test_polar_day_and_night_have_one_window(month, kind):
    """At 78 N midsummer is one day and midwinter one night."""
    start = datetime(2024, month, 20, tzinfo=UTC)
    windows = light_windows((15.6, 78.2), start, start + DAY)
    assert [(w.start, w.end, w.kind) for w in windows] == [(start, start + DAY, kind)]


@settings(max_examples=60, deadline=None)
@given(positions(), instants(), st.floats(0, 20))
def test_windows_cover_the_interval_without_gaps(place, start, days):
    """Everywhere, poles included, windows join end to start and no two neighbours are alike."""
    end = start + timedelta(days=days)
    windows = light_windows(place, start, end)
    if end == start:
        assert windows == ()
        return
    assert (windows[0].start, windows[-1].end) == (start, end)
    for left, right in pairwise(windows):
        assert left.end == right.start
        assert left.kind != right.kind
    assert all(w.start < w.end for w in windows)


@given(hostile_positions())
def test_hostile_positions_are_refused(bad):
    """What is no position raises our error."""
    with pytest.raises(InvalidInput):
        elevation_deg(bad, NOON)
    with pytest.raises(InvalidInput):
        light_windows(bad, NOON, NOON + DAY)


def test_bad_instants_are_refused():
    """No zone, the wrong order, another century and a span of years are input errors."""
    with pytest.raises(InvalidInput):
        elevation_deg(WRECK, NOON.replace(tzinfo=None))
    with pytest.raises(InvalidInput):
        light_windows(WRECK, NOON, NOON - DAY)
    with pytest.raises(OutOfDomain):
        elevation_deg(WRECK, NOON.replace(year=1066))
    with pytest.raises(OutOfDomain):
        light_windows(WRECK, NOON, NOON + timedelta(days=401))
