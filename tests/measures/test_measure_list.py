"""All measures in a list, a line each; the short title is changed in its place."""

import re
from datetime import date

import pytest
from django.urls import reverse

from fields.models import Goal
from measures.models import Measure
from tests.deciding import decide, hold
from workshops.models import Edit
from workshops.phases import Phase


def url(workshop, name: str = "measure-list", *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


@pytest.fixture
def desk(signed_in, facilitator, at):
    at("collecting")
    return signed_in(facilitator)


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def lines(page) -> list[str]:
    found = re.findall(r'<li class="listed".*?</li>', page.content.decode(), re.DOTALL)
    return [words(each) for each in found]


def titles(page) -> dict[str, dict[str, list[str]]]:
    """Return by field and goal the titles, as the page's sections show them."""
    return {
        place.field.name: {
            goal: re.findall(r'listed__whole">(.*?)<', str(shown)) for goal, shown in goals.items()
        }
        for place, _mark, goals in page.context["places"]
    }


def test_measures_stand_by_field_and_goal_without_the_removed_and_the_merged(
    workshop, goal, measure, measure_two, signed_in, participant
):
    tourism = workshop.fields.get(name="Tourismus")
    first_goal = Goal.objects.create(field=goal.field, text="Davor", order=0)
    gone = Goal.objects.create(field=goal.field, text="Verworfen", order=1, is_removed=True)
    rows = [
        ("Schloss", tourism, None),
        ("ohne Ziel", goal.field, None),
        ("Erst", goal.field, first_goal),
        ("Zuvor", goal.field, gone),
    ]
    for title, field, its_goal in rows:
        Measure.objects.create(workshop=workshop, field=field, goal=its_goal, title=title)
    Measure.objects.create(workshop=workshop, field=goal.field, title="weg", is_removed=True)
    Measure.objects.create(
        workshop=workshop, field=goal.field, title="doppelt", merged_into=measure
    )
    assert titles(signed_in(participant).get(url(workshop))) == {
        goal.field.name: {
            "Davor": ["Erst"], goal.text: ["WLAN", "Bus"], "": ["Zuvor", "ohne Ziel"],
        },
        "Tourismus": {"": ["Schloss"]},
    }  # fmt: skip


def test_a_line_says_code_title_time_and_what_was_decided_as_far_as_one_may_know(
    workshop, measure, measure_two, at, signed_in, participant, committee_member
):
    at("deliberating")
    measure.time_horizon = "short"
    measure.save()
    session = hold(workshop, measure, measure_two)
    decide(session, measure, outcome="accepted", has_basis=False)
    decide(
        session, measure_two, outcome="deferred", deferred_until=date(2021, 6, 1),
        is_published=False, has_basis=False,
    )  # fmt: skip
    assert lines(signed_in(participant).get(url(workshop))) == [
        "M1 WLAN WLAN kurzfristig angenommen", "M2 Bus Bus",
    ]  # fmt: skip
    assert lines(signed_in(committee_member).get(url(workshop))) == [
        "M1 WLAN WLAN kurzfristig angenommen", "M2 Bus Bus vertagt",
    ]  # fmt: skip


def test_a_decision_on_a_duplicate_counts_for_the_measure_it_is_part_of(
    workshop, measure, measure_two, at, signed_in, participant
):
    at("deliberating")
    decide(hold(workshop, measure_two), measure_two, outcome="rejected", has_basis=False)
    measure_two.merge_into(measure)
    assert lines(signed_in(participant).get(url(workshop))) == ["M1 WLAN WLAN abgelehnt"]


def test_descriptions_are_shown_to_who_asks_for_them(workshop, measure, signed_in, participant):
    measure.description = "Am Ufer"
    measure.save()
    reader = signed_in(participant)
    assert lines(reader.get(url(workshop))) == ["M1 WLAN WLAN"]
    assert lines(reader.get(url(workshop), {"texts": "1"})) == ["M1 WLAN WLAN Am Ufer"]


def test_who_types_in_finds_fields_that_are_still_empty(
    workshop, measure, desk, signed_in, participant
):
    worked_on = [field.name for field in workshop.fields.worked_on()]
    assert [*titles(desk.get(url(workshop)))] == worked_on
    assert [*titles(signed_in(participant).get(url(workshop)))] == [measure.field.name]


def test_the_list_takes_the_same_queries_for_one_measure_and_for_three_hundred(
    workshop, measure, desk, django_assert_num_queries
):
    with django_assert_num_queries(6):
        desk.get(url(workshop))
    for number in range(2, 4):
        goal = Goal.objects.create(field=measure.field, text=f"Ziel {number}")
        Measure.objects.create(
            workshop=workshop, field=measure.field, goal=goal, title=f"Titel {number}"
        )
    Measure.objects.bulk_create(
        Measure(workshop=workshop, field=measure.field, title=f"Titel {number}", number=number)
        for number in range(4, 301)
    )
    with django_assert_num_queries(6):
        page = desk.get(url(workshop))
    assert len(lines(page)) == 300


# The short title, in its place -------------------------------------------------------------------


def rename(client, measure, short: str, **others):
    address = url(measure.workshop, "short-title", measure.number)
    return client.post(address, {"short_title": short, "seen": measure.version}, **others)


def short_titles() -> dict[int, str]:
    return dict(Measure.objects.values_list("number", "short_title"))


def test_an_editor_changes_it_and_comes_back_to_the_line(workshop, measure, desk):
    answer = rename(desk, measure, " Funknetz ")
    assert (answer.status_code, answer["Location"]) == (302, f"{url(workshop)}#measure-1")
    assert short_titles() == {1: "Funknetz"}


def test_a_script_gets_the_link_the_name_for_phones_and_the_step_to_undo(workshop, measure, desk):
    form = desk.get(url(workshop, "short-title", 1), headers={"HX-Request": "true"})
    assert form.templates[0].name == "measures/catalogue/_short_title_edit.html"
    answer = rename(desk, measure, "Funknetz", headers={"HX-Request": "true"})
    assert (answer.status_code, words(answer.content.decode())) == (
        200,
        "Funknetz : Kurztitel ändern Funknetz"
        " ↶ Rückgängig machen : Kurztitel von M1 geändert Papierkorb",
    )


def test_who_gives_up_gets_back_what_stood_there(workshop, measure, desk):
    address = url(workshop, "short-title", 1)
    answer = desk.get(address, {"shown": "1"}, headers={"HX-Request": "true"})
    assert words(answer.content.decode()) == "WLAN : Kurztitel ändern"


def test_the_step_is_taken_back_from_the_list(workshop, measure, desk):
    rename(desk, measure, "Funknetz")
    edit = Edit.objects.get()
    answer = desk.post(url(workshop, "edit-undo"), {"edit": edit.pk, "to": "measures"})
    assert (answer.status_code, answer["Location"]) == (302, f"{url(workshop)}#redo-edit")
    assert short_titles() == {1: ""}


def test_a_later_name_gets_409_with_both(workshop, measure, desk):
    rename(desk, measure, "Funknetz")
    late = rename(desk, measure, "Netz")
    [difference] = late.context["differences"]
    assert (late.status_code, difference["stored"], difference["typed"], short_titles()) == (
        409, "Funknetz", "Netz", {1: "Funknetz"},
    )  # fmt: skip


def test_a_long_name_is_refused_and_comes_back(workshop, measure, desk):
    answer = rename(desk, measure, "x" * 31)
    form = answer.context["form"]
    assert (answer.status_code, form["short_title"].value(), form.errors["short_title"]) == (
        422, "x" * 31, ["Der Text ist zu lang: 31 Zeichen, höchstens 30 sind möglich."],
    )  # fmt: skip


def test_the_empty_field_shows_what_is_taken_instead(workshop, measure, desk):
    measure.title = "Termine für alle Ämter online buchen"
    measure.save()
    for name in ("short-title", "measure-edit"):
        form = desk.get(url(workshop, name, 1)).context["form"]
        shown = form.fields["short_title"].widget.attrs["placeholder"]
        assert shown == "Termine online buchen"


def test_in_deliberation_it_is_changed_as_well_but_no_step_is_noted(
    workshop, measure, at, signed_in, facilitator
):
    at(Phase.DELIBERATING)
    assert rename(signed_in(facilitator), measure, "Funknetz").status_code == 302
    assert (short_titles(), Edit.objects.count()) == ({1: "Funknetz"}, 0)


def test_a_typed_line_may_bring_its_short_title(workshop, measure, desk):
    desk.post(
        url(workshop, "measure-add", measure.field_id),
        {"title": "Freies WLAN am Ufer", "short_title": "WLAN Ufer", "client_id": "8" * 32},
    )
    assert short_titles() == {1: "", 2: "WLAN Ufer"}
