"""The same measure twice: searched from the line, merged, and parted again where it stood."""

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from fields.models import ActionField, Goal
from measures.models import Measure
from tests.rating import save_rating

FRAGMENT = {"HX-Request": "true"}
STANDS_NO_MORE = "Choose a measure of this workshop that stands by itself."


@pytest.fixture
def editor(signed_in, facilitator):
    return signed_in(facilitator)


@pytest.fixture
def catalogue(workshop, field, goal) -> dict[str, Measure]:
    """Measures in two fields, by their titles; the first is the one that is merged."""
    tourism = workshop.fields.get(name="Tourismus")
    guests = Goal.objects.create(field=tourism, text="Gäste finden sich zurecht", order=1)
    places = [
        ("Bürgerbus auf Zuruf", field, goal),
        ("Mängelmelder mit Karte", field, None),
        ("Bürgerbus", tourism, guests),
        ("Busspur", field, goal),
        ("Karte der Parkplätze", tourism, guests),
    ]
    return {
        title: Measure.objects.create(workshop=workshop, field=place, goal=under, title=title)
        for title, place, under in places
    }


def url(name: str, measure: Measure) -> str:
    return reverse(f"measures:{name}", args=[measure.workshop_id, measure.number])


def found(client, measure: Measure, sought: str = "") -> list[str]:
    response = client.get(url("measure-merge", measure), {"q": sought})
    return [each.title for each in response.context["found"].measures]


def standing(workshop) -> list[str]:
    rows = Measure.objects.in_workshop(workshop).standing().order_by("number")
    return [each.title for each in rows]


# The search --------------------------------------------------------------------------------------


def test_all_other_measures_are_offered_the_most_similar_first(editor, catalogue):
    assert found(editor, catalogue["Bürgerbus auf Zuruf"]) == [
        "Bürgerbus", "Busspur", "Karte der Parkplätze", "Mängelmelder mit Karte",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sought", "titles"),
    [
        ("3", ["Bürgerbus"]),
        ("m3", ["Bürgerbus"]),
        ("  BURGERBUS ", ["Bürgerbus"]),
        ("bürgerbuss", ["Bürgerbus"]),  # misspelt
        ("karte", ["Karte der Parkplätze", "Mängelmelder mit Karte"]),
        ("karte mangel", ["Mängelmelder mit Karte"]),
        ("gaste", ["Bürgerbus", "Karte der Parkplätze"]),  # by their goal
        ("tourismus parkplätze", ["Karte der Parkplätze"]),  # by field and title
        ("Schwimmbad", []),
        ("%", []),
    ],
)
def test_number_title_goal_and_field_are_searched_without_capitals_and_accents(
    sought, titles, editor, catalogue
):
    assert sorted(found(editor, catalogue["Bürgerbus auf Zuruf"], sought)) == titles


def test_what_was_removed_or_merged_or_stands_elsewhere_is_not_offered(
    editor, catalogue, other_workshop
):
    there = ActionField.objects.create(workshop=other_workshop, name="Fremd")
    Measure.objects.create(workshop=other_workshop, field=there, title="Bürgerbus drüben")
    catalogue["Busspur"].merge_into(catalogue["Bürgerbus"])
    Measure.objects.filter(title="Mängelmelder mit Karte").update(is_removed=True)
    assert found(editor, catalogue["Bürgerbus auf Zuruf"]) == ["Bürgerbus", "Karte der Parkplätze"]


def test_each_says_where_it_stands_and_whether_it_was_rated(editor, catalogue, ballots):
    [ballot] = ballots(1)
    save_rating(ballot, catalogue["Bürgerbus"], relevance=4, feasibility=2)
    response = editor.get(url("measure-merge", catalogue["Bürgerbus auf Zuruf"]))
    assert response.context["found"].rated == {catalogue["Bürgerbus"].pk}
    line = response.content.decode().split("M3</span>")[1].split("</li>")[0]
    told = ("Tourismus", "Gäste finden sich zurecht", gettext("rated"))
    assert [text in line for text in told] == [True] * 3


def test_of_many_the_ten_best_are_shown_and_the_others_counted(editor, workshop, field):
    measures = [
        Measure.objects.create(workshop=workshop, field=field, title=f"Kurs {number:02}")
        for number in range(1, 15)
    ]
    context = editor.get(url("measure-merge", measures[0])).context["found"]
    assert (len(context.measures), context.total, context.left_out) == (10, 13, 3)


def test_in_place_the_search_is_answered_as_a_fragment(editor, catalogue):
    page = url("measure-merge", catalogue["Bürgerbus"])
    used = {each.name for each in editor.get(page, headers=FRAGMENT).templates}
    assert ("measures/board/_merge.html" in used, "base.html" in used) == (True, False)
    assert "measures/board/measure_merge.html" in {t.name for t in editor.get(page).templates}


def test_the_search_takes_the_same_queries_for_one_measure_and_for_three(
    editor, workshop, field, goal, measure, measure_two, django_assert_num_queries
):
    page = url("measure-merge", measure)
    with django_assert_num_queries(6):
        editor.get(page)
    for title in ("Bahn", "Rad"):
        extra = Goal.objects.create(field=field, text=title)
        Measure.objects.create(workshop=workshop, field=field, goal=extra, title=title)
    with django_assert_num_queries(6):
        editor.get(page)


# Merging -----------------------------------------------------------------------------------------


def test_where_the_line_stood_the_merger_can_be_undone(editor, workshop, catalogue, goal):
    bus, other = catalogue["Bürgerbus auf Zuruf"], catalogue["Bürgerbus"]
    board = editor.post(url("measure-merge", bus), {"target": other.pk}, headers=FRAGMENT)
    assert (board.status_code, board["HX-Retarget"], board.context["at"]) == (200, "#board", "undo")
    text = gettext("%(what)s is merged into %(target)s.")
    assert board.context["undo"] == {
        "text": text % {"what": "M1 Bürgerbus auf Zuruf", "target": "M3 Bürgerbus"},
        "url": url("measure-restore", bus),
    }
    here = [each.title for each in board.context["sections"][goal]]
    assert here == ["Bürgerbus auf Zuruf", "Busspur"]
    assert board.content.count(b'id="measure-1"') == 0
    assert standing(workshop) == [*catalogue][1:]
    editor.post(board.context["undo"]["url"])
    assert standing(workshop) == [*catalogue]


def test_two_who_merge_each_other_do_not_make_both_vanish(
    editor, signed_in, administrator, workshop, measure, measure_two
):
    assert editor.post(url("measure-merge", measure), {"target": measure_two.pk}).status_code == 302
    late = signed_in(administrator).post(
        url("measure-merge", measure_two), {"target": measure.pk}, headers=FRAGMENT
    )
    assert (late.status_code, late.context["error"]) == (422, gettext(STANDS_NO_MORE))
    assert (late["HX-Retarget"], late["HX-Reswap"]) == ("#measure-2", "outerHTML")
    assert standing(workshop) == ["Bus"]


def test_the_other_one_removed_meanwhile_is_told_and_the_search_stays(editor, workshop, catalogue):
    bus, other = catalogue["Bürgerbus auf Zuruf"], catalogue["Bürgerbus"]
    editor.post(url("measure-remove", other))
    late = editor.post(url("measure-merge", bus), {"target": other.pk})
    assert (late.status_code, late.context["error"]) == (422, gettext(STANDS_NO_MORE))
    assert late.context["found"].measures[0].title == "Busspur"
    assert "Bürgerbus auf Zuruf" in standing(workshop)


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_the_line_itself_merged_meanwhile_is_told_and_not_merged_again(headers, editor, catalogue):
    bus, one, two = [*catalogue.values()][:3]
    editor.post(url("measure-merge", bus), {"target": one.pk})
    late = editor.post(url("measure-merge", bus), {"target": two.pk}, headers=headers)
    assert (late.status_code, Measure.objects.get(pk=bus.pk).merged_into) == (404, one)


def test_what_was_merged_into_it_is_named_because_it_moves_along(editor, catalogue):
    bus, one, two = [*catalogue.values()][:3]
    one.merge_into(bus)
    page = editor.get(url("measure-merge", bus))
    assert list(page.context["along"]) == [one]
    assert "M2 Mängelmelder mit Karte" in page.content.decode()
    editor.post(url("measure-merge", bus), {"target": two.pk})
    assert Measure.objects.get(pk=one.pk).merged_into == two


def test_the_edit_form_leads_to_the_search(editor, measure):
    page = editor.get(url("measure-edit", measure)).content.decode()
    assert f'href="{url("measure-merge", measure)}"' in page
    assert 'name="target"' not in page


# Suggested, never merged by itself ---------------------------------------------------------------


def add(client, field, title: str):
    sent = {"title": title, "goal": "", "client_id": f"{len(title):032}"}
    page = reverse("measures:measure-add", args=[field.workshop_id, field.pk])
    return client.post(page, sent, headers=FRAGMENT)


def test_a_stored_line_names_the_measure_that_it_may_repeat(editor, workshop, field, catalogue):
    answer = add(editor, field, "Ein Bürgerbus")
    assert answer.context["similar"] == catalogue["Bürgerbus"]
    row = answer.content.decode()
    assert all(text in row for text in ("M3 Bürgerbus", "(Tourismus)"))
    assert standing(workshop) == [*catalogue, "Ein Bürgerbus"]


def test_nothing_is_suggested_for_a_title_of_its_own_or_a_line_sent_again(editor, field, catalogue):
    assert add(editor, field, "Schwimmbad").context["similar"] is None
    assert add(editor, field, "Ein Bürgerbus").context["similar"] == catalogue["Bürgerbus"]
    assert add(editor, field, "Ein Bürgerbus").context["similar"] is None


def test_what_was_merged_or_removed_is_not_suggested(editor, field, catalogue):
    catalogue["Bürgerbus"].merge_into(catalogue["Busspur"])
    Measure.objects.filter(title="Bürgerbus auf Zuruf").update(is_removed=True)
    assert add(editor, field, "Ein Bürgerbus").context["similar"] is None


def test_a_line_takes_the_same_queries_among_one_measure_and_many(
    editor, workshop, field, measure, django_assert_num_queries
):
    add(editor, field, "Rad")  # the browser gets a name
    with django_assert_num_queries(33):
        add(editor, field, "Kino")
    for number in range(30):
        Measure.objects.create(workshop=workshop, field=field, title=f"Ding {number}")
    with django_assert_num_queries(33):
        add(editor, field, "Theater")
