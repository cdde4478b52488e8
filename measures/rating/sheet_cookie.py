"""Which sheets somebody has typed in since the rating was opened, known to the own browser alone.

No table says who typed in which ballot, or in which order. The browser holds their ids, signed, for
the pages of entering, until it is closed; closing the rating makes them worthless.

Of two answers that are under way at once a browser keeps the later list, which knows nothing of the
other one's sheet. So each answer brings its sheet in a cookie of its own as well, which goes once
the list that the browser sends has it.
"""

from contextlib import suppress
from dataclasses import dataclass, replace

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from workshops.cookies import keep
from workshops.models import Workshop

MOST = 150  # ids, 2.6 kB; of a cookie a browser takes 4 kB


@dataclass(frozen=True, slots=True)
class OwnSheets:
    """The ballots' ids of the sheets in their order; the first of them is number ``first``."""

    opening: int
    first: int = 1
    ids: tuple[int, ...] = ()

    @property
    def next(self) -> int:
        return self.first + len(self.ids)

    def numbered(self) -> list[tuple[int, int]]:
        """Return the number and the id of each sheet."""
        return list(enumerate(self.ids, self.first))

    def id_of(self, number: int) -> int | None:
        return dict(self.numbered()).get(number)

    def number_of(self, pk: int) -> int | None:
        return {known: number for number, known in self.numbered()}.get(pk)

    def with_sheet(self, pk: int) -> "OwnSheets":
        """Return them with one sheet more, unless it is among them; the oldest ones drop out."""
        if pk in self.ids:
            return self
        ids = (*self.ids, pk)
        return replace(self, first=self.next + 1 - len(ids[-MOST:]), ids=ids[-MOST:])


def own_sheets(request: HttpRequest, workshop: Workshop, opening: int) -> OwnSheets:
    """Return what this browser knows of the person's sheets of this opening."""
    sheets = _listed(request, workshop, opening)
    for of, pk in _single(request, workshop).values():
        if of == opening:
            sheets = sheets.with_sheet(pk)
    return sheets


def _listed(request: HttpRequest, workshop: Workshop, opening: int) -> OwnSheets:
    try:
        kept = _signer().unsign_object(request.COOKIES.get(_name(request, workshop), ""))
    except BadSignature:
        return OwnSheets(opening)
    known = OwnSheets(kept["opening"], kept["first"], tuple(kept["ids"]))
    return known if known.opening == opening else OwnSheets(opening)


def _single(request: HttpRequest, workshop: Workshop) -> dict[str, tuple[int, int]]:
    """Return by the cookie's name opening and id of each sheet that came alone."""
    start, found = f"{_name(request, workshop)}_", {}
    for name in sorted(each for each in request.COOKIES if each.startswith(start)):
        with suppress(BadSignature):
            opening, pk = _signer().unsign_object(request.COOKIES[name])
            found[name] = opening, pk
    return found


def keep_sheets(
    response: HttpResponse, request: HttpRequest, workshop: Workshop, sheets: OwnSheets, pk: int
) -> HttpResponse:
    """Let this browser keep the sheets, of which ``pk`` was stored now."""
    name, path = _name(request, workshop), f"/workshops/{workshop.pk}/entry/"
    kept = {"opening": sheets.opening, "first": sheets.first, "ids": sheets.ids}
    alone = f"{name}_{salted_hmac('sheet', str(pk)).hexdigest()[:8]}"
    for each, held in ((name, kept), (alone, (sheets.opening, pk))):
        keep(response, each, _signer().sign_object(held, compress=True), path=path)
    listed = _listed(request, workshop, sheets.opening).ids
    for each, (opening, other) in _single(request, workshop).items():
        if other != pk and (opening != sheets.opening or other in listed):
            response.delete_cookie(each, path=path, samesite="Lax")
    return response


def _name(request: HttpRequest, workshop: Workshop) -> str:
    """At a shared laptop nobody gets another's sheets."""
    owner = salted_hmac("sheets", f"{workshop.pk}-{request.user.pk}").hexdigest()[:12]
    return f"sheets_{owner}"


def _signer() -> Signer:
    return Signer(salt="sheets")
