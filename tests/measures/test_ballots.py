"""What a database remembers beyond its tables leads from nobody to a ballot."""

from collections import Counter
from itertools import pairwise
from unittest.mock import Mock

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from measures.models import Measure, PaperCount, Rating, Round
from measures.rating.ballots import hand_out, shuffle
from measures.rating.rounds import open_round
from measures.rating.sheets import drop_rare_groups
from measures.tallies import piles_of
from tests.people import visiting
from tests.rating import close, count_paper, round_of, save_rating, show
from workshops.access import WrongPhase
from workshops.guests import code_hash, hash_of, new_code, new_secret
from workshops.models import Ballot, JoinCode, Participant, User, Workshop


def rate_all(workshop, measure, count: int) -> None:
    """Let ``count`` people take a ballot each, one after the other, and rate."""
    for number in range(count):
        user = User.objects.create_user(f"p{number}@bingen.example")
        Participant.objects.create(workshop=workshop, user=user)
        ballot, _secret = hand_out(visiting(workshop, user), promised=workshop.anonymity)
        save_rating(ballot, measure, relevance=1 + number % 5, feasibility=3)


def written_order(model, *columns: str) -> list[tuple]:
    """Return these columns of the rows as they lie in the table."""
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {model._meta.db_table} ORDER BY {place}")
        return cursor.fetchall()


def is_in_order(rows: list[tuple]) -> bool:
    """Say whether rows lie in order, but for what filled the room of rows that are gone.

    PostgreSQL does that before it takes a new page. Of the orders of twelve by chance one in a
    thousand looks like this.
    """
    return sum(one > next_one for one, next_one in pairwise(rows)) <= 2


KEY = ("measure_id", "round_id", "ballot_id")


def test_after_the_rating_ballots_and_ratings_lie_in_the_order_of_the_random_ids(
    workshop, measure, at
):
    rate_all(at("rating"), measure, 12)
    round = round_of(workshop)
    before = piles_of([round], 5)
    shuffle(workshop, round)
    for model, columns in ((Ballot, ["id"]), (Rating, KEY)):
        assert is_in_order(written_order(model, *columns))
    assert piles_of([round], 5) == before


def test_after_the_rating_the_cards_lie_in_the_order_of_new_ids_and_tell_what_they_told(
    workshop, measure, at
):
    rate_all(at("rating"), measure, 1)
    council = workshop.groups.get(name="Rat")
    for number in range(12):
        state = "used" if number % 2 else "unused"
        JoinCode.objects.create(
            workshop=workshop, group=council, code_hash=code_hash(new_code(10)), state=state
        )
    told = ("code_hash", "state", "group")
    before = {*JoinCode.objects.values_list(*told)}, {*JoinCode.objects.values_list("pk")}
    shuffle(workshop, round_of(workshop))
    after = {*JoinCode.objects.values_list(*told)}, {*JoinCode.objects.values_list("pk")}
    assert (after[0] == before[0], after[1] & before[1]) == (True, set())
    assert is_in_order(written_order(JoinCode, "id"))


def test_two_ballots_with_one_number_are_refused_and_none_is_overwritten(
    workshop, measure, at, participant, monkeypatch
):
    rate_all(at("rating"), measure, 2)
    before = sorted(Ballot.objects.values_list())
    taken = Ballot.objects.values_list("pk", flat=True)[0]
    monkeypatch.setattr("secrets.randbelow", lambda _limit: taken - 1)
    row = Ballot(workshop=workshop, source="guest")
    for store in (
        lambda: Ballot.objects.create(workshop=workshop, source="guest"),
        row.save,
        lambda: Ballot.objects.bulk_create([row]),
        lambda: hand_out(visiting(workshop, participant), promised=workshop.anonymity),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            store()
    assert sorted(Ballot.objects.values_list()) == before
    assert not Participant.objects.get(user=participant).has_ballot


def test_a_closing_that_draws_a_number_of_another_ballot_changes_nothing(
    workshop, measure, at, monkeypatch
):
    rate_all(at("rating"), measure, 3)
    before = sorted(Rating.objects.values_list())
    monkeypatch.setattr("measures.rating.ballots.random_id", lambda: 7)
    with pytest.raises(IntegrityError):
        shuffle(workshop, round_of(workshop))
    assert sorted(Rating.objects.values_list()) == before


def test_a_pseudonymous_ballot_is_found_again_after_the_shuffle(workshop, measure, at):
    workshop.anonymity = Workshop.Anonymity.PSEUDONYMOUS
    workshop.save(update_fields=["anonymity"])
    rate_all(at("rating"), measure, 3)
    chosen = Participant.objects.order_by("pk").values_list("pk", "ballot__ratings__relevance")
    before, ids = list(chosen), set(Ballot.objects.values_list("pk", flat=True))
    shuffle(workshop, round_of(workshop))
    assert list(chosen.all()) == before
    assert ids.isdisjoint(Ballot.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("wanted", ["deliberating", "collecting"])
def test_leaving_the_rating_shuffles(
    workshop, measure, at, facilitator, signed_in, monkeypatch, wanted
):
    rate_all(at("rating"), measure, 2)
    shuffled = []
    monkeypatch.setattr("measures.rating.rounds.shuffle", lambda *given: shuffled.append(given))
    client, url = signed_in(facilitator), reverse("measures:phase-move", args=[workshop.pk])
    client.post(url, {"from": "rating", "to": "deliberating"})
    client.post(url, {"from": "deliberating", "to": "rating"})
    assert shuffled == [(workshop, round_of(workshop))]


def test_nothing_joins_what_a_person_rated_in_two_rounds(workshop, measure, facilitator, at):
    """Otherwise who came later is the one whose ballot has no ratings in the first round."""
    rate_all(at("rating"), measure, 4)
    first = round_of(workshop)
    close(workshop)
    show(workshop)
    at("deliberating")
    assert {ballot.secret_hash for ballot in Ballot.objects.filter(ratings__round=first)} == {None}
    late = User.objects.create_user("spaet@bingen.example")
    Participant.objects.create(workshop=workshop, user=late)
    second = open_round(workshop, by=facilitator, measures=[measure])
    hand_out(visiting(workshop, late), promised=workshop.anonymity)
    for ballot in Ballot.objects.exclude(secret_hash=None):
        save_rating(ballot, measure, relevance=5, feasibility=1)
    close(workshop)
    show(workshop)
    at("deliberating")
    of = [set(Ballot.objects.filter(ratings__round=each)) for each in (first, second)]
    assert [len(each) for each in of] == [4, 5]
    assert of[0].isdisjoint(of[1])
    holders = Ballot.objects.exclude(secret_hash=None)
    assert (holders.count(), holders.filter(ratings__isnull=False).count()) == (5, 0)
    piles = piles_of([first, second], 5)
    assert [piles[each.pk, measure.pk].total.n for each in (first, second)] == [4, 5]


def test_old_versions_are_erased_after_closing_and_again_after_showing(
    workshop, measure, at, monkeypatch, django_capture_on_commit_callbacks
):
    """Until then the files tell on which ballot, with whose secret, the ratings lay before."""
    rate_all(at("rating"), measure, 3)
    monkeypatch.setattr("measures.rating.rounds.erase_at_once", erased := Mock())
    for end in (close, show):
        Round.objects.update(erased_at=timezone.now())
        with django_capture_on_commit_callbacks(execute=True):
            end(workshop)
    assert erased.call_count == 2
    assert Round.objects.unerased().get() == round_of(workshop)


def test_after_a_round_opened_by_mistake_the_traces_of_its_ballots_are_erased_too(
    workshop, measure, at, facilitator
):
    rate_all(at("rating"), measure, 3)
    close(workshop)
    show(workshop)
    at("deliberating")
    Round.objects.update(erased_at=timezone.now())
    open_round(workshop, by=facilitator, measures=[measure])
    close(workshop)  # nobody rated, but somebody may have taken a ballot
    assert list(Round.objects.values_list("number", "erased_at")) == [(1, None)]


def test_a_round_that_is_opened_again_still_knows_whose_ballot_is_whose(workshop, measure, at):
    rate_all(at("rating"), measure, 3)
    held = {ballot.secret_hash: ballot.ratings.get().relevance for ballot in Ballot.objects.all()}
    close(workshop)
    again = {ballot.secret_hash: ballot.ratings.get().relevance for ballot in Ballot.objects.all()}
    assert again == held


def test_what_was_rated_before_stays_as_it_is_when_a_further_round_ends(
    workshop, measure, facilitator, at
):
    rate_all(at("rating"), measure, 4)
    close(workshop)
    show(workshop)
    at("deliberating")
    before = set(Rating.objects.values_list())
    open_round(workshop, by=facilitator, measures=[measure])
    close(workshop)
    assert set(Rating.objects.values_list()) == before


def test_no_ballot_is_handed_out_once_the_rating_is_closed(workshop, measure, at, participant):
    at("rating")
    seen = visiting(workshop, participant)
    close(workshop)
    with pytest.raises(WrongPhase):
        hand_out(seen, promised=workshop.anonymity)
    assert (Ballot.objects.count(), Participant.objects.get().has_ballot) == (0, False)


# Too few of a kind ------------------------------------------------------------------------------


def by_group(**found) -> Counter[tuple]:
    """Count the ballots by group and source."""
    return Counter(Ballot.objects.filter(**found).values_list("group__name", "source"))


@pytest.fixture
def come(ballots):
    """Return a function that lets guests of a group in: ``come(5, "Rat")``."""

    def let_in(count: int, group: str) -> list[Ballot]:
        rows = ballots(count, group=group, source="guest")
        for row in rows:
            row.secret_hash = hash_of(new_secret())
            row.save()
        return rows

    return let_in


def test_a_group_of_which_too_few_rated_loses_its_name_however_many_came(
    workshop, measure, at, come
):
    """Four who only came would leave the one of them who rated under the group's name."""
    at("rating")
    for row in (come(5, "Rat")[0], *come(6, "Verwaltung")):
        save_rating(row, measure, relevance=5, feasibility=1)
    close(workshop)
    assert by_group(ratings__isnull=False) == {(None, "guest"): 7}
    assert by_group(ratings__isnull=True) == {(None, "untold"): 4}
    show(workshop)
    assert by_group(ratings__isnull=False) == {(None, "guest"): 7}


def test_who_only_came_keeps_a_group_of_their_own_until_too_few_of_it_rate(
    workshop, measure, at, come, facilitator
):
    at("rating")
    council, others = come(6, "Rat"), come(6, "Verwaltung")
    for row in others:
        save_rating(row, measure, relevance=3, feasibility=3)
    close(workshop)
    assert by_group() == {("Rat", "guest"): 6, ("Verwaltung", "guest"): 6}
    Workshop.objects.update(phase="deliberating")
    open_round(Workshop.objects.get(), by=facilitator)
    row = Ballot.objects.get(secret_hash=council[0].secret_hash)
    save_rating(row, measure, relevance=5, feasibility=1)
    close(workshop)
    assert by_group(ratings__isnull=False) == {(None, "guest"): 7}
    assert by_group(ratings__isnull=True) == {("Rat", "guest"): 5}


def test_what_too_few_share_when_it_is_shown_is_lost_then(workshop, measure, at, come):
    at("rating")
    for row in (*come(5, "Rat"), *come(6, "Verwaltung")):
        save_rating(row, measure, relevance=3, feasibility=3)
    close(workshop)
    Rating.objects.filter(ballot=Ballot.objects.filter(group__name="Rat")[0]).delete()
    show(workshop)
    assert by_group(ratings__isnull=False) == {(None, "guest"): 10}


# Paper sheets -----------------------------------------------------------------------------------


@pytest.fixture
def sheets(workshop, measure, at):
    """Return a function that counts sheets of a group: ``sheets("Rat", 2)``."""
    at("rating")

    def count(group: str | None, number: int, of: Measure = measure, step: int = 3) -> PaperCount:
        row = workshop.groups.get(name=group) if group else None
        return count_paper(of, group=row, criterion="relevance", step=step, count=number)

    return count


def told() -> list[tuple]:
    """Return what the history of paper tells: what happened, to which group's how many sheets."""
    rows = PaperCount.history.order_by("history_id")
    return list(rows.values_list("history_type", "group__name", "count"))


def test_sheets_of_a_small_group_join_those_without_one_in_a_fixed_number_of_queries(
    workshop, measure, field, sheets, django_assert_num_queries
):
    def lay(*measures: Measure) -> None:
        for each in measures:
            sheets("Rat", 1, each, 1)
            sheets(None, 4, each, 1)
            sheets("Rat", 2, each, 2)

    lay(measure)
    with django_assert_num_queries(8):
        drop_rare_groups(round_of(workshop), 5)
    assert list(PaperCount.objects.values_list("group", "count")) == [(None, 5), (None, 2)]
    lay(*(Measure.objects.create(workshop=workshop, field=field, title=t) for t in ("Rad", "Bus")))
    with django_assert_num_queries(8):
        drop_rare_groups(round_of(workshop), 5)
    assert list(PaperCount.objects.values_list("group", "count")) == [(None, 5), (None, 2)] * 3


def test_a_pile_that_gets_nothing_is_not_written_again(workshop, sheets):
    sheets(None, 9, step=1)
    sheets("Rat", 1, step=2)
    drop_rare_groups(round_of(workshop), 5)
    assert [row for row in told() if row[2] == 9] == [("+", None, 9)]


def test_no_history_tells_of_a_groups_single_sheet_that_was_taken_back(workshop, sheets):
    sheets("Rat", 1).delete()
    sheets("Verwaltung", 6)
    drop_rare_groups(round_of(workshop), 5)
    assert told() == [("+", "Verwaltung", 6)]
