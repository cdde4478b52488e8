"""Many entries of a workshop at once: one row for each measure, stored together or not at all.

A row in which nothing stands is left alone. What stands in one is about today. The page carries for
each row which entry was the newest when it was drawn: whoever has reported since is shown first.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID, uuid4, uuid5

from measures.followup.loading import newest_entries
from measures.followup.table_forms import CELLS, RowForm
from measures.followup.tracks import Track
from measures.models import StatusEntry
from workshops.models import User, Workshop, mark_changed
from workshops.numerals import digits_only
from workshops.typed import labelled

CELL = re.compile(rf"(?:{'|'.join(CELLS)})-(\d{{1,9}})")
MOST_ROWS = 400  # more fields than these have no request of ours takes


@dataclass
class Row:
    """A measure's row; ``newest`` is the id of the entry that holds, 0 where there is none.

    ``sent`` is what was typed in the whole sheet. ``meanwhile`` is what somebody has reported since
    the row was drawn.
    """

    track: Track
    newest: int
    sent: Mapping[str, str]
    client_id: UUID
    today: date
    meanwhile: StatusEntry | None = None
    stored: bool = False

    @property
    def number(self) -> int:
        return self.track.measure.number

    def name(self, cell: str) -> str:
        return f"{cell}-{self.number}"

    def words(self, cell: str) -> str:
        """Return what stands in a cell."""
        return self.sent.get(self.name(cell), "")

    @property
    def is_touched(self) -> bool:
        return any(self.words(cell).strip() for cell in CELLS)

    @cached_property
    def form(self) -> RowForm:
        """What checks the row; made for rows in which something stands, of hundreds for few."""
        return RowForm(
            self.sent, track=self.track, client_id=self.client_id, name=self.name, today=self.today
        )

    @property
    def seen(self) -> str:
        return f"{self.number}:{self.newest}"


@dataclass
class Sheet:
    """The rows of a page, with what was typed into them.

    ``lost`` are labels and words of rows whose measure is not to be reported on any more.
    """

    rows: list[Row]
    client_id: UUID
    lost: list[tuple[str, str]] = field(default_factory=list)

    @property
    def seen(self) -> str:
        """Tells of each row what was stored when it was drawn."""
        return " ".join(row.seen for row in self.rows)

    @cached_property
    def touched(self) -> list[Row]:
        return [row for row in self.rows if row.is_touched]

    @property
    def wrong(self) -> list[Row]:
        return [row for row in self.touched if row.form.errors]

    @property
    def late(self) -> list[Row]:
        return [row for row in self.touched if row.meanwhile]

    @property
    def is_storable(self) -> bool:
        return not (self.wrong or self.late or self.lost)

    def store(self, workshop: Workshop, by: User | None) -> int:
        """Store what was typed, each row once; return how many rows were typed. 2 queries.

        Call it in the workshop's turn, with a sheet that was made in it.
        """
        new = [row for row in self.touched if not row.stored]
        if new:
            mark_changed(workshop.pk)
            StatusEntry.objects.bulk_create(row.form.entry(by) for row in new)
        return len(self.touched)


def drawn_sheet(workshop: Workshop, tracks: Sequence[Track], *, today: date) -> Sheet:
    """Return the sheet as it is drawn, with nothing typed. 1 query."""
    return Sheet(_rows(workshop, tracks, {}, uuid4(), today=today), uuid4())


def typed_sheet(
    workshop: Workshop,
    shown: Sequence[Track],
    tracks: Iterable[Track],
    sent: Mapping[str, str],
    *,
    today: date,
) -> Sheet:
    """Return the sheet with what was sent, checked. 2 queries, 1 more for what came meanwhile.

    ``shown`` are the tracks that its filters leave, ``tracks`` all of the workshop: what was typed
    has a row, also where the filter leaves it out by now.
    """
    client_id = _id_in(sent)
    typed = {
        int(found[1]) for name in sent if sent[name].strip() and (found := CELL.fullmatch(name))
    }
    here = {each.measure.number for each in shown}
    known = {each.measure.number: each for each in tracks}
    more = [each for number, each in known.items() if number in typed - here]
    rows = _rows(workshop, [*more, *shown], sent, client_id, today=today)
    lost = [[name, sent[name]] for name in sent if _number(name) in typed - known.keys() - here]
    sheet = Sheet(rows, client_id, labelled(lost))
    _find_stored(sheet)
    _find_late(sheet, sent.get("seen", ""))
    return sheet


def _number(name: str) -> int | None:
    found = CELL.fullmatch(name)
    return int(found[1]) if found else None


def _id_in(sent: Mapping[str, str]) -> UUID:
    try:
        return UUID(sent.get("client_id", ""))
    except ValueError:
        return uuid4()


def _rows(
    workshop: Workshop,
    tracks: Iterable[Track],
    sent: Mapping[str, str],
    client_id: UUID,
    *,
    today: date,
) -> list[Row]:
    newest = newest_entries(workshop)
    return [
        Row(
            each,
            newest.get(each.measure.pk, 0),
            sent,
            uuid5(client_id, str(each.measure.pk)),
            today,
        )
        for each in tracks
    ]


def _find_stored(sheet: Sheet) -> None:
    """Find the rows that were stored by the same sheet with the same content. 1 query.

    Another content with a used id ("back" brings a form that was sent) gets an id of its own.
    """
    by_id = {row.form.client_id: row for row in sheet.touched if not row.form.errors}
    for entry in StatusEntry.objects.filter(client_id__in=by_id):
        row = by_id[entry.client_id]
        if row.form.is_stored_in(entry):
            row.stored = True
        else:
            row.form.client_id = uuid4()


def _find_late(sheet: Sheet, seen: str) -> None:
    """Find the rows on which somebody has reported since they were drawn. At most 1 query."""
    drawn = _seen(seen)
    late = {
        row.newest: row
        for row in sheet.touched
        if not row.stored and row.newest and drawn.get(row.number) != row.newest
    }
    if not late:
        return
    for entry in StatusEntry.objects.filter(pk__in=late).select_related("by"):
        late[entry.pk].meanwhile = entry


def _seen(text: str) -> Mapping[int, int]:
    pairs = ([digits_only(each) for each in part.split(":")] for part in text.split())
    return {p[0]: p[1] for p in pairs if len(p) == 2 and p[0] is not None and p[1] is not None}
