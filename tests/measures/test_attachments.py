"""Files that belong to a measure, a session or a point of its agenda."""

import io
import json
import tracemalloc
import uuid
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bingen_strategy.middleware import refuse_large_bodies
from measures.hand_over.packing import pack
from measures.hand_over.unpacking import unpack
from measures.models import AgendaItem, Attachment, AttachmentPart, Measure, Session
from measures.models.attachment import PART
from measures.seals.text import canonical
from tests.deciding import hold
from tests.files import PDF, every_kind, office, sent
from tests.people import FRAGMENT
from workshops.models import Membership, Role, Workshop
from workshops.phases import Phase

pytestmark = pytest.mark.django_db


def place(owner) -> str:
    match owner:
        case Measure():
            return reverse("measures:measure-attachments", args=[owner.workshop_id, owner.number])
        case AgendaItem():
            return reverse("measures:item-attachments", args=[owner.session.workshop_id, owner.pk])
    return reverse("measures:session-attachments", args=[owner.workshop_id, owner.pk])


def add(client, owner, content: bytes = PDF, name: str = "Lageplan.pdf", **data):
    """Send a file and return the answer."""
    form = {"file": sent(content, name), "client_id": str(uuid.uuid4())} | data
    return client.post(place(owner), form)


def errors(response) -> dict[str, int]:
    return {name: len(found) for name, found in response.context["form"].errors.items()}


def read(client, attachment: Attachment) -> bytes:
    return client.get(attachment.get_absolute_url()).getvalue()


@pytest.fixture
def desk(workshop, measure, administrator, signed_in, at):
    at("deliberating")
    return signed_in(administrator)


# Adding ------------------------------------------------------------------------------------------


def test_a_file_is_stored_with_what_is_told_of_it_and_comes_back_as_it_was(desk, measure):
    content = b"%PDF-1.7\n" + bytes(range(256)) * 10_000 + b"%%EOF"
    response = add(desk, measure, content, "Lage\u202eplan.exe")
    assert (response.status_code, response["Location"]) == (302, place(measure))
    row = Attachment.objects.get()
    told = (row.measure, row.name, row.kind, row.size, row.added_as, row.is_released)
    assert told == (measure, "Lageplan.pdf", "pdf", len(content), "administration", False)
    sizes = [len(bytes(each.content)) for each in row.parts.all()]
    assert sizes == [PART, PART, len(content) - 2 * PART]
    assert read(desk, row) == content


@pytest.mark.parametrize("kind", sorted(every_kind()))
def test_every_kind_is_taken_and_gets_the_ending_of_its_content(kind, desk, measure):
    assert add(desk, measure, every_kind()[kind], "Datei.xyz").status_code == 302
    assert Attachment.objects.get().name == f"Datei.{kind}"


MACROS = office("docx", **{"word__vbaProject.bin": "x"})


@pytest.mark.parametrize("content", [b"", b"Text", b"<svg/>", MACROS, PDF[:4]])
def test_what_is_not_taken_is_refused_at_the_field(content, desk, measure):
    response = add(desk, measure, content)
    assert (response.status_code, errors(response)) == (422, {"file": 1})
    assert (Attachment.objects.count(), AttachmentPart.objects.count()) == (0, 0)


def test_sent_twice_it_is_stored_once(desk, measure):
    same = str(uuid.uuid4())
    assert [add(desk, measure, client_id=same).status_code for _ in range(2)] == [302, 302]
    assert Attachment.objects.count() == 1


def test_back_brings_a_form_that_was_sent_and_another_file_is_stored_all_the_same(
    desk, measure, measure_two
):
    same = str(uuid.uuid4())
    other = PDF + b"%other"
    for owner, content in ((measure, PDF), (measure, other), (measure_two, PDF)):
        assert add(desk, owner, content, client_id=same).status_code == 302
    assert [read(desk, each) for each in Attachment.objects.all()] == [PDF, other, PDF]


def test_it_belongs_to_a_session_or_to_a_point_as_well(desk, workshop, measure):
    session = hold(workshop, measure)
    item = session.items.get()
    assert [add(desk, owner).status_code for owner in (session, item)] == [302, 302]
    told = Attachment.objects.order_by("pk").values_list("measure", "session", "item")
    assert list(told) == [(None, session.pk, None), (None, None, item.pk)]
    page = desk.get(session.get_absolute_url())
    assert [each.session for each in page.context["attachments"]] == [session]
    add(desk, measure)
    page = desk.get(reverse("measures:agenda-item", args=[workshop.pk, session.pk, 1]))
    assert len(page.context["attachments"]) == 2  # of the point and of its measure


def test_editors_add_until_it_is_closed_and_the_administration_afterwards(
    workshop, measure, facilitator, administrator, committee_member, participant, signed_in, at
):
    people = (facilitator, administrator, committee_member, participant)
    found = {}
    for phase in Phase:
        at(phase)
        for person in people:
            found[phase.value, person.name] = add(signed_in(person), measure).status_code
    editors = {(phase.value, name) for phase in Phase for name in ("Mona", "Vera")}
    assert {key for key, status in found.items() if status == 302} == editors - {("closed", "Mona")}
    assert set(found.values()) == {302, 403}
    roles = {each.added_as for each in Attachment.objects.all()}
    assert roles == {"facilitator", "administration"}


# Limits ------------------------------------------------------------------------------------------


def test_a_file_beyond_the_limit_is_answered_413_with_a_sentence(desk, measure, settings):
    settings.ATTACHMENT_BYTES = 2**20
    whole = PDF + bytes(2**20 - len(PDF))
    assert add(desk, measure, whole).status_code == 302
    response = add(desk, measure, whole + b"x")
    assert (response.status_code, errors(response)) == (413, {"file": 1})
    sentence = "Die Datei ist zu groß: Höchstens 1 MB sind möglich. Nichts wurde gespeichert."
    assert sentence in response.content.decode()
    assert Attachment.objects.count() == 1


def test_all_files_of_a_workshop_together_have_a_limit(desk, measure, measure_two, settings):
    settings.ATTACHMENTS_BYTES = 2 * len(PDF)
    assert [add(desk, each).status_code for each in (measure, measure_two)] == [302, 302]
    response = add(desk, measure)
    assert (response.status_code, errors(response)) == (413, {"file": 1})
    Attachment.objects.first().delete()
    assert add(desk, measure).status_code == 302


class Stream(io.RawIOBase):
    """A body that is made as it is read; ``given`` counts its bytes."""

    given = 0

    def __init__(self, size: int):
        self.left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = bytes(min(self.left, size if size >= 0 else self.left))
        self.left -= len(piece)
        self.given += len(piece)
        return piece


def test_two_hundred_megabytes_are_refused_before_they_lie_in_memory_or_on_disk(
    tmp_path, settings, client
):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    size, handled = 200_000_000, []
    stream = Stream(size)
    request = RequestFactory().generic("POST", "/workshops/1/measures/1/attachments/", b"")
    environ = request.environ | {
        "CONTENT_LENGTH": str(size), "wsgi.input": stream,
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }  # fmt: skip
    request = type(request)(environ)
    request.session = client.session
    tracemalloc.start()
    response = refuse_large_bodies(lambda each: handled.append(each) or HttpResponse())(request)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (response.status_code, handled, stream.given) == (413, [], size)
    assert "Eine Datei hat höchstens 20 MB." in response.content.decode()
    assert peak < 8_000_000
    assert list(Path(tmp_path).iterdir()) == []


def test_a_request_beyond_the_limit_is_answered_with_a_page_and_a_script_with_a_sentence(
    desk, measure
):
    assert project.LARGEST_BODY == 20 * 2**20 + 1_000_000
    answer = add(desk, measure, PDF + bytes(22_000_000))
    assert (answer.status_code, answer.templates[0].name) == (413, "413.html")
    script = desk.post(place(measure), {"a": "x" * 22_000_000}, headers=FRAGMENT)
    assert (script.status_code, script["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert add(desk, measure).status_code == 302


def test_a_large_file_is_never_in_memory_as_a_whole(desk, measure):
    content = PDF + bytes(12_000_000)
    with CaptureQueriesContext(connection) as asked:
        assert add(desk, measure, content).status_code == 302
    stored = [len(query["sql"]) for query in asked if "attachmentpart" in query["sql"].lower()]
    assert len(stored) == 13
    row = Attachment.objects.get()
    tracemalloc.start()
    size = sum(map(len, desk.get(row.get_absolute_url())))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (size, peak < 8_000_000) == (len(content), True)


# Reading -----------------------------------------------------------------------------------------


def test_it_is_saved_and_never_shown_within_our_pages(desk, measure):
    add(desk, measure, name="Straße „Süd“.pdf")
    response = desk.get(Attachment.objects.get().get_absolute_url())
    names = ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Length")
    assert [response[name] for name in names] == [
        "application/pdf",
        "attachment; filename*=utf-8''Stra%C3%9Fe%20%E2%80%9ES%C3%BCd%E2%80%9C.pdf",
        "nosniff", str(len(PDF)),
    ]  # fmt: skip
    assert response["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; frame-ancestors 'none'"
    )
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_members_read_it_and_strangers_and_guests_do_not(
    workshop, measure, desk, committee_member, participant, facilitator, stranger, guest, client,
    signed_in, at,
):  # fmt: skip
    add(desk, measure)
    where = Attachment.objects.get().get_absolute_url()
    members = [signed_in(each) for each in (committee_member, participant, facilitator)]
    assert [each.get(where).status_code for each in members] == [200, 200, 200]
    assert signed_in(stranger).get(where).status_code == 404
    assert client.get(where).status_code == 302  # to the log-in
    at("collecting")
    assert guest().get(where).status_code == 403


def test_one_of_another_workshop_does_not_exist_here(
    desk, workshop, other_workshop, administrator, measure
):
    add(desk, measure)
    pk = Attachment.objects.get().pk
    Membership.objects.create(workshop=other_workshop, user=administrator, role=Role.ADMINISTRATION)
    for route in ("download", "remove"):
        where = reverse(f"measures:attachment-{route}", args=[other_workshop.pk, pk])
        assert desk.get(where).status_code == 404
    release = reverse("measures:attachment-release", args=[other_workshop.pk, pk])
    assert desk.post(release, {"released": "yes"}).status_code == 404
    assert not Attachment.objects.get().is_released


def test_what_belongs_to_a_session_is_read_once_there_are_results(
    desk, workshop, measure, participant, signed_in, at, ballots
):
    add(desk, hold(workshop, measure))
    where, member = Attachment.objects.get().get_absolute_url(), signed_in(participant)
    assert member.get(where).status_code == 200
    at("collecting")
    workshop.rounds.all().delete()
    assert member.get(where).status_code == 403


def test_the_measures_page_lists_them_with_the_same_queries_for_one_and_for_three(
    desk, workshop, measure, participant, signed_in
):
    member, found = signed_in(participant), []
    for count in (1, 2):
        for _each in range(count):
            add(desk, measure)
        with CaptureQueriesContext(connection) as asked:
            page = member.get(measure.get_absolute_url())
        found.append((len(asked), len(page.context["attachments"])))
    assert found == [(16, 1), (16, 3)]
    assert "für Mitglieder" in page.content.decode()


def test_the_page_to_add_and_remove_asks_the_same_queries_for_one_and_for_three(desk, measure):
    found = []
    for count in (1, 2):
        for _each in range(count):
            add(desk, measure)
        desk.get(place(measure))  # and with it the message
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(place(measure))
        found.append((len(asked), len(page.context["attachments"])))
    assert found == [(4, 1), (4, 3)]


# Going -------------------------------------------------------------------------------------------


def remove(client, attachment: Attachment):
    where = reverse("measures:attachment-remove", args=[attachment.workshop_id, attachment.pk])
    assert client.get(where).status_code == 200
    return client.post(where)


def test_a_removed_attachment_is_really_gone(desk, measure):
    add(desk, measure, PDF + bytes(2 * PART))
    row = Attachment.objects.get()
    with CaptureQueriesContext(connection) as asked:
        assert remove(desk, row).status_code == 302
    assert [query["sql"] for query in asked if '"content"' in query["sql"]] == []
    assert (Attachment.objects.count(), AttachmentPart.objects.count()) == (0, 0)
    assert desk.get(row.get_absolute_url()).status_code == 404


def test_it_goes_with_what_it_belongs_to(desk, workshop, measure, measure_two):
    session = hold(workshop, measure, measure_two)
    add(desk, session.items.first())
    add(desk, session.items.last())
    with CaptureQueriesContext(connection) as asked:
        desk.post(reverse("measures:agenda-remove", args=[workshop.pk, session.items.first().pk]))
        assert (Attachment.objects.count(), AttachmentPart.objects.count()) == (1, 1)
        session.delete()
    assert [query["sql"] for query in asked if '."content"' in query["sql"]] == []
    assert (Attachment.objects.count(), AttachmentPart.objects.count()) == (0, 0)


def test_that_of_a_removed_measure_is_not_there_and_comes_back_with_it(desk, measure):
    add(desk, measure)
    where = Attachment.objects.get().get_absolute_url()
    found = []
    for is_removed in (True, False):
        Measure.objects.filter(pk=measure.pk).update(is_removed=is_removed)
        found.append(desk.get(where).status_code)
    assert found == [404, 200]


def test_what_was_attached_to_a_duplicate_stands_with_what_it_was_merged_into(
    desk, measure, measure_two
):
    add(desk, measure_two)
    measure_two.merge_into(measure)
    page = desk.get(measure.get_absolute_url())
    assert [each.measure for each in page.context["attachments"]] == [measure_two]


# In public ---------------------------------------------------------------------------------------


def release(client, attachment: Attachment, released: str = "yes"):
    where = reverse("measures:attachment-release", args=[attachment.workshop_id, attachment.pk])
    return client.post(where, {"released": released})


@pytest.fixture
def public(workshop) -> str:
    Workshop.objects.filter(pk=workshop.pk).update(is_public=True)
    return reverse("measures:public-page", args=[workshop.pk])


def file_of(attachment: Attachment) -> str:
    return reverse("measures:public-file", args=[attachment.workshop_id, attachment.pk])


def test_the_public_reads_what_was_released_one_by_one_and_only_that(
    desk, workshop, measure, public, client
):
    add(desk, measure, name="Offen.pdf")
    add(desk, measure, name="Intern.pdf")
    first, second = Attachment.objects.order_by("pk")
    assert [client.get(file_of(each)).status_code for each in (first, second)] == [404, 404]
    assert release(desk, first).status_code == 302
    answer = client.get(file_of(first))
    assert (answer.status_code, answer.getvalue()) == (200, PDF)
    assert answer["Content-Disposition"] == 'attachment; filename="Offen.pdf"'
    assert answer["Content-Security-Policy"].startswith("sandbox;")
    assert client.get(file_of(second)).status_code == 404
    preview = desk.get(reverse("measures:public-preview", args=[workshop.pk]))
    assert "1 Anlage" in preview.context["left_out"]
    page = client.get(public).content.decode()
    assert (file_of(first) in page, "Intern.pdf" in page) == (True, False)
    release(desk, first, "no")
    assert client.get(file_of(first)).status_code == 404
    release(desk, first)
    Workshop.objects.filter(pk=workshop.pk).update(is_public=False)
    assert client.get(file_of(first)).status_code == 404


def test_only_the_administration_releases(workshop, measure, desk, facilitator, signed_in):
    add(desk, measure)
    row = Attachment.objects.get()
    assert release(signed_in(facilitator), row).status_code == 403
    assert release(desk, row, "perhaps").status_code == 400
    assert not Attachment.objects.get().is_released


def test_nothing_of_a_session_behind_doors_is_released(desk, workshop, measure, public, client):
    session = hold(workshop, measure, is_public=False)
    for owner in (session, session.items.get()):
        add(desk, owner)
    for each in Attachment.objects.all():
        release(desk, each)
    assert set(Attachment.objects.values_list("is_released", flat=True)) == {False}
    Attachment.objects.update(is_released=True)  # it was public when that was pressed
    found = {client.get(file_of(each)).status_code for each in Attachment.objects.all()}
    assert found == {404}


def test_what_lies_behind_doors_is_for_who_decides_or_keeps_order(
    desk, workshop, measure, committee_member, facilitator, participant, signed_in
):
    point = hold(workshop, measure).items.get()
    session = hold(workshop, measure, is_public=False, date=date(2020, 11, 2))
    AgendaItem.objects.filter(pk=point.pk).update(is_public=False)
    for owner in (point, session, session.items.get()):
        add(desk, owner)
    add(desk, measure, name="Offen.pdf")

    def found(person) -> tuple:
        client = signed_in(person)
        pages = [client.get(each.get_absolute_url()).text for each in (session, point.session)]
        files = [client.get(each.get_absolute_url()) for each in Attachment.objects.order_by("pk")]
        return [each.status_code for each in files], ["Lageplan.pdf" in page for page in pages]

    for person in (committee_member, facilitator):
        assert found(person) == ([200] * 4, [True, False])
    assert found(participant) == ([404, 404, 404, 200], [False, False])


def test_a_measure_that_was_removed_takes_its_released_files_out_of_the_public(
    desk, workshop, measure, public, client
):
    add(desk, measure)
    row = Attachment.objects.get()
    release(desk, row)
    Measure.objects.filter(pk=measure.pk).update(is_removed=True)
    assert client.get(file_of(row)).status_code == 404


# To another installation -------------------------------------------------------------------------


def test_a_workshop_takes_its_files_along(desk, workshop, measure):
    content = PDF + bytes(range(256)) * 8000
    add(desk, measure, content, "Lageplan.pdf")
    add(desk, hold(workshop, measure, date=date(2020, 10, 22)), name="Tischvorlage.pdf")
    before = list(Attachment.objects.order_by("pk").values("name", "kind", "size", "digest"))
    data = pack(workshop)
    for rows, name in (
        (Workshop.objects.all(), "uuid"),
        (Session.objects.all(), "uuid"),
        (Attachment.objects.all(), "client_id"),
    ):
        for row in rows:  # as if it were another installation
            rows.filter(pk=row.pk).update(**{name: uuid.uuid4()})
    there = unpack(json.loads(canonical(data)))
    rows = Attachment.objects.in_workshop(there).order_by("pk")
    assert list(rows.values("name", "kind", "size", "digest")) == before
    joined = b"".join(bytes(each.content) for each in rows[0].parts.all())
    assert joined == content
    assert rows[0].measure.workshop == there
