"""Many rows and their history, written in a few statements.

They are made ready before the workshop's turn and only stored in it, so that others wait for the
database alone, not for us. What ``save`` of a model does beside storing is the caller's part: to
raise the revision, to count up ``version``, to keep what is to be remembered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from workshops.models import User


def reserve(model: type[models.Model], count: int) -> list[int]:
    """Return ids that nobody else gets, in rising order; unused ones are lost.

    1 query, on SQLite up to 3.
    """
    table, column = model._meta.db_table, model._meta.pk.column
    if not count:
        return []
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "pg_get_serial_sequence(%s, %s)"
            cursor.execute(
                f"SELECT nextval({sequence}) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), column, count],
            )
            return sorted(number for (number,) in cursor.fetchall())
        counter = "UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq"
        cursor.execute(counter, [count, table])
        last = cursor.fetchone()
        if last is None:  # of a table that never held a row
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, 0)", [table])
            cursor.execute(counter, [count, table])
            last = cursor.fetchone()
    return [*range(last[0] - count + 1, last[0] + 1)]


@dataclass(frozen=True, slots=True)
class _Table:
    """Some columns of a table, and how rows get into it in 1 query; the id stands last."""

    name: str
    columns: Sequence[models.Field]

    def insert(self, rows: list[list[Any]]) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                copying = cursor.copy(f"COPY {self._into} FROM STDIN")
                # The cursor's own, past which Django would not see what failed.
                with connection.wrap_database_errors, copying as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * len(self.columns))
                cursor.executemany(f"INSERT INTO {self._into} VALUES ({places})", rows)

    def update(self, rows: list[list[Any]]) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(self._update_at_once, [*map(list, zip(*rows, strict=True))])
            else:
                *names, key = self._names
                values = ", ".join(f"{name} = %s" for name in names)
                cursor.executemany(f"UPDATE {self._quoted} SET {values} WHERE {key} = %s", rows)

    @property
    def _quoted(self) -> str:
        return connection.ops.quote_name(self.name)

    @property
    def _names(self) -> list[str]:
        return [connection.ops.quote_name(str(field.column)) for field in self.columns]

    @property
    def _into(self) -> str:
        return f"{self._quoted} ({', '.join(self._names)})"

    @property
    def _update_at_once(self) -> str:
        *names, key = self._names
        # Without its length, or a type would cut off what is too long instead of refusing it.
        types = [str(field.db_type(connection)).partition("(")[0] for field in self.columns]
        lists = ", ".join(f"%s::{name}[]" for name in types)
        return (
            f"UPDATE {self._quoted} AS stored"
            f" SET {', '.join(f'{name} = given.{name}' for name in names)}"
            f" FROM UNNEST({lists}) AS given ({', '.join(self._names)})"
            f" WHERE stored.{key} = given.{key}"
        )


class _Rows:
    """Rows of one model as the database takes them, and as its history keeps them.

    Of rows that are there only the columns ``changed`` are written. All lists are made here: in the
    turn only single values in them change, so that no tidying up of memory falls into it.
    """

    def __init__(
        self,
        rows: Sequence[models.Model],
        by: tuple[User | None, str | None],
        changed: Iterable[str] | None = None,
    ):
        self.model = type(rows[0])
        self.is_new = changed is None
        key = self.model._meta.pk
        others = [each for each in self.model._meta.concrete_fields if each is not key]
        every = [*others, key]
        values = [[_prepared(each, row, self.is_new) for each in every] for row in rows]
        self._table, self._values = _Table(self.model._meta.db_table, every), values
        self._records: list[list[Any]] = []
        if hasattr(self.model, "history"):
            self._history = self.model.history.model
            self._keep(*by)
        if changed is not None:
            names = {*changed, key.name}
            places = [place for place, each in enumerate(every) if each.name in names]
            self._table = _Table(self._table.name, [every[place] for place in places])
            self._values = [[row[place] for place in places] for row in values]

    def raise_by(self, names: Iterable[str], by: int) -> None:
        places = [i for i, each in enumerate(self._table.columns) if each.name in names]
        for row in (*self._values, *self._records):  # records begin with the same columns
            for place in places:
                row[place] += by

    def store(self) -> list[tuple[str, int]]:
        """Store them; return the records of their history."""
        if self.is_new:
            self._table.insert(self._values)
        else:
            self._table.update(self._values)
        if not self._records:
            return []
        numbers = reserve(self._history, len(self._records))
        moment = self._history._meta.get_field("history_date").get_db_prep_save(
            timezone.now(), connection
        )
        for row, number in zip(self._records, numbers, strict=True):
            row[-1], row[self._dated] = number, moment  # as all records: when their turn has come
        self._history_table.insert(self._records)
        return [(self.model._meta.label_lower, number) for number in numbers]

    def _keep(self, user: User | None, reason: str | None) -> None:
        """Make the records of the history; their numbers are given in the turn."""
        meta = self._history._meta
        about = {
            "history_date": None,  # see ``store``
            "history_change_reason": reason,
            "history_type": "+" if self.is_new else "~",
            "history_user": user and user.pk,
        }
        own = [meta.get_field(name) for name in about]
        same = [
            each.get_db_prep_save(value, connection)
            for each, value in zip(own, about.values(), strict=True)
        ]
        self._history_table = _Table(meta.db_table, [*self._table.columns, *own, meta.pk])
        self._records = [[*row, *same, 0] for row in self._values]
        self._dated = len(self._table.columns) + [*about].index("history_date")


def _prepared(column: models.Field, row: models.Model, is_new: bool) -> Any:
    """Return what the database is given for a column, by the same way as ``save`` does."""
    return column.get_db_prep_save(column.pre_save(row, is_new), connection)


class Bulk:
    """What is written together; ``user`` and ``reason`` are named in the history.

    ``records`` are, once it is stored, pairs of a model's label and the number of a record of its
    history. As for all who write, the numbers are taken in turn, so that a later record of a
    workshop always has a higher one.
    """

    def __init__(self, user: User | None, reason: str | None = None):
        self.records: list[tuple[str, int]] = []
        self._by = (user, reason)
        self._rows: list[_Rows] = []

    def add(self, rows: Sequence[models.Model]) -> None:
        """Take new rows of one model. They get their ids at once. 1 to 3 queries."""
        if rows:
            for row, pk in zip(rows, reserve(type(rows[0]), len(rows)), strict=True):
                row.pk = pk
            self._rows.append(_Rows(rows, self._by))

    def change(self, rows: Sequence[models.Model], names: Iterable[str]) -> None:
        """Take rows of one model that are there, of which the columns ``names`` are changed."""
        if rows:
            self._rows.append(_Rows(rows, self._by, names))

    def raise_by(self, model: type[models.Model], names: Iterable[str], by: int) -> None:
        """Raise numbers of the new rows of a model."""
        for rows in self._rows:
            if by and rows.is_new and rows.model is model:
                rows.raise_by(names, by)

    def store(self) -> None:
        """Store all of it, in the turn.

        For each kind of row 1 query, 3 with its history, on SQLite up to 5.
        """
        for rows in self._rows:
            self.records += rows.store()
