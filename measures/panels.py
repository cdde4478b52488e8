"""Who rated a measure: everybody, or the people of some tables, who are its panel.

Results of one panel are ranked. Those of two are not put in one order: one table may be kinder than
another, and nobody could tell that from the quality of its measures.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from measures.models import Offer, Round
from measures.shown import Key, kept_when_shown
from workshops.models import Table

Panel = tuple[int, ...]  # ids of tables in their order
EVERYBODY: Panel = ()


class ListedPanel(NamedTuple):
    """A panel and how it is called. ``key`` names it in addresses."""

    panel: Panel
    name: str

    @property
    def key(self) -> str:
        return "-".join(map(str, self.panel))


@kept_when_shown
def panels_of(rounds: Sequence[Round], _steps: int) -> dict[Key, Panel]:
    """Return by round and measure the tables whose people rated it, without what everybody did.

    What counts for one measure after merging may come from several tables: then those of all, and
    everybody where something of it was for everybody. 2 queries.
    """
    offers = Offer.objects.filter(round__in=rounds, counts_for__isnull=False)
    rows = offers.order_by().values_list("round", "counts_for", "tables")
    found: dict[Key, set[int | None]] = {}
    for round_id, measure, table in rows:
        found.setdefault((round_id, measure), set()).add(table)
    order = {pk: place for place, pk in enumerate(_in_order(found))}
    return {
        key: tuple(sorted((pk for pk in tables if pk), key=order.__getitem__))
        for key, tables in found.items()
        if None not in tables
    }


def _in_order(found: Mapping[Key, set[int | None]]) -> list[int]:
    wanted = {pk for tables in found.values() for pk in tables if pk}
    return list(Table.objects.filter(pk__in=wanted).values_list("pk", flat=True))


def panels_in(rounds: Sequence[Round]) -> tuple[ListedPanel, ...]:
    """Return the panels of shown rounds, none where everybody rated. At most 3 queries."""
    by_table = [each for each in rounds if each.is_by_table]
    return listed({*panels_of(by_table, 0).values()}) if by_table else ()


def panel_of(key: str) -> Panel | None:
    """Return the panel that an address names by this key; None for ""."""
    return tuple(map(int, key.split("-"))) if key else None


def listed(panels: set[Panel]) -> tuple[ListedPanel, ...]:
    """Return the panels with their names, that of everybody first. 1 query."""
    wanted = {pk for panel in panels for pk in panel}
    names = dict(Table.objects.filter(pk__in=wanted).values_list("pk", "name"))
    place = {pk: n for n, pk in enumerate(names)}
    return tuple(
        ListedPanel(panel, ", ".join(names[pk] for pk in panel) or _("everybody"))
        for panel in sorted(panels, key=lambda panel: [place[pk] for pk in panel])
    )
