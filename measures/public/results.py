"""The prioritised picture as it may be published."""

from dataclasses import replace

from measures.overview import Overview, Row, overview_of
from measures.prioritisation import PrioritisedMeasure
from measures.public.disclosure import disclosed
from workshops.models import Workshop


def public_overview(workshop: Workshop) -> Overview:
    """Return the overview with what may be published of the results that hold. 8 queries.

    Where the result that holds has too few ratings for the public, no older one takes its place,
    and of which round it is is nobody's business. Sheets of paper are not told apart from ballots.
    """
    everything = overview_of(workshop)
    rows = {row.measure.pk: row for row in everything.rows}
    results = disclosed(
        [row.result for row in everything.rows],
        paper={pk: row.paper for pk, row in rows.items()},
        smallest=workshop.smallest_group,
    )
    return replace(everything, rows=tuple(_told(rows[each.measure], each) for each in results))


def _told(row: Row, result: PrioritisedMeasure) -> Row:
    round = row.round if result.point else None
    return row._replace(result=result, paper=0, beside=(), round=round)
