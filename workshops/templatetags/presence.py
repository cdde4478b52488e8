"""Who stands behind a page, for the templates that frame it."""

from django import template

from workshops.models import Workshop
from workshops.presence import shown

register = template.Library()


@register.simple_tag
def presence_of(workshop: Workshop) -> shown.Presence:
    """Both ends of a page ask; the row, which is this request's own, keeps the answer."""
    known = vars(workshop)
    if "presence" not in known:
        known["presence"] = shown.presence_of(workshop)
    return known["presence"]


register.simple_tag(shown.presence_of_site)
register.simple_tag(shown.neutral)
