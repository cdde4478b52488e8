"""Paper sheets and the room's agreed pair, entered by the facilitator."""

import pytest
from django.urls import reverse

from measures.models import Consensus, Measure, PaperCount
from measures.overview import overview_of
from measures.rating import rounds
from tests.rating import agree_on, count_paper, save_rating

NO_PAIR = "0 0"
NO_SHEETS = "0 0 0 0 0 0 0 0 0 0 0 0"


@pytest.fixture
def desk(signed_in, facilitator, at):
    at("rating")
    return signed_in(facilitator)


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def send(client, workshop, *, pile="", number=1, **sent):
    """Send the form as it is drawn where nothing is stored, but for ``sent``."""
    page = reverse(
        "measures:measure-entry",
        args=[workshop.pk, number],
        query={"group": pile} if pile else None,
    )
    sent = {name.replace("agreed_", "agreed-"): value for name, value in sent.items()}
    return client.post(page, {"agreed-seen": NO_PAIR, "seen": NO_SHEETS} | sent)


def agree(client, workshop, relevance, feasibility, seen: str = NO_PAIR):
    pair = {"agreed_relevance": relevance, "agreed_feasibility": feasibility, "agreed_seen": seen}
    return send(client, workshop, **pair)


paper = send


def pair() -> tuple | None:
    return Consensus.objects.values_list("relevance", "feasibility").first()


def sheets() -> set[tuple]:
    return {*PaperCount.objects.values_list("criterion", "step", "count", "group__name")}


# The agreed pair --------------------------------------------------------------------------------


def test_the_agreed_pair_never_enters_the_mean(workshop, measure, desk, ballots, at):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=2, feasibility=2)
    response = agree(desk, workshop, 5, 4)
    assert (response.status_code, response["Location"]) == (302, url(workshop, "measure-entry", 1))
    [row] = overview_of(at("deliberating")).rows
    assert (row.consensus, row.result.n) == ((5, 4), 3)
    assert (row.result.relevance.mean, row.result.feasibility.mean) == (2, 2)


def test_an_agreed_pair_without_any_rating_gives_no_place_in_the_ranking(
    workshop, measure, desk, at
):
    agree(desk, workshop, 5, 4)
    [row] = overview_of(at("deliberating")).rows
    assert (row.consensus, row.result.n, row.result.rank) == ((5, 4), 0, None)


def test_a_pair_is_changed_half_kept_and_taken_back_with_its_history(workshop, measure, desk):
    agree(desk, workshop, 5, 4)
    agree(desk, workshop, 3, "", seen="5 4")
    assert pair() == (3, None)
    agree(desk, workshop, "", "", seen="3 0")
    assert pair() is None
    history = Consensus.history.order_by("history_id").values_list("history_type", flat=True)
    assert list(history) == ["+", "~", "-"]


def test_a_late_pair_gets_409_with_both_versions_and_can_be_sent_again(workshop, measure, desk):
    agree(desk, workshop, 5, 4)
    late = agree(desk, workshop, 1, "")
    assert (late.status_code, late.context["differences"]) == (
        409,
        [
            {
                "label": "Vereinbarter Wert: Relevanz",
                "stored": "5 – sehr hoch",
                "typed": "1 – sehr gering",
            },
            {
                "label": "Vereinbarter Wert: Realisierbarkeit",
                "stored": "4 – hoch",
                "typed": "nicht vereinbart",
            },
        ],
    )
    assert pair() == (5, 4)
    seen = late.context["form"].agreed["seen"].value()
    assert (seen, agree(desk, workshop, 1, "", seen=seen).status_code) == ("5 4", 302)
    assert pair() == (1, None)


def test_a_pair_off_the_scale_is_refused(workshop, measure, desk):
    for value in ("0", "6", "drei", "2.5", "9" * 30, "a\0b"):
        response = agree(desk, workshop, value, 3)
        errors = response.context["form"].errors
        assert (response.status_code, list(errors)) == (422, ["agreed-relevance"])
    assert pair() is None


# Paper ------------------------------------------------------------------------------------------


def test_sheets_count_as_that_many_ratings(workshop, measure, desk, ballots, at):
    for ballot in ballots(5):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    response = paper(
        desk, workshop, relevance_5=3, relevance_none=1, feasibility_1=2, feasibility_2=2
    )
    assert (response.status_code, response["Location"]) == (302, url(workshop, "measure-entry", 1))
    [row] = overview_of(at("deliberating")).rows
    assert row.result.relevance.counts == (0, 0, 5, 0, 3)
    assert row.result.feasibility.counts == (2, 2, 5, 0, 0)
    assert (row.result.n, row.paper) == (9, 4)


def test_sheets_are_corrected_and_taken_back(workshop, measure, desk):
    paper(desk, workshop, relevance_1=2, feasibility_1=2)
    seen = "2 0 0 0 0 0 2 0 0 0 0 0"
    assert paper(desk, workshop, seen=seen, relevance_2=3, feasibility_1=3).status_code == 302
    assert sheets() == {("relevance", 2, 3, None), ("feasibility", 1, 3, None)}
    paper(desk, workshop, seen="0 3 0 0 0 0 3 0 0 0 0 0")
    assert sheets() == set()


def test_each_group_has_its_own_pile(workshop, measure, desk):
    group = workshop.groups.get(name="Rat")
    response = paper(desk, workshop, pile=group.pk, relevance_1=1, feasibility_1=1)
    page = url(workshop, "measure-entry", 1)
    assert response["Location"] == f"{page}?group={group.pk}"
    paper(desk, workshop, relevance_1=2, feasibility_1=2)
    assert sheets() == {
        (criterion, 1, count, name)
        for criterion in ("relevance", "feasibility")
        for count, name in [(1, "Rat"), (2, None)]
    }
    context = desk.get(page, {"group": group.pk}).context
    assert (context["group"], context["form"].paper["relevance_1"].value()) == (group, 1)


def test_sheets_with_unequal_answers_are_not_stored(workshop, measure, desk):
    response = paper(desk, workshop, relevance_1=3, feasibility_1=2)
    errors = response.context["form"].errors
    assert (response.status_code, list(errors), sheets()) == (422, ["__all__"], set())


def test_wrong_counts_are_refused(workshop, measure, desk):
    for value in ("-1", "501", "drei", "1.5", "9" * 30, "a\0b"):
        response = paper(desk, workshop, relevance_1=value)
        errors = response.context["form"].errors
        assert (response.status_code, list(errors)) == (422, ["relevance_1"])
    assert sheets() == set()


def test_late_counts_get_409_and_can_be_sent_again(workshop, measure, desk):
    paper(desk, workshop, relevance_1=2, feasibility_1=2)
    late = paper(desk, workshop, relevance_3=1, feasibility_3=1)
    [label, *_others] = [each["label"] for each in late.context["differences"]]
    assert (late.status_code, label) == (409, "Papierbögen, ohne Gruppe: Relevanz 1 – sehr gering")
    assert sheets() == {("relevance", 1, 2, None), ("feasibility", 1, 2, None)}
    seen = late.context["form"].paper["seen"].value()
    again = paper(desk, workshop, seen=seen, relevance_3=1, feasibility_3=1)
    assert again.status_code == 302
    assert sheets() == {("relevance", 3, 1, None), ("feasibility", 3, 1, None)}


def test_a_made_up_group_does_not_exist(workshop, measure, desk):
    for raw in ("abc", "0", "-1", "9" * 18, "9" * 30, "٣", "1.0"):
        assert desk.get(url(workshop, "measure-entry", 1), {"group": raw}).status_code == 404
        assert paper(desk, workshop, pile=raw, relevance_1=1).status_code == 404
        assert paper(desk, workshop, group=raw, relevance_1=1, feasibility_1=1).status_code == 404
    assert sheets() == set()


# Both at once -----------------------------------------------------------------------------------

BOTH = {
    "agreed_relevance": 5, "agreed_feasibility": 4,
    "relevance_1": 2, "feasibility_none": 2,
}  # fmt: skip
STORED = {("relevance", 1, 2, None), ("feasibility", None, 2, None)}


def test_one_button_saves_the_pair_and_the_sheets(workshop, measure, desk):
    assert send(desk, workshop, **BOTH).status_code == 302
    assert (pair(), sheets()) == ((5, 4), STORED)


@pytest.mark.parametrize(
    ("wrong", "faulty"),
    [({"relevance_1": 3}, "__all__"), ({"agreed_relevance": 9}, "agreed-relevance")],
)
def test_a_mistake_in_one_half_saves_neither_and_keeps_what_was_typed_in_both(
    workshop, measure, desk, wrong, faulty
):
    response = send(desk, workshop, **BOTH | wrong)
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [faulty])
    assert (pair(), sheets()) == (None, set())
    shown = {field.html_name.replace("-", "_"): field.value() for field in form}
    typed = {name: str(value) for name, value in (BOTH | wrong).items()}
    assert {name: shown[name] for name in typed} == typed


def test_a_conflict_in_one_half_keeps_the_other_half_too(workshop, measure, desk):
    agree(desk, workshop, 3, 3)
    late = send(desk, workshop, **BOTH)
    assert (late.status_code, pair(), sheets()) == (409, (3, 3), set())
    again = {f.html_name.replace("-", "_"): f.value() or "" for f in late.context["form"]}
    assert send(desk, workshop, **again).status_code == 302
    assert (pair(), sheets()) == ((5, 4), STORED)


def test_what_somebody_else_enters_in_the_other_half_is_neither_overwritten_nor_in_the_way(
    workshop, measure, desk
):
    agree(desk, workshop, 3, 3)
    assert send(desk, workshop, relevance_1=1, feasibility_1=1).status_code == 302
    assert (pair(), len(sheets())) == ((3, 3), 2)


def test_of_two_who_enter_the_same_nobody_is_bothered(workshop, measure, desk):
    assert [send(desk, workshop, **BOTH).status_code for _ in range(2)] == [302, 302]
    assert (pair(), Consensus.history.count(), PaperCount.history.count()) == ((5, 4), 1, 2)


def test_the_untouched_half_of_a_conflict_shows_what_is_stored_now(workshop, measure, desk):
    send(desk, workshop, **BOTH)
    late = send(desk, workshop, relevance_2=1, feasibility_2=1)
    form = late.context["form"]
    assert (late.status_code, form.agreed["relevance"].value()) == (409, 5)


def test_the_buttons_lead_on_to_the_next_measure_and_to_another_pile(
    workshop, measure, measure_two, desk
):
    rat, amt = workshop.groups.all()
    first, second = (url(workshop, "measure-entry", number) for number in (1, 2))
    for number, pile, button, leads_to in [
        (1, "", {"then": "stay"}, first),
        (1, "", {"then": "next"}, second),
        (1, rat.pk, {"then": "next"}, f"{second}?group={rat.pk}"),
        (2, rat.pk, {"then": "next"}, f"{second}?group={rat.pk}"),
        (1, rat.pk, {"group": amt.pk}, f"{first}?group={amt.pk}"),
        (1, rat.pk, {"group": ""}, first),
        (1, "", {"then": "nonsense"}, first),
        (1, "", {}, first),
    ]:
        response = send(desk, workshop, number=number, pile=pile, **button)
        assert (response.status_code, response["Location"]) == (302, leads_to)


def test_a_wrong_half_does_not_lead_on(workshop, measure, measure_two, desk):
    assert send(desk, workshop, relevance_1=1, then="next").status_code == 422


def test_what_was_entered_in_an_earlier_round_is_kept_and_not_shown(
    workshop, measure, desk, facilitator, at
):
    send(desk, workshop, **BOTH)
    rounds.open_round(at("deliberating"), by=facilitator, measures=[measure])
    [row] = desk.get(url(workshop, "entry-list")).context["measures"]
    assert (row.agreed, row.sheets) == ([], [])
    form = desk.get(url(workshop, "measure-entry", 1)).context["form"]
    assert (form.agreed["seen"].value(), form.paper["seen"].value()) == (NO_PAIR, NO_SHEETS)
    send(desk, workshop, agreed_relevance=3, agreed_feasibility=3, relevance_1=1, feasibility_1=1)
    counts = PaperCount.objects.order_by("round__number", "criterion")
    assert list(counts.values_list("round__number", "count")) == [(1, 2), (1, 2), (2, 1), (2, 1)]
    pairs = Consensus.objects.order_by("round__number").values_list("round__number", "relevance")
    assert list(pairs) == [(1, 5), (2, 3)]


# The pages --------------------------------------------------------------------------------------


def test_the_entry_leads_to_the_measures_before_and_after(workshop, measure, measure_two, desk):
    found = [
        (context["before"], context["after"])
        for n in (1, 2)
        for context in [desk.get(url(workshop, "measure-entry", n)).context]
    ]
    assert found == [(None, 2), (1, None)]


def test_removed_measures_and_those_of_fields_left_out_have_no_entry(
    workshop, measure, field, signed_in, facilitator, at
):
    left_out = workshop.fields.get(name="Tourismus")
    left_out.is_worked_on = False
    left_out.save()
    Measure.objects.create(workshop=workshop, field=left_out, title="Schloss")
    at("rating")
    desk = signed_in(facilitator)
    assert desk.get(url(workshop, "measure-entry", 1)).status_code == 200
    Measure.objects.filter(pk=measure.pk).update(is_removed=True)
    for number in (1, 2):
        assert desk.get(url(workshop, "measure-entry", number)).status_code == 404
        sent = send(desk, workshop, number=number, agreed_relevance=3, agreed_feasibility=3)
        assert sent.status_code == 404
    assert pair() is None


@pytest.mark.parametrize(
    ("name", "arguments", "queries"), [("entry-list", (), 6), ("measure-entry", (1,), 12)]
)
def test_the_pages_take_the_same_queries_for_one_measure_and_for_three(
    workshop, measure, desk, name, arguments, queries, django_assert_num_queries
):
    with django_assert_num_queries(queries):
        desk.get(url(workshop, name, *arguments))
    for title in ("Bus", "Bahn"):
        extra = Measure.objects.create(workshop=workshop, field=measure.field, title=title)
        agree_on(measure=extra, relevance=3, feasibility=3)
        count_paper(measure=extra, criterion="relevance", step=1, count=1)
    with django_assert_num_queries(queries):
        desk.get(url(workshop, name, *arguments))
