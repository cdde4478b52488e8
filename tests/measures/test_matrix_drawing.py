"""The matrix as SVG: every mark a named link, every text escaped, every number with a dot."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.utils import translation

from measures.matrix.drawing import MarkText, draw
from measures.matrix.layout import Point, layout
from measures.matrix.shapes import shape_path
from measures.prioritisation import Scale

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


def texts(name="Measure"):
    return {p.measure: MarkText(f"{name} {p.measure}", f"/m/{p.measure}/?a=1&b=2") for p in POINTS}


def parsed(picture):
    return ElementTree.fromstring(draw(picture, texts(), NAMES))


def test_every_mark_is_one_link_with_its_name_and_address_at_its_place(picture):
    links = parsed(picture).findall("a")

    assert [
        (link.get("id"), link.get("aria-label"), link.get("href"), link.get("transform"))
        for link in links
    ] == [
        (
            f"mark-{mark.measure}",
            f"Measure {mark.measure}",
            f"/m/{mark.measure}/?a=1&b=2",
            f"translate({mark.x} {mark.y})",
        )
        for mark in picture.marks
    ]
    assert ["".join(link.itertext()) for link in links] == ["11", "12", "13"]


def test_a_mark_wears_the_shape_and_colour_of_its_field(picture):
    links = parsed(picture).findall("a")

    assert [(link.get("class"), link.find("path").get("d")) for link in links] == [
        ("mark series-1", shape_path("circle", 0, 0, 13)),
        ("mark series-2", shape_path("square", 0, 0, 13)),
        ("mark series-2", shape_path("bar", 0, 0, 13)),
    ]


def test_a_mark_tells_where_the_arrow_keys_lead_and_nothing_where_they_do_not(picture):
    for link, mark in zip(parsed(picture).findall("a"), picture.marks, strict=True):
        around = mark.neighbours
        assert [link.get(f"data-{way}") for way in ("up", "right", "down", "left")] == [
            "" if measure is None else str(measure)
            for measure in (around.up, around.right, around.down, around.left)
        ]


def test_the_picture_has_a_name_and_what_is_only_to_be_seen_is_hidden_from_screen_readers(picture):
    svg = parsed(picture)

    assert (svg.get("role"), bool(svg.get("aria-label"))) == ("group", True)
    assert [group.get("aria-hidden") for group in svg.findall("g")] == ["true", "true"]


def test_names_and_addresses_are_escaped(picture):
    names = NAMES | {"start": SCRIPT}
    hostile = {
        measure: MarkText(f"{text.name} {SCRIPT}", f'{text.url}"><b>')
        for measure, text in texts().items()
    }

    svg = draw(picture, hostile, names)

    tree = ElementTree.fromstring(svg)
    assert "<script" not in svg
    assert {element.tag for element in tree.iter()} == {"svg", "rect", "text", "g", "path", "a"}
    assert tree.find("a").get("aria-label") == f"Measure 11 {SCRIPT}"
    assert tree.find("a").get("href") == '/m/11/?a=1&b=2"><b>'
    assert [text.text for text in tree.findall("text")].count(SCRIPT) == 1


def test_a_label_is_escaped_too():
    hostile = layout([replace(POINTS[0], label=SCRIPT)], scale=SCALE)

    tree = parsed(hostile)

    assert tree.find("a/text").text == SCRIPT


@pytest.mark.parametrize("language", ["de", "en"])
def test_numbers_have_a_dot_in_every_language(picture, language):
    with translation.override(language):
        tree = parsed(picture)

    numbers = {"x", "y", "width", "height", "d", "transform", "viewBox"}
    values = [v for element in tree.iter() for k, v in element.items() if k in numbers]
    assert [value for value in values if "," in value] == []
    assert any("." in value for value in values)
    rects = [[float(r.get(k)) for k in ("x", "y", "width", "height")] for r in tree.findall("rect")]
    assert rects == [[box.x, box.y, box.width, box.height] for box in picture.quadrants]


def test_nothing_in_the_picture_breaks_the_content_security_policy(picture):
    tree = parsed(picture)

    attributes = {name for element in tree.iter() for name in element.attrib}
    assert {name for name in attributes if name == "style" or name.startswith("on")} == set()


def test_lines_lead_from_the_values_to_the_moved_mark_only(picture):
    (moved,) = [mark for mark in picture.marks if mark.moved]
    spread, leader = parsed(picture).findall("g")[1].findall("path")

    assert leader.get("d") == f"M{moved.true_x} {moved.true_y}L{moved.x} {moved.y}"
    assert len(re.findall("M", spread.get("d"))) == 2 * len(POINTS)
    first = picture.marks[0]
    assert spread.get("d").startswith(
        f"M{first.x_low} {first.true_y}H{first.x_high}M{first.true_x} {first.y_low}V{first.y_high}"
    )


def test_an_empty_picture_is_drawn_without_marks():
    tree = parsed(layout([], scale=SCALE))

    assert (tree.findall("a"), len(tree.findall("rect"))) == ([], 4)
