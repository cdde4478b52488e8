"""The matrix as SVG: every mark a named link, every text escaped, every number with a dot."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.utils import translation

from measures.matrix.layout import Overlay, Point, layout
from measures.matrix.markup import Drawn, matrix_svg
from measures.matrix.shapes import shape_path
from measures.overview import ListedMeasure, Overview, Row
from measures.prioritisation import PrioritisedMeasure, Quadrant, Scale, Spread

SCALE = Scale(1, 5)
NAMES = {"start": "Start", "prepare": "Prepare", "optional": "Optional", "park": "Park"}
SCRIPT = """<script>alert("1" & '2')</script>"""


def point(measure, relevance, feasibility, series=0):
    return Point(
        measure=measure,
        label=f"{measure}",
        series=series,
        relevance=relevance,
        feasibility=feasibility,
        relevance_range=(relevance - 0.5, relevance),
        feasibility_range=(feasibility, feasibility + 0.5),
    )


# Two that stand where their values are, and one in the way of the first.
POINTS = [point(11, 4.2, 3.3), point(12, 4.2, 3.32, series=1), point(13, 2.5, 1.7, series=13)]


@pytest.fixture
def picture():
    return layout(POINTS, scale=SCALE, thresholds=(3.25, 3))


def url(number):
    return f"/m/{number}/?a=1&b=2"


def row(measure, rank, title="Measure", series=0):
    relevance = Spread(7, 10 / 3, 3.0, 3.0, 4.0, (0, 1, 2, 3, 1), 0.5)
    feasibility = Spread(7, 1.0, 1.0, 1.0, 1.0, (7, 0, 0, 0, 0), 1.0)
    return Row(
        measure=ListedMeasure(measure, measure, title, "short", 1, None, None),
        field_name=f"Field {series}",
        field_index=series,
        goal_text="",
        result=PrioritisedMeasure(measure, 7, relevance, feasibility, 2.2, rank, Quadrant.START),
        consensus=(None, None),
        paper=0,
        round=1,
    )


def overview_of(title="Measure", names=NAMES, points=POINTS):
    return Overview(
        workshop=None,
        scale=SCALE,
        weight=0.5,
        thresholds=(3.25, 3),
        quadrant_names=names,
        fields=(),
        rows=tuple(row(p.measure, rank, title, p.series) for rank, p in enumerate(points, start=1)),
    )


def parsed(picture, view=None, extra=None, **given):
    with translation.override("en"):
        svg = matrix_svg(picture, view or overview_of(), Drawn(url, extra or {}, **given))
    return ElementTree.fromstring(svg)


def marks(picture):
    return parsed(picture).findall(".//a")


def by_class(tree, name):
    return [element for element in tree.iter() if name in element.get("class", "").split()]


def test_every_mark_is_one_link_with_its_name_and_address_at_its_place(picture):
    links = marks(picture)

    assert [
        (link.get("id"), link.get("aria-label"), link.get("href"), link.get("transform"))
        for link in links
    ] == [
        (
            f"mark-{mark.measure}",
            f"M{mark.measure} Measure: rank {rank}, relevance 3.33, feasibility 1.00, Start,"
            " rated by 7",
            f"/m/{mark.measure}/?a=1&b=2",
            f"translate({mark.x} {mark.y})",
        )
        for rank, mark in enumerate(picture.marks, start=1)
    ]
    assert ["".join(link.itertext()) for link in links] == ["11", "12", "13"]


def test_a_mark_wears_the_shape_and_colour_of_its_field(picture):
    assert [(link.get("class"), link.find("path").get("d")) for link in marks(picture)] == [
        ("mark series-1", shape_path("circle", 0, 0, 15)),
        ("mark series-2", shape_path("square", 0, 0, 15)),
        ("mark series-2", shape_path("diamond", 0, 0, 15)),
    ]


def test_a_mark_carries_what_its_card_says(picture):
    facts = ("name", "field", "quadrant", "rank", "n", "relevance", "feasibility", "means", "extra")

    assert [[link.get(f"data-{fact}") for fact in facts] for link in marks(picture)] == [
        ["M11 Measure", "0", "start", "1", "7", "0,1,2,3,1", "7,0,0,0,0", "3.33 1.00", None],
        ["M12 Measure", "1", "start", "2", "7", "0,1,2,3,1", "7,0,0,0,0", "3.33 1.00", None],
        ["M13 Measure", "13", "start", "3", "7", "0,1,2,3,1", "7,0,0,0,0", "3.33 1.00", None],
    ]
    first = parsed(picture, extra={11: "“Rat” & more"}).find(".//a")
    assert first.get("data-extra") == "“Rat” & more"
    assert first.get("aria-label").endswith("rated by 7. “Rat” & more")


def test_a_mark_names_its_round_where_most_results_come_from_another(picture):
    view = overview_of()
    first, *others = view.rows
    view = replace(view, rows=(first._replace(round=2), *others))
    assert [link.get("data-extra") for link in parsed(picture, view).findall(".//a")] == [
        "result of round 2", None, None,
    ]  # fmt: skip


def test_only_a_mark_that_made_room_tells_its_true_place(picture):
    assert [link.get("data-true") for link in marks(picture)] == [
        f"{mark.true_x} {mark.true_y}" if mark.displaced else None for mark in picture.marks
    ]
    assert [mark.displaced for mark in picture.marks] == [True, False, False]


def test_the_picture_tells_the_script_its_axes_and_the_size_of_its_marks(picture):
    svg = parsed(picture)

    facts = ("domain", "low", "reach")
    assert [svg.get(f"data-{fact}") for fact in facts] == ["0.8 5.2 0.8 5.2", "1", "15"]


def test_the_picture_has_a_name_and_what_is_only_to_be_seen_is_hidden_from_screen_readers(picture):
    svg = parsed(picture)

    assert (svg.get("role"), bool(svg.get("aria-label"))) == ("group", True)
    seen = [
        element.get("class")
        for element in svg.find("g[@class='matrix__window']")
        if element.get("aria-hidden") != "true"
    ]
    assert seen == ["matrix__marks"]


def test_names_and_addresses_are_escaped(picture):
    hostile = overview_of(title=SCRIPT, names=NAMES | {"start": SCRIPT})

    svg = matrix_svg(picture, hostile, Drawn(lambda number: f'{url(number)}"><b>', {11: SCRIPT}))

    tree = ElementTree.fromstring(svg)
    assert "<script" not in svg
    assert {element.tag for element in tree.iter()} == {"svg", "rect", "text", "g", "path", "a"}
    first = tree.find(".//a")
    assert first.get("aria-label").count(SCRIPT) == 3  # title, quadrant and what is added
    assert (first.get("data-name"), first.get("data-extra")) == (f"M11 {SCRIPT}", SCRIPT)
    assert first.get("href") == '/m/11/?a=1&b=2"><b>'
    assert [text.text for text in by_class(tree, "matrix__quadrant")].count(SCRIPT) == 1


def test_a_label_is_escaped_too():
    hostile = layout([POINTS[0]._replace(label=SCRIPT)], scale=SCALE)

    tree = parsed(hostile)

    assert tree.find(".//a/text").text == SCRIPT


@pytest.mark.parametrize("language", ["de", "en"])
def test_numbers_have_a_dot_in_every_language(picture, language):
    with translation.override(language):
        tree = ElementTree.fromstring(matrix_svg(picture, overview_of(), Drawn(url)))

    numbers = {"x", "y", "width", "height", "d", "transform", "viewBox"}
    values = [v for element in tree.iter() for k, v in element.items() if k in numbers]
    assert [value for value in values if "," in value] == []
    assert any("." in value for value in values)
    rects = [
        [float(r.get(k)) for k in ("x", "y", "width", "height")]
        for r in tree.findall(".//g[@class='matrix__plane']/rect")
    ]
    assert rects == [
        [box.left, box.top, box.width, box.height] for box in picture.quadrants.values()
    ]


def test_nothing_in_the_picture_breaks_the_content_security_policy(picture):
    tree = parsed(picture)

    attributes = {name for element in tree.iter() for name in element.attrib}
    assert {name for name in attributes if name == "style" or name.startswith("on")} == set()


def test_lines_lead_from_the_values_to_the_moved_mark_only(picture):
    (moved,) = [mark for mark in picture.marks if mark.displaced]
    tree = parsed(picture, has_spread=True)
    (spread,), (leader,) = by_class(tree, "matrix__spread"), by_class(tree, "matrix__leader")

    assert leader.get("d") == f"M{moved.true_x} {moved.true_y}L{moved.x} {moved.y}"
    (dot,) = by_class(tree, "matrix__true")
    assert dot.get("d") == f"M{moved.true_x} {moved.true_y}h0"
    assert len(re.findall("M", spread.get("d"))) == 2 * len(POINTS)
    first = picture.marks[0]
    assert spread.get("d").startswith(
        f"M{first.x_low} {first.true_y}H{first.x_high}M{first.true_x} {first.y_low}V{first.y_high}"
    )


def test_an_empty_picture_is_drawn_without_marks():
    tree = parsed(layout([], scale=SCALE))

    assert (tree.findall(".//a"), len(tree.findall(".//rect"))) == ([], 5)


def test_an_arrow_is_a_shaft_to_the_true_place_and_a_head_at_the_marks_edge():
    overlay = Overlay(origins={12: (2.2, 3.32), 11: (4.2, 2), 99: (1, 1)})
    picture = layout(POINTS, scale=SCALE, overlay=overlay)
    tree = parsed(picture)

    moved, stays = picture.marks[:2]
    left, bottom = picture.x_ticks[2], round(482 - 442 / 4.4 * 1.4, 1)
    assert [
        (shaft.get("class"), shaft.get("data-measure"), shaft.get("d"))
        for shaft in by_class(tree, "matrix__arrow")
    ] == [
        (
            "matrix__arrow series-1",
            "11",
            f"M{left} {moved.true_y}L{moved.true_x} {moved.true_y}",
        ),
        (
            "matrix__arrow series-2",
            "12",
            f"M{stays.x} {bottom}L{stays.x} {stays.y}",
        ),
    ]
    assert [head.get("transform") for head in by_class(tree, "matrix__head")] == [
        f"translate({moved.true_x} {moved.true_y}) rotate(0.0) translate(0)",
        f"translate({stays.x} {stays.y}) rotate(-90.0) translate(-15)",
    ]
    assert by_class(tree, "matrix__ring") == []


def test_a_joining_line_begins_with_a_ring_and_has_no_head():
    overlay = Overlay(origins={13: (5, 1)}, is_joined=True)
    picture = layout(POINTS, scale=SCALE, overlay=overlay)
    tree = parsed(picture)

    (ring,) = by_class(tree, "matrix__ring")
    x, y = picture.x_ticks[1], picture.y_ticks[5]
    assert ring.get("transform") == f"translate({x} {y})"
    assert len(by_class(tree, "matrix__arrow")) == 1
    assert by_class(tree, "matrix__head") == []


def test_a_region_is_a_polygon_in_its_series_colour():
    overlay = Overlay(regions={13: ((1, 1), (2, 1), (2, 2)), 99: ((1, 1), (2, 1), (2, 2))})
    picture = layout(POINTS, scale=SCALE, overlay=overlay)

    (region,) = by_class(parsed(picture), "matrix__region")
    (x1, x2), (y1, y2) = (
        [round(ticks[step]) for step in (1, 2)] for ticks in (picture.x_ticks, picture.y_ticks)
    )
    assert region.get("d") == f"M{x1} {y1}L{x1} {y2}L{x2} {y2}Z"
    assert (region.get("class"), region.get("data-measure")) == ("matrix__region series-2", "13")


def test_more_than_sixty_regions_are_drawn_faintly():
    points = [point(number, 3, 1 + number / 40) for number in range(61)]
    corners = ((1, 1), (2, 1), (2, 2))
    classes = []
    for count in (60, 61):
        overlay = Overlay(regions=dict.fromkeys(range(count), corners))
        picture = layout(points, scale=SCALE, overlay=overlay)
        classes.append(parsed(picture, overview_of(points=points)).get("class"))

    assert classes == ["matrix", "matrix matrix--crowded"]
