"""The people of our tests, and a small workshop for them.

``workshop`` is in preparation with two fields, one goal and two measures. ``at`` moves it to a
phase without the facilitator's button.
"""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from fields.models import ActionField, Goal
from measures.hall.tables import add_table
from measures.models import Measure
from measures.rating import rounds
from tests.rating import SHOWING, show
from workshops.guests import new_code, new_ticket
from workshops.models import Ballot, Membership, Participant, Role, Table, User, Workshop
from workshops.setup import start_workshop
from workshops.tables import sit_down
from workshops.visits import Visit, visits_of

__all__ = [
    "administrator", "at", "ballots", "committee_member", "editor", "facilitator", "field", "goal",
    "guest", "measure", "measure_two", "other_workshop", "participant", "signed_in", "stranger",
    "table", "workshop",
]  # fmt: skip

FRAGMENT = {"HX-Request": "true"}  # the headers of who asks for a part of a page


@pytest.fixture
def facilitator(db) -> User:
    return User.objects.create_user("moderation@bingen.example", "geheim-geheim", name="Mona")


@pytest.fixture
def stranger(db) -> User:
    return User.objects.create_user("fremd@elsewhere.example", "geheim-geheim", name="Fremd")


@pytest.fixture
def workshop(facilitator) -> Workshop:
    workshop = Workshop(title="Digital-Werkstatt Bingen", date=date(2020, 9, 8))
    start_workshop(
        workshop, by=facilitator, municipalities=["Bingen am Rhein"], groups=["Rat", "Verwaltung"]
    )
    return workshop


@pytest.fixture
def other_workshop(stranger) -> Workshop:
    workshop = Workshop(title="Anderswo", date=date(2021, 1, 1))
    start_workshop(workshop, by=stranger, municipalities=["Anderswo"], groups=["Rat"])
    return workshop


@pytest.fixture
def administrator(workshop) -> User:
    user = User.objects.create_user("verwaltung@bingen.example", "geheim-geheim", name="Vera")
    Membership.objects.create(workshop=workshop, user=user, role=Role.ADMINISTRATION)
    return user


@pytest.fixture
def committee_member(workshop) -> User:
    user = User.objects.create_user("gremium@bingen.example", "geheim-geheim", name="Greta")
    Membership.objects.create(workshop=workshop, user=user, role=Role.COMMITTEE)
    return user


@pytest.fixture
def participant(workshop) -> User:
    user = User.objects.create_user("teilnahme@bingen.example", "geheim-geheim", name="Tom")
    group = workshop.groups.get(name="Rat")
    Participant.objects.create(workshop=workshop, user=user, name="Tom", group=group)
    return user


@pytest.fixture
def field(workshop) -> ActionField:
    ActionField.objects.create(workshop=workshop, name="Tourismus", order=2)
    return ActionField.objects.create(workshop=workshop, name="Alltagsleben", order=1)


@pytest.fixture
def goal(field) -> Goal:
    return Goal.objects.create(field=field, text="Alle kommen ins Netz", order=1)


@pytest.fixture
def measure(workshop, field, goal) -> Measure:
    return Measure.objects.create(workshop=workshop, field=field, goal=goal, title="WLAN", order=1)


@pytest.fixture
def measure_two(workshop, field, goal, measure) -> Measure:
    return Measure.objects.create(workshop=workshop, field=field, goal=goal, title="Bus", order=2)


@pytest.fixture
def at(workshop):
    """Return a function that moves the workshop to a phase: ``at("rating")``.

    In the rating a round of everything is open; from the deliberation on, what was rated is shown.
    """

    def move(phase: str) -> Workshop:
        workshop.refresh_from_db()
        workshop.__dict__.pop("has_results", None)
        if phase == workshop.phase == "rating":
            return workshop
        if phase == "rating":
            everything = Measure.objects.in_workshop(workshop).rateable()
            rounds.open_round(workshop, by=workshop.memberships.first().user, measures=everything)
            return workshop
        workshop.phase = phase
        workshop.save(update_fields=["phase"])
        workshop.rounds.filter(state="open").update(state="closed")
        if phase in SHOWING:
            show(workshop)
        return workshop

    return move


@pytest.fixture
def ballots(workshop):
    """Return a function that hands out ballots: ``ballots(3, group="Rat", source="paper")``."""

    def hand_out(count: int, group: str | None = None, source: str = "account") -> list[Ballot]:
        row = workshop.groups.get(name=group) if group else None
        return [
            Ballot.objects.create(workshop=workshop, group=row, source=source) for _ in range(count)
        ]

    return hand_out


@pytest.fixture
def guest(workshop):
    """Return a function that lets somebody in without an account: ``guest("Rat").get(…)``."""

    def come_in(group: str | None = None, to: Workshop = workshop) -> Client:
        code = open_door(to)
        phone = Client()
        chosen = {"group": to.groups.get(name=group).pk} if group else {}
        sent = entering(**chosen)
        assert phone.post(reverse("measures:join", args=[code]), sent).status_code == 302
        return phone

    return come_in


@pytest.fixture
def table(workshop, field):
    """Return a function that lets a laptop be a table: ``table("Tisch 7", field).post(…)``.

    In any phase, as one that came in before.
    """

    def come_in(name: str = "Tisch 1", *fields: ActionField) -> Client:
        made = add_table(Table(workshop=workshop, name=name), fields or [field])
        laptop, request = Client(), RequestFactory().get("/")
        request.user = AnonymousUser()
        laptop.cookies.update(sit_down(HttpResponse(), request, made).cookies)
        return laptop

    return come_in


def entering(**chosen: object) -> dict[str, object]:
    """Return what the button of the page sends that lets somebody in."""
    return {"ticket": new_ticket(), **chosen}


def open_door(workshop: Workshop) -> str:
    """Let people in without an account; return the room code."""
    rows = Workshop.objects.filter(pk=workshop.pk)
    rows.update(room_code=workshop.room_code or new_code(6), is_door_open=True)
    workshop.refresh_from_db(fields=["room_code", "is_door_open"])
    return workshop.room_code


def visiting(workshop: Workshop, user: User) -> Visit:
    """Return what the access query says of a person in a workshop."""
    [visit] = visits_of(user, Workshop.objects.filter(pk=workshop.pk))
    return visit


@pytest.fixture
def signed_in():
    """Return a function that gives a person's client: ``signed_in(facilitator).get(…)``."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def editor(signed_in, facilitator) -> Client:
    return signed_in(facilitator)


def drop(client: Client, field: ActionField) -> HttpResponse:
    """Drop a field by the answer to the question, as that is drawn."""
    page = reverse("fields:field-drop", args=[field.workshop_id, field.pk])
    return client.post(page, {"seen": client.get(page).context["content"].seen})
