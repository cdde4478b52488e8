"""The front of the hall: a projector that follows, and a cockpit that stays under the hand."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from measures.models import Front, Measure
from measures.rating import rounds
from tests.people import open_door
from tests.rating import save_rating
from workshops.guests import hash_of
from workshops.models import Ballot, Workshop

CODE = "CDFHJKLM"
WALL = {"viewport": {"width": 1024, "height": 768}}
TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}


@pytest.fixture
def hall(workshop, facilitator, measure, measure_two) -> Workshop:
    """A workshop that collects, with an open door and a projector's code."""
    Front.objects.create(workshop=workshop, code=CODE)
    open_door(workshop)
    rounds.move_phase(workshop, "collecting", by=facilitator)
    return workshop


@pytest.fixture
def wall(new_page, hall) -> Page:
    page = new_page(**WALL)
    page.goto(f"/p/{CODE}/")
    page.evaluate("window.first = true")  # gone with a page that is loaded anew
    return page


@pytest.fixture
def cockpit(new_page, enter, facilitator, hall) -> Page:
    page = enter(new_page(**TABLET), facilitator)
    page.goto(f"/workshops/{hall.pk}/cockpit/")
    page.evaluate("window.first = true")
    return page


def come_in(workshop: Workshop, count: int) -> None:
    before = workshop.ballots.count()
    for each in range(count):
        secret = hash_of(f"{before + each}")
        Ballot.objects.create(workshop=workshop, source="guest", secret_hash=secret)


def is_the_first(page: Page) -> bool:
    return page.evaluate("window.first === true")


def here(page: Page) -> object:
    return page.locator(".now-facts dd").first


def test_the_projector_follows_the_cockpit_by_itself(wall, cockpit, hall, axe):
    expect(wall.locator("[data-screen=collect]")).to_be_visible()
    cockpit.get_by_role("button", name="Mitmachen", exact=True).tap()
    expect(cockpit.get_by_role("button", name="Mitmachen", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(wall.locator("[data-screen=join] .code")).to_be_visible()
    come_in(hall, 3)
    expect(wall.locator(".join__count b")).to_have_text("3")
    cockpit.locator("summary", has_text="Anderer Rechner").tap()
    cockpit.get_by_role("button", name="Dunkel", exact=True).tap()
    expect(wall.locator("html")).to_have_attribute("data-kern-theme", "dark")
    assert axe(wall) == []
    assert (is_the_first(wall), is_the_first(cockpit)) == (True, True)


def test_a_new_measure_appears_on_the_wall_without_a_flicker_of_what_is_there(wall, hall, field):
    tile = wall.locator("[data-key]").first
    tile.evaluate("(each) => { each.mine = true; }")
    Measure.objects.create(workshop=hall, field=field, title="Fähre", order=3)
    expect(wall.get_by_text("Fähre")).to_be_visible()
    assert tile.evaluate("(each) => each.mine === true")


def test_an_old_code_ends_the_screen(wall, cockpit, witness):
    witness.expect("status of 404")
    cockpit.locator("summary", has_text="Anderer Rechner").tap()
    cockpit.get_by_role("button", name="Neuer Code").tap()
    expect(wall.get_by_text("Diese Leinwand ist beendet.")).to_be_visible()
    expect(wall.locator("[data-front]")).to_have_count(0)
    expect(cockpit.locator("details.quiet[open]")).to_have_count(1)  # it stays open


def test_what_somebody_types_stays_and_so_does_the_focus(cockpit, hall):
    expect(here(cockpit)).to_have_text("0")
    notes = cockpit.locator("#notes")
    notes.focus()
    cockpit.keyboard.type("Rat: zwei kommen später")
    come_in(hall, 2)
    expect(here(cockpit)).to_have_text("2")
    expect(notes).to_be_focused()
    expect(notes).to_have_value("Rat: zwei kommen später")
    cockpit.keyboard.type(". WLAN schwach.")
    cockpit.locator("h1").tap()  # leaving saves
    told = "Rat: zwei kommen später. WLAN schwach."
    expect(notes).to_have_js_property("defaultValue", told)
    assert Front.objects.get().notes == told
    notes.fill("Etwas anderes")
    cockpit.locator("h1").tap()
    expect(notes).to_have_js_property("defaultValue", "Etwas anderes")
    assert is_the_first(cockpit)


def test_a_colleague_s_note_is_never_written_over(cockpit, witness):
    witness.expect("status of 409")
    Front.objects.update(notes="Von nebenan")
    cockpit.locator("#notes").fill("Von hier")
    cockpit.locator("h1").tap()
    expect(cockpit.locator(".conflict")).to_be_visible()
    expect(cockpit.locator("#id_notes")).to_have_value("Von hier")
    assert Front.objects.get().notes == "Von nebenan"


def test_a_note_that_came_while_one_types_is_never_written_over(
    cockpit, hall, facilitator, witness
):
    """What is brought up to date beneath the hand is not yet read."""
    witness.expect("status of 409")
    colleague = Client()
    colleague.force_login(facilitator)
    page = f"/workshops/{hall.pk}/cockpit/notes/"
    seen = colleague.get(page).context["form"].now
    cockpit.locator("#notes").focus()
    cockpit.keyboard.type("Von hier")
    colleague.post(page, {"notes": "Von nebenan", "seen": seen})
    come_in(hall, 1)
    while here(cockpit).text_content() != "1":
        cockpit.keyboard.type("!")  # who goes on typing has saved nothing so far
        cockpit.wait_for_timeout(200)
    cockpit.locator("h1").tap()
    expect(cockpit.locator(".conflict")).to_be_visible()
    expect(cockpit.locator("#id_notes")).to_have_value(re.compile("^Von hier!+$"))
    assert Front.objects.get().notes == "Von nebenan"


def test_notes_and_the_choice_of_a_screen_wait_for_the_connection_the_newest_of_each(
    cockpit, hall, witness, axe
):
    witness.expect("ERR_INTERNET_DISCONNECTED|htmx")
    mark = cockpit.locator("[data-outbox-mark]")
    cockpit.context.set_offline(True)
    for text in ("Rat: zwei kommen später", "Rat: drei kommen später"):
        cockpit.locator("#notes").fill(text)
        cockpit.locator("h1").tap()
        expect(mark).to_have_text("Ein Eintrag wartet auf die Verbindung")
    cockpit.get_by_role("button", name="Mitmachen", exact=True).tap()
    expect(mark).to_have_text("2 Einträge warten auf die Verbindung")
    assert axe(cockpit) == []
    cockpit.context.set_offline(False)
    expect(mark).to_have_text("Gespeichert")
    front = Front.objects.get()
    assert (front.notes, front.screen) == ("Rat: drei kommen später", "join")
    expect(cockpit.get_by_role("button", name="Mitmachen", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    assert is_the_first(cockpit)


def test_nothing_moves_under_a_finger(cockpit, hall):
    cockpit.mouse.move(500, 400)
    cockpit.mouse.down()
    come_in(hall, 1)
    cockpit.wait_for_timeout(3500)
    assert here(cockpit).text_content() == "0"
    cockpit.mouse.up()
    expect(here(cockpit)).to_have_text("1")


def test_the_step_of_the_moment_is_always_in_sight_and_asks_first(cockpit, hall):
    for width, height in ((1024, 768), (1366, 768), (390, 844)):
        cockpit.set_viewport_size({"width": width, "height": height})
        expect(cockpit.locator("[data-primary]")).to_be_in_viewport(ratio=1)
    cockpit.keyboard.press("w")
    dialog = cockpit.locator("[data-check-dialog]")
    expect(dialog.locator("[data-safe]")).to_be_focused()
    expect(dialog.locator("#check-title")).to_have_text("Vor dem Start der Bewertung")
    cockpit.keyboard.press("Enter")  # not yet
    expect(dialog).to_be_hidden()
    cockpit.locator("[data-primary]").tap()
    dialog.get_by_role("button", name="Bewertung starten").tap()
    expect(cockpit.locator("#now")).to_have_text("Bewerten")
    assert Workshop.objects.get().phase == "rating"
    cockpit.get_by_role("button", name="Zurücknehmen").tap()
    expect(cockpit.locator("#now")).to_have_text("Sammeln")
    assert Workshop.objects.get().phase == "collecting"


def test_keys_are_shown_work_and_can_be_turned_off(cockpit):
    cockpit.keyboard.press("?")
    keys = cockpit.locator("[data-keys-dialog]")
    expect(keys).to_be_visible()
    cockpit.keyboard.press("Escape")
    expect(keys.locator("[data-keys-on]")).not_to_be_focused()  # it is given back a moment later
    cockpit.keyboard.press("n")
    expect(cockpit.locator("#notes")).to_be_focused()
    cockpit.keyboard.type("w?l")
    expect(keys).to_be_hidden()
    expect(cockpit.locator("#notes")).to_have_value("w?l")
    cockpit.locator("h1").tap()
    cockpit.evaluate("document.activeElement.blur()")
    cockpit.keyboard.press("l")
    expect(cockpit.get_by_role("button", name="Mitmachen", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    cockpit.keyboard.press("?")
    keys.locator("[data-keys-on]").uncheck()
    cockpit.keyboard.press("Escape")
    expect(keys.locator("[data-keys-on]")).not_to_be_focused()
    cockpit.keyboard.press("w")
    cockpit.keyboard.press("n")
    expect(cockpit.locator("#notes")).not_to_be_focused()
    expect(cockpit.locator("[data-check-dialog]")).to_be_hidden()


def test_the_timer_runs_on_both(cockpit, wall):
    cockpit.locator("[name=minutes]").fill("5")
    cockpit.get_by_role("button", name="Starten", exact=True).tap()
    for page in (cockpit, wall):
        clock = page.locator("[role=timer]")
        expect(clock).to_have_text(re.compile("^04:5[0-8]$"))  # it has run by itself
    cockpit.keyboard.press("+")
    expect(wall.locator("[role=timer]")).to_contain_text("06:")
    cockpit.get_by_role("button", name="Anhalten").tap()
    expect(wall.locator("[data-stands]")).to_be_visible()


def test_with_reduced_motion_the_reveal_is_simply_there(new_page, hall, measure, facilitator):
    rounds.move_phase(hall, "rating", by=facilitator)
    come_in(hall, 4)
    for each in hall.ballots.all():
        save_rating(each, measure, relevance=5, feasibility=4)
    rounds.move_phase(hall, "deliberating", by=facilitator)
    rounds.show(hall.rounds.get(), by=facilitator)
    moving = "getComputedStyle(document.querySelector('.come')).animationName"
    for motion, name in (("no-preference", "come"), ("reduce", "none")):
        page = new_page(**WALL, reduced_motion=motion)
        page.goto(f"/p/{CODE}/")
        expect(page.locator("[data-screen=result]")).to_be_visible()
        assert page.evaluate(moving) == name


def test_without_scripts_every_step_is_a_page(new_page, enter, facilitator, hall):
    page = enter(new_page(**TABLET, java_script_enabled=False), facilitator)
    page.goto(f"/workshops/{hall.pk}/cockpit/")
    page.get_by_role("button", name="Mitmachen", exact=True).tap()
    expect(page.locator(".screen")).to_contain_text("Mitmachen")
    page.locator("[data-primary]").tap()
    expect(page.locator("h1")).to_have_text("Vor dem Start der Bewertung")
    page.get_by_role("button", name="Bewertung starten").tap()
    expect(page.locator("#now")).to_have_text("Bewerten")
