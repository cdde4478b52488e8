"""Rounds of rating: chosen measures are rated once more, everything else keeps its result."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from measures.models import MAX_ROUNDS, Measure, Offer, Rating, Round
from measures.overview import overview_of
from measures.rating import rounds
from tests.rating import agree_on, close, count_paper, save_rating, show
from workshops.models import PhaseChange, Workshop


@pytest.fixture
def lead(facilitator, signed_in):
    return signed_in(facilitator)


@pytest.fixture
def rated(workshop, measure, measure_two, ballots, at):
    """Eight people rated WLAN 5/1 and Bus 2/4, and the results are shown."""
    at("rating")
    for ballot in ballots(8):
        save_rating(ballot, measure, relevance=5, feasibility=1)
        save_rating(ballot, measure_two, relevance=2, feasibility=4)
    return at("deliberating")


def fresh(workshop) -> Workshop:
    return Workshop.objects.get(pk=workshop.pk)


def url(name: str, workshop, *args) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


def move(client, workshop, before: str, after: str):
    return client.post(url("phase-move", workshop), {"from": before, "to": after})


def open_second(client, workshop, *measures, number: int = 2):
    chosen = {"number": number, "which": "picked", "measures": [each.pk for each in measures]}
    return client.post(url("round-add", workshop), chosen)


def states(workshop) -> list[tuple[int, str]]:
    return list(workshop.rounds.order_by("number").values_list("number", "state"))


def results(workshop, **asked) -> dict[str, tuple]:
    """Return by title rank, round, n and mean relevance."""
    return {
        row.measure.title: (row.result.rank, row.round, row.result.n, row.result.relevance.mean)
        for row in overview_of(fresh(workshop), **asked).rows
    }


# A second round adds ----------------------------------------------------------------------------


def test_a_second_round_of_one_measure_leaves_the_others_their_result(
    rated, lead, measure, measure_two, ballots
):
    """Seen: forty measures, a second round with three ratings, and "2 of 40" in the ranking."""
    open_second(lead, rated, measure_two)
    for ballot in ballots(4):
        save_rating(ballot, measure_two, relevance=5, feasibility=5)
    move(lead, rated, "rating", "deliberating")
    lead.post(url("round-show", rated, 2))
    assert results(rated) == {"Bus": (1, 2, 4, 5.0), "WLAN": (2, 1, 8, 5.0)}


def test_a_result_judged_by_too_few_stands_beside_and_replaces_nothing(
    rated, lead, measure_two, ballots
):
    open_second(lead, rated, measure_two)
    for ballot in ballots(3):
        save_rating(ballot, measure_two, relevance=5, feasibility=5)
    move(lead, rated, "rating", "deliberating")
    lead.post(url("round-show", rated, 2))
    assert results(rated) == {"WLAN": (1, 1, 8, 5.0), "Bus": (1, 1, 8, 2.0)}
    [bus] = [row for row in overview_of(fresh(rated)).rows if row.measure.title == "Bus"]
    [(number, other)] = bus.beside
    means = other.relevance.mean, other.feasibility.mean
    assert (number, other.n, *means) == (2, 3, 5.0, 5.0)
    assert (other.relevance.median, other.relevance.counts) == (None, ())


def test_a_round_below_the_minimum_leaves_no_trace(rated, lead, measure_two, ballots):
    before = results(rated)
    open_second(lead, rated, measure_two)
    for ballot in ballots(2):
        save_rating(ballot, measure_two, relevance=5, feasibility=5)
    move(lead, rated, "rating", "deliberating")
    lead.post(url("round-show", rated, 2))
    assert results(rated) == before
    assert [row.beside for row in overview_of(fresh(rated)).rows] == [(), ()]
    assert results(rated, round=2) == {"WLAN": (None, None, 0, None), "Bus": (None, None, 0, None)}


def test_every_shown_round_is_seen_by_itself(rated, lead, measure_two, ballots):
    open_second(lead, rated, measure_two)
    for ballot in ballots(4):
        save_rating(ballot, measure_two, relevance=5, feasibility=5)
    move(lead, rated, "rating", "deliberating")
    lead.post(url("round-show", rated, 2))
    assert results(rated, round=1) == {"WLAN": (1, 1, 8, 5.0), "Bus": (1, 1, 8, 2.0)}
    assert results(rated, round=2) == {"Bus": (1, 2, 4, 5.0), "WLAN": (None, None, 0, None)}


def test_results_stay_while_a_further_round_is_open_and_it_adds_nothing_to_them(
    rated, lead, measure_two, ballots
):
    before = results(rated)
    open_second(lead, rated, measure_two)
    for ballot in ballots(8):
        save_rating(ballot, measure_two, relevance=5, feasibility=5)
    agree_on(measure_two, relevance=1, feasibility=1)
    assert results(rated) == before
    assert lead.get(url("dashboard", rated)).status_code == 200
    move(lead, rated, "rating", "deliberating")
    assert results(rated) == before


# What is chosen ---------------------------------------------------------------------------------


@pytest.fixture
def three(rated, measure, field, ballots):
    """A third measure that nobody has rated, in a field of its own."""
    other = rated.fields.get(name="Tourismus")
    return Measure.objects.create(workshop=rated, field=other, title="Karte", order=1)


def chosen(client, workshop, **query) -> list[str]:
    response = client.post(url("round-add", workshop), query)
    return [measure.title for measure in response.context["chosen"]]


def test_measures_are_chosen_by_all_by_field_without_result_and_by_hand(rated, lead, three, field):
    assert chosen(lead, rated, which="all") == ["WLAN", "Bus", "Karte"]
    assert chosen(lead, rated, which="fields", fields_=field.pk) == ["WLAN", "Bus"]
    assert chosen(lead, rated, which="unrated") == ["Karte"]
    assert chosen(lead, rated, which="picked", measures=three.pk) == ["Karte"]


def test_measures_with_the_lowest_agreement_are_chosen(
    workshop, lead, measure, measure_two, ballots, at
):
    at("rating")
    for step, ballot in zip((1, 1, 1, 5, 5, 5), ballots(6), strict=True):
        save_rating(ballot, measure, relevance=3, feasibility=3)
        save_rating(ballot, measure_two, relevance=3, feasibility=step)
    at("deliberating")
    assert chosen(lead, workshop, which="disputed", count=1) == ["Bus"]
    assert chosen(lead, workshop, which="disputed", count=9) == ["WLAN", "Bus"]


@pytest.mark.parametrize("which", ["fields", "picked"])
def test_an_empty_choice_is_told_at_its_field(rated, lead, which):
    response = lead.post(url("round-add", rated), {"which": which})
    field = {"fields": "fields_", "picked": "measures"}[which]
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_the_page_says_with_numbers_what_happens(rated, lead, measure_two, participant):
    page = url("round-add", rated)
    told = lead.post(page, {"which": "picked", "measures": measure_two.pk}).context
    numbers = ("offered", "rateable", "others", "participants")
    assert [told[name] for name in numbers] == [1, 2, 1, 1]
    assert (len(told["with_result"]), told["needed"], told["rare"]) == (1, (4, 4), [("Rat", 1)])


def test_looking_opens_nothing(rated, lead, measure_two):
    lead.get(url("round-add", rated), {"which": "all", "number": 2})
    lead.post(url("round-add", rated), {"which": "all"})
    assert states(rated) == [(1, "shown")]


def test_no_choice_makes_the_address_too_long_and_none_is_read_from_it(
    rated, lead, measure, measure_two
):
    """A server takes 4094 characters: 270 measures were too many."""
    page = lead.get(url("round-add", rated), {"x": "1", "which": "nonsense"})
    assert (page.status_code, page.context["form"].is_bound) == (200, False)
    forms = re.findall(r'<form[^>]*action="[^"]*/rounds/add/"[^>]*>', page.text)
    assert [' method="post"' in form for form in forms] == [True]
    assert chosen(lead, rated, which="picked", measures=[measure.pk, measure_two.pk]) == [
        "WLAN", "Bus",
    ]  # fmt: skip


def test_only_what_a_round_offers_is_rated_in_it(
    rated, lead, measure, measure_two, participant, signed_in
):
    open_second(lead, rated, measure_two)
    phone = signed_in(participant)
    phone.post(url("ballot-take", rated), {"promised": rated.anonymity})
    steps = {"relevance": "1", "feasibility": "1"}
    assert phone.post(url("rate-measure", rated, measure_two.number), steps).status_code == 302
    assert phone.post(url("rate-measure", rated, measure.number), steps).status_code == 404
    assert lead.get(url("measure-entry", rated, measure.number)).status_code == 404
    assert list(Rating.objects.filter(round__number=2).values_list("measure__title")) == [("Bus",)]


def test_the_same_ballot_is_led_by_no_earlier_answer(
    workshop, lead, measure, participant, signed_in, ballots, at
):
    at("rating")
    phone = signed_in(participant)
    phone.post(url("ballot-take", workshop), {"promised": workshop.anonymity})
    page = url("rate-measure", workshop, measure.number)
    phone.post(page, {"relevance": "5", "feasibility": "5"})
    at("deliberating")
    open_second(lead, workshop, measure)
    assert phone.get(url("rate-start", workshop) + "?list=1").context["rated"] == 0
    assert phone.get(page).context["form"].initial == {}
    phone.post(page, {"relevance": "2", "feasibility": "none"})
    rows = Rating.objects.order_by("round").values_list("round__number", "relevance")
    assert list(rows) == [(1, 5), (2, 2)]


# Fields opened one by one -----------------------------------------------------------------------


def test_the_hall_opens_fields_one_by_one(
    workshop, lead, measure, field, participant, signed_in, at
):
    other = workshop.fields.get(name="Tourismus")
    Measure.objects.create(workshop=workshop, field=other, title="Karte", order=1)
    at("rating")
    phone = signed_in(participant)
    phone.post(url("ballot-take", workshop), {"promised": workshop.anonymity})
    lead.post(url("round-fields", workshop, 1), {"field": field.pk})
    page = phone.get(url("rate-start", workshop) + "?list=1")
    assert ([each.title for each in page.context["missing"]], page.context["later"]) == (
        ["WLAN"], 1,
    )  # fmt: skip
    late = url("rate-measure", workshop, Measure.objects.get(title="Karte").number)
    assert phone.get(late)["Location"] == url("rate-start", workshop)
    assert phone.post(late, {"relevance": "1", "feasibility": "1"}).status_code == 403
    lead.post(url("round-fields", workshop, 1), {"field": [field.pk, other.pk]})
    assert phone.post(late, {"relevance": "1", "feasibility": "1"}).status_code == 302


def test_a_field_of_another_workshop_or_nonsense_is_not_opened(
    workshop, lead, measure, field, other_workshop, at
):
    foreign = other_workshop.fields.create(name="Fremd", order=1)
    at("rating")
    lead.post(url("round-fields", workshop, 1), {"field": [foreign.pk, "x", "9" * 30, field.pk]})
    assert list(workshop.rounds.get().open_fields.all()) == [field]


def test_a_field_that_was_dropped_is_not_opened(workshop, lead, measure, field, at):
    dropped = workshop.fields.create(name="Hafen", order=3, is_removed=True)
    at("rating")
    lead.post(url("round-fields", workshop, 1), {"field": [dropped.pk, field.pk]})
    assert list(workshop.rounds.get().open_fields.all()) == [field]


# Closed, shown, set aside -----------------------------------------------------------------------


@pytest.fixture
def closed(workshop, lead, measure, ballots, at):
    at("rating")
    for ballot in ballots(5):
        save_rating(ballot, measure, relevance=5, feasibility=1)
    move(lead, workshop, "rating", "deliberating")
    return fresh(workshop)


def test_closing_shows_nothing_to_anybody(closed, lead, committee_member, signed_in, measure):
    assert states(closed) == [(1, "closed")]
    assert results(closed) == {"WLAN": (None, None, 0, None)}
    for client in (lead, signed_in(committee_member)):
        page = client.get(url("measure-detail", closed, measure.number))
        assert page.context["rated"] is None
        parts = client.get(url("dashboard", closed)).context
        forms = [part["form"].fields for part in parts if "form" in part]  # one saves a view
        rounds = [fields["round"].choices for fields in forms if "round" in fields]
        assert rounds[0] == [("", "geltende Ergebnisse")]


def test_showing_says_what_it_means_and_is_one_act(closed, lead, facilitator, measure):
    told = lead.get(url("round-show", closed, 1)).context
    assert (told["offered"], told["people"]) == (1, 5)
    assert (told["outlook"]["first"], told["outlook"]["too_few"]) == ([measure], [])
    assert states(closed) == [(1, "closed")]
    lead.post(url("round-show", closed, 1))
    assert states(closed) == [(1, "shown")]
    assert closed.rounds.get().settled_by == facilitator
    assert results(closed) == {"WLAN": (1, 1, 5, 5.0)}


def test_a_round_closed_by_mistake_is_opened_again(closed, lead, measure):
    move(lead, closed, "deliberating", "rating")
    assert states(closed) == [(1, "open")]
    assert list(closed.rounds.get().takes_now()) == [measure]


def test_a_shown_round_takes_no_vote_ever(closed, lead, measure, participant, signed_in, ballots):
    """Seen: reopened, one vote more, closed again: the difference was that vote."""
    phone = signed_in(participant)
    lead.post(url("round-show", closed, 1))
    move(lead, closed, "deliberating", "rating")
    assert states(closed) == [(1, "shown")]
    assert fresh(closed).phase == "deliberating"
    open_second(lead, closed, measure)
    phone.post(url("ballot-take", closed), {"promised": closed.anonymity})
    phone.post(url("rate-measure", closed, measure.number), {"relevance": "1", "feasibility": "1"})
    assert Rating.objects.filter(round__number=1).count() == 5
    assert Rating.objects.filter(round__number=2).count() == 1
    count_before = results(closed)
    move(lead, closed, "rating", "deliberating")
    lead.post(url("round-show", closed, 2))
    assert results(closed) == count_before


def test_an_unwanted_round_is_set_aside_with_a_reason_before_it_is_shown(closed, lead, facilitator):
    response = lead.post(url("round-set-aside", closed, 1), {"reason": " "})
    assert (response.status_code, states(closed)) == (422, [(1, "closed")])
    lead.post(url("round-set-aside", closed, 1), {"reason": "Falsche  Skala erklärt"})
    round = closed.rounds.get()
    assert (round.state, round.reason, round.settled_by) == (
        "set_aside", "Falsche Skala erklärt", facilitator,
    )  # fmt: skip
    assert results(closed) == {"WLAN": (None, None, 0, None)}
    assert "Falsche Skala erklärt" in lead.get(url("round-list", closed)).content.decode()


def test_nobody_discards_what_was_shown_and_shows_what_was_set_aside(closed, lead):
    lead.post(url("round-show", closed, 1))
    lead.post(url("round-set-aside", closed, 1), {"reason": "gefällt uns nicht"})
    assert states(closed) == [(1, "shown")]


def test_what_was_set_aside_stays_so(closed, lead):
    lead.post(url("round-set-aside", closed, 1), {"reason": "Probe"})
    lead.post(url("round-show", closed, 1))
    assert states(closed) == [(1, "set_aside")]


def test_an_open_round_is_neither_shown_nor_set_aside(workshop, measure, lead, at, ballots):
    at("rating")
    save_rating(*ballots(1), measure, relevance=1, feasibility=1)
    assert lead.get(url("round-show", workshop, 1)).status_code == 302
    lead.post(url("round-show", workshop, 1))
    lead.post(url("round-set-aside", workshop, 1), {"reason": "x"})
    assert states(workshop) == [(1, "open")]


def test_the_next_round_waits_until_the_last_is_settled(closed, lead, measure):
    assert open_second(lead, closed, measure).status_code == 302
    assert states(closed) == [(1, "closed")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(workshop=closed, number=2)


# Two clicks, stale pages, mistakes --------------------------------------------------------------


def test_a_second_click_opens_no_third_round(rated, lead, measure):
    before = PhaseChange.objects.count()
    open_second(lead, rated, measure)
    open_second(lead, rated, measure)
    assert states(rated) == [(1, "shown"), (2, "open")]
    assert PhaseChange.objects.count() == before + 1


def test_a_stale_page_opens_nothing(rated, lead, measure):
    response = open_second(lead, rated, measure, number=3)
    assert (response.status_code, states(rated)) == (302, [(1, "shown")])


def test_a_further_round_opened_by_mistake_is_given_up(rated, lead, measure):
    open_second(lead, rated, measure)
    move(lead, rated, "rating", "deliberating")
    assert states(rated) == [(1, "shown")]


def test_nine_rounds_are_the_most(rated, lead, measure):
    for number in range(2, MAX_ROUNDS + 1):
        Round.objects.create(workshop=rated, number=number, state="shown", smallest_room=3)
    open_second(lead, rated, measure, number=MAX_ROUNDS + 1)
    move(lead, rated, "deliberating", "rating")
    assert (fresh(rated).phase, rated.rounds.count()) == ("deliberating", MAX_ROUNDS)


def test_measures_collected_after_the_first_round_closed_are_offered_when_it_opens_again(
    workshop, lead, measure, ballots, at, field
):
    at("rating")
    save_rating(*ballots(1), measure, relevance=1, feasibility=1)
    move(lead, workshop, "rating", "collecting")
    Measure.objects.create(workshop=workshop, field=field, title="Spät", order=9)
    move(lead, workshop, "collecting", "rating")
    assert [each.title for each in workshop.rounds.get().takes_now().order_by("pk")] == [
        "WLAN", "Spät",
    ]  # fmt: skip


def test_after_a_shown_round_the_way_into_the_rating_leads_over_the_choice(
    rated, lead, measure_two, administrator, signed_in
):
    Workshop.objects.filter(pk=rated.pk).update(phase="collecting")
    response = move(lead, rated, "collecting", "rating")
    assert (response.url, fresh(rated).phase) == (url("round-add", rated), "collecting")


def test_values_agreed_while_collecting_wait_for_the_first_round(workshop, measure, lead, at):
    waiting = rounds.unsettled_round(workshop)
    waiting.save()
    agree_on(measure, relevance=5, feasibility=4)
    at("rating")
    assert states(workshop) == [(1, "open")]
    assert workshop.rounds.get().group_values.get().relevance == 5


def test_an_agreed_pair_belongs_to_its_round(rated, lead, measure, at, ballots):
    agree_on(measure, relevance=5, feasibility=4)
    open_second(lead, rated, measure)
    form = lead.get(url("measure-entry", rated, measure.number)).context["form"].agreed
    assert [form.initial[name] for name in ("relevance", "feasibility")] == ["", ""]
    agree_on(measure, relevance=1, feasibility=2)
    for ballot in ballots(8):
        save_rating(ballot, measure, relevance=1, feasibility=1)
    close(rated)
    show(rated)
    agreed = {row.measure.title: row.consensus for row in overview_of(fresh(rated)).rows}
    assert agreed == {"WLAN": (1, 2), "Bus": (None, None)}


def test_a_value_agreed_on_without_ratings_stays_when_the_next_round_is_about_others(
    rated, lead, measure_two, three, ballots
):
    agree_on(three, relevance=4, feasibility=3)
    open_second(lead, rated, measure_two)
    for ballot in ballots(4):
        save_rating(ballot, measure_two, relevance=5, feasibility=5)
    close(rated)
    show(rated)
    agreed = {row.measure.title: row.consensus for row in overview_of(fresh(rated)).rows}
    assert agreed == {"Karte": (4, 3), "WLAN": (None, None), "Bus": (None, None)}


def test_paper_is_counted_in_its_own_round(rated, lead, measure):
    for criterion in ("relevance", "feasibility"):
        count_paper(measure, criterion=criterion, step=5, count=4)
    open_second(lead, rated, measure)
    for criterion in ("relevance", "feasibility"):
        count_paper(measure, criterion=criterion, step=1, count=9)
    close(rated)
    show(rated)
    assert results(rated, round=1)["WLAN"][2] == 12
    assert results(rated)["WLAN"] == (2, 2, 9, 1.0)


# Merging after the results were shown -----------------------------------------------------------


def test_merging_moves_no_rating_that_was_shown(rated, lead, measure, measure_two, ballots):
    """The difference of a result before and after could be a single person's rating."""
    save_rating(*ballots(1), measure_two, relevance=5, feasibility=5, round=1)
    assert results(rated)["WLAN"] == (2, 1, 8, 5.0)
    measure_two.merge_into(measure)
    assert results(rated) == {"WLAN": (1, 1, 8, 5.0)}
    measure_two.merged_into = None
    measure_two.save()
    assert results(rated)["WLAN"] == (2, 1, 8, 5.0)


def test_parting_moves_no_rating_that_was_shown(workshop, measure, measure_two, ballots, at):
    at("rating")
    for ballot in ballots(4):
        save_rating(ballot, measure, relevance=5, feasibility=5)
    save_rating(*ballots(1), measure_two, relevance=1, feasibility=1)
    measure_two.merge_into(measure)
    at("deliberating")
    before = results(workshop)["WLAN"]
    assert before == (1, 1, 5, 4.2)
    measure_two.merged_into = None
    measure_two.save()
    assert results(workshop) == {"WLAN": before, "Bus": (None, None, 0, None)}
    measure_two.is_removed = True
    measure_two.save()
    assert results(workshop) == {"WLAN": before}


def test_a_removed_duplicate_counts_for_nothing_when_results_are_shown(
    workshop, measure, measure_two, ballots, at
):
    at("rating")
    for ballot in ballots(4):
        save_rating(ballot, measure, relevance=5, feasibility=5)
        save_rating(ballot, measure_two, relevance=1, feasibility=1)
    measure_two.merge_into(measure)
    measure_two.is_removed = True
    measure_two.save()
    at("deliberating")
    assert Offer.objects.get(measure=measure_two).counts_for is None
    assert results(workshop) == {"WLAN": (1, 1, 4, 5.0)}


# Queries ----------------------------------------------------------------------------------------


def test_the_list_takes_the_same_queries_for_one_round_and_for_three(
    rated, lead, measure_two, ballots, at, django_assert_num_queries
):
    with django_assert_num_queries(8):
        lead.get(url("round-list", rated))
    for _each in range(2):
        at("rating")
        for ballot in ballots(4):
            save_rating(ballot, measure_two, relevance=5, feasibility=5)
        at("deliberating")
    with django_assert_num_queries(8):
        assert len(lead.get(url("round-list", rated)).context["rounds"]) == 3


def test_the_list_takes_the_same_queries_for_one_open_field_and_for_three(
    workshop, lead, measure, at, django_assert_num_queries
):
    at("rating")
    with django_assert_num_queries(10):
        lead.get(url("round-list", workshop))
    round = workshop.rounds.get()
    for name in ("Eins", "Zwei"):
        field = workshop.fields.create(name=name, order=9)
        round.measures.add(Measure.objects.create(workshop=workshop, field=field, title=name))
    with django_assert_num_queries(10):
        assert len(lead.get(url("round-list", workshop)).context["fields"]) == 3


def test_choosing_and_showing_take_the_same_queries_for_one_measure_and_for_three(
    workshop, lead, measure, field, participant, ballots, at, django_assert_num_queries
):
    ballots(5)
    shown, chosen = url("round-show", workshop, 1), url("round-add", workshop)

    def rate(each: Measure) -> None:
        for ballot in workshop.ballots.all():  # closing gives them new ids
            save_rating(ballot, each, relevance=3, feasibility=3)

    def three() -> None:
        for title in ("Rad", "Bahn"):
            rate(Measure.objects.create(workshop=workshop, field=field, title=title))

    at("rating")
    rate(measure)
    close(workshop)
    with django_assert_num_queries(13):
        lead.get(shown)
    three()
    with django_assert_num_queries(13):
        assert lead.get(shown).context["offered"] == 3
    at("deliberating")
    with django_assert_num_queries(16):
        assert len(lead.post(chosen, {"which": "all"}).context["chosen"]) == 3
    three()
    with django_assert_num_queries(16):
        assert len(lead.post(chosen, {"which": "all"}).context["chosen"]) == 5
