from collections import Counter

from django.db import migrations

RATED = ("Rating", "Consensus", "PaperCount")
HISTORIES = ("HistoricalConsensus", "HistoricalPaperCount")


def fill(apps, schema_editor):
    """Turn every number of a round into its row, with the measures that were rated in it.

    What could be seen until now is shown. Groups that too few ballots share are dropped as they
    are from now on whenever a rating ends.
    """
    Workshop = apps.get_model("workshops", "Workshop")
    for workshop in Workshop.objects.order_by("pk"):
        numbers = _numbers(apps, workshop)
        for place, number in enumerate(sorted(numbers), start=1):
            _make(apps, workshop, number, place, is_last=number == max(numbers))
        if workshop.phase != "rating" and numbers:
            _drop_rare_labels(apps, workshop)


def _numbers(apps, workshop) -> set[int]:
    """Return the rounds that hold anything, and the one that is going on."""
    found = {workshop.round} if workshop.phase == "rating" else set()
    for name in RATED:
        rows = apps.get_model("measures", name).objects.filter(measure__workshop=workshop)
        found |= set(rows.order_by().values_list("round_number", flat=True).distinct())
    return found


def _make(apps, workshop, number: int, place: int, *, is_last: bool) -> None:
    Round = apps.get_model("measures", "Round")
    state = _state(apps, workshop, is_first=place == 1) if is_last else "shown"
    round = Round.objects.create(workshop=workshop, number=place, state=state)
    was_opened = state != "closed" or _times(apps, workshop, "rating")
    offered = _standing(apps, workshop) if is_last and was_opened else set()
    for name in RATED:
        rows = apps.get_model("measures", name).objects.filter(measure__workshop=workshop)
        rows = rows.filter(round_number=number)
        rows.update(round=round)
        if was_opened:
            offered |= set(rows.order_by().values_list("measure", flat=True).distinct())
    for name in HISTORIES:
        rows = apps.get_model("measures", name).objects.filter(round_number=number)
        measures = apps.get_model("measures", "Measure").objects.filter(workshop=workshop)
        rows.filter(measure__in=measures).update(round=round)
    _offer(apps, round, offered)
    if state == "open":
        fields = apps.get_model("fields", "ActionField").objects.filter(workshop=workshop)
        round.open_fields.set(fields.filter(is_worked_on=True))


def _state(apps, workshop, *, is_first: bool) -> str:
    """Return the state of the last round; a workshop gone back to collecting may have shown it."""
    if workshop.phase == "rating":
        return "open"
    if workshop.phase in ("deliberating", "closed"):
        return "shown"
    looks, openings = (_times(apps, workshop, phase) for phase in ("deliberating", "rating"))
    # A second round began with its last opening, the first one with the workshop.
    seen = any(is_first or look > openings[-1] for look in looks) if openings else False
    return "shown" if seen else "closed"


def _times(apps, workshop, phase: str) -> list:
    rows = apps.get_model("workshops", "PhaseChange").objects.filter(workshop=workshop)
    return list(rows.filter(after=phase).order_by("at", "pk").values_list("at", flat=True))


def _standing(apps, workshop) -> set[int]:
    rows = apps.get_model("measures", "Measure").objects.filter(
        workshop=workshop, is_removed=False, merged_into=None, field__is_worked_on=True
    )
    return set(rows.values_list("pk", flat=True))


def _offer(apps, round, offered: set[int]) -> None:
    Offer = apps.get_model("measures", "Offer")
    rows = apps.get_model("measures", "Measure").objects.filter(pk__in=offered)
    Offer.objects.bulk_create(
        Offer(round=round, measure_id=pk, counts_for_id=_target(pk, target, is_removed, round))
        for pk, target, is_removed in rows.values_list("pk", "merged_into", "is_removed")
    )


def _target(pk: int, target: int | None, is_removed: bool, round) -> int | None:
    if round.state != "shown" or (target and is_removed):
        return None
    return target or pk


def _drop_rare_labels(apps, workshop) -> None:
    Ballot = apps.get_model("workshops", "Ballot")
    ballots = list(Ballot.objects.filter(workshop=workshop))
    smallest = workshop.smallest_group
    lost = _lost(Counter(ballot.group_id for ballot in ballots), smallest)
    for ballot in ballots:
        ballot.group_id = None if ballot.group_id in lost else ballot.group_id
    for group in {ballot.group_id for ballot in ballots}:
        alike = [ballot for ballot in ballots if ballot.group_id == group]
        rare = _lost(Counter(ballot.source for ballot in alike), smallest)
        for ballot in alike:
            ballot.source = "untold" if ballot.source in rare else ballot.source
    Ballot.objects.bulk_update(ballots, ["group", "source"], batch_size=500)


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
    dependencies = [("measures", "0006_rounds")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=False)]
