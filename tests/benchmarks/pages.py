"""Measure the pages on one database and print the results as JSON; started by ``run``.

Each kind of request is measured in turns with a bare one, A B A B, because a machine that others
use as well is never equally fast for two seconds. What is printed are medians.
"""

import gzip
import io
import json
import os
import sys
from collections.abc import Callable
from contextlib import contextmanager, redirect_stdout
from itertools import count
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.cache import caches  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    setup_databases,
    teardown_databases,
)
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from measures.models import Measure  # noqa: E402
from measures.rating.rounds import open_round  # noqa: E402
from tests.benchmarks.data import Case, build, settle  # noqa: E402
from tests.benchmarks.memory import serve  # noqa: E402
from workshops.models import Workshop  # noqa: E402
from workshops.phases import Phase  # noqa: E402

SIZES = ((90, 30), (400, 10), (400, 30), (400, 90), (1600, 30))
WITH_LENSES = 30  # raters; every lens at one number of raters is enough
QUICK = ((90, 30), (400, 30))
USUAL = (400, 30)  # the size at which ratings are saved and lines typed
LARGE = 1000  # from so many measures on a quarter of the rounds will do
FLOOR, HELLO = "floor", "hello"  # see floor.py
BROWSER = {"Accept-Encoding": "gzip, deflate, br"}
Request = Callable[[], HttpResponse]


def nothing() -> None:
    """What happens before most requests."""


@contextmanager
def remove_sheet_database():
    """An empty database with our tables, in the engine that the settings name."""
    with redirect_stdout(io.StringIO()):  # the command for the cache's table is talkative
        state = setup_databases(verbosity=0, interactive=False)
    try:
        with override_settings(ROOT_URLCONF="tests.benchmarks.floor"):
            yield
    finally:
        connection.close()
        teardown_databases(state, verbosity=0)


class Asked(NamedTuple):
    """A kind of request: what it is measured beside, and what happens before each, untimed."""

    request: Request
    beside: str = FLOOR
    before: Callable[[], object] = nothing
    phase: Phase = Phase.DELIBERATING


def measure(rounds: int, sizes) -> dict:
    """Return the engine, one line per size and kind of page, and what the writes cost."""
    cases = [build(*size) for size in sizes]
    settle()
    lines = []
    for case in cases:
        turns = max(rounds // 4, 3) if case.measures > LARGE else rounds
        bare, pages = _pages(case)
        lines += [_line(case, name, asked, bare, turns) for name, asked in pages.items()]
    usual = next(case for case in cases if (case.measures, case.raters) == USUAL)
    bare, _rest = _pages(usual)
    for name, asked in _writes(usual).items():
        lines.append(_line(usual, name, asked, bare, rounds))
    _move(usual, Phase.DELIBERATING)
    return {"engine": engine(), "lines": lines, "worker": serve(usual.workshop.pk)}


def engine() -> str:
    if connection.vendor == "sqlite":
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


def _pages(case: Case) -> tuple[dict[str, Request], dict[str, Asked]]:
    """Return the bare requests and those to compare with one of them, all as the facilitator."""
    client = _signed_in(case.facilitator)
    page = reverse("measures:dashboard", args=[case.workshop.pk])
    bare = reverse("floor", args=[case.workshop.pk])
    sure = reverse("measures:stability", args=[case.workshop.pk])
    etag, times = {}, count()
    client.get(f"{page}ranks/")  # until ranges are known the page is kept by nobody

    def get(address: str, **headers) -> Request:
        return lambda: client.get(address, headers={**BROWSER, **headers})

    def unchanged() -> HttpResponse:
        if not etag:  # the browser's first visit
            etag["If-None-Match"] = client.get(page)["ETag"]
        return client.get(page, headers={**BROWSER, **etag})

    def rename() -> None:
        """Change one title, as people do: the page is another one, nearly all of it is not."""
        measure = case.workshop.measures.order_by("?").first()
        measure.title = f"{measure.title[:60]} {next(times)}"
        measure.save()

    def show_again() -> None:
        """Let nothing be known that was read of the rounds."""
        caches["pages"].clear()
        case.workshop.rounds.update(settled_at=timezone.now())

    lenses = _lenses(case) if case.raters == WITH_LENSES else {}
    return {FLOOR: get(bare), HELLO: get(reverse("hello"))}, {
        "floor, with format_html": Asked(get(f"{bare}?format_html")),
        "dashboard, unchanged (304)": Asked(unchanged, HELLO),
        "dashboard, kept": Asked(get(page), HELLO),
        "stability, kept": Asked(get(sure), HELLO),
        "dashboard, drawn anew": Asked(get(page), before=rename),
        "dashboard, rounds read anew": Asked(get(page), before=show_again),
        "fragment, drawn anew": Asked(get(page, **{"HX-Request": "true"}), before=rename),
        "stability, drawn anew": Asked(get(sure), before=rename),
        "stability, rounds read anew": Asked(get(sure), before=show_again),
        **{
            f"lens {name}, drawn anew": Asked(get(f"{page}?lens={key}"), before=rename)
            for name, key in lenses.items()
        },
    }


def _lenses(case: Case) -> dict[str, str]:
    group = case.workshop.groups.first()
    return {"sure": "sure", "agreed": "agreed", "round": "round", "group": f"group-{group.pk}"}


def _writes(case: Case) -> dict[str, Asked]:
    """Return what people send most and when: ratings from a phone, lines from the typist."""
    measures = list(Measure.objects.in_workshop(case.workshop))
    taking = iter([measure.number for measure in measures] * 50)
    phone, laptop = _signed_in(case.participant), _signed_in(case.facilitator)
    # A third round stays open while the phase goes to and fro; only shown ones are read by pages.
    open_round(case.workshop, by=case.facilitator, measures=measures)
    promise = {"promised": case.workshop.anonymity}
    taken = phone.post(reverse("measures:ballot-take", args=[case.workshop.pk]), promise)
    if not taken.cookies:  # without a ballot we would measure the way back to the start page
        raise RuntimeError("No ballot was handed out, so no rating could be saved.")
    field = case.workshop.fields.first()
    board = reverse("measures:measure-add", args=[case.workshop.pk, field.pk])

    def rate(**headers) -> Request:
        def request() -> HttpResponse:
            address = reverse("measures:rate-measure", args=[case.workshop.pk, next(taking)])
            return phone.post(address, {"relevance": "4", "feasibility": "none"}, headers=headers)

        return request

    def type_line() -> HttpResponse:
        line = {"title": "Bürger-App", "time_horizon": "unknown", "client_id": str(uuid4())}
        return laptop.post(board, line, headers={"HX-Request": "true"})

    return {
        "rating saved, form": Asked(rate(), phase=Phase.RATING),
        "rating saved, fragment": Asked(rate(**{"HX-Request": "true"}), phase=Phase.RATING),
        "line typed": Asked(type_line, phase=Phase.COLLECTING),
    }


def _move(case: Case, phase: Phase) -> None:
    """Open the phase in which the next request is allowed; outside of what is timed."""
    Workshop.objects.filter(pk=case.workshop.pk).update(phase=phase)


def _signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _line(case: Case, name: str, asked: Asked, bare: dict[str, Request], rounds: int) -> dict:
    beside = bare[asked.beside]
    _move(case, asked.phase)
    response, queries, transactions = _counted(asked)
    times, others = [], []
    for _round in range(rounds):
        _move(case, Phase.DELIBERATING)
        others.append(_seconds(beside))
        _move(case, asked.phase)
        asked.before()
        times.append(_seconds(asked.request))
    # Of the pairs, not of the medians: what slows the machine down for a second slows both.
    ratios = quantiles((time / other for time, other in zip(times, others, strict=True)), n=4)
    content = response.content
    is_packed = response.get("Content-Encoding") == "gzip"
    return {
        "measures": case.measures,
        "raters": case.raters,
        "page": name,
        "status": response.status_code,
        "queries": queries,
        "transactions": transactions,
        "ms": median(times) * 1000,
        "beside": asked.beside,
        "beside_ms": median(others) * 1000,
        "ratio": ratios[1],
        "range": (ratios[0], ratios[2]),
        "bytes": len(gzip.decompress(content) if is_packed else content),
        "sent": len(content),
    }


def _counted(asked: Asked) -> tuple[HttpResponse, int, int]:
    """Return the answer, its number of queries, and how many transactions it opened."""
    for _warming in range(2):
        asked.before()
        asked.request()
    asked.before()
    with CaptureQueriesContext(connection) as captured:
        response = asked.request()
    words = [query["sql"].split()[0].upper() for query in captured.captured_queries]
    frame = {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"}
    return response, sum(word not in frame for word in words), words.count("BEGIN")


def _seconds(request: Request) -> float:
    start = perf_counter()
    response = request()
    seconds = perf_counter() - start
    if response.status_code >= 400:  # a refusal is quick and says nothing
        raise RuntimeError(f"Status {response.status_code} instead of a page.")
    return seconds


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    with remove_sheet_database():
        json.dump(measure(5 if quick else 25, QUICK if quick else SIZES), sys.stdout)
