"""Paper sheets and the room's agreed pair, entered by the facilitator."""

import pytest
from django.urls import reverse

from measures.models import Consensus, Measure, PaperCount
from measures.overview import overview
from measures.rating.saving import save_rating

EMPTY = "0 0 0 0 0 0 0 0 0 0 0 0"


@pytest.fixture
def desk(signed_in, facilitator, at):
    at("rating")
    return signed_in(facilitator)


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def agree(client, workshop, relevance, feasibility, seen: str = ""):
    sent = {"agreed-relevance": relevance, "agreed-feasibility": feasibility, "agreed-seen": seen}
    return client.post(url(workshop, "consensus-save", 1), sent)


def paper(client, workshop, *, seen: str = EMPTY, **counts):
    return client.post(url(workshop, "paper-save", 1), {"seen": seen, **counts})


def sheets() -> set[tuple]:
    return {*PaperCount.objects.values_list("criterion", "step", "count", "group__name")}


# The agreed pair --------------------------------------------------------------------------------


def test_the_agreed_pair_never_enters_the_mean(workshop, measure, desk, ballots):
    save_rating(ballots(1)[0], measure, relevance=2, feasibility=2)
    response = agree(desk, workshop, 5, 4)
    assert (response.status_code, response["Location"]) == (302, url(workshop, "measure-entry", 1))
    [row] = overview(workshop).rows
    assert (row.consensus, row.result.n) == ((5, 4), 1)
    assert (row.result.relevance.mean, row.result.feasibility.mean) == (2, 2)


def test_an_agreed_pair_without_any_rating_gives_no_place_in_the_ranking(workshop, measure, desk):
    agree(desk, workshop, 5, 4)
    [row] = overview(workshop).rows
    assert (row.consensus, row.result.n, row.result.rank) == ((5, 4), 0, None)


def test_a_pair_is_changed_half_kept_and_taken_back_with_its_history(workshop, measure, desk):
    agree(desk, workshop, 5, 4)
    agree(desk, workshop, 3, "", seen="5 / 4")
    assert Consensus.objects.values_list("relevance", "feasibility").get() == (3, None)
    agree(desk, workshop, "", "", seen="3 / –")
    assert Consensus.objects.count() == 0
    history = Consensus.history.order_by("history_id").values_list("history_type", flat=True)
    assert list(history) == ["+", "~", "-"]


def test_a_late_pair_gets_409_and_can_be_sent_again(workshop, measure, desk):
    agree(desk, workshop, 5, 4)
    late = agree(desk, workshop, 1, 1)
    assert (late.status_code, b"5 / 4" in late.content) == (409, True)
    assert Consensus.objects.values_list("relevance", "feasibility").get() == (5, 4)
    seen = late.context["consensus_form"]["seen"].value()
    assert (seen, agree(desk, workshop, 1, 1, seen=seen).status_code) == ("5 / 4", 302)
    assert Consensus.objects.values_list("relevance", "feasibility").get() == (1, 1)


def test_a_pair_off_the_scale_is_refused(workshop, measure, desk):
    for value in ("0", "6", "drei", "2.5", "9" * 30, "a\0b"):
        response = agree(desk, workshop, value, 3)
        errors = response.context["consensus_form"].errors
        assert (response.status_code, list(errors)) == (422, ["relevance"])
    assert Consensus.objects.count() == 0


# Paper ------------------------------------------------------------------------------------------


def test_sheets_count_as_that_many_ratings(workshop, measure, desk, ballots):
    save_rating(ballots(1)[0], measure, relevance=3, feasibility=3)
    response = paper(
        desk, workshop, relevance_5=3, relevance_none=1, feasibility_1=2, feasibility_2=2
    )
    assert (response.status_code, response["Location"]) == (302, url(workshop, "measure-entry", 1))
    [row] = overview(workshop).rows
    assert row.result.relevance.counts == (0, 0, 1, 0, 3)
    assert row.result.feasibility.counts == (2, 2, 1, 0, 0)
    assert (row.result.n, row.paper) == (5, 4)


def test_sheets_are_corrected_and_taken_back(workshop, measure, desk):
    paper(desk, workshop, relevance_1=2, feasibility_1=2)
    seen = "2 0 0 0 0 0 2 0 0 0 0 0"
    assert paper(desk, workshop, seen=seen, relevance_2=3, feasibility_1=3).status_code == 302
    assert sheets() == {("relevance", 2, 3, None), ("feasibility", 1, 3, None)}
    paper(desk, workshop, seen="0 3 0 0 0 0 3 0 0 0 0 0")
    assert sheets() == set()


def test_each_group_has_its_own_pile(workshop, measure, desk):
    group = workshop.groups.get(name="Rat")
    response = paper(desk, workshop, group=group.pk, relevance_1=1, feasibility_1=1)
    page = url(workshop, "measure-entry", 1)
    assert response["Location"] == f"{page}?group={group.pk}"
    paper(desk, workshop, relevance_1=2, feasibility_1=2)
    assert sheets() == {
        (criterion, 1, count, name)
        for criterion in ("relevance", "feasibility")
        for count, name in [(1, "Rat"), (2, None)]
    }
    context = desk.get(page, {"group": group.pk}).context
    assert (context["group"], context["paper_form"]["relevance_1"].value()) == (group, 1)


def test_sheets_with_unequal_answers_are_not_stored(workshop, measure, desk):
    response = paper(desk, workshop, relevance_1=3, feasibility_1=2)
    errors = response.context["paper_form"].errors
    assert (response.status_code, list(errors), sheets()) == (422, ["__all__"], set())


def test_wrong_counts_are_refused(workshop, measure, desk):
    for value in ("-1", "501", "drei", "1.5", "9" * 30, "a\0b"):
        response = paper(desk, workshop, relevance_1=value)
        errors = response.context["paper_form"].errors
        assert (response.status_code, list(errors)) == (422, ["relevance_1"])
    assert sheets() == set()


def test_late_counts_get_409_and_can_be_sent_again(workshop, measure, desk):
    paper(desk, workshop, relevance_1=2, feasibility_1=2)
    late = paper(desk, workshop, relevance_3=1, feasibility_3=1)
    assert late.status_code == 409
    assert sheets() == {("relevance", 1, 2, None), ("feasibility", 1, 2, None)}
    seen = late.context["paper_form"]["seen"].value()
    again = paper(desk, workshop, seen=seen, relevance_3=1, feasibility_3=1)
    assert again.status_code == 302
    assert sheets() == {("relevance", 3, 1, None), ("feasibility", 3, 1, None)}


def test_a_made_up_group_does_not_exist(workshop, measure, desk):
    for raw in ("abc", "0", "-1", "9" * 18, "9" * 30, "٣", "1.0"):
        assert desk.get(url(workshop, "measure-entry", 1), {"group": raw}).status_code == 404
        assert paper(desk, workshop, group=raw, relevance_1=1).status_code == 404
    assert sheets() == set()


# The pages --------------------------------------------------------------------------------------


def test_the_entry_leads_to_the_measures_before_and_after(workshop, measure, measure_two, desk):
    found = [
        (context["before"], context["after"])
        for n in (1, 2)
        for context in [desk.get(url(workshop, "measure-entry", n)).context]
    ]
    assert found == [(None, 2), (1, None)]


def test_removed_measures_and_those_of_fields_left_out_have_no_entry(
    workshop, measure, measure_two, desk
):
    Measure.objects.filter(pk=measure.pk).update(is_removed=True)
    measure_two.field.is_worked_on = False
    measure_two.field.save()
    for number in (1, 2):
        assert desk.get(url(workshop, "measure-entry", number)).status_code == 404
    assert agree(desk, workshop, 3, 3).status_code == 404


@pytest.mark.parametrize(
    ("name", "arguments", "queries"), [("entry-list", (), 5), ("measure-entry", (1,), 10)]
)
def test_the_pages_take_the_same_queries_for_one_measure_and_for_three(
    workshop, measure, desk, name, arguments, queries, django_assert_num_queries
):
    with django_assert_num_queries(queries):
        desk.get(url(workshop, name, *arguments))
    for title in ("Bus", "Bahn"):
        extra = Measure.objects.create(workshop=workshop, field=measure.field, title=title)
        Consensus.objects.create(measure=extra, relevance=3, feasibility=3)
        PaperCount.objects.create(measure=extra, criterion="relevance", step=1, count=1)
    with django_assert_num_queries(queries):
        desk.get(url(workshop, name, *arguments))
