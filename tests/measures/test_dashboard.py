"""Matrix and ranking: filtered, sorted and weighted by the address, and cheap to ask for again."""

import json
import re
from datetime import date
from html import unescape
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import override

from fields.models import ActionField
from measures.models import Measure, Rating
from measures.results.filters import ORDERS, asked
from measures.rounding import score_digits
from tests.deciding import decide, hold
from tests.people import FRAGMENT
from tests.rating import agree_on, save_rating
from workshops.choices import choice
from workshops.models import Municipality


@pytest.fixture
def url(workshop) -> str:
    return reverse("measures:dashboard", args=[workshop.pk])


@pytest.fixture
def council(committee_member, signed_in, at):
    """Return a committee member's browser while the workshop deliberates."""
    at("deliberating")
    return signed_in(committee_member)


@pytest.fixture
def rated(workshop, field, ballots):
    """Four measures in two fields: five rated WLAN 5/1, six Bus 1/5, five Rad 4/3, nobody Bahn."""
    tourism = workshop.fields.get(name="Tourismus")
    bingen = workshop.municipalities.get()
    ingelheim = Municipality.objects.create(name="Ingelheim")
    workshop.municipalities.add(ingelheim, through_defaults={"seat": 2})
    rows = [
        ("WLAN", field, "short", ingelheim, [(5, 1)] * 5),
        ("Bus", field, "long", None, [(1, 5)] * 6),
        ("Rad", tourism, "short", bingen, [(4, 3)] * 5),
        ("Bahn", tourism, "unknown", None, []),
    ]
    voters = ballots(6)
    for title, its_field, horizon, municipality, votes in rows:
        measure = Measure.objects.create(
            workshop=workshop, field=its_field, title=title, time_horizon=horizon,
            municipality=municipality,
        )  # fmt: skip
        for ballot, (relevance, feasibility) in zip(voters, votes, strict=False):
            save_rating(ballot, measure, relevance=relevance, feasibility=feasibility)
    return {measure.title: measure for measure in Measure.objects.all()}


def cells(response) -> list[list[str]]:
    """Return the ranking as read in the table: the text of every cell."""
    body = re.search(r"<tbody>(.*?)</tbody>", response.content.decode(), re.S)
    rows = re.findall(r"<tr.*?</tr>", body[1], re.S) if body else []
    texts = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in rows]
    return [[re.sub(r"<[^>]*>", "", text).strip() for text in row] for row in texts]


def ranking(response) -> list[tuple[str, str]]:
    """Return (rank, number and title) in the order shown."""
    return [(row[0], row[1]) for row in cells(response)]


def unplaced(response) -> list[str]:
    """Return the measures listed without a place."""
    link = r'<li><a href="[^"]*/measures/\d+/\?from=ranking[^"]*">(.*?)</a>'
    return re.findall(link, response.content.decode())


def marks(response) -> list[int]:
    """Return the ids of the measures that have a mark in the picture."""
    svg = re.search(r'<svg class="matrix".*?</svg>', response.content.decode(), re.S)
    return sorted({int(n) for n in re.findall(r'data-measure="(\d+)"', svg[0])}) if svg else []


# What is shown ----------------------------------------------------------------------------------


def test_the_ranking_says_rank_means_and_score_as_german_numbers(rated, council, url):
    response = council.get(url)
    assert ranking(response) == [("1", "M3 Rad"), ("2", "M1 WLAN"), ("2", "M2 Bus")]
    wlan = cells(response)[1]
    assert (wlan[2], wlan[4], wlan[5], wlan[6], wlan[7]) == (
        "Alltagsleben", "5", "5,00", "1,00", "3,00",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scores", "digits"),
    [([], 2), ([4.0, 3.5, 3.5], 2), ([4.375, 4.38], 3), ([4.3751, 4.3754], 4), ([4.371, 4.38], 2)],
)
def test_different_scores_never_look_the_same(scores, digits):
    assert score_digits(scores) == digits


def test_the_unrated_are_listed_but_not_placed(rated, council, url):
    response = council.get(url)
    assert unplaced(response) == ["M4 Bahn"]
    assert marks(response) == sorted(rated[title].pk for title in ("WLAN", "Bus", "Rad"))


def test_without_any_measure_or_rating_the_page_still_opens(workshop, council, url, field):
    assert council.get(url).status_code == 200
    Measure.objects.create(workshop=workshop, field=field, title="WLAN")
    response = council.get(url)
    assert (response.status_code, ranking(response), unplaced(response)) == (200, [], ["M1 WLAN"])


def test_titles_are_sorted_as_german_readers_expect(workshop, field, ballots, council, url):
    voters = ballots(3)
    for title in ("Zug", "Übersicht", "apfel", "Ärztehaus", "Bus 10", "Bus 9"):
        measure = Measure.objects.create(workshop=workshop, field=field, title=title)
        for ballot in voters:
            save_rating(ballot, measure, relevance=3, feasibility=3)
    titles = [row[1].partition(" ")[2] for row in cells(council.get(url, {"order": "title"}))]
    assert titles == ["apfel", "Ärztehaus", "Bus 9", "Bus 10", "Übersicht", "Zug"]


def test_the_agreed_pair_stands_beside_the_mean_with_its_gap(rated, council, url):
    agree_on(measure=rated["WLAN"], relevance=3, feasibility=None)
    shown = cells(council.get(url, {"col": ["gap"]}))
    assert shown == [
        ["1", "M3 Rad", "–"], ["2", "M1 WLAN", "3 / – (2,00)"], ["2", "M2 Bus", "–"],
    ]  # fmt: skip


# Weight, filters, order -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weight", "order"),
    [
        (100, [("1", "M1 WLAN"), ("2", "M3 Rad"), ("3", "M2 Bus")]),
        (0, [("1", "M2 Bus"), ("2", "M3 Rad"), ("3", "M1 WLAN")]),
        (50, [("1", "M3 Rad"), ("2", "M1 WLAN"), ("2", "M2 Bus")]),
    ],
)
def test_the_weight_in_the_address_ranks_anew(rated, council, url, weight, order):
    assert ranking(council.get(url, {"weight": weight})) == order


@pytest.mark.parametrize(("weight", "first"), [(100, "WLAN"), (0, "Bus")])
def test_an_export_takes_the_weight_on_the_screen(workshop, rated, council, weight, first):
    url = reverse("measures:measure-export-csv", args=[workshop.pk])
    lines = council.get(url, {"weight": weight}).content.decode("utf-8-sig").splitlines()
    assert first in lines[1]


def test_the_weight_of_the_workshop_holds_where_the_address_names_none(
    workshop, rated, council, url
):
    workshop.relevance_weight = 100
    workshop.save()
    assert ranking(council.get(url)) == ranking(council.get(url, {"weight": 100}))


def test_each_filter_narrows_the_list_and_leaves_the_ranks_alone(workshop, rated, council, url):
    tourism = workshop.fields.get(name="Tourismus")
    bingen = workshop.municipalities.get(name="Bingen am Rhein")
    expected = {
        ("field", tourism.pk): ([("1", "M3 Rad")], ["M4 Bahn"]),
        ("horizon", "long"): ([("2", "M2 Bus")], []),
        ("horizon", "unknown"): ([], ["M4 Bahn"]),
        ("municipality", bingen.pk): ([("1", "M3 Rad"), ("2", "M2 Bus")], ["M4 Bahn"]),
        ("quadrant", "prepare"): ([("2", "M1 WLAN")], []),
        ("quadrant", "start"): ([("1", "M3 Rad")], []),
        ("n", 6): ([("2", "M2 Bus")], []),
        ("spread", "no"): ([("1", "M3 Rad"), ("2", "M1 WLAN"), ("2", "M2 Bus")], ["M4 Bahn"]),
    }
    found = {
        (name, value): (ranking(response), unplaced(response))
        for name, value in expected
        for response in [council.get(url, {name: value})]
    }
    assert found == expected


def test_filters_are_combined(workshop, rated, council, url):
    both = {"field": rated["WLAN"].field_id, "horizon": "short", "weight": 100}
    assert ranking(council.get(url, both)) == [("1", "M1 WLAN")]


def test_every_order_works_in_both_directions(rated, council, url):
    expected = {
        "rank": [3, 1, 2], "title": [2, 3, 1], "n": [3, 1, 2],
        "field": [1, 2, 3], "relevance": [2, 3, 1], "feasibility": [1, 3, 2], "score": [1, 2, 3],
        "gap": [3, 1, 2],
    }  # fmt: skip
    assert {"relevance_median", "feasibility_agreement", "quadrant", "horizon"} < set(ORDERS)
    for order in ORDERS:
        assert council.get(url, {"order": order}).status_code == 200
    for order, numbers in expected.items():
        rows = ranking(council.get(url, {"order": order}))
        assert (order, [int(row[1][1]) for row in rows]) == (order, numbers)
        assert council.get(url, {"order": f"-{order}"}).status_code == 200
    rows = ranking(council.get(url, {"order": "-title"}))
    assert [row[1] for row in rows] == ["M1 WLAN", "M3 Rad", "M2 Bus"]


def test_a_column_head_leads_to_its_order_and_turns_it(rated, council, url):
    page = council.get(url, {"horizon": "short", "col": ["n", "score"]}).content.decode()
    assert 'href="?weight=50&amp;horizon=short&amp;col=n&amp;col=score&amp;order=n"' in page
    page = council.get(url, {"order": "title", "weight": 70}).content.decode()
    assert 'aria-sort="ascending"' in page
    assert "order=-title" in page
    assert page.count("weight=70") > 5


WRONG = [
    ("weight", "101"), ("weight", "-1"), ("weight", "viel"), ("field", "9" * 30), ("field", "x"),
    ("quadrant", "north"), ("horizon", "soon"), ("n", "-1"), ("n", "x"), ("municipality", "0"),
    ("order", "secret"), ("order", "--rank"), ("spread", "maybe"), ("round", "2"), ("round", "x"),
]  # fmt: skip


def test_a_wrong_parameter_is_named_and_never_breaks_the_page(workshop, measure, council, url):
    picture = reverse("measures:matrix-png", args=[workshop.pk])
    for name, value in WRONG:
        response = council.get(url, {name: value})
        assert (response.status_code, list(response.context["form"].errors)) == (400, [name])
        assert "ETag" not in response
    assert council.get(picture, {name: value}).status_code == 400


def test_a_field_of_another_workshop_is_no_filter(other_workshop, measure, council, url):
    foreign = ActionField.objects.create(workshop=other_workshop, name="Fremd")
    assert council.get(url, {"field": foreign.pk}).status_code == 400


# Page, fragment, picture ------------------------------------------------------------------------


def test_as_a_fragment_only_the_results_are_answered(rated, council, url):
    whole, part = council.get(url), council.get(url, headers=FRAGMENT)
    results, mark, rest = part.content.decode().partition('<ul\n  class="answers"')
    assert results.strip() in whole.content.decode()
    assert ("<html" in rest, ranking(part)) == (False, ranking(whole))
    assert {*re.findall(r'id="([a-z-]+)"[^>]*? data-hx-swap-oob="true"', mark + rest)} == {
        "answers", "filter-count", "weight-ticks",
    }  # fmt: skip


def test_the_picture_is_a_png_named_after_the_workshop(workshop, rated, council):
    response = council.get(reverse("measures:matrix-png", args=[workshop.pk]), {"weight": 70})
    assert response.content.startswith(b"\x89PNG")
    assert response["Content-Disposition"] == f'attachment; filename="matrix-{workshop.pk}.png"'


def test_the_picture_is_also_an_svg_file_whole_by_itself(workshop, rated, council):
    response = council.get(reverse("measures:matrix-svg", args=[workshop.pk]), {"weight": 70})

    assert response["Content-Type"] == "image/svg+xml"
    assert response["Content-Disposition"] == f'attachment; filename="matrix-{workshop.pk}.svg"'
    tree = ElementTree.fromstring(response.content)
    names = {element.tag.partition("}")[2] for element in tree.iter()}
    assert names == {"svg", "style", "title", "desc", "rect", "g", "text", "path"}
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert [name for name in attributes if "href" in name or name.startswith("on")] == []
    assert b"url(" not in response.content
    said = [element.text for element in tree.iter() if element.text]
    assert said[1] == workshop.title
    assert said[2].startswith("3 von 4 Maßnahmen · Gewicht der Relevanz 70")
    assert {"WLAN", "Bus", "Rad", "Alltagsleben", "Tourismus"} <= {*said}


def test_an_address_that_hid_the_spread_lines_stays_valid_and_they_come_on_request(
    workshop, rated, council, url
):
    found = {}
    for query in ("", "?spread=no", "?spread=yes"):
        response = council.get(url + query)
        found[query] = response.status_code, b'class="matrix__spread" d=' in response.content
    assert found == {"": (200, False), "?spread=no": (200, False), "?spread=yes": (200, True)}


def test_an_outline_tells_of_a_decision_only_whom_it_was_told(
    workshop, rated, committee_member, facilitator, signed_in, at
):
    """A pending one is seen by those who decide, in page and file; a published one by all."""
    at("deliberating")
    wlan, bus = (Measure.objects.get(title=title) for title in ("WLAN", "Bus"))
    session = hold(workshop, wlan, bus)
    decide(session, wlan, outcome="accepted")
    decide(session, bus, outcome="deferred", deferred_until=date(2021, 3, 1), is_published=False)
    names = ("measures:dashboard", "measures:matrix-svg")
    addresses = [reverse(name, args=[workshop.pk]) for name in names]

    def outlined(person):
        pages = [signed_in(person).get(f"{each}?status=").content.decode() for each in addresses]
        return [
            {*re.findall(r'class="mark [^"]*mark--(accepted|deferred)', page)} for page in pages
        ]

    assert outlined(committee_member) == [{"accepted", "deferred"}] * 2
    assert outlined(facilitator) == [{"accepted"}] * 2


def test_a_marks_name_ends_with_its_rank_range_and_how_far_people_agree(
    workshop, rated, ballots, council, url
):
    wlan = Measure.objects.get(title="WLAN")
    for ballot in ballots(3):
        save_rating(ballot, wlan, relevance=5, feasibility=5)
    council.get(reverse("measures:rank-list", args=[workshop.pk]))  # computes the ranges

    page = unescape(council.get(url).content.decode())

    told = re.findall(r'aria-label="(M\d \w+): Rang[^"]*\. ([^".]*)"', page)
    assert dict(told) == {
        "M1 WLAN": "Rang 1 bis 2; gespalten",
        "M3 Rad": "Rang 1 bis 2; einig",
        "M2 Bus": "einig",
    }


# Asking again -----------------------------------------------------------------------------------


def settled(client, url: str):
    """Open the page when its rank ranges are known: until then it is kept by nobody."""
    client.get(f"{url}ranks/")
    return client.get(url)


def ask_again(client, url: str, first, **more):
    return client.get(url, headers={"If-None-Match": first["ETag"], **more})


def test_unchanged_data_is_answered_304_after_two_queries(
    rated, council, url, django_assert_num_queries
):
    assert "ETag" not in council.get(url)
    first = settled(council, url)
    assert first["Cache-Control"] == "private, no-cache"
    with django_assert_num_queries(2):  # session, access
        second = ask_again(council, url, first)
    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    assert second["Cache-Control"] == "private, no-cache"


def test_a_new_rating_is_seen_at_once(rated, council, url, ballots):
    *two, third = ballots(3)
    for ballot in two:
        save_rating(ballot, rated["Bahn"], relevance=5, feasibility=5)
    first = settled(council, url)
    assert unplaced(first) == ["M4 Bahn"]
    save_rating(third, rated["Bahn"], relevance=5, feasibility=5)
    second = ask_again(council, url, first)
    assert (second.status_code, ranking(second)[0]) == (200, ("1", "M4 Bahn"))


def test_ranges_stay_known_where_something_changes_that_they_do_not_rest_on(rated, council, url):
    ranges = json_in(settled(council, url), "rank-ranges")
    Measure.objects.filter(number=1).update(title="Anders")
    rated["Rad"].save()
    page = council.get(url)
    assert (json_in(page, "rank-ranges"), "ETag" in page) == (ranges, True)
    assert "Anders" in page.text
    rated["WLAN"].merge_into(rated["Bus"])
    assert 'id="rank-ranges"' not in council.get(url).text


def json_in(response, name: str) -> dict:
    return json.loads(re.search(rf'<script id="{name}"[^>]*>(.*?)</script>', response.text)[1])


def test_every_other_change_of_the_data_is_seen_as_well(workshop, rated, council, url, at):
    def changes():
        yield lambda: Measure.objects.get(number=1).save()
        yield lambda: rated["WLAN"].merge_into(rated["Bus"])
        yield lambda: agree_on(measure=rated["Rad"], relevance=1)
        yield lambda: workshop.fields.get(name="Tourismus").save()
        yield lambda: workshop.save()
        yield lambda: at("closed")

    for change in changes():
        first = settled(council, url)
        assert ask_again(council, url, first).status_code == 304
        change()
        assert ask_again(council, url, first).status_code == 200


def test_another_person_language_filter_or_kind_gets_no_copy_of_this_page(
    rated, council, url, facilitator, signed_in
):
    first = settled(council, url)
    assert ask_again(signed_in(facilitator), url, first).status_code == 200
    assert ask_again(council, f"{url}?weight=70", first).status_code == 200
    assert ask_again(council, url, first, **FRAGMENT).status_code == 200
    council.post(reverse("set-language"), {"language": "en"})
    assert ask_again(council, url, first).status_code == 200
    assert [row[5] for row in cells(council.get(url))][1] == "5.00"


def test_who_lost_the_right_gets_no_copy_either(workshop, rated, council, url, committee_member):
    first = settled(council, url)
    workshop.memberships.filter(user=committee_member).delete()
    assert ask_again(council, url, first).status_code == 404


def test_the_page_takes_the_same_queries_for_one_measure_and_for_three(
    workshop, measure, council, url, ballots, django_assert_num_queries
):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=3, feasibility=3)
    with django_assert_num_queries(16):
        council.get(url)
    for title in ("Bus", "Bahn"):
        field = ActionField.objects.create(workshop=workshop, name=title)
        extra = Measure.objects.create(workshop=workshop, field=field, title=title)
        for ballot in ballots(3):
            save_rating(ballot, extra, relevance=3, feasibility=3)
    assert Rating.objects.count() == 9
    with django_assert_num_queries(16):
        council.get(url)


def test_a_field_that_was_dropped_is_no_filter(workshop, field, council, url):
    workshop.fields.create(name="Hafen", order=3, is_removed=True)
    names = [name for _pk, name in council.get(url).context["form"].fields["field"].choices]
    assert names == ["alle", "Alltagsleben", "Tourismus"]


def test_what_an_address_asks_is_read_once_and_never_answered_for_another_workshop(
    workshop, other_workshop, field
):
    address = QueryDict("weight=30&q=Netz")
    mine, yours = asked(address, workshop), asked(address, other_workshop)
    assert (mine.workshop, yours.workshop) == (workshop, other_workshop)
    assert (mine.chosen["weight"], mine.chosen["q"]) == (30, "Netz")
    ids = {pk for pk, _name in choice(mine, "field").choices if pk}
    assert ids == set(workshop.fields.values_list("pk", flat=True))
    assert not ids & {pk for pk, _name in choice(yours, "field").choices if pk}
    field.name = "Anders"
    field.save()
    assert "Anders" in dict(choice(asked(address, workshop), "field").choices).values()
    with override("en"):
        english = asked(address, workshop)
    assert dict(choice(english, "field").choices)[""] == "all"
    assert dict(choice(asked(address, workshop), "field").choices)[""] == "alle"
