"""What stands on the wall, on posters and on cards: a QR code, the code, the address to type."""

from dataclasses import dataclass
from functools import lru_cache

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from workshops.guests import PERSONAL_LENGTH, spaced, with_proof
from workshops.pages import site_address


@dataclass(frozen=True, slots=True)
class Sign:
    """A code as people find it: ``address`` is what the picture holds, ``place`` what they type."""

    code: str
    place: str
    address: str
    is_personal: bool

    @property
    def picture(self) -> SafeString:
        """The picture; of a code that leads to a ballot nothing stays in the process."""
        return (_draw if self.is_personal else picture_of)(self.address)


def sign_of(request: HttpRequest, code: str) -> Sign:
    """Return the sign of a code that lets in: of a room, a table, a card, a ballot that moves."""
    return _sign(request, code, "measures:join-code", "measures:join")


def projector_sign(request: HttpRequest, code: str) -> Sign:
    return _sign(request, code, "measures:projector-code", "measures:projector")


def _sign(request: HttpRequest, code: str, typed: str, scanned: str) -> Sign:
    site = site_address(request)
    return Sign(
        code=spaced(code),
        place=f"{site}{reverse(typed)}".partition("://")[2],
        address=site + reverse(scanned, args=[with_proof(code)]),
        is_personal=len(code) >= PERSONAL_LENGTH,
    )


def _draw(address: str) -> SafeString:
    """Return the QR code as SVG: black on white in any theme, with its white border, no style."""
    code = segno.make(address, micro=False)
    # Letters and digits of our own, and what segno draws: nothing that anybody typed.
    return mark_safe(
        code.svg_inline(border=4, omitsize=True, light="#fff", svgclass=None, lineclass=None)
    )


picture_of = lru_cache(maxsize=64)(_draw)
