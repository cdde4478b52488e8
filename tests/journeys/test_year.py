"""A clerk's year after the day: two bodies, money, reports, another workshop, the old one's end.

She goes by what her pages say, and never types an address. What each job takes is counted: clicks
and fields filled in. Who makes a job longer says so here.
"""

import re
from datetime import timedelta
from typing import Literal

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import Page, expect

from measures.models import Decision
from tests.journeys.test_sessions import rated
from tests.today import TODAY
from workshops.models import Deletion, Membership, Role, User, Workshop

pytestmark = pytest.mark.usefixtures("one_day")
__all__ = ["rated"]

Kind = Literal["link", "button", "checkbox", "radio"]
KINDS: tuple[Kind, ...] = ("link", "button", "checkbox", "radio")
BEFORE = TODAY - timedelta(days=20)
AFTER = TODAY - timedelta(days=10)

# What each job takes: clicks and fields.
TOOK = {
    "a session with four points": (6, 3),
    "three unanimously in one vote": (5, 2),
    "one with a member excluded": (4, 5),
    "the council's session from what was recommended": (5, 2),
    "four decisions of the council": (20, 13),
    "what the council decided is published": (3, 0),
    "a decision is corrected": (3, 2),
    "one cost": (4, 2),
    "what fits into the budget": (4, 1),
    "what the administration holds": (6, 2),
    "an indicator with a value": (5, 6),
    "a task": (2, 1),
    "a report from the table": (3, 2),
    "a link for the office": (3, 0),
    "the office reports by the link": (2, 1),
    "dates in one's own calendar": (3, 0),
    "a session by mistake, and away with it": (5, 2),
    "the next year's workshop": (3, 0),
    "both years side by side": (1, 0),
    "the old one archived, once it is closed": (3, 0),
    "its deletion asked for": (2, 1),
    "and confirmed by another": (4, 0),
}


class Hand:
    """A person's hand on mouse and keyboard; ``took`` is what the job at hand took so far."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.took = [0, 0]  # clicks, fields

    def press(self, name: str, *, kind: Kind | None = None, nth: int = 0) -> None:
        """Click what begins with this: a link, a button or what is ticked."""
        says = re.compile(f"^{re.escape(name)}")
        first, *others = [kind] if kind else KINDS
        found = self.page.get_by_role(first, name=says)
        for each in others:
            found = found.or_(self.page.get_by_role(each, name=says))
        found.nth(nth).click()
        self.took[0] += 1

    def open(self, summary: str) -> None:
        self.page.locator("summary", has_text=summary).first.click()
        self.took[0] += 1

    def fill(self, label: str, value: str, *, nth: int = 0) -> None:
        name = re.compile(f"^{re.escape(label)}")
        self.page.get_by_role("textbox", name=name).nth(nth).fill(value)
        self.took[1] += 1

    def choose(self, label: str, what: str) -> None:
        name = re.compile(f"^{re.escape(label)}")
        self.page.get_by_role("combobox", name=name).select_option(label=what)
        self.took[1] += 1

    def done(self) -> tuple[int, int]:
        """Return what the job took, and begin the next one."""
        took, self.took = self.took, [0, 0]
        return took[0], took[1]


@pytest.fixture
def desk(new_page, enter, administrator: User, rated: Workshop) -> Hand:
    return Hand(enter(new_page(viewport={"width": 1366, "height": 768}), administrator))


@pytest.fixture
def head(workshop: Workshop) -> User:
    user = User.objects.create_user("leitung@bingen.example", name="Lea")
    Membership.objects.create(workshop=workshop, user=user, role=Role.ADMINISTRATION)
    return user


def call(desk: Hand, committee: str, day: str, *, recommends: bool = False) -> None:
    desk.press("Sitzungen", kind="link")
    desk.press("Neue Sitzung")
    desk.fill("Gremium", committee)
    desk.fill("Datum", day)
    if recommends:
        desk.press("Dieses Gremium empfiehlt")
    desk.press("Speichern")


def test_a_year_of_the_administration(new_page, enter, desk, rated, facilitator, head):
    desk.page.goto("/")
    desk.press("Digital-Werkstatt Bingen")
    took = two_bodies_decide(desk) | money_and_proof(desk) | follow_up(desk, Hand(new_page()))
    facilitator.user_permissions.add(Permission.objects.get(codename="add_workshop"))
    mona, lea = (
        Hand(enter(new_page(viewport={"width": 1366, "height": 768}), user))
        for user in (facilitator, head)
    )
    took |= begin_again(desk, mona, lea)
    assert took == TOOK
    rated.refresh_from_db()
    assert (rated.reduced_at is not None, Decision.objects.count()) == (True, 0)


def two_bodies_decide(desk: Hand) -> dict:
    took = {}
    call(desk, "Digitalausschuss", str(BEFORE), recommends=True)
    desk.fill("Wie viele", "4")
    desk.press("Die ersten der Rangliste")
    took["a session with four points"] = desk.done()

    desk.press("Über mehrere Punkte")
    desk.press("4 M4", kind="checkbox")
    desk.press("angenommen")
    desk.fill("Begründung", "Der Bedarf ist groß.")
    desk.fill("Anwesend", "9")
    desk.press("Einstimmig")
    desk.press("Beschlüsse erfassen")
    took["three unanimously in one vote"] = desk.done()

    desk.press("Entscheiden")
    desk.press("angenommen")
    desk.fill("Begründung", "Knapp.")
    desk.fill("Ja-Stimmen", "5")
    desk.fill("Nein-Stimmen", "3")
    desk.fill("Enthaltungen", "0")
    desk.open("Befangenheit")
    desk.fill("Wegen Befangenheit", "1")
    desk.press("Beschluss erfassen")
    took["one with a member excluded"] = desk.done()

    desk.page.goto("/")
    desk.press("Digital-Werkstatt Bingen")
    call(desk, "Stadtrat", str(AFTER))
    desk.press("Dort Empfohlenes")
    took["the council's session from what was recommended"] = desk.done()

    desk.press("Nichtöffentlich machen : TOP 4")
    decide(desk, "angenommen", unit=True)
    desk.press("Weiter")
    decide(desk, "vertagt")
    desk.press("Weiter")
    decide(desk, "verwiesen")
    desk.press("Weiter")
    decide(desk, "abgelehnt")
    took["four decisions of the council"] = desk.done()

    desk.press("Stadtrat")
    desk.open("noch nicht veröffentlichte")
    desk.press("Jetzt veröffentlichen")
    took["what the council decided is published"] = desk.done()

    desk.press("Beschluss zu M1")
    desk.press("Berichtigen")
    desk.fill("Grund der Berichtigung", "Die Stelle heißt anders.")
    desk.fill("Zuständige Stelle", "Stadtwerke Bingen")
    desk.press("Als Berichtigung erfassen")
    took["a decision is corrected"] = desk.done()
    return took


def money_and_proof(desk: Hand) -> dict:
    took = {}
    desk.press("M1")
    desk.press("Kostenpositionen")
    desk.press("Position hinzufügen")
    desk.fill("Wofür", "Masten")
    desk.fill("Betrag", "12.500 €")
    desk.press("Speichern")
    took["one cost"] = desk.done()
    desk.press("Kosten", kind="link")
    desk.press("Budget und Öffentlichkeit ändern")
    desk.fill("Budget einmalig", "60.000")
    desk.press("Speichern")
    desk.press("Wo auf der Rangliste")
    expect(desk.page.locator("main")).to_contain_text("Das Budget reicht")
    took["what fits into the budget"] = desk.done()

    desk.press("M1 Mitte")
    desk.press("M1", kind="link")
    desk.press("Einschätzung der Verwaltung")
    desk.fill("Eingeschätzt von", "Stabsstelle")
    desk.press("2", kind="radio")
    desk.press("4", kind="radio", nth=1)
    desk.fill("Begründung", "Es fehlt Personal.")
    desk.press("Einschätzung speichern")
    took["what the administration holds"] = desk.done()

    desk.open("Kennzahlen")
    desk.press("Kennzahl hinzufügen")
    desk.fill("Was gemessen wird", "Anträge je Monat")
    desk.fill("Ausgangswert", "40")
    desk.fill("Tag des Ausgangswerts", str(BEFORE))
    desk.fill("Zielwert", "200")
    desk.fill("Bis zu welchem Tag", str(TODAY + timedelta(days=300)))
    desk.press("Speichern")
    desk.press("Messwert eintragen")
    desk.fill("Wert", "75")
    desk.press("Speichern")
    took["an indicator with a value"] = desk.done()
    return took


def follow_up(desk: Hand, office: Hand) -> dict:
    took = {}
    desk.press("Neue Aufgabe")
    desk.fill("Aufgabe", "Angebote einholen")
    desk.press("Speichern")
    took["a task"] = desk.done()

    desk.press("Umsetzung", kind="link")
    desk.press("Viele auf einmal")
    desk.choose("Stand M1", "läuft")
    desk.fill("In einem Satz M1", "Die Ausschreibung läuft.")
    desk.press("Alle Einträge speichern")
    took["a report from the table"] = desk.done()

    desk.press("M1", kind="link")
    desk.press("Link für den Sachstand")
    desk.press("Link erstellen")
    address = desk.page.locator(".whole-address").input_value()
    took["a link for the office"] = desk.done()

    office.page.goto(address)
    office.press("erledigt")
    office.fill("In einem Satz", "Die Masten stehen.")
    office.press("Sachstand")
    took["the office reports by the link"] = office.done()

    desk.page.goto("/")
    desk.press("Digital-Werkstatt Bingen")
    desk.press("Termine im eigenen Kalender")
    desk.press("Adresse erzeugen")
    took["dates in one's own calendar"] = desk.done()
    return took


def begin_again(desk: Hand, mona: Hand, lea: Hand) -> dict:
    took = {}
    call(desk, "Aus Versehen", str(TODAY))
    desk.press("Sitzung löschen")
    desk.press("Löschen")
    took["a session by mistake, and away with it"] = desk.done()

    mona.page.goto("/")
    mona.press("Digital-Werkstatt Bingen")
    mona.press("Für ein weiteres Jahr kopieren")
    mona.press("Workshop anlegen")
    took["the next year's workshop"] = mona.done()
    mona.press("Mit „Digital-Werkstatt Bingen“")
    took["both years side by side"] = mona.done()

    mona.page.goto("/")
    mona.press("Digital-Werkstatt Bingen", nth=1)
    mona.press("Workshop abschließen")
    desk.page.goto("/")
    desk.press("Digital-Werkstatt Bingen")
    desk.press("Workshop archivieren")
    desk.press("Archivieren")
    took["the old one archived, once it is closed"] = desk.done()

    desk.press("Workshop zu zweit löschen")
    desk.fill("Grund", "Die Frist ist um.")
    desk.press("Löschung beantragen")
    took["its deletion asked for"] = desk.done()

    Deletion.objects.update(asked_at=timezone.now() - timedelta(days=8))
    lea.page.goto("/")
    lea.press("Archivierte Workshops")
    lea.press("Digital-Werkstatt Bingen")
    lea.press("Workshop zu zweit löschen")
    lea.press("Bestätigen und endgültig")
    took["and confirmed by another"] = lea.done()
    return took


def decide(desk: Hand, outcome: str, *, unit: bool = False) -> None:
    desk.press("Entscheiden")
    desk.press(outcome)
    desk.fill("Begründung", "So beraten.")
    if outcome == "vertagt":
        desk.fill("Vertagt bis", str(TODAY - timedelta(days=1)))
    if outcome == "verwiesen":
        desk.fill("Verwiesen an", "Bauausschuss")
    desk.fill("Anwesend", "30")
    desk.press("Einstimmig")
    if unit:
        desk.fill("Zuständige Stelle", "Stadtwerke")
        desk.fill("E-Mail", "stadtwerke@bingen.example")
        desk.fill("Frist", str(TODAY + timedelta(days=90)))
    desk.press("Beschluss erfassen")
