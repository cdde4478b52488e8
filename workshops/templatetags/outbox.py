"""Whose outbox a page fills, for the templates that frame it."""

from django import template
from django.template import Context

from workshops.outbox import owner_of

register = template.Library()


@register.simple_tag(takes_context=True)
def outbox_owner(context: Context) -> str:
    """Return the mark of the reader, "" for strangers and for a page that is drawn for no request.

    One that is drawn once for many brings what stands for it, see ``measures.results.unchanged``.
    """
    if "outbox_owner" in context:
        return context["outbox_owner"]
    request, workshop = context.get("request"), context.get("workshop")
    if request is None or not hasattr(request, "user"):
        return ""
    return owner_of(request, getattr(workshop, "pk", None))
