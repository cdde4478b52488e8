"""Several lines at once: shown first, then stored as measures or as goals, all or none."""

import re
import uuid

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from fields.models import Goal
from measures.models import Measure
from workshops.models import Municipality, WorkshopMunicipality

FRAGMENT = {"HX-Request": "true"}
FAULTY = (("href", "#"), ("id", ""))
TOO_LONG = "The text is too long: %(length)d characters, at most %(limit)d fit."


@pytest.fixture
def editor(signed_in, facilitator):
    return signed_in(facilitator)


@pytest.fixture
def page(workshop, field) -> str:
    return reverse("measures:measure-paste", args=[workshop.pk, field.pk])


def preview(client, page: str, text: str, goal: object = "none", **more):
    return client.post(page, {"text": text, "goal": goal}, **more)


def shown(response) -> list[tuple[str, str, bool]]:
    return [(each.text, each.more, each.is_taken) for each in response.context["lines"]]


def confirmed(*texts: str, goal: object = "none", left_out: tuple[int, ...] = (), **more) -> dict:
    """Return what the preview sends for these lines, the columns of each parted by a tab."""
    ids = [str(uuid.uuid4()) for _text in texts]
    titles, _tabs, others = zip(*(text.partition("\t") for text in texts), strict=True)
    taken = [pk for number, pk in enumerate(ids) if number not in left_out]
    sent = {"title": titles, "description": others, "client_id": ids, "take": taken}
    return sent | {"goal": goal} | more


def as_shown(answer, *, left_out: tuple[int, ...] = ()) -> dict:
    """Return what the preview that was answered sends when it is confirmed."""
    lines = answer.context["lines"]
    return {
        "goal": answer.context["key"],
        "title": [each.text for each in lines],
        "description": [each.more for each in lines],
        "client_id": [each.client_id for each in lines],
        "take": [each.client_id for n, each in enumerate(lines) if n not in left_out],
    }


def stored() -> list[tuple[str, str, str | None]]:
    rows = Measure.objects.order_by("goal__order", "order")
    return list(rows.values_list("title", "description", "goal__text"))


def test_nothing_is_stored_before_the_lines_were_seen(editor, page, goal):
    answer = preview(editor, page, "1. WLAN\tam Rhein\n2. Bus\n\n", goal.pk)
    assert (answer.status_code, shown(answer)) == (
        200, [("WLAN", "am Rhein", True), ("Bus", "", True)],
    )  # fmt: skip
    assert stored() == []


def test_what_was_confirmed_stands_under_the_goal_in_its_order(editor, page, field, goal, measure):
    answer = preview(editor, page, "Rad\tzu leihen\nBahn\nFähre", goal.pk)
    answer = editor.post(page, as_shown(answer, left_out=(1,)))
    here = f"{field.get_absolute_url()}#title-{goal.pk}"
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert stored() == [
        ("WLAN", "", goal.text), ("Rad", "zu leihen", goal.text), ("Fähre", "", goal.text),
    ]  # fmt: skip
    said = ngettext("%(count)d line is added.", "%(count)d lines are added.", 2) % {"count": 2}
    assert [str(each) for each in get_messages(answer.wsgi_request)] == [said]


def test_a_double_click_stores_each_line_once(editor, page, goal):
    sent = confirmed("Bus", "Bahn", goal=goal.pk)
    assert [editor.post(page, sent).status_code for _twice in range(2)] == [302, 302]
    assert [title for title, *_rest in stored()] == ["Bus", "Bahn"]


def test_what_is_there_already_is_named_and_left_out_unless_somebody_ticks_it(
    editor, page, goal, measure
):
    answer = preview(editor, page, "wlan\nBus\n Bus ", goal.pk)
    assert shown(answer) == [("wlan", "", False), ("Bus", "", True), ("Bus", "", False)]
    there = gettext("Is there already: %(what)s")
    notes = [each.note for each in answer.context["lines"]]
    assert notes == [there % {"what": "M1 WLAN"}, "", there % {"what": "Bus"}]


def test_what_is_like_another_measure_is_named_and_stays_ticked(editor, page, goal, measure):
    measure.title = "Bürgerbus auf Zuruf"
    measure.save()
    answer = preview(editor, page, "Ein Bürgerbus\nRad", goal.pk)
    notes = [(each.note, each.is_taken) for each in answer.context["lines"]]
    similar = gettext("Similar: %(what)s") % {"what": "M1 Bürgerbus auf Zuruf"}
    assert notes == [(similar, True), ("", True)]


def test_too_long_lines_are_named_with_their_length_all_at_once_and_none_is_stored(
    editor, page, goal
):
    long = ["x" * 201, "Bus", "y" * 300]
    said = [[gettext(TOO_LONG) % {"length": n, "limit": 200}] for n in (201, 300)]
    wanted = [said[0], [], said[1]]
    answer = preview(editor, page, "\n".join(long), goal.pk)
    assert [each.errors for each in answer.context["lines"]] == wanted
    answer = editor.post(page, confirmed(*long, goal=goal.pk))
    assert answer.status_code == 422
    assert [each.errors for each in answer.context["lines"]] == wanted
    assert stored() == []
    left_out = confirmed(*long, goal=goal.pk, left_out=(0, 2))
    assert editor.post(page, left_out).status_code == 302
    assert [title for title, *_rest in stored()] == ["Bus"]


def test_lines_become_goals_behind_those_that_are_there(editor, page, field, goal):
    answer = preview(editor, page, f"{goal.text}\nJugend\tgestaltet mit\nNiemand allein", "goals")
    assert shown(answer) == [
        (goal.text, "", False), ("Jugend", "gestaltet mit", True), ("Niemand allein", "", True),
    ]  # fmt: skip
    assert answer.context["more"] == gettext("indicator").capitalize()
    sent = as_shown(answer)
    for _twice in range(2):
        answer = editor.post(page, sent)
        assert answer["Location"] == f"{field.get_absolute_url()}#new-goal"
    assert list(field.goals.values_list("text", "indicator", "order")) == [
        (goal.text, "", 1), ("Jugend", "gestaltet mit", 2), ("Niemand allein", "", 3),
    ]  # fmt: skip
    assert Measure.objects.count() == 0


@pytest.mark.parametrize(("said", "count"), [("Jugend", 1), ("Jugend\tgestaltet mit", 2)])
def test_a_goal_that_is_there_is_added_once_more_only_if_it_says_more(
    said, count, editor, page, field, goal
):
    Goal.objects.update(text="Jugend", indicator="macht mit")
    assert editor.post(page, confirmed(said, goal="goals")).status_code == 302
    assert field.goals.count() == count


def test_a_goal_may_be_longer_than_a_title(editor, page, field):
    answer = preview(editor, page, f"{'x' * 500}\n{'y' * 501}", "goals")
    errors = [each.errors for each in answer.context["lines"]]
    assert errors == [[], [gettext(TOO_LONG) % {"length": 501, "limit": 500}]]


def test_what_stands_beside_a_line_may_be_too_long_as_well(editor, page, goal):
    for key, length, label in ((goal.pk, 2000, "description"), ("goals", 300, "indicator")):
        said = gettext(TOO_LONG) % {"length": length + 1, "limit": length}
        answer = editor.post(page, confirmed(f"Bus\t{'x' * (length + 1)}", goal=key))
        [line] = answer.context["lines"]
        assert line.errors == [f"{gettext(label).capitalize()}: {said}"]
    assert (stored(), Goal.objects.count()) == ([], 1)


def test_at_most_a_hundred_lines_are_taken_and_the_text_comes_back(editor, page):
    text = "\n".join(f"Kurs {number}" for number in range(101))
    answer = preview(editor, page, text)
    assert (answer.status_code, answer.context["lines"]) == (422, [])
    assert answer.context["form"]["text"].value() == text
    answer = preview(editor, page, text, headers=FRAGMENT)
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert "101" in answer.content.decode()
    assert len(shown(preview(editor, page, text.rpartition("\n")[0]))) == 100


@pytest.mark.parametrize("text", ["", " \n ", "-\n•\n"])
def test_a_text_without_words_is_refused(text, editor, page):
    answer = preview(editor, page, text)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])


def test_without_a_single_tick_nothing_happens_and_it_is_said(editor, page):
    answer = editor.post(page, confirmed("Bus", left_out=(0,)))
    said = gettext("Please tick at least one line.")
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (422, [said])
    assert shown(answer) == [("Bus", "", False)]


def test_a_goal_removed_meanwhile_is_told_and_no_line_is_lost(editor, page, goal):
    Goal.objects.update(is_removed=True)
    answer = editor.post(page, confirmed("Bus", goal=goal.pk))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["goal"])
    assert (shown(answer), stored()) == ([("Bus", "", True)], [])


def test_all_lines_are_for_one_municipality(editor, page, workshop, goal, other_workshop):
    assert "municipality" not in editor.get(page).context["form"].fields
    partner = Municipality.objects.create(name="Ingelheim am Rhein")
    seat = WorkshopMunicipality.objects.create(workshop=workshop, municipality=partner, seat=2)
    sent = confirmed("Bus", "Bahn", goal=goal.pk, municipality=partner.pk)
    assert editor.post(page, sent).status_code == 302
    assert {*Measure.objects.values_list("municipality__name", flat=True)} == {"Ingelheim am Rhein"}
    foreign = other_workshop.municipalities.get().pk
    answer = editor.post(page, confirmed("Rad", goal=goal.pk, municipality=foreign))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["municipality"])
    seat.delete()
    assert editor.post(page, confirmed("Rad", goal=goal.pk, municipality="")).status_code == 302


def test_what_no_preview_sends_is_no_request(editor, page):
    sent = confirmed("Bus", "Bahn")
    twice = {"client_id": sent["client_id"][:1] * 2}
    for wrong in ({"description": [""]}, {"client_id": ["x", "y"]}, twice):
        assert editor.post(page, sent | wrong).status_code == 400
    assert editor.post(page, confirmed(*["Bus"] * 101)).status_code == 400
    assert stored() == []


def test_faulty_lines_are_listed_at_the_top_each_with_a_way_to_it(editor, page, goal):
    sent = confirmed("Bus", "", "x" * 201, goal=goal.pk)
    answer = editor.post(page, sent)
    line = gettext("Line %(number)s")
    assert answer.context["faults"] == [
        (f"paste-text-{goal.pk}-2", f"{line % {'number': 2}}: {gettext('Please enter a title.')}"),
        (
            f"paste-text-{goal.pk}-3",
            f"{line % {'number': 3}}: {gettext(TOO_LONG) % {'length': 201, 'limit': 200}}",
        ),
    ]
    text = answer.content.decode()
    found = [text.count(f'{name}="{mark}paste-text-{goal.pk}-3"') for name, mark in FAULTY]
    assert (found, text.count("autofocus")) == ([1, 1], 1)


def test_what_comes_again_with_another_text_is_another_line(editor, page, goal):
    sent = confirmed("Bus", "Bahn", goal=goal.pk)
    editor.post(page, sent)
    Measure.objects.filter(title="Bahn").update(title="Stadtbahn")  # somebody has changed it
    editor.post(page, sent | {"title": ["Bürgerbus", "Bahn"]})
    rows = Measure.objects.order_by("number")
    assert list(rows.values_list("number", "title", "order")) == [
        (1, "Bus", 1), (2, "Stadtbahn", 2), (3, "Bürgerbus", 3),
    ]  # fmt: skip


# On the board -----------------------------------------------------------------------------------


def test_on_the_board_the_preview_alone_is_answered(editor, page, goal):
    answer = preview(editor, page, "Bus\nBahn", goal.pk, headers=FRAGMENT)
    used = {each.name for each in answer.templates}
    assert ("measures/board/_paste.html" in used, "base.html" in used) == (True, False)
    add = ngettext("Add %(count)s measure", "Add %(count)s measures", 2) % {"count": 2}
    assert answer.context["add"]["now"] == add


def test_on_the_board_what_was_confirmed_is_answered_with_a_sentence(editor, page, goal):
    sent = confirmed("Bus", "Bahn", goal=goal.pk)
    said = ngettext("%(count)d line is added.", "%(count)d lines are added.", 2) % {"count": 2}
    for _twice in range(2):
        answer = editor.post(page, sent, headers=FRAGMENT)
        assert (answer.status_code, answer.content.decode()) == (201, f"{said}\n")
        assert [*get_messages(answer.wsgi_request)] == []
    assert [title for title, *_rest in stored()] == ["Bus", "Bahn"]


def test_on_the_board_refused_lines_come_back_as_they_were_with_the_reasons(editor, page, goal):
    sent = confirmed("Bus\tauf Zuruf", "x" * 201, "Rad", goal=goal.pk, left_out=(2,))
    answer = editor.post(page, sent, headers=FRAGMENT)
    assert (answer.status_code, stored()) == (422, [])
    assert shown(answer) == [("Bus", "auf Zuruf", True), ("x" * 201, "", True), ("Rad", "", False)]
    assert [str(each.client_id) for each in answer.context["lines"]] == sent["client_id"]
    assert [len(each.errors) for each in answer.context["lines"]] == [0, 1, 0]
    assert answer.context["text"] == f"Bus\tauf Zuruf\n{'x' * 201}\nRad"
    assert answer.content.count(b"data-refused") == 1


def test_on_the_board_a_goal_removed_meanwhile_costs_nothing(editor, page, goal):
    """Like a single line: the measures stand with those that the goal has left."""
    Goal.objects.update(is_removed=True)
    assert preview(editor, page, "Bus\nBahn", goal.pk, headers=FRAGMENT).status_code == 200
    answer = editor.post(page, confirmed("Bus", goal=goal.pk), headers=FRAGMENT)
    assert (answer.status_code, stored()) == (201, [("Bus", "", goal.text)])


def test_on_the_board_another_municipality_is_chosen_where_one_has_left(
    editor, page, workshop, goal, other_workshop
):
    partner = Municipality.objects.create(name="Ingelheim am Rhein")
    WorkshopMunicipality.objects.create(workshop=workshop, municipality=partner, seat=2)
    foreign = other_workshop.municipalities.get().pk
    asked = {"text": "Bus\nBahn", "goal": goal.pk, "municipality": foreign}
    sent = confirmed("Bus", "Bahn", goal=goal.pk, municipality=foreign)
    for each in (asked, sent):
        answer = editor.post(page, each, headers=FRAGMENT)
        assert (answer.status_code, [*answer.context["form"].errors]) == (422, ["municipality"])
        assert [text for text, *_rest in shown(answer)] == ["Bus", "Bahn"]
        assert answer.content.count(f'id="paste-{goal.pk}-municipality"'.encode()) == 1


# What it costs ----------------------------------------------------------------------------------


def test_a_preview_takes_the_same_queries_for_one_line_and_for_three(
    editor, page, goal, measure, django_assert_num_queries
):
    with django_assert_num_queries(6):
        preview(editor, page, "Bus", goal.pk)
    with django_assert_num_queries(6):
        preview(editor, page, "Bus\nWLAN\nRad", goal.pk)


@pytest.mark.parametrize(("key", "queries"), [("none", 19), ("goals", 18)])
def test_thirty_lines_are_stored_with_the_queries_of_one(
    key, queries, editor, page, django_assert_num_queries
):
    editor.post(page, confirmed("Vorweg", goal=key), headers=FRAGMENT)  # the browser gets a name
    for first, count in ((1, 1), (2, 30)):
        sent = confirmed(*(f"Kurs {first + n}" for n in range(count)), goal=key)
        with django_assert_num_queries(queries):
            assert editor.post(page, sent, headers=FRAGMENT).status_code == 201
    assert (Measure if key == "none" else Goal).objects.count() == 32


def test_thirty_lines_are_one_edit_with_their_authors_and_are_taken_back_at_once(
    editor, page, facilitator, workshop, goal
):
    editor.post(page, confirmed(*(f"Kurs {n}" for n in range(30)), goal=goal.pk), headers=FRAGMENT)
    records = Measure.history.values_list("history_type", "history_user", "number")
    assert sorted(records) == [("+", facilitator.pk, n) for n in range(1, 31)]
    board = editor.get(reverse("measures:field-capture", args=[workshop.pk, goal.field_id]))
    undo = reverse("measures:edit-undo", args=[workshop.pk])
    [edit] = re.findall(r'name="edit" value="(\w+)"', board.content.decode())
    editor.post(undo, {"edit": edit, "to": goal.field_id})
    assert Measure.objects.filter(is_removed=True).count() == 30
