"""From a workshop's rows to the plain data of a transfer file.

Rows are told in the order in which they were made and name each other by their places in it,
counted from 1. So the data are the same wherever the workshop lies, up to the ids of its database.
"""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models, transaction

from measures.hand_over.queries import renumbered
from measures.hand_over.readiness import check_ready
from measures.hand_over.schema import FORMAT, MATCHED, RATED, TABLES, VERSION, Table
from measures.models import Measure, Rating, Round, SavedView
from measures.seals.chain import moment
from workshops.models import Ballot, Municipality, ParticipantGroup, User, Workshop, line_up

Places = dict[Any, dict[int, int]]  # by model: the place of a row by its id


@transaction.atomic
def pack(workshop: Workshop) -> dict[str, Any]:
    """Return all of the workshop as plain data. Raises Refused while its day is not over.

    One query for each table and set, 3 more; nobody writes meanwhile.
    """
    line_up(workshop.pk)
    workshop.refresh_from_db()
    check_ready(workshop)
    matched: dict[Any, list] = {User: _people(workshop), Municipality: _municipalities(workshop)}
    rows = {table: list(table.rows(workshop)) for table in TABLES}
    places: Places = {model: _places(each) for model, each in matched.items()}
    places |= {table.model: _places(each) for table, each in rows.items()}
    return {
        "format": FORMAT,
        "version": VERSION,
        "matched": {
            model._meta.label_lower: [_told(row, MATCHED[model]) for row in each]
            for model, each in matched.items()
        },
        "tables": {table.name: _table(table, each, places) for table, each in rows.items()},
        "history": {table.name: _history(table, places) for table in TABLES if table.has_history},
        "ballots": _ballots(workshop, places),
    }


def _people(workshop: Workshop) -> list[User]:
    """Return who has a role or takes part. Whoever only wrote something once is not named."""
    of_workshop = User.objects.filter(memberships__workshop=workshop)
    of_workshop |= User.objects.filter(participations__workshop=workshop)
    return sorted(of_workshop.distinct(), key=lambda each: each.email.lower())


def _municipalities(workshop: Workshop) -> list[Municipality]:
    """Return those that take part by their seats, then those that only a measure names."""
    seated = [each.municipality for each in workshop.seats.select_related("municipality")]
    named = Municipality.objects.filter(measures__workshop=workshop).distinct()
    others = [each for each in named.order_by("name_key", "pk") if each not in seated]
    return [*seated, *others]


def _places(rows: Iterable[models.Model]) -> dict[int, int]:
    return {row.pk: place for place, row in enumerate(rows, start=1)}


def _told(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _table(table: Table, rows: list, places: Places) -> list[dict[str, Any]]:
    columns, sets = table.columns(), {each.name: _set(each, rows, places) for each in table.sets()}
    told = [_row(columns, row, places) for row in rows]
    for data, row in zip(told, rows, strict=True):
        data |= {name: sorted(found[row.pk]) for name, found in sets.items()}
        if table.model is SavedView:
            data["query"] = renumbered(data["query"], places)
    return told


def _set(column: models.ManyToManyField, rows: list, places: Places) -> defaultdict[int, list[int]]:
    """Return by a row's id the places of what its column holds. 1 query."""
    through: Any = column.remote_field.through
    own, other = column.m2m_column_name(), column.m2m_reverse_name()
    found: defaultdict[int, list[int]] = defaultdict(list)
    there = places[column.related_model]
    mine = {row.pk for row in rows}
    workshop_rows = through.objects.filter(**{f"{column.m2m_field_name()}__in": mine})
    for pk, target in workshop_rows.values_list(own, other):
        found[pk].append(there[target])
    return found


def _row(columns: Iterable[models.Field], row: models.Model, places: Places) -> dict[str, Any]:
    return {each.name: _value(each, getattr(row, each.attname), places) for each in columns}


def _value(column: models.Field, value: Any, places: Places) -> Any:
    """Return what JSON can tell; a row by its place, None where it is not in the file."""
    if isinstance(column, models.ForeignKey):
        return value and places[column.related_model].get(value)
    if isinstance(column, models.BinaryField):
        return b64encode(value).decode()  # read back by the column itself
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _history(table: Table, places: Places) -> list[dict[str, Any]]:
    """Return the records of rows that are there, in the order in which they were written."""
    there, columns = places[table.model], table.history_columns()
    records = table.history.objects.filter(id__in=there).order_by("history_id")
    return [{"row": there[each.id], **_row(columns, each, places)} for each in records]


def _ballots(workshop: Workshop, places: Places) -> list[dict[str, Any]]:
    """Return what was rated ballot by ballot, by their ids, which are random and stay behind.

    Their order tells nothing, but what is drawn at random among them follows it: kept, the ranks
    have the same ranges over there.
    """
    rated: defaultdict[int, list[list[int | None]]] = defaultdict(list)
    for rating in Rating.objects.filter(ballot__workshop=workshop).order_by("pk"):
        rated[rating.ballot_id].append(_rating(rating, places))
    return [
        {
            "group": each.group_id and places[ParticipantGroup][each.group_id],
            "source": each.source,
            "ratings": rated[each.pk],
        }
        for each in Ballot.objects.filter(workshop=workshop).order_by("pk")
        if each.pk in rated
    ]


def _rating(rating: Rating, places: Places) -> list[int | None]:
    place = [places[Measure][rating.measure_id], places[Round][rating.round_id]]
    return [*place, *(getattr(rating, name) for name in RATED)]
