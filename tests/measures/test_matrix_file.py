"""The matrix as a picture file: the layout's numbers, its colours, and nothing that runs out."""

import re
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from math import cos, radians, sin
from pathlib import Path

import pytest
from django.utils import translation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Circle, Polygon

from fields.models import ActionField
from measures.matrix import colours
from measures.matrix.file import matrix_figure, png
from measures.matrix.layout import Overlay, Point, layout
from measures.matrix.lettering import ELLIPSIS, cut, folded, width_of
from measures.matrix.overlay import head
from measures.matrix.shapes import SHAPES, corners
from measures.overview import Overview
from measures.prioritisation import Scale
from workshops.models import Workshop

ROOT = Path(__file__).parent.parent.parent
SCALE = Scale(1, 5)
FORMULA = r"Plan $x^2$ & <b> \frac{1}{2} $"


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


# All eleven shapes, some of them in each other's way.
POINTS = [point(n, 3 + n % 3 / 40, 2.5 + n / 10, series=n % 11) for n in range(1, 15)]


@pytest.fixture(scope="module")
def picture():
    return layout(POINTS, scale=SCALE, thresholds=(3.25, 3))


def view(title="Workshop", field="Field", start="Start"):
    return Overview(
        workshop=Workshop(title=title),
        scale=SCALE,
        weight=0.65,
        thresholds=(3.25, 3.0),
        quadrant_names={"start": start, "prepare": "B", "optional": "C", "park": "D"},
        fields=tuple(ActionField(name=f"{field} {number}") for number in range(11)),
        rows=(),
    )


def words(drawn):
    return [text.get_text() for text in drawn.axes[0].texts]


def boxes(drawn):
    """Every text with its edges in pixels of the file: left, bottom, right, top."""
    renderer = FigureCanvasAgg(drawn).get_renderer()
    return [
        (text.get_text(), *text.get_window_extent(renderer).extents) for text in drawn.axes[0].texts
    ]


def marks(drawn):
    """Edges of the marks by their name, in pixels of the file from its upper left corner."""
    height = drawn.bbox.height
    boxes = {
        patch.get_gid(): patch.get_path().get_extents(patch.get_transform())
        for patch in drawn.axes[0].patches
        if patch.get_gid()
    }
    return {name: (box.x0, height - box.y1, box.x1, height - box.y0) for name, box in boxes.items()}


def test_the_file_is_a_png_of_twice_the_layouts_width_and_carries_no_date(picture):
    data = png(picture, view())

    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    # head 24 + 26 + 22, picture 540, eleven fields in four columns 3 * 24 + 24
    assert struct.unpack(">II", data[16:24]) == (1640, 2 * (72 + 540 + 96))
    assert re.findall(rb"tEXt|iTXt|zTXt|tIME", data) == []


def test_the_same_picture_gives_the_same_bytes_in_two_threads_as_well(picture):
    with ThreadPoolExecutor(2) as pool:
        files = list(pool.map(lambda _: png(picture, view()), range(4)))

    assert len({png(picture, view()), *files}) == 1


def test_every_mark_stands_where_the_layout_says_in_its_shape(picture):
    head = 72

    found = marks(matrix_figure(picture, view()))

    assert list(found) == [f"mark-{mark.measure}" for mark in picture.marks]
    for mark in picture.marks:
        around = corners(mark.shape, mark.x, mark.y, picture.radius)
        if mark.shape == "circle":
            around = [(mark.x + d, mark.y + d) for d in (-picture.radius, picture.radius)]
        xs, ys = [2 * x for x, _ in around], [2 * (y + head) for _, y in around]
        edges = (min(xs), min(ys), max(xs), max(ys))
        assert found[f"mark-{mark.measure}"] == pytest.approx(edges)
    assert {mark.shape for mark in picture.marks} == set(SHAPES)


def test_lines_and_quadrants_are_the_layouts(picture):
    axes = matrix_figure(picture, view()).axes[0]

    rectangles = [patch.get_bbox().bounds for patch in axes.patches if hasattr(patch, "get_bbox")]
    for box in picture.quadrants.values():
        assert (box.left, box.top, box.width, box.height) in [
            tuple(round(number, 1) for number in bounds) for bounds in rectangles
        ]
    thresholds, leaders = (c.get_segments() for c in axes.collections)
    assert [line.tolist() for line in thresholds] == [
        [[picture.x_threshold, 40], [picture.x_threshold, 482]],
        [[60, picture.y_threshold], [806, picture.y_threshold]],
    ]
    assert [line.tolist() for line in leaders] == [
        [[m.true_x, m.true_y], [m.x, m.y]] for m in picture.marks if m.displaced
    ]
    assert leaders
    dots = [p.center for p in axes.patches if isinstance(p, Circle) and p.radius == 2.5]
    assert dots == [mark.values for mark in picture.marks if mark.displaced]


def test_arrows_and_regions_are_the_layouts():
    corners_given = ((2, 2), (3, 2), (3, 3))
    overlay = Overlay(origins={1: (5, 5)}, regions={2: corners_given})
    picture = layout(POINTS, scale=SCALE, overlay=overlay)

    axes = matrix_figure(picture, view()).axes[0]

    [arrow], [there] = picture.arrows, picture.regions
    free = [p for p in axes.patches if isinstance(p, Polygon) and not p.get_gid()]
    polygons = [patch.get_xy().tolist() for patch in free]
    closed = [list(corner) for corner in (*there.region, there.region[0])]
    tip = head(arrow.values, arrow.angle, arrow.gap)
    tip = [[*map(pytest.approx, corner)] for corner in (*tip, tip[0])]
    assert closed in polygons
    assert tip in polygons
    lines = [line.tolist() for strokes in axes.collections for line in strokes.get_segments()]
    assert [[*arrow.origin], [*arrow.values]] in lines
    assert closed in lines


def test_a_joining_line_begins_with_a_ring_in_the_file_too():
    picture = layout(POINTS, scale=SCALE, overlay=Overlay(origins={1: (5, 5)}, is_joined=True))

    axes = matrix_figure(picture, view()).axes[0]

    [arrow] = picture.arrows
    circles = [patch for patch in axes.patches if isinstance(patch, Circle)]
    rings = [(ring.center, ring.radius) for ring in circles if 2.5 < ring.radius < 5]
    assert rings == [(arrow.origin, 3.5)]


def test_the_picture_says_what_it_shows_in_the_readers_numbers(picture):
    with translation.override("de"):
        said = words(matrix_figure(picture, view(title="Digital-Werkstatt")))

    assert said[0] == "Digital-Werkstatt"
    assert re.findall(r"\d+(?:[,.]\d+)?", said[1]) == ["14", "0", "65", "3,25", "3,00"]
    assert [f"Field {number}" for number in range(11)] == said[-11:]


def test_only_fields_with_a_mark_are_in_the_legend():
    few = layout([point(1, 3, 3, series=2), point(2, 4, 4, series=5)], scale=SCALE)

    said = words(matrix_figure(few, view()))

    assert [text for text in said if text.startswith("Field")] == ["Field 2", "Field 5"]


def test_a_picture_without_marks_is_drawn():
    assert png(layout([], scale=SCALE), view())[:4] == b"\x89PNG"


def test_dollar_signs_and_tags_are_text(picture):
    drawn = matrix_figure(picture, view(title=FORMULA, field=FORMULA, start=FORMULA))

    assert [text.get_parse_math() for text in drawn.axes[0].texts if text.get_parse_math()] == []
    assert words(drawn)[0] == FORMULA
    assert png(picture, view(title=FORMULA, field=FORMULA, start=FORMULA))[:4] == b"\x89PNG"


@pytest.mark.parametrize("long", ["W" * 300, "Zukunft gestalten " * 20, "$" * 300])
def test_nothing_that_is_written_runs_out_of_the_picture(picture, long):
    drawn = matrix_figure(picture, view(title=long, field=long, start=long))

    outside = [
        text
        for text, left, bottom, right, top in boxes(drawn)
        if left < 0 or bottom < 0 or right > drawn.bbox.width or top > drawn.bbox.height
    ]
    assert outside == []
    assert len([text for text in words(drawn) if text.endswith(ELLIPSIS)]) >= 3


def test_a_number_fits_into_its_mark():
    crowd = layout([point(n, 1 + n / 100, 3) for n in range(1, 121)], scale=SCALE)
    size = 2 * 2 * crowd.radius

    drawn = matrix_figure(crowd, view())

    wide = [
        text
        for text, left, _, right, _ in boxes(drawn)
        if text.isdigit() and int(text) > 5 and right - left > size
    ]
    assert wide == []


def test_a_text_is_cut_where_it_stops_fitting():
    short = cut("Digitale Infrastruktur", 12, 80)

    assert short == "Digitale Inf…"
    assert width_of(short, 12) <= 80 < width_of("Digitale Infr…", 12)
    assert cut("  two \n words ", 12, 500) == "two words"
    assert cut("W", 12, 1) == ELLIPSIS


def test_a_text_is_folded_between_words_and_the_last_line_is_cut():
    assert folded("one two", 12, 500, 2) == ["one two"]
    assert folded("", 12, 500, 2) == []
    lines = folded("alpha beta gamma delta epsilon", 12, 90, 2)
    assert (lines[0], lines[1][-1]) == ("alpha beta", ELLIPSIS)
    assert max(width_of(line, 12, "bold") for line in lines) <= 90


def hexadecimal(oklch):
    """Colour as #rrggbb; Björn Ottosson, "A perceptual color space for image processing" (2020)."""
    light, chroma, hue = (float(number) for number in re.findall(r"[\d.]+", oklch))
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (light / 100 + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light / 100 - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light / 100 - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    curved = [12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear]
    return "#" + "".join(f"{round(255 * min(max(c, 0), 1)):02x}" for c in curved)


def test_the_files_colours_are_those_of_the_light_theme():
    kern = dict(
        re.findall(
            r"--(kern-color-[\w-]+):\s*(oklch\([^)]*\))",
            (ROOT / "static/vendor/kern/kern.min.css").read_text("utf-8"),
        )
    )
    tokens = {
        name: hexadecimal(kern[light])
        for name, light in re.findall(
            r"--([\w-]+): light-dark\(var\(--(kern-color-[\w-]+)\)",
            (ROOT / "static/css/tokens.css").read_text("utf-8"),
        )
        if light in kern
    }

    assert tuple(tokens[f"series-{n}"] for n in range(1, 13)) == colours.SERIES
    assert {key: tokens[f"quadrant-{key}"] for key in colours.QUADRANTS} == colours.QUADRANTS


def test_a_worker_that_serves_pages_does_not_load_matplotlib():
    program = (
        "import django; django.setup(); import sys; import bingen_strategy.urls;"
        "print(sorted({'matplotlib'} & set(sys.modules)))"
    )

    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert run.stdout == "[]\n"


def test_what_the_font_cannot_draw_is_left_out():
    assert cut("Bingen 🇩🇪 👨‍👩‍👧 plant 🦄", 20, 900) == "Bingen plant"
    assert folded("🦄 Straße – Ελλάδα", 20, 900, 2) == ["Straße – Ελλάδα"]
