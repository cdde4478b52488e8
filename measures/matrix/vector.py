"""The matrix as an SVG file: whole by itself, with its styles and its key, for papers and slides.

It holds what is seen and nothing else: neither links nor numbers of ratings. Titles are as long as
they were measured, whatever font the reader's program has.
"""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.safestring import SafeString

from measures.markup import fill, join, piece
from measures.matrix.colours import (
    INK,
    INK_MUTED,
    LINE,
    ON_SERIES,
    OUTCOMES,
    PATTERNS,
    QUADRANTS,
    SERIES,
)
from measures.matrix.key import Sign, ink_of, note_of, signs_of
from measures.matrix.layout import Mark, MatrixLayout
from measures.matrix.markup import (
    kind_of,
    leaders,
    matrix_frame,
    quadrants,
    sign,
    thresholds,
    title_leader,
    written,
)
from measures.matrix.shapes import shape_path
from measures.matrix.titles import Label, shortened, width_of
from measures.models import Outcome
from measures.overview import Overview

EDGE, TITLE, NOTE, ROW = 20, 22, 15, 26
HEAD = EDGE + TITLE + 2 * NOTE
SIGN = 8  # radius in the key

_FILE = piece("""
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"
      height="{height}" role="img" aria-labelledby="title note">
      <style>{style}</style>
      <rect width="{width}" height="{height}" fill="white"/>
      <title id="title">{whole}</title>
      <desc id="note">{note}</desc>
      <text x="{edge}" y="{title_y}" font-size="{title_size}" font-weight="600">{title}</text>
      <text x="{edge}" y="{note_y}" font-size="{note_size}" class="muted">{note}</text>
      <g transform="translate(0 {head})">
        {frame}{quadrants}{thresholds}<g stroke="{ink}">{leaders}</g>{marks}
        <g font-size="{letters}" font-weight="600">{titles}</g>
        {key}
      </g>
    </svg>
""")
_STYLE = f"""
text {{ fill: {INK}; font-family: "Fira Sans", "Noto Sans", Arial, sans-serif; }}
.muted, .matrix__quadrant {{ fill: {INK_MUTED}; }}
.matrix__axis, .matrix__quadrant {{ font-size: 17px; font-weight: 600; }}
.matrix__tick {{ font-size: 17px; }}
.matrix__frame {{ fill: none; stroke: {LINE}; }}
.matrix__threshold {{ fill: none; stroke: {LINE}; stroke-width: 2; stroke-dasharray: 6 4; }}
.matrix__leader {{ fill: none; }}
.matrix__true {{ stroke: {INK}; stroke-width: 5; stroke-linecap: round; }}
.marker {{ fill: white; stroke-width: 1.75; }}
.mark--best .marker {{ stroke: white; stroke-width: 1.5; }}
.marker-label {{ font-weight: 600; text-anchor: middle; dominant-baseline: central; }}
.outline {{ fill: white; stroke-width: 2; }}
.title {{ paint-order: stroke; stroke: white; stroke-width: 3; stroke-linejoin: round; }}
"""


def svg_file(
    matrix: MatrixLayout,
    overview: Overview,
    titles: Sequence[Label],
    outcomes: Mapping[int, Outcome],
) -> bytes:
    """Return the picture as an SVG file in the active language; the same input, the same bytes.

    The layout's series are the indices of `overview.fields`; `outcomes` go by the measure's id.
    """
    width = matrix.width
    key, rows = _key(signs_of(matrix, overview, outcomes), matrix)
    name = overview.workshop.title
    colours = {mark.measure: ink_of(mark, outcomes.get(mark.measure)) for mark in matrix.marks}
    svg = fill(
        _FILE,
        width=width,
        height=HEAD + matrix.height + rows * ROW + EDGE,
        style=SafeString(_STYLE + "".join(_rules())),
        whole=name,
        title=shortened(name, TITLE, width - 2 * EDGE),
        note=note_of(matrix, overview),
        edge=EDGE,
        title_y=EDGE + TITLE,
        title_size=TITLE,
        note_y=EDGE + TITLE + 1.6 * NOTE,
        note_size=NOTE,
        head=HEAD,
        frame=matrix_frame(matrix, overview.quadrant_names),
        quadrants=quadrants(matrix),
        thresholds=thresholds(matrix),
        ink=INK,
        leaders=leaders(matrix),
        marks=join(_mark(mark, outcomes.get(mark.measure)) for mark in matrix.marks),
        letters=matrix.canvas.letters,
        titles=join(
            _title(label, colours[label.measure], matrix.canvas.letters) for label in titles
        ),
        key=key,
    )
    return svg.encode()


def _rules() -> Iterator[str]:
    """Yield the colours of quadrants, fields and outcomes as rules."""
    for quadrant, colour in QUADRANTS.items():
        yield f".quadrant--{quadrant} {{ fill: {colour}; }}\n"
    for number, (colour, on) in enumerate(zip(SERIES, ON_SERIES, strict=True), start=1):
        yield f".series-{number} .marker {{ stroke: {colour}; }}\n"
        yield f".series-{number}.mark--best .marker {{ fill: {colour}; stroke: white; }}\n"
        yield f".series-{number}.mark--best .marker-label {{ fill: {on}; }}\n"
    for outcome, colour in OUTCOMES.items():
        pattern = " ".join(map(str, PATTERNS.get(outcome, ())))
        dashes = f" stroke-dasharray: {pattern};" if pattern else ""
        yield f".mark--{outcome} .outline {{ stroke: {colour};{dashes} }}\n"
    for outcome in (each for each in Outcome if each.is_out):
        grey = OUTCOMES[outcome]
        yield f".mark.mark--{outcome} .marker {{ stroke: {grey}; }}\n"
        yield f".mark.mark--best.mark--{outcome} .marker {{ fill: {grey}; stroke: white; }}\n"
        yield f".mark.mark--best.mark--{outcome} .marker-label {{ fill: white; }}\n"


_MARK = '<g class="mark series-{colour}{kind}" transform="translate({x} {y})">{sign}</g>'


def _mark(mark: Mark, outcome: Outcome | None) -> SafeString:
    return fill(
        _MARK,
        colour=mark.colour + 1,
        kind=kind_of(mark, outcome),
        x=mark.x,
        y=mark.y,
        sign=sign(mark.shape, mark.radius, mark.reach, mark.label),
    )


_LINE = piece("""
    <text class="title" x="{x}" y="{y}" text-anchor="{anchor}" textLength="{length}"
      lengthAdjust="spacingAndGlyphs">{line}</text>
""")


_LEADER = '<g stroke="{colour}" stroke-width="1.5">{line}</g>'


def _title(label: Label, colour: str, size: float) -> SafeString:
    line = title_leader(label)
    leader = fill(_LEADER, colour=colour, line=line) if line else line
    lines = (
        fill(_LINE, x=x, y=y, anchor=label.anchor, length=round(width_of(line, size), 1), line=line)
        for x, y, line in written(label, size)
    )
    return join((leader, *lines))


_SIGN = piece("""
    <g class="mark mark--{outcome}" transform="translate({x} {y})">
      {outline}<path d="{shape}" fill="{colour}"/>
      <text x="{aside}" y="5" font-size="{size}">{name}</text>
    </g>
""")
_OUTLINE = '<path class="outline" d="{shape}"/>'


def _key(signs: Sequence[Sign], matrix: MatrixLayout) -> tuple[SafeString, int]:
    """Draw what the signs mean below the picture, in as many rows as they need."""
    drawn: list[SafeString] = []
    x, row = float(EDGE), 0
    for each in signs:
        name = shortened(each.name, NOTE, matrix.width - 5 * EDGE)
        wide = 1.15 * width_of(name, NOTE) + 5 * SIGN  # other fonts are wider
        if drawn and x + wide > matrix.width - EDGE:
            x, row = float(EDGE), row + 1
        outlined = each.outcome in PATTERNS
        drawn.append(
            fill(
                _SIGN,
                outcome=each.outcome,
                x=round(x + SIGN, 1),
                y=matrix.height + row * ROW + EDGE / 2,
                outline=fill(_OUTLINE, shape=shape_path(each.shape, 0, 0, SIGN + 1))
                if outlined
                else "",
                shape=shape_path(each.shape, 0, 0, SIGN - 3 * outlined),
                colour=each.colour,
                aside=2 * SIGN,
                size=NOTE,
                name=name,
            )
        )
        x += wide
    return join(drawn), row + 1 if drawn else 0
