"""Counting in the database: duplicates, paper, removed measures, and what stays out."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures.models import Measure, Offer, PaperCount, Rating, Round
from measures.overview import overview
from measures.prioritisation import Tally
from measures.rating import rounds
from measures.rating.standing import Piles
from measures.rating.tallies import (
    CRITERIA,
    Answer,
    abstentions,
    answers_of,
    group_piles_of,
    piles_of,
)
from tests.rating import count_paper, save_rating

NOBODY = Tally((0,) * 5, (0,) * 5, 0)


def counted(workshop) -> dict[int, Tally]:
    """Return by the measure's id what the only round says of it, ballots and paper together."""
    found = piles_of(workshop.rounds.all(), workshop.steps)
    return {measure: piles.total for (_round, measure), piles in found.items()}


def test_cannot_judge_is_no_step_and_does_not_count(workshop, measure, ballots):
    first, second, third = ballots(3)
    save_rating(first, measure, relevance=5, feasibility=None)
    save_rating(second, measure, relevance=None, feasibility=None)
    save_rating(third, measure, relevance=4, feasibility=2)
    assert counted(workshop) == {measure.pk: Tally((0, 0, 0, 1, 1), (0, 1, 0, 0, 0), 2)}
    key = (workshop.rounds.get().pk, measure.pk)
    assert abstentions(key) == {"relevance": 1, "feasibility": 2}


def test_a_changed_rating_replaces_the_first_one(workshop, measure, ballots):
    [ballot] = ballots(1)
    save_rating(ballot, measure, relevance=1, feasibility=1)
    save_rating(ballot, measure, relevance=5, feasibility=4)
    assert counted(workshop) == {measure.pk: Tally((0, 0, 0, 0, 1), (0, 0, 0, 1, 0), 1)}


def test_rounds_are_counted_apart(workshop, measure, ballots, at):
    [ballot] = ballots(1)
    at("rating")
    save_rating(ballot, measure, relevance=1, feasibility=1)
    at("deliberating")
    at("rating")
    save_rating(ballot, measure, relevance=5, feasibility=4)
    first, second = workshop.rounds.all()
    ones, later = (
        Tally((1, 0, 0, 0, 0), (1, 0, 0, 0, 0), 1),
        Tally((0, 0, 0, 0, 1), (0, 0, 0, 1, 0), 1),
    )
    assert piles_of([first, second], 5) == {
        (first.pk, measure.pk): Piles(ones, NOBODY),
        (second.pk, measure.pk): Piles(later, NOBODY),
    }
    assert piles_of([second], 5) == {(second.pk, measure.pk): Piles(later, NOBODY)}
    assert piles_of([], 5) == {}


# Duplicates -------------------------------------------------------------------------------------

NOTHING = object()  # not rated at all
# Six ballots, (relevance, feasibility); None: cannot judge.
WLAN = [(None, None), (None, None), (3, 3), (None, 3), NOTHING, (1, 1)]
BUS = [(5, 4), (4, 4), (5, 5), (5, None), (2, 2), NOTHING]


@pytest.fixture
def rated_twice(measure, measure_two, ballots):
    for ballot, *pairs in zip(ballots(6), WLAN, BUS, strict=True):
        for each, pair in zip((measure, measure_two), pairs, strict=True):
            if pair is not NOTHING:
                save_rating(ballot, each, relevance=pair[0], feasibility=pair[1])


def test_no_judgement_vanishes_behind_cannot_judge(workshop, measure, measure_two, rated_twice):
    """Seen: merged, a measure that six people had judged was left with the relevance of three."""
    measure_two.merge_into(measure)
    assert counted(workshop) == {measure.pk: Tally((1, 1, 1, 1, 2), (1, 1, 2, 2, 0), 6)}
    key = (workshop.rounds.get().pk, measure.pk)
    assert abstentions(key) == {"relevance": 0, "feasibility": 0}


def test_of_two_judgements_that_of_the_standing_measure_counts(
    workshop, measure, measure_two, rated_twice
):
    measure.merge_into(measure_two)
    assert counted(workshop) == {measure_two.pk: Tally((1, 1, 0, 1, 3), (1, 1, 1, 2, 1), 6)}


def test_of_three_duplicates_the_one_with_the_lowest_number_counts(
    workshop, measure, measure_two, ballots
):
    """Whether it was written down before or after the measure that stands."""
    third, fourth = (
        Measure.objects.create(workshop=workshop, field=measure.field, title=title)
        for title in ("Bahn", "Rad")
    )
    full, half, poor = ballots(3)
    for ballot, pairs in (
        (full, [(1, 1), (2, 2), (3, 3), (4, 4)]),
        (half, [(1, None), (2, 2), (None, None), (4, 4)]),
        (poor, [(None, None), (None, None), (None, None), (4, None)]),
    ):
        for each, pair in zip((measure, measure_two, third, fourth), pairs, strict=True):
            save_rating(ballot, each, relevance=pair[0], feasibility=pair[1])
    for each in (fourth, measure_two, measure):
        each.merge_into(third)
    # Bahn's own 3/3; then WLAN's 1 and Bus' 2, for WLAN says nothing; then Rad's 4 alone.
    assert counted(workshop) == {third.pk: Tally((1, 0, 1, 1, 0), (0, 1, 1, 0, 0), 3)}
    key = (workshop.rounds.get().pk, third.pk)
    assert abstentions(key) == {"relevance": 0, "feasibility": 1}
    said = {(each.ballot, each.relevance, each.feasibility) for each in answers_of([key])}
    assert said == {(full.pk, 3, 3), (half.pk, 1, 2), (poor.pk, 4, None)}


def test_a_removed_duplicate_counts_for_nothing_and_comes_back_with_its_ratings(
    workshop, measure, measure_two, ballots
):
    for ballot in ballots(2):
        save_rating(ballot, measure, relevance=5, feasibility=5)
    for ballot in ballots(3):
        save_rating(ballot, measure_two, relevance=1, feasibility=1)
    measure_two.merge_into(measure)
    Measure.objects.filter(pk=measure_two.pk).update(is_removed=True)
    assert counted(workshop) == {measure.pk: Tally((0, 0, 0, 0, 2), (0, 0, 0, 0, 2), 2)}
    Measure.objects.filter(pk=measure_two.pk).update(is_removed=False)
    assert counted(workshop) == {measure.pk: Tally((3, 0, 0, 0, 2), (3, 0, 0, 0, 2), 5)}


# Paper, groups ----------------------------------------------------------------------------------


def test_paper_counts_enter_as_that_many_ratings(workshop, measure, ballots, at):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    for criterion, step, count in [
        ("relevance", 5, 4), ("relevance", None, 1), ("feasibility", 2, 5),
    ]:  # fmt: skip
        count_paper(measure=measure, criterion=criterion, step=step, count=count)
    key = (workshop.rounds.get().pk, measure.pk)
    on_ballots = Tally((0, 0, 3, 0, 0), (0, 0, 3, 0, 0), 3)
    on_paper = Tally((0, 0, 0, 0, 4), (0, 5, 0, 0, 0), 5)
    assert piles_of(workshop.rounds.all(), 5) == {key: Piles(on_ballots, on_paper)}
    assert counted(workshop) == {measure.pk: Tally((0, 0, 3, 0, 4), (0, 5, 3, 0, 0), 8)}
    assert abstentions(key) == {"relevance": 1, "feasibility": 0}
    assert [row.paper for row in overview(at("deliberating")).rows] == [5]


def test_groups_are_counted_apart_ballots_beside_paper(workshop, measure, ballots):
    for ballot in [*ballots(2, "Rat"), *ballots(1)]:
        save_rating(ballot, measure, relevance=4, feasibility=4)
    council = workshop.groups.get(name="Rat")
    count_paper(measure=measure, group=council, criterion="relevance", step=1, count=1)
    round = workshop.rounds.get()
    assert group_piles_of([round], 5) == {
        (round.pk, measure.pk): (
            {
                council.pk: Tally((0, 0, 0, 2, 0), (0, 0, 0, 2, 0), 2),
                None: Tally((0, 0, 0, 1, 0), (0, 0, 0, 1, 0), 1),
            },
            {council.pk: Tally((1, 0, 0, 0, 0), (0, 0, 0, 0, 0), 1)},
        )
    }


def test_a_removed_measure_is_not_listed(workshop, measure, ballots, at):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    measure.is_removed = True
    measure.save()
    assert overview(at("deliberating")).rows == ()


# All of it at once, beside a slow count ---------------------------------------------------------

HEADS, DUPLICATES = (1, 3), (0, 2, 4)  # places: those that stand lie between the others
STEP = st.none() | st.integers(1, 5)
PAIR = st.none() | st.tuples(STEP, STEP)  # None: not rated
MERGED = st.fixed_dictionaries({place: st.sampled_from((None, *HEADS)) for place in DUPLICATES})
REMOVED = st.sets(st.integers(0, 4), max_size=2)
ROUNDS = st.lists(
    st.fixed_dictionaries(
        {
            "ratings": st.lists(st.lists(PAIR, min_size=5, max_size=5), min_size=4, max_size=4),
            "sheets": st.dictionaries(
                st.tuples(st.integers(0, 4), st.booleans(), st.sampled_from(CRITERIA), STEP),
                st.integers(1, 9),
                max_size=5,
            ),
        }
    ),
    min_size=2,
    max_size=2,
)


class Slow:
    """One round counted person by person, with what was merged and removed at that time."""

    def __init__(self, drawn: dict, merged: dict, removed: set):
        self.drawn, self.merged, self.removed = drawn, merged, removed

    def family(self, target: int) -> list[int]:
        """Return the places that count for a measure, the one that stands first."""
        own = [place for place, head in self.merged.items() if head == target]
        alone = [] if self.merged.get(target) is not None else [target]
        return alone + [place for place in sorted(own) if place not in self.removed]

    def said(self, person: int, target: int) -> tuple | None:
        pairs = [self.drawn["ratings"][person][place] for place in self.family(target)]
        pairs = [pair for pair in pairs if pair is not None]
        if not pairs:
            return None
        columns = zip(*pairs, strict=True)
        return tuple(next((s for s in steps if s is not None), None) for steps in columns)

    def ballots(self, target: int, people: list[int]) -> Tally:
        said = [pair for person in people if (pair := self.said(person, target))]
        steps = [Counter(pair[place] for pair in said) for place in (0, 1)]
        piles = (tuple(counts[step] for step in range(1, 6)) for counts in steps)
        return Tally(*piles, sum(pair != (None, None) for pair in said))

    def paper(self, target: int, groups: tuple[bool, ...]) -> Tally:
        found = [
            {c: [self.sheets(place, group, c, step) for step in range(1, 6)] for c in CRITERIA}
            for place in self.family(target)
            for group in groups
        ]
        columns = (zip(*(pile[c] for pile in found), strict=True) for c in CRITERIA)
        piles = [tuple(map(sum, column)) or (0,) * 5 for column in columns]
        return Tally(*piles, sum(max(sum(pile[c]) for c in CRITERIA) for pile in found))

    def sheets(self, place: int, group: bool, criterion: str, step: int | None) -> int:
        return self.drawn["sheets"].get((place, group, criterion, step), 0)

    def abstained(self, target: int) -> dict[str, int]:
        said = [pair for person in range(4) if (pair := self.said(person, target))]
        return {
            criterion: sum(pair[place] is None for pair in said)
            + sum(
                self.sheets(member, group, criterion, None)
                for member in self.family(target)
                for group in (False, True)
            )
            for place, criterion in enumerate(CRITERIA)
        }


def store(workshop, drawn: dict, number: int, measures: list, people: list, group) -> Round:
    made = Round.objects.create(workshop=workshop, number=number)
    Offer.objects.bulk_create(Offer(round=made, measure=measure) for measure in measures)
    Rating.objects.bulk_create(
        Rating(ballot=ballot, measure=measure, round=made, relevance=pair[0], feasibility=pair[1])
        for ballot, pairs in zip(people, drawn["ratings"], strict=True)
        for measure, pair in zip(measures, pairs, strict=True)
        if pair is not None
    )
    PaperCount.objects.bulk_create(
        PaperCount(
            measure=measures[place], round=made, criterion=criterion, step=step, count=count,
            group=group if is_grouped else None,
        )
        for (place, is_grouped, criterion, step), count in drawn["sheets"].items()
    )  # fmt: skip
    return made


def mark(measures: list, merged: dict, removed: set) -> None:
    for place, measure in enumerate(measures):
        head = merged.get(place)
        measure.merged_into = measures[head] if head is not None else None
        measure.is_removed = place in removed
    Measure.objects.bulk_update(measures, ["merged_into", "is_removed"])


@pytest.fixture
def room(workshop, field, ballots):
    """Five measures and four people, two of them of the council."""
    measures = [
        Measure.objects.create(workshop=workshop, field=field, title=f"M {n}") for n in range(5)
    ]
    return measures, [*ballots(2, "Rat"), *ballots(2)], workshop.groups.get(name="Rat")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=ROUNDS, merged=st.tuples(MERGED, MERGED), removed=st.tuples(REMOVED, REMOVED))
def test_it_is_counted_as_somebody_would_by_hand(
    workshop, room, facilitator, drawn, merged, removed
):
    """The first round is shown before measures are merged, parted and removed once more."""
    measures, people, group = room
    with transaction.atomic():
        first = store(workshop, drawn[0], 1, measures, people, group)
        mark(measures, merged[0], removed[0])
        rounds.show(first, by=facilitator)
        second = store(workshop, drawn[1], 2, measures, people, group)
        mark(measures, merged[1], removed[1])
        by_hand = list(map(Slow, drawn, merged, removed))
        check([first, second], by_hand, measures, people, group)
        transaction.set_rollback(True)


def check(both: list[Round], by_hand: list[Slow], measures: list, people: list, group) -> None:
    piles, by_group = piles_of(both, 5), group_piles_of(both, 5)
    every_key = [(each.pk, measure.pk) for each in both for measure in measures]
    answers = Counter(answers_of(every_key))
    assert {*piles, *by_group} <= {*every_key}
    expected_answers: Counter = Counter()
    for each, slow in zip(both, by_hand, strict=True):
        for place, measure in enumerate(measures):
            key = (each.pk, measure.pk)
            assert piles.get(key, Piles(NOBODY, NOBODY)) == Piles(
                slow.ballots(place, [0, 1, 2, 3]), slow.paper(place, (False, True))
            )
            on_ballots, on_paper = by_group.get(key, ({}, {}))
            for pk, who, is_grouped in ((group.pk, [0, 1], True), (None, [2, 3], False)):
                assert on_ballots.get(pk, NOBODY) == slow.ballots(place, who)
                assert on_paper.get(pk, NOBODY) == slow.paper(place, (is_grouped,))
            if slow.merged.get(place) is None:  # nobody asks it of a duplicate
                assert abstentions(key) == slow.abstained(place)
            expected_answers.update(
                Answer(key, ballot.pk, ballot.group_id, *said)
                for person, ballot in enumerate(people)
                if (said := slow.said(person, place))
            )
    assert answers == expected_answers


# Queries ----------------------------------------------------------------------------------------


def test_an_overview_takes_the_same_queries_for_one_measure_and_for_three(
    workshop, measure, ballots, at, django_assert_num_queries
):
    """And one more where duplicates were merged, however many."""
    at("deliberating")
    voters = ballots(3)

    def rated(title: str) -> Measure:
        extra = Measure.objects.create(workshop=workshop, field=measure.field, title=title)
        for ballot in voters:
            save_rating(ballot, extra, relevance=3, feasibility=3)
        return extra

    for ballot in voters:
        save_rating(ballot, measure, relevance=3, feasibility=3)
    with django_assert_num_queries(8):
        overview(workshop)
    for title in ("Bus", "Bahn"):
        rated(title)
    with django_assert_num_queries(8):
        overview(workshop)
    for number in range(3):
        duplicate = rated(f"WLAN {number}")
        duplicate.merge_into(measure)
        Offer.objects.filter(measure=duplicate).update(counts_for=measure)
        with django_assert_num_queries(9):
            overview(workshop)
    assert [row.measure.title for row in overview(workshop).rows] == ["WLAN", "Bus", "Bahn"]
