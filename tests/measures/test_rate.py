"""Rating on one's own device: a ballot that nobody can trace, and a vote that nobody loses."""

import hashlib
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fields.models import ActionField
from measures.models import Measure, Rating
from measures.overview import overview_of
from measures.rating import rounds
from measures.rating.saving import Holder, Vote, in_personal_order, next_number, place_of, store
from tests.people import FRAGMENT
from tests.rating import save_rating
from workshops.models import Ballot, Participant, User, Workshop


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


@pytest.fixture
def phone(participant, signed_in, workshop, measure, at):
    """Return the participant's browser, while a round offers WLAN, without a ballot yet."""
    at("rating")
    return signed_in(participant)


@pytest.fixture
def voter(phone, workshop):
    """Return the participant's browser with a ballot."""
    take(phone, workshop)
    return phone


def take(client, workshop, promised: str = "anonymous"):
    """Take a ballot as the page offers it, which says how ballots are kept."""
    return client.post(url(workshop, "ballot-take"), {"promised": promised})


def ballot_cookies(client) -> dict:
    return {name: c for name, c in client.cookies.items() if name.startswith("ballot_")}


def pairs() -> list[tuple]:
    rows = Rating.objects.order_by("measure__number")
    return list(rows.values_list("measure__number", "relevance", "feasibility"))


def rate(client, workshop, number: int, relevance, feasibility, **extra):
    sent = {"relevance": relevance, "feasibility": feasibility}
    return client.post(url(workshop, "rate-measure", number), sent, **extra)


# The ballot -------------------------------------------------------------------------------------


def test_before_taking_a_ballot_every_page_leads_to_it(workshop, phone, measure):
    start = url(workshop, "rate-start")
    assert phone.get(start).context["handed_out"] is False
    for page in (url(workshop, "rate-next"), url(workshop, "rate-measure", 1)):
        response = phone.get(page)
        assert (response.status_code, response["Location"]) == (302, start)
    assert rate(phone, workshop, 1, 3, 3)["Location"] == start
    assert pairs() == []


def test_a_ballot_is_handed_out_once_however_often_one_clicks(workshop, phone, measure):
    for _ in range(2):
        response = take(phone, workshop)
        assert (response.status_code, response["Location"]) == (302, url(workshop, "rate-next"))
    assert (Ballot.objects.count(), len(ballot_cookies(phone))) == (1, 1)
    assert Participant.objects.get().has_ballot is True


def test_who_read_another_promise_than_holds_now_gets_no_ballot(workshop, phone):
    for promised in ("pseudonymous", "", "a\0b"):
        response = take(phone, workshop, promised)
        assert (response.status_code, response["Location"]) == (302, url(workshop, "rate-start"))
    assert (Ballot.objects.count(), Participant.objects.get().has_ballot) == (0, False)
    page = phone.get(url(workshop, "rate-start")).content
    assert b'name="promised" value="anonymous"' in page


def test_the_cookie_is_for_this_workshop_only_and_hidden_from_scripts(workshop, voter):
    [cookie] = ballot_cookies(voter).values()
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert (cookie["path"], cookie["domain"]) == (f"/workshops/{workshop.pk}/", "")
    assert cookie["max-age"] == 60 * 60 * 24 * 60
    assert len(cookie.value) >= 43  # 32 random bytes


def test_over_https_the_cookie_is_sent_over_https_only(workshop, phone, settings):
    settings.SESSION_COOKIE_SECURE = True
    take(phone, workshop)
    [cookie] = ballot_cookies(phone).values()
    assert cookie["secure"] is True


def test_another_browser_of_the_same_person_gets_no_second_ballot(
    workshop, voter, participant, signed_in, measure
):
    laptop = signed_in(participant)
    assert take(laptop, workshop)["Location"] == url(workshop, "rate-start")
    assert laptop.get(url(workshop, "rate-start")).context["handed_out"] is True
    assert (Ballot.objects.count(), ballot_cookies(laptop)) == (1, {})
    assert rate(laptop, workshop, 1, 3, 3)["Location"] == url(workshop, "rate-start")
    assert pairs() == []


def test_in_the_anonymous_mode_nothing_leads_from_the_participant_to_the_ballot(
    workshop, voter, measure
):
    rate(voter, workshop, 1, 5, 4)
    ballot, row = Ballot.objects.values().get(), Participant.objects.values().get()
    [secret] = [cookie.value.partition(":")[0] for cookie in ballot_cookies(voter).values()]
    assert (row["has_ballot"], row["ballot_id"]) == (True, None)
    marks = {ballot["id"], f"{ballot['id']:x}", ballot["secret_hash"], secret}
    assert {*map(str, row.values())} & {*map(str, marks)} == set()
    assert {**ballot} == {
        "id": ballot["id"], "workshop_id": workshop.pk, "group_id": row["group_id"],
        "source": "account", "secret_hash": ballot["secret_hash"], "recovery_hash": None,
            "table_id": None,
    }  # fmt: skip
    times = {"DateField", "DateTimeField", "TimeField", "AutoField", "BigAutoField"}
    for model in (Ballot, Rating):
        assert {field.get_internal_type() for field in model._meta.fields} & times == set()
        assert not hasattr(model, "history")


def test_the_secret_is_stored_nowhere(workshop, voter, measure):
    rate(voter, workshop, 1, 5, 4)
    [secret] = [cookie.value.partition(":")[0] for cookie in ballot_cookies(voter).values()]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert secret not in repr(cursor.fetchall())


def test_in_the_pseudonymous_mode_the_ballot_is_found_on_another_device(
    workshop, phone, participant, signed_in, measure
):
    workshop.anonymity = "pseudonymous"
    workshop.save()
    take(phone, workshop, "pseudonymous")
    rate(phone, workshop, 1, 5, 4)
    assert Participant.objects.get().ballot == Ballot.objects.get()
    laptop = signed_in(participant)
    assert rate(laptop, workshop, 1, 2, 2).status_code == 302
    assert (pairs(), Ballot.objects.count()) == ([(1, 2, 2)], 1)


def test_at_a_shared_laptop_the_next_person_does_not_get_the_ballot(workshop, voter, measure):
    rate(voter, workshop, 1, 5, 5)
    user = User.objects.create_user("andere@bingen.example", name="Andere")
    Participant.objects.create(workshop=workshop, user=user)
    voter.force_login(user)
    assert voter.get(url(workshop, "rate-start")).context["handed_out"] is False
    take(voter, workshop)
    rate(voter, workshop, 1, 1, 1)
    assert Counter(pairs()) == {(1, 5, 5): 1, (1, 1, 1): 1}


def test_a_made_up_secret_and_one_of_another_workshop_open_nothing(
    workshop, other_workshop, phone, measure
):
    known = hashlib.sha256(b"fremd").hexdigest()
    Ballot.objects.create(workshop=other_workshop, source="account", secret_hash=known)
    take(phone, workshop)
    [name] = ballot_cookies(phone)
    for value in ("fremd", "falsch", ""):
        phone.cookies[name] = value
        assert rate(phone, workshop, 1, 3, 3)["Location"] == url(workshop, "rate-start")
    assert pairs() == []


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_hand_out_one_ballot(workshop, participant, signed_in, at):
    at("rating")
    clients = [signed_in(participant) for _ in range(6)]

    def click(client) -> int:
        try:
            take(client, workshop)
            return len(ballot_cookies(client))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(click, clients)) == [0, 0, 0, 0, 0, 1]
    assert Ballot.objects.count() == 1


# Rating -----------------------------------------------------------------------------------------


def test_a_rating_is_saved_changed_and_shown_again(workshop, voter, measure):
    assert rate(voter, workshop, 1, 5, 2)["Location"] == url(workshop, "rate-start")
    assert pairs() == [(1, 5, 2)]
    form = voter.get(url(workshop, "rate-measure", 1)).context["form"]
    assert (form["relevance"].value(), form["feasibility"].value()) == (5, 2)
    assert rate(voter, workshop, 1, 1, 3, headers=FRAGMENT).status_code == 200
    assert pairs() == [(1, 1, 3)]


def test_cannot_judge_is_an_answer_of_its_own_and_never_the_lowest_step(
    workshop, voter, measure, ballots, at
):
    rate(voter, workshop, 1, "none", "none")
    assert pairs() == [(1, None, None)]
    response = voter.get(url(workshop, "rate-measure", 1))
    assert response.context["is_rated"] is True
    assert response.context["form"]["relevance"].value() == "none"
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=5, feasibility=4)
    [row] = overview_of(at("deliberating")).rows
    assert (row.result.n, row.result.relevance.mean, row.result.feasibility.mean) == (3, 5, 4)


def test_a_step_outside_the_scale_or_a_missing_answer_is_refused(workshop, voter, measure):
    for value in ("0", "6", "-1", "3.5", "drei", "", "None", "9" * 30, "a\0b", "٣"):
        response = rate(voter, workshop, 1, value, 3)
        form = response.context["form"]
        assert (response.status_code, list(form.errors)) == (422, ["relevance"])
    assert pairs() == []


@pytest.mark.parametrize("why", ["removed", "merged"])
def test_what_is_removed_or_merged_while_people_rate_is_not_found(
    workshop, measure, measure_two, voter, why
):
    assert voter.get(url(workshop, "rate-measure", 1)).status_code == 200
    if why == "merged":
        measure.merge_into(measure_two)
    else:
        Measure.objects.filter(pk=measure.pk).update(is_removed=True)
    assert rate(voter, workshop, 1, 3, 3).status_code == 404
    assert pairs() == []


def test_a_measure_of_a_field_left_out_is_not_found(workshop, measure, participant, signed_in, at):
    ActionField.objects.filter(pk=measure.field_id).update(is_worked_on=False)
    at("rating")
    client = signed_in(participant)
    take(client, workshop)
    assert rate(client, workshop, 1, 3, 3).status_code == 404
    assert pairs() == []


def choose(voter, workshop, pair: tuple[int, int], turn: int):
    """Choose as a page with a script does, which counts."""
    values = {"relevance": pair[0], "feasibility": pair[1], "turn": turn}
    return voter.post(url(workshop, "rate-measure", 1), values, headers=FRAGMENT)


def test_a_choice_that_arrives_after_a_newer_one_does_not_take_its_place(workshop, voter, measure):
    """Its page died while the request was on its way."""
    first, newer = choose(voter, workshop, (1, 1), 1), choose(voter, workshop, (4, 5), 3)
    late, again, other = (
        choose(voter, workshop, pair, turn)
        for pair, turn in [((2, 2), 2), ((4, 5), 3), ((3, 3), 3)]
    )
    statuses = [each.status_code for each in (first, newer, late, again, other)]
    assert (statuses, pairs()) == ([200, 200, 409, 200, 409], [(1, 4, 5)])
    assert [late.headers["X-Rating-Turn"], late.content] == ["3", b""]
    assert (choose(voter, workshop, (2, 1), 4).status_code, pairs()) == (200, [(1, 2, 1)])


def test_who_chooses_without_a_script_has_the_last_word(workshop, voter, measure):
    choose(voter, workshop, (1, 1), 5)
    page = voter.get(url(workshop, "rate-measure", 1)).text
    assert rate(voter, workshop, 1, 2, 3).status_code == 302
    assert ('data-turn="5"' in page, pairs()) == (True, [(1, 2, 3)])


def test_how_often_somebody_chose_is_gone_with_the_end_of_the_rating(workshop, voter, measure):
    choose(voter, workshop, (1, 1), 5)
    before = Rating.objects.get().turn
    rounds.close(workshop, workshop.rounds.get())
    assert [before, Rating.objects.get().turn] == [5, None]


def test_after_the_phase_nobody_changes_a_rating(workshop, voter, measure, at):
    rate(voter, workshop, 1, 5, 5)
    at("deliberating")
    assert rate(voter, workshop, 1, 1, 1).status_code == 403
    assert pairs() == [(1, 5, 5)]


def held(workshop) -> Holder:
    """Return what leads to a new ballot."""
    ballot = Ballot.objects.create(workshop=workshop, source="account", secret_hash=token_hex(32))
    return Holder(secret_hash=str(ballot.secret_hash), participant_id=None)


def test_a_rating_on_its_way_while_its_round_is_closed_and_opened_again_finds_its_ballot(
    workshop, measure, at, facilitator
):
    """Closing has given the ballot another id, and the round takes ratings again."""
    holder = held(at("rating"))
    [before] = Ballot.objects.all()
    rounds.close(workshop, workshop.rounds.get())
    workshop.phase = "deliberating"
    rounds.open_round(workshop, by=facilitator)
    store(workshop.pk, holder, Vote(1, steps=5, relevance=3, feasibility=4))
    [ballot] = Ballot.objects.all()
    assert (ballot != before, ballot.ratings.count(), pairs()) == (True, 1, [(1, 3, 4)])


@pytest.mark.parametrize("what", ["round", "field", "scale", "nothing"])
def test_a_rating_on_its_way_while_its_round_is_closed_is_not_stored(workshop, measure, at, what):
    holder = held(at("rating"))
    if what == "round":
        at("deliberating")
    elif what == "field":
        workshop.rounds.get().open_fields.remove(measure.field)
    elif what == "scale":
        Workshop.objects.update(steps=7)
    stored = store(workshop.pk, holder, Vote(1, steps=5, relevance=3, feasibility=3))
    is_stored = stored is not None
    assert (is_stored, pairs()) == ((True, [(1, 3, 3)]) if what == "nothing" else (False, []))


# What comes next --------------------------------------------------------------------------------


@pytest.fixture
def bahn(workshop, field) -> Measure:
    return Measure.objects.create(workshop=workshop, field=field, title="Bahn")


def test_next_comes_what_is_rated_least_and_at_the_end_the_list(
    workshop, measure, measure_two, bahn, voter, ballots
):
    for ballot in ballots(2):
        save_rating(ballot, measure, relevance=1, feasibility=1)
    save_rating(ballots(1)[0], bahn, relevance=1, feasibility=1)
    asked = []
    for _ in range(3):
        location = voter.get(url(workshop, "rate-next"))["Location"]
        asked.append(int(re.search(r"(\d+)/$", location)[1]))
        onward = rate(voter, workshop, asked[-1], 3, 3)["Location"]
        assert onward == voter.get(url(workshop, "rate-next"))["Location"]
    assert asked == [2, 3, 1]
    assert voter.get(url(workshop, "rate-next"))["Location"] == url(workshop, "rate-start")
    context = voter.get(url(workshop, "rate-start")).context
    assert (context["rated"], context["total"]) == (3, 3)


def test_the_order_is_random_between_ballots_but_stable_for_each(workshop, field, at):
    measures = [
        Measure.objects.create(workshop=workshop, field=field, title=f"M {n}") for n in range(8)
    ]
    ballots = [Ballot(id=n) for n in range(20)]
    orders = [[m.number for m in in_personal_order(ballot, measures)] for ballot in ballots]
    again = [[m.number for m in in_personal_order(b, measures[::-1])] for b in ballots]
    assert (orders, len({*map(tuple, orders)})) == (again, 20)
    at("rating")
    round = workshop.rounds.get()
    first = Counter(next_number(place_of(ballot, round)) for ballot in ballots)
    assert len(first) > 4


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 10**30])
def test_a_number_that_no_measure_has_is_not_found(workshop, voter, measure, number):
    assert rate(voter, workshop, number, 3, 3).status_code == 404
    assert rate(voter, workshop, number, 3, 3, headers=FRAGMENT).status_code == 404


# Queries ----------------------------------------------------------------------------------------


def statements(captured) -> list[str]:
    """Return the statements without the savepoints that the test's own transaction causes."""
    sql = [query["sql"] for query in captured]
    return [each for each in sql if not each.startswith(("SAVEPOINT", "RELEASE"))]


def test_a_rating_saved_takes_four_statements_and_the_way_on_is_one_of_them(
    workshop, voter, measure
):
    """Session, access, rating, what comes next; no transaction of several of them."""
    rate(voter, workshop, 1, 3, 3, headers=FRAGMENT)
    with CaptureQueriesContext(connection) as captured:
        rate(voter, workshop, 1, 4, 4, headers=FRAGMENT)
    assert (len(captured), len(statements(captured))) == (4, 4)


@pytest.mark.parametrize(
    ("name", "arguments", "queries"),
    [
        ("rate-start", (), 5),
        ("rate-start", ("list",), 7),
        ("rate-next", (), 5),
        ("rate-measure", (1,), 9),
    ],
)
def test_the_pages_take_the_same_queries_for_one_measure_and_for_three(
    workshop, voter, measure, name, arguments, queries, django_assert_num_queries
):
    page = url(workshop, name, *(each for each in arguments if each != "list"))
    page += "?list=1" * ("list" in arguments)
    with django_assert_num_queries(queries):
        voter.get(page)
    for title in ("Bus", "Bahn"):
        field = ActionField.objects.create(workshop=workshop, name=title)
        round = workshop.rounds.get()
        round.measures.add(Measure.objects.create(workshop=workshop, field=field, title=title))
        round.open_fields.add(field)
    with django_assert_num_queries(queries):
        voter.get(page)


# Everybody at once ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_thirty_people_rating_at_the_same_moment_lose_no_vote(workshop, measure, at):
    at("rating")
    clients = []
    for n in range(30):
        user = User.objects.create_user(f"person-{n}@bingen.example")
        Participant.objects.create(workshop=workshop, user=user)
        client = Client()
        client.force_login(user)
        clients.append((client, n % 5 + 1))

    def vote(job) -> int:
        client, step = job
        try:
            take(client, workshop)
            return rate(client, workshop, 1, step, 6 - step, headers=FRAGMENT).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(30) as pool:
        assert list(pool.map(vote, clients)) == [200] * 30
    assert Counter(pairs()) == {(1, step, 6 - step): 6 for step in range(1, 6)}
    [row] = overview_of(at("deliberating")).rows
    assert row.result.relevance.counts == (6, 6, 6, 6, 6)
