"""A published workshop, what is told on its page, and the ways to read it.

Reading tests take the page in English, the language of the source texts.
"""

import re
import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from measures.columns import CONTENT
from measures.models import Decision, Measure, Remark, Session, StatusEntry
from tests import deciding
from tests.markup import compact
from tests.rating import save_rating
from workshops.models import Participant, Workshop

ROUTES = ("public-page", "public-matrix", "public-news", "public-feed", "public-picture")


@pytest.fixture
def public(workshop, at) -> Workshop:
    """Return the workshop in deliberation, its page switched on, its smallest group of three."""
    at("deliberating")
    workshop.is_public, workshop.smallest_group = True, 3
    workshop.save(update_fields=["is_public", "smallest_group"])
    return workshop


@pytest.fixture
def page(public) -> str:
    return address("public-page", public)


@pytest.fixture
def english(page) -> str:
    """Return the page in the language of the source texts, for tests of what is read."""
    return f"{page}?lang=en"


@pytest.fixture
def session(workshop) -> Session:
    return Session.objects.create(
        workshop=workshop, committee="Ausschuss für Digitales", date=date(2026, 10, 12)
    )


@pytest.fixture
def decide(administrator):
    """Return a function that records a decision: ``decide(session, measure, "accepted")``."""

    def record(session: Session, measure: Measure, outcome: str, **more) -> Decision:
        values = {"reason": "Dringlich", "at": timezone.now(), "by": administrator} | more
        return deciding.decide(session, measure, outcome=outcome, has_basis=False, **values)

    return record


@pytest.fixture
def report(administrator):
    """Return a function that reports progress: ``report(measure, "running", "Es läuft", 1)``."""

    def enter(measure: Measure, state: str, sentence: str, day: int, **more) -> StatusEntry:
        return StatusEntry.objects.create(
            measure=measure, state=state, sentence=sentence, date=date(2026, 11, day),
            by=administrator, client_id=uuid.uuid4(), **more,
        )  # fmt: skip

    return enter


@pytest.fixture
def remark(committee_member):
    """Return a function that writes a remark: ``remark(measure, "Wozu?", is_released=True)``."""

    def write(measure: Measure, text: str, **more) -> Remark:
        if more.get("answer"):
            more["answered_at"] = timezone.now()
        return Remark.objects.create(
            measure=measure, text=text, by=committee_member, client_id=uuid.uuid4(), **more
        )

    return write


@pytest.fixture
def town_hall(administrator, signed_in) -> Client:
    """Return the administration's browser, which reads English as well."""
    client = signed_in(administrator)
    client.post(reverse("set-language"), {"language": "en"})
    return client


@pytest.fixture
def secrets(
    public, measure, measure_two, ballots, session, decide, report, remark, administrator,
    participant, committee_member,
) -> list[str]:  # fmt: skip
    """Plant what must not be read anywhere, and return it."""
    voters = ballots(4, group="Rat") + ballots(4, group="Verwaltung")
    for group in public.groups.all():
        group.name = f"GEHEIM-{group.name}"
        group.save()
    rate(measure, voters, *[(5, 5)] * 8)
    public.hosts, public.place = "GEHEIM-Gastgeberin", "GEHEIM-Saal"
    public.save()
    Participant.objects.create(workshop=public, name="GEHEIM-Gast", group=public.groups.first())
    for column in CONTENT:
        if not column.is_public:
            setattr(measure, column.attribute, f"GEHEIM-{column.attribute}")
    measure.save()
    hidden = Session.objects.create(
        workshop=public, committee="GEHEIM-Runde", date=date(2026, 10, 20), is_public=False
    )
    decide(
        session, measure, "accepted", responsible_email="geheim@bingen.example",
        budget_note="GEHEIM-Haushalt", snapshot='{"reason": "GEHEIM-Stand"}',
    )  # fmt: skip
    decide(session, measure_two, "rejected", reason="GEHEIM-schwebend", is_published=False)
    decide(hidden, measure, "rejected", reason="GEHEIM-nichtöffentlich")
    report(measure, "running", "Es läuft", 3, evidence="https://geheim.example/", percent=37)
    report(measure, "not_started", "GEHEIM-überholt", 1)
    remark(measure, "GEHEIM-intern", answer="GEHEIM-Antwort")
    for title, more in (("GEHEIM-entfernt", {"is_removed": True}), ("GEHEIM-doppelt", {})):
        gone = Measure.objects.create(
            workshop=public, field=measure.field, title=title, description="GEHEIM", **more
        )
    gone.merge_into(measure)
    people = (administrator, participant, committee_member, public.memberships.first().user)
    return [
        "GEHEIM", "geheim", "37 %", *map(str, voters),
        *(person.email for person in people), *(person.name for person in people),
        *(str(voter.pk) for voter in voters),
    ]  # fmt: skip


def address(name: str, workshop: Workshop) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk])


def rate(measure: Measure, ballots: list, *pairs: tuple) -> None:
    for ballot, (relevance, feasibility) in zip(ballots, pairs, strict=False):
        save_rating(ballot, measure, relevance=relevance, feasibility=feasibility)


def words(html: str) -> str:
    """Return a piece of HTML as it is read: without tags, runs of space as one."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def read(response) -> str:
    """Return what is read between the page's header and footer."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.S)
    return words(main[0])


def part(response, anchor: str, tag: str = "section") -> str:
    """Return what one part of the page says, found by the id of its heading or item."""
    html = response.content.decode()
    pattern = rf'<{tag}[^>]*(?:aria-labelledby|id)="{anchor}".*?</{tag}>'
    found = re.search(pattern, html, re.S)
    return words(found[0]) if found else ""


def item(response, number: int) -> str:
    """Return what the card of a measure says, but for the link to its page."""
    html = response.content.decode()
    card = rf'<details class="public-card[^"]*" id="measure-{number}">.*?<p class="public-own">'
    found = re.search(card, html, re.S)
    return words(found[0]) if found else ""


def listed(response) -> list[int]:
    """Return the numbers of the measures that a page lists, in its order."""
    html = response.content.decode()
    return [int(number) for number in re.findall(r'<details[^>]* id="measure-(\d+)"', html)]


def table(response) -> list[list[str]]:
    body = re.search(r"<tbody>(.*?)</tbody>", response.content.decode(), re.S)
    rows = re.findall(r"<tr.*?</tr>", body[1], re.S) if body else []
    return [[words(cell) for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.S)] for row in rows]


def meta(response) -> dict[str, str]:
    html = compact(response)
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', html))
    found |= dict(re.findall(r'<link rel="(canonical)" href="([^"]*)"', html))
    alternates = re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)"', html)
    return found | {f"alternate:{language}": url for language, url in alternates}
