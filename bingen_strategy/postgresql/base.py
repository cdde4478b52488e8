"""PostgreSQL as Django speaks it, with a pool that survives a restart of the server.

The pool hands out what lies in it. Django can let it test each connection first, but then it waits
longer after each dead one, and after a restart all of them are dead.
"""

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict) -> Connection:
        """Return a connection that answers. Raises psycopg's OperationalError if there is none."""
        connection = super().get_new_connection(conn_params)
        if self.pool and not _answers(connection):
            self.pool.putconn(connection)  # which sees that it is dead and makes another
            self.pool.drain()  # the others lay there as long
            connection = super().get_new_connection(conn_params)
        return connection


def _answers(connection: Connection) -> bool:
    try:
        connection.execute("")
        if not connection.autocommit:  # as whoever had it last left it: that began a transaction
            connection.rollback()
    except OperationalError:
        return False
    return True
