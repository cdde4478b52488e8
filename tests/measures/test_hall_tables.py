"""A table types without an account: into its fields, as long as its code and the phase hold."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse

from fields.models import ActionField, Goal
from fields.removal import drop_field
from measures.hall.tables import add_table, renew_code
from measures.models import Measure
from tests.people import FRAGMENT, entering, open_door
from workshops.access import in_turn
from workshops.models import Edit, Table, Workshop
from workshops.phases import Activity
from workshops.visits import Visit


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def line(title: str, goal: Goal | None = None) -> dict:
    return {"title": title, "goal": goal.pk if goal else "", "client_id": uuid.uuid4()}


def lines() -> list[tuple[str, str | None]]:
    return list(Measure.objects.order_by("number").values_list("title", "by_table__name"))


@pytest.fixture
def other(workshop, field) -> ActionField:
    return workshop.fields.get(name="Tourismus")


@pytest.fixture
def table_row(workshop, field) -> Table:
    return add_table(Table(workshop=workshop, name="Tisch 1"), [field])


# Made and joined --------------------------------------------------------------------------------


def test_the_facilitator_gives_each_field_a_table_and_prints_their_cards(workshop, field, editor):
    page = editor.get(url(workshop, "table-list"))
    assert "Je ein Tisch für die 2 Handlungsfelder ohne Tisch" in page.text
    editor.post(url(workshop, "table-spread"))
    found = [(t.name, len(t.code), *t.fields.all()) for t in workshop.tables.all()]
    other = workshop.fields.get(name="Tourismus")
    assert found == [("Tisch 1", 8, field), ("Tisch 2", 8, other)]
    editor.post(url(workshop, "table-spread"))  # pressed twice
    assert workshop.tables.count() == 2
    cards = editor.get(url(workshop, "table-cards"))
    first = workshop.tables.first().code
    codes = [sign.code for _table, sign in cards.context["cards"]]
    assert (codes[0], len(codes)) == (f"{first[:4]} {first[4:]}", 2)
    assert cards.text.count("table-card__picture") == 2


def test_a_table_has_a_name_of_its_own_and_at_least_one_field(workshop, field, other, editor):
    add = url(workshop, "table-add")
    sent = {"name": "Tisch am Fenster", "boards": [field.pk, other.pk]}
    assert editor.post(add, sent).status_code == 302
    table = Table.objects.get()
    assert [*table.fields.all()] == [field, other]
    for wrong in ({"name": " tisch am  FENSTER "}, {"name": ""}, {"boards": []}, {"boards": [99]}):
        response = editor.post(add, sent | {"name": "Neu"} | wrong)
        assert (response.status_code, [*response.context["form"].errors]) == (422, [*wrong])
    editor.post(url(workshop, "table-edit", table.pk), {"name": "Tisch A", "boards": [other.pk]})
    table.refresh_from_db()
    assert (table.name, [*table.fields.all()]) == ("Tisch A", [other])


def test_a_foreign_field_is_none_that_a_table_can_have(workshop, other_workshop, field, editor):
    there = ActionField.objects.create(workshop=other_workshop, name="Fremd")
    response = editor.post(url(workshop, "table-add"), {"name": "T", "boards": [there.pk]})
    assert (response.status_code, Table.objects.count()) == (422, 0)


def test_from_the_card_to_the_board_in_one_tap(workshop, field, table_row):
    laptop = Client()
    door = reverse("measures:join", args=[table_row.code.lower()])
    page = laptop.get(door)
    assert [*page.context["fields"]] == [field]
    assert laptop.post(door)["Location"] == field.get_absolute_url()
    [cookie] = [each for name, each in laptop.cookies.items() if name.startswith("table_")]
    kept = (cookie["httponly"], cookie["samesite"], cookie["path"])
    assert kept == (True, "Lax", f"/workshops/{workshop.pk}/")
    board = laptop.get(field.get_absolute_url())
    assert (board.status_code, board.context["visit"].person) == (200, None)
    assert '<p class="table-name">Tisch 1</p>' in board.text


@pytest.mark.parametrize("phase", ["rating", "deliberating", "closed"])
def test_a_code_leads_nowhere_once_nothing_is_collected(phase, workshop, measure, table_row, at):
    at(phase)
    door = reverse("measures:join", args=[table_row.code])
    for response in (Client().get(door), Client().post(door)):
        assert response.status_code == 403
        assert "Hier wird gerade nichts gesammelt." in response.text


def test_whoever_is_signed_in_with_rights_types_under_the_own_name(
    workshop, table_row, facilitator, participant, signed_in
):
    door = reverse("measures:join", args=[table_row.code])
    fields = reverse("fields:field-list", args=[workshop.pk])
    assert signed_in(facilitator).get(door)["Location"] == fields
    tom = signed_in(participant)
    assert "Sie sind als Tom angemeldet." in tom.post(door).text
    assert [name for name in tom.cookies if name.startswith("table_")] == []


# Typed ------------------------------------------------------------------------------------------


def test_every_line_says_which_table_wrote_it_and_the_history_does_too(
    workshop, field, goal, table, editor
):
    laptop = table("Tisch 7", field)
    add = url(workshop, "measure-add", field.pk)
    laptop.post(add, line("WLAN", goal), headers=FRAGMENT)
    editor.post(add, line("Bus", goal))
    paste = {"goal": goal.pk, "take": "7" * 32, "title": "Fähre", "description": ""}
    laptop.post(url(workshop, "measure-paste", field.pk), paste | {"client_id": "7" * 32})
    laptop.post(url(workshop, "goal-add", field.pk), {"text": "Alle sind da"})
    new = Goal.objects.get(text="Alle sind da")
    laptop.post(url(workshop, "goal-to-measure", new.pk))
    assert lines() == [
        ("WLAN", "Tisch 7"), ("Bus", None), ("Fähre", "Tisch 7"), ("Alle sind da", "Tisch 7"),
    ]  # fmt: skip
    edit = url(workshop, "measure-edit", 2)
    sent = {"title": "Bus und Bahn", "time_horizon": "long", "field": field.pk, "goal": goal.pk}
    laptop.post(edit, sent | {"seen": 1})
    told = Measure.history.order_by("history_id").values_list("title", "history_change_reason")
    assert [*told] == [
        ("WLAN", "Tisch 7"), ("Bus", None), ("Fähre", "Tisch 7"), ("Alle sind da", "Tisch 7"),
        ("Bus und Bahn", "Tisch 7"),
    ]  # fmt: skip
    assert {*Measure.history.values_list("history_user__name", flat=True)} == {None, "Mona"}
    assert editor.get(field.get_absolute_url()).text.count("von Tisch 7") == 3
    assert laptop.get(field.get_absolute_url()).text.count("von Tisch 7") == 0  # its own


def test_a_table_works_in_its_fields_and_everything_else_is_forbidden(
    workshop, field, other, goal, measure, table
):
    laptop = table("Tisch 7", other)
    there = Goal.objects.create(field=other, text="Gäste")
    own = Measure.objects.create(workshop=workshop, field=other, goal=there, title="Rundgang")
    texts = {"title": "X", "time_horizon": "long", "seen": 1, "goal": ""}
    wrong = {
        ("field-capture", field.pk): None,
        ("measure-add", field.pk): line("X"),
        ("measure-paste", field.pk): {"goal": "none", "text": "X"},
        ("measure-edit", measure.number): texts | {"field": field.pk},
        ("measure-move", measure.number): {"direction": "up"},
        ("measure-remove", measure.number): {},
        ("measure-restore", measure.number): {},
        ("measure-to-goal", measure.number): {},
        ("measure-merge", own.number): {"target": measure.pk},
        ("goal-add", field.pk): {"text": "X"},
        ("goal-edit", goal.pk): {"text": "X", "seen": 1},
        ("goal-move", goal.pk): {"direction": "up"},
        ("goal-remove", goal.pk): {},
        ("goal-restore", goal.pk): {},
        ("goal-to-measure", goal.pk): {},
    }  # fmt: skip
    found = {
        key: (laptop.get if data is None else lambda u, d=data: laptop.post(u, d))(
            url(workshop, *key)
        ).status_code
        for key, data in wrong.items()
    }
    assert found == dict.fromkeys(wrong, 403)
    pages = ("workshop-day", "measure-list", "workshop-bin", "table-list", "rate-start", "search")
    assert {laptop.get(url(workshop, name)).status_code for name in pages} == {403}
    # Into another table's field it moves nothing either.
    response = laptop.post(url(workshop, "measure-edit", own.number), texts | {"field": field.pk})
    assert response.status_code == 422
    assert lines() == [("WLAN", None), ("Rundgang", None)]


def test_what_a_table_did_it_takes_back_and_nothing_else(
    workshop, field, other, goal, table, editor
):
    laptop = table("Tisch 7", field)
    laptop.post(url(workshop, "measure-add", field.pk), line("WLAN", goal))
    undo, last = url(workshop, "edit-undo"), Edit.objects.get()
    away = laptop.post(undo, {"edit": last.pk + 1, "to": other.pk})  # a board that it may not see
    assert away["Location"] == f"{url(workshop, 'table-start')}#undo-edit"
    assert laptop.post(undo, {"edit": last.pk, "to": field.pk}).status_code == 302
    assert [m.title for m in Measure.objects.standing()] == []
    # The field is another table's by now.
    redo = Edit.objects.get()
    Table.objects.get().fields.set([other])
    sent = {"edit": redo.pk, "to": other.pk}
    answer = laptop.post(url(workshop, "edit-redo"), sent, headers=FRAGMENT)
    assert [m.title for m in Measure.objects.standing()] == []
    assert answer.status_code == 409


@pytest.mark.parametrize("how", ["dropped", "left out"])
def test_a_field_that_is_dropped_or_left_out_no_table_brings_back_or_types_into(
    workshop, field, goal, measure, table, editor, how
):
    laptop = table("Tisch 7", field)
    laptop.post(url(workshop, "measure-add", field.pk), line("Bus", goal))
    laptop.post(url(workshop, "measure-remove", 2))
    step = Edit.objects.last()
    if how == "dropped":
        drop_field(field)
    else:
        toggle = reverse("fields:field-toggle", args=[workshop.pk, field.pk])
        editor.post(toggle, {"worked_on": "no"})
    before = ActionField.objects.values("is_removed", "is_worked_on").get(pk=field.pk)
    assert (before["is_removed"], before["is_worked_on"]) == (how == "dropped", how == "dropped")
    texts = {"title": "X", "time_horizon": "long", "seen": 1, "goal": ""}
    sent = {
        ("measure-restore", measure.number): {},
        ("measure-restore", 2): {"to": "bin"},
        ("goal-restore", goal.pk): {},
        ("measure-add", field.pk): line("X"),
        ("measure-edit", measure.number): texts | {"field": field.pk},
        ("goal-add", field.pk): {"text": "X"},
    }  # fmt: skip
    found = {key: laptop.post(url(workshop, *key), data).status_code for key, data in sent.items()}
    kept_from = 404 if how == "dropped" else 403  # what it does not find, or may not
    assert list(found.values()) == [403, 403, 403, kept_from, kept_from, kept_from]
    assert laptop.get(url(workshop, "field-capture", field.pk)).status_code == kept_from
    undone = laptop.post(url(workshop, "edit-undo"), {"edit": step.pk, "to": field.pk})
    assert undone["Location"] == f"{url(workshop, 'table-start')}#undo-edit"
    assert ActionField.objects.values("is_removed", "is_worked_on").get(pk=field.pk) == before
    assert [m.title for m in Measure.objects.filter(is_removed=False)] == (
        [] if how == "dropped" else ["WLAN"]
    )


def test_what_the_leader_merged_no_table_parts(
    workshop, field, measure, measure_two, table, editor
):
    laptop = table("Tisch 7", field)
    editor.post(url(workshop, "measure-merge", 1), {"target": measure_two.pk})
    part = url(workshop, "measure-restore", 1)
    assert part not in laptop.get(url(workshop, "field-capture", field.pk)).text
    answer = laptop.post(part)
    assert (answer.status_code, "Nur wer den Workshop leitet, trennt" in answer.text) == (403, True)
    assert Measure.objects.get(number=1).merged_into == measure_two
    assert part in editor.get(url(workshop, "field-capture", field.pk)).text
    assert editor.post(part).status_code == 302
    assert Measure.objects.get(number=1).merged_into is None


def test_two_tables_share_a_field_and_one_has_several(workshop, field, other, table):
    one, two = table("Tisch 1", field), table("Tisch 2", field, other)
    for laptop in (one, two):
        assert laptop.post(url(workshop, "measure-add", field.pk), line("x")).status_code == 302
    assert two.post(url(workshop, "measure-add", other.pk), line("y")).status_code == 302
    assert lines() == [("x", "Tisch 1"), ("x", "Tisch 2"), ("y", "Tisch 2")]
    board = two.get(field.get_absolute_url())
    assert [*board.context["fields"]] == [field, other]


def test_with_the_phase_a_table_reads_on_and_writes_no_more(workshop, field, goal, table, at):
    laptop = table("Tisch 7", field)
    at("collecting")
    sent = line("WLAN", goal)
    laptop.post(url(workshop, "measure-add", field.pk), sent)
    at("rating")
    late = laptop.post(url(workshop, "measure-add", field.pk), line("Bus"), headers=FRAGMENT)
    board = laptop.get(field.get_absolute_url())
    assert (late.status_code, board.status_code, lines()) == (403, 200, [("WLAN", "Tisch 7")])
    assert 'class="add-line"' not in board.text
    at("deliberating")
    assert laptop.get(field.get_absolute_url()).status_code == 403


def test_a_new_code_ends_the_old_one_at_once(workshop, field, goal, table, editor):
    laptop = table("Tisch 7", field)
    before = Table.objects.get()
    editor.post(url(workshop, "table-code", before.pk))
    add = url(workshop, "measure-add", field.pk)
    code = f"{reverse('measures:join-code')}?lost=table"
    assert laptop.get(field.get_absolute_url())["Location"] == code
    answer = laptop.post(add, line("Bus"), headers=FRAGMENT)
    assert (answer.status_code, answer["HX-Redirect"]) == (401, code)
    plain = laptop.post(add, line("Bus"))
    assert (plain.status_code, "Bus" in plain.text, lines()) == (403, True, [])
    assert "Der Code dieses Tisches gilt nicht mehr." in laptop.get(code).text
    assert Client().post(reverse("measures:join", args=[before.code])).status_code == 403
    after = Table.objects.get()
    laptop.post(reverse("measures:join", args=[after.code]))
    assert laptop.post(add, line("Bus")).status_code == 302


def test_who_loses_the_code_while_waiting_for_the_turn_writes_nothing(workshop, field, table_row):
    visit = Visit(workshop, None, frozenset(), None, table=table_row)
    with transaction.atomic():
        assert in_turn(visit, Activity.CAPTURE).table == table_row
    renew_code(Table.objects.get())
    with pytest.raises(PermissionDenied), transaction.atomic():
        in_turn(visit, Activity.CAPTURE)


def test_a_code_that_is_made_up_or_signed_for_another_workshop_is_none(
    workshop, other_workshop, field, table
):
    laptop = table("Tisch 7", field)
    [name] = [name for name in laptop.cookies if name.startswith("table_")]
    laptop.cookies[name] = Table.objects.get().code  # not signed
    assert laptop.get(field.get_absolute_url()).status_code == 302
    foreign = Table.objects.create(workshop=other_workshop, name="Tisch 1", code="CDFHJKLM")
    stranger = Client()
    stranger.post(reverse("measures:join", args=[foreign.code]))
    assert stranger.get(field.get_absolute_url()).status_code == 302


def test_a_removed_table_is_out_and_its_lines_keep_its_name(workshop, field, table, editor):
    laptop = table("Tisch 7", field)
    laptop.post(url(workshop, "measure-add", field.pk), line("WLAN"))
    editor.post(url(workshop, "table-remove", Table.objects.get().pk))
    assert laptop.get(field.get_absolute_url()).status_code == 302
    assert lines() == [("WLAN", "Tisch 7")]
    assert editor.get(url(workshop, "table-list")).context["tables"] == []
    editor.post(url(workshop, "table-add"), {"name": "Tisch 7", "boards": [field.pk]})
    assert Table.objects.filter(is_removed=False).count() == 1


def test_a_guest_can_be_a_table_as_well_on_one_device(workshop, field, table, at, measure):
    device = table("Tisch 7", field)
    device.post(reverse("measures:join", args=[open_door(workshop)]), entering())
    assert device.post(url(workshop, "measure-add", field.pk), line("Bus")).status_code == 302
    at("rating")
    assert device.get(url(workshop, "rate-measure", measure.number)).status_code == 200


def test_the_name_of_a_table_leaves_the_workshop_by_no_way(
    workshop, field, goal, table, administrator, signed_in, at, ballots
):
    laptop = table("Geheimtisch", field)
    laptop.post(url(workshop, "measure-add", field.pk), line("WLAN", goal))
    at("rating")
    at("deliberating")
    Workshop.objects.filter(pk=workshop.pk).update(is_public=True)
    office = signed_in(administrator)
    names = ("measure-export-csv", "measure-export-xlsx", "dashboard", "measure-list", "progress")
    pages = [office.get(url(workshop, name)) for name in names]
    pages.append(office.get(url(workshop, "measure-detail", 1)))
    pages.append(Client().get(reverse("measures:public-page", args=[workshop.pk])))
    assert {page.status_code for page in pages} == {200}
    assert [page for page in pages if b"Geheimtisch" in page.content] == []


def test_a_board_of_tables_costs_as_many_queries_with_one_line_as_with_three(
    workshop, field, goal, table, django_assert_num_queries
):
    laptop = table("Tisch 7", field)
    for title in ("WLAN", "Bus", "Bahn"):
        laptop.post(url(workshop, "measure-add", field.pk), line(title, goal))
        with django_assert_num_queries(14):
            laptop.get(field.get_absolute_url())


def test_without_a_field_a_table_is_told_so(workshop, field, table):
    laptop = table("Tisch 7", field)
    Table.objects.get().fields.clear()
    page = laptop.get(url(workshop, "table-start"))
    door = reverse("measures:join", args=[Table.objects.get().code])
    said = "Dieser Tisch hat noch kein Handlungsfeld."
    assert page.status_code == 403
    assert (said in page.text, said in Client().post(door).text) == (True, True)
