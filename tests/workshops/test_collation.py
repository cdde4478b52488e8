"""Names sort as German readers expect, the same in Python, on SQLite and on PostgreSQL."""

from datetime import date

import pytest
from django.contrib import admin
from django.db.models import TextField, Value
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fields.models import ActionField
from measures.models import Measure
from workshops.admin.base import StrictAdmin
from workshops.collation import sort_key
from workshops.forms import MunicipalitiesMixin
from workshops.models import Membership, Municipality, Participant, Role, User, Workshop
from workshops.sorting import SortKey

NAMES = [
    "Anna", "anna", "Anna-Lena", "Anna Maria", "Ärztin", "Bad Kreuznach", "„Bahnhof“", "Bingen",
    "Émile", "Große", "Grosse Wiese", "M2 Bus", "M10 Bus", "Muller", "Müller", "Odense", "Øresund",
    "Straße", "Strassen", "Über", "Udenheim", "Zoe",
]  # fmt: skip
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def test_umlauts_stand_with_their_letters_and_numbers_by_their_value():
    assert sorted(NAMES, key=sort_key) == NAMES


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ärztin", "A\u0308rztin"), ("Zell\u00adtal", "Zelltal"), ("Rhein\u00a0Nahe", "Rhein Nahe"),
     ("Weiß", "WEISS"), ("Weiß", "WEIẞ"), ("Ǽ", "ae"), ("007", "7"), ("  Bingen ", "Bingen")],
)  # fmt: skip
def test_what_reads_the_same_is_sorted_by_the_same_letters(one, other):
    assert sort_key(one).partition("\t")[0] == sort_key(other).partition("\t")[0]


@pytest.fixture
def by_database(db):
    """Return a function that lets the database compute the key of a text."""
    row = Municipality.objects.create(name="Bingen")

    def compute(text: str) -> str:
        key = SortKey(Value(text, output_field=TextField()))
        return Municipality.objects.filter(pk=row.pk).values_list(key, flat=True)[0]

    return compute


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(LETTERS), st.text("äÄßǼ aé-0019\t\u00ad\u0308Łþ", max_size=40)))
@example("M0012 und 1234567890123, 000000000000 und 9")
@example("{}%\\1 'Zitat' $1")
def test_the_database_computes_the_same_key(by_database, text):
    assert by_database(text) == sort_key(text)


def test_the_database_puts_names_into_the_same_order(db):
    Municipality.objects.bulk_create(Municipality(name=name) for name in reversed(NAMES))
    rows = Municipality.objects.order_by(SortKey("name"))
    assert [row.name for row in rows] == NAMES
    assert [row.name for row in rows.reverse()] == NAMES[::-1]
    assert MunicipalitiesMixin.suggestions() == NAMES


# Lists of the admin, which the database cuts into pages ------------------------------------------


@pytest.fixture
def listed(admin_client):
    """Return a function that names the rows of a list: ``listed(Measure, o="2")``."""

    def names(model, **query) -> list[str]:
        route = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        response = admin_client.get(reverse(route), query)
        return [str(row) for row in response.context["cl"].result_list]

    return names


def test_municipalities_are_listed_by_name_and_cut_into_pages_in_that_order(
    listed, django_assert_max_num_queries
):
    Municipality.objects.bulk_create(Municipality(name=name) for name in reversed(NAMES))
    Municipality.objects.bulk_create(Municipality(name=f"Ort {n}") for n in range(60, 0, -1))
    whole = sorted([*NAMES, *(f"Ort {n}" for n in range(1, 61))], key=sort_key)
    with django_assert_max_num_queries(7):
        assert listed(Municipality) == whole[:50]
    assert listed(Municipality, p="2") == whole[50:]
    assert listed(Municipality, o="-1") == whole[::-1][:50]


def test_people_are_listed_by_what_they_are_shown_as(listed, workshop):
    for place, name in enumerate(["Zoe", "Ärztin", "", "Über"]):
        user = User.objects.create_user(f"{9 - place}@bingen.example", name=name)
        Membership.objects.create(workshop=workshop, user=user, role=Role.COMMITTEE)
        Participant.objects.create(workshop=workshop, user=user)
    Participant.objects.create(workshop=workshop, name="anna")
    assert listed(Participant) == ["7@bingen.example", "anna", "Ärztin", "Über", "Zoe"]
    shown = [name.partition(" – ")[0] for name in listed(Membership)]
    assert shown == ["7@bingen.example", "Ärztin", "Über", "Zoe", "Mona"]
    assert [name.partition(" – ")[0] for name in listed(Membership, o="1")] == [
        "7@bingen.example", "Ärztin", "Mona", "Über", "Zoe",
    ]  # fmt: skip


def test_accounts_are_listed_by_address_whatever_its_capitals(listed, facilitator):
    for address in ("Zoe@b.example", "anna@b.example", "Emil@b.example"):
        User.objects.create_user(address)
    assert listed(User) == [
        "admin@example.com", "anna@b.example", "Emil@b.example", "Mona", "Zoe@b.example",
    ]  # fmt: skip


def test_a_click_on_a_column_of_texts_sorts_them_for_readers(listed, workshop, field):
    town = Municipality.objects.create(name="Öde")
    last = Municipality.objects.create(name="Zell")
    for title, place in (("Zug", town), ("Übersicht", None), ("apfel", last), ("Ärztehaus", town)):
        Measure.objects.create(workshop=workshop, field=field, title=title, municipality=place)
    titles = ["apfel", "Ärztehaus", "Übersicht", "Zug"]
    assert [name.partition(" ")[2] for name in listed(Measure, o="2")] == titles
    assert [name.partition(" ")[2] for name in listed(Measure, o="-2")] == titles[::-1]
    by_place = [name.partition(" ")[2] for name in listed(Measure, o="6.2")]
    assert by_place == ["Ärztehaus", "Zug", "apfel", "Übersicht"]  # without a place: last
    assert [name.partition(" ")[2] for name in listed(Measure, o="-6.2")][-1] == "Übersicht"


def test_every_list_can_be_sorted_by_every_column(admin_client, workshop, field):
    ours = [page for page in admin.site._registry.values() if isinstance(page, StrictAdmin)]
    found = {}
    for page in ours:
        route = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
        for column in range(1, 1 + len(page.list_display)):
            for sign in ("", "-"):
                answer = admin_client.get(route, {"o": f"{sign}{column}"})
                found[route, column, sign] = answer.status_code
    assert {where: status for where, status in found.items() if status != 200} == {}
    assert len(ours) > 15


def test_a_list_that_counts_something_is_sorted_by_name_as_well(listed, workshop, field):
    other = Workshop.objects.create(title="Ärzte", date=date(2020, 1, 1))
    ActionField.objects.create(workshop=other, name="Öffentlichkeit")
    # Column 0 is the box by which rows are chosen to be restored.
    assert listed(ActionField, o="1") == ["Alltagsleben", "Öffentlichkeit", "Tourismus"]
    assert listed(ActionField, o="-1") == ["Tourismus", "Öffentlichkeit", "Alltagsleben"]


def test_what_a_list_is_searched_for_comes_in_the_same_order(listed):
    Municipality.objects.bulk_create(Municipality(name=name) for name in reversed(NAMES))
    assert listed(Municipality, q="n")[:3] == ["Anna", "anna", "Anna-Lena"]


def test_phases_and_numbers_are_sorted_as_before(listed, workshop):
    Workshop.objects.create(title="Älter", date=date(2019, 1, 1), phase="rating")
    assert listed(Workshop) == ["Digital-Werkstatt Bingen", "Älter"]
    assert listed(Workshop, o="4") == ["Digital-Werkstatt Bingen", "Älter"]
    assert listed(Workshop, o="0") == ["Älter", "Digital-Werkstatt Bingen"]
