"""Lists that are longer than anybody reads, as an agency's with thousands of workshops are.

Up to ``MANY`` rows a list is counted, sorted and searched as people expect it. A longer one shows
that it is longer, stands in the order of an index, and finds rows by their workshop; within a
workshop every list is short again. So no request reads more of a table than that.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext as _

from workshops.models import Workshop, WorkshopMunicipality

MANY = 2000
NEWEST = 20  # workshops, of those that are called so or of all


def _count(rows: QuerySet) -> int:
    """Count rows, but at most one more than ``MANY``."""
    return rows.order_by()[: MANY + 1].count()


def _pks(rows: QuerySet) -> list[int]:
    """Return the ids of rows, but at most one more than ``MANY``."""
    return list(rows.order_by().values_list("pk", flat=True)[: MANY + 1])


def newest_workshops(request: HttpRequest, words: str) -> list[Workshop]:
    """Return the newest workshops, of those with all searched words in title or municipalities.

    1 query, asked once a request.
    """
    if not hasattr(request, "newest_workshops"):
        rows = Workshop.objects.only("title", "date")
        for word in map(_unquoted, smart_split(words)):
            seats = WorkshopMunicipality.objects.filter(municipality__name__icontains=word)
            rows = rows.filter(Q(title__icontains=word) | Q(pk__in=seats.values("workshop")))
        request.newest_workshops = list(rows[:NEWEST])  # type: ignore[attr-defined]
    return request.newest_workshops  # type: ignore[attr-defined]


def _unquoted(word: str) -> str:
    """Return a word, or several that were searched for in quotes, as Django's own search does."""
    is_quoted = word[0] in "\"'" and word[0] == word[-1] and len(word) > 1
    return unescape_string_literal(word) if is_quoted else word


def found_among_many(
    rows: QuerySet, words: str, workshops: list[Workshop], *, path: str, lookups: tuple[str, ...]
) -> QuerySet:
    """Return the rows of these workshops, and those that an index finds by the ``words``.

    ``path`` leads to the workshop. Each is asked for by itself, for no index answers to "or".
    """
    whole = [words.strip(), words.strip().lower()]
    ways: dict[str, list] = {path: workshops, **dict.fromkeys(lookups, whole)}
    found = {
        pk for way, values in ways.items() for pk in _pks(rows.filter(**{f"{way}__in": values}))
    }
    return rows.filter(pk__in=found)


def count_beside(rows: list[Model], numbers: Mapping[str, Count]) -> None:
    """Count what stands beside these rows, of which there is at least one. 1 query a number."""
    for name, number in numbers.items():
        same = type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows])
        found = dict(same.order_by().values_list("pk").annotate(n=number))
        for row in rows:
            vars(row)[name] = found[row.pk]


class BoundedAdmin(admin.ModelAdmin):
    """A list in bounds.

    Where it is too long to be sorted, it stands in ``order_of_many``, which an index gives, and its
    rows are found by their workshop or by ``lookups_of_many``, which an index finds as well.
    ``numbers`` are counted for the rows of a page; they stand in the row under their names.
    """

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count a whole table
    order_of_many: tuple[str, ...] = ("-pk",)
    lookups_of_many: tuple[str, ...] = ()
    numbers: ClassVar[Mapping[str, Count]] = {}

    def path_to_workshop(self) -> str:
        """Return how the rows lead to their workshop, empty where they are not part of one."""
        filters = (each for each in self.list_filter if hasattr(each, "path"))
        return next((vars(each)["path"] for each in filters), "")

    def get_paginator(self, request, queryset, per_page, *args, **kwargs) -> Paginator:
        paginator = super().get_paginator(request, queryset, per_page, *args, **kwargs)
        if hasattr(request, "found"):  # the list has counted them already
            vars(paginator)["count"] = request.found
        return paginator

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            count_beside([row], self.numbers)
        return row

    def get_search_results(self, request, queryset, search_term):
        path = self.path_to_workshop()
        request.is_among_many = bool(path and search_term) and _count(queryset) > MANY
        if not request.is_among_many:
            return super().get_search_results(request, queryset, search_term)
        workshops, lookups = newest_workshops(request, search_term), self.lookups_of_many
        found = found_among_many(queryset, search_term, workshops, path=path, lookups=lookups)
        return found, False

    def response_action(self, request, queryset, *args):
        """Refuse to act on a whole list that nobody has seen the end of."""
        if request.POST.get("select_across", "0") != "0" and _count(queryset) > MANY:
            raise PermissionDenied
        return super().response_action(request, queryset, *args)


class BoundedChangeList(ChangeList):
    """Counts and sorts no more than ``MANY`` rows; ``is_many`` says that there are more."""

    model_admin: BoundedAdmin
    is_many = False
    many = MANY

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet:
        rows = super().get_queryset(request, exclude_parameters)
        if self.query:
            # What was searched is read once, not again to sort it.
            found = _pks(rows)
            count = len(found)
            if count <= MANY:
                rows = self.apply_select_related(self.root_queryset.filter(pk__in=found))
                rows = rows.order_by(*self.get_ordering(request, self.root_queryset))
        else:
            count = _count(rows)
        self.is_many = count > MANY
        request.found = min(count, MANY)  # type: ignore[attr-defined]  # for the paginator
        if self.is_many:
            self.sortable_by = ()
            rows = rows.order_by(*self.model_admin.order_of_many)
        among = self.is_many or getattr(request, "is_among_many", False)
        if among and self.model_admin.path_to_workshop():
            self.search_help_text = _how_to_search(bool(self.model_admin.lookups_of_many))
        return rows

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.show_admin_actions = self.result_count > 0
        if self.is_many or not (self.query or self.has_active_filters):
            self.full_result_count = self.result_count  # so that no results are told of
        if self.model_admin.numbers and self.result_count:
            self.result_list = list(self.result_list)
            count_beside(self.result_list, self.model_admin.numbers)


def _how_to_search(by_address: bool) -> str:
    text = _(
        "More than %(many)d rows: the search finds those of the %(newest)d newest workshops that"
        " have these words in title or municipality. Choose one of them in the filter to search in"
        " it."
    )
    told = text % {"many": MANY, "newest": NEWEST}
    more = _("A whole e-mail address finds its account.")
    return f"{told} {more}" if by_address else told
