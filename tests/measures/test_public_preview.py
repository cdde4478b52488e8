"""The administration's preview and switch of the public page."""

import re

import pytest

from measures.models import Measure
from tests.deciding import decide as decide_upon
from tests.deciding import hold
from tests.measures.publishing import address, part, rate, read, words
from workshops.models import Workshop


def test_the_preview_shows_exactly_what_would_be_public(
    workshop, measure, town_hall, client, ballots, at
):
    at("deliberating")
    rate(measure, ballots(5), *[(5, 5)] * 5)
    preview = town_hall.get(address("public-preview", workshop)).content.decode()
    town_hall.post(address("public-switch", workshop), {"public": "yes"})
    page = client.get(address("public-page", workshop) + "?lang=en").content.decode()
    head = re.search(r'<p class="public-facts.*?(?=<form)', page, re.S)[0].rstrip()
    tail = re.search(r'<details class="public-more" id="reading">.*</details>', page, re.S)[0]
    # But for the links to pages that are not there before it is switched on.
    cards = re.findall(r'<details class="public-card.*?(?=<p class="public-own">)', page, re.S)
    assert len(cards) == 1
    assert [part in preview for part in (head, *cards, tail)] == [True] * 3
    matrix = client.get(address("public-matrix", workshop) + "?lang=en").content.decode()
    assert re.search(r'<svg class="matrix.*?</svg>', matrix, re.S)[0] in preview


def untold(response) -> list[str]:
    """Return the sentences between the switch and what is folded."""
    html = response.content.decode().partition("public-switch")[2].partition("</section>")[2]
    return [words(each) for each in re.findall(r"<p>.*?</p>", html.partition("<details")[0], re.S)]


def test_the_preview_says_first_why_the_inside_counts_more_decisions(public, secrets, town_hall):
    assert untold(town_hall.get(address("public-preview", public))) == [
        "1 decision is not published yet. Until then the page shows its measure without it.",
        "1 published decision is missing that was made without the public. Whether and how to tell"
        " it is for the administration to decide.",
    ]


def test_the_preview_of_a_page_that_tells_all_decisions_says_nothing_of_the_kind(
    public, measure, session, decide, town_hall
):
    decide(session, measure, "accepted")
    assert untold(town_hall.get(address("public-preview", public))) == []


def test_the_preview_says_what_is_left_out_and_why(public, secrets, town_hall):
    response = town_hall.get(address("public-preview", public))
    told = re.findall(r"<dt>(.*?)</dt>", response.content.decode().partition("left-out")[2])
    assert told[:8] == [
        "Values, rank and mark of 1 measure",
        "1 internal remark",
        "2 measures that were removed or merged",
        "Profiles of the measures",
        "Ratings of groups, distributions and medians",
        "Names and e-mail addresses",
        "Place, hosts, notes on the budget, percentages and links to evidence",
        "Reasons given",  # of the preview itself
    ]


@pytest.mark.parametrize("phase", ["collecting", "rating"])
def test_the_preview_says_that_no_result_has_been_shown(
    workshop, measure, town_hall, ballots, at, phase
):
    at(phase)
    rate(measure, ballots(5), *[(5, 5)] * 5)
    told = part(town_hall.get(address("public-preview", workshop)), "left-out", "details")
    assert "All values, ranks and the matrix No result has been shown yet." in told
    assert "of 1 measure" not in told


def test_only_decisions_that_can_be_published_here_are_called_pending(
    workshop, measure, measure_two, town_hall, at
):
    at("deliberating")
    session, closed = hold(workshop), hold(workshop, is_public=False)
    decide_upon(closed, measure, is_published=False)
    wrong = decide_upon(session, measure_two, is_published=False)
    decide_upon(session, measure_two, corrects=wrong, is_published=False)
    gone = Measure.objects.create(workshop=workshop, field=measure.field, title="Fähre")
    decide_upon(session, gone, is_published=False)
    Measure.objects.filter(pk=gone.pk).update(is_removed=True)
    assert untold(town_hall.get(address("public-preview", workshop))) == [
        "1 decision is not published yet. Until then the page shows its measure without it."
    ]


def test_the_preview_takes_the_same_queries_whatever_is_left_out(
    public, measure, town_hall, session, decide, remark, ballots, django_assert_num_queries
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    url = address("public-preview", public)
    with django_assert_num_queries(29):
        town_hall.get(url)
    for title in ("Bus", "Bahn"):
        extra = Measure.objects.create(workshop=public, field=measure.field, title=title)
        decide(session, extra, "accepted", is_published=False)
        remark(extra, "Wozu?")
    with django_assert_num_queries(29):
        town_hall.get(url)


def test_the_administration_switches_it_on_and_off_and_the_history_knows(
    workshop, measure, town_hall, client, administrator
):
    page, switch = address("public-page", workshop), address("public-switch", workshop)
    for wish, status in (("yes", 200), ("no", 404), ("yes", 200)):
        response = town_hall.post(switch, {"public": wish}, follow=True)
        assert response.redirect_chain == [(address("public-preview", workshop), 302)]
        assert client.get(page).status_code == status
    changes = workshop.history.filter(history_user=administrator).order_by("history_id")
    assert [each.is_public for each in changes] == [True, False, True]


def test_a_double_click_changes_nothing(workshop, measure, town_hall):
    switch = address("public-switch", workshop)
    town_hall.post(switch, {"public": "yes"})
    before = (Workshop.objects.get().revision.number, workshop.history.count())
    town_hall.post(switch, {"public": "yes"})
    assert (Workshop.objects.get().revision.number, workshop.history.count()) == before


@pytest.mark.parametrize("sent", [{}, {"public": ""}, {"public": "maybe"}, {"public": "True"}])
def test_another_word_switches_nothing(workshop, town_hall, sent):
    assert town_hall.post(address("public-switch", workshop), sent).status_code == 400
    assert not Workshop.objects.get().is_public


def test_the_switch_makes_no_text_out_of_date(workshop, town_hall):
    """Somebody edits the settings meanwhile: a switch is no new version of the texts."""
    town_hall.post(address("public-switch", workshop), {"public": "yes"})
    assert Workshop.objects.get().version == workshop.version


def test_the_preview_offers_the_frame_only_where_a_site_may_use_it(public, town_hall, settings):
    url = address("public-preview", public)
    assert "&lt;iframe" not in town_hall.get(url).content.decode()
    settings.PUBLIC_FRAME_ANCESTORS = ["https://www.example.org"]
    said = read(town_hall.get(url))
    assert "https://www.example.org" in said
    assert f"&lt;iframe src=&quot;http://testserver{address('public-matrix', public)}&quot;" in (
        said.replace('"', "&quot;")
    )
