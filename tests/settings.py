"""The product's settings plus what only tests need. Nothing of anybody's .env gets in."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="digital-werkstatt-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

os.environ.update(
    SECRET_KEY="only-for-tests",
    SEAL_KEYS="only-tests:rV3nQ8xYbK2mTfWc7LhZs0dGpJ4uEaN9iXoR6vBqHyDkMtCw",
    DEBUG="false",
    HTTPS="false",
    REPLICA_URL="",
    CACHE_URL="",
    SIGNUP_OPEN="false",
    BEHIND_PROXY="false",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    CSRF_TRUSTED_ORIGINS="",
    EMAIL_URL="consolemail://",
    DEFAULT_FROM_EMAIL="digital-werkstatt@example.org",
    CONTACT_EMAIL="kontakt@example.org",
    OPERATOR="Stadt Musterbach",
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{_folder}/unused.sqlite3",
)

from bingen_strategy.settings import *  # noqa: E402, F403
from bingen_strategy.settings import DATABASES, STORAGES  # noqa: E402

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, because threads (races, the live server) would all share one in-memory connection.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, not safe
