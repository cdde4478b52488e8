"""Ranking and statistics against numpy, the statistics module and brute force."""

import statistics
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.agreement import van_der_eijk
from measures.prioritisation import Scale, Tally, prioritise, prioritise_tallies

ROOT = Path(__file__).parents[2]
NAN = float("nan")
SCALE = Scale(1, 5)
NOBODY = (0, 0, 0, 0, 0)


def frame(*rows):
    return pd.DataFrame(rows, columns=["measure", "rater", "relevance", "feasibility"])


def rated(**pairs):
    """One rater; each measure with its pair (relevance, feasibility)."""
    return frame(*((measure, "rater", *pair) for measure, pair in pairs.items()))


def ranks(result):
    return [(line.measure, line.rank) for line in result]


@st.composite
def rooms(draw):
    """A scale, measure ids and a frame in which any judgement may be missing."""
    low = draw(st.integers(-1, 1))
    scale = Scale(low, low + draw(st.integers(1, 9)))
    step = st.one_of(st.just(NAN), st.sampled_from([float(step) for step in scale.steps]))
    measures = list(range(draw(st.integers(1, 6))))
    rows = [
        (measure, rater, draw(step), draw(step))
        for measure in measures
        for rater in range(draw(st.integers(0, 6)))
    ]
    return scale, measures, frame(*rows)


@settings(max_examples=60, deadline=None)
@given(rooms())
def test_every_figure_equals_the_one_of_numpy_and_statistics(room):
    scale, measures, ratings = room
    for line in prioritise(ratings, measures=measures, scale=scale):
        mine = ratings[ratings["measure"] == line.measure]
        assert line.n == len(mine.dropna(how="all", subset=["relevance", "feasibility"]))
        for criterion in ("relevance", "feasibility"):
            spread = getattr(line, criterion)
            given_ratings = mine[criterion].dropna().astype(float).tolist()
            counts = tuple(given_ratings.count(step) for step in scale.steps)
            assert (spread.n, spread.counts) == (len(given_ratings), counts)
            assert spread.agreement == (van_der_eijk(counts) if len(counts) > 2 else None)
            figures = (spread.mean, spread.median, spread.low, spread.high)
            if given_ratings:
                assert figures == (
                    statistics.fmean(given_ratings),
                    statistics.median(given_ratings),
                    np.percentile(given_ratings, 25),
                    np.percentile(given_ratings, 75),
                )
            else:
                assert figures == (None, None, None, None)


@settings(max_examples=60, deadline=None)
@given(rooms(), st.fractions(0, 1, max_denominator=20))
def test_ranks_scores_and_quadrants_equal_brute_force_with_fractions(room, weight):
    scale, measures, ratings = room

    def mean(measure, criterion):
        given_ratings = ratings.loc[ratings["measure"] == measure, criterion].dropna()
        return (
            Fraction(int(given_ratings.sum()), len(given_ratings)) if len(given_ratings) else None
        )

    pairs = {m: (mean(m, "relevance"), mean(m, "feasibility")) for m in measures}
    scores = {
        m: weight * relevance + (1 - weight) * feasibility
        for m, (relevance, feasibility) in pairs.items()
        if relevance is not None and feasibility is not None
    }
    names = {(1, 1): "start", (1, 0): "prepare", (0, 1): "optional", (0, 0): "park"}
    middle = Fraction(scale.low + scale.high, 2)
    expected = [
        (
            m,
            float(scores[m]),
            1 + sum(other > scores[m] for other in scores.values()),
            names[pairs[m][0] >= middle, pairs[m][1] >= middle],
        )
        for m in sorted(scores, key=lambda m: -scores[m])
    ] + [(m, None, None, None) for m in measures if m not in scores]

    result = prioritise(ratings, measures=measures, scale=scale, weight=float(weight))

    assert [(line.measure, line.score, line.rank, line.quadrant) for line in result] == expected


def test_measures_with_the_same_score_share_a_rank_in_their_given_order():
    ratings = rated(a=(1, 1), b=(4, 2), c=(5, 5), d=(2, 4))

    result = prioritise(ratings, measures=["d", "a", "b", "c"], scale=SCALE)

    assert ranks(result) == [("c", 1), ("d", 2), ("b", 2), ("a", 4)]


def test_a_tie_is_a_tie_even_where_floats_would_differ():
    ratings = rated(a=(3, 1), b=(1, 4))  # both 2.2 at a weight of 0.6

    result = prioritise(ratings, measures=["b", "a"], scale=SCALE, weight=0.6)

    assert 0.6 * 3 + (1 - 0.6) * 1 != 0.6 * 1 + (1 - 0.6) * 4
    assert [(x.measure, x.score, x.rank) for x in result] == [("b", 2.2, 1), ("a", 2.2, 1)]


def test_scores_too_close_for_floats_still_rank_apart():
    n = 10**9
    nearly = (0, 0, 0, 1, n)  # mean 5 - 1/(n + 1)
    nearer = (0, 0, 0, 1, n + 1)
    tallies = {"a": Tally(nearly, nearly, n + 1), "b": Tally(nearer, nearer, n + 2)}

    result = prioritise_tallies(tallies, measures=["a", "b"], scale=SCALE)

    assert ranks(result) == [("b", 1), ("a", 2)]


@pytest.mark.parametrize(
    ("pair", "quadrant"),
    [((3, 3), "start"), ((3, 2), "prepare"), ((2, 3), "optional"), ((2, 2), "park")],
)
def test_a_mean_on_the_line_counts_as_high(pair, quadrant):
    (line,) = prioritise(rated(a=pair), measures=["a"], scale=SCALE)

    assert line.quadrant == quadrant


def test_a_mean_on_a_line_no_float_can_hit_counts_as_high():
    third = (0, 0, 2, 1, 0)  # mean 10/3
    tallies = {"a": Tally(third, third, 3)}
    noisy = 1 + 0.1 * 23 + 0.1 / 3  # 3.3333333333333335 and a little more or less
    for line in (10 / 3, noisy):
        (result,) = prioritise_tallies(
            tallies, measures=["a"], scale=SCALE, thresholds=(line, line)
        )
        assert result.quadrant == "start"


def test_half_a_pair_of_thresholds_leaves_the_other_at_the_midpoint():
    result = prioritise(rated(a=(3, 3)), measures=["a"], scale=SCALE, thresholds=(None, 3.5))

    assert [line.quadrant for line in result] == ["prepare"]


def test_whoever_could_not_judge_anything_does_not_count():
    ratings = frame(("a", 1, 4, 2), ("a", 2, NAN, NAN), ("a", 3, NAN, 3))

    (line,) = prioritise(ratings, measures=["a"], scale=SCALE)

    assert (line.n, line.relevance.n, line.feasibility.n) == (2, 1, 2)


def test_a_measure_whose_feasibility_nobody_could_judge_has_raters_but_no_rank():
    ratings = frame(("a", 1, 4, NAN), ("a", 2, 5, NAN), ("b", 1, 1, 1))

    result = prioritise(ratings, measures=["a", "b", "c"], scale=SCALE)

    assert [(x.measure, x.n, x.score, x.rank, x.quadrant) for x in result] == [
        ("b", 1, 1.0, 1, "park"),
        ("a", 2, None, None, None),
        ("c", 0, None, None, None),
    ]
    assert result[1].relevance.mean == 4.5


def test_ratings_of_other_measures_are_ignored():
    result = prioritise(rated(a=(5, 5), b=(99, 1.5)), measures=["a"], scale=SCALE)

    assert ranks(result) == [("a", 1)]


def test_nothing_to_rank_is_an_empty_ranking():
    assert prioritise(rated(a=(5, 5)), measures=[], scale=SCALE) == []
    assert ranks(prioritise(frame(), measures=["a"], scale=SCALE)) == [("a", None)]
    assert ranks(prioritise(pd.DataFrame(), measures=["a"], scale=SCALE)) == [("a", None)]


def test_the_frame_may_hold_python_numbers_none_or_nullable_integers():
    mixed = frame(("a", 1, 4, None), ("a", 2, None, 2))
    for kind in (object, "Float64", "Int64"):
        ratings = mixed.astype({"relevance": kind, "feasibility": kind})
        (line,) = prioritise(ratings, measures=["a"], scale=SCALE)
        assert (line.n, line.score, line.rank) == (2, 3.0, 1)


@pytest.mark.parametrize("rating", [0, 6, 2.5, float("inf"), float("-inf")])
def test_a_rating_that_is_no_step_is_refused(rating):
    with pytest.raises(ValueError, match="has the feasibility"):
        prioritise(rated(a=(3, rating)), measures=["a"], scale=SCALE)


def test_two_ratings_of_a_measure_by_one_rater_are_refused_without_naming_the_rater():
    ratings = frame(("a", "ballot-77", 3, 3), ("a", "ballot-77", 4, 4))

    with pytest.raises(ValueError) as refused:
        prioritise(ratings, measures=["a"], scale=SCALE)

    assert str(refused.value) == "The same rater rated measure 'a' twice."


@pytest.mark.parametrize("weight", [-0.01, 1.01, NAN, float("inf")])
def test_a_weight_outside_nought_to_one_is_refused(weight):
    with pytest.raises(ValueError, match="weight must be from 0 to 1"):
        prioritise_tallies({}, measures=[], scale=SCALE, weight=weight)


@pytest.mark.parametrize("thresholds", [(0.9, None), (None, 5.1), (NAN, 3)])
def test_a_threshold_outside_the_scale_is_refused(thresholds):
    with pytest.raises(ValueError, match="is not within 1 to 5"):
        prioritise_tallies({}, measures=[], scale=SCALE, thresholds=thresholds)


def test_a_tally_that_does_not_fit_the_scale_is_refused():
    with pytest.raises(ValueError, match="tally of measure 'a' does not have 5 steps"):
        prioritise_tallies({"a": Tally(NOBODY, (0,), 0)}, measures=["a"], scale=SCALE)


def test_a_measure_named_twice_is_refused():
    with pytest.raises(ValueError, match="Measure 'a' is named twice"):
        prioritise_tallies({}, measures=["a", "b", "a"], scale=SCALE)


def test_a_scale_knows_its_steps_and_its_middle_and_must_rise():
    assert (list(Scale(0, 3).steps), Scale(0, 3).midpoint) == ([0, 1, 2, 3], 1.5)
    with pytest.raises(ValueError, match="must rise"):
        Scale(3, 3)


def test_ranking_tallies_loads_neither_pandas_nor_numpy_nor_django():
    program = (
        "import sys; from measures.prioritisation import *;"
        "prioritise_tallies({1: Tally((1, 0), (0, 1), 1)}, measures=[1], scale=Scale(1, 2));"
        "import measures.matrix.layout;"
        "print(sorted({'pandas', 'numpy', 'django'} & set(sys.modules)))"
    )

    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert run.stdout == "[]\n"
