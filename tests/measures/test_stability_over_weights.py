"""What the weight changes, against published numbers and against brute force with fractions."""

import subprocess
import sys
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from measures.stability import (
    WeightInterval,
    acceptability,
    ranks_over_weights,
    top_changes,
    weight_intervals,
)

ROOT = Path(__file__).parents[2]
# The example with published figures of rank acceptability, as (relevance, feasibility).
FOUR = {"A": (5, 2), "B": (4, 4), "C": (2, 5), "D": (3, 3)}


# Brute force ------------------------------------------------------------------------------------


def means(largest):
    """Means of few ratings, so that equal points and crossings of many lines are common."""
    return st.builds(
        lambda n, part: 1 + Fraction(part % (4 * n + 1), n),
        st.integers(1, largest),
        st.integers(0, 10**7),
    )


def clouds(largest=4, most=7):
    pair = st.tuples(means(largest), means(largest))
    return st.lists(pair, max_size=most).map(lambda pairs: dict(enumerate(pairs)))


def floats(points):
    return {measure: (float(r), float(f)) for measure, (r, f) in points.items()}


def scores_at(points, weight):
    return {m: weight * r + (1 - weight) * f for m, (r, f) in points.items()}


def ranks_at(points, weight):
    scores = scores_at(points, weight)
    return {m: 1 + sum(other > score for other in scores.values()) for m, score in scores.items()}


def crossing(one, other):
    """The weight strictly between 0 and 1 at which both score the same, if there is one."""
    gap = (one[0] - one[1]) - (other[0] - other[1])
    weight = Fraction(other[1] - one[1]) / gap if gap else None
    return weight if weight is not None and 0 < weight < 1 else None


def edges(points):
    found = {crossing(*pair) for pair in combinations(points.values(), 2)} - {None}
    return [Fraction(0), *sorted(found), Fraction(1)]


def middles(points):
    return [(low, high, (low + high) / 2) for low, high in pairwise(edges(points))]


# All crossing weights ---------------------------------------------------------------------------


def test_the_published_example_has_its_intervals():
    found = [(i.low, i.high, "".join(i.ranking)) for i in weight_intervals(FOUR)]

    assert found == [
        (0, 1 / 3, "CBDA"),
        (1 / 3, 1 / 2, "BCAD"),
        (1 / 2, 2 / 3, "BACD"),
        (2 / 3, 1, "ABDC"),
    ]


@settings(max_examples=150, deadline=None)
@given(clouds() | clouds(largest=900, most=5) | clouds(largest=999_983, most=4))
def test_intervals_have_the_edges_and_rankings_of_brute_force(points):
    expected = []
    for low, high, middle in middles(points):
        scores = scores_at(points, middle)
        ranking = sorted(points, key=lambda measure: -scores[measure])
        if float(low) < float(high):
            expected.append(WeightInterval(float(low), float(high), tuple(ranking)))

    assert weight_intervals(floats(points)) == expected


def test_crossings_that_floats_would_split_are_one():
    points = {"a": (1 + 1 / 7, 1 + 3 / 7), "b": (1 + 2 / 7, 1 + 2 / 7), "c": (1 + 3 / 7, 1 + 1 / 7)}
    (ar, af), (br, bf), (cr, cf) = points.values()
    naive = {(bf - af) / ((ar - af) - (br - bf)), (cf - af) / ((ar - af) - (cr - cf))}

    assert naive == {0.5, 0.5000000000000003}
    assert [(i.low, i.high) for i in weight_intervals(points)] == [(0, 0.5), (0.5, 1)]


def test_equal_points_keep_their_order_and_never_part():
    points = {"late": (2, 4), "early": (2, 4), "other": (4, 2)}

    assert weight_intervals(points) == [
        WeightInterval(0, 0.5, ("late", "early", "other")),
        WeightInterval(0.5, 1, ("other", "late", "early")),
    ]


def test_without_a_crossing_one_interval_covers_all_weights():
    assert weight_intervals({}) == [WeightInterval(0, 1, ())]
    assert weight_intervals({7: (3, 3)}) == [WeightInterval(0, 1, (7,))]
    assert weight_intervals({1: (2, 3), 2: (2, 4), 3: (2, 4)}) == [WeightInterval(0, 1, (2, 3, 1))]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_point_without_a_number_is_refused(bad):
    with pytest.raises(ValueError, match=r"A point needs two numbers, got (nan|inf)\."):
        weight_intervals({1: (3, bad)})


# One measure over all weights -------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(clouds() | clouds(largest=900, most=5))
def test_the_ranks_from_best_to_worst_are_those_of_brute_force(points):
    between = [ranks_at(points, middle) for _low, _high, middle in middles(points)]
    everywhere = between + [ranks_at(points, edge) for edge in edges(points)]
    for measure, ranks in ranks_over_weights(floats(points)).items():
        assert ranks[0] == min(each[measure] for each in everywhere)
        assert ranks[-1] == max(each[measure] for each in between)


def test_a_tie_at_a_single_weight_counts_for_the_best_rank_and_not_for_the_worst():
    ranks = ranks_over_weights({"x": (5, 3), "y": (4, 4), "z": (3, 5)})

    assert ranks == {"x": range(1, 4), "y": range(1, 3), "z": range(1, 4)}


def test_so_does_a_tie_at_the_end_of_the_weights():
    assert ranks_over_weights({"a": (5, 3), "b": (4, 3)}) == {"a": range(1, 2), "b": range(1, 3)}


def test_equal_points_share_their_rank():
    ranks = ranks_over_weights({1: (3, 3), 2: (3, 3), 3: (2, 2)})

    assert ranks == {1: range(1, 2), 2: range(1, 2), 3: range(3, 4)}


def test_a_crossing_nearer_to_the_end_than_any_float_leaves_no_interval():
    points = {"low": (1 / 999_979, 0), "high": (1 / 999_983, 10**6)}

    assert weight_intervals(points) == [WeightInterval(0, 1, ("high", "low"))]
    assert ranks_over_weights(points)["high"] == range(1, 2)
    assert acceptability(points) == {"low": (0, 1), "high": (1, 0)}


# Rank acceptability -----------------------------------------------------------------------------


def test_the_published_example_has_its_rank_acceptability():
    shares = acceptability(FOUR)

    third, sixth = 1 / 3, 1 / 6
    assert {measure: pytest.approx(row, abs=1e-15) for measure, row in shares.items()} == {
        "A": (third, sixth, sixth, third),
        "B": (third, 2 * third, 0, 0),
        "C": (third, sixth, sixth, third),
        "D": (0, 0, 2 * third, third),
    }


@settings(max_examples=150, deadline=None)
@given(clouds())
@example({0: (3, 3), 1: (3, 3), 2: (3, 3)})
def test_acceptability_equals_brute_force_with_equal_points_sharing(points):
    size = len(points)
    expected = {measure: [Fraction(0)] * size for measure in points}
    for low, high, middle in middles(points):
        for measure, rank in ranks_at(points, middle).items():
            equals = sum(pair == points[measure] for pair in points.values())
            for place in range(rank - 1, rank - 1 + equals):
                expected[measure][place] += (high - low) / equals

    shares = acceptability(floats(points))

    assert list(shares) == list(points)
    for measure, row in shares.items():
        assert row == pytest.approx([float(share) for share in expected[measure]], abs=1e-12)
        assert sum(row) == pytest.approx(1, abs=1e-12)
    for column in zip(*shares.values(), strict=True):
        assert sum(column) == pytest.approx(1, abs=1e-12)


def test_acceptability_of_nobody_and_of_one():
    assert acceptability({}) == {}
    assert acceptability({"only": (1, 5)}) == {"only": (1.0,)}


# The best ten -----------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(clouds(), st.integers(1, 5))
def test_the_top_changes_where_brute_force_says_so(points, size):
    sets = []
    for low, _high, middle in middles(points):
        sets.append((low, {m for m, rank in ranks_at(points, middle).items() if rank <= size}))

    expected = tuple(float(low) for (_, before), (low, after) in pairwise(sets) if before != after)
    assert top_changes(floats(points), size) == expected


def test_equal_points_across_the_border_are_all_in():
    points = {"a": (5, 5), "b": (4, 2), "c": (4, 2), "d": (2, 4)}

    # d alone is second up to 0.5; from there b and c share the second rank.
    assert top_changes(points, 2) == (0.5,)
    assert top_changes(points, 3) == (0.5,)  # until then b and c share the third rank
    assert top_changes(points, 4) == ()


def test_fewer_measures_than_places_never_change():
    assert top_changes(FOUR) == ()
    assert top_changes({}) == ()


def test_the_best_none_is_refused():
    with pytest.raises(ValueError, match=r"The best 0 are nobody\."):
        top_changes(FOUR, 0)


# Loading ----------------------------------------------------------------------------------------


def test_importing_the_package_loads_neither_numpy_nor_pandas():
    script = (
        "import sys, measures.stability as s;"
        "print(sorted({'numpy', 'pandas'} & {*sys.modules}));"
        "s.pareto_front({1: (3, 4)}), s.talk_first;"
        "print(sorted({'numpy', 'pandas'} & {*sys.modules}));"
        "s.weight_intervals({1: (3, 4)}), s.rank_ranges, s.draw_rooms;"
        "print(sorted({'numpy', 'pandas'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["[]", "[]", "['numpy']"]


def test_every_public_name_is_there_and_no_other():
    import measures.stability as package

    assert [name for name in package.__all__ if not hasattr(package, name)] == []
    with pytest.raises(AttributeError, match="has no attribute 'confidence'"):
        package.confidence  # noqa: B018
