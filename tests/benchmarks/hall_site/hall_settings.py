"""The product's settings for a measured server; no static files are collected for it."""

from bingen_strategy.settings import *  # noqa: F403
from bingen_strategy.settings import STORAGES

ROOT_URLCONF = "hall_urls"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in by one
