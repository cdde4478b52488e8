"""The wall's pictures as SVG, without style attributes, which the content policy blocks.

Every text passes through ``fill``, which escapes it. Coordinates are written with a dot, whatever
the language of the page.
"""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measures.hall.wall import Columns, Reveal
from measures.markup import fill, join, piece
from measures.matrix.layout import Mark
from measures.matrix.quadrants import RIGHT, TOP
from measures.rating.turnout import Count
from workshops.models import Criterion

_MATRIX = piece("""
    <svg class="wall-matrix" viewBox="0 0 1000 1000" role="img" aria-label="{label}">
      {quadrants}
      <path class="wall-matrix__half"
        d="M{x_line} {top}V{bottom}M{left} {y_line}H{right}"/>
      <path class="wall-matrix__axis" d="M{left} {top}V{bottom}H{right}"/>
      {names}
      <text class="wall-matrix__name" x="{middle_x}" y="990" text-anchor="middle">{feasibility}
        →</text>
      <text class="wall-matrix__name" transform="translate(42 {middle_y}) rotate(-90)"
        text-anchor="middle">{relevance} →</text>
      <g class="wall-matrix__dots">{dots}</g>
      {marks}
    </svg>
""")
_QUADRANT = '<rect class="quadrant--{quadrant}" x="{x}" y="{y}" width="{width}" height="{height}"/>'
_NAME = '<text class="wall-matrix__quadrant" x="{x}" y="{y}" text-anchor="{anchor}">{name}</text>'
_DOT = '<circle cx="{x}" cy="{y}" r="{radius}"/>'
_MARK = piece("""
    <g class="wall-matrix__mark come come--{place}">
      {leader}
      <circle cx="{x}" cy="{y}" r="{radius}"/>
      <text x="{x}" y="{base}" text-anchor="middle">{label}</text>
    </g>
""")
_LEADER = piece("""
    <path class="wall-matrix__lead" d="M{true_x} {true_y}L{x} {y}"/>
    <circle class="wall-matrix__pin" cx="{true_x}" cy="{true_y}" r="5"/>
""")
INSET = 20  # from a corner of the plot to the name of its quadrant


def matrix_svg(reveal: Reveal) -> SafeString:
    """Return the matrix with the first ten as numbered discs, the others as dots."""
    matrix, frame = reveal.matrix, reveal.matrix.frame
    return fill(
        _MATRIX,
        label=_(
            "Priority matrix: feasibility to the right, relevance upwards. The first ones stand in"
            " the list beside it."
        ),
        quadrants=join(
            fill(
                _QUADRANT,
                quadrant=str(quadrant),
                x=each.left,
                y=each.top,
                width=each.width,
                height=each.height,
            )
            for quadrant, each in matrix.quadrants.items()
        ),
        names=_names(reveal),
        left=frame.left,
        right=frame.right,
        top=frame.top,
        bottom=frame.bottom,
        x_line=matrix.x_threshold,
        y_line=matrix.y_threshold,
        middle_x=(frame.left + frame.right) / 2,
        middle_y=(frame.top + frame.bottom) / 2,
        feasibility=str(Criterion.FEASIBILITY.label),
        relevance=str(Criterion.RELEVANCE.label),
        dots=join(fill(_DOT, x=dot.x, y=dot.y, radius=dot.radius) for dot in reveal.dots),
        marks=join(_mark(mark, place) for place, mark in enumerate(reveal.marks)),
    )


def _names(reveal: Reveal) -> SafeString:
    names = []
    for quadrant, frame in reveal.matrix.quadrants.items():
        is_right, is_top = quadrant in RIGHT, quadrant in TOP
        names.append(
            fill(
                _NAME,
                x=frame.right - INSET if is_right else frame.left + INSET,
                y=frame.top + 46 if is_top else frame.bottom - INSET,
                anchor="end" if is_right else "start",
                name=reveal.quadrants[str(quadrant)],
            )
        )
    return join(names)


def _mark(mark: Mark, place: int) -> SafeString:
    """Draw a disc; ``place`` counts from the last of the first ten, which comes first."""
    leader = (
        fill(_LEADER, true_x=mark.true_x, true_y=mark.true_y, x=mark.x, y=mark.y)
        if mark.displaced
        else SafeString("")
    )
    return fill(
        _MARK,
        place=place,
        leader=leader,
        x=mark.x,
        y=mark.y,
        radius=mark.radius,
        base=round(mark.y + 12, 1),
        label=mark.label,
    )


_COLUMNS = piece("""
    <svg class="wall-columns" viewBox="0 0 {width} 136" role="img" aria-label="{label}">
      {columns}
      <path class="wall-columns__ground" d="M0 118H{width}"/>
      {steps}
    </svg>
""")
_COLUMN = piece("""
    <text x="{middle}" y="{above}" text-anchor="middle">{count}</text>
    <rect class="wall-columns__column--{side}" x="{x}" y="{y}" width="{wide}" height="{height}"/>
""")
_STEP = '<text class="wall-columns__step" x="{middle}" y="133" text-anchor="middle">{step}</text>'
WIDTH, GAP, GROUND = 240, 6, 118


def columns_svg(columns: Columns) -> SafeString:
    """Return how many chose each step, as columns with their numbers."""
    wide = (WIDTH - GAP) / len(columns.counts) - GAP
    drawn, steps, told = [], [], []
    for place, (count, height, side) in enumerate(
        zip(columns.counts, columns.heights, columns.sides, strict=True)
    ):
        x = GAP + place * (wide + GAP)
        high = round(height * 0.98, 1)
        middle = round(x + wide / 2, 1)
        drawn.append(
            fill(
                _COLUMN,
                middle=middle,
                above=round(GROUND - high - 4, 1),
                count=count,
                side=side or "middle",
                x=round(x, 1),
                y=round(GROUND - high, 1),
                wide=round(wide, 1),
                height=high,
            )
        )
        steps.append(fill(_STEP, middle=middle, step=place + 1))
        told.append(_("%(step)d: %(n)d") % {"step": place + 1, "n": count})
    label = _("Ballots by step. %(counts)s") % {"counts": ", ".join(told)}
    return fill(_COLUMNS, width=WIDTH, label=label, columns=join(drawn), steps=join(steps))


_RAIL = piece("""
    <svg class="rail" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="rail__all" width="1000" height="10"/>
      <rect class="rail__begun" width="{begun}" height="10"/>
      <rect class="rail__done" width="{done}" height="10"/>
    </svg>
""")


def rail_svg(count: Count) -> SafeString:
    """Return a bar of everybody who is here: who has finished, who is at it, who has not begun."""
    here = count.here or 1
    begun, done = (1000 * (n or 0) // here for n in (count.begun, count.finished))
    return fill(_RAIL, begun=begun, done=done)


def tenths_svg(tenths: int) -> SafeString:
    return fill(_RAIL, begun=0, done=100 * tenths)
