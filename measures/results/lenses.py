"""Ways to look at one picture: how sure it is, as a group sees it, as agreed, as it was before.

And beside what the administration holds of the same measures, which enters nothing else.

A lens returns what is to be shown: an overview, what is drawn beneath its marks, and the same
shifts as a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import hypot

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from measures.assessment.holding import assessed
from measures.by_group import tallies_by_group
from measures.matrix.overlay import NOTHING, Overlay
from measures.models import Round
from measures.overview import ListedGroup, Overview, Row, overview_of
from measures.prioritisation import PrioritisedMeasure, Tally, prioritise_tallies
from measures.results.stability import regions_of
from workshops.models import Workshop

Point = tuple[float, float]  # (relevance, feasibility)

NO_LENS, SURE, AGREED, ASSESSED, ROUND = "", "sure", "agreed", "assessed", "round"
GROUP = "group-"  # with the group's id
IN_ROUND = "round-"  # with the round's number
MOST_NAMED = 12  # measures that a note names one by one


@dataclass(frozen=True, slots=True)
class Shift:
    """One measure's way from the point ``before`` to ``now``; ``gap`` is its length in steps.

    ``rank_before`` is None where the starting point has none, e.g. an agreed value.
    """

    row: Row
    before: Point
    now: Point
    rank_before: int | None
    rank: int | None

    @property
    def gap(self) -> float:
        return hypot(self.now[0] - self.before[0], self.now[1] - self.before[1])


@dataclass(frozen=True, slots=True)
class Lens:
    """What a lens shows. ``note`` says how to read it; ``hidden`` counts measures left out of it.

    ``origin`` and ``target`` name both ends of every shift.
    """

    overview: Overview
    overlay: Overlay = NOTHING
    note: str = ""
    origin: str = ""
    target: str = ""
    shifts: tuple[Shift, ...] = ()
    hidden: int = 0
    is_of_group: bool = False

    @property
    def hides_all(self) -> bool:
        """Say whether nothing is left of what was rated."""
        return self.hidden > 0 and not _ranked_ids(self.overview)

    @property
    def hides_spread(self) -> bool:
        """Under areas, lines for the middle half of the ratings could not be told apart."""
        return bool(self.overlay.regions)

    @property
    def words(self) -> dict[int, str]:
        """What an arrow says, by the measure's id, for those who cannot see it."""
        before = _("%(origin)s: rank %(rank)d")
        return {
            shift.row.measure.pk: before % {"origin": self.origin, "rank": shift.rank_before}
            for shift in self.shifts
            if shift.rank_before
        }


def lens_choices(
    groups: Sequence[ListedGroup], rounds: Sequence[Round], *, is_assessed: bool
) -> list[tuple[str, str]]:
    """Return the lenses that make sense where there are these groups and shown rounds.

    ``is_assessed``: the administration has assessed a measure.
    """
    as_groups = [
        (f"{GROUP}{each.pk}", _("as “%(group)s” sees it") % {"group": each.name}) for each in groups
    ]
    return [
        (NO_LENS, pgettext("view", "All")),
        (SURE, pgettext("view", "How sure")),
        (AGREED, pgettext("view", "Agreed values")),
        *([(ASSESSED, pgettext("view", "Administration"))] if is_assessed else []),
        *([(ROUND, pgettext("view", "Rounds"))] if len(rounds) > 1 else []),
        *as_groups,
    ]


def against_choices(
    groups: Sequence[ListedGroup], rounds: Sequence[Round]
) -> list[tuple[str, str]]:
    """Return what a group or a round may be compared with."""
    named = [(f"{GROUP}{each.pk}", each.name) for each in groups]
    numbers = [(f"{IN_ROUND}{r.number}", str(r)) for r in rounds] if len(rounds) > 1 else []
    return [("", _("the whole room")), *named, *numbers]


def through_lens(overview: Overview, lens: str, against: str = "") -> Lens:
    """Return what the lens shows of ``overview``; 0 to 16 queries beyond the kept results."""
    if lens == SURE:
        return _sure(overview)
    if lens == AGREED:
        return _agreed(overview)
    if lens == ASSESSED:
        return _assessed(overview)
    if len(overview.rounds) > 1 and (lens == ROUND or (not lens and against.startswith(IN_ROUND))):
        return _shifted_since(overview, against)
    if lens.startswith(GROUP):
        return _group(overview, lens, against)
    return _room(overview, against) if against.startswith(GROUP) else Lens(overview)


def _sure(overview: Overview) -> Lens:
    note = _(
        "Each area holds the measure's place in 90 % of draws: as many people as rated, drawn from"
        " those who rated. Where areas overlap widely, the order is open."
    )
    meaning = _("holds the measure's place in 90 % of draws")
    return Lens(overview, Overlay(regions=regions_of(overview), meaning=meaning), note)


def _agreed(overview: Overview) -> Lens:
    """Join every mean with the value agreed in the room; a criterion not agreed stays in place."""
    shifts = []
    for row in overview.rows:
        if (mean := row.result.point) and row.consensus != (None, None):
            agreed = (row.consensus[0] or mean[0], row.consensus[1] or mean[1])
            shifts.append(Shift(row, agreed, mean, None, row.result.rank))
    note = _("A line joins the value agreed in the room with the mean of the individual ratings.")
    if not shifts:
        note = _("No value was agreed in the room for any rated measure.")
    return Lens(
        overview,
        Overlay(
            origins=_origins(shifts),
            is_joined=True,
            meaning=_("leads from the agreed value to the mean"),
        ),
        note,
        _("agreed"),
        _("mean"),
        _widest_first(shifts),
    )


def _assessed(overview: Overview) -> Lens:
    """Join every mean with where the administration would put the measure. 1 query."""
    held, shifts, without = assessed(overview.workshop), [], []
    for row in overview.rows:
        entry = held.get(row.measure.pk)
        if row.result.point and entry:
            point = (entry.relevance, entry.feasibility)
            shifts.append(Shift(row, point, row.result.point, None, row.result.rank))
        elif row.result.point:
            without.append(row.measure.code)
    note = _(
        "A line joins the mean of the room with the assessment of the administration, which enters"
        " no figure of the room."
    )
    return Lens(
        overview,
        Overlay(
            origins=_origins(shifts),
            is_joined=True,
            meaning=_("leads from the assessment of the administration to the mean of the room"),
        ),
        f"{note} {_not_assessed(without)}".strip(),
        _("administration"),
        _("mean of the room"),
        _widest_first(shifts),
    )


def _not_assessed(codes: Sequence[str]) -> str:
    """Say which measures of the picture the administration has not assessed, "" for none."""
    if not codes:
        return ""
    text = ngettext(
        "Not assessed is %(n)d measure: %(codes)s.",
        "Not assessed are %(n)d measures: %(codes)s.",
        len(codes),
    )
    in_order = sorted(codes, key=lambda code: int(code[1:]))
    named = ", ".join(in_order[:MOST_NAMED]) + (" …" if len(codes) > MOST_NAMED else "")
    return (text % {"n": len(codes), "codes": named}).replace("….", "…")


def _shifted_since(overview: Overview, against: str) -> Lens:
    """Show one round by itself, the last one unless chosen, with arrows from an earlier one.

    Compared is only what has a result in both; the ranks are those among these measures.
    """
    numbers = [each.number for each in overview.rounds]
    now = overview.round or numbers[-1]
    asked = [n for n in numbers if against == f"{IN_ROUND}{n}" and n != now]
    before = (asked or [n for n in numbers if n < now][-1:] or [n for n in numbers if n != now])[0]
    new, old = (
        overview_of(
            overview.workshop, weight=overview.weight, round=number, outline=overview.outline
        )
        for number in (now, before)
    )
    both = _ranked_ids(new) & _ranked_ids(old)
    names = {"before": before, "now": now}
    note = _(
        "Round %(now)d by itself; arrows lead there from round %(before)d for what has a result in"
        " both. Ranks beside them are those among these measures."
    )
    origin, target = (_("round %(n)d") % {"n": n} for n in (before, now))
    shifted = _shifted(
        replace(new, rows=tuple(_among(new, both))),
        {row.measure.pk: row.result for row in _among(old, both)},
        note % names,
        origin,
        target,
    )
    return replace(shifted, overview=new)


def _ranked_ids(overview: Overview) -> set[int]:
    return {row.measure.pk for row in overview.rows if row.result.point}


def _among(overview: Overview, wanted: set[int]) -> Iterator[Row]:
    """Yield the rows of these measures, ranked anew among themselves (1 2 2 4)."""
    places: dict[int | None, int | None] = {None: None}
    rows = (row for row in overview.rows if row.measure.pk in wanted)
    for place, row in enumerate(rows, start=1):
        rank = places.setdefault(row.result.rank, place)
        yield row._replace(result=replace(row.result, rank=rank))


def _group(overview: Overview, lens: str, against: str) -> Lens:
    """Show the ranking as one group sees it, with arrows from the room or another group.

    A measure is left out where the group may not be shown; see ``measures.groups``.
    """
    names = {f"{GROUP}{group.pk}": group.name for group in overview.groups}
    by_group = {f"{GROUP}{pk}": tallies for pk, tallies in tallies_by_group(overview).items()}
    own = _ranked(overview, by_group.get(lens, {}))
    is_room = against not in names or against == lens
    other = (
        {row.measure.pk: row.result for row in overview.rows}
        if is_room
        else _ranked(overview, by_group.get(against, {}))
    )
    origin = _("the whole room") if is_room else names[against]
    rows = sorted(
        (_as_group(row, own[row.measure.pk]) for row in overview.rows),
        key=lambda row: (row.result.rank is None, row.result.rank or 0, row.measure.number),
    )
    note = _("The ranking as “%(group)s” sees it; arrows lead there from: %(origin)s.")
    note %= {"group": names[lens], "origin": origin}
    shifted = _shifted(replace(overview, rows=tuple(rows)), other, note, origin, names[lens])
    shown = by_group.get(lens, {})
    rated = {row.measure.pk for row in overview.rows if row.result.n}
    if not is_room:
        beside = rated & shown.keys() - by_group.get(against, {}).keys()
        note = _without_arrow(note, len(beside), names[against], overview.workshop)
    hidden = len(rated - shown.keys())
    return replace(shifted, note=note, hidden=hidden, is_of_group=True)


def _room(overview: Overview, against: str) -> Lens:
    """Show the room's ranking with arrows from where one group sees the measures."""
    names = {f"{GROUP}{group.pk}": group.name for group in overview.groups}
    by_group = {f"{GROUP}{pk}": tallies for pk, tallies in tallies_by_group(overview).items()}
    note = _("The ranking of the whole room; arrows lead there from where “%(group)s” stands.")
    shown = by_group.get(against, {})
    rated = {row.measure.pk for row in overview.rows if row.result.n}
    note %= {"group": names[against]}
    note = _without_arrow(note, len(rated - shown.keys()), names[against], overview.workshop)
    room = _("the whole room")
    return _shifted(overview, _ranked(overview, shown), note, names[against], room)


def _without_arrow(note: str, n: int, group: str, workshop: Workshop) -> str:
    """Add for how many measures it is not told where the group stands."""
    if not n:
        return note
    text = ngettext(
        "%(n)d measure has no arrow, because fewer than %(least)d people of “%(group)s” judged it"
        " or a smaller group could be worked out.",
        "%(n)d measures have no arrow, because fewer than %(least)d people of “%(group)s” judged"
        " them or a smaller group could be worked out.",
        n,
    )
    return f"{note} {text % {'n': n, 'least': workshop.smallest_group, 'group': group}}"


def _as_group(row: Row, result: PrioritisedMeasure[int]) -> Row:
    """Leave out what concerns the whole room: sheets of paper and the agreed value."""
    return row._replace(result=result, consensus=(None, None), paper=0)


def _ranked(overview: Overview, tallies: dict[int, Tally]) -> dict[int, PrioritisedMeasure[int]]:
    measures = sorted((row.measure for row in overview.rows), key=lambda measure: measure.number)
    results = prioritise_tallies(
        tallies,
        measures=[measure.pk for measure in measures],
        scale=overview.scale,
        weight=overview.weight,
        thresholds=overview.thresholds,
    )
    across = {row.measure.pk for row in overview.rows if row.result.rank or not overview.is_split}
    return {
        each.measure: each if each.measure in across else replace(each, rank=None)
        for each in results
    }


def _shifted(
    overview: Overview,
    before: dict[int, PrioritisedMeasure[int]],
    note: str,
    origin: str,
    target: str,
) -> Lens:
    """Return the ways from ``before`` to the overview's results, for measures ranked in both."""
    shifts = []
    for row in overview.rows:
        old, new = before[row.measure.pk], row.result
        if old.point and new.point:
            shifts.append(Shift(row, old.point, new.point, old.rank, new.rank))
    ways = {"origin": origin, "target": target}
    meaning = _("leads from “%(origin)s” to “%(target)s”") % ways
    overlay = Overlay(origins=_origins(shifts), meaning=meaning)
    return Lens(overview, overlay, note, origin, target, _widest_first(shifts))


def _origins(shifts: list[Shift]) -> dict[int, Point]:
    return {shift.row.measure.pk: shift.before for shift in shifts}


def _widest_first(shifts: list[Shift]) -> tuple[Shift, ...]:
    return tuple(sorted(shifts, key=lambda each: (-round(each.gap, 9), each.row.measure.number)))
