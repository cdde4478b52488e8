"""The typist's board: lines, goals, moves, removals, duplicates – and never a lost word."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from fields.models import ActionField, Goal
from measures.models import Measure
from measures.overview import overview_of
from tests.people import FRAGMENT
from tests.rating import save_rating


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def line(title: str, goal=None, **more) -> dict:
    """Return one typed line with an id of its own."""
    return {"title": title, "goal": goal.pk if goal else "", "client_id": uuid.uuid4()} | more


def board(client, workshop, field) -> list[tuple[str, list[str]]]:
    """Return the board as a person reads it: per goal its measures' titles."""
    sections = client.get(url(workshop, "field-capture", field.pk)).context["sections"]
    return [(g.text if g else "", [m.title for m in rows]) for g, rows in sections.items()]


def stored_texts(measure) -> dict:
    """Return what the form of a measure sends where nobody changes anything."""
    return {
        "seen": measure.version, "title": measure.title, "time_horizon": measure.time_horizon,
        "field": measure.field_id, "goal": measure.goal_id or "",
    }  # fmt: skip


def titles(workshop) -> list[tuple[int, str]]:
    rows = Measure.objects.in_workshop(workshop).order_by("number")
    return list(rows.values_list("number", "title"))


def templates(response) -> set[str]:
    return {template.name for template in response.templates}


# Lines ------------------------------------------------------------------------------------------


def test_a_line_is_stored_under_its_goal_and_numbered(workshop, editor, field, goal):
    response = editor.post(url(workshop, "measure-add", field.pk), line("WLAN", goal))
    page = field.get_absolute_url()
    assert (response.status_code, response["Location"]) == (302, f"{page}#title-{goal.pk}")
    sent = line("Bus", description="alle 10 Minuten", time_horizon="long")
    response = editor.post(url(workshop, "measure-add", field.pk), sent)
    assert response["Location"] == f"{page}#title-none"
    assert board(editor, workshop, field) == [("Alle kommen ins Netz", ["WLAN"]), ("", ["Bus"])]
    rows = Measure.objects.order_by("number").values_list("number", "time_horizon", "description")
    assert list(rows) == [(1, "unknown", ""), (2, "long", "alle 10 Minuten")]


def test_without_javascript_a_redirect_with_the_header_one_line(workshop, editor, field):
    response = editor.post(url(workshop, "measure-add", field.pk), line("WLAN"), headers=FRAGMENT)
    assert response.status_code == 201
    assert "measures/board/_measure_line.html" in templates(response)
    assert "base.html" not in templates(response)


def test_the_same_line_sent_twice_is_stored_once(workshop, editor, field):
    sent = line("WLAN")
    first = editor.post(url(workshop, "measure-add", field.pk), sent, headers=FRAGMENT)
    second = editor.post(url(workshop, "measure-add", field.pk), sent, headers=FRAGMENT)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.context["measure"] == first.context["measure"]
    assert titles(workshop) == [(1, "WLAN")]


def test_another_text_under_a_used_line_id_is_a_line_of_its_own(workshop, editor, field):
    sent = line("WLAN")
    editor.post(url(workshop, "measure-add", field.pk), sent)
    editor.post(url(workshop, "measure-add", field.pk), sent | {"title": "WLAN überall"})
    assert titles(workshop) == [(1, "WLAN"), (2, "WLAN überall")]


def test_a_line_id_known_from_another_workshop_neither_shows_nor_changes_that_line(
    workshop, other_workshop, editor, field
):
    there = ActionField.objects.create(workshop=other_workshop, name="Fremd")
    foreign = Measure.objects.create(workshop=other_workshop, field=there, title="Geheim")
    sent = line("WLAN", client_id=foreign.client_id)
    response = editor.post(url(workshop, "measure-add", field.pk), sent, headers=FRAGMENT)
    assert (response.status_code, b"Geheim" in response.content) == (201, False)
    assert (titles(workshop), titles(other_workshop)) == ([(1, "WLAN")], [(1, "Geheim")])


def test_a_wrong_line_is_explained_and_stores_nothing(workshop, editor, field):
    for name, value in [
        ("title", ""), ("title", "   "), ("title", "x" * 201), ("title", "\0"),
        ("time_horizon", "soon"), ("description", "x" * 2001), ("goal", "9" * 30),
        ("goal", "abc"), ("client_id", ""), ("client_id", "1"),
    ]:  # fmt: skip
        sent = line("WLAN") | {name: value}
        for headers in ({}, FRAGMENT):
            response = editor.post(url(workshop, "measure-add", field.pk), sent, headers=headers)
            form = response.context["form" if headers else "add_form"]
            assert (response.status_code, list(form.errors)) == (422, [name])
    assert titles(workshop) == []


def test_a_goal_of_another_field_is_refused(workshop, editor, goal):
    other = workshop.fields.get(name="Tourismus")
    response = editor.post(url(workshop, "measure-add", other.pk), line("WLAN", goal))
    assert (response.status_code, titles(workshop)) == (422, [])


@pytest.mark.django_db(transaction=True)
def test_twenty_tables_typing_at_once_get_the_numbers_1_to_20(workshop, facilitator, signed_in):
    field = ActionField.objects.create(workshop=workshop, name="Alltag")
    clients = [signed_in(facilitator) for _ in range(20)]

    def type_line(client) -> int:
        try:
            return client.post(url(workshop, "measure-add", field.pk), line("WLAN")).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(type_line, clients)) == [302] * 20
    assert titles(workshop) == [(number, "WLAN") for number in range(1, 21)]


@pytest.mark.django_db(transaction=True)
def test_one_line_sent_six_times_at_once_is_stored_once(workshop, facilitator, signed_in):
    field = ActionField.objects.create(workshop=workshop, name="Alltag")
    sent, clients = line("WLAN"), [signed_in(facilitator) for _ in range(6)]

    def send(client) -> int:
        try:
            return client.post(url(workshop, "measure-add", field.pk), sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(send, clients)) == [302] * 6
    assert titles(workshop) == [(1, "WLAN")]


# Editing ----------------------------------------------------------------------------------------


def test_texts_are_changed_and_the_history_kept(workshop, editor, measure):
    page = url(workshop, "measure-edit", measure.number)
    form = editor.get(page).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"title": "WLAN überall"}
    response = editor.post(page, sent)
    board_again = f"{measure.field.get_absolute_url()}#edit-1"
    assert (response.status_code, response["Location"]) == (302, board_again)
    assert [row.title for row in measure.history.all()] == ["WLAN überall", "WLAN"]


def test_a_late_change_gets_409_with_both_texts_and_overwrites_nothing(workshop, editor, measure):
    page = url(workshop, "measure-edit", measure.number)
    common = stored_texts(measure)
    assert editor.post(page, common | {"title": "WLAN A"}).status_code == 302
    for headers, template in [({}, "base.html"), (FRAGMENT, "measures/board/_measure_edit.html")]:
        late = editor.post(page, common | {"title": "WLAN B"}, headers=headers)
        [difference] = late.context["differences"]
        assert (late.status_code, difference["stored"], difference["typed"]) == (
            409, "WLAN A", "WLAN B",
        )  # fmt: skip
        assert template in templates(late)
        for text in (b"WLAN A", b"WLAN B"):
            assert text in late.content
    assert titles(workshop) == [(1, "WLAN A")]
    again = common | {"title": "WLAN B", "seen": late.context["form"]["seen"].value()}
    assert editor.post(page, again).status_code == 302
    assert titles(workshop) == [(1, "WLAN B")]


def test_as_a_fragment_the_form_and_then_the_whole_board_are_answered(workshop, editor, measure):
    page = url(workshop, "measure-edit", measure.number)
    drawn = editor.get(page, headers=FRAGMENT)
    used = templates(drawn)
    assert ("measures/board/_measure_edit.html" in used, "base.html" in used) == (True, False)
    sent = stored_texts(measure) | {"title": "Netz", "goal": ""}
    saved = editor.post(page, sent, headers=FRAGMENT)
    assert (saved.status_code, saved["HX-Retarget"]) == (200, "#board")
    assert "base.html" not in templates(saved)
    assert board(editor, workshop, measure.field) == [("Alle kommen ins Netz", []), ("", ["Netz"])]


def test_only_a_municipality_of_the_workshop_can_be_chosen(
    workshop, editor, measure, other_workshop
):
    common = stored_texts(measure)
    page = url(workshop, "measure-edit", measure.number)
    foreign = other_workshop.municipalities.get().pk
    assert editor.post(page, common | {"municipality": foreign}).status_code == 422
    own = workshop.municipalities.get()
    assert editor.post(page, common | {"municipality": own.pk}).status_code == 302
    assert Measure.objects.get().municipality == own


# To another field -------------------------------------------------------------------------------


@pytest.fixture
def tourism(workshop, field):
    return workshop.fields.get(name="Tourismus")


def test_a_measure_goes_to_another_field_where_it_stands_last_and_without_a_goal(
    workshop, editor, goal, measure, measure_two, tourism
):
    Measure.objects.create(workshop=workshop, field=tourism, title="Rad", order=7)
    page = url(workshop, "measure-edit", 1)
    response = editor.post(page, stored_texts(measure) | {"field": tourism.pk, "title": "Netz"})
    old_board = f"{goal.field.get_absolute_url()}#title-{goal.pk}"
    assert (response.status_code, response["Location"]) == (302, old_board)
    assert board(editor, workshop, tourism) == [("", ["Rad", "Netz"])]
    assert board(editor, workshop, goal.field) == [(goal.text, ["Bus"]), ("", [])]
    moved = Measure.objects.get(number=1)
    assert (moved.field, moved.goal, moved.order, moved.version) == (tourism, None, 8, 2)
    assert moved.history.count() == 2


def test_the_board_says_where_the_measure_went(workshop, editor, measure, tourism):
    sent = stored_texts(measure) | {"field": tourism.pk}
    response = editor.post(url(workshop, "measure-edit", 1), sent, headers=FRAGMENT)
    text = gettext("“%(measure)s” stands in the field “%(field)s” now.")
    text %= {"measure": "M1 WLAN", "field": "Tourismus"}
    toast = {"level": "success", "text": text, "about": "board"}
    assert json.loads(response["HX-Trigger"]) == {"toast": toast}
    assert response.context["at"] == f"title-{measure.goal_id}"


def test_from_a_removed_goal_the_typist_goes_on_among_those_without(
    workshop, editor, goal, measure, tourism
):
    Goal.objects.filter(pk=goal.pk).update(is_removed=True)
    sent = stored_texts(measure) | {"field": tourism.pk}
    response = editor.post(url(workshop, "measure-edit", 1), sent)
    assert response["Location"] == f"{goal.field.get_absolute_url()}#title-none"


def test_ratings_and_duplicates_go_along(
    workshop, editor, measure, measure_two, tourism, ballots, at
):
    for ballot, rated in zip(ballots(4), (measure, measure_two) * 2, strict=True):
        save_rating(ballot, rated, relevance=4, feasibility=2)
    measure_two.merge_into(measure)
    editor.post(url(workshop, "measure-edit", 1), stored_texts(measure) | {"field": tourism.pk})
    measure_two.refresh_from_db()
    assert (measure_two.merged_into, measure_two.field) == (measure, measure.field)
    [row] = overview_of(at("deliberating")).rows
    assert (row.field_name, row.result.n) == ("Tourismus", 4)


def test_only_fields_of_the_workshop_that_are_worked_on_are_offered(
    workshop, editor, measure, tourism, other_workshop
):
    foreign = ActionField.objects.create(workshop=other_workshop, name="Fremd")
    left_out = ActionField.objects.create(workshop=workshop, name="Arbeit", is_worked_on=False)
    page = url(workshop, "measure-edit", 1)
    offered = editor.get(page).context["form"].fields["field"].queryset
    assert list(offered) == [measure.field, tourism]
    for wrong in (foreign.pk, left_out.pk, "", "x", "9" * 30):
        response = editor.post(page, stored_texts(measure) | {"field": wrong})
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["field"])
    ActionField.objects.filter(pk=measure.field_id).update(is_worked_on=False)
    assert editor.post(page, stored_texts(measure)).status_code == 302
    assert Measure.objects.get(number=1).field == measure.field


def test_a_late_move_shows_both_fields_and_can_be_sent_again(workshop, editor, measure, tourism):
    page, sent = url(workshop, "measure-edit", 1), stored_texts(measure)
    editor.post(page, sent | {"title": "Netz"})
    late = editor.post(page, sent | {"field": tourism.pk})
    found = [(each["stored"], each["typed"]) for each in late.context["differences"]]
    assert (late.status_code, found) == (
        409,
        [("Netz", "WLAN"), ("Alltagsleben", "Tourismus"), ("Alle kommen ins Netz", "")],
    )
    form = late.context["form"]
    assert (late.context["field"], form["field"].value()) == (measure.field, str(tourism.pk))
    again = {name: form[name].value() or "" for name in form.fields}
    assert editor.post(page, again).status_code == 302
    assert board(editor, workshop, tourism) == [("", ["WLAN"])]


# Moving -----------------------------------------------------------------------------------------


def test_a_measure_moves_within_its_goal_and_on_into_the_neighbouring_ones(
    workshop, editor, goal, measure, measure_two
):
    second = Goal.objects.create(field=goal.field, text="Zweites Ziel", order=2)
    Measure.objects.create(workshop=workshop, field=goal.field, goal=second, title="Rad", order=1)
    one, two = goal.text, second.text
    steps = [
        ("up", [(one, ["WLAN", "Bus"]), (two, ["Rad"]), ("", [])]),
        ("down", [(one, ["Bus", "WLAN"]), (two, ["Rad"]), ("", [])]),
        ("down", [(one, ["Bus"]), (two, ["WLAN", "Rad"]), ("", [])]),
        ("down", [(one, ["Bus"]), (two, ["Rad", "WLAN"]), ("", [])]),
        ("down", [(one, ["Bus"]), (two, ["Rad"]), ("", ["WLAN"])]),
        ("down", [(one, ["Bus"]), (two, ["Rad"]), ("", ["WLAN"])]),
        ("up", [(one, ["Bus"]), (two, ["Rad", "WLAN"]), ("", [])]),
        ("up", [(one, ["Bus"]), (two, ["WLAN", "Rad"]), ("", [])]),
        ("up", [(one, ["Bus", "WLAN"]), (two, ["Rad"]), ("", [])]),
    ]
    for direction, expected in steps:
        page = url(workshop, "measure-move", measure.number)
        assert editor.post(page, {"direction": direction}).status_code == 302
        assert board(editor, workshop, goal.field) == expected


def test_goals_move_and_keep_their_measures(workshop, editor, goal, measure):
    second = Goal.objects.create(field=goal.field, text="Zweites Ziel", order=2)
    editor.post(url(workshop, "goal-move", second.pk), {"direction": "up"})
    expected = [("Zweites Ziel", []), (goal.text, ["WLAN"]), ("", [])]
    assert board(editor, workshop, goal.field) == expected


# Goals ------------------------------------------------------------------------------------------


def test_a_goal_typed_twice_is_stored_once(workshop, editor, field):
    for _ in range(2):
        editor.post(url(workshop, "goal-add", field.pk), {"text": "Ziel", "indicator": "10 %"})
    assert list(field.goals.values_list("text", "indicator")) == [("Ziel", "10 %")]


def test_a_goal_needs_a_text(workshop, editor, goal):
    for text in ("", "  ", "x" * 501, "\0"):
        sent = {"text": text, "seen": goal.version}
        assert editor.post(url(workshop, "goal-add", goal.field_id), sent).status_code == 422
        assert editor.post(url(workshop, "goal-edit", goal.pk), sent).status_code == 422
    assert list(Goal.objects.values_list("text", flat=True)) == ["Alle kommen ins Netz"]


def test_a_late_change_of_a_goal_gets_409_with_both_texts(workshop, editor, goal):
    page, version = url(workshop, "goal-edit", goal.pk), goal.version
    assert editor.post(page, {"text": "Ziel A", "seen": version}).status_code == 302
    late = editor.post(page, {"text": "Ziel B", "seen": version})
    [difference] = late.context["differences"]
    assert (late.status_code, difference["stored"], difference["typed"]) == (
        409,
        "Ziel A",
        "Ziel B",
    )
    assert Goal.objects.get().text == "Ziel A"


def test_a_goal_is_changed_in_place_as_a_fragment_and_on_its_page_without(workshop, editor, goal):
    page = url(workshop, "goal-edit", goal.pk)
    drawn = editor.get(page, headers=FRAGMENT)
    used = templates(drawn)
    assert ("measures/board/_goal_edit.html" in used, "base.html" in used) == (True, False)
    assert "measures/board/_goal_edit.html" not in templates(editor.get(page))
    sent = {"text": "Alle im Netz", "seen": goal.version}
    saved = editor.post(page, sent, headers=FRAGMENT)
    found = (saved.status_code, saved["HX-Retarget"], saved.context["at"])
    assert found == (200, "#board", f"edit-goal-{goal.pk}")
    assert board(editor, workshop, goal.field) == [("Alle im Netz", []), ("", [])]


def test_a_removed_goal_leaves_its_measures_on_the_board_and_comes_back_with_them(
    workshop, editor, goal, measure
):
    response = editor.post(url(workshop, "goal-remove", goal.pk))
    assert response["Location"] == f"{goal.field.get_absolute_url()}?removed=goal-{goal.pk}#undo"
    page = editor.get(response["Location"])
    assert page.context["undo"]["url"] == url(workshop, "goal-restore", goal.pk)
    assert board(editor, workshop, goal.field) == [("", ["WLAN"])]
    editor.post(page.context["undo"]["url"])
    assert board(editor, workshop, goal.field) == [(goal.text, ["WLAN"]), ("", [])]


# Removing, merging ------------------------------------------------------------------------------


def test_a_removed_measure_can_be_brought_back(workshop, editor, goal, measure, measure_two):
    response = editor.post(url(workshop, "measure-remove", measure.number))
    assert response["Location"] == f"{goal.field.get_absolute_url()}?removed=measure-1#undo"
    undo = editor.get(response["Location"]).context["undo"]
    assert undo["url"] == url(workshop, "measure-restore", 1)
    assert board(editor, workshop, goal.field) == [(goal.text, ["Bus"]), ("", [])]
    for name in ("measure-edit", "measure-profile"):
        assert editor.get(url(workshop, name, 1)).status_code == 404
    editor.post(undo["url"])
    assert board(editor, workshop, goal.field) == [(goal.text, ["WLAN", "Bus"]), ("", [])]


def test_as_a_fragment_a_removal_answers_with_the_board_and_the_way_back(workshop, editor, measure):
    page = url(workshop, "measure-remove", measure.number)
    response = editor.post(page, headers=FRAGMENT)
    assert (response.status_code, response["HX-Retarget"]) == (200, "#board")
    assert response.context["undo"]["url"] == url(workshop, "measure-restore", 1)


def test_the_way_back_stands_where_the_removed_row_stood(
    workshop, editor, goal, measure, measure_two
):
    third = Measure.objects.create(
        workshop=workshop, field=goal.field, goal=goal, title="Bahn", order=3
    )
    response = editor.post(url(workshop, "measure-remove", 2), headers=FRAGMENT)
    here = response.context["sections"][goal]
    assert (here, response.context["at"]) == ([measure, measure_two, third], "undo")
    assert response.content.index(b'id="measure-1"') < response.content.index(b'id="undo"')
    assert response.content.index(b'id="undo"') < response.content.index(b'id="measure-3"')
    response = editor.post(url(workshop, "goal-remove", goal.pk), headers=FRAGMENT)
    assert [*response.context["sections"]] == [goal, None]
    assert response.content.count(b'id="undo"') == 1


def test_nobody_is_offered_to_undo_once_collecting_is_over(workshop, editor, measure, at):
    response = editor.post(url(workshop, "measure-remove", 1))
    at("rating")
    assert editor.get(response["Location"]).context["undo"] is None


def test_a_removal_in_another_field_is_not_offered_here(workshop, editor, measure):
    editor.post(url(workshop, "measure-remove", 1))
    other = workshop.fields.get(name="Tourismus")
    page = f"{other.get_absolute_url()}?removed=measure-1"
    assert editor.get(page).context["undo"] is None


def test_after_every_change_one_goes_on_where_one_was(workshop, editor, goal, measure, measure_two):
    page = goal.field.get_absolute_url()
    other = Goal.objects.create(field=goal.field, text="Zweites Ziel", order=2)
    texts = {"seen": goal.version, "text": "Ziel"}
    for name, key, sent, at in [
        ("measure-move", 1, {"direction": "down"}, "down-1"),
        ("measure-restore", 1, {}, "edit-1"),
        ("goal-move", other.pk, {"direction": "up"}, f"goal-up-{other.pk}"),
        ("goal-edit", goal.pk, texts, f"edit-goal-{goal.pk}"),
        ("goal-restore", goal.pk, {}, f"edit-goal-{goal.pk}"),
    ]:
        plain = editor.post(url(workshop, name, key), sent)
        assert (plain.status_code, plain["Location"]) == (302, f"{page}#{at}")
        assert f'id="{at}"' in editor.get(page).content.decode()
    fragment = editor.post(url(workshop, "measure-move", 1), {"direction": "up"}, headers=FRAGMENT)
    assert fragment.context["at"] == "up-1"


def test_after_a_goal_one_goes_on_with_its_first_measure(workshop, editor, field):
    sent = {"text": "Drittes Ziel"}
    for _twice in range(2):
        response = editor.post(url(workshop, "goal-add", field.pk), sent)
        goal = field.goals.get(text="Drittes Ziel")
        assert response["Location"] == f"{field.get_absolute_url()}#title-{goal.pk}"
    assert f'id="title-{goal.pk}"' in editor.get(field.get_absolute_url()).content.decode()


def test_the_number_of_a_removed_measure_is_never_given_again(workshop, editor, field):
    for title in ("eins", "zwei"):
        editor.post(url(workshop, "measure-add", field.pk), line(title))
    editor.post(url(workshop, "measure-remove", 2))
    editor.post(url(workshop, "measure-add", field.pk), line("drei"))
    assert titles(workshop) == [(1, "eins"), (2, "zwei"), (3, "drei")]


def test_numbers_of_two_workshops_do_not_touch(workshop, other_workshop, measure):
    there = ActionField.objects.create(workshop=other_workshop, name="Fremd")
    first = Measure.objects.create(workshop=other_workshop, field=there, title="Fremd")
    assert (measure.number, first.number) == (1, 1)


def test_a_duplicate_is_merged_and_parted_again(workshop, editor, goal, measure, measure_two):
    page = url(workshop, "measure-merge", measure_two.number)
    response = editor.post(page, {"target": measure.pk})
    board_again = f"{goal.field.get_absolute_url()}?removed=measure-2#undo"
    assert (response.status_code, response["Location"]) == (302, board_again)
    assert board(editor, workshop, goal.field) == [(goal.text, ["WLAN"]), ("", [])]
    detail = editor.get(url(workshop, "measure-detail", 2))
    assert (detail.status_code, detail["Location"]) == (302, measure.get_absolute_url())
    editor.post(url(workshop, "measure-restore", 2))
    assert board(editor, workshop, goal.field) == [(goal.text, ["WLAN", "Bus"]), ("", [])]


def test_duplicates_of_a_duplicate_move_along(workshop, editor, measure, measure_two):
    third = Measure.objects.create(workshop=workshop, field=measure.field, title="Bahn")
    editor.post(url(workshop, "measure-merge", third.number), {"target": measure_two.pk})
    editor.post(url(workshop, "measure-merge", measure_two.number), {"target": measure.pk})
    merged = Measure.objects.filter(merged_into=measure).order_by("number")
    assert list(merged) == [measure_two, third]


def test_a_measure_is_not_merged_into_itself_a_removed_or_a_merged_one(
    workshop, editor, measure, measure_two
):
    third = Measure.objects.create(workshop=workshop, field=measure.field, title="Bahn")
    gone = Measure.objects.create(
        workshop=workshop, field=measure.field, title="weg", is_removed=True
    )
    third.merge_into(measure_two)
    for target in (measure.pk, third.pk, gone.pk, "", "abc", "9" * 30):
        page = url(workshop, "measure-merge", measure.number)
        assert editor.post(page, {"target": target}).status_code == 422
    assert Measure.objects.get(pk=measure.pk).merged_into is None


def test_two_measures_merged_into_each_other_at_once_do_not_both_vanish(
    workshop, measure, measure_two
):
    seen_before = Measure.objects.get(pk=measure_two.pk), Measure.objects.get(pk=measure.pk)
    measure.merge_into(Measure.objects.get(pk=measure_two.pk))
    with pytest.raises(ValidationError):
        seen_before[0].merge_into(seen_before[1])
    assert list(Measure.objects.in_workshop(workshop).standing()) == [measure_two]


def test_duplicates_are_removed_and_brought_back_with_their_measure_and_its_ratings(
    workshop, editor, measure, measure_two, ballots, at
):
    bus, page = measure_two, measure.field.get_absolute_url()
    for ballot, rated in zip(ballots(4), (measure, bus) * 2, strict=True):
        save_rating(ballot, rated, relevance=4, feasibility=2)
    bus.merge_into(measure)
    assert list(editor.get(page).context["merged"]) == [bus]
    context = editor.post(url(workshop, "measure-remove", 1), headers=FRAGMENT).context
    text = ngettext(
        "%(what)s is removed, and with it %(merged)s, which was merged into it. Undo brings back"
        " both with their ratings.",
        "",
        1,
    )
    assert context["undo"]["text"] == text % {"what": "M1 WLAN", "merged": "M2 Bus"}
    assert (list(context["merged"]), overview_of(workshop).rows) == ([], ())
    editor.post(context["undo"]["url"])
    assert list(editor.get(page).context["merged"]) == [bus]
    [row] = overview_of(at("deliberating")).rows
    assert (row.measure.number, row.result.n) == (1, 4)


def test_a_duplicate_of_a_removed_measure_can_still_be_parted_from_an_old_page(
    workshop, editor, goal, measure, measure_two
):
    measure_two.merge_into(measure)
    editor.post(url(workshop, "measure-remove", 1))
    editor.post(url(workshop, "measure-restore", 2))
    assert board(editor, workshop, goal.field) == [(goal.text, ["Bus"]), ("", [])]


def test_removing_a_measure_that_has_rated_duplicates_breaks_no_page(
    workshop, editor, measure, measure_two, ballots, at
):
    for ballot in ballots(3):
        save_rating(ballot, measure_two, relevance=5, feasibility=5)
    measure_two.merge_into(measure)
    editor.post(url(workshop, "measure-remove", measure.number))
    at("deliberating")
    pages = ("workshop-day", "measure-list", "dashboard", "measure-export-csv")
    assert [editor.get(url(workshop, name)).status_code for name in pages] == [200] * 4
    assert editor.get(url(workshop, "measure-detail", 2)).status_code in (302, 404)


# The board --------------------------------------------------------------------------------------


def test_the_board_takes_the_same_queries_for_one_measure_and_for_three(
    workshop, editor, goal, measure, django_assert_num_queries
):
    page = url(workshop, "field-capture", goal.field_id)
    with django_assert_num_queries(11):
        editor.get(page)
    for title in ("Bus", "Bahn"):
        extra = Goal.objects.create(field=goal.field, text=title)
        Measure.objects.create(workshop=workshop, field=goal.field, goal=extra, title=title)
    with django_assert_num_queries(11):
        editor.get(page)


def test_outside_collecting_the_board_is_read_only(workshop, editor, measure, at):
    at("rating")
    response = editor.get(url(workshop, "field-capture", measure.field_id))
    assert (response.status_code, response.context["may_change"]) == (200, False)
    assert url(workshop, "measure-remove", 1) not in response.content.decode()
    assert url(workshop, "measure-add", measure.field_id) not in response.content.decode()


def test_a_made_up_removal_offers_nothing_to_undo(workshop, editor, measure):
    for removed in (
        "measure-1", "measure-99", "goal-1", "measure-", "x", "measure-²", "measure--1",
        "measure-9999999999999999999999", "goal-٣",
    ):  # fmt: skip
        page = url(workshop, "field-capture", measure.field_id)
        response = editor.get(page, {"removed": removed})
        assert (response.status_code, response.context["undo"]) == (200, None)


def test_a_line_sent_again_is_the_stored_one_also_when_somebody_has_changed_it(
    workshop, field, editor
):
    """The answer was lost on the way, another table corrects the title, the browser tries again."""
    page, sent = url(workshop, "measure-add", field.pk), line("WLAN")
    assert editor.post(page, sent, headers=FRAGMENT).status_code == 201
    measure = workshop.measures.get()
    measure.title = "Freies WLAN"
    measure.save()
    again = editor.post(page, sent, headers=FRAGMENT)
    assert (again.status_code, again.context["measure"].title) == (201, "Freies WLAN")
    assert [each.title for each in workshop.measures.all()] == ["Freies WLAN"]
