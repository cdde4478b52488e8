"""Who is here: found out with one query, said in one value that nobody changes."""

from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.contrib.auth import get_user, login
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

from tests.people import visiting
from workshops.models import Membership, Participant, Role, User, Workshop, WorkshopRevision
from workshops.phases import Phase
from workshops.visits import Visit, visit_of, visits_of, workshops_of

QUESTIONS = [name for name, value in vars(Visit).items() if isinstance(value, property)]


def asked_by(user):
    request = RequestFactory().get("/")
    request.session = SessionStore()
    if user.is_authenticated:
        login(request, user)
    request.user = SimpleLazyObject(lambda: get_user(request))
    return request


def yes(visit: Visit) -> set[str]:
    """Return the questions that a visit answers with yes."""
    return {name for name in QUESTIONS if getattr(visit, name)}


def test_one_query_says_all_of_a_visitor(workshop, facilitator, django_assert_num_queries):
    Membership.objects.create(workshop=workshop, user=facilitator, role=Role.COMMITTEE)
    part = Participant.objects.create(workshop=workshop, user=facilitator, name="Mona")
    number = WorkshopRevision.objects.get(workshop=workshop).number
    request = asked_by(facilitator)
    with django_assert_num_queries(1):
        visit = visit_of(request, workshop.pk)
        said = (visit.workshop, visit.person, visit.roles, visit.participant_id)
        assert said == (workshop, facilitator, {Role.FACILITATOR, Role.COMMITTEE}, part.pk)
        assert (visit.workshop.revision.number, visit.shows_results) == (number, False)


def test_a_stranger_is_nobody_here_and_without_a_log_in_nothing_is_even_asked(
    workshop, other_workshop, stranger, django_assert_num_queries
):
    request = asked_by(stranger)
    with django_assert_num_queries(1):
        assert visit_of(request, workshop.pk) is None
    request = asked_by(AnonymousUser())
    with django_assert_num_queries(0):
        assert visit_of(request, workshop.pk) is None


def test_whose_account_was_closed_or_has_a_new_password_is_not_signed_in(workshop, facilitator):
    request = asked_by(facilitator)
    User.objects.filter(pk=facilitator.pk).update(is_active=False)
    assert (visit_of(request, workshop.pk), request.user.is_authenticated) == (None, False)
    User.objects.filter(pk=facilitator.pk).update(is_active=True)
    assert visit_of(asked_by(facilitator), workshop.pk).person == facilitator
    request = asked_by(facilitator)
    facilitator.set_password("ganz-neues-Passwort")
    facilitator.save()
    assert (visit_of(request, workshop.pk), request.user.is_authenticated) == (None, False)


@pytest.mark.parametrize("number", [0, 2**63 - 1, 2**63, 10**40])
def test_a_number_that_no_workshop_has_is_no_error(workshop, facilitator, number):
    assert visit_of(asked_by(facilitator), number) is None


@pytest.mark.database
def test_the_one_statement_says_what_the_orm_says_of_anybody_anywhere(workshop, other_workshop):
    random = Random(10)
    people = [User.objects.create_user(f"p{n}@example.org", name=f"P {n}") for n in range(12)]
    workshops = list(Workshop.objects.all())
    for person in people:
        for place in workshops:
            for role in random.sample(tuple(Role), random.randrange(4)):
                Membership.objects.create(workshop=place, user=person, role=role)
            if random.random() < 0.4:
                Participant.objects.create(workshop=place, user=person, name=person.name)
    for place in workshops:
        place.relevance_threshold = Decimal(random.randrange(100, 500)) / 100
        place.save()
    workshop.rounds.create(number=1, state="shown", smallest_room=3)
    told = set()
    for person in people:
        for place in workshops:
            found = visit_of(asked_by(person), place.pk)
            by_orm = [v for v in visits_of(person, workshops_of(person)) if v.workshop == place]
            assert found == (by_orm[0] if by_orm else None)
            if found:
                [there] = by_orm
                assert _columns_of(found.workshop) == _columns_of(there.workshop)
                assert _columns_of(found.person) == _columns_of(User.objects.get(pk=person.pk))
                assert found.workshop.revision.number == there.workshop.revision.number
                assert found.workshop.has_results == there.workshop.has_results
                told.add((found.roles, found.participant_id is None, found.workshop.has_results))
    assert len(told) > 8


def _columns_of(row):
    names = (field.attname for field in row._meta.concrete_fields)
    return {name: (type(vars(row)[name]), vars(row)[name]) for name in names}


def test_nobody_gives_a_visitor_a_right_on_the_way(workshop, participant):
    visit = visiting(workshop, participant)
    with pytest.raises(FrozenInstanceError):
        visit.roles = frozenset(Role)


def test_the_workshop_itself_says_nothing_of_the_visitor(workshop, facilitator):
    found, plain = visiting(workshop, facilitator).workshop, type(workshop)(pk=workshop.pk)
    assert vars(found).keys() - vars(plain).keys() == {"has_results"}  # for everybody the same


@pytest.mark.parametrize("phase", Phase)
def test_who_takes_part_without_an_account_may_rate_and_look(workshop, at, phase):
    visit = Visit(at(phase), None, roles=frozenset(), participant_id=7)
    may = {"may_rate"} if phase == Phase.RATING else set()
    shown = {"shows_results"} if phase in (Phase.DELIBERATING, Phase.CLOSED) else set()
    assert yes(visit) == {"is_participant"} | may | shown


def test_roles_count_whoever_holds_them(workshop, at, committee_member):
    at("deliberating")
    account = visiting(workshop, committee_member)
    other = Visit(account.workshop, None, account.roles, participant_id=None)
    assert yes(other) == yes(account)
    assert yes(other) == {"is_committee", "is_decider", "may_decide", "shows_results"}


@pytest.mark.parametrize("seed", range(5))
def test_an_account_sees_the_workshops_of_its_roles_and_of_its_parts_each_once(db, seed):
    random = Random(seed)
    people = [User.objects.create_user(f"{n}@bingen.example") for n in range(4)]
    workshops = Workshop.objects.bulk_create(
        Workshop(title=str(n), date=date(2026, 1, 1 + random.randrange(28))) for n in range(12)
    )
    roles = {
        (random.choice(workshops), random.choice(people), random.choice(Role.values))
        for _time in range(14)
    }
    parts = {(random.choice(workshops), random.choice(people)) for _time in range(14)}
    Membership.objects.bulk_create(
        Membership(workshop=workshop, user=user, role=role) for workshop, user, role in roles
    )
    Participant.objects.bulk_create(
        Participant(workshop=workshop, user=user) for workshop, user in parts
    )
    for person in people:
        own = {w for w, user, _role in roles if user == person}
        own |= {w for w, user in parts if user == person}
        newest_first = sorted(own, key=lambda each: (each.date, each.pk), reverse=True)
        assert list(workshops_of(person)) == newest_first
        for each in workshops:
            assert workshops_of(person).filter(pk=each.pk).exists() == (each in own)
