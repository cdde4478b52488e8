"""All sessions of a workshop, and who may know of which decisions."""

from datetime import date

import pytest
from django.urls import reverse

from measures.models import Measure
from tests.deciding import decide, hold


@pytest.fixture
def url(workshop, at) -> str:
    at("deliberating")
    return reverse("measures:session-list", args=[workshop.pk])


def listed(client, url: str) -> list[tuple]:
    sessions = client.get(url).context["sessions"]
    return [(each.committee, each.item_count, *counts) for each, *counts in sessions]


def test_the_latest_comes_first(workshop, measure, url, signed_in, participant):
    hold(workshop, committee="Erster", date=date(2020, 10, 1))
    hold(workshop, measure, committee="Dritter", date=date(2021, 1, 1))
    hold(workshop, committee="Zweiter", date=date(2020, 12, 1))
    assert listed(signed_in(participant), url) == [
        ("Dritter", 1, 0, 0),
        ("Zweiter", 0, 0, 0),
        ("Erster", 0, 0, 0),
    ]


def test_pending_decisions_are_counted_for_those_who_decide_only(
    workshop, measure, measure_two, url, signed_in, participant, facilitator, committee_member,
    administrator,
):  # fmt: skip
    session = hold(workshop, measure, measure_two)
    decide(session, measure)
    wrong = decide(session, measure_two, is_published=False)
    decide(session, measure_two, corrects=wrong, is_published=False, outcome="rejected")
    people = (participant, facilitator, committee_member, administrator)
    found = [listed(signed_in(person), url)[0][2:] for person in people]
    assert found == [(1, 0), (1, 0), (2, 1), (2, 1)]


def test_who_may_call_a_session_is_offered_it(
    workshop, url, at, signed_in, administrator, committee_member
):
    add = reverse("measures:session-add", args=[workshop.pk])
    offered = [
        add in signed_in(person).get(url).content.decode()
        for person in (administrator, committee_member)
    ]
    assert offered == [True, False]


def test_the_list_takes_the_same_queries_for_one_session_and_for_three(
    workshop, measure, url, signed_in, administrator, django_assert_num_queries
):
    client = signed_in(administrator)
    decide(hold(workshop, measure), measure)
    with django_assert_num_queries(4):
        client.get(url)
    for title in ("Bus", "Bahn"):
        extra = Measure.objects.create(workshop=workshop, field=measure.field, title=title)
        decide(hold(workshop, measure, extra, committee=title), extra)
    with django_assert_num_queries(4):
        client.get(url)
