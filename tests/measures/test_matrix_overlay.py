"""Arrows and regions beneath the marks: where they run, and which are too short to be seen."""

import pytest

from measures.matrix.layout import Overlay, Point, layout
from measures.matrix.overlay import SHORTEST
from measures.prioritisation import Scale

SCALE = Scale(1, 5)
UNIT = 746 / 4.4  # pixels of one step of feasibility


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


def drawn(points, **overlay):
    return layout(points, scale=SCALE, overlay=Overlay(**overlay))


def test_an_arrow_runs_from_its_origin_to_the_values_and_touches_the_mark():
    result = drawn([point("a", 3, 4, series=14)], origins={"a": (3, 2)})

    [mark] = result.arrows
    assert mark == result.marks[0]
    assert (mark.origin, mark.values) == ((result.x_ticks[2], mark.y), (mark.x, mark.y))
    assert (mark.gap, mark.angle) == (15, 0.0)


def test_at_a_mark_that_made_room_the_arrow_ends_at_its_values():
    result = drawn([point("a", 3, 4), point("b", 3, 4)], origins={"b": (3, 5)})

    [mark] = result.arrows
    assert (mark.measure, mark.displaced) == ("b", True)
    assert (mark.gap, abs(mark.angle)) == (0, 180)
    assert mark.values == result.marks[0].values


def test_upwards_is_minus_ninety_degrees():
    result = drawn([point("a", 5, 3)], origins={"a": (1, 3)})

    assert result.arrows[0].angle == -90


@pytest.mark.parametrize(
    ("shift", "count"), [(0, 0), (15 + SHORTEST - 1, 0), (15 + SHORTEST + 1, 1)]
)
def test_an_arrow_hardly_longer_than_its_mark_is_left_out(shift, count):
    result = drawn([point("a", 3, 3)], origins={"a": (3, 3 - shift / UNIT)})

    assert len(result.arrows) == count


def test_what_has_no_mark_has_neither_arrow_nor_region():
    result = drawn(
        [point("a", 3, 3)], origins={"b": (1, 1)}, regions={"b": ((1, 1), (1, 2), (2, 2))}
    )

    assert (result.arrows, result.regions) == ([], [])


def test_a_region_keeps_the_order_of_its_corners():
    result = drawn([point("a", 3, 3, series=5)], regions={"a": [(1, 5), (5, 5), (5, 1)]})

    x, y = result.x_ticks, result.y_ticks
    [mark] = result.regions
    assert (mark.measure, mark.region) == (
        "a",
        (
            (round(x[5]), round(y[1])),
            (round(x[5]), round(y[5])),
            (round(x[1]), round(y[5])),
        ),
    )


@pytest.mark.parametrize("overlay", [{"origins": {"a": (0.5, 3)}}, {"regions": {"a": [(3, 5.1)]}}])
def test_a_place_outside_the_scale_is_refused(overlay):
    with pytest.raises(ValueError, match="outside the scale"):
        drawn([point("a", 3, 3)], **overlay)


def test_nothing_moves_a_mark_because_of_what_lies_beneath():
    points = [point(number, 3, 3 + number / 50) for number in range(20)]
    bare = layout(points, scale=SCALE)
    result = drawn(points, origins={1: (1, 1)}, regions={2: [(1, 1), (5, 1), (1, 5)]})

    spots = [[(mark.x, mark.y) for mark in matrix.marks] for matrix in (result, bare)]
    assert spots[0] == spots[1]
