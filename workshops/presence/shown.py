"""What is shown where: whose text, whose name, whose coat of arms, whose colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language

from workshops.models import LegalText, Look, Municipality, Workshop


class LegalLink(NamedTuple):
    """A link of the footer; ``whose`` names the municipality where several take part."""

    kind: str
    url: str
    whose: str


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    look: Look | None


@dataclass(frozen=True, slots=True)
class Presence:
    """Who stands behind a page.

    ``towns`` are named on it, each with its look; none where nobody has one, then the page is
    neutral. ``sheet_url`` brings a colour, where one municipality alone takes part. ``legal`` are
    the links of the footer.
    """

    towns: tuple[Town, ...]
    sheet_url: str
    legal: tuple[LegalLink, ...]

    @property
    def logos(self) -> list[Look]:
        return [town.look for town in self.towns if town.look and town.look.logo_url]

    @property
    def further(self) -> tuple[tuple[str, str, str], ...]:
        """Links to plain and sign language: which ("plain", "sign"), address, whose."""
        looks = [town for town in self.towns if town.look]
        return tuple(
            (which, address, town.name if len(self.towns) > 1 else "")
            for which in ("plain", "sign")
            for town in looks
            if (address := getattr(town.look, f"{which}_language"))
        )


def site_links() -> tuple[LegalLink, ...]:
    return tuple(
        LegalLink(kind, reverse(kind), "") for kind in ("accessibility", "privacy", "imprint")
    )


def neutral() -> Presence:
    return Presence((), "", site_links())


def presence_of(workshop: Workshop) -> Presence:
    """Return who stands behind a workshop's pages. 2 queries, none where nobody shows anything."""
    if not workshop.has_presence:
        return neutral()
    seats = workshop.seats.select_related("municipality__look").defer("municipality__look__logo")
    return presence_of_all([seat.municipality for seat in seats])


def presence_of_all(municipalities: Sequence[Municipality]) -> Presence:
    """Return what municipalities show together. 1 query, and one for each look not at hand."""
    towns = tuple(Town(each.name, _look(each)) for each in municipalities)
    only = towns[0].look if len(towns) == 1 else None
    return Presence(
        towns if any(town.look for town in towns) else (),
        only.sheet_url if only else "",
        _legal(municipalities),
    )


def presence_of_site() -> Presence:
    """Return who stands behind the log-in: whose own installation this is. 1 query."""
    looks = Look.objects.filter(is_own=True).select_related("municipality").defer("logo")
    look = looks.first()
    if look is None:
        return neutral()
    return Presence((Town(look.municipality.name, look),), look.sheet_url, site_links())


def text_of(
    kind: str, municipality: Municipality | None, *, with_drafts: bool = False
) -> LegalText | None:
    """Return the text to be shown: the municipality's own, else the site's. 1 query.

    In the reader's language, else in another one. None where there is none, or only drafts.
    """
    texts = LegalText.objects.all() if with_drafts else LegalText.objects.ready()
    rows = texts.filter(Q(municipality=municipality) | Q(municipality=None), kind=kind)
    language = get_language()
    return min(
        rows.select_related("municipality"),
        key=lambda row: (row.municipality is None, row.language != language, row.language),
        default=None,
    )


def _look(municipality: Municipality) -> Look | None:
    return getattr(municipality, "look", None)  # the other side of one to one raises


def _legal(municipalities: Sequence[Municipality]) -> tuple[LegalLink, ...]:
    """Return a link to each own text; to the site's where somebody has none. 1 query."""
    rows = LegalText.objects.ready().filter(municipality__in=municipalities)
    own = set(rows.order_by().values_list("municipality", "kind").distinct())
    links = []
    for site in site_links():
        having = [each for each in municipalities if (each.pk, site.kind) in own]
        if len(having) < len(municipalities):
            links.append(site)
        for each in having:
            url = reverse(f"workshops:municipality-{site.kind}", args=[each.pk])
            links.append(LegalLink(site.kind, url, each.name if len(municipalities) > 1 else ""))
    return tuple(links)
