"""The settings: one line for whoever starts it wrongly, and safe for whoever does not."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

ROOT = Path(__file__).parent.parent
KEY = "6oUyIJkm2VdLm1d3GfTnQ0pX7rBzWcEaH5sLtNvYxKqPjRgDwM"
SEAL_KEY = "rV3nQ8xYbK2mTfWc7LhZs0dGpJ4uEaN9iXoR6vBqHyDkMtCw"
POSTGRES = "postgres://user:password@db.example/name"
OLD_SEAL_KEY = "Zs0dGpJ4uEaN9iXoR6vBqHyDkMtCwrV3nQ8xYbK2mTfWc7Lh"


@pytest.fixture
def start(tmp_path):
    """Return a function that runs manage.py on a copy of the settings with their own ``.env``."""
    shutil.copytree(ROOT / "bingen_strategy", tmp_path / "bingen_strategy")
    shutil.copy(ROOT / "manage.py", tmp_path)
    for folder in ("static", "templates", "locale"):
        (tmp_path / folder).mkdir()

    def run(*command: str, env: str = "", **variables: str | None) -> subprocess.CompletedProcess:
        if env:
            (tmp_path / ".env").write_text(env, "utf-8")
        given = {"SEAL_KEYS": f"1f2e3d4c:{SEAL_KEY}", **variables}
        given = {name: value for name, value in given.items() if value is not None}
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        return subprocess.run(
            [sys.executable, "manage.py", *(command or ("diffsettings",))],
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **given},
            capture_output=True,
            text=True,
        )

    return run


@pytest.mark.parametrize(
    ("variables", "env", "named"),
    [
        ({}, "", "SECRET_KEY"),
        ({"SECRET_KEY": ""}, "", "SECRET_KEY"),
        ({"SECRET_KEY": KEY, "DEBUG": "ture"}, "", "DEBUG=ture"),
        ({"SECRET_KEY": KEY}, "DEBGU=true\n", "DEBGU"),
        ({"SECRET_KEY": KEY}, "HTTPS=maybe\n", "HTTPS=maybe"),
        ({"SECRET_KEY": KEY, "DATABASE_URL": "mysql://x/y"}, "", "DATABASE_URL"),
        ({"SECRET_KEY": KEY, "DATABASE_URL": "nonsense"}, "", "DATABASE_URL"),
        ({"SECRET_KEY": KEY, "EMAIL_URL": "nonsense"}, "", "EMAIL_URL"),
        ({"SECRET_KEY": KEY, "CSRF_TRUSTED_ORIGINS": "a.example"}, "", "CSRF_TRUSTED_ORIGINS"),
        ({"SECRET_KEY": KEY, "PUBLIC_URL": "a.example"}, "", "PUBLIC_URL"),
        ({"SECRET_KEY": KEY, "DATABASE_URL": POSTGRES, "REPLICA_URL": "x"}, "", "REPLICA_URL"),
        (
            {"SECRET_KEY": KEY, "DATABASE_URL": POSTGRES, "REPLICA_URL": "sqlite:///a"},
            "",
            "REPLICA",
        ),
        ({"SECRET_KEY": KEY, "REPLICA_URL": POSTGRES}, "", "DATABASE_URL"),
        *(
            ({"SECRET_KEY": KEY, "CACHE_URL": url}, "", "CACHE_URL")
            for url in (
                "localhost:6379",
                "memcached://cache.example",
                "redis://",
                f"redis://:{KEY}@",
                f"redis://:{KEY}@cache.example/first",
                f"redis://:{KEY}@cache.example:port/0",
                f"redis://:{KEY}@cache.example/0?colour=red",
                "unix://",
            )
        ),
        *(
            ({"SECRET_KEY": KEY, "SEAL_KEYS": keys}, "", "SEAL_KEYS")
            for keys in (
                "",
                SEAL_KEY,
                f"short:{SEAL_KEY}",
                f":{SEAL_KEY}",
                f"1f2e3d4c:{SEAL_KEY[:42]}",
                "1f2e3d4c:" + "ab" * 32,
                f"1f2e3d4c:{SEAL_KEY},1f2e3d4c:{OLD_SEAL_KEY}",
                f"1f2e3d4c:{SEAL_KEY},5b6a7988:{SEAL_KEY}",
                f"1f2e3d4c:{SEAL_KEY} 5b6a7988:{OLD_SEAL_KEY}",
                f"1f2e3d4c:{SEAL_KEY},",
                f"1f2e3d4c:{KEY}",
            )
        ),
        *(
            ({"SECRET_KEY": KEY, "PUBLIC_FRAME_ANCESTORS": sites}, "", "PUBLIC_FRAME_ANCESTORS")
            for sites in (
                "b.example",
                "'self'",
                "https://",
                "*,https://b.example; script-src *",
            )
        ),
    ],
)
def test_a_wrong_start_ends_with_one_line_that_names_the_setting(start, variables, env, named):
    done = start(env=env, **variables)
    [line] = done.stderr.splitlines()
    assert (done.returncode, line.startswith("Settings: "), named in line) == (1, True, True)
    assert (KEY in done.stderr, SEAL_KEY in done.stderr) == (False, False)


def test_without_a_key_for_seals_nothing_starts(start):
    done = start(env=f"SECRET_KEY={KEY}\n", SEAL_KEYS=None)
    told = "Settings: SEAL_KEYS is missing or malformed. See docs/operator.md.\n"
    assert (done.returncode, done.stderr) == (1, told)


def test_keys_for_seals_stay_in_their_order_the_newest_first(start):
    keys = f"5b6a7988:{SEAL_KEY}, 1f2e3d4c:{OLD_SEAL_KEY}"
    done = start(SECRET_KEY=KEY, SEAL_KEYS=keys)
    [line] = [each for each in done.stdout.splitlines() if each.startswith("SEAL_KEYS = ")]
    found = line.partition(" = ")[2].partition("  ###")[0]
    assert list(ast.literal_eval(found).items()) == [
        ("5b6a7988", SEAL_KEY),
        ("1f2e3d4c", OLD_SEAL_KEY),
    ]


def test_the_command_that_the_guide_names_makes_a_key_that_is_accepted(start):
    guide = (ROOT / "docs/operator.md").read_text("utf-8")
    [script] = re.findall(r'^python3 -c "(import secrets.*)"$', guide, re.M)
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout
    done = start(SECRET_KEY=KEY, SEAL_KEYS=made.strip())
    assert (done.returncode, done.stderr) == (0, "")


def test_the_defaults_pass_djangos_own_check_for_production(start):
    """Nothing but a key and a host is given; HTTPS is on by itself."""
    done = start(
        "check", "--deploy", "--fail-level", "WARNING", SECRET_KEY=KEY,
        ALLOWED_HOSTS="workshop.example.org", DATABASE_URL="sqlite://:memory:",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_environment_wins_over_the_file_and_comments_are_no_settings(start):
    env = f"# SECRET_KYE=1\n\nexport SECRET_KEY={KEY}\nOPERATOR=Stadt Bingen\nDEBUG=false\n"
    done = start(env=env, OPERATOR="Kreis", DEBUG="on")
    assert done.returncode == 0, done.stderr
    found = dict(line.partition("  ###")[0].split(" = ", 1) for line in done.stdout.splitlines())
    names = ("OPERATOR", "DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE")
    assert [found.get(name, "False") for name in names] == ["'Kreis'", "True", "False", "False"]


def test_every_thread_of_a_worker_finds_a_connection_to_postgresql(start):
    options = _options(start, "postgres://user:password@db.example/name")
    threads = re.search(r"--threads (\d+)", (ROOT / "docs/operator.md").read_text("utf-8"))[1]
    assert options["pool"]["max_size"] >= int(threads)


def _options(start, url: str) -> dict:
    return _shown(start(SECRET_KEY=KEY, DATABASE_URL=url), "DATABASES")["default"]["OPTIONS"]


def _shown(done: subprocess.CompletedProcess, name: str):
    """Return one value out of what ``manage.py diffsettings`` prints."""
    [line] = [each for each in done.stdout.splitlines() if each.startswith(f"{name} = ")]
    return ast.literal_eval(line.partition(" = ")[2].partition("  ###")[0])


def test_what_the_database_s_address_says_wins_over_our_options(start):
    asked = "connect_timeout=30&options=-c%20jit%3Don%20-c%20search_path%3Dtown&sslmode=require"
    options = _options(start, f"postgres://user:password@db.example/name?{asked}")
    del options["pool"]
    assert options == {
        "connect_timeout": 30,
        "tcp_user_timeout": 10_000,
        "prepare_threshold": 2,
        "options": "-c jit=off -c lock_timeout=10s -c jit=on -c search_path=town",
        "sslmode": "require",
    }


def test_a_replica_is_read_only_waited_for_briefly_and_asked_through_the_router(start):
    url = "postgres://reader:password@replica.example/name?options=-c%20lock_timeout%3D30s"
    done = start(SECRET_KEY=KEY, DATABASE_URL=POSTGRES, REPLICA_URL=url)
    databases = re.sub(r"<IsolationLevel.(\w+): \d>", r"'\1'", done.stdout)
    replica = _shown(subprocess.CompletedProcess([], 0, databases), "DATABASES")["replica"]
    assert (replica["HOST"], replica["USER"], replica["OPTIONS"]) == (
        "replica.example",
        "reader",
        {
            "pool": {"min_size": 0, "max_size": 4, "timeout": 1, "reconnect_timeout": 1},
            "connect_timeout": 1,
            "tcp_user_timeout": 3_000,
            "prepare_threshold": 2,
            "options": "-c jit=off -c lock_timeout=10s -c lock_timeout=30s"
            " -c default_transaction_read_only=on -c lock_timeout=1s -c statement_timeout=5s",
            "isolation_level": "REPEATABLE_READ",
        },
    )
    assert _shown(done, "DATABASE_ROUTERS") == ["workshops.replica.Router"]


def test_without_a_replica_there_is_no_router(start):
    done = start(SECRET_KEY=KEY, DATABASE_URL=POSTGRES)
    assert "DATABASE_ROUTERS = ['" not in done.stdout


@pytest.mark.parametrize(
    "url",
    [
        "redis://cache.example",
        "redis://:password@cache.example:6380/2",
        "redis://[::1]:6379/0",
        "rediss://user:password@cache.example/0?ssl_ca_certs=/etc/ssl/cache.pem",
        "unix:///run/valkey/valkey.sock?db=1",
    ],
)
def test_a_shared_cache_counts_and_the_database_s_stays_beside_it(start, url):
    pytest.importorskip("redis", reason="NOT RUN: the package redis is not installed")
    done = start(SECRET_KEY=KEY, CACHE_URL=url)
    assert done.stderr == ""
    caches = _shown(done, "CACHES")
    beside = caches["database"]
    assert (caches["default"]["LOCATION"], beside["BACKEND"], beside["LOCATION"]) == (
        url, "bingen_strategy.cache.DatabaseCache", "cache",
    )  # fmt: skip


def test_migrating_makes_the_table_of_the_limits_also_where_a_shared_cache_counts(start, tmp_path):
    pytest.importorskip("redis", reason="NOT RUN: the package redis is not installed")
    ask = "from django.core.cache import caches; print(caches['database'].get('tries', 'none'))"
    url = f"sqlite:///{tmp_path}/new.sqlite3"
    settings = {"SECRET_KEY": KEY, "DATABASE_URL": url, "CACHE_URL": "redis://cache.example"}
    assert start("migrate", "workshops", "0002", **settings).stderr == ""
    assert start("shell", "-v0", "-c", ask, **settings).stdout == "none\n"


def test_every_page_carries_the_headers_that_keep_strangers_out(client, db):
    headers = client.get(reverse("home")).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'", "script-src": "'self'", "style-src": "'self'",
        "img-src": "'self' data:", "font-src": "'self'", "connect-src": "'self'",
        "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
    }  # fmt: skip
    names = (
        "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy",
        "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy",
    )  # fmt: skip
    assert [headers[name] for name in names] == [
        "DENY", "nosniff", "same-origin", "same-origin", "same-origin",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ]  # fmt: skip


def test_error_pages_and_redirects_carry_the_policy_too(client, workshop):
    for path, status in [("/nowhere/", 404), ("/?a=%00", 400), (workshop.get_absolute_url(), 302)]:
        response = client.get(path)
        assert (response.status_code, "Content-Security-Policy" in response) == (status, True)


def test_with_https_a_plain_request_is_led_over_and_told_to_stay(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    client.handler.load_middleware()
    response = client.get("/imprint/")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/imprint/")
    response = client.get("/imprint/", secure=True)
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_a_host_that_is_not_ours_is_refused(client, db):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_the_cookies_are_closed_to_scripts_and_end_with_the_day(client, db, settings):
    client.post(reverse("set-language"), {"language": "en"}, follow=True)
    cookies = client.cookies
    assert [bool(cookies[n]["httponly"]) for n in ("sessionid", "csrftoken")] == [True, True]
    assert [cookies[n]["samesite"] for n in ("sessionid", "csrftoken")] == ["Lax", "Lax"]
    assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60
