"""Who keeps a municipality's legal texts, coat of arms and colour, and where in the admin."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from workshops.models import LegalText, Look, Municipality, User

Person = User | AnonymousUser
Row = tuple[str, str, str]  # what, its address in the admin, its state

KEPT = ("look", "legaltext")
WAYS = ("view", "add", "change")


def keeps_presence(person: Person) -> bool:
    """Say whether somebody sees these in the admin. At most 2 queries, none for others."""
    return person.is_staff and any(_may(person, *WAYS, name=name) for name in KEPT)


def kept_at(person: Person, municipalities: Iterable[Municipality]) -> list[tuple[str, str]]:
    """Return the name of each municipality and its page in the admin, none for others."""
    if not keeps_presence(person):
        return []
    route = "admin:workshops_municipality_change"
    return [(each.name, reverse(route, args=[each.pk])) for each in municipalities]


def kept_rows(person: Person, municipality: int | None) -> list[Row]:
    """Return what this person sees of a municipality, or adds to it. At most 4 queries."""
    if municipality is None or not keeps_presence(person):
        return []
    look = Look.objects.filter(municipality=municipality).defer("logo").first()
    texts = {
        (text.kind, text.language): text
        for text in LegalText.objects.filter(municipality=municipality).order_by("language", "pk")
    }
    needed = [(kind, LegalText.Language.DE.value) for kind in LegalText.Kind.values]
    of_look = _("Coat of arms, colour and links"), look, _("entered")
    rows = [_row(person, *of_look, {"municipality": municipality})]
    for kind, language in dict.fromkeys([*needed, *texts]):
        text = texts.get((kind, language))
        name = f"{LegalText.Kind(kind).label} ({LegalText.Language(language).label})"
        state = _("draft with gaps") if text and text.gaps else _("ready")
        begun = {"kind": kind, "municipality": municipality, "language": language}
        rows.append(_row(person, name, text, state, begun))
    return [row for row in rows if row]


def _row(
    person: Person, what: str, kept: Look | LegalText | None, state: str, begun: dict
) -> Row | None:
    """Return a row; None where this person neither sees what there is nor adds what is not.

    ``begun`` is what a form to add it is filled in with.
    """
    name = "legaltext" if "kind" in begun else "look"
    if kept is None and _may(person, "add", name=name):
        address = f"{reverse(f'admin:workshops_{name}_add')}?{urlencode(begun)}"
        return what, address, _("not there yet")
    if kept and _may(person, "view", "change", name=name):
        return what, reverse(f"admin:workshops_{name}_change", args=[kept.pk]), state
    return None


def _may(person: Person, *ways: str, name: str) -> bool:
    return any(person.has_perm(f"workshops.{way}_{name}") for way in ways)
