"""Tables of the hall: a browser in which the code of a table was typed in is that table.

No account and no person: what is kept in the browser is the code itself, signed. It ends with the
code.
"""

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from workshops.cookies import keep
from workshops.models import Table

COOKIE_AGE = 60 * 60 * 24 * 3  # seconds; longer than any workshop


def sit_down(response: HttpResponse, request: HttpRequest, table: Table) -> HttpResponse:
    """Let this browser be the table, for the pages of its workshop alone. It has a code."""
    name, path = _cookie_name(request, table.workshop_id), f"/workshops/{table.workshop_id}/"
    keep(response, name, _signer().sign(table.code or ""), path=path, max_age=COOKIE_AGE)
    return response


def table_at(request: HttpRequest, workshop_id: int) -> Table | None:
    """Return the table that this browser is, with its workshop and the revision. 1 query.

    None, without a query, where no code was typed in; None for a code that holds no more.
    """
    try:
        code = _signer().unsign(request.COOKIES.get(_cookie_name(request, workshop_id), ""))
    except BadSignature:
        return None
    return _tables().filter(workshop=workshop_id, code=code).first()


def was_table(request: HttpRequest, workshop_id: int) -> bool:
    """Say whether a code of a table was typed in here, whether or not it still holds. No query."""
    return _cookie_name(request, workshop_id) in request.COOKIES


def table_anew(table: Table) -> Table | None:
    """Return the table as it is by now, None where its code holds no more. 1 query."""
    return _tables().filter(pk=table.pk, code=table.code).first()


def _tables():
    return Table.objects.select_related("workshop__revision")


def _cookie_name(request: HttpRequest, workshop_id: int) -> str:
    """One per workshop and account, as for ballots: who signs out leaves no table behind."""
    owner = salted_hmac("table", f"{workshop_id}-{request.user.pk}").hexdigest()[:12]
    return f"table_{owner}"


def _signer() -> Signer:
    return Signer(salt="table")
