"""From one measure to the next in the list that the reader came from.

``?from=`` of the address names it: ``ranking``, ``fields``, ``progress`` or ``session-3``. Behind
``ranking`` stands what was asked of the dashboard, e.g. ``&status=open&weight=81``. Without a list,
or with what is none for this reader, measures follow each other by their numbers.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from measures.committee.agenda import agenda_of, entries_on
from measures.followup.loading import decisions_known_to, follow
from measures.followup.tracks import others_by_field, overdue_first
from measures.models import Measure, Session
from measures.models.measure import MeasureQuerySet
from measures.overview import Overview
from measures.results.became import became_of
from measures.results.filters import DashboardForm, narrowed
from measures.results.lenses import through_lens
from measures.results.saved import ALL, query_of
from workshops.visits import Visit

RANKING = "ranking"
_SESSION = re.compile("session-([0-9]{1,9})")


class Stop(NamedTuple):
    """A measure of a list; ``label`` is its place there in words, "" where that is its number."""

    number: int
    title: str
    label: str = ""

    @property
    def code(self) -> str:
        """The number as people say it: M1, M2 …"""
        return f"M{self.number}"


class Way(NamedTuple):
    """Where a measure stands in the list that one came from; ``query`` says so in an address.

    ``title`` and ``url`` are the list's; ``place`` counts from 1 up to ``of``.
    """

    query: str
    title: str
    url: str
    place: int
    of: int
    before: Stop | None
    after: Stop | None


class Ranking(NamedTuple):
    """The dashboard that one came from: what was asked of it, and the overview at that weight."""

    form: DashboardForm
    overview: Overview


class _Listed(NamedTuple):
    title: str
    url: str
    stops: Sequence[Stop]
    query: str = ""


def way_of(
    visit: Visit, number: int, asked: str, ranking: Ranking | None, *, today: date
) -> Way | None:
    """Return the ways to the neighbours, None for what somebody has just removed. 4 queries.

    ``ranking`` is there where it is asked for and may be seen; a lens may take up to 16 more.
    """
    listed = _list(visit, asked, ranking, today) if asked else None
    way = _placed(listed, number, f"?from={asked}") if listed else None
    return way or _placed(_by_number(visit), number, "")


def _placed(listed: _Listed, number: int, query: str) -> Way | None:
    numbers = [stop.number for stop in listed.stops]
    if number not in numbers:
        return None
    here, stops = numbers.index(number), listed.stops
    return Way(
        query=f"{query}&{listed.query}" if listed.query else query,
        title=listed.title,
        url=listed.url,
        place=here + 1,
        of=len(stops),
        before=stops[here - 1] if here else None,
        after=stops[here + 1] if here + 1 < len(stops) else None,
    )


def _list(visit: Visit, asked: str, ranking: Ranking | None, today: date) -> _Listed | None:
    if asked == "fields":
        return _by_field(visit)
    if asked == "progress":
        return _by_progress(visit, today)
    if asked == RANKING:
        # Before there are results, the order of reading is the only one that tells none.
        return _by_rank(visit, ranking, today) if ranking else _by_field(visit)
    session = _SESSION.fullmatch(asked)
    return _by_agenda(visit, int(session[1])) if session and visit.shows_results else None


def _by_number(visit: Visit) -> _Listed:
    return _all(visit, _standing(visit).order_by("number"))


def _by_field(visit: Visit) -> _Listed:
    return _all(visit, _standing(visit).in_reading_order())


def _standing(visit: Visit) -> MeasureQuerySet:
    return Measure.objects.in_workshop(visit.workshop).standing()


def _all(visit: Visit, measures: MeasureQuerySet) -> _Listed:
    url = reverse("measures:measure-list", args=[visit.workshop.pk])
    return _Listed(_("Measures"), url, _stops(measures.values_list("number", "title")))


def _stops(rows: Iterable[tuple[int, str]]) -> list[Stop]:
    return [Stop(number, title) for number, title in rows]


def _by_rank(visit: Visit, ranking: Ranking, today: date) -> _Listed:
    """Follow the rows that the dashboard shows, those without a rank behind the others."""
    form, overview = ranking
    chosen, query = form.chosen, query_of(form)
    shown = through_lens(overview, chosen.get("lens", ""), chosen.get("against", "")).overview
    rows = narrowed(shown.rows, chosen, became_of(visit, today=today))
    # Where a lens has ranks of its own, the pages behind the ways tell others.
    is_ranked = shown is overview
    stops = [
        Stop(
            row.measure.number,
            row.measure.title,
            _("Rank %(rank)d") % {"rank": row.result.rank} if is_ranked and row.result.rank else "",
        )
        for row in sorted(rows, key=lambda row: row.result.rank is None)
    ]
    # Without a word in the address the committee's own start would come.
    url = f"{reverse('measures:dashboard', args=[visit.workshop.pk])}?{query or ALL}"
    return _Listed(_("Ranking"), url, stops, query)


def _by_progress(visit: Visit, today: date) -> _Listed:
    """Follow the progress page as it stands without filters."""
    tracks = follow([visit.workshop], decisions_known_to([visit]), today=today)
    fields = others_by_field(tracks).values()
    ordered = [*overdue_first(tracks), *(each for some in fields for each in some)]
    url = reverse("measures:progress", args=[visit.workshop.pk])
    stops = _stops((each.measure.number, each.measure.title) for each in ordered)
    return _Listed(_("Progress"), url, stops)


def _by_agenda(visit: Visit, pk: int) -> _Listed | None:
    """Follow a session's agenda, without what was merged or removed since."""
    session = Session.objects.in_workshop(visit.workshop).filter(pk=pk).first()
    if session is None:
        return None
    item = _("item %(label)s")
    stops = [
        Stop(entry.measure.number, entry.measure.title, item % {"label": entry.label})
        for entry in entries_on(agenda_of(session))
        if entry.measure.stands
    ]
    return _Listed(session.committee, session.get_absolute_url(), stops)
