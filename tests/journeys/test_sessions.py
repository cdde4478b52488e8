"""The committee meets: an agenda from the ranking, point by point on the projector, by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from measures.models import Measure, Remark, Session
from tests.deciding import hold
from tests.rating import save_rating
from workshops.models import Ballot

# Title: relevance and feasibility of six people.
ROOM = {
    "Mitte": [(4, 4)] * 6,
    "Leuchtturm": [(5, 2)] * 6,
    "Streitfall": [(1, 3)] * 3 + [(5, 3)] * 3,
    "Ladenhüter": [(2, 2)] * 6,
}


@pytest.fixture
def rated(at, workshop, field, goal):
    ballots = [Ballot.objects.create(workshop=workshop, source="account") for _each in range(6)]
    for order, (title, pairs) in enumerate(ROOM.items(), start=1):
        measure = Measure.objects.create(
            workshop=workshop, field=field, goal=goal, title=title, order=order,
            description="Was die Maßnahme bringt, steht hier in zwei ganz gewöhnlichen Sätzen. "
            "Der zweite sagt, wer sie braucht und was dafür schon vorhanden ist.",
        )  # fmt: skip
        for ballot, (relevance, feasibility) in zip(ballots, pairs, strict=True):
            save_rating(
                ballot=ballot, measure=measure, relevance=relevance, feasibility=feasibility
            )
    return at("deliberating")


def agenda(page: Page, *titles: str) -> None:
    expect(page.locator(".agenda__title strong")).to_have_text([*titles])


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_the_office_calls_a_session_and_composes_its_agenda(
    new_page, enter, rated, administrator, axe, script
):
    page = enter(new_page(java_script_enabled=script), administrator)
    page.goto(f"/workshops/{rated.pk}/sessions/")
    page.locator("main a[href$='/sessions/add/']").click()
    page.locator("#id_committee").fill("Digitalausschuss")
    page.locator("#id_date").fill("2026-12-03")
    page.locator("main button[type=submit]").click()
    page.locator("#id_count").fill("2")
    page.locator("[name=by][value=ranking]").click()
    agenda(page, "Mitte", "Leuchtturm")
    page.locator("main form[action$='/agenda/add/'] summary").click()
    page.get_by_label("Ladenhüter").check()
    page.locator("main form[action$='/agenda/add/'] button").last.click()
    agenda(page, "Mitte", "Leuchtturm", "Ladenhüter")
    page.locator("[name=direction][value=first]").last.click()
    agenda(page, "Ladenhüter", "Mitte", "Leuchtturm")
    page.locator("form[action$='/remove/'] button").first.click()
    agenda(page, "Mitte", "Leuchtturm")
    page.locator("form[action$='/fill/'] [name=by][value=talk]").click()
    agenda(page, "Mitte", "Leuchtturm", "Streitfall")
    page.locator("form[action$='/order/'] [name=by][value=talk]").click()
    agenda(page, "Streitfall", "Mitte", "Leuchtturm")
    if script:
        assert axe(page) == []


@pytest.fixture
def session(rated) -> Session:
    return hold(rated, *Measure.objects.filter(workshop=rated).order_by("number"))


def test_a_point_fits_on_the_projector_and_arrow_keys_lead_on(
    new_page, enter, session, committee_member, axe
):
    page = enter(new_page(viewport={"width": 1920, "height": 1080}), committee_member)
    page.goto(session.get_absolute_url())
    page.locator("main .kern-btn--primary").first.click()
    expect(page.locator("h1")).to_have_text("M1 Mitte")
    page.wait_for_load_state()  # the words are there before the style sheets are
    seen = page.evaluate(
        """() => [...document.querySelectorAll('.item *')]
          .every((each) => each.getBoundingClientRect().bottom <= innerHeight)"""
    )
    letters = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.item p')).fontSize)"
    )
    assert (seen, letters >= 20, axe(page)) == (True, True, [])
    for key, title in (
        ("ArrowRight", "M2 Leuchtturm"), ("ArrowRight", "M3 Streitfall"),
        ("ArrowRight", "M4 Ladenhüter"), ("ArrowRight", "M4 Ladenhüter"),
        ("ArrowLeft", "M3 Streitfall"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(page.locator("h1")).to_have_text(title)


def test_arrow_keys_stay_in_the_text_that_somebody_writes(
    new_page, enter, session, committee_member
):
    page = enter(new_page(), committee_member)
    page.goto(f"{session.get_absolute_url()}measures/2/")
    expect(page.locator(".item__remarks textarea")).to_be_hidden()
    page.locator(".item__remarks summary").press("Enter")
    text = page.locator(".item__remarks textarea")
    text.fill("Wer zahlt?")
    text.press("ArrowLeft")
    text.press("ArrowRight")
    expect(page.locator("h1")).to_have_text("M2 Leuchtturm")
    page.locator(".item__remarks form button").last.click()
    # Back at the same point, and the remark is to be seen.
    expect(page.locator(".remark")).to_be_visible()
    expect(page.locator("h1")).to_have_text("M2 Leuchtturm")
    assert [each.text for each in Remark.objects.all()] == ["Wer zahlt?"]


@pytest.mark.parametrize("width", [320, 1280])
def test_a_long_agenda_stays_readable(new_page, enter, rated, administrator, width):
    field = rated.fields.first()
    measures = [
        Measure.objects.create(
            workshop=rated, field=field, title=f"Donaudampfschifffahrtsgesellschaft {n}", order=n
        )
        for n in range(1, 127)
    ]
    session = hold(rated, *measures)
    page = enter(new_page(viewport={"width": width, "height": 800}), administrator)
    page.goto(session.get_absolute_url())
    assert page.locator(".agenda__point").count() == 126
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("[name=direction][value=first]").last.click()
    expect(page.locator(".agenda__title strong").first).to_have_text(measures[-1].title)


def test_the_agenda_prints_as_an_agenda(new_page, enter, session, administrator):
    page = enter(new_page(), administrator)
    page.goto(session.get_absolute_url())
    page.emulate_media(media="print")
    shown = [
        page.locator(each).first.is_visible()
        for each in ("h1", ".agenda", ".compose", ".row__actions", ".topbar__ways", ".form-actions")
    ]
    assert shown == [True, True, False, False, False, False]


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_moving_a_point_keeps_the_button_under_the_finger(
    new_page, enter, rated, administrator, script
):
    measures = {measure.title: measure for measure in Measure.objects.all()}
    session = hold(rated, *measures.values())
    item = session.items.get(measure=measures["Mitte"])
    page = enter(new_page(java_script_enabled=script), administrator)
    page.goto(session.get_absolute_url())
    for step, place in (("down", 2), ("up", 1), ("up", 1), ("last", 4), ("first", 1)):
        with page.expect_navigation():
            page.locator(f"#{step}-{item.pk}").press("Enter")
        expect(page.locator(f"#{step}-{item.pk}")).to_be_focused()
        expect(page.locator(f"#item-{item.pk} > .agenda__number")).to_have_text(str(place))
