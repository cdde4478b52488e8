"""Deleting what nobody has used: a workshop by who made it, a session by the administration."""

import uuid
from datetime import date

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection
from django.urls import reverse

from measures.again.deleting import delete
from measures.committee.verifying import verify
from measures.demo.build import build_demo
from measures.models import AgendaItem, CarriedNote, Decision, Measure, Session, Task
from tests.databases import filled_by
from tests.deciding import SESSION_DAY, decide
from tests.people import open_door
from workshops.models import Membership, Municipality, Participant, Role, User, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(stranger, signed_in):
    """The browser of somebody who may create workshops."""
    stranger.user_permissions.add(Permission.objects.get(codename="add_workshop"))
    return signed_in(stranger)


@pytest.fixture
def made(maker) -> Workshop:
    """A workshop as its page makes it."""
    sent = {
        "title": "Probe", "date": "2026-09-08", "municipality_1": "Bingen am Rhein",
        "template": "nine", "groups": "Rat",
    }  # fmt: skip
    assert maker.post(reverse("fields:workshop-create"), sent).status_code == 302
    return Workshop.objects.get()


def page(workshop: Workshop) -> str:
    return reverse("measures:workshop-delete", args=[workshop.pk])


def answers(client, workshop: Workshop) -> tuple[int, int]:
    return client.get(page(workshop)).status_code, client.post(page(workshop)).status_code


# A workshop -------------------------------------------------------------------------------------


def test_who_made_a_workshop_deletes_it_with_all_that_was_typed(made, maker):
    field = made.fields.first()
    measure = Measure.objects.create(workshop=made, field=field, title="WLAN")
    measure.title = "WLAN am Hafen"
    measure.save()
    assert maker.get(page(made)).status_code == 200
    assert maker.get(made.get_absolute_url()).context["again"].may_delete
    answer = maker.post(page(made))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert rows() == {}
    assert maker.get(made.get_absolute_url()).status_code == 404


def rows() -> dict[str, int]:
    """Count what is stored of workshops, history included, by the names of the models."""
    stay = {
        "User", "Municipality", "HistoricalMunicipality", "Look", "HistoricalLook", "LegalText",
        "HistoricalLegalText", "Reminder", "User_user_permissions",
    }  # fmt: skip
    models = [
        model
        for app in ("workshops", "fields", "measures")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model.__name__ not in stay and model._meta.managed
    ]
    counts = {model.__name__: model._base_manager.count() for model in models}
    return {name: n for name, n in counts.items() if n}


def _full() -> int:
    build_demo(with_ratings=True, today=date(2026, 11, 30))
    return Workshop.objects.order_by("pk").first().pk


def test_nothing_of_a_whole_workshop_is_left_and_nothing_of_another_is_gone(db):
    """Whatever may be deleted one day: each table that holds something of it is known."""
    first = Workshop.objects.get(pk=filled_by(_full))
    second = Workshop.objects.exclude(pk=first.pk).get()
    measure = first.measures.first()
    open_door(first)
    Task.objects.create(measure=measure, text="Angebot", client_id=uuid.uuid4())
    copy = second.measures.first()
    Measure.objects.filter(pk=copy.pk).update(copied_from=measure)
    CarriedNote.objects.create(
        measure=copy, number=1, workshop_title=first.title, workshop_date=first.date
    )
    measures, decisions = first.measures.count(), Decision.objects.count()
    delete(second)
    assert (Workshop.objects.get(), Measure.objects.count()) == (first, measures)
    assert (verify(first).wrong, Decision.objects.count()) == ([], decisions)
    delete(first)
    connection.check_constraints()
    assert rows() == {}


def test_what_was_copied_from_a_deleted_workshop_forgets_it_and_keeps_its_note(
    workshop, measure, other_workshop, stranger
):
    copy = Measure.objects.create(
        workshop=other_workshop,
        field=other_workshop.fields.create(name="Netz"),
        title="WLAN",
        copied_from=measure,
    )
    CarriedNote.objects.create(
        measure=copy, number=1, workshop_title=workshop.title, workshop_date=workshop.date
    )
    delete(workshop)
    copy.refresh_from_db()
    assert (copy.copied_from, copy.carried_note.workshop_title) == (None, workshop.title)
    assert Workshop.objects.get() == other_workshop


@pytest.mark.parametrize("what", ["person", "participant", "guest", "public", "session", "rating"])
def test_a_workshop_that_was_used_stays(made, maker, facilitator, guest, what):
    field = made.fields.first()
    match what:
        case "person":
            Membership.objects.create(workshop=made, user=facilitator, role=Role.COMMITTEE)
        case "participant":
            Participant.objects.create(workshop=made, name="Tom")
        case "guest":
            made.phase = "collecting"
            made.save(update_fields=["phase"])
            guest(to=made)
        case "public":
            for is_public in (True, False):
                made.is_public = is_public
                made.save(update_fields=["is_public"])
        case "session":
            session = Session.objects.create(workshop=made, committee="Rat", date=SESSION_DAY)
            AgendaItem.objects.create(session=session, field=field)
        case "rating":
            made.rounds.create(number=1, state="closed")
    assert answers(maker, made) == (403, 403)
    assert not maker.get(made.get_absolute_url()).context["again"].may_delete
    assert Workshop.objects.filter(pk=made.pk).exists()


def test_an_empty_session_is_no_use(made, maker):
    Session.objects.create(workshop=made, committee="Rat", date=SESSION_DAY)
    assert answers(maker, made) == (200, 302)


def test_a_facilitator_who_has_not_made_it_deletes_nothing(workshop, facilitator, signed_in):
    assert answers(signed_in(facilitator), workshop) == (403, 403)
    assert User.objects.filter(pk=facilitator.pk).exists()


def test_municipality_and_accounts_stay(made, maker):
    people = User.objects.count()
    maker.post(page(made))
    assert (User.objects.count(), Municipality.objects.count()) == (people, 1)


# A session --------------------------------------------------------------------------------------


@pytest.fixture
def office(administrator, signed_in, at, workshop):
    at("deliberating")
    return signed_in(administrator)


@pytest.fixture
def session(workshop) -> Session:
    return Session.objects.create(workshop=workshop, committee="Rat", date=SESSION_DAY)


def remove(session: Session) -> str:
    return reverse("measures:session-remove", args=[session.workshop_id, session.pk])


def test_an_empty_session_is_deleted_after_a_question(office, workshop, session):
    asked = office.get(remove(session))
    assert (asked.status_code, asked.context["is_used"]) == (200, False)
    assert Session.objects.count() == 1
    answer = office.post(remove(session))
    listed = reverse("measures:session-list", args=[workshop.pk])
    assert (answer.status_code, answer["Location"]) == (302, listed)
    assert Session.objects.count() == 0
    assert Session.history.latest().history_type == "-"


def test_a_session_with_an_agenda_stays(office, session, measure):
    item = AgendaItem.objects.create(session=session, measure=measure)
    answer = office.post(remove(session))
    assert (answer.status_code, answer.context["is_used"]) == (409, True)
    assert office.get(remove(session)).status_code == 200
    item.delete()
    assert office.post(remove(session)).status_code == 302


def test_a_session_that_has_decided_stays_without_an_agenda(office, session, measure):
    decide(session, measure, has_basis=False)
    assert office.post(remove(session)).status_code == 409
    assert Session.objects.get() == session


def test_nobody_but_the_administration_deletes_a_session(
    session, facilitator, committee_member, signed_in, at
):
    at("deliberating")
    for person in (facilitator, committee_member):
        assert signed_in(person).post(remove(session)).status_code == 403
    assert Session.objects.count() == 1
