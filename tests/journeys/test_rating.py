"""People rate on their phones: by tapping, by keys, without a network, until the time is up."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from measures.models import Measure, Rating
from measures.rating import closing, rounds
from tests.journeys.conftest import Held, pass_time
from tests.people import open_door
from workshops.audiences import Audience, call
from workshops.models import Ballot, ScaleStep, Workshop

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
FORM = "form[data-rate]"


@pytest.fixture
def rating(at, measure, measure_two):
    Measure.objects.create(
        workshop=measure.workshop, field=measure.field, goal=measure.goal, title="Rad", order=3
    )
    return at("rating")


@pytest.fixture
def phone(new_page, rating) -> Page:
    """A guest's phone with the first measure open."""
    return come_in(new_page(**PHONE), rating)


def come_in(page: Page, workshop: Workshop) -> Page:
    page.goto(reverse("measures:join", args=[open_door(workshop)]))
    page.locator("main form button").first.click()
    page.wait_for_url("**/rate/*/")
    expect(page.locator("[data-go] span").first).to_have_text(words(page, "skipping"))  # it listens
    return page


def shown(page: Page) -> Measure:
    return Measure.objects.get(number=re.search(r"/rate/(\d+)/", page.url)[1])


def choice(page: Page, criterion: str, value) -> object:
    return page.locator(f"input[name={criterion}][value='{value}']")


def tap(page: Page, criterion: str, value) -> None:
    """Tap a button; its radio fills it."""
    choice(page, criterion, value).tap()


def state(page: Page):
    """Where the page says whether the choice is saved; the words come from the page itself."""
    return page.locator("[data-mark]")


def words(page: Page, name: str) -> str:
    return page.locator(FORM).get_attribute(f"data-{name}")


def is_saved(page: Page) -> None:
    expect(state(page)).to_have_text(f"✓ {words(page, 'saved')}")


def stays(page: Page) -> None:
    """Turn the moving on off, as the list lets everybody do."""
    page.evaluate("localStorage.setItem('phone:auto', 'off')")


def pairs() -> dict[str, tuple]:
    rows = Rating.objects.values_list("measure__title", "relevance", "feasibility")
    return {title: (relevance, feasibility) for title, relevance, feasibility in rows}


# What one sees ------------------------------------------------------------------------------------

BOXES = """() => [...document.querySelectorAll('.step input, .none input')].map((each) => {
  const { left, top, right, bottom, width, height } = each.getBoundingClientRect();
  return [left, top, right, bottom, width, height];
})"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("width", "height"), [(360, 640), (320, 568), (390, 844)])
@pytest.mark.parametrize("steps", [5, 10])
def test_all_buttons_of_both_questions_are_in_sight_and_large_enough_for_a_thumb(
    new_page, rating, axe, width, height, steps
):
    rescale(rating, steps)
    Measure.objects.update(description="Ein Satz, der erklärt, was gemeint ist. " * 12)
    page = come_in(new_page(**PHONE | {"viewport": {"width": width, "height": height}}), rating)
    ends_in(rating, 100)
    expect(page.locator("[data-left]")).to_be_visible()
    bar = page.locator(".bar").bounding_box()["y"]
    boxes = page.evaluate(BOXES)
    assert len(boxes) == 2 * (steps + 1)
    for left, top, right, bottom, wide, high in boxes:
        assert (left >= 0, top >= 0, right <= width, bottom <= bar + 1) == (True,) * 4
        assert (wide >= 44, high >= 44) == (True, True)
    assert (page.evaluate(SIDEWAYS), page.evaluate("scrollY")) == (0, 0)
    assert axe(page) == []


def rescale(workshop: Workshop, steps: int, word: str = "Stufe") -> None:
    Workshop.objects.filter(pk=workshop.pk).update(steps=steps)
    ScaleStep.objects.filter(workshop=workshop).delete()
    ScaleStep.objects.bulk_create(
        ScaleStep(workshop=workshop, criterion=criterion, step=step, label=f"{word} {step}")
        for criterion in ("relevance", "feasibility")
        for step in range(1, steps + 1)
    )


def test_nothing_has_a_frame_on_arrival_and_no_button_moves_while_one_answers(phone):
    stays(phone)
    assert phone.evaluate("document.activeElement.tagName") == "BODY"
    places = phone.evaluate(BOXES)
    for criterion, value in (("relevance", 4), ("feasibility", "none"), ("relevance", "none")):
        tap(phone, criterion, value)
        assert phone.evaluate(BOXES) == places
    is_saved(phone)
    assert phone.evaluate(BOXES) == places


def test_the_chosen_word_stands_beside_its_question_however_long(new_page, rating):
    rescale(rating, 7, word="ganz besonders wichtig für die Menschen in der Stadt")
    page = come_in(new_page(**PHONE | {"viewport": {"width": 320, "height": 640}}), rating)
    places = page.evaluate(BOXES)
    tap(page, "relevance", 4)
    said = page.locator(".said").first
    expect(said).to_have_text("4 – ganz besonders wichtig für die Menschen in der Stadt 4")
    assert (page.evaluate(BOXES), page.evaluate(SIDEWAYS)) == (places, 0)


def test_what_it_is_about_lies_over_the_questions_and_moves_nothing(phone):
    Measure.objects.update(description="Ein Satz, der erklärt, was gemeint ist. " * 20)
    phone.reload()
    places = phone.evaluate(BOXES)
    phone.locator(".about summary").tap()
    expect(phone.locator(".about__text")).to_be_visible()
    expect(phone.locator("h1")).to_be_in_viewport()
    assert phone.evaluate(BOXES) == places


def test_letters_of_twice_their_size_scroll_and_do_not_run_sideways(phone, axe):
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    assert phone.evaluate(SIDEWAYS) == 0
    last = choice(phone, "feasibility", 5)
    last.scroll_into_view_if_needed()
    last.tap()
    expect(last).to_be_checked()
    assert axe(phone) == []


def test_what_is_chosen_is_seen_in_forced_colours(phone):
    phone.emulate_media(forced_colors="active")
    stays(phone)
    tap(phone, "relevance", 3)
    look = "(radio) => getComputedStyle(radio.nextElementSibling).backgroundColor"
    chosen, other = (choice(phone, "relevance", value).evaluate(look) for value in (3, 2))
    assert chosen != other


# By finger ----------------------------------------------------------------------------------------


def test_two_taps_save_and_the_next_measure_comes_by_itself(phone):
    measure = shown(phone)
    tap(phone, "relevance", 5)
    assert pairs() == {}  # half a pair is no rating
    tap(phone, "feasibility", "none")
    expect(phone).not_to_have_url(re.compile(f"/rate/{measure.number}/"))
    assert pairs() == {measure.title: (5, None)}
    assert shown(phone) != measure
    expect(phone.locator("progress")).to_have_attribute("value", "1")


def test_moving_on_can_be_turned_off_in_this_browser(phone, axe):
    here = phone.url
    phone.locator(".head a").tap()
    switch = phone.locator("[data-switch] input")
    expect(switch).to_be_checked()
    assert axe(phone) == []
    switch.tap()
    expect(switch).not_to_be_checked()
    phone.goto(here)
    tap(phone, "relevance", 5)
    tap(phone, "feasibility", 1)
    is_saved(phone)
    pass_time(phone, 1500)
    expect(phone).to_have_url(here)
    phone.locator("[data-go]").tap()
    expect(phone).not_to_have_url(here)


def test_who_changes_the_mind_in_time_is_not_taken_away(phone):
    measure = shown(phone)
    tap(phone, "relevance", 5)
    for value in (1, 2, 3):
        tap(phone, "feasibility", value)
        pass_time(phone, 500)
        expect(phone).to_have_url(re.compile(f"/rate/{measure.number}/"))
    expect(phone).not_to_have_url(re.compile(f"/rate/{measure.number}/"))
    assert pairs() == {measure.title: (5, 3)}


def test_everything_is_rated_and_can_be_changed_afterwards(phone, axe):
    for _each in range(3):
        before = phone.url
        tap(phone, "relevance", 3)
        tap(phone, "feasibility", 3)
        expect(phone).not_to_have_url(before)
    expect(phone).to_have_url(re.compile("/rate/$"))
    progress = phone.locator("progress")
    assert (progress.get_attribute("value"), progress.get_attribute("max")) == ("3", "3")
    expect(phone.locator("a[href$='/rate/next/']")).to_have_count(0)
    assert axe(phone) == []
    bus = Measure.objects.get(title="Bus").number
    phone.locator(f"main a[href$='/rate/{bus}/']").tap()
    expect(choice(phone, "relevance", 3)).to_be_checked()
    is_saved(phone)
    with phone.expect_response(lambda response: response.request.method == "POST"):
        tap(phone, "relevance", 1)
    phone.locator("[data-go]").tap()
    expect(phone).to_have_url(re.compile("/rate/$"))
    assert pairs() == {"WLAN": (3, 3), "Bus": (1, 3), "Rad": (3, 3)}


def test_skipping_and_the_way_back(phone):
    first, start = shown(phone), phone.url
    phone.locator("[data-go]").tap()
    expect(phone).not_to_have_url(start)
    assert shown(phone) != first
    phone.locator("[data-back]").tap()
    expect(phone).to_have_url(start)
    phone.locator("[data-back]").tap()
    expect(phone).to_have_url(re.compile(r"/rate/\?list=1$"))
    expect(phone.locator(".todo")).to_have_count(3)
    assert pairs() == {}


# By keys ------------------------------------------------------------------------------------------


def test_keys_choose_and_wait_for_enter_and_the_next_page_has_the_focus(phone):
    measure = shown(phone)
    choice(phone, "relevance", 1).focus()
    phone.keyboard.press("4")
    expect(choice(phone, "relevance", 4)).to_be_checked()
    expect(choice(phone, "feasibility", 1)).to_be_focused()
    phone.keyboard.press("2")
    expect(choice(phone, "feasibility", 2)).to_be_checked()
    is_saved(phone)
    assert pairs() == {measure.title: (4, 2)}
    pass_time(phone, 1500)
    expect(phone).to_have_url(re.compile(f"/rate/{measure.number}/"))
    phone.keyboard.press("Enter")
    expect(phone).not_to_have_url(re.compile(f"/rate/{measure.number}/"))
    expect(choice(phone, "relevance", 1)).to_be_focused()


def test_a_key_pressed_while_the_next_measure_is_on_its_way_does_not_change_this_one(phone):
    measure = shown(phone)
    choice(phone, "relevance", 1).focus()
    phone.keyboard.press("4")
    phone.keyboard.press("2")
    is_saved(phone)
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


@pytest.mark.parametrize(("key", "step"), [("1", 1), ("5", 5), ("k", None), ("K", None)])
def test_every_step_has_its_key(phone, key, step):
    measure = shown(phone)
    choice(phone, "relevance", 1).focus()
    for nothing in ("6", "0", "x"):
        phone.keyboard.press(nothing)
    expect(phone.locator("input[type=radio]:checked")).to_have_count(0)
    phone.keyboard.press(key)
    phone.keyboard.press(key)
    is_saved(phone)
    assert pairs() == {measure.title: (step, step)}


# Without scripts, without a network ---------------------------------------------------------------


def test_without_scripts_the_form_saves_skips_and_says_what_is_missing(new_page, rating, witness):
    witness.expect("status of 422")
    page = new_page(**PHONE, java_script_enabled=False)
    page.goto(reverse("measures:join", args=[open_door(rating)]))
    page.locator("main form button").first.tap()
    page.wait_for_url("**/rate/*/")
    measure = shown(page)
    page.locator("[data-go]").tap()
    expect(page).not_to_have_url(re.compile(f"/rate/{measure.number}/"))
    measure = shown(page)
    tap(page, "relevance", 5)
    page.locator("[data-go]").tap()
    expect(page.locator(".error")).to_have_count(1)
    expect(choice(page, "relevance", 5)).to_be_checked()
    tap(page, "feasibility", 2)
    page.locator("[data-go]").tap()
    expect(page).not_to_have_url(re.compile(f"/rate/{measure.number}/"))
    assert pairs() == {measure.title: (5, 2)}


def test_a_rating_without_a_network_stays_is_announced_and_sent_later(phone, witness):
    witness.expect("ERR_INTERNET_DISCONNECTED")
    measure = shown(phone)
    phone.context.set_offline(True)
    tap(phone, "relevance", 5)
    tap(phone, "feasibility", 4)
    expect(state(phone)).to_have_text(words(phone, "failed"))
    phone.locator("[data-go]").tap()
    expect(choice(phone, "relevance", 5)).to_be_checked()
    expect(phone).to_have_url(re.compile(f"/rate/{measure.number}/$"))
    assert pairs() == {}
    phone.context.set_offline(False)
    expect(phone).not_to_have_url(re.compile(f"/rate/{measure.number}/$"))
    assert pairs() == {measure.title: (5, 4)}


# Closing ------------------------------------------------------------------------------------------


def ends_in(workshop: Workshop, seconds: float) -> None:
    """Let the rating end so many seconds from now, and the phones hear of it."""
    workshop.rounds.update(closes_at=timezone.now() + timedelta(seconds=seconds))
    call(workshop.pk, Audience.PHONES)


def test_two_minutes_left_moves_nothing_and_keeps_half_an_answer(phone, rating):
    tap(phone, "relevance", 4)
    places = phone.evaluate(BOXES)
    closing.close_soon(rating, now=timezone.now())
    clock = phone.locator("[data-left]")
    expect(clock).to_have_text(re.compile(r"1:5\d"))
    announced = phone.locator("[data-announced]")
    expect(announced).to_have_text(
        "Es bleiben höchstens zwei Minuten. Was Sie gewählt haben, zählt."
    )
    assert phone.evaluate(BOXES) == places
    expect(choice(phone, "relevance", 4)).to_be_checked()
    closing.go_on(rating, now=timezone.now())
    expect(clock).to_have_count(0)
    expect(choice(phone, "relevance", 4)).to_be_checked()


def test_when_the_time_is_up_half_an_answer_is_still_taken_and_said_to_be(phone, rating, axe):
    measure = shown(phone)
    tap(phone, "relevance", 4)
    ends_in(rating, 4)
    told = phone.locator("[data-told]")
    expect(told).to_have_text(words(phone, "up"))
    tap(phone, "feasibility", 2)
    expect(phone).to_have_url(re.compile(rf"/rate/\?taken={measure.number}$"))
    expect(phone.locator("main")).to_contain_text(f"zu M{measure.number}")
    assert pairs() == {measure.title: (4, 2)}
    assert axe(phone) == []


def test_who_has_nothing_in_hand_is_thanked_when_the_time_is_up(phone, rating):
    ends_in(rating, 4)
    expect(phone).to_have_url(re.compile(r"/rate/$"))
    expect(phone.locator(FORM)).to_have_count(0)
    assert pairs() == {}


def test_who_has_rated_everything_goes_along_with_the_day(new_page, rating, witness):
    """The list with its switch is nothing that somebody has in hand."""
    phone = come_in(new_page(**PHONE), rating)
    for _each in range(rating.measures.count()):
        here = phone.url
        tap(phone, "relevance", 5)
        tap(phone, "feasibility", 4)
        expect(phone).not_to_have_url(here)
    expect(phone.locator("[data-switch] input")).to_be_checked()
    rounds.move_phase(rating, "deliberating", by=None)
    expect(phone.locator("h1")).to_have_text("Vielen Dank.")


def test_whoever_changes_an_answer_may_change_both(phone):
    page = phone.url
    tap(phone, "relevance", 5)
    tap(phone, "feasibility", 4)
    expect(phone).not_to_have_url(page)
    phone.goto(page)
    tap(phone, "relevance", 1)
    is_saved(phone)
    phone.wait_for_timeout(1500)  # as long as the page takes to move on by itself
    assert phone.url == page
    tap(phone, "feasibility", 2)
    is_saved(phone)
    assert {*pairs().values()} == {(1, 2)}


def test_rating_that_ended_meanwhile_is_explained(phone, rating, witness, axe):
    witness.expect("status of 403")
    measure = shown(phone)
    tap(phone, "relevance", 5)
    Workshop.objects.update(phase="deliberating")
    rating.rounds.update(state="closed")
    tap(phone, "feasibility", 4)
    expect(phone.locator("h1")).to_have_text("Die Bewertung ist gerade geschlossen")
    expect(phone.locator("[data-outbox-refused]")).to_contain_text(measure.title)
    assert pairs() == {}
    assert axe(phone) == []


# With an account ----------------------------------------------------------------------------------


def test_a_person_with_an_account_takes_a_ballot_once_and_finds_back(
    new_page, enter, participant, rating, axe
):
    page = enter(new_page(**PHONE), participant)
    page.goto(f"/workshops/{rating.pk}/rate/")
    assert axe(page) == []
    page.locator("main form button").tap()
    expect(page).to_have_url(re.compile(r"/rate/\d+/$"))
    assert Ballot.objects.count() == 1
    assert axe(page) == []
    page.locator(".head a").tap()
    expect(page.locator(f".ways a[href='/workshops/{rating.pk}/']")).to_be_visible()
    expect(page.locator(f".ways a[href='{reverse('account_logout')}']")).to_be_visible()
    other = enter(new_page(), participant)
    other.goto(f"/workshops/{rating.pk}/rate/")
    expect(other.locator("h1")).to_have_text("Ihr Stimmzettel ist auf einem anderen Gerät")
    expect(other.locator("main form")).to_have_count(0)
    assert axe(other) == []
