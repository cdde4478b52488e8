"""The short list beside the picture: rank and range, measure, agreement, decision.

It stands in its own module for the same reason as ``results.markup``: hundreds of rows. While the
slider moves js/ranks.js orders the rows anew, by exact fractions that ``fractions_of`` gives it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from measures.followup.signs import words_of_state
from measures.followup.tracks import OVERDUE
from measures.markup import KEPT, fill, join, piece
from measures.matrix.shapes import look as look_of
from measures.matrix.shapes import shape_path
from measures.models import Outcome
from measures.outcomes import outcome_badge
from measures.overview import Overview, Row
from measures.prioritisation import Spread
from measures.results.became import UNDECIDED, Became, Becoming
from measures.results.concord import WORDS, concord_of
from measures.results.markup import Address
from measures.results.picture import best_of
from measures.results.stability import Stability

if TYPE_CHECKING:
    from measures.stability import RankRange

_ROW = piece("""
    <li class="ranks__row{open}" data-measure="{pk}">
      <span class="ranks__rank"><span class="visually-hidden">{rank_word} </span><b>{rank}</b>
        <span class="ranks__moved"></span></span>
      <span class="ranks__range">{range}</span>
      {sign}
      <span class="ranks__text">
        <a class="ranks__title" id="rank-{pk}" href="{url}"{title}>{short}</a>{concord}
      </span>
      <span class="ranks__became">{became}</span>
    </li>
""")
_TITLE = ' title="{title}"'
_RANGE = piece("""
    <svg class="range" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
      <path class="range__all" d="M2 7H98"/>
      <path class="range__draws" d="M{low} 7H{high}"/><path class="range__rank" d="M{rank} 7h.01"/>
    </svg>
    <span class="nums"><span class="visually-hidden">{word} </span>{text}</span>
""")
_SIGN = piece("""
    <svg class="sign series-{colour}{top}{outcome}" viewBox="-14 -14 28 28" aria-hidden="true">
      {ring}<use class="sign__shape" href="#sign-{shape}"/><text font-size="{size}">{number}</text>
    </svg>
""")
_RING = '<use class="sign__ring" href="#ring-{shape}"/>'
_SHAPES = piece("""
    <svg class="visually-hidden" aria-hidden="true">
      <defs>{shapes}</defs>
    </svg>
""")
_SHAPE = '<path id="sign-{shape}" d="{path}"/><path id="ring-{shape}" d="{ring}"/>'
_CONCORD = piece("""
    <span class="ranks__concord ranks__concord--{concord}"><svg viewBox="0 0 {width} 12"
      aria-hidden="true"><path d="{bars}"/></svg>{word}</span>
""")
_STATE = '<span class="ranks__state{late}">{word}</span>'


def rank_items(
    overview: Overview,
    ranked: Sequence[Row],
    url: Address,
    became: Becoming,
    stability: Stability | None,
) -> SafeString:
    """Return one ``<li>`` per ranked row; without ``stability`` their ranges are left empty."""
    last = sum(1 for row in overview.rows if row.result.rank)
    best = {row.measure.pk for row in best_of(ranked)}
    words = _Words(get_language() or "", _("Rank"), _("Rank range"), last, _("open"))
    drawn = {pk: each.drawn for pk, each in stability.measures.items()} if stability else {}
    return join(
        _item(
            words,
            row,
            row.measure.title,
            row.measure.short,
            url(row.measure.number),
            became.get(row.measure.pk, UNDECIDED),
            drawn.get(row.measure.pk),
            row.measure.pk in best,
        )
        for row in ranked
    )


class _Words(NamedTuple):
    """What all rows have in common."""

    language: str
    rank: str
    range: str
    last: int
    open: str


@lru_cache(maxsize=KEPT)
def _item(
    words: _Words,
    row: Row,
    title: str,
    short: str,
    url: str,
    became: Became,
    drawn: RankRange | None,
    is_best: bool,
) -> SafeString:
    """Draw one row. Where nothing in it has changed, it is found again: see ``KEPT``."""
    rank = row.result.rank or words.last
    return fill(
        _ROW,
        pk=row.measure.pk,
        open=" is-open" if became.is_open else "",
        rank_word=words.rank,
        rank=rank,
        range=_range(words, rank, drawn),
        sign=_sign(row, became, is_best),
        url=url,
        title=fill(_TITLE, title=title) if title != short else "",
        short=short,
        concord=_concord(row),
        became=_became(words, became),
    )


def _range(words: _Words, rank: int, drawn: RankRange | None) -> SafeString:
    if drawn is None or drawn.low is None or drawn.high is None:
        return SafeString("")
    low, high = drawn.low, drawn.high
    step = 96 / max(words.last - 1, 1)
    return fill(
        _RANGE,
        low=f"{2 + (low - 1) * step:.1f}",
        high=f"{2 + (high - 1) * step + 0.01:.2f}",
        rank=f"{2 + (rank - 1) * step:.1f}",
        word=words.range,
        text=str(low) if low == high else f"{low}–{high}",
    )


def shapes_of(ranked: Iterable[Row]) -> SafeString:
    """Draw once, and unseen, the shapes that the signs of these rows are made of."""
    return _drawn_shapes(tuple(sorted({look_of(row.field_index)[0] for row in ranked})))


@lru_cache(maxsize=64)
def _drawn_shapes(shapes: tuple[str, ...]) -> SafeString:
    return fill(
        _SHAPES,
        shapes=join(
            fill(
                _SHAPE,
                shape=shape,
                path=shape_path(shape, 0, 0, 10),
                ring=shape_path(shape, 0, 0, 13),
            )
            for shape in shapes
        ),
    )


def _sign(row: Row, became: Became, is_best: bool) -> SafeString:
    """Draw the measure's mark as it stands in the picture."""
    shape, colour = look_of(row.field_index)
    number = str(row.measure.number)
    return fill(
        _SIGN,
        colour=colour + 1,
        top=" sign--top" if is_best else "",
        outcome=f" sign--{became.outcome}" if became.outcome else "",
        ring=fill(_RING, shape=shape) if became.outcome else "",
        shape=shape,
        size=9 if len(number) < 3 else 7,
        number=number,
    )


def _concord(row: Row) -> SafeString:
    told = concord_of(row.result)
    if told is None:
        return SafeString("")
    concord, spread = told
    width = 5 * len(spread.counts)
    return fill(
        _CONCORD, concord=concord.value, width=width, bars=_bars(spread), word=str(WORDS[concord])
    )


def _bars(spread: Spread) -> str:
    """Return a small bar for each step of the criterion that the word comes from."""
    highest = max(spread.counts)
    heights = [max(1, round(11 * count / highest)) for count in spread.counts]
    return "".join(f"M{5 * place + 1} 12V{12 - size}h3V12Z" for place, size in enumerate(heights))


def _became(words: _Words, became: Became) -> SafeString:
    """Say what was decided, and how far it is."""
    parts = []
    if became.outcome:
        outcome = Outcome(became.outcome)
        word = pgettext("short", "amended") if outcome == Outcome.AMENDED else ""
        parts.append(outcome_badge(outcome, word))
    if state := _state(words, became):
        late = " is-late" if became.overdue else ""
        parts.append(fill(_STATE, late=late, word=state))
    return join(parts, " ")


def _state(words: _Words, became: Became) -> str:
    if became.overdue:
        return words_of_state(OVERDUE)
    if became.deferred_until:
        return _("until %(day)s") % {"day": date_format(became.deferred_until, "SHORT_DATE_FORMAT")}
    if became.state:
        word = words_of_state(became.state)
        is_told = became.percent and became.percent < 100
        return f"{word} {became.percent} %" if is_told else word
    return "" if became.outcome else words.open


def fractions_of(overview: Overview) -> list[tuple[int, int, int, int, int]]:
    """Return of every ranked row its id and both means as reduced fractions, relevance first.

    In the order of their numbers, which equal ones keep. They are the means that the page shows,
    and nothing more: a reduced fraction does not tell how many judged.
    """
    return [
        (row.measure.pk, *_fraction(row.result.relevance), *_fraction(row.result.feasibility))
        for row in sorted(overview.rows, key=lambda row: row.measure.number)
        if row.result.rank
    ]


def _fraction(spread: Spread) -> tuple[int, int]:
    return _reduced(spread.mean or 0, spread.n)


@lru_cache(maxsize=KEPT)
def _reduced(mean: float, n: int) -> tuple[int, int]:
    total = round(mean * n)  # the mean is the float nearest to total / n
    return Fraction(total, n).as_integer_ratio()
