"""A vote raises no revision: what is kept by it shows rounds that take none, and stays right."""

import re
from itertools import product
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import caches
from django.urls import reverse

from measures.models import Rating
from measures.rating import rounds
from measures.rating.saving import Holder, Vote, store
from tests.measures.publishing import rate
from tests.people import FRAGMENT
from tests.rating import close, show
from workshops.models import Ballot, Role, Workshop, WorkshopRevision

# Who keeps something by the revision, or asks for it. Whoever comes anew must show nothing that a
# vote changes, or come into the tests below.
BY_THE_REVISION = r"\bonce\(|\bheavy_once\(|\bdrawn_once\b|revision(__|\.)number"
USERS = {
    "measures/calendar/views.py",  # sessions, decisions and tasks: nothing that is rated
    "measures/committee/views/en_bloc.py",
    "measures/committee/views/decisions.py",  # figures of shown rounds, as they were typed under
    "measures/hall/marks.py",  # a mark that names the counts as they are told, too
    "measures/hall/views/results.py",
    "measures/public/drawing.py",
    "measures/results/views/groups.py",
    "measures/searching/texts.py",
    "measures/rating/traces/pending.py",  # was a round opened since: that raises it
    "measures/results/kept.py",
    "measures/results/stability.py",
    "measures/results/unchanged.py",
    "measures/results/views/dashboard.py",
    "measures/results/views/stability.py",
    "workshops/replica.py",  # whether a replica stands where the primary does
}

QUERIES = (
    "", "?lens=sure", "?lens=agreed", "?lens=round", "?lens=group-{group}", "?weight=70",
    "?round=1", "?field={field}",
)  # fmt: skip
RESULTS = {
    "measures:dashboard": QUERIES,
    "measures:stability": ("", "?weight=70", "?round=1"),
    "measures:matrix-png": ("",),
    "measures:matrix-svg": ("",),
    "measures:public-page": ("", "?lang=en"),
    "measures:public-matrix": ("",),
    "measures:public-picture": ("",),
}
MASKED = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+')


@pytest.fixture
def voting(workshop, measure, measure_two, ballots, facilitator, at) -> Workshop:
    """A public workshop with two rounds that everybody sees, and a further one that is open."""
    both = [measure, measure_two]
    at("deliberating")
    rate(measure, ballots(6, "Rat"), *[(5, 4)] * 6)
    rate(measure_two, ballots(5), *[(2, 3)] * 5)
    rounds.open_round(workshop, by=facilitator, measures=both)
    rate(measure, ballots(6, "Rat"), *[(4, 4)] * 6)
    close(workshop)
    show(workshop)
    at("deliberating")
    Workshop.objects.update(is_public=True)
    rounds.open_round(workshop, by=facilitator, measures=both)
    return workshop


def addresses(workshop, field) -> list[str]:
    known = {"group": workshop.groups.get(name="Rat").pk, "field": field.pk}
    return [
        reverse(name, args=[workshop.pk]) + query.format(**known)
        for name, queries in RESULTS.items()
        for query in queries
    ]


def seen(client, urls: list[str]) -> dict[tuple, tuple]:
    """Return status, ETag and content of every address, as a page and as a fragment."""
    found = {}
    for url in urls:  # with the rank ranges that otherwise come a moment later
        path, _mark, query = url.partition("?")
        if path.endswith("/dashboard/"):
            client.get(f"{path}ranks/?{query}")
    for url in urls:
        for headers in ({}, FRAGMENT):
            response = client.get(url, headers=headers)
            body = MASKED.sub(rb"\1", response.content)
            found[url, bool(headers)] = (response.status_code, response.get("ETag"), body)
    return found


def holder(workshop) -> Holder:
    """Hand out a ballot and return what leads to it."""
    secret = uuid4().hex
    Ballot.objects.create(workshop=workshop, source="account", secret_hash=secret)
    return Holder(secret, None)


def vote(workshop, holders: list[Holder]) -> None:
    """Let every ballot rate everything in the open round, and then otherwise."""
    for step, number, each in product((1, 3), (1, 2), holders):
        assert store(workshop.pk, each, Vote(number, 5, relevance=step, feasibility=6 - step))


def test_whoever_keeps_something_by_the_revision_is_known():
    found = set()
    for folder in ("workshops", "fields", "measures", "bingen_strategy"):
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            text = "" if "migrations" in path.parts else path.read_text("utf-8")
            if re.search(BY_THE_REVISION, text):
                found.add(str(path.relative_to(settings.BASE_DIR)))
    assert found == USERS


@pytest.mark.parametrize("role", [None, Role.ADMINISTRATION])
def test_whatever_is_kept_stays_what_it_would_be_if_it_were_made_anew(
    voting, field, role, participant, signed_in
):
    if role:
        voting.memberships.create(user=participant, role=role)
    client, urls = signed_in(participant), addresses(voting, field)
    holders = [holder(voting) for _ in range(7)]
    before = seen(client, urls)
    number = WorkshopRevision.objects.get(workshop=voting).number
    vote(voting, holders)
    assert WorkshopRevision.objects.get(workshop=voting).number == number
    kept = seen(client, urls)
    for cache in ("pages", "public", "public_pictures"):
        caches[cache].clear()
    anew = seen(client, urls)
    assert {status for status, _etag, _body in before.values()} == {200}
    assert kept == before
    assert anew == before
    assert Rating.objects.filter(round__state="open").count() == 14
