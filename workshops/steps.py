"""The last steps of this browser in a workshop: each can be taken back, and done again.

A step is what one request has changed, told by the records that the history wrote of it. Taken
back, every column that the step changed gets the value it had before, unless it holds something
else by now: then somebody has gone on from there. Taking back is a step as well, which is how it
is done again. The session keeps words and the numbers of records, nothing else.
"""

from collections.abc import Iterator, Mapping
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

SESSION_KEY = "steps"
MOST = 10
# Others change these without a word, and the place of a row is nobody's text.
LEFT_OUT = frozenset({"version", "number"})
LOOSE = frozenset({"order"})


class Step(TypedDict):
    """``records`` are pairs of a model's label and the number of a record, as they were written.

    ``row`` names what was removed, so that bringing it back takes the step back.
    """

    id: str
    workshop: int
    words: str
    records: list[tuple[str, int]]
    row: str


class Steps(TypedDict):
    done: list[Step]
    undone: list[Step]


@receiver(post_create_historical_record, dispatch_uid="workshops.steps")
def _collect(instance: models.Model, history_instance: Any, **kwargs: object) -> None:
    request = getattr(HistoricalRecords.context, "request", None)
    if request is not None:
        written = vars(request).setdefault("written", [])
        written.append((instance._meta.label_lower, history_instance.history_id))


def keep_step(request: HttpRequest, workshop: Workshop, words: str, *, row: str = "") -> None:
    """Keep what this request has changed as the last step; nothing, if it changed nothing.

    ``words`` say what was done. ``row`` ("measure-7") names what was removed, if that was it.
    """
    if records := vars(request).pop("written", []):
        steps = _steps(request)
        steps["done"] = [*steps["done"], _step(workshop, words, records, row)][-MOST:]
        steps["undone"] = []
        request.session[SESSION_KEY] = steps


def last_steps(request: HttpRequest, workshop: Workshop) -> dict[str, Step | None]:
    """Return what would be taken back, and done again, in this workshop."""
    steps = _steps(request)
    return {
        "last_step": next(_of(workshop, steps["done"]), None),
        "undone_step": next(_of(workshop, steps["undone"]), None),
    }


def removal_of(request: HttpRequest, workshop: Workshop, row: str) -> Step | None:
    """Return the step with which this browser removed a row."""
    done = _of(workshop, _steps(request)["done"])
    return next((step for step in done if step["row"] == row), None)


def undo(request: HttpRequest, workshop: Workshop, step: Step) -> None:
    """Take back one of the steps done. Raises ValidationError where that is impossible by now."""
    _turn(request, workshop, step, "done", "undone")


def redo(request: HttpRequest, workshop: Workshop, step: Step) -> None:
    """Do again one of the steps taken back. Raises ValidationError like ``undo``."""
    _turn(request, workshop, step, "undone", "done")


def _turn(request: HttpRequest, workshop: Workshop, step: Step, source: str, target: str) -> None:
    steps: Any = _steps(request)
    steps[source] = [each for each in steps[source] if each["id"] != step["id"]]
    request.session[SESSION_KEY] = steps  # also one that fails: it would be in the way for ever
    vars(request).pop("written", None)
    _take_back(workshop, step)
    records = vars(request).pop("written", [])
    turned = _step(workshop, step["words"], records, step["row"])
    steps[target] = [*steps[target], turned][-MOST:]


def _steps(request: HttpRequest) -> Steps:
    kept: Steps | None = request.session.get(SESSION_KEY)
    return kept or {"done": [], "undone": []}


def _step(workshop: Workshop, words: str, records: list[tuple[str, int]], row: str) -> Step:
    return {
        "id": uuid4().hex,
        "workshop": workshop.pk,
        "words": words,
        "records": records,
        "row": row,
    }


def _of(workshop: Workshop, steps: list[Step]) -> Iterator[Step]:
    """Yield those of a workshop, the last one first."""
    return (step for step in reversed(steps) if step["workshop"] == workshop.pk)


# Taking back --------------------------------------------------------------------------------------
@transaction.atomic
def _take_back(workshop: Workshop, step: Step) -> None:
    """Take back record by record, the last one first. 3 queries a model, and those of saving."""
    line_up(workshop.pk)
    for label, records in groupby(reversed(step["records"]), key=lambda record: record[0]):
        model = apps.get_model(label)
        for row, values in _changes(model, [number for _label, number in records]):
            row.put_back(values)  # type: ignore[attr-defined]  # every Versioned row has it


def _changes(
    model: type[models.Model], numbers: list[int]
) -> Iterator[tuple[models.Model, dict[str, Any]]]:
    """Yield each row with what stood in the columns before. Raises ValidationError.

    A row that the step has made is removed; in the bin it stays at hand.
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
    """Tell whether the row still holds what the step wrote; all of it, where the step made it."""
    names = _columns(type(row)) if record.history_type == "+" else values
    return all(getattr(row, name) == getattr(record, name) for name in names if name not in LOOSE)
