"""What a rated measure read before stays readable, on whichever way it was changed."""

import html
import re
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.models import FormerWording, Measure
from measures.models import measure as measure_module
from measures.public.collecting import public_content
from measures.transfer.headings import guess
from measures.transfer.importing import import_table, preview
from measures.transfer.reading import Table
from measures.transfer.summary import plan_summary
from measures.wordings import Former, former_of, former_wordings
from tests.deciding import hold, in_english
from tests.rating import agree_on, count_paper, save_rating
from tests.workshops.test_admin import form_data
from tests.workshops.test_admin import url as page_of
from workshops.models import Workshop


def url(name: str, workshop, *args) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


@pytest.fixture
def lead(facilitator, signed_in):
    return in_english(signed_in(facilitator))


@pytest.fixture
def collecting(workshop):
    Workshop.objects.filter(pk=workshop.pk).update(phase="collecting")
    return workshop


@pytest.fixture
def rated(collecting, measure, ballots) -> Measure:
    """Return a measure that one person has rated."""
    save_rating(*ballots(1), measure, relevance=3, feasibility=3)
    return measure


def kept(measure) -> list[tuple[str, str]]:
    rows = FormerWording.objects.filter(measure=measure).newest_first()
    return list(rows.values_list("title", "description"))


def reword(measure, **texts) -> None:
    row = Measure.objects.get(pk=measure.pk)
    for name, text in texts.items():
        setattr(row, name, text)
    row.save(update_fields=list(texts))


# What is kept -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rate",
    [
        lambda measure, ballots: save_rating(*ballots(1), measure, relevance=3, feasibility=3),
        lambda measure, ballots: save_rating(
            *ballots(1), measure, relevance=None, feasibility=None
        ),
        lambda measure, ballots: count_paper(measure, criterion="relevance", step=1, count=2),
        lambda measure, ballots: agree_on(measure, relevance=5, feasibility=4),
    ],
)
def test_a_ballot_a_sheet_or_an_agreed_value_makes_a_measure_rated(measure, ballots, rate):
    assert (measure.is_rated, kept(measure)) == (False, [])
    reword(measure, title="W-LAN")
    assert kept(measure) == []
    rate(measure, ballots)
    assert measure.is_rated is True
    reword(measure, title="Freies WLAN")
    assert kept(measure) == [("W-LAN", "")]


def test_what_was_merged_into_it_and_rated_counts_as_well(measure, measure_two, ballots):
    save_rating(*ballots(1), measure_two, relevance=3, feasibility=3)
    measure_two.merge_into(measure)
    reword(measure, title="Bus und WLAN")
    assert (kept(measure), kept(measure_two)) == ([("WLAN", "")], [])


def test_every_change_is_kept_whichever_column_and_however_it_is_saved(rated):
    reword(rated, description="Überall")
    row = Measure.objects.get(pk=rated.pk)
    row.title, row.description = "Netz", "Im Ort"
    row.save()
    reword(rated, title="WLAN", description="")
    assert kept(rated) == [("Netz", "Im Ort"), ("WLAN", "Überall"), ("WLAN", "")]


@pytest.mark.parametrize(
    "texts",
    [
        {"time_horizon": "long"}, {"lead": "Amt"}, {"is_removed": True}, {"order": 9},
        {"title": "WLAN"}, {"description": ""}, {"title": " WLAN "}, {"description": "\r\n"},
    ],
)  # fmt: skip
def test_what_people_did_not_rate_and_what_reads_the_same_leaves_no_trace(rated, texts):
    reword(rated, **texts)
    assert kept(rated) == []


def test_other_line_ends_are_no_other_wording(rated):
    reword(rated, description="eins\ntwo")
    reword(rated, description="eins\r\ntwo")
    assert kept(rated) == [("WLAN", "")]


def test_a_column_that_is_not_written_does_not_count(rated):
    row = Measure.objects.get(pk=rated.pk)
    row.title, row.time_horizon = "Nur im Speicher", "long"
    row.save(update_fields=["time_horizon"])
    assert kept(rated) == []


def test_a_rating_that_comes_at_this_moment_is_waited_for(
    collecting, measure, ballots, monkeypatch
):
    [ballot] = ballots(1)
    line_up = measure_module.line_up

    def wait(workshop_id: int) -> None:
        save_rating(ballot, measure, relevance=3, feasibility=3)
        line_up(workshop_id)

    monkeypatch.setattr(measure_module, "line_up", wait)
    reword(measure, title="Netz")
    assert kept(measure) == [("WLAN", "")]


def test_note_and_change_are_stored_together_or_not_at_all(rated):
    with pytest.raises(RuntimeError), transaction.atomic():
        reword(rated, title="Netz")
        raise RuntimeError
    rated.refresh_from_db()
    assert (rated.title, kept(rated)) == ("WLAN", [])


def test_a_former_wording_is_neither_changed_nor_deleted(rated):
    reword(rated, title="Netz")
    row = FormerWording.objects.get()
    for forbidden in (row.save, row.delete):
        with pytest.raises(TypeError):
            forbidden()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        FormerWording.objects.update(title="")
    assert "former_wording_has_title" in str(caught.value)


# Every way --------------------------------------------------------------------------------------


def test_the_typists_page_says_so_before_and_keeps_it(rated, measure_two, lead, workshop):
    notice = "This measure has been rated"
    page, other = (url("measure-edit", workshop, each.number) for each in (rated, measure_two))
    asked = [(page, {}), (page, {"headers": {"HX-Request": "true"}}), (other, {})]
    found = [notice in lead.get(each, **more).content.decode() for each, more in asked]
    assert found == [True, True, False]
    form = lead.get(page).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"title": "Netz"}
    assert lead.post(page, sent).status_code == 302
    assert kept(rated) == [("WLAN", "")]


def test_the_admin_says_so_before_and_keeps_it(rated, measure_two, admin_client, at):
    at("deliberating")
    pages = [page_of(each) for each in (rated, measure_two)]
    sets = [[*admin_client.get(page).context["adminform"]] for page in pages]
    assert [bool(first.description) for first, *_others in sets] == [True, False]
    data = form_data(admin_client.get(pages[0])) | {"title": "Netz", "description": "Im Ort"}
    assert admin_client.post(pages[0], data).status_code == 302
    assert kept(rated) == [("WLAN", "")]


def table(description: str) -> Table:
    headers = ("Handlungsfeld", "Maßnahme", "Beschreibung")
    rows = [("Alltagsleben", "WLAN", description), ("Alltagsleben", "Bus", description)]
    return Table(headers, dict(enumerate(rows, start=2)))


def test_the_import_says_so_before_and_keeps_it(rated, measure_two, workshop, facilitator):
    found = table("Im Ort")
    plan = preview(found, guess(found.headers), workshop)
    assert plan.reworded == 1
    assert [change.stays_readable for change in plan.changes] == [True, False]
    assert len(plan_summary(plan)) == 2
    plan = import_table(found, guess(found.headers), workshop, facilitator)
    assert (plan.is_applied, kept(rated), kept(measure_two)) == (True, [("WLAN", "")], [])


def test_the_page_of_the_import_shows_it(rated, measure_two, workshop, lead, tmp_path):
    file = tmp_path / "liste.csv"
    file.write_text("Handlungsfeld;Maßnahme;Beschreibung\nAlltagsleben;WLAN;Im Ort\n", "utf-8")
    with file.open("rb") as opened:
        page = lead.post(url("measure-import", workshop), {"file": opened}).content.decode()
    assert "1 rated measure with another description; the former one stays readable" in page
    assert "rated; stays readable" in page
    call_command("import_measures", str(file), workshop=workshop.pk)
    assert kept(rated) == [("WLAN", "")]


def test_a_measure_rated_since_the_preview_is_shown_once_more(
    collecting, measure, measure_two, facilitator, ballots
):
    found = table("Im Ort")
    seen = preview(found, guess(found.headers), collecting).fingerprint
    save_rating(*ballots(1), measure, relevance=3, feasibility=3)
    plan = import_table(found, guess(found.headers), collecting, facilitator, seen=seen)
    assert (plan.is_applied, kept(measure)) == (False, [])


# What is read -----------------------------------------------------------------------------------

DAY = datetime(2026, 11, 3, 12, tzinfo=UTC)


def test_of_each_change_only_what_changed_is_told():
    texts = [("Netz", "Im Ort"), ("Netz", "a\r\nb"), ("WLAN", "a\nb")]
    rows = [FormerWording(at=DAY, title=title, description=text) for title, text in texts]
    assert former_of(rows, Measure(title="Netz", description="Am Markt")) == [
        Former(DAY, None, "Im Ort"), Former(DAY, None, "a\r\nb"), Former(DAY, "WLAN", None),
    ]  # fmt: skip


def test_nobody_is_told_of_a_measure_that_was_not_changed(rated):
    assert former_wordings(rated) == []


@pytest.fixture
def reworded(rated, workshop, measure_two) -> Measure:
    """Return a rated measure that was changed twice, on two days, in a public workshop."""
    reword(rated, title="Netz", description="Im Ort")
    reword(rated, description="<b>Am Markt</b>")
    days = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in (3, 4)]
    for row, day in zip(FormerWording.objects.order_by("pk"), days, strict=True):
        FormerWording.objects.filter(pk=row.pk).update(at=day)
    workshop.rounds.update(state="shown", smallest_room=3)
    fields = {"phase": "deliberating", "is_public": True}
    Workshop.objects.filter(pk=workshop.pk).update(**fields)
    return rated


def notes(page: str) -> list[str]:
    """Return the notes of a page in their order, as they are read."""
    found = re.findall(r'<ul class="former">(.*?)</ul>', page, re.DOTALL)
    items = [item for each in found for item in re.findall(r"<li>(.*?)</li>", each, re.DOTALL)]
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", item)).split()) for item in items]


EXPECTED = [
    "Changed on Nov. 4, 2026, after it had been rated. Before, it read: Description: Im Ort",
    "Changed on Nov. 3, 2026, after it had been rated. Before, it read: Title: WLAN Description: –",
]


def test_the_measures_page_the_agenda_and_the_public_page_tell_it_newest_first(
    reworded, workshop, lead, client, facilitator
):
    session = hold(workshop, reworded)
    pages = [
        lead.get(url("measure-detail", workshop, reworded.number)),
        lead.get(url("agenda-item", workshop, session.pk, reworded.number)),
        client.get(reverse("measures:public-page", args=[workshop.pk]) + "?lang=en"),
    ]
    assert [notes(page.content.decode()) for page in pages] == [EXPECTED] * 3
    assert facilitator.name not in pages[2].content.decode()


def test_a_former_wording_is_text_and_never_markup(reworded, workshop, lead):
    reword(reworded, description="Neu")
    page = lead.get(url("measure-detail", workshop, reworded.number)).content.decode()
    assert ("<b>Am Markt" in page, "&lt;b&gt;Am Markt&lt;/b&gt;" in page) == (False, True)


def test_a_note_comes_into_the_kept_public_page_at_once(reworded, workshop, client):
    page = reverse("measures:public-page", args=[workshop.pk]) + "?lang=en"
    assert len(notes(client.get(page).content.decode())) == 2
    reword(reworded, title="WLAN")
    assert len(notes(client.get(page).content.decode())) == 3


def test_notes_take_one_query_however_many_there_are(
    reworded, workshop, measure_two, ballots, django_assert_num_queries
):
    with django_assert_num_queries(1):
        assert len(former_wordings(reworded)) == 2
    row = Workshop.objects.select_related("revision").get(pk=workshop.pk)
    with CaptureQueriesContext(connection) as one:
        public_content(row)
    save_rating(*ballots(1), measure_two, relevance=3, feasibility=3)
    for text in ("a", "b", "c"):
        reword(measure_two, description=text)
        reword(reworded, description=text)
    with django_assert_num_queries(len(one)):
        content = public_content(row)
    found = {measure.code: len(measure.former) for measure in content.measures}
    assert found == {"M1": 5, "M2": 3}
