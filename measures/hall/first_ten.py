"""The first ten on a phone: a list, and a picture in which the same numbers lie."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from measures.markup import fill, join, piece
from measures.matrix.layout import PHONE, Mark, MatrixLayout
from measures.matrix.markup import leaders, matrix_frame, thresholds
from measures.overview import Overview, Row, overview_of
from measures.results.picture import Sheet, best_of, by_rank, laid_out, summary_of
from workshops.models import Workshop

_PICTURE = piece("""
    <svg class="matrix" viewBox="0 0 {width} {height}" role="img" aria-label="{label}"
      font-size="{letters}">
      {frame}{thresholds}{leaders}{marks}
    </svg>
""")
_DOT = '<circle class="dot" cx="{x}" cy="{y}" r="{radius}"/>'
_DISC = piece("""
    <circle class="disc" cx="{x}" cy="{y}" r="{radius}"/>
    <text class="disc__number" x="{x}" y="{y}" dy="0.35em" text-anchor="middle"
      font-size="{size}">{label}</text>
""")


@dataclass(frozen=True, slots=True)
class FirstTen:
    """The best of all ``ranked`` measures, each with its place; no picture where none has one."""

    rows: Sequence[tuple[str, Row]]
    ranked: int
    picture: SafeString | None
    is_split: bool


def first_ten(workshop: Workshop) -> FirstTen:
    """Return what a phone shows of the results. At most 10 queries."""
    overview = overview_of(workshop)
    ranked = by_rank(overview.rows)
    return FirstTen(
        rows=[(overview.place_of(row), row) for row in best_of(ranked)],
        ranked=len(ranked),
        picture=_picture(overview, ranked) if ranked else None,
        is_split=overview.is_split,
    )


def _picture(overview: Overview, ranked: Sequence[Row]) -> SafeString:
    [(matrix, _titles)] = laid_out(overview, ranked, Sheet(), (PHONE,))
    return fill(
        _PICTURE,
        width=matrix.width,
        height=matrix.height,
        letters=matrix.canvas.letters,
        label=summary_of(overview, ranked),
        frame=matrix_frame(matrix, overview.quadrant_names),
        thresholds=thresholds(matrix),
        leaders=leaders(matrix),
        marks=_marks(matrix),
    )


def _marks(matrix: MatrixLayout) -> SafeString:
    """Draw the best last, so that they lie on top."""
    return join(map(_mark, sorted(matrix.marks, key=lambda mark: mark.is_best)))


def _mark(mark: Mark) -> SafeString:
    if not mark.is_best:
        return fill(_DOT, x=mark.x, y=mark.y, radius=mark.radius)
    size = mark.radius * (1.3 if len(mark.label) < 3 else 0.95)
    return fill(
        _DISC, x=mark.x, y=mark.y, radius=mark.radius, size=round(size, 1), label=mark.label
    )
