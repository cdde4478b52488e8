"""All settings in one file, safe unless the environment says otherwise.

Values come from the process environment or from a git-ignored ``.env`` beside manage.py.
docs/operator.md lists them. A missing, unknown or malformed value stops the start with one line.
"""

import re
from pathlib import Path
from typing import NoReturn

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env(
    SECRET_KEY=str,
    SEAL_KEYS=str,
    DEBUG=(bool, False),
    ALLOWED_HOSTS=(list, ["localhost", "127.0.0.1", "[::1]"]),
    CSRF_TRUSTED_ORIGINS=(list, []),
    PUBLIC_URL=(str, ""),
    PUBLIC_FRAME_ANCESTORS=(list, []),
    DATABASE_URL=(str, f"sqlite:///{BASE_DIR / 'db.sqlite3'}"),
    REPLICA_URL=(str, ""),
    CACHE_URL=(str, ""),
    HTTPS=(bool, None),
    BEHIND_PROXY=(bool, False),
    SIGNUP_OPEN=(bool, False),
    OFFLINE_KIT=(bool, False),
    EMAIL_URL=(str, "consolemail://"),
    DEFAULT_FROM_EMAIL=(str, "digital-werkstatt@localhost"),
    ATTACHMENT_MB=(int, 20),
    ATTACHMENTS_MB=(int, 100),
    CONTACT_EMAIL=(str, ""),
    OPERATOR=(str, ""),
)


def _refuse(message: str) -> NoReturn:
    raise SystemExit(f"Settings: {message}")


def _read_env_file(path: Path) -> None:
    """Load ``.env`` and refuse a name that no setting has (a typing error would go unnoticed)."""
    if not path.exists():
        return
    for line in path.read_text("utf-8").splitlines():
        name = line.removeprefix("export ").partition("=")[0].strip()
        if name and not name.startswith("#") and name not in env.scheme:
            _refuse(f"{path.name} sets {name}, which is not a setting. See docs/operator.md.")
    env.read_env(path)


def _read(name: str):
    """Return one value in its type; a bool must be a word that means yes or no."""
    if env.scheme[name] is not str and env.scheme[name][0] is bool:
        raw = env.ENVIRON.get(name)
        words = {*env.BOOLEAN_TRUE_STRINGS, "false", "off", "n", "no", "0"}
        if raw is not None and raw.strip().lower() not in words:
            _refuse(f"{name}={raw} is neither true nor false.")
    try:
        return env(name)
    except (ImproperlyConfigured, ValueError):
        return _refuse(f"{name} is missing or malformed. See docs/operator.md.")


def _seal_keys(text: str) -> dict[str, str]:
    """Return the keys by their ids, the newest first. No message ever repeats a key."""
    keys: dict[str, str] = {}
    for pair in text.split(","):
        name, _colon, key = pair.strip().partition(":")
        if not re.fullmatch(r"[\w-]{8,32}", name, re.ASCII):
            _refuse("SEAL_KEYS must be ID:KEY, the id of 8 to 32 letters. See docs/operator.md.")
        if not re.fullmatch(r"[\w-]{43,}", key, re.ASCII) or len({*key}) < 10:
            _refuse(f"SEAL_KEYS: the key {name} is not long and random. See docs/operator.md.")
        if name in keys or key in (*keys.values(), SECRET_KEY):
            _refuse(f"SEAL_KEYS: {name} is there twice, or its key is used elsewhere as well.")
        keys[name] = key
    return keys


_read_env_file(BASE_DIR / ".env")

SECRET_KEY = _read("SECRET_KEY") or _refuse("SECRET_KEY is empty. See docs/operator.md.")
# Whoever has them can forge what committees decided; apart from SECRET_KEY, because they are kept
# for ever, while that one may be changed.
SEAL_KEYS = _seal_keys(_read("SEAL_KEYS"))
DEBUG = _read("DEBUG")
ALLOWED_HOSTS = _read("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = _read("CSRF_TRUSTED_ORIGINS")
if not all(origin.startswith(("https://", "http://")) for origin in CSRF_TRUSTED_ORIGINS):
    _refuse("CSRF_TRUSTED_ORIGINS must be addresses such as https://werkstatt.example.org.")
# Where there is no request to ask for the host, in a mail for instance; empty: no links there.
PUBLIC_URL = _read("PUBLIC_URL").rstrip("/")
if PUBLIC_URL and not PUBLIC_URL.startswith(("https://", "http://")):
    _refuse("PUBLIC_URL must be an address such as https://werkstatt.example.org.")
PUBLIC_FRAME_ANCESTORS = _read("PUBLIC_FRAME_ANCESTORS")
# They stand in a header, where anything else could end the directive and begin another.
if not all(re.fullmatch(r"\*|https?://[\w.*-]+(:\d+)?", s) for s in PUBLIC_FRAME_ANCESTORS):
    _refuse("PUBLIC_FRAME_ANCESTORS must be sites such as https://www.example.org, or *.")
HTTPS = not DEBUG if _read("HTTPS") is None else _read("HTTPS")
SIGNUP_OPEN = _read("SIGNUP_OPEN")
OFFLINE_KIT = _read("OFFLINE_KIT")  # pages say then what its backups mean
OPERATOR = _read("OPERATOR")
# Of one file and of all of a workshop, in bytes; a megabyte as computers count it for people. They
# lie in the database.
ATTACHMENT_BYTES = _read("ATTACHMENT_MB") * 2**20
ATTACHMENTS_BYTES = _read("ATTACHMENTS_MB") * 2**20
if not 2**20 <= ATTACHMENT_BYTES <= ATTACHMENTS_BYTES <= 1000 * 2**20:
    _refuse("ATTACHMENT_MB and ATTACHMENTS_MB are from 1 to 1000, the first not the larger one.")
# No request is larger: the rest of a form, or a table to import, fits beside a file.
LARGEST_BODY = max(ATTACHMENT_BYTES, 5_000_000) + 1_000_000
CONTACT_EMAIL = _read("CONTACT_EMAIL")

INSTALLED_APPS = [
    "workshops",
    "fields",
    "measures",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "django_htmx",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bingen_strategy.middleware.GZipText",
    "csp.middleware.CSPMiddleware",
    "bingen_strategy.middleware.permissions_policy",
    "bingen_strategy.middleware.refuse_nul_bytes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bingen_strategy.middleware.session_language",
    "bingen_strategy.middleware.refuse_large_bodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "bingen_strategy.middleware.PlainPost",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "bingen_strategy.worker.keepable",
    "bingen_strategy.middleware.AnswerBusy",
]

ROOT_URLCONF = "bingen_strategy.urls"
WSGI_APPLICATION = "bingen_strategy.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workshops.accounts.signup_open",
                "workshops.pages.offline_kit",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database ---------------------------------------------------------------------------------------
# Untuned SQLite lost 848 of 1000 concurrent votes in a trial; with these options it lost none.
# secure_delete overwrites what is deleted, so that no byte of an old row stays in a free page.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        " PRAGMA secure_delete=ON;"
    ),
}

# Connections of one worker. By itself a pool ends at 4, and half of the eight threads that
# docs/operator.md runs would wait for one; 10 leaves two to spare. Two workers then need 20 of the
# 100 that a PostgreSQL server grants unless told otherwise. Whoever gets none within five seconds
# is answered 503, before all threads wait. A server that was away is tried again by the next
# request, not after minutes; what takes no packets (tcp_user_timeout, in milliseconds) is away.
# The third time that one of our own statements is sent, the server keeps its plan.
POSTGRES_POOL = {"max_size": 10, "timeout": 5, "reconnect_timeout": 5}
POSTGRES_OPTIONS = {"connect_timeout": 5, "tcp_user_timeout": 10_000, "prepare_threshold": 2}
# PostgreSQL compiled a plan for 35 ms that ran 2. Nobody waits for a lock for ever.
POSTGRES_FLAGS = "-c jit=off -c lock_timeout=10s"

# A replica only saves the primary work, so nobody waits for it long. None of its connections
# writes, and each keeps to one moment of the data, see workshops/replica.py.
REPLICA_OPTIONS = {
    "pool": {"min_size": 0, "max_size": 4, "timeout": 1, "reconnect_timeout": 1},
    "connect_timeout": 1,
    "tcp_user_timeout": 3_000,
}
REPLICA_FLAGS = "-c default_transaction_read_only=on -c lock_timeout=1s -c statement_timeout=5s"


def _postgres_options(given: dict) -> dict:
    """Return our options, and over them those of DATABASE_URL."""
    flags = f"{POSTGRES_FLAGS} {given.get('options', '')}".strip()  # the last one of a name wins
    return {"pool": POSTGRES_POOL, **POSTGRES_OPTIONS, **given, "options": flags}


def _url_config(url: str) -> dict:
    try:
        return env.db_url_config(url)
    except Exception:  # django-environ raises whatever its URL parser does
        return {}


def _database(url: str) -> dict:
    config = _url_config(url)
    match config.get("ENGINE"):
        case "django.db.backends.sqlite3":
            config["OPTIONS"] = SQLITE_OPTIONS
        case "django.db.backends.postgresql":
            config["ENGINE"] = "bingen_strategy.postgresql"
            config["OPTIONS"] = _postgres_options(config.get("OPTIONS", {}))
        case _:
            _refuse("DATABASE_URL must begin with sqlite:/// or postgres://.")
    return config


def _replica(url: str) -> dict:
    config = _url_config(url)
    if config.get("ENGINE") != "django.db.backends.postgresql":
        _refuse("REPLICA_URL must begin with postgres://.")
    if DATABASES["default"]["ENGINE"] != "bingen_strategy.postgresql":
        _refuse("REPLICA_URL needs a DATABASE_URL that begins with postgres://.")
    from psycopg import IsolationLevel

    options = _postgres_options(config.get("OPTIONS", {}))
    config["ENGINE"] = "bingen_strategy.postgresql"
    config["OPTIONS"] = {
        **options,
        **REPLICA_OPTIONS,
        "options": f"{options['options']} {REPLICA_FLAGS}",
        "isolation_level": IsolationLevel.REPEATABLE_READ,
    }
    return config


DATABASES = {"default": _database(_read("DATABASE_URL"))}
DATABASE_ROUTERS = []
if _read("REPLICA_URL"):
    DATABASES["replica"] = _replica(_read("REPLICA_URL"))
    DATABASE_ROUTERS = ["workshops.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# Rate limits must count across workers and hosts, hence the database, or with CACHE_URL a server of
# its own; while that one is away the database's cache is asked. Rendered pages are kept per worker:
# their key carries the revision of the workshop's data, so an old one is never asked for again.
# What is public has caches of its own, or a search engine that walks through some dozen workshops
# in both languages would push out every page before it is asked for again. The memory that a full
# worker needs, beside what measures.shown and results.packed keep: a page of 66 measures takes 100
# KB, its matrix 50 KB, a picture 200 KB, so 500 pages take 40 MB and 50 pictures 10 MB.
def _in_memory(name: str, entries: int) -> dict:
    return {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": name,
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": entries},
    }


# Three hundred entries, Django's own limit, are as many as one hall makes when it signs in: what is
# counted there would be thrown away while it is needed.
_DATABASE_CACHE = {
    "BACKEND": "bingen_strategy.cache.DatabaseCache",
    "LOCATION": "cache",
    "OPTIONS": {"MAX_ENTRIES": 20_000},
}


def _shared_cache(url: str) -> dict[str, dict]:
    """Return the caches "default" and "database". No message repeats the password in the URL."""
    try:
        from redis import ConnectionPool
    except ImportError:
        _refuse("CACHE_URL needs the package redis: install requirements.txt again.")
    server = re.fullmatch(r"rediss?://([^/@]*@)?[^/@?]+(/\d*)?(\?.*)?|unix://([^/@]*@)?/.+", url)
    try:
        if server:
            ConnectionPool.from_url(url).make_connection()  # it only says what it would reach
    except (TypeError, ValueError):
        server = None
    if not server:
        _refuse("CACHE_URL must begin with redis://, rediss:// or unix:///. See docs/operator.md.")
    shared = {"BACKEND": "bingen_strategy.shared_cache.SharedCache", "LOCATION": url}
    return {"default": shared, "database": _DATABASE_CACHE}


_CACHE_URL = _read("CACHE_URL")
CACHES = {
    **(_shared_cache(_CACHE_URL) if _CACHE_URL else {"default": _DATABASE_CACHE}),
    "pages": _in_memory("pages", 64),
    "public": _in_memory("public", 500),
    "ideas": _in_memory("ideas", 5000),  # counts by a keyed hash, see measures.hall.ideas
    "public_pictures": _in_memory("public_pictures", 50),
}

# People -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "workshops.User"
AUTHENTICATION_BACKENDS = ["workshops.auth_backend.Backend"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "workshops.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "workshops.account_forms.LoginForm",
    "signup": "workshops.account_forms.SignupForm",
    "add_email": "workshops.account_forms.AddEmailForm",
    "change_password": "workshops.account_forms.ChangePasswordForm",
    "set_password": "workshops.account_forms.SetPasswordForm",
    "reset_password": "workshops.account_forms.ResetPasswordForm",
    "reset_password_from_key": "workshops.account_forms.ResetPasswordKeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# An e-mail address carries rights in a workshop, so it must be proven where mail can be sent.
ACCOUNT_EMAIL_VERIFICATION = "none" if DEBUG else "mandatory"
# A whole hall signs in at nine o'clock behind one address: strict by account, generous by address.
ACCOUNT_RATE_LIMITS = {
    # 300 people, each with two mistakes.
    "login": "900/m/ip",
    "login_failed": "600/m/ip,5/5m/key",
    # The same with a mail each. No address writes to thousands of people a day.
    "reset_password": "300/m/ip,1500/d/ip,5/15m/key",
    "reset_password_from_key": "600/m/ip",
    # See measures.hall.limits.
    "join": "600/m",
    "join_room": "3000/m",
    "join_wrong": "120/10m,600/d",
    "join_wrong_long": "1200/10m,6000/d",
    "keep_input": "60/m/ip",  # see workshops.access.to_login
    "report": "60/m/ip",  # a link of measures.followup.links, whoever tries which
    "report_link": "30/h/key",  # entries by one link
    "picture": "30/m/user",  # a second of work each, see views.dashboard in measures.results
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Digital-Werkstatt: "  # allauth's would be host and port
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
# allauth reads the caller's address only when told how many proxies stand in front.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _read("BEHIND_PROXY") else 0

# Mail -------------------------------------------------------------------------------------------
try:
    vars().update(env.email_url_config(_read("EMAIL_URL")))
except (ImproperlyConfigured, KeyError, ValueError):
    _refuse("EMAIL_URL is malformed, e.g. smtp+tls://user:password@mail.example.org:587.")
EMAIL_TIMEOUT = 10  # seconds: somebody waits for the page that says whether a mail went out
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _read("DEFAULT_FROM_EMAIL")

# Language ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
# The second folder mends the German of allauth and Django: formal, plain, complete.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_formal"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# Files ------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "bingen_strategy.bundles.BundleFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # what is asked for without a name: /favicon.ico
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "kern"

# Security ---------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _read("BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "bingen_strategy.views.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12  # a long workshop day, then the laptop on the table is locked
# Messages live in the session, because the only cookies are session, CSRF and the ballot's.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Without this Django logs nothing outside DEBUG: errors would only be mailed to ADMINS.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"links": {"()": "bingen_strategy.logs.LinksUntold"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["links"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

SIMPLE_HISTORY_REVERT_DISABLED = True  # a revert would bypass the rules of the forms
SILENCED_SYSTEM_CHECKS: list[str] = []
