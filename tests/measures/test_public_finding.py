"""Searching and narrowing the public page by its address, which works without a script."""

import random
import re
import uuid
import zlib
from datetime import date

import pytest

from measures.models import Measure, Offer, Rating
from measures.public.finding import SHOWN
from tests.measures.publishing import address, listed, read
from tests.rating import round_of


@pytest.fixture
def town(public, field, session, decide, report, remark) -> list[Measure]:
    """Return four measures: accepted and running, rejected, open, open and reported on."""
    other = public.fields.get(name="Tourismus")
    rows = [
        Measure.objects.create(workshop=public, field=each, title=title, description=text)
        for each, title, text in (
            (field, "WLAN überall", "Freies Netz"), (other, "Fähre", "Über den Rhein"),
            (field, "Straßenbäume", "Schatten"), (other, "Radwege", "Am Rhein entlang"),
        )
    ]  # fmt: skip
    decide(session, rows[0], "accepted", reason="Der Landkreis zahlt mit")
    decide(session, rows[1], "rejected")
    report(rows[0], "running", "Die Masten stehen", 3)
    report(rows[3], "done", "Fertig", 4)
    remark(rows[2], "Auch Linden?", is_released=True)
    remark(rows[2], "Geheim")
    return rows


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3, 4]),
        ("q=rhein", [2, 4]),
        ("q=RHEIN ENTLANG", [4]),
        ("q=strasse", [3]),
        ("q=uberall", [1]),
        ("q=landkreis", [1]),
        ("q=masten", [1]),
        ("q=linden", [3]),
        ("q=M2", [2]),
        ("q=geheim", []),
        ("q=%25", []),
        ("q=" + "x" * 5000, []),
        ("outcome=accepted", [1]),
        ("outcome=open", [3, 4]),
        ("state=done", [4]),
        ("state=running&q=wlan", [1]),
        ("state=running&q=rhein", []),
        ("outcome=deferred", [1, 2, 3, 4]),
        ("outcome=x&state=x&field=0&all=x&page=x", [1, 2, 3, 4]),
    ],
)
def test_an_address_narrows_what_is_listed(town, client, page, query, found):
    assert sorted(listed(client.get(f"{page}?{query}"))) == found


def test_a_field_is_chosen_by_its_id(town, client, page):
    assert sorted(listed(client.get(page, {"field": town[1].field_id}))) == [2, 4]


def test_the_search_keeps_what_was_asked_and_leads_back(town, client, english):
    response = client.get(f"{english}&q=%3Crhein%3E&outcome=open")
    html = response.content.decode()
    assert 'value="&lt;rhein&gt;"' in html
    assert re.findall(r'<option value="(\w+)" selected>', html) == ["open"]
    assert '<input type="hidden" name="lang" value="en">' in html
    assert "1 measure found Show all measures Not decided yet (1)" in read(response)
    assert f'href="{english}"' in html


def test_nothing_found_says_so(town, client, english):
    assert "0 measures found Show all measures" in read(client.get(f"{english}&q=nirgends"))


def test_filters_count_what_they_would_leave_and_none_chooses_nothing(town, client, english):
    html = client.get(english).content.decode()
    selects = re.findall(r'<select[^>]*name="(\w+)".*?</select>', html, re.S)
    options = [
        " ".join(each.split()) for each in re.findall(r"<option[^>]*>(.*?)</option>", html, re.S)
    ]
    assert selects == ["field", "outcome", "state"]
    assert options == [
        "Field", "Alltagsleben (2)", "Tourismus (2)",
        "Decision", "accepted (1)", "rejected (1)", "not decided yet (2)",
        "Progress", "running (1)", "done (1)",
    ]  # fmt: skip


def test_without_decisions_nothing_is_offered_but_the_search(public, measure, client, english):
    assert re.findall("<select", client.get(english).content.decode()) == []


# Many measures ------------------------------------------------------------------------------------


def many(public, field, ballots, count: int) -> None:
    """Fill in measures that three people rated, their words drawn by chance."""
    chance = random.Random(count)
    letters = "enisratdhulcgmobwfkzvpüäößjyxq"
    lexicon = ["".join(chance.choices(letters, range(30, 0, -1), k=chance.randint(3, 12)))
               for _each in range(3000)]  # fmt: skip
    text = lambda words: " ".join(chance.choices(lexicon, k=words)).capitalize()  # noqa: E731
    rows = Measure.objects.bulk_create(
        Measure(
            workshop=public, field=field, number=number, title=text(5), description=text(24),
            client_id=uuid.uuid4(),
        )
        for number in range(1, count + 1)
    )  # fmt: skip
    shown = round_of(public)
    Offer.objects.bulk_create(Offer(round=shown, measure=row, counts_for=row) for row in rows)
    Rating.objects.bulk_create(
        Rating(
            ballot=ballot, measure=row, round=shown, relevance=1 + row.number % 5,
            feasibility=1 + row.number % 3,
        )
        for ballot in ballots(3)
        for row in rows
    )  # fmt: skip


def test_the_first_twenty_come_first_and_the_rest_when_it_is_asked_for(
    public, field, ballots, client, english
):
    many(public, field, ballots, 45)
    first = client.get(english)
    assert len(listed(first)) == SHOWN == 20
    assert "25 more measures" in read(first)
    assert 'href="?all=1&amp;lang=en"' in first.content.decode()
    assert len(listed(client.get(f"{english}&all=1"))) == 45


def test_more_of_what_was_found_keeps_what_was_asked(public, field, ballots, client, page):
    many(public, field, ballots, 45)
    html = client.get(page, {"q": "m", "outcome": "open"}).content.decode()
    assert 'href="?q=m&amp;outcome=open&amp;all=1"' in html


def test_four_hundred_measures_are_small_on_their_way(public, field, ballots, client, page):
    """Compressed, the page takes less than 60 kB, and without the matrix, which comes later."""
    many(public, field, ballots, 400)
    response = client.get(page, headers={"Accept-Encoding": "gzip"})
    html = zlib.decompress(response.content, wbits=31).decode()
    assert (response["Content-Encoding"], html.count('<svg class="matrix')) == ("gzip", 0)
    assert len(response.content) < 60_000
    matrix = client.get(address("public-matrix", public)).content.decode()
    assert len(re.findall(r'id="mark-\d+"', matrix)) == 400


def test_as_many_queries_whatever_is_asked_of_a_drawn_page(
    town, client, page, django_assert_num_queries
):
    client.get(page)
    for query in ("?q=rhein", "?outcome=open", "?all=1"):
        with django_assert_num_queries(1):
            client.get(page + query)


def test_the_day_of_a_deferral_stands_in_the_head(town, session, decide, client, english):
    decide(session, town[2], "deferred", deferred_until=date(2027, 1, 1))
    assert "deferred until Jan. 1, 2027 Straßenbäume" in read(client.get(english))
