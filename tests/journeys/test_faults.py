"""In a browser: the database fails or a row is gone, and the words stay where they are."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from fields.models import Goal
from measures.models import Measure, Rating
from tests.faults import fault
from tests.journeys.test_typing import Board

UNREACHABLE = (
    "Die Daten sind im Augenblick nicht erreichbar; bitte versuchen Sie es in zehn Sekunden noch"
    " einmal."
)
GONE = (
    "Jemand hat das inzwischen entfernt oder zusammengeführt, deshalb wurde nichts gespeichert;"
    " bitte kopieren Sie Ihren Text, bevor Sie weitergehen."
)


@pytest.fixture
def board(page, enter, at, facilitator, field, goal, measure) -> Board:
    at("collecting")
    return Board(enter(page, facilitator), field, goal).open()


def open_form(board: Board, number: int, title: str):
    """Open a line's form and type another title into it; return the field."""
    board.page.locator(f"#edit-{number}").click()
    board.page.locator("#id_title").fill(title)
    return board.page.locator("#id_title")


def save(page) -> None:
    page.locator(".row--editing button[type=submit]").click()


def test_a_form_on_the_board_stays_open_with_its_words_until_the_database_is_back(board, witness):
    witness.expect("[Ss]tatus .*503")
    page, field = board.page, open_form(board, 1, "WLAN am Hafen")
    with fault("readonly"):
        save(page)
        expect(page.locator(".toast--danger .toast__text")).to_have_text(UNREACHABLE)
        expect(field).to_have_value("WLAN am Hafen")
    save(page)
    board.shows("WLAN am Hafen")


def test_typed_lines_and_goals_wait_for_the_database_and_are_stored_once(board, witness, goal):
    witness.expect("[Ss]tatus .*503")
    page = board.page
    with fault("readonly"):
        board.type("Fähre", "Rad")
        expect(page.locator("#outbox-state")).to_be_visible()
        page.locator("#new-goal").fill("Alle haben Netz")
        page.locator("#new-goal").press("Enter")
        expect(page.locator(".toast--danger .toast__text").first).to_have_text(UNREACHABLE)
        expect(page.locator("#new-goal")).to_have_value("Alle haben Netz")
    board.shows("WLAN", "Fähre", "Rad")
    page.locator("#new-goal").press("Enter")
    expect(page.locator("section.goal h2").nth(1)).to_contain_text("Alle haben Netz")
    assert [goal.text for goal in Goal.objects.order_by("pk")][1:] == ["Alle haben Netz"]


def test_a_rating_is_sent_again_by_itself(page, enter, at, workshop, measure, participant, witness):
    witness.expect("[Ss]tatus .*503")
    at("rating")
    enter(page, participant).goto(reverse("measures:rate-start", args=[workshop.pk]))
    page.locator("main form button[type=submit]").click()
    state = page.locator("[data-mark]")
    page.locator("input[name=relevance]").first.focus()
    with fault("readonly"):
        page.keyboard.press("5")
        page.keyboard.press("2")
        expect(state).to_have_text(page.locator("[data-rate]").get_attribute("data-failed"))
    expect(state).to_have_text("✓ gespeichert")
    assert [(r.relevance, r.feasibility) for r in Rating.objects.all()] == [(5, 2)]


def test_on_the_board_somebody_reads_that_the_measure_is_gone_and_keeps_the_words(board, witness):
    witness.expect("[Ss]tatus .*404")
    page, field = board.page, open_form(board, 1, "WLAN am Hafen")
    Measure.objects.update(is_removed=True)
    save(page)
    expect(page.locator(".toast--danger .toast__text")).to_have_text(GONE)
    expect(field).to_have_value("WLAN am Hafen")


@pytest.mark.parametrize("kind", ["removed", "readonly", "away"])
def test_a_page_gives_the_words_back_and_everybody_can_read_it(
    kind, page, enter, facilitator, workshop, measure, witness, axe
):
    witness.expect("status of (404|503)")
    address = reverse("measures:measure-profile", args=[workshop.pk, measure.number])
    enter(page, facilitator).goto(address)
    page.locator("#id_lead").fill("Bauamt und Stadtwerke")
    if kind == "removed":
        Measure.objects.update(is_removed=True)
        page.locator("main form button[type=submit]").click()
    else:
        with fault(kind):
            page.locator("main form button[type=submit]").click()
            page.wait_for_load_state()
    expect(page.locator("main dd")).to_have_text("Bauamt und Stadtwerke")
    sentence = GONE if kind == "removed" else UNREACHABLE
    expect(page.locator("main p").first).to_have_text(sentence)
    assert axe(page) == []
