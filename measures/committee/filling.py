"""Composing an agenda. Every function lines up those who compose at the same moment."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from fields.models import ActionField
from measures.committee.agenda import Agenda, agenda_of, measures_on
from measures.models import AgendaItem, Decision, Measure, Session
from measures.overview import Overview
from measures.results.talk import talk_of
from workshops.models import mark_changed
from workshops.order import next_order, number

STEPS = {step: step for step in ("up", "down", "first", "last")}


def offered(agenda: Agenda, session: Session) -> QuerySet[Measure]:
    """Return the measures that a session's agenda does not hold yet, in reading order."""
    rows = Measure.objects.filter(workshop=session.workshop_id).standing()
    taken = {measure.pk for measure in measures_on(agenda)}
    return rows.exclude(pk__in=taken).select_related("field").in_reading_order()


@transaction.atomic
def put_measures(session: Session, measures: Sequence[int]) -> int:
    """Put the measures behind what is there and leave out those that are; return how many came."""
    mark_changed(session.workshop_id)
    taken = {measure.pk for measure in measures_on(agenda_of(session))}
    fresh = [pk for pk in dict.fromkeys(measures) if pk not in taken]
    first = next_order(session.items.all())
    AgendaItem.objects.bulk_create(
        AgendaItem(session=session, measure_id=pk, order=order)
        for order, pk in enumerate(fresh, start=first)
    )
    return len(fresh)


@transaction.atomic
def put_field(session: Session, field: ActionField) -> int:
    """Put a whole field behind what is there; return for how many measures it stands.

    0 means that nothing was put there: all its measures are on the agenda already.
    """
    mark_changed(session.workshop_id)
    taken = {measure.pk for measure in measures_on(agenda_of(session))}
    fresh = Measure.objects.filter(field=field).standing().exclude(pk__in=taken).count()
    if fresh:
        order = next_order(session.items.all())
        AgendaItem.objects.create(session=session, field=field, order=order)
    return fresh


def best_first(overview: Overview) -> list[tuple[int, int]]:
    """Return rank and measure's id of what is ranked; equal ones share a rank."""
    return sorted((row.result.rank, row.measure.pk) for row in overview.rows if row.result.rank)


def most_disputed_first(overview: Overview) -> list[tuple[int, int]]:
    """Return place and measure's id of what the room disagrees about, the most disputed first."""
    return list(enumerate(talk_of(overview), start=1))


def decided_elsewhere(session: Session) -> set[int]:
    """Return the ids of measures on which other sessions have decided for good. 1 query.

    Also what is pending, for the administration alone composes agendas. What was decided on a
    duplicate counts for the measure that it is part of.
    """
    rows = Decision.objects.in_workshop(session.workshop).exclude(session=session)
    rows = rows.standing(with_pending=True).final()
    found = rows.values_list("measure", "measure__merged_into")
    return {pk for pair in found for pk in pair if pk}


ORDERS = {"ranking": best_first, "talk": most_disputed_first}


@transaction.atomic
def reorder(session: Session, places: Sequence[tuple[int, int]]) -> None:
    """Order the items by the best place among their measures; those without one stay behind."""
    mark_changed(session.workshop_id)
    by_measure = {pk: place for place, pk in places}
    last = len(places) + 1
    best = {
        item: min((by_measure.get(each.measure.pk, last) for each in entries), default=last)
        for item, entries in agenda_of(session).items()
    }
    ordered = sorted(best, key=lambda item: best[item])
    number(ordered)


@transaction.atomic
def move_item(item: AgendaItem, step: str) -> None:
    """Move an item by one of STEPS; at an end nothing happens."""
    mark_changed(item.session.workshop_id)
    items = list(item.session.items.all())
    if item not in items:  # taken off at the same moment
        return
    here, last = items.index(item), len(items) - 1
    there = {"up": max(here - 1, 0), "down": min(here + 1, last), "first": 0, "last": last}[step]
    items.insert(there, items.pop(here))
    number(items)


@transaction.atomic
def take_off(item: AgendaItem) -> bool:
    """Take an item off the agenda unless its session has decided on it; tell whether it is off."""
    mark_changed(item.session.workshop_id)
    agenda = agenda_of(item.session)
    if item not in agenda:  # taken off at the same moment
        return True
    if _is_decided(item, agenda):
        return False
    item.delete()
    return True


@transaction.atomic
def set_public(item: AgendaItem, *, is_public: bool) -> bool:
    """Say whether the public may know of an item, unless its session has decided on it."""
    mark_changed(item.session.workshop_id)
    agenda = agenda_of(item.session)
    if item not in agenda or _is_decided(item, agenda):
        return False
    item.is_public = is_public
    item.save(update_fields=["is_public"])
    return True


def _is_decided(item: AgendaItem, agenda: Agenda) -> bool:
    measures = [entry.measure for entry in agenda[item]]
    return Decision.objects.filter(session=item.session, measure__in=measures).exists()
