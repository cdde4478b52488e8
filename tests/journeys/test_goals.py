"""Goals are typed as fast as measures: nothing is lost between two lines."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from fields.models import ActionField, Goal
from measures.models import Measure
from tests.journeys.conftest import Held

GOALS = ["Jugend gestaltet mit", "Medienkompetenz in jedem Alter", "Alle sind online"]


@pytest.fixture
def typist(page, live_server, enter, field, facilitator) -> Page:
    enter(page, facilitator).goto(f"{live_server.url}{field.get_absolute_url()}")
    page.locator("#new-goal").focus()
    return page


def texts(field: ActionField) -> list[str]:
    return list(field.goals.values_list("text", flat=True))


def test_goals_typed_at_once_lose_no_letter(typist, field):
    held = Held(typist, "**/goals/add/")
    for text in GOALS:
        typist.keyboard.type(text)
        typist.keyboard.press("Enter")
    for count in (1, 2, 3):
        held.arrive(count)
        held.let_go()
    typist.locator(f"h2:has-text('{GOALS[-1]}')").wait_for()
    assert texts(field) == GOALS


def test_the_board_is_drawn_anew_in_the_middle_of_the_next_goal(typist, field):
    held = Held(typist, "**/goals/add/")
    typist.keyboard.type(GOALS[0])
    typist.keyboard.press("Enter")
    for count, (stored, text) in enumerate(pairwise(GOALS), start=1):
        held.arrive(count)
        typist.keyboard.type(text[:7])
        held.let_go()
        typist.locator(f"h2:has-text('{stored}')").wait_for()
        typist.keyboard.type(text[7:])
        typist.keyboard.press("Enter")
    held.arrive(3)
    held.let_go()
    typist.locator(f"h2:has-text('{GOALS[-1]}')").wait_for()
    assert texts(field) == GOALS


def test_after_a_goal_its_measures_are_typed(page, live_server, enter, workshop, facilitator):
    field = ActionField.objects.create(workshop=workshop, name="Jugend", order=9)
    enter(page, facilitator)
    page.goto(f"{live_server.url}{field.get_absolute_url()}")
    expect(page.locator("#new-goal")).to_be_focused()
    page.keyboard.type("Jugend gestaltet mit")
    page.keyboard.press("Enter")
    page.locator("h2:has-text('Jugend gestaltet mit')").wait_for()
    goal = Goal.objects.get(field=field)
    expect(page.locator(f"#title-{goal.pk}")).to_be_focused()
    for title in ("Jugendrat online", "WLAN im Jugendhaus"):
        page.keyboard.type(title)
        page.keyboard.press("Enter")
    page.locator(".line:has-text('WLAN im Jugendhaus') .code:has-text('M')").wait_for()
    measures = Measure.objects.filter(goal=goal).order_by("order")
    assert list(measures.values_list("title", flat=True)) == [
        "Jugendrat online",
        "WLAN im Jugendhaus",
    ]
    assert Goal.objects.filter(field=field).count() == 1


def test_a_typist_begins_at_the_last_goal_and_is_told_of_an_empty_line(
    page, live_server, enter, workshop, field, goal, measure, facilitator, axe
):
    enter(page, facilitator)
    page.goto(f"{live_server.url}{field.get_absolute_url()}")
    title = page.locator(f"#title-{goal.pk}")
    expect(title).to_be_focused()
    page.keyboard.press("Enter")
    errors = page.locator(f"#errors-{goal.pk}")
    expect(errors).to_have_text("Bitte geben Sie zuerst einen Text ein.")
    expect(title).to_have_attribute("aria-invalid", "true")
    assert axe(page) == []
    page.keyboard.type("W")
    expect(errors).to_be_empty()
    assert title.get_attribute("aria-invalid") is None
