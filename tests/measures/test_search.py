"""One search over measures, goals, fields and decisions, for whoever is here."""

from uuid import uuid4

import pytest
from django.urls import reverse

from fields.models import Goal
from measures.models import AgendaItem, Attachment, Measure
from measures.searching import texts
from measures.searching.finding import search
from tests.deciding import decide, hold, release
from tests.people import FRAGMENT, visiting
from workshops.models import Workshop


@pytest.fixture
def catalogue(workshop, field, goal) -> dict[str, Measure]:
    """Measures in two fields, by their titles, in the order of their numbers."""
    tourism = workshop.fields.get(name="Tourismus")
    guests = Goal.objects.create(
        field=tourism, text="Gäste finden sich zurecht", indicator="Zahl der Schilder"
    )
    places = [
        ("Glasfaser bis ins Haus", field, goal, "Auch in Gaulsheim, Straße für Straße."),
        ("Offenes Funknetz", field, None, "Für Messgeräte"),
        ("Netze für alle", tourism, guests, ""),
        ("Ärztehaus", field, None, "Ein Haus mit schnellem Netz"),
        ("Karte", tourism, guests, "Sie zeigt 50 % aller Wege & <Treppen>"),
    ]
    return {
        title: Measure.objects.create(
            workshop=workshop, field=place, goal=under, title=title, description=text
        )
        for title, place, under, text in places
    }


def url(workshop: Workshop, name: str = "search", *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def plain(pieces) -> str:
    return "".join(text for text, _is_hit in pieces)


def found(workshop: Workshop, person, typed: str) -> list[str]:
    """Return kind and title of what a person finds."""
    result = search(visiting(workshop, person), typed, limit=50)
    return [f"{each.kind} {each.code} {plain(each.title)}".replace("  ", " ") for each in result[0]]


# What is found, in which order -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("glas", ["measure M1 Glasfaser bis ins Haus"]),
        ("haus glas", ["measure M1 Glasfaser bis ins Haus"]),
        # The beginning of the title; the goal's word; inside a title's word; in the description.
        (
            "netz",
            [
                "measure M3 Netze für alle", "goal Alle kommen ins Netz",
                "measure M2 Offenes Funknetz", "measure M1 Glasfaser bis ins Haus",
                "measure M4 Ärztehaus",
            ],
        ),
        ("aerzte", ["measure M4 Ärztehaus"]),
        ("arzte", ["measure M4 Ärztehaus"]),
        ("strasse", ["measure M1 Glasfaser bis ins Haus"]),
        ("m5", ["measure M5 Karte"]),
        ("5", ["measure M5 Karte"]),  # before the 50 of its own description
        ("50", ["measure M5 Karte"]),
        ("tourismus", ["field Tourismus", "measure M3 Netze für alle", "measure M5 Karte",
                       "goal Gäste finden sich zurecht"]),
        ("schild", ["goal Gäste finden sich zurecht"]),
        ("gäste karte", ["measure M5 Karte"]),
        ("glasfasr", ["measure M1 Glasfaser bis ins Haus"]),  # misspelt
        ("Schwimmbad", []),
    ],
)  # fmt: skip
def test_the_best_comes_first(typed, titles, workshop, catalogue, facilitator):
    assert found(workshop, facilitator, typed) == titles


def test_what_was_removed_is_not_found(workshop, catalogue, facilitator, goal):
    Measure.objects.filter(number=1).update(is_removed=True)
    goal.is_removed = True
    goal.save()
    assert found(workshop, facilitator, "glas") == found(workshop, facilitator, "kommen") == []


def test_what_was_merged_leads_to_what_it_is_part_of(workshop, catalogue, facilitator):
    catalogue["Offenes Funknetz"].merge_into(catalogue["Karte"])
    for typed in ("m2", "2", "funknetz", "messger"):
        assert found(workshop, facilitator, typed) == ["measure M5 Karte"]
    [only] = search(visiting(workshop, facilitator), "2", limit=9).found
    assert (only.url, plain(only.excerpt)) == (
        catalogue["Karte"].get_absolute_url(), "M2 Offenes Funknetz\nFür Messgeräte",
    )  # fmt: skip
    Measure.objects.filter(number=5).update(is_removed=True)
    texts._known.clear()
    assert found(workshop, facilitator, "funknetz") == []


def test_a_short_title_is_found_like_the_title(workshop, catalogue, facilitator):
    catalogue["Karte"].short_title = "Netzplan"
    catalogue["Karte"].save()
    assert found(workshop, facilitator, "netz")[:2] == [
        "measure M3 Netze für alle", "measure M5 Karte",
    ]  # fmt: skip


def test_nothing_of_another_workshop_is_found(workshop, other_workshop, catalogue, stranger):
    assert found(other_workshop, stranger, "glas") == []


def test_a_change_is_found_at_once(workshop, catalogue, facilitator):
    assert found(workshop, facilitator, "leucht") == []
    catalogue["Karte"].title = "Leuchtturm"
    catalogue["Karte"].save()
    workshop.refresh_from_db()
    assert found(workshop, facilitator, "leucht") == ["measure M5 Leuchtturm"]
    assert found(workshop, facilitator, "karte") == []


def test_each_says_where_it_stands_and_which_words_it_has(workshop, catalogue, facilitator):
    visit = visiting(workshop, facilitator)
    [measure] = search(visit, "haus gauls", limit=9).found
    assert measure.title == (("Glasfaser bis ins ", False), ("Haus", True))
    assert measure.where == (("Alltagsleben", False),)
    assert measure.excerpt == (
        ("Auch in ", False), ("Gauls", True), ("heim, Straße für Straße.", False),
    )  # fmt: skip
    assert search(visit, "glas", limit=9).found[0].excerpt == ()


def test_who_types_is_led_to_the_board_and_who_reads_to_the_list(
    workshop, catalogue, at, facilitator, participant
):
    board = url(workshop, "field-capture", catalogue["Karte"].field_id)
    goal = Goal.objects.get(text="Gäste finden sich zurecht")
    page = f"{url(workshop, 'measure-list')}#field-{goal.field_id}"
    ways = {
        person: [
            search(visiting(workshop, person), typed, limit=1).found[0].url
            for typed in ("gäste finden", "tourismus")
        ]
        for person in (facilitator, participant)
    }
    assert ways == {facilitator: [f"{board}#goal-{goal.pk}", board], participant: [page, page]}
    at("rating")
    assert search(visiting(workshop, facilitator), "tourismus", limit=1).found[0].url == page


# Decisions ---------------------------------------------------------------------------------------


@pytest.fixture
def decided(workshop, catalogue, at, ballots):
    """A published decision on the map, and a pending one on the doctors."""
    at("deliberating")
    session = hold(workshop, catalogue["Karte"], catalogue["Ärztehaus"])
    amended = {"outcome": "amended", "has_basis": False}
    return [
        decide(session, catalogue["Karte"], wording="Stadtplan am Bahnhof", **amended),
        decide(
            session, catalogue["Ärztehaus"], wording="Geheimwort: Praxis am Hafen",
            reason="Geheimwort", is_published=False, **amended,
        ),
    ]  # fmt: skip


def test_the_decided_wording_is_found_last_and_the_decision_beside_it(
    workshop, decided, participant
):
    assert found(workshop, participant, "stadtplan") == ["measure M5 Karte", "decision M5 Karte"]
    assert found(workshop, participant, "karte") == ["measure M5 Karte", "decision M5 Karte"]
    assert found(workshop, participant, "digitalausschuss bedarf") == ["decision M5 Karte"]
    [_measure, decision] = search(visiting(workshop, participant), "stadtplan", limit=9).found
    assert (decision.url, decision.outcome, plain(decision.where), decision.day) == (
        decided[0].get_absolute_url(), "geändert beschlossen", "Digitalausschuss",
        decided[0].decided_on,
    )  # fmt: skip
    assert plain(decision.excerpt) == "Stadtplan am Bahnhof"


def test_what_is_pending_is_found_by_who_decides_and_nobody_else_can_tell(
    workshop, decided, participant, facilitator, committee_member, administrator
):
    for person in (committee_member, administrator):
        assert found(workshop, person, "geheimwort") == ["decision M4 Ärztehaus"]
    for person in (participant, facilitator):
        assert found(workshop, person, "geheimwort") == []
        assert found(workshop, person, "ärzte") == ["measure M4 Ärztehaus"]
        assert search(visiting(workshop, person), "ärzte", limit=1).total == 1


def test_a_pending_correction_replaces_nothing_for_who_does_not_know_of_it(
    workshop, decided, catalogue, participant, committee_member
):
    first = decided[0]
    correction = decide(
        first.session, catalogue["Karte"], corrects=first, is_published=False, outcome="amended",
        wording="Atlas", has_basis=False,
    )  # fmt: skip
    people = (participant, committee_member)
    assert [len(found(workshop, each, "stadtplan")) for each in people] == [2, 1]
    assert [len(found(workshop, each, "atlas")) for each in people] == [0, 1]
    release(correction)
    workshop.revision.refresh_from_db()
    assert [len(found(workshop, each, "stadtplan")) for each in people] == [0, 0]
    assert [len(found(workshop, each, "atlas")) for each in people] == [2, 2]


def test_nobody_finds_a_decision_while_nobody_sees_results(workshop, decided, administrator, at):
    at("rating")
    assert found(workshop, administrator, "stadtplan") == []


# The page ----------------------------------------------------------------------------------------


def test_a_participant_reads_what_was_found_under_its_headings(
    workshop, catalogue, signed_in, participant
):
    page = signed_in(participant).get(url(workshop), {"q": " netz "})
    assert page.templates[0].name == "measures/searching/search.html"
    assert [(kind.value, len(rows)) for kind, rows in page.context["result"].by_kind.items()] == [
        ("measure", 4), ("goal", 1),
    ]  # fmt: skip
    html = page.content.decode()
    assert 'value="netz"' in html
    assert "<mark>Netz</mark>e für alle" in html


def test_what_was_typed_and_stored_is_never_markup(workshop, catalogue, editor):
    html = editor.get(url(workshop), {"q": "treppen <script>"}).content.decode()
    assert "<script>" not in html.split("<main")[1]
    html = editor.get(url(workshop), {"q": "treppen"}).content.decode()
    assert "&amp; &lt;<mark>Treppen</mark>&gt;" in html


@pytest.mark.parametrize(
    "typed", ["%", "_", "'", '"', "\\", "a" * 10_000, "( [ {", "?*+", "\ud83d", "🚌"]
)
@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_no_character_breaks_the_search(typed, headers, workshop, catalogue, editor):
    page = editor.get(url(workshop), {"q": typed.encode("utf-8", "replace")}, headers=headers)
    assert (page.status_code, page.context["result"].total) == (200, 0)


def test_a_character_that_nobody_types_is_refused_like_everywhere(workshop, editor):
    assert editor.get(url(workshop), {"q": "glas\0"}).status_code == 400


def test_who_types_gets_a_few_suggestions_with_the_number_of_all(workshop, field, editor):
    for number in range(1, 13):
        Measure.objects.create(workshop=workshop, field=field, title=f"Kurs {number:02}")
    part = editor.get(url(workshop), {"q": "ku"}, headers=FRAGMENT)
    names = {each.name for each in part.templates}
    assert ("measures/searching/_suggestions.html" in names, "base.html" in names) == (True, False)
    result = part.context["result"]
    assert (len(result.found), result.total, result.left_out) == (8, 12, 4)
    assert part.content.decode().count('role="option"') == 8
    assert f'href="{url(workshop)}?q=ku"' in part.content.decode()
    assert part["Vary"].count("HX-Request") == 1


def test_a_page_shows_fifty_and_says_that_there_are_more(workshop, field, editor):
    Measure.objects.bulk_create(
        Measure(workshop=workshop, field=field, title=f"Kurs {number}", number=number)
        for number in range(1, 61)
    )
    result = editor.get(url(workshop), {"q": "kurs"}).context["result"]
    assert (len(result.found), result.total) == (50, 60)


def test_enter_opens_the_best(workshop, catalogue, editor):
    for typed, title in (("gl", "Glasfaser bis ins Haus"), ("m5", "Karte")):
        answer = editor.get(url(workshop), {"q": typed, "go": "1"})
        assert (answer.status_code, answer["Location"]) == (
            302, catalogue[title].get_absolute_url(),
        )  # fmt: skip


@pytest.mark.parametrize("typed", ["glasfasr", "Schwimmbad", "", "%"])
def test_what_does_not_fit_is_never_opened_by_itself(typed, workshop, catalogue, editor):
    assert editor.get(url(workshop), {"q": typed, "go": "1"}).status_code == 200


def test_a_code_is_shown_and_not_jumped_to_by_who_asked_for_the_page(workshop, catalogue, editor):
    assert editor.get(url(workshop), {"q": "m5"}).status_code == 200


def test_the_search_takes_the_same_queries_however_much_there_is(
    workshop, decided, committee_member, signed_in, field, goal, django_assert_num_queries
):
    client = signed_in(committee_member)
    client.get(url(workshop))
    with django_assert_num_queries(2):  # kept: who is here is all that is asked
        client.get(url(workshop), {"q": "netz"}, headers=FRAGMENT)
    for title in ("Bahn", "Rad", "Bus"):
        more = Measure.objects.create(workshop=workshop, field=field, goal=goal, title=title)
        session = decided[0].session
        AgendaItem.objects.create(session=session, measure=more, order=more.number)
        decide(session, more, has_basis=False)
        attach(f"{title}.pdf", workshop, measure=more)
        with django_assert_num_queries(8):
            client.get(url(workshop), {"q": "netz"}, headers=FRAGMENT)


def test_no_more_is_kept_than_fits(workshop, catalogue, facilitator, participant, monkeypatch, at):
    at("deliberating")
    monkeypatch.setattr(texts, "MOST", 1)
    for person in (facilitator, participant):
        found(workshop, person, "glas")
        workshop.revision.number += 1
        workshop.revision.save()
    assert len(texts._known) == 1


# In other pages ----------------------------------------------------------------------------------


def test_the_list_of_measures_shows_what_fits_in_its_own_order(workshop, catalogue, editor):
    page = editor.get(url(workshop, "measure-list"), {"q": "netz"})
    places = [place for place, _mark, _lines in page.context["places"]]
    titles = [each.measure.title for place in places for each in place.lines]
    assert titles == ["Glasfaser bis ins Haus", "Offenes Funknetz", "Ärztehaus", "Netze für alle"]


def test_what_is_ticked_for_the_agenda_stays_ticked_beside_what_is_searched(
    workshop, catalogue, at, administrator, signed_in
):
    at("deliberating")
    session = hold(workshop, catalogue["Netze für alle"])
    ticked = catalogue["Karte"].pk
    sent = {"search": "yes", "q": "netz", "measures": [ticked]}
    page = signed_in(administrator).post(url(workshop, "agenda-add", session.pk), sent)
    assert (page.status_code, session.items.count()) == (200, 1)
    assert [each.title for each in page.context["shown"]] == [
        "Glasfaser bis ins Haus", "Offenes Funknetz", "Ärztehaus", "Karte",
    ]  # fmt: skip
    assert f'value="{ticked}" id="measure-{ticked}" checked' in " ".join(
        page.content.decode().split()
    )


# Attachments -------------------------------------------------------------------------------------


def attach(name: str, workshop: Workshop, **owner) -> Attachment:
    return Attachment.objects.create(
        workshop=workshop, name=name, kind="pdf", size=9, digest="0" * 64,
        added_as="administration", client_id=uuid4(), **owner,
    )  # fmt: skip


def test_a_file_is_found_by_its_name_and_leads_to_where_it_lies(
    workshop, catalogue, participant, at
):
    at("deliberating")
    session = hold(workshop, catalogue["Karte"], committee="Rat der Stadt")
    attach("Lageplan_der-Masten.pdf", workshop, measure=catalogue["Karte"])
    attach("Tischvorlage Masten.pdf", workshop, session=session)
    attach("Anlage Masten.pdf", workshop, item=session.items.get())
    result = search(visiting(workshop, participant), "masten", limit=9)
    assert {(each.kind, each.code, plain(each.title), plain(each.where), each.url)
            for each in result.found} == {
        ("attachment", "M5", "Lageplan_der-Masten.pdf", "Karte",
         catalogue["Karte"].get_absolute_url()),
        ("attachment", "", "Tischvorlage Masten.pdf", "Rat der Stadt", session.get_absolute_url()),
        ("attachment", "M5", "Anlage Masten.pdf", "Rat der Stadt",
         url(workshop, "agenda-item", session.pk, 5)),
    }  # fmt: skip


def test_a_file_of_a_session_is_found_by_who_may_know_of_sessions(
    workshop, catalogue, participant, at
):
    session = hold(workshop, catalogue["Karte"])
    attach("Tischvorlage.pdf", workshop, session=session)
    attach("Lageplan.pdf", workshop, measure=catalogue["Karte"])
    for phase, files in (("closed", ["attachment Tischvorlage.pdf"]), ("collecting", [])):
        at(phase)
        assert found(workshop, participant, "tischvorlage") == files
        assert found(workshop, participant, "lageplan") == ["attachment M5 Lageplan.pdf"]


def test_a_file_of_what_was_merged_lies_with_the_other_and_goes_with_it(
    workshop, catalogue, facilitator
):
    attach("Lageplan.pdf", workshop, measure=catalogue["Offenes Funknetz"])
    catalogue["Offenes Funknetz"].merge_into(catalogue["Karte"])
    assert found(workshop, facilitator, "lageplan") == ["attachment M5 Lageplan.pdf"]
    catalogue["Karte"].is_removed = True
    catalogue["Karte"].save()
    assert found(workshop, facilitator, "lageplan") == []


def test_a_file_of_a_point_is_no_longer_found_once_its_measure_is_removed(
    workshop, catalogue, participant, at
):
    at("closed")
    session = hold(workshop, catalogue["Karte"])
    attach("Anlage.pdf", workshop, item=session.items.get())
    assert found(workshop, participant, "anlage") == ["attachment M5 Anlage.pdf"]
    catalogue["Karte"].is_removed = True
    catalogue["Karte"].save()
    assert found(workshop, participant, "anlage") == []


def test_a_file_of_a_point_of_a_whole_field_leads_to_the_session(
    workshop, catalogue, participant, field, at
):
    at("closed")
    session = hold(workshop)
    item = AgendaItem.objects.create(session=session, field=field, order=1)
    attach("Anlage.pdf", workshop, item=item)
    [hit] = search(visiting(workshop, participant), "anlage", limit=9).found
    assert (hit.code, hit.url) == ("", session.get_absolute_url())


def test_a_file_of_a_point_that_was_merged_still_leads_to_its_page(
    workshop, catalogue, participant, signed_in, at
):
    at("closed")
    session = hold(workshop, catalogue["Offenes Funknetz"])
    attach("Anlage.pdf", workshop, item=session.items.get())
    catalogue["Offenes Funknetz"].merge_into(catalogue["Karte"])
    [hit] = search(visiting(workshop, participant), "anlage", limit=9).found
    page = signed_in(participant).get(hit.url, follow=True)
    assert (hit.code, page.status_code, "Anlage.pdf" in page.content.decode()) == ("M2", 200, True)
