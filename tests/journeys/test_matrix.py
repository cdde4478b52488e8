"""The matrix by mouse, keyboard and finger: zoomed, moved, pointed at, read, and printed."""

import re
from itertools import combinations
from math import hypot

import pytest
from playwright.sync_api import Locator, Page, expect

from measures.models import Measure
from tests.benchmarks.data import build
from tests.journeys.conftest import drawn, pass_time
from tests.rating import save_rating
from workshops.models import Ballot

# title: relevance and feasibility of two ballots. Each weight has another winner.
POINTS = {
    "Leuchtturm": [(5, 1), (5, 1)],
    "Mitte": [(4, 4), (4, 3)],
    "Kleinkram": [(1, 5), (1, 5)],
    "Ladenhüter": [(2, 2), (2, 2)],
}
WIDE = ".matrix:not(.matrix--phone)"
POINTED = re.compile("is-pointed")
# Where a mark's centre is in the window and in the picture, and how large the mark is.
PLACE = """(mark) => {
  const { x, y, width, height } = mark.querySelector(".marker").getBoundingClientRect();
  const picture = mark.closest("svg").getBoundingClientRect();
  const [left, top] = [x + width / 2, y + height / 2];
  return { left, top, x: left - picture.x, y: top - picture.y, width };
}"""


@pytest.fixture
def rated(at, field, goal):
    """Four measures in two fields, while the workshop deliberates."""
    workshop = field.workshop
    ballots = [Ballot.objects.create(workshop=workshop, source="account") for _each in range(6)]
    for order, (title, votes) in enumerate(POINTS.items(), start=1):
        measure = Measure.objects.create(
            workshop=workshop,
            field=field if order != 4 else workshop.fields.get(name="Tourismus"),
            goal=goal if order != 4 else None,
            title=title,
            order=order,
        )
        for ballot, (relevance, feasibility) in zip(ballots, votes * 3, strict=True):
            save_rating(
                ballot=ballot, measure=measure, relevance=relevance, feasibility=feasibility
            )
    return at("deliberating")


@pytest.fixture
def visit(new_page, enter, rated, committee_member):
    """Return a function that opens the dashboard: ``visit("?weight=70", has_touch=True)``."""

    def open_dashboard(query="", **options) -> Page:
        page = enter(new_page(**({"reduced_motion": "reduce"} | options)), committee_member)
        # What comes later than the page has journeys of its own.
        page.route("**/stability/**", lambda route: route.fulfill(body=""))
        page.goto(f"/workshops/{rated.pk}/dashboard/{query}")
        page.locator(".matrix:visible").evaluate("(svg) => svg.scrollIntoView({ block: 'center' })")
        return page

    return open_dashboard


@pytest.fixture
def dashboard(visit) -> Page:
    return visit()


def mark(page: Page, title: str) -> Locator:
    return page.locator(f"#mark-{Measure.objects.get(title=title).pk}")


def place(page: Page, title: str) -> dict:
    """Where a mark stands in the picture, x and y of its centre, and its width, in pixels."""
    found = mark(page, title).evaluate(PLACE)
    return {key: found[key] for key in ("x", "y", "width")}


def point_at(page: Page, title: str) -> None:
    """Move the mouse onto a mark without any scrolling."""
    found = mark(page, title).evaluate(PLACE)
    page.mouse.move(found["left"], found["top"])


def card(page: Page) -> Locator:
    return page.locator("#mark-card")


def lines(page: Page) -> list[str]:
    """What the card says, one line each, without its bars."""
    text = card(page).locator("> p:visible").all_inner_texts()
    return [" ".join(line.split()) for line in text]


def level(page: Page) -> Locator:
    return page.locator(".zoom__level")


def stand_still(page: Page) -> None:
    """Wait until a movement, which not everybody wants to see, is over."""
    page.locator(".matrix:visible").evaluate(
        """(svg) => new Promise((done) => {
          const look = () => (svg.__transition ? requestAnimationFrame(look) : done());
          look();
        })"""
    )


def zoom(page: Page, way: str) -> None:
    page.locator(f"[data-zoom={way}]").click()
    stand_still(page)


def press(page: Page, key: str) -> None:
    page.keyboard.press(key)
    stand_still(page)


def ticks(page: Page) -> list[str]:
    """The labels of the feasibility axis within the picture."""
    return page.locator(f"{WIDE} .matrix__ticks").first.locator("text").all_text_contents()


# By keyboard -----------------------------------------------------------------------------------


def test_the_matrix_is_one_tab_stop_and_arrows_lead_to_the_neighbour(dashboard):
    expect(dashboard.locator(f"{WIDE} a.mark[tabindex='0']")).to_have_count(1)
    dashboard.locator("[data-full]").focus()
    dashboard.keyboard.press("Shift+Tab")
    expect(mark(dashboard, "Mitte")).to_be_focused()  # the best one
    dashboard.keyboard.press("ArrowLeft")
    expect(mark(dashboard, "Ladenhüter")).to_be_focused()
    expect(dashboard.locator(f"{WIDE} a.mark[tabindex='0']")).to_have_count(1)
    dashboard.keyboard.press("ArrowRight")
    expect(mark(dashboard, "Mitte")).to_be_focused()
    dashboard.keyboard.press("ArrowDown")
    expect(mark(dashboard, "Kleinkram")).to_be_focused()
    dashboard.keyboard.press("ArrowDown")
    expect(mark(dashboard, "Kleinkram")).to_be_focused()  # nothing lies below
    dashboard.keyboard.press("Tab")
    expect(dashboard.locator(f"{WIDE} a.mark:focus")).to_have_count(0)  # out again: no trap
    dashboard.keyboard.press("Shift+Tab")
    expect(mark(dashboard, "Kleinkram")).to_be_focused()


def test_home_end_and_pages_follow_the_ranking(dashboard):
    mark(dashboard, "Mitte").focus()
    went = []
    for key in (
        "End",
        "PageUp",
        "PageUp",
        "PageUp",
        "PageUp",
        "PageDown",
        "End",
        "PageDown",
        "Home",
    ):
        dashboard.keyboard.press(key)
        went.append(dashboard.evaluate("document.activeElement.dataset.name"))
    assert went == [
        "M4 Ladenhüter", "M3 Kleinkram", "M1 Leuchtturm", "M2 Mitte", "M2 Mitte", "M1 Leuchtturm",
        "M4 Ladenhüter", "M4 Ladenhüter", "M2 Mitte",
    ]  # fmt: skip


def test_what_lies_around_a_mark_is_said_after_its_name(dashboard):
    mark(dashboard, "Mitte").focus()
    around = mark(dashboard, "Mitte").get_attribute("aria-describedby")
    said = dashboard.locator(f"#{around}").text_content()
    assert re.findall(r"M\d \w+", said) == ["M3 Kleinkram", "M4 Ladenhüter"]
    dashboard.keyboard.press("ArrowDown")
    said = dashboard.locator(f"#{around}").text_content()
    assert re.findall(r"M\d \w+", said) == ["M2 Mitte", "M4 Ladenhüter"]


def test_enter_opens_the_measure(dashboard):
    mark(dashboard, "Mitte").focus()
    dashboard.keyboard.press("Enter")
    expect(dashboard).to_have_url(re.compile(r"/measures/2/\?from=ranking$"))


def test_the_keys_still_work_after_a_new_ranking(dashboard):
    dashboard.locator("#id_weight").focus()
    dashboard.keyboard.press("End")
    expect(dashboard.locator(".ranking tbody th").first).to_have_text("M1 Leuchtturm")
    expect(dashboard.locator(f"{WIDE} a.mark[tabindex='0']")).to_have_count(1)
    mark(dashboard, "Leuchtturm").focus()
    dashboard.keyboard.press("PageDown")
    expect(mark(dashboard, "Mitte")).to_be_focused()


# The card --------------------------------------------------------------------------------------


def test_the_card_says_everything_about_the_mark_under_the_mouse(dashboard, axe):
    mark(dashboard, "Mitte").hover()
    expect(card(dashboard)).to_be_visible()
    title, field, facts, *_sure, agreed = lines(dashboard)
    assert (title, field, agreed) == ("M2 Mitte", "Alltagsleben", "einig")
    assert re.findall(r"\d+", facts) == ["1", "6"]  # rank 1, rated by 6
    assert "Bald beginnen" in facts
    bars = card(dashboard).locator("svg.columns")
    assert [bars.nth(number).get_attribute("aria-label") for number in (0, 1)] == [
        "1: 0, 2: 0, 3: 0, 4: 6, 5: 0",
        "1: 0, 2: 0, 3: 3, 4: 3, 5: 0",
    ]
    means = card(dashboard).locator("span[data-mean]").all_inner_texts()
    assert [re.search(r"\d,\d\d$", mean)[0] for mean in means] == ["4,00", "3,50"]
    assert axe(dashboard) == []


def test_the_card_stands_beside_its_mark_and_within_the_window(visit):
    for width, height in ((1280, 800), (1024, 600), (700, 400)):
        page = visit(viewport={"width": width, "height": height})
        for title in POINTS:
            mark(page, title).focus()
            expect(card(page)).to_be_visible()
            drawn(page)  # the focus may scroll, and the card follows
            box = card(page).bounding_box()
            around = mark(page, title).locator(".marker").bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= height
            apart = (
                box["x"] + box["width"] <= around["x"]
                or around["x"] + around["width"] <= box["x"]
                or box["y"] + box["height"] <= around["y"]
                or around["y"] + around["height"] <= box["y"]
            )
            assert apart, (width, title)


def test_the_mouse_may_move_onto_the_card_and_its_link_opens_the_measure(dashboard):
    on_the_card(dashboard, "Mitte")
    pass_time(dashboard, 500)
    expect(card(dashboard)).to_be_visible()
    card(dashboard).locator("a").click()
    expect(dashboard).to_have_url(re.compile(r"/measures/2/\?from=ranking$"))


def on_the_card(page: Page, title: str) -> None:
    """Move the mouse onto a mark, and from it to the lower edge of the card below."""
    point_at(page, title)
    expect(card(page)).to_be_visible()
    box = card(page).bounding_box()
    assert box["y"] > mark(page, title).bounding_box()["y"]
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20)


def test_the_card_waits_for_no_font_that_would_break_its_lines_anew(dashboard, witness):
    before = {url for url in witness.requests if "/fonts/" in url}
    mark(dashboard, "Mitte").hover()
    expect(card(dashboard)).to_be_visible()
    drawn(dashboard)
    assert {url for url in witness.requests if "/fonts/" in url} == before


def test_the_card_does_not_flee_from_the_mouse_when_the_page_scrolls(dashboard):
    dashboard.evaluate("scrollTo(0, 60)")
    on_the_card(dashboard, "Mitte")
    before, scrolled = card(dashboard).bounding_box()["y"], dashboard.evaluate("scrollY")
    assert scrolled > 0
    dashboard.mouse.wheel(0, -scrolled)  # now it would have room above the mark
    dashboard.wait_for_function("() => scrollY === 0")
    pass_time(dashboard, 500)
    expect(card(dashboard)).to_be_visible()
    assert card(dashboard).bounding_box()["y"] == before + scrolled


def test_the_card_goes_when_the_mouse_leaves_and_comes_back_for_the_focus(dashboard):
    mark(dashboard, "Kleinkram").focus()
    expect(card(dashboard).locator("a")).to_have_text("M3 Kleinkram")
    mark(dashboard, "Mitte").hover()
    expect(card(dashboard).locator("a")).to_have_text("M2 Mitte")
    dashboard.mouse.move(2, 2)
    expect(card(dashboard).locator("a")).to_have_text("M3 Kleinkram")
    dashboard.keyboard.press("Tab")
    expect(card(dashboard)).to_be_hidden()


def test_escape_closes_the_card_and_leaves_the_focus_alone(dashboard):
    mark(dashboard, "Mitte").focus()
    expect(card(dashboard)).to_be_visible()
    dashboard.keyboard.press("Escape")
    expect(card(dashboard)).to_be_hidden()
    expect(mark(dashboard, "Mitte")).to_be_focused()
    mark(dashboard, "Kleinkram").hover()
    expect(card(dashboard)).to_be_visible()
    dashboard.keyboard.press("Escape")
    expect(card(dashboard)).to_be_hidden()


def test_the_card_tells_the_rank_range_once_it_is_there(dashboard):
    pk = Measure.objects.get(title="Mitte").pk
    expect(dashboard.locator("#rank-list[data-hx-get]")).to_have_count(0)  # has come anew
    dashboard.evaluate(
        """(ranges) => {
          document.getElementById("rank-ranges")?.remove();
          const element = document.createElement("script");
          element.type = "application/json";
          element.id = "rank-ranges";
          element.textContent = JSON.stringify(ranges);
          document.body.append(element);
        }""",
        {str(pk): [1, 3, "M3, M1", "M3", 72, "offen"]},
    )
    mark(dashboard, "Mitte").focus()
    _title, _field, facts, lead, others, _agreed = lines(dashboard)
    assert re.findall(r"\d+", facts) == ["1", "1", "3", "6"]
    assert lead == "offen: in 72 von 100 Zufallsziehungen vor M3"
    assert others == "Reihenfolge offen gegenüber M3, M1"
    mark(dashboard, "Kleinkram").focus()  # one that no range was sent for
    assert len(lines(dashboard)) == 4


def test_where_the_distributions_are_kept_back_the_card_has_no_bars(dashboard):
    mark(dashboard, "Mitte").evaluate(
        "(mark) => { mark.dataset.relevance = mark.dataset.feasibility = ''; }"
    )
    mark(dashboard, "Mitte").focus()
    expect(card(dashboard).locator("a")).to_have_text("M2 Mitte")
    expect(card(dashboard).locator(".mark-card__bars")).to_be_hidden()


def test_of_two_criteria_the_card_draws_the_one_that_is_not_kept_back(dashboard):
    mark(dashboard, "Mitte").evaluate("(mark) => { mark.dataset.feasibility = ''; }")
    mark(dashboard, "Mitte").focus()
    expect(card(dashboard).locator("[data-criterion=relevance]")).to_be_visible()
    expect(card(dashboard).locator("[data-criterion=feasibility]")).to_be_hidden()
    mark(dashboard, "Kleinkram").focus()
    expect(card(dashboard).locator("[data-criterion=feasibility]")).to_be_visible()


def test_a_finger_pins_the_card_and_a_second_tap_opens_the_measure(visit, axe):
    page = visit(has_touch=True)
    mark(page, "Mitte").tap()
    expect(card(page).locator("a")).to_have_text("M2 Mitte")
    expect(page).to_have_url(re.compile("/dashboard/$"))
    assert axe(page) == []
    mark(page, "Kleinkram").tap()
    expect(card(page).locator("a")).to_have_text("M3 Kleinkram")
    card(page).locator("[data-close]").tap()
    expect(card(page)).to_be_hidden()
    mark(page, "Kleinkram").tap()
    page.locator(".ranks__head").tap()
    expect(card(page)).to_be_hidden()
    mark(page, "Kleinkram").tap()
    expect(card(page)).to_be_visible()
    mark(page, "Kleinkram").tap()
    expect(page).to_have_url(re.compile(r"/measures/3/\?from=ranking$"))


def test_a_pinned_card_can_be_closed_and_opened_by_keyboard(visit):
    page = visit(has_touch=True)
    mark(page, "Mitte").tap()
    page.keyboard.press("Tab")
    expect(card(page).locator("[data-close]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(mark(page, "Mitte")).to_be_focused()


def test_a_click_of_the_mouse_opens_the_measure(dashboard):
    mark(dashboard, "Leuchtturm").click()
    expect(dashboard).to_have_url(re.compile(r"/measures/1/\?from=ranking$"))


def test_picture_and_list_point_at_each_other(dashboard):
    pk = Measure.objects.get(title="Kleinkram").pk
    row = dashboard.locator(f"#ranks [data-measure='{pk}']")
    row.hover()
    expect(mark(dashboard, "Kleinkram")).to_have_class(POINTED)
    expect(card(dashboard)).to_be_hidden()  # its mark may be off the screen
    mark(dashboard, "Mitte").hover()
    expect(row).not_to_have_class(POINTED)
    expect(dashboard.locator(".ranks__row.is-pointed")).to_have_count(1)
    mark(dashboard, "Kleinkram").focus()
    expect(row).to_have_class(POINTED)
    row.locator("a").focus()
    expect(mark(dashboard, "Kleinkram")).to_have_class(POINTED)


# Zoom ------------------------------------------------------------------------------------------


def test_zooming_by_button_moves_axes_and_marks_which_grow_to_their_own_size_only(dashboard, axe):
    before = place(dashboard, "Mitte")
    assert ticks(dashboard) == ["1", "2", "3", "4", "5"]
    zoom(dashboard, "in")
    expect(level(dashboard)).to_have_text("160 %")
    after = place(dashboard, "Mitte")
    assert before["width"] < after["width"] == pytest.approx(30, abs=0.2)
    # A step of feasibility was 0.5 right of the middle, one of relevance 1 above it.
    assert after["x"] - before["x"] == pytest.approx(0.6 * 0.5 * _step(dashboard), abs=0.5)
    assert after["y"] < before["y"]
    assert ticks(dashboard) == ["2", "2,5", "3", "3,5", "4"]
    assert axe(dashboard) == []
    zoom(dashboard, "in")
    expect(level(dashboard)).to_have_text("256 %")
    zoom(dashboard, "out")
    expect(level(dashboard)).to_have_text("160 %")
    zoom(dashboard, "fit")
    expect(level(dashboard)).to_have_text("100 %")
    assert place(dashboard, "Mitte") == pytest.approx(before, abs=0.2)
    assert ticks(dashboard) == ["1", "2", "3", "4", "5"]


def test_ctrl_and_wheel_zoom_the_picture_and_neither_zoom_nor_scroll_the_page(dashboard):
    point_at(dashboard, "Mitte")
    state = "[scrollY, visualViewport.scale, devicePixelRatio]"
    before = dashboard.evaluate(state)
    dashboard.keyboard.down("Control")
    dashboard.mouse.wheel(0, -300)
    expect(level(dashboard)).not_to_have_text("100 %")
    dashboard.mouse.wheel(0, 3000)
    expect(level(dashboard)).to_have_text("100 %")
    dashboard.mouse.wheel(0, 3000)  # out of what cannot be zoomed out
    dashboard.keyboard.up("Control")
    assert dashboard.evaluate(state) == before


def test_the_point_under_the_mouse_stays_under_it(dashboard):
    at = place(dashboard, "Mitte")
    point_at(dashboard, "Mitte")
    dashboard.keyboard.down("Control")
    dashboard.mouse.wheel(0, -100)
    dashboard.keyboard.up("Control")
    expect(level(dashboard)).not_to_have_text("100 %")
    now = place(dashboard, "Mitte")  # larger, for it grows to its own size
    assert [now["x"], now["y"]] == pytest.approx([at["x"], at["y"]], abs=1)


def test_the_plain_wheel_scrolls_the_page(dashboard):
    point_at(dashboard, "Mitte")
    before = dashboard.evaluate("scrollY")
    dashboard.mouse.wheel(0, 120)
    dashboard.wait_for_function("(there) => scrollY === there", arg=before + 120)
    expect(level(dashboard)).to_have_text("100 %")


def test_dragging_moves_the_window_only_where_it_is_zoomed_and_opens_nothing(dashboard):
    def dragged(title):
        before = mark(dashboard, title).evaluate(PLACE)
        dashboard.mouse.move(before["left"] + 20, before["top"] + 20)
        dashboard.mouse.down()
        dashboard.mouse.move(before["left"] - 40, before["top"] + 60, steps=4)
        dashboard.mouse.up()
        after = place(dashboard, title)
        return after["x"] - before["x"], after["y"] - before["y"]

    assert dragged("Mitte") == pytest.approx((0, 0), abs=0.2)
    zoom(dashboard, "in")
    assert dragged("Mitte") == pytest.approx((-60, 40), abs=0.5)


def test_dragging_a_mark_moves_the_window_and_does_not_open_it(dashboard):
    zoom(dashboard, "in")
    before = mark(dashboard, "Mitte").evaluate(PLACE)
    point_at(dashboard, "Mitte")
    dashboard.mouse.down()
    dashboard.mouse.move(before["left"] - 60, before["top"] + 40, steps=4)
    dashboard.mouse.up()
    after = place(dashboard, "Mitte")
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((-60, 40), abs=3)
    expect(dashboard).to_have_url(re.compile("/dashboard/$"))


def test_buttons_move_the_window_for_those_who_cannot_drag(dashboard):
    pan = dashboard.locator(".zoom__pan")
    expect(pan).to_be_hidden()
    zoom(dashboard, "in")
    expect(pan).to_be_visible()
    middle = place(dashboard, "Mitte")
    zoom(dashboard, "right")
    assert place(dashboard, "Mitte")["x"] < middle["x"]
    zoom(dashboard, "left")
    zoom(dashboard, "up")
    after = place(dashboard, "Mitte")
    assert after["x"] == pytest.approx(middle["x"], abs=0.5)
    assert after["y"] > middle["y"]
    zoom(dashboard, "fit")
    expect(pan).to_be_hidden()


def test_keys_zoom_about_the_focused_mark_and_the_focus_takes_the_window_along(dashboard):
    mark(dashboard, "Mitte").focus()
    before = place(dashboard, "Mitte")
    for _each in range(4):
        press(dashboard, "+")
    expect(level(dashboard)).to_have_text("655 %")
    after = place(dashboard, "Mitte")
    assert (after["x"], after["y"]) == pytest.approx((before["x"], before["y"]), abs=1)
    for title in ("Leuchtturm", "Kleinkram"):
        press(dashboard, "PageDown")
        expect(mark(dashboard, title)).to_be_focused()
        frame = dashboard.locator(f"{WIDE} .matrix__frame").bounding_box()
        at = mark(dashboard, title).evaluate(PLACE)
        assert frame["x"] < at["left"] < frame["x"] + frame["width"]
        assert frame["y"] < at["top"] < frame["y"] + frame["height"]
        expect(card(dashboard).locator("a")).to_have_text(re.compile(title))
    press(dashboard, "-")
    expect(level(dashboard)).to_have_text("410 %")
    press(dashboard, "0")
    expect(level(dashboard)).to_have_text("100 %")
    expect(mark(dashboard, "Kleinkram")).to_be_focused()


def test_the_tab_stop_is_never_outside_the_window(dashboard):
    mark(dashboard, "Kleinkram").focus()
    dashboard.locator("[data-zoom=in]").focus()
    zoom(dashboard, "in")
    zoom(dashboard, "up")
    stop = dashboard.locator(f"{WIDE} a.mark[tabindex='0']")
    expect(stop).to_have_id(mark(dashboard, "Mitte").get_attribute("id"))
    expect(mark(dashboard, "Kleinkram")).to_have_attribute("data-outside", "")


def test_the_zoom_stays_when_the_weight_changes(dashboard):
    zoom(dashboard, "in")
    zoom(dashboard, "right")
    before = place(dashboard, "Mitte")
    dashboard.locator("#id_weight").focus()
    dashboard.keyboard.press("End")
    expect(dashboard.locator(".ranking tbody th").first).to_have_text("M1 Leuchtturm")
    expect(level(dashboard)).to_have_text("160 %")
    expect(dashboard.locator(".zoom__pan")).to_be_visible()
    assert place(dashboard, "Mitte") == pytest.approx(before, abs=1)
    zoom(dashboard, "fit")
    expect(level(dashboard)).to_have_text("100 %")


def test_one_that_made_room_goes_to_its_true_place_when_zooming_has_made_some(visit, rated):
    crowd = Measure.objects.create(workshop=rated, field=rated.fields.first(), title="Nachbar")
    for feasibility in (4, 4, 4, 3, 3):  # 3.6, and "Mitte" has 3.5
        ballot = Ballot.objects.create(workshop=rated, source="account")
        save_rating(ballot=ballot, measure=crowd, relevance=4, feasibility=feasibility)
    page = visit()
    leader = page.locator(f"{WIDE} .matrix__window > .matrix__leader")
    before = place(page, "Mitte")
    assert leader.get_attribute("d").count("M") == 1
    mark(page, "Mitte").focus()
    press(page, "+")
    press(page, "+")
    expect(level(page)).to_have_text("256 %")
    assert leader.get_attribute("d") == ""
    stays, moved = place(page, "Nachbar"), place(page, "Mitte")
    assert moved["y"] == pytest.approx(stays["y"], abs=0.2)
    assert stays["x"] - moved["x"] == pytest.approx(0.1 * 2.56 * _step(page), abs=0.5)
    zoom(page, "fit")
    expect(level(page)).to_have_text("100 %")
    assert place(page, "Mitte") == pytest.approx(before, abs=0.2)


def _step(page: Page) -> float:
    """How many pixels of the screen one step of feasibility is, without zoom."""
    return page.locator(f"{WIDE} .matrix__frame").bounding_box()["width"] / 4.4


def leaders(page: Page) -> int:
    """How many marks of the wide picture are away from their true place."""
    lines = page.locator(f"{WIDE} .matrix__window > .matrix__leader")
    return lines.get_attribute("d").count("M")


def test_of_three_hundred_no_mark_covers_another_at_any_zoom(new_page, enter, transactional_db):
    case = build(300, 10)
    page = enter(new_page(reduced_motion="reduce"), case.facilitator)
    page.route("**/stability/**", lambda route: route.fulfill(body=""))
    page.goto(f"/workshops/{case.workshop.pk}/dashboard/")
    away = [leaders(page)]
    for percent in ("100 %", "160 %", "256 %", "410 %"):
        expect(level(page)).to_have_text(percent)
        found = page.locator(f"{WIDE} a.mark:not([data-outside])").evaluate_all(
            f"(marks) => marks.map({PLACE}).map((each) => [each.x, each.y, each.width])"
        )
        assert len(found) > 10
        smallest = min(width for _x, _y, width in found)  # no mark is less than this across
        near = [
            (one, other)
            for one, other in combinations(found, 2)
            if hypot(one[0] - other[0], one[1] - other[1]) < smallest
        ]
        assert near == []
        zoom(page, "in")
        away.append(
            page.locator(f"{WIDE} .matrix__window > .matrix__leader").get_attribute("d").count("M")
        )
    assert away == sorted(away, reverse=True)  # the closer one looks, the more are at home
    assert away[-1] < away[0] / 3


# Everybody else --------------------------------------------------------------------------------


def test_the_summary_and_the_list_by_quadrant_say_what_the_picture_shows(dashboard, axe):
    summary = dashboard.locator(".matrix-summary").inner_text()
    assert re.findall(r"M\d \w+", summary)[0] == "M2 Mitte"
    dashboard.locator(".by-quadrant summary").click()
    lists = dashboard.locator(".by-quadrant__lists > div")
    said = {
        lists.nth(number).locator("h3").inner_text(): lists.nth(number)
        .locator("li")
        .evaluate_all("(items) => items.map((item) => `${item.value} ${item.innerText}`)")
        for number in range(lists.count())
    }
    assert said == {
        "Bald beginnen (1)": ["1 M2 Mitte"],
        "Vorbereiten (1)": ["2 M1 Leuchtturm"],
        "Bei Gelegenheit (1)": ["2 M3 Kleinkram"],
        "Im Blick behalten (1)": ["4 M4 Ladenhüter"],
    }
    assert axe(dashboard) == []


def test_without_javascript_the_picture_is_static_and_every_mark_a_link(visit):
    page = visit(java_script_enabled=False)
    expect(page.locator(f"{WIDE} a.mark")).to_have_count(4)
    expect(page.locator(".zoom")).to_be_hidden()
    expect(card(page)).to_be_hidden()
    mark(page, "Mitte").click()
    expect(page).to_have_url(re.compile(r"/measures/2/\?from=ranking$"))


def test_on_a_phone_the_whole_picture_shows_and_a_tap_near_a_mark_opens_a_sheet(visit, axe):
    page = visit(viewport={"width": 360, "height": 740}, has_touch=True, color_scheme="dark")
    assert page.locator("html").evaluate("(page) => page.scrollWidth <= page.clientWidth")
    picture = page.locator(".matrix--phone")
    box = picture.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    mitte = picture.locator(f".mark[data-measure='{Measure.objects.get(title='Mitte').pk}']")
    at = mitte.evaluate(PLACE)
    page.touchscreen.tap(at["left"] + at["width"] / 2 + 8, at["top"])
    expect(card(page)).to_be_visible()
    expect(card(page)).to_be_focused()
    expect(card(page)).to_have_attribute("role", "dialog")
    sheet = card(page).bounding_box()
    assert (sheet["x"], sheet["width"]) == (0, page.evaluate("document.body.clientWidth"))
    assert sheet["y"] + sheet["height"] == 740
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(mitte).to_be_focused()


def test_on_the_whole_screen_arrows_lead_along_the_ranking_and_escape_leaves(dashboard):
    full = dashboard.locator("[data-full]")
    full.focus()
    dashboard.keyboard.press("Enter")
    told = dashboard.locator(".matrix-told__text")
    expect(told).to_contain_text("M2 Mitte")
    for title in ("Leuchtturm", "Kleinkram"):
        dashboard.keyboard.press("ArrowRight")
        expect(told).to_contain_text(title)
        expect(mark(dashboard, title)).to_be_focused()
    expect(told).to_have_attribute("role", "status")
    dashboard.keyboard.press("ArrowLeft")
    expect(told).to_contain_text("Leuchtturm")
    dashboard.keyboard.press("Escape")
    expect(told).to_be_hidden()
    expect(full).to_be_focused()


def test_on_the_whole_screen_buttons_lead_along_the_ranking_and_out(dashboard):
    full = dashboard.locator("[data-full]")
    expect(full).to_have_accessible_name("Vollbild")
    full.click()
    expect(full).to_have_accessible_name("Vollbild verlassen")
    bar, told = dashboard.locator(".matrix-told"), dashboard.locator(".matrix-told__text")
    heights = []
    for name, title in (("Nächster Rang", "Leuchtturm"), ("Voriger Rang", "Mitte")):
        button = dashboard.get_by_role("button", name=name)
        button.click()
        expect(told).to_contain_text(title)
        expect(button).to_be_focused()
        expect(dashboard.locator(f"{WIDE} .mark.is-told")).to_have_count(1)
        heights.append(bar.bounding_box()["height"])
    told.evaluate("(text) => text.firstChild.append(' und noch viele Wörter mehr'.repeat(20))")
    heights.append(bar.bounding_box()["height"])
    assert len(set(heights)) == 1
    full.click()
    expect(bar).to_be_hidden()
    expect(full).to_have_accessible_name("Vollbild")


def test_on_paper_there_are_neither_buttons_nor_card(dashboard):
    mark(dashboard, "Mitte").focus()
    dashboard.emulate_media(media="print")
    for part in (".zoom", "#mark-card", ".by-quadrant"):
        expect(dashboard.locator(part)).to_be_hidden()
    expect(dashboard.locator(WIDE)).to_be_visible()


def test_in_forced_colours_marks_and_their_numbers_stay_visible(visit):
    page = visit(forced_colors="active")
    paints = mark(page, "Mitte").evaluate(
        """(mark) => {
          const shape = getComputedStyle(mark.querySelector(".marker"));
          return [shape.fill, shape.stroke, getComputedStyle(mark.querySelector("text")).fill];
        }"""
    )
    assert paints == ["rgb(255, 255, 255)", "rgb(0, 0, 0)", "rgb(0, 0, 0)"]
