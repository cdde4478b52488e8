"""The list of measures: hundreds scanned in lines, the short title changed where it stands."""

import pytest
from playwright.sync_api import Page, expect

from measures.models import Measure

NAMES = [f"Maßnahme zum Anschluss der Schule {number} an das schnelle Netz" for number in range(60)]


@pytest.fixture
def filled(at, measure, measure_two):
    at("collecting")
    Measure.objects.bulk_create(
        Measure(workshop=measure.workshop, field=measure.field, title=title, number=number)
        for number, title in enumerate(NAMES, start=3)
    )
    return measure.workshop


@pytest.fixture
def desk(page, enter, facilitator, filled) -> Page:
    enter(page, facilitator).goto(f"/workshops/{filled.pk}/measures/")
    return page


def heights(page: Page) -> list[float]:
    return page.locator(".listed").evaluate_all(
        "lines => [...new Set(lines.map(each => each.getBoundingClientRect().height))]"
    )


@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (1024, "light"), (1366, "dark")])
def test_each_measure_takes_one_line_at_every_width(
    new_page, enter, filled, facilitator, axe, width, theme
):
    page = enter(
        new_page(viewport={"width": width, "height": 800}, color_scheme=theme), facilitator
    )
    page.goto(f"/workshops/{filled.pk}/measures/")
    assert max(heights(page)) <= 36
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe(page) == []


def test_the_short_title_is_changed_by_keyboard_and_taken_back(desk, axe):
    desk.locator("#short-2").press("Enter")
    name = desk.get_by_label("Kurztitel von M2")
    expect(name).to_be_focused()
    expect(name).to_have_attribute("placeholder", "Bus")
    assert axe(desk) == []
    name.fill("Bus im Takt")
    name.press("Enter")
    expect(desk.locator("#short-2")).to_be_focused()
    expect(desk.locator("#short-2 .listed__name")).to_have_text("Bus im Takt")
    undo = desk.locator("#undo-edit")
    expect(undo).to_contain_text("Kurztitel von M2 geändert")
    undo.press("Enter")
    expect(desk.locator("#short-2 .listed__name")).to_have_text("Bus")
    assert Measure.objects.get(number=2).short_title == ""


def test_who_gives_up_leaves_it_as_it_was(desk):
    desk.locator("#short-2").press("Enter")
    desk.get_by_label("Kurztitel von M2").fill("Etwas anderes")
    desk.get_by_role("link", name="Abbrechen").click()
    expect(desk.locator("#short-2 .listed__name")).to_have_text("Bus")
    assert Measure.objects.get(number=2).short_title == ""


def test_who_was_slower_sees_both_names_in_the_line(desk, witness, measure_two):
    witness.expect("status of 409")
    desk.locator("#short-2").press("Enter")
    name = desk.get_by_label("Kurztitel von M2")
    expect(name).to_be_focused()
    measure_two.short_title = "Ruftaxi"
    measure_two.save()
    name.fill("Bus im Takt")
    name.press("Enter")
    conflict = desk.get_by_role("alert")
    expect(conflict).to_contain_text("Ruftaxi")
    expect(conflict).to_contain_text("Bus im Takt")
    desk.get_by_label("Kurztitel von M2").press("Enter")
    expect(desk.locator("#short-2 .listed__name")).to_have_text("Bus im Takt")


def test_without_scripts_a_page_changes_it(new_page, enter, filled, facilitator):
    page = enter(new_page(java_script_enabled=False), facilitator)
    page.goto(f"/workshops/{filled.pk}/measures/")
    page.locator("#short-2").press("Enter")
    page.get_by_label("Kurztitel").fill("Bus im Takt")
    page.get_by_label("Kurztitel").press("Enter")
    expect(page.locator("#short-2 .listed__name")).to_have_text("Bus im Takt")


def test_a_field_is_reached_from_the_side_and_on_a_phone_from_a_button(
    new_page, enter, filled, facilitator
):
    tourism = filled.fields.get(name="Tourismus")
    for width, way in ((1366, ".catalogue__jump"), (390, ".catalogue__fold")):
        page = enter(new_page(viewport={"width": width, "height": 700}), facilitator)
        page.goto(f"/workshops/{filled.pk}/measures/")
        if width == 390:
            page.locator(f"{way} summary").click()
        page.locator(f"{way} a", has_text="Tourismus").click()
        expect(page.locator(f"#field-{tourism.pk}")).to_be_in_viewport()
