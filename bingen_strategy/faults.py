"""Which failures of the database pass by themselves: it is away, locked, full or only readable."""

import sqlite3

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, OperationalError

# Without the lower case that stands for a detail, e.g. SQLITE_IOERR for SQLITE_IOERR_WRITE.
SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
# Beginnings of the SQLSTATE: no connection, no resources, ended by the operator or by a timeout,
# failure of the system; serialization, deadlock, lock timeout; only readable, idle for too long.
POSTGRESQL = ("08", "53", "57", "58", "40001", "40P01", "55P03", "25006", "25P03")


def is_passing(error: BaseException | None) -> bool:
    """Tell whether it is worth trying again; what is our own fault stays one."""
    if isinstance(error, SessionInterrupted):
        error = _behind(error)
    if not isinstance(error, DatabaseError):
        return False
    cause = error.__cause__  # what the driver said
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in SQLITE
    state = getattr(cause, "sqlstate", "")
    if state is None:  # no server has answered at all
        return isinstance(error, OperationalError)
    return state.startswith(POSTGRESQL)


def _behind(error: SessionInterrupted) -> BaseException | None:
    """Return why the session was not stored: Django takes it for deleted, whatever happened."""
    update_error = error.__context__
    return update_error and update_error.__context__
