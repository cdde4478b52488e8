"""Hidden means hidden: nothing anywhere differs by what people rate before it is shown.

Every address inside a workshop is opened by everybody twice, with other answers in the tables each
time. What both say must be the same to the byte: page and fragment, file and picture, error and
redirect, and as many queries. A round that was shown before lies beneath, so that every page has
something to say.
"""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures import shown
from measures.models import Measure, Rating
from measures.public.urls import urlpatterns as public_addresses
from measures.searching import texts
from tests.people import FRAGMENT
from tests.rating import save_rating
from tests.test_access import ROWS, address
from tests.test_access import clients as clients
from tests.test_access import objects as objects
from workshops.models import Ballot, Workshop
from workshops.phases import Phase

# Another one each time: the token; what names a form, so that it is stored once if sent twice; and
# of what is signed the moment and the signature.
TOKEN = re.compile(
    rb'(csrfmiddlewaretoken" value=")\w+'
    rb'|(name="(?:client_id|ticket)"[^>]* value=")[\w:-]+'
    rb"|:\w{6}:[\w-]{43}(?=\")"
)
STAMPS = ("docProps/core.xml",)  # when the file was made


@pytest.fixture
def rated(workshop, objects, ballots, at, facilitator) -> list[Ballot]:
    """A shown round, and a second one that ten people are rating. Return the ten."""
    at("rating")
    people = [*ballots(5, "Rat"), *ballots(5, "Verwaltung")]
    for number, ballot in enumerate(people):
        for measure in Measure.objects.in_workshop(workshop).rateable():
            save_rating(ballot, measure, relevance=1 + number % 5, feasibility=3)
    at("deliberating")
    Workshop.objects.filter(pk=workshop.pk).update(is_public=True)
    at("rating")
    return [*ballots(5, "Rat"), *ballots(5, "Verwaltung")]


def answer(people: list[Ballot], workshop: Workshop, *, kindly: bool) -> None:
    """Let the ten say the opposite of what they said, past everything that would notice."""
    last = workshop.rounds.last()
    Rating.objects.filter(round=last, ballot__in=people).delete()
    Rating.objects.bulk_create(
        Rating(
            round=last,
            ballot=ballot,
            measure=measure,
            relevance=5 if (place + number) % 2 == kindly else 1,
            feasibility=4 if kindly else 2,
        )
        for place, ballot in enumerate(people)
        for number, measure in enumerate(last.rateable())
    )


def everything(workshop: Workshop, objects, clients) -> Iterator[tuple[tuple, tuple]]:
    """Yield what every address answers to everybody, drawn anew."""
    for cache in ("pages", "public", "public_pictures", "default"):
        caches[cache].clear()
    shown._known.clear()
    texts._known.clear()
    for name, row in ROWS:
        if row.method != "GET":
            continue
        url = address(name, row, workshop, objects)
        for person, client in clients.items():
            for headers in ({}, FRAGMENT):
                yield (name, person, *headers), said(client, url, headers)
    for pattern in public_addresses:
        route = str(pattern.pattern)
        if "pk" in route and "<" in route and route.count("<") == 1 and pattern.name:
            url = reverse(f"measures:{pattern.name}", args=[workshop.pk])
            # What the public reads is kept for minutes: now and then it takes no query.
            yield (pattern.name, "anonymous"), said(clients["anonymous"], url, {})[:3]


def said(client, url: str, headers: dict) -> tuple:
    reset_queries()  # the log holds 9000, and would stand still after that
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url, headers=headers)
    content = b"".join(response) if response.streaming else response.content
    return response.status_code, response.get("Location"), plain(content), len(asked)


def plain(content: bytes) -> bytes:
    """Return the content without what is another one each time."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            names = [name for name in file.namelist() if name not in STAMPS]
            return b"".join(file.read(name) for name in names)
    return TOKEN.sub(rb"\1\2", content)


@pytest.mark.parametrize("moment", ["open", "closed"])
def test_no_page_differs_by_what_people_answer_before_it_is_shown(
    moment, workshop, rated, objects, clients, at
):
    if moment == "closed":
        workshop.refresh_from_db()
        workshop.phase = Phase.DELIBERATING
        workshop.save(update_fields=["phase"])
        workshop.rounds.filter(state="open").update(state="closed")
    answer(rated, workshop, kindly=True)
    dict(everything(workshop, objects, clients))  # whoever comes first is counted otherwise
    before = dict(everything(workshop, objects, clients))
    answer(rated, workshop, kindly=False)
    after = dict(everything(workshop, objects, clients))
    assert [key for key in before if before[key] != after[key]] == []
    assert {status for status, *_rest in before.values()} >= {200, 403, 404}
    assert len(before) > 700


def test_the_same_walk_sees_what_was_shown(workshop, rated, objects, clients, at):
    """The walk can fail: of a round that is shown it finds the difference on many pages."""
    answer(rated, workshop, kindly=True)
    at("deliberating")
    before = dict(everything(workshop, objects, clients))
    last = workshop.rounds.last()
    Rating.objects.filter(round=last, relevance=5).update(relevance=2)
    after = dict(everything(workshop, objects, clients))
    differing = {key[0] for key in before if before[key] != after[key]}
    assert differing >= {
        "measures:dashboard", "measures:stability", "measures:groups", "measures:measure-detail",
        "measures:matrix-svg", "measures:measure-export-csv", "measures:measure-export-xlsx",
        "public-page",
    }  # fmt: skip
