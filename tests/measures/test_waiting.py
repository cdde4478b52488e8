"""The clerk's start page: what waits in all her workshops, with the step to take."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fields.models import ActionField
from measures.models import AgendaItem, Measure, Remark, Session, StatusEntry
from tests import deciding
from tests.deciding import hold, in_english
from tests.today import TODAY
from workshops.models import Deletion, Membership, Role, User, Workshop
from workshops.setup import start_workshop

pytestmark = pytest.mark.usefixtures("one_day")

DAY = timedelta(days=1)
HOME = reverse("home")


def decide(measure: Measure, outcome: str = "accepted", *, days_ago: int = 10, **columns):
    session, _new = Session.objects.get_or_create(
        workshop=measure.workshop, committee="Rat", date=TODAY - days_ago * DAY
    )
    return deciding.decide(
        session, measure, outcome=outcome, has_basis=False, at=timezone.now(), **columns
    )


def report(measure: Measure, state: str = "running", *, days_ago: int = 0, **columns) -> None:
    StatusEntry.objects.create(
        measure=measure, date=TODAY - days_ago * DAY, state=state, sentence="Läuft.",
        client_id=uuid.uuid4(), **columns,
    )  # fmt: skip


def ask(measure: Measure, kind: str = "question", text: str = "Wer zahlt?") -> Remark:
    return Remark.objects.create(measure=measure, kind=kind, text=text, client_id=uuid.uuid4())


@pytest.fixture
def start(workshop, measure, administrator, signed_in, at):
    """Return a function that opens Vera's start page, her workshop in deliberation."""
    at("deliberating")
    client = in_english(signed_in(administrator))
    return lambda **query: client.get(HOME, query).context["waiting"]


def told(waiting) -> dict[str, list[tuple[str, str]]]:
    """Return by kind what its lines are about and how they stand."""
    return {
        kind.name: [(line.subject, line.detail) for line in kind.lines] for kind in waiting.kinds
    }


def steps(waiting) -> list[str]:
    return [line.url for kind in waiting.kinds for line in kind.lines]


def day(value: date) -> str:
    return f"{value:%m/%d/%Y}"


def test_nothing_waits_is_said(start, administrator, signed_in):
    waiting = start()
    assert (told(waiting), waiting.count) == ({}, 0)
    page = signed_in(administrator).get(HOME).content.decode()
    assert "Es wartet nichts: Beschlüsse sind veröffentlicht" in page


def test_only_whoever_administers_is_told(
    workshop, measure, administrator, facilitator, committee_member, participant, signed_in, at
):
    at("deliberating")
    decide(measure, due_date=TODAY - DAY)
    people = (facilitator, committee_member, participant)
    found = [signed_in(each).get(HOME).context["waiting"] for each in people]
    assert found == [None, None, None]


def test_what_is_overdue_comes_with_the_form_to_report(start, workshop, measure, measure_two):
    decide(measure, due_date=TODAY - DAY)
    decide(measure_two, due_date=TODAY - 3 * DAY)
    waiting = start()
    assert told(waiting) == {
        "overdue": [("M2 Bus", "overdue by 3 days"), ("M1 WLAN", "overdue by 1 day")]
    }
    page = reverse("measures:status-add", args=[workshop.pk, 2])
    assert steps(waiting)[0] == f"{page}?from=waiting"
    ways = [way.url for way in waiting.kinds[0].ways]
    table = reverse("measures:status-table", args=[workshop.pk])
    assert ways == [reverse("measures:remind", args=[workshop.pk]), f"{table}?which=overdue"]


def test_a_decision_that_is_not_published_waits_with_its_session(start, measure, measure_two):
    decide(measure, is_published=False, due_date=TODAY - DAY)
    last = decide(measure_two, is_published=False)
    waiting = start()
    assert [*told(waiting)] == ["unpublished"]
    assert [line[1] for line in told(waiting)["unpublished"]] == ["2 decisions"]
    assert steps(waiting) == [f"{last.session.get_absolute_url()}?from=waiting"]


def test_what_nobody_can_publish_yet_or_is_put_away_does_not_wait(start, workshop, measure):
    decide(measure, days_ago=-3, is_published=False)
    assert "unpublished" not in told(start())
    Session.objects.update(date=TODAY)
    assert "unpublished" in told(start())
    Workshop.objects.update(archived_at=timezone.now())
    assert told(start()) == {}


def test_a_deferral_waits_from_its_day_on_until_the_measure_comes_up_again(
    start, workshop, measure, measure_two
):
    decide(measure, "deferred", deferred_until=TODAY)
    decide(measure_two, "deferred", deferred_until=TODAY + DAY)
    waiting = start()
    assert [line[0] for line in told(waiting)["deferred"]] == ["M1 WLAN"]
    assert steps(waiting) == [reverse("measures:session-add", args=[workshop.pk])]
    ahead = hold(workshop, measure_two, date=TODAY + 7 * DAY)
    assert steps(start()) == [f"{ahead.get_absolute_url()}#compose"]
    AgendaItem.objects.create(session=ahead, measure=measure)
    assert told(start()) == {}


def test_a_session_of_the_next_sixty_days_without_an_agenda_waits(start, workshop, measure):
    for days in (0, 60, 61):
        hold(workshop, date=TODAY + days * DAY)
    hold(workshop, measure, date=TODAY + DAY)
    waiting = start()
    assert [line[1] for line in told(waiting)["agenda"]] == ["today", "in 60 days"]
    assert [url.partition("#")[2] for url in steps(waiting)] == ["compose", "compose"]


def test_after_its_day_a_session_waits_for_what_it_did_not_decide(
    start, workshop, measure, measure_two
):
    field = measure.field
    session = hold(workshop, date=TODAY - DAY)
    AgendaItem.objects.create(session=session, field=field)
    assert [line[1] for line in told(start())["undecided"]] == ["2 items undecided"]
    deciding.decide(session, measure, has_basis=False, outcome="rejected")
    assert [line[1] for line in told(start())["undecided"]] == ["1 item undecided"]
    hold(workshop, measure_two, date=TODAY + DAY)
    assert told(start()) == {}


def test_a_session_of_today_is_not_over_yet(start, workshop, measure):
    hold(workshop, measure, date=TODAY)
    assert told(start()) == {}


def test_questions_come_before_remarks_and_closed_ones_are_gone(start, measure, measure_two):
    ask(measure, "remark", "Schön.")
    question = ask(measure_two)
    Remark.objects.filter(pk=ask(measure, text="Alt?").pk).update(is_closed=True)
    waiting = start()
    assert told(waiting) == {"remarks": [("M2: Wer zahlt?", "Question"), ("M1: Schön.", "Remark")]}
    page = reverse("measures:remark-answer", args=[measure.workshop_id, question.pk])
    assert steps(waiting)[0] == f"{page}?from=waiting"


def test_without_a_report_waits_what_is_accepted_and_published(start, measure, measure_two):
    field = measure.field
    third, fourth, fifth = (
        Measure.objects.create(workshop=measure.workshop, field=field, title=title)
        for title in ("Kino", "Bad", "Hafen")
    )
    decide(measure, days_ago=120)
    report(measure, days_ago=90)
    decide(measure_two)
    decide(third, days_ago=120)
    report(third, days_ago=89)
    decide(fourth, days_ago=120)
    report(fourth, "done", days_ago=100)
    decide(fifth, "rejected")
    assert told(start()) == {
        "silent": [
            ("M1 WLAN", "no news for 90 days"),
            ("M2 Bus", f"no report since the decision of {day(TODAY - 10 * DAY)}"),
        ]
    }


def test_the_most_urgent_kind_stands_first(start, workshop, measure, measure_two):
    ask(measure_two)
    decide(measure, due_date=TODAY - DAY)
    hold(workshop, date=TODAY + DAY)
    decide(measure_two, is_published=False)
    assert [*told(start())] == ["overdue", "unpublished", "agenda", "remarks"]


def test_the_page_shows_three_of_a_kind_and_all_where_somebody_asks(start, measure):
    for number in range(5):
        ask(measure, text=f"Frage {number}?")
    [kind] = start().kinds
    assert (len(kind.lines), len(kind.shown), kind.is_cut) == (5, 3, True)
    waiting = start(waiting="remarks")
    assert (waiting.chosen, len(waiting.kinds[0].shown)) == ("remarks", 5)
    assert start(waiting="nonsense").chosen == ""


@pytest.mark.parametrize("phase", ["preparing", "collecting", "rating"])
def test_nothing_waits_while_nobody_can_take_the_step(start, measure, at, phase):
    decide(measure, due_date=TODAY - DAY)
    ask(measure)
    at(phase)
    assert told(start()) == {}


def test_a_merged_measure_waits_once_and_a_removed_one_not_at_all(start, measure, measure_two):
    decide(measure, "deferred", deferred_until=TODAY - DAY)
    measure.merge_into(measure_two)
    assert [line[0] for line in told(start())["deferred"]] == ["M2 Bus"]
    Measure.objects.filter(pk=measure_two.pk).update(is_removed=True)
    assert told(start()) == {}


# What is done goes away -------------------------------------------------------------------------

LIST = f"{HOME}#waiting"


def sent_back(client, line: str, **typed) -> str:
    """Open the step of a line, send its form with what is typed, return where that leads."""
    form = client.get(line).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    return client.post(line, shown | typed)["Location"]


def test_a_question_goes_away_as_soon_as_it_is_answered(start, measure, administrator, signed_in):
    ask(measure)
    [line] = steps(start())
    assert sent_back(signed_in(administrator), line, answer="Das Land.") == LIST
    assert told(start()) == {}


def test_a_measure_goes_away_as_soon_as_somebody_reports_on_it(
    start, measure, measure_two, administrator, signed_in
):
    decide(measure, due_date=TODAY - DAY)
    decide(measure_two)
    assert [*told(start())] == ["overdue", "silent"]
    client, report_on = signed_in(administrator), {"state": "running", "sentence": "Läuft."}
    for line in steps(start()):
        assert f'action="{line}"' in client.get(line).content.decode()
        assert sent_back(client, line, **report_on) == LIST
    assert told(start()) == {}


def test_what_was_reported_on_after_its_day_waits_again_after_silence(start, measure):
    decide(measure, days_ago=200, due_date=TODAY - 120 * DAY)
    report(measure, days_ago=89)
    assert told(start()) == {}
    StatusEntry.objects.all().delete()
    report(measure, days_ago=90)
    assert told(start()) == {"silent": [("M1 WLAN", "no news for 90 days")]}


def test_decisions_go_away_as_soon_as_they_are_published(start, measure, administrator, signed_in):
    decide(measure, "rejected", is_published=False)
    [line] = steps(start())
    client = signed_in(administrator)
    page = client.get(line)
    session = page.context["session"]
    action = reverse("measures:session-publish", args=[session.workshop_id, session.pk])
    assert f'action="{action}?from=waiting"' in page.content.decode()
    answer = client.post(f"{action}?from=waiting", {"seen": page.context["pending_seen"]})
    assert answer["Location"] == LIST
    assert told(start()) == {}


def test_a_deferral_and_an_empty_agenda_go_away_with_the_item_put_there(
    start, workshop, measure, administrator, signed_in
):
    decide(measure, "deferred", deferred_until=TODAY)
    session = hold(workshop, date=TODAY + DAY)
    assert [*told(start())] == ["deferred", "agenda"]
    page = reverse("measures:agenda-add", args=[workshop.pk, session.pk])
    signed_in(administrator).post(page, {"measures": [measure.pk]})
    assert told(start()) == {}


def test_a_deferral_goes_away_for_a_session_however_far_ahead(start, workshop, measure):
    decide(measure, "deferred", deferred_until=TODAY)
    far = hold(workshop, date=TODAY + 90 * DAY)
    assert steps(start()) == [f"{far.get_absolute_url()}#compose"]
    AgendaItem.objects.create(session=far, measure=measure)
    assert told(start()) == {}


def test_an_undecided_item_goes_away_as_soon_as_its_decision_is_recorded(start, workshop, measure):
    session = hold(workshop, measure, date=TODAY - DAY)
    assert [*told(start())] == ["undecided"]
    deciding.decide(session, measure, outcome="rejected", has_basis=False, is_published=False)
    assert [*told(start())] == ["unpublished"]


def test_who_comes_from_elsewhere_stays_there(start, workshop, measure, administrator, signed_in):
    decide(measure)
    client = signed_in(administrator)
    line = reverse("measures:status-add", args=[workshop.pk, 1])
    report_on = {"state": "running", "sentence": "Läuft."}
    assert sent_back(client, line, **report_on) == f"{measure.get_absolute_url()}#status"


def another(administrator: User, facilitator: User, title: str) -> Workshop:
    """Return a workshop of Vera's in which one of everything waits."""
    room = Workshop(title=title, date=date(2024, 1, 1))
    start_workshop(room, by=facilitator, municipalities=["Anderswo"], groups=["Rat"])
    room.phase = "closed"
    room.save(update_fields=["phase"])
    Membership.objects.create(workshop=room, user=administrator, role=Role.ADMINISTRATION)
    field = ActionField.objects.create(workshop=room, name="Tourismus")
    late, deferred, silent, pending = (
        Measure.objects.create(workshop=room, field=field, title=title) for title in "abcd"
    )
    decide(late, due_date=TODAY - DAY)
    report(late, next_due=TODAY - DAY, days_ago=5)
    decide(deferred, "deferred", deferred_until=TODAY - DAY)
    decide(silent)
    decide(pending, is_published=False)
    hold(room, date=TODAY + 9 * DAY)
    AgendaItem.objects.create(session=hold(room, date=TODAY - DAY), field=field)
    ask(late)
    return room


def test_lines_of_several_workshops_name_theirs_and_cost_no_query_more(
    workshop, administrator, facilitator, signed_in, at, django_assert_num_queries
):
    at("deliberating")
    another(administrator, facilitator, "Erste")
    client = signed_in(administrator)
    with django_assert_num_queries(22):
        waiting = client.get(HOME).context["waiting"]
    assert (waiting.several, waiting.count) == (False, 7)
    for title in ("Zweite", "Dritte"):
        another(administrator, facilitator, title)
    with django_assert_num_queries(22):
        waiting = client.get(HOME).context["waiting"]
    assert (waiting.several, waiting.count) == (True, 21)


def test_a_step_for_many_lines_is_named_once_above_its_workshops(administrator, facilitator, start):
    for title in ("Erste", "Zweite"):
        another(administrator, facilitator, title)
    ways = start().kinds[0].ways
    assert [(way.label, way.place) for way in ways] == [
        ("Remind now", "Erste"),
        ("Remind now", "Zweite"),
        ("Report on many", "Erste"),
        ("Report on many", "Zweite"),
    ]


def test_the_clerk_of_one_workshop_reads_nothing_of_another(
    workshop, administrator, facilitator, stranger, signed_in, at
):
    at("deliberating")
    another(stranger, facilitator, "Fremd")
    Membership.objects.create(
        workshop=Workshop.objects.get(title="Fremd"), user=administrator, role=Role.COMMITTEE
    )
    assert told(signed_in(administrator).get(HOME).context["waiting"]) == {}


def test_a_search_further_pages_and_the_archive_show_workshops_alone(start):
    assert [start(q="Bingen"), start(archived="1"), start(page="1") is None] == [None, None, False]


def test_a_deletion_that_somebody_asked_for_waits_for_the_others(
    workshop, administrator, start, at
):
    at("closed")
    Workshop.objects.filter(pk=workshop.pk).update(archived_at=timezone.now())
    row = Deletion.objects.create(
        workshop=workshop, title=workshop.title, date=workshop.date, reason="Frist",
        asked_by=administrator, asked_at=timezone.now(),
    )  # fmt: skip
    day = TODAY + 7 * DAY
    waiting = start()
    assert told(waiting) == {
        "deletions": [(workshop.title, f"can be confirmed from {day:%m/%d/%Y} on")]
    }
    assert steps(waiting) == [reverse("measures:workshop-deletion", args=[workshop.pk])]
    row.delete()
    assert told(start()) == {}
