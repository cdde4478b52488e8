"""Three sentences above the picture, and the list beside it."""

import json
import re
from datetime import date
from fractions import Fraction
from uuid import uuid4

import pytest
from django.urls import reverse

from measures.models import Measure, Outcome, StatusEntry
from measures.overview import overview_of
from measures.prioritisation import PrioritisedMeasure, Spread
from measures.results.answers import firm_top, step_words
from measures.results.became import Became, became_of
from measures.results.concord import Concord, concord_of
from measures.results.ranks import fractions_of
from tests.deciding import decide, hold, in_english
from tests.rating import save_rating
from workshops.visits import Visit

TODAY = date(2020, 12, 1)


@pytest.fixture
def url(workshop) -> str:
    return reverse("measures:dashboard", args=[workshop.pk])


@pytest.fixture
def three(workshop, field, ballots, at) -> dict[str, Measure]:
    """WLAN 5/5, Bus 4/4, Rad 2/2, each by five people."""
    found = {}
    for title, value in (("WLAN", 5), ("Bus", 4), ("Rad", 2)):
        measure = Measure.objects.create(workshop=workshop, field=field, title=title)
        for ballot in ballots(5):
            save_rating(ballot, measure, relevance=value, feasibility=value)
        found[title] = measure
    at("deliberating")
    return found


@pytest.fixture
def council(signed_in, committee_member):
    return in_english(signed_in(committee_member))


def answers(response) -> list[str]:
    page = response.content.decode()
    strip = re.search(r'<ul[^>]*class="answers".*?</ul>', page, re.S)
    texts = re.findall(r"<span>(.*?)</span>", strip[0], re.S) if strip else []
    return [" ".join(re.sub(r"<[^>]*>", "", text).split()) for text in texts]


def listed(response) -> list[str]:
    """Return each row of the list as it is read out."""
    page = response.content.decode()
    rows = re.findall(r'<li class="ranks__row.*?</li>', page, re.S)
    texts = [re.sub(r"<svg.*?</svg>", "", row, flags=re.S) for row in rows]
    return [" ".join(re.sub(r"<[^>]*>", " ", text).split()) for text in texts]


# The answers ------------------------------------------------------------------------------------


def test_what_comes_first_and_by_how_far(three, council, url):
    assert answers(council.get(url))[0] == (
        "WLAN leads, 1.00 points ahead of rank 2, and is not decided yet."
    )


def test_equal_ones_share_the_lead(three, council, url, ballots):
    for rating in three["Bus"].ratings.all():
        rating.delete()
    for ballot in ballots(5):
        save_rating(ballot, three["Bus"], relevance=5, feasibility=5)
    assert answers(council.get(url))[0] == "WLAN and 1 other share rank 1."


def test_of_what_is_open_the_best_is_named_with_its_rank(workshop, three, council, url):
    decide(hold(workshop, three["WLAN"]), three["WLAN"], has_basis=False)
    assert answers(council.get(url, {"view": "all"}))[0] == (
        "WLAN leads, 1.00 points ahead of rank 2, and is accepted."
    )
    assert answers(council.get(url, {"status": "open"}))[0] == (
        "Bus comes first here (rank 2), 2.00 points ahead of the next; not decided yet."
    )


def test_once_everything_is_decided_the_line_says_what_is_left_to_do(workshop, three, council, url):
    session = hold(workshop, *three.values())
    for measure in three.values():
        decide(session, measure, has_basis=False)
    assert answers(council.get(url, {"view": "all"}))[0] == (
        "All 3 measures are decided; 3 to be done, 0 overdue."
    )


def test_how_sure_comes_later_and_is_kept_then(three, council, url):
    assert answers(council.get(url))[1] == "How firm is this order?"
    later = council.get(reverse("measures:rank-list", args=[three["WLAN"].workshop_id]))
    told = "The first 2 stay in front with other people, too; from rank 3 it is close."
    assert answers(later)[1] == answers(council.get(url))[1] == told


def test_where_nobody_disagrees_the_third_answer_says_so(three, council, url):
    assert answers(council.get(url))[2] == "Nowhere markedly, as far as enough people rated."


def test_without_any_result_there_is_no_answer(workshop, council, url, at):
    at("deliberating")
    assert answers(council.get(url)) == []


@pytest.mark.parametrize(
    ("worst", "firm"),
    [
        ([2, 3, 3, 7, 9], 3), ([1, 3, 3, 9], 3), ([1, 4, 4, 4], 1), ([4, 4, 4, 4], 0), ([], 0),
        ([1], 0), ([None, 1], 0), ([1, 2, 3, 4, 5, 6, 7], 5), ([2, 2], 0),
    ],
)  # fmt: skip
def test_the_firm_top_ends_where_its_ranges_end(worst, firm):
    assert firm_top(worst) == firm


def test_a_mean_is_said_in_the_words_of_the_step_next_to_it():
    words = step_words({"relevance": ["low", "middle", "high"]})
    said = [words("relevance", mean) for mean in (1.0, 1.49, 1.5, 2.5)]
    assert said == ["low", "low", "middle", "high"]
    assert words("feasibility", 1.2) == "1"


def test_where_too_few_rated_nothing_is_said_of_ranges(workshop, three, council):
    workshop.smallest_group = 6
    workshop.save()
    later = council.get(reverse("measures:rank-list", args=[workshop.pk]))
    assert answers(later)[1] == "Too few people rated to tell."
    assert listed(later)[0] == "Rank 1 WLAN open"


# The list ---------------------------------------------------------------------------------------


def test_a_row_says_rank_range_title_agreement_and_decision(workshop, three, council, url):
    session = hold(workshop, *three.values())
    decide(session, three["WLAN"], outcome="amended", wording="WLAN im Bus.", has_basis=False)
    decide(
        session, three["Bus"], outcome="deferred", deferred_until=date(2020, 12, 24),
        has_basis=False,
    )  # fmt: skip
    list_url = reverse("measures:rank-list", args=[workshop.pk])
    assert listed(council.get(list_url, {"view": "all"})) == [
        "Rank 1 Rank range 1 WLAN agreed amended no report yet",
        "Rank 2 Rank range 2 Bus agreed deferred until 12/24/2020",
        "Rank 3 Rank range 3 Rad agreed open",
    ]


def test_what_is_pending_is_open_for_those_who_do_not_know_of_it(
    workshop, three, council, url, signed_in, participant
):
    decide(hold(workshop, three["WLAN"]), three["WLAN"], is_published=False, has_basis=False)
    room = in_english(signed_in(participant))
    assert listed(room.get(url))[0] == "Rank 1 WLAN agreed open"
    assert listed(council.get(url, {"view": "all"}))[0] == (
        "Rank 1 WLAN agreed accepted no report yet"
    )
    assert "sign--accepted" not in room.get(url).content.decode()


def test_the_filter_by_decision_counts_what_it_would_show(workshop, three, council, url):
    decide(hold(workshop, three["WLAN"]), three["WLAN"], outcome="rejected", has_basis=False)
    for status, titles, counts in (
        ("open", ["Bus", "Rad"], ["3", "2", "1"]),
        ("decided", ["WLAN"], ["3", "2", "1"]),
        ("rejected", ["WLAN"], ["3", "2", "1"]),
        ("accepted", [], ["3", "2", "1"]),
    ):
        page = council.get(url, {"status": status})
        found = re.findall(r'id="count-\w+"[^>]*>(\d+)<', page.content.decode())
        shown = [re.search(r"(WLAN|Bus|Rad)", row)[0] for row in listed(page)]
        assert (status, shown, found) == (status, titles, counts)


def test_what_became_of_measures_is_asked_with_one_query(
    workshop, three, committee_member, django_assert_num_queries
):
    session = hold(workshop, *three.values())
    decide(session, three["WLAN"], due_date=date(2020, 11, 30), has_basis=False)
    decide(session, three["Bus"], outcome="rejected", has_basis=False)
    StatusEntry.objects.create(
        measure=three["WLAN"], date=date(2020, 11, 1), state="running", sentence="Läuft.",
        percent=45, client_id=uuid4(),
    )  # fmt: skip
    visit = Visit(workshop, committee_member, frozenset({"committee"}), None)
    with django_assert_num_queries(1):
        found = became_of(visit, today=TODAY)
    assert found == {
        three["WLAN"].pk: Became(Outcome.ACCEPTED, None, "running", 45, 1),
        three["Bus"].pk: Became(Outcome.REJECTED),
    }
    assert [found[three[title].pk].is_awaited for title in ("WLAN", "Bus")] == [True, False]


def test_fractions_are_the_means_and_tell_not_how_many_judged(workshop, three, ballots):
    save_rating(ballots(6)[5], three["Rad"], relevance=5, feasibility=None)
    fractions = {row[0]: row[1:] for row in fractions_of(overview_of(workshop))}
    assert fractions == {
        three["WLAN"].pk: (5, 1, 5, 1),
        three["Bus"].pk: (4, 1, 4, 1),
        three["Rad"].pk: (5, 2, 2, 1),
    }
    assert Fraction(5, 2) == Fraction(5 * 2 + 5, 6)


def test_the_page_brings_the_fractions_of_all_also_of_what_a_filter_hides(three, council, url):
    page = council.get(url, {"q": "wl"}).content.decode()
    text = re.search(r'id="rank-fractions"[^>]*>(.*?)</script>', page)[1]
    assert ([row[0] for row in json.loads(text)], len(listed(council.get(url, {"q": "wl"})))) == (
        [three[title].pk for title in ("WLAN", "Bus", "Rad")], 1,
    )  # fmt: skip


def spread(agreement: float | None) -> Spread:
    return Spread(5, 3.0, 3, 2, 4, (1, 1, 1, 1, 1), agreement)


@pytest.mark.parametrize(
    ("relevance", "feasibility", "word"),
    [
        (0.6, 1.0, Concord.AGREED), (0.9, 0.599, Concord.MIXED), (0.3, 0.9, Concord.MIXED),
        (0.29, 0.9, Concord.SPLIT), (-0.5, 0.2, Concord.SPLIT), (None, 0.9, None),
    ],
)  # fmt: skip
def test_the_word_comes_from_the_criterion_that_people_agree_on_less(relevance, feasibility, word):
    result = PrioritisedMeasure(1, 5, spread(relevance), spread(feasibility), 3.0, 1, None)
    told = concord_of(result)
    assert (told and told[0]) == word
    if told:
        assert told[1].agreement == min(relevance, feasibility)
