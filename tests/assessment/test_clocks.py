"""Weather and light as clocks, held against a simulation minute by minute."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.worlds import DRONE, GIVEN, HELICOPTER, START, TEAM, figure, weather

from safeconduct.assessment.clocks import STEP_H, Clock, arrival_clock, clear, search_clock, sky, steps_for
from safeconduct.assessment.draws import Draws
from safeconduct.model.sources import Spread

FOUR = Draws(3, draws=8, chances=5, skies=4)
DAY = np.ones(steps_for(24.0), dtype=np.bool_)


def laid(*windows, at_h=0.0, day=DAY, draws=FOUR):
    return sky(windows, START, at_h, day, draws)


def at(values, hour):
    return values[:, round(hour / STEP_H)]


RATES = st.lists(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=30, max_size=30), min_size=1, max_size=3)


@settings(max_examples=80, deadline=None)
@given(RATES, st.lists(st.floats(0.0, 6.0), min_size=6, max_size=6))
def test_opens_is_the_first_working_minute_of_a_simulation(rates, starts):
    """Walking on from the start in small steps until the clock works gives the same hour."""
    table = np.array(rates)
    clock = Clock.of(table)
    got = clock.opens(np.array(starts))
    for draw, start in enumerate(starts):
        row = table[draw % len(rates)]
        expected = np.inf
        for step in range(int(start / STEP_H + 1e-9), 30):
            if row[step] > 0.0:
                expected = max(start, step * STEP_H)
                break
        assert got[draw] == pytest.approx(expected, abs=1e-8)


@settings(max_examples=80, deadline=None)
@given(RATES, st.lists(st.tuples(st.floats(0.0, 6.0), st.floats(0.01, 4.0)), min_size=4, max_size=4))
def test_finishes_is_the_end_of_a_simulation_of_the_work(rates, jobs):
    """Adding up small slices of work until the job is done gives the same hour to a slice."""
    table = np.array(rates)
    clock = Clock.of(table)
    start, work = np.array([s for s, _ in jobs]), np.array([[w] for _, w in jobs])
    got = clock.finishes(start, work)[:, 0]
    slice_h = STEP_H / 50
    for draw, (begins, job) in enumerate(jobs):
        row = np.repeat(table[draw % len(rates)], 50)
        first = int(begins / slice_h)
        done = np.cumsum(row[first:]) * slice_h
        total = done[-1] if done.size else 0.0
        if total < job - slice_h:
            assert got[draw] > 5.0 - 1e-9  # only at the end of the grid, or never
            assert np.isinf(got[draw]) or got[draw] >= begins
        elif total > job + slice_h:
            expected = (first + int(np.searchsorted(done, job)) + 1) * slice_h
            slack = 2 * slice_h / 0.5
            while np.isclose(done[int(np.searchsorted(done, job))], job, atol=slice_h):
                return  # the job ends on the edge of a pause: a slice more or less decides on which side
            assert got[draw] == pytest.approx(expected, abs=slack + 1e-4)


@given(RATES, st.lists(st.integers(0, 2), min_size=1, max_size=5), st.floats(0.0, 5.0), st.floats(0.01, 4.0))
def test_each_draw_lives_in_its_own_history(rates, order, start, job):
    """Whichever histories are alike, each draw ends as if its history were the only one."""
    table = np.array(rates)[[which % len(rates) for which in order]]
    size = 2 * len(table) + 1
    got = Clock.of(table).finishes(np.full(size, start), np.full((size, 2), job))
    alone = [Clock.of(row[None, :]).finishes(np.array([start]), np.full((1, 2), job))[0] for row in table]
    assert np.array_equal(got, np.array([alone[draw % len(table)] for draw in range(size)]))


@given(RATES, st.floats(0.0, 4.5), st.floats(0.0, 1.0), st.floats(0.0, 2.0))
def test_starting_later_never_ends_earlier(rates, start, later, job):
    """Both clocks are monotone in their start: what makes values monotone in clearances."""
    both = np.array([[start], [start + later]])
    for row in range(len(rates)):
        one = Clock.of(np.array(rates[row : row + 1]))
        opens = one.opens(both[:, 0])
        assert opens[0] <= opens[1] + 1e-9
        ends = one.finishes(both[:, 0], np.full((2, 1), job))[:, 0]
        assert ends[0] <= ends[1] + 1e-9


def test_never_stays_never():
    """What never starts never opens and never finishes."""
    clock = Clock.of(np.ones((2, 30)))
    assert np.isinf(clock.opens(np.array([np.inf, np.inf]))).all()
    assert np.isinf(clock.finishes(np.array([np.inf, np.inf]), np.ones((2, 3)))).all()


def test_beyond_the_grid_is_never():
    """The grid ends: what starts after it, or needs more hours than it has, never happens."""
    clock = Clock.of(np.ones((1, 30)))
    assert np.isinf(clock.opens(np.array([5.1])))[0]
    assert np.isinf(clock.finishes(np.array([4.0]), np.array([[1.5]])))[0, 0]


def test_without_windows_nothing_is_told():
    """No report: sight without limit, and no time of which anything is told."""
    empty = laid()
    assert np.isinf(empty.visibility_m).all()
    assert not empty.told.any()


def test_a_window_lasts_from_its_start_to_before_its_end():
    """The step at the start belongs to it, the step at the end does not."""
    over = laid(weather(start_h=2.0, end_h=4.0, visibility_m=50.0))
    assert (at(over.visibility_m, 2.0) == 50.0).all()
    assert np.isinf(at(over.visibility_m, 4.0)).all()
    assert np.isinf(at(over.visibility_m, 2.0 - STEP_H)).all()


def test_the_later_report_wins_where_two_speak_of_one_time():
    """By the hour at which it became known, not by the order in the file."""
    early = weather("z-early", visibility_m=50.0, known_h=1.0, end_h=10.0)
    late = weather("a-late", visibility_m=9000.0, known_h=2.0, start_h=3.0, end_h=5.0)
    for order in ((early, late), (late, early)):
        over = laid(*order)
        assert (at(over.visibility_m, 4.0) == 9000.0).all()
        assert (at(over.visibility_m, 6.0) == 50.0).all()


def test_alternatives_exclude_each_other_in_the_share_of_their_weights():
    """Of four histories three believe the report of weight 3 and one that of weight 1; none both."""
    over = laid(
        weather("thick", visibility_m=10.0, alternative="now", weight=3.0),
        weather("thin", visibility_m=9000.0, alternative="now", weight=1.0),
    )
    seen = sorted(at(over.visibility_m, 1.0).tolist())
    assert seen == [10.0, 10.0, 10.0, 9000.0]


def test_an_end_that_is_not_known_is_drawn():
    """Hours after the start at which it ends spread over the histories, within the drawn quantiles."""
    over = laid(
        weather(start_h=2.0, end_h=None, end_after=Spread(2.0, 4.0, 8.0, GIVEN), visibility_m=10.0),
    )
    ends = (over.visibility_m == 10.0).sum(axis=1) * STEP_H + 2.0
    assert (ends >= 2.0 + 1.0).all()
    assert ((ends < 6.0 + STEP_H).sum(), (ends > 6.0).sum()) == (2, 2)


def test_weather_that_has_not_been_reported_over_is_not_over():
    """Assessed five hours on, a window whose end is not known has ended in no history before that."""
    lasting = weather(start_h=0.0, end_h=None, end_after=Spread(1.0, 4.0, 8.0, GIVEN), visibility_m=10.0)
    over = laid(lasting, at_h=5.0)
    assert (at(over.visibility_m, 5.0 - STEP_H) == 10.0).all()


def test_a_window_without_any_end_stays():
    """Neither end nor duration: it lasts as far as the grid."""
    over = laid(weather(start_h=2.0, end_h=None, visibility_m=10.0))
    assert (over.visibility_m[:, -1] == 10.0).all()


def helicopter_open(over, hour, kind=HELICOPTER):
    return (at(arrival_clock(kind, over).rate, hour) > 0.0).all()


@pytest.mark.parametrize(
    ("window", "flies"),
    [
        (weather(visibility_m=800.0), True),  # exactly its minimum by day
        (weather(visibility_m=799.0), False),
        (weather(cloud_base_m=100.0), True),
        (weather(cloud_base_m=99.0), False),
        (weather(icing=True), False),
        (weather(icing=None), True),  # nobody reports icing
    ],
)
def test_a_helicopter_waits_for_each_of_its_minima_by_day(window, flies):
    """Visibility, cloud base and icing each close it; at the minimum it may fly."""
    assert helicopter_open(laid(window), 1.0) == flies


def test_icing_does_not_stop_what_is_approved_for_it():
    """Only a known approval opens known icing."""
    approved = replace(HELICOPTER, icing_approved=True)
    unknown = replace(HELICOPTER, icing_approved=None)
    over = laid(weather(icing=True))
    assert helicopter_open(over, 1.0, approved)
    assert not helicopter_open(over, 1.0, unknown)


@pytest.mark.parametrize(
    ("minimum_by_night", "visibility_m", "flies"),
    [(2500.0, 2500.0, True), (2500.0, 2499.0, False), (None, 20_000.0, False)],
)
def test_by_night_its_night_minimum_counts(minimum_by_night, visibility_m, flies):
    """In the dark the night figure counts; without one it does not fly."""
    kind = replace(HELICOPTER, visibility_min_night_m=None if minimum_by_night is None else figure(minimum_by_night))
    night = np.zeros_like(DAY)
    assert helicopter_open(laid(weather(visibility_m=visibility_m), day=night), 1.0, kind) == flies


def test_everything_else_may_be_there_in_any_weather():
    """A drone or a team arrives in fog; whether it sees anything is another clock."""
    fog = laid(weather(visibility_m=5.0, cloud_base_m=0.0, icing=True))
    assert arrival_clock(DRONE, fog).always
    assert arrival_clock(TEAM, fog).always


@pytest.mark.parametrize(("visibility_m", "expected"), [(5.0, 0.01), (250.0, 0.5), (500.0, 1.0), (20_000.0, 1.0)])
def test_nothing_is_seen_beyond_the_visibility(visibility_m, expected):
    """The sweep width of 1 km is cut to twice the visibility."""
    clock = search_clock(TEAM, laid(weather(visibility_m=visibility_m)), 1.0)
    assert at(clock.rate, 1.0) == pytest.approx(expected)


def test_cameras_see_nothing_through_cloud_and_radar_does():
    """Hidden ground stops eyes, cameras and infrared from above; not a team on the ground, not radar."""
    hidden = laid(weather(ground_hidden=True))
    assert (at(search_clock(DRONE, hidden, 1.0).rate, 1.0) == 0.0).all()
    assert (at(search_clock(replace(DRONE, sees_through_cloud=True), hidden, 1.0).rate, 1.0) == 1.0).all()
    assert (at(search_clock(TEAM, hidden, 1.0).rate, 1.0) == 1.0).all()


def test_without_a_night_sensor_nothing_is_searched_in_the_dark():
    """The light closes the search of what cannot see at night."""
    night = laid(day=np.zeros_like(DAY))
    assert (search_clock(replace(TEAM, night_sensor=False), night, 1.0).rate == 0.0).all()
    assert (search_clock(TEAM, night, 1.0).rate == 1.0).all()


def test_a_clear_sky_keeps_the_light():
    """A what-if without weather lifts the weather and leaves day and night as they are."""
    half = DAY.copy()
    half[::2] = False
    lifted = clear(half, FOUR)
    assert np.isinf(lifted.visibility_m).all()
    assert (lifted.day == half).all()
