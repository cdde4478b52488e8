"""What reminding by hand would send, as its page shows it before."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import override

from measures.followup.mail import Occasion, message
from measures.followup.reminders import Letter

# The link itself is made for the mail alone.
PLACE = "/report/…/"


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail before it is sent; ``is_office``: it goes to a responsible office."""

    recipient: str
    subject: str
    text: str
    count: int
    is_office: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """All mails before they are sent; ``told`` are the addresses that have got theirs today."""

    drafts: tuple[Draft, ...]
    told: tuple[str, ...]

    @property
    def seen(self) -> str:
        """Tells one preview from another: sent is only what somebody has read."""
        said = [[each.recipient, each.subject, each.text] for each in self.drafts]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    @property
    def has_links(self) -> bool:
        return any(PLACE in each.text for each in self.drafts)


def preview_of(
    found: Mapping[str, Letter], left: Mapping[str, Letter], occasion: Occasion
) -> Preview:
    """Return the drafts of what is left of all that was found. No query."""
    drafts = (_draft(recipient, letter, occasion) for recipient, letter in left.items())
    return Preview(tuple(drafts), tuple(each for each in found if each not in left))


def _draft(recipient: str, letter: Letter, occasion: Occasion) -> Draft:
    paths = dict.fromkeys(letter.decisions(), PLACE)
    with override(settings.LANGUAGE_CODE):  # as mails are written
        mail = message(recipient, letter.digest(occasion), occasion, paths)
        return Draft(
            recipient, str(mail.subject), str(mail.body), len(letter.tracks), bool(letter.own)
        )
