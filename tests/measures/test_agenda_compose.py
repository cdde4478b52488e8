"""Composing an agenda: single measures, whole fields, the first of a list, and the order."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from fields.models import ActionField
from measures.models import AgendaItem, Measure
from tests.deciding import decide, hold, in_english
from tests.markup import compact
from tests.rating import save_rating


@pytest.fixture
def session(workshop, at):
    at("deliberating")
    return hold(workshop)


@pytest.fixture
def office(administrator, signed_in):
    return in_english(signed_in(administrator))


@pytest.fixture
def measures(workshop, field, measure, measure_two) -> dict[str, Measure]:
    """Two measures of one field and two of another."""
    tourism = workshop.fields.get(name="Tourismus")
    others = [
        Measure.objects.create(workshop=workshop, field=tourism, title=title, order=order)
        for order, title in enumerate(("Schloss", "Fähre"), start=1)
    ]
    return {each.title: each for each in (measure, measure_two, *others)}


@pytest.fixture
def rated(measures, ballots):
    """Bus is first, WLAN and Schloss share the second place, Fähre is fourth and disputed."""
    pairs = {
        "Bus": [(5, 5)] * 6,
        "WLAN": [(4, 4)] * 6,
        "Schloss": [(4, 4)] * 6,
        "Fähre": [(1, 3), (1, 3), (1, 3), (5, 3), (5, 3), (5, 3)],
    }
    for index, ballot in enumerate(ballots(6)):
        for title, values in pairs.items():
            relevance, feasibility = values[index]
            save_rating(ballot, measures[title], relevance=relevance, feasibility=feasibility)
    return measures


def do(client, session, action: str, **sent):
    url = reverse(f"measures:agenda-{action}", args=[session.workshop_id, session.pk])
    return client.post(url, sent)


def act(client, item: AgendaItem, action: str, **sent):
    url = reverse(f"measures:agenda-{action}", args=[item.session.workshop_id, item.pk])
    return client.post(url, sent, follow=True)


def points(session) -> list[str]:
    return [(item.measure or item.field).__str__() for item in session.items.all()]


def titles(session) -> list[str]:
    return [item.measure.title for item in session.items.all()]


def told(client) -> list[str]:
    page = client.get(reverse("home"))
    return [str(message) for message in page.context["messages"]]


def errors_of(response) -> dict[str, list[str]]:
    assert response.status_code == 422
    with translation.override("en"):
        found = response.context["form"].errors
        return {name: [str(each) for each in errors] for name, errors in found.items()}


# Putting on -------------------------------------------------------------------------------------


def test_ticked_measures_are_put_behind_the_others(session, measures, office):
    do(office, session, "add", measures=[measures["Fähre"].pk])
    assert told(office) == ["1 measure is now on the agenda."]
    response = do(office, session, "add", measures=[measures[t].pk for t in ("Bus", "WLAN")])
    assert response["Location"] == f"{session.get_absolute_url()}#agenda-end"
    assert titles(session) == ["Fähre", "WLAN", "Bus"]
    assert told(office) == ["2 measures are now on the agenda."]


def test_a_double_click_puts_nothing_on_twice(session, measures, office):
    both = [measures["Bus"].pk, measures["WLAN"].pk]
    for _each in range(2):
        do(office, session, "add", measures=both)
    do(office, session, "add", measures=[*both, both[0]])
    assert titles(session) == ["WLAN", "Bus"]
    assert told(office)[1:] == ["All of it is on the agenda already."] * 2


def test_a_whole_field_is_one_point(session, field, measures, office):
    do(office, session, "add", field=field.pk)
    assert points(session) == ["Alltagsleben"]
    assert told(office) == ["2 measures are now on the agenda."]
    do(office, session, "add", field=field.pk)
    do(office, session, "add", measures=[measures["WLAN"].pk])
    assert (points(session), told(office)) == (
        ["Alltagsleben"],
        ["All of it is on the agenda already."] * 2,
    )


def test_a_field_stands_for_what_is_not_on_the_agenda_yet(session, field, measures, office):
    do(office, session, "add", measures=[measures["WLAN"].pk])
    do(office, session, "add", field=field.pk)
    assert (points(session), told(office)) == (
        ["M1 WLAN", "Alltagsleben"],
        ["1 measure is now on the agenda."] * 2,
    )


def test_a_field_whose_measures_all_have_their_own_points_adds_nothing(
    session, field, measures, office
):
    do(office, session, "add", measures=[measures["WLAN"].pk, measures["Bus"].pk])
    do(office, session, "add", field=field.pk)
    assert points(session) == ["M1 WLAN", "M2 Bus"]


def test_a_field_without_measures_is_refused(session, workshop, measures, office):
    empty = ActionField.objects.create(workshop=workshop, name="Leer", order=3)
    Measure.objects.create(workshop=workshop, field=empty, title="weg", is_removed=True)
    response = do(office, session, "add", field=empty.pk)
    assert errors_of(response) == {
        "field": ["“Leer” has no measures that could be put on an agenda."]
    }
    assert points(session) == []


def test_nothing_chosen_is_a_sentence(session, measures, office):
    response = do(office, session, "add")
    assert errors_of(response) == {
        "__all__": ["Please choose at least one measure or an action field."]
    }


@pytest.mark.parametrize("fate", ["foreign", "removed", "merged"])
def test_what_is_no_standing_measure_of_this_workshop_is_refused_and_the_rest_stays_ticked(
    session, measures, other_workshop, office, fate
):
    if fate == "foreign":
        field = ActionField.objects.create(workshop=other_workshop, name="Fremd")
        other = Measure.objects.create(workshop=other_workshop, field=field, title="fremd")
    else:
        other = measures["Fähre"]
        other.is_removed = fate == "removed"
        other.merged_into = measures["Bus"] if fate == "merged" else None
        other.save()
    sent = [str(measures["WLAN"].pk), str(other.pk)]
    response = do(office, session, "add", measures=sent)
    assert errors_of(response) == {
        "measures": [
            "One of these measures is not in this workshop, was removed or is part of another."
        ]
    }
    assert (points(session), response.context["chosen"]) == ([], sent)
    ticked = f'name="measures" value="{sent[0]}" id="measure-{sent[0]}" checked'
    assert ticked in compact(response)


def test_a_field_of_another_workshop_is_refused(session, measures, other_workshop, office):
    foreign = ActionField.objects.create(workshop=other_workshop, name="Fremd")
    assert errors_of(do(office, session, "add", field=foreign.pk)) == {
        "field": ["This action field is not in this workshop."]
    }


@pytest.mark.parametrize("value", ["nonsense", "", "9" * 400, "1\x002", "٣", "-1", "1e3"])
def test_nonsense_instead_of_a_number_is_refused(session, measures, office, value):
    assert do(office, session, "add", measures=[value]).status_code in (400, 422)
    assert do(office, session, "add", field=value).status_code in (400, 422)
    assert points(session) == []


# From a list ------------------------------------------------------------------------------------


def test_the_best_of_the_ranking_come_in_its_order_and_a_shared_last_place_comes_whole(
    session, rated, office
):
    do(office, session, "fill", by="ranking", count=2)
    assert titles(session) == ["Bus", "WLAN", "Schloss"]


def test_the_same_list_again_adds_nothing_and_a_longer_one_the_rest(session, rated, office):
    do(office, session, "add", measures=[rated["Schloss"].pk])
    do(office, session, "fill", by="ranking", count=1)
    do(office, session, "fill", by="ranking", count=1)
    assert titles(session) == ["Schloss", "Bus"]
    do(office, session, "fill", by="ranking", count=999)
    assert titles(session) == ["Schloss", "Bus", "WLAN", "Fähre"]


def test_what_stands_on_the_agenda_with_its_field_is_skipped(session, field, rated, office):
    do(office, session, "add", field=field.pk)
    do(office, session, "fill", by="ranking", count=10)
    assert points(session) == ["Alltagsleben", "M3 Schloss", "M4 Fähre"]


def test_the_most_disputed_come_from_the_list_of_disagreement(session, rated, office):
    do(office, session, "fill", by="talk", count=10)
    assert titles(session) == ["Fähre"]


def test_what_is_decided_for_good_elsewhere_is_skipped_unless_it_is_wanted(
    session, workshop, rated, office
):
    other = hold(workshop, *rated.values(), committee="Rat")
    decide(other, rated["Bus"], outcome="rejected", is_published=False)
    decide(other, rated["WLAN"], outcome="deferred", deferred_until=date(2020, 12, 1))
    told(office)
    do(office, session, "fill", by="ranking", count=1)
    assert titles(session) == ["WLAN", "Schloss"]  # they share the place
    assert told(office) == [
        "1 measure was skipped, because it is decided already.",
        "2 measures are now on the agenda.",
    ]
    do(office, session, "fill", by="ranking", count=1)
    assert told(office) == [
        "1 measure was skipped, because it is decided already.",
        "The agenda is unchanged.",
    ]
    do(office, session, "fill", by="ranking", count=1, also_decided="on")
    assert titles(session) == ["WLAN", "Schloss", "Bus"]


@pytest.mark.parametrize(
    ("by", "error"),
    [
        ("ranking", "The ranking is empty: no measure has a result yet."),
        ("talk", "There is no measure about which the room disagrees."),
    ],
)
def test_an_unrated_workshop_has_no_list_to_take_from(session, measures, office, by, error):
    assert errors_of(do(office, session, "fill", by=by, count=5)) == {"by": [error]}
    assert errors_of(do(office, session, "order", by=by)) == {"by": [error]}


@pytest.mark.parametrize("count", ["0", "-3", "1000", "", "viele", "9" * 5000])
def test_a_number_that_is_none_is_refused_and_kept(session, rated, office, count):
    response = do(office, session, "fill", by="ranking", count=count)
    assert errors_of(response) == {"count": ["How many? Please enter a number from 1 to 999."]}
    assert response.context["count"] == count


# Order ------------------------------------------------------------------------------------------


def test_the_agenda_is_ordered_by_the_ranking_a_field_where_its_best_measure_stands(
    session, field, rated, office, workshop
):
    unrated = Measure.objects.create(workshop=workshop, field=field, title="Rad")
    tourism = workshop.fields.get(name="Tourismus")
    for each in (unrated, rated["Bus"]):
        AgendaItem.objects.create(session=session, measure=each)
    AgendaItem.objects.create(session=session, measure=rated["WLAN"])
    AgendaItem.objects.create(session=session, field=tourism)
    do(office, session, "order", by="ranking")
    assert points(session) == ["M2 Bus", "M1 WLAN", "Tourismus", "M5 Rad"]


def test_the_agenda_is_ordered_by_disagreement_and_the_rest_keeps_its_order(session, rated, office):
    do(office, session, "add", measures=[m.pk for m in rated.values()])
    do(office, session, "order", by="talk")
    assert titles(session) == ["Fähre", "WLAN", "Bus", "Schloss"]


def test_a_point_moves_one_place_or_to_an_end(session, measures, office):
    do(office, session, "add", measures=[m.pk for m in measures.values()])
    assert titles(session) == ["WLAN", "Bus", "Schloss", "Fähre"]
    item = session.items.get(measure=measures["Schloss"])
    found = []
    for direction in ("up", "first", "up", "last", "down"):
        act(office, item, "move", direction=direction)
        found.append(titles(session))
    assert found == [
        ["WLAN", "Schloss", "Bus", "Fähre"],
        ["Schloss", "WLAN", "Bus", "Fähre"],
        ["Schloss", "WLAN", "Bus", "Fähre"],
        ["WLAN", "Bus", "Fähre", "Schloss"],
        ["WLAN", "Bus", "Fähre", "Schloss"],
    ]
    assert act(office, item, "move", direction="sideways").status_code == 400


def test_after_a_move_the_page_is_where_the_point_is(session, measures, office):
    do(office, session, "add", measures=[m.pk for m in measures.values()])
    item = session.items.first()
    url = reverse("measures:agenda-move", args=[session.workshop_id, item.pk])
    response = office.post(url, {"direction": "down"})
    assert response["Location"] == f"{session.get_absolute_url()}#down-{item.pk}"


# Taking off -------------------------------------------------------------------------------------


def test_a_point_is_taken_off_and_its_measure_is_offered_again(session, measures, office):
    do(office, session, "add", measures=[measures["Bus"].pk, measures["WLAN"].pk])
    act(office, session.items.get(measure=measures["WLAN"]), "remove")
    assert titles(session) == ["Bus"]
    context = office.get(session.get_absolute_url()).context
    assert measures["WLAN"] in context["offered"]


@pytest.mark.parametrize("whole_field", [False, True])
@pytest.mark.parametrize("is_published", [False, True])
def test_what_the_session_has_decided_stays_on_its_agenda(
    session, field, measures, office, whole_field, is_published
):
    sent = {"field": field.pk} if whole_field else {"measures": [measures["WLAN"].pk]}
    do(office, session, "add", **sent)
    decide(session, measures["WLAN"], is_published=is_published)
    told(office)
    item = session.items.get()
    response = act(office, item, "remove")
    assert [str(each) for each in response.context["messages"]] == [
        "The session has decided on this point, so it stays on the agenda."
    ]
    assert list(session.items.all()) == [item]
    remove = reverse("measures:agenda-remove", args=[session.workshop_id, item.pk])
    assert remove not in response.content.decode()


def test_the_decision_of_another_session_keeps_nothing_on_this_agenda(
    session, workshop, measures, office
):
    decide(hold(workshop, measures["WLAN"], committee="Rat"), measures["WLAN"])
    do(office, session, "add", measures=[measures["WLAN"].pk])
    told(office)
    response = act(office, session.items.get(), "remove")
    assert points(session) == []
    said = [str(each) for each in response.context["messages"]]
    assert said == ["“M1 WLAN” is off the agenda."]


def test_a_point_taken_off_in_the_other_tab_is_not_found(session, measures, office):
    do(office, session, "add", measures=[measures["WLAN"].pk])
    item = session.items.get()
    act(office, item, "remove")
    assert act(office, item, "remove").status_code == 404
    assert act(office, item, "move", direction="up").status_code == 404


def test_a_change_of_the_agenda_is_a_change_of_the_workshops_data(session, workshop, rated, office):
    def number() -> int:
        workshop.revision.refresh_from_db()
        return workshop.revision.number

    steps = [number()]
    do(office, session, "fill", by="ranking", count=4)
    steps.append(number())
    do(office, session, "order", by="talk")
    steps.append(number())
    act(office, session.items.first(), "move", direction="down")
    steps.append(number())
    act(office, session.items.first(), "remove")
    steps.append(number())
    assert steps == sorted(set(steps))
