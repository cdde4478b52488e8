"""The public page's addresses, and what search engines and social networks read of it."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from workshops.models import Workshop

LOCALES = {"de": "de_DE", "en": "en_GB"}
DESCRIPTION_LENGTH = 155  # more is cut off in lists of hits


def site(request: HttpRequest) -> str:
    """Return the address the site is reached at, without a slash at the end."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def public_path(pk: int, language: str) -> str:
    """Return the page's path; the site's own language needs no parameter."""
    path = reverse("measures:public-page", args=[pk])
    return path if language == settings.LANGUAGE_CODE else f"{path}?lang={language}"


def page_head(request: HttpRequest, workshop: Workshop) -> dict[str, object]:
    """Return what a page's head says in the active language beside its title and description.

    ``paths`` lead to the page in each language, behind ``site``; ``image_url`` to its matrix.
    """
    language = get_language()
    query = "" if language == settings.LANGUAGE_CODE else f"?lang={language}"
    file = reverse("measures:public-picture", args=[workshop.pk])
    return {
        "site": site(request),
        "url": site(request) + public_path(workshop.pk, language),
        "paths": {code: public_path(workshop.pk, code) for code in LOCALES},
        "locale": LOCALES[language],
        "image_url": f"{site(request)}{file}{query}",
    }


def description(workshop: Workshop, municipalities: list[str]) -> str:
    own = " ".join(workshop.introduction.split())
    if own:
        return Truncator(own).chars(DESCRIPTION_LENGTH)
    sentence = _(
        "Goals, measures, priorities, decisions and progress of the workshop of %(date)s,"
        " %(municipalities)s."
    )
    names = ", ".join(municipalities)
    day = date_format(workshop.date, "DATE_FORMAT")
    return Truncator(sentence % {"date": day, "municipalities": names}).chars(DESCRIPTION_LENGTH)
