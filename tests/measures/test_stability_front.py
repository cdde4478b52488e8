"""What no weight can change, and what half a step would."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.prioritisation import Scale
from measures.stability import half_step_quadrants, pareto_front

SCALE = Scale(1, 5)
quarters = st.integers(4, 20).map(lambda n: Fraction(n, 4))
clouds = st.lists(st.tuples(quarters, quarters), max_size=9).map(lambda p: dict(enumerate(p)))


def floats(points):
    return {measure: (float(r), float(f)) for measure, (r, f) in points.items()}


@settings(max_examples=300, deadline=None)
@given(clouds)
def test_the_front_is_what_nobody_beats(points):
    def beats(one, other):
        return one[0] >= other[0] and one[1] >= other[1] and one != other

    expected = {
        measure
        for measure, pair in points.items()
        if not any(beats(other, pair) for other in points.values())
    }
    assert pareto_front(floats(points)) == expected


def test_both_of_two_equal_points_are_on_the_front():
    assert pareto_front({1: (5, 5), 2: (5, 5), 3: (5, 4)}) == {1, 2}


def test_thirds_that_floats_compute_differently_are_equal():
    points = {1: (0.1 + 0.2, 4), 2: (0.3, 4)}

    assert points[1] != points[2]
    assert pareto_front(points) == {1, 2}


def test_the_front_of_nobody_and_of_one():
    assert pareto_front({}) == set()
    assert pareto_front({4: (1, 1)}) == {4}


@pytest.mark.parametrize(
    ("mean", "changes"),
    [
        (2.4, False),
        (2.5, True),  # half a step up it would be on the line, which counts as high
        (2.9, True),
        (3.0, True),
        (3.4, True),
        (3.5, False),  # half a step down it would still be on the line
        (5.0, False),
    ],
)
def test_half_a_step_decides_near_the_line(mean, changes):
    assert half_step_quadrants({"m": (mean, 5)}, scale=SCALE) == ({"m"} if changes else set())
    assert half_step_quadrants({"m": (1, mean)}, scale=SCALE) == ({"m"} if changes else set())


def test_no_mean_leaves_the_scale():
    points = {"lowest": (1, 1), "highest": (5, 5)}

    assert half_step_quadrants(points, scale=SCALE, thresholds=(1, 1)) == set()
    assert half_step_quadrants(points, scale=SCALE, thresholds=(5, None)) == {"highest"}


def test_thirds_are_exact_at_the_line():
    third = 10 / 3
    points = {"stays": (third + 0.5, 5), "moves": (third - 0.5, 5)}

    assert half_step_quadrants(points, scale=SCALE, thresholds=(third, None)) == {"moves"}


def test_how_far_a_mean_moves_can_be_chosen():
    points = {"near": (3.2, 5), "far": (4, 5)}

    assert half_step_quadrants(points, scale=SCALE, by=0.1) == set()
    assert half_step_quadrants(points, scale=SCALE, by=0.25) == {"near"}
    assert half_step_quadrants(points, scale=SCALE, by=1.01) == {"near", "far"}
    with pytest.raises(ValueError, match="cannot move by -1"):
        half_step_quadrants(points, scale=SCALE, by=-1)


def test_a_scale_of_ten_steps_has_its_own_middle():
    points = {"under": (5.2, 9), "over": (5.9, 9), "clear": (6.0, 9)}

    assert half_step_quadrants(points, scale=Scale(1, 10)) == {"under", "over"}
