"""A typist says for which municipality a line is, where several share a workshop."""

import uuid

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from measures.models import Measure
from workshops.models import Municipality, WorkshopMunicipality

FRAGMENT = {"HX-Request": "true"}
GONE = "This municipality does not take part in the workshop any more. Please choose another."


@pytest.fixture
def editor(signed_in, facilitator):
    return signed_in(facilitator)


@pytest.fixture
def partner(workshop) -> Municipality:
    partner = Municipality.objects.create(name="Ingelheim am Rhein")
    WorkshopMunicipality.objects.create(workshop=workshop, municipality=partner, seat=2)
    return partner


def add(field) -> str:
    return reverse("measures:measure-add", args=[field.workshop_id, field.pk])


def line(**more) -> dict:
    return {"title": "WLAN", "goal": "", "client_id": uuid.uuid4()} | more


def offered(page: str) -> int:
    return page.count('name="municipality"')


def test_a_line_is_stored_for_its_municipality_and_the_row_says_so(editor, field, partner):
    sent = line(municipality=partner.pk)
    row = editor.post(add(field), sent, headers=FRAGMENT)
    assert (row.status_code, "Ingelheim am Rhein" in row.content.decode()) == (201, True)
    editor.post(add(field), line(title="Bus"))
    stored = Measure.objects.order_by("number").values_list("title", "municipality__name")
    assert list(stored) == [("WLAN", "Ingelheim am Rhein"), ("Bus", None)]


def test_the_choice_is_offered_in_every_line_of_a_shared_workshop_only(
    editor, field, goal, workshop
):
    page = field.get_absolute_url()
    assert offered(editor.get(page).content.decode()) == 0
    partner = Municipality.objects.create(name="Ingelheim am Rhein")
    WorkshopMunicipality.objects.create(workshop=workshop, municipality=partner, seat=2)
    assert offered(editor.get(page).content.decode()) == 2
    assert offered(editor.get(page, headers=FRAGMENT).content.decode()) == 2
    names = [each.name for each in editor.get(page).context["partners"]]
    assert names == ["Bingen am Rhein", "Ingelheim am Rhein"]


def test_without_a_script_the_next_line_of_the_goal_is_for_the_same_municipality(
    editor, field, goal, partner
):
    answer = editor.post(add(field), line(goal=goal.pk, municipality=partner.pk))
    wanted = f"?line={goal.pk}&municipality={partner.pk}#title-{goal.pk}"
    assert answer["Location"] == field.get_absolute_url() + wanted
    page = editor.get(answer["Location"]).content.decode()
    chosen = f'<option value="{partner.pk}" selected>'
    under_goal, under_none = page.split(f'id="municipality-{goal.pk}"')[1].split(
        'id="municipality-none"'
    )
    assert (chosen in under_goal, chosen in under_none) == (True, False)


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_a_municipality_that_left_meanwhile_is_refused_in_words_and_the_line_kept(
    headers, editor, workshop, field, partner
):
    workshop.seats.filter(municipality=partner).delete()
    answer = editor.post(add(field), line(municipality=partner.pk), headers=headers)
    form = answer.context["form" if headers else "add_form"]
    assert (answer.status_code, form.errors) == (422, {"municipality": [gettext(GONE)]})
    assert (form["title"].value(), Measure.objects.count()) == ("WLAN", 0)


def test_a_municipality_of_another_workshop_is_refused(editor, field, other_workshop, partner):
    foreign = other_workshop.municipalities.get()
    answer = editor.post(add(field), line(municipality=foreign.pk), headers=FRAGMENT)
    assert (answer.status_code, Measure.objects.count()) == (422, 0)
