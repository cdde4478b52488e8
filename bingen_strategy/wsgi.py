"""The entry point for a WSGI server: ``gunicorn bingen_strategy.wsgi``."""

import logging
import os
import sys

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError
from django.utils.http import parse_header_parameters

from bingen_strategy.faults import is_passing
from bingen_strategy.schema import misfit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bingen_strategy.settings")
FAILED_TO_BOOT = 3  # gunicorn gives up then; any other status it takes for an accident, and retries
log = logging.getLogger(__name__)


def utf8_only(handle):
    """Refuse a request in another encoding before Django reads it.

    Django decodes the address with whatever codec the request names, and fails on the odd ones
    while handling the failure, too.
    """

    def application(environ, start_response):
        _kind, parameters = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"Please send UTF-8. / Bitte UTF-8 senden.\n"]
        return handle(environ, start_response)

    return application


def only_migrated(handle):
    """Refuse to start on a database that does not fit the program.

    One that cannot be reached yet is no reason: both may be starting. Then every request looks
    again, and is answered 503, until the database was seen once.
    """
    is_seen = _fits(refuse)

    def application(environ, start_response):
        nonlocal is_seen
        if not is_seen:
            misfits: list[str] = []
            is_seen = _fits(misfits.append) or is_seen
            if misfits:
                return _not_yet(misfits[0], start_response)
        return handle(environ, start_response)

    return application


def _fits(refusal) -> bool:
    """Tell whether the database was seen to fit; ``refusal`` gets a sentence if it does not."""
    try:
        sentence = misfit()
    except DatabaseError as error:
        if is_passing(error):
            return False
        raise
    if sentence:
        refusal(sentence)
    return not sentence


def _not_yet(sentence: str, start_response) -> list[bytes]:
    log.critical(sentence)
    kind = ("Content-Type", "text/plain; charset=utf-8")
    start_response("503 Service Unavailable", [kind, ("Retry-After", "60")])
    return [b"Diese Seite wird gerade erneuert. / This site is being renewed.\n"]


def refuse(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    raise SystemExit(FAILED_TO_BOOT)


def build():
    try:
        return utf8_only(only_migrated(get_wsgi_application()))
    except SystemExit as refusal:  # the settings have a sentence of their own
        return refuse(refusal.code) if isinstance(refusal.code, str) else sys.exit(refusal.code)


application = build()
