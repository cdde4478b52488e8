"""A new workshop on one page, complete with fields, scale, groups and its facilitator."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from fields.catalogue import NINE_FIELDS
from workshops.models import Municipality, Workshop

URL = reverse("fields:workshop-create")
FILLED = {
    "title": "Digital-Werkstatt", "date": "2020-09-08", "municipality_1": "Bingen am Rhein",
    "template": "nine", "groups": "Rat\n\n Verwaltung \nrat\r\nVereine",
}  # fmt: skip


@pytest.fixture
def creator(stranger, signed_in):
    stranger.user_permissions.add(Permission.objects.get(codename="add_workshop"))
    return signed_in(stranger)


def test_one_form_makes_a_complete_workshop(creator, stranger):
    response = creator.post(URL, FILLED)
    workshop = Workshop.objects.get()
    assert (response.status_code, response["Location"]) == (302, workshop.get_absolute_url())
    assert (workshop.title, workshop.date, workshop.phase) == (
        "Digital-Werkstatt", date(2020, 9, 8), "preparing",
    )  # fmt: skip
    assert tuple(workshop.fields.values_list("name", flat=True)) == NINE_FIELDS
    assert list(workshop.fields.values_list("order", flat=True)) == list(range(1, 10))
    assert workshop.scale_steps.count() == 10
    assert list(workshop.groups.values_list("name", flat=True)) == ["rat", "Verwaltung", "Vereine"]
    assert list(workshop.memberships.values_list("user", "role")) == [(stranger.pk, "facilitator")]
    assert [seat.municipality.name for seat in workshop.seats.all()] == ["Bingen am Rhein"]
    assert creator.get(workshop.get_absolute_url()).status_code == 200


def test_the_drawn_form_needs_only_a_title_and_a_municipality(creator):
    form = creator.get(URL).context["form"]
    drawn = {name: form[name].value() or "" for name in form.fields}
    drawn |= {"title": "Werkstatt", "municipality_1": "Bingen"}
    assert creator.post(URL, drawn).status_code == 302
    groups = Workshop.objects.get().groups.values_list("name", flat=True)
    assert list(groups) == ["Rat", "Verwaltung", "Vereine und Verbände", "Bürgerinnen und Bürger"]


def test_the_empty_template_makes_no_field(creator):
    creator.post(URL, FILLED | {"template": "empty", "groups": ""})
    workshop = Workshop.objects.get()
    assert (workshop.fields.count(), workshop.groups.count()) == (0, 0)


def test_three_municipalities_take_their_seats_and_known_ones_are_found(creator):
    known = Municipality.objects.create(name="Ingelheim", official_key="07339030")
    names = {"municipality_2": "ingelheim", "municipality_3": "Rhein-Nahe"}
    creator.post(URL, FILLED | names)
    seats = Workshop.objects.get().seats.select_related("municipality")
    assert [seat.municipality.name for seat in seats] == [
        "Bingen am Rhein", "Ingelheim", "Rhein-Nahe",
    ]  # fmt: skip
    assert (seats[1].municipality, Municipality.objects.count()) == (known, 3)


def test_a_wrong_entry_is_explained_and_creates_nothing(creator):
    for name, value in [
        ("title", ""), ("title", "x" * 201), ("title", "\0"), ("date", ""), ("date", "32.13."),
        ("municipality_1", ""), ("municipality_1", "x" * 132), ("template", "ten"),
        ("municipality_3", "BINGEN AM RHEIN"),
        ("groups", "x" * 81), ("groups", "\n".join(map(str, range(21)))),
        ("groups", "x" * 2001), ("hosts", "x" * 301),
    ]:  # fmt: skip
        response = creator.post(URL, FILLED | {name: value})
        assert (response.status_code, list(response.context["form"].errors)) == (422, [name])
    assert (Workshop.objects.count(), Municipality.objects.count()) == (0, 0)


def test_without_the_permission_nobody_creates_unless_accounts_are_open(
    stranger, signed_in, settings
):
    client = signed_in(stranger)
    assert (client.get(URL).status_code, client.post(URL, FILLED).status_code) == (403, 403)
    settings.SIGNUP_OPEN = True
    assert (client.get(URL).status_code, client.post(URL, FILLED).status_code) == (200, 302)
    assert Workshop.objects.count() == 1
