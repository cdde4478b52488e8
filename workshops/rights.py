"""An account, a workshop and what the one may in the other, in one statement.

Columns come from the models, and a test compares the whole with what the ORM says.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col

from workshops.compiled import LARGEST, Statement, alias_to_read, kept, place
from workshops.models import (
    LegalText,
    Look,
    Membership,
    Participant,
    Role,
    User,
    Workshop,
    WorkshopMunicipality,
    WorkshopRevision,
)

M = TypeVar("M", bound=models.Model)


class Rights(NamedTuple):
    """What the statement says; without a role and a participation it is a stranger's."""

    person: User
    workshop: Workshop
    roles: frozenset[Role]
    participant_id: int | None


def rights_of(account_id: int, workshop_id: int) -> Rights | None:
    """Return account and workshop with the rights; None where one of them is not there. 1 query.

    The workshop brings its revision, whether a round of rating was shown, and whether one of its
    municipalities has a look or texts of its own.
    """
    if max(account_id, workshop_id) > LARGEST:
        return None
    alias = alias_to_read()
    for row in kept(_statement).rows((account_id, workshop_id)):
        person, row = _taken(User, row, alias)
        workshop, row = _taken(Workshop, row, alias)
        workshop.revision, row = _taken(WorkshopRevision, row, alias)
        has_results, has_presence, participant_id, *has_role = row
        vars(workshop)["has_results"] = bool(has_results)
        vars(workshop)["has_presence"] = bool(has_presence)
        roles = frozenset(role for role, has in zip(Role, has_role, strict=True) if has)
        return Rights(person, workshop, roles, participant_id)
    return None


def _statement(connection: BaseDatabaseWrapper) -> Statement:
    compiler = Workshop.objects.all().query.get_compiler(connection=connection)
    return Statement(_sql(), (place(0), place(1)), compiler, compiler.get_converters(_columns()))


@cache
def _sql() -> str:
    columns = ", ".join(f"{column.alias}.{column.target.column}" for column in _columns())
    memberships, participants = _table(Membership), _table(Participant)
    seats, looks, texts = _table(WorkshopMunicipality), _table(Look), _table(LegalText)
    rounds = Workshop._meta.get_field("rounds").related_model._meta.db_table
    roles = ", ".join(
        f"EXISTS (SELECT 1 FROM {memberships} m WHERE m.workshop_id = workshop.id"
        f" AND m.user_id = person.id AND m.role = '{role.value}')"
        for role in Role
    )
    return (
        f"SELECT {columns},"
        f" EXISTS (SELECT 1 FROM {rounds} r WHERE r.workshop_id = workshop.id"
        " AND r.state = 'shown'),"
        f" EXISTS (SELECT 1 FROM {seats} s WHERE s.workshop_id = workshop.id AND ("
        f"EXISTS (SELECT 1 FROM {looks} l WHERE l.municipality_id = s.municipality_id)"
        f" OR EXISTS (SELECT 1 FROM {texts} t WHERE t.municipality_id = s.municipality_id))),"
        f" (SELECT p.id FROM {participants} p WHERE p.workshop_id = workshop.id"
        f" AND p.user_id = person.id), {roles}"
        f" FROM {_table(User)} person CROSS JOIN {_table(Workshop)} workshop"
        f" JOIN {_table(WorkshopRevision)} revision ON revision.workshop_id = workshop.id"
        " WHERE person.id = %s AND workshop.id = %s"
    )


@cache
def _columns() -> tuple[Col, ...]:
    tables = {"person": User, "workshop": Workshop, "revision": WorkshopRevision}
    return tuple(
        Col(alias, field)
        for alias, model in tables.items()
        for field in model._meta.concrete_fields
    )


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _taken(model: type[M], row: Sequence[Any], alias: str) -> tuple[M, Sequence[Any]]:
    """Return the instance that the row begins with, and the rest of the row."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(alias, names, row[: len(names)]), row[len(names) :]
