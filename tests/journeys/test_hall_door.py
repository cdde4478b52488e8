"""From the open door to a ballot, in a browser: scanned, typed, tapped twice, by card."""

import pytest
from playwright.sync_api import Page, expect

from tests.people import open_door
from workshops.models import Ballot, JoinCode

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def desk(new_page, enter, facilitator, workshop) -> Page:
    """The facilitator's laptop at the door, which is still closed."""
    page = enter(new_page(), facilitator)
    page.goto(f"/workshops/{workshop.pk}/door/")
    return page


@pytest.fixture
def phone(new_page, witness) -> Page:
    witness.expect("status of 403")  # nothing to rate yet, or no such code
    return new_page(**PHONE)


def address_of(sign) -> str:
    """Return what the QR code leads to, as its name says."""
    return sign.locator(".sign__picture").get_attribute("aria-label").removeprefix("QR-Code: ")


def test_the_door_is_opened_somebody_scans_and_is_counted(desk, phone, workshop, axe):
    desk.get_by_role("button", name="Einlass öffnen").click()
    phone.goto(address_of(desk.locator(".sign")))
    assert axe(phone) == []
    phone.get_by_role("button", name="Rat").tap()
    phone.wait_for_url(f"**/workshops/{workshop.pk}/rate/**")
    assert list(Ballot.objects.values_list("source", "group__name")) == [("guest", "Rat")]
    desk.reload()
    expect(desk.locator(".stat__value")).to_have_text("1")
    assert axe(desk) == []


def test_a_code_is_typed_wrong_then_right_and_two_taps_are_one_ballot(phone, workshop, axe):
    code = open_door(workshop)
    phone.goto("/j/")
    phone.get_by_label("Code von der Wand").fill("xyz 777")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("alert")).to_contain_text("Diesen Code gibt es nicht.")
    assert axe(phone) == []
    phone.get_by_label("Code von der Wand").fill(f"{code[:3].lower()} {code[3:].lower()}")
    phone.get_by_role("button", name="Weiter").tap()
    phone.get_by_role("button", name="Verwaltung").dblclick()
    phone.wait_for_url(f"**/workshops/{workshop.pk}/rate/**")
    assert list(Ballot.objects.values_list("source", "group__name")) == [("guest", "Verwaltung")]


def test_in_two_tabs_one_person_has_one_ballot(phone, workshop):
    code = open_door(workshop)
    tabs = [phone, phone.context.new_page()]
    for tab in tabs:
        tab.goto(f"/j/{code}/")
    for tab in tabs:
        tab.get_by_role("button", name="Rat").click()
        tab.wait_for_url(f"**/workshops/{workshop.pk}/rate/**")
    assert Ballot.objects.count() == 1


def test_cards_are_made_shown_once_and_let_one_person_in(desk, phone, workshop, axe):
    desk.get_by_label("Rat", exact=True).fill("2")
    desk.get_by_role("button", name="Karten erzeugen und drucken").click()
    cards = desk.locator(".join-card")
    expect(cards).to_have_count(2)
    assert axe(desk) == []
    phone.goto(address_of(cards.first))
    phone.get_by_role("button", name="Mitmachen").tap()
    phone.wait_for_url(f"**/workshops/{workshop.pk}/rate/**")
    assert sorted(JoinCode.objects.values_list("state", flat=True)) == ["unused", "used"]
    desk.get_by_role("link", name="Einlass").click()
    expect(desk.locator(".join-card")).to_have_count(0)
    desk.get_by_role("button", name="Nicht benutzte sperren").click()
    # How many others there are would tell of the group that one of two came.
    expect(desk.locator("#cards ~ p").last).to_have_text("Insgesamt: 1 benutzt.")
    assert sorted(JoinCode.objects.values_list("state", flat=True)) == ["revoked", "used"]
