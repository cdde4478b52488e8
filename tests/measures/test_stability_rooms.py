"""Drawn rooms against a slow bootstrap with the same people, and against exact probabilities."""

from collections import Counter
from fractions import Fraction
from math import floor, pi

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.prioritisation import Quadrant, Scale, Tally, prioritise_tallies
from measures.stability import (
    RankRange,
    Region,
    draw_rooms,
    drawn_ranges,
    quadrant_shares,
    rank_ranges,
    regions,
    same_top,
)
from measures.stability.ranks import competition_ranks, ranges_without
from measures.stability.rooms import drawn_times

NAN = float("nan")
SCALE = Scale(1, 5)
DRAWS = 40


@st.composite
def ballots(draw, most_raters=5):
    """A scale and two arrays raters x measures in which any judgement may be missing."""
    scale = Scale(1, draw(st.sampled_from([2, 3, 5, 10])))
    step = st.one_of(st.just(NAN), st.sampled_from([float(step) for step in scale.steps]))
    raters, measures = draw(st.integers(1, most_raters)), draw(st.integers(1, 5))
    row = st.lists(step, min_size=measures, max_size=measures)
    array = st.lists(row, min_size=raters, max_size=raters).map(np.array)
    return scale, draw(array), draw(array)


@st.composite
def sheets(draw, scale, measures):
    counts = st.lists(st.integers(0, 3), min_size=len(scale.steps), max_size=len(scale.steps))
    pile = st.lists(counts, min_size=measures, max_size=measures)
    return draw(pile), draw(pile)


def judging(relevance, feasibility):
    """The rows of those who judged anything."""
    pairs = enumerate(zip(relevance, feasibility, strict=True))
    some = [rater for rater, pair in pairs if not np.isnan(pair).all()]
    return relevance[some], feasibility[some]


def counts(column, times, scale, paper=None):
    """How often each step was given, when each rater counts so many times."""
    given = Counter()
    for value, often in zip(column.tolist(), times, strict=True):
        if value == value:
            given[value] += int(often)
    sheet = [0] * len(scale.steps) if paper is None else paper
    return tuple(given[step] + more for step, more in zip(scale.steps, sheet, strict=True))


def slow_rooms(relevance, feasibility, scale, times, weight, papers=None):
    """One prioritised room for each row of ``times``: tallied one by one, without numpy's sums."""
    rooms = []
    for room, often in enumerate(times.tolist()):
        tallies = {}
        for measure in range(relevance.shape[1]):
            piles = (papers[0][room][measure], papers[1][room][measure]) if papers else (None, None)
            r = counts(relevance[:, measure], often, scale, piles[0])
            f = counts(feasibility[:, measure], often, scale, piles[1])
            tallies[measure] = Tally(r, f, max(sum(r), sum(f)))
        lines = prioritise_tallies(
            tallies, measures=range(relevance.shape[1]), scale=scale, weight=weight
        )
        rooms.append({line.measure: line for line in lines})
    return rooms


def limits_by_hand(ranks, level):
    """The range after the same number of draws is put aside at both ends."""
    ordered = sorted(rank for rank in ranks if rank)
    if not ordered:
        return RankRange(None, None)
    aside = floor(len(ordered) * (1 - Fraction(str(level))) / 2)
    return RankRange(ordered[aside], ordered[len(ordered) - 1 - aside])


def times_by_hand(strata, seed):
    """How often each rater counts in each room, one stratum after the other, in plain loops."""
    random = np.random.default_rng(seed)
    times = [[1] * len(strata) for _room in range(1 + DRAWS)]
    for stratum in sorted(set(strata)):
        members = [rater for rater, its in enumerate(strata) if its == stratum]
        share = [1 / len(members)] * len(members)
        for room in range(1, 1 + DRAWS):
            drawn = random.multinomial(len(members), share).tolist()
            for rater, often in zip(members, drawn, strict=True):
                times[room][rater] = often
    return np.array(times)


# Against the slow bootstrap ---------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(
    ballots(),
    st.fractions(0, 1, max_denominator=20),
    st.sampled_from([0.5, 0.8, 0.9]),
    st.integers(0, 3),
    st.lists(st.sampled_from([7, 1, -2]), min_size=5, max_size=5) | st.none(),
)
def test_every_figure_equals_the_slow_bootstrap_with_the_same_people(
    room, weight, level, seed, rounds
):
    scale, relevance, feasibility = room
    kept = judging(relevance, feasibility)
    strata = rounds and rounds[: len(relevance)]
    judged = ~np.isnan([relevance, feasibility]).all(axis=(0, 2))
    of_kept = np.array(strata or [0] * len(relevance))[judged].tolist()
    slow = slow_rooms(*kept, scale, times_by_hand(of_kept, seed), float(weight))

    rooms = draw_rooms(
        relevance, feasibility, scale=scale, weight=float(weight), draws=DRAWS, seed=seed,
        strata=strata,
    )  # fmt: skip

    assert (rooms.draws, rooms.raters) == (DRAWS, len(kept[0]))
    assert rooms.varies == (len(of_kept) > len(set(of_kept)))
    ranges, shares = drawn_ranges(rooms, level), quadrant_shares(rooms, scale=scale)
    assert len(ranges) == len(shares) == len(slow[0])
    for measure in slow[0]:
        mine = [draw[measure] for draw in slow[1:]]
        ranked = [line for line in mine if line.rank]
        assert ranges[measure] == limits_by_hand([line.rank for line in mine], level)
        share = Counter(line.quadrant for line in ranked)
        assert shares[measure] == (
            {quadrant: share[quadrant] / len(ranked) for quadrant in Quadrant} if ranked else {}
        )
    tops = [{m for m, line in draw.items() if line.rank and line.rank <= 2} for draw in slow]
    same = sum(top == tops[0] for top in tops[1:]) / DRAWS
    assert same_top(rooms, 2) == (same if tops[0] else None)


@settings(max_examples=60, deadline=None)
@given(ballots(), st.data())
def test_paper_is_added_to_the_ballots_of_each_draw(room, data):
    scale, relevance, feasibility = room
    paper = data.draw(sheets(scale, relevance.shape[1]))
    kept = judging(relevance, feasibility)
    random = np.random.default_rng(5)
    times = drawn_times(np.zeros(len(kept[0])), DRAWS, random)
    papers = []
    for pile in paper:
        drawn = [[list(counts) for counts in pile] for _room in range(1 + DRAWS)]
        for measure, steps in enumerate(map(np.array, pile)):
            if steps.sum():
                again = random.multinomial(steps.sum(), steps / steps.sum(), size=DRAWS)
                for room_number, counts_again in enumerate(again.tolist(), start=1):
                    drawn[room_number][measure] = counts_again
        papers.append(drawn)
    slow = slow_rooms(*kept, scale, times, 0.5, papers)

    rooms = draw_rooms(
        relevance, feasibility, paper=paper, scale=scale, weight=0.5, draws=DRAWS, seed=5
    )

    for room_number, expected in enumerate(slow):
        for measure, line in expected.items():
            assert rooms.ranks[room_number, measure] == (line.rank or 0)
            if line.rank:
                assert rooms.relevance[room_number, measure] == line.relevance.mean
                assert rooms.feasibility[room_number, measure] == line.feasibility.mean


@settings(max_examples=60, deadline=None)
@given(ballots(most_raters=8), st.sampled_from([0.5, 0.9]))
def test_the_region_holds_its_share_of_the_draws_and_no_smaller_one_would(room, level):
    scale, relevance, feasibility = room
    rooms = draw_rooms(relevance, feasibility, scale=scale, weight=0.5, draws=200, seed=1)

    for measure, region in enumerate(regions(rooms, level)):
        drawn = rooms.ranks[1:, measure] > 0
        x, y = rooms.relevance[1:, measure][drawn], rooms.feasibility[1:, measure][drawn]
        if region is None:
            assert len({*zip(x.tolist(), y.tolist(), strict=True)}) <= 1
            continue
        assert (region.relevance, region.feasibility) == pytest.approx((x.mean(), y.mean()))
        turned = (x - x.mean() + 1j * (y - y.mean())) * np.exp(-1j * region.turn)
        distance = (turned.real / region.long) ** 2
        if region.short:
            distance = distance + (turned.imag / region.short) ** 2
            # the axes have the proportion of the spread along them, the long one first
            spread = turned.real.std() / turned.imag.std()
            assert region.long / region.short == pytest.approx(spread)
            assert spread >= 1 - 1e-9
        else:
            assert abs(turned.imag).max() < 1e-6
        assert (distance <= 1 + 1e-9).mean() >= level
        assert (distance <= 1 - 1e-9).mean() < level


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from([NAN, 1.0, 2.0, 2.5]), min_size=4, max_size=4)))
def test_ranks_are_those_of_the_ranking(rows):
    scores = np.array(rows).reshape(-1, 4)

    expected = [
        [0 if mine != mine else 1 + sum(other > mine for other in row) for mine in row]
        for row in rows
    ]
    assert competition_ranks(scores).tolist() == expected


# Exact probabilities ----------------------------------------------------------------------------


def test_each_draw_invites_as_many_people_as_there_were():
    times = drawn_times(np.zeros(7), 500, np.random.default_rng(0))

    assert times[0].tolist() == [1] * 7
    assert {*times.sum(axis=1).tolist()} == {7}
    assert times[1:].mean(axis=0).tolist() == pytest.approx([1] * 7, abs=0.15)
    # nobody comes in a draw with the probability (6/7)^7
    assert (times[1:] == 0).mean() == pytest.approx((6 / 7) ** 7, abs=0.02)


def test_people_are_drawn_within_their_stratum_which_keeps_its_size():
    strata = np.array([2, 1, 2, 1, 2])

    times = drawn_times(strata, 2000, np.random.default_rng(0))

    assert {*times[:, strata == 1].sum(axis=1).tolist()} == {2}
    assert {*times[:, strata == 2].sum(axis=1).tolist()} == {3}
    # nobody comes in a draw with the probability (1 - 1/2)^2, (1 - 1/3)^3
    missing = (times[1:] == 0).mean(axis=0).tolist()
    expected = [1 / 4 if stratum == 1 else (2 / 3) ** 3 for stratum in strata]
    assert missing == pytest.approx(expected, abs=0.04)


def test_no_draw_fills_one_rounds_places_with_people_of_the_other():
    # The first measure was judged in one round by two people, the second in another by two others.
    judged = [[5, NAN], [3, NAN], [NAN, 4], [NAN, 2]]

    mixed = draw_rooms(judged, judged, scale=SCALE)
    apart = draw_rooms(judged, judged, scale=SCALE, strata=[1, 1, 2, 2])

    # With rounds apart both are always ranked: 5, 4 or 3 against 4, 3 or 2, with 1/4, 1/2, 1/4.
    ranks = apart.ranks[1:]
    assert (ranks > 0).all()
    first = (ranks[:, 0] == 1) & (ranks[:, 1] == 2)
    assert first.mean() == pytest.approx(11 / 16, abs=0.03)
    assert same_top(apart) == 1.0
    # Drawn from one pot, a draw without anybody of a round comes with (1/2)^4 for either.
    assert same_top(mixed) == pytest.approx(1 - 2 / 16, abs=0.03)


def test_people_are_drawn_whole_with_all_their_ratings():
    # One person finds everything high, the other everything low: no draw mixes the two criteria.
    rooms = draw_rooms([[5, 5], [1, 1]], [[5, 5], [1, 1]], scale=SCALE)

    for shares in quadrant_shares(rooms, scale=SCALE, thresholds=(3.5, 3.5)):
        assert shares == {
            "start": pytest.approx(1 / 4, abs=0.03),
            "prepare": 0,
            "optional": 0,
            "park": pytest.approx(3 / 4, abs=0.03),
        }
    # Both measures come from the same draw of people: they tie in every one.
    assert drawn_ranges(rooms) == [RankRange(1, 1), RankRange(1, 1)]


def test_paper_sheets_are_drawn_apart_for_each_criterion():
    paper = ([[1, 0, 0, 0, 1]], [[1, 0, 0, 0, 1]])  # means 1, 3, 5 with 1/4, 1/2, 1/4
    nobody = np.empty((0, 1))

    rooms = draw_rooms(nobody, nobody, paper=paper, scale=SCALE)

    (shares,) = quadrant_shares(rooms, scale=SCALE)
    assert shares == {
        "start": pytest.approx(9 / 16, abs=0.03),
        "prepare": pytest.approx(3 / 16, abs=0.03),
        "optional": pytest.approx(3 / 16, abs=0.03),
        "park": pytest.approx(1 / 16, abs=0.03),
    }
    assert (rooms.raters, same_top(rooms)) == (0, 1.0)


def test_a_mean_on_a_line_that_no_float_can_hit_counts_as_high():
    relevance = np.array([[3], [3], [4]])  # the mean of the room itself is 10/3

    rooms = draw_rooms(relevance, [[5]] * 3, scale=SCALE, draws=400)

    (shares,) = quadrant_shares(rooms, scale=SCALE, thresholds=(10 / 3, None))
    fours = [round(3 * (mean - 3)) for mean in rooms.relevance[1:, 0].tolist()]
    assert shares["start"] == sum(n >= 1 for n in fours) / 400


def test_a_tie_is_a_tie_even_where_floats_would_differ():
    rooms = draw_rooms([[3, 1]], [[1, 4]], scale=SCALE, weight=0.6, draws=3, seed=0)

    assert 0.6 * 3 + (1 - 0.6) * 1 != 0.6 * 1 + (1 - 0.6) * 4
    assert rooms.ranks.tolist() == [[1, 1]] * 4


@pytest.mark.parametrize(
    ("draws", "level", "aside"), [(2000, 0.9, 100), (20, 0.9, 1), (19, 0.9, 0), (10, 0.5, 2)]
)
def test_the_range_puts_whole_draws_aside_at_both_ends(draws, level, aside):
    ranks = np.arange(1, draws + 1)[:, None]
    share = (1 - Fraction(str(level))) / 2

    assert ranges_without(ranks, share) == [RankRange(1 + aside, draws - aside)]


# Edges ------------------------------------------------------------------------------------------


def told(rooms):
    """All that drawn rooms tell."""
    shares = quadrant_shares(rooms, scale=SCALE)
    return drawn_ranges(rooms), shares, regions(rooms, 0.9), same_top(rooms), rooms.raters


def test_the_same_seed_gives_the_same_figures_and_another_one_others():
    random = np.random.default_rng(3)
    relevance, feasibility = random.integers(1, 6, (2, 9, 12))

    first, again, other = (
        draw_rooms(relevance, feasibility, scale=SCALE, draws=200, seed=seed) for seed in (1, 1, 2)
    )

    assert told(first) == told(again)
    assert told(first) != told(other)


def test_nothing_to_rank():
    nobody = np.empty((4, 0))

    assert told(draw_rooms(nobody, nobody, scale=SCALE)) == ([], [], [], None, 0)
    rooms = draw_rooms(nobody, nobody, paper=(np.empty((0, 5)),) * 2, scale=SCALE)
    assert told(rooms) == ([], [], [], None, 0)


def test_an_unrated_room_has_no_figures():
    rooms = draw_rooms([[NAN, NAN]], [[NAN, NAN]], scale=SCALE)

    assert told(rooms) == ([RankRange(None, None)] * 2, [{}] * 2, [None] * 2, None, 0)


def test_a_measure_nobody_judged_has_no_figures_and_disturbs_no_other():
    rooms = draw_rooms([[4, NAN], [2, NAN]], [[4, 3], [2, 3]], scale=SCALE)

    assert drawn_ranges(rooms) == [RankRange(1, 1), RankRange(None, None)]
    assert quadrant_shares(rooms, scale=SCALE)[1] == {}
    assert same_top(rooms) == 1.0


def test_one_rater_alone_never_moves():
    rooms = draw_rooms([[5, 2]], [[4, 2]], scale=SCALE)

    assert (rooms.raters, rooms.varies) == (1, False)
    assert drawn_ranges(rooms) == [RankRange(1, 1), RankRange(2, 2)]
    assert regions(rooms, 0.9) == [None, None]
    assert same_top(rooms) == 1.0


def test_two_raters_of_two_rounds_are_drawn_from_one_each():
    ratings = [[5, 2], [3, 4]]

    apart = draw_rooms(ratings, ratings, scale=SCALE, strata=[1, 2])

    assert (apart.raters, apart.varies) == (2, False)
    assert drawn_ranges(apart) == [RankRange(1, 1), RankRange(2, 2)]
    assert draw_rooms(ratings, ratings, scale=SCALE).varies


@pytest.mark.parametrize(("sheets", "varies"), [(1, False), (2, True)])
def test_one_sheet_in_a_pile_varies_as_little_as_one_rater(sheets, varies):
    pile = [[sheets - 1, 0, 0, 0, 1]]
    nobody = np.empty((0, 1))

    assert draw_rooms(nobody, nobody, paper=(pile, pile), scale=SCALE).varies == varies


def test_who_judged_nothing_is_left_out_of_the_stratum():
    ratings = [[5, 1], [NAN, NAN], [1, 4], [4, 4]]

    rooms = draw_rooms(ratings, ratings, scale=SCALE, strata=[1, 1, 2, 2])

    assert rooms.raters == 3
    without = ratings[:1] + ratings[2:]
    assert told(rooms) == told(draw_rooms(without, without, scale=SCALE, strata=[1, 2, 2]))


def test_people_who_agree_leave_no_region():
    assert regions(draw_rooms([[5, 1]] * 6, [[4, 1]] * 6, scale=SCALE), 0.9) == [None, None]


def test_the_region_never_leans_with_how_the_two_judgements_of_a_person_go_together():
    (same,) = regions(draw_rooms([[1], [3], [5]], [[1], [3], [5]], scale=SCALE), 0.9)
    (opposite,) = regions(draw_rooms([[1], [3], [5]], [[5], [3], [1]], scale=SCALE), 0.9)
    assert same.turn == opposite.turn == 0
    assert same.long == pytest.approx(opposite.long)
    assert same.short == pytest.approx(same.long)


def test_draws_on_one_line_give_a_flat_region():
    (region,) = regions(draw_rooms([[3], [3], [3]], [[1], [3], [5]], scale=SCALE), 0.9)
    assert (region.relevance, region.short) == (3, 0)
    assert region.turn == pytest.approx(pi / 2)


def test_a_measure_that_one_person_judged_is_ranked_in_the_draws_with_that_person():
    relevance = [[4, NAN]] * 3 + [[4, 2]]

    rooms = draw_rooms(relevance, [[4, 2]] * 4, scale=SCALE)

    assert drawn_ranges(rooms)[1] == RankRange(2, 2)
    # In the other draws the best five are others: one instead of two.
    assert same_top(rooms) == pytest.approx(1 - (3 / 4) ** 4, abs=0.03)


def test_a_wide_region_is_cut_at_the_scale():
    region = Region(relevance=4.5, feasibility=1.5, long=2, short=1, turn=0.3)

    outline = region.outline(SCALE)

    assert len(outline) == 24
    assert {min(max(v, 1), 5) for corner in outline for v in corner} == {
        v for corner in outline for v in corner
    }
    assert (max(r for r, _f in outline), min(f for _r, f in outline)) == (5, 1)


def test_the_outline_lies_around_the_ellipse():
    region = Region(relevance=0, feasibility=0, long=3, short=2, turn=0.7)
    corners = np.array(region.outline(Scale(-9, 9), corners=12)) @ [1, 1j] * np.exp(-0.7j)

    sides = (corners + np.roll(corners, 1)) / 2
    for points, distance in ((corners, 1 / np.cos(pi / 12)), (sides, 1)):
        assert np.hypot(points.real / 3, points.imag / 2) == pytest.approx(distance)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"relevance": [[6]]}, "6.0 is no step of the scale from 1 to 5."),
        ({"relevance": [[float("inf")]]}, "inf is no step of the scale from 1 to 5."),
        ({"relevance": [[2.5]]}, "2.5 is no step of the scale from 1 to 5."),
        ({"relevance": [[1, 2]]}, "arrays of the same two dimensions"),
        ({"relevance": [1]}, "arrays of the same two dimensions"),
        ({"paper": ([[1]], [[1]])}, r"two arrays of \(1, 5\) counts"),
        ({"paper": ([[0, 0, 0, 0, -1]], [[0] * 5])}, r"two arrays of \(1, 5\) counts"),
        ({"weight": 1.5}, "from 0 to 1, got 1.5"),
        ({"weight": NAN}, "from 0 to 1, got nan"),
        ({"draws": 0}, "at least one draw, got 0"),
        ({"strata": [1, 2]}, "The strata must be 1 whole numbers, one for each rater."),
        ({"strata": [0.5]}, "The strata must be 1 whole numbers, one for each rater."),
        ({"strata": [[1]]}, "The strata must be 1 whole numbers, one for each rater."),
    ],
)
def test_what_makes_no_sense_is_refused(wrong, message):
    arguments = {"relevance": [[3]], "feasibility": [[3]], "scale": SCALE} | wrong

    with pytest.raises(ValueError, match=message):
        draw_rooms(arguments.pop("relevance"), arguments.pop("feasibility"), **arguments)


def test_a_question_that_makes_no_sense_is_refused():
    rooms = draw_rooms([[3]], [[3]], scale=SCALE)

    for ask in (drawn_ranges, regions):
        with pytest.raises(ValueError, match="between 0 and 1, got 1"):
            ask(rooms, 1)
    with pytest.raises(ValueError, match="Threshold 9 is not within 1 to 5."):
        quadrant_shares(rooms, scale=SCALE, thresholds=(9, None))
    with pytest.raises(ValueError, match="The best 0 are nobody."):
        same_top(rooms, 0)


# From a data frame ------------------------------------------------------------------------------


def frame(*rows):
    return pd.DataFrame(rows, columns=["measure", "rater", "relevance", "feasibility"])


def test_a_data_frame_gives_the_ranges_of_its_arrays():
    random = np.random.default_rng(13)
    relevance, feasibility = np.add([4.0, 3.0, 3.0, 2.0], random.integers(-1, 2, (2, 6, 4)))
    relevance[2, 1] = NAN
    rows = [
        (f"m{m}", f"r{r}" if r else None, relevance[r, m], feasibility[r, m])
        for r in range(6)
        for m in range(4)
    ]
    names = ["m3", "m1", "unrated", "m0", "m2"]

    found = rank_ranges(
        frame(*rows, ("other", "r0", 5, 5)), measures=names, scale=SCALE, weight=0.8, seed=4
    )

    ranges = drawn_ranges(draw_rooms(relevance, feasibility, scale=SCALE, weight=0.8, seed=4))
    assert [*found] == names
    assert len({*found.values()}) == 5  # all different, so that a mix-up shows
    assert found == {"unrated": RankRange(None, None)} | {f"m{m}": ranges[m] for m in range(4)}


def test_a_data_frame_without_rows_has_no_ranges():
    assert rank_ranges(pd.DataFrame(), measures=[1], scale=SCALE) == {1: RankRange(None, None)}
    assert rank_ranges(frame((1, "r", 3, 3)), measures=[], scale=SCALE) == {}


@pytest.mark.parametrize(
    ("rows", "measures", "message"),
    [
        ([(1, "r", 3, 3), (1, "r", 4, 4)], [1], "The same rater rated measure 1 twice."),
        ([(1, "r", 3, 3)], [1, 1], "Measure 1 is named twice."),
        ([(1, "r", 7, 3)], [1], "7.0 is no step"),
    ],
)
def test_a_data_frame_that_makes_no_sense_is_refused(rows, measures, message):
    with pytest.raises(ValueError, match=message):
        rank_ranges(frame(*rows), measures=measures, scale=SCALE)
