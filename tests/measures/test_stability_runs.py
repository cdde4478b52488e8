"""Ranks that cannot be told apart stand together, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.stability import open_runs


@pytest.mark.parametrize(
    ("open_pairs", "found"),
    [
        ([], [(1,), (2,), (3,), (4,)]),
        ([(2, 3)], [(1,), (2, 3), (4,)]),
        ([(1, 2), (1, 3), (2, 3)], [(1, 2, 3), (4,)]),
        ([(1, 2), (2, 3), (3, 4)], [(1, 2), (3, 4)]),  # 1 and 3 can be told apart
        ([(1, 3), (2, 4)], [(1,), (2,), (3,), (4,)]),  # no neighbours
        ([(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)], [(1, 2, 3, 4)]),
    ],
)
def test_a_run_goes_on_while_any_two_of_it_are_open(open_pairs, found):
    assert open_runs([1, 2, 3, 4], both_ways(open_pairs)) == found


def test_nothing_ranked_is_in_no_run():
    assert open_runs([], {}) == []


@given(st.integers(0, 12), st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11))))
def test_every_rank_is_in_one_run_in_its_order(count, pairs):
    compared = both_ways(pairs)
    runs = open_runs(range(count), compared)
    assert [each for run in runs for each in run] == [*range(count)]
    assert all(b in compared[a] for run in runs for a in run for b in run if a != b)


def both_ways(pairs) -> dict[int, set[int]]:
    found = {number: set() for number in range(13)}
    for one, other in pairs:
        found[one].add(other)
        found[other].add(one)
    return found
