"""Minutes and extracts as PDF: what they tell to whom, and that a reader's program reads them."""

import io
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from measures.models import AgendaItem, Cost, Measure, Session
from tests.deciding import decide, hold
from workshops.models import Workshop

pytestmark = pytest.mark.django_db

HOSTILE = 'Netz #1 $x$ *fett* @ref <b> \\ ] "q" \u202eedoc\u202c 👩‍💻 ' + "x" * 300


@pytest.fixture
def desk(administrator, signed_in, workshop, measure, at):
    at("deliberating")
    return signed_in(administrator)


def minutes(client, session: Session, query: str = "") -> bytes:
    address = reverse("measures:session-minutes", args=[session.workshop_id, session.pk])
    response = client.get(address + query)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return response.content


def extract(client, decision):
    workshop = decision.session.workshop_id
    return client.get(reverse("measures:decision-extract", args=[workshop, decision.pk]))


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def elements(content: bytes) -> list[tuple[str, DictionaryObject]]:
    """Return kind and entry of each element of the tree that a reader's program goes through."""

    def below(above) -> Iterator[tuple[str, DictionaryObject]]:
        inside = above.get("/K", [])
        for each in inside if isinstance(inside, list) else [inside]:
            found = each.get_object() if hasattr(each, "get_object") else each
            if isinstance(found, DictionaryObject) and "/S" in found:
                yield str(found["/S"]), found
                yield from below(found)

    root = PdfReader(io.BytesIO(content)).trailer["/Root"]
    return list(below(root["/StructTreeRoot"].get_object()))


def test_the_minutes_tell_each_point_as_it_was_decided(desk, workshop, measure, measure_two):
    session = hold(workshop, measure, measure_two, seats=11, place="Rathaus")
    decision = decide(
        session, measure, votes_for=8, votes_against=2, votes_abstained=1, responsible="Bauhof"
    )
    Cost.objects.create(measure=measure, purpose="Masten", amount=1200, client_id=workshop.uuid)
    told = text_of(minutes(desk, session))
    for part in (
        "Beschlussprotokoll", "Digitalausschuss", "22. Oktober 2020", "Rathaus",
        "öffentliche Sitzung", "TOP 1: M1 WLAN", "angenommen", "Der Bedarf ist groß.",
        "8 : 2 : 1", "Bauhof",
        "1.200,00 € einmalig", "TOP 2", "nicht beschlossen", decision.seal.value[:16],
        decision.publication.value[:16], "Ende der Kette", "Vorsitz", "Schriftführung",
        "Seite 1 von",
    ):  # fmt: skip
        assert part in told, part
    assert "ENTWURF" not in told


def test_until_all_is_published_it_is_a_draft(desk, workshop, measure, measure_two):
    session = hold(workshop, measure, measure_two)
    assert "ENTWURF" in text_of(minutes(desk, session))
    decide(session, measure)
    pending = decide(session, measure_two, is_published=False)
    assert "ENTWURF" in text_of(minutes(desk, session))
    assert "ENTWURF" in text_of(extract(desk, pending).content)


def test_who_may_not_know_of_a_decision_reads_nothing_of_it(
    desk, workshop, measure, measure_two, participant, signed_in
):
    session = hold(workshop, measure, measure_two)
    decide(session, measure, reason="Offen gesagt.")
    secret = decide(
        session, measure_two, is_published=False, reason="Geheim.", votes_for=8, votes_against=0,
        votes_abstained=0, excluded=1, excluded_names="Frau Beispiel",
    )  # fmt: skip
    member = signed_in(participant)
    told, known = text_of(minutes(member, session)), text_of(minutes(desk, session))
    assert [part in told for part in ("Offen gesagt.", "Geheim.", "Beispiel")] == [
        True,
        False,
        False,
    ]
    assert [part in known for part in ("Offen gesagt.", "Geheim.", "Beispiel")] == [True] * 3
    assert extract(member, secret).status_code == 404


def test_the_public_part_leaves_out_what_is_closed(desk, workshop, measure, measure_two):
    session = hold(workshop, measure, measure_two)
    AgendaItem.objects.filter(measure=measure_two).update(is_public=False)
    decide(
        session, measure, reason="Offen gesagt.", votes_for=8, votes_against=0, votes_abstained=0,
        excluded=1, excluded_names="Frau Beispiel",
    )  # fmt: skip
    decide(session, measure_two, reason="Hinter Türen.")
    told, whole = text_of(minutes(desk, session, "?public=1")), text_of(minutes(desk, session))
    parts = ("Offen gesagt.", "Hinter Türen.", measure_two.title, "Beispiel")
    assert [part in told for part in parts] == [True, False, False, False]
    assert [part in whole for part in parts] == [True] * 4
    page = desk.get(session.get_absolute_url()).text
    assert "minutes.pdf?public=1" in page
    Session.objects.update(is_public=False)
    address = reverse("measures:session-minutes", args=[workshop.pk, session.pk])
    assert desk.get(address, {"public": "1"}).status_code == 404


def test_the_public_part_tells_of_money_what_the_public_page_tells(desk, workshop, measure):
    session = hold(workshop, measure)
    decide(session, measure, budget_note="Nachtrag nötig")
    Cost.objects.create(measure=measure, purpose="Masten", amount=1200, client_id=workshop.uuid)
    parts = ("Nachtrag nötig", "1.200,00")

    def told(query: str = "") -> list[bool]:
        text = text_of(minutes(desk, session, query))
        return [part in text for part in parts]

    assert [told(), told("?public=1")] == [[True, True], [False, False]]
    Workshop.objects.update(shows_costs=True)
    assert told("?public=1") == [False, True]


def test_an_extract_tells_one_decision_and_what_became_of_it(desk, workshop, measure, measure_two):
    session = hold(workshop, measure, measure_two)
    first = decide(session, measure, reason="Der Bedarf ist groß.")
    decide(session, measure_two, reason="Ganz anderes.")
    response = extract(desk, first)
    told = text_of(response.content)
    assert ("TOP 1: M1 WLAN" in told, "Ganz anderes." in told) == (True, False)
    name = "bingen-am-rhein-digitalausschuss-2020-10-22-m1-auszug.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    decide(session, measure, corrects=first, correction_reason="Falsche Stelle.")
    assert "Dieser Eintrag wurde berichtigt" in text_of(extract(desk, first).content)


def test_whatever_is_typed_stands_there_as_it_was_typed(desk, workshop, measure, measure_two):
    Measure.objects.filter(pk=measure.pk).update(title=HOSTILE[:200])
    session = hold(workshop, measure, measure_two, committee="#panic() $ \\ *")
    decide(session, measure, reason=HOSTILE, has_basis=False)
    told = text_of(minutes(desk, session))
    assert 'Netz #1 $x$ *fett* @ref <b> \\ ] "q"' in told
    assert "#panic() $ \\ *" in told


def test_a_readers_program_goes_through_it(desk, workshop, measure, measure_two):
    session = hold(workshop, measure, measure_two)
    decide(session, measure)
    content = minutes(desk, session)
    root = PdfReader(io.BytesIO(content)).trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("de-DE", True)
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode()
    tree = elements(content)
    headings = [kind for kind, _each in tree if kind.startswith("/H")]
    assert headings == ["/H1", *["/H2"] * 4]  # agenda, two points, seals
    rows = [
        [str(cell.get_object()["/S"]) for cell in each["/K"]]
        for kind, each in tree
        if kind == "/TR"
    ]
    assert rows[1:] and all(row.count("/TH") in (1, len(row)) for row in rows)
    heads = [each["/A"] for kind, each in tree if kind == "/TH"]
    scopes = {
        str((each[0] if isinstance(each, list) else each).get_object()["/Scope"]) for each in heads
    }
    assert scopes == {"/Column", "/Row"}


def test_the_same_data_give_the_same_bytes(desk, workshop, measure):
    session = hold(workshop, measure)
    decide(session, measure)
    assert minutes(desk, session) == minutes(desk, session)


def test_in_english_all_of_it_is_english(desk, workshop, measure):
    session = hold(workshop, measure)
    decide(session, measure)
    desk.post(reverse("set-language"), {"language": "en"})
    content = minutes(desk, session)
    assert "Minutes of decisions" in text_of(content)
    assert PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"] == "en-DE"


def test_it_takes_as_many_queries_for_any_number_of_points(
    desk, workshop: Workshop, measure, measure_two, field
):
    counts = []
    for each in (measure, measure_two):
        session = hold(workshop, each, date=date(2020, 11, each.number))
        decide(session, each, has_basis=False)
    more = [
        Measure.objects.create(workshop=workshop, field=field, title=f"Idee {n}") for n in range(4)
    ]
    many = hold(workshop, *more, date=date(2020, 12, 1))
    for each in more:
        decide(many, each, has_basis=False)
    for session in (Session.objects.get(date=date(2020, 11, 1)), many):
        minutes(desk, session)  # keeps the figures
        with CaptureQueriesContext(
            connection,
        ) as queries:
            minutes(desk, session)
        counts.append(len(queries))
    assert counts == [17, 17]
