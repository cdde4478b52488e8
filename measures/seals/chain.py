"""The arithmetic of a chain of seals: what a link covers, and what shows that one was changed.

A link's seal is the HMAC-SHA-256 (RFC 2104) over the link's own text. That text names the link
before it by a hash over all of it, its seal included. So a link binds everything before it, also
where the key of an earlier one is lost or stays with another installation. Whoever can write to the
database but has no key can only cut off the end, which a last seal on paper shows.

What is computed here for links that exist must never change, or they would all look forged.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum

from measures.seals.text import as_bytes, canonical, fingerprint

FORMAT = 1
SHORT, GROUP = 16, 4  # digits


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a workshop's chain.

    ``workshop``: its UUID as text; ``position`` counts from 1; ``content``: canonical JSON;
    ``previous``: ``hash_of`` the link before, "" for the first; ``value``: the seal, 64 hexadecimal
    digits; ``is_foreign``: it came with a workshop from another installation.
    """

    workshop: str
    position: int
    kind: str
    at: datetime
    content: str
    previous: str
    key_id: str
    value: str
    is_foreign: bool = False


class LinkState(Enum):
    """What can be said about one link by itself."""

    HOLDS = "holds"
    CHANGED = "changed"
    ELSEWHERE = "elsewhere"
    NO_KEY = "no key"


class Flaw(Enum):
    """How a chain is broken at one place."""

    MISSING = "missing"
    CHANGED = "changed"
    UNLINKED = "unlinked"
    MISPLACED = "misplaced"  # sealed elsewhere, it seems, but behind a link of ours


def moment(at: datetime | None) -> str | None:
    """Return a moment as text, always of the same form: in UTC, with six digits of a second."""
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else None


def text_of(link: Link) -> str:
    """Return what the seal covers."""
    return canonical(
        {
            "format": FORMAT,
            "workshop": link.workshop,
            "position": link.position,
            "kind": link.kind,
            "at": moment(link.at),
            "content": link.content,
            "previous": link.previous,
            "key": link.key_id,
        }
    )


def seal_of(link: Link, key: str) -> str:
    """Return the HMAC-SHA-256 over the link as 64 hexadecimal digits."""
    return hmac.new(as_bytes(key), as_bytes(text_of(link)), "sha256").hexdigest()


def hash_of(link: Link) -> str:
    """Return the hash by which the next link names this one."""
    return fingerprint(f"{text_of(link)}\n{link.value}")


def next_link(
    last: Link | None, *, workshop: str, kind: str, at: datetime, content: Mapping, key: tuple
) -> Link:
    """Return the sealed link that follows ``last``; ``key`` is the pair of its id and itself."""
    key_id, secret = key
    link = Link(
        workshop=workshop,
        position=last.position + 1 if last else 1,
        kind=kind,
        at=at,
        content=canonical(content),
        previous=hash_of(last) if last else "",
        key_id=key_id,
        value="",
    )
    return replace(link, value=seal_of(link, secret))


def link_state_of(link: Link, keys: Mapping[str, str]) -> LinkState:
    """Recompute one seal; ``keys`` by their ids."""
    if link.key_id in keys:
        fits = hmac.compare_digest(as_bytes(seal_of(link, keys[link.key_id])), as_bytes(link.value))
        return LinkState.HOLDS if fits else LinkState.CHANGED
    return LinkState.ELSEWHERE if link.is_foreign else LinkState.NO_KEY


def breaks(links: Iterable[Link], keys: Mapping[str, str]) -> dict[int, Flaw]:
    """Return where the chain is broken, in its order; ``links`` come by position.

    By the position of the missing link, or of the wrong one. After a changed link, that the next
    one does not continue it is no further break.
    """
    found: dict[int, Flaw] = {}
    last: Link | None = None
    last_state, is_ours = LinkState.HOLDS, False
    for link in links:
        state = link_state_of(link, keys)
        expected = last.position + 1 if last else 1
        if link.position != expected:
            found[expected] = Flaw.MISSING
        elif state is LinkState.CHANGED:
            found[link.position] = Flaw.CHANGED
        elif link.previous != (hash_of(last) if last else "") and last_state != LinkState.CHANGED:
            found[link.position] = Flaw.UNLINKED
        elif state is LinkState.ELSEWHERE and is_ours:
            found[link.position] = Flaw.MISPLACED
        is_ours = is_ours or link.key_id in keys or not link.is_foreign
        last, last_state = link, state
    return found


def short(value: str) -> str:
    """Return the first digits of a seal in groups, for people to compare: "3f9a 77c1 …"."""
    return " ".join(value[at : at + GROUP] for at in range(0, SHORT, GROUP))
