"""The committee looks: one weight, many filters, an address that others can open."""

import re

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def dashboard(page, enter, rated, committee_member) -> Page:
    enter(page, committee_member)
    page.goto(f"/workshops/{rated.pk}/dashboard/")
    return page


def titles(page: Page):
    return page.locator("#results .ranking tbody th")


def ranking(page: Page, *expected: str) -> None:
    """Wait until the table shows exactly these titles in this order."""
    patterns = [re.compile(rf"M\d+ {re.escape(title)}$") for title in expected]
    expect(titles(page)).to_have_text(patterns)


def test_the_slider_ranks_anew_at_once_and_the_address_follows(dashboard, axe):
    ranking(dashboard, "Mitte", "Leuchtturm", "Kleinkram", "Ladenhüter")
    slider = dashboard.locator("#id_weight")
    slider.focus()
    dashboard.keyboard.press("End")
    ranking(dashboard, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")
    expect(dashboard).to_have_url(re.compile("weight=100"))
    expect(slider).to_be_focused()
    expect(dashboard.locator("output[for=id_weight]")).to_have_text("100")
    dashboard.keyboard.press("Home")
    ranking(dashboard, "Kleinkram", "Mitte", "Ladenhüter", "Leuchtturm")
    expect(dashboard).to_have_url(re.compile("weight=0(&|$)"))
    assert "cache-buster" not in dashboard.url
    assert axe(dashboard) == []


def test_a_new_ranking_leaves_the_page_where_it_was(dashboard):
    dashboard.locator("#results .ranking").scroll_into_view_if_needed()
    before = dashboard.evaluate("scrollY")
    assert before > 0
    dashboard.locator("#id_weight").evaluate(
        """(slider) => {
          slider.value = 100;
          slider.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    ranking(dashboard, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")
    assert dashboard.evaluate("scrollY") == before


def test_the_address_shows_somebody_else_the_same_view(dashboard, new_page, enter, administrator):
    dashboard.locator("#id_weight").focus()
    dashboard.keyboard.press("End")
    ranking(dashboard, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")
    dashboard.locator("#id_horizon").select_option("long")
    ranking(dashboard, "Mitte", "Ladenhüter", "Kleinkram")
    expect(dashboard).to_have_url(re.compile("horizon=long"))
    other = enter(new_page(), administrator)
    other.goto(dashboard.url)
    ranking(other, "Mitte", "Ladenhüter", "Kleinkram")
    expect(other.locator("#id_weight")).to_have_value("100")
    expect(other.locator("#id_horizon")).to_have_value("long")
    expect(other.locator("a.mark")).to_have_count(3)
    dashboard.reload()
    ranking(dashboard, "Mitte", "Ladenhüter", "Kleinkram")


def test_back_shows_the_whole_page_as_it_was(dashboard):
    dashboard.locator("#id_weight").focus()
    dashboard.keyboard.press("End")
    ranking(dashboard, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")
    expect(dashboard).to_have_url(re.compile("weight=100"))
    titles(dashboard).first.locator("a").click()
    expect(dashboard).to_have_url(re.compile("/measures/1/$"))
    dashboard.go_back()
    expect(dashboard.locator(".site-header")).to_be_visible()
    ranking(dashboard, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")
    dashboard.go_back()
    expect(dashboard.locator(".site-header")).to_be_visible()
    expect(dashboard).not_to_have_url(re.compile("weight"))
    ranking(dashboard, "Mitte", "Leuchtturm", "Kleinkram", "Ladenhüter")
    expect(dashboard.locator("#id_weight")).to_have_value("50")
    dashboard.go_forward()
    expect(dashboard.locator("#id_weight")).to_have_value("100")
    ranking(dashboard, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")


def test_filters_narrow_picture_and_table_and_can_be_reset(dashboard, field, axe):
    dashboard.locator("#id_field").select_option(str(field.pk))
    ranking(dashboard, "Mitte", "Leuchtturm", "Kleinkram")
    expect(dashboard.locator("a.mark")).to_have_count(3)
    dashboard.locator("#id_quadrant").select_option("start")
    ranking(dashboard, "Mitte")
    dashboard.locator("#id_n").fill("4")
    dashboard.keyboard.press("Tab")
    expect(titles(dashboard)).to_have_count(0)
    expect(dashboard.locator("#results .empty")).to_be_visible()
    assert axe(dashboard) == []
    dashboard.locator(".filters__actions a").click()
    ranking(dashboard, "Mitte", "Leuchtturm", "Kleinkram", "Ladenhüter")
    expect(dashboard).to_have_url(re.compile("/dashboard/$"))


def test_another_language_shows_the_same_view(dashboard, field):
    """Seen: it led back to the page as it was loaded, and the filters were gone without a word."""
    dashboard.locator("#id_field").select_option(str(field.pk))
    expect(dashboard).to_have_url(re.compile(f"field={field.pk}"))
    dashboard.get_by_role("button", name="English").click()
    expect(dashboard.locator("html")).to_have_attribute("lang", "en")
    expect(dashboard).to_have_url(re.compile(f"field={field.pk}"))
    expect(dashboard.locator("#id_field")).to_have_value(str(field.pk))


def test_a_filter_that_is_no_number_is_told_and_stays_as_it_was_typed(dashboard, axe, witness):
    witness.expect("status of 422")
    fewest = dashboard.get_by_label("Mindestzahl der Bewertungen")
    fewest.fill("2,5")
    fewest.press("Tab")
    toast = dashboard.locator(".toast")
    expect(toast).to_contain_text("Bitte geben Sie eine ganze Zahl in Ziffern ein")
    expect(fewest).to_have_value("2,5")
    ranking(dashboard, "Mitte", "Leuchtturm", "Kleinkram", "Ladenhüter")
    assert axe(dashboard) == []
    fewest.fill("1.000")
    fewest.press("Tab")
    expect(titles(dashboard)).to_have_count(0)


def test_the_downloaded_picture_shows_what_the_page_shows(dashboard):
    link = dashboard.locator(".downloads a[href*='matrix.png']")
    dashboard.locator("#id_quadrant").select_option("start")
    ranking(dashboard, "Mitte")
    expect(link).to_have_attribute("href", re.compile("quadrant=start"))


def test_a_click_on_a_heading_sorts_and_says_so(dashboard, axe):
    heads = dashboard.locator("#results .ranking thead th")
    expect(heads.nth(0)).to_have_attribute("aria-sort", "ascending")
    heads.nth(1).locator("a").click()
    ranking(dashboard, "Kleinkram", "Ladenhüter", "Leuchtturm", "Mitte")
    expect(heads.nth(1)).to_have_attribute("aria-sort", "ascending")
    expect(dashboard.locator("#results .ranking [aria-sort]")).to_have_count(1)
    heads.nth(1).locator("a").click()
    ranking(dashboard, "Mitte", "Leuchtturm", "Ladenhüter", "Kleinkram")
    expect(heads.nth(1)).to_have_attribute("aria-sort", "descending")
    dashboard.locator("#id_weight").focus()
    dashboard.keyboard.press("End")
    expect(dashboard).to_have_url(re.compile("weight=100"))
    ranking(dashboard, "Mitte", "Leuchtturm", "Ladenhüter", "Kleinkram")  # the order stays
    assert axe(dashboard) == []
