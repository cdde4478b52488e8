"""Cookies of our own: for no script to read, sent along by no other site, for some pages alone."""

from django.conf import settings
from django.http import HttpResponse


def keep(
    response: HttpResponse, name: str, value: str, *, path: str, max_age: int | None = None
) -> None:
    """Let this browser keep a signed value for the addresses below ``path``.

    For so many seconds; without ``max_age`` until the browser is closed.
    """
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
