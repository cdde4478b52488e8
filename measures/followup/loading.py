"""From rows to tracks, with a constant number of queries."""

from collections.abc import Iterable, Sequence
from datetime import date

from measures.decided import holding
from measures.followup.tracks import Followed, Report, Step, Track, track
from measures.models import TARGET, Decision, Measure, StatusEntry, Task
from workshops.models import Workshop
from workshops.visits import Visit


def decisions_known_to(visits: Iterable[Visit]) -> list[Decision]:
    """Return the standing decisions that a visitor of these workshops may know of."""
    rows: list[Decision] = []
    by_right: dict[bool, list[Visit]] = {}
    for visit in visits:
        by_right.setdefault(visit.is_decider, []).append(visit)
    for some in by_right.values():
        within = Decision.objects.filter(session__workshop__in=[each.workshop for each in some])
        rows += within.known_to(some[0]).defer("snapshot", "reason")
    return rows


def follow(
    workshops: Sequence[Workshop],
    decisions: Iterable[Decision],
    *,
    today: date,
    with_removed: bool = False,
) -> list[Track]:
    """Return where everything stands that was accepted or that somebody reported on. 3 queries.

    The tracks are in reading order. ``decisions`` are the standing ones that the reader may know
    of; the newest on a measure holds. Decisions, reports and tasks of a merged duplicate count for
    the measure that it was merged into; tasks alone are no reason to be listed. What was removed is
    left out unless asked for.
    """
    targets, measures = _measures(workshops)
    reports, tasks = _reports(workshops), _tasks(workshops)
    decided = holding(decisions, lambda each: targets[each.measure_id])
    accepted = {pk for pk, each in decided.items() if not each.calls_off}
    followed = accepted | reports.keys()
    return [
        track(measure, decided.get(pk), reports.get(pk, ()), tasks.get(pk, ()), today=today)
        for pk, measure in measures.items()
        if pk in followed and (with_removed or not measure.is_removed)
    ]


def _measures(workshops: Sequence[Workshop]) -> tuple[dict[int, int], dict[int, Followed]]:
    """Return by the id of each measure the id that it counts for, and the measure."""
    titles = {workshop.pk: workshop.title for workshop in workshops}
    rows = (
        Measure.objects.filter(workshop__in=workshops)
        .in_reading_order()
        .values_list(
            "pk", "number", "title", "time_horizon", "field__name", "workshop_id",
            "municipality_id", "merged_into_id", "is_removed",
        )
    )  # fmt: skip
    targets, measures = {}, {}
    for pk, number, title, horizon, field, workshop, town, merged_into, is_removed in rows:
        targets[pk] = merged_into or pk
        measures[pk] = Followed(
            pk, number, title, horizon, field, workshop, titles[workshop], town, is_removed
        )
    return targets, measures


def _reports(workshops: Sequence[Workshop]) -> dict[int, list[Report]]:
    rows = (
        StatusEntry.objects.filter(measure__workshop__in=workshops)
        .annotate(target=TARGET)
        .order_by("pk")
        .values_list("target", "date", "state", "sentence", "percent", "next_due")
    )
    found: dict[int, list[Report]] = {}
    for pk, day, state, sentence, percent, next_due in rows:
        found.setdefault(pk, []).append(Report(day, state, sentence, percent, next_due))
    return found


def newest_entries(workshop: Workshop) -> dict[int, int]:
    """Return by the measure's id the id of the entry that holds. 1 query."""
    rows = StatusEntry.objects.in_workshop(workshop).annotate(target=TARGET)
    return dict(rows.order_by("date", "pk").values_list("target", "pk"))


def _tasks(workshops: Sequence[Workshop]) -> dict[int, list[Step]]:
    rows = (
        Task.objects.filter(measure__workshop__in=workshops)
        .annotate(target=TARGET)
        .order_by("pk")
        .values_list("target", "due_date", "done_on")
    )
    found: dict[int, list[Step]] = {}
    for pk, due, done_on in rows:
        found.setdefault(pk, []).append(Step(due, done_on))
    return found
