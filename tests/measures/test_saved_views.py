"""States of the dashboard under a name, and the one with which the committee starts."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.models import SavedView
from measures.results.filters import asked
from measures.results.saved import query_of, start_of, words_of
from measures.results.saved_list import saved_views
from tests.deciding import decide, hold, in_english
from tests.people import FRAGMENT, visiting
from tests.rating import save_rating
from workshops.models import Membership, Role, Workshop


@pytest.fixture
def desk(signed_in, facilitator, measure, at):
    """Return the facilitator's browser, in English, while the workshop deliberates."""
    at("deliberating")
    return in_english(signed_in(facilitator))


@pytest.fixture
def save(desk, workshop):
    """Return a function that saves a state: ``save("weight=80", "Wichtiges", starts=True)``."""
    page = reverse("measures:view-add", args=[workshop.pk])

    def post(query: str, name: str, **sent):
        return desk.post(f"{page}?{query}", {"name": name} | sent)

    return post


def stored(workshop) -> list[tuple]:
    views = SavedView.objects.in_workshop(workshop)
    return [(view.place, view.name, view.query, view.is_start) for view in views]


def read(workshop, user, query: str = ""):
    """Return what the dashboard of this person shows of the saved views."""
    workshop = Workshop.objects.get(pk=workshop.pk)
    return saved_views(visiting(workshop, user), asked(QueryDict(query), workshop))


TAKEN = "Eine gespeicherte Ansicht mit diesem Namen gibt es schon."


def outcome(response) -> tuple:
    form = response.context["form"]
    return response.status_code, {name: [*map(str, told)] for name, told in form.errors.items()}


# Saving ------------------------------------------------------------------------------------------


def test_what_the_address_says_is_stored_in_one_order_and_opened_again(
    workshop, field, save, desk, facilitator
):
    response = save(f"n=3&weight=80&field={field.pk}&spread=&order=rank", "Wichtiges")
    query = f"weight=80&field={field.pk}&n=3"
    assert stored(workshop) == [(1, "Wichtiges", query, False)]
    view = SavedView.objects.get()
    dashboard = reverse("measures:dashboard", args=[workshop.pk])
    assert response["Location"] == f"{dashboard}?{query}&view={view.pk}"
    page = desk.get(response["Location"])
    assert re.findall(r'<output for="id_weight">(.*?)</output>', page.content.decode()) == ["80 %"]
    assert view.history.get().history_user == facilitator


def test_what_does_not_fit_or_is_as_usual_is_left_out(workshop, save):
    save("weight=101&field=99&quadrant=north&horizon=short&secret=1&view=7&order=title", "Kurz")
    save("weight=50&order=rank", "Alles")
    assert stored(workshop) == [
        (1, "Kurz", "horizon=short&order=title", False), (2, "Alles", "", False),
    ]  # fmt: skip


def test_sent_twice_it_is_stored_once_and_raises_no_complaint(workshop, save):
    first, again = save("weight=80", "Wichtiges"), save("weight=80", " wichtiges ")
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    assert stored(workshop) == [(1, "wichtiges", "weight=80", False)]


def test_a_name_that_is_taken_is_asked_about_and_replaced_only_on_purpose(workshop, save):
    save("weight=80", "Wichtiges", starts="on")
    late = save("weight=20", "WICHTIGES")
    assert outcome(late) == (422, {"name": [TAKEN]})
    view = SavedView.objects.get()
    assert f'name="replace" value="{view.pk}"' in late.text
    assert stored(workshop) == [(1, "Wichtiges", "weight=80", True)]
    assert save("weight=20", "Wichtiges", replace=view.pk).status_code == 302
    assert stored(workshop) == [(1, "Wichtiges", "weight=20", True)]
    assert save("weight=30", "Anderes", replace=view.pk).status_code == 302
    assert stored(workshop)[1] == (2, "Anderes", "weight=30", False)


def test_a_view_needs_a_name_of_at_most_60_letters(workshop, save):
    for name, code in [("", "required"), ("x" * 61, "max_length")]:
        refused = save("weight=80", name)
        [[error]] = refused.context["form"].errors.as_data().values()
        assert (refused.status_code, error.code) == (422, code)
    assert save("weight=80", "ß" * 60).status_code == 302
    assert [len(name) for _place, name, _query, _start in stored(workshop)] == [60]


def test_twenty_are_kept_and_a_place_that_becomes_free_is_taken_again(workshop, save, desk):
    for number in range(1, 21):
        save(f"weight={number}", f"Ansicht {number}")
    full = "A workshop keeps at most 20 views; please remove one first."
    assert outcome(save("weight=90", "Noch eine")) == (422, {"__all__": [full]})
    assert save("weight=7", "Ansicht 7").status_code == 302  # sent again
    seventh = SavedView.objects.get(name="Ansicht 7")
    desk.post(reverse("measures:view-remove", args=[workshop.pk, seventh.pk]))
    assert save("weight=90", "Noch eine").status_code == 302
    assert SavedView.objects.get(name="Noch eine").place == 7


def test_of_all_views_one_is_the_start(workshop, save):
    save("weight=80", "Wichtiges", starts="on")
    save("weight=20", "Machbares", starts="on")
    assert stored(workshop) == [
        (1, "Wichtiges", "weight=80", False), (2, "Machbares", "weight=20", True),
    ]  # fmt: skip


# Changing ----------------------------------------------------------------------------------------


def test_a_view_is_renamed_made_the_start_and_removed(workshop, save, desk):
    save("weight=80", "Wichtiges", starts="on")
    save("weight=20", "Machbares")
    view = SavedView.objects.get(name="Machbares")
    page = reverse("measures:view-edit", args=[workshop.pk, view.pk])
    assert "Weight of relevance in percent" in desk.get(page).text
    response = desk.post(page, {"name": "Rasch", "starts": "on"})
    assert response["Location"] == view.get_absolute_url()
    assert stored(workshop) == [
        (1, "Wichtiges", "weight=80", False), (2, "Rasch", "weight=20", True),
    ]  # fmt: skip
    taken = desk.post(page, {"name": "wichtiges"})
    assert outcome(taken) == (422, {"name": [TAKEN]})
    desk.post(page, {"name": "Rasch"})
    assert SavedView.objects.starting().count() == 0
    removed = desk.post(reverse("measures:view-remove", args=[workshop.pk, view.pk]))
    assert removed["Location"] == reverse("measures:dashboard", args=[workshop.pk])
    assert [name for _place, name, _query, _start in stored(workshop)] == ["Wichtiges"]
    assert [each.history_type for each in SavedView.history.filter(id=view.pk)] == list("-~~+")


def test_the_words_of_a_view_say_what_it_shows(workshop, field, save, desk):
    form = asked(QueryDict(f"weight=80&field={field.pk}&horizon=short&order=-title"), workshop)
    assert [(label, value) for label, value in words_of(form)] == [
        ("Gewicht der Relevanz in Prozent", "80"), ("Handlungsfeld", "Alltagsleben"),
        ("Umsetzungszeit", "kurzfristig"), ("Sortiert nach", "Maßnahme, absteigend"),
    ]  # fmt: skip
    assert words_of(asked(QueryDict("weight=50"), workshop)) == []


# Showing -----------------------------------------------------------------------------------------


def test_everybody_sees_the_list_by_name_with_the_one_that_is_shown_marked(
    workshop, save, participant, committee_member, administrator, facilitator
):
    save("weight=80", "Wichtiges")
    save("horizon=short&weight=20", "Änderbares")
    for user, saves in [
        (participant, False), (committee_member, False), (administrator, True), (facilitator, True),
    ]:  # fmt: skip
        shown = read(workshop, user, "weight=20&horizon=short&n=")
        names = [(link.name, link.is_current) for link in shown.links]
        assert names == [("Änderbares", True), ("Wichtiges", False)]
        assert (shown.may_save, shown.is_all) == (saves, False)
    assert read(workshop, participant, "view=all").is_all
    assert read(workshop, participant, "weight=21").current is None


def test_a_view_whose_field_is_gone_still_opens_and_is_the_one_shown(
    workshop, field, save, desk, facilitator
):
    other = workshop.fields.get(name="Tourismus")
    save(f"weight=80&field={other.pk}", "Tourismus")
    view, gone = SavedView.objects.get(), other.pk
    other.delete()
    shown = read(workshop, facilitator, view.address)
    assert (shown.current.pk, shown.current.url) == (view.pk, view.get_absolute_url())
    page = desk.get(view.get_absolute_url())
    assert page.status_code == 200
    assert "The address contains a value that does not fit; it was left out." in page.text
    dashboard = reverse("measures:dashboard", args=[workshop.pk])
    assert desk.get(f"{dashboard}?weight=70&field={gone}").status_code == 400  # made up
    edit = desk.get(reverse("measures:view-edit", args=[workshop.pk, view.pk]))
    assert edit.status_code == 200
    assert "A filter that does not exist any more is left out." in edit.text
    assert query_of(asked(QueryDict(view.address), workshop)) == "weight=80"


def drawn(workshop, user, query: str = "") -> list[tuple[str, str]]:
    """Return the links of the fragment as (address, text), the current one with a star."""
    views = read(workshop, user, query)
    context = {"saved_views": views, "workshop": workshop.pk}
    markup = render_to_string("measures/results/_saved_views.html", context)
    links = re.findall(r'<a\s[^>]*href="([^"]*)"([^>]*)>(.*?)</a>', markup, re.S)
    return [
        (unescape(href), unescape(label).strip() + "*" * ("aria-current" in rest))
        for href, rest, label in links
    ]


def test_the_fragment_leads_to_each_view_to_all_and_for_editors_to_the_change(
    workshop, save, facilitator, participant
):
    save("weight=80", "Wichtiges")
    view, base = SavedView.objects.get(), reverse("measures:dashboard", args=[workshop.pk])
    edit = reverse("measures:view-edit", args=[workshop.pk, view.pk])
    everything = (f"{base}?view=all", "Alle Maßnahmen")
    mine = (f"{base}?weight=80&view={view.pk}", "Wichtiges*")
    assert drawn(workshop, facilitator, "weight=80") == [everything, mine, (edit, "Ansicht ändern")]
    assert drawn(workshop, participant, "weight=80") == [everything, mine]
    assert drawn(workshop, participant)[0] == (f"{base}?view=all", "Alle Maßnahmen*")


def test_the_list_costs_no_query_of_its_own_however_many_there_are(workshop, save, facilitator):
    counts = []
    for number in (1, 2, 3):
        save(f"weight={number}", f"Ansicht {number}")
        visit = visiting(workshop, facilitator)
        with CaptureQueriesContext(connection) as queries:
            saved_views(visit, asked(QueryDict("n=1"), workshop))
        counts.append(len(queries))
    # What stands around the ranking, views and agenda with it; the rounds.
    assert counts == [2, 2, 2]


# The committee's start ---------------------------------------------------------------------------


def test_the_committee_alone_starts_with_the_chosen_view(
    workshop, save, committee_member, participant, administrator, facilitator
):
    save("weight=80", "Wichtiges", starts="on")
    view = SavedView.objects.get()
    people = (committee_member, participant, administrator, facilitator)
    starts = [start_of(workshop, visiting(workshop, user)) for user in people]
    assert starts == [f"weight=80&view={view.pk}", "", "", ""]


def test_a_start_that_shows_everything_is_told_from_none(workshop, save, committee_member):
    save("", "Alles", starts="on")
    view = SavedView.objects.get()
    assert start_of(workshop, visiting(workshop, committee_member)) == f"view={view.pk}"


def test_without_a_chosen_one_it_is_what_is_not_decided_until_all_is(
    workshop, measure, measure_two, ballots, at, committee_member, participant
):
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=4, feasibility=2)
    at("deliberating")
    member = visiting(workshop, committee_member)
    assert start_of(workshop, member) == ""
    decide(hold(workshop, measure), measure, is_published=False)
    assert start_of(workshop, member) == "status=open"  # the committee knows of it already
    assert start_of(workshop, visiting(workshop, participant)) == ""
    decide(hold(workshop, measure_two), measure_two, outcome="deferred",
           deferred_until=date(2021, 1, 1))  # fmt: skip
    assert start_of(workshop, member) == "status=open"  # what was deferred comes back
    decide(hold(workshop, measure_two), measure_two, outcome="rejected")
    assert start_of(workshop, member) == ""  # all is decided: nothing would be shown


def test_a_view_of_another_workshop_is_no_start_here(
    workshop, other_workshop, committee_member, at
):
    at("deliberating")
    SavedView.objects.create(workshop=other_workshop, name="Fremd", place=1, is_start=True)
    assert start_of(workshop, visiting(workshop, committee_member)) == ""


def test_who_moderates_and_sits_in_the_committee_starts_as_the_committee(
    workshop, save, facilitator
):
    save("weight=80", "Wichtiges", starts="on")
    Membership.objects.create(workshop=workshop, user=facilitator, role=Role.COMMITTEE)
    assert start_of(workshop, visiting(workshop, facilitator)).startswith("weight=80")


def test_the_committee_s_first_address_leads_to_its_start_and_the_way_to_all_stays_open(
    workshop, save, committee_member, signed_in
):
    save("weight=80", "Wichtiges", starts="on")
    view, council = SavedView.objects.get(), signed_in(committee_member)
    dashboard = reverse("measures:dashboard", args=[workshop.pk])
    first = council.get(dashboard)
    assert (first.status_code, first["Location"]) == (302, view.get_absolute_url())
    assert council.get(first["Location"]).context["form"].chosen["weight"] == 80
    assert council.get(f"{dashboard}?view=all").context["form"].chosen["weight"] == 50


def test_when_the_filters_change_the_list_is_swapped_with_the_one_that_is_shown(
    workshop, save, desk
):
    save("weight=80", "Wichtiges")
    dashboard = reverse("measures:dashboard", args=[workshop.pk])
    part = desk.get(f"{dashboard}?weight=80", headers=FRAGMENT).text
    one = r'<ul class="chips" id="saved-list" data-hx-swap-oob="true"\s*>.*?</ul>'
    [swapped] = re.findall(one, part, re.S)
    [current] = re.findall(r'<a[^>]*aria-current="true"[^>]*>(.*?)</a>', swapped, re.S)
    assert current.strip() == "Wichtiges"


def test_columns_and_order_are_kept_with_the_rest(workshop, save, desk):
    save("col=n&col=score&order=-score&rows=all", "Tabelle")
    assert stored(workshop) == [(1, "Tabelle", "rows=all&col=n&col=score&order=-score", False)]
    form = asked(QueryDict(SavedView.objects.get().query), workshop)
    assert words_of(form) == [
        ("Spalten", "Bewertungen, Gesamtwert"), ("Sortiert nach", "Gesamtwert, absteigend"),
    ]  # fmt: skip
    page = desk.get(SavedView.objects.get().get_absolute_url())
    assert page.context["saved_views"].current.name == "Tabelle"


# Limits ------------------------------------------------------------------------------------------


def test_a_view_that_says_too_much_is_refused_and_the_name_stays(workshop, save, desk):
    response = save(f"q={'%F0%9F%98%80' * 100}&col=" + "&col=".join(["rank"] * 400), "Lang")
    assert outcome(response) == (
        422,
        {"__all__": ["This view says more than can be kept; please narrow it."]},
    )
    assert 'value="Lang"' in response.content.decode()
    assert save(f"q={'%F0%9F%98%80' * 100}", "Kurz").status_code == 302
    assert [len(query) for _place, _name, query, _starts in stored(workshop)] == [1202]


def test_a_view_of_everything_excuses_no_address_that_does_not_fit(workshop, save, desk):
    save("", "Alles")
    page = reverse("measures:dashboard", args=[workshop.pk])
    for query in ("round=99999", "weight=500", "lens=group-999", "status=nope", "field=77"):
        assert (query, desk.get(f"{page}?{query}").status_code) == (query, 400)


def test_on_what_rests_upon_the_committee_only_the_administration_says_what_it_sees_first(
    workshop, measure, save, desk, administrator, signed_in
):
    save("weight=80", "Anfang", starts="on")
    hold(workshop, measure)
    view = SavedView.objects.get()
    edit = reverse("measures:view-edit", args=[workshop.pk, view.pk])
    remove = reverse("measures:view-remove", args=[workshop.pk, view.pk])
    assert [desk.get(edit).status_code, desk.post(remove).status_code] == [403, 403]
    save("weight=0", "Anderes", starts="on")
    assert outcome(save("weight=0", "Anfang", replace=view.pk)) == (
        422,
        {"name": ["Mit dieser Ansicht beginnt das Gremium; nur die Verwaltung kann sie ändern."]},
    )
    assert stored(workshop) == [
        (1, "Anfang", "weight=80", True), (2, "Anderes", "weight=0", False),
    ]  # fmt: skip
    boss = signed_in(administrator)
    assert boss.post(edit, {"name": "Beginn", "starts": ""}).status_code == 302
    assert stored(workshop)[0] == (1, "Beginn", "weight=80", False)
    assert boss.post(remove).status_code == 302
