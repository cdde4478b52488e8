"""Which result of several rounds holds, and from how many judgements on there is one: pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.prioritisation import Tally
from measures.standing import Piles, lost_labels, meets, standing_of

NOBODY = Tally((0, 0, 0), (0, 0, 0), 0)


def judged(relevance: int, feasibility: int | None = None, n: int | None = None) -> Tally:
    feasibility = relevance if feasibility is None else feasibility
    n = max(relevance, feasibility) if n is None else n
    return Tally((relevance, 0, 0), (feasibility, 0, 0), n)


def on_ballots(*counts: int) -> list[Piles]:
    return [Piles(judged(n), NOBODY) for n in counts]


@pytest.mark.parametrize(
    ("counts", "places"),
    [
        ([], []),
        ([2], []),
        ([3], [0]),
        ([25, 3], [0, 1]),
        ([25, 12], [0, 1]),
        ([25, 13], [1]),
        ([24, 12], [1]),
        ([25, 3, 13], [2]),
        ([25, 13, 7], [2]),
        ([25, 12, 6], [0, 1, 2]),
        ([2, 3], [1]),
        ([25, 2], [0]),
        ([2, 2, 2], []),
    ],
)
def test_three_friends_never_overrule_twenty_five(counts, places):
    assert standing_of(on_ballots(*counts), [3] * len(counts)) == places


def test_a_round_that_did_not_offer_the_measure_changes_nothing():
    assert standing_of([*on_ballots(8), None], [3, 3]) == [0]
    assert standing_of([None, *on_ballots(8)], [3, 3]) == [1]


def test_each_round_keeps_the_minimum_with_which_it_was_shown():
    assert standing_of(on_ballots(8, 6), [3, 7]) == [0]
    assert standing_of(on_ballots(8, 6), [3, 6]) == [1]


def test_each_criterion_must_have_half_as_many_judgements():
    old = Piles(judged(20), NOBODY)
    assert standing_of([old, Piles(judged(20, 9), NOBODY)], [3, 3]) == [0, 1]
    assert standing_of([old, Piles(judged(20, 10), NOBODY)], [3, 3]) == [1]


def test_the_people_count_too_where_they_judged_different_criteria():
    old = Piles(judged(5, 5, n=10), NOBODY)
    assert standing_of([old, Piles(judged(4, 4, n=4), NOBODY)], [3, 3]) == [0, 1]


@pytest.mark.parametrize(
    ("ballots", "paper", "is_enough"),
    [
        (judged(3), NOBODY, True),
        (judged(3, 2), NOBODY, False),
        (NOBODY, judged(3), True),
        (NOBODY, judged(2), False),
        (judged(2), judged(50), False),
        (judged(3), judged(1), True),
        (judged(3, 0), judged(1, 3), True),
        (judged(3, 0), judged(1, 2), False),
        (NOBODY, NOBODY, False),
    ],
)
def test_sheets_hide_no_ballot_but_may_stand_by_themselves(ballots, paper, is_enough):
    assert meets(Piles(ballots, paper), 3) is is_enough


@pytest.mark.parametrize(
    ("sizes", "lost"),
    [
        ({"a": 5, "b": 7}, set()),
        ({"a": 1, "b": 7, "c": 6}, {"a", "c"}),
        ({"a": 2, "b": 3, "c": 9}, {"a", "b"}),
        ({"a": 4, "b": 9}, {"a", "b"}),
        ({None: 2, "a": 5, "b": 6}, {"a"}),
        ({None: 5, "a": 4}, {"a"}),
        ({"a": 1}, {"a"}),
        ({"a": 0, "b": 5}, set()),
        ({}, set()),
    ],
)
def test_a_rare_label_is_lost_with_the_next_rarest_until_nobody_stands_out(sizes, lost):
    assert lost_labels(sizes, 5) == lost


@given(
    st.dictionaries(st.sampled_from([None, *"abcdef"]), st.integers(0, 12)),
    st.integers(3, 8),
)
def test_no_small_group_is_left_neither_with_a_label_nor_without(sizes, smallest):
    lost = lost_labels(sizes, smallest)
    kept = {label: n for label, n in sizes.items() if n and label is not None and label not in lost}
    without = sizes.get(None, 0) + sum(sizes[label] for label in lost)
    assert all(n >= smallest for n in kept.values())
    assert without == 0 or without >= smallest or not kept
