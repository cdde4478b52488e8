"""Correcting a decision: a new entry that names the old one, and never a change of a row."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from measures.models import Decision, Measure
from tests.deciding import TYPED, decide, hold, in_english
from workshops.models import Workshop


@pytest.fixture
def session(workshop, measure, at):
    at("deliberating")
    return hold(workshop, measure, seats=9)


@pytest.fixture
def first(session, measure) -> Decision:
    return decide(
        session, measure, votes_for=5, votes_against=3, votes_abstained=1,
        responsible="Bauamt", responsible_email="amt@bingen.example", due_date=date(2021, 1, 31),
    )  # fmt: skip


@pytest.fixture
def council(signed_in, committee_member):
    return in_english(signed_in(committee_member))


@pytest.fixture
def administration(signed_in, administrator):
    return in_english(signed_in(administrator))


def address(decision: Decision) -> str:
    return reverse("measures:decision-correct", args=[decision.get_workshop_id(), decision.pk])


def drawn(client, decision: Decision, **typed) -> dict:
    """Open the form and return what a browser sends with these fields changed."""
    form = client.get(address(decision)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    why = {"correction_reason": "Falsch erfasst."} if typed else {}
    return {name: "" if value is None else value for name, value in sent.items()} | why | typed


def entries() -> list[tuple]:
    return list(Decision.objects.order_by("pk").values_list("reason", "corrects", "published_at"))


def test_the_form_begins_with_what_is_recorded(council, first):
    sent = drawn(council, first)
    assert (sent["outcome"], sent["reason"], sent["votes_for"]) == ("accepted", TYPED["reason"], 5)
    assert (sent["responsible"], sent["due_date"]) == ("Bauamt", date(2021, 1, 31))


def test_a_correction_is_a_new_pending_entry_and_the_old_one_stays(council, first):
    before = Decision.objects.values().get()
    response = council.post(address(first), drawn(council, first, reason="Genauer."))
    new = Decision.objects.get(corrects=first)
    assert (response.status_code, response["Location"]) == (302, new.get_absolute_url())
    assert (new.reason, new.is_pending, new.votes_for) == ("Genauer.", True, 5)
    assert Decision.objects.values().get(pk=first.pk) == before
    assert new.seal.data["corrects"] == str(first.uuid)


def test_a_pending_correction_replaces_nothing_for_those_who_do_not_know_of_it(
    council, first, session
):
    council.post(address(first), drawn(council, first, reason="Genauer."))
    rows = session.decisions
    assert [d.reason for d in rows.published().standing(with_pending=False)] == [TYPED["reason"]]
    assert [d.reason for d in rows.standing(with_pending=True)] == ["Genauer."]


def test_what_the_decision_was_based_upon_stays_what_it_was(council, first, measure):
    Measure.objects.filter(pk=measure.pk).update(title="Funknetz")
    Workshop.objects.filter(pk=measure.workshop_id).update(relevance_weight=90)
    council.post(address(first), drawn(council, first, reason="Genauer."))
    old, new = (d.frozen for d in Decision.objects.order_by("pk"))
    for part in ("measure", "ranking", "ratings", "settings"):
        assert new[part] == old[part]
    assert new["measure"]["title"] == "WLAN"


@pytest.mark.parametrize("change", [{"is_removed": True}, {"merged_into": "other"}])
def test_a_decision_on_a_measure_that_is_gone_can_still_be_corrected(
    council, first, measure, measure_two, change
):
    values = {name: measure_two if v == "other" else v for name, v in change.items()}
    Measure.objects.filter(pk=measure.pk).update(**values)
    assert council.post(address(first), drawn(council, first, reason="Genauer.")).status_code == 302
    assert Decision.objects.filter(corrects=first).count() == 1


def test_sending_it_unchanged_records_nothing(council, first):
    response = council.post(address(first), drawn(council, first))
    assert (response.status_code, response["Location"]) == (302, first.get_absolute_url())
    assert Decision.objects.count() == 1


def test_a_double_click_is_one_correction(council, first):
    sent = drawn(council, first, reason="Genauer.")
    assert [council.post(address(first), sent).status_code for _ in range(2)] == [302, 302]
    assert [reason for reason, *_rest in entries()] == [TYPED["reason"], "Genauer."]


def test_the_second_of_two_who_correct_gets_both_versions_and_may_correct_the_correction(
    council, administration, first
):
    late = drawn(council, first, reason="Von Greta.")
    administration.post(address(first), drawn(administration, first, reason="Von Vera."))
    response = council.post(address(first), late)
    [differing] = [line for line in response.context["both"] if line.is_changed]
    assert response.status_code == 409
    assert (differing.label, differing.then, differing.now) == ("Reason", "Von Vera.", "Von Greta.")
    assert response.context["form"]["reason"].value() == "Von Greta."
    second = Decision.objects.get(corrects=first)
    assert council.post(address(second), late).status_code == 302
    assert [corrects for _reason, corrects, _at in entries()] == [None, first.pk, second.pk]


def test_who_opens_an_entry_that_is_corrected_is_led_to_the_newest(
    council, first, session, measure
):
    second = decide(session, measure, corrects=first, reason="Neu.")
    response = council.get(address(first))
    assert (response.status_code, response["Location"]) == (302, second.get_absolute_url())


def test_the_rules_of_a_decision_hold_for_its_correction(council, first):
    sent = drawn(council, first, outcome="amended", votes_for="9", due_date="2020-01-01")
    response = council.post(address(first), sent)
    assert (response.status_code, sorted(response.context["form"].errors)) == (
        422, ["due_date", "votes_for", "wording"],
    )  # fmt: skip


def test_a_forged_entry_is_not_made_the_ground_of_a_correction(council, first):
    sent = drawn(council, first, reason="Genauer.")
    Decision.objects.filter(pk=first.pk).update(votes_for=9, votes_against=0, votes_abstained=0)
    response = council.post(address(first), sent)
    told = "The stored decision was changed by hand and has to be examined first."
    assert (response.status_code, response.context["reason"]) == (422, told)
    assert ("Reason", "Genauer.") in response.context["typed"]
    assert council.get(address(first)).status_code == 404
    assert Decision.objects.count() == 1


# The e-mail address -----------------------------------------------------------------------------


def test_only_the_administration_is_shown_the_address(council, administration, first):
    assert "responsible_email" not in drawn(council, first)
    assert drawn(administration, first)["responsible_email"] == "amt@bingen.example"
    page = first.get_absolute_url()
    shown = [b"amt@bingen.example" in c.get(page).content for c in (council, administration)]
    assert shown == [False, True]


def test_the_committee_neither_changes_the_address_nor_finds_it_out_by_guessing(council, first):
    for guess in ("amt@bingen.example", "neu@bingen.example", "no address"):
        sent = drawn(council, first, responsible_email=guess)
        assert council.post(address(first), sent)["Location"] == first.get_absolute_url()
    assert Decision.objects.count() == 1
    sent = drawn(council, first, reason="Genauer.", responsible_email="neu@bingen.example")
    council.post(address(first), sent)
    assert Decision.objects.get(corrects=first).responsible_email == "amt@bingen.example"


def test_guessing_tells_nothing_either_where_somebody_was_faster(council, session, measure):
    url = reverse("measures:decision-add", args=[session.workshop_id, session.pk, measure.number])
    seen = council.get(url).context["form"]["seen"].value()
    decide(session, measure, responsible_email="amt@bingen.example", is_published=False)
    answers = {
        council.post(url, TYPED | {"seen": seen, "responsible_email": guess})["Location"]
        for guess in ("amt@bingen.example", "neu@bingen.example")
    }
    page = [session.workshop_id, session.pk, measure.number]
    assert answers == {reverse("measures:agenda-item", args=page)}


def test_the_administration_may_take_the_address_away(administration, first):
    administration.post(address(first), drawn(administration, first, responsible_email=""))
    assert Decision.objects.get(corrects=first).responsible_email == ""


# Append-only ------------------------------------------------------------------------------------


def test_a_row_is_neither_changed_nor_deleted(first):
    first.reason = "Anders."
    with pytest.raises(TypeError, match="a correction is a new entry"):
        first.save()
    with pytest.raises(TypeError, match="a correction is a new entry"):
        first.delete()
    assert Decision.objects.get().reason == TYPED["reason"]


def test_a_pending_decision_is_corrected_like_a_published_one(council, session, measure):
    pending = decide(session, measure, is_published=False)
    assert council.post(address(pending), drawn(council, pending, reason="Neu.")).status_code == 302
    with translation.override("en"):
        told = [str(d) for d in Decision.objects.order_by("pk")]
    assert told == ["M1: accepted", "M1: accepted"]
