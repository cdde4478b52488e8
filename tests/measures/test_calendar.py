"""The calendar address of a workshop: who makes it, what it shows, and to whom it leads nowhere."""

import uuid
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from measures.calendar.address import renew
from measures.models import CalendarAddress, Measure, Session, StatusEntry, Task
from tests.deciding import decide, hold, release
from tests.today import TODAY
from workshops.models import Workshop, mark_changed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_day")]

DAY = timedelta(days=1)
MEETING = TODAY - 30 * DAY


def page(workshop: Workshop) -> str:
    return reverse("measures:calendar-address", args=[workshop.pk])


@pytest.fixture
def address(workshop, facilitator) -> str:
    return reverse("measures:calendar-file", args=[renew(workshop, facilitator)])


def days(response) -> list[tuple[str, str]]:
    """Return day and words of each entry, folding undone."""
    text = response.content.decode().replace("\r\n ", "")
    lines = [line.partition(":") for line in text.split("\r\n")]
    found = [value for name, _, value in lines if name in ("DTSTART;VALUE=DATE", "SUMMARY")]
    return [*zip(found[::2], found[1::2], strict=True)]


def at_day(day: date) -> str:
    return f"{day:%Y%m%d}"


def report(measure: Measure, **more) -> None:
    told = {"state": "running", "sentence": "Läuft.", "date": TODAY} | more
    StatusEntry.objects.create(measure=measure, client_id=uuid.uuid4(), **told)


def task(measure: Measure, text: str, **more) -> Task:
    return Task.objects.create(measure=measure, text=text, client_id=uuid.uuid4(), **more)


# The address ------------------------------------------------------------------------------------


def test_editors_make_an_address_which_is_shown_once(workshop, editor, facilitator, client):
    made = editor.post(page(workshop), {"do": "renew"})
    address = made.context["address"]
    assert made.status_code == 200
    assert address.startswith("http://testserver/calendar/")
    # Without any referrer the forms of the page would come from nowhere, and be refused.
    assert (made["Cache-Control"], made["Referrer-Policy"]) == ("no-store", "same-origin")
    secret = address.removeprefix("http://testserver/calendar/").removesuffix(".ics")
    stored = CalendarAddress.objects.get()
    assert (stored.by, secret in stored.secret_hash) == (facilitator, False)
    again = editor.get(page(workshop))
    assert (again.context["address"], secret in again.content.decode()) == ("", False)
    assert client.get(address).status_code == 200


def test_a_new_address_ends_the_one_before(workshop, editor, client):
    first, second = (
        editor.post(page(workshop), {"do": "renew"}).context["address"] for _time in range(2)
    )
    assert [client.get(each).status_code for each in (first, second)] == [404, 200]
    assert CalendarAddress.objects.count() == 1


def test_an_address_is_ended(workshop, editor, client, address):
    assert editor.post(page(workshop), {"do": "revoke"}).status_code == 302
    assert (client.get(address).status_code, CalendarAddress.objects.count()) == (404, 0)
    assert editor.post(page(workshop), {"do": "revoke"}).status_code == 302


def test_that_of_an_archived_workshop_is_ended_and_not_renewed(workshop, editor, client, address):
    Workshop.objects.filter(pk=workshop.pk).update(archived_at=timezone.now())
    assert client.get(address).status_code == 200
    assert editor.post(page(workshop), {"do": "renew"}).status_code == 403
    text = editor.get(page(workshop)).content.decode()
    assert ('value="renew"' in text, 'value="revoke"' in text) == (False, True)
    assert editor.post(page(workshop), {"do": "revoke"}).status_code == 302
    assert client.get(address).status_code == 404
    assert 'value="revoke"' not in editor.get(page(workshop)).content.decode()


def test_nobody_else_makes_or_ends_one(
    workshop, address, committee_member, participant, stranger, signed_in
):
    for person, status in ((committee_member, 403), (participant, 403), (stranger, 404)):
        answers = [
            signed_in(person).post(page(workshop), {"do": each}).status_code
            for each in ("renew", "revoke")
        ]
        assert answers == [status, status]
    assert CalendarAddress.objects.count() == 1


def test_an_unknown_address_leads_nowhere(client, address):
    assert client.get(reverse("measures:calendar-file", args=["x" * 43])).status_code == 404


def test_it_is_the_same_for_everybody_and_sets_no_cookie(address, stranger, signed_in):
    for client in (Client(), signed_in(stranger)):
        answer = client.get(address)
        assert answer.cookies == {}
        assert {
            name: answer[name]
            for name in ("Content-Type", "Cache-Control", "Referrer-Policy", "X-Robots-Tag")
        } == {
            "Content-Type": "text/calendar; charset=utf-8",
            "Cache-Control": "private, no-cache",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
        }


# What it shows ----------------------------------------------------------------------------------


def test_sessions_stand_there_with_committee_and_place_once_members_see_them(
    workshop, address, client, at
):
    session = Session.objects.create(
        workshop=workshop, committee="Digitalausschuss", date=TODAY + DAY, place="Rheinsaal"
    )
    assert days(client.get(address)) == []
    at("deliberating")
    answer = client.get(address)
    assert days(answer) == [(at_day(TODAY + DAY), "Digitalausschuss")]
    text = answer.content.decode()
    assert (f"UID:session-{session.uuid}" in text, "LOCATION:Rheinsaal" in text) == (True, True)
    assert f"URL:http://testserver{session.get_absolute_url()}" in text.replace("\r\n ", "")


def test_a_due_date_stands_there_once_its_decision_is_published(
    workshop, measure, address, client, at
):
    at("deliberating")
    session = hold(workshop, measure, date=MEETING)
    decision = decide(session, measure, due_date=TODAY + DAY, is_published=False, has_basis=False)
    meeting = (at_day(MEETING), "Digitalausschuss")
    assert days(client.get(address)) == [meeting]
    release(decision, timezone.now())
    assert days(client.get(address)) == [meeting, (at_day(TODAY + DAY), "Frist: M1 WLAN")]


def test_the_next_date_of_a_report_takes_its_place_and_what_is_done_has_none(
    workshop, measure, address, client, at
):
    at("deliberating")
    decide(
        hold(workshop, measure, date=MEETING),
        measure,
        due_date=TODAY + DAY,
        at=timezone.now(),
        has_basis=False,
    )
    report(measure, next_due=TODAY + 5 * DAY)
    assert days(client.get(address))[1:] == [(at_day(TODAY + 5 * DAY), "Nächste Frist: M1 WLAN")]
    report(measure, state="done")
    assert days(client.get(address))[1:] == []


def test_open_tasks_with_a_day_stand_there_with_their_office(
    workshop, measure, measure_two, address, client, at
):
    at("deliberating")
    task(measure, "Angebote, drei", due_date=TODAY, office="Hauptamt")
    task(measure, "Fertig", due_date=TODAY, done_on=TODAY)
    task(measure, "Irgendwann")
    task(measure_two, "Weg", due_date=TODAY)
    Measure.objects.filter(pk=measure_two.pk).update(is_removed=True)
    assert days(client.get(address)) == [
        (at_day(TODAY), "Aufgabe (M1): Angebote\\, drei – Hauptamt")
    ]


def test_it_is_told_in_the_language_of_the_installation(workshop, measure, address, at):
    at("deliberating")
    report(measure, next_due=TODAY)
    answer = Client(headers={"Accept-Language": "en"}).get(address)
    assert days(answer) == [(at_day(TODAY), "Nächste Frist: M1 WLAN")]


# Asked again ------------------------------------------------------------------------------------


def test_unchanged_dates_are_not_sent_again(workshop, address, client, django_assert_num_queries):
    etag = client.get(address)["ETag"]
    with django_assert_num_queries(1):
        same = client.get(address, headers={"If-None-Match": etag})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)
    mark_changed(workshop.pk)
    other = client.get(address, headers={"If-None-Match": etag})
    assert (other.status_code, other["ETag"] != etag) == (200, True)


def test_the_mark_tells_no_number(workshop, address, client):
    assert str(workshop.revision.number) != client.get(address)["ETag"].strip('"')
    assert len(client.get(address)["ETag"]) == 34


def test_one_date_and_three_ask_as_many_queries(
    workshop, measure, address, client, at, django_assert_num_queries
):
    at("deliberating")
    for number in range(3):
        task(measure, "Angebot", due_date=TODAY)
        report(measure, next_due=TODAY)
        Session.objects.create(workshop=workshop, committee=f"Rat {number}", date=TODAY)
        with django_assert_num_queries(8):
            assert len(days(client.get(address))) == 3 + 2 * number
