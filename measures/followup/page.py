"""What the progress pages show, for one workshop or for all of a municipality."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measures.followup import drawing
from measures.followup.forms import ProgressForm
from measures.followup.loading import FollowUp, follow, known_decisions
from measures.followup.timeline import Strip, Timeline, layout
from measures.followup.tracks import (
    OVERDUE,
    STATES,
    UNREPORTED,
    Followed,
    Move,
    Track,
    counts,
    moves,
    overdue_first,
)
from measures.models import Session, State, TimeHorizon
from workshops.models import Municipality, Workshop
from workshops.visits import Visit


@dataclass(frozen=True, slots=True)
class Item:
    """A track with its light and its addresses; ``report`` and ``decision`` where they may be."""

    track: Track
    light: SafeString
    url: str
    report: str
    decision: str


@dataclass(frozen=True, slots=True)
class MovedItem:
    """A move with the light before it and the one after it."""

    move: Move
    before: SafeString
    after: SafeString
    item: Item


@dataclass(frozen=True, slots=True)
class Filter:
    """One of the states that the list can be narrowed to; ``key`` is empty for all."""

    key: str
    light: SafeString | str
    count: int


@dataclass(frozen=True, slots=True)
class TimelineRow:
    item: Item
    picture: SafeString


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Everything on the page. ``groups`` and ``bands`` are pairs of a name and its rows."""

    form: ProgressForm
    filters: list[Filter]
    session: Session | None
    moved: list[MovedItem]
    overdue: list[Item]
    groups: list[tuple[str, list[Item]]]
    bands: list[tuple[str, list[TimelineRow]]]
    axis: SafeString
    legend: list[SafeString]
    removed: tuple[Followed, ...]
    workshops: Sequence[Workshop]
    is_empty: bool

    @property
    def several(self) -> bool:
        return len(self.workshops) > 1


def progress_page(
    data, visits: Sequence[Visit], *, today: date, municipality: Municipality | None = None
) -> ProgressPage:
    """Collect the page of the visited workshops for the address's parameters ``data``.

    With a municipality, measures that concern only others are left out. 4 or 5 queries: decisions
    twice where the person decides in some workshops only.
    """
    workshops = [visit.workshop for visit in visits]
    found = follow(workshops, known_decisions(visits), today=today)
    tracks = _concerning(found, municipality)
    form = ProgressForm(
        data,
        sessions=_past_sessions(workshops, today),
        tracks=tracks,
        workshops=workshops,
        today=today,
    )
    within = form.within()
    state = form.chosen.get("state")
    shown = [each for each in within if state is None or each.is_in(state)]
    items = _items(shown, visits)
    overdue, groups = overdue_first(shown)
    timeline = layout(shown, today=today)
    return ProgressPage(
        form=form,
        filters=_filters(within),
        session=form.session,
        moved=_moved(shown, items, form.session),
        overdue=[items[each.measure.pk] for each in overdue],
        groups=[(g.name, [items[each.measure.pk] for each in g.tracks]) for g in groups],
        bands=_bands(timeline, items),
        axis=drawing.axis(timeline),
        legend=drawing.legend(),
        removed=found.removed,
        workshops=workshops,
        is_empty=not tracks,
    )


def _concerning(found: FollowUp, municipality: Municipality | None) -> list[Track]:
    concerned = (None, municipality.pk) if municipality else None
    return [
        each for each in found.tracks if concerned is None or each.measure.municipality in concerned
    ]


def _past_sessions(workshops: Sequence[Workshop], today: date) -> list[Session]:
    rows = Session.objects.filter(workshop__in=workshops, date__lte=today)
    return list(rows.select_related("workshop"))


def _items(tracks: Iterable[Track], visits: Sequence[Visit]) -> dict[int, Item]:
    by_workshop = {visit.workshop.pk: visit for visit in visits}
    return {each.measure.pk: _item(each, by_workshop[each.measure.workshop]) for each in tracks}


def _item(track: Track, visit: Visit) -> Item:
    place = [visit.workshop.pk, track.measure.number]
    decision = ""
    if track.decided and visit.shows_results:
        decision = reverse("measures:decision-detail", args=[place[0], track.decided.pk])
    return Item(
        track=track,
        light=drawing.track_light(track),
        url=reverse("measures:measure-detail", args=place),
        report=reverse("measures:status-add", args=place) if visit.may_report else "",
        decision=decision,
    )


def _filters(tracks: Sequence[Track]) -> list[Filter]:
    words = {OVERDUE: _("overdue"), UNREPORTED: _("no report yet")}
    words |= {state.value: str(state.label) for state in State}
    found = counts(tracks)
    return [
        Filter("", "", len(tracks)),
        *(Filter(key, drawing.light(key, words[key]), found[key]) for key in STATES),
    ]


def _moved(
    shown: Sequence[Track], items: dict[int, Item], session: Session | None
) -> list[MovedItem]:
    return [
        MovedItem(
            move=move,
            before=drawing.report_light(move.before),
            after=drawing.report_light(move.after),
            item=items[move.track.measure.pk],
        )
        for move in (moves(shown, since=session.date) if session else ())
    ]


def _bands(timeline: Timeline, items: dict[int, Item]) -> list[tuple[str, list[TimelineRow]]]:
    def row(strip: Strip) -> TimelineRow:
        return TimelineRow(items[strip.track.measure.pk], drawing.strip(strip))

    return [
        (str(TimeHorizon(band.horizon).label), [row(each) for each in band.strips])
        for band in timeline.bands
    ]
