"""Two change one line at once: both texts are shown with what differs, and neither is lost."""

import pytest
from django.urls import reverse

from fields.models import Goal
from measures.board.clash import marked
from measures.models import Measure
from tests.people import FRAGMENT
from workshops.models import Edit

BESIDE = "?"


@pytest.fixture
def edit(workshop, measure) -> str:
    return reverse("measures:measure-edit", args=[workshop.pk, measure.number])


def texts(measure, title: str, seen: int = 1) -> dict:
    return {
        "title": title, "time_horizon": measure.time_horizon, "field": measure.field_id,
        "goal": measure.goal_id, "seen": seen,
    }  # fmt: skip


def history(measure) -> list[tuple[str, str, str | None]]:
    states = measure.history.order_by("history_id")
    return list(states.values_list("title", "history_type", "history_change_reason"))


@pytest.mark.parametrize(
    ("one", "other", "first", "second"),
    [
        ("Karte für Stadt und Region", "Karte für Bus und Museen",
         "Karte für <mark>Stadt</mark> und <mark>Region</mark>",
         "Karte für <mark>Bus</mark> und <mark>Museen</mark>"),
        ("WLAN", "WLAN am Ufer", "WLAN", "WLAN <mark>am Ufer</mark>"),
        ("", "<b>", "<mark>(leer)</mark>", "<mark>&lt;b&gt;</mark>"),
    ],
)  # fmt: skip
def test_the_words_that_differ_are_marked(one, other, first, second):
    assert marked(one, other) == (first, second)


def test_both_texts_stand_in_the_line_with_who_wrote_the_other(table, field, measure, edit):
    one, other = table("Tisch 4", field), table("Tisch 7", field)
    other.post(edit, texts(measure, "Freies WLAN"))
    late = one.post(edit, texts(measure, "WLAN überall"), headers=FRAGMENT)
    clash = late.context["clash"]
    assert (late.status_code, clash.by) == (409, "Tisch 7")
    assert [(part.stored, part.typed) for part in clash.parts] == [
        ("<mark>Freies</mark> WLAN", "WLAN <mark>überall</mark>")
    ]
    assert "M1 wurde zugleich geändert" in late.text
    assert "Tisch 4 (hier)" in late.text


def test_the_loser_stays_in_the_history_whichever_is_taken(table, field, measure, edit):
    one, other = table("Tisch 4", field), table("Tisch 7", field)
    other.post(edit, texts(measure, "Freies WLAN"))
    for _again in range(2):  # a browser that tries again
        late = one.post(edit, texts(measure, "WLAN überall"))
    so_far = [
        ("WLAN", "+", None), ("Freies WLAN", "~", "Tisch 7"), ("WLAN überall", BESIDE, "Tisch 4"),
    ]  # fmt: skip
    assert (Measure.objects.get().title, history(measure)) == ("Freies WLAN", so_far)
    seen = late.context["form"]["seen"].value()
    one.post(edit, texts(measure, "WLAN überall", seen))  # "take this one"
    assert Measure.objects.get().title == "WLAN überall"
    assert history(measure) == [*so_far, ("WLAN überall", "~", "Tisch 4")]


def test_what_was_not_taken_is_no_step_that_anybody_takes_back(workshop, editor, measure, edit):
    editor.post(edit, texts(measure, "Freies WLAN"))
    late = editor.post(edit, texts(measure, "WLAN überall"))
    assert Edit.objects.count() == 1
    seen = late.context["form"]["seen"].value()
    editor.post(edit, texts(measure, "Beides", seen))
    undo = {"edit": Edit.objects.last().pk, "to": measure.field_id}
    editor.post(reverse("measures:edit-undo", args=[workshop.pk]), undo)
    assert Measure.objects.get().title == "Freies WLAN"


def test_two_who_wrote_the_same_have_no_conflict(editor, measure, edit):
    sent = [editor.post(edit, texts(measure, "Freies WLAN")) for _each in range(2)]
    assert [each.status_code for each in sent] == [302, 302]
    assert [kind for _title, kind, _by in history(measure)] == ["+", "~"]


def test_a_goal_that_two_changed_is_shown_the_same_way(workshop, editor, goal):
    page = reverse("measures:goal-edit", args=[workshop.pk, goal.pk])
    editor.post(page, {"text": "Alle sind im Netz", "seen": 1})
    late = editor.post(page, {"text": "Alle kommen hin", "seen": 1}, headers=FRAGMENT)
    assert (late.status_code, late.context["clash"].by) == (409, "")
    assert "Das Ziel wurde zugleich geändert" in late.text
    kinds = Goal.history.order_by("history_id").values_list("text", "history_type")
    assert list(kinds) == [
        ("Alle kommen ins Netz", "+"), ("Alle sind im Netz", "~"), ("Alle kommen hin", BESIDE),
    ]  # fmt: skip
