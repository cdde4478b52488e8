"""The committee looks: one weight, many filters, an address that others can open."""

import re

import pytest
from playwright.sync_api import Page, expect

from measures.overview import overview_of
from tests.deciding import decide, hold
from tests.journeys.conftest import drawn
from tests.pages import COMMITTEE


@pytest.fixture
def dashboard(page, enter, rated, committee_member) -> Page:
    enter(page, committee_member)
    page.goto(f"/workshops/{rated.pk}/dashboard/")
    return page


def titles(page: Page):
    return page.locator("#ranks .ranks__title")


def ranking(page: Page, *expected: str) -> None:
    """Wait until the list shows exactly these titles in this order."""
    expect(titles(page)).to_have_text([re.compile(rf"^{re.escape(each)}$") for each in expected])


def seen_order(page: Page) -> list[str]:
    """Return rank and title of the rows from top to bottom, wherever they stand in the page."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.ranks__row')]
          .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
          .map((row) => `${row.querySelector('b').textContent} `
            + row.querySelector('.ranks__title').textContent)"""
    )


def slide(page: Page, weight: int, *events: str) -> None:
    page.locator("#id_weight").evaluate(
        """(slider, [weight, events]) => {
          slider.value = weight;
          for (const name of events) slider.dispatchEvent(new Event(name, { bubbles: true }));
        }""",
        [weight, list(events)],
    )


def filters(page: Page) -> Page:
    """Unfold the panel of filters."""
    page.locator(".dash__filters summary").click()
    return page


def test_the_slider_ranks_anew_at_once_and_the_address_follows(dashboard, axe):
    ranking(dashboard, "Mitte", "Leuchtturm", "Kleinkram", "Ladenhüter")
    slider = dashboard.locator("#id_weight")
    slider.focus()
    dashboard.keyboard.press("End")
    ranking(dashboard, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")
    expect(dashboard).to_have_url(re.compile("weight=100"))
    expect(slider).to_be_focused()
    expect(dashboard.locator("output[for=id_weight]")).to_have_text("100 %")
    dashboard.keyboard.press("Home")
    ranking(dashboard, "Kleinkram", "Mitte", "Ladenhüter", "Leuchtturm")
    expect(dashboard).to_have_url(re.compile("weight=0(&|$)"))
    assert "cache-buster" not in dashboard.url
    assert axe(dashboard) == []


def test_a_new_ranking_leaves_the_page_where_it_was(dashboard):
    dashboard.locator("#downloads summary").scroll_into_view_if_needed()
    before = dashboard.evaluate("scrollY")
    assert before > 0
    slide(dashboard, 100, "input", "change")
    expect(dashboard).to_have_url(re.compile("weight=100"))
    ranking(dashboard, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")
    assert dashboard.evaluate("scrollY") == before


def test_the_address_shows_somebody_else_the_same_view(dashboard, new_page, enter, administrator):
    dashboard.locator("#id_weight").focus()
    dashboard.keyboard.press("End")
    ranking(dashboard, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")
    filters(dashboard).locator("#id_horizon").select_option("long")
    ranking(dashboard, "Mitte", "Ladenhüter", "Kleinkram")
    expect(dashboard).to_have_url(re.compile("horizon=long"))
    other = enter(new_page(), administrator)
    other.goto(dashboard.url)
    ranking(other, "Mitte", "Ladenhüter", "Kleinkram")
    expect(other.locator("#id_weight")).to_have_value("100")
    expect(other.locator("#id_horizon")).to_have_value("long")
    expect(other.locator("a.mark:visible")).to_have_count(3)
    dashboard.reload()
    ranking(dashboard, "Mitte", "Ladenhüter", "Kleinkram")


def test_back_shows_the_whole_page_as_it_was(dashboard):
    dashboard.locator("#id_weight").focus()
    dashboard.keyboard.press("End")
    ranking(dashboard, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")
    expect(dashboard).to_have_url(re.compile("weight=100"))
    titles(dashboard).first.click()
    expect(dashboard).to_have_url(re.compile(r"/measures/1/\?from=ranking&weight=100$"))
    dashboard.go_back()
    expect(dashboard.locator(".site-header")).to_be_visible()
    ranking(dashboard, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")
    dashboard.go_back()
    expect(dashboard.locator(".site-header")).to_be_visible()
    expect(dashboard).to_have_url(re.compile("/dashboard/$"))
    ranking(dashboard, "Mitte", "Leuchtturm", "Kleinkram", "Ladenhüter")
    expect(dashboard.locator("#id_weight")).to_have_value("50")
    dashboard.go_forward()
    expect(dashboard.locator("#id_weight")).to_have_value("100")
    ranking(dashboard, "Leuchtturm", "Mitte", "Ladenhüter", "Kleinkram")


def test_filters_narrow_picture_and_table_and_can_be_reset(dashboard, field, axe):
    filters(dashboard).locator("#id_field").select_option(str(field.pk))
    ranking(dashboard, "Mitte", "Leuchtturm", "Kleinkram")
    expect(dashboard.locator("a.mark:visible")).to_have_count(3)
    expect(dashboard.locator("#filter-count")).to_have_text("(1)")
    dashboard.locator("#id_quadrant").select_option("start")
    ranking(dashboard, "Mitte")
    dashboard.locator("#id_n").fill("4")
    dashboard.keyboard.press("Tab")
    expect(titles(dashboard)).to_have_count(0)
    expect(dashboard.locator("#results .empty")).to_be_visible()
    assert axe(dashboard) == []
    dashboard.locator(".filters__actions a").click()
    ranking(dashboard, "Mitte", "Leuchtturm", "Kleinkram", "Ladenhüter")
    expect(dashboard).to_have_url(re.compile(r"/dashboard/\?view=all$"))


def test_another_language_shows_the_same_view(dashboard, field):
    """Seen: it led back to the page as it was loaded, and the filters were gone without a word."""
    filters(dashboard).locator("#id_field").select_option(str(field.pk))
    expect(dashboard).to_have_url(re.compile(f"field={field.pk}"))
    dashboard.locator("[data-menu-button]").click()
    dashboard.get_by_role("button", name="English").click()
    expect(dashboard.locator("html")).to_have_attribute("lang", "en")
    expect(dashboard).to_have_url(re.compile(f"field={field.pk}"))
    expect(dashboard.locator("#id_field")).to_have_value(str(field.pk))


def test_a_filter_that_is_no_number_is_told_and_stays_as_it_was_typed(dashboard, axe, witness):
    witness.expect("status of 422")
    fewest = filters(dashboard).get_by_label("Mindestzahl der Bewertungen")
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
    filters(dashboard).locator("#id_quadrant").select_option("start")
    ranking(dashboard, "Mitte")
    expect(link).to_have_attribute("href", re.compile("quadrant=start"))


def table(page: Page, *expected: str) -> None:
    """Wait until the table shows exactly these titles in this order."""
    rows = page.locator(".ranking tbody th")
    expect(rows).to_have_text([re.compile(rf"M\d+ {re.escape(each)}$") for each in expected])


def test_a_click_on_a_heading_sorts_and_says_so(dashboard, axe):
    dashboard.locator("#table > summary").click()
    heads = dashboard.locator("#results .ranking thead th")
    expect(heads.nth(0)).to_have_attribute("aria-sort", "ascending")
    heads.nth(1).locator("a").click()
    table(dashboard, "Kleinkram", "Ladenhüter", "Leuchtturm", "Mitte")
    expect(heads.nth(1)).to_have_attribute("aria-sort", "ascending")
    expect(dashboard.locator("#results .ranking [aria-sort]")).to_have_count(1)
    heads.nth(1).locator("a").click()
    table(dashboard, "Mitte", "Leuchtturm", "Ladenhüter", "Kleinkram")
    expect(heads.nth(1)).to_have_attribute("aria-sort", "descending")
    dashboard.locator("#id_weight").focus()
    dashboard.keyboard.press("End")
    expect(dashboard).to_have_url(re.compile("weight=100"))
    table(dashboard, "Mitte", "Leuchtturm", "Ladenhüter", "Kleinkram")  # the order stays
    assert axe(dashboard) == []


def test_columns_are_chosen_and_the_table_stays_open(dashboard, axe):
    dashboard.locator("#table > summary").click()
    heads = dashboard.locator(".ranking thead th")
    expect(heads).to_have_count(9)
    dashboard.get_by_role("checkbox", name="Relevanz: Median").check()
    expect(heads).to_have_count(10)
    expect(dashboard).to_have_url(re.compile("col=relevance_median"))
    assert axe(dashboard) == []


# The weight -------------------------------------------------------------------------------------


def test_while_the_slider_moves_the_list_is_exactly_that_of_the_server(
    dashboard, rated, measure, witness
):
    """At every weight in between, and without a request."""
    ranking(dashboard, "Mitte", "Leuchtturm", "Kleinkram", "Ladenhüter")
    expect(dashboard.locator("#rank-ranges")).to_be_attached()  # what comes later has come
    before = len(witness.requests)
    seen = {}
    for weight in range(0, 101, 5):
        slide(dashboard, weight, "input")
        seen[weight] = seen_order(dashboard)
    assert len(witness.requests) == before
    expected = {
        weight: [
            f"{row.result.rank} {row.measure.title}"
            for row in overview_of(rated, weight=weight / 100).rows
            if row.result.rank
        ]
        for weight in seen
    }
    assert seen == expected


def test_what_moved_says_how_far_and_ranges_wait_for_the_new_weight(dashboard):
    def moved() -> list[str]:
        return dashboard.locator(".ranks__moved").all_text_contents()

    assert moved() == ["", "", "", ""]
    slide(dashboard, 100, "input")
    assert moved() == ["▼1", "▲1", "▼2", "▲1"]
    expect(dashboard.locator("#ranks")).to_have_class(re.compile("is-moving"))
    slide(dashboard, 100, "change")
    expect(dashboard).to_have_url(re.compile("weight=100"))
    expect(dashboard.locator("#ranks.is-moving")).to_have_count(0)
    assert moved() == ["▲1", "▼1", "▲1", "▼2"]
    expect(dashboard.locator("[data-live]")).to_have_text(
        "4 Maßnahmen, Gewicht der Relevanz 100 %: vorn liegen Leuchtturm, Mitte, Ladenhüter."
    )
    dashboard.get_by_role("button", name="zurück auf 50 %").click()
    ranking(dashboard, "Mitte", "Leuchtturm", "Kleinkram", "Ladenhüter")
    expect(dashboard.locator("#id_weight")).to_be_focused()
    assert moved() == ["", "", "", ""]


def places(page: Page) -> list[list[int]]:
    """Return place, measure and rank of the rows that are on the screen, from top to bottom."""
    return page.evaluate(
        """() => {
          const list = document.getElementById("ranks");
          const box = (row) => row.getBoundingClientRect();
          const rows = [...list.children].filter((row) => row.getClientRects().length)
            .sort((one, other) => box(one).top - box(other).top);
          const upper = Math.max(box(list).top, 0);
          const lower = Math.min(box(list).bottom, innerHeight);
          const rank = (row) => row.querySelector("b").textContent;
          return rows.filter((row) => box(row).bottom > upper && box(row).top < lower)
            .map((row) => [rows.indexOf(row), row.dataset.measure, rank(row)])
            .map((told) => told.map(Number));
        }"""
    )


def test_a_long_list_is_in_order_wherever_one_looks_while_the_slider_moves(new_page, enter, house):
    """Rows that nobody sees are written when the slider is let go."""

    def in_order(page: Page, weight: int) -> int:
        rows = overview_of(house.full, weight=weight / 100).rows
        ranks = {row.measure.pk: row.result.rank for row in rows if row.result.rank}
        by_place = list(ranks.values())
        seen = places(page)
        assert seen == [[place, pk, by_place[place]] for place, pk, _rank in seen]
        assert all(ranks[pk] == rank for _place, pk, rank in seen)
        return len(seen)

    page = enter(new_page(viewport={"width": 1366, "height": 768}), house.user(COMMITTEE))
    page.goto(f"/workshops/{house.full.pk}/dashboard/?view=all")
    expect(page.locator("#rank-ranges")).to_be_attached()
    for weight in (100, 0, 70):
        slide(page, weight, "input")
        assert 5 < in_order(page, weight) < 20
    page.locator("#ranks").evaluate("(list) => list.scrollTo(0, 1000)")
    drawn(page)
    assert 5 < in_order(page, 70) < 20
    assert places(page)[0][0] > 15
    slide(page, 30, "input")
    assert 5 < in_order(page, 30) < 20

    phone = enter(new_page(viewport={"width": 390, "height": 844}), house.user(COMMITTEE))
    phone.goto(f"/workshops/{house.full.pk}/dashboard/?view=all")
    expect(phone.locator("#rank-ranges")).to_be_attached()
    shown = phone.locator(".ranks__row:visible")
    expect(shown).to_have_count(10)
    phone.locator("#ranks").scroll_into_view_if_needed()
    slide(phone, 100, "input")
    expect(shown).to_have_count(10)
    assert in_order(phone, 100) > 1
    phone.locator("[data-more]").click()
    assert shown.count() > 40
    for weight in (0, 60):
        slide(phone, weight, "input")
        phone.mouse.wheel(0, 1500)
        drawn(phone)
        assert in_order(phone, weight) > 1


def test_a_mark_says_its_rank_range_as_soon_as_that_has_come(new_page, enter, house):
    page = enter(new_page(), house.user(COMMITTEE))
    page.goto(f"/workshops/{house.full.pk}/dashboard/?weight=51")
    mark = page.locator(".matrix:visible .mark").nth(1)
    expect(mark).to_have_accessible_name(re.compile(r"Rang 2, .*Rang \d bis \d"))
    page.reload()
    expect(mark).to_have_accessible_name(re.compile(r"Rang 2, .*Rang \d bis \d; einig"))


# The first minute -------------------------------------------------------------------------------


def test_the_first_minute_takes_no_scroll_and_no_click(
    new_page, enter, rated, measure, committee_member, axe
):
    """The first three, how sure, who disagrees, what is decided: all of it on the first screen."""
    decide(hold(rated, measure), measure, has_basis=False)
    for width, height in ((1366, 768), (1024, 768), (1920, 1080)):
        page = enter(new_page(viewport={"width": width, "height": height}), committee_member)
        page.goto(f"/workshops/{rated.pk}/dashboard/?view=all")
        expect(page.locator("#rank-ranges")).to_be_attached()
        whole = page.locator(".answers a, .ranks__title, .matrix:visible, #id_weight, .views")
        for part in whole.all():
            expect(part).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.documentElement.scrollHeight") <= 2 * height
        assert axe(page) == []


def test_a_keyboard_comes_to_the_picture_within_ten_stops(dashboard):
    dashboard.locator("#content").focus()
    for _stop in range(10):
        dashboard.keyboard.press("Tab")
        if dashboard.evaluate("document.activeElement.matches('.mark')"):
            return
    raise AssertionError("more than ten stops")


def test_on_a_phone_the_list_are_cards_and_nothing_scrolls_sideways(
    new_page, enter, rated, committee_member, axe
):
    page = enter(new_page(viewport={"width": 360, "height": 740}, has_touch=True), committee_member)
    page.goto(f"/workshops/{rated.pk}/dashboard/")
    expect(page.locator("#rank-ranges")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("document.documentElement.scrollHeight") <= 4 * 740
    boxes = [
        page.locator(each).first.bounding_box()
        for each in (".answers", ".matrix:visible", "#id_weight", "#ranks", "#downloads")
    ]
    ends = [box["y"] + box["height"] for box in boxes]
    assert all(end <= box["y"] for end, box in zip(ends, boxes[1:], strict=False))
    assert axe(page) == []
