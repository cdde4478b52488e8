"""The prioritised picture as it may be published."""

from dataclasses import replace

from measures.overview import Overview, overview
from measures.public.disclosure import disclosed, withheld
from workshops.models import Workshop
from workshops.phases import Activity


def public_overview(workshop: Workshop) -> Overview:
    """Return the overview with what may be published; without any value while people rate.

    6 queries. Sheets of paper are not told apart from ballots.
    """
    view = overview(workshop)
    results = [row.result for row in view.rows]
    rows = {row.measure.pk: replace(row, paper=0) for row in view.rows}
    if workshop.allows(Activity.SEE_RESULTS):
        paper = {row.measure.pk: row.paper for row in view.rows}
        results = disclosed(results, paper=paper, smallest=workshop.smallest_group)
    else:
        results = withheld(results)
        rows = {pk: replace(row, consensus=(None, None)) for pk, row in rows.items()}
    shown = tuple(replace(rows[result.measure], result=result) for result in results)
    return replace(view, rows=shown)
