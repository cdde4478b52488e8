"""A workshop begun again for another year: settings, fields, goals and chosen measures.

Nobody comes along, and no rating, decision or report. What was reported last on a measure becomes a
note beside it (``CarriedNote``) and no status entry, for in the new workshop nobody reported it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db import models, transaction
from django.utils.crypto import salted_hmac

from fields.models import ActionField, Goal
from measures.again.choosing import Candidate
from measures.models import PROFILE_FIELDS, CarriedNote, Measure
from workshops.bulk import Bulk
from workshops.models import (
    Membership,
    ParticipantGroup,
    Role,
    ScaleStep,
    User,
    Workshop,
    WorkshopMunicipality,
    line_up,
)
from workshops.models.workshop import MAX_GROUP

M = TypeVar("M", bound=models.Model)

SETTINGS = (
    "place", "hosts", "introduction", "steps", "relevance_weight", "relevance_threshold",
    "feasibility_threshold", "name_start", "name_prepare", "name_optional", "name_park",
    "measures_per_person", "is_rated_by_table", "anonymity",
)  # fmt: skip
MINIMUMS = ("smallest_room", "smallest_group")
MEASURE = (
    "title", "short_title", "description", "time_horizon", "municipality_id", "order",
    *PROFILE_FIELDS,
)  # fmt: skip


@transaction.atomic
def copy_workshop(
    old: Workshop, chosen: Sequence[Candidate], *, title: str, day: date, by: User, client_id: UUID
) -> tuple[Workshop, bool]:
    """Return the new workshop, and whether it is new: sent twice it is made once.

    ``by`` facilitates it. As many queries for one measure as for hundreds.
    """
    line_up(old.pk)  # whoever sends the same meanwhile waits and finds it
    uuid = _uuid_for(by, client_id)
    if known := Workshop.objects.filter(uuid=uuid, title=title, date=day).first():
        return known, False
    new = _settings_of(old, title, day)
    if not Workshop.objects.filter(uuid=uuid).exists():  # else "back" brought a used form
        new.uuid = uuid
    new.save()
    Membership.objects.create(workshop=new, user=by, role=Role.FACILITATOR)
    bulk = Bulk(by)
    _copy_frame(bulk, old, new)
    fields = _copied(bulk, old.fields.standing(), ("name", "order", "is_worked_on"), workshop=new)
    goals = _copy_goals(bulk, old, fields)
    _copy_measures(bulk, old, new, chosen, fields, goals)
    bulk.store()
    return new, True


def _uuid_for(by: User, client_id: UUID) -> UUID:
    """Return the new workshop's id: of what the form carried, and of nobody's choosing."""
    told = f"{by.pk} {client_id}"
    digest = salted_hmac("measures.again.copying", told, algorithm="sha256").digest()
    return UUID(bytes=digest[:16], version=4)


def _settings_of(old: Workshop, title: str, day: date) -> Workshop:
    """Return the new workshop, unsaved; a minimum from before there was a limit comes down to it.

    Nobody has taken a ballot on its word yet.
    """
    new = Workshop(title=title, date=day, **{name: getattr(old, name) for name in SETTINGS})
    for name in MINIMUMS:
        setattr(new, name, min(getattr(old, name), MAX_GROUP))
    return new


def _copy_frame(bulk: Bulk, old: Workshop, new: Workshop) -> None:
    """Copy who takes part as a municipality, the groups and the words of the scale."""
    for model, columns in (
        (WorkshopMunicipality, ("municipality_id", "seat")),
        (ParticipantGroup, ("name", "order")),
        (ScaleStep, ("criterion", "step", "label")),
    ):
        _copied(bulk, model._default_manager.filter(workshop=old), columns, workshop=new)


def _copied(
    bulk: Bulk, rows: models.QuerySet[M], columns: Sequence[str], **values: object
) -> dict[int, M]:
    """Return by the ids of these rows their copies, with the same ``columns``."""
    old = list(rows)
    new = [rows.model(**{name: getattr(row, name) for name in columns}, **values) for row in old]
    bulk.add(new)
    return {row.pk: copy for row, copy in zip(old, new, strict=True)}


def _copy_goals(bulk: Bulk, old: Workshop, fields: Mapping[int, ActionField]) -> dict[int, Goal]:
    rows = list(Goal.objects.in_workshop(old).standing().filter(field__in=fields))
    new = [
        Goal(field=fields[row.field_id], text=row.text, indicator=row.indicator, order=row.order)
        for row in rows
    ]
    bulk.add(new)
    return {row.pk: copy for row, copy in zip(rows, new, strict=True)}


def _copy_measures(
    bulk: Bulk,
    old: Workshop,
    new: Workshop,
    chosen: Sequence[Candidate],
    fields: Mapping[int, ActionField],
    goals: Mapping[int, Goal],
) -> None:
    """Copy the chosen ones; they are numbered anew, in the order of their numbers."""
    in_order = sorted(chosen, key=lambda each: each.measure.number)
    copies = []
    for number, each in enumerate(in_order, start=1):
        row = each.measure
        columns = {name: getattr(row, name) for name in MEASURE}
        goal = goals.get(row.goal_id) if row.goal_id else None
        place = {"workshop": new, "field": fields[row.field_id], "goal": goal}
        copies.append(Measure(**columns, **place, number=number, copied_from=row))
    bulk.add(copies)
    bulk.add([_note(old, each, copy) for each, copy in zip(in_order, copies, strict=True)])


def _note(old: Workshop, candidate: Candidate, copy: Measure) -> CarriedNote:
    note = CarriedNote(
        measure=copy,
        number=candidate.measure.number,
        workshop_title=old.title,
        workshop_date=old.date,
    )
    if report := candidate.report:
        note.date, note.state = report.day, report.state
        note.sentence, note.percent = report.sentence, report.percent
    return note
