"""What PostgreSQL does for a statement: how many rows it looks at, and where it looks in vain."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

BIG = 10_000  # rows of a table; reading a smaller one as a whole is what a planner does
WASTE = 200  # rows looked at in vain that are worth a line
REMOVED = ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")


@dataclass(frozen=True, slots=True)
class Plan:
    """``read`` counts the rows that scans looked at, ``kept`` those that they passed on.

    ``scanned`` names tables that were read as a whole, with their rows.
    """

    read: int
    kept: int
    blocks: int
    ms: float
    scanned: tuple[str, ...]

    def faults(self, usual: "Plan") -> str:
        """Say what is wrong beside the plan of an almost empty database, "" if nothing is."""
        found = [f"reads all of {table}" for table in self.scanned]
        if self.read - self.kept > max(WASTE, self.kept):
            found.append(f"{self.read - self.kept} rows in vain")
        if self.read > 2 * usual.read + WASTE:
            found.append(f"{self.read} rows read, {usual.read} in the small one")
        return ", ".join(found)


def plan_of(statement: str) -> Plan:
    """Run a statement, undo what it did, and return how it was done."""
    [[told]] = _explained(statement, "ANALYZE, BUFFERS, FORMAT JSON")
    root = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    nodes = list(_nodes(root))
    scans = [node for node in nodes if "Relation Name" in node and "Scan" in node["Node Type"]]
    return Plan(
        read=sum(_rows(node) + _removed(node) for node in scans),
        kept=sum(_rows(node) for node in scans),
        blocks=root["Shared Hit Blocks"] + root["Shared Read Blocks"],
        ms=root["Actual Total Time"],
        scanned=tuple(
            node["Relation Name"]
            for node in scans
            if node["Node Type"] == "Seq Scan" and _rows(node) + _removed(node) >= BIG
        ),
    )


def text_of(statement: str) -> str:
    """Return the plan as people read it."""
    lines = _explained(statement, "ANALYZE, BUFFERS, COSTS OFF, SUMMARY OFF")
    return "\n".join(line for (line,) in lines)


def shape(statement: str) -> str:
    """Return what is the same in a statement whoever asks: numbers and texts are left out."""
    bare = re.sub(r"'(?:[^']|'')*'(?:::\w+)?", "?", statement)
    return re.sub(r"\?(?:, \?)+", "?", re.sub(r"\b\d+\b", "?", bare))


def _explained(statement: str, options: str) -> list[tuple]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {statement}")
        rows = cursor.fetchall()
        transaction.set_rollback(True)
    return rows


def _nodes(node: dict) -> Iterator[dict]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _rows(node: dict) -> int:
    return round(node["Actual Rows"] * node["Actual Loops"])


def _removed(node: dict) -> int:
    return round(sum(node.get(name, 0) for name in REMOVED) * node["Actual Loops"])
