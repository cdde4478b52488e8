"""One measure's place in the ranking and its ratings as distributions, ready to be shown."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from measures.agreement import tastle_wierman
from measures.models import Measure
from measures.overview import Overview, Row, overview
from measures.prioritisation import PrioritisedMeasure, Scale, prioritise_tallies
from measures.rating.tallies import abstentions, group_tallies
from measures.results.groups import shown_tallies
from measures.results.numbers import number_writer
from measures.rounding import whole_percent
from workshops.models import Criterion, Workshop


@dataclass(frozen=True, slots=True)
class Distribution:
    """One criterion as people rated it.

    ``rows``: per step the label, count, whole percent and the bar's width in percent.
    """

    title: str
    criterion: str
    n: int
    rows: list[dict]
    mean: str
    median: str
    quartiles: str
    agreement: str
    consensus_index: str
    abstained: int


# Of a group nobody says how many could not judge: few abstentions tell on few people.
UNTOLD = dict.fromkeys(Criterion, 0)


@dataclass(frozen=True, slots=True)
class GroupView:
    """What one group says; only groups that may be shown become one."""

    name: str
    n: int
    relevance: Distribution
    feasibility: Distribution


@dataclass(frozen=True, slots=True)
class RatedMeasure:
    """A measure's row of the ranking, its distributions, and those of the groups."""

    row: Row
    quadrant: str
    ranked: int
    distributions: list[Distribution]
    groups: list[GroupView]
    hidden_groups: bool


def rated_measure(
    workshop: Workshop, measure: Measure, view: Overview | None = None
) -> RatedMeasure:
    """Collect what may be shown of one measure's ratings. 12 queries, 6 of them for ``view``."""
    view = view or overview(workshop)
    row = next(row for row in view.rows if row.measure.pk == measure.pk)
    labels = {(s.criterion, s.step): s.label for s in workshop.scale_steps.all()}
    measure.workshop = workshop
    piles = group_tallies(measure)
    tallies = shown_tallies(piles, workshop)
    results = prioritise_tallies(tallies, measures=tallies, scale=Scale(1, workshop.steps))
    by_group = {result.measure: result for result in results}
    groups = [
        GroupView(
            group.name, by_group[group.pk].n, *_distributions(by_group[group.pk], labels, UNTOLD)
        )
        for group in workshop.groups.all()
        if group.pk in by_group
    ]
    return RatedMeasure(
        row=row,
        quadrant=view.quadrant_names.get(row.result.quadrant, ""),
        ranked=sum(each.result.rank is not None for each in view.rows),
        distributions=_distributions(row.result, labels, abstentions(measure)),
        groups=groups,
        hidden_groups=any(t.n for pile in piles for g, t in pile.items() if g not in tallies),
    )


def _distributions(
    result: PrioritisedMeasure, labels: dict, abstained: dict[str, int]
) -> list[Distribution]:
    return [
        _distribution(criterion, getattr(result, criterion.value), labels, abstained[criterion])
        for criterion in Criterion
    ]


def _distribution(criterion: Criterion, spread, labels: dict, abstained: int) -> Distribution:
    write = number_writer()
    rows = [
        {
            "label": f"{step} – {labels[criterion, step]}",
            "count": count,
            "percent": whole_percent(count, spread.n),
            "width": round(100 * count / spread.n, 1) if spread.n else 0,
        }
        for step, count in enumerate(spread.counts, start=1)
    ]
    quartiles = _("%(low)s to %(high)s") % {"low": write(spread.low), "high": write(spread.high)}
    return Distribution(
        title=str(criterion.label),
        criterion=criterion.value,
        n=spread.n,
        rows=rows,
        mean=write(spread.mean),
        median=write(spread.median),
        quartiles=quartiles if spread.n else "–",
        agreement=write(spread.agreement),
        consensus_index=write(tastle_wierman(spread.counts)),
        abstained=abstained,
    )
