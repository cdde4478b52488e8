"""Several lines at once, on their way from what was pasted to measures of a goal, or to goals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from fields.models import Goal
from measures.board.likeness import most_alike
from measures.models import Measure
from workshops.edits import note_records, writing_table
from workshops.models import mark_changed
from workshops.order import next_order
from workshops.plain_text import name_key

Row = Measure | Goal
R = TypeVar("R", Measure, Goal)
# The columns that a line fills: its text, and what stood beside it.
COLUMNS: dict[type[Row], tuple[models.Field, models.Field]] = {
    Measure: (Measure.title.field, Measure.description.field),
    Goal: (Goal.text.field, Goal.indicator.field),
}


@dataclass
class Line:
    """A line as people see it before it is stored: to be corrected, taken or left out.

    ``more`` is what stood beside its text: the description of a measure, the indicator of a goal.
    ``note`` says what should be known of it, ``errors`` why it cannot be stored.
    """

    text: str
    more: str = ""
    client_id: UUID = field(default_factory=uuid4)
    is_taken: bool = True
    note: str = ""
    errors: list[str] = field(default_factory=list)


# Before they are stored -------------------------------------------------------------------------
def leave_out_known(lines: Sequence[Line], known: Mapping[str, str]) -> None:
    """Leave out what is there, and name it.

    ``known`` maps the keys of texts to what people call them.
    """
    seen = {**known}
    for line in lines:
        key = name_key(line.text)
        if there := seen.get(key):
            line.note, line.is_taken = _("Is there already: %(what)s") % {"what": there}, False
        seen.setdefault(key, line.text)


def name_similar(lines: Sequence[Line], measures: Mapping[int, Measure]) -> None:
    """Name to each new line the measure whose title is most like it; people judge."""
    new = [line for line in lines if line.text and not line.note]
    titles = {pk: measure.title for pk, measure in measures.items()}
    for line, pk in zip(new, most_alike((line.text for line in new), titles), strict=True):
        if pk is not None:
            line.note = _("Similar: %(what)s") % {"what": measures[pk]}


def check(lines: Sequence[Line], rows: Sequence[Row]) -> bool:
    """Say in each line why its row cannot be stored; return whether all can. No query.

    What the lines have in common is for ``PasteForm`` to check.
    """
    for line, row in zip(lines, rows, strict=True):
        line.errors = _complaints(row)
    return not any(line.errors for line in lines)


def _complaints(row: Row) -> list[str]:
    text, more = COLUMNS[type(row)]
    if not text.value_from_object(row):
        return [
            _("Please enter the goal.") if isinstance(row, Goal) else _("Please enter a title.")
        ]
    found = [_too_long(row, text)]
    if long := _too_long(row, more):
        found.append(f"{capfirst(str(more.verbose_name))}: {long}")
    return [*filter(None, found)]


def _too_long(row: Row, column: models.Field) -> str:
    """Return how many characters are too many; "" if they fit."""
    length, limit = len(column.value_from_object(row)), column.max_length
    text = _("The text is too long: %(length)d characters, at most %(limit)d fit.")
    return text % {"length": length, "limit": limit} if limit and length > limit else ""


# Stored -----------------------------------------------------------------------------------------
def add_rows(rows: Sequence[Row]) -> None:
    """Store checked rows of one place in their order behind the others, each once.

    In 6 or 7 queries for up to 30, 2 more where they come again. Call it in the workshop's turn.
    """
    goals = [row for row in rows if isinstance(row, Goal)]
    measures = [row for row in rows if isinstance(row, Measure)]
    if goals:
        _create(Goal, _new_goals(goals))
    if measures:
        _create(Measure, _new_measures(measures))


def _create(model: type[R], rows: Sequence[R]) -> None:
    """Store new rows of a workshop and their history."""
    if rows:
        table = writing_table()
        written_by = table.name if table else None
        mark_changed(rows[0].get_workshop_id())
        model.objects.bulk_create(rows)
        history = model.history.bulk_history_create(rows, default_change_reason=written_by)
        note_records([(model._meta.label_lower, each.history_id) for each in history])


def _new_measures(measures: Sequence[Measure]) -> list[Measure]:
    """Return those that are not stored, each with its number and its place."""
    one = measures[0]
    new = _not_stored(measures)
    last = Measure.objects.filter(workshop=one.workshop_id).last_number()
    order = next_order(Measure.objects.filter(field=one.field_id, goal=one.goal_id))
    for place, measure in enumerate(new):
        measure.number, measure.order = last + 1 + place, order + place
    return new


def _not_stored(measures: Sequence[Measure]) -> list[Measure]:
    """Leave out what was stored with this id and this content, whatever became of it since.

    Another content with a used id ("back" brings a form that was sent) gets an id of its own.
    """
    workshop = measures[0].workshop_id
    ids = [measure.client_id for measure in measures]
    used = Measure.objects.filter(workshop=workshop, client_id__in=ids)
    stored = dict(used.values_list("pk", "client_id"))
    first = Measure.history.filter(id__in=stored, history_type="+") if stored else ()
    known = {stored[record.id]: _content(record) for record in first}
    for measure in measures:
        if measure.client_id in stored.values() and known.get(measure.client_id) != _content(
            measure
        ):
            measure.client_id = uuid4()
    return [measure for measure in measures if measure.client_id not in known]


def _content(measure: Measure) -> tuple:
    names = ("field_id", "goal_id", "municipality_id", "title", "description")
    return tuple(getattr(measure, name) for name in names)


def _new_goals(goals: Sequence[Goal]) -> list[Goal]:
    """Return those that do not stand there, each with its place: one without an id may come twice.

    One that says more, by its indicator, is another one.
    """
    there, new = goals[0].field.goals, []
    known: set[tuple[str, str]] = set()
    for text, indicator in there.standing().values_list("text", "indicator"):
        known |= {(text, indicator), (text, "")}
    for goal in goals:
        if (goal.text, goal.indicator) not in known:
            new.append(goal)
        known |= {(goal.text, goal.indicator), (goal.text, "")}
    for order, goal in enumerate(new, start=next_order(there.all())):
        goal.order = order
    return new
