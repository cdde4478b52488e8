"""A plan in parts that a page can show: each list in pages, however long it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from measures.transfer.plans import Plan

FEW = 20  # bad cells on a page, for they stand in sight
MANY = 100  # rows of the other lists on a page
LISTS = {
    "problems": FEW,
    **dict.fromkeys(
        ("new_fields", "new_goals", "changes", "new_measures", "repeats", "alike", "untouched"),
        MANY,
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One list of a plan; ``name`` is what a button sends with the number of another page.

    ``is_asked``: somebody has just turned to this page of it.
    """

    name: str
    page: Page[Any]
    is_asked: bool

    @property
    def count(self) -> int:
        """How many rows the whole list has."""
        return self.page.paginator.count


def parts_of(plan: Plan, posted: Mapping[str, str]) -> dict[str, Part]:
    """Return the lists of a plan, each at the page that was asked for."""
    return {name: _part(plan, name, posted) for name in LISTS}


def _part(plan: Plan, name: str, posted: Mapping[str, str]) -> Part:
    button = f"page-{name}"
    page = Paginator(getattr(plan, name), LISTS[name]).get_page(posted.get(button))
    return Part(button, page, is_asked=button in posted)
