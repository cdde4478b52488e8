"""Publishing: all pending decisions of a session by one action, once."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from measures.models import Decision
from tests.deciding import PUBLISHED, decide, hold, in_english


@pytest.fixture
def session(workshop, measure, measure_two, at):
    at("deliberating")
    return hold(workshop, measure, measure_two)


@pytest.fixture
def administration(signed_in, administrator):
    return in_english(signed_in(administrator))


def address(session) -> str:
    return reverse("measures:session-publish", args=[session.workshop_id, session.pk])


def seen(client, session) -> str:
    """Return what a browser sends that shows the session's page."""
    return client.get(session.get_absolute_url()).context["pending_seen"]


def publish(client, session) -> tuple[str, str]:
    """Return where the answer leads and what it says last."""
    response = client.post(address(session), {"seen": seen(client, session)})
    return response["Location"], [str(each) for each in get_messages(response.wsgi_request)][-1]


def test_all_pending_decisions_of_the_session_are_published_at_once_and_once(
    administration, session, workshop, measure, measure_two
):
    early = decide(session, measure)
    wanted = decide(session, measure_two, is_published=False)
    elsewhere = decide(hold(workshop, measure_two), measure_two, is_published=False)
    before = timezone.now()
    answer = publish(administration, session)
    assert answer == (session.get_absolute_url(), "1 decision is published.")
    wanted.refresh_from_db()
    assert before <= wanted.published_at <= timezone.now()
    assert Decision.objects.get(pk=early.pk).published_at == PUBLISHED
    assert Decision.objects.get(pk=elsewhere.pk).is_pending
    moment = wanted.published_at
    again = publish(administration, session)
    assert again == (session.get_absolute_url(), "There is no decision to publish.")
    wanted.refresh_from_db()
    assert wanted.published_at == moment


@pytest.mark.parametrize("moved", ["another entry", "a correction", "nothing told"])
def test_what_the_administration_did_not_see_is_not_published(
    administration, session, measure, measure_two, moved
):
    first = decide(session, measure, is_published=False)
    sent = {"seen": seen(administration, session)}
    if moved == "another entry":
        decide(session, measure_two, is_published=False)
    elif moved == "a correction":
        decide(session, measure, corrects=first, reason="Anders.", is_published=False)
    else:
        sent = {}
    response = administration.post(address(session), sent)
    told = "Something has been recorded since. Please look at it, then publish once more."
    assert (response.status_code, told in response.content.decode()) == (409, True)
    assert not Decision.objects.published().exists()
    sent = {"seen": response.context["pending_seen"]}
    assert administration.post(address(session), sent).status_code == 302
    assert Decision.objects.pending().filter(correction=None).count() == 0


def test_the_box_lists_what_it_publishes(administration, session, measure, measure_two):
    votes = {"votes_for": 5, "votes_against": 3, "votes_abstained": 1}
    decide(session, measure, is_published=False, **votes)
    decide(session, measure_two)
    page = administration.get(session.get_absolute_url())
    assert [each.measure for each in page.context["pending"]] == [measure]
    [box] = page.content.decode().split('class="publish__list">')[1:]
    listed = " ".join(strip_tags(box.split("</ul>")[0]).split())
    assert listed == f"{measure}: accepted · 5 in favour, 3 against, 1 abstained"


def test_what_was_corrected_before_anybody_knew_of_it_stays_unpublished(
    administration, session, measure
):
    wrong = decide(session, measure, reason="Falsch.", is_published=False)
    right = decide(session, measure, corrects=wrong, is_published=False)
    assert publish(administration, session)[1] == "1 decision is published."
    wrong.refresh_from_db()
    right.refresh_from_db()
    assert (wrong.is_pending, right.is_pending) == (True, False)


def test_a_published_correction_replaces_the_old_entry_for_everybody(
    administration, session, measure
):
    old = decide(session, measure)
    new = decide(session, measure, corrects=old, reason="Neu.", is_published=False)
    publish(administration, session)
    assert list(session.decisions.published().standing(with_pending=False)) == [new]


def test_nothing_is_published_before_the_day_of_its_session(
    administration, workshop, measure, at, monkeypatch
):
    at("deliberating")
    today = date(2020, 10, 21)
    monkeypatch.setattr(timezone, "localdate", lambda: today)
    session = hold(workshop, measure)
    decision = decide(session, measure, is_published=False)
    told = "This session is still to come. Its decisions can be published from Oct. 22, 2020 on."
    assert publish(administration, session) == (session.get_absolute_url(), told)
    url = reverse("measures:session-publish", args=[workshop.pk, session.pk])
    page = administration.get(session.get_absolute_url()).content.decode()
    assert "1 decision is pending. It can be published from Oct. 22, 2020 on." in page
    assert (url in page, Decision.objects.get() == decision) == (False, True)
    assert Decision.objects.get().is_pending
    today = session.date
    assert publish(administration, session)[1] == "1 decision is published."


def test_pages_know_that_something_changed(administration, session, workshop, measure):
    decide(session, measure, is_published=False)
    workshop.revision.refresh_from_db()
    before = workshop.revision.number
    publish(administration, session)
    workshop.revision.refresh_from_db()
    assert workshop.revision.number == before + 1


def test_the_hash_does_not_cover_the_publication(administration, session, measure):
    decision = decide(session, measure, is_published=False)
    publish(administration, session)
    page = administration.get(decision.get_absolute_url())
    assert page.context["faults"] == []
