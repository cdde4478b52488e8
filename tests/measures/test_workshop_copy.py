"""A workshop begun again for another year: what comes along, what stays, and once."""

import uuid
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fields.models import ActionField, Goal
from measures.models import (
    CarriedNote,
    Consensus,
    Decision,
    Measure,
    Remark,
    Session,
    StatusEntry,
)
from tests.deciding import decide, hold
from tests.rating import save_rating
from tests.today import TODAY
from workshops.models import Ballot, Membership, Participant, Role, User, Workshop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_day")]

TITLE, DAY = "Digital-Werkstatt Bingen, zweites Mal", date(2027, 9, 8)


@pytest.fixture
def creator(facilitator) -> User:
    """The facilitator, who may create workshops."""
    permission = Permission.objects.get(codename="add_workshop")
    facilitator.user_permissions.add(permission)
    return facilitator


@pytest.fixture
def desk(signed_in, creator):
    return signed_in(creator)


def place(workshop: Workshop) -> str:
    return reverse("measures:workshop-copy", args=[workshop.pk])


def sent(*measures: Measure, **changes) -> dict:
    """What the form sends with these measures ticked."""
    told = {"title": TITLE, "date": str(DAY), "client_id": str(uuid.uuid4())}
    return told | {"measures": [each.pk for each in measures]} | changes


def report(measure: Measure, state: str = "running", sentence: str = "Läuft.", **more):
    return StatusEntry.objects.create(
        measure=measure, date=TODAY, state=state, sentence=sentence, client_id=uuid.uuid4(), **more
    )


def ticked(response) -> list[str]:
    lines = [line for _name, some in response.context["form"].by_field() for line in some]
    return [line.candidate.measure.title for line in lines if line.is_ticked]


def the_copy() -> Workshop:
    return Workshop.objects.get(title=TITLE)


# What comes along -------------------------------------------------------------------------------


def test_settings_fields_goals_groups_and_scale_come_along(
    desk, workshop, goal, measure, creator, at
):
    workshop.relevance_weight, workshop.place = 70, "Rheinsaal"
    workshop.measures_per_person, workshop.name_start = 12, "Sofort"
    workshop.save()
    step = workshop.scale_steps.get(criterion="relevance", step=1)
    step.label = "egal"
    step.save()
    ActionField.objects.create(workshop=workshop, name="Energie", order=3, is_worked_on=False)
    ActionField.objects.create(workshop=workshop, name="Gestrichen", order=4, is_removed=True)
    Goal.objects.create(field=goal.field, text="Weg damit", is_removed=True)
    answer = desk.post(place(workshop), sent(measure))
    new = the_copy()
    assert (answer.status_code, answer["Location"]) == (302, new.get_absolute_url())
    assert (new.date, new.phase, new.place, new.relevance_weight, new.measures_per_person) == (
        DAY, "preparing", "Rheinsaal", 70, 12,
    )  # fmt: skip
    assert (new.name_start, new.is_public, new.room_code) == ("Sofort", False, None)
    fields = [*new.fields.values_list("name", "is_worked_on")]
    assert fields == [("Alltagsleben", True), ("Tourismus", True), ("Energie", False)]
    assert [*Goal.objects.in_workshop(new).values_list("field__name", "text")] == [
        ("Alltagsleben", "Alle kommen ins Netz")
    ]
    assert [*new.groups.values_list("name", flat=True)] == ["Rat", "Verwaltung"]
    assert [str(each) for each in new.municipalities.all()] == ["Bingen am Rhein"]
    assert new.scale_steps.count() == 10
    assert new.scale_steps.get(criterion="relevance", step=1).label == "egal"
    people = [*new.memberships.values_list("user", "role")]
    assert people == [(creator.pk, Role.FACILITATOR)]


def test_chosen_measures_come_along_numbered_anew_and_know_where_from(
    desk, workshop, measure, measure_two, goal
):
    measure_two.description, measure_two.lead = "Alle zehn Minuten", "Stadtwerke"
    measure_two.time_horizon, measure_two.short_title = "long", "Bus"
    measure_two.save()
    desk.post(place(workshop), sent(measure_two))
    [copy] = Measure.objects.in_workshop(the_copy())
    assert (copy.number, copy.title, copy.description, copy.lead, copy.time_horizon) == (
        1, "Bus", "Alle zehn Minuten", "Stadtwerke", "long",
    )  # fmt: skip
    assert (copy.copied_from, copy.field.name, copy.goal.text, copy.version) == (
        measure_two, "Alltagsleben", goal.text, 1,
    )  # fmt: skip
    assert copy.field.workshop == copy.goal.field.workshop == copy.workshop == the_copy()
    assert copy.client_id != measure_two.client_id
    assert copy.history.get().history_user == Membership.objects.get(workshop=the_copy()).user


def test_people_ratings_decisions_and_reports_stay(
    desk, workshop, measure, participant, ballots, at
):
    at("deliberating")
    for ballot in ballots(3, group="Rat"):
        save_rating(ballot, measure, relevance=5, feasibility=4)
    decide(hold(workshop, measure), measure)
    report(measure)
    counted = (Ballot, Participant, Session, Decision, StatusEntry, Remark, Consensus)
    before = {model: model.objects.count() for model in counted}
    desk.post(place(workshop), sent(measure))
    assert {model: model.objects.count() for model in counted} == before
    new = the_copy()
    assert (new.has_results, new.has_record, new.has_ratings()) == (False, False, False)


def test_the_last_report_comes_along_as_a_note_and_not_as_a_report(
    desk, workshop, measure, measure_two, at, signed_in, creator
):
    at("deliberating")
    report(measure, "running", "Erster Satz.")
    report(measure, "delayed", "Die Router fehlen.", percent=40)
    desk.post(place(workshop), sent(measure, measure_two))
    new = the_copy()
    notes = CarriedNote.objects.in_workshop(new).order_by("number")
    columns = ("number", "workshop_title", "workshop_date", "date", "state", "sentence", "percent")
    assert [*notes.values_list(*columns)] == [
        (1, workshop.title, workshop.date, TODAY, "delayed", "Die Router fehlen.", 40),
        (2, workshop.title, workshop.date, None, "", "", None),
    ]
    assert StatusEntry.objects.in_workshop(new).count() == 0
    page = desk.get(Measure.objects.in_workshop(new).get(number=1).get_absolute_url())
    assert page.context["origin"] == measure.get_absolute_url()
    assert "Die Router fehlen." in page.content.decode()


def test_who_is_not_in_the_earlier_workshop_reads_the_note_without_a_link(
    desk, workshop, measure, stranger, signed_in
):
    desk.post(place(workshop), sent(measure))
    Membership.objects.create(workshop=the_copy(), user=stranger, role=Role.COMMITTEE)
    copy = Measure.objects.in_workshop(the_copy()).get()
    page = signed_in(stranger).get(copy.get_absolute_url())
    assert page.context["origin"] == ""
    assert workshop.title in page.content.decode()


def test_a_minimum_from_before_there_was_a_limit_comes_down_to_it(desk, workshop, measure):
    Workshop.objects.filter(pk=workshop.pk).update(smallest_room=25, keeps_old_minimum=True)
    desk.post(place(workshop), sent(measure))
    assert (the_copy().smallest_room, the_copy().keeps_old_minimum) == (20, False)


# Which measures ---------------------------------------------------------------------------------


def test_what_is_done_or_rejected_is_not_ticked_at_first(
    desk, workshop, measure, measure_two, field, at
):
    at("deliberating")
    more = {
        title: Measure.objects.create(workshop=workshop, field=field, title=title)
        for title in ("Kino", "Markt", "Hafen")
    }
    session = hold(workshop, measure, *more.values())
    decide(session, measure, outcome="rejected", has_basis=False)
    decide(
        session, more["Kino"], outcome="deferred", deferred_until=date(2030, 1, 1), has_basis=False
    )
    report(measure_two, "done", "Fertig.", percent=100)
    report(more["Markt"], "stopped", "Ruht.")
    page = desk.get(place(workshop))
    assert (page.status_code, ticked(page)) == (200, ["Kino", "Markt", "Hafen"])


def test_a_rejection_that_is_not_published_is_unknown_to_the_facilitator(
    desk, workshop, measure, at
):
    at("deliberating")
    session = hold(workshop, measure)
    decide(session, measure, outcome="rejected", is_published=False, has_basis=False)
    assert ticked(desk.get(place(workshop))) == ["WLAN"]


def test_removed_and_merged_measures_are_not_offered(desk, workshop, measure, measure_two, field):
    gone = Measure.objects.create(workshop=workshop, field=field, title="Weg", is_removed=True)
    measure_two.merge_into(measure)
    answer = desk.post(place(workshop), sent(measure, gone))
    assert (answer.status_code, [*answer.context["form"].errors]) == (422, ["measures"])
    answer = desk.post(place(workshop), sent(measure, measure_two))
    assert answer.status_code == 422
    assert Workshop.objects.count() == 1


@pytest.mark.parametrize(
    ("pick", "titles"), [("all", ["WLAN", "Bus"]), ("none", []), ("usual", ["Bus"])]
)
def test_buttons_tick_many_and_keep_what_was_typed(
    desk, workshop, measure, measure_two, at, pick, titles
):
    at("deliberating")
    report(measure, "done", "Fertig.")
    page = desk.post(place(workshop), sent(measure_two, pick=pick))
    form = page.context["form"]
    assert (page.status_code, ticked(page), form["title"].value()) == (200, titles, TITLE)
    assert Workshop.objects.count() == 1


def test_the_form_offers_the_title_with_this_year(desk, workshop, measure):
    workshop.title = "Werkstatt 2020"
    workshop.save()
    form = desk.get(place(workshop)).context["form"]
    assert (form["title"].value(), form["date"].value()) == (f"Werkstatt {TODAY.year}", TODAY)


def test_without_a_title_or_with_an_impossible_year_nothing_is_made(desk, workshop, measure):
    answer = desk.post(place(workshop), sent(measure, title=" ", date="2207-01-01"))
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["date", "title"])
    assert ticked(answer) == ["WLAN"]
    assert Workshop.objects.count() == 1


# Once, and by whom ------------------------------------------------------------------------------


def test_sent_twice_it_is_made_once(desk, workshop, measure):
    form = sent(measure)
    first, second = (desk.post(place(workshop), form) for _time in range(2))
    assert first["Location"] == second["Location"] == the_copy().get_absolute_url()
    assert Workshop.objects.count() == 2


def test_the_form_sent_again_with_another_title_makes_another(desk, workshop, measure):
    form = sent(measure)
    desk.post(place(workshop), form)
    desk.post(place(workshop), form | {"title": "Noch eine"})
    assert Workshop.objects.filter(title__in=[TITLE, "Noch eine"]).count() == 2


def test_the_id_of_a_form_names_no_workshop_of_somebody_else(
    desk, workshop, measure, other_workshop
):
    desk.post(place(workshop), sent(measure, client_id=str(other_workshop.uuid)))
    assert the_copy().uuid not in (workshop.uuid, other_workshop.uuid)


def test_an_editor_who_may_not_create_workshops_is_refused(
    workshop, measure, facilitator, signed_in
):
    client = signed_in(facilitator)
    answers = client.get(place(workshop)), client.post(place(workshop), sent(measure))
    assert [each.status_code for each in answers] == [403, 403]
    assert Workshop.objects.count() == 1


def test_an_archived_workshop_can_be_copied(desk, workshop, measure, at):
    at("closed")
    Workshop.objects.filter(pk=workshop.pk).update(archived_at="2026-01-01T00:00Z")
    assert desk.post(place(workshop), sent(measure)).status_code == 302
    assert (the_copy().is_archived, the_copy().measures.count()) == (False, 1)


def test_many_measures_ask_as_many_queries_as_one(
    desk, workshop, measure, measure_two, field, goal, django_assert_num_queries
):
    for number in range(3):
        Measure.objects.create(workshop=workshop, field=field, goal=goal, title=f"M {number}")
    desk.post(place(workshop), sent(measure, title="Vorweg"))
    every = [*Measure.objects.in_workshop(workshop)]
    asked = []
    for some in (every[:1], every):
        with CaptureQueriesContext(connection) as queries:
            desk.post(place(workshop), sent(*some, title=f"Mit {len(some)}"))
        asked.append(len(queries))
    assert asked[0] == asked[1]  # how many depends on the database, see ``workshops.bulk``
    desk.get(place(workshop))  # the messages of what was made
    with django_assert_num_queries(10):
        desk.get(place(workshop))
    Measure.objects.in_workshop(workshop).exclude(title="Bus").update(is_removed=True)
    with django_assert_num_queries(10):
        desk.get(place(workshop))
