"""A round is closed and nobody has seen its results: every page says so, to each what helps."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from measures.models import Measure
from tests.deciding import in_english
from tests.rating import close, save_rating
from workshops.models import Workshop


@pytest.fixture
def closed(workshop, measure, ballots, at) -> Workshop:
    at("rating")
    for ballot in ballots(5):
        save_rating(ballot, measure, relevance=5, feasibility=1)
    close(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(phase="deliberating")
    return Workshop.objects.get(pk=workshop.pk)


def url(name: str, workshop, *args) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


def content(response) -> str:
    """Return what stands below the headings, as plain text."""
    page = response.content.decode().split("</header>")[-1].split("<footer")[0]
    return " ".join(strip_tags(page).split())


SAID = (
    "The results have not been shown yet Round 1 of rating is closed. As soon as the facilitator"
    " shows its results, everybody in this workshop sees them here."
)


@pytest.mark.parametrize("name", ["dashboard", "stability"])
def test_instead_of_an_empty_ranking_the_page_says_that_nothing_is_shown_yet(
    name, closed, signed_in, facilitator, committee_member, participant
):
    """Seen: "0 of 10 measures", "Nobody has rated these measures yet", beside all filters."""
    for person, button in ((facilitator, True), (committee_member, False), (participant, False)):
        page = in_english(signed_in(person)).get(url(name, closed))
        html = page.content.decode()
        assert (page.status_code, SAID in content(page)) == (200, True)
        assert (url("round-show", closed, 1) in html) is button
        found = [text in html for text in ('id="filters"', "measures are in", "Nobody has rated")]
        assert found == [False] * 3


def test_once_shown_the_filters_and_the_ranking_are_there(closed, signed_in, facilitator):
    lead = in_english(signed_in(facilitator))
    lead.post(url("round-show", closed, 1))
    page = lead.get(url("dashboard", closed))
    html = page.content.decode()
    assert ('id="filters"' in html, SAID in content(page)) == (True, False)
    assert "1 of 1 measures is in the ranking" in content(page)


def test_the_overview_leads_the_facilitator_to_showing_and_tells_the_others(
    closed, signed_in, facilitator, administrator, committee_member, participant
):
    told = "Round 1 of rating is closed. Its results appear as soon as the facilitator shows them."
    page = in_english(signed_in(facilitator)).get(url("workshop-day", closed))
    assert page.context["actions"][0].url == url("round-show", closed, 1)
    assert content(page).count(told) == 0
    for person in (administrator, committee_member, participant):
        page = in_english(signed_in(person)).get(url("workshop-day", closed))
        assert page.context["actions"][0].url == url("measure-list", closed)
        assert content(page).count(told) == 1


def test_with_an_older_result_there_is_something_to_look_at(
    closed, signed_in, facilitator, participant, measure
):
    lead, phone = in_english(signed_in(facilitator)), in_english(signed_in(participant))
    lead.post(url("round-show", closed, 1))
    chosen = {"number": 2, "which": "picked", "measures": measure.pk}
    lead.post(url("round-add", closed), chosen)
    close(closed)
    Workshop.objects.filter(pk=closed.pk).update(phase="deliberating")
    page = phone.get(url("workshop-day", closed))
    assert page.context["actions"][0].url == url("dashboard", closed)
    assert 'id="filters"' in phone.get(url("dashboard", closed)).content.decode()


def test_a_round_by_itself_lists_apart_what_was_not_part_of_it(
    closed, signed_in, facilitator, measure, measure_two, field, ballots
):
    """Seen: ``?round=2`` said of all other measures that fewer than 3 people had judged them."""
    lead = in_english(signed_in(facilitator))
    lead.post(url("round-show", closed, 1))
    rad = Measure.objects.create(workshop=closed, field=field, title="Rad")
    chosen = {"number": 2, "which": "picked", "measures": [measure.pk, rad.pk]}
    lead.post(url("round-add", closed), chosen)
    voters = ballots(5)
    for ballot in voters:
        save_rating(ballot, measure, relevance=5, feasibility=5)
    save_rating(voters[0], rad, relevance=5, feasibility=5)
    close(closed)
    Workshop.objects.filter(pk=closed.pk).update(phase="deliberating")
    lead.post(url("round-show", closed, 2))
    text = content(lead.get(f"{url('dashboard', closed)}?round=2"))
    few, others = text.split("Too few ratings (1)")[1].split("Not part of this round (1)")
    assert ("M3 Rad" in few, "M2 Bus" in few) == (True, False)
    assert ("M3 Rad" in others, "M2 Bus" in others) == (False, True)
    text = content(lead.get(url("dashboard", closed)))
    assert ("Not part of this round" in text, "in the ranking (2)" in text) == (False, True)


def test_what_cannot_be_shown_of_a_group_is_not_called_unrated(closed, signed_in, facilitator):
    lead = in_english(signed_in(facilitator))
    lead.post(url("round-show", closed, 1))
    group = closed.groups.get(name="Rat")
    text = content(lead.get(f"{url('dashboard', closed)}?lens=group-{group.pk}"))
    told = (
        "Nothing of this group can be shown here Fewer than 5 people of this group judged these"
        " measures, or a smaller group could be worked out."
    )
    found = [each in text for each in (told, "Nobody has rated", "Without a place in the ranking")]
    assert found == [True, False, False]
