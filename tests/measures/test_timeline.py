"""The timeline: places in percent, what a wrong year does to them, and how it is drawn."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from measures.followup import signs
from measures.followup.timeline import HORIZONS, axis_of, by_horizon
from measures.followup.tracks import Followed, Report, Track, track
from measures.models import Decision, State, TimeHorizon

TODAY = date(2026, 7, 2)


def row(number=1, horizon="short", on=date(2026, 1, 1), due=None, reports=()):
    measure = Followed(number, number, "WLAN", horizon, "Tourismus", 1, "Werkstatt")
    decided = Decision(pk=1, decided_on=on, outcome="accepted", due_date=due) if on else None
    found = [Report(day, state, "Satz") for day, state in reports]
    return track(measure, decided, found, today=TODAY)


def drawn(one: Track) -> list[tuple[str, str]]:
    """Return the tones and places of the signs on a strip, in the order of drawing."""
    html = signs.strip(one, axis_of([one], today=TODAY))
    return re.findall(r'timeline__mark light--(\w+)" x="([\d.]+%)"', html)


def test_the_horizons_are_those_of_the_model_in_their_order():
    assert list(HORIZONS) == TimeHorizon.values


def test_dates_lie_in_percent_of_an_axis_from_month_to_month():
    """From 1 January 2026 to 1 January 2027 are 365 days, the rest of that month is added."""
    reports = [(date(2026, 2, 1), "not_started"), (date(2026, 4, 1), "running")]
    one = row(due=date(2026, 12, 31), reports=reports)
    axis = axis_of([one], today=TODAY)
    assert (axis.x(TODAY), f"{100 * 182 / 396:.2f}%") == ("45.96%", "45.96%")
    assert drawn(one) == [
        ("line", "0.00%"), ("line", "7.83%"), ("good", "22.73%"), ("line", "91.92%"),
    ]  # fmt: skip
    assert 'x1="0.00%" x2="91.92%"' in signs.strip(one, axis)
    assert [(axis.x(day), day) for day in axis.ticks] == [
        ("0.00%", date(2026, 1, 1)), ("22.73%", date(2026, 4, 1)), ("45.71%", date(2026, 7, 1)),
        ("68.94%", date(2026, 10, 1)), ("92.17%", date(2027, 1, 1)),
    ]  # fmt: skip


def test_the_horizons_hold_their_measures_by_their_due_dates():
    rows = [
        row(1, "long", due=date(2029, 1, 1)), row(2, "short"), row(3, "short", due=TODAY),
        row(4, "short", due=date(2026, 2, 1)), row(5, "unknown"), row(6, "short"),
    ]  # fmt: skip
    expected = {
        "short": [4, 3, 2, 6],
        "long": [1],
        "unknown": [5],
    }
    found = {
        name: [each.measure.number for each in some] for name, some in by_horizon(rows).items()
    }
    assert found == expected


def test_nothing_to_draw_is_an_axis_without_rows():
    axis = axis_of([], today=TODAY)
    assert (by_horizon([]), axis.x(TODAY), len(axis.ticks)) == ({}, "0.25%", 5)


@pytest.mark.parametrize(
    ("due", "side"),
    [(date(2041, 7, 1), 0), (date(2041, 7, 2), 1), (date(9999, 12, 31), 1)],
)
def test_a_year_typed_wrongly_stands_at_the_edge_and_squeezes_nothing(due, side):
    axis = axis_of([row(due=due)], today=TODAY)
    assert axis.side(due) == side
    assert (axis.x(TODAY) == "45.96%") == bool(side)


def test_long_ago_stands_at_the_other_edge():
    long_ago = date(1026, 1, 1)
    one = row(on=None, reports=[(long_ago, "done")])
    assert drawn(one) == [("good", "0.00%")]
    assert axis_of([one], today=TODAY).side(long_ago) == -1


@given(
    st.lists(st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 1, 1)), max_size=8),
    st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)),
)
def test_whatever_the_dates_all_lie_on_the_axis_and_the_ticks_stay_few(days, today):
    rows = [row(n, due=day, on=day - timedelta(days=n)) for n, day in enumerate(days, start=1)]
    axis = axis_of(rows, today=today)
    known = [today, *axis.ticks, *(day for each in rows for day in each.days)]
    assert all(0 <= float(axis.x(day).removesuffix("%")) <= 100 for day in known)
    places = [float(axis.x(day).removesuffix("%")) for day in axis.ticks]
    gaps = [right - left for left, right in pairwise(places)]
    # 40 pixels of a strip of 208: a month's name and some air.
    assert (len(places) > 0, all(gap > 19 for gap in gaps)) == (True, True)


# Drawing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_each_state_is_drawn_with_its_own_word(state):
    html = signs.track_light(row(reports=[(TODAY, state.value)]))
    assert (html.count("<path"), f"<span>{state.label}</span>" in html) == (1, True)


def test_overdue_says_so_beside_the_state():
    late = row(due=date(2026, 6, 1), reports=[(date(2026, 5, 1), "running")])
    with translation.override("en"):
        html = signs.track_light(late)
    assert 'class="light light--alarm"' in html
    assert html.endswith("<span>running, overdue</span></span>")


def test_what_is_overdue_has_the_sign_of_an_alarm_on_its_due_date():
    late = row(due=date(2026, 6, 1), reports=[(date(2026, 5, 1), "delayed")])
    assert [tone for tone, _x in drawn(late)] == ["line", "late", "alarm"]


def test_a_strip_shows_its_dates_and_an_arrow_beyond_the_edge():
    one = row(due=date(9999, 1, 1))
    html = signs.strip(one, axis_of([one], today=TODAY))
    assert html.count("timeline__mark") == 2
    assert 'x="100.00%" y="50%" overflow="visible"><path d="M-4-6V6L6 0Z"/>' in html
    assert 'x1="0.00%" x2="100.00%"' in html
