"""Goals are typed as fast as measures: nothing is lost between two lines."""

import pytest

from fields.models import Goal


@pytest.mark.parametrize("delay", [5, 60], ids=["at once", "like a person"])
def test_goals_typed_in_a_stream_lose_no_letter(
    page, live_server, enter, workshop, field, facilitator, delay
):
    enter(page, facilitator)
    page.goto(f"{live_server.url}{field.get_absolute_url()}")
    page.locator("#new-goal").focus()
    goals = ["Jugend gestaltet mit", "Medienkompetenz in jedem Alter", "Alle sind online"]
    for goal in goals:
        page.keyboard.type(goal, delay=delay)
        page.keyboard.press("Enter")
    page.locator(f"h2:has-text('{goals[-1]}')").wait_for()
    assert list(Goal.objects.filter(field=field).values_list("text", flat=True)) == goals
    assert page.evaluate("document.activeElement.id") == "new-goal"
