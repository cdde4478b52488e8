"""Who leads the workshop opens the door, prints what leads through it, and sees only counts."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from measures.hall import cards
from measures.hall.signs import picture_of
from measures.models import Rating
from tests.people import entering, open_door
from workshops.guests import LETTERS, code_hash, hash_of, is_proven, new_code, new_ticket, read_code
from workshops.models import Ballot, JoinCode, Workshop

SIGN = re.compile(r'<p class="sign__code">([^<]+)</p>')


@pytest.fixture
def lead(workshop, editor):
    """Return a function that sends what a button of the door's page sends, and its answer."""

    def send(route: str, **sent):
        return editor.post(reverse(f"measures:{route}", args=[workshop.pk]), sent)

    return send


def page(workshop: Workshop, client: Client):
    return client.get(reverse("measures:door", args=[workshop.pk]))


def enter(text: str) -> int:
    return Client().post(reverse("measures:join", args=[text]), entering()).status_code


def codes_on(response) -> list[str]:
    """Return the codes that a page shows."""
    return [read_code(code) for code in SIGN.findall(response.text)]


def group(workshop: Workshop, name: str) -> int:
    return workshop.groups.get(name=name).pk


# Ballots of nobody ------------------------------------------------------------------------------


@pytest.fixture
def clear(lead):
    """Return a function that throws away what was not rated; it says what the page says then."""

    def send() -> str:
        answer = lead("door-clear")
        return answer.client.get(answer["Location"]).text

    return send


REFUSED = "Nichts wurde verworfen: Was übrig bleibt, würde verraten, ob wenige Personen"


def held(workshop: Workshop) -> list[tuple[str, str | None]]:
    rows = workshop.ballots.values_list("source", "group__name")
    return sorted(rows, key=lambda row: (row[0], row[1] or ""))


def test_before_anybody_can_rate_the_ballots_of_all_guests_go_and_they_come_in_again(
    workshop, guest, clear, ballots, at
):
    ballots(2, group="Rat")
    ballots(1, source="paper")
    phone = guest("Rat")
    guest("Verwaltung")
    at("collecting")
    assert "Alle Stimmzettel ohne Konto, auf denen nichts bewertet war, sind verworfen." in clear()
    assert held(workshop) == [("account", "Rat"), ("account", "Rat"), ("paper", None)]
    door = reverse("measures:join", args=[workshop.room_code])
    assert phone.post(door, entering()).status_code == 302
    assert held(workshop) == [*[("account", "Rat")] * 2, ("guest", None), ("paper", None)]


def rating_guests(workshop: Workshop, guest, *measures) -> list[Client]:
    """Let six guests come in, of whom the first rate a measure each."""
    phones = [guest("Rat") for _person in range(6)]
    for phone, measure in zip(phones, measures, strict=False):
        url = reverse("measures:rate-measure", args=[workshop.pk, measure.number])
        phone.post(url, {"relevance": 4, "feasibility": 2})
    return phones


def test_while_they_rate_whoever_has_rated_stays_and_goes_on(
    workshop, guest, clear, at, measure, measure_two
):
    at("rating")
    phones = rating_guests(workshop, guest, measure, measure_two)
    clear()
    assert held(workshop) == [("guest", "Rat")] * 2
    start = reverse("measures:rate-start", args=[workshop.pk])
    assert [phone.get(start)["Location"] for phone in phones[2:]] == ["/j/?lost=1"] * 4
    rated = Rating.objects.values_list("measure__number", "relevance", "feasibility")
    assert sorted(rated) == [(1, 4, 2), (2, 4, 2)]


def test_what_would_tell_whether_a_few_have_rated_is_refused(
    workshop, guest, clear, at, measure, measure_two
):
    at("rating")
    Workshop.objects.update(smallest_room=7)  # nobody is told how many have begun
    rating_guests(workshop, guest, measure, measure_two)
    assert REFUSED in clear()
    Workshop.objects.update(smallest_room=5, smallest_group=3)
    rat, office = workshop.groups.order_by("name")
    held_by = {"workshop": workshop, "source": "account"}
    alone = Ballot.objects.create(**held_by, group=rat, secret_hash=hash_of("allein"))
    assert REFUSED in clear()  # begun of all, less begun of guests: whether this one has
    for number in range(3):
        Ballot.objects.create(**held_by, group=office, secret_hash=hash_of(str(number)))
    assert REFUSED in clear()  # many with an account, but one in this group
    assert len(held(workshop)) == 10
    alone.delete()
    assert REFUSED not in clear()
    assert held(workshop) == [("account", "Verwaltung")] * 3 + [("guest", "Rat")] * 2


# The room's code --------------------------------------------------------------------------------


def test_the_door_opens_with_a_code_and_closes_and_opens_with_the_same(workshop, editor, lead):
    assert codes_on(page(workshop, editor)) == []
    lead("door-switch", open="yes")
    [code] = codes_on(page(workshop, editor))
    assert (len(code), {*code} <= {*LETTERS}, enter(code)) == (6, True, 302)
    lead("door-switch", open="no")
    assert enter(code) == 403
    lead("door-switch", open="yes")
    assert (codes_on(page(workshop, editor)), enter(code)) == ([code], 302)


def test_a_new_code_lets_people_in_and_the_one_before_stays_dead(workshop, editor, lead):
    old = open_door(workshop)
    for _click in range(2):
        lead("door-code", seen=old)
    [new] = codes_on(page(workshop, editor))
    assert (enter(old), enter(new)) == (403, 302)


def test_two_clicks_on_a_new_code_make_one(workshop, lead):
    old = open_door(workshop)
    lead("door-code", seen=old)
    first = Workshop.objects.get(pk=workshop.pk).room_code
    lead("door-code", seen=old)
    assert Workshop.objects.get(pk=workshop.pk).room_code == first != old


def test_the_room_sees_how_many_are_in_of_those_expected(workshop, editor, lead, guest, ballots):
    ballots(2)  # people with an account are no guests
    for _person in range(3):
        guest("Rat")
    assert page(workshop, editor).context["guests"] == 3
    assert lead("door-expect", expected_guests="25").status_code == 302
    assert "von 25 erwarteten" in page(workshop, editor).text
    refused = lead("door-expect", expected_guests="0")
    assert (refused.status_code, 'value="0"' in refused.text) == (422, True)
    assert Workshop.objects.get(pk=workshop.pk).expected_guests == 25
    lead("door-expect", expected_guests="")
    assert Workshop.objects.get(pk=workshop.pk).expected_guests is None


def test_the_picture_holds_an_address_that_proves_itself_and_no_style(workshop, editor):
    code = open_door(workshop)
    sign = page(workshop, editor).context["sign"]
    assert sign.place == "testserver/j/"
    text = sign.address.removeprefix("http://testserver/j/").removesuffix("/")
    assert (is_proven(text), text.partition(".")[0]) == (True, code)
    assert not re.search(r"style|width=|height=|<\?xml", picture_of(sign.address))
    assert "<svg viewBox=" in picture_of(sign.address)


def test_the_address_is_the_one_at_which_the_site_is_known(workshop, editor, settings):
    settings.PUBLIC_URL = "https://werkstatt.example.org"
    open_door(workshop)
    sign = page(workshop, editor).context["sign"]
    assert sign.address.startswith("https://werkstatt.example.org/j/")
    assert sign.place == "werkstatt.example.org/j/"


def test_a_poster_and_four_cards_for_tables_show_the_code(workshop, editor):
    poster = reverse("measures:door-poster", args=[workshop.pk])
    assert editor.get(poster)["Location"] == reverse("measures:door", args=[workshop.pk])
    code = open_door(workshop)
    assert codes_on(editor.get(poster)) == [code] * 5


def test_the_day_leads_to_the_door_as_long_as_it_can_be_opened(workshop, editor, at):
    door, day = reverse("measures:door", args=[workshop.pk]), workshop.get_absolute_url()
    assert f'href="{door}"' in editor.get(day).text
    at("deliberating")
    assert f'href="{door}"' not in editor.get(day).text


# Personal cards ---------------------------------------------------------------------------------


def make(workshop: Workshop, client: Client, ticket: str = "", **wanted: int):
    """Press the button that makes cards: ``make(workshop, editor, Rat=3)``."""
    ids = {"none": "none", **dict(workshop.groups.values_list("name", "pk"))}
    sent = {f"cards_{ids[name]}": number for name, number in wanted.items()}
    url = reverse("measures:card-add", args=[workshop.pk])
    return client.post(url, {"ticket": ticket, **sent})


def told(workshop: Workshop, client: Client) -> list[tuple]:
    piles = page(workshop, client).context["piles"]
    return [(pile.name, pile.made, pile.used, pile.unused) for pile in piles]


def test_cards_are_shown_once_with_their_group_and_each_is_good_for_one_ballot(workshop, editor):
    sheet = make(workshop, editor, Rat=2, none=1)
    codes = codes_on(sheet)
    assert [name for name, _sign in sheet.context["cards"]] == ["Rat", "Rat", "Ohne Gruppe"]
    assert ([len(code) for code in codes], len({*codes})) == ([10] * 3, 3)
    assert "no-store" in sheet["Cache-Control"]
    assert {*JoinCode.objects.values_list("code_hash", flat=True)} == {*map(code_hash, codes)}
    assert [enter(code) for code in codes] == [302] * 3
    assert [enter(code) for code in codes] == [403] * 3
    names = sorted(str(name) for name in Ballot.objects.values_list("group__name", flat=True))
    assert names == ["None", "Rat", "Rat"]
    assert codes_on(page(workshop, editor)) == []


def test_a_double_click_makes_one_set_and_shows_it(workshop, editor):
    ticket = page(workshop, editor).context["cards_form"]["ticket"].value()
    sheets = [codes_on(make(workshop, editor, ticket, Rat=3)) for _click in range(2)]
    assert (sheets[0] == sheets[1], JoinCode.objects.count()) == (True, 3)
    more = codes_on(make(workshop, editor, ticket, Rat=3, Verwaltung=1))  # back, and one more
    assert (more[:3] == sheets[0], JoinCode.objects.count()) == (True, 4)


def test_after_a_while_the_same_button_shows_nothing_any_more(workshop, editor, monkeypatch):
    ticket = page(workshop, editor).context["cards_form"]["ticket"].value()
    make(workshop, editor, ticket, Rat=3)
    monkeypatch.setattr(cards.cache, "get", lambda _key, default=None: default)  # ten minutes later
    again = make(workshop, editor, ticket, Rat=3)
    assert again["Location"] == reverse("measures:door", args=[workshop.pk])
    assert "werden nur einmal gezeigt" in page(workshop, editor).text
    assert JoinCode.objects.count() == 3


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "für mindestens eine Gruppe"),
        ({"Rat": 0}, "für mindestens eine Gruppe"),
        ({"Rat": "viele"}, "Ziffern"),
        ({"Rat": -1}, ""),
        ({"Rat": 150, "Verwaltung": 51}, "Höchstens 200 Karten"),
    ],
)
def test_numbers_that_make_no_sense_make_no_card_and_stay_in_the_form(sent, said, workshop, editor):
    answer = make(workshop, editor, **sent)
    assert (answer.status_code, said in answer.text, JoinCode.objects.count()) == (422, True, 0)
    assert all(f'value="{number}"' in answer.text for number in sent.values())


def test_there_are_never_more_cards_than_people_who_may_come(workshop, editor, monkeypatch):
    monkeypatch.setattr(cards, "MAX_GUESTS", 5)
    make(workshop, editor, Rat=4)
    assert "nur noch 1 Karten" in make(workshop, editor, Rat=2).text
    assert make(workshop, editor, Rat=1).status_code == 200


def test_who_clicks_twice_sees_the_same_cards_also_where_they_fill_the_room(
    workshop, editor, monkeypatch
):
    monkeypatch.setattr(cards, "MAX_GUESTS", 5)
    ticket = new_ticket()
    first, second = (make(workshop, editor, ticket, Rat=5) for _click in range(2))
    assert (len(codes_on(first)), codes_on(first)) == (5, codes_on(second))


def test_used_and_unused_are_counted_but_of_a_group_only_where_that_tells_of_nobody(
    workshop, editor
):
    codes = codes_on(make(workshop, editor, Rat=8, Verwaltung=8))
    assert told(workshop, editor) == [("Rat", 8, 0, 8), ("Verwaltung", 8, 0, 8)]
    for code in codes[:6]:
        enter(code)
    assert told(workshop, editor) == [("Rat", 8, 6, 2), ("Verwaltung", 8, 0, 8)]
    enter(codes[8])
    # One of the administration: subtracted from all it would be told by the council's number.
    assert told(workshop, editor) == [("Rat", 8, None, None), ("Verwaltung", 8, None, None)]
    assert page(workshop, editor).context["counts"] == {"used": 7}


def test_unused_cards_of_a_group_are_taken_back_and_used_ones_stay(workshop, editor, lead):
    council = codes_on(make(workshop, editor, Rat=2))
    office = codes_on(make(workshop, editor, Verwaltung=2))
    enter(council[0])
    lead("card-withdraw", group=group(workshop, "Rat"))
    assert [enter(code) for code in (*council, *office)] == [403, 403, 302, 302]
    states = sorted(JoinCode.objects.values_list("state", flat=True))
    assert states == ["revoked", "used", "used", "used"]
    [alone] = codes_on(make(workshop, editor, none=1))
    lead("card-withdraw", group="")
    assert enter(alone) == 403


def test_taking_back_the_cards_of_a_small_group_tells_not_how_many_of_it_came(
    workshop, editor, lead
):
    council = codes_on(make(workshop, editor, Rat=6))
    for code in (*council[:2], *codes_on(make(workshop, editor, Verwaltung=10))[:7]):
        enter(code)

    def seen() -> tuple:
        shown = page(workshop, editor)
        return told(workshop, editor), shown.context["counts"], "4 gesperrt." in shown.text

    before = [("Rat", 6, None, None), ("Verwaltung", 10, None, None)], {"used": 9}, False
    assert seen() == before
    lead("card-withdraw", group=group(workshop, "Rat"))
    assert seen() == before
    for code in codes_on(make(workshop, editor, Rat=3)):
        enter(code)
    counts = {"used": 12, "unused": 3, "revoked": 4}
    assert seen() == ([("Rat", 9, 5, 0), ("Verwaltung", 10, 7, 3)], counts, True)


@pytest.mark.parametrize("used", [0, 2])
def test_cards_that_were_taken_back_are_shown_as_good_by_no_second_click(
    used, workshop, editor, lead
):
    ticket = page(workshop, editor).context["cards_form"]["ticket"].value()
    for code in codes_on(make(workshop, editor, ticket, Rat=2))[:used]:
        enter(code)
    assert make(workshop, editor, ticket, Rat=2).status_code == 200
    lead("card-withdraw", group=group(workshop, "Rat"))
    again = make(workshop, editor, ticket, Rat=2)
    assert again["Location"] == reverse("measures:door", args=[workshop.pk])
    anew = page(workshop, editor).context["cards_form"]["ticket"].value()
    sheets = [codes_on(make(workshop, editor, anew, Rat=2)) for _click in range(2)]
    assert (len(sheets[0]), sheets[1]) == (2, sheets[0])


def test_one_card_is_taken_back_by_its_code_unless_it_was_used(workshop, editor, lead):
    lost, used = codes_on(make(workshop, editor, Rat=2))
    enter(used)
    for _click in range(2):
        assert lead("card-withdraw", code=f" {lost[:5].lower()}-{lost[5:]}").status_code == 302
    assert enter(lost) == 403
    refusals = {used: "Diese Karte ist benutzt", new_code(10): "Eine Karte mit diesem Code gibt es"}
    for code, said in refusals.items():
        refused = lead("card-withdraw", code=code)
        assert refused.status_code == 422
        assert (said in refused.text, code in refused.text) == (True, True)
    assert sorted(JoinCode.objects.values_list("state", flat=True)) == ["revoked", "used"]


def test_a_card_of_another_workshop_is_not_taken_back_here(workshop, other_workshop, lead):
    code = new_code(10)
    JoinCode.objects.create(workshop=other_workshop, code_hash=code_hash(code))
    assert lead("card-withdraw", code=code).status_code == 422
    assert lead("card-withdraw", group=other_workshop.groups.get().pk).status_code == 404
    assert JoinCode.objects.get().state == "unused"


def test_cards_let_in_until_the_rating_is_over(workshop, editor, at):
    codes = codes_on(make(workshop, editor, Rat=4))
    answers = []
    for phase, code in zip(("collecting", "rating", "deliberating", "closed"), codes, strict=True):
        at(phase)
        answers.append(enter(code))
    assert answers == [302, 302, 403, 403]


def test_a_card_that_is_used_and_taken_back_at_once_is_one_of_both(
    transactional_db, workshop, editor
):
    [code] = codes_on(make(workshop, editor, Rat=1))
    back = reverse("measures:card-withdraw", args=[workshop.pk])

    def act(is_guest: bool) -> int:
        try:
            return enter(code) if is_guest else editor.post(back, {"code": code}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = [*pool.map(act, (True, False))]
    state = JoinCode.objects.get().state
    assert (answers, state) in (([302, 422], "used"), ([403, 302], "revoked"))
    assert Ballot.objects.count() == (state == "used")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_queries_however_many_there_are(
    count, workshop, editor, guest, django_assert_num_queries
):
    for _each in range(count):
        guest("Rat")
        make(workshop, editor, Rat=1, Verwaltung=1)
    page(workshop, editor)
    with django_assert_num_queries(8):
        page(workshop, editor)
