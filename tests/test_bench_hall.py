"""The measured hall does what its table tells: nothing here is about how fast."""

import asyncio
import sqlite3
from contextlib import closing
from math import inf

import pytest

from measures.hall import marks
from tests.benchmarks import hall_day
from tests.benchmarks.hall import MEASURES, ROOT, serving
from tests.benchmarks.hall_diary import Diary, stored, within
from tests.benchmarks.hall_front import USUAL, delays
from tests.nightly import NIGHTLY

PHONES, MISSING = 5, 3
# Whether the timer runs and whether it stands, after so many of the cockpit's five steps.
TIMER = [(False, False), (True, False), (True, False), (False, True), (True, False)]


@pytest.mark.skipif(not NIGHTLY, reason="a server on a database migrated from nothing takes 20 s")
def test_what_the_actors_claim_is_in_the_database(tmp_path, monkeypatch):
    for name, seconds in {"TYPE": 1.0, "LEAD": 0.5}.items():
        monkeypatch.setattr(hall_day, name, seconds)
    url = f"sqlite:///{tmp_path}/hall.sqlite3"
    with serving("now", ROOT, url, PHONES, missing=MISSING) as server:
        before, _none = stored(server)
        plan = {"poll": 0.3, "save": 0.7}
        diary = asyncio.run(hall_day.day(server, plan, PHONES, seconds=4))
        votes, lines = stored(server)
        with closing(sqlite3.connect(f"{tmp_path}/hall.sqlite3")) as session:
            [(ends_at, left)] = session.execute('SELECT ends_at, "left" FROM measures_front')
    steps = len(diary.waits["cockpit's step"])
    counts = [count for _moment, count in diary.shown]
    assert +diary.errors == {}
    assert len(before) == sum(MEASURES - lacks for lacks in (1, 2, 3, 1, 2))
    assert votes == {**before, **diary.votes}
    assert len(votes) == PHONES * MEASURES
    assert lines == dict.fromkeys(diary.lines, 1)
    assert diary.lost(server) == (0, 0)
    assert (counts, len(diary.finished)) == (sorted(counts), PHONES)
    assert (counts[0], counts[-1]) == (0, PHONES)
    assert (ends_at is not None, left is not None) == TIMER[steps % len(TIMER)]
    assert set(diary.waits) == {
        "phone asks", "phone rates", "table types",
        "front asks", "projector drawn", "cockpit drawn", "cockpit's step",
    }  # fmt: skip


def test_a_vote_that_is_not_stored_or_a_line_twice_is_lost(monkeypatch):
    is_there = {(1, 1): (2, 3), (1, 2): (4, 4)}, {"once": 1, "twice": 2, "never": 0}
    monkeypatch.setattr("tests.benchmarks.hall_diary.stored", lambda server: is_there)
    diary = Diary(votes={(1, 1): (2, 3), (1, 2): (4, 5), (1, 3): (1, 1)})
    diary.lines = ["once", "twice", "never"]
    assert diary.lost(None) == (2, 2)


def test_each_last_vote_waits_until_the_projector_counts_as_many():
    shown = [(10.0, 0), (12.0, 1), (14.0, 3)]
    assert delays([13.5, 11.0, 12.5], shown) == [1000.0, 1500.0, 500.0]
    assert delays([11.0, 13.0, 13.0, 13.0], shown) == [1000.0, 1000.0, 1000.0, inf]
    assert delays([12.5], [(10.0, 0), (12.0, 1)]) == [0.0]  # counted before the answer had come
    assert delays([], []) == []


def test_a_share_of_the_waits_stays_within():
    found = [float(n) for n in range(20, 0, -1)]
    assert [within(found, share) for share in (0.5, 0.95, 0.99, 1)] == [10, 19, 20, 20]
    assert within([7.0], 0.5) == 7


def test_the_front_asks_often_enough_to_count_within_three_seconds():
    assert USUAL + marks.KEPT == 2.5
