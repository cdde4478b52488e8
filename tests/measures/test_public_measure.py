"""A measure's own page: what search engines, feeds and people who share it lead to."""

import re

import pytest
from django.urls import reverse

from tests.markup import compact
from tests.measures.publishing import address, item, meta, rate, read


def own(workshop, number: int) -> str:
    return reverse("measures:public-measure", args=[workshop.pk, number])


def test_it_tells_what_its_card_tells(
    public, measure, client, english, ballots, session, decide, report, remark
):
    measure.description = "Überall."
    measure.save()
    rate(measure, ballots(3), (5, 4), (5, 4), (4, 4))
    decide(session, measure, "amended", wording="Nur im Rathaus")
    report(measure, "running", "Es läuft", 3)
    remark(measure, "Wozu?", answer="Darum.", is_released=True)
    said = read(client.get(own(public, 1), {"lang": "en"}))
    card = item(client.get(english), 1)
    assert card.startswith("amended running WLAN Nur im Rathaus Progress: Es läuft (Nov. 3, 2026)")
    assert said == f"‹ Digital-Werkstatt Bingen {card.replace('running WLAN', 'running M1 WLAN')}"


def test_its_head_says_what_it_is_to_search_engines_cards_and_feed_readers(
    public, measure, client, ballots, settings
):
    settings.PUBLIC_URL = "https://werkstatt.example.org"
    measure.description = "Freies Netz\n\nim ganzen Ort."
    measure.save()
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    here, site = own(public, 1), "https://werkstatt.example.org"
    response = client.get(here)
    assert meta(response) == {
        "viewport": "width=device-width, initial-scale=1", "color-scheme": "light dark",
        "description": "Freies Netz im ganzen Ort.", "canonical": site + here,
        "alternate:de": site + here, "alternate:en": f"{site}{here}?lang=en",
        "alternate:x-default": site + here, "og:type": "article",
        "og:site_name": "Digital-Werkstatt", "og:title": "WLAN – Digital-Werkstatt Bingen",
        "og:description": "Freies Netz im ganzen Ort.", "og:url": site + here,
        "og:locale": "de_DE", "og:image": f"{site}{address('public-page', public)}matrix.png",
        "og:image:type": "image/png",
        "og:image:alt": "Prioritätenmatrix: Digital-Werkstatt Bingen",
        "twitter:card": "summary_large_image",
    }  # fmt: skip
    title = "<title>WLAN – Digital-Werkstatt Bingen – Digital-Werkstatt</title>"
    assert title in compact(response)


def test_the_description_is_what_was_decided(public, measure, client, session, decide):
    measure.description = "Überall."
    measure.save()
    decide(session, measure, "amended", wording="Nur im Rathaus")
    assert meta(client.get(own(public, 1)))["description"] == "Nur im Rathaus"


def test_a_withheld_measure_has_a_page_without_values(public, measure, client, ballots):
    public.smallest_group = 5
    public.save(update_fields=["smallest_group"])
    rate(measure, ballots(4), *[(5, 5)] * 4)
    said = read(client.get(own(public, 1), {"lang": "en"}))
    assert "Rated in the workshop too few ratings to show them in public" in said
    assert re.findall(r"\brank\b|5\.00", said) == []


def test_what_was_merged_leads_to_what_it_was_merged_into(public, measure, measure_two, client):
    measure_two.merge_into(measure)
    response = client.get(own(public, 2), {"lang": "en"})
    assert (response.status_code, response["Location"]) == (302, f"{own(public, 1)}?lang=en")


def test_what_was_removed_or_never_there_is_not_found(public, measure, measure_two, client):
    measure.merge_into(measure_two)
    measure_two.is_removed = True
    measure_two.save(update_fields=["is_removed"])
    for number in (1, 2, 3, 0, 2**63, 10**30):
        assert client.get(own(public, number)).status_code == 404


def test_nobody_sees_it_before_and_after_the_page_is_public(public, measure, client):
    public.is_public = False
    public.save(update_fields=["is_public"])
    assert client.get(own(public, 1)).status_code == 404


def test_it_takes_one_query_once_the_page_is_drawn_and_304_none_more(
    public, measure, page, client, django_assert_num_queries
):
    client.get(page)
    with django_assert_num_queries(1):
        first = client.get(own(public, 1))
    with django_assert_num_queries(1):
        again = client.get(own(public, 1), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["Cache-Control"]) == (304, "public, no-cache")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_read_only(public, measure, client, method):
    assert getattr(client, method)(own(public, 1)).status_code == 405
