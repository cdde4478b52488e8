"""The last edits of this browser in a workshop: each can be taken back, and done again.

An edit is what one request has changed, told by the records that the history wrote of it. Taken
back, every column that the edit changed gets the value it had before, unless it holds something
else by now: then somebody has gone on from there. Taking back is an edit as well, which is how it
is done again. The session keeps words and the numbers of records, nothing else.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any, TypedDict
from uuid import uuid4

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords
from simple_history.signals import post_create_historical_record

from workshops.models import Workshop, line_up

SESSION_KEY = "edits"
MOST = 10
MOST_RECORDS = 1000  # of one edit, an import; the session stays small
# Others change these without a word, and the place of a row is nobody's text.
LEFT_OUT = frozenset({"version", "number"})
LOOSE = frozenset({"order"})


class Edit(TypedDict):
    """``records`` are pairs of a model's label and the number of a record, as they were written.

    ``row`` names what was removed, so that bringing it back takes the edit back.
    """

    id: str
    workshop: int
    words: str
    records: list[tuple[str, int]]
    row: str


class Edits(TypedDict):
    done: list[Edit]
    undone: list[Edit]


@receiver(post_create_historical_record, dispatch_uid="workshops.edits")
def _collect(instance: models.Model, history_instance: Any, **kwargs: object) -> None:
    """Note a record; nothing else of simple_history tells which one was written."""
    note_records(type(instance), [history_instance])


def note_records(model: type[models.Model], records: Sequence[Any]) -> None:
    """Note records of a model's history as written by this request, if there is one."""
    request = getattr(HistoricalRecords.context, "request", None)
    if request is not None:
        written = vars(request).setdefault("written", [])
        written += [(model._meta.label_lower, record.history_id) for record in records]


def note_edit(request: HttpRequest, workshop: Workshop, words: str, *, row: str = "") -> None:
    """Note what this request has changed as the last edit, if all of it can be taken back.

    ``words`` say what was done. ``row`` ("measure-7") names what was removed, if that was it.
    """
    records = vars(request).pop("written", [])
    if records and len(records) <= MOST_RECORDS and all(map(_is_put_back, records)):
        edits = _edits(request)
        edits["done"] = [*edits["done"], _edit(workshop, words, records, row)][-MOST:]
        edits["undone"] = []
        request.session[SESSION_KEY] = edits


def last_edits(request: HttpRequest, workshop: Workshop) -> dict[str, Edit | None]:
    """Return what would be taken back, and done again, in this workshop."""
    edits = _edits(request)
    return {
        "last_edit": next(_of(workshop, edits["done"]), None),
        "undone_edit": next(_of(workshop, edits["undone"]), None),
    }


def removal_of(request: HttpRequest, workshop: Workshop, row: str) -> Edit | None:
    """Return the edit with which this browser removed a row."""
    done = _of(workshop, _edits(request)["done"])
    return next((edit for edit in done if edit["row"] == row), None)


def undo(request: HttpRequest, workshop: Workshop, edit: Edit) -> None:
    """Take back one of the edits done. Raises ValidationError where that is impossible by now."""
    _turn(request, workshop, edit, "done", "undone")


def redo(request: HttpRequest, workshop: Workshop, edit: Edit) -> None:
    """Do again one of the edits taken back. Raises ValidationError like ``undo``."""
    _turn(request, workshop, edit, "undone", "done")


def _turn(request: HttpRequest, workshop: Workshop, edit: Edit, source: str, target: str) -> None:
    edits: Any = _edits(request)
    edits[source] = [each for each in edits[source] if each["id"] != edit["id"]]
    request.session[SESSION_KEY] = edits  # also one that fails: it would be in the way for ever
    vars(request).pop("written", None)
    _take_back(workshop, edit)
    records = vars(request).pop("written", [])
    turned = _edit(workshop, edit["words"], records, edit["row"])
    edits[target] = [*edits[target], turned][-MOST:]


def _is_put_back(record: tuple[str, int]) -> bool:
    """Tell whether the model's rows can be removed, and so be put back to any state they had."""
    return any(each.name == "is_removed" for each in apps.get_model(record[0])._meta.fields)


def _edits(request: HttpRequest) -> Edits:
    kept: Edits | None = request.session.get(SESSION_KEY)
    return kept or {"done": [], "undone": []}


def _edit(workshop: Workshop, words: str, records: list[tuple[str, int]], row: str) -> Edit:
    return {
        "id": uuid4().hex,
        "workshop": workshop.pk,
        "words": words,
        "records": records,
        "row": row,
    }


def _of(workshop: Workshop, edits: list[Edit]) -> Iterator[Edit]:
    """Yield those of a workshop, the last one first."""
    return (edit for edit in reversed(edits) if edit["workshop"] == workshop.pk)


# Taking back --------------------------------------------------------------------------------------
@transaction.atomic
def _take_back(workshop: Workshop, edit: Edit) -> None:
    """Take back record by record, the last one first. 3 queries a model, and those of saving."""
    line_up(workshop.pk)
    for label, records in groupby(reversed(edit["records"]), key=lambda record: record[0]):
        model = apps.get_model(label)
        for row, values in _changes(model, [number for _label, number in records]):
            row.put_back(values)  # type: ignore[attr-defined]  # every Versioned row has it


def _changes(
    model: type[models.Model], numbers: list[int]
) -> Iterator[tuple[models.Model, dict[str, Any]]]:
    """Yield each row with what stood in the columns before. Raises ValidationError.

    A row that the edit has made is removed; in the bin it stays at hand.
    """
    history = model.history  # type: ignore[attr-defined]  # simple_history, untyped
    written = history.in_bulk(numbers, field_name="history_id")
    ids = {record.id for record in written.values()}
    rows = model._default_manager.select_for_update().in_bulk(ids)
    before = _before(history.filter(id__in=ids, history_id__lte=max(numbers)))
    for number in numbers:
        record = written.get(number)
        row = rows.get(record.id) if record else None
        if record is None or row is None:
            raise ValidationError(_("This step is too old to be taken back."))
        values = _values(model, record, before.get(number))
        if not _stands(row, record, values):
            raise ValidationError(
                _("“%(what)s” was changed again since then, so the step cannot be taken back.")
                % {"what": row}
            )
        yield row, values


def _before(records: models.QuerySet) -> dict[int, Any]:
    """Return by the number of a record the one before it, of the same row."""
    ordered = records.order_by("id", "history_id")
    return {
        record.history_id: earlier
        for _row, same in groupby(ordered, key=lambda record: record.id)
        for earlier, record in pairwise(same)
    }


def _columns(model: type[models.Model]) -> list[str]:
    columns = (each.attname for each in model._meta.concrete_fields if not each.primary_key)
    return [name for name in columns if name not in LEFT_OUT]


def _values(model: type[models.Model], record: Any, before: Any) -> dict[str, Any]:
    """Return what a record has changed, as it was before."""
    if before is None:
        return {"is_removed": True}
    return {
        name: getattr(before, name)
        for name in _columns(model)
        if getattr(before, name) != getattr(record, name)
    }


def _stands(row: models.Model, record: Any, values: Mapping[str, Any]) -> bool:
    """Tell whether the row still holds what the edit wrote; all of it, where the edit made it."""
    names = _columns(type(row)) if record.history_type == "+" else values
    return all(getattr(row, name) == getattr(record, name) for name in names if name not in LOOSE)
