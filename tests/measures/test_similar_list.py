"""Pairs of measures with similar titles, judged by people before anybody rates them."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from fields.models import ActionField
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


def test_the_list_of_measures_leads_to_the_pairs(editor, workshop, catalogue, page):
    assert pairs(editor, page) == [(1, 3), (2, 4)]
    measures = editor.get(reverse("measures:measure-list", args=[workshop.pk]))
    assert measures.content.decode().count(f'href="{page}"') == 1


def test_the_list_of_measures_compares_none_of_them(editor, workshop, catalogue, monkeypatch):
    def compare(*_titles: object) -> None:
        pytest.fail("1600 titles take a second.")

    monkeypatch.setattr("measures.board.merging.alike_pairs", compare)
    measures = editor.get(reverse("measures:measure-list", args=[workshop.pk]))
    assert measures.status_code == 200


def test_participants_and_a_rating_room_are_led_to_no_pairs(
    signed_in, participant, editor, workshop, catalogue, at, page
):
    measures = reverse("measures:measure-list", args=[workshop.pk])
    assert page not in signed_in(participant).get(measures).content.decode()
    at("rating")
    assert page not in editor.get(measures).content.decode()


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


def test_who_has_judged_a_pair_goes_on_with_the_next_one(editor, workshop, field, page):
    for title in ("Bus", "Der Bus", "Rad", "Das Rad", "Bahn", "Die Bahn"):
        Measure.objects.create(workshop=workshop, field=field, title=title)
    ways = editor.get(page).context["ways_on"]
    assert [(pair.key, at) for pair, at in ways] == [
        ("pair-1-2", "pair-3-4"), ("pair-3-4", "pair-5-6"), ("pair-5-6", "pair-3-4"),
    ]  # fmt: skip
    for pair, at in (ways[0], ways[2], (ways[1][0], "")):
        sent = {"target": pair.second.pk, "at": at}
        answer = editor.post(url("measure-distinct", pair.first), sent)
        assert answer["Location"] == (f"{page}#{at}" if at else page)
    assert pairs(editor, page) == []
    sent = {"target": ways[0][0].first.pk, "distinct": "no"}
    answer = editor.post(url("measure-distinct", ways[0][0].second), sent)
    assert answer["Location"] == f"{page}#pair-1-2"


@pytest.mark.parametrize("at", ["pair-1", "x", "pair-1-2\r\nX: y", "//evil.example"])
def test_a_made_up_way_on_leads_to_the_list(at, editor, catalogue, page):
    sent = {"target": catalogue[0].pk, "at": at}
    assert editor.post(url("measure-distinct", catalogue[2]), sent)["Location"] == page


def test_measures_of_two_workshops_are_no_pair(workshop, measure, other_workshop):
    field = ActionField.objects.create(workshop=other_workshop, name="Fremd")
    other = Measure.objects.create(workshop=other_workshop, field=field, title="WLAN")
    with pytest.raises(ValidationError):
        DistinctPair.objects.note(measure, other)
    assert DistinctPair.objects.count() == 0


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
    queries = 6
    with django_assert_num_queries(queries):
        assert len(pairs(editor, page)) == 2
    for _each in range(2):
        Measure.objects.create(workshop=workshop, field=field, title="Mängelmelder")
    with django_assert_num_queries(queries):
        assert len(pairs(editor, page)) == 3
