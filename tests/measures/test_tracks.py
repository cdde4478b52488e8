"""Where measures stand, computed without a database: days, states, dates."""

from datetime import date, timedelta

import pytest

from measures.followup.lights import LIGHTS
from measures.followup.tracks import (
    FINAL,
    STATES,
    Followed,
    Report,
    Track,
    count_by_state,
    digest,
    others_by_field,
    overdue_first,
    reported_since,
    silent_days,
    track,
)
from measures.models import Decision, State

TODAY = date(2026, 6, 15)
DAY = timedelta(days=1)


def measure(number: int = 1, field: str = "Tourismus") -> Followed:
    return Followed(number, number, f"Maßnahme {number}", "short", field, 1, "Werkstatt")


def report(day: date, state: str = "running", percent=None, next_due=None) -> Report:
    return Report(day, state, "Ein Satz.", percent, next_due)


def decided(
    on: date = date(2026, 1, 10), due: date | None = None, outcome: str = "accepted"
) -> Decision:
    return Decision(pk=7, decided_on=on, outcome=outcome, due_date=due)


def standing(*reports: Report, number: int = 1, due: date | None = None, field="Tourismus"):
    return track(measure(number, field), decided(due=due), reports, today=TODAY)


def dates(one: Track) -> tuple[date | None, ...]:
    """Return the date that counts, the decision's, and the report's."""
    return one.due, one.decided_due, one.next_due


def test_every_state_of_the_model_can_be_filtered_has_a_light_and_nothing_else_has():
    assert [key for key in STATES if key in State.values] == State.values
    assert {*STATES} - {*State.values} == {"overdue", "unreported"}
    assert {*LIGHTS} == {*STATES}
    assert {*State.values} > FINAL


def test_no_two_lights_have_the_same_shape():
    assert len({light.path for light in LIGHTS.values()}) == len(LIGHTS)


def test_the_newest_report_by_date_holds_whatever_the_order_of_writing():
    late, early = report(date(2026, 5, 1), "done"), report(date(2026, 2, 1))
    assert standing(late, early).reports == (late, early)
    assert standing(early, late).newest == late


def test_of_two_reports_of_one_day_the_one_written_later_holds():
    first, second = report(TODAY, "running"), report(TODAY, "stopped")
    assert standing(first, second).state == "stopped"


def test_what_nobody_has_reported_on_is_unreported():
    one = standing()
    assert (one.newest, one.state, one.is_in("unreported")) == (None, "unreported", True)


@pytest.mark.parametrize(
    ("due", "days"),
    [(None, 0), (TODAY + DAY, 0), (TODAY, 0), (TODAY - DAY, 1), (date(2026, 1, 10), 156)],
)
def test_overdue_begins_on_the_day_after_the_due_date(due, days):
    assert standing(due=due).overdue == days


@pytest.mark.parametrize("state", State.values)
def test_what_is_done_or_stopped_is_never_overdue(state):
    one = standing(report(date(2026, 3, 1), state), due=date(2026, 4, 1))
    assert (one.overdue > 0, one.is_in("overdue")) == (state not in FINAL, state not in FINAL)


def test_a_measure_that_came_back_after_it_was_done_is_overdue_again():
    one = standing(
        report(date(2026, 3, 1), "done"), report(date(2026, 5, 1), "delayed"), due=date(2026, 4, 1)
    )
    assert (one.state, one.overdue) == ("delayed", 75)


def test_a_report_moves_the_due_date_and_later_reports_without_one_leave_it_there():
    moved = report(date(2026, 3, 1), next_due=date(2026, 9, 1))
    one = standing(moved, report(date(2026, 5, 1)), due=date(2026, 4, 1))
    assert dates(one) == (date(2026, 9, 1), date(2026, 4, 1), date(2026, 9, 1))


def test_the_due_date_stated_last_holds_be_it_by_a_later_decision():
    early = report(date(2026, 3, 1), next_due=date(2026, 9, 1))
    later = decided(date(2026, 4, 1), date(2026, 12, 1), "amended")
    one = track(measure(), later, [early], today=TODAY)
    assert dates(one) == (date(2026, 12, 1), date(2026, 12, 1), None)


def test_a_later_decision_without_a_due_date_leaves_the_stated_one():
    early = report(date(2026, 3, 1), next_due=date(2026, 9, 1))
    later = decided(date(2026, 4, 1), outcome="amended")
    one = track(measure(), later, [early], today=TODAY)
    assert dates(one) == (date(2026, 9, 1), None, date(2026, 9, 1))


def test_what_was_called_off_is_due_at_no_date():
    early = report(date(2026, 3, 1), next_due=date(2026, 9, 1))
    rejected = decided(date(2026, 2, 1), date(2026, 12, 1), "rejected")
    assert dates(track(measure(), rejected, [early], today=TODAY)) == (None, None, None)


def test_on_the_day_of_the_decision_the_report_counts():
    same = report(date(2026, 1, 10), next_due=date(2026, 9, 1))
    assert standing(same, due=date(2026, 4, 1)).due == date(2026, 9, 1)


def test_reported_on_but_never_decided_has_the_dates_of_its_reports():
    one = track(measure(), None, [report(TODAY, next_due=TODAY + DAY)], today=TODAY)
    assert (one.decision, one.due, one.begun) == (None, TODAY + DAY, TODAY)


def test_the_overdue_come_first_by_their_days_then_the_fields_in_their_order():
    week, month = standing(number=1, due=TODAY - 7 * DAY), standing(number=2, due=TODAY - 30 * DAY)
    others = [standing(number=n, field=name) for n, name in ((3, "B"), (4, "A"), (5, "B"))]
    tracks = [week, others[0], month, *others[1:]]
    assert [one.measure.number for one in overdue_first(tracks)] == [2, 1]
    found = [
        (name, [one.measure.number for one in some])
        for name, some in others_by_field(tracks).items()
    ]
    assert found == [("B", [3, 5]), ("A", [4])]


def test_nothing_to_follow_gives_nothing():
    assert (overdue_first([]), others_by_field([])) == ([], {})
    assert reported_since(TODAY, []) == []
    assert not digest([], today=TODAY, days=14)
    assert set(count_by_state([]).values()) == {0}


def test_what_is_overdue_counts_in_its_state_as_well():
    found = count_by_state(
        [standing(report(date(2026, 2, 1)), due=date(2026, 3, 1)), standing(number=2)]
    )
    assert {key: n for key, n in found.items() if n} == {
        "overdue": 1, "running": 1, "unreported": 1,
    }  # fmt: skip


@pytest.mark.parametrize("state", State.values)
def test_what_was_called_off_is_due_never_overdue_and_nobody_is_reminded(state):
    off = decided(date(2026, 5, 1), outcome="rejected")
    reports = [report(date(2026, 2, 1), next_due=date(2026, 3, 1)), report(date(2026, 3, 1), state)]
    one = track(measure(), off, reports, today=TODAY)
    assert (one.due, one.overdue, one.state, one.is_called_off) == (None, 0, state, True)
    assert not digest([one], today=TODAY + 365 * DAY, days=14)


# Since a session --------------------------------------------------------------------------------

SESSION = date(2026, 4, 1)


def test_a_change_is_compared_with_what_was_known_on_the_day_of_the_session():
    before = report(SESSION, "running", 20)
    after = report(SESSION + DAY, "delayed", 45)
    [change] = reported_since(SESSION, [standing(report(date(2026, 2, 1)), before, after)])
    assert (change.before, change.after, change.count) == (before, after, 1)
    assert (change.changes_state, change.changes_percent) == (True, True)


def test_a_new_report_of_the_same_is_a_change_too():
    same = standing(report(SESSION, percent=20), report(TODAY, percent=20))
    [change] = reported_since(SESSION, [same])
    assert (change.changes_state, change.changes_percent) == (False, False)


def test_a_first_report_has_nothing_before_it():
    [change] = reported_since(SESSION, [standing(report(TODAY), report(TODAY - DAY))])
    assert (change.before, change.state_before, change.count) == (None, "unreported", 2)
    assert (change.changes_state, change.changes_percent) == (True, False)


def test_what_was_reported_up_to_the_session_is_no_change():
    assert reported_since(SESSION, [standing(report(SESSION)), standing(number=2)]) == []


def test_the_newest_report_stands_at_the_top():
    early, late = standing(report(TODAY - DAY)), standing(report(TODAY), number=2)
    changes = reported_since(SESSION, [early, late])
    assert [change.track.measure.number for change in changes] == [2, 1]


# The digest -------------------------------------------------------------------------------------


def told(*tracks, days: int = 14) -> tuple[list[int], list[int], list[int]]:
    found = digest(tracks, today=TODAY, days=days)
    return tuple([t.measure.number for t in p] for p in (found.overdue, found.soon, found.silent))


@pytest.mark.parametrize(
    ("ahead", "days", "soon"),
    [(0, 14, True), (14, 14, True), (15, 14, False), (0, 0, True), (1, 0, False)],
)
def test_due_soon_reaches_to_the_last_of_the_days(ahead, days, soon):
    one = standing(report(TODAY), due=None, number=1)
    one = track(one.measure, decided(due=TODAY + ahead * DAY), one.reports, today=TODAY)
    assert told(one, days=days) == ([], [1] if soon else [], [])


@pytest.mark.parametrize(("days", "silent"), [(89, False), (90, True), (2000, True)])
def test_silent_means_ninety_days_since_the_last_report(days, silent):
    assert told(standing(report(TODAY - days * DAY))) == ([], [], [1] if silent else [])


def test_without_any_report_the_silence_begins_with_the_decision():
    one = track(measure(), decided(on=TODAY - 90 * DAY), [], today=TODAY)
    assert (silent_days(one, today=TODAY), told(one)) == (90, ([], [], [1]))


def test_a_measure_is_told_once_where_it_weighs_most():
    overdue = standing(report(TODAY - 200 * DAY), due=TODAY - DAY)
    soon = standing(report(TODAY - 200 * DAY), due=TODAY + DAY, number=2)
    assert told(soon, overdue) == ([1], [2], [])


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nobody_is_reminded_of_what_is_done_or_stopped(state):
    assert told(standing(report(TODAY - 200 * DAY, state), due=TODAY - DAY)) == ([], [], [])
