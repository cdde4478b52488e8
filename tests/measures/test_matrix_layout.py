"""The matrix layout: nothing hidden, nothing moved without need, every mark within reach."""

import random
import re
from collections import Counter
from math import cos, dist, pi, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.matrix.layout import (
    CROWD,
    LANE,
    PHONE,
    WIDE,
    Canvas,
    Part,
    Point,
    layout,
    part_in_use,
)
from measures.matrix.placement import GAP, Frame
from measures.matrix.quadrants import name_spot
from measures.matrix.shapes import SHAPES, corners, edge_of, shape_path
from measures.prioritisation import Scale

SCALE = Scale(1, 5)


def point(measure, relevance, feasibility, series=0):
    return Point(
        measure=measure,
        label=str(measure),
        series=series,
        relevance=relevance,
        feasibility=feasibility,
        relevance_range=(relevance, relevance),
        feasibility_range=(feasibility, feasibility),
    )


def crowd(size, seed=0, scale=SCALE):
    """Means of 30 raters each, clustering around the middle of the scale."""
    rng = random.Random(seed)

    def mean():
        centre = rng.gauss((scale.low + scale.high) / 2, 0.18 * (scale.high - scale.low))
        ratings = [round(rng.gauss(centre, 1)) for _ in range(30)]
        return sum(min(max(rating, scale.low), scale.high) for rating in ratings) / 30

    return [point(number, mean(), mean(), series=number % 9) for number in range(size)]


def spots(result):
    return {mark.measure: (mark.x, mark.y) for mark in result.marks}


def assert_nothing_is_hidden(result, points):
    """No two marks too close, none outside the frame, none lost."""
    assert [mark.measure for mark in result.marks] == [given.measure for given in points]
    frame, radius = result.frame, result.radius
    outside = [
        mark.measure
        for mark in result.marks
        if not frame.left + radius <= mark.x <= frame.right - radius
        or not frame.top + radius <= mark.y <= frame.bottom - radius
    ]
    placed = sorted((mark.x, mark.y) for mark in result.marks)
    least = 2 * radius + GAP - 1e-4
    close = []
    for index, one in enumerate(placed):
        for other in placed[index + 1 :]:
            if other[0] - one[0] >= least:
                break
            if dist(one, other) < least:
                close.append((one, other))
    assert (outside, close) == ([], [])


def strayed(result):
    """The moved marks that are not wholly within the quadrant of their values."""
    found = []
    for mark in result.marks:
        is_right = mark.true_x >= result.x_threshold
        is_top = mark.true_y <= result.y_threshold
        right = mark.x - result.radius if is_right else -mark.x - result.radius
        up = -mark.y - result.radius if is_top else mark.y - result.radius
        x = result.x_threshold if is_right else -result.x_threshold
        y = -result.y_threshold if is_top else result.y_threshold
        if mark.displaced and (right < x or up < y):
            found.append(mark.measure)
    return found


@pytest.mark.parametrize("size", [0, 1, 2, 60, 61, 151, 301, 601, 1600])
def test_no_number_of_measures_hides_a_mark(size):
    points = crowd(size)

    assert_nothing_is_hidden(layout(points, scale=SCALE, thresholds=None), points)


@pytest.mark.parametrize("value", [1, 3, 5])
def test_three_hundred_equal_measures_all_show(value):
    points = [point(number, value, value) for number in range(300)]

    result = layout(points, scale=SCALE, thresholds=None)

    assert_nothing_is_hidden(result, points)
    assert Counter(mark.displaced for mark in result.marks) == {True: 299, False: 1}


@pytest.mark.parametrize("thresholds", [(3, 3), (3.4, 2.6), (2, 4.25)])
@pytest.mark.parametrize("size", [60, 150, 300, 400])
def test_a_mark_that_makes_room_stays_on_its_side_of_both_lines(size, thresholds):
    for seed in range(5):
        result = layout(crowd(size, seed), scale=SCALE, thresholds=thresholds)

        assert strayed(result) == []
        assert sum(mark.displaced for mark in result.marks) > size / 10


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(26, 34).map(lambda n: n / 10)] * 2), max_size=60),
    st.tuples(*[st.sampled_from([2.9, 3, 3.05])] * 2),
)
def test_in_a_crowd_on_the_lines_nobody_is_pushed_over_them(pairs, thresholds):
    points = [point(number, *pair) for number, pair in enumerate(pairs)]

    result = layout(points, scale=SCALE, thresholds=thresholds)

    assert strayed(result) == []
    assert_nothing_is_hidden(result, points)


def test_a_value_on_the_line_makes_room_on_the_high_side():
    result = layout([point("a", 3, 3), point("b", 3, 3)], scale=SCALE)

    (moved,) = [mark for mark in result.marks if mark.displaced]
    assert moved.x - result.radius > result.x_threshold
    assert moved.y + result.radius < result.y_threshold


def test_marks_become_a_size_smaller_before_one_has_to_leave_its_quadrant():
    points = [point(number, 4.5, 4.5) for number in range(240)]

    result = layout(points, scale=SCALE)

    assert (result.radius, strayed(result)) == (7, [])
    assert_nothing_is_hidden(result, points)


def test_where_a_quadrant_is_full_a_leader_leads_back_to_it():
    points = [point(number, 1.1, 5) for number in range(300)]

    result = layout(points, scale=SCALE, thresholds=(1.2, 1.2))

    assert_nothing_is_hidden(result, points)
    assert result.radius == 9
    beyond = [mark for mark in result.marks if mark.measure in {*strayed(result)}]
    assert len(beyond) == 266
    (spot,) = {(mark.true_x, mark.true_y) for mark in beyond}
    assert spot == (result.x_ticks[5], 451.9)


@pytest.mark.parametrize("scale", [Scale(0, 1), Scale(1, 3), Scale(1, 10)])
def test_other_scales_work_with_marks_on_both_ends(scale):
    ends = [point("low", scale.low, scale.low), point("high", scale.high, scale.high)]
    points = crowd(200, scale=scale)

    assert_nothing_is_hidden(layout(points, scale=scale, thresholds=None), points)
    assert [m.displaced for m in layout(ends, scale=scale, thresholds=None).marks] == [False, False]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 40).map(lambda n: 1 + n / 10)] * 2), max_size=80))
def test_whatever_the_values_nothing_is_hidden_and_only_crowded_marks_move(pairs):
    points = [point(number, *pair) for number, pair in enumerate(pairs)]

    result = layout(points, scale=SCALE, thresholds=None)

    assert_nothing_is_hidden(result, points)
    stays = [(mark.x, mark.y) for mark in result.marks if not mark.displaced]
    for mark in result.marks:
        true = (mark.true_x, mark.true_y)
        assert mark.displaced == ((mark.x, mark.y) != true)
        if mark.displaced:  # somebody who did not move is in the way
            assert min(dist(true, stay) for stay in stays) < 2 * result.radius + GAP


def test_a_line_to_a_true_place_goes_around_another_mark():
    points = [point("a", 3.2, 3.1), point("b", 2.9, 3.2), point("c", 3.2, 3)]

    result = layout(points, scale=SCALE)

    (moved,) = [mark for mark in result.marks if mark.displaced]
    # (459, 199) is nearer and free, but the line from there would run through "a".
    assert (moved.measure, moved.x, moved.y) == ("c", 459, 183)


def test_the_better_of_two_crowded_measures_keeps_its_spot():
    result = layout([point("b", 3, 3), point("a", 3.01, 3)], scale=SCALE, thresholds=None)

    assert [(mark.measure, mark.displaced) for mark in result.marks] == [("b", True), ("a", False)]


def test_neither_a_second_run_nor_the_order_of_the_points_moves_a_mark():
    points = crowd(300)
    shuffled = random.Random(1).sample(points, len(points))
    result = layout(points, scale=SCALE, thresholds=None)

    assert layout(points, scale=SCALE, thresholds=None) == result
    assert spots(layout(shuffled, scale=SCALE, thresholds=None)) == spots(result)


def test_marks_get_smaller_the_more_there_are_and_the_smaller_the_picture():
    sizes = [60, 61, 150, 151, 300, 301, 600, 601]
    radii = [layout(crowd(size), scale=SCALE, thresholds=None).radius for size in sizes]

    assert radii == [15, 11, 11, 9, 9, 7, 7, 5]
    small = layout(crowd(60), scale=SCALE, canvas=Canvas(320, 280))
    assert small.radius == 7  # at 9 the quadrants would be full
    assert_nothing_is_hidden(small, crowd(60))


def test_a_picture_too_small_for_its_marks_is_refused():
    with pytest.raises(ValueError, match="60 marks do not fit into a plot of 26 x 2 pixels"):
        layout(crowd(60), scale=SCALE, canvas=Canvas(100, 100))


def test_feasibility_runs_to_the_right_and_relevance_upwards():
    result = layout([point("a", relevance=4, feasibility=2)], scale=SCALE, thresholds=(3, 4))

    (frame, ticks) = (result.frame, 746 / 4.4)
    assert (frame.left, frame.top, frame.right, frame.bottom) == (60, 40, 806, 482)
    assert result.x_ticks == {step: round(60 + ticks * (step - 0.8), 1) for step in SCALE.steps}
    assert result.y_ticks == {
        step: round(482 - 442 / 4.4 * (step - 0.8), 1) for step in SCALE.steps
    }
    (mark,) = result.marks
    assert (mark.x, mark.y) == (result.x_ticks[2], result.y_ticks[4])
    assert result.x_threshold == result.x_ticks[4]
    assert result.y_threshold == result.y_ticks[3]


def test_the_quartiles_span_a_cross_through_the_true_spot():
    given_point = point("a", 4, 2)._replace(relevance_range=(3, 5), feasibility_range=(1, 2.5))

    result = layout([given_point], scale=SCALE, thresholds=None)

    (mark,), xs, ys = result.marks, result.x_ticks, result.y_ticks
    assert (mark.x_low, mark.x_high) == (xs[1], round(60 + 746 / 4.4 * 1.7, 1))
    assert (mark.y_low, mark.y_high) == (ys[3], ys[5])


def test_the_four_quadrants_cover_the_plot_and_carry_their_names_around_it():
    result = layout([], scale=SCALE, thresholds=(4, 2))

    x, y = result.x_threshold, result.y_threshold
    assert result.quadrants == {
        "prepare": Frame(60, 40, x, y),
        "start": Frame(x, 40, 806, y),
        "park": Frame(60, y, x, 482),
        "optional": Frame(x, y, 806, 482),
    }
    assert [name_spot(*each, result.foot) for each in result.quadrants.items()] == [
        (60, 32), (806, 32), (60, 526), (806, 526),
    ]  # fmt: skip


def test_all_numbers_have_at_most_one_decimal():
    result = layout(crowd(100), scale=SCALE, thresholds=(3.3, 2.7))

    numbers = [result.x_threshold, result.y_threshold]
    numbers += [*result.x_ticks.values(), *result.y_ticks.values()]
    for quadrant, frame in result.quadrants.items():
        numbers += [
            frame.left,
            frame.top,
            frame.width,
            frame.height,
            *name_spot(quadrant, frame, 0),
        ]
    for m in result.marks:
        numbers += [m.x, m.y, m.true_x, m.true_y, m.x_low, m.x_high, m.y_low, m.y_high]
    assert [number for number in numbers if number != round(number, 1)] == []


def test_132_action_fields_have_a_look_of_their_own_and_eleven_a_shape():
    points = [point(series, 3, 3, series=series) for series in range(132)]

    marks = layout(points, scale=SCALE, thresholds=None).marks

    assert len({(mark.shape, mark.colour) for mark in marks}) == 132
    assert [mark.shape for mark in marks[:11]] == list(SHAPES)


@pytest.mark.parametrize("shape", sorted({*SHAPES} - {"circle"}))
def test_every_shape_is_wide_enough_for_three_digits(shape):
    # Digits are 0.56 of their size wide and 0.7 high; three of them are 0.8 of the radius in size.
    half_width, half_height = 3 * 0.56 * 0.8 / 2, 0.7 * 0.8 / 2
    edges = corners(shape, 0, 0, 1)
    for y in (-half_height, 0, half_height):
        crossed = [
            x1 + (x2 - x1) * (y - y1) / (y2 - y1)
            for (x1, y1), (x2, y2) in zip(edges, (*edges[1:], edges[0]), strict=True)
            if min(y1, y2) <= y < max(y1, y2)
        ]
        assert min(crossed) < 0.05 - half_width
        assert max(crossed) > half_width - 0.05


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_a_closed_path_within_its_circle(shape):
    path = shape_path(shape, 100.5, 50.0, 13)

    numbers = r"-?\d+\.\d"
    arc = rf"(A{numbers} {numbers} 0 0 1 )?"
    assert re.fullmatch(rf"M{numbers} {numbers}({arc}L?{numbers} {numbers})+Z", path)
    corners = re.findall(rf"({numbers}) ({numbers})(?=[ALZ])", path)
    far = [dist((float(x), float(y)), (100.5, 50)) for x, y in corners]
    assert max(far) <= 13.1


def test_a_circle_is_two_half_circles():
    assert shape_path("circle", 20, 10, 5) == (
        "M15.0 10.0A5.0 5.0 0 0 1 25.0 10.0A5.0 5.0 0 0 1 15.0 10.0Z"
    )


def test_an_unknown_shape_is_refused():
    with pytest.raises(ValueError, match="Unknown shape 'heart'"):
        shape_path("heart", 0, 0, 5)


@pytest.mark.parametrize("value", [0.9, 5.1, float("nan")])
def test_a_mean_outside_the_scale_is_refused(value):
    with pytest.raises(ValueError, match="outside the scale"):
        layout([point("a", value, 3)], scale=SCALE, thresholds=None)


# The best, the decided, the part of the scale in use ----------------------------------------------


def reaches_apart(result):
    """The pairs of marks that are nearer to each other than they reach."""
    marks = list(enumerate(result.marks))
    return [
        (one.measure, other.measure)
        for index, one in marks
        for _place, other in marks[index + 1 :]
        if dist((one.x, one.y), (other.x, other.y)) < one.reach + other.reach + GAP - 1e-4
    ]


@pytest.mark.parametrize("canvas", [WIDE, PHONE])
@pytest.mark.parametrize("size", [5, 45, 126, 300])
def test_the_best_are_large_and_an_outline_has_room_of_its_own(size, canvas):
    points = [
        each._replace(is_best=number < 10, is_outlined=number % 3 == 0)
        for number, each in enumerate(crowd(size))
    ]

    result = layout(points, scale=SCALE, canvas=canvas)

    best = canvas.best if size <= CROWD else canvas.in_crowd
    assert {mark.radius for mark in result.marks if mark.is_best} == {best}
    assert {mark.reach - mark.radius > 0 for mark in result.marks[::3]} == {True}
    assert {mark.reach - mark.radius for mark in result.marks if mark.measure % 3} == {0}
    assert reaches_apart(result) == []


@pytest.mark.parametrize(("size", "radius"), [(60, 15), (126, 8), (300, 7), (400, 7)])
def test_in_a_crowd_the_best_leave_lanes_and_the_others_are_smaller(size, radius):
    result = layout(
        [each._replace(is_best=number < 10) for number, each in enumerate(crowd(size))],
        scale=SCALE,
    )

    assert {mark.radius for mark in result.marks[10:]} == {result.radius} == {radius}
    best, moved = result.marks[:10], [mark for mark in result.marks[10:] if mark.displaced]
    lane = LANE if size > CROWD else 0
    for one in best:
        for other in moved:
            assert dist((one.x, one.y), (other.x, other.y)) >= one.reach + other.reach + GAP + lane


def test_an_edge_is_where_the_shape_ends_in_a_direction():
    assert edge_of("circle", 1, 10) == 10
    assert edge_of("square", 0, 10) == pytest.approx(10 * cos(pi / 4))
    assert edge_of("square", pi / 4, 10) == pytest.approx(10)
    assert edge_of("diamond", pi / 4, 10) == pytest.approx(10 * cos(pi / 4))
    assert edge_of("cross", 0, 10) == pytest.approx(10 * sqrt(1 - 0.45**2))
    turns = [turn / 10 for turn in range(-31, 32)]
    reaches = [edge_of(shape, turn, 10) for shape in SHAPES for turn in turns]
    assert [reach for reach in reaches if not 4 < reach < 10.01] == []


def test_the_axes_show_the_part_of_the_scale_in_quarter_steps_that_holds_all():
    used = part_in_use([(4.2, 3.3), (2.5, 1.7)], scale=SCALE, thresholds=(3, 3))

    assert used == Part(relevance=(2.25, 4.5), feasibility=(1.5, 3.5))
    result = layout([point("a", 4.2, 3.3)], scale=SCALE, thresholds=(3, 3), part=used)
    assert (list(result.x_ticks), list(result.y_ticks), result.is_part) == ([2, 3], [3, 4], True)
    assert not layout([], scale=SCALE).is_part


@pytest.mark.parametrize("value", [1, 3, 5])
def test_a_part_is_never_shorter_than_a_step_and_a_half_nor_beyond_the_scale(value):
    ends = part_in_use([(value, value)], scale=SCALE, thresholds=(value, value)).relevance

    assert round(ends[1] - ends[0], 9) >= 1.5
    assert 0.8 <= ends[0] < value < ends[1] <= 5.2


def test_a_threshold_that_no_measure_comes_near_stays_in_the_picture():
    used = part_in_use([(4.5, 4.5)], scale=SCALE, thresholds=(2, 4))

    assert used == Part(relevance=(1.75, 4.75), feasibility=(3.5, 5.0))
