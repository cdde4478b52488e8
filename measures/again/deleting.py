"""Deleting a workshop with all that it holds: one that nobody has used, or see ``four_eyes``.

What belongs to a workshop is what leaves with it in a transfer file (``hand_over.schema``), with
its history, and what would stay behind there.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from measures.hand_over.schema import TABLES
from measures.models import (
    Attachment,
    AttachmentPart,
    CalendarAddress,
    Front,
    Measure,
    Rating,
    Reminder,
    ReportLink,
    Slot,
)
from workshops.models import (
    Ballot,
    Deletion,
    Edit,
    JoinCode,
    Workshop,
    WorkshopMunicipality,
    WorkshopRevision,
)
from workshops.visits import Visit

# Beside what travels, by the way that leads to the workshop.
BESIDE: tuple[tuple[Any, str], ...] = (
    (Rating, "measure__workshop"),
    (ReportLink, "decision__session__workshop"),
    (Reminder, "workshop"),
    (Deletion, "workshop"),
    (JoinCode, "workshop"),
    (Edit, "workshop"),
    (Slot, "workshop"),
    (Front, "workshop"),
    (CalendarAddress, "workshop"),
    (Ballot, "workshop"),
)
# What stays where something was published; all else is what a workshop holds.
COVER = ((Workshop, "pk"), (WorkshopMunicipality, "workshop"))
CONTENTS = [(each.model, each.of) for each in TABLES if (each.model, each.of) not in COVER]
# By the model of what may stay, the way to the id of the attachment.
STAY = {Attachment: "pk", AttachmentPart: "attachment"}


def why_not_deleted(visit: Visit) -> str:
    """Say why this person cannot delete the workshop, "" where it can be. At most 8 queries."""
    workshop, person = visit.workshop, visit.person
    if not _has_made(visit):
        return _("Only who made a workshop can delete it.")
    if workshop.memberships.exclude(user=person).exists():
        return _("Other people have a role in this workshop.")
    if workshop.participants.exclude(user=person).exists() or workshop.ballots.exists():
        return _("People take part in this workshop.")
    if workshop.has_ratings() or workshop.rounds.exists():
        return _("Measures of this workshop are rated, or were to be.")
    if workshop.has_agenda or workshop.seals.exists():
        return _("A session of this workshop has an agenda or has decided.")
    if workshop.history.filter(is_public=True).exists():
        return _("The page of this workshop is public, or was.")
    return ""


def _has_made(visit: Visit) -> bool:
    first = visit.workshop.history.order_by("history_id").values_list("history_user", flat=True)
    return visit.person is not None and first.first() == visit.person.pk


def delete(workshop: Workshop) -> None:
    """Delete the workshop with all of its rows and their history. Call it in turn.

    Past the models' own ``delete``, which some refuse. What was copied from here forgets it.
    """
    delete_contents(workshop)
    _raw_delete(WorkshopRevision.objects.filter(workshop=workshop))
    for model, way in reversed(COVER):
        _raw_delete(_rows(model, way, workshop))


def delete_contents(workshop: Workshop, *, files: Collection[int] = ()) -> None:
    """Delete all but the workshop's own row and its municipalities, and the history of these too.

    ``files`` are the ids of attachments that stay.
    """
    Measure.objects.filter(copied_from__workshop=workshop).update(copied_from=None)
    for model, way in (*BESIDE, *reversed(CONTENTS)):  # rows that others name come last
        rows = _rows(model, way, workshop)
        _erase(rows.exclude(**{f"{STAY[model]}__in": files}) if model in STAY else rows)
        _erase_history(model, way, workshop)
    for model, way in COVER:
        _erase_history(model, way, workshop)


def _rows(model: Any, way: str, workshop: Workshop) -> QuerySet:
    return model._base_manager.filter(**{way: workshop.pk})


def _erase(rows: QuerySet) -> None:
    for column in rows.model._meta.many_to_many:
        through = column.remote_field.through
        if through._meta.auto_created:
            own = {f"{column.m2m_field_name()}__in": rows.values("pk")}
            _raw_delete(through._base_manager.filter(**own))
    _raw_delete(rows)


def _erase_history(model: Any, way: str, workshop: Workshop) -> None:
    if not hasattr(model, "history"):
        return
    rows = model.history.model.objects
    _raw_delete(rows.filter(**{"id" if way == "pk" else way: workshop.pk}))
    owner, _, further = way.partition("__")
    above: Any = model._meta.get_field(owner).related_model if further else None
    if hasattr(above, "history"):  # the owner may be gone for long, and with it the way
        owners = above.history.model.objects.filter(**{further: workshop.pk}).values("id")
        _raw_delete(rows.filter(**{f"{owner}_id__in": owners}))


def _raw_delete(rows: QuerySet) -> None:
    rows._raw_delete(connection.alias)
