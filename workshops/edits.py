"""The last edits of this browser in a workshop: each can be taken back, and done again.

An edit is what one request has changed, told by the records that the history wrote of it. Taken
back, every column that the edit changed gets the value it had before, unless it holds something
else by now: then somebody has gone on from there. Taking back is an edit as well, which is how it
is done again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby, pairwise
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords
from simple_history.signals import (
    post_create_historical_record,
    pre_create_historical_record,
)

from workshops.bulk import Bulk
from workshops.models import Edit, Table, Versioned, Workshop, mark_changed

MOST = 10
MOST_RECORDS = 20_000  # of one edit; an import of 5000 rows has up to 15 000
MOST_TEXTS = 1000  # changed by one edit: they are put back one by one, and others wait meanwhile
FORGOTTEN = timedelta(days=1)  # no session lasts longer
BROWSER = "browser"  # what the session calls it
LONGEST = 300  # letters of the words
BESIDE = "?"  # the kind of a record that never was the row's state, see ``keep_beside``

LEFT_OUT = frozenset({"version", "number"})  # others change these without a word
ORDER = frozenset({"order"})  # the place of a row is nobody's text
# What can be written to many rows at once: it touches no text and no other row.
FLAGS = frozenset({"is_removed", "is_removed_with_field", *ORDER})


# What a request has written ---------------------------------------------------------------------
@receiver(post_create_historical_record, dispatch_uid="workshops.edits")
def _collect(instance: models.Model, history_instance: Any, **kwargs: object) -> None:
    """Note a record; nothing else of simple_history tells which one was written."""
    note_records([(type(instance)._meta.label_lower, history_instance.history_id)])


@receiver(pre_create_historical_record, dispatch_uid="workshops.edits.sign")
def _sign(history_instance: Any, **kwargs: object) -> None:
    """Let the history say which table wrote it; a table has no account to be named."""
    if table := writing_table():
        history_instance.history_change_reason = table.name


def writing_table() -> Table | None:
    """Return the table of the hall that sent this request, if it was one."""
    request = getattr(HistoricalRecords.context, "request", None)
    return vars(request).get("table") if request is not None else None


def note_records(records: Sequence[tuple[str, int]]) -> None:
    """Note records of the history as written by this request, if there is one.

    Pairs of a model's label and the record's number.
    """
    request = getattr(HistoricalRecords.context, "request", None)
    if request is not None:
        vars(request).setdefault("written", []).extend(records)


def keep_beside(row: Versioned) -> None:
    """Keep in the history what somebody typed on a text that had changed meanwhile, once.

    ``row`` holds the typed text and is not saved. The record is no step that can be taken back.
    2 queries.
    """
    history = type(row).history  # type: ignore[attr-defined]  # simple_history, untyped
    columns = [each.attname for each in history.model.tracked_fields]
    typed = {name: getattr(row, name) for name in columns}
    states = history.filter(id=row.pk).order_by("-history_id")
    last = states.values(*columns, "history_type").first()
    if last and last.pop("history_type") == BESIDE and last == typed:
        return  # sent again
    table = writing_table()
    history.model(
        **typed,
        history_date=timezone.now(),
        history_type=BESIDE,
        history_user=history.model.get_default_history_user(row),
        history_change_reason=table.name if table else None,
    ).save()


def save_flags(rows: Sequence[Versioned], names: Collection[str]) -> None:
    """Save columns of ``FLAGS`` of rows of one model and workshop, with their history.

    In a handful of queries, however many rows there are. Call it in the workshop's turn.
    """
    if not rows:
        return
    model: Any = type(rows[0])
    mark_changed(rows[0].get_workshop_id())
    if set(names) - ORDER:
        for row in rows:
            row.version += 1
        names = {*names, "version"}
    table = writing_table()
    user = model.history.model.get_default_history_user(rows[0])
    bulk = Bulk(user, table.name if table else None)
    bulk.change(rows, names)
    bulk.store()
    note_records(bulk.records)


# The edits of a browser -------------------------------------------------------------------------
def note_edit(request: HttpRequest, workshop: Workshop, words: str, *, row: str = "") -> None:
    """Note what this request has changed as the last edit, if all of it can be taken back.

    ``words`` say what was done. ``row`` ("measure-7") names what was removed, if that was it.
    """
    records = vars(request).pop("written", [])
    if not records or not _is_kept(records):
        return
    browser = request.session.setdefault(BROWSER, uuid4().hex)
    edits = Edit.objects.filter(workshop=workshop, browser=browser)
    edits.filter(is_undone=True).delete()
    words = Truncator(words).chars(LONGEST)
    Edit.objects.create(workshop=workshop, browser=browser, words=words, records=records, row=row)
    older = edits.order_by("-pk").values("pk")[MOST:]
    forgotten = Q(written_at__lt=timezone.now() - FORGOTTEN)
    Edit.objects.filter(Q(pk__in=older) | forgotten, workshop=workshop).delete()


def last_edits(request: HttpRequest, workshop: Workshop) -> dict[str, Edit | None]:
    """Return what would be taken back, and done again, in this workshop. 1 query at most."""
    edits = list(_of_browser(request, workshop))
    return {
        "last_edit": next((each for each in edits if not each.is_undone), None),
        "undone_edit": next((each for each in edits if each.is_undone), None),
    }


def forget_removal(request: HttpRequest, workshop: Workshop, row: str) -> bool:
    """Forget the last edit of this browser if it removed ``row``, which has come back; tell it."""
    edit = last_edits(request, workshop)["last_edit"]
    if edit is None or edit.row != row:
        return False
    edit.delete()
    return True


def was_undone(request: HttpRequest, workshop: Workshop, row: str) -> bool:
    """Take back the last edit of this browser if it removed ``row``, and say whether that worked.

    An older one says nothing about what has happened to the row since.
    """
    edit = last_edits(request, workshop)["last_edit"]
    if edit is None or edit.row != row:
        return False
    try:
        turn_back(request, edit)
    except ValidationError:
        return False
    return True


def _of_browser(request: HttpRequest, workshop: Workshop) -> models.QuerySet[Edit]:
    """Return the edits of this browser, the last one first."""
    browser = request.session.get(BROWSER)
    edits = Edit.objects.filter(workshop=workshop, browser=browser).order_by("-pk")
    edits = edits.defer("records")  # thousands after an import, and every page asks
    return edits if browser else edits.none()


def _is_kept(records: Sequence[tuple[str, int]]) -> bool:
    """Tell whether all of it can be taken back, and in a time in which others can wait.

    What the edit has made is removed in a few queries. 1 query a model where there is much.
    """
    by_model: dict[Any, list[int]] = {}
    for label, number in records:
        by_model.setdefault(apps.get_model(label), []).append(number)
    if len(records) > MOST_RECORDS or not all(map(_is_put_back, by_model)):
        return False
    if len(records) <= MOST_TEXTS:
        return True
    changed = (
        model.history.filter(history_id__in=numbers).exclude(history_type="+").count()
        for model, numbers in by_model.items()
    )
    return sum(changed) <= MOST_TEXTS


def _is_put_back(model: type[models.Model]) -> bool:
    """Tell whether the model's rows can be removed, and so be put back to any state they had."""
    return any(each.name == "is_removed" for each in model._meta.fields)


def turn_back(request: HttpRequest, edit: Edit) -> None:
    """Take back an edit, or do again one that was taken back. Call it in the workshop's turn.

    Raises ValidationError where that is impossible by now. Either way the edit is gone then: it
    would be in the way of those before it.
    """
    vars(request).pop("written", None)
    edit.refresh_from_db(fields=["records"])
    edit.delete()
    with transaction.atomic():
        _take_back(edit)
    records = vars(request).pop("written", [])
    Edit.objects.create(
        workshop=edit.workshop,
        browser=edit.browser,
        words=edit.words,
        records=records,
        row=edit.row,
        is_undone=not edit.is_undone,
    )


# Taking back ------------------------------------------------------------------------------------
def _take_back(edit: Edit) -> None:
    """Take back record by record, the last one first.

    Flags in a few queries a model; a change of texts by ``save``, for a rated measure keeps what
    it read before.
    """
    for label, records in groupby(reversed(edit.records), key=lambda record: record[0]):
        model: Any = apps.get_model(label)
        flagged: list[Versioned] = []
        names: set[str] = set()
        for row, values in _changes(model, [number for _label, number in records]):
            if set(values) <= FLAGS:
                _set(row, values)
                flagged.append(row)
                names |= set(values)
            else:
                row.put_back(values)
        save_flags(flagged, names)


def _set(row: Versioned, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.check_place()


def _changes(
    model: type[Versioned], numbers: list[int]
) -> Iterator[tuple[Versioned, dict[str, Any]]]:
    """Yield each row with what stood in the columns before. Raises ValidationError. 3 queries.

    A row that the edit has made is removed; in the bin it stays at hand.
    """
    history = model.history  # type: ignore[attr-defined]  # simple_history, untyped
    written = history.in_bulk(numbers, field_name="history_id")
    ids = {record.id for record in written.values()}
    related = [each.name for each in model._meta.fields if each.name == "field"]
    rows = model._default_manager.select_related(*related).in_bulk(ids)
    states = history.filter(id__in=ids, history_id__lte=max(numbers)).exclude(history_type=BESIDE)
    before = _before(states)
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
    if record.history_type == "+":
        return {"is_removed": True}
    if before is None:
        raise ValidationError(_("This step is too old to be taken back."))
    return {
        name: getattr(before, name)
        for name in _columns(model)
        if getattr(before, name) != getattr(record, name)
    }


def _stands(row: models.Model, record: Any, values: Mapping[str, Any]) -> bool:
    """Tell whether the row still holds what the edit wrote; all of it, where the edit made it."""
    names = _columns(type(row)) if record.history_type == "+" else values
    return all(getattr(row, name) == getattr(record, name) for name in names if name not in ORDER)
