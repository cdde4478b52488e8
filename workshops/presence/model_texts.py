"""Model texts to begin with: what is known stands in them, what is not is a gap."""

import re
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string

from workshops.models import LegalText, Look, Municipality
from workshops.presence.lands import land_of

# Lines of a file are as long as an editor shows; one that ends with \ ends as a line of the text.
_CONTINUED = re.compile(r"(?<=[^\n\\])\n *(?=[^\s#-])")


def model_text(kind: str, municipality: Municipality | None, language: str, today: date) -> str:
    """Return a text of this kind for a municipality, or for the whole site. At most 1 query.

    The whole site is its operator's: the municipality whose own installation this is, or whoever
    the setting OPERATOR names.
    """
    own = municipality or _own_municipality()
    context = {
        "name": own.name if own else settings.OPERATOR,
        "contact": "" if municipality else settings.CONTACT_EMAIL,
        "site": settings.PUBLIC_URL,
        "land": land_of(own.official_key if own else None),
        "today": today,
    }
    text = render_to_string(f"legal/models/{kind}.{language}.txt", context)
    return _unwrapped(text)


def first_body(text: LegalText, today: date) -> str:
    return model_text(text.kind, text.municipality, text.language, today)


def _own_municipality() -> Municipality | None:
    own = Look.objects.filter(is_own=True).select_related("municipality").defer("logo").first()
    return own.municipality if own else None


def _unwrapped(text: str) -> str:
    joined = _CONTINUED.sub(" ", re.sub(r"\n{3,}", "\n\n", text.strip()))
    return joined.replace("\\\n", "\n")
