"""The timeline's layout: positions in percent, and what a wrong year does to it."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from measures.followup import drawing
from measures.followup.timeline import HORIZONS, MOST_TICKS, layout
from measures.followup.tracks import Decided, Followed, Report, track
from measures.models import State, TimeHorizon

TODAY = date(2026, 7, 2)


def row(number=1, horizon="short", on=date(2026, 1, 1), due=None, reports=()):
    measure = Followed(number, number, "WLAN", horizon, "Tourismus", 1, "Werkstatt")
    decided = Decided(1, on, "accepted", due) if on else None
    found = [Report(day, state, state, "Satz") for day, state in reports]
    return track(measure, decided, found, today=TODAY)


def marks(picture, band=0, strip=0) -> list[tuple[str, str, int]]:
    return [(m.kind, m.x, m.beyond) for m in picture.bands[band].strips[strip].marks]


def numbers(picture) -> dict[str, list[int]]:
    return {b.horizon: [s.track.measure.number for s in b.strips] for b in picture.bands}


def test_the_horizons_are_those_of_the_model_in_their_order():
    assert list(HORIZONS) == TimeHorizon.values


def test_dates_lie_in_percent_of_an_axis_from_month_to_month():
    """From 1 January 2026 to 1 January 2027 are 365 days, the rest of that month is added."""
    reports = [(date(2026, 2, 1), "not_started"), (date(2026, 4, 1), "running")]
    picture = layout([row(due=date(2026, 12, 31), reports=reports)], today=TODAY)
    assert (picture.today, f"{100 * 182 / 396:.2f}%") == ("45.96%", "45.96%")
    assert marks(picture) == [
        ("decided", "0.00%", 0), ("report", "7.83%", 0), ("newest", "22.73%", 0),
        ("due", "91.92%", 0),
    ]  # fmt: skip
    assert picture.bands[0].strips[0].line == ("0.00%", "91.92%")
    assert [(tick.x, tick.day) for tick in picture.ticks] == [
        ("0.00%", date(2026, 1, 1)), ("22.73%", date(2026, 4, 1)), ("45.71%", date(2026, 7, 1)),
        ("68.94%", date(2026, 10, 1)), ("92.17%", date(2027, 1, 1)),
    ]  # fmt: skip


def test_bands_follow_the_horizons_and_rows_their_due_dates():
    rows = [
        row(1, "long", due=date(2029, 1, 1)), row(2, "short"), row(3, "short", due=TODAY),
        row(4, "short", due=date(2026, 2, 1)), row(5, "unknown"), row(6, "short"),
    ]  # fmt: skip
    expected = {
        "short": [4, 3, 2, 6],
        "long": [1],
        "unknown": [5],
    }
    assert numbers(layout(rows, today=TODAY)) == expected


def test_nothing_to_draw_is_an_axis_without_bands():
    picture = layout([], today=TODAY)
    assert (picture.bands, picture.today, len(picture.ticks)) == ((), "0.25%", 5)


@pytest.mark.parametrize(
    ("due", "beyond"),
    [(date(2041, 7, 1), 0), (date(2041, 7, 2), 1), (date(9999, 12, 31), 1)],
)
def test_a_year_typed_wrongly_stands_at_the_edge_and_squeezes_nothing(due, beyond):
    picture = layout([row(due=due)], today=TODAY)
    assert marks(picture)[1][2] == beyond
    assert (picture.today == "45.96%") == bool(beyond)


def test_long_ago_stands_at_the_other_edge():
    picture = layout([row(on=None, reports=[(date(1026, 1, 1), "done")])], today=TODAY)
    assert marks(picture) == [("newest", "0.00%", -1)]


@given(
    st.lists(st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 1, 1)), max_size=8),
    st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)),
)
def test_whatever_the_dates_all_lie_on_the_axis_and_the_ticks_stay_few(days, today):
    rows = [row(n, due=day, on=day - timedelta(days=n)) for n, day in enumerate(days, start=1)]
    picture = layout(rows, today=today)
    places = [picture.today, *(tick.x for tick in picture.ticks)]
    places += [m.x for band in picture.bands for s in band.strips for m in s.marks]
    assert all(0 <= float(place.removesuffix("%")) <= 100 for place in places)
    assert 1 <= len(picture.ticks) <= MOST_TICKS


# Drawing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State.values)
def test_each_state_is_drawn_with_its_own_word(state):
    html = drawing.track_light(row(reports=[(TODAY, state)]))
    assert (html.count("<path"), f"<span>{state}</span>" in html) == (1, True)


def test_overdue_says_so_beside_the_state():
    late = row(due=date(2026, 6, 1), reports=[(date(2026, 5, 1), "running")])
    with translation.override("en"):
        html = drawing.track_light(late)
    assert 'class="light light--alarm"' in html
    assert html.endswith("<span>running, overdue</span></span>")


def test_words_are_escaped():
    assert "<script>" not in drawing.light("running", "<script>alert(1)</script>")


def test_a_strip_shows_its_dates_and_an_arrow_beyond_the_edge():
    picture = layout([row(due=date(9999, 1, 1))], today=TODAY)
    html = drawing.strip(picture.bands[0].strips[0])
    assert html.count("timeline__mark") == 2
    assert 'x="100.00%" y="50%" overflow="visible"><path d="M-4-6V6L6 0Z"/>' in html
    assert 'x1="0.00%" x2="100.00%"' in html
