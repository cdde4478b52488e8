"""The feed of decisions and progress: what is new, with ids that stay, and nobody's name."""

import re
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from measures.models import Decision, Measure, Session, StatusEntry
from measures.public.feed import NEWEST
from tests.deciding import release
from tests.measures.publishing import address, read
from tests.test_bad_input import NASTY

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def feed(public, client):
    """Return a function that reads the feed in English."""
    url = f"{address('public-feed', public)}?lang=en"

    def get() -> ElementTree.Element:
        response = client.get(url)
        assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
        return ElementTree.fromstring(response.content)

    return get


def texts(entry: ElementTree.Element, *names: str) -> list[str]:
    return [entry.findtext(f"{ATOM}{name}") for name in names]


def titles(feed: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


def test_the_feed_says_what_was_decided_and_how_far_it_is_the_newest_first(
    public, measure, measure_two, feed, session, decide, report
):
    decide(session, measure, "amended", wording="Nur im Rathaus", at=timezone.now())
    report(measure_two, "running", "Es fährt", 3)
    root = feed()
    assert texts(root, "title") == ["Decisions and progress: Digital-Werkstatt Bingen"]
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Bingen am Rhein"
    first, second = root.findall(f"{ATOM}entry")
    assert texts(first, "title", "summary") == ["Running: Bus", "<p>Es fährt</p>"]
    assert texts(second, "title", "summary") == [
        "Amended: WLAN", "<p>Nur im Rathaus</p>\n\n<p>Dringlich</p>",
    ]  # fmt: skip
    links = [entry.find(f"{ATOM}link").get("href") for entry in (first, second)]
    own = f"http://testserver/public/{public.pk}/measures/"
    assert links == [f"{own}2/?lang=en", f"{own}1/?lang=en"]
    assert texts(root, "updated") == texts(first, "updated")


def test_a_recommendation_is_told_as_one(public, measure, feed, session, decide):
    decide(session, measure, "accepted", is_recommendation=True)
    assert titles(feed()) == ["Recommended: accepted: WLAN"]


def test_ids_are_the_same_in_every_language_at_every_address_and_after_every_change(
    public, measure, client, session, decide, report, settings
):
    decide(session, measure, "accepted")
    report(measure, "running", "Es läuft", 3)

    def ids(query: str = "") -> list[str]:
        text = client.get(address("public-feed", public) + query).content.decode()
        return re.findall("<id>(.*?)</id>", text)

    before = ids()
    assert len({*before}) == 3
    assert all(each.startswith("urn:uuid:") for each in before)
    measure.title = "Freies WLAN"
    measure.save()
    settings.PUBLIC_URL = "https://anderswo.example.org"
    assert ids() == ids("?lang=en") == before
    told = " ".join(before)
    known = (public.uuid, Decision.objects.get().uuid, StatusEntry.objects.get().client_id)
    assert [each for each in map(str, known) if each in told] == []


def test_what_is_pending_not_public_corrected_or_outdated_is_not_in_it(
    public, measure, measure_two, feed, session, decide, report, remark
):
    hidden = Session.objects.create(
        workshop=public, committee="Geheim", date=date(2026, 11, 2), is_public=False
    )
    first = decide(session, measure, "accepted")
    decide(session, measure_two, "accepted", is_published=False)
    decide(hidden, measure_two, "rejected")
    report(measure, "not_started", "Noch nicht", 1)
    report(measure, "running", "Es läuft", 3)
    remark(measure, "Wozu?", is_released=True)
    assert titles(feed()) == ["Running: WLAN", "Accepted: WLAN"]
    release(decide(session, measure, "rejected", corrects=first, is_published=False))
    assert sorted(titles(feed())) == ["Rejected: WLAN", "Running: WLAN"]


def test_an_empty_feed_is_as_old_as_the_workshop_and_stays_the_same(public, client, feed):
    root = feed()
    assert (texts(root, "updated"), titles(root)) == (["2020-09-08T00:00:00+00:00"], [])
    url = address("public-feed", public)
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304


def test_only_the_newest_are_in_it(public, field, feed, report):
    day = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(NEWEST + 1):
        row = Measure.objects.create(workshop=public, field=field, title=str(number))
        entry = report(row, "running", "Es läuft", 3)
        StatusEntry.objects.filter(pk=entry.pk).update(at=day.replace(minute=number))
    assert titles(feed()) == [f"Running: {number}" for number in range(NEWEST, 0, -1)]


def test_what_people_wrote_stays_text(public, measure, feed, report, session, decide):
    measure.title = NASTY[:200]
    measure.save()
    decide(session, measure, "accepted", reason=NASTY)
    [entry] = feed().findall(f"{ATOM}entry")
    assert "<script" not in entry.findtext(f"{ATOM}summary")
    assert entry.findtext(f"{ATOM}title") == f"Accepted: {measure.title}"


def test_the_same_is_a_page_with_days_that_says_what_the_feed_is_for(
    public, measure, measure_two, client, english, session, decide, report
):
    decide(session, measure, "amended", wording="Nur im Rathaus", at=timezone.now())
    entry = report(measure_two, "running", "Es fährt", 3)
    day = datetime(2026, 12, 24, 12, tzinfo=UTC)
    Decision.objects.update(published_at=day)
    StatusEntry.objects.filter(pk=entry.pk).update(at=day.replace(day=25))
    news, feed = (address(name, public) for name in ("public-news", "public-feed"))
    assert f'href="{news}?lang=en">What is new' in client.get(english).content.decode()
    response = client.get(news, {"lang": "en"})
    assert read(response) == (
        "‹ Digital-Werkstatt Bingen What is new For news readers: paste this address, and what is"
        f" new comes by itself: http://testserver{feed}?lang=en"
        " Dec. 25, 2026 Running: Bus Es fährt Dec. 24, 2026 Amended: WLAN Nur im Rathaus Dringlich"
    )
    links = re.findall(r'<h2[^>]*><a href="([^"]*)"', response.content.decode())
    own = f"/public/{public.pk}/measures/"
    assert links == [f"{own}2/?lang=en", f"{own}1/?lang=en"]


def test_a_page_without_news_says_so(public, client):
    said = read(client.get(address("public-news", public), {"lang": "en"}))
    assert said.endswith(" No decision and no status report has been published yet.")


def test_the_news_take_one_query_once_they_are_drawn(
    public, field, client, report, django_assert_num_queries
):
    for number in range(3):
        row = Measure.objects.create(workshop=public, field=field, title=str(number))
        report(row, "running", "Es läuft", 3)
        client.get(address("public-news", public))
        with django_assert_num_queries(1):
            client.get(address("public-news", public))


def test_all_pages_lead_to_it(public, measure, client, page):
    for url in (page, f"{page}measures/1/", f"{page}news/"):
        html = client.get(url, {"lang": "en"}).content.decode()
        found = re.search(r'<link rel="alternate" type="application/atom\+xml"[^>]*>', html)[0]
        assert f'href="{address("public-feed", public)}?lang=en"' in found
