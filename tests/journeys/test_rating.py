"""A participant rates on a phone: by keys, by tapping, without a network, and changes her mind."""

import re

import pytest
from playwright.sync_api import Page, expect

from measures.models import Measure, Rating
from tests.journeys.conftest import Held, drawn
from workshops.models import Ballot

PHONE = {"viewport": {"width": 375, "height": 700}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def rating(at, measure, measure_two):
    Measure.objects.create(
        workshop=measure.workshop, field=measure.field, goal=measure.goal, title="Rad", order=3
    )
    return at("rating")


@pytest.fixture
def phone(new_page, enter, participant, rating) -> Page:
    """The participant's phone, with the ballot taken and the first measure open."""
    page = enter(new_page(**PHONE), participant)
    page.goto(f"/workshops/{rating.pk}/rate/")
    page.locator("main form button").tap()
    expect(choice(page, "relevance", 1)).to_be_focused()
    return page


def shown(page: Page) -> Measure:
    return Measure.objects.get(number=re.search(r"/rate/(\d+)/", page.url)[1])


def choice(page: Page, criterion: str, value) -> object:
    return page.locator(f"input[name={criterion}][value='{value}']")


def state(page: Page):
    """Where the page says whether the choice is saved; the words come from the page itself."""
    return page.locator("[data-state]")


def words(page: Page, name: str) -> str:
    return page.locator("[data-rate]").get_attribute(f"data-{name}")


def pairs() -> dict[str, tuple]:
    rows = Rating.objects.values_list("measure__title", "relevance", "feasibility")
    return {title: (relevance, feasibility) for title, relevance, feasibility in rows}


def test_the_ballot_is_taken_once_and_leads_to_the_first_measure(phone, axe):
    assert Ballot.objects.count() == 1
    expect(phone).to_have_url(re.compile(r"/rate/\d+/$"))
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
    assert axe(phone) == []


LOOK = """(radio) => {
  const { borderWidth, borderStyle, borderRadius, backgroundColor } = getComputedStyle(radio);
  return { borderWidth, borderStyle, borderRadius, backgroundColor };
}"""
RING = """(radio) => {
  const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(radio);
  return [outlineStyle, outlineWidth, parseInt(outlineOffset) > 0];
}"""


@pytest.mark.parametrize("forced", ["none", "active"])
def test_the_step_with_the_focus_looks_no_more_chosen_than_the_others(phone, forced):
    phone.emulate_media(forced_colors=forced)
    first, second = choice(phone, "relevance", 1), choice(phone, "relevance", 2)
    look = second.evaluate(LOOK)
    assert first.evaluate(RING) == ["solid", "3px", True]
    assert (first.evaluate(LOOK) | {"borderRadius": ""}) == look | {"borderRadius": ""}
    assert (first.evaluate(LOOK)["borderRadius"], look["borderRadius"]) == ("50%", "100%")


@pytest.mark.parametrize("forced", ["none", "active"])
def test_the_step_that_was_just_clicked_keeps_its_circle(phone, forced):
    phone.emulate_media(forced_colors=forced)
    look = choice(phone, "feasibility", 2).evaluate(LOOK)
    clicked = choice(phone, "relevance", 3)
    clicked.click()  # the mouse stays on it
    assert clicked.evaluate("(radio) => radio.matches(':checked:focus:hover')")
    seen = clicked.evaluate(LOOK)
    assert [seen[part] for part in ("borderWidth", "borderStyle")] == ["2px", "solid"]
    assert seen["borderWidth"] == look["borderWidth"]


def test_what_is_chosen_is_seen_in_forced_colours(phone):
    phone.emulate_media(forced_colors="active")
    phone.keyboard.press("3")
    dot = """(radio) => [
      getComputedStyle(radio, "::before").backgroundColor, getComputedStyle(radio).backgroundColor
    ]"""
    inside, around = choice(phone, "relevance", 3).evaluate(dot)
    assert inside != around


def test_keys_choose_move_on_and_save_by_themselves(phone):
    measure = shown(phone)
    phone.keyboard.press("4")
    expect(choice(phone, "relevance", 4)).to_be_checked()
    expect(choice(phone, "feasibility", 1)).to_be_focused()
    assert pairs() == {}  # half a pair is no rating
    phone.keyboard.press("2")
    expect(choice(phone, "feasibility", 2)).to_be_checked()
    expect(state(phone)).to_have_text(words(phone, "saved"))
    assert pairs() == {measure.title: (4, 2)}
    phone.keyboard.press("Enter")
    expect(phone).not_to_have_url(re.compile(f"/rate/{measure.number}/"))
    assert shown(phone) != measure
    expect(phone.locator("progress")).to_have_attribute("value", "1")


def test_a_key_pressed_while_the_next_measure_is_on_its_way_does_not_change_this_one(phone):
    measure = shown(phone)
    phone.keyboard.press("4")
    phone.keyboard.press("2")
    expect(state(phone)).to_have_text(words(phone, "saved"))
    held = Held(phone, re.compile(r"/rate/\d+/$"), "GET")
    phone.keyboard.press("Enter")
    held.arrive()
    sent = []
    phone.on("request", lambda request: sent.append(request.method))
    for key in ("5", "ArrowDown"):
        phone.keyboard.press(key)
    held.let_go()
    expect(phone).not_to_have_url(re.compile(f"/rate/{measure.number}/"))
    assert "POST" not in sent
    assert pairs() == {measure.title: (4, 2)}


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_every_step_has_its_key(phone, step):
    measure = shown(phone)
    phone.keyboard.press(str(step))
    phone.keyboard.press(str(step))
    expect(state(phone)).to_have_text(words(phone, "saved"))
    assert pairs() == {measure.title: (step, step)}


def test_k_means_cannot_judge_and_other_keys_mean_nothing(phone):
    measure = shown(phone)
    for key in ("6", "0", "x"):
        phone.keyboard.press(key)
    expect(phone.locator("input[type=radio]:checked")).to_have_count(0)
    phone.keyboard.press("k")
    expect(choice(phone, "relevance", "none")).to_be_checked()
    phone.keyboard.press("K")
    expect(state(phone)).to_have_text(words(phone, "saved"))
    assert pairs() == {measure.title: (None, None)}


def test_tapping_saves_too_and_cannot_judge_is_one_tap(phone):
    measure = shown(phone)
    tap(phone, "relevance", 5)
    tap(phone, "feasibility", "none")
    expect(state(phone)).to_have_text(words(phone, "saved"))
    assert pairs() == {measure.title: (5, None)}


def tap(page: Page, criterion: str, value) -> None:
    """Tap the words beside the circle, as a thumb does."""
    page.locator(f"label[for='{choice(page, criterion, value).get_attribute('id')}']").tap()


def test_every_step_is_large_enough_for_a_thumb(phone):
    for row in phone.locator("main .kern-form-check").all():
        assert row.bounding_box()["height"] >= 40


def test_everything_is_rated_and_can_be_changed_afterwards(phone, axe):
    for _each in range(3):
        expect(choice(phone, "relevance", 1)).to_be_focused()  # the keys are for this measure
        phone.keyboard.press("3")
        phone.keyboard.press("3")
        expect(state(phone)).to_have_text(words(phone, "saved"))
        before = phone.url
        phone.locator(".rate-form button[type=submit]").tap()
        expect(phone).not_to_have_url(before)
    expect(phone).to_have_url(re.compile("/rate/$"))
    progress = phone.locator("progress")
    assert (progress.get_attribute("value"), progress.get_attribute("max")) == ("3", "3")
    expect(phone.locator("main a[href$='/rate/next/']")).to_have_count(0)
    assert pairs() == {"WLAN": (3, 3), "Bus": (3, 3), "Rad": (3, 3)}
    assert axe(phone) == []
    bus = Measure.objects.get(title="Bus").number
    phone.locator(f"main a[href$='/rate/{bus}/']").tap()
    expect(choice(phone, "relevance", 3)).to_be_checked()
    expect(state(phone)).to_have_text(words(phone, "saved"))
    with phone.expect_response(lambda response: response.request.method == "POST"):
        tap(phone, "relevance", 1)
    expect(state(phone)).to_have_text(words(phone, "saved"))
    assert pairs() == {"WLAN": (3, 3), "Bus": (1, 3), "Rad": (3, 3)}
    assert Rating.objects.count() == 3


def test_a_second_browser_of_the_same_account_is_told_where_the_ballot_is(
    phone, new_page, enter, participant, rating, axe
):
    other = enter(new_page(), participant)
    other.goto(f"/workshops/{rating.pk}/rate/")
    expect(other.locator("main .kern-alert--info")).to_be_visible()
    expect(other.locator("main form")).to_have_count(0)
    assert axe(other) == []
    assert Ballot.objects.count() == 1


def test_a_rating_without_a_network_is_announced_and_sent_later(phone, witness):
    witness.expect("ERR_INTERNET_DISCONNECTED")
    measure = shown(phone)
    phone.context.set_offline(True)
    phone.keyboard.press("5")
    phone.keyboard.press("4")
    expect(state(phone)).to_have_text(words(phone, "failed"))
    assert pairs() == {}
    phone.context.set_offline(False)
    expect(state(phone)).to_have_text(words(phone, "saved"))
    assert pairs() == {measure.title: (5, 4)}


def test_going_on_without_a_network_keeps_the_page_and_the_choice(phone, witness):
    witness.expect("ERR_INTERNET_DISCONNECTED")
    measure = shown(phone)
    phone.context.set_offline(True)
    phone.keyboard.press("5")
    phone.keyboard.press("4")
    expect(state(phone)).to_have_text(words(phone, "failed"))
    phone.keyboard.press("Enter")
    expect(choice(phone, "relevance", 5)).to_be_checked()
    expect(phone).to_have_url(re.compile(f"/rate/{measure.number}/$"))
    phone.context.set_offline(False)
    expect(state(phone)).to_have_text(words(phone, "saved"))
    phone.keyboard.press("Enter")
    expect(phone).not_to_have_url(re.compile(f"/rate/{measure.number}/$"))
    assert pairs() == {measure.title: (5, 4)}


def test_rating_that_ended_meanwhile_is_explained(phone, at, witness, axe):
    witness.expect("status of 403")
    at("deliberating")
    phone.keyboard.press("5")
    phone.keyboard.press("4")
    expect(phone.locator("form[data-rate]")).to_have_count(0)
    expect(phone.locator("h1")).to_be_visible()
    assert pairs() == {}
    assert axe(phone) == []


def test_only_fields_that_are_open_are_rated(phone, rating):
    rating.rounds.get().open_fields.clear()
    phone.goto(re.sub(r"\d+/$", "next/", phone.url))
    expect(phone).to_have_url(re.compile("/rate/$"))
    expect(phone.locator("main .rows li")).to_have_count(0)


# On a small screen -------------------------------------------------------------------------------

UNDER_THE_BAR = """() => {
  const place = document.activeElement;
  const [focused, bar] = [place, document.querySelector('[data-bar]')]
    .map((each) => each.getBoundingClientRect());
  const isOther = place !== document.body && !place.closest('[data-bar]');
  return isOther && focused.bottom > bar.top && focused.top < bar.bottom;
}"""


@pytest.mark.parametrize(("width", "height"), [(320, 640), (1280, 720)])
def test_the_way_on_is_always_at_hand_and_never_hides_the_focus(
    new_page, enter, participant, rating, width, height
):
    words = "Ein Satz, der erklärt, was gemeint ist. " * 8
    Measure.objects.filter(workshop=rating).update(description=words)
    size = {"width": width, "height": height}
    # With reduced motion the page does not glide to the focus, it is there.
    page = enter(new_page(viewport=size, reduced_motion="reduce"), participant)
    page.goto(f"/workshops/{rating.pk}/rate/")
    page.locator("main form button").click()
    page.wait_for_url("**/rate/*/")
    button = page.locator(".rate-form button[type=submit]")
    expect(button).to_be_in_viewport(ratio=1)
    for key in ["3", "ArrowDown", "ArrowDown", *["Tab"] * 8]:
        page.keyboard.press(key)
        drawn(page)
        assert page.evaluate(UNDER_THE_BAR) is False, key
    page.evaluate("scrollTo(0, 0)")
    expect(button).to_be_in_viewport(ratio=1)


def test_a_thumb_keeps_the_text_that_stands_above_the_question(phone):
    Measure.objects.update(description="Ein Satz, der erklärt, was gemeint ist. " * 40)
    phone.reload()
    expect(phone.locator("h1")).to_be_in_viewport()
    assert phone.evaluate("[scrollY, document.activeElement.tagName]") == [0, "BODY"]


def test_on_a_very_low_screen_the_button_stays_in_the_text(new_page, enter, participant, rating):
    page = enter(new_page(viewport={"width": 640, "height": 320}), participant)
    page.goto(f"/workshops/{rating.pk}/rate/")
    page.locator("main form button").click()
    page.wait_for_url("**/rate/*/")
    assert page.locator("[data-bar]").evaluate("bar => getComputedStyle(bar).position") == "static"
