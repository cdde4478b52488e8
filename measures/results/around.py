"""What stands around the ranking, asked with one statement: names, words, saved views.

To a database far away each further statement costs as much as this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, Value

from fields.models import ActionField
from measures.models import Assessment, SavedView, Session
from measures.overview import ListedField, ListedGroup, Outline
from measures.shown import shown_rounds
from workshops.compiled import compiled
from workshops.models import ParticipantGroup, ScaleStep, Workshop, WorkshopMunicipality

AGENDA, ASSESSMENT, FIELD, GROUP, SEAT, STEP, VIEW = KINDS = range(7)
NO_TEXT, NO_FLAG = Value(""), Value(False)


class Around(NamedTuple):
    """What a page of results knows of its workshop beside measures and results.

    ``municipalities`` are ids with names in the order of their seats, ``steps`` by criterion the
    words of the scale's steps, the lowest first. ``has_agenda``: a committee has something to
    decide on, or has decided. ``is_assessed``: the administration has assessed a measure.
    """

    outline: Outline
    municipalities: tuple[tuple[int, str], ...]
    steps: Mapping[str, tuple[str, ...]]
    views: tuple[SavedView, ...]
    has_agenda: bool
    is_assessed: bool


class _Part(NamedTuple):
    """A row of the statement; ``text`` and ``flag`` are what is left to say of the kind."""

    kind: int
    place: int
    pk: int
    name: str
    text: str
    flag: bool


def around_of(workshop: Workshop) -> Around:
    """Return what stands around the results. 2 queries."""
    found: dict[int, list[_Part]] = {kind: [] for kind in KINDS}
    for part in sorted(map(_Part._make, _parts(workshop.pk))):
        found[part.kind].append(part)
    steps: dict[str, tuple[str, ...]] = {}
    for part in found[STEP]:
        steps[part.text] = (*steps.get(part.text, ()), part.name)
    return Around(
        outline=Outline(
            tuple(ListedField(part.pk, part.name, part.flag) for part in found[FIELD]),
            shown_rounds(workshop),
            tuple(ListedGroup(part.pk, part.name) for part in found[GROUP]),
        ),
        municipalities=tuple((part.pk, part.name) for part in found[SEAT]),
        steps=steps,
        views=tuple(
            SavedView(pk=part.pk, workshop=workshop, name=part.name, query=part.text)
            for part in found[VIEW]
        ),
        has_agenda=bool(found[AGENDA]),
        is_assessed=bool(found[ASSESSMENT]),
    )


@compiled
def _parts(workshop: int) -> QuerySet:
    fields = ActionField.objects.filter(workshop=workshop).standing()
    groups = ParticipantGroup.objects.filter(workshop=workshop)
    seats = WorkshopMunicipality.objects.filter(workshop=workshop)
    steps = ScaleStep.objects.filter(workshop=workshop)
    views = SavedView.objects.filter(workshop=workshop)
    agendas = Session.objects.filter(workshop=OuterRef("pk")).used()
    decides = Workshop.objects.filter(Exists(agendas), pk=workshop)
    entries = Assessment.objects.filter(measure__workshop=OuterRef("pk"))
    assesses = Workshop.objects.filter(Exists(entries), pk=workshop)
    return _told(FIELD, fields, place="order", flag=F("is_worked_on")).union(
        _told(GROUP, groups, place="order"),
        _told(SEAT, seats, place="seat", pk="municipality", name="municipality__name"),
        _told(STEP, steps, place="step", name="label", text=F("criterion")),
        _told(VIEW, views, place="place", text=F("query")),
        _told(AGENDA, decides, place="pk", name="title"),
        _told(ASSESSMENT, assesses, place="pk", name="title"),
        all=True,
    )


def _told(
    kind: int,
    rows: QuerySet,
    *,
    place: str,
    pk: str = "pk",
    name: str = "name",
    text: F | Value = NO_TEXT,
    flag: F | Value = NO_FLAG,
) -> QuerySet:
    """Return the rows as ``_Part`` has it, each kind with its own columns in the same places."""
    return rows.order_by().values_list(Value(kind), F(place), F(pk), F(name), text, flag)
