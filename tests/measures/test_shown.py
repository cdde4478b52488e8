"""What is read of a shown round is kept for good, and stays what the database says."""

from random import Random

import pytest
from django.core.cache import caches

from measures import shown
from measures.by_group import tallies_by_group
from measures.models import Measure
from measures.overview import overview_of
from measures.rating import rounds
from measures.results.stability import stability_of
from measures.results.talk import talk_of
from measures.shown import kept_when_shown, shown_rounds
from tests.rating import save_rating
from workshops.models import Workshop
from workshops.phases import Phase

pytestmark = pytest.mark.database


@pytest.fixture
def open_round(workshop, measure, measure_two, facilitator):
    rounds.open_round(fresh(workshop), by=facilitator)
    return rounds.open_round_of(workshop)


def fresh(workshop: Workshop) -> Workshop:
    return Workshop.objects.get(pk=workshop.pk)


def show(workshop: Workshop, by) -> None:
    """Close the round that is open, and show it."""
    rounds.move_phase(fresh(workshop), Phase.DELIBERATING, by=by)
    rounds.show(rounds.unseen_round(workshop), by=by)


def said(workshop: Workshop) -> tuple:
    overview = overview_of(fresh(workshop))
    return overview.rows, tallies_by_group(overview), list(talk_of(overview).items())


def test_a_shown_round_is_read_once(
    workshop, open_round, measure, facilitator, ballots, django_assert_num_queries
):
    for ballot in ballots(5, group="Rat"):
        save_rating(ballot, measure, relevance=4, feasibility=2)
    show(workshop, facilitator)
    first = said(workshop)
    with django_assert_num_queries(6):  # workshop, rounds, fields, measures, goals, groups
        assert said(workshop) == first
    [rated, _unrated] = first[0]
    assert (rated.result.n, rated.result.relevance.mean) == (5, 4)


def names() -> dict[str, list[tuple]]:
    return {kind: list(known) for kind, known in shown._known.items() if known}


def test_a_round_that_is_not_shown_is_read_each_time(workshop, open_round, measure, ballots):
    known = names()
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=4, feasibility=2)
        assert said(workshop)[0][0].result.n == 0
    assert names() == known


def test_whatever_happens_after_showing_what_is_kept_is_what_the_database_says(
    workshop, field, open_round, facilitator, ballots
):
    """Rounds, duplicates, minimums, groups, names: each step is asked warm and cold."""
    random = Random(7)
    people = [*ballots(6, "Rat"), *ballots(5, "Verwaltung"), *ballots(4)]
    for title in "ABCD":
        Measure.objects.create(workshop=workshop, field=field, title=title)

    def rate() -> None:
        for voter in people:
            for each in Measure.objects.in_workshop(workshop).standing():
                if random.random() < 0.8:
                    pair = [random.choice([None, 1, 2, 3, 4, 5]) for _criterion in range(2)]
                    save_rating(voter, each, relevance=pair[0], feasibility=pair[1])

    def look() -> tuple:
        warm = *said(workshop), stability_of(overview_of(fresh(workshop)))
        shown._known.clear()
        caches["pages"].clear()
        assert (*said(workshop), stability_of(overview_of(fresh(workshop)))) == warm
        return warm

    def again() -> None:
        standing = list(Measure.objects.in_workshop(workshop).standing())
        rounds.open_round(fresh(workshop), by=facilitator, measures=standing[::2])
        for voter in [*ballots(7, "Verwaltung"), *ballots(6)]:
            for each in standing[::2]:
                save_rating(voter, each, relevance=random.randint(1, 5), feasibility=3)
        show(fresh(workshop), facilitator)

    def change(**settings: int) -> None:
        row = fresh(workshop)
        for name, value in settings.items():
            setattr(row, name, value)
        row.save()

    rate()
    show(workshop, facilitator)
    steps = (
        lambda: Measure.objects.get(title="A").merge_into(Measure.objects.get(title="B")),
        lambda: change(smallest_group=6),
        again,
        lambda: change(smallest_room=5),
        lambda: Measure.objects.filter(title="C").update(is_removed=True),
        lambda: workshop.groups.filter(name="Rat").update(name="Stadtrat"),
        lambda: Measure.objects.get(title="D").merge_into(Measure.objects.get(title="B")),
        again,
        lambda: change(relevance_weight=80),
    )
    seen = [look()]
    for step in steps:
        step()
        seen.append(look())
    assert len({repr(each) for each in seen}) > 6  # the steps do change what is said


def test_two_hosts_that_read_at_different_times_say_the_same(
    workshop, open_round, measure, facilitator, ballots
):
    """A name holds the moment of showing, so that a round given up and shown anew is another."""
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=4, feasibility=2)
    show(workshop, facilitator)
    [round] = shown_rounds(workshop)
    read = kept_when_shown(lambda rounds, steps: {(each.pk, 0): len(rounds) for each in rounds})
    assert read([round], 5) is read([round], 5)
    round.settled_at = round.settled_at.replace(microsecond=7)
    assert read([round], 5) == {(round.pk, 0): 1}
    assert len(shown._known[read.__wrapped__.__qualname__]) == 2


@pytest.mark.parametrize(("kind", "most"), [("anything", 200), ("stability", 20)])
def test_only_so_many_are_kept(kind, most, workshop, open_round, measure, facilitator):
    show(workshop, facilitator)
    [round] = shown_rounds(workshop)
    for number in range(most + 20):
        shown.once_shown(kind, [round], (number,), lambda number=number: number)
    assert len(shown._known[kind]) == most
    assert shown.known_shown(kind, [round], (most + 19,)) == most + 19
    assert shown.known_shown(kind, [round], (19,)) is None
