"""The public pages of a workshop that was deleted, as they were drawn last: stored and read.

What is kept is what ``drawing`` hands to the templates, so the frame around it, its style and the
search are those of every other public page.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from measures.models import PublicRecord
from measures.public.cards import Card, Choice
from measures.public.feed import Entries, Entry
from measures.seals.text import canonical, read
from workshops.models import Workshop

MARKUP = {"page": ("head", "tail"), "matrix": ("body",)}  # beside the cards


class Drawn(NamedTuple):
    """All public pages in one language.

    ``merged`` leads from the number of a measure to that of the one it was merged into.
    """

    page: dict[str, Any]
    matrix: dict[str, Any]
    feed: Entries
    picture: bytes
    merged: dict[int, int]


def store(workshop: Workshop, drawn: Drawn, *, decided: int) -> PublicRecord:
    """Keep the pages in the active language. 1 query."""
    cards = [card._asdict() for card in drawn.page["cards"]]
    choices = {name: [each._asdict() for each in of] for name, of in drawn.page["choices"].items()}
    told = {
        "page": drawn.page | {"cards": cards, "choices": choices},
        "matrix": drawn.matrix,
        "feed": {"author": drawn.feed.author, "entries": [_flat(each) for each in drawn.feed[1]]},
        "merged": {str(number): target for number, target in drawn.merged.items()},
    }
    return PublicRecord.objects.create(
        workshop=workshop,
        language=get_language(),
        measures=len(cards),
        decided=decided,
        pages=canonical(told),
        picture=drawn.picture,
    )


def load(workshop: Workshop) -> Drawn:
    """Return the pages in the active language. 1 query. Raises PublicRecord.DoesNotExist."""
    row = workshop.records.get(language=get_language())
    return Drawn(picture=bytes(row.picture), **read_pages(row.pages))


def _flat(entry: Entry) -> dict[str, str]:
    return entry._asdict() | {"uid": str(entry.uid), "at": entry.at.isoformat()}


def read_pages(text: str) -> dict[str, Any]:
    told = read(text)
    for part, names in MARKUP.items():
        told[part] |= {name: mark_safe(told[part][name]) for name in names}
    page, feed = told["page"], told["feed"]
    page["cards"] = [_card(each) for each in page["cards"]]
    page["choices"] = {
        name: [Choice(**each) for each in of] for name, of in page["choices"].items()
    }
    return told | {
        "feed": Entries(feed["author"], [_entry(each) for each in feed["entries"]]),
        "merged": {int(number): target for number, target in told["merged"].items()},
    }


def _card(told: dict[str, Any]) -> Card:
    return Card(**told | {name: mark_safe(told[name]) for name in ("head", "body")})


def _entry(told: dict[str, str]) -> Entry:
    at, uid = datetime.fromisoformat(told["at"]), UUID(told["uid"])
    return Entry(uid=uid, at=at, title=told["title"], text=told["text"], path=told["path"])
