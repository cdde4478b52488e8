"""A pending decision exists for committee and administration only, in every page and file.

Every address of the product is opened by everybody else, looking for a word that stands in pending
decisions and nowhere else.
"""

import io
import re
import zipfile

import pytest
from django.urls import reverse

from measures.models import AgendaItem, Measure
from tests.deciding import decide, release
from tests.test_access import ADDRESSES, ROWS, address, foreign, objects
from workshops.models import Workshop
from workshops.phases import Phase

__all__ = ["foreign", "objects"]

SECRET = "Geheimwort"
TEXTS = {
    "outcome": "amended",
    "wording": f"{SECRET}: nur am Bahnhof",
    "reason": f"{SECRET} als Grund",
    "responsible": f"Amt {SECRET}",
    "responsible_email": f"{SECRET}@bingen.example".lower(),
    "budget_note": f"{SECRET} Euro",
}
OUTSIDE = [(name, route) for name, route, _view in ADDRESSES if not name.startswith("admin:")]


@pytest.fixture
def secrets(workshop, objects, measure, administrator):
    """A pending decision, a pending correction of a published one, and a public page."""
    session = workshop.sessions.get()
    published = session.decisions.get()
    AgendaItem.objects.create(session=session, measure=published.measure, order=2)
    pending = [
        decide(session, measure, is_published=False, **TEXTS),
        decide(
            session, published.measure, corrects=published, is_published=False, by=administrator,
            **TEXTS,
        ),
    ]  # fmt: skip
    Workshop.objects.filter(pk=workshop.pk).update(is_public=True)
    return pending


def read(response) -> str:
    """Return what an answer holds, files in a workbook included."""
    content = b"".join(response) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    headers = " ".join(f"{key}: {value}" for key, value in response.items())
    return (headers + content.decode("utf-8", "replace")).lower()


def everywhere(workshop, objects, secrets) -> set[str]:
    """Return the path of every page: of the objects, of every measure, of the pending decisions."""
    own = dict(objects)
    paths = {address(name, row, workshop, own) for name, row in ROWS if row.method == "GET"}
    for number in Measure.objects.in_workshop(workshop).values_list("number", flat=True):
        for name, row in ROWS:
            if row.method == "GET" and "measure" in row.what.split():
                paths.add(address(name, row, workshop, own | {"measure": number}))
    for name in ("decision-detail", "decision-correct"):
        paths |= {reverse(f"measures:{name}", args=[workshop.pk, d.pk]) for d in secrets}
    keys = {"municipalities": workshop.municipalities.get().pk}
    for _name, route in OUTSIDE:
        pk = keys.get(route.partition("/")[0], workshop.pk)
        paths.add("/" + re.sub(r"<int:\w+>", str(pk), route))
    return {path for path in paths if "<" not in path and "\\" not in path and "^" not in path}


@pytest.mark.parametrize("phase", [Phase.DELIBERATING, Phase.RATING])
def test_nobody_else_finds_a_word_of_it_in_any_page_or_file(
    phase, workshop, objects, secrets, signed_in, client, facilitator, participant, stranger, at
):
    at(phase)
    people = {
        "facilitator": signed_in(facilitator),
        "participant": signed_in(participant),
        "stranger": signed_in(stranger),
        "anonymous": client,
    }
    pages = everywhere(workshop, objects, secrets)
    assert len(pages) > 60
    found = [
        (name, path)
        for name, each in people.items()
        for path in sorted(pages)
        if SECRET.lower() in read(each.get(path))
    ]
    assert found == []


def test_nobody_else_is_told_that_there_is_one(
    workshop, objects, secrets, signed_in, facilitator, participant, stranger, at
):
    at(Phase.DELIBERATING)
    for person in (facilitator, participant, stranger):
        each = signed_in(person)
        answers = [each.get(decision.get_absolute_url()).status_code for decision in secrets]
        assert answers == [404, 404]
    page = signed_in(facilitator).get(workshop.sessions.get().get_absolute_url())
    assert "noch nicht veröffentlicht" not in page.content.decode()
    assert "not published yet" not in page.content.decode()


def test_the_walk_would_find_it_where_it_may_be_seen(
    workshop, objects, secrets, signed_in, committee_member, administrator, at
):
    """Or the test above would prove nothing."""
    at(Phase.DELIBERATING)
    for person in (committee_member, administrator):
        each = signed_in(person)
        pages = everywhere(workshop, objects, secrets)
        found = {path for path in pages if SECRET.lower() in read(each.get(path))}
        assert {decision.get_absolute_url() for decision in secrets} <= found
        assert workshop.sessions.get().get_absolute_url() in found


def test_published_it_is_seen_by_everybody_in_the_workshop(
    workshop, objects, secrets, signed_in, participant, at
):
    at(Phase.DELIBERATING)
    for decision in secrets:
        release(decision)
    each = signed_in(participant)
    assert [SECRET.lower() in read(each.get(d.get_absolute_url())) for d in secrets] == [True, True]
    assert [
        f"{SECRET}@bingen".lower() in read(each.get(decision.get_absolute_url()))
        for decision in secrets
    ] == [False, False]
