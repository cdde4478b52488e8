"""How pages show what was searched for."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from measures.searching.words import Marked

register = template.Library()


@register.filter
def marked(pieces: Marked) -> SafeString:
    """Return a text with marks around what was searched for."""
    marks = (format_html("<mark>{}</mark>", text) if is_hit else text for text, is_hit in pieces)
    return format_html_join("", "{}", ((each,) for each in marks))
