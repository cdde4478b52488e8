"""The matrix as SVG: its marks, and what lies around and beneath them.

Every text passes through ``fill``, which escapes it. Coordinates are written with a dot, whatever
the language of the page.

For js/matrix-draw.js what moves lies in ``matrix__window``: the plane as a whole, in it everything
that stretches, and beside it what keeps its size and is only put elsewhere.

The picture is drawn twice, wide and for a phone; style sheets show one. What a mark says and its
card shows stands in the wide one alone, which is always there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from measures.markup import KEPT, fill, join, piece
from measures.matrix.layout import PHONE, WIDE, Mark, MatrixLayout
from measures.matrix.overlay import HEAD
from measures.matrix.quadrants import RIGHT, name_spot
from measures.matrix.shapes import shape_path
from measures.matrix.titles import GAP, LINE, Label, shortened, width_of
from measures.models import Outcome
from measures.numbers import number_writer
from measures.overview import Overview, Row

BASE = 0.79  # of a line's height, from its upper edge to the line that letters stand on

_MATRIX = piece("""
    <svg class="matrix{kind}" viewBox="0 0 {width} {height}" role="group" aria-label="{label}"
      data-matrix="" data-domain="{domain}" data-low="{low}" data-reach="{reach}">
      {frame}
      <g class="matrix__window">
        <g class="matrix__plane" aria-hidden="true">
          {quadrants}{regions}{thresholds}{spread}{shafts}
        </g>
        {leaders}
        <g class="matrix__heads" aria-hidden="true">{heads}</g>
        <g class="matrix__marks">{marks}</g>
        <g class="matrix__titles" aria-hidden="true" font-size="{letters}">{titles}</g>
      </g>
    </svg>
""")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a picture shows beside the marks' places.

    ``url`` makes an address from a measure's number. ``extra`` holds by the measure's id what the
    mark's name and its card end with, ``outcomes`` what was decided as far as the reader knows it.
    ``titles`` are those of one layout. The quartiles are drawn where ``has_spread``.
    """

    url: Callable[[int], str]
    extra: Mapping[int, str] = field(default_factory=dict)
    outcomes: Mapping[int, str] = field(default_factory=dict)
    titles: Sequence[Label] = ()
    has_spread: bool = False


def matrix_svg(matrix: MatrixLayout, overview: Overview, drawn: Drawn) -> SafeString:
    """Return the matrix with a mark for each measure of the layout; ``overview`` has their rows."""
    is_phone = matrix.canvas is PHONE
    names = tuple(overview.quadrant_names.items())
    return fill(
        _MATRIX,
        **_ground(matrix, names, drawn.has_spread, get_language()),
        marks=(_plain_marks if is_phone else _marks)(matrix, overview, drawn),
        titles=_titles(matrix, overview, drawn),
    )


@lru_cache(maxsize=32)
def _ground(
    matrix: MatrixLayout,
    names: tuple[tuple[str, str], ...],
    has_spread: bool,
    _language: str | None,
) -> dict[str, object]:
    """Draw all but marks and titles, anew only where a mark, a name or a threshold has moved."""
    kinds = (" matrix--crowded" * matrix.is_crowded, " matrix--phone" * (matrix.canvas is PHONE))
    return {
        "kind": "".join(kinds),
        "width": matrix.width,
        "height": matrix.height,
        "label": _("Priority matrix: feasibility to the right, relevance upwards"),
        "domain": " ".join(map(str, (*matrix.x_domain, *matrix.y_domain))),
        "low": matrix.scale.low,
        "reach": matrix.radius,
        "frame": matrix_frame(matrix, dict(names)),
        "quadrants": quadrants(matrix),
        "regions": join(_region(mark) for mark in matrix.regions),
        "thresholds": thresholds(matrix),
        "spread": _spread(matrix) if has_spread else "",
        "shafts": join(_shaft(mark) for mark in matrix.arrows),
        "leaders": leaders(matrix),
        "heads": join(_ring(mark) if matrix.is_joined else _head(mark) for mark in matrix.arrows),
        "letters": matrix.canvas.letters,
    }


_QUADRANT = '<rect class="quadrant--{quadrant}" x="{x}" y="{y}" width="{width}" height="{height}"/>'


def quadrants(matrix: MatrixLayout) -> SafeString:
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
      text-anchor="{anchor}">{name}</text>
""")


def _names(matrix: MatrixLayout, names: Mapping[str, str]) -> SafeString:
    """Write the quadrants' names around the plot; shortened where an axis's own name stands."""
    canvas, written = matrix.canvas, []
    room = matrix.frame.width / 2 - 2 * GAP
    for quadrant, frame in matrix.quadrants.items():
        x, y = name_spot(quadrant, frame, matrix.foot)
        anchor = "end" if quadrant in RIGHT else "start"
        shared = _axis_width(matrix) / 2 if y == matrix.foot and canvas is WIDE else 0
        name = shortened(names[quadrant], canvas.letters, room - shared)
        written.append(fill(_NAME, quadrant=quadrant, x=x, y=y, anchor=anchor, name=name))
    return join(written)


def _axis_width(matrix: MatrixLayout) -> float:
    return width_of(feasibility_name(matrix), matrix.canvas.letters)


def feasibility_name(matrix: MatrixLayout) -> str:
    """Name the axis to the right; where either shows less than the scale, it says so."""
    if not matrix.is_part:
        return f"{_('Feasibility')} →"
    note = _("part of the scale %(low)d to %(high)d")
    note %= {"low": matrix.scale.low, "high": matrix.scale.high}
    return f"{_('Feasibility')} → ({note})"


_FRAME = piece("""
    <g class="matrix__around" aria-hidden="true">
      {names}
      <rect class="matrix__frame" x="{left}" y="{top}" width="{width}" height="{height}"/>
      <g class="matrix__ticks">{x_ticks}</g>
      <g class="matrix__ticks">{y_ticks}</g>
      <text class="matrix__axis" x="{middle_x}" y="{bottom}"
        text-anchor="middle">{feasibility}</text>
      <text class="matrix__axis" transform="translate({aside} {middle_y}) rotate(-90)"
        text-anchor="middle">{relevance} →</text>
    </g>
""")
_TICK = piece("""
    <text class="matrix__tick" x="{x}" y="{y}" text-anchor="{anchor}" dy="0.32em">{step}</text>
""")


def matrix_frame(matrix: MatrixLayout, names: Mapping[str, str]) -> SafeString:
    """Draw the plot's edge and what is written around it; ``names`` are those of the quadrants."""
    frame, letters = matrix.frame, matrix.canvas.letters
    return fill(
        _FRAME,
        names=_names(matrix, names),
        left=frame.left,
        top=frame.top,
        width=frame.width,
        height=frame.height,
        x_ticks=join(
            fill(_TICK, x=x, y=frame.bottom + letters, anchor="middle", step=step)
            for step, x in matrix.x_ticks.items()
        ),
        y_ticks=join(
            fill(_TICK, x=frame.left - letters / 2, y=y, anchor="end", step=step)
            for step, y in matrix.y_ticks.items()
        ),
        middle_x=(frame.left + frame.right) // 2,
        middle_y=(frame.top + frame.bottom) // 2,
        bottom=matrix.foot if matrix.canvas is WIDE else matrix.height - 8,
        aside=letters,
        feasibility=feasibility_name(matrix),
        relevance=_("Relevance"),
    )


_THRESHOLDS = '<path class="matrix__threshold" d="M{x} {top}V{bottom}M{left} {y}H{right}"/>'


def thresholds(matrix: MatrixLayout) -> SafeString:
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


_LEADERS = piece("""
    <path class="matrix__leader" aria-hidden="true" d="{lines}"/>
    <path class="matrix__true" aria-hidden="true" d="{dots}"/>
""")


def leaders(matrix: MatrixLayout) -> SafeString:
    """Draw, likewise, the lines to the marks that made room, with a dot at the true place of each.

    The dots are lines of no length with round ends.
    """
    away = [mark for mark in matrix.marks if mark.displaced]
    return fill(
        _LEADERS,
        lines="".join(f"M{m.true_x} {m.true_y}L{m.x} {m.y}" for m in away),
        dots="".join(f"M{m.true_x} {m.true_y}h0" for m in away),
    )


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
    <a class="mark series-{colour}{kind}" id="mark-{measure}" href="{url}" aria-label="{name}"
      data-measure="{measure}" data-name="{title}" data-field="{field}"
      data-quadrant="{quadrant}" data-rank="{rank}" data-n="{n}"
      data-relevance="{relevance}" data-feasibility="{feasibility}"
      data-means="{relevance_mean} {feasibility_mean}"{extra}
      transform="translate({x} {y})"{reach}{true}>{sign}</a>
""")
_PLAIN_MARK = piece("""
    <a class="mark series-{colour}{kind}" href="{url}" aria-labelledby="mark-{measure}"
      data-measure="{measure}" transform="translate({x} {y})"{reach}{true}>{sign}</a>
""")
_EXTRA = ' data-extra="{told}"'
_REACH = ' data-reach="{reach}"'
_TRUE = ' data-true="{x} {y}"'
_OUTLINE = '<path class="outline" d="{shape}"/>'
_SHAPE = '<path class="marker" d="{shape}"/>'
_NUMBER = '<text class="marker-label" font-size="{size}">{label}</text>'


def kind_of(mark: Mark, outcome: str | None) -> str:
    """Return the classes that say whether a mark is among the best, and what was decided."""
    return " mark--best" * mark.is_best + (f" mark--{outcome}" if outcome else "")


@lru_cache(maxsize=KEPT)
def sign(shape: str, radius: int, reach: int, label: str) -> SafeString:
    """Draw what is seen of a mark: an outline where it reaches further, its shape, its number."""
    outline = fill(_OUTLINE, shape=shape_path(shape, 0, 0, reach - 1)) if reach > radius else ""
    number = fill(_NUMBER, size=letter_size(label, radius), label=label) if label else ""
    drawn = fill(_SHAPE, shape=shape_path(shape, 0, 0, radius))
    return SafeString(f"{outline}{drawn}{number}")


def letter_size(label: str, radius: int) -> float:
    """Three digits fit the narrowest shape only when they are smaller."""
    return round(radius * (1.1 if len(label) < 3 else 0.8), 1)


def _plain_marks(matrix: MatrixLayout, overview: Overview, drawn: Drawn) -> SafeString:
    """Draw marks that say what those of the wide picture do; only the best have a number."""
    numbers = {row.measure.pk: row.measure.number for row in overview.rows}
    return join(
        _plain_mark(
            mark,
            drawn.url(numbers[mark.measure]),
            kind_of(mark, drawn.outcomes.get(mark.measure)),
            matrix.radius,
        )
        for mark in matrix.marks
    )


@lru_cache(maxsize=KEPT)
def _plain_mark(mark: Mark, url: str, kind: str, least: int) -> SafeString:
    return fill(
        _PLAIN_MARK,
        colour=mark.colour + 1,
        kind=kind,
        url=url,
        measure=mark.measure,
        reach=_reach(mark, least),
        x=mark.x,
        y=mark.y,
        true=_true(mark),
        sign=sign(mark.shape, mark.radius, mark.reach, mark.label if mark.is_best else ""),
    )


def _reach(mark: Mark, least: int) -> SafeString | str:
    """Tell the script how far a mark reaches that is larger than most."""
    return fill(_REACH, reach=mark.reach) if mark.reach != least else ""


def _true(mark: Mark) -> SafeString | str:
    return fill(_TRUE, x=mark.true_x, y=mark.true_y) if mark.displaced else ""


def _marks(matrix: MatrixLayout, overview: Overview, drawn: Drawn) -> SafeString:
    """Draw the marks, each with its accessible name and what js/matrix-card.js shows of it."""
    usual = overview.usual_round
    rows = {row.measure.pk: row for row in overview.rows}
    words = _MarkWords(
        write=number_writer(),
        without_rank=_(
            "%(code)s %(title)s: relevance %(relevance)s, feasibility %(feasibility)s,"
            " %(quadrant)s, rated by %(n)d"
        ),
        sentence=_(
            "%(code)s %(title)s: rank %(rank)d, relevance %(relevance)s, feasibility"
            " %(feasibility)s, %(quadrant)s, rated by %(n)d"
        ),
        least=matrix.radius,
    )
    decided = {each: str(Outcome(each).label) for each in {*drawn.outcomes.values()}}

    def draw(mark: Mark) -> SafeString:
        row, outcome = rows[mark.measure], drawn.outcomes.get(mark.measure)
        spoken = (
            _round(row, usual),
            drawn.extra.get(mark.measure),
            decided[outcome] if outcome else None,
        )
        told = "; ".join(filter(None, spoken))
        title = f"{row.measure.code} {row.measure.title}"
        address, quadrant = drawn.url(row.measure.number), overview.quadrant_name(row)
        return _mark(words, mark, row, title, address, quadrant, told, kind_of(mark, outcome))

    return join(map(draw, matrix.marks))


class _MarkWords(NamedTuple):
    """What all marks have in common."""

    write: Callable[..., str]
    sentence: str
    without_rank: str
    least: int


@lru_cache(maxsize=KEPT)
def _mark(
    words: _MarkWords,
    mark: Mark,
    row: Row,
    title: str,
    url: str,
    quadrant: str,
    told: str,
    kind: str,
) -> SafeString:
    """Draw one mark. Where nothing in it has changed, it is found again: see ``KEPT``."""
    measure, result = row.measure, row.result
    relevance, feasibility = (
        words.write(spread.mean) for spread in (result.relevance, result.feasibility)
    )
    sentence = words.sentence if result.rank else words.without_rank
    name = sentence % {
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
        kind=kind,
        measure=mark.measure,
        url=url,
        name=f"{name}. {told}" if told else name,
        title=title,
        field=row.field_index,
        quadrant=result.quadrant,
        rank=result.rank or "",
        n=result.n,
        relevance=",".join(map(str, result.relevance.counts)),
        feasibility=",".join(map(str, result.feasibility.counts)),
        relevance_mean=relevance,
        feasibility_mean=feasibility,
        extra=fill(_EXTRA, told=told) if told else "",
        reach=_reach(mark, words.least),
        x=mark.x,
        y=mark.y,
        true=_true(mark),
        sign=sign(mark.shape, mark.radius, mark.reach, mark.label),
    )


def _round(row: Row, usual: int | None) -> str:
    """Name the round where it is another than that of most marks in the picture."""
    return _("result of round %(n)d") % {"n": row.round} if usual not in (None, row.round) else ""


_TITLE = piece("""
    <a class="title series-{colour}{kind}" href="{url}" tabindex="-1" data-measure="{measure}"
      transform="translate({x} {y})">{leader}<text text-anchor="{anchor}">{lines}</text></a>
""")
_TITLE_LEADER = '<path class="matrix__leader" d="M{line}"/>'
_LINE = '<tspan x="{x}" y="{y}">{line}</tspan>'


def _titles(matrix: MatrixLayout, overview: Overview, drawn: Drawn) -> SafeString:
    """Write the titles, each from its mark's place on: where the mark moves, its title follows."""
    marks = {mark.measure: mark for mark in matrix.marks}
    numbers = {row.measure.pk: row.measure.number for row in overview.rows}

    return join(
        _title(
            label,
            marks[label.measure],
            drawn.url(numbers[label.measure]),
            drawn.outcomes.get(label.measure),
            matrix.canvas.letters,
        )
        for label in drawn.titles
    )


@lru_cache(maxsize=512)
def _title(label: Label, mark: Mark, url: str, outcome: str | None, letters: int) -> SafeString:
    return fill(
        _TITLE,
        colour=mark.colour + 1,
        kind=f" mark--{outcome}" if outcome else "",
        url=url,
        measure=label.measure,
        x=mark.x,
        y=mark.y,
        leader=title_leader(label, mark.x, mark.y),
        anchor=label.anchor,
        lines=join(
            fill(_LINE, x=x, y=y, line=line)
            for x, y, line in written(label, letters, mark.x, mark.y)
        ),
    )


def written(
    label: Label, size: float, x: float = 0, y: float = 0
) -> Iterator[tuple[float, float, str]]:
    """Yield the title's lines with their places on the base line, seen from (x, y)."""
    top = label.y - len(label.lines) * LINE * size / 2
    for number, line in enumerate(label.lines):
        base = top + (number + BASE) * LINE * size
        yield round(label.x - x, 1), round(base - y, 1), line


def title_leader(label: Label, x: float = 0, y: float = 0) -> SafeString:
    """Draw the line to the title, seen from (x, y)."""
    if not label.leader:
        return SafeString()
    spots = (f"{round(at_x - x, 1)} {round(at_y - y, 1)}" for at_x, at_y in label.leader)
    return fill(_TITLE_LEADER, line="L".join(spots))
