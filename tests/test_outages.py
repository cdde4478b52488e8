"""What is away is not waited for by everybody, and the log tells of it once."""

import logging

import pytest

from bingen_strategy import outages
from bingen_strategy.outages import Outage


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(outages, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def outage(clock) -> Outage:
    return Outage("The replica", "the primary")


def test_what_answers_is_asked_and_nothing_is_said(outage, caplog):
    for _each in range(3):
        assert outage.may_ask()
        outage.answered()
    assert caplog.records == []


def test_while_it_is_away_one_in_ten_seconds_tries(outage, clock):
    outage.failed(OSError("refused"))
    assert [outage.may_ask(), outage.may_ask()] == [False, False]
    clock[0] += 9.9
    assert not outage.may_ask()
    clock[0] += 0.1
    assert [outage.may_ask(), outage.may_ask()] == [True, False]
    outage.answered()
    assert [outage.may_ask(), outage.may_ask()] == [True, True]


def test_the_log_says_once_that_it_went_and_once_that_it_is_back(outage, clock, caplog):
    caplog.set_level(logging.INFO)
    for _failure in range(3):
        clock[0] += 10
        outage.may_ask()
        outage.failed(OSError("refused"))
    outage.answered()
    outage.answered()
    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("ERROR", "The replica cannot be used, the primary is asked instead: refused"),
        ("WARNING", "The replica is used again."),
    ]
