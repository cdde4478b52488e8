"""No sequence of requests bends the roles: a search over what people can do one after the other.

Breadth first over the states that requests of a facilitator, a committee member and an
administration lead to. Every request is sent from every state found; savepoints lead back. Pages
are not drawn, for only what was stored counts.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from measures.committee.views import agenda, sessions
from measures.day.views import phase
from measures.models import Decision
from measures.rating.views import rounds
from tests.deciding import decide, hold
from tests.rating import save_rating
from workshops import roles
from workshops.models import Role, User, Workshop
from workshops.phases import Activity, Phase, neighbours
from workshops.views import people
from workshops.visits import Visit

FRIEND = "freundin@bingen.example"
BOUND = {Role.COMMITTEE, Role.ADMINISTRATION}
ORDER = list(Phase)


class State(NamedTuple):
    """What requests change: the phase, the rounds' states, sessions and decisions, the roles."""

    phase: str
    rounds: tuple[str, ...]
    session: bool
    agenda: bool
    decided: bool
    roles: frozenset[tuple[str, str]]

    @property
    def has_record(self) -> bool:
        return "shown" in self.rounds or self.agenda or self.decided

    @property
    def bound(self) -> frozenset[tuple[str, str]]:
        return frozenset(row for row in self.roles if row[1] in BOUND)

    def roles_of(self, user: User) -> set[str]:
        return {role for email, role in self.roles if email == user.email}


class Act(NamedTuple):
    """One request: whose it is, what it does, and the call that sends it."""

    who: User
    name: str
    send: Callable[[], bool]

    def __str__(self) -> str:
        return f"{self.who.name}: {self.name}"


def state_of(room: Workshop) -> State:
    room = Workshop.objects.get(pk=room.pk)
    return State(
        room.phase,
        tuple(room.rounds.order_by("number").values_list("state", flat=True)),
        room.sessions.exists(),
        room.sessions.filter(items__isnull=False).exists(),
        Decision.objects.in_workshop(room).exists(),
        frozenset(room.memberships.values_list("user__email", "role")),
    )


@contextmanager
def undone():
    """Leave no trace of what happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Silent:
    """Stands for the storage of messages, which nobody reads here."""

    def add(self, *args, **kwargs) -> None:
        pass


def post(who: User, view: Callable, room: Workshop, data: dict, **address) -> bool:
    """Send a request; return whether it was taken in. What was refused has been rolled back."""
    request = RequestFactory().post("/", data)
    request.user, request._messages = who, Silent()
    request.session = {SESSION_KEY: str(who.pk)}
    try:
        with transaction.atomic():
            view(request, workshop_id=room.pk, **address)
    except (PermissionDenied, Http404):
        return False
    return True


def acts(room: Workshop, state: State, who: User) -> Iterator[Act]:
    """Yield everything that a person may try, whether a page offers it or not."""

    def act(name: str, view: Callable, data: dict, **address: Callable[[], int]) -> Act:
        def send() -> bool:  # ids are looked up when it is sent: another time they are others
            return post(who, view, room, data, **{key: find() for key, find in address.items()})

        return Act(who, name, send)

    for wanted in filter(None, neighbours(state.phase)):
        yield act(f"move to {wanted}", phase.phase_move, {"from": state.phase, "to": wanted})
    if state.rounds[-1:] == ("closed",):
        yield act("show", rounds.round_show, {}, number=lambda: len(state.rounds))
    if state.rounds == ("shown",):
        yield act("open a further round", rounds.round_add, {"which": "all", "number": 2})
    for email in (who.email, FRIEND):
        for role in Role:
            if (email, role) not in state.roles:
                data = {"email": email.upper(), "role": role}
                yield act(f"name {email} {role}", people.person_add, data)
    for email, role in sorted(state.roles):
        row = room.memberships.filter(user__email=email, role=role).values_list("pk", flat=True)
        seen = {"seen": role}
        yield act(f"remove {email} {role}", people.membership_remove, seen, pk=row.get)
        for other in Role:
            if (email, other) not in state.roles:
                to = seen | {"role": other}
                name = f"change {email} {role} to {other}"
                yield act(name, people.membership_change, to, pk=row.get)
    if not state.session:
        yield act(
            "call a session", sessions.session_add, {"committee": "Rat", "date": "2020-10-22"}
        )
    elif not state.agenda:
        measures = {"measures": room.measures.values_list("pk", flat=True).get()}
        session = room.sessions.values_list("pk", flat=True)
        yield act("compose the agenda", agenda.agenda_add, measures, pk=session.get)
    elif not state.decided:
        item = room.sessions.values_list("items", flat=True)
        yield act("take it off the agenda", agenda.agenda_remove, {}, pk=item.get)


def broken(before: State, after: State, act: Act) -> Iterator[str]:
    """Yield which promises a request broke."""
    if after.roles_of(act.who) - before.roles_of(act.who):
        yield "gains a role"
    if not before.has_record:
        return
    kinds = [{role for _email, role in state.bound} for state in (before, after)]
    if Role.ADMINISTRATION in kinds[0] - kinds[1]:
        yield "takes the last administration"
    if Role.ADMINISTRATION in before.roles_of(act.who):
        return
    if before.bound != after.bound:
        yield "changes who decides"
    # A further round follows the talk about the first; with a session on, it moves its basis.
    may_reopen = act.name == "open a further round" and not (before.agenda or before.decided)
    if ORDER.index(after.phase) < ORDER.index(before.phase) and not may_reopen:
        yield "leads back"


class Found(NamedTuple):
    """All states that were reached, and every broken promise with the way that led to it."""

    states: set[State]
    breaches: list[str]


def search(room: Workshop, actors: list[User], *, depth: int) -> Found:
    start = state_of(room)
    found, waiting = Found({start}, []), deque([(start, ())])
    while waiting:
        state, path = waiting.popleft()
        with undone():
            for act in path:
                act.send()
            for act in [act for who in actors for act in acts(room, state, who)]:
                with undone():
                    after = state_of(room) if act.send() else state
                way = " → ".join(map(str, (*path, act)))
                found.breaches.extend(f"{way}: {what}" for what in broken(state, after, act))
                if after not in found.states:
                    found.states.add(after)
                    if len(path) + 1 < depth:
                        waiting.append((after, (*path, act)))
    return found


@pytest.fixture
def friend(monkeypatch) -> User:
    """Return somebody without a role, whom others may name. Pages are not drawn."""
    for module in (people, rounds, sessions):
        monkeypatch.setattr(module, "render", lambda *args, **kwargs: HttpResponse())
    return User.objects.create_user(FRIEND, name="Freda")


@pytest.fixture
def scene(workshop, measure, ballots, at):
    """Return a function that brings the workshop to where a search begins."""

    def play(name: str) -> Workshop:
        at("rating")
        for ballot in ballots(3):
            save_rating(ballot, measure, relevance=5, feasibility=5)
        if name in ("drafted", "called"):  # a session although no result was shown
            workshop.rounds.update(state="closed")
            Workshop.objects.filter(pk=workshop.pk).update(phase="deliberating")
            hold(workshop, *([measure] if name == "called" else []))
        if name in ("shown", "decided"):
            at("deliberating")
        if name == "decided":
            decide(hold(workshop, measure), measure, is_published=False)
        return workshop

    return play


@pytest.mark.parametrize("name", ["shown", "called"])
def test_with_a_record_nobody_but_the_administration_changes_who_decides_or_leads_back(
    scene, facilitator, committee_member, administrator, friend, name
):
    """All sequences, however long: without the administration there are few states to get to."""
    found = search(scene(name), [facilitator, committee_member, friend], depth=99)
    assert found.breaches == []
    assert {state.bound for state in found.states} == {
        frozenset({(committee_member.email, "committee"), (administrator.email, "administration")})
    }
    assert any(FRIEND in dict(state.roles) for state in found.states)


def test_nor_does_anybody_where_there_is_no_administration(
    scene, facilitator, committee_member, friend
):
    found = search(scene("shown"), [facilitator, committee_member, friend], depth=99)
    assert found.breaches == []
    assert {state.bound for state in found.states} == {
        frozenset({(committee_member.email, "committee")})
    }


@pytest.mark.parametrize(("name", "depth"), [("rated", 2), ("drafted", 1), ("decided", 2)])
def test_whatever_the_three_do_one_after_the_other_keeps_the_promises(
    scene, facilitator, committee_member, administrator, friend, name, depth
):
    actors = [facilitator, committee_member, administrator]
    found = search(scene(name), actors, depth=depth)
    assert found.breaches == []
    assert len(found.states) > 8 * depth


@pytest.mark.parametrize(
    ("name", "back"), [("called", "move to rating"), ("decided", "open a further round")]
)
def test_the_search_finds_the_attack_that_was_seen(
    scene, facilitator, committee_member, administrator, friend, monkeypatch, name, back
):
    """Back to the rating, into the committee, on again: by the rule that held before."""

    def given(visit: Visit) -> set[str]:
        is_bound = visit.workshop.has_administration and not visit.is_administration
        closed = {Role.ADMINISTRATION} if is_bound else set()
        return {*Role} - closed - ({Role.COMMITTEE} if visit.allows(Activity.DECIDE) else set())

    monkeypatch.setattr(roles, "given", given)
    for rule in ("may_go_back", "may_open_further"):
        monkeypatch.setattr(roles, rule, lambda visit: visit.is_facilitator)
    monkeypatch.setattr(people.PersonForm, "clean", lambda form: form.cleaned_data)
    found = search(scene(name), [facilitator], depth=2)
    attack = f"Mona: {back} → Mona: name {facilitator.email} committee: gains a role"
    assert attack in found.breaches
