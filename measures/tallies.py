"""Ratings counted in the database: one row per measure, however many people rated.

A duplicate's ratings count for the measure that it had been merged into when the round was shown.
Whoever rated both counts once, criterion by criterion: a judgement beats "cannot judge", and among
judgements that of the standing measure, then that of the duplicate with the lowest id.
Paper counts are added per step and criterion; which pairs stood on one sheet is not known, so the
number of sheets is taken as the larger of both criteria's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from measures.models import TARGET, Offer, PaperCount, Rating, Round
from measures.prioritisation import Tally
from measures.standing import Piles, total
from workshops.models import Criterion

CRITERIA = (Criterion.RELEVANCE.value, Criterion.FEASIBILITY.value)

Key = tuple[int, int]  # a round's id and the id of the measure that its ratings count for
Pile = tuple[int, int, int | None]  # the same and a group's id, None: no group
Grouped = tuple[dict[int | None, Tally], dict[int | None, Tally]]  # by the group's id


class Answer(NamedTuple):
    """What one ballot says of a measure in a round; ``key`` as everywhere here."""

    key: Key
    ballot: int
    group: int | None
    relevance: int | None
    feasibility: int | None


def piles_of(rounds: Collection[Round], steps: int) -> dict[Key, Piles]:
    """Return what was rated in these rounds. 3 queries, 4 where duplicates were merged."""
    merged, only_by_duplicates = _duplicates({each.pk for each in rounds})
    ballots, paper = _ballots_and_paper(rounds, steps, merged, by_group=False)
    nobody = total((), steps)
    return {
        (round_id, target): Piles(
            ballots.get(key, nobody),
            paper.get(key, nobody),
            is_offered=(round_id, target) not in only_by_duplicates,
        )
        for key in {*ballots, *paper}
        for round_id, target, _group in [key]
    }


def group_piles_of(rounds: Collection[Round], steps: int) -> dict[Key, Grouped]:
    """Return the same by group, those of ballots and those of paper. 3 or 4 queries.

    ``None`` is no group. Not for display: see ``measures.groups`` for what may be shown.
    """
    found: defaultdict[Key, Grouped] = defaultdict(lambda: ({}, {}))
    merged = _merged({each.pk for each in rounds})
    for place, piles in enumerate(_ballots_and_paper(rounds, steps, merged, by_group=True)):
        for (round_id, target, group), tally in piles.items():
            found[round_id, target][place][group] = tally
    return dict(found)


def answers_of(keys: Collection[Key]) -> Iterator[Answer]:
    """Yield the answers behind these results, those of one ballot together. 2 queries.

    For arithmetic on whole raters; never for display.
    """
    rounds = {round_id for round_id, _target in keys}
    merged = _merged(rounds)
    rows = Rating.objects.filter(round__in=rounds).order_by("round", "ballot", "measure")
    wanted = set(keys)
    yield from (each for each in _answers(rows, merged) if each.key in wanted)


def _ballots_and_paper(
    rounds: Collection[Round], steps: int, merged: Mapping[Key, int | None], *, by_group: bool
) -> tuple[dict[Pile, Tally], dict[Pile, Tally]]:
    """Return what is on ballots and what on paper; with one group ``None`` for all."""
    ids = [each.pk for each in rounds]
    alone = Rating.objects.filter(round__in=ids)
    ballots = {}
    if merged:
        families = _families(merged)
        ballots = _counted_one_by_one(alone.filter(families), merged, steps, by_group)
        alone = alone.exclude(families)
    ballots |= _counted(alone, steps, by_group)
    return ballots, _paper(PaperCount.objects.filter(round__in=ids), merged, steps, by_group)


def _merged(rounds: Collection[int]) -> dict[Key, int | None]:
    """Return by (round, duplicate) what its ratings count for; None: for nothing. 1 query."""
    merged, _only_by_duplicates = _duplicates(rounds)
    return merged


def _duplicates(rounds: Collection[int]) -> tuple[dict[Key, int | None], set[Key]]:
    """Return what ``_merged`` does, and what was offered only by way of duplicates. 1 query.

    Frozen in a shown round; before, what is merged at the moment.
    """
    target = Case(
        When(round__state=Round.State.SHOWN, then=F("counts_for")),
        When(measure__merged_into__isnull=False, measure__is_removed=True, then=Value(None)),
        default=TARGET,
        output_field=BigIntegerField(),
    )
    own = Offer.objects.filter(round=OuterRef("round"), measure=OuterRef("target"))
    offers = Offer.objects.filter(round__in=rounds).annotate(target=target)
    offers = offers.filter(Q(target=None) | ~Q(target=F("measure")))
    merged: dict[Key, int | None] = {}
    only_by_duplicates = set()
    for round_id, measure, counts_for, is_offered in offers.annotate(
        is_offered=Exists(own)
    ).values_list("round", "measure", "target", "is_offered"):
        merged[round_id, measure] = counts_for
        if not is_offered:
            only_by_duplicates.add((round_id, counts_for))
    return merged, only_by_duplicates


def _families(merged: Mapping[Key, int | None]) -> Q:
    """Return what finds the ratings of duplicates and of those that they count for."""
    members: defaultdict[int, set[int]] = defaultdict(set)
    for (round_id, measure), target in merged.items():
        members[round_id] |= {measure, target or measure}
    found = Q()
    for round_id, measures in members.items():
        found |= Q(round=round_id, measure__in=measures)
    return found


def _answers(rows: QuerySet[Rating], merged: Mapping[Key, int | None]) -> Iterator[Answer]:
    """Yield one answer per ballot, round and result; ``rows`` come ordered by round and ballot."""
    columns = ("round", "ballot", "ballot__group", "measure", *CRITERIA)
    here: tuple[int, int] | None = None
    found: dict[int, Answer] = {}
    for round_id, ballot, group, measure, *pair in rows.values_list(*columns).iterator():
        if (round_id, ballot) != here:
            yield from found.values()
            here, found = (round_id, ballot), {}
        target = merged.get((round_id, measure), measure)
        if target is None:
            continue
        key = (round_id, target)
        answer = Answer(key, ballot, group, *pair)
        if target in found:
            one, other = found[target], answer
            answer = _joined(other, one) if measure == target else _joined(one, other)
        found[target] = answer
    yield from found.values()


def _joined(first: Answer, second: Answer) -> Answer:
    """Return what a ballot says altogether: the first answer, the second where it says nothing."""
    return first._replace(
        relevance=second.relevance if first.relevance is None else first.relevance,
        feasibility=second.feasibility if first.feasibility is None else first.feasibility,
    )


def _counted_one_by_one(
    rows: QuerySet[Rating], merged: Mapping[Key, int | None], steps: int, by_group: bool
) -> dict[Pile, Tally]:
    counts: defaultdict[Pile, list[list[int]]] = defaultdict(
        lambda: [[0] * steps, [0] * steps, [0]]
    )
    for answer in _answers(rows.order_by("round", "ballot", "measure"), merged):
        relevance, feasibility, n = counts[*answer.key, answer.group if by_group else None]
        for pile, step in ((relevance, answer.relevance), (feasibility, answer.feasibility)):
            if step is not None:
                pile[step - 1] += 1
        n[0] += answer.relevance is not None or answer.feasibility is not None
    return {
        key: Tally(tuple(relevance), tuple(feasibility), n)
        for key, (relevance, feasibility, [n]) in counts.items()
    }


def _counted(rows: QuerySet[Rating], steps: int, by_group: bool) -> dict[Pile, Tally]:
    """Let the database count the steps of both criteria. 1 query."""
    by = ("round", "measure", "ballot__group") if by_group else ("round", "measure")
    counts = {
        f"{criterion}_{step}": Count("ballot", filter=Q(**{criterion: step}))
        for criterion in CRITERIA
        for step in range(1, steps + 1)
    }
    judged = Count("ballot", filter=Q(relevance__isnull=False) | Q(feasibility__isnull=False))
    found = rows.order_by().values(*by).annotate(n=judged, **counts)
    keys = len(by)
    return {
        (*row[:2], row[2] if by_group else None): Tally(
            relevance=row[keys + 1 : keys + 1 + steps],
            feasibility=row[keys + 1 + steps :],
            n=row[keys],
        )
        for row in found.values_list(*by, "n", *counts)
    }


def _paper(
    counts: QuerySet[PaperCount],
    merged: Mapping[Key, int | None],
    steps: int,
    by_group: bool,
) -> dict[Pile, Tally]:
    """Turn paper counts into tallies by (round, measure, group). 1 query."""
    sheets: defaultdict[Pile, dict[str, list[int]]] = defaultdict(
        lambda: {criterion: [0] * steps for criterion in CRITERIA}
    )
    rows = counts.filter(step__range=(1, steps)).order_by()
    for round_id, measure, group_id, criterion, step, count in rows.values_list(
        "round", "measure", "group", "criterion", "step", "count"
    ):
        if step:
            sheets[round_id, measure, group_id][criterion][step - 1] += count
    found: defaultdict[Pile, list[Tally]] = defaultdict(list)
    for (round_id, measure, group), piles in sheets.items():
        target = merged.get((round_id, measure), measure)
        if target is not None:
            relevance, feasibility = (tuple(piles[criterion]) for criterion in CRITERIA)
            tally = Tally(relevance, feasibility, max(sum(relevance), sum(feasibility)))
            found[round_id, target, group if by_group else None].append(tally)
    return {key: total(tallies, steps) for key, tallies in found.items()}


def abstentions(key: Key) -> dict[str, int]:
    """Return by criterion how many could not judge, on ballots and on paper. 3 queries."""
    round_id, target = key
    merged = _merged([round_id])
    members = {measure for (_round, measure), each in merged.items() if each == target} | {target}
    rows = Rating.objects.filter(round=round_id, measure__in=members)
    answers = list(_answers(rows.order_by("round", "ballot", "measure"), merged))
    paper = PaperCount.objects.filter(round=round_id, measure__in=members, step=None).order_by()
    sheets = dict(paper.values_list("criterion").annotate(sheets=Sum("count")))
    return {
        criterion: sum(getattr(each, criterion) is None for each in answers)
        + sheets.get(criterion, 0)
        for criterion in CRITERIA
    }
