"""What is typed is stored as it reads, whatever the browser or the copied document adds."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from fields.models import ActionField
from measures.models.wording import as_compared
from workshops.models import Municipality, ParticipantGroup
from workshops.plain_text import name_key, plain_name, plain_text
from workshops.setup import find_municipality


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("eins\r\nzwei\rdrei\n", "eins\nzwei\ndrei\n"),
        ("aus Word\x0bkopiert", "aus Word\nkopiert"),  # its line break within a paragraph
        ("a\x00b\x1fc\x7fd\ufffe", "a b c d "),
        ("Grüße\tan 👍 שלום", "Grüße\tan 👍 שלום"),
    ],
)
def test_ends_of_lines_are_one_character_and_nothing_is_unseen(typed, stored):
    assert plain_text(typed) == stored


def test_a_form_that_was_only_sent_again_changes_nothing(workshop, measure, signed_in, facilitator):
    measure.description = "erste Zeile\nzweite"
    measure.save()
    client = signed_in(facilitator)
    page = reverse("measures:measure-edit", args=[workshop.pk, measure.number])
    form = client.get(page).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert client.post(page, sent | {"description": "erste Zeile\r\nzweite"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.description, measure.version) == ("erste Zeile\nzweite", form.version)


def test_a_control_character_becomes_a_space_and_a_password_stays_as_it_is(
    workshop, measure, signed_in, facilitator, client
):
    desk = signed_in(facilitator)
    page = reverse("measures:measure-edit", args=[workshop.pk, measure.number])
    form = desk.get(page).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert desk.post(page, sent | {"title": "Freies\x01WLAN"}).status_code == 302
    measure.refresh_from_db()
    assert measure.title == "Freies WLAN"
    facilitator.set_password("geheim\x01geheim")
    facilitator.save()
    entered = {"login": facilitator.email, "password": "geheim\x01geheim"}
    assert client.post(reverse("account_login"), entered).status_code == 302


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ver\xadwal\xadtung", "Verwaltung"),
        ("Wald\u200b und\ufeff Bäume\u2060", "Wald und Bäume"),
        ("Bu\u0308rger", "Bürger"),
        ("👩\u200d👩\u200d👧 Familie", "👩\u200d👩\u200d👧 Familie"),
        ("Auf\u200clage", "Auf\u200clage"),  # parts a ligature
        ("ab \u200fשלום", "ab \u200fשלום"),
    ],
)
def test_what_has_no_width_goes_and_what_emoji_and_scripts_need_stays(typed, stored):
    assert plain_text(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Digi\xadtales \u202eRathaus\u202c", "Digitales Rathaus"),
        ("Auf\u200clage", "Auflage"),
        ("👩\u200d👧 Familie", "👩\u200d👧 Familie"),
        ("👩" + "\u200d" * 20_000, "👩" + "\u200d" * 20_000),
        ("a" + "\u200d" * 20_000 + "👩" + "\u200d" * 20_000 + "b", "a👩b"),
    ],
    ids=["turned", "joined", "family", "many joiners", "many joiners beside letters"],
)
def test_a_name_is_stored_as_it_reads(typed, stored):
    assert plain_name(typed) == stored


ALIKE = [
    ["Straße", "STRASSE", " strasse "],
    ["Bürger", "Bu\u0308rger", "BÜRGER", "Bürg\xader", "\ufeffBürger\u200b"],
    ["E-Akte", "E\u2011Akte", "e\u2010akte"],
    ["Wald und Flur", "Wald\xa0und  Flur", "Wald \u200bund\u200d Flur"],
    ["\ufb01nden", "finden"],
    ["❤\ufe0f", "❤"],
]


@pytest.mark.parametrize("names", ALIKE)
def test_names_that_read_the_same_are_the_same(names):
    assert {name_key(name) for name in names} == {name_key(names[0])}
    assert name_key(names[0]) not in {name_key(other[0]) for other in ALIKE if other != names}


@given(st.text())
def test_storing_a_name_twice_changes_nothing_and_not_what_it_is(text):
    assert plain_text(plain_text(text)) == plain_text(text)
    assert plain_name(plain_name(text)) == plain_name(text)
    assert name_key(plain_name(text)) == name_key(plain_text(text))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "twin", ["Rathaus", "rathaus", "Rat\xadhaus", "Rat\u200bhaus", "Rathaus\u200e"]
)
@pytest.mark.parametrize("model", [ActionField, ParticipantGroup])
def test_the_database_stores_a_name_once_however_it_is_written(workshop, model, twin):
    model.objects.create(workshop=workshop, name="Rat\xadhaus")
    assert model.objects.get(workshop=workshop, name="Rat\u200bhaus").name == "Rathaus"
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(workshop=workshop, name=twin)
    other = model.objects.create(workshop=workshop, name="Bu\u0308rger\xadhaus")
    assert other.name == "Bürgerhaus"
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=other.pk).update(name=twin)


@pytest.mark.parametrize(
    ("kind", "route", "told"),
    [
        ("fields", "fields:field-add", "Ein Handlungsfeld mit diesem Namen gibt es schon."),
        ("groups", "workshops:group-add", "Eine Gruppe mit diesem Namen gibt es schon."),
    ],
)
def test_a_name_that_reads_like_another_is_refused_in_words(
    workshop, signed_in, facilitator, kind, route, told
):
    rows = getattr(workshop, kind)
    rows.all().delete()
    rows.create(name="Bürger-Haus")
    for twin in ("BU\u0308RGER-\u200dHAUS", "bürger\u2011haus", " Bürger-Haus\u200b "):
        response = signed_in(facilitator).post(reverse(route, args=[workshop.pk]), {"name": twin})
        form = response.context["form" if kind == "fields" else "group_form"]
        assert (response.status_code, form.errors) == (422, {"name": [told]})
    assert list(rows.values_list("name", flat=True)) == ["Bürger-Haus"]


@pytest.mark.django_db
def test_a_municipality_is_found_by_a_name_from_a_document():
    bingen = Municipality.objects.create(name="Gau\xad-Algesheim Gru\u0308n")
    for text in ("Gau-\u200bAlgesheim Grün", "GAU\u2011ALGESHEIM  GRÜN"):
        assert find_municipality(text) == bingen


def test_what_nobody_sees_is_no_other_wording():
    assert as_compared("Ver\xadwaltung\r\n") == as_compared("Verwaltung") == "Verwaltung"
