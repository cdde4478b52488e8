"""The settings of a workshop: who may set what, and what stays frozen."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from measures.models import Measure
from tests.rating import save_rating
from workshops.forms import WorkshopForm
from workshops.models import Municipality, Workshop, WorkshopRevision


@pytest.fixture
def url(workshop) -> str:
    return reverse("measures:workshop-edit", args=[workshop.pk])


def settings_of(client, url: str, **changes) -> dict:
    """Return what a browser would send back, with ``changes``; ``None`` becomes an empty field."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if v is None else v for name, v in (values | changes).items()}


def seats(workshop) -> list[str]:
    return [seat.municipality.name for seat in workshop.seats.all()]


def test_sending_the_drawn_form_back_changes_nothing(workshop, editor, url):
    before = Workshop.objects.filter(pk=workshop.pk).values().get()
    response = editor.post(url, settings_of(editor, url))
    assert (response.status_code, response["Location"]) == (302, workshop.get_absolute_url())
    assert Workshop.objects.filter(pk=workshop.pk).values().get() == before
    assert seats(workshop) == ["Bingen am Rhein"]


def test_every_setting_is_stored_and_the_revision_grows(workshop, editor, url):
    before = WorkshopRevision.objects.get(workshop=workshop).number
    changes = {
        "title": "Zweite Runde", "date": "2021-03-04", "place": "Rathaus", "hosts": "Amt",
        "introduction": "Guten Tag", "relevance_weight": 70, "relevance_threshold": "3.5",
        "feasibility_threshold": "2", "name_start": "Sofort", "name_prepare": "Bald",
        "name_optional": "Mal sehen", "name_park": "Später", "smallest_group": 7,
        "measures_per_person": 30, "anonymity": "pseudonymous",
        "municipality_1": "Ingelheim", "municipality_2": "Bingen",
    }  # fmt: skip
    assert editor.post(url, settings_of(editor, url, **changes)).status_code == 302
    workshop.refresh_from_db()
    assert workshop.date == datetime.date(2021, 3, 4)
    thresholds = (workshop.relevance_threshold, workshop.feasibility_threshold)
    assert thresholds == (Decimal("3.5"), Decimal("2"))
    for name in ("title", "place", "hosts", "introduction", "name_start", "name_park", "anonymity"):
        assert getattr(workshop, name) == changes[name]
    assert (workshop.relevance_weight, workshop.smallest_group) == (70, 7)
    assert workshop.measures_per_person == 30
    assert seats(workshop) == ["Ingelheim", "Bingen"]
    assert WorkshopRevision.objects.get(workshop=workshop).number > before


WRONG = [
    ("title", ""), ("title", "x" * 201), ("date", "gestern"), ("place", "x" * 201),
    ("introduction", "x" * 5001), ("relevance_weight", "101"), ("relevance_weight", "-1"),
    ("relevance_weight", "viel"), ("relevance_threshold", "0.99"),
    ("relevance_threshold", "5.01"), ("feasibility_threshold", "NaN"),
    ("smallest_group", "2"), ("measures_per_person", "0"), ("anonymity", "public"),
    ("name_start", "x" * 41), ("municipality_1", ""), ("municipality_1", "x" * 121),
    ("title", "\0"), ("municipality_2", "bingen am rhein"),
]  # fmt: skip


def test_a_wrong_value_is_explained_and_stores_nothing(workshop, editor, url):
    before, drawn = Workshop.objects.filter(pk=workshop.pk).values().get(), settings_of(editor, url)
    for name, value in WRONG:
        response = editor.post(url, drawn | {name: value})
        assert (response.status_code, list(response.context["form"].errors)) == (422, [name])
    assert Workshop.objects.filter(pk=workshop.pk).values().get() == before
    assert seats(workshop) == ["Bingen am Rhein"]


def test_the_anonymity_is_frozen_by_the_first_ballot(workshop, editor, url, ballots):
    ballots(1)
    sent = settings_of(editor, url, anonymity="pseudonymous", place="Rathaus")
    assert editor.post(url, sent).status_code == 302
    workshop.refresh_from_db()
    assert (workshop.anonymity, workshop.place) == ("anonymous", "Rathaus")


def test_from_the_first_ballot_on_the_smallest_group_can_only_grow(workshop, editor, url, ballots):
    ballots(1)
    assert editor.post(url, settings_of(editor, url, smallest_group=4)).status_code == 422
    assert editor.post(url, settings_of(editor, url, smallest_group=6)).status_code == 302
    workshop.refresh_from_db()
    assert workshop.smallest_group == 6


def test_the_number_per_person_is_frozen_while_people_rate(
    workshop, editor, url, ballots, measure, at
):
    at("rating")
    editor.post(url, settings_of(editor, url, measures_per_person=30))
    save_rating(ballots(1)[0], measure, relevance=3, feasibility=3)
    drawn = settings_of(editor, url, measures_per_person=1, place="Rathaus")
    assert editor.post(url, drawn).status_code == 302
    workshop.refresh_from_db()
    assert (workshop.measures_per_person, workshop.place) == (30, "Rathaus")
    workshop.measures_per_person = 1
    with pytest.raises(ValidationError) as caught:
        workshop.full_clean()
    assert list(caught.value.message_dict) == ["measures_per_person"]
    at("deliberating")
    editor.post(url, settings_of(editor, url, measures_per_person=""))
    workshop.refresh_from_db()
    assert workshop.measures_per_person is None


def test_a_municipality_is_found_by_its_official_key(workshop, editor, url):
    namesake = Municipality.objects.create(name="Bingen am Rhein", official_key="07339005")
    sent = settings_of(editor, url, municipality_1="Bingen am Rhein (07339005)")
    assert editor.post(url, sent).status_code == 302
    assert list(workshop.municipalities.all()) == [namesake]
    assert Municipality.objects.count() == 2


def test_two_municipalities_may_change_their_seats(workshop, editor, url):
    sent = settings_of(editor, url, municipality_2="Ingelheim")
    editor.post(url, sent)
    sent |= {"municipality_1": "Ingelheim", "municipality_2": "Bingen am Rhein"}
    assert editor.post(url, sent).status_code == 302
    assert seats(workshop) == ["Ingelheim", "Bingen am Rhein"]


def test_a_municipality_that_measures_concern_keeps_its_seat(workshop, editor, url, field):
    bingen = workshop.municipalities.get()
    Measure.objects.create(workshop=workshop, field=field, title="WLAN", municipality=bingen)
    response = editor.post(url, settings_of(editor, url, municipality_1="Ingelheim"))
    assert (response.status_code, seats(workshop)) == (422, ["Bingen am Rhein"])


def test_saving_the_settings_does_not_move_the_phase_back(workshop, editor, url):
    sent = settings_of(editor, url, title="Neu")
    form = WorkshopForm(sent, instance=Workshop.objects.get(pk=workshop.pk))
    assert form.is_valid()
    Workshop.objects.filter(pk=workshop.pk).update(phase="collecting")  # somebody else's click
    form.save()
    workshop.refresh_from_db()
    assert (workshop.title, workshop.phase) == ("Neu", "collecting")
