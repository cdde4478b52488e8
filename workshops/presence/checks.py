"""``manage.py check --deploy`` fails as long as the texts that the law asks for are not there."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.db import Error as DatabaseError

from workshops.models import LegalText

CALLED = {
    LegalText.Kind.IMPRINT.value: "imprint",
    LegalText.Kind.PRIVACY.value: "privacy page",
    LegalText.Kind.ACCESSIBILITY.value: "accessibility statement",
}
HINT = "Write it in the admin under “Legal texts”, see docs/operator.md."


@register("legal", deploy=True)
def legal_texts_are_complete(
    app_configs: Sequence[Any] | None, **options: Any
) -> list[CheckMessage]:
    """Name what is missing of the site's texts in German, and drafts of municipalities.

    A database that is away or not migrated yet is told elsewhere.
    """
    try:
        texts = list(LegalText.objects.select_related("municipality"))
    except DatabaseError:
        return []
    of_site = {text.kind for text in texts if text.municipality is None and text.language == "de"}
    missing = [called for kind, called in CALLED.items() if kind not in of_site]
    drafts = (text for text in texts if text.gaps)
    return [
        *(Error(f"The site has no {each}.", hint=HINT, id="workshops.E001") for each in missing),
        *map(_unfinished, sorted(drafts, key=lambda text: text.municipality is not None)),
    ]


def _unfinished(text: LegalText) -> CheckMessage:
    """A municipality's draft is no fault: until it is ready the site's text stands in for it."""
    gaps, called = "; ".join(text.gaps), f"{CALLED[text.kind]} ({text.language})"
    if text.municipality is None:
        told = f"The site's {called} has gaps: {gaps}"
        return Error(told, hint=HINT, id="workshops.E002")
    told = f"The {called} of {text.municipality.name} has gaps: {gaps}"
    return Warning(told, hint=HINT, id="workshops.W001")
