"""The feed of a public page: what was decided and how far it is, the newest first.

It tells what the page tells. A report that a newer one replaces, and a decision that was corrected,
are gone from both.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import NamedTuple
from uuid import UUID, uuid5

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from measures.followup.signs import words_of_state
from measures.public.addresses import measure_path
from measures.public.published import PublicContent, PublicMeasure
from workshops.models import Workshop

NEWEST = 50


class Entry(NamedTuple):
    """One decision or report. ``uid`` stays, whatever becomes of the site's address."""

    uid: UUID
    at: datetime
    title: str
    text: str
    path: str


class Entries(NamedTuple):
    """``author`` are the municipalities: no person signs what a committee decided."""

    author: str
    entries: list[Entry]


class _Feed(Atom1Feed):
    """Is as old as its newest entry, also without any: asked again, it is the same."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else self.feed["begun"]


def entries_of(content: PublicContent) -> Entries:
    """Return the newest ones, in the active language. No query."""
    entries = [entry for each in content.measures for entry in _entries(each, content.workshop)]
    newest = sorted(entries, key=lambda each: (each.at, each.uid), reverse=True)[:NEWEST]
    return Entries(", ".join(content.municipalities), newest)


def _entries(measure: PublicMeasure, workshop: Workshop) -> Iterator[Entry]:
    path = measure_path(workshop.pk, measure.number, get_language())
    for decision, _then in measure.decisions:
        outcome = capfirst(decision.told)
        yield Entry(
            uid=uuid5(workshop.uuid, f"decision {decision.uuid}"),
            at=decision.published_at,  # type: ignore[arg-type]  # told are published ones
            title=f"{outcome}: {measure.title}",
            text="\n\n".join(text for text in (decision.wording, decision.reason) if text),
            path=path,
        )
    if status := measure.status:
        yield Entry(
            uid=uuid5(workshop.uuid, f"status {status.client_id}"),
            at=status.at,
            title=f"{capfirst(words_of_state(status.state))}: {measure.title}",
            text=status.sentence,
            path=path,
        )


def atom(workshop: Workshop, told: Entries, *, site: str, page: str, own: str) -> str:
    """Write the feed; ``page`` and ``own`` are the paths of the page and of the feed itself."""
    what = _("Decisions and progress")
    feed = _Feed(
        title=f"{what}: {workshop.title}",
        link=site + page,
        description="",
        language=get_language(),
        author_name=told.author or workshop.title,
        feed_url=site + own,
        feed_guid=uuid5(workshop.uuid, "feed").urn,
        begun=datetime.combine(workshop.date, time(), tzinfo=UTC),
    )
    for entry in told.entries:
        feed.add_item(
            title=entry.title,
            link=site + entry.path,
            description=linebreaks(entry.text, autoescape=True),
            unique_id=entry.uid.urn,
            pubdate=entry.at,
            updateddate=entry.at,
        )
    return feed.writeString("utf-8")
