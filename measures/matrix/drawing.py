"""The matrix as SVG, joined in Python: a template loop over 400 marks took four times as long.

Every text passes through ``format_html`` or ``join_rows``, which escape it. Coordinates are written
with a dot, whatever the language of the page.

For js/matrix-draw.js what moves lies in ``matrix__window``: the plane as a whole, in it everything
that stretches, and beside it what keeps its size and is only put elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from measures.markup import join_rows
from measures.matrix.layout import Mark, MatrixLayout
from measures.matrix.overlay import HEAD
from measures.matrix.shapes import shape_path

_HEAD = "M" + "L".join(f"{x} {y}" for x, y in HEAD) + "Z"
_RING = "M-3.5 0A3.5 3.5 0 0 1 3.5 0A3.5 3.5 0 0 1 -3.5 0Z"


@dataclass(frozen=True, slots=True)
class MarkText:
    """What a mark says: its accessible name, where Enter leads, and what js/matrix-card.js shows.

    ``field`` is the series, ``relevance`` and ``feasibility`` hold one frequency per step,
    ``means`` both means as they are read; ``extra`` is a sentence of its own.
    """

    name: str
    url: str
    title: str
    field: int
    quadrant: str
    rank: int
    n: int
    relevance: Sequence[int]
    feasibility: Sequence[int]
    means: tuple[str, str]
    extra: str = ""


def draw(
    picture: MatrixLayout, texts: Mapping[int, MarkText], quadrant_names: Mapping[str, str]
) -> SafeString:
    """Return the picture as one ``<svg>``; ``texts`` by the measure's id."""
    return format_html(
        '<svg class="matrix{}" viewBox="0 0 {} {}" role="group" aria-label="{}" data-matrix=""'
        ' data-domain="{} {}" data-radius="{}"><g class="matrix__window">'
        '<g class="matrix__plane" aria-hidden="true">{}{}{}{}</g>{}{}{}'
        '<g class="matrix__marks">{}</g></g>{}</svg>',
        " matrix--crowded" if picture.is_crowded else "",
        picture.width,
        picture.height,
        _("Priority matrix: feasibility to the right, relevance upwards"),
        *map(str, picture.domain),
        picture.radius,
        _quadrants(picture),
        _regions(picture),
        _plane_lines(picture),
        _shafts(picture),
        _names(picture, quadrant_names),
        _leaders(picture.marks),
        _heads(picture),
        _marks(picture, texts),
        _axes(picture),
    )


def _quadrants(picture: MatrixLayout) -> SafeString:
    return join_rows(
        "",
        '<rect class="quadrant--{}" x="{}" y="{}" width="{}" height="{}"/>',
        ((b.quadrant, str(b.x), str(b.y), str(b.width), str(b.height)) for b in picture.quadrants),
    )


def _names(picture: MatrixLayout, names: Mapping[str, str]) -> SafeString:
    return join_rows(
        "",
        '<text class="matrix__quadrant" data-quadrant="{}" x="{}" y="{}" text-anchor="{}"'
        ' dominant-baseline="middle">{}</text>',
        (
            (b.quadrant, str(b.label_x), str(b.label_y), b.anchor, names[b.quadrant])
            for b in picture.quadrants
        ),
    )


def _axes(picture: MatrixLayout) -> SafeString:
    frame = picture.frame
    middle_x, middle_y = (frame.left + frame.right) // 2, (frame.top + frame.bottom) // 2
    tick = '<text class="matrix__tick" x="{}" y="{}" text-anchor="{}" dy="0.32em">{}</text>'
    across = [(str(t.position), frame.bottom + 22, "middle", t.step) for t in picture.x_ticks]
    along = [(frame.left - 12, str(t.position), "end", t.step) for t in picture.y_ticks]
    return format_html(
        '<g aria-hidden="true"><rect class="matrix__frame" x="{}" y="{}" width="{}" height="{}"/>'
        '<g class="matrix__ticks">{}</g><g class="matrix__ticks">{}</g>'
        '<text class="matrix__axis" x="{}" y="{}" text-anchor="middle">{} →</text>'
        '<text class="matrix__axis" transform="translate({} {}) rotate(-90)"'
        ' text-anchor="middle">{} →</text></g>',
        frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top,
        join_rows("", tick, across), join_rows("", tick, along),
        middle_x, picture.height - 10, _("Feasibility"),
        20, middle_y, _("Relevance"),
    )  # fmt: skip


def _plane_lines(picture: MatrixLayout) -> SafeString:
    """Draw thresholds and all spread lines as two paths: fewer nodes than one for each mark."""
    frame = picture.frame
    spread = "".join(
        f"M{m.x_low} {m.true_y}H{m.x_high}M{m.true_x} {m.y_low}V{m.y_high}" for m in picture.marks
    )
    return mark_safe(  # numbers only
        f'<path class="matrix__threshold" d="M{picture.x_threshold} {frame.top}V{frame.bottom}'
        f'M{frame.left} {picture.y_threshold}H{frame.right}"/>'
        f'<path class="matrix__spread" d="{spread}"/>'
    )


def _regions(picture: MatrixLayout) -> SafeString:
    return join_rows(
        "",
        '<path class="matrix__region series-{}" data-measure="{}" d="M{}Z"/>',
        (
            (r.colour + 1, r.measure, "L".join(f"{x} {y}" for x, y in r.corners))
            for r in picture.regions
        ),
    )


def _shafts(picture: MatrixLayout) -> SafeString:
    return join_rows(
        "",
        '<path class="matrix__arrow series-{}" data-measure="{}" d="M{} {}L{} {}"/>',
        (
            (a.colour + 1, a.measure, str(a.x), str(a.y), str(a.true_x), str(a.true_y))
            for a in picture.arrows
        ),
    )


def _heads(picture: MatrixLayout) -> SafeString:
    """Draw what keeps its size at an arrow's end, or the ring where a plain line begins."""
    if picture.is_joined:
        row = '<path class="matrix__ring series-{}" data-measure="{}" d="{}"'
        row += ' transform="translate({} {})"/>'
        rows = ((a.colour + 1, a.measure, _RING, str(a.x), str(a.y)) for a in picture.arrows)
    else:
        row = '<path class="matrix__head series-{}" data-measure="{}" d="{}"'
        row += ' transform="translate({} {}) rotate({}) translate({})"/>'
        rows = (
            (
                a.colour + 1, a.measure, _HEAD,
                str(a.true_x), str(a.true_y), str(a.angle), str(-a.gap),
            )
            for a in picture.arrows
        )  # fmt: skip
    return format_html(
        '<g class="matrix__heads" aria-hidden="true">{}</g>', join_rows("", row, rows)
    )


def _leaders(marks: Sequence[Mark]) -> SafeString:
    leaders = "".join(f"M{m.true_x} {m.true_y}L{m.x} {m.y}" for m in marks if m.moved)
    return mark_safe(  # numbers only
        f'<path class="matrix__leader" aria-hidden="true" d="{leaders}"/>'
    )


def _marks(picture: MatrixLayout, texts: Mapping[int, MarkText]) -> SafeString:
    looks = {mark.shape for mark in picture.marks}
    shapes = {shape: shape_path(shape, 0, 0, picture.radius) for shape in looks}
    return join_rows(
        "",
        '<a class="mark series-{}" id="mark-{}" href="{}" aria-label="{}" data-measure="{}"'
        ' data-name="{}" data-field="{}" data-quadrant="{}" data-rank="{}" data-n="{}"'
        ' data-relevance="{}" data-feasibility="{}" data-means="{} {}"{}'
        ' transform="translate({} {})"{}><path class="marker" d="{}"/>'
        '<text class="marker-label" font-size="{}">{}</text></a>',
        (_mark(mark, texts[mark.measure], shapes, picture.radius) for mark in picture.marks),
    )


def _mark(mark: Mark, text: MarkText, shapes: Mapping[str, str], radius: int) -> tuple:
    return (
        mark.colour + 1, mark.measure, text.url, text.name, mark.measure,
        text.title, text.field, text.quadrant, text.rank, text.n,
        ",".join(map(str, text.relevance)), ",".join(map(str, text.feasibility)), *text.means,
        format_html(' data-extra="{}"', text.extra) if text.extra else "",
        mark.x, mark.y,
        SafeString(f' data-true="{mark.true_x} {mark.true_y}"') if mark.moved else "",
        shapes[mark.shape], _letter_size(mark.label, radius), mark.label,
    )  # fmt: skip


def _letter_size(label: str, radius: int) -> float:
    """Three digits fit the narrowest shape only when they are smaller."""
    return round(radius * (1 if len(label) < 3 else 0.8), 1)
