"""Before the rating is closed: what the page tells, and that only its button closes anything."""

import re
from html import unescape

import pytest
from django.urls import reverse

from measures.models import Measure
from tests.deciding import in_english
from tests.markup import before_outbox
from tests.rating import count_paper, save_rating
from workshops.models import Workshop
from workshops.phases import Phase

RULE = (
    "When the rating ends, groups with fewer than 5 ballots lose their name on the ballots, for"
    " good."
)


@pytest.fixture
def rating(workshop, measure, at):
    return at(Phase.RATING)


@pytest.fixture
def lead(facilitator, signed_in):
    return in_english(signed_in(facilitator))


def url(name: str, workshop: Workshop, *args) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


def told(client, workshop: Workshop) -> list[str]:
    html = client.get(url("rating-close", workshop)).content.decode()
    facts = html.partition('<ul class="kern-list kern-list--bullet">')[2].partition("</ul>")[0]
    return [unescape(" ".join(each.split())) for each in re.findall(r"<li>(.*?)</li>", facts, re.S)]


def test_the_page_tells_how_far_the_rating_is_and_what_closing_does_to_small_groups(
    rating, lead, measure, measure_two, ballots
):
    rating.rounds.get().offers.create(measure=measure_two)
    council, townsfolk = ballots(2, "Rat"), ballots(1)
    for ballot in [*council, *townsfolk]:
        save_rating(ballot, measure, relevance=4, feasibility=2)
    save_rating(council[0], measure_two, relevance=4, feasibility=2)
    count_paper(measure=measure_two, criterion="relevance", step=1, count=2)
    assert told(lead, rating) == [
        "1 of 2 measures have enough ratings.",
        "There are ratings on 3 ballots.",
        "Up to 2 sheets of paper have been entered for each measure.",
        RULE,
    ]


def test_before_anybody_has_rated_the_page_says_so(rating, lead):
    assert told(lead, rating) == [
        "0 of 1 measure has enough ratings.",
        "There are ratings on 0 ballots.",
        "No sheet of paper has been entered.",
        RULE,
    ]


def test_it_counts_nothing_that_the_day_and_the_list_of_rounds_do_not_tell(
    rating, lead, measure, ballots
):
    for ballot in ballots(4):
        save_rating(ballot, measure, relevance=4, feasibility=2)
    count_paper(measure=measure, criterion="relevance", step=1, count=2)
    page, day, rounds = (
        lead.get(url(name, rating)).context
        for name in ("rating-close", "workshop-day", "round-list")
    )
    [(round, _offered, sheets)] = rounds["rounds"]
    assert page["counts"] == day["counts"]
    assert (page["ballots"], page["sheets"]) == (round.people, sheets) == (4, 2)


def test_a_further_round_without_a_rating_will_be_dropped(rating, lead, measure, ballots, at):
    rating.rounds.update(state="shown", smallest_room=3)
    round = rating.rounds.create(number=2, state="open")
    round.offers.create(measure=measure)
    assert told(lead, rating)[-1] == "Nothing has been rated in round 2, so it will be dropped."
    [ballot] = ballots(1)
    save_rating(ballot, measure, relevance=4, feasibility=2)
    assert told(lead, rating)[-1] == RULE


def test_looking_changes_nothing_and_the_button_closes(rating, lead):
    html = before_outbox(lead.get(url("rating-close", rating)))
    rating.refresh_from_db()
    assert (rating.phase, rating.rounds.get().state) == (Phase.RATING, "open")
    buttons = re.findall(r'kern-btn--(\w+)"[^>]*>\s*<span class="kern-label">([^<]+)<', html)
    assert buttons == [
        ("primary", "Close in two minutes"), ("secondary", "Close now"), ("tertiary", "Not yet"),
    ]  # fmt: skip
    sent = dict(re.findall(r'name="(from|to)"\s+value="(\w+)"', html))
    lead.post(url("phase-move", rating), sent)
    rating.refresh_from_db()
    assert (rating.phase, rating.rounds.get().state) == (Phase.DELIBERATING, "closed")


def test_the_day_and_the_list_of_rounds_ask_before_they_close(rating, lead):
    for name in ("workshop-day", "round-list"):
        html = lead.get(url(name, rating)).content.decode()
        moves = re.findall(r'name="to"\s+value="(\w+)"', html)
        assert (url("rating-close", rating) in html, "deliberating" in moves) == (True, False)


@pytest.mark.parametrize("phase", [each for each in Phase if each != Phase.RATING])
def test_where_nobody_rates_the_day_says_what_comes_next(phase, workshop, lead, measure, at):
    at(phase)
    assert lead.get(url("rating-close", workshop))["Location"] == workshop.get_absolute_url()


def test_the_page_takes_the_same_queries_for_one_measure_and_for_three(
    rating, lead, measure, ballots, django_assert_num_queries
):
    voters = ballots(3)
    for ballot in voters:
        save_rating(ballot, measure, relevance=4, feasibility=2)
    with django_assert_num_queries(20):
        lead.get(url("rating-close", rating))
    for name in ("Hafen", "Weinbau"):
        field = rating.fields.create(name=name)
        extra = Measure.objects.create(workshop=rating, field=field, title=name)
        for ballot in voters:
            save_rating(ballot, extra, relevance=4, feasibility=2)
    with django_assert_num_queries(20):
        assert lead.get(url("rating-close", rating)).context["counts"]["rated"] == 3
