"""Pairs of measures with similar titles, judged by people before anybody rates them."""

import pytest
from django.urls import reverse

from measures.models import DistinctPair, Measure

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def editor(signed_in, facilitator):
    return signed_in(facilitator)


@pytest.fixture
def catalogue(workshop, field) -> list[Measure]:
    titles = ["Bürgerbus auf Zuruf", "Mängelmelder", "Bürgerbus", "Mängelmelder-App", "Rad"]
    return [Measure.objects.create(workshop=workshop, field=field, title=each) for each in titles]


@pytest.fixture
def page(workshop) -> str:
    return reverse("measures:similar-list", args=[workshop.pk])


def url(name: str, measure: Measure) -> str:
    return reverse(f"measures:{name}", args=[measure.workshop_id, measure.number])


def pairs(client, page: str) -> list[tuple[int, int]]:
    return [(one.number, other.number) for one, other in client.get(page).context["pairs"]]


def test_the_pairs_are_listed_and_counted_on_the_list_of_measures(
    editor, workshop, catalogue, page
):
    assert pairs(editor, page) == [(1, 3), (2, 4)]
    measures = editor.get(reverse("measures:measure-list", args=[workshop.pk]))
    assert (measures.context["alike"], f'href="{page}"' in measures.content.decode()) == (2, True)


def test_without_similar_titles_the_list_of_measures_does_not_mention_them(
    editor, workshop, measure, page
):
    measures = editor.get(reverse("measures:measure-list", args=[workshop.pk]))
    assert (measures.context["alike"], page in measures.content.decode()) == (0, False)
    assert pairs(editor, page) == []


def test_participants_and_a_rating_room_are_told_of_no_pairs(
    signed_in, participant, editor, workshop, catalogue, at
):
    measures = reverse("measures:measure-list", args=[workshop.pk])
    assert signed_in(participant).get(measures).context["alike"] == 0
    at("rating")
    assert editor.get(measures).context["alike"] == 0


def test_one_of_a_pair_is_kept_and_the_other_becomes_part_of_it_and_can_be_parted(
    editor, catalogue, page
):
    sent = {"target": catalogue[2].pk, "back": "list"}
    answer = editor.post(url("measure-merge", catalogue[0]), sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{page}?merged=1#undo")
    assert Measure.objects.get(number=1).merged_into == catalogue[2]
    assert pairs(editor, page) == [(2, 4)]
    undo = editor.get(answer["Location"]).context["undo"]
    editor.post(undo["url"])
    assert pairs(editor, page) == [(1, 3), (2, 4)]
    assert editor.get(answer["Location"]).context["undo"] is None


@pytest.mark.parametrize("merged", ["x", "2", "99", "9" * 30, ""])
def test_a_made_up_merger_offers_nothing_to_part(merged, editor, catalogue, page):
    answer = editor.get(page, {"merged": merged})
    assert (answer.status_code, answer.context["undo"]) == (200, None)


def test_who_says_not_the_same_says_it_for_the_whole_workshop_and_can_take_it_back(
    editor, signed_in, administrator, catalogue, page
):
    sent = {"target": catalogue[0].pk}
    for _twice in range(2):
        answer = editor.post(url("measure-distinct", catalogue[2]), sent)
        assert (answer.status_code, answer["Location"]) == (302, page)
    assert DistinctPair.objects.pairs() == {frozenset((catalogue[0].pk, catalogue[2].pk))}
    other = signed_in(administrator)
    assert pairs(other, page) == [(2, 4)]
    [pair] = other.get(page).context["distinct"]
    assert (pair.first, pair.second) == (catalogue[0], catalogue[2])
    other.post(url("measure-distinct", catalogue[0]), {"target": pair.second_id, "distinct": "no"})
    assert pairs(editor, page) == [(1, 3), (2, 4)]


def test_beside_a_line_the_suggestion_goes_away_and_nothing_else_is_drawn(editor, catalogue):
    sent = {"target": catalogue[0].pk}
    answer = editor.post(url("measure-distinct", catalogue[2]), sent, headers=FRAGMENT)
    assert answer.status_code == 200
    assert [each.name for each in answer.templates] == ["measures/board/_distinct.html"]


def test_the_other_one_gone_meanwhile_is_told_in_the_place_of_the_line(editor, catalogue):
    editor.post(url("measure-remove", catalogue[0]))
    sent = {"target": catalogue[0].pk}
    late = editor.post(url("measure-distinct", catalogue[2]), sent, headers=FRAGMENT)
    assert (late.status_code, late["HX-Retarget"]) == (422, "#measure-3")
    assert DistinctPair.objects.count() == 0


def test_a_judged_pair_whose_measure_is_gone_is_listed_no_more(editor, catalogue, page):
    editor.post(url("measure-distinct", catalogue[2]), {"target": catalogue[0].pk})
    catalogue[0].merge_into(catalogue[4])
    assert editor.get(page).context["distinct"] == []


def test_of_very_many_pairs_the_first_hundred_are_shown(editor, workshop, field, page):
    for _each in range(16):  # 120 pairs
        Measure.objects.create(workshop=workshop, field=field, title="Bürgerbus")
    context = editor.get(page).context
    assert (len(context["pairs"]), context["count"]) == (100, 120)


def test_one_pair_takes_as_many_queries_as_three(
    editor, workshop, field, page, django_assert_num_queries
):
    for number in range(2):
        Measure.objects.create(workshop=workshop, field=field, title=f"Bürgerbus {number}")
    Measure.objects.create(workshop=workshop, field=field, title="Bürgerbus")
    queries = 7
    with django_assert_num_queries(queries):
        assert len(pairs(editor, page)) == 2
    for _each in range(2):
        Measure.objects.create(workshop=workshop, field=field, title="Mängelmelder")
    with django_assert_num_queries(queries):
        assert len(pairs(editor, page)) == 3
