"""The projector's code: typed once on its machine, which then keeps it.

It is one of 21 ** 8 (38 thousand million) and shows what the room sees anyway. Wrong ones count
with those of tables, see ``limits``; a projector that was let in keeps a signed cookie and waits
for nobody, so that a phone in the hall cannot darken it, and what a QR code carries waits neither.
"""

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from measures.hall.limits import may_try, note_wrong
from measures.models import Front
from workshops.cookies import keep
from workshops.guests import PROJECTOR_LENGTH, code_in

COOKIE = "projector"
COOKIE_AGE = 60 * 60 * 24 * 7  # seconds
ADDRESS = "/p/"


class TooManyGuesses(Exception):
    """From this address came so many wrong codes that none is looked at now."""


def front_at(request: HttpRequest, text: str) -> Front | None:
    """Return where a projector's code leads, None for no such code. Raises TooManyGuesses.

    The workshop brings its revision. 1 query.
    """
    code = code_in(text)
    if not _is_known(request, code) and not may_try(request, text):
        raise TooManyGuesses
    rows = Front.objects.select_related("workshop__revision")
    front = rows.filter(code=code).first() if len(code) == PROJECTOR_LENGTH else None
    if front is None:
        note_wrong(request, code)
    return front


def remember(response: HttpResponse, code: str) -> HttpResponse:
    """Let this machine go on as a projector however many wrong codes come from its address."""
    keep(response, COOKIE, _signer().sign(code), path=ADDRESS, max_age=COOKIE_AGE)
    return response


def _is_known(request: HttpRequest, code: str) -> bool:
    try:
        return _signer().unsign(request.COOKIES.get(COOKIE, "")) == code
    except BadSignature:
        return False


def _signer() -> Signer:
    return Signer(salt="projector")
