"""How many are how far: by group only from the smallest size on, by field only in tenths."""

import pytest

from measures.models import Measure
from measures.rating.turnout import Count, Turnout, turnout_of
from tests.rating import save_rating
from workshops.guests import hash_of
from workshops.models import Ballot, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def rating(workshop, measure, measure_two, at) -> Workshop:
    return at("rating")


def hold(workshop: Workshop, count: int, group: str | None = None) -> list[Ballot]:
    row = workshop.groups.get(name=group) if group else None
    before = workshop.ballots.count()
    return [
        Ballot.objects.create(
            workshop=workshop, group=row, source="guest", secret_hash=hash_of(f"{before} {each}")
        )
        for each in range(count)
    ]


def rate(ballots: list[Ballot], *measures: Measure) -> None:
    for ballot in ballots:
        for measure in measures:
            save_rating(ballot, measure, relevance=3, feasibility=None)


def test_who_holds_no_ballot_is_not_here(rating, measure, ballots):
    [shown, typed] = ballots(2)  # to which nobody has the secret
    rate([shown, typed], measure)
    hold(rating, 3)
    assert turnout_of(rating).room == Count(3, 0, 0)


@pytest.mark.parametrize("here", [0, 1, 2])
def test_below_the_room_s_minimum_only_who_is_here_is_counted(here, rating, measure):
    rate(hold(rating, here), measure)
    found = turnout_of(rating)
    assert (found.room, found.groups, found.rest) == (Count(here), (), None)
    assert {each.tenths for each in found.fields} == {None}


def test_begun_finished_and_not_begun(rating, measure, measure_two):
    people = hold(rating, 5)
    rate(people[:2], measure, measure_two)
    rate(people[2:3], measure)
    room = turnout_of(rating).room
    assert room == Count(5, 3, 2)
    assert (room.rating, room.waiting) == (1, 2)


def test_finished_is_who_rated_all_that_is_open_now(rating, measure, measure_two, field):
    later = rating.fields.exclude(pk=field.pk).get()
    third = Measure.objects.create(workshop=rating, field=later, title="Fähre")
    round = rating.rounds.get()
    round.measures.add(third)
    round.open_fields.set([field])
    rate(hold(rating, 3), measure, measure_two)
    assert turnout_of(rating).room == Count(3, 3, 3)
    round.open_fields.set([field, later])
    assert turnout_of(rating).room == Count(3, 3, 0)


def test_no_group_below_its_size_is_told_nor_comes_out_by_subtraction(rating, measure):
    assert rating.smallest_group == 5
    hold(rating, 7, "Rat")
    hold(rating, 4, "Verwaltung")
    found = turnout_of(rating)
    assert (found.groups, found.rest) == ((), None)  # the seven would tell the four
    hold(rating, 1, "Verwaltung")
    assert turnout_of(rating).groups == (("Rat", Count(7, 0, 0)), ("Verwaltung", Count(5, 0, 0)))
    hold(rating, 2)
    found = turnout_of(rating)
    assert (found.groups, found.rest) == ((("Rat", Count(7, 0, 0)),), Count(7, 0, 0))


def test_fields_are_told_in_tenths_rounded_down(rating, measure, measure_two):
    people = hold(rating, 20)
    rate(people[:19], measure)
    [one] = turnout_of(rating).fields
    assert (one.name, one.measures, one.is_open, one.tenths) == ("Alltagsleben", 2, True, 4)
    rate(people[19:], measure)
    assert turnout_of(rating).fields[0].tenths == 5
    rate(people, measure_two)
    assert turnout_of(rating).fields[0].tenths == 10


@pytest.mark.parametrize(("here", "seen"), [(3, {None}), (14, {None}), (15, {*range(11)})])
def test_between_two_tenths_lie_at_least_as_many_answers_as_the_room_s_minimum(
    here, seen, rating, measure, measure_two
):
    people = hold(rating, here)
    told = [turnout_of(rating).fields[0].tenths]
    for person in people:
        for each in (measure, measure_two):
            rate([person], each)
            told.append(turnout_of(rating).fields[0].tenths)
    steps = [given for given in range(1, len(told)) if told[given] != told[given - 1]]
    assert ({*told}, steps) == (seen, [*range(3, 31, 3)] if here == 15 else [])


def test_outside_of_a_rating_only_who_is_here_is_counted(workshop, measure, at):
    at("collecting")
    hold(workshop, 8, "Rat")
    assert turnout_of(workshop) == Turnout(Count(8))


def test_where_measures_are_dealt_who_rated_that_many_has_finished(rating, measure, measure_two):
    Workshop.objects.update(measures_per_person=1)
    people = hold(rating, 3)
    rate(people[:1], measure)
    rate(people[1:2], measure, measure_two)
    assert turnout_of(Workshop.objects.get()).room == Count(3, 2, 2)
