"""The matrix as SVG: its marks, and what lies around and beneath them.

Every text passes through ``fill``, which escapes it. Coordinates are written with a dot, whatever
the language of the page.

For js/matrix-draw.js what moves lies in ``matrix__window``: the plane as a whole, in it everything
that stretches, and beside it what keeps its size and is only put elsewhere.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measures.markup import KEPT, fill, join, piece
from measures.matrix.layout import Mark, MatrixLayout
from measures.matrix.overlay import HEAD
from measures.matrix.quadrants import RIGHT, name_spot
from measures.matrix.shapes import shape_path
from measures.numbers import number_writer
from measures.overview import Overview, Row

_MATRIX = piece("""
    <svg class="matrix{crowded}" viewBox="0 0 {width} {height}" role="group" aria-label="{label}"
      data-matrix="" data-domain="{low} {high}" data-radius="{radius}">
      <g class="matrix__window">
        <g class="matrix__plane" aria-hidden="true">
          {quadrants}{regions}{thresholds}{spread}{shafts}
        </g>
        {names}{leaders}
        <g class="matrix__heads" aria-hidden="true">{heads}</g>
        <g class="matrix__marks">{marks}</g>
      </g>
      {axes}
    </svg>
""")


def matrix_svg(
    matrix: MatrixLayout,
    overview: Overview,
    url: Callable[[int], str],
    extra: Mapping[int, str],
) -> SafeString:
    """Return the matrix with a mark for each measure of the layout; ``overview`` has their rows.

    ``url`` makes an address from a measure's number. ``extra`` holds by the measure's id a sentence
    that the mark's name and its card end with.
    """
    return fill(
        _MATRIX,
        crowded=" matrix--crowded" if matrix.is_crowded else "",
        width=matrix.width,
        height=matrix.height,
        label=_("Priority matrix: feasibility to the right, relevance upwards"),
        low=matrix.domain[0],
        high=matrix.domain[1],
        radius=matrix.radius,
        quadrants=_quadrants(matrix),
        regions=join(_region(mark) for mark in matrix.regions),
        thresholds=_thresholds(matrix),
        spread=_spread(matrix),
        shafts=join(_shaft(mark) for mark in matrix.arrows),
        names=_names(matrix, overview),
        leaders=_leaders(matrix),
        heads=join(_ring(mark) if matrix.is_joined else _head(mark) for mark in matrix.arrows),
        marks=_marks(matrix, overview, url, extra),
        axes=_axes(matrix),
    )


_QUADRANT = '<rect class="quadrant--{quadrant}" x="{x}" y="{y}" width="{width}" height="{height}"/>'


def _quadrants(matrix: MatrixLayout) -> SafeString:
    return join(
        fill(
            _QUADRANT,
            quadrant=quadrant,
            x=frame.left,
            y=frame.top,
            width=frame.width,
            height=frame.height,
        )
        for quadrant, frame in matrix.quadrants.items()
    )


_NAME = piece("""
    <text class="matrix__quadrant" data-quadrant="{quadrant}" x="{x}" y="{y}"
      text-anchor="{anchor}" dominant-baseline="middle">{name}</text>
""")


def _names(matrix: MatrixLayout, overview: Overview) -> SafeString:
    names = []
    for quadrant, frame in matrix.quadrants.items():
        x, y = name_spot(quadrant, frame)
        anchor = "end" if quadrant in RIGHT else "start"
        name = overview.quadrant_names[quadrant]
        names.append(fill(_NAME, quadrant=quadrant, x=x, y=y, anchor=anchor, name=name))
    return join(names)


_AXES = piece("""
    <g aria-hidden="true">
      <rect class="matrix__frame" x="{left}" y="{top}" width="{width}" height="{height}"/>
      <g class="matrix__ticks">{x_ticks}</g>
      <g class="matrix__ticks">{y_ticks}</g>
      <text class="matrix__axis" x="{middle_x}" y="{bottom}"
        text-anchor="middle">{feasibility} →</text>
      <text class="matrix__axis" transform="translate(20 {middle_y}) rotate(-90)"
        text-anchor="middle">{relevance} →</text>
    </g>
""")
_TICK = piece("""
    <text class="matrix__tick" x="{x}" y="{y}" text-anchor="{anchor}" dy="0.32em">{step}</text>
""")


def _axes(matrix: MatrixLayout) -> SafeString:
    frame, below, beside = matrix.frame, matrix.frame.bottom + 22, matrix.frame.left - 12
    return fill(
        _AXES,
        left=frame.left,
        top=frame.top,
        width=frame.width,
        height=frame.height,
        x_ticks=join(
            fill(_TICK, x=x, y=below, anchor="middle", step=step)
            for step, x in matrix.x_ticks.items()
        ),
        y_ticks=join(
            fill(_TICK, x=beside, y=y, anchor="end", step=step)
            for step, y in matrix.y_ticks.items()
        ),
        middle_x=(frame.left + frame.right) // 2,
        middle_y=(frame.top + frame.bottom) // 2,
        bottom=matrix.height - 10,
        feasibility=_("Feasibility"),
        relevance=_("Relevance"),
    )


_THRESHOLDS = '<path class="matrix__threshold" d="M{x} {top}V{bottom}M{left} {y}H{right}"/>'


def _thresholds(matrix: MatrixLayout) -> SafeString:
    frame = matrix.frame
    return fill(
        _THRESHOLDS,
        x=matrix.x_threshold,
        y=matrix.y_threshold,
        left=frame.left,
        top=frame.top,
        right=frame.right,
        bottom=frame.bottom,
    )


def _spread(matrix: MatrixLayout) -> SafeString:
    """Draw all spread lines as one path: fewer nodes than one for each mark."""
    lines = "".join(
        f"M{m.x_low} {m.true_y}H{m.x_high}M{m.true_x} {m.y_low}V{m.y_high}" for m in matrix.marks
    )
    return fill('<path class="matrix__spread" d="{lines}"/>', lines=lines)


def _leaders(matrix: MatrixLayout) -> SafeString:
    """Draw, likewise, the lines to the marks that made room."""
    lines = "".join(f"M{m.true_x} {m.true_y}L{m.x} {m.y}" for m in matrix.marks if m.displaced)
    return fill('<path class="matrix__leader" aria-hidden="true" d="{lines}"/>', lines=lines)


_REGION = '<path class="matrix__region series-{colour}" data-measure="{measure}" d="M{corners}Z"/>'


def _region(mark: Mark) -> SafeString:
    corners = "L".join(f"{x} {y}" for x, y in mark.region)
    return fill(_REGION, colour=mark.colour + 1, measure=mark.measure, corners=corners)


_SHAFT = piece("""
    <path class="matrix__arrow series-{colour}" data-measure="{measure}"
      d="M{x} {y}L{true_x} {true_y}"/>
""")


def _shaft(mark: Mark) -> SafeString:
    x, y = mark.origin
    return fill(
        _SHAFT,
        colour=mark.colour + 1,
        measure=mark.measure,
        x=x,
        y=y,
        true_x=mark.true_x,
        true_y=mark.true_y,
    )


_HEAD = piece("""
    <path class="matrix__head series-{colour}" data-measure="{measure}" d="{shape}"
      transform="translate({x} {y}) rotate({angle}) translate({back})"/>
""")
_HEAD_SHAPE = "M" + "L".join(f"{x} {y}" for x, y in HEAD) + "Z"


def _head(mark: Mark) -> SafeString:
    """Draw what keeps its size at the end of an arrow."""
    return fill(
        _HEAD,
        colour=mark.colour + 1,
        measure=mark.measure,
        shape=_HEAD_SHAPE,
        x=mark.true_x,
        y=mark.true_y,
        angle=mark.angle,
        back=-mark.gap,
    )


_RING = piece("""
    <path class="matrix__ring series-{colour}" data-measure="{measure}"
      d="M-3.5 0A3.5 3.5 0 0 1 3.5 0A3.5 3.5 0 0 1 -3.5 0Z" transform="translate({x} {y})"/>
""")


def _ring(mark: Mark) -> SafeString:
    """Draw where a plain line begins."""
    x, y = mark.origin
    return fill(_RING, colour=mark.colour + 1, measure=mark.measure, x=x, y=y)


_MARK = piece("""
    <a class="mark series-{colour}" id="mark-{measure}" href="{url}" aria-label="{name}"
      data-measure="{measure}" data-name="{title}" data-field="{field}"
      data-quadrant="{quadrant}" data-rank="{rank}" data-n="{n}"
      data-relevance="{relevance}" data-feasibility="{feasibility}"
      data-means="{relevance_mean} {feasibility_mean}"{extra}
      transform="translate({x} {y})"{true}>
      <path class="marker" d="{shape}"/>
      <text class="marker-label" font-size="{size}">{label}</text>
    </a>
""")
_EXTRA = ' data-extra="{told}"'
_TRUE = ' data-true="{x} {y}"'


def _marks(
    matrix: MatrixLayout,
    overview: Overview,
    url: Callable[[int], str],
    extra: Mapping[int, str],
) -> SafeString:
    """Draw the marks, each with its accessible name and what js/matrix-card.js shows of it."""
    usual = overview.usual_round
    rows = {row.measure.pk: row for row in overview.rows}
    looks = {mark.shape for mark in matrix.marks}
    shapes = {shape: shape_path(shape, 0, 0, matrix.radius) for shape in looks}
    words = _MarkWords(
        write=number_writer(),
        sentence=_(
            "%(code)s %(title)s: rank %(rank)d, relevance %(relevance)s, feasibility"
            " %(feasibility)s, %(quadrant)s, rated by %(n)d"
        ),
        radius=matrix.radius,
    )

    def draw(mark: Mark) -> SafeString:
        row = rows[mark.measure]
        told = "; ".join(filter(None, (_round(row, usual), extra.get(mark.measure))))
        title = f"{row.measure.code} {row.measure.title}"
        address, quadrant = url(row.measure.number), overview.quadrant_name(row)
        return _mark(words, mark, row, title, address, quadrant, told, shapes[mark.shape])

    return join(map(draw, matrix.marks))


class _MarkWords(NamedTuple):
    """What all marks have in common."""

    write: Callable[..., str]
    sentence: str
    radius: int


@lru_cache(maxsize=KEPT)
def _mark(
    words: _MarkWords,
    mark: Mark,
    row: Row,
    title: str,
    url: str,
    quadrant: str,
    told: str,
    shape: str,
) -> SafeString:
    """Draw one mark. Where nothing in it has changed, it is found again: see ``KEPT``."""
    measure, result = row.measure, row.result
    relevance, feasibility = (
        words.write(spread.mean) for spread in (result.relevance, result.feasibility)
    )
    name = words.sentence % {
        "code": measure.code,
        "title": measure.title,
        "rank": result.rank,
        "relevance": relevance,
        "feasibility": feasibility,
        "quadrant": quadrant,
        "n": result.n,
    }
    return fill(
        _MARK,
        colour=mark.colour + 1,
        measure=mark.measure,
        url=url,
        name=f"{name}. {told}" if told else name,
        title=title,
        field=row.field_index,
        quadrant=result.quadrant,
        rank=result.rank,
        n=result.n,
        relevance=",".join(map(str, result.relevance.counts)),
        feasibility=",".join(map(str, result.feasibility.counts)),
        relevance_mean=relevance,
        feasibility_mean=feasibility,
        extra=fill(_EXTRA, told=told) if told else "",
        x=mark.x,
        y=mark.y,
        true=fill(_TRUE, x=mark.true_x, y=mark.true_y) if mark.displaced else "",
        shape=shape,
        size=_letter_size(mark.label, words.radius),
        label=mark.label,
    )


def _round(row: Row, usual: int | None) -> str:
    """Name the round where it is another than that of most marks in the picture."""
    return _("result of round %(n)d") % {"n": row.round} if usual not in (None, row.round) else ""


def _letter_size(label: str, radius: int) -> float:
    """Three digits fit the narrowest shape only when they are smaller."""
    return round(radius * (1 if len(label) < 3 else 0.8), 1)
