"""Pieces of pages that are drawn once, for templates."""

from typing import NamedTuple

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from workshops.choices import select_of
from workshops.drawing import drawn
from workshops.presence.shown import Presence

register = template.Library()
register.simple_tag(drawn)
register.filter(select_of)


class _Workshop(NamedTuple):
    pk: int
    title: str
    get_absolute_url: str


class _Ways(NamedTuple):
    """What the ways through a workshop ask of its visitor, see ``visits.Visit``."""

    is_editor: bool
    is_administration: bool
    may_rate: bool
    may_enter: bool
    may_capture: bool
    may_set_up: bool
    shows_results: bool


class _Person(NamedTuple):
    is_authenticated: bool
    is_staff: bool


class _Logo(NamedTuple):
    logo_url: str
    logo_width: int | None
    logo_height: int | None


@register.simple_tag(takes_context=True)
def bar(context: Context, presence: Presence, here: str = "", help: str = "") -> SafeString:
    """Draw the bar above a workshop's page for the visitor of the context."""
    workshop, visit, user = context["workshop"], context.get("visit"), context.get("user")
    return drawn(
        "workshops/_bar_drawn.html",
        workshop=_Workshop(workshop.pk, workshop.title, workshop.get_absolute_url()),
        visit=_Ways._make(bool(getattr(visit, name, False)) for name in _Ways._fields),
        user=_Person._make(bool(getattr(user, name, False)) for name in _Person._fields),
        logos=tuple(
            _Logo(look.logo_url, look.logo_width, look.logo_height) for look in presence.logos
        ),
        request="request" in context,
        here=here,
        help=help,
    )
