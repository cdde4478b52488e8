"""What the page of a measure draws of its ratings: its place, both criteria, and the groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from measures.catalogue.histogram import histogram, largest_share, small_bars
from measures.numbers import number_writer
from measures.overview import Overview, Row
from measures.prioritisation import PrioritisedMeasure, Scale, Spread
from measures.results.concord import AGREED_FROM, MIXED_FROM, WORDS, concord_of
from measures.results.detail import RatedMeasure
from measures.results.kept import Busy
from measures.results.markup import rank_band
from measures.results.stability import Sureness, stability_of
from measures.stability.dissent import LEAST
from workshops.models import Criterion

BAND = 400  # width of the picture of a measure's place


class Drawn(NamedTuple):
    """A criterion's ratings: its words, its figures, and their picture where they are told."""

    label: str
    lowest: str
    highest: str
    spread: Spread
    abstained: int
    picture: SafeString


class Column(NamedTuple):
    """Who rated: everybody, or one group; ``n`` of them."""

    name: str
    n: int
    result: PrioritisedMeasure[int]

    def __str__(self) -> str:
        return f"{self.name} ({self.n})"


class Line(NamedTuple):
    """One criterion over all columns: each with its spread and its picture."""

    criterion: Drawn
    cells: list[tuple[Column, Spread, SafeString]]


@dataclass(frozen=True, slots=True)
class Figures:
    """``sure`` and ``band`` say how sure the place is, where they are known and say something.

    ``concord`` is the word for how far people agree, "" where too few judged, ``bars`` the
    distribution that it comes from; ``agreed_from`` and ``mixed_from`` are the words' bounds.
    ``missing`` names the groups that are not told by themselves.
    """

    concord: str
    bars: SafeString
    sure: Sureness | None
    band: SafeString
    criteria: list[Drawn]
    headline: str
    columns: list[Column]
    lines: list[Line]
    missing: list[str]
    agreed_from: float = AGREED_FROM
    mixed_from: float = MIXED_FROM


def figures_of(overview: Overview, rated: RatedMeasure) -> Figures:
    """Draw what may be shown of a measure that was rated."""
    told = concord_of(rated.row.result)
    sure = _sureness(overview, rated.row)
    criteria = _criteria(rated)
    columns = _columns(rated)
    return Figures(
        concord=str(WORDS[told[0]]) if told else "",
        bars=small_bars(told[1].counts) if told else SafeString(),
        sure=sure,
        band=rank_band(rated.row, sure, rated.ranked, width=BAND) if sure else SafeString(),
        criteria=criteria,
        headline=headline(
            {group.name: each for group, each in rated.by_group.items()}, overview.scale
        ),
        columns=columns,
        lines=_lines(criteria, columns),
        missing=[group.name for group in overview.groups if group not in rated.by_group],
    )


def _sureness(overview: Overview, row: Row) -> Sureness | None:
    """Return how sure the place is; None without one, and while the figures are being made."""
    if not row.result.rank:
        return None
    try:
        stability = stability_of(overview)
    except Busy:
        return None
    # Drawn from one ballot all draws are the same: no range is one of a single rank.
    return stability.measures.get(row.measure.pk) if stability.varies else None


def _criteria(rated: RatedMeasure) -> list[Drawn]:
    spreads = [getattr(rated.row.result, each.value) for each in Criterion]
    most = largest_share(spreads)
    return [
        Drawn(
            label=str(each.label),
            lowest=rated.labels[each][0],
            highest=rated.labels[each][-1],
            spread=spread,
            abstained=rated.abstained.get(each, 0),
            picture=_picture(spread, most, counted=True),
        )
        for each, spread in zip(Criterion, spreads, strict=True)
    ]


def _picture(spread: Spread, most: float, *, counted: bool) -> SafeString:
    is_told = spread.n and not spread.is_withheld
    return histogram(spread, most=most, counted=counted) if is_told else SafeString()


def _columns(rated: RatedMeasure) -> list[Column]:
    """Return everybody and each group that may be shown; nothing without any."""
    if not rated.by_group:
        return []
    groups = [Column(group.name, each.n, each) for group, each in rated.by_group.items()]
    return [Column(pgettext("of raters", "All"), rated.row.result.n, rated.row.result), *groups]


def _lines(criteria: Sequence[Drawn], columns: Sequence[Column]) -> list[Line]:
    if not columns:
        return []
    spreads = {
        each: [getattr(column.result, each.value) for column in columns] for each in Criterion
    }
    most = largest_share([spread for row in spreads.values() for spread in row])
    return [
        Line(
            criterion,
            [
                (column, spread, _picture(spread, most, counted=False))
                for column, spread in zip(columns, row, strict=True)
            ],
        )
        for criterion, row in zip(criteria, spreads.values(), strict=True)
    ]


class _Apart(NamedTuple):
    gap: float
    criterion: Criterion
    high: tuple[str, float]
    low: tuple[str, float]


def headline(by_group: Mapping[str, PrioritisedMeasure[int]], scale: Scale) -> str:
    """Say how far the groups are apart, "" where there are not two of them."""
    apart = max(_apart(by_group), default=None, key=lambda each: each.gap)
    if apart is None:
        return ""
    write = number_writer()
    if apart.gap < LEAST * (scale.high - scale.low):
        return _("The groups lie at most %(gap)s steps apart") % {"gap": write(apart.gap)}
    return _(
        "The groups lie up to %(gap)s steps apart: %(criterion)s %(high_mean)s from “%(high)s”,"
        " %(low_mean)s from “%(low)s”"
    ) % {
        "gap": write(apart.gap),
        "criterion": apart.criterion.label,
        "high": apart.high[0],
        "high_mean": write(apart.high[1]),
        "low": apart.low[0],
        "low_mean": write(apart.low[1]),
    }


def _apart(by_group: Mapping[str, PrioritisedMeasure[int]]) -> list[_Apart]:
    """Return by criterion the two groups that are furthest apart."""
    found = []
    for criterion in Criterion:
        means = {name: getattr(each, criterion.value).mean for name, each in by_group.items()}
        told = [(name, mean) for name, mean in means.items() if mean is not None]
        if len(told) > 1:
            high, low = (pick(told, key=lambda pair: pair[1]) for pick in (max, min))
            found.append(_Apart(high[1] - low[1], criterion, high, low))
    return found
