"""One measure's place in the ranking and its ratings as distributions, ready to be shown."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from measures.agreement import tastle_wierman
from measures.by_group import NO_GROUPS, piles_by_group, standing_keys
from measures.models import Measure, Offer
from measures.numbers import number_writer
from measures.overview import Overview, Row, overview
from measures.prioritisation import PrioritisedMeasure, Scale, prioritise_tallies
from measures.rounding import whole_percent
from measures.standing import meets
from measures.tallies import abstentions, piles_of
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
    is_withheld: bool


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
class RoundLine:
    """One shown round's result of a measure. ``holds``: it is the one that counts.

    ``is_enough`` says that there are ratings enough to show; without, both means are dashes.
    """

    number: int
    n: int
    relevance: str
    feasibility: str
    holds: bool
    is_enough: bool


@dataclass(frozen=True, slots=True)
class RatedMeasure:
    """A measure's row of the ranking, its distributions, and those of the groups."""

    row: Row
    quadrant: str
    ranked: int
    distributions: list[Distribution]
    groups: list[GroupView]
    hidden_groups: bool
    rounds: list[RoundLine]


def rated_measure(
    workshop: Workshop, measure: Measure, view: Overview | None = None
) -> RatedMeasure:
    """Collect what may be shown of one measure's ratings, of one round or of what holds."""
    view = view or overview(workshop)
    row = next(row for row in view.rows if row.measure.pk == measure.pk)
    labels = {(s.criterion, s.step): s.label for s in workshop.scale_steps.all()}
    piles = piles_by_group(view).get(measure.pk, NO_GROUPS)
    tallies = piles.shown(workshop)
    key = standing_keys(view).get(measure.pk)
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
        distributions=_distributions(row.result, labels, abstentions(key) if key else UNTOLD),
        groups=groups,
        hidden_groups=any(
            tally.n
            for pile in (piles.ballots, piles.paper)
            for group, tally in pile.items()
            if group not in tallies
        ),
        rounds=_round_lines(view, row) if len(view.rounds) > 1 else [],
    )


def _round_lines(view: Overview, row: Row) -> list[RoundLine]:
    """Tell what each shown round that offered the measure says of it. 5 queries."""
    workshop, pk, write = view.workshop, row.measure.pk, number_writer()
    holds = standing_keys(overview(workshop) if view.round else view).get(pk)
    offered = Offer.objects.filter(round__in=view.rounds, counts_for=pk)
    numbers = set(offered.values_list("round", flat=True))
    piles, lines = piles_of(view.rounds, workshop.steps), []
    for each in view.rounds:
        found = piles.get((each.pk, pk))
        if each.pk not in numbers:
            continue
        enough = found is not None and meets(found, workshop.smallest_room)
        tallies = {pk: found.total} if enough else {}
        [result] = prioritise_tallies(tallies, measures=[pk], scale=view.scale)
        means = write(result.relevance.mean), write(result.feasibility.mean)
        lines.append(RoundLine(each.number, result.n, *means, holds == (each.pk, pk), enough))
    return lines


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
    is_withheld = spread.n > 0 and not spread.counts
    quartiles = _("%(low)s to %(high)s") % {"low": write(spread.low), "high": write(spread.high)}
    return Distribution(
        title=str(criterion.label),
        criterion=criterion.value,
        n=spread.n,
        rows=rows,
        mean=write(spread.mean),
        median=write(spread.median),
        quartiles="–" if spread.low is None else quartiles,
        agreement=write(spread.agreement),
        consensus_index=write(tastle_wierman(spread.counts) if spread.counts else None),
        abstained=0 if is_withheld else abstained,
        is_withheld=is_withheld,
    )
