"""Naming a municipality where there are too many for a page, and a workshop among many."""

from datetime import date

from django.urls import reverse
from playwright.sync_api import expect

from tests.pages import picture as picture_of
from workshops.models import Look, Membership, Municipality, Role, Workshop, WorkshopRevision


def test_what_fits_is_suggested_while_one_types(page, enter, facilitator, settings, axe):
    settings.SIGNUP_OPEN = True
    Municipality.objects.bulk_create(Municipality(name=f"Ort {number}") for number in range(101))
    Municipality.objects.create(name="Bingen am Rhein")
    enter(page, facilitator).goto(reverse("fields:workshop-create"))
    options = page.locator("#municipalities option")
    expect(options).to_have_count(0)
    page.get_by_label("Kommune", exact=True).press_sequentially("bing")
    expect(options).to_have_count(1)
    expect(options).to_have_attribute("value", "Bingen am Rhein")
    page.get_by_label("Zweite Kommune").press_sequentially("ort 10")
    expect(options).to_have_count(2)
    assert axe(page) == []


def test_staff_find_the_municipality_of_a_coat_of_arms_by_its_name(page, enter, admin_user):
    Municipality.objects.create(name="Alt-Bingen")
    bingen = Municipality.objects.create(name="Bingen am Rhein")
    enter(page, admin_user).goto(reverse("admin:workshops_look_add"))
    page.locator(".select2-selection").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".select2-search__field")).to_be_focused()
    page.keyboard.type("bingen")
    options = page.get_by_role("option")
    expect(options).to_have_text(["Bingen am Rhein", "Alt-Bingen"])
    page.keyboard.press("Enter")
    picture = {"name": "wappen.png", "mimeType": "image/png", "buffer": picture_of((60, 72))}
    page.get_by_label("Wappen oder Logo").set_input_files(picture)
    page.get_by_role("button", name="Speichern", exact=True).click()
    shown = page.locator(".field-shown_logo img")
    expect(shown).to_have_js_property("naturalWidth", 60)
    page.get_by_label("Was das Bild zeigt").fill("Wappen")
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Bingen am Rhein")
    look = Look.objects.get()
    assert (look.municipality, look.logo_width, look.logo_height) == (bingen, 60, 72)


def test_a_workshop_is_found_among_many_and_the_way_back_is_there(page, enter, facilitator, axe):
    rows = Workshop.objects.bulk_create(
        Workshop(title=f"Werkstatt Ort {number}", date=date(2026, 1, 1)) for number in range(60)
    )
    WorkshopRevision.objects.bulk_create(WorkshopRevision(workshop=row) for row in rows)
    Membership.objects.bulk_create(
        Membership(workshop=row, user=facilitator, role=Role.FACILITATOR) for row in rows
    )
    enter(page, facilitator).goto(reverse("home"))
    cards = page.locator(".workshop-card")
    expect(cards).to_have_count(24)
    assert axe(page) == []
    page.get_by_role("link", name="Seite 3").click()
    expect(cards).to_have_count(12)
    page.get_by_role("searchbox").fill("ort 59")
    page.keyboard.press("Enter")
    expect(cards).to_have_count(1)
    page.get_by_role("link", name="Alle Workshops zeigen").click()
    expect(cards).to_have_count(24)
