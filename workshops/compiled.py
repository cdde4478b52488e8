"""Statements whose SQL is made once, for what every request asks.

Putting a query together takes the ORM longer than the database needs to answer it: 5 of the 7 ms of
an answer 304 went there. Each thread keeps its own, because each has its own connection.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from threading import local
from typing import Any, TypeVar

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from workshops.models import Workshop

LARGEST = 2**63 - 1  # a number beyond is no row's, and the databases refuse to compare it
_PLACES = -(2**40)  # numbers that no query of ours holds; each stands where a value will

Row = Any  # a tuple, or a list where values were converted
M = TypeVar("M", bound=models.Model)
_kept = local()


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its parameters, of which those that ``place`` gives are places of values.

    ``converters`` make Python values of what the database says: SQLite knows neither dates nor
    truth.
    """

    sql: str
    params: tuple[Any, ...]
    compiler: SQLCompiler
    converters: dict[int, Any]

    def rows(self, values: Sequence[int]) -> Iterable[Row]:
        """Run it with a value for each place. 1 query."""
        given = {place(index): value for index, value in enumerate(values)}
        params = [given.get(each, each) if type(each) is int else each for each in self.params]
        connection = self.compiler.connection
        # Only our own engine for PostgreSQL has plans to keep.
        cursor_of = getattr(connection, "prepared_cursor", connection.cursor)
        with cursor_of() as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        return self.compiler.apply_converters(rows, self.converters) if self.converters else rows


def place(index: int) -> int:
    """Return what stands in a statement's parameters for the value of this index."""
    return _PLACES - index


def alias_to_read() -> str:
    """Return which database is read at this moment."""
    return router.db_for_read(Workshop)


def kept(make: Callable[[BaseDatabaseWrapper], Statement]) -> Statement:
    """Return ``make(connection)``, made once for this thread's connection to read from."""
    alias = alias_to_read()
    connection, statements = connections[alias], vars(_kept).setdefault(alias, {})
    found = statements.get(make)
    if found is None or found.compiler.connection is not connection:
        found = statements[make] = make(connection)
    return found


def compiled(build: Callable[..., models.QuerySet]) -> Callable[..., Iterable[Row]]:
    """Turn a function from ids to a ``values_list`` into one that returns its rows.

    The function runs once for each connection, with numbers that only mark the places; so nothing
    in it may depend on their values. A number that no id can be finds nothing.
    """
    places = [place(index) for index in range(len(signature(build).parameters))]

    def make(connection: BaseDatabaseWrapper) -> Statement:
        return _statement(build(*places), connection)

    @wraps(build)
    def rows(*values: int) -> Iterable[Row]:
        return kept(make).rows(values) if max(values) <= LARGEST else ()

    return rows


def compiled_models(build: Callable[..., models.QuerySet[M]]) -> Callable[..., list[M]]:
    """Do the same for a query of whole rows, and return them as instances of the model."""
    places = [place(index) for index in range(len(signature(build).parameters))]
    model = build(*places).model
    columns = [field.attname for field in model._meta.concrete_fields]

    def make(connection: BaseDatabaseWrapper) -> Statement:
        return _statement(build(*places).values_list(*columns), connection)

    @wraps(build)
    def instances(*values: int) -> list[M]:
        alias = alias_to_read()
        return [model.from_db(alias, columns, row) for row in kept(make).rows(values)]

    return instances


def _statement(queryset: models.QuerySet, connection: BaseDatabaseWrapper) -> Statement:
    compiler = queryset.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    columns = [column for column, _sql, _alias in compiler.select]
    return Statement(sql, tuple(params), compiler, compiler.get_converters(columns))
