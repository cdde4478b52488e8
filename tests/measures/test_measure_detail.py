"""One measure with everything known."""

import re
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from measures.catalogue import figures
from measures.models import AgendaItem, Measure, StatusEntry
from measures.prioritisation import PrioritisedMeasure, Scale, Spread
from measures.results.kept import Busy
from tests.deciding import decide, hold, in_english, release
from tests.markup import compact
from tests.measures.publishing import words
from tests.rating import agree_on, count_paper, save_rating
from workshops.phases import Phase


def url(workshop, name: str = "measure-detail", *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def detail(client, workshop, number: int = 1):
    return client.get(url(workshop, "measure-detail", number))


def test_ratings_are_shown_to_everybody_when_rating_is_over_and_to_nobody_before(
    workshop, measure, at, signed_in, facilitator, participant, committee_member
):
    clients = [signed_in(person) for person in (facilitator, participant, committee_member)]
    found = {}
    for phase in Phase:
        at(phase)
        found[phase] = [detail(c, workshop).context["rated"] is not None for c in clients]
    assert found == {
        Phase.PREPARING: [False, False, False],
        Phase.COLLECTING: [False, False, False],
        Phase.RATING: [False, False, False],
        Phase.DELIBERATING: [True, True, True],
        Phase.CLOSED: [True, True, True],
    }


def test_the_distribution_says_how_the_room_rated(
    workshop, measure, at, ballots, signed_in, committee_member
):
    pairs = [*[(5, 1)] * 4, (4, 1), (4, None), (None, None)]
    for ballot, pair in zip(ballots(7), pairs, strict=True):
        save_rating(ballot, measure, relevance=pair[0], feasibility=pair[1])
    count_paper(measure=measure, criterion="relevance", step=5, count=2)
    at("deliberating")
    page = detail(signed_in(committee_member), workshop)
    rated = page.context["rated"]
    relevance = rated.row.result.relevance
    assert (relevance.n, relevance.mean, relevance.median) == (8, 4.75, 5.0)
    assert re.findall(r'class="histogram"[^>]* aria-label="(.*?)"', page.content.decode()) == [
        "Stufe 4: 2 (25 %), Stufe 5: 6 (75 %)",
        "Stufe 1: 5 (100 %)",
    ]
    assert rated.abstained == {"relevance": 1, "feasibility": 2}
    assert (rated.row.result.rank, rated.row.result.n, rated.ranked) == (1, 8, 1)


def test_the_agreed_pair_stands_beside_the_mean(
    workshop, measure, at, ballots, signed_in, committee_member
):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=2, feasibility=2)
    agree_on(measure=measure, relevance=5, feasibility=None)
    at("deliberating")
    row = detail(signed_in(committee_member), workshop).context["rated"].row
    assert (row.consensus, row.result.relevance.mean, row.gap) == ((5, None), 2, 3)


def test_a_group_is_shown_from_the_smallest_size_on_and_only_when_nobody_can_subtract(
    workshop, measure, at, ballots, signed_in, committee_member
):
    others = ballots(5, "Verwaltung")
    for ballot in [*ballots(5, "Rat"), others[0]]:
        save_rating(ballot, measure, relevance=4, feasibility=4)
    for ballot in others[1:]:
        save_rating(ballot, measure, relevance=None, feasibility=None)
    at("deliberating")
    client = signed_in(committee_member)
    page = detail(client, workshop)
    rated = page.context["rated"]
    assert (rated.by_group, rated.hidden_groups) == ({}, True)
    assert (page.context["figures"].lines, "multiples" in page.content.decode()) == ([], False)
    for ballot in others[1:]:
        save_rating(ballot, measure, relevance=1, feasibility=1)
    rated = detail(client, workshop).context["rated"]
    assert [(group.name, result.n) for group, result in rated.by_group.items()] == [
        ("Rat", 5),
        ("Verwaltung", 5),
    ]
    assert rated.hidden_groups is False


def test_a_removed_measure_and_an_unknown_number_are_not_found(
    workshop, measure, signed_in, facilitator
):
    client = signed_in(facilitator)
    assert detail(client, workshop, 2).status_code == 404
    Measure.objects.filter(pk=measure.pk).update(is_removed=True)
    assert detail(client, workshop).status_code == 404


def test_the_measure_says_what_was_merged_into_it(
    workshop, measure, measure_two, signed_in, facilitator
):
    measure_two.merge_into(measure)
    client = signed_in(facilitator)
    assert list(detail(client, workshop).context["duplicates"]) == [measure_two]
    response = detail(client, workshop, 2)
    assert (response.status_code, response["Location"]) == (302, measure.get_absolute_url())


def test_who_may_write_is_offered_the_forms_only_in_their_phase(
    workshop, measure, at, signed_in, facilitator, participant
):
    found = {}
    for phase in Phase:
        at(phase)
        seen = detail(signed_in(facilitator), workshop).context["visit"]
        found[phase] = (seen.may_describe, seen.may_capture)
    assert found == {
        Phase.PREPARING: (True, True),
        Phase.COLLECTING: (True, True),
        Phase.RATING: (False, False),
        Phase.DELIBERATING: (True, False),
        Phase.CLOSED: (False, False),
    }
    at(Phase.COLLECTING)
    seen = detail(signed_in(participant), workshop).context["visit"]
    assert (seen.may_describe, seen.may_capture) == (False, False)


def test_the_page_takes_the_same_queries_for_one_measure_and_for_three(
    workshop, measure, at, ballots, signed_in, facilitator, django_assert_num_queries
):
    at("deliberating")
    client = signed_in(facilitator)
    for ballot in ballots(5, "Rat"):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    with django_assert_num_queries(36):
        detail(client, workshop)
    for title in ("Bus", "Bahn"):
        extra = Measure.objects.create(workshop=workshop, field=measure.field, title=title)
        for ballot in ballots(5, "Rat"):
            save_rating(ballot, measure, relevance=3, feasibility=3)
            save_rating(ballot, extra, relevance=3, feasibility=3)
    with django_assert_num_queries(36):
        detail(client, workshop)


# What was decided -------------------------------------------------------------------------------

NEW = "WLAN nur am Rhein."
AMENDED = {"outcome": "amended", "wording": NEW, "has_basis": False}


@pytest.fixture
def session(workshop, measure, at):
    texts = {"description": "WLAN auf allen Plätzen.", "goal": None}
    Measure.objects.filter(pk=measure.pk).update(**texts)
    at("deliberating")
    return hold(workshop, measure)


def left(client, workshop) -> str:
    """Return the words of what was decided, before anything is unfolded."""
    page = detail(client, workshop).content.decode()
    part = page.split('<section class="measure__part"')[1].split("</section>")[0]
    shown = re.sub(r"(?s)(<details[^>]*>.*?</summary>).*?</details>", r"\1", part)
    return words(shown.partition(">")[2])


def head(client, workshop) -> str:
    """Return the head of the page with its title and what holds."""
    page = detail(client, workshop).content.decode()
    return page.split('<div class="measure-head__title">')[1].split("</div>")[0]


def lines(client, workshop) -> list[str]:
    """Return the words of the lines below the title: what holds, what is recommended."""
    found = re.findall(r'(?s)<p class="measure__line">(.*?)</p>', head(client, workshop))
    return [words(line) for line in found]


def test_the_decided_wording_stands_on_top_and_the_proposal_is_folded(
    workshop, measure, session, signed_in, participant
):
    client = in_english(signed_in(participant))
    votes = {"votes_for": 8, "votes_against": 1, "votes_abstained": 2}
    decide(session, measure, responsible="Amt 6", **votes, **AMENDED)
    assert left(client, workshop) == (
        "WLAN nur am Rhein."
        " As proposed in the workshop Reasons given Der Bedarf ist groß."
        " Vote 8 in favour, 1 against, 2 abstained"
        " Responsible Amt 6 Status no report yet"
    )
    assert "WLAN auf allen Plätzen." in detail(client, workshop).content.decode()


def test_what_was_accepted_reads_as_it_was_proposed(
    workshop, measure, session, signed_in, participant
):
    decide(session, measure, has_basis=False)
    assert left(in_english(signed_in(participant)), workshop) == (
        "WLAN auf allen Plätzen. Reasons given Der Bedarf ist groß. Status no report yet"
    )


def test_deciders_see_what_is_pending_beside_what_everybody_knows(
    workshop, measure, session, signed_in, participant, committee_member
):
    first = decide(session, measure, has_basis=False)
    decide(session, measure, corrects=first, is_published=False, **AMENDED)
    room, council = (in_english(signed_in(each)) for each in (participant, committee_member))
    known = left(room, workshop)
    assert known.startswith("WLAN auf allen Plätzen.")
    holds = ["In force: accepted Digitalausschuss, 10/22/2020"]
    assert [lines(each, workshop) for each in (room, council)] == [holds, holds]
    assert left(council, workshop) == (
        "amended not published yet Decision on M1 of 10/22/2020 WLAN nur am Rhein."
        f" corrected entry · Digitalausschuss {known}"
    )
    assert NEW not in detail(room, workshop).content.decode()


def test_a_later_rejection_leaves_the_proposal_and_the_amendment_in_the_history(
    workshop, measure, session, signed_in, participant
):
    decide(session, measure, **AMENDED)
    later = hold(workshop, measure, committee="Rat", date=date(2020, 12, 1))
    decide(later, measure, outcome="rejected", has_basis=False)
    client = in_english(signed_in(participant))
    assert left(client, workshop) == ("WLAN auf allen Plätzen. Reasons given Der Bedarf ist groß.")
    history = detail(client, workshop).content.decode().split("Earlier decisions")[1]
    assert NEW in history


def test_the_date_of_the_decision_and_that_of_a_report_stand_under_their_own_names(
    workshop, measure, session, signed_in, participant, committee_member
):
    client = in_english(signed_in(participant))
    today = timezone.localdate()
    decide(session, measure, due_date=today + timedelta(days=90), has_basis=False)
    with translation.override("en"):
        first, last = (date_format(today + timedelta(days=d)) for d in (-2, 90))
    facts = left(client, workshop).partition("Der Bedarf ist groß. ")[2]
    assert facts == f"Deadline {last} Status no report yet"
    StatusEntry.objects.create(
        measure=measure, date=today - timedelta(days=9), state="running", sentence="Es läuft.",
        next_due=today - timedelta(days=2), client_id=uuid4(),
    )  # fmt: skip
    facts = left(client, workshop).partition("Der Bedarf ist groß. ")[2].partition(" Status")[0]
    assert facts == f"Deadline {last} Next date {first} overdue by 2 days"


def test_an_open_measure_says_which_session_comes_next(
    workshop, measure, session, signed_in, participant, committee_member
):
    client = in_english(signed_in(committee_member))
    assert lines(client, workshop) == ["not decided yet"]
    proposed = "WLAN auf allen Plätzen. What comes next"
    assert left(client, workshop) == f"{proposed} No session is planned yet."
    day = timezone.localdate() + timedelta(days=30)
    coming = hold(workshop, committee="Rat", date=day)
    AgendaItem.objects.create(session=coming, field=measure.field, order=1)
    with translation.override("en"):
        told = f"Session of {date_format(day, 'DATE_FORMAT')} , Rat"
    assert left(client, workshop) == f"{proposed} {told}"
    decide(session, measure, outcome="deferred", deferred_until=day, has_basis=False)
    assert f"What comes next {told}" in left(client, workshop)
    decide(coming, measure, has_basis=False)
    assert "What comes next" not in left(client, workshop)


def test_before_results_the_page_says_what_it_is_about_and_nothing_of_decisions(
    workshop, measure, signed_in, participant, at
):
    at("rating")
    Measure.objects.filter(pk=measure.pk).update(description="WLAN auf allen Plätzen.")
    page = detail(in_english(signed_in(participant)), workshop)
    assert "What comes next" not in page.content.decode()
    assert page.context["rated"] is None
    assert lines(in_english(signed_in(participant)), workshop) == []
    assert left(in_english(signed_in(participant)), workshop).startswith("WLAN auf allen Plätzen.")


def test_the_wording_of_a_duplicate_says_on_which_measure_it_was_decided(
    workshop, measure, measure_two, session, signed_in, participant
):
    decide(hold(workshop, measure_two), measure_two, **AMENDED)
    measure_two.merge_into(measure)
    client = in_english(signed_in(participant))
    assert lines(client, workshop) == [
        "In force: amended Digitalausschuss, 10/22/2020 decided on M2"
    ]
    assert left(client, workshop).startswith("WLAN nur am Rhein.")


def test_a_recommendation_alone_is_called_one_and_gives_way_to_what_is_decided(
    workshop, measure, session, signed_in, participant
):
    client = in_english(signed_in(participant))
    advice = decide(session, measure, is_recommendation=True, has_basis=False)
    recommended = "Recommended: accepted Digitalausschuss, 10/22/2020"
    assert lines(client, workshop) == ["not decided yet", recommended]
    assert f'href="{advice.get_absolute_url()}"' in head(client, workshop)
    council = hold(workshop, measure, committee="Rat", date=date(2020, 12, 1))
    ruling = decide(council, measure, is_published=False, has_basis=False)
    assert lines(client, workshop) == ["not decided yet", recommended]
    release(ruling)
    assert lines(client, workshop) == ["In force: accepted Rat, 12/01/2020"]
    assert f'href="{ruling.get_absolute_url()}"' in head(client, workshop)


def test_what_holds_costs_the_same_queries_after_one_session_and_after_three(
    workshop, measure, session, signed_in, participant, django_assert_num_queries
):
    client = signed_in(participant)
    decide(session, measure, has_basis=False)
    detail(client, workshop)
    with django_assert_num_queries(15):
        detail(client, workshop)
    for month in (11, 12):
        later = hold(workshop, measure, date=date(2020, month, 1))
        decide(later, measure, is_recommendation=month == 12, has_basis=False)
    with django_assert_num_queries(15):
        detail(client, workshop)


def test_what_was_referred_names_to_whom(workshop, measure, session, signed_in, participant):
    decide(session, measure, outcome="referred", referred_to="Bauausschuss", has_basis=False)
    client = in_english(signed_in(participant))
    assert lines(client, workshop) == [
        "In force: referred to: Bauausschuss Digitalausschuss, 10/22/2020"
    ]


# How it was rated -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("means", "headline"),
    [
        ({"Rat": (4, 4)}, ""),
        (
            {"Rat": (4, 4), "Büro": (4, 3.5)},
            "The groups lie at most 0.50 steps apart",
        ),
        (
            {"Rat": (4, 4), "Büro": (4, 3), "Verein": (4, 3.5)},
            "The groups lie up to 1.00 steps apart: Feasibility 4.00 from “Rat”, 3.00 from “Büro”",
        ),
    ],
)
def test_the_headline_says_how_far_the_groups_are_apart(means, headline):
    """On five steps a step apart is a quarter of the scale, and worth naming."""
    spread = partial(Spread, 5, median=None, low=None, high=None, counts=(), agreement=None)
    by_group = {
        name: PrioritisedMeasure(1, 5, spread(mean=r), spread(mean=f), None, None, None)
        for name, (r, f) in means.items()
    }
    with translation.override("en"):
        assert figures.headline(by_group, Scale(1, 5)) == headline


def right(client, workshop) -> str:
    """Return the words of how it was rated, and of the groups."""
    page = detail(client, workshop).content.decode()
    part = page.split('<section class="measure__part"')[2].split('<div class="measure-more">')[0]
    return words(part.partition(">")[2])


def test_single_ratings_may_be_split_where_the_groups_lie_close(
    workshop, measure, at, ballots, signed_in, participant
):
    """Both are true, for they say different things; and who is missing, and what came on paper."""
    for ballot, step in zip(ballots(6, "Rat"), (1, 1, 1, 5, 5, 5), strict=True):
        save_rating(ballot, measure, relevance=step, feasibility=3)
    for ballot, step in zip(ballots(6, "Verwaltung"), (1, 1, 1, 5, 5, 5), strict=True):
        save_rating(ballot, measure, relevance=step, feasibility=3)
    workshop.groups.create(name="Vereine", order=9)
    for criterion in ("relevance", "feasibility"):
        count_paper(measure=measure, criterion=criterion, step=1, count=6)
    at("deliberating")
    said = right(in_english(signed_in(participant)), workshop)
    assert "18 ratings (6 on paper): split" in said
    assert "The groups lie at most 0.00 steps apart" in said
    assert said.endswith("Vereine: too few ratings to show them by themselves")


def test_where_no_group_may_be_told_the_page_says_why(
    workshop, measure, at, ballots, signed_in, participant
):
    others = ballots(5, "Verwaltung")
    for ballot in [*ballots(5, "Rat"), others[0]]:
        save_rating(ballot, measure, relevance=4, feasibility=4)
    for ballot in others[1:]:
        save_rating(ballot, measure, relevance=None, feasibility=None)
    at("deliberating")
    said = right(in_english(signed_in(participant)), workshop)
    assert said.endswith("Rat, Verwaltung: too few ratings to show them by themselves")


def test_the_groups_are_one_table_with_everybody_first(
    workshop, measure, at, ballots, signed_in, committee_member
):
    for group, step in (("Rat", 2), ("Verwaltung", 4)):
        for ballot in ballots(5, group):
            save_rating(ballot, measure, relevance=step, feasibility=3)
    at("deliberating")
    page = compact(detail(in_english(signed_in(committee_member)), workshop))
    table = re.search(r'<table class="multiples".*?</table>', page)[0]
    heads = [words(each) for each in re.findall(r'role="columnheader">(.*?)</th>', table)]
    assert heads == ["Criterion", "All (10)", "Rat (5)", "Verwaltung (5)"]
    cells = re.findall(r'<span class="nums">(.*?)</span>.*?aria-label="(.*?)"', table)
    assert cells == [
        ("3.00", "step 2: 5 (50 %), step 4: 5 (50 %)"),
        ("2.00", "step 2: 5 (100 %)"),
        ("4.00", "step 4: 5 (100 %)"),
        ("3.00", "step 3: 10 (100 %)"),
        ("3.00", "step 3: 5 (100 %)"),
        ("3.00", "step 3: 5 (100 %)"),
    ]


def test_while_figures_are_being_made_the_page_opens_without_the_range(
    workshop, measure, at, ballots, signed_in, committee_member, monkeypatch
):
    def busy(_overview):
        raise Busy

    for ballot in ballots(5, "Rat"):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    at("deliberating")
    monkeypatch.setattr(figures, "stability_of", busy)
    shown = detail(signed_in(committee_member), workshop).context["figures"]
    assert (shown.sure, shown.band, shown.concord) == (None, "", "einig")
