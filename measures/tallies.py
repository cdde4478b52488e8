"""Ratings counted in the database: one row per measure, however many people rated.

A duplicate's ratings count for the measure that it had been merged into when the round was shown.
Whoever rated both counts once, criterion by criterion: a judgement beats "cannot judge", and among
judgements that of the standing measure, then that of the duplicate with the lowest id.
Paper is counted apart from all that people entered themselves, for whoever typed it in knows it.
A sheet that was typed in as a whole is a ballot of that source. Of others only counts per step and
criterion are known; which pairs stood on one sheet is not, so the number of sheets is taken as the
larger of both criteria's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db.models import (
    BigIntegerField,
    BooleanField,
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
from measures.shown import Key, kept_when_shown
from measures.standing import Piles, total
from workshops.models import Ballot, Criterion

CRITERIA = (Criterion.RELEVANCE.value, Criterion.FEASIBILITY.value)

# Every ``Key`` here names the measure that the ratings count for.
Pile = tuple[int, int, int | None, bool]  # the same, a group's id (None: no group), is on paper?
Grouped = tuple[dict[int | None, Tally], dict[int | None, Tally]]  # by the group's id

IS_ON_PAPER = Case(
    When(ballot__source=Ballot.Source.PAPER, then=Value(True)),
    default=Value(False),
    output_field=BooleanField(),
)


class Answer(NamedTuple):
    """What one ballot says of a measure in a round; ``key`` as everywhere here."""

    key: Key
    ballot: int
    group: int | None
    is_on_paper: bool
    relevance: int | None
    feasibility: int | None


@kept_when_shown
def piles_of(rounds: Sequence[Round], steps: int) -> dict[Key, Piles]:
    """Return what was rated in these rounds. 3 queries, 4 where duplicates were merged."""
    merged, only_by_duplicates = _duplicates({each.pk for each in rounds})
    return {
        key: Piles(
            total(ballots.values(), steps),
            total(paper.values(), steps),
            key not in only_by_duplicates,
        )
        for key, (ballots, paper) in _grouped(rounds, steps, merged).items()
    }


@kept_when_shown
def group_piles_of(rounds: Sequence[Round], steps: int) -> dict[Key, Grouped]:
    """Return the same by group, those of ballots and those of paper. 3 or 4 queries.

    ``None`` is no group. Not for display: see ``measures.groups`` for what may be shown.
    """
    return _grouped(rounds, steps, _merged({each.pk for each in rounds}))


@kept_when_shown
def counted_sheets_of(rounds: Sequence[Round], steps: int) -> dict[Key, Tally]:
    """Return the part of the paper of which only counts are known, no sheet as a whole. 2 queries.

    What else is on paper are ballots, and so among the answers.
    """
    counts = _counted_sheets(rounds, steps, _merged({each.pk for each in rounds}))
    by_key: defaultdict[Key, list[Tally]] = defaultdict(list)
    for (round_id, target, _group, _is_on_paper), tally in counts.items():
        by_key[round_id, target].append(tally)
    return {key: total(tallies, steps) for key, tallies in by_key.items()}


def answers_of(keys: Collection[Key]) -> Iterator[Answer]:
    """Yield the answers behind these results, those of one ballot together. 2 queries.

    For arithmetic on whole raters; never for display.
    """
    rounds = {round_id for round_id, _target in keys}
    merged = _merged(rounds)
    rows = Rating.objects.filter(round__in=rounds).order_by("round", "ballot", "measure")
    wanted = set(keys)
    yield from (each for each in _answers(rows, merged) if each.key in wanted)


def _grouped(
    rounds: Collection[Round], steps: int, merged: Mapping[Key, int | None]
) -> dict[Key, Grouped]:
    """Return by group what is on ballots and what on paper. 2 queries, 3 with duplicates.

    Double votes are looked for only where something was merged. The ratings are found by the
    measures of the workshop, which is how they lie in the table.
    """
    ids = [each.pk for each in rounds]
    alone = Rating.objects.filter(
        measure__workshop__in={each.workshop_id for each in rounds}, round__in=ids
    )
    ballots: dict[Pile, Tally] = {}
    if merged:
        families = _families(merged)
        ballots = _counted_one_by_one(alone.filter(families), merged, steps)
        alone = alone.exclude(families)
    ballots |= _counted(alone, steps)
    found: defaultdict[Key, Grouped] = defaultdict(lambda: ({}, {}))
    for piles in (ballots, _counted_sheets(rounds, steps, merged)):
        for (round_id, target, group, is_on_paper), tally in piles.items():
            pile = found[round_id, target][is_on_paper]
            pile[group] = total([pile[group], tally], steps) if group in pile else tally
    return dict(found)


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
    columns = ("round", "ballot", "ballot__group", "is_on_paper", "measure", *CRITERIA)
    here: tuple[int, int] | None = None
    found: dict[int, Answer] = {}
    told = rows.annotate(is_on_paper=IS_ON_PAPER).values_list(*columns)
    for round_id, ballot, group, is_on_paper, measure, *pair in told.iterator():
        if (round_id, ballot) != here:
            yield from found.values()
            here, found = (round_id, ballot), {}
        target = merged.get((round_id, measure), measure)
        if target is None:
            continue
        key = (round_id, target)
        answer = Answer(key, ballot, group, is_on_paper, *pair)
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
    rows: QuerySet[Rating], merged: Mapping[Key, int | None], steps: int
) -> dict[Pile, Tally]:
    counts: defaultdict[Pile, list[list[int]]] = defaultdict(
        lambda: [[0] * steps, [0] * steps, [0]]
    )
    for answer in _answers(rows.order_by("round", "ballot", "measure"), merged):
        relevance, feasibility, n = counts[*answer.key, answer.group, answer.is_on_paper]
        for pile, step in ((relevance, answer.relevance), (feasibility, answer.feasibility)):
            if step is not None:
                pile[step - 1] += 1
        n[0] += answer.relevance is not None or answer.feasibility is not None
    return {
        key: Tally(tuple(relevance), tuple(feasibility), n)
        for key, (relevance, feasibility, [n]) in counts.items()
    }


def _counted(rows: QuerySet[Rating], steps: int) -> dict[Pile, Tally]:
    """Let the database count the steps of both criteria. 1 query."""
    by = ("round", "measure", "ballot__group", "is_on_paper")
    counts = {
        f"{criterion}_{step}": Count("ballot", filter=Q(**{criterion: step}))
        for criterion in CRITERIA
        for step in range(1, steps + 1)
    }
    judged = Count("ballot", filter=Q(relevance__isnull=False) | Q(feasibility__isnull=False))
    piles = rows.order_by().annotate(is_on_paper=IS_ON_PAPER)
    found = piles.values(*by).annotate(n=judged, **counts)
    return {
        row[:4]: Tally(relevance=row[5 : 5 + steps], feasibility=row[5 + steps :], n=row[4])
        for row in found.values_list(*by, "n", *counts)
    }


def _counted_sheets(
    rounds: Collection[Round], steps: int, merged: Mapping[Key, int | None]
) -> dict[Pile, Tally]:
    """Turn paper counts into tallies. 1 query."""
    sheets: defaultdict[tuple[int, int, int | None], dict[str, list[int]]] = defaultdict(
        lambda: {criterion: [0] * steps for criterion in CRITERIA}
    )
    counts = PaperCount.objects.filter(round__in=[each.pk for each in rounds])
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
            found[round_id, target, group, True].append(tally)
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
