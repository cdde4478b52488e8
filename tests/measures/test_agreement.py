"""The agreement indices against published numbers and against the written-out formulas."""

from itertools import combinations
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.agreement import tastle_wierman, van_der_eijk

# First line: the manual of the R package agrmt. The others follow from the formulas.
ORACLES = [
    ((30, 40, 210, 130, 530, 50, 10), 0.6113333, 0.7256876),
    ((0, 0, 10, 0, 0), 1, 1),
    ((5, 0, 0, 0, 5), -1, 0),
    ((2, 2, 2, 2, 2), 0, 0.433985),
    ((1, 2, 4, 2, 1), 0.35, 0.633985),
    ((0, 0, 0, 6, 6), 0.75, 0.807355),
    ((0, 6, 0, 6, 0), 0.166667, 0.584963),
]

frequencies = st.lists(st.integers(0, 12), min_size=3, max_size=10).filter(any)


def layer_by_layer(counts):
    """A as in the article: peel off layers of equal frequency until nothing is left."""
    n, total, left = sum(counts), 0.0, list(counts)
    while any(left):
        height = min(count for count in left if count)
        used = [count > 0 for count in left]
        k, s = len(used), sum(used)
        tu = tdu = 0
        for a, b, c in combinations(used, 3):
            tu += (a and b and not c) or (not a and b and c)
            tdu += a and not b and c
        u = ((k - 2) * tu - (k - 1) * tdu) / ((k - 2) * (tu + tdu)) if tu + tdu else 1
        total += height * s / n * u * (1 - (s - 1) / (k - 1))
        left = [count - height if count else 0 for count in left]
    return total


@pytest.mark.parametrize(("counts", "a", "_consensus"), ORACLES)
def test_van_der_eijk_gives_the_published_numbers(counts, a, _consensus):
    assert van_der_eijk(counts) == pytest.approx(a, abs=1e-6)


@pytest.mark.parametrize(("counts", "_a", "consensus"), ORACLES)
def test_tastle_wierman_gives_the_published_numbers(counts, _a, consensus):
    assert tastle_wierman(counts) == pytest.approx(consensus, abs=1e-6)


def test_the_extremes_come_out_exactly():
    ends = [(0, 0, 10, 0, 0), (5, 0, 0, 0, 5)]

    assert [van_der_eijk(counts) for counts in ends] == [1, -1]
    assert [tastle_wierman(counts) for counts in ends] == [1, 0]


@given(frequencies)
def test_van_der_eijk_is_the_weighted_mean_of_its_layers(counts):
    assert van_der_eijk(counts) == pytest.approx(layer_by_layer(counts), abs=1e-12)


@given(frequencies)
def test_tastle_wierman_is_its_formula_over_the_single_ratings(counts):
    ratings = [step for step, count in enumerate(counts) for _ in range(count)]
    mean, width = sum(ratings) / len(ratings), len(counts) - 1
    logs = [log2(1 - abs(rating - mean) / width) for rating in ratings]

    assert tastle_wierman(counts) == pytest.approx(1 + sum(logs) / len(ratings), abs=1e-9)


@given(frequencies)
def test_both_stay_in_their_range_and_do_not_care_about_the_direction_of_the_scale(counts):
    assert -1 <= van_der_eijk(counts) <= 1
    assert 0 <= tastle_wierman(counts) <= 1
    assert van_der_eijk(counts[::-1]) == pytest.approx(van_der_eijk(counts), abs=1e-12)
    assert tastle_wierman(counts[::-1]) == pytest.approx(tastle_wierman(counts), abs=1e-12)


def test_without_any_rating_there_is_no_agreement():
    assert van_der_eijk([0, 0, 0]) is None
    assert tastle_wierman([0, 0]) is None


def test_numpy_counts_are_counts_and_the_result_is_a_plain_float():
    counts = np.array([100, 100, 200], dtype=np.uint8)

    assert van_der_eijk(counts) == van_der_eijk([100, 100, 200])
    assert type(van_der_eijk(counts)) is type(tastle_wierman(counts)) is float


def test_on_two_steps_only_the_consensus_is_defined():
    assert tastle_wierman([3, 3]) == 0
    with pytest.raises(ValueError, match="at least 3 steps, got 2"):
        van_der_eijk([3, 3])
    with pytest.raises(ValueError, match="at least 2 steps, got 1"):
        tastle_wierman([3])


@pytest.mark.parametrize("wrong", [-1, 0.5, float("nan"), float("inf")])
@pytest.mark.parametrize("index", [van_der_eijk, tastle_wierman])
def test_frequencies_that_are_no_counts_are_refused(index, wrong):
    with pytest.raises(ValueError, match="whole numbers from 0 up"):
        index([1, wrong, 2])
