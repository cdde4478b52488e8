"""Ratings counted in the database: one row per measure, however many people rated.

A duplicate's ratings count for the measure that it was merged into. Whoever rated both counts
once: the rating of the standing measure, else that of the duplicate with the lowest id.
Paper counts are added per step and criterion; which pairs stood on one sheet is not known, so the
number of sheets is taken as the larger of both criteria's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from measures.models import Measure, PaperCount, Rating
from measures.prioritisation import Tally
from workshops.models import Criterion, Workshop

GroupPiles = tuple[dict[int | None, Tally], dict[int | None, Tally]]

CRITERIA = (Criterion.RELEVANCE.value, Criterion.FEASIBILITY.value)


def workshop_tallies(
    workshop: Workshop, *, round: int | None = None
) -> tuple[dict[int, Tally], dict[int, int]]:
    """Return by the measure's id the tally of every rated measure, and how many sheets are in it.

    ``round`` is the round of rating, the present one without. 2 queries.
    """
    ratings, sheets = _piles_of(workshop, round)
    counted = _counted(ratings, ("target",), workshop.steps)
    paper = _paper(sheets, workshop.steps, by_group=False)
    tallies = {
        target: _add(counted.get((target,)), paper.get((target, None)), workshop.steps)
        for (target, *_rest) in {*counted, *paper}
    }
    return tallies, {target: pile.n for (target, _group), pile in paper.items()}


def group_tallies(measure: Measure) -> GroupPiles:
    """Return one measure's tallies by the group's id: those of ballots, those of paper. 2 queries.

    ``None`` is no group. Not for display: see ``measures.rating.groups`` for what may be shown.
    """
    family = _family(measure)
    steps, present = measure.workshop.steps, Q(round=measure.workshop.round)
    ratings = Rating.objects.filter(family, present)
    ballots = _counted(ratings, ("target", "ballot__group"), steps)
    paper = _paper(PaperCount.objects.filter(family, present), steps, by_group=True)
    return tuple(
        {group: tally for (_target, group), tally in pile.items()} for pile in (ballots, paper)
    )


def _family(measure: Measure) -> Q:
    """Return what finds the ratings of a measure and of those merged into it."""
    return Q(measure=measure) | Q(measure__merged_into=measure, measure__is_removed=False)


def workshop_group_tallies(workshop: Workshop) -> dict[int, GroupPiles]:
    """Return by the measure's id the pair (ballots, paper) of tallies by group. 2 queries.

    Not for display either.
    """
    ratings, sheets = _piles_of(workshop, None)
    ballots = _counted(ratings, ("target", "ballot__group"), workshop.steps)
    paper = _paper(sheets, workshop.steps, by_group=True)
    piles: defaultdict[int, GroupPiles] = defaultdict(lambda: ({}, {}))
    for place, pile in enumerate((ballots, paper)):
        for (target, group), tally in pile.items():
            piles[target][place][group] = tally
    return dict(piles)


def _piles_of(workshop: Workshop, round: int | None) -> tuple[QuerySet, QuerySet]:
    """Return the ratings and the paper counts of one round."""
    wanted = Q(measure__workshop=workshop, measure__is_removed=False)
    wanted &= Q(round=workshop.round if round is None else round)
    return Rating.objects.filter(wanted), PaperCount.objects.filter(wanted)


def abstentions(measure: Measure) -> dict[str, int]:
    """Return by criterion how many could not judge, on ballots and on paper. 2 queries."""
    family, present = _family(measure), Q(round=measure.workshop.round)
    ratings = _counting(Rating.objects.filter(family, present)).aggregate(
        **{criterion: Count("pk", filter=Q(**{criterion: None})) for criterion in CRITERIA}
    )
    paper = PaperCount.objects.filter(family, present, step=None).order_by()
    sheets = dict(paper.values_list("criterion").annotate(sheets=Sum("count")))
    return {criterion: ratings[criterion] + sheets.get(criterion, 0) for criterion in CRITERIA}


def rating_rows(workshop: Workshop) -> QuerySet:
    """Return (ballot, measure, relevance, feasibility) of the present round, by ballot. 1 query.

    One row per ballot and standing measure. For arithmetic on whole raters; never for display.
    """
    ratings, _sheets = _piles_of(workshop, None)
    rows = _counting(ratings).order_by("ballot", "target")
    return rows.values_list("ballot", "target", "relevance", "feasibility")


def paper_tallies(workshop: Workshop) -> dict[int, Tally]:
    """Return by the measure's id the tally of its paper sheets, all groups together. 1 query."""
    _ratings, sheets = _piles_of(workshop, None)
    paper = _paper(sheets, workshop.steps, by_group=False)
    return {target: tally for (target, _group), tally in paper.items()}


def _counting(ratings: QuerySet) -> QuerySet:
    """Name the standing measure as ``target``; leave out what a ballot said of it twice."""
    own = Rating.objects.filter(ballot=OuterRef("ballot"), round=OuterRef("round"))
    sibling = own.filter(
        Q(measure=OuterRef("measure__merged_into"))
        | Q(
            measure__merged_into=OuterRef("measure__merged_into"),
            measure__lt=OuterRef("measure"),
            measure__is_removed=False,
        )
    )
    return ratings.annotate(target=Coalesce("measure__merged_into", "measure")).filter(
        Q(measure__merged_into=None) | ~Exists(sibling)
    )


def _counted(ratings: QuerySet, by: tuple[str, ...], steps: int) -> dict[tuple, Tally]:
    """Group ratings by ``by`` and count the steps of both criteria."""
    counts = {
        f"{criterion}_{step}": Count("pk", filter=Q(**{criterion: step}))
        for criterion in CRITERIA
        for step in range(1, steps + 1)
    }
    rows = (
        _counting(ratings)
        .order_by()
        .values(*by)
        .annotate(
            n=Count("pk", filter=Q(relevance__isnull=False) | Q(feasibility__isnull=False)),
            **counts,
        )
        .values_list(*by, "n", *counts)
    )
    keys = len(by)
    return {
        row[:keys]: Tally(
            relevance=row[keys + 1 : keys + 1 + steps],
            feasibility=row[keys + 1 + steps :],
            n=row[keys],
        )
        for row in rows
    }


def _paper(counts: QuerySet, steps: int, *, by_group: bool) -> Mapping[tuple, Tally]:
    """Turn paper counts into tallies by (measure, group); with one group ``None`` for all."""
    rows = (
        counts.filter(step__range=(1, steps))
        .annotate(target=Coalesce("measure__merged_into", "measure"))
        .order_by()
        .values_list("target", "measure", "group", "criterion", "step")
        .annotate(sheets=Sum("count"))
    )
    per_sheet_pile: dict[tuple, dict] = defaultdict(lambda: {c: [0] * steps for c in CRITERIA})
    for target, measure, group, criterion, step, sheets in rows:
        per_sheet_pile[target, measure, group][criterion][step - 1] += sheets
    tallies: dict[tuple, Tally] = {}
    for (target, _measure, group), pile in per_sheet_pile.items():
        relevance, feasibility = (tuple(pile[criterion]) for criterion in CRITERIA)
        tally = Tally(relevance, feasibility, max(sum(relevance), sum(feasibility)))
        key = (target, group if by_group else None)
        tallies[key] = _add(tallies.get(key), tally, steps)
    return tallies


def _add(first: Tally | None, second: Tally | None, steps: int) -> Tally:
    return total([tally for tally in (first, second) if tally], steps)


def total(tallies: Iterable[Tally], steps: int) -> Tally:
    """Add tallies step by step; the tally of nobody if there are none."""
    tallies = list(tallies)
    if len(tallies) == 1:
        return tallies[0]
    return Tally(
        tuple(sum(t.relevance[i] for t in tallies) for i in range(steps)),
        tuple(sum(t.feasibility[i] for t in tallies) for i in range(steps)),
        sum(t.n for t in tallies),
    )
