"""Remarks and questions: internal, answered, closed, and public only if the office says so."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from measures.models import Measure, Remark, Session
from tests.deciding import hold, in_english
from tests.markup import compact


@pytest.fixture
def council(at, committee_member, signed_in):
    at("deliberating")
    return in_english(signed_in(committee_member))


@pytest.fixture
def office(at, administrator, signed_in):
    at("deliberating")
    return in_english(signed_in(administrator))


def add(measure) -> str:
    return reverse("measures:remark-add", args=[measure.workshop_id, measure.number])


def to(remark, action: str) -> str:
    return reverse(f"measures:remark-{action}", args=[remark.get_workshop_id(), remark.pk])


def typed(**changes) -> dict:
    return {"kind": "question", "text": "Wer zahlt?", "client_id": str(uuid.uuid4())} | changes


@pytest.fixture
def remark(measure, committee_member) -> Remark:
    return Remark.objects.create(
        measure=measure, text="Wer zahlt?", by=committee_member, client_id=uuid.uuid4()
    )


def answered(remark, by, **columns) -> Remark:
    columns = {"answer": "Das Land.", "answered_by": by, "answered_at": timezone.now()} | columns
    for name, value in columns.items():
        setattr(remark, name, value)
    remark.save()
    return remark


def answer_form(client, remark) -> dict:
    """Open the form and return what a browser sends unchanged."""
    form = client.get(to(remark, "answer")).context["form"]
    return {name: form[name].value() for name in form.fields}


# Writing ----------------------------------------------------------------------------------------


def test_a_question_is_internal_and_open(measure, council, committee_member):
    response = council.post(add(measure), typed())
    assert response["Location"] == f"{measure.get_absolute_url()}#remarks"
    remark = Remark.objects.get()
    assert (remark.measure, remark.kind, remark.text, remark.by) == (
        measure, "question", "Wer zahlt?", committee_member,
    )  # fmt: skip
    assert (remark.answer, remark.is_closed, remark.is_released) == ("", False, False)


def test_a_double_click_stores_a_remark_once(measure, council):
    sent = typed()
    for _each in range(2):
        assert council.post(add(measure), sent).status_code == 302
    assert Remark.objects.count() == 1


@pytest.mark.parametrize(("text", "kind"), [("Ab wann?", "question"), ("Wer zahlt?", "remark")])
def test_the_back_button_with_another_text_or_kind_is_a_remark_of_its_own(
    measure, council, text, kind
):
    sent = typed()
    council.post(add(measure), sent)
    council.post(add(measure), sent | {"text": text, "kind": kind})
    found = [(each.text, each.kind) for each in Remark.objects.all()]
    assert found == [("Wer zahlt?", "question"), (text, kind)]


@pytest.mark.parametrize(
    "changes",
    [{"text": " \n "}, {"text": "x" * 2001}, {"kind": "order"}, {"kind": ""}, {"client_id": "x"}],
)
def test_a_faulty_remark_comes_back_with_its_text(measure, council, changes):
    sent = typed(**changes)
    response = council.post(add(measure), sent)
    assert (response.status_code, list(response.context["form"].errors)) == (422, list(changes))
    assert response.context["form"]["text"].value() == sent["text"]
    assert not Remark.objects.exists()


def test_who_writes_in_a_session_gets_back_to_its_point(workshop, measure, council):
    session = hold(workshop, measure)
    item = reverse("measures:agenda-item", args=[workshop.pk, session.pk, measure.number])
    response = council.post(add(measure), typed(session=session.pk))
    assert response["Location"] == f"{item}#remarks"
    faulty = council.post(add(measure), typed(session=session.pk, text=""))
    assert (faulty.context["session"], faulty.context["cancel"]) == (session, f"{item}#remarks")


@pytest.mark.parametrize("session", ["foreign", "unknown", "nonsense", "huge", "taken off"])
def test_a_session_that_does_not_show_the_measure_leads_to_the_measure(
    workshop, other_workshop, measure, council, session
):
    pk = {
        "foreign": hold(other_workshop).pk, "unknown": 10**6, "nonsense": "x", "huge": "9" * 5000,
        "taken off": hold(workshop).pk,
    }[session]  # fmt: skip
    response = council.post(add(measure), typed(session=pk))
    assert response["Location"] == f"{measure.get_absolute_url()}#remarks"
    assert Remark.objects.count() == 1


def test_a_remark_on_a_measure_merged_meanwhile_is_kept_and_shown_with_the_other(
    workshop, measure, measure_two, council
):
    session = hold(workshop, measure)
    measure_two.merge_into(measure)
    response = council.post(add(measure_two), typed(session=session.pk))
    item = reverse("measures:agenda-item", args=[workshop.pk, session.pk, measure.number])
    assert response["Location"] == f"{item}#remarks"
    council.post(add(measure_two), typed())
    rows = council.get(measure.get_absolute_url()).context["remarks"]
    assert [each.measure for each in rows] == [measure_two, measure_two]


def test_a_remark_on_a_measure_removed_meanwhile_is_kept(workshop, measure, council):
    Measure.objects.filter(pk=measure.pk).update(is_removed=True)
    response = council.post(add(measure), typed(), follow=True)
    assert (response.status_code, Remark.objects.get().measure) == (200, measure)


def test_when_the_phase_moves_while_somebody_writes_the_text_is_shown(measure, council, at):
    at("rating")
    response = council.post(add(measure), typed())
    assert response.status_code == 403
    assert "Wer zahlt?" in response.content.decode()


# Answering --------------------------------------------------------------------------------------


def test_an_answer_is_stored_with_its_author_and_time(remark, office, administrator):
    response = office.post(to(remark, "answer"), answer_form(office, remark) | {"answer": "Land"})
    assert response["Location"] == f"{remark.measure.get_absolute_url()}#remarks"
    remark.refresh_from_db()
    assert (remark.answer, remark.answered_by, remark.answered_at is None) == (
        "Land", administrator, False,
    )  # fmt: skip


def test_an_empty_answer_is_refused(remark, office):
    sent = answer_form(office, remark) | {"answer": "  "}
    response = office.post(to(remark, "answer"), sent)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["answer"])


def test_two_people_answer_and_the_second_sees_both_texts(remark, office, council, administrator):
    late = answer_form(council, remark) | {"answer": "Die Stadt."}
    office.post(to(remark, "answer"), answer_form(office, remark) | {"answer": "Das Land."})
    response = council.post(to(remark, "answer"), late)
    assert response.status_code == 409
    [difference] = response.context["differences"]
    assert (difference["stored"], difference["typed"]) == ("Das Land.", "Die Stadt.")
    remark.refresh_from_db()
    assert (remark.answer, remark.answered_by) == ("Das Land.", administrator)
    form = response.context["form"]
    assert form["answer"].value() == "Die Stadt."
    again = {name: form[name].value() for name in form.fields}
    assert council.post(to(remark, "answer"), again).status_code == 302
    remark.refresh_from_db()
    assert remark.answer == "Die Stadt."


def test_the_same_answer_twice_is_a_conflict_without_a_difference(remark, office):
    sent = answer_form(office, remark) | {"answer": "Das Land."}
    office.post(to(remark, "answer"), sent)
    response = office.post(to(remark, "answer"), sent)
    assert (response.status_code, response.context["differences"]) == (409, [])


def test_an_answer_can_be_changed_by_who_has_seen_it(remark, office, council, administrator):
    answered(remark, administrator)
    sent = answer_form(council, remark)
    assert sent["answer"] == "Das Land."
    council.post(to(remark, "answer"), sent | {"answer": "Der Bund."})
    remark.refresh_from_db()
    assert remark.answer == "Der Bund."


def test_a_public_remark_becomes_internal_by_an_answer_that_the_office_has_not_released(
    remark, office, council
):
    found = []
    for client in (office, council):
        Remark.objects.filter(pk=remark.pk).update(is_released=True)
        client.post(to(remark, "answer"), answer_form(client, remark) | {"answer": "Land"})
        remark.refresh_from_db()
        found.append(remark.is_released)
    assert found == [True, False]


# Closing and releasing --------------------------------------------------------------------------


def test_a_remark_is_closed_and_opened_again(remark, council):
    found = []
    for action in ("close", "close", "reopen"):
        council.post(to(remark, action))
        remark.refresh_from_db()
        found.append(remark.is_closed)
    assert found == [True, True, False]


def test_the_administration_alone_releases_and_withdraws(remark, office, council):
    found = []
    for client, action in (
        (council, "release"), (office, "release"), (council, "withdraw"), (office, "withdraw"),
    ):  # fmt: skip
        status = client.post(to(remark, action)).status_code
        remark.refresh_from_db()
        found.append((status, remark.is_released))
    assert found == [(403, False), (302, True), (403, True), (302, False)]


def release_form(client, remark) -> dict:
    """Return what the release button on the page of the measure sends."""
    page = compact(client.get(remark.measure.get_absolute_url()))
    form = page.split(f'action="{to(remark, "release")}"')[1].split("</form>")[0]
    return {"seen": re.search(r'name="seen" value="([^"]*)"', form)[1]}


def test_an_answer_that_the_office_has_seen_is_released(remark, office, administrator):
    answered(remark, administrator)
    assert office.post(to(remark, "release"), release_form(office, remark)).status_code == 302
    remark.refresh_from_db()
    assert remark.is_released


@pytest.mark.parametrize("was_answered", [False, True])
def test_an_answer_changed_meanwhile_is_shown_and_not_released(
    remark, office, council, administrator, was_answered
):
    if was_answered:
        answered(remark, administrator)
    seen = release_form(office, remark)
    council.post(to(remark, "answer"), answer_form(council, remark) | {"answer": "Frau X zahlt."})
    response = office.post(to(remark, "release"), seen)
    remark.refresh_from_db()
    assert (response.status_code, remark.is_released) == (409, False)
    page = compact(response)
    assert page.count("Frau X zahlt.") == 1
    again = {"seen": re.search(r'name="seen" value="([^"]*)"', page)[1]}
    assert office.post(to(remark, "release"), again).status_code == 302
    remark.refresh_from_db()
    assert remark.is_released


@pytest.mark.parametrize("sent", [{}, {"seen": "x"}, {"seen": ""}])
def test_a_release_that_does_not_tell_which_answer_was_seen_releases_none(
    remark, office, administrator, sent
):
    answered(remark, administrator)
    response = office.post(to(remark, "release"), sent)
    remark.refresh_from_db()
    assert (response.status_code, remark.is_released) == (409, False)


# Who reads what ---------------------------------------------------------------------------------


def read(client, measure) -> tuple[list[str], bool, bool]:
    """Return the texts that a person is shown, whether with names, and whether to write."""
    response = client.get(measure.get_absolute_url())
    remarks, page = response.context["remarks"], response.content.decode()
    may_write = response.context["remark_form"] is not None
    named = [name in page for name in ("Greta", "Vera")]
    return [each.text for each in remarks], all(named), may_write


def test_members_read_what_is_released_without_names(
    measure, at, signed_in, committee_member, administrator, participant, facilitator
):
    at("deliberating")
    for text, is_released in (("intern", False), ("öffentlich", True)):
        row = Remark(measure=measure, text=text, by=committee_member, client_id=uuid.uuid4())
        answered(row, administrator, is_released=is_released)
    people = (committee_member, administrator, participant, facilitator)
    everything = (["intern", "öffentlich"], True, True)
    assert [read(signed_in(person), measure) for person in people[:2]] == [everything] * 2
    assert [read(signed_in(person), measure) for person in people[2:]] == [
        (["öffentlich"], False, False)
    ] * 2


def test_while_results_are_closed_nobody_reads_remarks(remark, at, signed_in, committee_member):
    at("rating")
    response = signed_in(committee_member).get(remark.measure.get_absolute_url())
    assert response.context["remarks"] is None


def test_a_remark_of_a_deleted_account_stays(remark, council, office):
    Remark.objects.filter(pk=remark.pk).update(by=None)
    assert "deleted account" in council.get(remark.measure.get_absolute_url()).content.decode()


def test_only_sessions_and_remarks_of_this_workshop_can_be_named(remark, other_workshop, council):
    response = council.get(to(remark, "answer"), {"session": hold(other_workshop).pk})
    assert (response.context["session"], Session.objects.count()) == (None, 1)
