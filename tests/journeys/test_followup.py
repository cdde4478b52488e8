"""Following up: somebody reports, the committee sees what moved, with any device and setting."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from measures.models import Measure, Session, StatusEntry
from tests.deciding import decide
from tests.today import TODAY
from workshops.models import Workshop

pytestmark = pytest.mark.usefixtures("one_day")

DAY = timedelta(days=1)
# Title: implementation time, days until it is due, the states reported so far.
FOLLOWED = {
    "WLAN": ("short", -12, ["not_started", "running"]),
    "Bus": ("medium", 200, ["delayed"]),
    "Kino": ("long", 900, ["running", "done"]),
    "Digitalisierungsbeauftragtenvernetzungstreffen": ("unknown", None, ["stopped"]),
    "Museum": ("short", 40, []),
}


@pytest.fixture
def followed(at, workshop, field, goal) -> Workshop:
    session = Session.objects.create(
        workshop=workshop, committee="Digitalausschuss", date=TODAY - 100 * DAY
    )
    for order, (title, (horizon, days, states)) in enumerate(FOLLOWED.items(), start=1):
        measure = Measure.objects.create(
            workshop=workshop,
            field=field,
            goal=goal,
            title=title,
            time_horizon=horizon,
            order=order,
        )
        decide(
            session,
            measure,
            reason="Weil.",
            responsible="Hauptamt",
            due_date=None if days is None else TODAY + days * DAY,
            at=timezone.now(),
            has_basis=False,
        )
        for number, state in enumerate(states):
            StatusEntry.objects.create(
                measure=measure,
                date=TODAY - (90 - 30 * number) * DAY,
                state=state,
                sentence="Die Router sind bestellt, im Herbst werden sie montiert.",
                percent={"done": 100, "not_started": 0}.get(state, 40),
                evidence="https://bingen.example/bericht",
                client_id=uuid.uuid4(),
            )
    return at("deliberating")


def progress(page: Page, workshop: Workshop, query: str = "") -> Page:
    page.goto(f"/workshops/{workshop.pk}/progress/{query}")
    return page


def titles(page: Page, heading: str) -> list[str]:
    """Return the titles in the section with this id of its heading."""
    links = page.locator(f"[aria-labelledby='{heading}'] .row__text a:first-child")
    texts = [text.strip() for text in links.all_inner_texts()]
    return [re.sub(r"^M\d+ ", "", text) for text in texts if text.startswith("M")]


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_somebody_reports_by_keyboard_and_the_committee_sees_what_moved(
    new_page, enter, followed, administrator, committee_member, axe, script
):
    page = enter(new_page(java_script_enabled=script), administrator)
    progress(page, followed)
    assert titles(page, "overdue") == ["WLAN"]
    page.locator("#overdue + ul .followup__due a").press("Enter")
    page.locator("[name=state][value=running]").press("ArrowDown")
    expect(page.locator("[name=state][value=delayed]")).to_be_checked()
    page.locator("#id_sentence").fill("Der Lieferant hat abgesagt.")
    page.locator("#id_percent").fill("45")
    page.locator("#id_next_due").fill((TODAY + 60 * DAY).isoformat())
    page.locator("#id_evidence").fill("bingen.example/absage")
    page.locator("main button[type=submit]").press("Enter")
    first = page.locator("#status + dd")
    expect(first).to_contain_text("Der Lieferant hat abgesagt.")
    evidence = first.locator("a").first
    expect(evidence).to_have_attribute("href", "https://bingen.example/absage")
    if script:
        assert axe(page) == []

    page = enter(new_page(java_script_enabled=script), committee_member)
    progress(page, followed)
    expect(page.locator("#overdue")).to_have_count(0)
    assert titles(page, "moved")[0] == "WLAN"
    expect(page.locator(".moved").first).to_contain_text("Der Lieferant hat abgesagt.")


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    page, enter, followed, facilitator, axe, witness
):
    witness.expect("status of 422")
    enter(page, facilitator)
    page.goto(f"/workshops/{followed.pk}/measures/1/status/add/")
    page.locator("#id_sentence").fill("Ist fertig.")
    page.locator("[name=state][value=done]").check()
    page.locator("#id_percent").fill("90")
    page.locator("#id_date").fill((TODAY + DAY).isoformat())
    page.locator("#id_evidence").fill("javascript:alert(1)")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary a")).to_have_count(3)
    expect(page.locator("#id_sentence")).to_have_value("Ist fertig.")
    expect(page.locator("#id_evidence")).to_have_value("javascript:alert(1)")
    assert axe(page) == []


def test_a_double_click_stores_one_entry(page, enter, followed, facilitator):
    enter(page, facilitator)
    page.goto(f"/workshops/{followed.pk}/measures/5/status/add/")
    page.locator("[name=state][value=running]").check()
    page.locator("#id_sentence").fill("Es geht los.")
    page.locator("main button[type=submit]").dblclick()
    expect(page.locator("#status + dd")).to_contain_text("Es geht los.")
    assert StatusEntry.objects.filter(sentence="Es geht los.").count() == 1


def test_the_filters_stand_in_the_address(page, enter, followed, committee_member):
    enter(page, committee_member)
    progress(page, followed)
    with page.expect_navigation():
        page.locator(".chip[href*='state=done']").click()
    assert "state=done" in page.url
    assert titles(page, "field-1") == ["Kino"]
    page.locator("#id_field").select_option("Alltagsleben")
    with page.expect_navigation():
        page.locator(".filters button").click()
    assert ("state=done" in page.url, "field=Alltagsleben" in page.url) == (True, True)
    expect(page.locator(".chip[aria-current]")).to_contain_text("1")


@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (768, "light"), (1280, "dark")])
def test_the_page_holds_at_every_width_and_in_both_themes(
    new_page, enter, followed, facilitator, axe, width, theme
):
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    enter(page, facilitator)
    for path in ("progress/", "measures/1/", "measures/1/status/add/"):
        page.goto(f"/workshops/{followed.pk}/{path}")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"/municipalities/{followed.municipalities.get().pk}/progress/")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_mark_of_the_timeline_lies_in_its_row_under_its_date(
    page, enter, followed, committee_member
):
    """The today line runs through all rows at one place, and what is overdue lies left of it."""
    enter(page, committee_member)
    progress(page, followed)
    places = page.evaluate(
        """() => [...document.querySelectorAll('.timeline tbody .timeline__picture')].map((svg) => {
          const row = svg.closest('tr').getBoundingClientRect();
          const box = (e) => e.getBoundingClientRect();
          const inside = [...svg.querySelectorAll('.timeline__mark path')]
            .every((e) => box(e).top >= row.top && box(e).bottom <= row.bottom);
          const middle = (e) => (box(e).left + box(e).right) / 2;
          const marks = [...svg.querySelectorAll('.timeline__mark path')].map(middle);
          return {inside, last: marks.at(-1), first: marks[0]};
        })"""
    )
    today = page.evaluate(
        """() => {
          const box = document.querySelector('.timeline__now').getBoundingClientRect();
          return (box.left + box.right) / 2;
        }"""
    )
    assert [place["inside"] for place in places] == [True] * len(FOLLOWED)
    assert [place["last"] < today for place in places] == [True, False, False, False, True]
    assert len({round(place["first"]) for place in places}) == 1  # one day of decision


def test_forced_colours_keep_every_shape_apart_from_the_ground(
    new_page, enter, followed, committee_member, axe
):
    page = enter(new_page(forced_colors="active"), committee_member)
    progress(page, followed)
    lost = page.evaluate(
        """() => {
          const ground = getComputedStyle(document.body).backgroundColor;
          const paths = [...document.querySelectorAll('.light path, .timeline__mark path')];
          const gone = paths.filter((e) => getComputedStyle(e).fill === ground);
          return [paths.length > 20, gone.length];
        }"""
    )
    assert lost == [True, 0]
    assert axe(page) == []


def test_on_paper_the_timeline_is_whole(page, enter, followed, committee_member):
    """On the short side of A4, whose text is 680 pixels wide, and on the long one."""
    enter(page, committee_member)
    progress(page, followed)
    page.emulate_media(media="print")
    for width in (680, 1030):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(
            "document.querySelector('.timeline').getBoundingClientRect().right <= innerWidth"
        )
        expect(page.locator(".filters")).to_be_hidden()
