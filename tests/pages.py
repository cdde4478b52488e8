"""Every page of the product: who opens it and with which arguments, in a house that has them all.

The axe journeys and the HTML checker walk through this table; a route that is missing from it fails
in tests/journeys/test_accessibility.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from fields.models import Goal, seed_fields
from measures.again.choosing import candidates
from measures.again.copying import copy_workshop
from measures.demo import content
from measures.demo.build import build_demo
from measures.followup.links import make_link, token_of
from measures.hall.screens import day_of
from measures.hall.tables import add_table
from measures.models import (
    Attachment,
    Cost,
    Decision,
    Front,
    Idea,
    Indicator,
    IndicatorEntry,
    Measure,
    Remark,
    ReportLink,
    Task,
)
from measures.models.cost import CostQuerySet
from measures.rating.rounds import move_phase
from tests.databases import filled_by
from tests.people import open_door, visiting
from workshops.guests import new_code
from workshops.models import LegalText, Look, Membership, Participant, Table, User, Workshop
from workshops.presence.logo import read_logo
from workshops.presence.model_texts import first_body
from workshops.setup import start_workshop

NOBODY = ""
FACILITATOR, PARTICIPANT, ADMIN = content.FACILITATOR, content.PARTICIPANT, content.ADMIN
COMMITTEE, STAFF = "gremium@demo.example", "verwaltung@demo.example"


@dataclass
class House:
    """The demo, a third workshop that collects, and what the addresses need."""

    full: Workshop
    try_out: Workshop
    collecting: Workshop

    @property
    def line(self) -> Measure:
        return self.collecting.measures.first()

    @property
    def described(self) -> Measure:
        return self.full.measures.exclude(lead="").first()

    @property
    def next_session(self):
        return self.full.sessions.first()

    @property
    def on_the_agenda(self) -> Measure:
        return self.next_session.items.exclude(measure=None).first().measure

    @property
    def decision(self) -> Decision:
        """The newest entry of the session that was held, a published correction."""
        return Decision.objects.in_workshop(self.full).published().first()

    def user(self, email: str) -> User:
        return User.objects.get(email=email)


@pytest.fixture
def house(db) -> House:
    return House(*(Workshop.objects.get(pk=pk) for pk in filled_by(_house)))


def _house() -> tuple[int, int, int]:
    full, try_out = build_demo(with_ratings=True)
    collecting = Workshop(title="Werkstatt in der Sammlung", date=date(2026, 9, 8))
    mona = User.objects.get(email=FACILITATOR)
    start_workshop(collecting, by=mona, municipalities=["Bingen am Rhein"], groups=["Rat", "Amt"])
    seed_fields(collecting)
    field = collecting.fields.first()
    goals = [Goal.objects.create(field=field, text=f"Ziel {n}", order=n) for n in (1, 2)]
    for order in (1, 2, 3):
        Measure.objects.create(
            workshop=collecting,
            field=field,
            goal=goals[order % 2],
            title=f"Maßnahme {order} im Donaudampfschifffahrtsgesellschaftskapitänsamt",
            description="Wer etwas vorhat, schreibt es hier auf.",
            order=order,
        )
    for text in ("Maßnahme für Kapitäne", "Etwas ganz anderes", "Etwas ganz anders"):
        Idea.objects.create(field=field, text=text)
    add_table(Table(workshop=collecting, name="Tisch 1"), [field])
    collecting.phase, collecting.takes_ideas = "collecting", True
    collecting.save(update_fields=["phase", "takes_ideas"])
    user = User.objects.get(email=PARTICIPANT)
    Participant.objects.create(workshop=collecting, user=user)
    return full.pk, try_out.pk, collecting.pk


# Route: who opens it, and with which arguments.
PAGES: dict[str, tuple[str, Callable[[House], list]]] = {
    "home": (FACILITATOR, lambda h: []),
    "accessibility": (NOBODY, lambda h: []),
    "privacy": (NOBODY, lambda h: []),
    "imprint": (NOBODY, lambda h: []),
    "keyboard": (NOBODY, lambda h: []),
    "workshops:municipality-accessibility": (NOBODY, lambda h: [with_presence(h)]),
    "workshops:municipality-privacy": (NOBODY, lambda h: [with_presence(h)]),
    "workshops:municipality-imprint": (NOBODY, lambda h: [with_presence(h)]),
    "help-list": (NOBODY, lambda h: []),
    "help-guide": (NOBODY, lambda h: ["facilitator"]),
    "account_login": (NOBODY, lambda h: []),
    "account_signup": (NOBODY, lambda h: []),
    "account_logout": (FACILITATOR, lambda h: []),
    "account_inactive": (NOBODY, lambda h: []),
    "account_reauthenticate": (FACILITATOR, lambda h: []),
    "account_email": (FACILITATOR, lambda h: []),
    "account_email_verification_sent": (NOBODY, lambda h: []),
    "account_confirm_email": (NOBODY, lambda h: [_confirmation(h)]),
    "account_change_password": (FACILITATOR, lambda h: []),
    "account_set_password": (FACILITATOR, lambda h: []),
    "account_reset_password": (NOBODY, lambda h: []),
    "account_reset_password_done": (NOBODY, lambda h: []),
    "account_reset_password_from_key": (NOBODY, lambda h: _reset_key(h)),
    "account_reset_password_from_key_done": (NOBODY, lambda h: []),
    "measures:join-code": (NOBODY, lambda h: []),
    "measures:join": (NOBODY, lambda h: [open_door(h.try_out)]),
    "measures:door": (FACILITATOR, lambda h: [h.collecting.pk]),
    "measures:door-poster": (FACILITATOR, lambda h: [_opened(h.try_out)]),
    "measures:workshop-edit": (STAFF, lambda h: [h.try_out.pk]),
    "workshops:workshop-scale": (FACILITATOR, lambda h: [h.collecting.pk]),
    "workshops:people": (FACILITATOR, lambda h: [h.try_out.pk]),
    "workshops:people-paste": (FACILITATOR, lambda h: [h.try_out.pk]),
    "workshops:group-edit": (
        FACILITATOR, lambda h: [h.try_out.pk, h.try_out.groups.first().pk],
    ),
    "workshops:participant-edit": (
        FACILITATOR, lambda h: [h.collecting.pk, h.collecting.participants.first().pk],
    ),
    "fields:workshop-create": (FACILITATOR, lambda h: []),
    "measures:workshop-copy": (FACILITATOR, lambda h: [h.full.pk]),
    "measures:year-compare": (FACILITATOR, lambda h: [_copied(h)]),
    "measures:workshop-delete": (FACILITATOR, lambda h: [_unused(h)]),
    "measures:workshop-deletion": (STAFF, lambda h: [_archived(h)]),
    "workshops:workshop-archive": (FACILITATOR, lambda h: [h.collecting.pk]),
    "measures:calendar-address": (FACILITATOR, lambda h: [h.full.pk]),
    "fields:field-list": (FACILITATOR, lambda h: [h.collecting.pk]),
    "fields:field-edit": (FACILITATOR, lambda h: [h.collecting.pk, h.line.field_id]),
    "measures:workshop-bin": (FACILITATOR, lambda h: [h.collecting.pk]),
    "fields:field-drop": (FACILITATOR, lambda h: [h.collecting.pk, h.line.field_id]),
    "measures:workshop-day": (FACILITATOR, lambda h: [h.full.pk]),
    "measures:projector-code": (NOBODY, lambda h: []),
    "measures:projector": (NOBODY, lambda h: [on_the_wall(h.full)]),
    "measures:cockpit": (FACILITATOR, lambda h: [h.try_out.pk]),
    "measures:cockpit-step": (FACILITATOR, lambda h: [h.full.pk, "closed"]),
    "measures:front-notes": (FACILITATOR, lambda h: [h.full.pk]),
    "measures:plan-edit": (FACILITATOR, lambda h: [h.full.pk]),
    "measures:hand-over": (FACILITATOR, lambda h: [h.full.pk]),
    "measures:rating-check": (FACILITATOR, lambda h: [h.collecting.pk]),
    "measures:rating-close": (FACILITATOR, lambda h: [h.try_out.pk]),
    "measures:field-capture": (FACILITATOR, lambda h: [h.collecting.pk, h.line.field_id]),
    "measures:table-list": (FACILITATOR, lambda h: [h.collecting.pk]),
    "measures:table-edit": (
        FACILITATOR, lambda h: [h.collecting.pk, h.collecting.tables.first().pk],
    ),
    "measures:table-cards": (FACILITATOR, lambda h: [h.collecting.pk]),
    "measures:idea-add": (PARTICIPANT, lambda h: [h.collecting.pk]),
    "measures:goal-edit": (FACILITATOR, lambda h: [h.collecting.pk, h.line.goal_id]),
    "measures:measure-list": (FACILITATOR, lambda h: [h.full.pk]),
    "measures:search": (COMMITTEE, lambda h: [h.full.pk]),
    "measures:measure-detail": (COMMITTEE, lambda h: [h.full.pk, h.described.number]),
    "measures:measure-profile": (FACILITATOR, lambda h: [h.full.pk, h.described.number]),
    "measures:short-title": (FACILITATOR, lambda h: [h.full.pk, h.described.number]),
    "measures:measure-edit": (FACILITATOR, lambda h: [h.collecting.pk, h.line.number]),
    "measures:measure-merge": (FACILITATOR, lambda h: [h.collecting.pk, h.line.number]),
    "measures:measure-paste": (FACILITATOR, lambda h: [h.collecting.pk, h.line.field_id]),
    "measures:similar-list": (FACILITATOR, lambda h: [h.collecting.pk]),
    "measures:rate-start": (PARTICIPANT, lambda h: [h.try_out.pk]),
    "measures:rate-measure": (
        PARTICIPANT, lambda h: [h.try_out.pk, h.try_out.measures.first().number],
    ),
    "measures:rate-privacy": (PARTICIPANT, lambda h: [h.try_out.pk]),
    "measures:phone-results": (PARTICIPANT, lambda h: [h.full.pk]),
    "measures:round-list": (FACILITATOR, lambda h: [h.try_out.pk]),
    "measures:round-add": (STAFF, lambda h: [h.full.pk]),
    "measures:round-show": (FACILITATOR, lambda h: closed_round(h)),
    "measures:rating-sheet": (FACILITATOR, lambda h: [h.try_out.pk]),
    "measures:print-list": (FACILITATOR, lambda h: [h.try_out.pk]),
    "measures:wall-cards": (FACILITATOR, lambda h: [h.try_out.pk]),
    "measures:entry-list": (FACILITATOR, lambda h: [h.try_out.pk]),
    "measures:sheet-add": (FACILITATOR, lambda h: [h.try_out.pk]),
    "measures:measure-entry": (
        FACILITATOR, lambda h: [h.try_out.pk, h.try_out.measures.first().number],
    ),
    "measures:dashboard": (COMMITTEE, lambda h: [h.full.pk]),
    "measures:stability": (COMMITTEE, lambda h: [h.full.pk]),
    "measures:groups": (COMMITTEE, lambda h: [h.full.pk]),
    "measures:view-edit": (FACILITATOR, lambda h: [h.full.pk, _saved_view(h)]),
    "measures:measure-import": (FACILITATOR, lambda h: [h.collecting.pk]),
    "measures:progress": (COMMITTEE, lambda h: [h.full.pk]),
    "measures:municipality-progress": (COMMITTEE, lambda h: [h.full.municipalities.first().pk]),
    "measures:measure-attachments": (STAFF, lambda h: [h.full.pk, _attached(h).measure.number]),
    "measures:session-attachments": (STAFF, lambda h: [h.full.pk, h.next_session.pk]),
    "measures:item-attachments": (
        STAFF, lambda h: [h.full.pk, h.next_session.items.first().pk],
    ),
    "measures:attachment-remove": (STAFF, lambda h: [h.full.pk, _attached(h).pk]),
    "measures:assessment-list": (STAFF, lambda h: [h.full.pk]),
    "measures:assessment-add": (STAFF, lambda h: [h.full.pk, h.described.number]),
    "measures:status-add": (FACILITATOR, lambda h: [h.full.pk, h.described.number]),
    "measures:status-table": (FACILITATOR, lambda h: [h.full.pk]),
    "measures:remind": (STAFF, lambda h: [h.full.pk]),
    "measures:report-link": (STAFF, lambda h: [h.full.pk, _linked(h).decision.measure.number]),
    "measures:report": (NOBODY, lambda h: [token_of(_linked(h))]),
    "measures:cost-list": (COMMITTEE, lambda h: [_with_costs(h).pk]),
    "measures:budget": (COMMITTEE, lambda h: [_with_costs(h).pk]),
    "measures:budget-edit": (STAFF, lambda h: [h.full.pk]),
    "measures:measure-costs": (
        COMMITTEE, lambda h: [_with_costs(h).pk, h.described.number],
    ),
    "measures:cost-add": (STAFF, lambda h: [h.full.pk, h.described.number]),
    "measures:cost-edit": (STAFF, lambda h: [_with_costs(h).pk, _cost(h).pk]),
    "measures:indicator-add": (STAFF, lambda h: [h.full.pk, h.described.number]),
    "measures:indicator-edit": (STAFF, lambda h: [h.full.pk, _indicator(h).pk]),
    "measures:indicator-measure": (STAFF, lambda h: [h.full.pk, _indicator(h).pk]),
    "measures:task-add": (FACILITATOR, lambda h: [h.full.pk, h.described.number]),
    "measures:task-edit": (FACILITATOR, lambda h: [h.full.pk, _task(h)]),
    "measures:session-remove": (STAFF, lambda h: [h.full.pk, h.next_session.pk]),
    "measures:session-list": (STAFF, lambda h: [h.full.pk]),
    "measures:session-add": (STAFF, lambda h: [h.full.pk]),
    "measures:session-detail": (STAFF, lambda h: [h.full.pk, h.next_session.pk]),
    "measures:session-edit": (STAFF, lambda h: [h.full.pk, h.next_session.pk]),
    "measures:agenda-item": (
        COMMITTEE, lambda h: [h.full.pk, h.next_session.pk, h.on_the_agenda.number],
    ),
    "measures:decision-add": (
        COMMITTEE, lambda h: [h.full.pk, h.next_session.pk, h.on_the_agenda.number],
    ),
    "measures:en-bloc": (COMMITTEE, lambda h: [h.full.pk, h.next_session.pk]),
    "measures:decision-correct": (STAFF, lambda h: [h.full.pk, h.decision.pk]),
    "measures:decision-detail": (COMMITTEE, lambda h: [h.full.pk, h.decision.pk]),
    "measures:remark-answer": (
        COMMITTEE, lambda h: [h.full.pk, Remark.objects.in_workshop(h.full).first().pk],
    ),
    "measures:public-preview": (STAFF, lambda h: [h.full.pk]),
    "measures:public-page": (NOBODY, lambda h: [published(h)]),
    "measures:public-matrix": (NOBODY, lambda h: [published(h)]),
    "measures:public-news": (NOBODY, lambda h: [published(h)]),
    "measures:public-measure": (NOBODY, lambda h: [published(h), h.decision.measure.number]),
    "kept-input": (FACILITATOR, lambda h: []),
}  # fmt: skip


def _with_costs(house: House) -> Workshop:
    """Give the demo a budget, and some of its measures costs."""
    if not _costs(house).exists():
        for number, measure in enumerate(house.full.measures.all()[:6], start=1):
            Cost.objects.create(
                measure=measure, purpose="Einführung", amount=7500 * number,
                source="Produkt 11.1.40", funder="Land", funded_percent=40, client_id=uuid4(),
            )  # fmt: skip
        _cost_of_the_described(house)
        house.full.budget_once = 60000
        house.full.save(update_fields=["budget_once"])
    return house.full


def _cost_of_the_described(house: House) -> None:
    row = Cost(measure=house.described, purpose="Betrieb", kind="per_year", amount=1200)
    row.client_id = uuid4()
    row.save()


def _costs(house: House) -> CostQuerySet:
    return Cost.objects.in_workshop(house.full)


def _cost(house: House) -> Cost:
    return _costs(house).first()


def _indicator(house: House) -> Indicator:
    """Return an indicator of the demo with a beginning, two values and a target."""
    known = Indicator.objects.in_workshop(house.full).first()
    if known:
        return known
    row = Indicator.objects.create(
        measure=house.described, name="Öffentliche WLAN-Zugänge", unit="Stück", baseline=2,
        baseline_on=date(2026, 1, 1), target=20, target_on=date(2028, 12, 31), client_id=uuid4(),
    )  # fmt: skip
    for day, value in ((date(2026, 5, 1), 5), (date(2026, 9, 1), 9)):
        IndicatorEntry.objects.create(indicator=row, day=day, value=value, client_id=uuid4())
    return row


def _opened(workshop: Workshop) -> int:
    open_door(workshop)
    return workshop.pk


def _copied(house: House) -> int:
    """Copy the demo for another year."""
    mona = house.user(FACILITATOR)
    offered = candidates(visiting(house.full, mona), today=date(2026, 9, 8))
    about = {"title": "Noch einmal", "day": date(2027, 9, 8), "by": mona, "client_id": uuid4()}
    workshop, _is_new = copy_workshop(house.full, offered, **about)
    return workshop.pk


def _unused(house: House) -> int:
    """Make a workshop as its facilitator does."""
    mona = house.user(FACILITATOR)
    workshop = Workshop(title="Nur zur Probe", date=date(2026, 9, 8))
    start_workshop(workshop, by=mona, municipalities=["Bingen am Rhein"], groups=[])
    workshop.history.update(history_user=mona)
    return workshop.pk


def _archived(house: House) -> int:
    """Return a workshop in the archive that has published nothing."""
    pk = _unused(house)
    Workshop.objects.filter(pk=pk).update(archived_at="2026-10-01T08:00Z")
    Membership.objects.create(workshop_id=pk, user=house.user(STAFF), role="administration")
    return pk


def _task(house: House) -> int:
    measure = house.described
    return Task.objects.create(measure=measure, text="Angebote", client_id=uuid4()).pk


def with_presence(house: House) -> int:
    """Give the demo's municipality its texts, its coat of arms and its colour."""
    town = house.full.municipalities.get()
    look, is_new = Look.objects.get_or_create(
        municipality=town, defaults={"is_own": True, "accent": "#00519e", "logo_alt": "Wappen"}
    )
    if is_new:
        look.take_logo(read_logo(ContentFile(picture((60, 72)))))
        look.save()
        for kind in LegalText.Kind.values:
            text = LegalText(municipality=town, kind=kind, language="de")
            text.body = first_body(text, date(2026, 9, 8)).replace("[…", "(fehlt noch)")
            text.save()
    return town.pk


def picture(size: tuple[int, int], form: str = "PNG", colour: str = "#c1272d") -> bytes:
    """Return a picture file of one colour."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, form)
    return file.getvalue()


def published(house: House) -> int:
    """Switch the public page of the demo on."""
    house.full.is_public = True
    house.full.save(update_fields=["is_public"])
    return house.full.pk


def _linked(house: House) -> ReportLink:
    """Make a link by which an office reports on an accepted measure of the demo."""
    rows = Decision.objects.in_workshop(house.full).known_to_all().accepting()
    return make_link(rows[0], by=None, now=timezone.now())


def _attached(house: House) -> Attachment:
    return house.full.attachments.get(name="Lageplan der Standorte.pdf")


def _saved_view(house: House) -> int:
    query = "weight=80&horizon=short"
    return house.full.saved_views.create(name="Schnell getan", place=1, query=query).pk


def on_the_wall(workshop: Workshop, screen: str = "", **chosen: object) -> str:
    """Return the code of a projector that shows a screen, the day's without one."""
    front = Front.objects.filter(workshop=workshop).first() or Front(workshop=workshop)
    front.code = front.code or new_code(8)
    front.screen, front.state = screen, day_of(workshop).state if screen else ""
    for name, value in chosen.items():
        setattr(front, name, value)
    front.save()
    return front.code


def closed_round(house: House) -> list[int]:
    move_phase(house.try_out, "deliberating", by=house.user(FACILITATOR))
    return [house.try_out.pk, house.try_out.rounds.get().number]


def _confirmation(house: House) -> str:
    user = User.objects.create_user("neu@demo.example", "geheim-geheim")
    address = EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return EmailConfirmationHMAC(address).key


def _reset_key(house: House) -> list[str]:
    user = house.user(FACILITATOR)
    return [user_pk_to_url_str(user), default_token_generator.make_token(user)]
