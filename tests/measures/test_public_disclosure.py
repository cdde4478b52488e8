"""What of the ratings may be published: nothing that leads to a few people, not even by gaps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.prioritisation import Scale, Tally, prioritise_tallies
from measures.public.disclosure import disclosed, withheld

SCALE = Scale(1, 5)


def tally(relevance, feasibility, n=None) -> Tally:
    """Count steps: ``tally([5, 5, 4], [1, 1, 2])``."""
    counts = [
        tuple(steps.count(step) for step in SCALE.steps) for steps in (relevance, feasibility)
    ]
    return Tally(*counts, max(len(relevance), len(feasibility)) if n is None else n)


def published(tallies: dict[int, Tally], *, paper=None, smallest=3) -> list[tuple]:
    """Return (measure, rank, n, mean relevance) of what is published, in its order."""
    results = prioritise_tallies(tallies, measures=tallies, scale=SCALE)
    return [
        (each.measure, each.rank, each.n, each.relevance.mean)
        for each in disclosed(results, paper=paper or {}, smallest=smallest)
    ]


def test_a_measure_needs_as_many_judgements_as_the_smallest_group():
    tallies = {1: tally([5] * 3, [5] * 3), 2: tally([4] * 2, [4] * 2), 3: tally([], [])}
    assert published(tallies) == [(1, 1, 3, 5.0), (2, None, 0, None), (3, None, 0, None)]


def test_few_judgements_of_one_criterion_alone_withhold_both():
    assert published({1: tally([5] * 9, [5] * 2)}) == [(1, None, 0, None)]
    assert published({1: tally([5] * 2, [5] * 9)}) == [(1, None, 0, None)]


def test_ranks_are_counted_anew_so_that_no_gap_tells_where_a_withheld_one_stands():
    tallies = {
        1: tally([5] * 3, [5] * 3),
        2: tally([4] * 2, [4] * 2),
        3: tally([3] * 3, [3] * 3),
        4: tally([3] * 3, [3] * 3),
        5: tally([2] * 3, [2] * 3),
    }
    ranks = [(measure, rank) for measure, rank, *_rest in published(tallies)]
    assert ranks == [(1, 1), (3, 2), (4, 2), (5, 4), (2, None)]


def test_withheld_measures_do_not_keep_the_order_of_their_scores():
    low_first = {1: tally([1], [1]), 2: tally([5], [5]), 3: tally([3], [3])}
    assert [measure for measure, *_rest in published(low_first)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("ballots", "sheets", "is_shown"),
    [(3, 0, True), (0, 3, True), (1, 9, False), (2, 9, False), (3, 9, True), (9, 1, True)],
)
def test_who_knows_the_sheets_cannot_take_them_away_and_find_a_few_ballots(
    ballots, sheets, is_shown
):
    tallies = {1: tally([4] * (ballots + sheets), [4] * (ballots + sheets))}
    [(_measure, rank, *_rest)] = published(tallies, paper={1: sheets})
    assert (rank is not None) == is_shown


def test_sheets_that_judge_only_one_criterion_hide_no_ballot_either():
    """Nine sheets judge feasibility, four of them relevance; one ballot judges both."""
    tallies = {1: tally([4] * 5, [4] * 10, n=10)}
    assert published(tallies, paper={1: 9}) == [(1, None, 0, None)]


def test_of_a_spread_only_mean_and_number_are_left():
    tallies = {1: tally([1, 1, 5], [1, 2, 5])}
    [result] = disclosed(
        prioritise_tallies(tallies, measures=tallies, scale=SCALE), paper={}, smallest=3
    )
    for spread, mean in ((result.relevance, 7 / 3), (result.feasibility, 8 / 3)):
        assert (spread.n, spread.mean, spread.low, spread.high) == (3, mean, mean, mean)
        assert (spread.median, spread.counts, spread.agreement) == (None, (), None)


def test_while_people_rate_every_measure_looks_unrated():
    tallies = {2: tally([5] * 9, [5] * 9), 1: tally([1] * 9, [1] * 9)}
    results = withheld(prioritise_tallies(tallies, measures=tallies, scale=SCALE))
    assert [(r.measure, r.n, r.rank, r.score, r.quadrant) for r in results] == [
        (1, 0, None, None, None), (2, 0, None, None, None),
    ]  # fmt: skip


steps = st.lists(st.integers(1, 5), max_size=6)


@given(st.dictionaries(st.integers(1, 9), st.tuples(steps, steps), max_size=9))
def test_what_few_people_said_changes_nothing_that_is_published(rooms):
    """Turning around every rating of the withheld measures leaves the publication as it was."""
    smallest = 3
    tallies = {pk: tally(r, f) for pk, (r, f) in rooms.items()}
    few = {pk for pk, _rank, n, _mean in published(tallies, smallest=smallest) if not n}
    turned = {
        pk: tally([6 - step for step in r], [6 - step for step in f]) if pk in few else tallies[pk]
        for pk, (r, f) in rooms.items()
    }
    assert published(turned, smallest=smallest) == published(tallies, smallest=smallest)
