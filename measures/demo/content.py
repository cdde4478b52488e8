"""What the invented example consists of, read from the files in ``data/``.

measures.csv    what the tables write down, agree on and deepen, in the columns of our own import
ratings.csv     what the room thinks of each measure, see ``Opinion``; pairs: relevance, feasibility
paper.csv       counted sheets: how many chose step 1, 2 … 5, and how many could not judge
workshops.toml  the two workshops, their people, and the times of the day
committee.toml  sessions, decisions, remarks, reports, money, indicators and tasks
"""

import csv
import tomllib
from collections.abc import Collection
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from measures.demo.days import as_of
from measures.demo.ratings import Opinion
from measures.transfer.headings import guess
from measures.transfer.reading import read_table
from measures.transfer.tables import Table
from workshops.models import Role

_DATA = Path(__file__).parent / "data"


def _story(name: str) -> dict:
    return tomllib.loads((_DATA / name).read_text("utf-8"))


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


DEFAULT_PASSWORD = "werkstatt-demo-2020"
FACILITATOR = "moderation@demo.example"
PARTICIPANT = "teilnahme@demo.example"
ADMIN = "admin@demo.example"
# e-mail address, name, role in the workshops
ACCOUNTS = (
    (FACILITATOR, "Mona Moderation (Demo)", Role.FACILITATOR),
    ("verwaltung@demo.example", "Viktor Verwaltung (Demo)", Role.ADMINISTRATION),
    ("gremium@demo.example", "Greta Gremium (Demo)", Role.COMMITTEE),
    (PARTICIPANT, "Tarek Teilnahme (Demo)", None),
    (ADMIN, "Ada Admin (Demo)", None),
)

WORKSHOPS = _story("workshops.toml")
COMMITTEE = _story("committee.toml")
PAPER = _rows("paper.csv")
MUNICIPALITY: dict[str, str] = WORKSHOPS["municipality"]
PEOPLE: dict[str, list[str]] = WORKSHOPS["people"]  # by group
PRESSED: dict[str, time] = WORKSHOPS["pressed"]  # by phase
ADMINISTRATION, CITIZENS = "Verwaltung", "Bürgerinnen und Bürger"
ZONE = ZoneInfo("Europe/Berlin")


def measures(today: date, fields: Collection[str]) -> Table:
    """Return the table of measures as of today, of these fields only."""
    table = read_table((_DATA / "measures.csv").read_bytes())
    place = guess(table.headers)["field"]
    rows = {
        number: tuple(as_of(cell, today) for cell in cells)
        for number, cells in table.rows.items()
        if cells[place] in fields
    }
    return Table(table.headers, rows)


def opinions() -> dict[str, Opinion]:
    """Return what the room thinks, by the measure's title."""
    return {
        row["measure"]: Opinion(
            float(row["relevance"]),
            float(row["feasibility"]),
            groups={group: _pair(row[group]) for group in PEOPLE},
            camps=_pair(row["camps"]),
        )
        for row in _rows("ratings.csv")
    }


def _pair(cell: str) -> tuple[float, float]:
    relevance, feasibility = map(float, cell.split() or (0, 0))
    return relevance, feasibility


def local_time(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZONE)
