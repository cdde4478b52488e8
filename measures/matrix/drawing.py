"""The matrix as SVG, joined in Python: a template loop over 400 marks took four times as long.

Every text passes through ``format_html`` or ``join_rows``, which escape it. Coordinates are written
with a dot, whatever the language of the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from measures.matrix.layout import Mark, MatrixLayout
from measures.matrix.shapes import shape_path
from measures.results.markup import join_rows


@dataclass(frozen=True, slots=True)
class MarkText:
    """What a mark says: its accessible name, and where Enter leads."""

    name: str
    url: str


def draw(
    picture: MatrixLayout, texts: Mapping[int, MarkText], quadrant_names: Mapping[str, str]
) -> SafeString:
    """Return the picture as one ``<svg>``; ``texts`` by the measure's id."""
    return format_html(
        '<svg class="matrix" viewBox="0 0 {} {}" role="group" aria-label="{}" data-matrix="">'
        "{}{}{}{}</svg>",
        picture.width,
        picture.height,
        _("Priority matrix: feasibility to the right, relevance upwards"),
        _quadrants(picture, quadrant_names),
        _axes(picture),
        _lines(picture.marks),
        _marks(picture, texts),
    )


def _quadrants(picture: MatrixLayout, names: Mapping[str, str]) -> SafeString:
    return join_rows(
        "",
        '<rect class="quadrant--{}" x="{}" y="{}" width="{}" height="{}"/>'
        '<text class="matrix__quadrant" x="{}" y="{}" text-anchor="{}"'
        ' dominant-baseline="middle">{}</text>',
        (
            (
                box.quadrant, str(box.x), str(box.y), str(box.width), str(box.height),
                str(box.label_x), str(box.label_y), box.anchor, names[box.quadrant],
            )
            for box in picture.quadrants
        ),
    )  # fmt: skip


def _axes(picture: MatrixLayout) -> SafeString:
    frame = picture.frame
    middle_x, middle_y = (frame.left + frame.right) // 2, (frame.top + frame.bottom) // 2
    ticks = [
        (str(t.position), str(frame.bottom + 22), "middle", str(t.step)) for t in picture.x_ticks
    ]
    ticks += [(str(frame.left - 12), str(t.position), "end", str(t.step)) for t in picture.y_ticks]
    return format_html(
        '<g aria-hidden="true">{}'
        '<path class="matrix__threshold" d="M{} {}V{}M{} {}H{}"/>'
        '<rect class="matrix__frame" x="{}" y="{}" width="{}" height="{}"/>'
        '<text class="matrix__axis" x="{}" y="{}" text-anchor="middle">{} →</text>'
        '<text class="matrix__axis" transform="translate({} {}) rotate(-90)"'
        ' text-anchor="middle">{} →</text></g>',
        join_rows(
            "",
            '<text class="matrix__tick" x="{}" y="{}" text-anchor="{}"'
            ' dominant-baseline="middle">{}</text>',
            ticks,
        ),
        str(picture.x_threshold), frame.top, frame.bottom,
        frame.left, str(picture.y_threshold), frame.right,
        frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top,
        middle_x, picture.height - 10, _("Feasibility"),
        20, middle_y, _("Relevance"),
    )  # fmt: skip


def _lines(marks: Sequence[Mark]) -> SafeString:
    """Draw all spread lines and leaders as two paths: fewer nodes, and marks lie on top."""
    spread = "".join(
        f"M{m.x_low} {m.true_y}H{m.x_high}M{m.true_x} {m.y_low}V{m.y_high}" for m in marks
    )
    leaders = "".join(f"M{m.true_x} {m.true_y}L{m.x} {m.y}" for m in marks if m.moved)
    return mark_safe(  # numbers only
        f'<g aria-hidden="true"><path class="matrix__spread" d="{spread}"/>'
        f'<path class="matrix__leader" d="{leaders}"/></g>'
    )


def _marks(picture: MatrixLayout, texts: Mapping[int, MarkText]) -> SafeString:
    looks = {mark.shape for mark in picture.marks}
    shapes = {shape: shape_path(shape, 0, 0, picture.radius) for shape in looks}
    return join_rows(
        "",
        '<a class="mark series-{}" id="mark-{}" href="{}" aria-label="{}" data-measure="{}"'
        ' data-up="{}" data-right="{}" data-down="{}" data-left="{}"'
        ' transform="translate({} {})"><path class="marker" d="{}"/>'
        '<text class="marker-label" font-size="{}">{}</text></a>',
        (
            (
                mark.colour + 1, mark.measure, texts[mark.measure].url, texts[mark.measure].name,
                mark.measure,
                mark.neighbours.up or "", mark.neighbours.right or "",
                mark.neighbours.down or "", mark.neighbours.left or "",
                mark.x, mark.y, shapes[mark.shape],
                _letter_size(mark.label, picture.radius), mark.label,
            )
            for mark in picture.marks
        ),
    )  # fmt: skip


def _letter_size(label: str, radius: int) -> float:
    """Three digits fit the narrowest shape only when they are smaller."""
    return round(radius * (1 if len(label) < 3 else 0.8), 1)
