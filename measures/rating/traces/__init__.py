"""Old row versions: what the database's files still hold of rows that were written anew.

``shuffle`` writes ballots, ratings, participants and personal codes anew when a rating closes, but
what lay there before stays in the files: on PostgreSQL as dead row versions with the number of the
transaction that handed out the ballot, on SQLite as bytes of free pages and of the write-ahead log.
A ballot's side and the side of a person or a card of one number or one order make a link, so the
tables are rewritten.

Four tables name a ballot, a participant or a card in what a hand-out, a joining or a vote writes.
Whatever else these write (a hand-out the revision's number; locks on the rows of workshop, group,
round and measure; that people came in from somewhere with the room code) names none of them, and
what is the person's alone (session, last log-in, limits of rate) meets nothing once the ballots'
side is gone. tests/measures/test_traces.py says when one writes more than that.
"""

from django.db import connection, transaction

from measures.rating.traces import postgresql, sqlite
from measures.rating.traces.erasure import Erasure, Holder, Left, Reason

__all__ = [
    "AT_ONCE_BYTES", "AT_ONCE_SECONDS", "TABLES", "Erasure", "Holder", "Left", "Reason",
    "erase_old_versions",
]  # fmt: skip

TABLES = (
    "workshops_participant", "workshops_ballot", "measures_rating", "workshops_joincode",
)  # fmt: skip
# Nobody reads or votes, in any hall, while a table is rewritten. On two busy cores, with a disk
# that is waited for, 34 MB with indexes (12,000 ballots with 10 ratings each, 24,000 participants)
# took 0.6 s and another hall's vote waited 0.4 s at most; 690 MB (250,000 ballots, 500,000
# participants) took 15 to 23 s, and a vote waited 11 to 19 s. The small one is bearable by day.
AT_ONCE_BYTES = 32_000_000
# How long whoever closed the rating waits for other transactions to end.
AT_ONCE_SECONDS = 2.0


def erase_old_versions(*, seconds: float, at_most: int | None = None) -> Erasure:
    """Rewrite the tables so that no old version of a row is left in the files; say what is.

    Waits up to about ``seconds`` for older transactions and for other users of the tables. With
    ``at_most`` bytes it leaves larger data to another time. Never raises for what the database
    refuses: that is in the result. Raises TransactionManagementError within a transaction, whose
    own snapshot would keep every old version.
    """
    if connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "Old row versions are erased after the transaction, see transaction.on_commit."
        )
    database = {"postgresql": postgresql, "sqlite": sqlite}[connection.vendor]
    return database.erase(TABLES, seconds=seconds, at_most=at_most)
