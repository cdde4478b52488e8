"""From rows to tracks, with a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from measures.followup.tracks import Decided, Followed, Report, Track, oldest_first, track
from measures.models import TARGET, Decision, Measure, Outcome, State, StatusEntry
from workshops.models import Workshop
from workshops.visits import Visit


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The tracks in reading order; ``removed`` are measures that lost theirs by being removed."""

    tracks: tuple[Track, ...]
    removed: tuple[Followed, ...]


def known_decisions(visits: Iterable[Visit]) -> list[Decision]:
    """Return the standing decisions that a visitor of these workshops may know of."""
    rows: list[Decision] = []
    by_right: dict[bool, list[Visit]] = {}
    for visit in visits:
        by_right.setdefault(visit.is_decider, []).append(visit)
    for decides, some in by_right.items():
        within = Decision.objects.filter(session__workshop__in=[each.workshop for each in some])
        known = within.visible_to(some[0])
        rows += known.standing(with_pending=decides).defer("snapshot", "reason", "wording")
    return rows


def follow(
    workshops: Sequence[Workshop], decisions: Iterable[Decision], *, today: date
) -> FollowUp:
    """Return where everything stands that was accepted or that somebody reported on. 2 queries.

    ``decisions`` are the standing ones that the reader may know of; the newest on a measure holds.
    Decisions and reports of a merged duplicate count for the measure that it was merged into.
    """
    targets, measures = _measures(workshops)
    reports = _reports(workshops)
    decided = {targets[each.measure_id]: _decided(each) for each in oldest_first(decisions)}
    accepted = {pk for pk, each in decided.items() if not each.calls_off}
    followed = accepted | reports.keys()
    return FollowUp(
        tracks=tuple(
            track(measure, decided.get(pk), reports.get(pk, ()), today=today)
            for pk, (measure, is_removed) in measures.items()
            if pk in followed and not is_removed
        ),
        removed=tuple(
            measure
            for pk, (measure, is_removed) in measures.items()
            if pk in followed and is_removed
        ),
    )


def _measures(workshops: Sequence[Workshop]) -> tuple[dict, dict]:
    """Return the id that each measure counts for, and per id the measure and if it is removed."""
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
        followed = Followed(pk, number, title, horizon, field, workshop, titles[workshop], town)
        measures[pk] = (followed, is_removed)
    return targets, measures


def _reports(workshops: Sequence[Workshop]) -> dict[int, list[Report]]:
    words = {state.value: str(state.label) for state in State}
    rows = (
        StatusEntry.objects.filter(measure__workshop__in=workshops)
        .annotate(target=TARGET)
        .order_by("pk")
        .values_list(
            "target", "date", "state", "sentence", "percent", "next_due",
        )
    )  # fmt: skip
    found: dict[int, list[Report]] = {}
    for pk, day, state, sentence, percent, next_due in rows:
        report = Report(day, state, words[state], sentence, percent, next_due)
        found.setdefault(pk, []).append(report)
    return found


def _decided(row: Decision) -> Decided:
    return Decided(
        pk=row.pk,
        on=row.decided_on,
        words=row.get_outcome_display(),
        due=row.due_date,
        responsible=row.responsible,
        is_pending=row.is_pending,
        calls_off=Outcome(row.outcome).calls_off,
        deferred_until=row.deferred_until,
    )
