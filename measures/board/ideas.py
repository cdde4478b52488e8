"""Ideas from phones beside the board: similar ones lie together until somebody deals with them.

An idea becomes a measure, is laid to one that says the same, or is laid aside. None is ever lost:
what was laid to a measure that is removed waits again.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import prefetch_related_objects

from fields.models import ActionField, Goal
from measures.board.likeness import alike_pairs, alike_to
from measures.models import Idea, Measure
from workshops.models import Table
from workshops.order import next_order

MOST_WAITING = 300  # in one field; to compare each with each takes 30 ms then


class Pile(NamedTuple):
    """Ideas that are alike, and the measure that says nearly the same, if there is one."""

    ideas: list[Idea]
    like: Measure | None


class Tray(NamedTuple):
    """What lies beside the board of a field; ``measures`` are those that an idea can be laid to."""

    piles: list[Pile]
    aside: list[Idea]
    measures: list[Measure]

    @property
    def total(self) -> int:
        return sum(len(pile.ideas) for pile in self.piles)


def tray_of(field: ActionField, measures: Sequence[Measure]) -> Tray:
    """Return the tray; each of ``measures`` brings its ``ideas`` along. 3 queries at most."""
    prefetch_related_objects([*measures], "ideas")
    waiting = list(field.ideas.waiting())
    titles = {each.pk: each.title for each in measures}
    known = {each.pk: each for each in measures}
    piles = [
        Pile(ideas, known[alike[0][0]] if (alike := alike_to(ideas[0].text, titles)) else None)
        for ideas in _piles(waiting)
    ]
    return Tray(piles, list(field.ideas.aside()), [*measures])


def _piles(ideas: Sequence[Idea]) -> list[list[Idea]]:
    """Lay together what is alike, by one or more steps; in the order of the first of each."""
    place = {idea.pk: {idea.pk} for idea in ideas}
    for one, other, _percent in alike_pairs({idea.pk: idea.text for idea in ideas}):
        joined = place[one] | place[other]
        for pk in joined:
            place[pk] = joined
    done: set[int] = set()
    piles = []
    for idea in ideas:
        if idea.pk not in done:
            done |= place[idea.pk]
            piles.append([each for each in ideas if each.pk in place[idea.pk]])
    return piles


def take_over(ideas: Sequence[Idea], goal: Goal | None, by: Table | None) -> Measure:
    """Make a measure of the first idea, the last one of its goal; the others say it as well."""
    first = ideas[0]
    measure = Measure(
        workshop=first.field.workshop,
        field=first.field,
        goal=goal,
        title=first.text,
        by_table=by,
        order=next_order(Measure.objects.filter(field=first.field, goal=goal)),
    )
    measure.full_clean(exclude=["number"])
    measure.save()
    lay(ideas, to=measure)
    return measure


def lay(ideas: Iterable[Idea], *, to: Measure | None, is_aside: bool = False) -> None:
    """Lay ideas to a measure, aside, or back to where they wait."""
    for idea in ideas:
        idea.measure, idea.is_aside = to, is_aside
        idea.save(update_fields=["measure", "is_aside"])
