from collections import Counter, defaultdict
from operator import attrgetter
from uuid import uuid4

from django.db import migrations


def part(apps, schema_editor):
    """Bring rounds that have ended into the state in which they end from now on.

    What was never opened waits. The ratings of a settled round lie on ballots of their own, without
    a secret. Sheets of groups that too few of them share lose the group, in the history too.
    """
    Round = apps.get_model("measures", "Round")
    Round.objects.filter(state="closed", offers=None).update(state="waiting")
    settled = Round.objects.filter(state__in=["shown", "set_aside"]).select_related("workshop")
    for round in settled.order_by("pk"):
        _part(apps, round)
        _drop_rare_groups(apps, round)


def _part(apps, round) -> None:
    Ballot = apps.get_model("workshops", "Ballot")
    Rating = apps.get_model("measures", "Rating")
    ratings = list(Rating.objects.filter(round=round).select_related("ballot"))
    parted = {
        rating.ballot_id: Ballot(
            id=uuid4(),
            workshop_id=round.workshop_id,
            group_id=rating.ballot.group_id,
            source=rating.ballot.source,
        )
        for rating in ratings
    }
    if not ratings:
        return
    Rating.objects.filter(round=round).delete()
    for rating in ratings:
        rating.pk, rating.ballot = uuid4(), parted[rating.ballot_id]
    Ballot.objects.bulk_create(sorted(parted.values(), key=attrgetter("pk")))
    Rating.objects.bulk_create(sorted(ratings, key=attrgetter("pk")), batch_size=500)
    Round = apps.get_model("measures", "Round")
    Round.objects.filter(pk=round.pk).update(erased_at=None)  # by manage.py erase_traces


def _drop_rare_groups(apps, round) -> None:
    PaperCount = apps.get_model("measures", "PaperCount")
    rows = list(PaperCount.objects.filter(round=round))
    answers, sheets = Counter(), Counter()
    for row in rows:
        answers[row.group_id, row.measure_id, row.criterion] += row.count
    for (group, _measure, _criterion), count in answers.items():
        sheets[group] = max(sheets[group], count)
    lost = _lost(sheets, round.workshop.smallest_group)
    more = defaultdict(int)
    for row in rows:
        if row.group_id in lost:
            more[row.measure_id, row.criterion, row.step] += row.count
    PaperCount.objects.filter(round=round, group__in=lost).delete()
    for row in rows:
        if row.group_id is None:
            row.count += more.pop((row.measure_id, row.criterion, row.step), 0)
            row.save(update_fields=["count"])
    PaperCount.objects.bulk_create(
        PaperCount(round=round, measure_id=measure, criterion=criterion, step=step, count=count)
        for (measure, criterion, step), count in more.items()
    )
    kept = {row.group_id for row in rows} - lost - {None}
    history = apps.get_model("measures", "HistoricalPaperCount").objects
    history.filter(round=round, group__isnull=False).exclude(group__in=kept).delete()


def _lost(sizes: Counter, smallest: int) -> set:
    """The rule of ``measures.standing.lost_labels`` as it was at this migration."""
    labels = sorted((n, str(label), label) for label, n in sizes.items() if label is not None)
    lost = {label for n, _name, label in labels if n < smallest}
    without = sizes.get(None, 0) + sum(sizes[label] for label in lost)
    for n, _name, label in labels:
        if 0 < without < smallest and label not in lost:
            lost.add(label)
            without += n
    return lost


class Migration(migrations.Migration):
    dependencies = [("measures", "0014_waiting_rounds")]

    operations = [migrations.RunPython(part, migrations.RunPython.noop, elidable=False)]
