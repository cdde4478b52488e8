"""What takes long and seldom fails runs at night: ``python3 dev.py test --nightly``.

By day each page is judged in one look, at night in all. By day axe judges what has changed since it
last found no fault, at night everything. By day the journeys run without a window around the page
where that is installed, at night in the whole browser. By day what tests/once.py names runs on
SQLite only, at night on PostgreSQL, too. By day a database is a copy of one that was migrated
before, at night each is migrated from nothing. At night the HTML checker runs, and two hosts behind
nginx with a replica and a shared cache (tests/test_hosts.py), a workshop is handed over from
SQLite to PostgreSQL, the offline kit is started and stopped, and a measured hall works for seconds.
By day everything fails around people for less than a minute, at night for five (``tests/chaos``).
"""

import os

NIGHTLY = os.environ.get("NIGHTLY") == "1"


def examples(by_day: int) -> int:
    """Return how many random examples a slow property is tried with."""
    return by_day * 5 if NIGHTLY else by_day
