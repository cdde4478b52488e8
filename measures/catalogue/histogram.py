"""Distributions as small upright bars, one for a criterion, many for the groups; and votes."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measures.markup import fill, join, piece
from measures.models import Decision
from measures.prioritisation import Spread
from measures.rounding import whole_percent

_HISTOGRAM = piece("""
    <svg class="histogram" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">
      {bars}
      <path class="histogram__base" d="M0 {base}H{width}"/>
      <path class="histogram__mean" d="M{mean} {above}v8"/>
      <g aria-hidden="true">{counts}{steps}</g>
    </svg>
""")
_BAR = '<rect class="histogram__bar" x="{x}" y="{y}" width="{width}" height="{height}"/>'
_TEXT = '<text class="histogram__text" x="{x}" y="{y}" text-anchor="middle">{text}</text>'
_SMALL = piece("""
    <svg class="concord__bars" viewBox="0 0 {width} 12" width="{width}" height="12"
      aria-hidden="true" focusable="false">{bars}</svg>
""")
WIDTH, SMALL_WIDTH = 200, 150
_BARS, _SMALL_BARS, _LETTER = 62, 34, 18  # heights: of the largest bar, and of a line of text
_GAP = 4


def largest_share(spreads: Sequence[Spread]) -> float:
    """Return the largest share of one step in any of them, by which all are drawn alike."""
    return max((max(each.counts) / each.n for each in spreads if each.counts and each.n), default=1)


def histogram(spread: Spread, *, most: float, counted: bool) -> SafeString:
    """Draw a distribution that is told; ``most`` is the share that fills the height.

    ``counted``: larger, with each count above its bar. The counts are its name in any case.
    """
    width, tall = (WIDTH, _BARS) if counted else (SMALL_WIDTH, _SMALL_BARS)
    head = _LETTER if counted else 0
    base = head + tall
    step = width / len(spread.counts)
    middles = [f"{step * (place + 0.5):.1f}" for place in range(len(spread.counts))]
    heights = [tall * count / (spread.n * most) for count in spread.counts]
    bars = (
        fill(
            _BAR,
            x=f"{step * place + _GAP / 2:.1f}",
            y=f"{base - height:.1f}",
            width=f"{step - _GAP:.1f}",
            height=f"{height:.1f}",
        )
        for place, height in enumerate(heights)
        if height
    )
    counts = (
        fill(_TEXT, x=x, y=f"{base - height - 4:.1f}", text=count)
        for x, height, count in zip(middles, heights, spread.counts, strict=True)
        if count and counted
    )
    steps = (
        fill(_TEXT, x=x, y=base + 15, text=number) for number, x in enumerate(middles, start=1)
    )
    return fill(
        _HISTOGRAM,
        width=width,
        height=base + _LETTER,
        name=_name(spread),
        bars=join(bars),
        base=base,
        above=base - 4,
        mean=f"{step * ((spread.mean or 1) - 0.5):.1f}",
        counts=join(counts),
        steps=join(steps),
    )


def _name(spread: Spread) -> str:
    """Tell the counts; a step that nobody chose is not read out."""
    each = _("step %(step)d: %(count)d (%(percent)d %%)")
    return ", ".join(
        each % {"step": step, "count": count, "percent": whole_percent(count, spread.n)}
        for step, count in enumerate(spread.counts, start=1)
        if count
    )


def small_bars(counts: Sequence[int]) -> SafeString:
    """Draw a distribution as high as a line of text."""
    heights = [1 + 11 * count / max(counts) for count in counts]
    bars = (
        fill(_BAR, x=5 * place, y=f"{12 - height:.1f}", width=4, height=f"{height:.1f}")
        for place, height in enumerate(heights)
    )
    return fill(_SMALL, width=5 * len(counts) - 1, bars=join(bars))


_VOTES = piece("""
    <svg class="vote-bar" aria-hidden="true" focusable="false">
      <rect class="vote-bar__for" width="{agree}%" height="100%"/>
      <rect class="vote-bar__against" x="{agree}%" width="{against}%" height="100%"/>
      <rect class="vote-bar__abstained" x="{voted}%" width="{abstained}%" height="100%"/>
    </svg>
""")


def vote_bar(decision: Decision) -> SafeString:
    """Draw the shares of a vote; nothing without one. Its words stand beside it."""
    votes = (decision.votes_for, decision.votes_against, decision.votes_abstained)
    told = [each for each in votes if each is not None]
    if not sum(told):
        return SafeString()
    agree, against, abstained = (round(100 * each / sum(told), 1) for each in told)
    return fill(
        _VOTES,
        agree=agree,
        against=against,
        voted=round(agree + against, 1),
        abstained=abstained,
    )
