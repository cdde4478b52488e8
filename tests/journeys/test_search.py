"""The one search of a workshop: two letters and Enter, or chosen from what is suggested."""

import csv
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from fields.models import ActionField
from measures.models import Measure
from tests.deciding import hold
from tests.journeys.conftest import Held
from workshops.models import Workshop

ULM = Path(__file__).parent.parent / "data" / "ulm_smart_city_massnahmen.csv"


@pytest.fixture
def ulm(at, field) -> Workshop:
    """The 126 measures of Ulm's strategy, numbered in their order, from M1 on."""
    workshop = at("collecting")
    fields: dict[str, ActionField] = {}
    with ULM.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for name in dict.fromkeys(row["handlungsfeld"] for row in rows):
        fields[name] = ActionField.objects.create(workshop=workshop, name=name)
    Measure.objects.bulk_create(
        Measure(
            workshop=workshop,
            number=number,
            order=number,
            field=fields[row["handlungsfeld"]],
            title=row["titel"],
            description=row["beschreibung"],
        )
        for number, row in enumerate(rows, start=1)
    )
    assert len(rows) == 126
    return workshop


@pytest.fixture
def anywhere(page, enter, ulm, facilitator) -> Page:
    """A page of the workshop that has nothing to do with what is searched."""
    page = enter(page, facilitator)
    page.goto(reverse("measures:workshop-day", args=[ulm.pk]))
    return page


def field_of(page: Page):
    return page.get_by_role("combobox")


def options(page: Page):
    return page.locator("#search [role=option]")


def title(page: Page):
    return page.locator("h1")


@pytest.mark.parametrize(
    ("typed", "found"),
    [("di", "Digital gesteuerte Schilder"), ("sp", "Sport App"), ("12", "Mobilitätsstationen"),
     ("ro", "Robotereinsatz")],
)  # fmt: skip
def test_two_letters_and_enter_open_the_best_of_126(typed, found, anywhere):
    page = anywhere
    page.keyboard.press("/")
    expect(field_of(page)).to_be_focused()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(title(page)).to_contain_text(found)


def test_enter_is_not_waited_for_when_the_suggestions_are_long_in_coming(anywhere):
    page = anywhere
    held = Held(page, "**/search/?q=*")
    page.keyboard.press("/")
    page.keyboard.type("ro")
    held.arrive()
    page.keyboard.press("Enter")
    expect(title(page)).to_contain_text("Robotereinsatz")


def test_what_is_suggested_is_chosen_by_keyboard(anywhere, axe):
    page = anywhere
    page.locator("[data-search-open]").press("Enter")
    field = field_of(page)
    expect(field).to_be_focused()
    assert axe(page) == []
    page.keyboard.type("mobil")
    expect(options(page)).to_have_count(8)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#search-told")).to_have_text("18 Treffer; diese 8 passen am besten.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = options(page).nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", second.get_attribute("id"))
    expect(field).to_be_focused()
    assert axe(page) == []
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    last = options(page).nth(7)
    expect(last).to_have_attribute("aria-selected", "true")
    wanted = last.locator(".found__title").inner_text()
    page.keyboard.press("Enter")
    expect(title(page)).to_contain_text(wanted)


def test_what_was_chosen_is_chosen_no_more_when_somebody_types_on(anywhere):
    page = anywhere
    page.keyboard.press("/")
    page.keyboard.type("mobil")
    expect(options(page)).to_have_count(8)
    page.keyboard.press("ArrowDown")
    page.keyboard.type("itätss")
    expect(field_of(page)).not_to_have_attribute("aria-activedescendant", "search-option-1")
    page.keyboard.press("Enter")
    expect(title(page)).to_contain_text("Mobilitätsstationen")


def test_nothing_found_is_a_sentence_and_enter_shows_the_page(anywhere, axe):
    page = anywhere
    page.keyboard.press("/")
    page.keyboard.type("Quastenflosser")
    expect(page.locator("#search-told")).to_contain_text("Keine Treffer")
    expect(field_of(page)).to_have_attribute("aria-expanded", "false")
    assert axe(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("#sought")).to_have_value("Quastenflosser")
    assert axe(page) == []


def test_escape_closes_the_search_and_the_focus_is_where_it_was(anywhere):
    page = anywhere
    button = page.locator("[data-search-open]")
    button.click()
    page.keyboard.type("mo")
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    expect(field_of(page)).to_have_value("mo")
    page.mouse.click(5, 400)  # beside it
    expect(page.locator("#search")).to_be_hidden()


def test_a_key_of_one_sign_can_be_switched_off_and_is_nothing_while_somebody_types(anywhere):
    page = anywhere
    page.keyboard.press("/")
    page.keyboard.type("a/b")
    expect(field_of(page)).to_have_value("a/b")
    page.locator("[data-search-key]").press("Space")  # what is found moves it under a mouse
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_hidden()
    page.locator("[data-search-open]").click()
    expect(page.locator("[data-search-key]")).not_to_be_checked()


def test_without_javascript_a_page_searches(ulm, new_page, enter, facilitator):
    page = enter(new_page(java_script_enabled=False), facilitator)
    page.goto(reverse("measures:workshop-day", args=[ulm.pk]))
    page.locator("[data-search-open]").click()
    page.locator("#sought").fill("robo")
    page.keyboard.press("Enter")
    expect(page.locator("#sought")).to_have_value("robo")
    page.locator(".search__option").first.click()
    expect(title(page)).to_contain_text("Robotereinsatz")


def test_a_measure_is_searched_for_the_agenda_beside_what_is_ticked(
    ulm, at, page, enter, administrator, axe
):
    at("deliberating")
    session = hold(ulm)
    page = enter(page, administrator)
    page.goto(session.get_absolute_url())
    shown = page.locator(".compose__measures label")
    page.locator("#id_q").fill("m112")
    expect(shown).to_have_text(["M112 Sport App"])
    shown.click()
    page.locator("#id_q").fill("roboter")
    expect(shown).to_have_text(["M106 Robotereinsatz", "M112 Sport App"])
    expect(page.locator("#shown-told")).to_have_text("2 Maßnahmen")
    assert axe(page) == []
    shown.first.click()
    page.locator("form:has(#id_q) button[type=submit]").last.click()
    expect(page.locator("#agenda-end")).to_be_attached()
    assert {item.measure.number for item in session.items.all()} == {106, 112}
