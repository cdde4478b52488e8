"""The timer at the front."""

from datetime import UTC, datetime, timedelta

from measures.hall.timer import Timer, add, end, go_on, hold, start, timer_of
from measures.models import Front

NOW = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)


def later(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_timer_runs_down_to_nothing_and_stays_there():
    front = Front()
    assert timer_of(front, NOW) is None
    start(front, 10, NOW)
    assert timer_of(front, NOW) == Timer(600, stands=False)
    assert timer_of(front, later(95)).clock == "08:25"
    assert timer_of(front, later(700)) == Timer(0, stands=False)
    assert timer_of(front, later(700)).is_over
    end(front)
    assert timer_of(front, NOW) is None


def test_a_timer_that_stands_loses_nothing():
    front = Front()
    start(front, 10, NOW)
    hold(front, later(60))
    assert timer_of(front, later(6000)) == Timer(540, stands=True)
    add(front, 2, later(6000))
    go_on(front, later(6000))
    assert timer_of(front, later(6000)) == Timer(660, stands=False)
    assert (front.left, front.ends_at) == (None, later(6660))


def test_two_minutes_more_are_given_from_now_where_it_is_over():
    front = Front()
    start(front, 1, NOW)
    add(front, 2, later(30))
    assert timer_of(front, later(30)).left == 150
    add(front, 2, later(3000))
    assert timer_of(front, later(3000)).left == 120


def test_nothing_runs_for_longer_than_four_hours():
    front = Front()
    start(front, 9999, NOW)
    add(front, 9999, NOW)
    assert timer_of(front, NOW).clock == "240:00"


def test_what_does_not_run_is_neither_held_nor_let_go_on():
    front = Front()
    hold(front, NOW)
    go_on(front, NOW)
    assert (front.left, front.ends_at) == (None, None)
