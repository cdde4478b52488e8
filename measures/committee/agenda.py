"""What stands on a session's agenda, with what is known of every measure on it.

A measure is listed once: where it has an item of its own, there, and otherwise under the item of
its whole action field. What was merged or removed later keeps its own item, so that nobody wonders
where it went.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from measures.committee.then import Figures, figures_now, then_of
from measures.decided import holding, recommended
from measures.models import AgendaItem, Decision, Measure, Remark, Session
from measures.overview import Overview, Row
from workshops.visits import Visit


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """One measure of an agenda.

    ``label`` is the number by which people call it: "3", or "3.2" within a field. ``is_public``
    tells of the point itself, not of its session. What follows is told in the list of all: ``row``
    is None for a measure that was merged or removed. ``questions``
    and ``remarks`` count the open ones, 0 for who may not know of them. ``decision`` is this
    session's, ``earlier`` what holds of other sessions and ``recommended`` what was recommended
    since, both also on what was merged into the measure. ``then`` are the values that it was
    decided on, ``today`` those of today, None where they are the same.
    """

    measure: Measure
    label: str
    is_public: bool = True
    row: Row | None = None
    questions: int = 0
    remarks: int = 0
    decision: Decision | None = None
    earlier: Decision | None = None
    recommended: Decision | None = None
    then: Figures | None = None
    today: Figures | None = None


Agenda = dict[AgendaItem, list[AgendaEntry]]
"""The items in their order, each with the measures that it stands for."""


def agenda_of(session: Session) -> Agenda:
    """Return a session's agenda. 2 queries."""
    own = "measure__field", "measure__goal", "measure__merged_into", "measure__municipality"
    items = list(session.items.select_related("field", *own))
    singles = {item.measure_id for item in items}
    by_field: dict[int | None, list[Measure]] = defaultdict(list)
    for measure in _of_fields(session, {item.field_id for item in items if item.field_id}):
        if measure.pk not in singles:
            by_field[measure.field_id].append(measure)
    return {
        item: [AgendaEntry(item.measure, str(number), item.is_public)]
        if item.measure
        else [
            AgendaEntry(measure, f"{number}.{place}", item.is_public)
            for place, measure in enumerate(by_field[item.field_id], start=1)
        ]
        for number, item in enumerate(items, start=1)
    }


def _of_fields(session: Session, fields: set[int]) -> Iterable[Measure]:
    rows = Measure.objects.filter(workshop=session.workshop_id, field__in=fields).standing()
    return rows.select_related("field", "goal", "municipality").in_reading_order()


def entries_on(agenda: Agenda) -> list[AgendaEntry]:
    """Return the entries of an agenda one after the other."""
    return [entry for entries in agenda.values() for entry in entries]


def measures_on(agenda: Agenda) -> list[Measure]:
    """Return the measures of an agenda one after the other."""
    return [entry.measure for entry in entries_on(agenda)]


def known_agenda(
    session: Session, visit: Visit, overview: Overview
) -> tuple[Agenda, list[Decision]]:
    """Return the agenda with what this visitor may know of everything on it. 4 queries.

    And the session's decisions on what has left its agenda.
    """
    agenda = agenda_of(session)
    measures = {measure.pk for measure in measures_on(agenda)}
    rows = {row.measure.pk: row for row in overview.rows}
    here, earlier, advice = _decisions(session, visit, measures)
    open_remarks = _open_remarks(visit, measures)

    def known(entry: AgendaEntry) -> AgendaEntry:
        pk = entry.measure.pk
        row, decision = rows.get(pk), here.get(pk)
        frozen = then_of(decision, visit.workshop) if decision else None
        now = figures_now(overview, row) if row else None
        return replace(
            entry,
            row=row,
            then=frozen.figures if frozen else None,
            today=now if frozen and now != frozen.figures else None,
            questions=open_remarks[pk, Remark.Kind.QUESTION],
            remarks=open_remarks[pk, Remark.Kind.REMARK],
            decision=decision,
            earlier=earlier.get(pk),
            recommended=advice.get(pk),
        )

    others = [decision for pk, decision in here.items() if pk not in measures]
    return {item: [known(each) for each in entries] for item, entries in agenda.items()}, others


def _decisions(
    session: Session, visit: Visit, measures: set[int]
) -> tuple[dict[int, Decision], dict[int, Decision], dict[int, Decision]]:
    """Return by the measure's id this session's decisions, and of other sessions what holds and
    what was recommended since.
    """
    here: dict[int, Decision] = {}
    earlier: dict[int, Decision] = {}
    advice: dict[int, Decision] = {}
    rows = Decision.objects.in_workshop(visit.workshop).known_to(visit)
    others: dict[int, list[Decision]] = defaultdict(list)
    for decision in rows.select_related("session", "measure"):
        if decision.session_id == session.pk:
            here[decision.measure_id] = decision
            continue
        for pk in {decision.measure_id, decision.measure.target_id} & measures:
            others[pk].append(decision)
    for pk, some in others.items():
        earlier.update((pk, each) for each in holding(some, lambda _each: 0).values())
        advice.update((pk, each) for each in recommended(some, lambda _each: 0).values())
    return here, earlier, advice


def _open_remarks(visit: Visit, measures: set[int]) -> Counter[tuple[int, str]]:
    """Count by measure and kind. What was written on a duplicate counts for what it is part of."""
    found: Counter[tuple[int, str]] = Counter()
    if not visit.is_decider:
        return found
    rows = Remark.objects.in_workshop(visit.workshop).open()
    for pk, merged_into, kind in rows.values_list("measure", "measure__merged_into", "kind"):
        found[merged_into if merged_into in measures else pk, kind] += 1
    return found
