"""Sheets of paper, typed in one at a time: what is typed, sent twice, corrected, removed."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from measures.models import Measure, Rating
from measures.rating.digits import answer_pattern, digits_of, read_pair
from measures.rating.sheet_cookie import MOST, OwnSheets
from measures.rating.sheet_saving import ballot_id, opening_of
from tests.people import FRAGMENT
from tests.rating import close, round_of
from workshops.models import Ballot, Membership, Role, User


@pytest.fixture
def desk(signed_in, facilitator, measure, measure_two, at) -> Client:
    at("rating")
    return signed_in(facilitator)


def url(workshop, name: str = "sheet-add", *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def drawn(client: Client, page: str) -> dict[str, str]:
    """Return what the form at this address holds as it is drawn."""
    form = client.get(page).context["form"]
    return {field.html_name: str(field.value() or "") for field in form}


def send(client: Client, workshop, *, headers=None, **typed):
    """Type in a sheet on a page that has just been opened."""
    start = drawn(client, url(workshop)) | {"group": "none"}
    return client.post(url(workshop), start | typed, headers=headers)


def stored() -> list[tuple]:
    rows = Rating.objects.order_by("measure__number", "relevance", "feasibility")
    return list(
        rows.values_list("measure__number", "relevance", "feasibility", "ballot__group__name")
    )


# What is typed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "steps", "pair"),
    [
        ("45", 5, (4, 5)), ("0k", 5, (None, None)), ("K3", 5, (None, 3)), (" 4 5 ", 5, (4, 5)),
        ("4", 5, None), ("456", 5, None), ("46", 5, None), ("x5", 5, None), ("٤٥", 5, None),
        ("10", 5, (1, None)), ("99", 9, (9, 9)), ("14", 3, None),
        ("107", 10, (10, 7)), ("710", 10, (7, 10)), ("1010", 10, (10, 10)), ("110", 10, (1, 10)),
        ("101", 10, (10, 1)), ("10k", 10, (10, None)), ("k10", 10, (None, 10)), ("77", 10, (7, 7)),
        ("10", 10, None), ("70", 10, None), ("07", 10, None), ("100", 10, None), ("", 10, None),
    ],
)  # fmt: skip
def test_two_answers_are_read_from_what_was_typed(text, steps, pair):
    assert read_pair(text, steps) == pair


@pytest.mark.parametrize("steps", range(3, 11))
def test_each_pair_has_one_way_to_be_typed_and_no_other_pair_reads_so(steps):
    answers = [None, *range(1, steps + 1)]
    pairs = [(one, other) for one in answers for other in answers]
    assert [read_pair(digits_of(pair), steps) for pair in pairs] == pairs
    for pair in pairs:  # a browser refuses at once what no pair can begin with
        begun = [digits_of(pair)[:n] for n in range(len(digits_of(pair)) + 1)]
        assert all(re.fullmatch(f"(?:{answer_pattern(steps)}){{0,2}}", text) for text in begun)


# Storing ----------------------------------------------------------------------------------------


def test_a_sheet_becomes_a_ballot_of_paper_with_its_pairs(workshop, desk):
    council = workshop.groups.get(name="Rat")
    response = send(desk, workshop, group=council.pk, m1="45", m2="0k")
    assert response.status_code == 302
    assert response["Location"] == f"{url(workshop)}?group={council.pk}"
    assert stored() == [(1, 4, 5, "Rat"), (2, None, None, "Rat")]
    [ballot] = Ballot.objects.all()
    assert (ballot.source, ballot.secret_hash, ballot.recovery_hash) == ("paper", None, None)
    assert ballot.workshop == workshop


def test_the_group_stays_for_the_next_sheet(workshop, desk):
    council = workshop.groups.get(name="Rat")
    page = send(desk, workshop, group=council.pk, m1="45")["Location"]
    assert drawn(desk, page)["group"] == str(council.pk)
    assert drawn(desk, send(desk, workshop, m1="45")["Location"])["group"] == "none"


def test_what_is_not_ticked_is_no_rating_and_cannot_judge_is_one(workshop, desk):
    send(desk, workshop, m1="", m2="k4")
    assert stored() == [(2, None, 4, None)]


def test_in_a_workshop_without_groups_none_is_asked_for(workshop, desk):
    workshop.groups.all().delete()
    start = drawn(desk, url(workshop))
    assert "group" not in start
    assert desk.post(url(workshop), start | {"m1": "12"}).status_code == 302
    assert stored() == [(1, 1, 2, None)]


@pytest.mark.parametrize(
    ("typed", "faulty"),
    [
        ({"m1": "4", "m2": "11"}, ["m1"]), ({"m1": "46"}, ["m1"]), ({"m1": "9" * 30}, ["m1"]),
        ({"m1": "a\0"}, ["m1"]), ({}, ["__all__"]), ({"m1": "11", "group": ""}, ["group"]),
        ({"m1": "11", "group": "999999"}, ["group"]), ({"m1": "11", "group": "x"}, ["group"]),
        ({"m1": "11", "client_id": "x"}, ["client_id"]),
        ({"m1": "11", "opening": "x"}, ["opening"]),
    ],
)  # fmt: skip
def test_a_wrong_sheet_is_given_back_whole_and_nothing_of_it_is_stored(
    workshop, desk, typed, faulty
):
    response = send(desk, workshop, **typed)
    form = response.context["form"]
    assert (response.status_code, list(form.errors), stored()) == (422, faulty, [])
    shown = [str(form[name].value()) for name in typed]
    assert shown == [str(value).replace("\0", " ") for value in typed.values()]


def test_a_group_of_another_workshop_is_refused(workshop, desk, other_workshop):
    foreign = other_workshop.groups.get().pk
    assert send(desk, workshop, m1="11", group=foreign).status_code == 422
    assert stored() == []


def test_a_measure_that_the_round_does_not_offer_takes_nothing(workshop, desk):
    Measure.objects.filter(number=2).update(is_removed=True)
    send(desk, workshop, m1="11", m2="22", m3="33")
    assert stored() == [(1, 1, 1, None)]


# Sent twice, stored once ------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [None, FRAGMENT])
def test_a_sheet_sent_twice_is_stored_once(workshop, desk, headers):
    sheet = drawn(desk, url(workshop)) | {"group": "none", "m1": "45"}
    for _again in range(3):
        status = desk.post(url(workshop), sheet, headers=headers).status_code
        assert status == (200 if headers else 302)
    assert stored() == [(1, 4, 5, None)]
    assert [number for number, *_told in desk.get(url(workshop)).context["sheets"]] == [1]


def test_another_sheet_on_a_page_gone_back_to_is_not_lost_and_overwrites_nothing(workshop, desk):
    sheet = drawn(desk, url(workshop)) | {"group": "none", "m1": "45"}
    desk.post(url(workshop), sheet)
    late = desk.post(url(workshop), sheet | {"m1": "11"})
    assert (late.status_code, stored()) == (409, [(1, 4, 5, None)])
    again = {field.html_name: field.value() for field in late.context["form"]}
    assert again["m1"] == "11"
    assert desk.post(url(workshop), again | {"m2": ""}).status_code == 302
    assert stored() == [(1, 1, 1, None), (1, 4, 5, None)]


def test_two_equal_sheets_are_two(workshop, desk):
    for _person in range(2):
        send(desk, workshop, m1="45")
    assert stored() == [(1, 4, 5, None)] * 2


def test_thirty_sheets_of_forty_measures_lose_nothing_where_answers_get_lost(workshop, desk, field):
    round = round_of(workshop)
    for title in range(38):
        extra = Measure.objects.create(workshop=workshop, field=field, title=f"Idee {title}")
        round.offers.create(measure=extra)
    start, wanted = drawn(desk, url(workshop)), []
    for person in range(30):
        pairs = {n: (1 + (person + n) % 5, 1 + (person * n) % 5) for n in range(1, 41)}
        sheet = start | {"group": "none", "client_id": str(uuid4())}
        sheet |= {f"m{n}": digits_of(pair) for n, pair in pairs.items()}
        for _lost in range(1 + (person % 3 == 0)):
            assert desk.post(url(workshop), sheet, headers=FRAGMENT).status_code == 200
        wanted.append([(n, *pair) for n, pair in pairs.items()])
    rows = Rating.objects.order_by("measure__number")
    found = [
        list(rows.filter(ballot=each).values_list("measure__number", "relevance", "feasibility"))
        for each in Ballot.objects.all()
    ]
    assert sorted(found) == sorted(wanted)


def test_what_is_sent_again_after_the_rating_was_opened_again_asks_first(
    workshop, desk, facilitator, signed_in
):
    """By then closing has given the sheet another number: stored again, it would count twice."""
    sheet = drawn(desk, url(workshop)) | {"group": "none", "m1": "45"}
    desk.post(url(workshop), sheet)
    move = reverse("measures:phase-move", args=[workshop.pk])
    desk.post(move, {"from": "rating", "to": "deliberating"})
    assert desk.post(url(workshop), sheet).status_code == 403
    desk.post(move, {"from": "deliberating", "to": "rating"})
    late = desk.post(url(workshop), sheet)
    assert (late.status_code, stored()) == (409, [(1, 4, 5, None)])
    again = {field.html_name: field.value() for field in late.context["form"]}
    assert desk.post(url(workshop), again | {"m2": ""}).status_code == 302
    assert stored() == [(1, 4, 5, None)] * 2


def test_no_table_keeps_what_the_browser_calls_a_sheet(workshop, desk, facilitator):
    sheet = drawn(desk, url(workshop)) | {"group": "none", "m1": "45"}
    desk.post(url(workshop), sheet)
    [pk] = Ballot.objects.values_list("pk", flat=True)
    opening = opening_of(workshop)
    assert pk == ballot_id(workshop, facilitator.pk, opening, sheet["client_id"])
    others = {
        ballot_id(workshop, facilitator.pk, opening, uuid4()),
        ballot_id(workshop, facilitator.pk + 1, opening, sheet["client_id"]),
        ballot_id(workshop, facilitator.pk, opening + 1, sheet["client_id"]),
    }
    assert len(others - {pk}) == 3
    assert all(0 < each < 2**63 for each in {pk, *others})
    assert str(pk) not in str(dict(desk.session.items()))


# The list, corrections --------------------------------------------------------------------------


def test_the_whole_sheets_so_far_are_listed_the_last_one_first(workshop, desk):
    council = workshop.groups.get(name="Rat")
    send(desk, workshop, group=council.pk, m1="45", m2="11")
    answer = send(desk, workshop, m1="45", headers=FRAGMENT)
    assert answer.context["sheets"] == [(2, None, 1), (1, "Rat", 2)]
    assert (answer.context["just_saved"], answer.context["next"]) == (2, 3)
    assert desk.get(url(workshop)).context["sheets"] == answer.context["sheets"]


def test_a_sheet_is_corrected_until_the_rating_is_closed(workshop, desk):
    council = workshop.groups.get(name="Rat")
    send(desk, workshop, group=council.pk, m1="45", m2="0k")
    page = url(workshop, "sheet-edit", 1)
    sheet = drawn(desk, page)
    assert (sheet["group"], sheet["m1"], sheet["m2"]) == (str(council.pk), "45", "kk")
    assert desk.post(page, sheet | {"m1": "4"}).status_code == 422
    for _again in range(2):
        sent = desk.post(page, sheet | {"group": "none", "m1": "51", "m2": ""})
        assert (sent.status_code, stored()) == (302, [(1, 5, 1, None)])
    assert Ballot.objects.count() == 1
    close(workshop)
    assert desk.post(page, sheet).status_code == 403
    assert stored() == [(1, 5, 1, None)]


def test_a_sheet_is_removed_and_the_others_keep_their_numbers(workshop, desk):
    for answers in ("11", "22", "33"):
        send(desk, workshop, m1=answers)
    assert desk.post(url(workshop, "sheet-remove", 2)).status_code == 302
    assert stored() == [(1, 1, 1, None), (1, 3, 3, None)]
    assert Ballot.objects.count() == 2
    assert desk.get(url(workshop)).context["sheets"] == [(3, None, 1), (2, None, 0), (1, None, 1)]
    assert desk.post(url(workshop, "sheet-remove", 2)).status_code == 404


@pytest.mark.parametrize("headers", [None, FRAGMENT])
def test_a_removed_sheet_that_comes_once_more_is_not_stored_anew(workshop, desk, headers):
    send(desk, workshop, m1="11")
    sheet = drawn(desk, url(workshop)) | {"group": "none", "m1": "45"}
    desk.post(url(workshop), sheet)
    send(desk, workshop, m1="33")
    desk.post(url(workshop, "sheet-remove", 2))
    late = desk.post(url(workshop), sheet, headers=headers)
    assert (late.status_code, stored()) == (409, [(1, 1, 1, None), (1, 3, 3, None)])
    assert "Bogen 2 wurde entfernt. Soll er doch zählen, speichern Sie ihn" in late.text
    if not headers:  # given back as it was typed, to be sent as another one
        again = {field.html_name: field.value() for field in late.context["form"]}
        assert desk.post(url(workshop), again | {"m2": ""}).status_code == 302
        assert len(stored()) == 3


def test_sheets_that_two_tabs_send_at_once_all_have_a_page(workshop, desk, facilitator, signed_in):
    send(desk, workshop, m1="11")
    tabs = [signed_in(facilitator) for _tab in range(3)]
    for tab in tabs:  # each of these leaves before any of them is answered
        tab.cookies.update(desk.cookies)
    answers = [send(tab, workshop, m1=f"{n}{n}") for n, tab in enumerate(tabs, 2)]
    for answer in answers:
        desk.cookies.update(answer.cookies)
    pages = [desk.get(url(workshop, "sheet-edit", number)) for number in range(1, 6)]
    assert [page.status_code for page in pages] == [200] * 4 + [404]
    found = [page.context["form"]["m1"].value() for page in pages[:4]]
    assert sorted(found) == ["11", "22", "33", "44"]
    for answers in ("55", "51"):  # they keep their numbers, and the single ones go
        send(desk, workshop, m1=answers)
    again = [desk.get(url(workshop, "sheet-edit", n)).context["form"]["m1"] for n in range(1, 7)]
    assert [cell.value() for cell in again] == [*found, "55", "51"]
    held = [
        each for each in desk.cookies.items() if each[0].startswith("sheets_") and each[1].value
    ]
    assert len(held) == 2


def test_only_who_typed_a_sheet_in_opens_it_again(workshop, desk, signed_in):
    send(desk, workshop, m1="45")
    other = User.objects.create_user("zweite@bingen.example")
    Membership.objects.create(workshop=workshop, user=other, role=Role.FACILITATOR)
    theirs = signed_in(other)
    assert theirs.get(url(workshop)).context["sheets"] == []
    theirs.cookies.update({name: value for name, value in desk.cookies.items() if "sheets" in name})
    for name in ("sheet-edit", "sheet-remove"):
        assert theirs.post(url(workshop, name, 1), {"m1": "11"}).status_code == 404
    assert stored() == [(1, 4, 5, None)]


def test_a_forged_list_opens_nothing(workshop, desk, ballots):
    send(desk, workshop, m1="45")
    names = [each for each in desk.cookies if each.startswith("sheets_")]
    assert len(names) == 2  # all sheets, and the last one
    for name in names:
        cookie = desk.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        assert (cookie["path"], cookie["max-age"]) == (f"/workshops/{workshop.pk}/entry/", "")
        desk.cookies[name] = cookie.value[:-1] + ("A" if cookie.value[-1] != "A" else "B")
    assert desk.get(url(workshop)).context["sheets"] == []
    assert desk.get(url(workshop, "sheet-edit", 1)).status_code == 404


def test_of_very_many_sheets_the_oldest_drop_out_and_numbers_go_on():
    sheets = OwnSheets(opening=1)
    for pk in range(1, MOST + 4):
        sheets = sheets.with_sheet(pk)
    assert (sheets.first, len(sheets.ids), sheets.next) == (4, MOST, MOST + 4)
    assert (sheets.id_of(3), sheets.id_of(4), sheets.number_of(MOST + 3)) == (None, 4, MOST + 3)
    assert sheets.with_sheet(MOST) == sheets


def test_after_the_rating_was_closed_the_list_begins_anew(workshop, desk):
    send(desk, workshop, m1="45")
    move = reverse("measures:phase-move", args=[workshop.pk])
    desk.post(move, {"from": "rating", "to": "deliberating"})
    desk.post(move, {"from": "deliberating", "to": "rating"})
    context = desk.get(url(workshop)).context
    assert (context["sheets"], context["next"]) == ([], 1)
    assert round_of(workshop).ratings.count() == 1


# Pages ------------------------------------------------------------------------------------------


def test_a_script_is_told_why_a_sheet_is_not_saved(workshop, desk):
    answer = send(desk, workshop, m1="4", headers=FRAGMENT)
    assert answer.status_code == 422
    assert 'data-refused="Zwei Antworten' in answer.text
    assert answer.templates[0].name == "measures/rating/_sheet_list.html"


def test_the_measures_stand_in_the_order_of_the_printed_sheet(workshop, desk, field):
    tourism = workshop.fields.get(name="Tourismus")
    for place in (tourism, field):
        Measure.objects.create(workshop=workshop, field=place, title="Rad")
    round = round_of(workshop)
    for each in Measure.objects.all():
        round.offers.get_or_create(measure=each)
    typed = [measure.code for measure, _cell in desk.get(url(workshop)).context["form"].rows()]
    sheet = desk.get(url(workshop, "rating-sheet")).context["measures"]
    cards = desk.get(url(workshop, "wall-cards")).context["measures"]
    assert typed == [each.code for each in sheet] == [each.code for each in cards]
    assert typed == ["M1", "M2", "M4", "M3"]


def test_on_a_scale_of_ten_the_page_says_how_ten_is_typed(workshop, desk):
    workshop.steps = 10
    workshop.save(update_fields=["steps"])
    page = desk.get(url(workshop)).text
    assert "107 ist 10 und 7." in page
    assert 'data-answer="10|[1-9]|k"' in page
    assert send(desk, workshop, m1="107").status_code == 302
    assert stored() == [(1, 10, 7, None)]


def test_the_cards_can_be_had_in_two_sizes(workshop, desk):
    found = [desk.get(url(workshop, "wall-cards"), query).text for query in ({}, {"size": "a5"})]
    assert [page.count("wall-cards-page--small") for page in found] == [0, 1]
    assert [page.count('<li class="wall-card">') for page in found] == [2, 2]


def test_before_any_measure_the_pages_say_so(workshop, signed_in, facilitator, at):
    at("rating")
    desk = signed_in(facilitator)
    for name in ("sheet-add", "wall-cards"):
        page = desk.get(url(workshop, name)).text
        found = [
            "noch keine Maßnahme" in page,
            "<form" in page.split("<main")[1].split("</main")[0],
            "sheet.js" in page,
        ]
        assert found == [True, False, False]


@pytest.mark.parametrize(
    ("name", "queries"), [("sheet-add", 10), ("print-list", 7), ("wall-cards", 7)]
)
def test_the_pages_take_the_same_queries_for_one_measure_and_sheet_and_for_three(
    workshop, desk, name, queries, django_assert_num_queries
):
    send(desk, workshop, m1="45")
    with django_assert_num_queries(queries):
        desk.get(url(workshop, name))
    for title in ("Bahn", "Schiff"):
        extra = Measure.objects.create(
            workshop=workshop, field=workshop.fields.first(), title=title
        )
        round_of(workshop).offers.create(measure=extra)
        send(desk, workshop, m1="45")
    with django_assert_num_queries(queries):
        desk.get(url(workshop, name))
