"""Several lines at once: shown first, then stored as measures or as goals, all or none."""

import uuid

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from fields.models import Goal
from measures.models import Measure
from workshops.models import Municipality, WorkshopMunicipality

FRAGMENT = {"HX-Request": "true"}
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
    return [(each.title, each.description, each.is_taken) for each in response.context["lines"]]


def confirmed(*titles: str, goal: object = "none", left_out: tuple[int, ...] = (), **more) -> dict:
    """Return what the preview sends for these lines."""
    ids = [str(uuid.uuid4()) for _title in titles]
    taken = [pk for number, pk in enumerate(ids) if number not in left_out]
    sent = {"title": titles, "description": [""] * len(ids), "client_id": ids, "take": taken}
    return sent | {"goal": goal} | more


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
    lines = answer.context["lines"]
    sent = {
        "goal": goal.pk,
        "title": [each.title for each in lines],
        "description": [each.description for each in lines],
        "client_id": [each.client_id for each in lines],
        "take": [lines[0].client_id, lines[2].client_id],
    }
    answer = editor.post(page, sent)
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
    answer = preview(editor, page, f"{goal.text}\nJugend\tgestaltet mit", "goals")
    assert shown(answer) == [
        (goal.text, "", False), ("Jugend", "gestaltet mit", True),
    ]  # fmt: skip
    sent = confirmed(goal.text, "Jugend gestaltet mit", "Niemand bleibt zurück", goal="goals")
    for _twice in range(2):
        answer = editor.post(page, sent)
        assert answer["Location"] == f"{field.get_absolute_url()}#new-goal"
    assert list(field.goals.values_list("text", flat=True)) == [
        goal.text, "Jugend gestaltet mit", "Niemand bleibt zurück",
    ]  # fmt: skip
    assert Measure.objects.count() == 0


def test_a_goal_may_be_longer_than_a_title(editor, page, field):
    answer = preview(editor, page, f"{'x' * 500}\n{'y' * 501}", "goals")
    errors = [len(each.errors) for each in answer.context["lines"]]
    assert (errors, answer.context["limit"]) == ([0, 1], 500)


def test_at_most_a_hundred_lines_are_taken_and_the_text_comes_back(editor, page):
    text = "\n".join(f"Kurs {number}" for number in range(101))
    answer = preview(editor, page, text)
    assert (answer.status_code, answer.context["lines"]) == (422, None)
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


def test_half_lines_and_more_than_were_shown_are_no_request(editor, page):
    sent = confirmed("Bus", "Bahn")
    assert editor.post(page, sent | {"description": [""]}).status_code == 400
    assert editor.post(page, confirmed(*["Bus"] * 101)).status_code == 400


def test_a_line_with_a_made_up_id_is_refused_in_its_place(editor, page):
    sent = confirmed("Bus") | {"client_id": ["x"], "take": ["x"]}
    answer = editor.post(page, sent)
    assert (answer.status_code, len(answer.context["lines"][0].errors)) == (422, 1)


def test_on_the_board_the_preview_alone_is_answered(editor, page, goal):
    answer = preview(editor, page, "Bus\nBahn", goal.pk, headers=FRAGMENT)
    used = {each.name for each in answer.templates}
    assert ("measures/board/_paste.html" in used, "base.html" in used) == (True, False)
    add = ngettext("Add %(count)s measure", "Add %(count)s measures", 2) % {"count": 2}
    assert answer.context["add"]["now"] == add


def test_a_preview_takes_the_same_queries_for_one_line_and_for_three(
    editor, page, goal, measure, django_assert_num_queries
):
    with django_assert_num_queries(7):
        preview(editor, page, "Bus", goal.pk)
    with django_assert_num_queries(7):
        preview(editor, page, "Bus\nWLAN\nRad", goal.pk)
