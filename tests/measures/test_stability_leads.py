"""Who is ahead of whom: the share against all draws there are, the words, and no chance in them."""

from fractions import Fraction
from itertools import product
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.prioritisation import Scale
from measures.stability import Certainty, Comparison, Lead, compare_measures, draw_rooms

NAN = float("nan")
SCALE = Scale(1, 5)
CLEAR, PROBABLE, OPEN = Certainty.CLEAR, Certainty.PROBABLE, Certainty.OPEN
# How far the first of two measures is ahead for each person: just above the bound of 80 of 100
# draws, where all draws there are would count 79.9, and just below that of 98, where it is 98.004.
JUST_PROBABLE = [-2] * 4 + [0] + [1] * 5 + [2] * 4
NOT_YET_CLEAR = [-1] * 6 + [0] + [1] * 2 + [2] * 4 + [3] * 3


def pair(differences):
    """Two measures that differ so much in relevance for each person, and not in feasibility."""
    base = max(1, 1 - min(differences))
    relevance = [[base + difference, base] for difference in differences]
    return relevance, [[3, 3]] * len(differences)


def lead(relevance, feasibility, **given):
    first, _second = compare_measures(relevance, feasibility, scale=SCALE, **given)
    return first.below or first.above


def counted(ranks, ahead, behind):
    """The share of drawn rooms in which the one is ahead, among those that ranked both."""
    one, other = ranks[1:, ahead].astype(int), ranks[1:, behind].astype(int)
    both = (one > 0) & (other > 0)
    return ((one < other)[both].mean() + (one == other)[both].mean() / 2).item()


# The share --------------------------------------------------------------------------------------


def every_draw(members):
    """All equally likely draws of as many as there are."""
    return list(product(members, repeat=len(members)))


def scores_of_every_draw(ballots, piles, weight):
    """The scores in all draws there are, exactly.

    ``ballots`` holds per stratum the raters as (relevance, feasibility) of both measures, ``piles``
    per criterion and measure the sheets.
    """
    drawn_people = product(*map(every_draw, ballots))
    drawn_paper = list(product(*(every_draw(pile) for criterion in piles for pile in criterion)))
    for people in drawn_people:
        ratings = [person for stratum in people for person in stratum]
        for paper in drawn_paper:
            yield [
                sum(
                    part * Fraction(sum(given), len(given))
                    for part, given in (
                        (weight, [r[0][measure] for r in ratings] + list(paper[measure])),
                        (1 - weight, [r[1][measure] for r in ratings] + list(paper[2 + measure])),
                    )
                )
                for measure in (0, 1)
            ]


step = st.integers(1, 5)
person = st.tuples(st.tuples(step, step), st.tuples(step, step))
people = st.lists(st.lists(person, min_size=1, max_size=2), min_size=1, max_size=2)
sheets = st.lists(step, max_size=2)


@settings(max_examples=40, deadline=None)
@given(people, st.tuples(st.tuples(sheets, sheets), st.tuples(sheets, sheets)), st.integers(0, 10))
def test_the_variance_is_that_of_all_draws_there_are(ballots, piles, tenths):
    weight = Fraction(tenths, 10)
    everything = list(scores_of_every_draw(ballots, piles, weight))
    gaps = [first - second for first, second in everything]
    gap = sum(gaps) / len(gaps)
    variance = sum((each - gap) ** 2 for each in gaps) / len(gaps)
    expected = NormalDist().cdf(abs(gap) / float(variance) ** 0.5) if variance else 1.0
    raters = [rater for stratum in ballots for rater in stratum]

    found = lead(
        [rater[0] for rater in raters],
        [rater[1] for rater in raters],
        paper=[[[pile.count(s) for s in SCALE.steps] for pile in criterion] for criterion in piles],
        weight=float(weight),
        strata=[number for number, stratum in enumerate(ballots) for _rater in stratum],
    )

    assert found.share == pytest.approx(expected if gap else 0.5, abs=1e-9)
    assert found.ahead == (0 if gap >= 0 else 1)


@pytest.mark.parametrize(("raters", "most"), [(8, 0.05), (12, 0.04), (30, 0.02)])
def test_the_share_is_near_what_very_many_draws_count_with_answers_missing(raters, most):
    random = np.random.default_rng(raters)
    opinion = np.linspace(3.6, 2.4, 12)
    given = np.clip(np.rint(opinion + random.normal(0, 1, (2, raters, 12))), 1, 5)
    given[random.random(given.shape) < 0.15] = NAN
    rounds = [1 + rater % 2 for rater in range(raters)]

    found = compare_measures(*given, scale=SCALE, weight=0.4, strata=rounds)

    rooms = draw_rooms(*given, scale=SCALE, weight=0.4, draws=20000, seed=1, strata=rounds)
    leads = [comparison.below for comparison in found if comparison.below]
    assert len(leads) == 11
    off = [abs(each.share - counted(rooms.ranks, each.ahead, each.behind)) for each in leads]
    assert max(off) < most


def test_equal_scores_are_ahead_in_half_of_the_draws():
    even = lead(*pair([-1] * 5 + [1] * 5))

    assert (even.share, even.percent, even.certainty) == (0.5, 50, OPEN)
    # also where they tie in every draw
    always = lead(*pair([0] * 9))
    assert (always.share, always.certainty) == (0.5, OPEN)


def test_who_is_ahead_for_everybody_is_ahead_in_every_draw():
    assert lead(*pair([1] * 8)) == Lead(0, 1, 1.0, 8)


# The words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "judged", "percent", "word"),
    [
        (0.5, 30, 50, OPEN),
        (0.7999, 30, 79, OPEN),
        (0.8, 30, 80, PROBABLE),
        (0.9799, 30, 97, PROBABLE),
        (0.9801, 30, 98, CLEAR),
        (0.9999, 30, 99, CLEAR),
        (1.0, 30, 100, CLEAR),
        (1.0, 8, 100, CLEAR),
        (1.0, 7, 100, PROBABLE),
        (0.7999, 7, 79, OPEN),
    ],
)
def test_number_and_word_never_contradict_each_other(share, judged, percent, word):
    found = Lead(0, 1, share, judged)

    assert (found.percent, found.certainty) == (percent, word)


def test_the_criterion_judged_by_fewer_counts():
    relevance, feasibility = [[5, 1]] * 9, [[3, 3]] * 9
    feasibility[0] = feasibility[1] = [NAN, 3]

    found = lead(relevance, feasibility)

    assert (found.judged, found.percent, found.certainty) == (7, 100, PROBABLE)
    sheet = ([[0] * 5] * 2, [[0, 0, 1, 0, 0], [0] * 5])  # one more judgement, on paper
    assert lead(relevance, feasibility, paper=sheet).certainty == CLEAR


def test_near_a_bound_the_word_hangs_on_no_seed():
    """What draws count falls on either side of the bound; what is said never changes."""
    for differences, bound, word in ((JUST_PROBABLE, 80, PROBABLE), (NOT_YET_CLEAR, 98, PROBABLE)):
        data = pair(differences)
        sides = {
            counted(draw_rooms(*data, scale=SCALE, weight=0.5, draws=2000, seed=seed).ranks, 0, 1)
            >= bound / 100
            for seed in range(60)
        }
        assert sides == {True, False}
        found = lead(*data)
        assert (found.share, found.certainty) == (pytest.approx(bound / 100, abs=0.0005), word)


def test_near_a_bound_the_word_hangs_neither_on_the_order_of_people_nor_on_other_measures():
    random = np.random.default_rng(5)
    for differences, word in ((JUST_PROBABLE, PROBABLE), (NOT_YET_CLEAR, PROBABLE)):
        relevance, feasibility = map(np.array, pair(differences))
        for _shuffle in range(50):
            order = random.permutation(len(differences))
            others = random.integers(1, 6, (2, len(differences), 3))
            found = compare_measures(
                np.hstack([relevance, others[0]])[order],
                np.hstack([feasibility, others[1]])[order],
                scale=SCALE,
            )
            assert (1 in found[0].open_against) == (word == OPEN)
            if found[0].below and found[0].below.behind == 1:
                assert found[0].below.certainty == word


# The neighbours ---------------------------------------------------------------------------------


def test_every_measure_knows_its_neighbours_and_whom_its_order_is_open_against():
    relevance = [[2, 5, 4, 1, 4]] * 8
    relevance[0] = [2, 4, 5, 1, 4]  # one turns the second and the third round

    found = compare_measures(relevance, [[3] * 5] * 8, scale=SCALE)

    names = [(each.above and each.above.ahead, each.below and each.below.behind) for each in found]
    assert names == [(4, 3), (None, 2), (1, 4), (0, None), (2, 0)]
    for each in found:
        if each.below:  # one and the same lead, seen from both ends
            assert found[each.below.behind].above == each.below
    assert [each.open_against for each in found] == [(), (), (), (), ()]
    relevance[1] = relevance[2] = relevance[0]
    found = compare_measures(relevance, [[3] * 5] * 8, scale=SCALE)
    assert [each.open_against for each in found] == [(), (2,), (1,), (), ()]


def test_equal_scores_keep_the_order_of_the_columns():
    found = compare_measures([[4, 4, 5]] * 3, [[4, 4, 5]] * 3, scale=SCALE)

    assert found == (
        Comparison(Lead(2, 0, 1.0, 3), Lead(0, 1, 0.5, 3), (1,)),
        Comparison(Lead(0, 1, 0.5, 3), None, (0,)),
        Comparison(None, Lead(2, 0, 1.0, 3), ()),
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(1, 5)] * 8), min_size=2, max_size=12),
    st.sampled_from([0.2, 0.5, 1.0]),
)
def test_the_order_is_open_wherever_the_pair_alone_is(rows, weight):
    relevance, feasibility = np.array(rows)[:, :4], np.array(rows)[:, 4:]

    found = compare_measures(relevance, feasibility, scale=SCALE, weight=weight)

    for one in range(4):
        alone = {
            other
            for other in range(4)
            if other != one
            and lead(
                relevance[:, [one, other]], feasibility[:, [one, other]], weight=weight
            ).certainty
            == OPEN
        }
        assert {*found[one].open_against} == alone


def test_a_measure_without_a_rank_is_compared_with_none():
    nobody = [[4, NAN, 2]] * 9

    found = compare_measures(nobody, [[4, 3, 2]] * 9, scale=SCALE)

    assert found[1] == Comparison(None, None, ())
    assert (found[0].below.behind, found[2].above.ahead) == (2, 0)
    assert compare_measures(np.empty((3, 0)), np.empty((3, 0)), scale=SCALE) == ()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"relevance": [[6]]}, "6.0 is no step of the scale from 1 to 5."),
        ({"weight": 1.5}, "from 0 to 1, got 1.5"),
        ({"strata": [1, 2]}, "The strata must be 1 whole numbers"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong, message):
    arguments = {"relevance": [[3]], "feasibility": [[3]], "scale": SCALE} | wrong

    with pytest.raises(ValueError, match=message):
        compare_measures(arguments.pop("relevance"), arguments.pop("feasibility"), **arguments)
