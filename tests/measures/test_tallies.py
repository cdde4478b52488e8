"""Counting in the database: duplicates, paper, removed measures, and what stays out."""

from measures.overview import overview
from measures.prioritisation import Tally
from measures.rating.tallies import group_tallies, workshop_tallies
from tests.rating import count_paper, save_rating


def test_cannot_judge_is_no_step_and_does_not_count(workshop, measure, ballots):
    first, second, third = ballots(3)
    save_rating(first, measure, relevance=5, feasibility=None)
    save_rating(second, measure, relevance=None, feasibility=None)
    save_rating(third, measure, relevance=4, feasibility=2)
    assert workshop_tallies(workshop)[0] == {measure.pk: Tally((0, 0, 0, 1, 1), (0, 1, 0, 0, 0), 2)}


def test_a_changed_rating_replaces_the_first_one(workshop, measure, ballots):
    [ballot] = ballots(1)
    save_rating(ballot, measure, relevance=1, feasibility=1)
    save_rating(ballot, measure, relevance=5, feasibility=4)
    assert workshop_tallies(workshop)[0] == {measure.pk: Tally((0, 0, 0, 0, 1), (0, 0, 0, 1, 0), 1)}


def test_who_rated_both_duplicates_counts_once_with_the_rating_of_the_standing_one(
    workshop, measure, measure_two, ballots
):
    both, only_duplicate = ballots(2)
    save_rating(both, measure, relevance=5, feasibility=5)
    save_rating(both, measure_two, relevance=1, feasibility=1)
    save_rating(only_duplicate, measure_two, relevance=2, feasibility=3)
    measure_two.merge_into(measure)
    assert workshop_tallies(workshop)[0] == {measure.pk: Tally((0, 1, 0, 0, 1), (0, 0, 1, 0, 1), 2)}


def test_paper_counts_enter_as_that_many_ratings(workshop, measure, ballots):
    [ballot] = ballots(1)
    save_rating(ballot, measure, relevance=3, feasibility=3)
    for criterion, step, count in [
        ("relevance", 5, 4), ("relevance", None, 1), ("feasibility", 2, 5),
    ]:  # fmt: skip
        count_paper(measure=measure, criterion=criterion, step=step, count=count)
    tally = Tally((0, 0, 1, 0, 4), (0, 5, 1, 0, 0), 6)
    assert workshop_tallies(workshop)[0] == {measure.pk: tally}
    assert [row.paper for row in overview(workshop).rows] == [5]


def test_groups_are_counted_apart_ballots_beside_paper(workshop, measure, ballots):
    for ballot in [*ballots(2, "Rat"), *ballots(1)]:
        save_rating(ballot, measure, relevance=4, feasibility=4)
    council = workshop.groups.get(name="Rat")
    count_paper(measure=measure, group=council, criterion="relevance", step=1, count=1)
    assert group_tallies(measure) == (
        {
            council.pk: Tally((0, 0, 0, 2, 0), (0, 0, 0, 2, 0), 2),
            None: Tally((0, 0, 0, 1, 0), (0, 0, 0, 1, 0), 1),
        },
        {council.pk: Tally((1, 0, 0, 0, 0), (0, 0, 0, 0, 0), 1)},
    )


def test_a_removed_measure_is_neither_counted_nor_listed(workshop, measure, ballots):
    [ballot] = ballots(1)
    save_rating(ballot, measure, relevance=3, feasibility=3)
    measure.is_removed = True
    measure.save()
    assert workshop_tallies(workshop)[0] == {}
    assert overview(workshop).rows == ()


def test_an_overview_takes_the_same_queries_for_one_measure_and_for_three(
    workshop, measure, ballots, django_assert_num_queries
):
    with django_assert_num_queries(6):
        overview(workshop)
    for title in ("Bus", "Bahn"):
        extra = type(measure).objects.create(workshop=workshop, field=measure.field, title=title)
        for ballot in ballots(3):
            save_rating(ballot, extra, relevance=3, feasibility=3)
    with django_assert_num_queries(6):
        overview(workshop)
