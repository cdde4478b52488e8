"""What an import of thousands of rows takes, by part, and how long it keeps others waiting.

Printed as JSON for ``run``. Beside each import two processes of their own type lines, ten a
second: one into the same workshop, one into another.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from time import perf_counter, sleep
from typing import Any, TypeVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from fields.models import seed_fields  # noqa: E402
from measures.models import Measure  # noqa: E402
from measures.overview import overview_of  # noqa: E402
from measures.transfer import exporting, importing  # noqa: E402
from measures.transfer.forms import pack  # noqa: E402
from measures.transfer.headings import recognised  # noqa: E402
from measures.transfer.reading import open_file, read  # noqa: E402
from measures.transfer.storing import made_ready  # noqa: E402
from tests.benchmarks.data import settle  # noqa: E402
from tests.benchmarks.memory import address  # noqa: E402
from tests.benchmarks.pages import engine, remove_sheet_database  # noqa: E402
from workshops.models import Membership, Role, User, Workshop  # noqa: E402

ROWS, QUICK = 5000, 1000
EVERY = 0.1  # seconds between two lines of one typist
TEXT = "Was genau gemeint ist, steht hier in zwei Sätzen. Mehr ist dazu nicht zu sagen."
Told = TypeVar("Told")


def lines(rows: int) -> list[dict]:
    """Return one line for each import: new rows, the same changed, agreed values, half of each."""
    new = _file(0, rows, TEXT)
    half = rows // 2
    mixed = _file(0, half, f"Halb {TEXT}") + _file(rows, rows - half, TEXT)[1:]
    files = {
        "new, CSV": _csv(new),
        "changed, CSV": _csv(_file(0, rows, f"Anders: {TEXT}", horizon="lang")),
        "changed and agreed, XLSX": _xlsx(_file(0, rows, f"Neu: {TEXT}", agreed=True)),
        "half new, half changed, CSV": _csv(mixed),
    }
    user = User.objects.create_user("moderation@bench.example", name="Mona")
    here, there = (_workshop(title, user) for title in ("Werkstatt", "andere Werkstatt"))
    _imported(_workshop("zum Warmwerden", user), there, user, _csv(_file(0, 20, TEXT)))
    settle()
    told = [{"file": name, **_imported(here, there, user, file)} for name, file in files.items()]
    return [*told, _exported(here)]


def _workshop(title: str, user: User) -> Workshop:
    workshop = Workshop.objects.create(title=title, date=date(2020, 9, 8))
    Membership.objects.create(workshop=workshop, user=user, role=Role.FACILITATOR)
    seed_fields(workshop)
    return workshop


def _imported(here: Workshop, there: Workshop, user: User, file: bytes) -> dict[str, Any]:
    """Time the parts by themselves, then the two requests of a browser."""
    client = Client()
    client.force_login(user)
    read_s, source = _timed(lambda: open_file(file))
    table_s, table = _timed(lambda: read(source))
    columns = recognised(table)
    plan_s, plan = _timed(lambda: importing.preview(table, columns, here))
    ready_s, _bulk = _timed(lambda: made_ready(plan, here, user))
    upload = SimpleUploadedFile("liste.csv", file)
    preview_s, page = _timed(
        lambda: client.post(reverse("measures:measure-import", args=[here.pk]), {"file": upload})
    )
    _packed, packed = pack(source, here, table.sheets)
    sent = {"table": packed, "seen": plan.fingerprint, **columns}
    confirm = reverse("measures:measure-import-confirm", args=[here.pk])
    with _typists(here, there) as waits, CaptureQueriesContext(connection) as captured:
        store_s, answer = _timed(lambda: client.post(confirm, sent))
    if answer.status_code != 302:
        raise RuntimeError(f"Status {answer.status_code}: nothing was imported.")
    return {
        "rows": len(table.rows),
        "read": read_s + table_s,
        "plan": plan_s,
        "ready": ready_s,
        "preview": preview_s,
        "kB": len(page.content) / 1000,
        "store": store_s,
        "statements": len(captured),
        **waits,
    }


def _exported(here: Workshop) -> dict[str, Any]:
    """Time both files of what was imported."""
    seconds, overview = _timed(lambda: overview_of(here, profiles=True))
    rows_s, rows = _timed(lambda: exporting.rows(overview))
    csv_s, _csv = _timed(lambda: exporting.to_csv(*rows))
    xlsx_s, _xlsx = _timed(lambda: exporting.to_xlsx(*rows))
    return {"file": "export", "rows": len(rows[1]), "overview": seconds, "cells": rows_s,
            "csv": csv_s, "xlsx": xlsx_s}  # fmt: skip


def _timed(call: Callable[[], Told]) -> tuple[float, Told]:
    start = perf_counter()
    told = call()
    return perf_counter() - start, told


# Files ------------------------------------------------------------------------------------------
def _file(
    first: int, rows: int, text: str, *, horizon: str = "kurz", agreed: bool = False
) -> list[list[str]]:
    heads = ["Handlungsfeld", "Ziel", "Maßnahme", "Beschreibung", "Umsetzungszeit"]
    heads += ["Relevanz", "Realisierbarkeit"] * agreed
    body = [
        [
            f"Handlungsfeld {number % 9}",
            f"Ziel {number % 45} im Feld {number % 9}",
            f"Maßnahme {number} für alle Ortsteile",
            f"{text} {number}",
            horizon,
            *[str(number % 5 + 1), str(number % 4 + 1)] * agreed,
        ]
        for number in range(first, first + rows)
    ]
    return [heads, *body]


def _csv(rows: list[list[str]]) -> bytes:
    return "\n".join(map(";".join, rows)).encode()


def _xlsx(rows: list[list[str]]) -> bytes:
    return exporting.to_xlsx(rows[0], [[*row] for row in rows[1:]])


# Others meanwhile -------------------------------------------------------------------------------
@contextmanager
def _typists(here: Workshop, there: Workshop) -> Iterator[dict[str, float]]:
    """Let two processes type; in the end the value holds the longest that each one waited.

    Also how long each took at most just before, while nobody else wrote.
    """
    waits: dict[str, float] = {}
    command = [sys.executable, "-m", "tests.benchmarks.importing", "--type"]
    environment = {**os.environ, "TEST_DATABASE_URL": address()}
    typists = {
        name: subprocess.Popen(
            [*command, str(workshop.pk)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name, workshop in (("same", here), ("other", there))
    }
    for typist in typists.values():
        typist.stdout.readline()  # it has begun
    sleep(20 * EVERY)
    for name, typist in typists.items():
        typist.stdin.write("\n")
        typist.stdin.flush()
        waits[f"{name}_idle"] = float(typist.stdout.readline())
    yield waits
    for name, typist in typists.items():
        told, _errors = typist.communicate("\n")
        waits[name] = float(told)


def _type(workshop: int) -> None:
    """Type lines; each time when somebody asks, print the longest that one of them has taken."""
    import select

    room = Workshop.objects.get(pk=workshop)
    field = room.fields.standing()[0]
    Measure(workshop=room, field=field, title="Zeile").save()
    print("begun", flush=True)
    for _part in ("before", "meanwhile"):
        longest = 0.0
        while not select.select([sys.stdin], [], [], EVERY)[0]:
            seconds, _row = _timed(Measure(workshop=room, field=field, title="Zeile").save)
            longest = max(longest, seconds)
        sys.stdin.readline()
        print(longest, flush=True)


if __name__ == "__main__":
    if "--type" in sys.argv:
        _type(int(sys.argv[-1]))
    else:
        with remove_sheet_database():
            json.dump(
                {"engine": engine(), "lines": lines(QUICK if "--quick" in sys.argv else ROWS)},
                sys.stdout,
            )
