"""What the dashboard shows of a workshop's saved views."""

from typing import NamedTuple

from measures.results.filters import DashboardForm
from measures.results.saved import as_sent, query_of
from workshops.collation import sort_key
from workshops.roles import may_open_further
from workshops.visits import Visit


class SavedLink(NamedTuple):
    """A saved view as a way to it; ``is_current``: the address says just this."""

    pk: int
    name: str
    url: str
    is_current: bool


class SavedViews(NamedTuple):
    """The saved views of a workshop beside a state of its dashboard; plain values alone.

    ``query`` is the state as the address tells it. ``may_save``: this visitor may keep it under a
    name, ``may_start``: and make it the committee's start. ``is_all``: nothing is left out or
    changed.
    """

    links: tuple[SavedLink, ...]
    query: str
    may_save: bool
    may_start: bool
    is_all: bool

    @property
    def current(self) -> SavedLink | None:
        """The saved view that is shown. It opens even where a filter of it is gone by now."""
        return next((link for link in self.links if link.is_current), None)


def saved_views(visit: Visit, form: DashboardForm) -> SavedViews:
    """Return them by name; ``form`` is what the address asks for."""
    vars(visit.workshop)["has_agenda"] = form.around.has_agenda
    views = sorted(form.around.views, key=lambda view: sort_key(view.name))
    here, sent = query_of(form), as_sent(form)
    # An address that does not fit is a saved view's only if the view says all of it.
    shown = {here, sent} if form.is_valid() else {sent}
    return SavedViews(
        links=tuple(
            SavedLink(view.pk, view.name, view.get_absolute_url(), view.query in shown)
            for view in views
        ),
        query=f"?{sent}",
        may_save=visit.is_editor,
        may_start=visit.is_editor and may_open_further(visit),
        is_all=not here and form.is_valid(),
    )
