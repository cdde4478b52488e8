"""Paper sheets of a round that ends: groups that too few sheets share lose their name."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import attrgetter

from django.db.models import Q
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from measures.models import PaperCount, Round
from measures.rating.seating import seats_of
from measures.standing import lost_labels

PLACE = ("measure_id", "criterion", "step")


def drop_rare_groups(round: Round, smallest: int) -> None:
    """Lay the sheets of groups with too few of them to those without a group, history included.

    A fixed number of queries. Of a group that has no sheet (any more) no history stays either: it
    would tell of the single sheet that was typed in for it and taken back.
    """
    rows = list(round.paper_counts.all())
    moved = [row for alike in _of_one_table(round, rows) for row in _rare(alike, smallest)]
    gone = {row.pk for row in moved}
    if moved:
        _lay_together(round, rows, moved)
    named = {row.group_id for row in rows if row.pk not in gone} - {None}
    history = PaperCount.history.filter(round=round, group__isnull=False)
    history.filter(~Q(group__in=named) | Q(id__in=gone)).delete()


def _of_one_table(round: Round, rows: Iterable[PaperCount]) -> Iterable[list[PaperCount]]:
    """Sort what was counted by the tables that rate the measure: the room knows who sat there."""
    seats = seats_of(round) if round.is_by_table else {}
    alike: defaultdict[frozenset[int] | None, list[PaperCount]] = defaultdict(list)
    for row in rows:
        alike[seats.get(row.measure_id)].append(row)
    return alike.values()


def _rare(rows: list[PaperCount], smallest: int) -> list[PaperCount]:
    lost = lost_labels(_sheets_by_group(rows), smallest)
    return [row for row in rows if row.group_id in lost]


def _lay_together(round: Round, rows: list[PaperCount], moved: list[PaperCount]) -> None:
    place = attrgetter(*PLACE)
    more: defaultdict[tuple, int] = defaultdict(int)
    for row in moved:
        more[place(row)] += row.count
    piles = {place(row): row for row in rows if row.group_id is None}
    raised = [piles[where] for where in more if where in piles]
    for pile in raised:
        pile.count += more[place(pile)]
    new = [
        PaperCount(round=round, count=count, **dict(zip(PLACE, where, strict=True)))
        for where, count in more.items()
        if where not in piles
    ]
    # Past the signal that would first write each row's group into the history once more.
    gone = round.paper_counts.filter(pk__in=[row.pk for row in moved])
    gone._raw_delete(gone.db)
    bulk_update_with_history(raised, PaperCount, ["count"], batch_size=500)
    bulk_create_with_history(new, PaperCount, batch_size=500)


def _sheets_by_group(rows: list[PaperCount]) -> Counter[int | None]:
    """Count each group's sheets: as many as the most answers to one question about one measure."""
    answers: Counter[tuple[int | None, int, str]] = Counter()
    for row in rows:
        answers[row.group_id, row.measure_id, row.criterion] += row.count
    sheets: Counter[int | None] = Counter()
    for (group, _measure, _criterion), count in answers.items():
        sheets[group] = max(sheets[group], count)
    return sheets
