"""Workshops a page at a time: those of a person, who may have a thousand, or all published ones."""

from collections import defaultdict
from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from workshops.collation import searched
from workshops.models import Workshop, WorkshopMunicipality

ON_A_PAGE = 24  # rows of two, three or four cards are full


def page_of(
    workshops: QuerySet[Workshop],
    sought: str,
    number: str | None,
    told: Sequence[str] = ("title", "place"),
) -> Page:
    """Return the ids on a page of those that a search finds, the newest first; 1 or 2 queries.

    ``told`` are the columns that the reader may know. A number that does not exist leads to the
    first or the last page. Only the ids, because a database that is asked for everything at once
    asks it of all workshops before it cuts the page.
    """
    found = (
        _fitting(workshops, sought, told)
        if sought
        else list(workshops.values_list("pk", flat=True))
    )
    return Paginator(found, ON_A_PAGE).get_page(number)


def _fitting(workshops: QuerySet[Workshop], sought: str, told: Sequence[str]) -> list[int]:
    """Return the ids of those in which every word stands, capitals and accents aside. 2 queries.

    In what is told, the year or the name of a municipality; compared here, because databases differ
    in what they take for the same letter.
    """
    words = (searched(sought) or sought).split()  # of nothing but signs: nothing fits
    seats = WorkshopMunicipality.objects.order_by().filter(workshop__in=workshops.order_by())
    towns = defaultdict(list)
    for workshop, name in seats.values_list("workshop", "municipality__name"):
        towns[workshop].append(name)
    found = []
    for pk, day, *texts in workshops.values_list("pk", "date", *told):
        text = searched(" ".join([*texts, str(day.year), *towns[pk]]))
        if all(word in text for word in words):
            found.append(pk)
    return found
