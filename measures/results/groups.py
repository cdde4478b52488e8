"""Where groups part: the widest gaps of an overview as rows of a chart, and in a sentence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from measures.by_group import results_by_group
from measures.overview import ListedGroup, Overview, Row
from measures.results.dumbbells import LANE, Circle, circles, initials, place
from measures.stability import Gap, widest_gaps
from workshops.models import Criterion, Workshop

MOST = 10  # rows
MOST_NAMED = 3  # groups that the sentence names


@dataclass(frozen=True, slots=True)
class Drawn:
    """A circle as the page draws it; coordinates are texts, because German writes 12,5."""

    group: ListedGroup
    letters: str
    mean: float
    x: str
    y: int
    is_end: bool


@dataclass(frozen=True, slots=True)
class Parted:
    """A row of the chart: one criterion of a measure, from the lowest mean to the highest.

    ``low`` and ``high`` are the groups at both ends, ``between`` the circles of all others,
    ``absent`` the groups that may be shown elsewhere and not here.
    """

    row: Row
    criterion: str
    low: list[ListedGroup]
    low_mean: float
    high: list[ListedGroup]
    high_mean: float
    steps: float
    circles: list[Drawn]
    start: str
    end: str
    absent: list[ListedGroup]

    @property
    def between(self) -> list[Drawn]:
        return [circle for circle in self.circles if not circle.is_end]


@dataclass(frozen=True, slots=True)
class Groups:
    """The chart: its rows, the steps of its scale, the groups in it and those that are hidden.

    ``shown`` holds the letters of each group in it, ``round`` the only round looked at, if one is.
    """

    workshop: Workshop
    round: int | None
    rows: list[Parted]
    ticks: dict[int, str]
    shown: dict[ListedGroup, str]
    hidden: list[ListedGroup]
    sentence: str

    @property
    def of_round(self) -> str:
        """What an address needs behind its first parameter to show the same round."""
        return f"&round={self.round}" if self.round else ""


def groups_of(overview: Overview) -> Groups:
    """Return the chart of the widest gaps. 5 queries, none once it is known of shown rounds."""
    by_group = results_by_group(overview)
    by_number = sorted(overview.rows, key=lambda row: row.measure.number)
    gaps = widest_gaps([row.result for row in by_number], by_group, limit=MOST)
    rows = {row.measure.pk: row for row in overview.rows}
    groups = {group.name: group for group in overview.groups}
    letters = initials(name for name in groups if by_group[name])
    return Groups(
        workshop=overview.workshop,
        round=overview.round,
        rows=[_parted(rows[gap.measure], gap, groups, letters, overview) for gap in gaps],
        ticks={step: _percent(place(step, overview.scale)) for step in overview.scale.steps},
        shown={groups[name]: short for name, short in letters.items()},
        hidden=[group for name, group in groups.items() if name not in letters],
        sentence=_lowest(gaps),
    )


def _parted(
    row: Row,
    gap: Gap[int],
    groups: Mapping[str, ListedGroup],
    letters: Mapping[str, str],
    overview: Overview,
) -> Parted:
    def drawn(circle: Circle) -> Drawn:
        return Drawn(
            groups[circle.group],
            letters[circle.group],
            circle.mean,
            _percent(circle.x),
            LANE * circle.lane,
            circle.is_end,
        )

    return Parted(
        row=row,
        criterion=str(Criterion(gap.criterion).label),
        low=[groups[name] for name in gap.low],
        low_mean=gap.low_mean,
        high=[groups[name] for name in gap.high],
        high_mean=gap.high_mean,
        steps=gap.steps,
        circles=[drawn(circle) for circle in circles(gap.means, overview.scale)],
        start=_percent(place(gap.low_mean, overview.scale)),
        end=_percent(place(gap.high_mean, overview.scale)),
        absent=[groups[name] for name in letters if name not in gap.means],
    )


def _percent(x: float) -> str:
    return f"{x:.2f}%"


def _lowest(gaps: Sequence[Gap[int]]) -> str:
    """Say which groups rate lowest in how many of the gaps, the most frequent ones first."""
    often = Counter(name for gap in gaps for name in gap.low).most_common(MOST_NAMED)
    if not often:
        return ""
    times = dict(enumerate(_times(), start=1))
    (first, n), *others = often
    parts = [_("%(times)s “%(group)s” rates lowest") % {"times": times[n], "group": first}]
    parts += [_("%(times)s “%(group)s”") % {"times": times[n], "group": g} for g, n in others]
    return capfirst(", ".join(parts)) + "."


def _times() -> tuple[str, ...]:
    """Return how often, in words, from one to ``MOST``."""
    return (
        _("once"),
        _("twice"),
        _("three times"),
        _("four times"),
        _("five times"),
        _("six times"),
        _("seven times"),
        _("eight times"),
        _("nine times"),
        _("ten times"),
    )
