"""The outbox of a browser, from the server's side: whose entries they are.

What people enter waits in their browser until it is stored (``static/js/outbox.js``). Each entry
belongs to an account, a table of the hall or a guest's ballot, named by an opaque mark that the
page carries: at a shared laptop nobody sees or sends another's, and a tab that was left open sends
nothing in the name of whoever signed in since.
"""

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from workshops.guests import hash_of, secret_of

HEADER = "X-Outbox-Owner"


def owner_of(request: HttpRequest, workshop_id: int | None) -> str:
    """Return the mark of whoever sent the request, "" for a stranger.

    An account has one for all its workshops; a table keeps its own when it gets another code, and
    is known where a view was guarded (``workshops.access``). No query once the account is known.
    """
    if request.user.is_authenticated:
        return _mark(f"account-{request.user.pk}")
    if table := getattr(request, "table", None):
        return _mark(f"table-{table.pk}")
    secret = secret_of(request, workshop_id) if workshop_id is not None else None
    return _mark(f"guest-{hash_of(secret)}") if secret else ""


def is_of_another(request: HttpRequest, workshop_id: int) -> bool:
    """Say whether an entry comes from somebody else's outbox than the sender's."""
    claimed = request.headers.get(HEADER)
    return claimed is not None and not constant_time_compare(
        claimed, owner_of(request, workshop_id)
    )


def _mark(owner: str) -> str:
    return salted_hmac("workshops.outbox", owner, algorithm="sha256").hexdigest()[:32]
