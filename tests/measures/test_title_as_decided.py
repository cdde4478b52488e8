"""A decision is listed under the title that was decided on, with today's beside it."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from measures.models import Decision, Measure
from tests.deciding import decide, hold, in_english


@pytest.fixture
def session(workshop, measure, at):
    at("deliberating")
    workshop.is_public = True
    workshop.save(update_fields=["is_public"])
    return hold(workshop, measure)


@pytest.fixture
def room(signed_in, participant):
    return in_english(signed_in(participant))


def rename(measure: Measure, title: str) -> None:
    Measure.objects.filter(pk=measure.pk).update(title=title)
    measure.workshop.save()  # so that what is kept of the public page is drawn anew


def words(html: str) -> str:
    return " ".join(strip_tags(html).split())


def on_session(room, session) -> str:
    page = room.get(session.get_absolute_url()).content.decode()
    return words(re.search(r'<p class="agenda__title">.*?</p>', page, re.S)[0])


DECIDED = "Decided by Digitalausschuss, Oct. 22, 2020"


def in_public(client, workshop) -> str:
    page = client.get(f"{reverse('measures:public-page', args=[workshop.pk])}?lang=en")
    html = page.content.decode()
    return words(re.search(r'<div id="decision-.*?</div>', html, re.S)[0])


def test_a_renamed_measure_stands_on_the_session_as_it_was_decided(room, session, measure):
    """Seen: only the new title, on which nobody had voted."""
    assert on_session(room, session) == "M1 WLAN"
    decide(session, measure)
    assert on_session(room, session) == "M1 WLAN"
    rename(measure, "Funknetz")
    assert on_session(room, session) == "M1 WLAN (today: Funknetz)"


def test_so_it_does_where_its_point_has_left_the_agenda(room, session, measure):
    decide(session, measure)
    session.items.all().delete()
    rename(measure, "Funknetz")
    page = room.get(session.get_absolute_url()).content.decode()
    part = page.split('id="also-decided"')[1]
    assert words(re.search("<p>.*?</p>", part, re.S)[0]) == "WLAN (today: Funknetz)"


def test_before_a_decision_the_title_is_that_of_today(room, session, measure):
    rename(measure, "Funknetz")
    assert on_session(room, session) == "M1 Funknetz"


def test_the_public_reads_what_was_decided_on(client, session, measure, workshop):
    decide(session, measure)
    assert in_public(client, workshop) == DECIDED
    rename(measure, "Funknetz")
    assert in_public(client, workshop) == f"{DECIDED} The title was then “WLAN”."


def test_the_public_reads_which_duplicate_was_decided_on(
    client, session, measure, measure_two, workshop
):
    decide(session, measure)
    Measure.objects.filter(pk=measure.pk).update(title="Funknetz", merged_into=measure_two)
    workshop.save()
    assert in_public(client, workshop) == (
        f"{DECIDED} Decided on M1 “WLAN”, which has been merged into this measure since."
    )


def test_the_measures_own_page_says_under_which_title(room, session, measure):
    decide(session, measure)
    told = "Decided under the title “WLAN”."
    assert words(room.get(measure.get_absolute_url()).content.decode()).count(told) == 0
    rename(measure, "Funknetz")
    assert words(room.get(measure.get_absolute_url()).content.decode()).count(told) == 1


@pytest.mark.parametrize("forged", ["", "[]", '{"measure":7}', '{"measure":{"title":[1]}}'])
def test_a_forged_snapshot_leaves_the_title_of_today(client, room, session, measure, forged):
    decision = decide(session, measure)
    Decision.objects.filter(pk=decision.pk).update(snapshot=forged)
    assert on_session(room, session) == "M1 WLAN"
    assert in_public(client, measure.workshop) == DECIDED
