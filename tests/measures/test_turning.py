"""What was typed in the wrong line changes its kind, and no word of it is lost."""

import json

import pytest
from django.urls import reverse

from fields.models import Goal
from measures.models import Measure
from tests.rating import save_rating


@pytest.fixture
def editor(signed_in, facilitator, at):
    at("collecting")
    return signed_in(facilitator)


@pytest.fixture
def second(field) -> Goal:
    return Goal.objects.create(field=field, text="Freies WLAN am Hafen", order=2)


def to_measure(workshop, goal: Goal) -> str:
    return reverse("measures:goal-to-measure", args=[workshop.pk, goal.pk])


def to_goal(workshop, measure: Measure) -> str:
    return reverse("measures:measure-to-goal", args=[workshop.pk, measure.number])


def test_a_goal_becomes_a_measure_of_the_goal_before_it(workshop, field, goal, second, editor):
    response = editor.post(to_measure(workshop, second))
    measure = workshop.measures.get(title="Freies WLAN am Hafen")
    assert response["Location"] == (
        f"{field.get_absolute_url()}?removed=goal-{second.pk}#edit-{measure.number}"
    )
    assert (measure.goal, measure.field, measure.description) == (goal, field, "")
    second.refresh_from_db()
    assert second.is_removed


def test_the_first_goal_becomes_a_measure_without_a_goal(workshop, goal, editor):
    editor.post(to_measure(workshop, goal))
    assert workshop.measures.get(title=goal.text).goal is None


def test_a_long_goal_and_its_indicator_are_the_description(workshop, goal, second, editor):
    text = "Alle " * 60 + "zusammen"
    Goal.objects.filter(pk=second.pk).update(text=text, indicator="Zahl der Zugänge")
    editor.post(to_measure(workshop, second))
    measure = workshop.measures.latest("pk")
    assert (len(measure.title) <= 200, measure.title[-5:]) == (True, "Alle…")
    assert measure.description == f"{text}\nIndikator: Zahl der Zugänge"


def test_a_goal_with_measures_stays_a_goal(workshop, field, goal, measure, editor):
    Measure.objects.filter(pk=measure.pk).update(goal=goal)
    headers = {"HX-Request": "true"}
    page = editor.post(to_measure(workshop, goal), follow=True)
    fragment = editor.post(to_measure(workshop, goal), headers=headers)
    goal.refresh_from_db()
    assert (goal.is_removed, workshop.measures.count()) == (False, 1)
    why = "Nur ein Ziel ohne Maßnahmen kann zur Maßnahme werden."
    assert [(each.level_tag, each.message) for each in page.context["messages"]] == [("error", why)]
    assert (fragment.status_code, fragment.content.decode()) == (422, f"{why}\n")
    told = {"toast": {"level": "danger", "text": why}}
    assert (fragment["HX-Reswap"], json.loads(fragment["HX-Trigger"])) == ("none", told)


def test_both_can_be_taken_back_where_they_stood(workshop, field, goal, second, measure, editor):
    page = editor.post(to_goal(workshop, measure), follow=True)
    restore = reverse("measures:measure-restore", args=[workshop.pk, measure.number])
    assert page.context["undo"]["url"] == restore
    page = editor.post(to_measure(workshop, second), follow=True)
    restore = reverse("measures:goal-restore", args=[workshop.pk, second.pk])
    assert page.context["undo"]["url"] == restore


def test_a_measure_becomes_a_goal_behind_the_one_it_stood_under(
    workshop, field, goal, second, measure, editor
):
    Measure.objects.filter(pk=measure.pk).update(goal=goal, description="Am Bahnhof zuerst.")
    response = editor.post(to_goal(workshop, measure))
    goals = list(field.goals.standing())
    assert [each.text for each in goals] == [goal.text, "WLAN", "Freies WLAN am Hafen"]
    assert response["Location"] == (
        f"{field.get_absolute_url()}?removed=measure-{measure.number}#title-{goals[1].pk}"
    )
    measure.refresh_from_db()
    assert (measure.is_removed, measure.description) == (True, "Am Bahnhof zuerst.")


def test_a_rated_measure_stays_a_measure(workshop, field, measure, ballots, editor):
    save_rating(ballots(1)[0], measure, relevance=4, feasibility=4)
    editor.post(to_goal(workshop, measure))
    measure.refresh_from_db()
    assert (measure.is_removed, field.goals.filter(text="WLAN").exists()) == (False, False)


def test_a_second_click_changes_nothing(workshop, field, goal, second, measure, editor):
    for _click in range(2):
        editor.post(to_measure(workshop, second))
        editor.post(to_goal(workshop, measure))
    assert workshop.measures.filter(title="Freies WLAN am Hafen").count() == 1
    assert field.goals.filter(text="WLAN").count() == 1
