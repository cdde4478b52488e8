"""Reporting how far a measure is, and the history that comes of it."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from measures.models import Decision, Measure, Session, StatusEntry
from tests.deciding import decide, hold, in_english
from tests.markup import compact
from tests.today import TODAY
from workshops.phases import Phase

pytestmark = pytest.mark.usefixtures("one_day")

DAY = timedelta(days=1)
SENTENCE = "Die Router sind bestellt."


def place(workshop, number: int = 1) -> str:
    return reverse("measures:status-add", args=[workshop.pk, number])


def entry(**changes) -> dict:
    """What the form sends: running since today, unless said otherwise."""
    sent = {
        "state": "running", "sentence": SENTENCE, "date": TODAY.isoformat(),
        "client_id": str(uuid.uuid4()),
    }  # fmt: skip
    return sent | changes


@pytest.fixture
def send(workshop, measure, facilitator, signed_in, at):
    """Return a function that sends an entry on M1: ``send(percent="40")``."""
    at("deliberating")
    client = signed_in(facilitator)
    return lambda **changes: client.post(place(workshop), entry(**changes))


def errors(response) -> dict[str, int]:
    return {name: len(found) for name, found in response.context["form"].errors.items()}


def history(response) -> list[tuple[str, str]]:
    return [(entry.state, entry.sentence) for entry in response.context["status"]]


def test_the_form_begins_with_today_and_the_state_so_far(
    workshop, measure, facilitator, signed_in, at
):
    at("closed")
    form = signed_in(facilitator).get(place(workshop)).context["form"]
    assert (form["date"].value(), form["state"].value()) == (TODAY, "")
    signed_in(facilitator).post(place(workshop), entry(state="delayed"))
    form = signed_in(facilitator).get(place(workshop)).context["form"]
    assert (form["state"].value(), form["sentence"].value()) == ("delayed", "")


def test_an_entry_is_stored_with_everything_and_its_author(send, measure, facilitator):
    response = send(
        percent="40", evidence="https://bingen.example/bericht", next_due=str(TODAY + DAY)
    )
    assert (response.status_code, response["Location"]) == (
        302,
        f"{measure.get_absolute_url()}#status",
    )
    row = StatusEntry.objects.get()
    found = (row.measure, row.state, row.sentence, row.percent, row.evidence, row.next_due, row.by)
    assert found == (
        measure, "running", SENTENCE, 40, "https://bingen.example/bericht", TODAY + DAY,
        facilitator,
    )  # fmt: skip


def test_both_editors_report_in_deliberation_and_afterwards_nobody_before(
    workshop, measure, facilitator, administrator, signed_in, at
):
    found = {}
    for phase in Phase:
        at(phase)
        for person in (facilitator, administrator):
            found[phase, person.name] = signed_in(person).post(place(workshop), entry()).status_code
    allowed = {Phase.DELIBERATING, Phase.CLOSED}
    assert found == {key: 302 if key[0] in allowed else 403 for key in found}
    assert StatusEntry.objects.count() == 4


def test_what_was_typed_stands_on_the_page_that_refuses_it(
    workshop, measure, committee_member, signed_in, at
):
    at("deliberating")
    response = signed_in(committee_member).post(place(workshop), entry())
    assert (response.status_code, SENTENCE in response.content.decode()) == (403, True)


@pytest.mark.parametrize("days", [0, 1, 400])
def test_an_entry_may_be_about_today_or_an_earlier_day(send, days):
    assert send(date=str(TODAY - days * DAY)).status_code == 302


@pytest.fixture
def accepted(workshop, measure) -> Decision:
    """M1 was accepted ten days ago, and amended three days ago."""
    first = decide(_session(workshop, measure, days_ago=10), measure, has_basis=False)
    later = _session(workshop, measure, days_ago=3)
    decide(later, measure, has_basis=False, outcome="amended", wording="Anders")
    return first


def _session(workshop, measure, *, days_ago: int) -> Session:
    return hold(workshop, measure, date=TODAY - days_ago * DAY)


def test_an_entry_is_about_no_day_before_the_measure_was_accepted(send, accepted):
    refused = send(date=str(TODAY - 11 * DAY))
    assert (refused.status_code, errors(refused)) == (422, {"date": 1})
    assert SENTENCE in refused.content.decode()
    assert send(date=str(TODAY - 10 * DAY)).status_code == 302


def test_the_form_says_from_which_day_on(workshop, accepted, facilitator, signed_in, at):
    at("deliberating")
    form = in_english(signed_in(facilitator)).get(place(workshop)).context["form"]
    with override("en"):
        day = date_format(TODAY - 10 * DAY, "SHORT_DATE_FORMAT")
    assert form["date"].help_text == (
        f"The day that this is about; not before {day}, when it was accepted, and not after today."
    )


def test_what_was_only_rejected_deferred_or_not_published_binds_no_entry(send, workshop, measure):
    decide(_session(workshop, measure, days_ago=9), measure, has_basis=False, outcome="rejected")
    pending = _session(workshop, measure, days_ago=8)
    decide(pending, measure, has_basis=False, is_published=False)
    wrong = decide(_session(workshop, measure, days_ago=7), measure, has_basis=False)
    decide(wrong.session, measure, corrects=wrong, has_basis=False, outcome="rejected")
    assert send(date=str(TODAY - 11 * DAY)).status_code == 302


def test_a_decision_on_a_duplicate_binds_what_it_was_merged_into(
    send, workshop, measure, measure_two
):
    decide(_session(workshop, measure_two, days_ago=5), measure_two, has_basis=False)
    measure_two.merge_into(measure)
    assert send(date=str(TODAY - 6 * DAY)).status_code == 422


def test_an_older_entry_from_before_the_decision_stays_readable(send, workshop, measure):
    send(date=str(TODAY - 20 * DAY))
    decide(_session(workshop, measure, days_ago=5), measure, has_basis=False)
    response = send(state="done")
    page = response.client.get(response["Location"])
    assert history(page) == [("done", SENTENCE), ("running", SENTENCE)]


def test_past_the_form_no_entry_gets_before_its_decision(measure, accepted):
    early = StatusEntry(
        measure=measure, date=TODAY - 11 * DAY, state="running", sentence=SENTENCE,
        client_id=uuid.uuid4(),
    )  # fmt: skip
    with pytest.raises(ValidationError):
        early.save()
    assert StatusEntry.objects.count() == 0


def test_a_decision_published_at_this_moment_refuses_with_a_sentence(
    send, workshop, measure, monkeypatch
):
    from workshops import access

    line_up = access.line_up

    def wait(workshop_id: int) -> None:
        decide(_session(workshop, measure, days_ago=5), measure, has_basis=False)
        line_up(workshop_id)

    monkeypatch.setattr(access, "line_up", wait)
    assert send(date=str(TODAY - 6 * DAY)).status_code == 422


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"date": str(TODAY + DAY)}, {"date": 1}),
        ({"date": ""}, {"date": 1}),
        ({"date": "gestern"}, {"date": 1}),
        ({"date": f"0{str(TODAY.year)[1:]}-01-01"}, {"date": 1}),
        ({"next_due": str(TODAY - DAY)}, {"next_due": 1}),
        ({"next_due": "9999-12-31"}, {"next_due": 1}),
        ({"state": ""}, {"state": 1}),
        ({"state": "asleep"}, {"state": 1}),
        ({"sentence": "  \r\n "}, {"sentence": 1}),
        ({"sentence": "x" * 501}, {"sentence": 1}),
        ({"percent": "101"}, {"percent": 1}),
        ({"percent": "-1"}, {"percent": 1}),
        ({"percent": "viel"}, {"percent": 1}),
        ({"state": "done", "percent": "90"}, {"percent": 1}),
        ({"state": "not_started", "percent": "10"}, {"percent": 1}),
        ({"evidence": "javascript:alert(1)"}, {"evidence": 1}),
        ({"evidence": "data:text/html,x"}, {"evidence": 1}),
        ({"evidence": "ftp://bingen.example/x"}, {"evidence": 2}),
        ({"evidence": "https://amt:geheim@bingen.example/x"}, {"evidence": 1}),
        ({"evidence": "https://www.bingen.de@evil.example/x"}, {"evidence": 1}),
        ({"evidence": "https://bingen.example:99999/x"}, {"evidence": 1}),
        ({"evidence": "https://" + "x" * 500 + ".example"}, {"evidence": 2}),
        ({"client_id": "nonsense"}, {"client_id": 1}),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_lost(send, changes, wrong):
    response = send(**changes)
    found = errors(response)
    assert (response.status_code, {*found}) == (422, {*wrong})
    assert StatusEntry.objects.count() == 0
    assert changes.get("sentence", SENTENCE).strip() in response.content.decode()


def test_the_next_due_date_may_be_the_day_of_the_entry(send):
    assert send(date=str(TODAY), next_due=str(TODAY)).status_code == 302


def test_a_link_without_a_scheme_becomes_https(send):
    send(evidence="bingen.example/bericht")
    assert StatusEntry.objects.get().evidence == "https://bingen.example/bericht"


def test_a_sentence_stays_one_line(send):
    send(sentence=" Die Router\r\nsind   bestellt. ")
    assert StatusEntry.objects.get().sentence == SENTENCE


# Sent twice -------------------------------------------------------------------------------------


def test_the_same_entry_sent_twice_is_stored_once_and_answered_alike(send):
    sent = {"client_id": str(uuid.uuid4()), "percent": "40"}
    first, second = send(**sent), send(**sent)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert StatusEntry.objects.count() == 1


def test_a_used_form_sent_with_another_text_is_an_entry_of_its_own(send):
    sent = {"client_id": str(uuid.uuid4())}
    send(**sent)
    assert send(**sent, sentence="Die Router sind da.").status_code == 302
    found = StatusEntry.objects.order_by("pk").values_list("sentence", flat=True)
    assert [*found] == [SENTENCE, "Die Router sind da."]


def test_a_form_of_another_measure_never_swallows_an_entry(
    send, workshop, measure, measure_two, facilitator, signed_in
):
    sent = {"client_id": str(uuid.uuid4())}
    send(**sent)
    signed_in(facilitator).post(place(workshop, 2), entry(**sent))
    assert [*measure_two.status_entries.values_list("sentence", flat=True)] == [SENTENCE]


# The history ------------------------------------------------------------------------------------


def test_the_history_shows_every_entry_the_newest_first(
    send, workshop, measure, participant, signed_in
):
    send(state="running", date=str(TODAY - DAY), sentence="Gestern.")
    send(state="not_started", percent="0", date=str(TODAY - 9 * DAY), sentence="Davor.")
    send(state="done", percent="100", sentence="Heute.")
    page = signed_in(participant).get(measure.get_absolute_url())
    assert history(page) == [
        ("done", "Heute."), ("running", "Gestern."), ("not_started", "Davor."),
    ]  # fmt: skip
    assert page.content.decode().count("Mona") == 4


def test_the_link_says_where_it_leads_and_takes_nothing_along(
    send, measure, participant, signed_in
):
    send(evidence="HTTPS://evil.example/www.bingen.de")
    html = compact(signed_in(participant).get(measure.get_absolute_url()))
    href = "https://evil.example/www.bingen.de"
    assert f'<a href="{href}" rel="noopener noreferrer nofollow">' in html
    assert "(evil.example)</a>" in html


def test_nothing_typed_becomes_markup(send, measure, participant, signed_in):
    nasty = "<script>alert(1)</script>"
    send(sentence=nasty, evidence='https://bingen.example/">' + nasty)
    html = signed_in(participant).get(measure.get_absolute_url()).content.decode()
    assert (nasty in html, html.count("&lt;script&gt;alert(1)&lt;/script&gt;")) == (False, 2)


def test_an_account_without_a_name_does_not_show_its_address(
    send, measure, facilitator, participant, signed_in
):
    facilitator.name = ""
    facilitator.save()
    send()
    html = signed_in(participant).get(measure.get_absolute_url()).content.decode()
    assert (SENTENCE in html, facilitator.email in html) == (True, False)


def test_entries_of_a_duplicate_are_told_on_its_target_with_its_number(
    send, workshop, measure, measure_two, facilitator, signed_in
):
    send(sentence="Vom Doppel.")
    measure.merge_into(measure_two)
    page = signed_in(facilitator).get(measure_two.get_absolute_url())
    [entry] = page.context["status"]
    assert (entry.measure, entry.sentence) == (measure, "Vom Doppel.")


def test_a_form_drawn_before_a_merge_reports_on_the_target(send, measure, measure_two):
    measure.merge_into(measure_two)
    assert send()["Location"] == f"{measure_two.get_absolute_url()}#status"
    assert StatusEntry.objects.get().measure == measure_two


@pytest.mark.parametrize("merged", [False, True])
def test_a_removed_measure_cannot_be_reported_on(send, measure, measure_two, merged):
    if merged:
        measure.merge_into(measure_two)
    Measure.objects.filter(pk=(measure_two if merged else measure).pk).update(is_removed=True)
    assert send().status_code == 404


def test_the_history_costs_one_query_whatever_its_length(
    send, measure, participant, signed_in, django_assert_num_queries
):
    from measures.followup.entries import status_of

    for count in (1, 3):
        while StatusEntry.objects.count() < count:
            send(sentence=f"Satz {uuid.uuid4()}")
        with django_assert_num_queries(1):
            assert len([entry.by.name for entry in status_of(measure)]) == count
