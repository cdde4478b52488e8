"""PostgreSQL as Django speaks it, with a pool that survives a restart of the server.

Django writes the values into each statement, which the server then reads and plans anew. Of those
that nearly every request asks that takes five times as long as answering them, so they are sent
apart from their values (``prepared_cursor``).

The pool hands out what lies in it. Django can let it test each connection first, but then it waits
longer after each dead one, and after a restart all of them are dead.
"""

from typing import Any

from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper
from psycopg import Connection, OperationalError


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """Return it for who logs or counts queries, also where its values were sent apart."""
        if isinstance(cursor, base.ServerBindingCursor):
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict) -> Connection:
        """Return a connection that answers. Raises psycopg's OperationalError if there is none."""
        connection = super().get_new_connection(conn_params)
        if self.pool and not _answers(connection):
            self.pool.putconn(connection)  # which sees that it is dead and makes another
            self.pool.drain()  # the others lay there as long
            connection = super().get_new_connection(conn_params)
        return connection

    def prepared_cursor(self) -> CursorWrapper:
        """Return a cursor for statements without values in them: planned once a connection."""
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = base.ServerBindingCursor(self.connection)  # type: ignore[call-arg]  # psycopg's
            return self._prepare_cursor(cursor)  # type: ignore[attr-defined]  # not in the stubs


def _answers(connection: Connection) -> bool:
    try:
        connection.execute("")
        if not connection.autocommit:  # as whoever had it last left it: that began a transaction
            connection.rollback()
    except OperationalError:
        return False
    return True
