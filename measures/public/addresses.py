"""The public pages' addresses, and what search engines and social networks read of them."""

from collections.abc import Callable

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
    return _path("public-page", language, pk)


def measure_path(pk: int, number: int, language: str) -> str:
    """Return the path of a measure's own page."""
    return _path("public-measure", language, pk, number)


def matrix_path(pk: int, language: str) -> str:
    """Return the path of the matrix alone."""
    return _path("public-matrix", language, pk)


def news_path(pk: int, language: str) -> str:
    """Return the path of what is new, as a page."""
    return _path("public-news", language, pk)


def feed_path(pk: int, language: str) -> str:
    """Return the path of the feed of decisions and progress."""
    return _path("public-feed", language, pk)


def language_in_address() -> str:
    """Return what an address names; the site's own language needs no parameter."""
    language = get_language()
    return "" if language == settings.LANGUAGE_CODE else language


def _path(name: str, language: str, *args: int) -> str:
    path = reverse(f"measures:{name}", args=args)
    return path if language == settings.LANGUAGE_CODE else f"{path}?lang={language}"


def page_head(
    request: HttpRequest, workshop: Workshop, path: Callable[[str], str]
) -> dict[str, object]:
    """Return what a page's head says in the active language beside its title and description.

    ``path`` makes the page's own from a language. ``paths`` lead to it in each language, behind
    ``site``; ``image_url`` to the workshop's matrix, ``feed`` to what is new.
    """
    language, here = get_language(), site(request)
    return {
        "site": here,
        "url": here + path(language),
        "paths": {code: path(code) for code in LOCALES},
        "locale": LOCALES[language],
        "feed": feed_path(workshop.pk, language),
        "image_url": here + _path("public-picture", language, workshop.pk),
    }


def description(workshop: Workshop, municipalities: list[str]) -> str:
    own = excerpt(workshop.introduction)
    if own:
        return own
    sentence = _(
        "Goals, measures, priorities, decisions and progress of the workshop of %(date)s,"
        " %(municipalities)s."
    )
    names = ", ".join(municipalities)
    day = date_format(workshop.date, "DATE_FORMAT")
    return excerpt(sentence % {"date": day, "municipalities": names})


def excerpt(text: str) -> str:
    """Return a text cut to what a description holds."""
    return Truncator(" ".join(text.split())).chars(DESCRIPTION_LENGTH)
