"""The clerk at her desk, and the office that she reminds: by keyboard, and without scripts."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from measures.followup.links import make_link, path_of
from measures.models import StatusEntry
from tests.journeys.test_followup import followed
from tests.today import TODAY
from workshops.models import User, Workshop

pytestmark = pytest.mark.usefixtures("one_day")
__all__ = ["followed"]

SAVE = "form[data-status-table] button[type=submit]"


@pytest.fixture
def desk(new_page: Callable[..., Page], enter, administrator: User, followed: Workshop) -> Page:
    return enter(new_page(viewport={"width": 1366, "height": 768}), administrator)


def table(page: Page, workshop: Workshop, query: str = "") -> Page:
    page.goto(f"/workshops/{workshop.pk}/progress/table/{query}")
    return page


def stored() -> list[tuple]:
    rows = StatusEntry.objects.filter(date=TODAY).order_by("measure__number")
    return [*rows.values_list("measure__number", "state", "percent", "sentence")]


def test_she_lands_on_what_waits_and_takes_the_first_step(desk, followed, axe):
    desk.goto("/")
    first = desk.locator(".waiting__kind").first
    expect(first.locator("h3")).to_contain_text("Überfällig")
    assert desk.evaluate("document.querySelector('.waiting').getBoundingClientRect().bottom") < 768
    assert axe(desk) == []
    first.locator("li a").press("Enter")
    expect(desk.locator("h1")).to_contain_text("WLAN")


def test_she_fills_the_table_by_keyboard_as_a_sheet(desk, followed, axe):
    table(desk, followed)
    desk.locator("[name=sentence-1]").focus()
    desk.keyboard.type("Eins.")
    desk.keyboard.press("Enter")
    desk.keyboard.type("Zwei.")
    desk.keyboard.press("ArrowUp")
    expect(desk.locator("[name=sentence-1]")).to_be_focused()
    desk.keyboard.press("Shift+Tab")
    desk.keyboard.type("50")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.type("60")
    assert axe(desk) == []
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".toast")).to_contain_text("2 Einträge sind gespeichert.")
    assert stored() == [(1, "running", 50, "Eins."), (2, "delayed", 60, "Zwei.")]


def test_untouched_rows_are_not_sent(desk, followed):
    table(desk, followed)
    desk.locator("[name=sentence-2]").fill("Zwei.")
    with desk.expect_request(lambda request: request.method == "POST") as sent:
        desk.locator(SAVE).click()
    names = {*re.findall(r"([a-z_]+-\d+)=", sent.value.post_data or "")}
    assert names == {"state-2", "percent-2", "sentence-2", "next_due-2"}


def test_without_scripts_the_table_is_saved_as_well(new_page, enter, administrator, followed):
    page = enter(new_page(java_script_enabled=False), administrator)
    table(page, followed).locator("[name=sentence-1]").fill("Eins.")
    page.locator(SAVE).click()
    expect(page.locator(".toast")).to_contain_text("1 Eintrag ist gespeichert.")
    assert stored() == [(1, "running", None, "Eins.")]


def test_a_wrong_cell_is_linked_and_nothing_typed_is_lost(desk, followed, axe, witness):
    witness.expect("status of 422")
    table(desk, followed).locator("[name=sentence-1]").fill("Eins.")
    desk.locator("[name=percent-2]").fill("200")
    desk.locator(SAVE).click()
    expect(desk.locator(".error-summary")).to_be_focused()
    desk.locator(".error-summary a").first.click()
    expect(desk.locator("[name=percent-2]")).to_be_focused()
    expect(desk.locator("[name=sentence-1]")).to_have_value("Eins.")
    assert (axe(desk), stored()) == ([], [])


def test_who_leaves_the_table_finds_what_was_typed_again(desk, followed):
    table(desk, followed, "?which=overdue").locator("[name=sentence-1]").fill("Eins.")
    table(desk, followed, "?unit=Hauptamt")
    expect(desk.locator("[name=sentence-1]")).to_have_value("")
    table(desk, followed, "?which=overdue")
    expect(desk.locator("[name=sentence-1]")).to_have_value("Eins.")
    expect(desk.locator(".draft-note")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_she_reminds_and_the_office_reports_by_its_link(
    new_page, enter, administrator, followed, axe, script
):
    decision = followed.sessions.get().decisions.get(measure__number=1)
    type(decision).objects.filter(pk=decision.pk).update(responsible_email="amt@bingen.example")
    page = enter(new_page(java_script_enabled=script), administrator)
    page.goto(reverse("measures:remind", args=[followed.pk]))
    page.locator("details summary", has_text="amt@bingen.example").click()
    expect(page.locator("details[open] pre")).to_contain_text("WLAN")
    if script:
        assert axe(page) == []
    page.locator("main form button").first.click()
    expect(page.locator(".toast")).to_contain_text("3 E-Mails wurden verschickt.")
    [letter] = [each for each in mail.outbox if each.to == ["amt@bingen.example"]]
    [address] = re.findall(r"http\S+/report/\S+", letter.body)

    office = new_page(java_script_enabled=script)
    office.goto(address)
    office.locator("[name=state][value=done]").check()
    office.locator("#id_sentence").fill("Steht.")
    if script:
        assert axe(office) == []
    office.locator("main button").click()
    expect(office.locator(".kern-alert--success")).to_contain_text("Vielen Dank")
    assert office.context.cookies() == []
    assert stored() == [(1, "done", None, "Steht.")]


def test_the_administration_makes_and_revokes_a_link(desk, followed, axe):
    desk.goto(reverse("measures:report-link", args=[followed.pk, 1]))
    desk.locator("main form button").click()
    expect(desk.locator(".whole-address")).to_have_value(re.compile("/report/"))
    assert axe(desk) == []
    desk.locator(".report-link form button").click()
    expect(desk.locator(".whole-address")).to_have_count(0)
    assert axe(desk) == []


@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (320, "light"), (1280, "dark")])
def test_her_pages_hold_at_every_width_and_in_both_themes(
    new_page, enter, followed, administrator, axe, width, theme
):
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    enter(page, administrator)
    inside = ("progress/table/", "progress/remind/", "measures/1/report-link/")
    decision = followed.sessions.get().decisions.get(measure__number=1)
    link = make_link(decision, by=administrator, now=timezone.now())
    for path in ("/", *(f"/workshops/{followed.pk}/{each}" for each in inside), path_of(link)):
        page.goto(path)
        assert (path, axe(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
