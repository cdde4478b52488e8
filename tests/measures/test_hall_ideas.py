"""Ideas from phones: one line, of nobody, that waits beside the board for a table."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse

from fields.models import ActionField, Goal
from measures.hall import ideas as limits
from measures.hall.tables import add_table
from measures.hall.views import ideas as ideas_view
from measures.models import Idea, Measure
from tests.people import FRAGMENT
from workshops.models import Ballot, Table, Workshop


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


@pytest.fixture(autouse=True)
def forget_counts() -> None:
    caches["ideas"].clear()


@pytest.fixture
def room(workshop, at) -> Workshop:
    """A workshop that collects and takes ideas."""
    Workshop.objects.filter(pk=workshop.pk).update(takes_ideas=True)
    return at("collecting")


def send(phone: Client, room: Workshop, field: ActionField, text: str, number: int = 7, **more):
    sent = {"field": field.pk, "text": text, "number": number}
    return phone.post(url(room, "idea-add"), sent, **more)


def wait(field: ActionField, *texts: str) -> list[Idea]:
    return [Idea.objects.create(pk=n, field=field, text=text) for n, text in enumerate(texts, 1)]


def sort(client: Client, room: Workshop, field: ActionField, do: str, *ideas: Idea, **more):
    sent = {"do": do, "idea": [idea.pk for idea in ideas]} | more
    return client.post(url(room, "idea-sort", field.pk), sent)


def texts(field: ActionField) -> list[str]:
    return sorted(field.ideas.waiting().values_list("text", flat=True))


# From the phone ---------------------------------------------------------------------------------


def test_a_guest_sends_a_line_to_a_field_and_goes_on_with_the_same_field(room, field, guest):
    phone = guest("Rat")
    assert "Ihre Idee" in phone.get(url(room, "idea-add")).text
    response = send(phone, room, field, "WLAN am Rheinufer")
    assert response["Location"] == f"{url(room, 'idea-add')}?sent={field.pk}"
    page = phone.get(response["Location"])
    assert "Danke, Ihre Idee ist beim Tisch." in page.text
    assert f'<option value="{field.pk}" selected>' in page.text
    assert list(Idea.objects.values("field", "text", "measure", "is_aside")) == [
        {"field": field.pk, "text": "WLAN am Rheinufer", "measure": None, "is_aside": False}
    ]


def test_nothing_of_an_idea_tells_whose_it_is_or_when_it_came(room, field, guest):
    columns = {column.name for column in Idea._meta.fields}
    assert columns == {"id", "field", "text", "measure", "is_aside"}
    phone, before = guest("Rat"), Ballot.objects.values().get()
    number = phone.get(url(room, "idea-add")).context["form"]["number"].value()
    assert 0 < number < 2**63
    send(phone, room, field, "WLAN", number)
    assert Ballot.objects.values().get() == before
    assert not hasattr(Idea, "history")


def test_a_participant_with_an_account_sends_ideas_too_and_nobody_else(
    room, field, participant, committee_member, stranger, table, signed_in
):
    assert send(signed_in(participant), room, field, "WLAN").status_code == 302
    found = [send(signed_in(who), room, field, "x") for who in (committee_member, stranger)]
    found += [send(table("Tisch 7"), room, field, "x"), send(Client(), room, field, "x")]
    assert [each.status_code for each in found] == [403, 404, 403, 302]
    assert texts(field) == ["WLAN"]


def test_the_same_idea_sent_twice_is_stored_once_and_another_text_by_itself(room, field, guest):
    phone = guest()
    for text in ("WLAN", "WLAN", "Bus"):
        assert send(phone, room, field, text, number=42).status_code == 302
    assert texts(field) == ["Bus", "WLAN"]


def test_an_idea_out_of_an_outbox_is_answered_by_a_status_and_stored_once(room, field, guest):
    phone = guest()
    sent = [send(phone, room, field, text, headers=FRAGMENT) for text in ("WLAN", "WLAN", "")]
    Workshop.objects.update(takes_ideas=False)
    sent.append(send(phone, room, field, "Bus", number=8, headers=FRAGMENT))
    assert [(each.status_code, each.content) for each in sent] == [
        (204, b""), (204, b""), (422, b""), (403, b""),
    ]  # fmt: skip
    assert texts(field) == ["WLAN"]


def test_a_wrong_line_is_explained_and_given_back(room, other_workshop, field, guest):
    phone = guest()
    there = ActionField.objects.create(workshop=other_workshop, name="Fremd")
    for name, value in [
        ("text", ""), ("text", "  "), ("text", "x" * 201), ("field", ""), ("field", there.pk),
        ("field", "9" * 30), ("number", "0"), ("number", str(2**63)), ("number", "x"),
    ]:  # fmt: skip
        sent = {"field": field.pk, "text": "WLAN", "number": 7} | {name: value}
        response = phone.post(url(room, "idea-add"), sent)
        assert (response.status_code, [*response.context["form"].errors]) == (422, [name])
    assert Idea.objects.count() == 0


def test_an_idea_that_waited_for_its_turn_is_not_taken_once_the_rating_has_begun(
    room, field, guest, monkeypatch
):
    phone = guest()

    def then_rating(_workshop: int) -> None:
        Workshop.objects.update(phase="rating")

    monkeypatch.setattr(ideas_view, "line_up", then_rating)
    late = send(phone, room, field, "WLAN am <Ufer>")
    assert (late.status_code, "WLAN am &lt;Ufer&gt;" in late.text) == (403, True)
    assert Idea.objects.count() == 0


@pytest.mark.parametrize("phase", ["preparing", "rating", "deliberating"])
def test_only_while_measures_are_collected_and_no_word_is_lost(
    phase, room, field, measure, guest, at
):
    phone = guest()
    at(phase)
    late = send(phone, room, field, "WLAN am <Ufer>")
    assert (late.status_code, "WLAN am &lt;Ufer&gt;" in late.text) == (403, True)
    assert Idea.objects.count() == 0


def test_off_by_default_and_the_facilitator_lets_phones_send(workshop, field, guest, editor, at):
    at("collecting")
    phone = guest()
    assert send(phone, workshop, field, "WLAN").status_code == 403
    editor.post(url(workshop, "idea-switch"), {"takes": "yes"})
    assert send(phone, workshop, field, "WLAN").status_code == 302
    editor.post(url(workshop, "idea-switch"), {"takes": "no"})
    assert send(phone, workshop, field, "Bus", 8).status_code == 403
    assert texts(field) == ["WLAN"]


def test_who_waits_finds_the_way_to_send_an_idea_where_that_is_possible(room, guest, at):
    phone = guest()
    link = url(room, "idea-add")
    assert link in phone.get(url(room, "rate-start"), follow=True).text
    at("preparing")
    assert link not in phone.get(url(room, "rate-start"), follow=True).text


def test_many_ideas_of_one_phone_wait_and_those_of_others_do_not(room, field, guest):
    one, other = guest(), guest()
    found = [send(one, room, field, f"Nr. {n}", n).status_code for n in range(1, limits.MOST + 2)]
    assert found == [302] * limits.MOST + [429]
    assert send(other, room, field, "Bus", 99).status_code == 302
    again = send(one, room, field, "Noch eine", 100)
    assert 'value="Noch eine"' in again.text


def test_a_full_tray_takes_no_more(room, field, guest, monkeypatch):
    monkeypatch.setattr(limits, "MOST_WAITING", 2)
    phone = guest()
    found = [send(phone, room, field, text, n).status_code for n, text in enumerate("abc", 1)]
    assert (found, texts(field)) == ([302, 302, 422], ["a", "b"])


# At the board -----------------------------------------------------------------------------------


def test_similar_ideas_lie_together_beside_the_measure_that_they_are_like(
    room, field, measure, editor
):
    Measure.objects.update(title="Freies WLAN am Rheinufer")
    wait(field, "WLAN am Rheinufer", "Rundgang mit Ton", "Freies WLAN am Rheinufer und Markt")
    tray = editor.get(field.get_absolute_url()).context["tray"]
    found = [([idea.text for idea in pile.ideas], pile.like) for pile in tray.piles]
    assert found == [
        (["WLAN am Rheinufer", "Freies WLAN am Rheinufer und Markt"], measure),
        (["Rundgang mit Ton"], None),
    ]


def test_a_table_takes_a_pile_over_and_it_becomes_a_line_of_the_last_goal(room, field, goal, table):
    laptop = table("Tisch 7", field)
    last = Goal.objects.create(field=field, text="Alle sind da", order=2)
    pile = wait(field, "WLAN am Rheinufer", "Freies WLAN am Rheinufer")
    response = sort(laptop, room, field, "take", *pile)
    assert response["Location"] == f"{field.get_absolute_url()}#edit-1"
    measure = Measure.objects.get()
    assert (measure.title, measure.goal, str(measure.by_table)) == (
        "WLAN am Rheinufer", last, "Tisch 7",
    )  # fmt: skip
    board = laptop.get(field.get_absolute_url())
    assert (texts(field), "aus einer Idee" in board.text) == ([], True)
    assert "auch als Idee: „Freies WLAN am Rheinufer“" in board.text


def test_an_idea_laid_to_a_measure_changes_no_word_of_it_and_can_be_taken_back(
    room, field, measure, editor
):
    [idea] = wait(field, "WLAN überall")
    before = Measure.objects.values().get()
    sort(editor, room, field, "merge", idea, measure=measure.number)
    assert Measure.objects.values().get() == before
    assert "auch als Idee: „WLAN überall“" in editor.get(field.get_absolute_url()).text
    assert texts(field) == []
    sort(editor, room, field, "back", idea)
    assert texts(field) == ["WLAN überall"]


def test_what_is_laid_aside_stays_at_hand(room, field, editor):
    [idea, _other] = wait(field, "WLAN", "Bus")
    sort(editor, room, field, "aside", idea)
    page = editor.get(field.get_absolute_url())
    assert (texts(field), "1 beiseitegelegt" in page.text) == (["Bus"], True)
    sort(editor, room, field, "back", idea)
    assert texts(field) == ["Bus", "WLAN"]


def test_an_idea_whose_measure_is_removed_or_undone_waits_again(room, field, goal, editor):
    [idea] = wait(field, "WLAN")
    sort(editor, room, field, "take", idea)
    board = editor.get(field.get_absolute_url())
    undo = {"edit": board.context["last_edit"].pk, "to": field.pk}
    editor.post(url(room, "edit-undo"), undo)
    assert (Measure.objects.standing().count(), texts(field)) == (0, ["WLAN"])


def test_the_second_of_two_who_deal_with_an_idea_is_told_and_nothing_is_doubled(
    room, field, goal, table, editor
):
    laptop, [idea] = table("Tisch 7", field), wait(field, "WLAN")
    sort(laptop, room, field, "take", idea)
    late = editor.post(
        url(room, "idea-sort", field.pk), {"do": "take", "idea": idea.pk}, headers=FRAGMENT
    )
    assert (late.status_code, Measure.objects.count()) == (409, 1)
    assert "inzwischen schon jemand bearbeitet" in late["HX-Trigger"].encode().decode(
        "unicode-escape"
    )


@pytest.mark.django_db(transaction=True)
def test_two_tables_that_take_one_idea_over_at_once_make_one_measure(workshop, at):
    field = ActionField.objects.create(workshop=workshop, name="Alltag")
    at("collecting")
    [idea] = wait(field, "WLAN")
    laptops = []
    for name in ("Tisch 1", "Tisch 2", "Tisch 3"):
        table = add_table(Table(workshop=workshop, name=name), [field])
        laptops.append(Client())
        laptops[-1].post(reverse("measures:join", args=[table.code]))

    def take(laptop: Client) -> int:
        sent = {"do": "take", "idea": idea.pk}
        try:
            page = url(workshop, "idea-sort", field.pk)
            return laptop.post(page, sent, headers=FRAGMENT).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(take, laptops)) == [200, 409, 409]
    assert [m.title for m in Measure.objects.all()] == ["WLAN"]


def test_an_idea_is_dealt_with_in_its_own_field_by_its_own_table_in_time(
    room, field, measure, table, at, editor, other_workshop
):
    other = room.fields.get(name="Tourismus")
    laptop, [idea] = table("Tisch 7", other), wait(field, "WLAN")
    assert sort(laptop, room, field, "take", idea).status_code == 403
    sort(laptop, room, other, "take", idea)  # an idea of another field
    sort(editor, room, other, "merge", idea, measure=measure.number)
    sort(editor, room, field, "merge", idea, measure=99)
    assert sort(editor, room, field, "burn", idea).status_code == 400
    at("rating")
    assert sort(editor, room, field, "take", idea).status_code == 403
    assert (texts(field), Measure.objects.count()) == (["WLAN"], 1)


def test_ideas_are_on_no_public_page_and_in_no_file(
    room, field, measure, administrator, signed_in, at
):
    wait(field, "Geheime Idee")
    Idea.objects.create(field=field, text="Geheime Zweite", measure=measure)
    at("rating")
    at("deliberating")
    Workshop.objects.filter(pk=room.pk).update(is_public=True)
    office = signed_in(administrator)
    names = ("measure-export-csv", "measure-export-xlsx", "dashboard", "measure-list")
    pages = [office.get(url(room, name)) for name in names]
    pages += [office.get(url(room, "measure-detail", 1))]
    pages += [Client().get(reverse("measures:public-page", args=[room.pk]))]
    assert {page.status_code for page in pages} == {200}
    assert [page for page in pages if b"Geheime" in page.content] == []


def test_a_tray_costs_as_many_queries_with_one_idea_as_with_five(
    room, field, measure, editor, django_assert_num_queries
):
    wait(field, "WLAN")
    editor.get(field.get_absolute_url())
    for texts_ in ((), ("Bus", "Bahn", "Rad", "WLAN überall")):
        for text in texts_:
            Idea.objects.create(field=field, text=text, is_aside=text == "Rad")
        with django_assert_num_queries(11):
            editor.get(field.get_absolute_url())
