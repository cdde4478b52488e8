"""What the administration holds of the measures, beside what the room rated and never in it."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures import shown
from measures.assessment.holding import assessed, assessments_of, known_at
from measures.committee.basis import basis_of
from measures.models import Assessment, Measure
from measures.overview import overview_of
from measures.public.collecting import public_content
from measures.results.lenses import through_lens
from measures.results.picture import picture
from measures.results.stability import stability_of
from measures.transfer.exporting import rows
from tests.deciding import decide, hold, in_english
from tests.markup import compact
from tests.rating import save_rating
from tests.today import TODAY
from workshops.models import Workshop
from workshops.phases import Phase

pytestmark = pytest.mark.usefixtures("one_day")

DAY = timedelta(days=1)
REASON = "Die Technik ist da."


def assess(measure: Measure, relevance: int, feasibility: int, **columns) -> Assessment:
    told = {"reason": REASON, "office": "Amt 1", "day": TODAY, "client_id": uuid.uuid4()} | columns
    return Assessment.objects.create(
        measure=measure, relevance=relevance, feasibility=feasibility, **told
    )


def fresh(workshop) -> Workshop:
    return Workshop.objects.select_related("revision").get(pk=workshop.pk)


@pytest.fixture
def rated(workshop, measure, measure_two, ballots, at) -> Workshop:
    """Five people want WLAN (4/4) over Bus (2/2); the result is shown."""
    for ballot in ballots(5):
        save_rating(ballot, measure, relevance=4, feasibility=4)
        save_rating(ballot, measure_two, relevance=2, feasibility=2)
    return at("deliberating")


# Entering one -------------------------------------------------------------------------------------


def place(workshop, number: int = 1) -> str:
    return reverse("measures:assessment-add", args=[workshop.pk, number])


def entry(**changes) -> dict:
    sent = {
        "relevance": "3", "feasibility": "5", "reason": REASON, "office": "Amt 1",
        "day": TODAY.isoformat(), "client_id": str(uuid.uuid4()),
    }  # fmt: skip
    return sent | changes


@pytest.fixture
def send(rated, administrator, signed_in):
    """Return a function that sends an assessment of M1: ``send(relevance="2")``."""
    client = signed_in(administrator)
    return lambda **changes: client.post(place(rated), entry(**changes))


def errors(response) -> dict[str, int]:
    return {name: len(found) for name, found in response.context["form"].errors.items()}


def test_an_assessment_is_stored_with_office_and_day_and_without_a_person(send, measure):
    response = send(reason=" Die Technik\nist  da. ", office=" Amt  1 ")
    assert (response.status_code, response["Location"]) == (
        302,
        f"{measure.get_absolute_url()}#assessment",
    )
    row = Assessment.objects.get()
    found = (row.measure, row.relevance, row.feasibility, row.reason, row.office, row.day)
    assert found == (measure, 3, 5, REASON, "Amt 1", TODAY)
    people = [each.name for each in Assessment._meta.fields if each.related_model]
    assert people == ["measure"]


def test_sent_twice_it_is_stored_once(send):
    same = str(uuid.uuid4())
    assert [send(client_id=same).status_code for _ in range(2)] == [302, 302]
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"relevance": "6"}, {"relevance": 1}),
        ({"relevance": ""}, {"relevance": 1}),
        ({"feasibility": "0"}, {"feasibility": 1}),
        ({"reason": "  "}, {"reason": 1}),
        ({"office": ""}, {"office": 1}),
        ({"office": "vera@bingen.example"}, {"office": 1}),
        ({"day": str(TODAY + DAY)}, {"day": 1}),
        ({"day": "2020-09-07"}, {"day": 1}),  # the day before the workshop
    ],
)
def test_what_makes_no_assessment_is_refused_where_it_was_typed(send, changes, wrong):
    response = send(**changes)
    assert (response.status_code, errors(response), Assessment.objects.count()) == (422, wrong, 0)


def test_the_day_of_the_workshop_is_early_enough(send):
    assert send(day="2020-09-08").status_code == 302


def test_the_administration_alone_assesses_and_not_before_a_result_is_shown(
    workshop, measure, measure_two, facilitator, administrator, committee_member, signed_in, at,
    ballots,
):  # fmt: skip
    found = {}
    for phase in Phase:
        if phase == Phase.DELIBERATING:
            workshop.refresh_from_db()
            workshop.phase = phase
            workshop.save(update_fields=["phase"])  # the rating is over, nothing is shown yet
            found["unshown"] = signed_in(administrator).post(place(workshop), entry()).status_code
        if phase == Phase.RATING:
            at(phase)
            for ballot in ballots(3):
                save_rating(ballot, measure, relevance=3, feasibility=3)
        at(phase)
        for person in (facilitator, administrator, committee_member):
            answer = signed_in(person).post(place(workshop), entry())
            found[phase.value, person.name] = answer.status_code
    assert {key for key, status in found.items() if status == 302} == {
        ("deliberating", "Vera"), ("closed", "Vera"),
    }  # fmt: skip
    assert set(found.values()) == {302, 403}


def test_an_assessment_is_neither_changed_nor_deleted_nor_beyond_the_scale(rated, measure):
    row = assess(measure, 3, 3)
    for work in (row.save, row.delete):
        with pytest.raises(TypeError):
            work()
    with pytest.raises(ValidationError):
        assess(measure, 6, 3)
    with pytest.raises(ValidationError):
        assess(measure, 3, 3, day=rated.date - DAY)
    assert Assessment.objects.get().relevance == 3


# Which one holds ----------------------------------------------------------------------------------


def test_the_newest_by_its_day_holds_and_one_on_a_duplicate_counts(rated, measure, measure_two):
    first = assess(measure, 1, 1, day=TODAY - 2 * DAY)
    assess(measure, 2, 2, day=TODAY - 3 * DAY)
    assert {pk: each.relevance for pk, each in assessed(rated).items()} == {measure.pk: 1}
    later = assess(measure_two, 5, 5, day=TODAY)
    measure_two.merge_into(measure)
    assert {pk: each.relevance for pk, each in assessed(rated).items()} == {measure.pk: 5}
    assert [each.relevance for each in assessments_of(measure)] == [5, 1, 2]
    entries = assessments_of(measure)
    assert known_at(entries, later.at) == later
    assert known_at(entries[1:], first.at) == first
    assert known_at([], later.at) is None


# Many in a table ----------------------------------------------------------------------------------


@pytest.fixture
def desk(rated, administrator, signed_in):
    return signed_in(administrator)


def table(workshop) -> str:
    return reverse("measures:assessment-list", args=[workshop.pk])


def drawn(client, workshop, page: str = "") -> dict[str, str]:
    """Return what the table would send if nobody typed anything but the first office."""
    form = client.get(table(workshop) + page).context["form"]
    sent = {field.html_name: str(field.value() or "") for field in form}
    return sent | {"office": sent["office"] or "Amt 1"}


def test_what_was_changed_in_the_table_is_stored_and_nothing_else(
    desk, rated, measure, measure_two
):
    before = assess(measure, 4, 4, office="Amt 2", day=TODAY - DAY)
    sent = drawn(desk, rated)
    assert (sent["office"], sent["m1-reason"], sent["m1-relevance"]) == ("Amt 2", REASON, "4")
    sent |= {"office": "Amt 3", "m2-relevance": "1", "m2-feasibility": "2", "m2-reason": "Teuer."}
    for _twice in range(2):
        assert desk.post(table(rated), sent).status_code == 302
    told = Assessment.objects.order_by("pk")
    assert list(told.values_list("measure", "relevance", "feasibility", "reason", "office")) == [
        (measure.pk, 4, 4, REASON, "Amt 2"), (measure_two.pk, 1, 2, "Teuer.", "Amt 3"),
    ]  # fmt: skip
    assert told[0] == before


def test_of_a_table_with_a_wrong_cell_nothing_is_stored_and_the_cell_is_named(
    desk, rated, measure, measure_two
):
    sent = drawn(desk, rated) | {
        "m1-relevance": "4", "m1-feasibility": "4", "m1-reason": "Gut.",
        "m2-relevance": "9", "m2-feasibility": "", "m2-reason": "",
    }  # fmt: skip
    response = desk.post(table(rated), sent)
    assert (response.status_code, Assessment.objects.count()) == (422, 0)
    labels = {
        f"{field.label}: {error}" for field in response.context["form"] for error in field.errors
    }
    assert labels == {
        "M2, Relevanz: „9“ steht nicht zur Auswahl. Bitte wählen Sie einen der angebotenen Werte.",
        "M2, Realisierbarkeit: Bitte wählen Sie eine Stufe der Skala.",
        "M2, Begründung: Bitte geben Sie die Begründung an.",
    }
    text = compact(response.content.decode())
    assert {label for label in labels if label in text} == labels


def test_an_assessment_is_not_emptied_in_the_table(desk, rated, measure):
    assess(measure, 4, 4)
    emptied = {"m1-relevance": "", "m1-feasibility": "", "m1-reason": ""}
    response = desk.post(table(rated), drawn(desk, rated) | emptied)
    assert (response.status_code, Assessment.objects.count()) == (422, 1)


def test_what_would_not_hold_is_not_stored_by_the_table(desk, rated, measure):
    assess(measure, 4, 4, day=TODAY)
    sent = drawn(desk, rated) | {"day": str(TODAY - DAY), "m1-relevance": "2"}
    response = desk.post(table(rated), sent)
    assert (response.status_code, errors(response)) == (422, {"m1-reason": 1})


def test_of_two_at_the_same_table_the_second_sees_both_and_overwrites_nothing_unseen(
    desk, rated, measure, measure_two
):
    mine = drawn(desk, rated) | {
        "m1-relevance": "2", "m1-feasibility": "2", "m1-reason": "Meins.",
        "m2-relevance": "3", "m2-feasibility": "3", "m2-reason": "Auch meins.",
    }  # fmt: skip
    assess(measure, 5, 5, reason="Ihres.")
    late = desk.post(table(rated), mine)
    told = [(each["label"], each["stored"], each["typed"]) for each in late.context["differences"]]
    assert (late.status_code, Assessment.objects.count(), told) == (
        409, 1,
        [
            ("M1, Relevanz", "5 – sehr hoch", "2 – gering"),
            ("M1, Realisierbarkeit", "5 – sehr hoch", "2 – gering"),
            ("M1, Begründung", "Ihres.", "Meins."),
        ],
    )  # fmt: skip
    again = {field.html_name: str(field.value() or "") for field in late.context["form"]}
    assert desk.post(table(rated), again).status_code == 302
    assert {pk: each.reason for pk, each in assessed(rated).items()} == {
        measure.pk: "Meins.", measure_two.pk: "Auch meins.",
    }  # fmt: skip


def test_who_touched_another_row_takes_over_what_was_stored_meanwhile(
    desk, rated, measure, measure_two
):
    mine = drawn(desk, rated) | {
        "m2-relevance": "3", "m2-feasibility": "3", "m2-reason": "Meins."
    }  # fmt: skip
    assess(measure, 5, 5, reason="Ihres.")
    assert desk.post(table(rated), mine).status_code == 302
    assert {pk: each.reason for pk, each in assessed(rated).items()} == {
        measure.pk: "Ihres.", measure_two.pk: "Meins.",
    }  # fmt: skip


def test_a_row_of_a_measure_that_is_gone_gives_the_words_back(desk, rated, measure, measure_two):
    sent = drawn(desk, rated) | {"m2-reason": "Zu teuer."}
    measure_two.merge_into(measure)
    response = desk.post(table(rated), sent)
    assert (response.status_code, response.templates[0].name) == (404, "workshops/gone.html")
    assert "Zu teuer." in response.content.decode()


def test_the_table_asks_as_many_queries_with_one_measure_as_with_three_and_has_pages(
    desk, rated, field, measure_two
):
    found = {}
    for count in (2, 4, 60):
        for n in range(rated.measures.count(), count):
            assess(Measure.objects.create(workshop=rated, field=field, title=f"Nummer {n}"), 3, 3)
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(table(rated))
        found[count] = (len(asked), len(page.context["form"].rows))
    assert found == {2: (9, 2), 4: (9, 4), 60: (9, 50)}
    second = desk.get(f"{table(rated)}?page=2")
    assert len(second.context["form"].rows) == 10
    with CaptureQueriesContext(connection) as asked:
        sent = {f.html_name: str(f.value() or "") for f in second.context["form"]}
        changed = {name: "5" for name in sent if name.endswith("-relevance")}
        assert desk.post(f"{table(rated)}?page=2", sent | changed).status_code == 302
    assert len(asked) == 18
    assert Assessment.objects.filter(relevance=5).count() == 10


# Where it stands ----------------------------------------------------------------------------------


def look(workshop):
    return through_lens(overview_of(fresh(workshop)), "assessed")


def test_the_lens_joins_the_rooms_mean_with_the_assessment_the_widest_gap_first(
    rated, field, measure, measure_two, committee_member, signed_in
):
    assess(measure, 4, 3)
    assess(measure_two, 5, 2)
    Measure.objects.create(workshop=rated, field=field, title="Ohne Bewertung")
    lens = look(rated)
    found = [(s.row.measure.title, s.before, s.now, s.rank, s.gap) for s in lens.shifts]
    assert found == [("Bus", (5, 2), (2, 2), 2, 3.0), ("WLAN", (4, 3), (4, 4), 1, 1.0)]
    assert (lens.overlay.is_joined, dict(lens.overlay.origins)) == (
        True, {measure.pk: (4, 3), measure_two.pk: (5, 2)},
    )  # fmt: skip
    page = in_english(signed_in(committee_member)).get(
        reverse("measures:dashboard", args=[rated.pk]), {"lens": "assessed"}
    )
    assert "From “administration” to “mean of the room”" in page.content.decode()


def test_the_lens_says_which_measures_are_not_assessed(rated, measure, measure_two):
    assess(measure, 4, 3)
    assert look(rated).note.endswith("Nicht eingeschätzt ist 1 Maßnahme: M2.")
    assess(measure_two, 4, 3)
    assert look(rated).note.endswith("in keine Zahl des Workshops ein.")


def test_the_lens_is_offered_once_there_is_an_assessment_and_costs_one_query(
    rated, measure, committee_member, signed_in
):
    client, page = signed_in(committee_member), reverse("measures:dashboard", args=[rated.pk])
    assert client.get(page, {"lens": "assessed"}).status_code == 400
    found = {}
    for count in (1, 2):
        assess(rated.measures.get(number=count), 4, 3)
        for lens in ("", "assessed"):
            caches["pages"].clear()
            shown._known.clear()
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page, {"lens": lens, "view": "all"}).status_code == 200
            found[count, lens] = len(asked)
    assert found == {(1, ""): 14, (1, "assessed"): 15, (2, ""): 14, (2, "assessed"): 15}


def figures(workshop, measure) -> list:
    """Return every figure that the room's ratings make, wherever it is told."""
    caches["pages"].clear()
    shown._known.clear()
    overview = overview_of(fresh(workshop))
    lenses = [through_lens(overview, name) for name in ("", "sure", "agreed")]
    files = [
        [cell for name, cell in zip(*told, strict=True) if not name.startswith("Verwaltung:")]
        for headings, lines in [rows(overview_of(fresh(workshop), profiles=True))]
        for told in ((headings, line) for line in lines)
    ]
    ranked = [row for row in overview.rows if row.result.point]
    return [
        overview.rows, overview.thresholds, overview.weight,
        [overview_of(fresh(workshop), weight=each / 10).rows for each in range(11)],
        overview_of(fresh(workshop), round=1).rows,
        [(lens.overview.rows, lens.shifts, lens.overlay) for lens in lenses],
        stability_of(overview), basis_of(fresh(workshop), measure), files,
        str(picture(overview, ranked, str)),
        [each.row for each in public_content(fresh(workshop)).measures],
    ]  # fmt: skip


def test_with_and_without_assessments_every_figure_of_the_room_is_identical(
    rated, measure, measure_two
):
    Workshop.objects.filter(pk=rated.pk).update(shows_assessment=True)
    before = figures(rated, measure)
    assess(measure, 1, 1)
    assess(measure_two, 5, 5)
    after = figures(rated, measure)
    assert len(before) == 11
    assert after == before


def test_members_read_it_on_the_measures_page_and_nobody_before_results(
    rated, measure, participant, signed_in
):
    assess(measure, 1, 1, day=TODAY - DAY, reason="Zuerst.")
    assess(measure, 2, 5, reason="Jetzt.")
    page = signed_in(participant).get(measure.get_absolute_url())
    assert [each.reason for each in page.context["assessments"]] == ["Jetzt.", "Zuerst."]
    assert "Einschätzung der Verwaltung" in page.content.decode()
    rated.rounds.update(state="closed")
    Workshop.objects.filter(pk=rated.pk).update(phase="collecting")
    page = signed_in(participant).get(measure.get_absolute_url())
    assert page.context["assessments"] == []


def test_it_stands_on_the_agenda_beside_the_basis_and_in_no_seal(
    rated, measure, committee_member, signed_in
):
    before = assess(measure, 2, 5, reason="Vorher.")
    session = hold(rated, measure)
    client = signed_in(committee_member)
    item = client.get(reverse("measures:agenda-item", args=[rated.pk, session.pk, 1]))
    form = client.get(reverse("measures:decision-add", args=[rated.pk, session.pk, 1]))
    assert [each.context["assessment"] for each in (item, form)] == [before, before]
    decision = decide(session, measure, at=before.at)
    after = assess(measure, 5, 5, reason="Nachher.")
    page = client.get(decision.get_absolute_url())
    assert (page.context["assessed"], page.context["assessed_now"]) == (before, after)
    assert [word in decision.snapshot + decision.seal.content for word in ("Vorher", "Amt 1")] == [
        False, False,
    ]  # fmt: skip
    assert (page.context["changes"], page.context["faults"]) == (0, [])


def test_files_tell_it_in_columns_of_their_own_which_the_import_leaves_out(
    rated, measure, measure_two
):
    assess(measure, 2, 5, day=date(2020, 10, 1))
    headings, lines = rows(overview_of(fresh(rated), profiles=True))
    first = headings.index("Verwaltung: Relevanz")
    assert [line[first : first + 5] for line in lines] == [
        [2, 5, REASON, "Amt 1", "01.10.2020"], [None] * 5,
    ]  # fmt: skip
    from measures.transfer.headings import guess

    used = {headings[place] for place in guess(headings).values()}
    assert [name for name in headings[first : first + 5] if name in used] == []


# In public ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_told", [True, False])
def test_the_public_page_tells_it_only_where_the_administration_wants_that(
    is_told, rated, measure, measure_two, administrator, signed_in, client
):
    desk = signed_in(administrator)
    desk.post(reverse("measures:public-switch", args=[rated.pk]), {"public": "yes"})
    assess(measure, 2, 5, reason="Nur mit dem Land.")
    if is_told:
        where = reverse("measures:public-assessment", args=[rated.pk])
        assert desk.post(where, {"told": "yes"}).status_code == 302
    page = client.get(reverse("measures:public-page", args=[rated.pk])).content.decode()
    shown_here = [words in page for words in ("Einschätzung der Verwaltung", "Nur mit dem Land.")]
    assert shown_here == [is_told, is_told]
    preview = desk.get(reverse("measures:public-preview", args=[rated.pk]))
    left_out = "Die Einschätzung der Verwaltung zu 1 Maßnahme"
    assert (left_out in preview.context["left_out"]) is not is_told


def test_what_was_told_can_be_taken_back(rated, administrator, signed_in):
    desk, where = signed_in(administrator), reverse("measures:public-assessment", args=[rated.pk])
    found = []
    for told in ("yes", "yes", "no"):
        desk.post(where, {"told": told})
        found.append(Workshop.objects.get(pk=rated.pk).shows_assessment)
    assert found == [True, True, False]
    assert desk.post(where, {"told": "perhaps"}).status_code == 400
