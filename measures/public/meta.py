"""What search engines and social networks read of a public page."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in another language."""

    language: str
    name: str
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class Meta:
    """The page's head. ``image`` is empty where there is no picture to show."""

    title: str
    description: str
    url: str
    locale: str
    image: str
    alternates: list[Alternate]


def site(request: HttpRequest) -> str:
    """Return the address the site is reached at, without a slash at the end."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def public_path(pk: int, language: str) -> str:
    """Return the page's path; the site's own language needs no parameter."""
    path = reverse("measures:public-page", args=[pk])
    return path if language == settings.LANGUAGE_CODE else f"{path}?lang={language}"


def meta_of(
    request: HttpRequest, workshop: Workshop, municipalities: list[str], *, has_picture: bool
) -> Meta:
    """Collect the page's meta data in the active language; every address is absolute."""
    base, language = site(request), get_language()
    picture = reverse("measures:public-picture", args=[workshop.pk])
    query = "" if language == settings.LANGUAGE_CODE else f"?lang={language}"
    return Meta(
        title=workshop.title,
        description=_description(workshop, municipalities),
        url=base + public_path(workshop.pk, language),
        locale=LOCALES[language],
        image=f"{base}{picture}{query}" if has_picture else "",
        alternates=[
            Alternate(code, name, path, base + path)
            for code, name in (("de", "Deutsch"), ("en", "English"))
            for path in [public_path(workshop.pk, code)]
        ],
    )


def _description(workshop: Workshop, municipalities: list[str]) -> str:
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
