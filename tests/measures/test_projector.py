"""The projector: for whoever has its code, following the day, never beyond what the room knows."""

import hashlib
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from measures.hall import codes, marks
from measures.hall.screens import day_of
from measures.models import Front, Measure, Rating
from measures.rating import rounds
from measures.rating.turnout import turnout_of
from tests.deciding import decide, hold
from tests.people import open_door
from tests.rating import close, save_rating, show
from workshops.guests import LETTERS, hash_of, with_proof
from workshops.models import Ballot, Workshop

pytestmark = pytest.mark.django_db
CODE = "CDFHJKLM"
ASKED, DRAWN = re.compile(r'data-front="([^"]+)"'), re.compile(r'data-drawn="(\w+)"')
SCREEN = re.compile(r'data-screen="(\w+)"')


@pytest.fixture(autouse=True)
def recounted(monkeypatch) -> None:
    """Let no count of another test be as good as new."""
    cache.clear()
    monkeypatch.setattr(marks, "_counts", {})
    monkeypatch.setattr(marks, "KEPT", -1)


@pytest.fixture
def front(workshop) -> Front:
    return Front.objects.create(workshop=workshop, code=CODE)


@pytest.fixture
def wall(front):
    """Return what a machine on which nobody is signed in shows."""
    machine = Client()

    def look() -> str:
        response = machine.get(reverse("measures:projector", args=[CODE]))
        assert response.status_code == 200
        return response.text

    return look


def choose(front: Front, screen: str, **chosen: object) -> None:
    front.refresh_from_db()
    front.screen, front.state = screen, day_of(Workshop.objects.get(pk=front.pk)).state
    for name, value in chosen.items():
        setattr(front, name, value)
    front.save()


def shown(page: str) -> str:
    return SCREEN.findall(page)[0]


def hold_ballots(workshop, count: int, group: str | None = None) -> list[Ballot]:
    row = workshop.groups.get(name=group) if group else None
    before = workshop.ballots.count()
    return [
        Ballot.objects.create(
            workshop=workshop, group=row, source="guest", secret_hash=hash_of(f"{before}-{each}")
        )
        for each in range(count)
    ]


def moment(workshop) -> str:
    """Return the mark of the cockpit, which is told more than the projector."""
    return Client().get(marks.cockpit_address(workshop)).text


# Who may -----------------------------------------------------------------------------------------


def test_a_code_is_typed_as_people_write_it(front):
    page = Client().get(reverse("measures:projector-code"), {"code": "cdfh jklm"})
    assert page["Location"] == reverse("measures:projector", args=[CODE])


@pytest.mark.parametrize("code", ["CDFHJKLN", "CDFHJK", "X", "ÄÖÜ"])
def test_a_wrong_code_shows_nothing_of_any_workshop(code, front, workshop):
    response = Client().get(reverse("measures:projector", args=[code]))
    assert response.status_code == 404
    assert "Diesen Code gibt es nicht" in response.text
    assert workshop.title not in response.text


def test_a_new_code_ends_the_old_one(front, workshop, facilitator, signed_in):
    lead = signed_in(facilitator)
    lead.post(reverse("measures:front-code", args=[workshop.pk]))
    code = Front.objects.get().code
    assert (len(code), {*code} <= {*LETTERS}, code != CODE) == (8, True, True)
    assert Client().get(reverse("measures:projector", args=[CODE])).status_code == 404
    assert Client().get(reverse("measures:projector", args=[code])).status_code == 200


def test_who_guesses_codes_is_stopped_and_a_projector_goes_on(front, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"join_wrong_long": "3/10m"}
    cache.clear()
    projector, guesser = Client(), Client()
    page = reverse("measures:projector", args=[CODE])
    assert projector.get(page).status_code == 200
    wrong = reverse("measures:projector", args=["DDDDDDDD"])
    assert [guesser.get(wrong).status_code for _try in range(5)] == [404, 404, 404, 404, 429]
    assert guesser.get(page).status_code == 429
    assert projector.get(page).status_code == 200
    scanned = reverse("measures:projector", args=[with_proof(CODE)])
    assert Client().get(scanned).status_code == 200
    forged = Client()
    forged.cookies[codes.COOKIE] = f"{CODE}:x"
    assert forged.get(page).status_code == 429


# It follows the day ------------------------------------------------------------------------------


def test_it_follows_the_day_from_the_door_to_the_results(wall, workshop, measure, at):
    assert shown(wall()) == "welcome"
    open_door(workshop)
    assert shown(wall()) == "join"
    at("collecting")
    assert shown(wall()) == "collect"
    at("rating")
    assert shown(wall()) == "rate"
    close(workshop)
    Workshop.objects.update(phase="deliberating")
    assert shown(wall()) == "wait"
    show(Workshop.objects.get())
    assert shown(wall()) == "result"
    Workshop.objects.update(phase="closed")
    assert shown(wall()) == "result"


def test_a_chosen_screen_holds_until_the_next_step(wall, front, workshop, measure, at):
    open_door(workshop)
    at("collecting")
    choose(front, "join")
    assert shown(wall()) == "join"
    at("rating")
    assert shown(wall()) == "rate"
    at("collecting")
    assert shown(wall()) == "join"


@pytest.mark.parametrize("screen", ["result", "ten", "part", "measure", "rate", "join"])
def test_what_cannot_be_shown_now_is_not_shown_though_it_was_chosen(
    screen, wall, front, workshop, measure, at
):
    at("collecting")
    choose(front, screen, measure=measure)
    assert shown(wall()) == "collect"


def test_the_room_sees_how_many_are_here_and_the_code(wall, workshop):
    open_door(workshop)
    Workshop.objects.update(expected_guests=4)
    hold_ballots(workshop, 3)
    page = wall()
    code = workshop.room_code
    assert f"{code[:3]} {code[3:]}" in page
    assert '<b class="nums">3</b>' in page
    assert page.count('<i class="in">') == 3
    assert page.count("<i ") == 4
    assert "testserver/j" in page
    assert page.count("<path") > 2  # the QR code
    assert "style=" not in page


def test_the_newest_measures_of_the_field_in_hand_come_first(
    wall, front, workshop, field, measure, measure_two, at
):
    at("collecting")
    page = wall()
    assert (field.name in page, "Bus" in page, "WLAN" in page) == (True, True, False)
    choose(front, "collect", field=field)
    page = wall()
    assert page.index("Bus") < page.index("WLAN")
    assert "Alle kommen ins Netz" in page
    Measure.objects.filter(title="Bus").update(is_removed=True)
    assert "Bus" not in wall()


# Never what, never who ----------------------------------------------------------------------------


def test_below_the_room_s_minimum_only_who_is_here_is_told(
    wall, workshop, measure, measure_two, at
):
    at("rating")
    one, two = hold_ballots(workshop, 2)
    save_rating(one, measure, relevance=5, feasibility=1)
    before, mark = wall(), moment(workshop)
    save_rating(two, measure, relevance=1, feasibility=5)
    save_rating(two, measure_two, relevance=1, feasibility=5)
    assert "fertig" not in before
    assert wall() == before
    assert moment(workshop) == mark


def test_from_the_minimum_on_it_is_told_how_many_have_finished(
    wall, workshop, measure, measure_two, at
):
    at("rating")
    ballots = hold_ballots(workshop, 4)
    for each in ballots[:2]:
        save_rating(each, measure, relevance=5, feasibility=1)
        save_rating(each, measure_two, relevance=None, feasibility=None)
    save_rating(ballots[2], measure, relevance=5, feasibility=1)
    page = " ".join(re.sub(r"<[^>]+>", " ", wall()).split())
    assert "2 von 4 sind fertig" in page
    assert "1 bewerten gerade" in page


def test_a_vote_that_moves_no_count_is_no_event(workshop, measure, measure_two, at):
    third = Measure.objects.create(workshop=workshop, field=measure.field, title="Fähre", order=3)
    at("rating")
    ballots = hold_ballots(workshop, 20)
    for each in ballots:
        save_rating(each, measure, relevance=3, feasibility=3)
    mark = moment(workshop)
    save_rating(ballots[0], measure_two, relevance=5, feasibility=1)
    save_rating(ballots[0], measure, relevance=1, feasibility=5)
    assert moment(workshop) == mark
    save_rating(ballots[0], third, relevance=1, feasibility=5)  # now one has finished
    assert moment(workshop) != mark


def test_the_projectors_mark_stands_still_where_only_a_group_or_a_field_moves(
    wall, workshop, measure, measure_two, at
):
    at("rating")
    council, office = hold_ballots(workshop, 10, "Rat"), hold_ballots(workshop, 10, "Verwaltung")
    save_rating(council[0], measure, relevance=5, feasibility=1)
    asked = Client().get(ASKED.findall(wall())[0]).text
    assert (asked, asked == moment(workshop)) == (DRAWN.findall(wall())[0], False)
    # The room's counts are what they were: one has begun, and none has finished.
    Rating.objects.update(ballot=office[0])
    assert Client().get(ASKED.findall(wall())[0]).text == asked
    for each in (measure, measure_two):  # and now one has finished
        save_rating(office[0], each, relevance=5, feasibility=1)
    assert Client().get(ASKED.findall(wall())[0]).text != asked


def test_the_mark_is_none_that_could_be_tried_out(workshop, measure, at):
    at("rating")
    hold_ballots(workshop, 3)
    workshop.refresh_from_db()
    revision, told = workshop.revision, turnout_of(workshop)
    for counts in (told, told.room):
        said = f"{workshop.pk} {revision.front:x} {revision.number} {counts}"
        assert hashlib.sha256(said.encode()).hexdigest()[:16] not in (
            moment(workshop), marks.mark_of(workshop, told, marks.Place.PROJECTOR),
        )  # fmt: skip


def test_the_address_that_a_projector_asks_ends_with_its_code_and_is_good_for_nothing_else(
    wall, front, workshop, facilitator, signed_in
):
    [asked] = ASKED.findall(wall())
    assert Client().get(asked).status_code == 200
    for address in (asked, marks.cockpit_address(workshop)):
        token = address.split("/")[-2]
        elsewhere = reverse("workshops:moment", args=[workshop.pk, token])
        assert Client().get(elsewhere).status_code == 404
    signed_in(facilitator).post(reverse("measures:front-code", args=[workshop.pk]))
    assert Client().get(asked).status_code == 404
    assert Client().get(marks.cockpit_address(workshop)).status_code == 200
    Front.objects.update(code=None)
    empty = marks.projector_address(workshop, "")
    assert Client().get(empty).status_code == 404


PLANTED = (4, 2)
HIDDEN = ("Geheimnis", "4,00", "2,00", "4.0", "2.0")


def test_nothing_of_a_rating_leaves_the_projector_or_its_poll_while_it_is_hidden(
    wall, front, workshop, measure, at
):
    """All of it is what it would be if everybody had rated the other way round."""
    at("rating")
    ballots = hold_ballots(workshop, 6)
    seen = []
    for pair in (PLANTED, PLANTED[::-1]):
        for each in ballots:
            save_rating(each, measure, relevance=pair[0], feasibility=pair[1])
        pages = []
        for screen in ("", "rate", "result", "ten", "part", "measure", "join", "collect"):
            choose(front, screen, measure=measure)
            Front.objects.filter(pk=front.pk).update(state=front.state)
            pages.append(re.sub(r'data-drawn="\w+"', "", wall()))
        seen.append(pages)
    assert seen[0] == seen[1]
    close(workshop)
    Workshop.objects.update(phase="deliberating")
    waiting = wall()
    assert shown(waiting) == "wait"
    assert [each for each in HIDDEN if each in waiting] == []
    assert Rating.objects.count() == 6


def test_an_unpublished_decision_is_not_on_the_wall(wall, front, workshop, measure, at):
    at("rating")
    for each in hold_ballots(workshop, 6):
        save_rating(each, measure, relevance=4, feasibility=2)
    at("deliberating")
    session = hold(workshop, measure, committee="Ausschuss für Geheimes")
    decision = decide(session, measure, is_published=False, reason="Geheimnis")
    choose(front, "measure", measure=measure)
    page = wall()
    assert shown(page) == "measure"
    assert "Noch ohne Beschluss" in page
    assert [each for each in ("Geheim", decision.get_outcome_display()) if each in page] == []
    assert ("4,00" in page, "2,00" in page) == (True, True)


def test_what_was_decided_behind_doors_is_not_on_the_wall(wall, front, workshop, measure, at):
    at("rating")
    for each in hold_ballots(workshop, 6):
        save_rating(each, measure, relevance=4, feasibility=2)
    at("deliberating")
    session = hold(workshop, measure, committee="Ausschuss für Geheimes", is_public=False)
    decide(session, measure)
    choose(front, "measure", measure=measure)
    page = wall()
    assert ("Noch ohne Beschluss" in page, "Geheim" in page) == (True, False)


def test_a_further_round_that_is_open_changes_nothing_of_what_was_shown(
    wall, front, workshop, measure, facilitator, at
):
    at("rating")
    for each in hold_ballots(workshop, 6):
        save_rating(each, measure, relevance=4, feasibility=2)
    at("deliberating")
    rounds.open_round(Workshop.objects.get(), by=facilitator, measures=[measure])
    assert shown(wall()) == "rate"
    choose(front, "measure", measure=measure)
    before = re.sub(r'data-drawn="\w+"', "", wall())
    for each in hold_ballots(workshop, 6):
        save_rating(each, measure, relevance=1, feasibility=5, round=2)
    assert re.sub(r'data-drawn="\w+"', "", wall()) == before
    assert "4,00" in before


def test_where_opinions_part_tells_no_distribution_of_a_few(wall, front, workshop, measure, at):
    Workshop.objects.update(smallest_group=5)
    at("rating")
    for each, step in zip(hold_ballots(workshop, 4), (1, 1, 5, 5), strict=True):
        save_rating(each, measure, relevance=step, feasibility=3)
    at("deliberating")
    choose(front, "part")
    page = wall()
    assert shown(page) == "part"
    assert "wall-columns" not in page
    Workshop.objects.update(smallest_group=3)
    page = wall()
    assert page.count("wall-columns__column--low") == 2
    assert "2 in der unteren Hälfte, 2 in der oberen" in page


# The reveal --------------------------------------------------------------------------------------


def test_the_first_ten_come_from_the_tenth_to_the_first(wall, workshop, measure, at):
    for order in range(2, 14):
        Measure.objects.create(
            workshop=workshop, field=measure.field, title=f"Maßnahme {order}", order=order
        )
    at("rating")
    ballots = hold_ballots(workshop, 5)
    for place, each in enumerate(workshop.measures.order_by("number")):
        for nth, ballot in enumerate(ballots):
            save_rating(ballot, each, relevance=(25 - place + nth) // 5, feasibility=3)
    at("deliberating")
    page = wall()
    listed = re.findall(r'<li class="come come--(\d)">\s*<span class="ten__rank nums">(\d+)', page)
    assert listed == [(str(9 - each), str(each + 1)) for each in range(10)]
    discs = re.findall(r"wall-matrix__mark come come--(\d)", page)
    assert discs == [str(each) for each in range(10)]
    assert page.count("<circle") - page.count("brand__mark") * 3 - page.count("__pin") == 13
    assert "style=" not in page


def test_the_reveal_of_a_room_that_rated_nothing_says_so(wall, workshop, measure, at):
    at("rating")
    at("deliberating")
    assert "Keine Maßnahme hat genug Bewertungen" in wall()


@pytest.mark.parametrize("count", [1, 3])
def test_collecting_takes_the_same_queries_for_one_measure_and_for_three(
    count, front, workshop, measure, at, django_assert_num_queries
):
    for order in range(1, count):
        Measure.objects.create(workshop=workshop, field=measure.field, title=f"M {order}")
    at("collecting")
    machine = Client()
    page = reverse("measures:projector", args=[CODE])
    machine.get(page)
    with django_assert_num_queries(7):
        machine.get(page)
    with django_assert_num_queries(3):
        moment(workshop)
