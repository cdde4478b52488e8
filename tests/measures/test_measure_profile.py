"""The profile of a measure: seven questions, stored with a version."""

import pytest
from django.urls import reverse

from measures.models import PROFILE_FIELDS, Measure

ANSWERS = {name: f"Antwort auf {name}" for name in PROFILE_FIELDS}


@pytest.fixture
def url(workshop, measure) -> str:
    return reverse("measures:measure-profile", args=[workshop.pk, measure.number])


def stored() -> dict:
    return Measure.objects.values(*PROFILE_FIELDS).get()


def test_the_core_questions_stand_in_the_agreed_order(editor, url):
    assert PROFILE_FIELDS == (
        "intended_result", "target_group", "stakeholders", "lead", "resources", "schedule",
        "success_signs",
    )  # fmt: skip
    form = editor.get(url).context["form"]
    assert tuple(name for name in form.fields if name != "seen") == PROFILE_FIELDS


def test_the_answers_are_stored_and_shown_on_the_page_of_the_measure(editor, url, measure):
    response = editor.post(url, ANSWERS | {"seen": measure.version})
    assert (response.status_code, response["Location"]) == (302, measure.get_absolute_url())
    assert stored() == ANSWERS
    shown = editor.get(measure.get_absolute_url()).context["profile"]
    assert [text for _field, text in shown] == [*ANSWERS.values()]


def test_a_profile_may_be_emptied(editor, url, measure):
    editor.post(url, ANSWERS | {"seen": measure.version})
    version = Measure.objects.get().version
    assert editor.post(url, {"seen": version, "lead": "  "}).status_code == 302
    assert (stored(), Measure.objects.get().has_profile) == (
        dict.fromkeys(PROFILE_FIELDS, ""),
        False,
    )


def test_a_later_answer_gets_409_with_both_texts(editor, url, measure):
    editor.post(url, {"lead": "Bauamt", "seen": measure.version})
    late = editor.post(url, {"lead": "Hauptamt", "seen": measure.version})
    [difference] = late.context["differences"]
    texts = (difference["stored"], difference["typed"])
    assert (late.status_code, texts, stored()["lead"]) == (409, ("Bauamt", "Hauptamt"), "Bauamt")
    again = {"lead": "Hauptamt", "seen": late.context["form"]["seen"].value()}
    assert editor.post(url, again).status_code == 302
    assert stored()["lead"] == "Hauptamt"


def test_a_typed_title_meanwhile_is_a_conflict_too_but_names_no_difference_here(
    editor, url, measure
):
    seen = measure.version
    measure.title = "WLAN überall"
    measure.save()
    late = editor.post(url, {"lead": "", "seen": seen})
    assert (late.status_code, late.context["differences"]) == (409, [])


def test_too_long_answers_are_refused(editor, url, measure):
    for text in ("x" * 2001, "x" * 2000 + "\0y"):
        response = editor.post(url, {"lead": text, "seen": measure.version})
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["lead"])
    assert stored()["lead"] == ""


def test_a_title_sent_along_is_ignored(editor, url, measure):
    editor.post(url, {"title": "Anders", "number": 7, "lead": "Amt", "seen": measure.version})
    found = Measure.objects.get()
    assert (found.title, found.number, found.lead) == ("WLAN", 1, "Amt")
