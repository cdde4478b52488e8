"""What a workshop has beside what a file says, and the plan carried out: all rows or none."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from django.db import transaction

from fields.models import ActionField, Goal
from measures.columns import CONTENT
from measures.models import Consensus, Measure, TimeHorizon
from measures.rating.rounds import unsettled_round
from measures.transfer.cells import STEPS
from measures.transfer.headings import Columns, in_every_language
from measures.transfer.matching import Meanings
from measures.transfer.planning import make_plan
from measures.transfer.plans import Existing, FileRow, Plan, Value
from measures.transfer.since import is_in_the_way, moment_of
from measures.transfer.storing import agreed_in, made_ready
from measures.transfer.tables import Table
from measures.transfer.texts import plain_word
from workshops.bulk import Bulk
from workshops.edits import note_records
from workshops.models import User, Workshop, line_up, mark_changed
from workshops.plain_text import name_key

TRIES = 3  # to plan before the turn while others keep changing the workshop

HORIZON_WORDS = {
    TimeHorizon.SHORT: "short shortterm kurz kurzfristig kurzfristige",
    TimeHorizon.MEDIUM: "medium mediumterm mittel mittelfristig mittelfristige",
    TimeHorizon.LONG: "long longterm lang langfristig langfristige",
    TimeHorizon.UNKNOWN: "unknown notestimated open offen unbekannt ka keineangabe nichtgeschätzt",
}


def preview(
    table: Table, columns: Columns, workshop: Workshop, meanings: Meanings | None = None
) -> Plan:
    """Return what an import would do. Raises ColumnProblem when columns are missing."""
    return make_plan(table, columns, existing(workshop), meanings)


def import_table(
    table: Table,
    columns: Columns,
    workshop: Workshop,
    user: User | None,
    *,
    meanings: Meanings | None = None,
    seen: str = "",
    take_turn: Callable[[], object] | None = None,
) -> Plan:
    """Plan and carry it out at once, unless it is not ready or differs from what was ``seen``.

    ``meanings`` tell what words mean that the workshop does not know. ``seen`` is the fingerprint
    of the plan that somebody agreed to; empty agrees to any. ``take_turn`` lines up at the
    workshop; one of the caller's own may refuse, by what it raises, whoever comes too late.

    All is planned and made ready before the turn, so that nobody waits for that. If somebody was
    faster it is done anew; the last time in the turn, or it might never end.
    """
    # Two tabs that confirm at the same moment must not both see an empty workshop.
    take_turn = take_turn or partial(line_up, workshop.pk)
    for _time in range(TRIES):
        moment = moment_of(workshop)
        workshop.refresh_from_db()  # scale and all; what changes after the moment is in the way
        plan = preview(table, columns, workshop, meanings)
        if not _is_agreed(plan, seen):
            return plan
        bulk = made_ready(plan, workshop, user)
        with suppress(_Outdated), transaction.atomic():
            take_turn()
            if is_in_the_way(plan, workshop, moment):
                raise _Outdated
            last = Measure.objects.in_workshop(workshop).last_number()
            # Nobody's line has a higher place than it has come later: ours stay behind them all.
            bulk.raise_by(Measure, {"number", "order"}, last - moment.last_number)
            return _stored(plan, bulk, workshop)
    with transaction.atomic():
        take_turn()
        workshop.refresh_from_db()
        plan = preview(table, columns, workshop, meanings)
        if not _is_agreed(plan, seen):
            return plan
        return _stored(plan, made_ready(plan, workshop, user), workshop)


class _Outdated(Exception):
    """The workshop was changed since the plan was made."""


def _is_agreed(plan: Plan, seen: str) -> bool:
    return plan.is_ready and seen in ("", plan.fingerprint)


def _stored(plan: Plan, bulk: Bulk, workshop: Workshop) -> Plan:
    if not plan.is_empty:
        mark_changed(workshop.pk)  # once for all rows
        bulk.store()
        note_records(bulk.records)
    return replace(plan, is_applied=True)


def existing(workshop: Workshop) -> Existing:
    """Return what the workshop has and takes. 8 queries, up to 17 where results are shown."""
    fields = tuple(workshop.fields.standing().values_list("name", flat=True))
    goals = Goal.objects.in_workshop(workshop).standing()
    rows = Measure.objects.in_workshop(workshop).unremoved().order_by("number")
    measures = list(rows.select_related("field", "goal", "municipality"))
    rated = Measure.objects.in_workshop(workshop).rated().values_list("pk", flat=True)
    agreed = agreed_in(workshop, unsettled_round(workshop))
    return Existing(
        fields=fields,
        goals=tuple(goals.values_list("field__name", "text", "indicator")),
        measures={each.pk: _as_file_row(each, agreed.get(each.pk)) for each in measures},
        merged=frozenset(each.pk for each in measures if each.merged_into_id is not None),
        rated=frozenset(rated),
        limits=_limits(),
        steps=workshop.steps,
        horizons=_horizon_words(),
        municipalities=_municipality_words(workshop),
    )


def _municipality_words(workshop: Workshop) -> dict[str, str]:
    """Return "name (key)" and, if only one has it, the mere name -> "name (key)"."""
    seated = list(workshop.municipalities.all())
    names = Counter(name_key(municipality.name) for municipality in seated)
    mere = {name_key(each.name): str(each) for each in seated if names[name_key(each.name)] == 1}
    return mere | {name_key(str(each)): str(each) for each in seated}


def _horizon_words() -> dict[str, str]:
    return {
        plain_word(word): value
        for value, words in HORIZON_WORDS.items()
        for word in (*words.split(), *in_every_language(value.label))
    }


def _limits() -> dict[str, int | None]:
    """Return how many characters the models take."""
    return {
        "field": ActionField._meta.get_field("name").max_length,
        "goal": Goal._meta.get_field("text").max_length,
        "indicator": Goal._meta.get_field("indicator").max_length,
        "measure": Measure._meta.get_field("title").max_length,
        **{column.name: column.field.max_length for column in CONTENT},
    }


def _as_file_row(measure: Measure, consensus: Consensus | None) -> FileRow:
    values: dict[str, Value] = {
        column.name: getattr(measure, column.attribute) for column in CONTENT
    }
    values["municipality"] = str(measure.municipality) if measure.municipality else ""
    values |= {name: getattr(consensus, name, None) for name in STEPS}
    return FileRow(
        row=0,
        field=measure.field.name,
        goal=measure.goal.text if measure.goal and not measure.goal.is_removed else "",
        measure=measure.title,
        values=values,
        number=str(measure.number),
    )
