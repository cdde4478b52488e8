"""One day from the empty room to the committee's screen, in six people's browsers.

That no request left the server and no console complained is asserted by ``new_page`` at the end.
"""

import re
from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from measures.models import Consensus, Measure, PaperCount, Rating
from workshops.models import Ballot, User, Workshop

PHONE = {"viewport": {"width": 375, "height": 700}, "has_touch": True, "is_mobile": True}
PASSWORD = "geheim-geheim"
MEASURES = ("Bürgerbus auf Zuruf", "Mängelmelder mit Karte", "Fahrradboxen am Bahnhof")
# Who rates what, in the order of MEASURES: relevance and feasibility.
ANSWERS = {
    "rita@bingen.example": ((5, 4), (4, 5), (2, 2)),
    "timo@bingen.example": ((5, 3), (3, 5), (1, "none")),
    "uwe@bingen.example": ((5, 4), (4, 5), (2, 2)),
    "vera@bingen.example": ((5, 3), (3, 5), (1, 2)),
}


@pytest.fixture
def people(db) -> dict[str, User]:
    """Accounts with proven addresses; who does what in the workshop is said in the browser."""
    names = {"mona": "moderation@bingen.example", "greta": "gremium@bingen.example"}
    names |= {email.partition("@")[0]: email for email in ANSWERS}
    accounts = {}
    for name, email in names.items():
        user = accounts[name] = User.objects.create_user(email, PASSWORD, name=name.title())
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    may_create = Permission.objects.get(codename="add_workshop")
    accounts["mona"].user_permissions.add(may_create)
    return accounts


def log_in(page: Page, email: str) -> Page:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"^https?://[^/]+/$"))
    return page


def to_phase(page: Page, workshop: Workshop, phase: str) -> None:
    page.goto(f"/workshops/{workshop.pk}/")
    if phase in ("rating", "deliberating"):  # asks first
        page.locator("main a.kern-btn--primary").click()
    page.locator(f"button[name=to][value={phase}]").click()
    expect(page.locator(".toast--success")).to_be_visible()
    workshop.refresh_from_db()
    assert workshop.phase == phase


def test_from_the_empty_room_to_the_committee(new_page, people, witness, axe, live_server):
    mona = log_in(new_page(), "moderation@bingen.example")
    workshop = prepare(mona, axe)
    collect(mona, workshop, axe)
    to_phase(mona, workshop, "rating")
    for email, answers in ANSWERS.items():
        rate(log_in(new_page(**PHONE), email), workshop, answers)
    enter_for_the_room(mona, workshop, axe)
    witness.expect("status of 403")  # the phones notice by themselves that rating has ended
    to_phase(mona, workshop, "deliberating")
    show(mona, workshop, axe)
    look(log_in(new_page(), "gremium@bingen.example"), workshop, axe)
    assert len(witness.requests) > 100
    assert witness.strangers() == []
    assert {url.split("/")[2] for url in witness.requests if url.startswith("http")} == {
        live_server.url.removeprefix("http://")
    }
    assert witness.unexpected() == []


def prepare(page: Page, axe) -> Workshop:
    """Create the workshop from its template, choose the fields, add the people."""
    page.locator("main a[href='/workshops/new/']").click()
    page.locator("#id_title").fill("Digital-Werkstatt Bingen")
    page.locator("#id_date").fill("2026-09-08")
    page.locator("#id_place").fill("Rathaus")
    page.locator("#id_municipality_1").fill("Bingen am Rhein")
    page.locator("#id_groups").fill("Rat\nVerwaltung")
    assert axe(page) == []
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/workshops/\d+/$"))
    workshop = Workshop.objects.get(title="Digital-Werkstatt Bingen")
    assert (workshop.date, workshop.fields.count()) == (date(2026, 9, 8), 9)
    page.locator("a.kern-btn[href$='/fields/']").click()
    expect(page).to_have_url(re.compile("/fields/$"))
    for field in list(workshop.fields.all())[1:]:
        page.locator(f"#field-{field.pk} form[action$='/toggle/'] button").click()
        expect(page.locator(f"#field-{field.pk} .badge")).to_be_visible()
    assert workshop.fields.worked_on().count() == 1
    for email in ANSWERS:
        add_person(page, workshop, email, "participant", group="Rat")
    add_person(page, workshop, "gremium@bingen.example", "committee")
    assert axe(page) == []
    return workshop


def add_person(page: Page, workshop, email: str, role: str, group: str = "") -> None:
    page.goto(f"/workshops/{workshop.pk}/people/")
    page.locator("#id_email").fill(email)
    page.locator("#id_role").select_option(role)
    if group:
        page.locator("#id_group").select_option(label=group)
    page.locator("form[action$='/people/add/'] button[type=submit]").click()
    expect(page.locator("main .rows").filter(has_text=email)).to_be_visible()


def collect(page: Page, workshop: Workshop, axe) -> None:
    """Type a goal and its measures as fast as the room talks."""
    to_phase(page, workshop, "collecting")
    field = workshop.fields.worked_on().get()
    page.locator(f"main a[href='{field.get_absolute_url()}']").click()
    page.locator("#new-goal").fill("Alle kommen an")
    page.keyboard.press("Enter")
    expect(page.locator("section.goal h2").first).to_contain_text("Alle kommen an")
    page.locator("section.goal [name=title]").first.focus()
    for title in MEASURES:
        page.keyboard.type(title)
        page.keyboard.press("Enter")
    expect(page.locator("li.line .line__title")).to_have_text(list(MEASURES))
    assert list(Measure.objects.order_by("number").values_list("title", flat=True)) == [*MEASURES]
    assert axe(page) == []


def rate(page: Page, workshop: Workshop, answers: tuple) -> None:
    """Take a ballot on a phone and rate whatever comes next, by tapping."""
    page.locator(f"main a[href='/workshops/{workshop.pk}/rate/']").tap()
    page.locator("main form button").tap()
    for _each in MEASURES:
        expect(page.locator("[data-rate]")).to_be_visible()
        heading = page.locator("h1").inner_text()
        [answer] = [a for title, a in zip(MEASURES, answers, strict=True) if title in heading]
        for name, step in zip(("relevance", "feasibility"), answer, strict=True):
            before = page.url
            page.locator(f"input[name={name}][value='{step}']").tap()
        expect(page).not_to_have_url(before)
    expect(page).to_have_url(re.compile("/rate/$"))
    progress = page.locator("progress")
    assert (progress.get_attribute("value"), progress.get_attribute("max")) == ("3", "3")


def enter_for_the_room(page: Page, workshop: Workshop, axe) -> None:
    """Enter three paper sheets and the pair that the room agreed on."""
    assert (Ballot.objects.count(), Rating.objects.count()) == (4, 12)
    page.goto(f"/workshops/{workshop.pk}/entry/")
    page.locator("main tbody a").first.click()
    page.locator("#id_agreed-relevance").select_option("5")
    page.locator("#id_agreed-feasibility").select_option("3")
    page.locator("#id_relevance_4").fill("3")
    page.locator("#id_feasibility_4").fill("3")
    page.locator("button[name=then][value=stay]").click()
    expect(page.locator("#id_relevance_4")).to_have_value("3")
    expect(page.locator(".toast--success")).to_be_visible()
    first = Measure.objects.get(number=1)
    agreed = Consensus.objects.get()
    assert (agreed.measure, agreed.relevance, agreed.feasibility) == (first, 5, 3)
    paper = PaperCount.objects.order_by("criterion").values_list("criterion", "step", "count")
    assert list(paper) == [("feasibility", 4, 3), ("relevance", 4, 3)]
    assert axe(page) == []


def show(page: Page, workshop: Workshop, axe) -> None:
    """Nobody sees results before the button is pressed that shows them for good."""
    address = f"/workshops/{workshop.pk}/rounds/1/show/"
    page.goto(f"/workshops/{workshop.pk}/")
    page.locator(f"main a[href='{address}']").first.click()
    assert axe(page) == []
    page.locator(".form-actions button").click()
    expect(page.locator(".toast--success")).to_be_visible()
    assert workshop.rounds.get().is_shown


def look(page: Page, workshop: Workshop, axe) -> None:
    """The committee reads the ranking and opens the first measure."""
    page.locator(f"main a[href='/workshops/{workshop.pk}/dashboard/']").click()
    page.locator("#table > summary").click()
    rows = page.locator("#results .ranking tbody tr")  # another table comes later
    # (3.5 + 5) / 2; the bus, whose three sheets are three ratings: (32 + 26) / 7 / 2; (1.5 + 2) / 2
    expect(rows.locator("th")).to_have_text(
        [re.compile(MEASURES[1]), re.compile(MEASURES[0]), re.compile(MEASURES[2])]
    )
    scores = [row.locator("td").nth(6).inner_text() for row in rows.all()]
    assert scores == ["4,25", "4,14", "1,75"]
    assert axe(page) == []
    page.locator("a.mark:visible").first.press("Enter")
    expect(page.locator("h1")).to_contain_text(MEASURES[1])
    assert axe(page) == []
