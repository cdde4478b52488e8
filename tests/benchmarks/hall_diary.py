"""What happened in a measured hall: waits, errors, and what the server has acknowledged."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from math import ceil
from time import perf_counter

import psycopg

from tests.benchmarks.hall import Server

Votes = dict[tuple[int, int], tuple[int, int]]  # by ballot and measure both choices


@dataclass
class Diary:
    """Waits are milliseconds, by what was sent; moments are those of ``perf_counter``."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter = field(default_factory=Counter)
    votes: Votes = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    finished: list[float] = field(default_factory=list)  # when a last vote was acknowledged
    shown: list[tuple[float, int]] = field(default_factory=list)  # how many, on the projector

    @contextmanager
    def timing(self, what: str) -> Iterator[None]:
        begin = perf_counter()
        yield
        self.waits[what].append((perf_counter() - begin) * 1000)

    @property
    def in_front(self) -> int:
        """How many have finished, by the projector."""
        return self.shown[-1][1] if self.shown else 0

    def lost(self, server: Server) -> tuple[int, int]:
        """Return how many acknowledged votes are not stored as sent, and lines not exactly once."""
        votes, lines = stored(server)
        return (
            sum(votes.get(place) != choice for place, choice in self.votes.items()),
            sum(lines[line] != 1 for line in self.lines),
        )


def within(found: list[float], share: float) -> float:
    """Return what so large a share of these stays within."""
    return sorted(found)[ceil(share * len(found)) - 1]


def stored(server: Server) -> tuple[Votes, Counter[str]]:
    """Return the votes of the open round, and how often each line stands where tables type."""
    hall = server.hall
    votes = f"""
        SELECT ballot_id, measure_id, relevance, feasibility
        FROM measures_rating WHERE round_id = {int(hall["round"])}
    """
    lines = f"SELECT title FROM measures_measure WHERE workshop_id = {int(hall['collecting'])}"
    is_file = server.database.startswith("sqlite:")
    place = server.database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(place) if is_file else psycopg.connect(place)) as session:
        rows = session.execute(votes).fetchall()
        titles = Counter(title for (title,) in session.execute(lines).fetchall())
    return {(ballot, measure): (r, f) for ballot, measure, r, f in rows}, titles
