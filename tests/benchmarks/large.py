"""Each page in a database of ten thousand town halls beside an almost empty one; PostgreSQL only.

Both databases lie on the same server and hold the same workshop, of which the pages are asked in
turns, A B A B. The cost is processor time, of this process and of the server's that answers it, so
that a machine that others use as well changes it little.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.contrib.auth.models import Permission  # noqa: E402
from django.core.cache import caches  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from measures import shown  # noqa: E402
from measures.searching import texts  # noqa: E402
from tests.benchmarks import multiply, town_halls  # noqa: E402
from tests.benchmarks.large_pages import AGENCY, Page, pages_of  # noqa: E402
from tests.benchmarks.pages import remove_sheet_database  # noqa: E402
from tests.benchmarks.plans import plan_of, shape, text_of  # noqa: E402
from workshops.models import Membership, Role, User, Workshop  # noqa: E402

SMALL = "small"  # the almost empty database's alias and name
OF_AGENCY = 1000  # workshops
# What is asked for by name: the plan of the first statement of a page that reads a table.
MAIN = {
    "rights": ("workshop-day, facilitator", "workshops_membership"),
    "tally": ("dashboard, facilitator", 'FROM "measures_rating"'),
    "measures list": ("measure-list, facilitator", "measures_measure"),
    "next_measure": ("rate-next, participant", "measures_rating"),
    "vote": ("vote", 'INSERT INTO "measures_rating"'),
    "home": ("home, agency", "has_shown"),
}
TOLD = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass
class Side:
    """One of the two databases, and who is signed in there."""

    connection: BaseDatabaseWrapper
    clients: dict[str, Client] = field(default_factory=dict)

    def ask(self, page: Page) -> HttpResponse:
        """Ask for a page as if nothing of it were kept."""
        connections["default"] = self.connection
        for name in ("pages", "public", "public_pictures"):
            caches[name].clear()
        shown._known.clear()
        texts._known.clear()
        client = self._client(page)
        if not page.data:
            return client.get(page.path)
        with transaction.atomic():  # taken back, so that it can be sent again
            response = client.post(page.path, page.data)
            transaction.set_rollback(True)
        return response

    def seconds(self, page: Page) -> float:
        """Return what a page costs this process and the server's, in seconds of a processor."""
        before = process_time() + self._at_server()
        self.ask(page)
        return process_time() + self._at_server() - before

    def statements(self, page: Page) -> list[str]:
        """Return what the page asks of the database."""
        self.ask(page)
        with CaptureQueriesContext(self.connection) as captured:
            self.ask(page)
        sent = [query["sql"] for query in captured.captured_queries]
        return [sql for sql in sent if sql.lstrip("( ").startswith(TOLD)]

    def _client(self, page: Page) -> Client:
        if page.who not in self.clients:
            self.clients[page.who] = Client()
            if page.who:
                self.clients[page.who].force_login(User.objects.get(email=page.who))
        client = self.clients[page.who]
        for name, value in page.cookies.items():
            client.cookies[name] = value
        return client

    def _at_server(self) -> float:
        """Return the seconds that the server's process for us has worked; Linux tells them."""
        pid = self.connection.connection.info.backend_pid
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def measure(workshops: int, rounds: int) -> dict:
    """Build both databases and return what is to be printed."""
    started = perf_counter()
    with remove_sheet_database():
        pages = _build(workshops)
        seconds = perf_counter() - started
        large = connections["default"]
        small, others = Side(connections[SMALL]), Side(large)
        try:
            tables = _tables()
            lines = [_line(page, small, others, rounds) for page in pages]
            return {
                "seconds": seconds,
                "tables": tables,
                "lines": lines,
                "faults": _faults(pages, small, others),
                "plans": _plans(pages, others),
            }
        finally:
            connections["default"] = large
            connections[SMALL].close()
            connections[SMALL].close_pool()
            _at_large(f"DROP DATABASE {SMALL}")


# The two databases -------------------------------------------------------------------------------


def _build(workshops: int) -> list[Page]:
    """Fill both databases, the large one last, and return the pages to ask for."""
    halls: dict[str, town_halls.Hall] = {}
    for name in town_halls.KINDS:
        halls[name] = town_halls.build(name)
        multiply.put_aside(name)
    first = [hall.workshop.pk for hall in halls.values()]
    _fill(dict.fromkeys(halls, 1), first)
    pages = pages_of(halls)
    _keep_as_small()
    kinds = town_halls.KINDS.items()
    _fill({name: max(kind.share * workshops // 10_000, 1) for name, kind in kinds}, first)
    return pages


def _fill(copies: dict[str, int], first: list[int]) -> None:
    """Make the copies; an agency has a thousand of them, and the first of all in any case."""
    multiply.fill(copies)
    agency = User.objects.create_user(AGENCY, name="Agentur")
    agency.user_permissions.add(Permission.objects.get(codename="add_workshop"))
    others = Workshop.objects.exclude(pk__in=first).order_by("?").values_list("pk", flat=True)
    some = [*first, *others[: OF_AGENCY - len(first)]]
    Membership.objects.bulk_create(
        Membership(workshop_id=pk, user=agency, role=Role.FACILITATOR) for pk in some
    )
    multiply.settle()


def _keep_as_small() -> None:
    """Copy the database as it is."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.close_pool()
    _at_large(f"CREATE DATABASE {SMALL} TEMPLATE {name}")
    connections.databases[SMALL] = {**connections.databases["default"], "NAME": SMALL}


def _at_large(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _tables() -> list[tuple[str, int, int]]:
    """Return the largest tables: name, rows, bytes with indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples::bigint, pg_total_relation_size(oid) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " ORDER BY 3 DESC LIMIT 12"
        )
        return cursor.fetchall()


# What pages cost there ---------------------------------------------------------------------------


def _line(page: Page, small: Side, large: Side, rounds: int) -> dict:
    for side in (small, large):
        side.ask(page)
    pairs = [(small.seconds(page), large.seconds(page)) for _round in range(rounds)]
    ratios = quantiles((there / here for here, there in pairs), n=4)
    response = large.ask(page)
    return {
        "page": page.name,
        "status": response.status_code,
        "queries": len(large.statements(page)),
        "ms": [median(some) * 1000 for some in zip(*pairs, strict=True)],
        "ratio": ratios[1],
        "range": (ratios[0], ratios[2]),
        "bytes": len(response.content),
    }


def _faults(pages: Iterable[Page], small: Side, large: Side) -> list[dict]:
    """Return each statement that scans more than it returns, with the pages that send it."""
    found: dict[tuple[str, bool], dict] = {}
    for page in pages:
        usual = {shape(each): each for each in small.statements(page)}
        for statement in large.statements(page):
            if statement.startswith("INSERT"):  # twice in a row it would meet its own rows
                continue
            told = shape(statement)
            key = told, page.who == AGENCY  # with a thousand workshops another plan may be better
            if key in found:
                found[key]["pages"].append(page.name)
                continue
            connections["default"] = large.connection
            plan = plan_of(statement)
            connections["default"] = small.connection
            beside = plan_of(usual.get(told, statement))
            found[key] = {
                "statement": told,
                "pages": [page.name],
                "faults": plan.faults(beside),
                "ms": [beside.ms, plan.ms],
            }
    return [each for each in found.values() if each["faults"]]


def _plans(pages: Iterable[Page], large: Side) -> dict[str, str]:
    by_name = {page.name: page for page in pages}
    found = {}
    for name, (page, words) in MAIN.items():
        sent = [each for each in large.statements(by_name[page]) if words in each]
        found[name] = text_of(sent[0]) if sent else "the page sends no such statement"
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--workshops", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    json.dump(measure(options.workshops, options.rounds), sys.stdout)
