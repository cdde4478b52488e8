"""Short titles in the matrix: none meets a mark, another title or the edge of the plot."""

import random
from itertools import pairwise
from math import cos, dist, hypot, pi, sin
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.matrix.labels import labels
from measures.matrix.layout import PHONE, WIDE, Canvas, Point, layout
from measures.matrix.titles import GAP, LINE, shortened, width_of
from measures.prioritisation import Scale

SCALE = Scale(1, 5)
SMALL, LARGE = Canvas(580, 500), Canvas(1150, 850, best=20, letters=24)
SHY = "\N{SOFT HYPHEN}"
TITLES = [
    "WLAN", "Termine online buchen", f"Veranstaltungs{SHY}kalender", "Digital-Lotsinnen",
    "Ausbaukarte Glasfaser", f"Sozial{SHY}wegweiser", "Grundkurse mit Leihgerät", "Mängelmelder",
    "Anträge online stellen", "Leerrohre mitverlegen", "W" * 30, "",
]  # fmt: skip


def point(measure, relevance, feasibility, **kinds):
    values = (relevance, relevance), (feasibility, feasibility)
    return Point(measure, str(measure), measure % 9, relevance, feasibility, *values, **kinds)


def crowd(pairs):
    return [
        point(number, *pair, is_best=number < 10, is_outlined=number % 3 == 0)
        for number, pair in enumerate(pairs)
    ]


def box_of(label, canvas):
    """The edges of what is written: left, top, right, bottom."""
    wide = max(width_of(line, canvas.letters) for line in label.lines)
    left = {"start": label.x, "middle": label.x - wide / 2, "end": label.x - wide}[label.anchor]
    tall = len(label.lines) * LINE * canvas.letters
    return left, label.y - tall / 2, left + wide, label.y + tall / 2


def met(placed, result):
    """What a title meets that it must not: marks, other titles, the plot's edge; and its line."""
    found, frame = [], result.frame
    boxes = [box_of(label, result.canvas) for label in placed]
    for place, (left, top, right, bottom) in enumerate(boxes):
        for mark in result.marks:
            across = max(left - mark.x, mark.x - right, 0)
            down = max(top - mark.y, mark.y - bottom, 0)
            if hypot(across, down) < mark.reach + GAP - 0.2:
                found.append((placed[place].lines, mark.measure))
        if left < frame.left or top < frame.top or right > frame.right or bottom > frame.bottom:
            found.append((placed[place].lines, "edge"))
        for other, (x, y, end_x, end_y) in enumerate(boxes[:place]):
            if left < end_x and x < right and top < end_y and y < bottom:
                found.append((placed[place].lines, placed[other].lines))
    for label in placed:
        found += [
            (label.lines, "line", mark.measure)
            for mark in result.marks
            if mark.measure != label.measure
            and label.leader
            and any(
                from_line((mark.x, mark.y), part) < mark.reach for part in pairwise(label.leader)
            )
        ]
    return found


def from_line(spot, line):
    """How far a spot is from a line, looked at every hundredth of it."""
    (x, y), (end_x, end_y) = line
    steps = [step / 100 for step in range(101)]
    return min(dist(spot, (x + s * (end_x - x), y + s * (end_y - y))) for s in steps)


MEANS = st.integers(0, 40).map(lambda tenths: 1 + tenths / 10)


@pytest.mark.parametrize("canvas", [PHONE, SMALL, WIDE, LARGE])
@settings(max_examples=15, deadline=None)
@given(pairs=st.lists(st.tuples(MEANS, MEANS), max_size=75), first=st.integers(0, len(TITLES)))
def test_whatever_the_values_no_title_nor_its_line_meets_what_it_must_not(canvas, pairs, first):
    names = {number: TITLES[(number + first) % len(TITLES)] for number in range(12)}
    result = layout(crowd(pairs), scale=SCALE, canvas=canvas)

    placed = labels(result, names)

    assert met(placed, result) == []
    best = [mark.measure for mark in result.marks if mark.is_best and names[mark.measure]]
    assert {label.measure for label in placed} <= {*best[: canvas.titles]}


def test_the_same_marks_get_the_same_titles():
    rng = random.Random(3)
    result = layout(
        crowd([(rng.uniform(1, 5), rng.uniform(1, 5)) for _each in range(45)]), scale=SCALE
    )
    names = dict(enumerate(TITLES))

    assert labels(result, names) == labels(result, names)
    assert len(labels(result, names)) == 10


@pytest.mark.parametrize("size", [45, 126])
def test_in_a_crowd_all_of_the_best_have_titles(size):
    rng = random.Random(3)
    result = layout(
        crowd([(rng.uniform(1.2, 4.6), rng.uniform(1.2, 4.6)) for _each in range(size)]),
        scale=SCALE,
    )

    placed = labels(result, dict(enumerate(TITLES)))

    assert ([label.measure for label in placed], met(placed, result)) == ([*range(10)], [])


def test_alone_a_title_stands_close_to_its_mark_without_a_line():
    result = layout([point(1, 3, 3, is_best=True)], scale=SCALE)

    [label] = labels(result, {1: "Termine online buchen"})

    [mark] = result.marks
    assert (label.anchor, label.lines, label.leader) == ("start", ("Termine online buchen",), ())
    assert (label.y, round(label.x - mark.x - mark.reach)) == (mark.y, 5)


def surrounded():
    """One of the best in the middle of eight others, the last of them to the upper right."""
    steps = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)]
    around = [(3 + y / 3, 3 + x / 5) for x, y in steps]
    return [point(0, 3, 3, is_best=True), *(point(n, *at) for n, at in enumerate(around, 1))]


def test_a_line_bends_where_a_straight_one_would_run_through_another_mark():
    result = layout(surrounded(), scale=SCALE)

    [label] = labels(result, {0: "Leerrohre mitverlegen"})

    assert (len(label.leader), met([label], result)) == (3, [])


def test_a_title_has_no_place_where_its_line_would_always_run_through_another_mark():
    # Two rings around it, a mark of the outer one behind each gap of the inner one.
    turns = [(turn * pi / 12, 62 if turn % 2 else 92) for turn in range(24)]
    ring = [(3 + far * sin(turn) / 100.45, 3 + far * cos(turn) / 169.5) for turn, far in turns]
    points = [point(0, 3, 3, is_best=True), *(point(n, *at) for n, at in enumerate(ring, 1))]
    result = layout(points, scale=SCALE)

    assert [mark.displaced for mark in result.marks] == [False] * 25
    assert labels(result, {0: "Leerrohre mitverlegen"}) == ()


def test_a_line_leads_from_the_marks_edge_to_a_title_that_stands_further_away():
    result = layout(surrounded()[:-1], scale=SCALE)  # upper right is a gap

    [label] = labels(result, {0: "Leerrohre mitverlegen"})

    mark = result.marks[0]
    (x, y), (end_x, end_y) = label.leader
    assert mark.shape == "circle"
    assert hypot(x - mark.x, y - mark.y) == pytest.approx(mark.reach + 1, abs=0.2)
    left, top, right, bottom = box_of(label, WIDE)
    assert left - GAP - 0.2 <= end_x <= right + GAP + 0.2
    assert top - 0.2 <= end_y <= bottom + 0.2


def test_only_what_has_a_name_and_is_among_the_best_gets_a_title():
    points = [point(1, 4, 4, is_best=True), point(2, 2, 2, is_best=True), point(3, 3, 1)]
    result = layout(points, scale=SCALE)

    assert [label.measure for label in labels(result, {1: "A", 2: "", 3: "C"})] == [1]
    assert labels(layout([], scale=SCALE), {}) == ()


def test_a_title_breaks_at_a_space_or_a_soft_hyphen_only():
    narrow = Canvas(260, 400)
    result = layout([point(1, 3, 3, is_best=True)], scale=SCALE, canvas=narrow)

    [label] = labels(result, {1: f"Veranstaltungs{SHY}kalender"})
    assert label.lines == ("Veranstaltungs-", "kalender")
    assert labels(result, {1: "Veranstaltungskalenderpflege"}) == ()


def test_a_text_is_as_wide_as_its_letters_and_unknown_signs_count_as_wide():
    assert width_of("WLAN", 1000) == sum(width_of(letter, 1000) for letter in "WLAN")
    assert width_of("漢", 10) == 10
    assert width_of("a\N{NO-BREAK SPACE}b", 10) == width_of("a b", 10)


def test_a_text_that_is_too_wide_ends_in_an_ellipsis():
    assert shortened("Vorbereiten", 16, 500) == "Vorbereiten"
    short = shortened("Vorbereiten und dann beginnen", 16, 100)
    assert (short[-1], width_of(short, 16) <= 100) == ("…", True)


def test_the_widths_are_those_of_the_font_that_is_sent():
    from assets import WIDTHS
    from assets.widths import widths_module

    assert Path(WIDTHS).read_bytes() == widths_module(), "python3 dev.py assets"
