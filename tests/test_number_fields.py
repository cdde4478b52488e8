"""A number that somebody types is understood or refused in every form, and shown again as typed."""

import importlib
import json
import pkgutil
import re
import uuid
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.contrib import admin
from django.db import models
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

import bingen_strategy
import fields
import measures
import workshops
from measures.costs.fields import EuroField
from measures.indicators.forms import EntryForm, IndicatorAddForm
from measures.models import Decision, Indicator, IndicatorEntry, PaperCount, Session, StatusEntry
from measures.transfer.cells import read_rows
from measures.transfer.headings import guess
from measures.transfer.plans import Existing
from measures.transfer.reading import Table
from tests.deciding import TYPED, hold
from tests.measures.publishing import words
from tests.rating import save_rating
from workshops.models import Workshop
from workshops.number_fields import (
    DecimalNumberField,
    DecimalPercentField,
    WholeNumberField,
    WholePercentField,
)

OURS = (WholeNumberField, DecimalNumberField, EuroField)
PACKAGES = (bingen_strategy, fields, measures, workshops)
NARROW = "\u202f"
SHEETS = "0 0 0 0 0 0 0 0 0 0 0 0"


def value_again(html: str, name: str) -> str:
    """Return what stands in the text field of this name."""
    field = next(f for f in re.findall(r"<input[^>]*>", html) if f' name="{name}"' in f)
    assert (' type="text"' in field, ' inputmode="' in field) == (True, True)
    found = re.search(r' value="([^"]*)"', field)
    return found[1] if found else ""


def complaints(html: str) -> list[str]:
    """Return the sentences at the fields, without the word "error" that stands before them."""
    told = re.findall(r'<p class="kern-error"[^>]*>(.*?)</p>', html, re.S)
    return [words(each).removeprefix("Fehler: ") for each in told]


# All forms --------------------------------------------------------------------------------------


def our_forms() -> set[type[forms.BaseForm]]:
    def below(kind):
        return {kind}.union(*(below(each) for each in kind.__subclasses__()))

    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name and "asgi" not in module.name:
                importlib.import_module(module.name)
    names = {package.__name__ for package in PACKAGES}
    return {form for form in below(forms.BaseForm) if form.__module__.split(".")[0] in names}


def test_no_form_takes_numbers_otherwise(db):
    number = (forms.IntegerField, forms.FloatField)  # a DecimalField is one as well
    shown = {
        f"{form.__name__}.{name}": field
        for form in our_forms()
        for name, field in form.base_fields.items()
        if isinstance(field, number) and not field.widget.is_hidden
    }
    assert {n for n, field in shown.items() if not isinstance(field, OURS)} == set()
    assert {n for n, f in shown.items() if isinstance(f.widget, forms.NumberInput)} == set()
    assert {"WorkshopForm.relevance_threshold", "DecisionForm.votes_for"} <= {*shown}


def test_no_list_of_the_admin_takes_numbers_otherwise(rf: RequestFactory):
    pages = [page for page in admin.site._registry.values() if page.__module__.split(".")[0] in (
        "workshops", "fields", "measures",
    )]  # fmt: skip
    inlines = [each(page.model, admin.site) for page in pages for each in page.inlines]
    found = {
        f"{type(page).__name__}.{field.name}": page.formfield_for_dbfield(field, rf.get("/"))
        for page in [*pages, *inlines]
        for field in page.model._meta.fields
        if isinstance(field, models.IntegerField | models.DecimalField)
        and field.editable
        and not field.primary_key
        and field.name not in page.readonly_fields
    }
    assert {name for name, field in found.items() if not isinstance(field, OURS)} == set()
    assert {"SettledWorkshopAdmin.relevance_threshold", "SeatInline.seat"} <= {*found}


def test_no_template_draws_a_number_field_of_the_browser():
    templates = Path("templates").rglob("*.html")
    assert [str(path) for path in templates if 'type="number"' in path.read_text("utf-8")] == []


# Sheets of paper --------------------------------------------------------------------------------


@pytest.fixture
def desk(signed_in, facilitator, workshop, measure, at):
    """Return a function that sends counts of paper as the facilitator: ``desk("12", "12")``."""
    at("rating")
    page = reverse("measures:measure-entry", args=[workshop.pk, measure.number])

    def send(relevance: str, feasibility: str):
        sent = {"agreed-seen": "0 0", "seen": SHEETS}
        sent |= {"relevance_3": relevance, "feasibility_3": feasibility}
        return signed_in(facilitator).post(page, sent)

    return send


@pytest.mark.parametrize("typed", ["1.000", "1,000", "1 000", f"1{NARROW}000", "1000"])
def test_a_thousand_sheets_are_a_thousand_and_too_many(desk, typed):
    response = desk(typed, typed)
    html = response.content.decode()
    assert (response.status_code, PaperCount.objects.count()) == (422, 0)
    assert complaints(html) == ["Der Wert darf höchstens 500 sein."] * 2
    assert [value_again(html, f"{name}_3") for name in ("relevance", "feasibility")] == [typed] * 2


@pytest.mark.parametrize("typed", ["2,5", "zwölf", "1_2", "1e2", "٣"])
def test_half_a_sheet_and_what_is_no_number_is_refused_in_a_sentence(desk, typed):
    response = desk(typed, "3")
    html = response.content.decode()
    assert (response.status_code, PaperCount.objects.count()) == (422, 0)
    sentence = "Bitte geben Sie eine ganze Zahl in Ziffern ein, zum Beispiel 12."
    assert (complaints(html), value_again(html, "relevance_3")) == ([sentence], typed)


def test_a_whole_number_may_be_typed_with_decimals_that_say_nothing(desk):
    assert desk(" 12 ", "12,0").status_code == 302
    assert {*PaperCount.objects.values_list("count", flat=True)} == {12}


# Settings ---------------------------------------------------------------------------------------


@pytest.fixture
def settings_page(signed_in, facilitator, workshop):
    """Return a function that sends the settings back with changes."""
    client, page = signed_in(facilitator), reverse("measures:workshop-edit", args=[workshop.pk])

    def send(**changes):
        form = client.get(page).context["form"]
        drawn = {name: form[name].value() for name in form.fields}
        sent = {name: "" if value is None else value for name, value in drawn.items()}
        return client.post(page, sent | changes)

    send.html = lambda: client.get(page).content.decode()
    return send


@pytest.mark.parametrize("typed", ["2,5", "2.5", "2,50", " 2,5 "])
def test_a_threshold_with_comma_or_point_is_understood_and_shown_with_a_comma(
    settings_page, workshop, typed
):
    assert settings_page(relevance_threshold=typed).status_code == 302
    workshop.refresh_from_db()
    assert workshop.relevance_threshold == Decimal("2.5")
    assert value_again(settings_page.html(), "relevance_threshold") == "2,50"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.234", "„1.234“ lässt sich als 1234 oder als 1,234 lesen. Bitte schreiben Sie die Zahl"
                  " ohne Trennzeichen für Tausender."),
        ("2,125", "„2,125“ lässt sich als 2125 oder als 2,125 lesen. Bitte schreiben Sie die Zahl"
                  " ohne Trennzeichen für Tausender."),
        ("zwei", "Bitte geben Sie eine Zahl in Ziffern ein, zum Beispiel 2,5."),
        ("NaN", "Bitte geben Sie eine Zahl in Ziffern ein, zum Beispiel 2,5."),
    ],
)  # fmt: skip
def test_a_threshold_that_is_not_clear_is_refused_in_a_sentence(
    settings_page, workshop, typed, sentence
):
    response = settings_page(relevance_threshold=typed)
    html = response.content.decode()
    workshop.refresh_from_db()
    assert (response.status_code, workshop.relevance_threshold) == (422, None)
    assert (complaints(html), value_again(html, "relevance_threshold")) == ([sentence], typed)


def test_weight_and_smallest_group_are_whole_numbers(settings_page, workshop):
    response = settings_page(relevance_weight="62,5", smallest_group="1.000")
    html = response.content.decode()
    assert (response.status_code, value_again(html, "relevance_weight")) == (422, "62,5")
    assert settings_page(relevance_weight="62,0", smallest_group="12,0").status_code == 302
    workshop.refresh_from_db()
    assert (workshop.relevance_weight, workshop.smallest_group) == (62, 12)


def test_two_people_who_change_a_threshold_read_both_with_a_comma(settings_page, workshop):
    Workshop.objects.filter(pk=workshop.pk).update(relevance_threshold=Decimal("3.5"))
    Workshop.objects.filter(pk=workshop.pk).update(version=2)
    response = settings_page(seen="1", relevance_threshold="2,5")
    told = [(line["stored"], line["typed"]) for line in response.context["differences"]]
    assert (response.status_code, told) == (409, [("3,50", "2,50")])


def test_the_admin_understands_the_same(admin_client, workshop):
    page = reverse("admin:workshops_workshop_change", args=[workshop.pk])
    response = admin_client.get(page)
    sent = {}
    for form in [response.context["adminform"].form] + [
        each
        for inline in response.context["inline_admin_formsets"]
        for each in [inline.formset.management_form, *inline.formset.initial_forms]
    ]:
        sent |= {b.html_name: b.value() for b in form if b.value() is not None}
    assert admin_client.post(page, sent | {"relevance_threshold": "2,5"}).status_code == 302
    workshop.refresh_from_db()
    assert workshop.relevance_threshold == Decimal("2.5")
    html = admin_client.post(page, sent | {"relevance_threshold": "1.234"}).content.decode()
    assert value_again(html, "relevance_threshold") == "1.234"


def test_the_history_in_the_admin_tells_a_threshold_with_a_comma(admin_client, workshop):
    for threshold in ("2.5", "3.25"):
        workshop.relevance_threshold = Decimal(threshold)
        workshop.save()
    page = reverse("admin:workshops_workshop_history", args=[workshop.pk])
    html = admin_client.get(page).content.decode()
    assert re.findall(r"\b[23][.,]\d+\b", re.sub(r"<[^>]*>", " ", html)) == [
        "2,50", "3,25", "2,50",
    ]  # fmt: skip


# Sessions, decisions, progress -------------------------------------------------------------------


def test_seats_votes_and_percent_are_never_changed(workshop, measure, administrator, signed_in, at):
    at("deliberating")
    client, session = signed_in(administrator), hold(workshop, measure, seats=40)
    add = reverse("measures:session-add", args=[workshop.pk])
    sent = {"committee": "Rat", "date": "2026-12-03", "seats": "1.2"}
    assert value_again(client.post(add, sent).content.decode(), "seats") == "1.2"
    assert client.post(add, sent | {"seats": "40,0"}).status_code == 302
    assert Session.objects.get(committee="Rat").seats == 40

    decide = reverse("measures:decision-add", args=[workshop.pk, session.pk, measure.number])
    seen = client.get(decide).context["form"]["seen"].value()
    votes = {"votes_for": "1.000", "votes_against": "0", "votes_abstained": "0,5"}
    html = client.post(decide, {"seen": seen} | TYPED | votes).content.decode()
    assert [value_again(html, name) for name in votes] == ["1.000", "0", "0,5"]
    votes |= {"votes_for": "30", "votes_abstained": "0,0"}
    assert client.post(decide, {"seen": seen} | TYPED | votes).status_code == 302
    assert Decision.objects.values_list("votes_for", "votes_abstained").get() == (30, 0)

    report = reverse("measures:status-add", args=[workshop.pk, measure.number])
    form = client.get(report).context["form"]
    sent = {"client_id": form["client_id"].value(), "state": "running", "sentence": "Läuft."}
    sent |= {"date": date(2026, 1, 2).isoformat(), "percent": "12,5"}
    assert value_again(client.post(report, sent).content.decode(), "percent") == "12,5"
    assert client.post(report, sent | {"percent": "50,0"}).status_code == 302
    assert StatusEntry.objects.get().percent == 50


def test_how_many_go_on_an_agenda(workshop, measure, ballots, administrator, signed_in, at):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=4, feasibility=4)
    at("deliberating")
    client, session = signed_in(administrator), hold(workshop)
    fill = reverse("measures:agenda-fill", args=[workshop.pk, session.pk])
    response = client.post(fill, {"count": "1.000", "by": "ranking"})
    html = response.content.decode()
    assert (response.status_code, value_again(html, "count")) == (422, "1.000")
    assert "Bitte geben Sie eine Zahl von 1 bis 999 ein." in html
    assert client.post(fill, {"count": "1,0", "by": "ranking"}).status_code == 302


# Addresses --------------------------------------------------------------------------------------


@pytest.fixture
def council(committee_member, signed_in, workshop, measure, measure_two, ballots, at):
    """Return a function that asks for a page; WLAN leads by relevance, Bus by feasibility."""
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=5, feasibility=1)
        save_rating(ballot, measure_two, relevance=1, feasibility=4)
    at("deliberating")
    client = signed_in(committee_member)
    return lambda name, *, headers=None, **query: client.get(
        reverse(f"measures:{name}", args=[workshop.pk]), query, headers=headers
    )


def test_a_filter_by_number_understands_thousands_and_says_what_it_does_not(council):
    assert council("dashboard", n="1.000").context["form"].chosen["n"] == 1000
    assert council("dashboard", n="3,0").context["form"].chosen["n"] == 3
    response = council("dashboard", n="2,5")
    html = response.content.decode()
    assert (response.status_code, value_again(html, "n")) == (400, "2,5")
    assert complaints(html) == ["Bitte geben Sie eine ganze Zahl in Ziffern ein, zum Beispiel 12."]
    assert "n" not in response.context["form"].chosen


def test_who_filters_by_what_is_no_number_is_told_so_beside_the_results(council):
    response = council("dashboard", n="2,5", headers={"HX-Request": "true"})
    toast = json.loads(response["HX-Trigger"])["toast"]
    assert (response.status_code, toast["level"]) == (422, "danger")
    assert toast["text"] == (
        "Mindestzahl der Bewertungen: Bitte geben Sie eine ganze Zahl in Ziffern ein,"
        " zum Beispiel 12."
    )
    assert "WLAN" in response.content.decode()


@pytest.mark.parametrize("page", ["stability", "measure-export-csv", "measure-export-xlsx"])
def test_a_weight_in_an_address_is_understood_or_said_to_be_wrong(council, page):
    for typed in ("100", "100,0", " 100"):
        assert council(page, weight=typed).status_code == 200
    for typed in ("101", "62,5", "x", "-1", "٣", "1.000"):
        assert council(page, weight=typed).status_code == 400


def test_the_weight_that_was_typed_makes_the_list(council):
    def first(weight: str) -> str:
        return council("measure-export-csv", weight=weight).content.decode().splitlines()[1]

    assert [("WLAN" in first(w), "Bus" in first(w)) for w in ("100,0", "0,0")] == [
        (True, False), (False, True),
    ]  # fmt: skip


# Files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "step"),
    [("3", 3), ("3,0", 3), ("3.00", 3), (" 3 ", 3), ("", None), ("k. A.", None), ("1.000", "?"),
     ("3.000", "?"), ("3,000", "?"), ("2,5", "?"), ("2.5", "?"), ("6", "?"), ("0", "?"),
     ("-3", "?"), ("3 von 5", "?")],
)  # fmt: skip
def test_a_step_in_a_file_is_understood_or_refused(cell, step):
    headers = ("Handlungsfeld", "Maßnahme", "Relevanz")
    table = Table(headers, {2: ("Tourismus", "WLAN", cell)})
    existing = Existing(limits={"field": 120, "measure": 200})
    found = read_rows(table, guess(headers), existing, {})
    if step == "?":
        assert (found.rows, [each.column for each in found.problems]) == ((), ["Relevanz"])
        assert cell in found.problems[0].reason
    else:
        told = [row.values.get("relevance") for row in found.rows]
        assert (found.problems, told) == ((), [step])


# With its unit behind it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"), [("70 %", 70), ("70%", 70), (f"70{NARROW}%", 70), ("70", 70), ("", None)]
)
def test_a_percentage_may_be_typed_with_its_sign(typed, value):
    assert WholePercentField(required=False).clean(typed) == value
    assert DecimalPercentField(required=False).clean(typed) == value


@pytest.mark.parametrize("typed", ["%", "70 %%", "% 70", "70 €"])
def test_a_sign_elsewhere_is_no_number(typed):
    for field in (WholePercentField(required=False), DecimalPercentField(required=False)):
        with pytest.raises(forms.ValidationError):
            field.clean(typed)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("8.0000", "8"), ("0.5000", "0,5"), ("-2.2500", "-2,25"), ("1200", "1200"), ("0", "0")],
)
def test_a_stored_value_is_shown_with_the_decimals_that_it_has(measure, stored, shown):
    row = Indicator(measure=measure, name="Zugänge", baseline=Decimal(stored))
    with translation.override("de"):
        form = str(IndicatorAddForm(instance=row)["baseline"])
    assert value_again(form, "baseline") == shown


def test_what_was_measured_may_be_typed_with_its_unit(measure):
    typed = {"name": "Netz", "unit": "km", "baseline": "1,5 km", "target": "20km"}
    days = {"baseline_on": "2020-01-01", "target_on": "2021-01-01", "client_id": uuid.uuid4()}
    form = IndicatorAddForm(typed | days, instance=Indicator(measure=measure))
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["baseline"], form.cleaned_data["target"]) == (
        Decimal("1.5"), Decimal(20),
    )  # fmt: skip
    entry = IndicatorEntry(indicator=form.save())
    sent = {"value": "3 km", "day": "2020-05-01", "client_id": uuid.uuid4()}
    form = EntryForm(sent, instance=entry, today=date(2020, 6, 1))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["value"] == 3
