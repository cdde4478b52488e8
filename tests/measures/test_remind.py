"""Reminding by hand: who would get what, sent once a day, to whom the workshop wants."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fields.models import ActionField
from measures.models import Measure, Reminder, ReportLink, Session, StatusEntry
from tests import deciding
from tests.deciding import in_english
from tests.today import TODAY
from workshops.models import Workshop
from workshops.setup import start_workshop

pytestmark = pytest.mark.usefixtures("one_day")

DAY = timedelta(days=1)
VERA, MONA, OFFICE = "verwaltung@bingen.example", "moderation@bingen.example", "amt@bingen.example"


def decide(measure: Measure, **columns):
    session, _new = Session.objects.get_or_create(
        workshop=measure.workshop, committee="Rat", date=TODAY - 30 * DAY
    )
    columns = {"due_date": TODAY - DAY, "responsible_email": OFFICE} | columns
    return deciding.decide(session, measure, has_basis=False, at=timezone.now(), **columns)


@pytest.fixture
def late(workshop, measure, at) -> Measure:
    """M1 is overdue since yesterday; the office is to do it."""
    at("deliberating")
    decide(measure)
    return measure


@pytest.fixture
def vera(administrator, signed_in) -> Client:
    return in_english(signed_in(administrator))


def page(workshop: Workshop) -> str:
    return reverse("measures:remind", args=[workshop.pk])


def send(client: Client, workshop: Workshop, seen: str | None = None):
    if seen is None:
        seen = client.get(page(workshop)).context["preview"].seen
    return client.post(page(workshop), {"seen": seen}, follow=True)


def said(response) -> list[str]:
    return [str(each) for each in response.context["messages"]]


def recipients() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


# The preview --------------------------------------------------------------------------------------


def test_the_page_shows_who_would_get_which_text_and_sends_nothing(vera, workshop, late):
    preview = vera.get(page(workshop)).context["preview"]
    found = [(each.recipient, each.is_office, each.count) for each in preview.drafts]
    assert found == [(OFFICE, True, 1), (MONA, False, 1), (VERA, False, 1)]
    assert [each.subject for each in preview.drafts] == [
        "Digital-Werkstatt: 1 Maßnahme überfällig"
    ] * 3
    assert (mail.outbox, Reminder.objects.count(), ReportLink.objects.count()) == ([], 0, 0)


def test_what_is_sent_is_what_was_shown_with_a_link_in_place(vera, workshop, late):
    preview = vera.get(page(workshop)).context["preview"]
    send(vera, workshop)
    sent = {each.to[0]: re.sub(r"/report/[^/]+/", "/report/…/", each.body) for each in mail.outbox}
    assert sent == {each.recipient: each.text for each in preview.drafts}


def test_the_office_s_mail_brings_a_link_that_opens_its_measure(vera, workshop, late):
    send(vera, workshop)
    bodies = {each.to[0]: each.body for each in mail.outbox}
    [path] = re.findall(r"http://testserver(/report/\S+)", bodies[OFFICE])
    assert Client().get(path).context["task"].measure == late
    assert [re.findall("/report/", bodies[each]) for each in (MONA, VERA)] == [[], []]


def test_an_office_whose_address_is_missing_is_named(vera, workshop, measure, measure_two, at):
    at("deliberating")
    decide(measure, responsible="Bauamt", responsible_email="")
    decide(measure_two, responsible="Kulturamt")
    response = vera.get(page(workshop))
    assert response.context["without_address"] == ["Bauamt"]
    assert "the decision names no address: Bauamt" in response.content.decode()
    Workshop.objects.update(reminds_responsible=False)
    assert vera.get(page(workshop)).context["without_address"] == []


def test_nothing_to_remind_is_said(vera, workshop, measure, at):
    at("deliberating")
    assert "Nobody to remind" in vera.get(page(workshop)).content.decode()


def test_what_has_changed_since_it_was_shown_is_shown_once_more(vera, workshop, late, measure_two):
    seen = vera.get(page(workshop)).context["preview"].seen
    decide(measure_two)
    response = send(vera, workshop, seen)
    assert (response.status_code, mail.outbox) == (409, [])
    assert send(vera, workshop).status_code == 200
    assert recipients() == [OFFICE, MONA, VERA]


# Once a day ---------------------------------------------------------------------------------------


def test_the_page_says_how_many_went_out_and_a_second_click_sends_nothing(vera, workshop, late):
    seen = vera.get(page(workshop)).context["preview"].seen
    assert said(send(vera, workshop, seen)) == ["3 mails were sent."]
    response = send(vera, workshop, seen)
    assert said(response) == ["Everybody has been reminded today already."]
    assert (len(mail.outbox), response.context["preview"].told) == (3, (OFFICE, MONA, VERA))


def test_the_nightly_run_sends_nobody_a_second_mail_of_the_workshop(vera, workshop, late):
    send(vera, workshop)
    call_command("send_reminders", date=TODAY)
    assert len(mail.outbox) == 3
    call_command("send_reminders", date=TODAY + DAY)
    assert len(mail.outbox) == 6


def test_the_nightly_run_still_tells_of_the_other_workshops(vera, workshop, late, facilitator):
    other = Workshop(title="Zweite", date=date(2024, 1, 1), phase="closed")
    start_workshop(other, by=facilitator, municipalities=["Anderswo"], groups=["Rat"])
    field = ActionField.objects.create(workshop=other, name="Tourismus")
    decide(Measure.objects.create(workshop=other, field=field, title="Bad"))
    send(vera, workshop)
    assert [letter.body.count("\n* ") for letter in mail.outbox] == [1, 1, 1]
    mail.outbox.clear()
    call_command("send_reminders", date=TODAY)
    told = {letter.to[0]: re.findall(r"^\* (.*)$", letter.body, re.M) for letter in mail.outbox}
    assert told == {OFFICE: ["M1 Bad (Zweite)"], MONA: ["M1 Bad (Zweite)"]}


def test_after_the_night_there_is_nothing_left_to_send(vera, workshop, late):
    call_command("send_reminders", date=TODAY)
    assert vera.get(page(workshop)).context["preview"].drafts == ()


def test_an_address_that_fails_is_named_and_tried_again(vera, workshop, late, monkeypatch):
    deliver = EmailMessage.send

    def fail(self, *args, **kwargs):
        if self.to == [OFFICE]:
            raise ValueError("bad")
        return deliver(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", fail)
    assert said(send(vera, workshop)) == [
        f"2 mails were sent. These addresses could not be reached: {OFFICE}."
    ]
    monkeypatch.undo()
    send(vera, workshop)
    assert recipients() == [OFFICE, MONA, VERA]


def test_a_mail_server_that_is_away_is_not_waited_for_again_and_again(
    vera, workshop, late, monkeypatch
):
    tries = []

    def away(self, *args, **kwargs):
        tries.append(self.to[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", away)
    assert said(send(vera, workshop))[-1] == (
        "The mail server does not answer; please try again later."
    )
    assert (tries, Reminder.objects.count()) == ([OFFICE, MONA], 0)


# Whom ---------------------------------------------------------------------------------------------


def choose(client: Client, workshop: Workshop, *names: str, seen: str | None = None):
    if seen is None:
        seen = client.get(page(workshop)).context["form"].now
    sent = {f"reminds_{name}": "on" for name in names} | {"seen": seen}
    return client.post(reverse("measures:remind-whom", args=[workshop.pk]), sent)


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (("administration",), [VERA]),
        (("responsible",), [OFFICE]),
        (("facilitators",), [MONA]),
        (("administration", "responsible"), [OFFICE, VERA]),
        ((), []),
    ],
)
def test_a_workshop_chooses_whom_the_mails_reach_by_night_and_by_hand(
    vera, workshop, late, chosen, told
):
    assert choose(vera, workshop, *chosen).status_code == 302
    drafts = vera.get(page(workshop)).context["preview"].drafts
    call_command("send_reminders", date=TODAY)
    assert ([each.recipient for each in drafts], recipients()) == (told, told)


def test_an_office_that_is_not_reminded_as_such_gets_no_link(vera, workshop, measure, at):
    at("deliberating")
    decide(measure, responsible_email=VERA)
    choose(vera, workshop, "administration")
    send(vera, workshop)
    assert [letter.body.count("/report/") for letter in mail.outbox] == [0]


def test_a_choice_made_at_the_same_moment_is_shown_first(vera, workshop, late):
    seen = vera.get(page(workshop)).context["form"].now
    choose(vera, workshop, "administration", seen=seen)
    late_one = choose(vera, workshop, "facilitators", seen=seen)
    assert late_one.status_code == 409
    assert Workshop.objects.get(pk=workshop.pk).reminds_facilitators is False
    again = choose(vera, workshop, "facilitators", seen=late_one.context["form"].now)
    assert again.status_code == 302
    assert Workshop.objects.get(pk=workshop.pk).reminds_facilitators is True


def test_the_choice_is_no_new_version_of_the_settings(vera, workshop, late):
    choose(vera, workshop)
    assert Workshop.objects.get(pk=workshop.pk).version == workshop.version


def test_the_number_of_queries_does_not_grow(
    vera, workshop, measure, measure_two, at, django_assert_num_queries
):
    at("deliberating")
    third = Measure.objects.create(workshop=workshop, field=measure.field, title="Kino")
    for count, each in enumerate((measure, measure_two, third), start=1):
        decide(each, responsible_email=f"amt{count}@bingen.example")
        StatusEntry.objects.create(
            measure=each, date=TODAY, state="running", sentence="x", client_id=uuid.uuid4()
        )
        if count in (1, 3):
            with django_assert_num_queries(12):
                assert len(vera.get(page(workshop)).context["preview"].drafts) == 2 + count
