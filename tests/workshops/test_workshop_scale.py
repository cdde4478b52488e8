"""The scale: its length, its words, and that both are frozen by the first rating."""

import pytest
from django.urls import reverse

from tests.rating import agree_on, count_paper, save_rating
from workshops.models import Criterion
from workshops.scales import default_labels


@pytest.fixture
def url(workshop) -> str:
    return reverse("workshops:workshop-scale", args=[workshop.pk])


def words(workshop, criterion: str) -> list[str]:
    return [step.label for step in workshop.scale_steps.filter(criterion=criterion)]


def filled(drawn: int, **changes) -> dict:
    """Return a complete form for a scale of ``drawn`` steps."""
    labels = {
        f"{criterion}_{step}": f"{criterion} {step}"
        for criterion in ("relevance", "feasibility")
        for step in range(1, drawn + 1)
    }
    return {"steps": drawn, **labels, **changes}


def test_a_new_workshop_has_five_steps_with_german_words(workshop):
    assert workshop.steps == 5
    five = ["sehr gering", "gering", "mittel", "hoch", "sehr hoch"]
    assert [words(workshop, criterion) for criterion in Criterion] == [five, five]


@pytest.mark.parametrize("steps", [3, 4, 10])
def test_a_length_from_3_to_10_is_drawn_with_words_and_can_be_saved(workshop, editor, url, steps):
    form = editor.get(url, {"steps": steps}).context["form"]
    drawn = {name: form[name].value() for name in form.fields}
    assert editor.post(url, drawn).status_code == 302
    workshop.refresh_from_db()
    assert workshop.steps == steps
    for criterion in Criterion:
        assert words(workshop, criterion) == default_labels(steps)


def test_every_length_has_as_many_words_as_steps():
    lengths = {n: len(default_labels(n)) for n in range(3, 11)}
    assert lengths == {n: n for n in range(3, 11)}


def test_the_words_are_stored_and_a_shorter_scale_leaves_none_behind(workshop, editor, url):
    assert editor.post(url, filled(3)).status_code == 302
    assert words(workshop, "relevance") == ["relevance 1", "relevance 2", "relevance 3"]
    assert workshop.scale_steps.count() == 6


def test_another_length_than_3_to_10_draws_the_present_one(editor, url):
    for raw in ("2", "11", "-3", "drei", "5.0", "٥", "9" * 30, "", "3\t"):
        response = editor.get(url, {"steps": raw})
        assert (response.status_code, response.context["form"].drawn) == (200, 5)


def test_a_longer_scale_needs_the_words_of_every_step(workshop, editor, url):
    response = editor.post(url, filled(5, steps=7))
    assert (response.status_code, [*response.context["form"].errors]) == (
        422, ["relevance_6", "relevance_7", "feasibility_6", "feasibility_7"],
    )  # fmt: skip
    workshop.refresh_from_db()
    assert workshop.steps == 5


def test_a_wrong_word_or_length_is_explained_and_stores_nothing(workshop, editor, url):
    for name, value in [
        ("relevance_2", ""), ("relevance_2", "  "), ("feasibility_5", "x" * 61),
        ("steps", "elf"), ("steps", "11"), ("steps", "9" * 30),
    ]:  # fmt: skip
        response = editor.post(url, filled(5, **{name: value}))
        assert (response.status_code, [*response.context["form"].errors][-1]) == (422, name)
    assert words(workshop, "relevance") == default_labels(5)


def test_a_threshold_that_would_leave_the_scale_keeps_it_long(workshop, editor, url):
    workshop.relevance_threshold = 4
    workshop.save()
    assert editor.post(url, filled(3)).status_code == 422
    workshop.refresh_from_db()
    assert (workshop.steps, workshop.scale_steps.count()) == (5, 10)


@pytest.mark.parametrize("kind", ["ballot", "paper", "consensus"])
def test_the_first_rating_of_any_kind_freezes_the_scale(
    workshop, editor, url, measure, ballots, kind
):
    if kind == "ballot":
        save_rating(ballots(1)[0], measure, relevance=None, feasibility=None)
    elif kind == "paper":
        count_paper(measure=measure, criterion="relevance", step=1, count=1)
    else:
        agree_on(measure=measure, relevance=3)
    assert editor.get(url).context["frozen"] is True
    assert editor.post(url, filled(5)).status_code == 409
    assert editor.post(url, filled(3)).status_code == 409
    workshop.refresh_from_db()
    assert (workshop.steps, words(workshop, "relevance")) == (5, default_labels(5))
