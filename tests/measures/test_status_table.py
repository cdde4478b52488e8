"""Many status entries at once: together or not at all, and nothing typed is lost."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fields.models import ActionField
from measures.followup.table import MOST_ROWS
from measures.models import Measure, Session, StatusEntry
from tests import deciding
from tests.deciding import in_english
from tests.today import TODAY
from workshops.models import Membership, Workshop, WorkshopRevision

pytestmark = pytest.mark.usefixtures("one_day")

DAY = timedelta(days=1)


def decide(measure: Measure, outcome: str = "accepted", *, days_ago: int = 30, **columns):
    session, _new = Session.objects.get_or_create(
        workshop=measure.workshop, committee="Rat", date=TODAY - days_ago * DAY
    )
    return deciding.decide(
        session, measure, outcome=outcome, has_basis=False, at=timezone.now(), **columns
    )


def report(measure: Measure, state: str = "running", **columns) -> StatusEntry:
    columns = {"date": TODAY - DAY, "sentence": "Läuft."} | columns
    return StatusEntry.objects.create(
        measure=measure, state=state, client_id=uuid.uuid4(), **columns
    )


@pytest.fixture
def followed(workshop, measure, measure_two, at) -> Workshop:
    """WLAN runs, Bus is overdue without a report, Kino in another field is accepted."""
    at("deliberating")
    tourism = ActionField.objects.get(workshop=workshop, name="Tourismus")
    kino = Measure.objects.create(workshop=workshop, field=tourism, title="Kino")
    Measure.objects.create(workshop=workshop, field=tourism, title="Museum")
    decide(measure, responsible="Hauptamt")
    decide(measure_two, responsible="Bauamt", due_date=TODAY - DAY)
    decide(kino, responsible="Bauamt")
    report(measure, percent=30)
    return workshop


@pytest.fixture
def mona(facilitator, signed_in) -> Client:
    return in_english(signed_in(facilitator))


def place(workshop: Workshop, query: str = "") -> str:
    return reverse("measures:status-table", args=[workshop.pk]) + query


def drawn(client: Client, workshop: Workshop, query: str = "") -> dict[str, str]:
    """Return what the page carries along with what somebody types."""
    sheet = client.get(place(workshop, query)).context["sheet"]
    return {"seen": sheet.seen, "client_id": str(sheet.client_id)}


def send(client: Client, workshop: Workshop, query: str = "", **cells: str):
    """Open the table, type into cells (``sentence_1``) and save it."""
    typed = {name.replace("_due_", "_due-"): words for name, words in cells.items()}
    typed = {
        name if "-" in name else "-".join(name.rsplit("_", 1)): words
        for name, words in typed.items()
    }
    return client.post(place(workshop, query), drawn(client, workshop, query) | typed)


def titles(response) -> list[str]:
    return [row.track.measure.title for row in response.context["sheet"].rows]


def stored() -> list[tuple]:
    rows = StatusEntry.objects.filter(date=TODAY).order_by("measure__number", "pk")
    return [*rows.values_list("measure__number", "state", "percent", "sentence", "next_due")]


# What is listed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["WLAN", "Bus", "Kino"]),
        ("?which=overdue", ["Bus"]),
        ("?which=unreported", ["Bus", "Kino"]),
        ("?field=Tourismus", ["Kino"]),
        ("?unit=Bauamt", ["Bus", "Kino"]),
        ("?unit=Bauamt&which=overdue&field=Tourismus", []),
    ],
)
def test_the_filters_narrow_what_is_followed_up(followed, mona, query, found):
    response = mona.get(place(followed, query))
    listed = titles(response)
    assert (response.status_code, listed) == (200, found)


def test_a_filter_that_does_not_exist_is_left_out(followed, mona):
    response = mona.get(place(followed, "?which=nonsense&unit=Bauamt"))
    assert (response.status_code, titles(response)) == (400, ["Bus", "Kino"])


def test_what_was_called_off_or_never_decided_has_no_row(followed, mona, measure):
    decide(measure, "rejected", days_ago=5)
    assert titles(mona.get(place(followed))) == ["Bus", "Kino"]


def test_without_anything_to_follow_up_the_page_says_so(workshop, mona, at):
    at("deliberating")
    assert "Nothing to follow up yet" in mona.get(place(workshop)).content.decode()


# Saved --------------------------------------------------------------------------------------------


def test_typed_rows_become_entries_of_today_and_untouched_ones_none(followed, mona, facilitator):
    response = send(
        mona, followed,
        state_1="delayed", percent_1="40", sentence_1=" Es  dauert. ",
        next_due_1=str(TODAY + DAY), state_2="running", sentence_2="Es geht los.",
        state_3="", percent_3=" ", sentence_3="", next_due_3="",
    )  # fmt: skip
    assert (response.status_code, response["Location"]) == (302, place(followed))
    assert stored() == [
        (1, "delayed", 40, "Es dauert.", TODAY + DAY),
        (2, "running", None, "Es geht los.", None),
    ]
    assert StatusEntry.objects.filter(date=TODAY).values_list("by", flat=True)[0] == facilitator.pk


def test_a_state_that_nobody_touches_stays(followed, mona):
    send(mona, followed, sentence_1="Weiter so.")
    assert stored() == [(1, "running", None, "Weiter so.", None)]


def test_the_filters_stay_after_saving(followed, mona):
    response = send(mona, followed, "?unit=Bauamt", state_2="running", sentence_2="Los.")
    assert response["Location"] == place(followed, "?unit=Bauamt")


def test_a_table_in_which_nothing_stands_stores_nothing(followed, mona):
    assert (send(mona, followed).status_code, stored()) == (302, [])


def test_saving_raises_the_revision_once(followed, mona):
    before = WorkshopRevision.objects.get(workshop=followed).number
    send(mona, followed, sentence_1="A", state_2="running", sentence_2="B")
    assert WorkshopRevision.objects.get(workshop=followed).number == before + 1


@pytest.mark.parametrize("seen", ["1:", ":", "1:2:3", "x:1", "1:" + "9" * 5000, "²:³"])
def test_what_was_seen_may_be_anything(followed, mona, seen):
    assert mona.post(place(followed), {"seen": seen}).status_code == 302


def test_the_same_table_sent_twice_is_stored_once(followed, mona):
    sent = drawn(mona, followed) | {"sentence-1": "Weiter so."}
    assert [mona.post(place(followed), sent).status_code for _ in range(2)] == [302, 302]
    assert len(stored()) == 1


def test_the_same_table_sent_again_with_another_text_is_a_conflict_with_oneself(followed, mona):
    sent = drawn(mona, followed) | {"sentence-1": "Weiter so."}
    mona.post(place(followed), sent)
    response = mona.post(place(followed), sent | {"sentence-1": "Noch weiter."})
    assert (response.status_code, len(stored())) == (409, 1)


# Refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"state_1": "delayed"}, ["sentence"]),
        ({"percent_1": "40"}, ["sentence"]),
        ({"sentence_2": "Los."}, ["state"]),
        ({"state_1": "asleep", "sentence_1": "x"}, ["state"]),
        ({"percent_1": "101", "sentence_1": "x"}, ["percent"]),
        ({"percent_1": "viel", "sentence_1": "x"}, ["percent"]),
        ({"state_1": "done", "percent_1": "90", "sentence_1": "x"}, ["percent"]),
        ({"sentence_1": "x" * 501}, ["sentence"]),
        ({"next_due_1": str(TODAY - DAY), "sentence_1": "x"}, ["next_due"]),
        ({"next_due_1": "9999-12-31", "sentence_1": "x"}, ["next_due"]),
        ({"next_due_1": "bald", "sentence_1": "x"}, ["next_due"]),
        ({"percent_1": "101", "next_due_1": "bald"}, ["percent", "sentence", "next_due"]),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_stored(followed, mona, cells, wrong):
    response = send(mona, followed, state_3="running", sentence_3="Gut.", **cells)
    [row] = response.context["sheet"].wrong
    assert (response.status_code, {*row.form.errors}) == (422, {*wrong})
    assert stored() == []
    page = response.content.decode()
    assert page.count('aria-invalid="true"') == len(wrong)
    typed = ["Gut.", *(words for name, words in cells.items() if name != "state_1")]
    assert [words in page for words in typed] == [True] * len(typed)


def test_whoever_reported_meanwhile_is_shown_first_and_saving_again_adds(
    followed, mona, measure, measure_two, administrator
):
    sent = drawn(mona, followed) | {"sentence-1": "Meins.", "state-3": "done", "sentence-3": "Da."}
    report(measure, "delayed", sentence="Ihres.", by=administrator, date=TODAY)
    report(measure_two, "running", sentence="Ganz anderswo.")
    response = mona.post(place(followed), sent)
    [late] = response.context["sheet"].late
    assert (response.status_code, late.number, late.meanwhile.sentence) == (409, 1, "Ihres.")
    assert [words in response.content.decode() for words in ("Meins.", "Da.", "Ihres.")] == [
        True
    ] * 3
    assert len(stored()) == 1
    again = response.context["sheet"]
    sent |= {"seen": again.seen, "client_id": str(again.client_id)}
    assert mona.post(place(followed), sent).status_code == 302
    assert [row[3] for row in stored()] == ["Ihres.", "Meins.", "Da."]
    assert stored()[1][1] == "delayed"  # the state that she saw and left


def test_a_first_report_made_meanwhile_is_a_conflict_too(followed, mona, measure_two):
    sent = drawn(mona, followed) | {"state-2": "running", "sentence-2": "Los."}
    report(measure_two)
    assert mona.post(place(followed), sent).status_code == 409


def test_a_row_that_the_filter_has_lost_meanwhile_is_kept(followed, mona, measure_two):
    query = "?which=overdue"
    sent = drawn(mona, followed, query) | {"state-2": "running", "sentence-2": "Los."}
    report(measure_two, "done", percent=100)
    response = mona.post(place(followed, query), sent)
    assert (response.status_code, titles(response)) == (409, ["Bus"])
    assert "Los." in response.content.decode()


@pytest.mark.parametrize("how", ["removed", "merged", "rejected"])
def test_words_on_a_measure_that_is_gone_are_given_back(followed, mona, measure, measure_two, how):
    sent = drawn(mona, followed) | {"sentence-1": "Meins.", "state-2": "done", "sentence-2": "Da."}
    if how == "merged":
        measure.merge_into(measure_two)
    elif how == "rejected":
        decide(measure, "rejected", days_ago=1)
    else:
        Measure.objects.filter(pk=measure.pk).update(is_removed=True)
    response = mona.post(place(followed), sent)
    assert (response.status_code, stored()) == (409, [])
    assert [words for _label, words in response.context["sheet"].lost] == ["Meins."]
    assert "Da." in response.content.decode()


def test_who_loses_the_role_while_typing_keeps_the_words(followed, mona, facilitator):
    sent = drawn(mona, followed) | {"sentence-1": "Meins."}
    Membership.objects.filter(user=facilitator).update(role="committee")
    response = mona.post(place(followed), sent)
    assert (response.status_code, "Meins." in response.content.decode()) == (403, True)


def test_what_was_typed_over_a_log_out_waits_for_the_log_in(followed, mona, facilitator):
    sent = drawn(mona, followed) | {"sentence-1": "Meins.", "state-1": "delayed"}
    mona.logout()
    assert mona.post(place(followed), sent).status_code == 302
    mona.force_login(facilitator)
    page = mona.get(reverse("kept-input"))
    assert page.context["shown"] == [("In einem Satz (M1)", "Meins."), ("Stand (M1)", "verzögert")]


def test_nothing_typed_becomes_markup(followed, mona):
    nasty = '"><script>alert(1)</script>'
    response = send(mona, followed, sentence_2=nasty)
    assert (nasty in response.content.decode(), response.status_code) == (False, 422)


# Many ---------------------------------------------------------------------------------------------


def many(workshop: Workshop, count: int) -> None:
    field = ActionField.objects.get(workshop=workshop, name="Tourismus")
    first = Measure.objects.filter(workshop=workshop).last_number() + 1
    rows = Measure.objects.bulk_create(
        Measure(workshop=workshop, field=field, title=f"Maßnahme {n}", number=n, order=n)
        for n in range(first, first + count)
    )
    StatusEntry.objects.bulk_create(
        StatusEntry(
            measure=row, date=TODAY - DAY, state="running", sentence="x", client_id=uuid.uuid4()
        )
        for row in rows
    )


def test_four_hundred_rows_are_saved_at_once_also_without_a_script(followed, mona):
    many(followed, MOST_ROWS - 3)
    rows = mona.get(place(followed)).context["sheet"].rows
    sent = drawn(mona, followed)
    for row in rows:
        sent |= {f"sentence-{row.number}": "Läuft.", f"state-{row.number}": "running"}
        sent |= {f"percent-{row.number}": "50", f"next_due-{row.number}": ""}
    assert len(rows) == MOST_ROWS
    assert mona.post(place(followed), sent).status_code == 302
    assert len(stored()) == MOST_ROWS


def test_more_rows_come_on_pages(followed, mona):
    many(followed, MOST_ROWS)
    pages = [len(titles(mona.get(place(followed, f"?page={page}")))) for page in (1, 2)]
    assert pages == [400, 3]


def test_reading_and_saving_cost_the_same_queries_for_one_row_and_for_three(
    followed, mona, django_assert_num_queries
):
    once = drawn(mona, followed) | {"sentence-1": "A"}
    with django_assert_num_queries(7):
        mona.get(place(followed))
    with django_assert_num_queries(17):
        mona.post(place(followed), once)
    many(followed, 3)
    sent = drawn(mona, followed)
    sent |= {f"{name}-{n}": words for n in (1, 2, 3) for name, words in CELLS.items()}
    with django_assert_num_queries(7):
        mona.get(place(followed))
    with django_assert_num_queries(17):
        mona.post(place(followed), sent)
    assert len(stored()) == 4


CELLS = {"state": "running", "sentence": "B"}
