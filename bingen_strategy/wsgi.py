"""The entry point for a WSGI server: ``gunicorn bingen_strategy.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bingen_strategy.settings")


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


application = utf8_only(get_wsgi_application())
