"""The entry point for a WSGI server: ``gunicorn bingen_strategy.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bingen_strategy.settings")

application = get_wsgi_application()
