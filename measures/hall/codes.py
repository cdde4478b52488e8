"""The projector's code, and how the codes of the hall stand on walls.

A projector's code is one of 21 ** 8 (38 thousand million) and shows what the room sees anyway. An
address from which too many wrong ones come gets no answer for a while; a projector that was let in
keeps a signed cookie and is not counted, so that a phone in the hall cannot darken it.
"""

from functools import lru_cache

import segno
from allauth.core import ratelimit
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from measures.models import Front
from workshops.guests import read_code

PROJECTOR_LENGTH = 8
COOKIE = "projector"
COOKIE_AGE = 60 * 60 * 24 * 7  # seconds
ADDRESS = "/p/"


class TooManyGuesses(Exception):
    """From this address came so many wrong codes that none is looked at now."""


def front_at(request: HttpRequest, text: str) -> Front | None:
    """Return where a projector's code leads, None for no such code. Raises TooManyGuesses.

    The workshop brings its revision. 1 query.
    """
    code = read_code(text)
    if not _is_known(request, code) and _is_over(request, dry_run=True):
        raise TooManyGuesses
    rows = Front.objects.select_related("workshop__revision")
    front = rows.filter(code=code).first() if len(code) == PROJECTOR_LENGTH else None
    if front is None:
        _is_over(request)
    return front


def _is_over(request: HttpRequest, *, dry_run: bool = False) -> bool:
    """Count a wrong code, and say whether there were too many."""
    answer = ratelimit.consume_or_429(request, action="projector", limit_get=True, dry_run=dry_run)
    return answer is not None


def remember(response: HttpResponse, code: str) -> HttpResponse:
    """Let this machine go on as a projector however many wrong codes come from its address."""
    response.set_cookie(
        COOKIE,
        _signer().sign(code),
        max_age=COOKIE_AGE,
        path=ADDRESS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _is_known(request: HttpRequest, code: str) -> bool:
    try:
        return _signer().unsign(request.COOKIES.get(COOKIE, "")) == code
    except BadSignature:
        return False


def _signer() -> Signer:
    return Signer(salt="projector")


@lru_cache(maxsize=64)
def qr_svg(address: str) -> SafeString:
    """Return a QR code of the address as inline SVG without style attributes, on white.

    Its border of four modules belongs to it, also where the page is dark.
    """
    code = segno.make(address, micro=False, error="m")
    svg = code.svg_inline(omitsize=True, border=4, light="#fff", svgclass=None, lineclass=None)
    named = svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return mark_safe(named)  # modules and our own words, nothing that was typed


def in_halves(code: str) -> str:
    """Return a code as people read it out: K7M 4XP."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"
