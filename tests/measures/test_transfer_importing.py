"""Files go in as a whole or not at all; the command says what happened."""

import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.utils import translation

from fields.models import ActionField, Goal, seed_fields
from measures.models import Consensus, Measure, TimeHorizon
from measures.rating.rounds import open_round
from measures.transfer.headings import guess
from measures.transfer.importing import TRIES, import_table, preview
from measures.transfer.matching import name_of_word
from measures.transfer.planning import make_plan
from measures.transfer.reading import read_table
from measures.transfer.storing import made_ready
from tests.measures.test_transfer_sheets import book
from tests.rating import show
from workshops.bulk import Bulk
from workshops.models import Municipality, User, Workshop, WorkshopMunicipality
from workshops.phases import Phase

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data"
CASES = DATA / "cases"
ULM = [DATA / "ulm_smart_city_massnahmen.csv", DATA / "ulm_smart_city_ziele.csv"]
MODELS = (ActionField, Goal, Measure, Consensus)
FULL = (
    "Handlungsfeld;Ziel;Maßnahme;Beschreibung;Umsetzungszeit;Relevanz;Realisierbarkeit\n"
    "Bildung;Alle lernen;Tablets;Für alle;kurz;4;2\n"
    "Bildung;Alle lernen;Schulung;;mittelfristig;;3\n"
    "Kultur;;Chor;-;offen;-;k. A.\n"
    "Kultur;Singen;;;;;\n"
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def workshop() -> Workshop:
    return Workshop.objects.create(title="Ulm", date=datetime.date(2026, 11, 9))


def take(workshop: Workshop, data: str | bytes, user=None, **options):
    table = read_table(data.encode() if isinstance(data, str) else data)
    return import_table(table, guess(table.headers), workshop, user, **options)


def command(*args, **options) -> str:
    out = StringIO()
    call_command("import_measures", *map(str, args), stdout=out, **options)
    return out.getvalue()


def state(workshop: Workshop):
    """Return all that an import may touch: rows with versions, histories and the revision."""
    rows = [list(model.objects.order_by("pk").values()) for model in MODELS]
    histories = [model.history.count() for model in MODELS]
    workshop.revision.refresh_from_db()
    return rows, histories, workshop.revision.number


def counts(workshop: Workshop) -> tuple[int, int, int]:
    return (
        workshop.measures.count(),
        workshop.fields.count(),
        Goal.objects.in_workshop(workshop).count(),
    )


# Ulm --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("files", [ULM, ULM[::-1]], ids=["measures first", "goals first"])
def test_the_ulm_catalogue_goes_in_as_it_is(workshop, files):
    for file in files:
        assert take(workshop, file.read_bytes()).is_applied
    assert counts(workshop) == (126, 13, 17)
    twice = workshop.measures.filter(
        title="Schulungs- und Weiterbildungskonzepte für Mitarbeitende"
    )
    assert len({measure.field_id for measure in twice}) == twice.count() == 2
    first = workshop.measures.get(number=1)
    assert (first.title, first.description) == ("Gemeinsame/Abgestimmte Nahverkehrspläne", "")
    assert workshop.fields.filter(name="Handel, Innenstadt und Tourismus").count() == 1
    assert workshop.measures.filter(title="-").count() == 1  # a row without a title, as published
    without_goals = workshop.fields.filter(goals=None)
    assert without_goals.count() == 8


def test_the_ulm_catalogue_a_second_time_changes_nothing(workshop):
    for file in ULM:
        take(workshop, file.read_bytes())
    before = state(workshop)
    for file in ULM:
        plan = take(workshop, file.read_bytes())
        assert (plan.is_applied, plan.is_empty) == (True, True)
    assert state(workshop) == before


def test_the_nine_fields_stay_in_front_of_the_new_ones(workshop):
    seed_fields(workshop)
    take(workshop, "feld;titel\nKultur;Chor\ntourismus;Radkarte\nEnergie;Netze\n")
    names = list(workshop.fields.values_list("order", "name"))
    assert names[8:] == [(9, "Alltagsleben"), (10, "Kultur"), (11, "Energie")]
    assert workshop.measures.get(title="Radkarte").field.name == "Tourismus"


# What is stored ---------------------------------------------------------------------------------


def test_everything_in_the_file_is_stored_under_who_imported_it(workshop):
    user = User.objects.create_user("mod@example.org")
    assert take(workshop, FULL, user).is_applied
    assert list(
        workshop.measures.values_list(
            "number",
            "field__name",
            "goal__text",
            "title",
            "description",
            "time_horizon",
            "order",
            "version",
        )
    ) == [
        (1, "Bildung", "Alle lernen", "Tablets", "Für alle", "short", 1, 1),
        (2, "Bildung", "Alle lernen", "Schulung", "", "medium", 2, 1),
        (3, "Kultur", None, "Chor", "", "unknown", 1, 1),
    ]
    assert list(Goal.objects.values_list("field__name", "text", "order")) == [
        ("Bildung", "Alle lernen", 1),
        ("Kultur", "Singen", 1),
    ]
    assert list(Consensus.objects.values_list("measure__title", "relevance", "feasibility")) == [
        ("Tablets", 4, 2),
        ("Schulung", None, 3),
    ]
    users = {row.history_user for model in MODELS for row in model.history.all()}
    assert users == {user}


def test_the_same_file_again_changes_nothing(workshop):
    take(workshop, FULL)
    before = state(workshop)
    plan = take(workshop, FULL)
    assert (plan.is_empty, plan.unchanged) == (True, 4)
    assert state(workshop) == before


def test_only_the_measure_that_differs_gets_a_new_version(workshop):
    take(workshop, FULL)
    take(workshop, FULL.replace("Für alle;kurz;4", "Für die 5a;lang;5"))
    tablets = workshop.measures.get(title="Tablets")
    assert (tablets.description, tablets.time_horizon) == ("Für die 5a", TimeHorizon.LONG)
    assert pairs(workshop) == [("Tablets", 1, 5, 2), ("Schulung", 1, None, 3)]
    assert list(workshop.measures.values_list("version", flat=True)) == [2, 1, 1]
    assert (Measure.history.count(), Consensus.history.count()) == (4, 3)


def pairs(workshop: Workshop) -> list[tuple]:
    """Return title, round and agreed pair of everything that was agreed."""
    rows = Consensus.objects.filter(measure__workshop=workshop).order_by("round", "measure")
    columns = ("measure__title", "round__number", "relevance", "feasibility")
    return list(rows.values_list(*columns))


def test_what_was_agreed_waits_for_the_first_round(workshop):
    take(workshop, FULL)
    assert list(workshop.rounds.values_list("number", "state")) == [(1, "waiting")]
    open_round(workshop, by=User.objects.create_user("moderation@ulm.example"))
    assert pairs(workshop) == [("Tablets", 1, 4, 2), ("Schulung", 1, None, 3)]
    assert workshop.rounds.get().rateable().count() == 3


def test_what_was_shown_is_not_agreed_anew_by_the_same_file(workshop):
    take(workshop, FULL)
    show(workshop)
    plan = take(workshop, FULL)
    assert (plan.is_empty, plan.unchanged) == (True, 4)
    assert workshop.rounds.count() == 1


def test_what_differs_from_what_was_shown_waits_for_the_next_round(workshop):
    take(workshop, FULL)
    show(workshop)
    take(workshop, FULL.replace(";4;2", ";5;2"))
    after = [("Tablets", 1, 4, 2), ("Schulung", 1, None, 3), ("Tablets", 2, 5, 2)]
    assert pairs(workshop) == after
    assert take(workshop, FULL.replace(";4;2", ";5;2")).is_empty
    assert pairs(workshop) == after
    assert list(workshop.rounds.values_list("number", "state")) == [(1, "shown"), (2, "waiting")]


def test_a_measure_moves_behind_the_others_of_its_new_goal(workshop):
    take(workshop, FULL + "Bildung;Alle lehren;Kurs\n")
    take(workshop, "feld;ziel;titel\nBildung;Alle lehren;Tablets\n")
    tablets = workshop.measures.get(title="Tablets")
    assert (tablets.goal.text, tablets.order, tablets.version) == ("Alle lehren", 2, 2)


def test_a_removed_measure_comes_back_as_a_new_one_and_a_merged_one_stays_merged(workshop):
    take(workshop, FULL)
    tablets, course, choir = workshop.measures.all()
    choir.is_removed = True
    choir.save()
    tablets.merge_into(course)
    take(workshop, FULL)
    assert list(workshop.measures.standing().values_list("number", "title")) == [
        (2, "Schulung"),
        (4, "Chor"),
    ]


def test_what_was_merged_into_a_removed_measure_comes_back_as_a_new_one_as_well(workshop):
    take(workshop, FULL)
    tablets, course, _choir = workshop.measures.all()
    tablets.merge_into(course)
    course.is_removed = True
    course.save()
    take(workshop, FULL)
    assert list(workshop.measures.standing().values_list("number", "title")) == [
        (3, "Chor"),
        (4, "Tablets"),
        (5, "Schulung"),
    ]


def test_a_goal_that_was_removed_is_created_anew(workshop):
    take(workshop, FULL)
    goal = Goal.objects.get(text="Singen")
    goal.is_removed = True
    goal.save()
    take(workshop, FULL)
    assert Goal.objects.filter(text="Singen").standing().count() == 1


def test_an_indicator_and_a_municipality_are_stored_and_changed(workshop):
    user = User.objects.create_user("mod@example.org")
    seats = [
        WorkshopMunicipality.objects.create(
            workshop=workshop,
            municipality=Municipality.objects.create(name=name, official_key=official_key),
            seat=seat,
        )
        for seat, (name, official_key) in enumerate([("Bingen", "07339005"), ("Weiler", None)], 1)
    ]
    file = "feld;ziel;indikator;titel;kommune\nBildung;Lernen;80 %;Kurs;bingen\nBildung;;;Bus;\n"
    for old, new, place, versions in [
        ("", "", seats[0], [1, 1, 1]),
        ("80 %", "90 %", seats[0], [2, 1, 1]),
        ("80 %;Kurs;bingen", "90 %;Kurs;Weiler", seats[1], [2, 2, 1]),
    ]:
        assert take(workshop, file.replace(old, new) if old else file, user).is_applied
        goal = Goal.objects.get()
        kurs, bus = workshop.measures.all()
        assert goal.indicator == ("90 %" if new else "80 %")
        assert (kurs.municipality, bus.municipality) == (place.municipality, None)
        assert [goal.version, kurs.version, bus.version] == versions
    assert {row.history_user for row in Goal.history.all()} == {user}


def test_equal_titles_with_numbers_are_stored_apart_and_again_change_nothing(workshop):
    take(workshop, "feld;titel\nBildung;Bus\n")
    file = (
        "nummer;feld;titel;beschreibung\nM4;Bildung;Kurs;a\nM1;Bildung;Kurs;b\nM3;Bildung;Kurs;c\n"
    )
    take(workshop, file)
    before = state(workshop)
    assert take(workshop, file).is_empty
    assert state(workshop) == before
    assert list(workshop.measures.values_list("number", "title", "description")) == [
        (1, "Bus", ""),
        (2, "Kurs", "a"),
        (3, "Kurs", "b"),
        (4, "Kurs", "c"),
    ]


def test_another_workshop_is_not_touched(workshop):
    other = Workshop.objects.create(title="Other", date=datetime.date(2026, 11, 9))
    take(other, FULL)
    before = state(other)[2], list(other.measures.values())
    take(workshop, FULL.replace("Für alle", "Für wenige"))
    assert (state(other)[2], list(other.measures.values())) == before


# All or nothing ---------------------------------------------------------------------------------


def test_one_bad_row_keeps_all_rows_out(workshop):
    before = state(workshop)
    plan = take(workshop, FULL + "Kultur;;Museum;;bald;9;\n")
    assert not plan.is_applied
    assert [(problem.row, problem.column) for problem in plan.problems] == [(6, "Relevanz")]
    assert [word.text for word in plan.undecided] == ["bald"]
    assert state(workshop) == before


def test_one_word_of_which_nobody_told_keeps_all_rows_out(workshop):
    before = state(workshop)
    unknown = FULL + "Kultur;;Museum;;bald;;\n"
    assert not take(workshop, unknown).is_applied
    assert state(workshop) == before
    assert take(workshop, unknown, meanings={name_of_word("horizon", "bald"): "long"}).is_applied
    assert workshop.measures.get(title="Museum").time_horizon == "long"


def test_an_error_while_storing_takes_everything_back(workshop, monkeypatch):
    before = state(workshop)

    def store_and_fail(bulk, store=Bulk.store):
        store(bulk)
        raise IntegrityError

    monkeypatch.setattr(Bulk, "store", store_and_fail)
    with pytest.raises(IntegrityError):
        take(workshop, FULL)
    assert state(workshop) == before


def test_a_plan_with_problems_cannot_be_applied(workshop):
    table = read_table(b"feld;titel\n;x\n")
    with pytest.raises(ValueError, match="A plan with problems or open questions is not"):
        made_ready(preview(table, guess(table.headers), workshop), workshop, None)


def test_what_was_not_seen_is_not_done(workshop):
    plan = take(workshop, FULL, seen="something else")
    assert (plan.is_applied, counts(workshop)) == (False, (0, 0, 0))


def test_the_workshops_own_scale_counts(workshop):
    workshop.steps = 3
    workshop.save()
    assert [problem.column for problem in take(workshop, FULL).problems] == ["Relevanz"]


HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    "'; DROP TABLE measures_measure; --",
    "{{ 7 * 7 }}{% now %}",
    "‮tfel ot thgir",
    "👩‍👩‍👧 Familie",
    "%s %(x)s %",
]


def test_hostile_names_are_stored_as_they_are_but_for_what_turns_them_round(workshop):
    rows = "".join(f'"{t.replace(chr(34), chr(34) * 2)}"\t"Titel {t[:3]}"\n' for t in HOSTILE)
    assert take(workshop, "feld\ttitel\n" + rows.replace('\t"Titel =HY', '\t"Titel ')).is_applied
    names = [text.replace("\N{RIGHT-TO-LEFT OVERRIDE}", "") for text in HOSTILE]
    assert list(workshop.fields.values_list("name", flat=True)) == names


@pytest.mark.parametrize("n", [10, 1000])
def test_a_thousand_rows_cost_as_many_queries_as_ten(workshop, django_assert_num_queries, n):
    rows = "".join(f"Feld;Ziel;Maßnahme {i};x;kurz;3;4\n" for i in range(n))
    file = "feld;ziel;titel;beschreibung;horizont;relevanz;realisierbarkeit\n" + rows
    take(workshop, file.partition("Maßnahme 1;")[0])  # tables that held a row before
    with django_assert_num_queries(44):
        assert take(workshop, file).is_applied
    with django_assert_num_queries(33):
        assert take(workshop, file).is_empty
    with django_assert_num_queries(48 if connection.vendor == "sqlite" else 46):
        assert take(workshop, file.replace("x;kurz;3", "y;lang;5")).is_applied
    assert workshop.measures.filter(version=2, description="y").count() == n


def test_all_rows_together_raise_the_revision_once(workshop):
    before = state(workshop)[2]
    take(workshop, FULL)
    assert state(workshop)[2] == before + 1


def test_an_import_is_read_on_the_scale_that_holds_by_now(workshop):
    """Seen: a file opened before the scale was shortened brought agreed values beyond it."""
    before = Workshop.objects.get(pk=workshop.pk)
    workshop.steps = 3
    workshop.save()
    file = "feld;titel;relevanz;realisierbarkeit\nBildung;WLAN;5;5\n"
    plan = take(before, file)
    assert (plan.is_applied, workshop.measures.count()) == (False, 0)


# While others type ------------------------------------------------------------------------------


def typed(workshop: Workshop, title: str, field: str = "Bildung") -> Measure:
    place = workshop.fields.standing().get(name=field)
    return Measure.objects.create(workshop=workshop, field=place, title=title, order=7)


def meanwhile(monkeypatch, *deeds):
    """Let others do something each time when a plan was made ready and its turn has not come."""
    left = list(deeds)

    def ready_and_then(plan, *args, made=made_ready):
        bulk = made(plan, *args)
        if left:
            left.pop(0)()
        return bulk

    monkeypatch.setattr("measures.transfer.importing.made_ready", ready_and_then)


def test_a_line_that_is_typed_meanwhile_keeps_its_number_and_the_file_comes_behind(
    workshop, monkeypatch
):
    take(workshop, "feld;titel\nBildung;Bus\n")
    meanwhile(monkeypatch, lambda: typed(workshop, "Bahn"), lambda: pytest.fail("planned anew"))
    assert take(workshop, "feld;titel\nBildung;Kurs\nBildung;Chor\n").is_applied
    rows = workshop.measures.in_reading_order().values_list("number", "title")
    assert sorted(rows) == [(1, "Bus"), (2, "Bahn"), (3, "Kurs"), (4, "Chor")]
    recorded = Measure.history.filter(title__in=["Kurs", "Chor"]).order_by("history_id")
    stored = workshop.measures.filter(title__in=["Kurs", "Chor"])
    assert [(row.number, row.order) for row in recorded] == [
        (row.number, row.order) for row in stored
    ]


def test_the_same_line_typed_meanwhile_is_not_stored_twice(workshop, monkeypatch):
    take(workshop, "feld;titel\nBildung;Bus\n")
    meanwhile(monkeypatch, lambda: typed(workshop, "kurs "))
    assert take(workshop, "feld;titel\nBildung;Kurs\nBildung;Chor\n").is_applied
    assert list(workshop.measures.values_list("number", "title")) == [
        (1, "Bus"),
        (2, "kurs "),
        (3, "Chor"),
    ]


def test_a_measure_that_somebody_changed_meanwhile_is_not_overwritten_unseen(workshop, monkeypatch):
    take(workshop, FULL)
    tablets = workshop.measures.get(title="Tablets")

    def describe():
        tablets.description = "Für alle Klassen"
        tablets.save()

    file = FULL.replace("Für alle", "Für die 5a")
    table = read_table(file.encode())
    seen = preview(table, guess(table.headers), workshop).fingerprint
    meanwhile(monkeypatch, describe)
    assert not take(workshop, file, seen=seen).is_applied
    tablets.refresh_from_db()
    assert (tablets.description, tablets.version) == ("Für alle Klassen", 2)


@pytest.mark.parametrize(
    "deed",
    [
        lambda workshop: ActionField.objects.create(workshop=workshop, name="Kultur"),
        lambda workshop: Goal.objects.create(field=workshop.fields.get(), text="Singen"),
        lambda workshop: take(workshop, "feld;titel;relevanz\nBildung;Bus;4\n"),
        lambda workshop: Workshop.objects.get(pk=workshop.pk).save(),
        lambda workshop: WorkshopMunicipality.objects.create(
            workshop=workshop, municipality=Municipality.objects.create(name="Bingen"), seat=1
        ),
    ],
)
def test_what_a_plan_rests_on_is_looked_at_again_when_it_has_changed(workshop, monkeypatch, deed):
    take(workshop, "feld;titel\nBildung;Bus\n")
    plans = []
    monkeypatch.setattr(
        "measures.transfer.importing.make_plan",
        lambda *a: plans.append(plan := make_plan(*a)) or plan,
    )
    meanwhile(monkeypatch, lambda: (deed(workshop), plans.clear()))
    assert take(workshop, "feld;titel\nBildung;Kurs\nKultur;Chor\n").is_applied
    assert len(plans) == 1  # after the change
    assert workshop.fields.filter(name="Kultur").count() == 1


def test_where_others_never_stop_it_is_planned_in_the_turn(workshop, monkeypatch):
    take(workshop, "feld;titel\nBildung;Bus\n")
    names = iter(["Kultur", "Energie", "Verkehr"])

    def new_field():
        ActionField.objects.create(workshop=workshop, name=next(names))

    meanwhile(monkeypatch, *[new_field] * TRIES)
    assert take(workshop, "feld;titel\nBildung;Kurs\nKultur;Chor\n").is_applied
    assert list(workshop.measures.values_list("number", "field__name", "title")) == [
        (1, "Bildung", "Bus"),
        (2, "Bildung", "Kurs"),
        (3, "Kultur", "Chor"),
    ]


def test_nobody_imports_into_a_phase_that_has_begun_meanwhile(workshop, monkeypatch, tmp_path):
    file = tmp_path / "liste.csv"
    file.write_text(FULL, "utf-8")
    meanwhile(
        monkeypatch,
        lambda: Workshop.objects.filter(pk=workshop.pk).update(phase=Phase.RATING),
    )
    with pytest.raises(CommandError, match="In the phase “Rating” nobody can collect"):
        command(file, "--workshop", workshop.pk)
    assert counts(workshop) == (0, 0, 0)


# The command ------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text(FULL, "utf-8")
    return path


def test_the_command_imports_and_says_what(workshop, file):
    assert command(file, "--workshop", workshop.pk) == (
        "Imported:\n2 new action fields\n2 new goals\n3 new measures\n"
    )
    assert counts(workshop) == (3, 2, 2)
    assert command(file, "--workshop", workshop.pk) == "Imported:\n4 rows that change nothing\n"


def test_the_command_imports_ulm_and_names_what_it_leaves_out(workshop):
    assert command(ULM[0], "--workshop", workshop.pk) == (
        "Columns left out: feld_nr, massnahme_nr\n"
        "Imported:\n13 new action fields\n126 new measures\n"
    )


def test_a_dry_run_stores_nothing(workshop, file):
    before = state(workshop)
    assert command(file, "--workshop", workshop.pk, "--dry-run") == (
        "Would be imported:\n2 new action fields\n2 new goals\n3 new measures\n"
    )
    assert state(workshop) == before


def test_own_columns_can_be_named(workshop, file):
    file.write_text("Thema;Wort;Titel\nBildung;Tablets;egal\n", "utf-8")
    own = ["--column", "field=Thema", "--column", "measure=wort", "--column", "description=Titel"]
    command(file, "--workshop", workshop.pk, *own)
    assert list(workshop.measures.values_list("field__name", "title", "description")) == [
        ("Bildung", "Tablets", "egal")
    ]


def test_the_command_names_every_bad_row_on_a_line_of_its_own(workshop, file):
    file.write_text("feld;titel;relevanz\n;x;9\nBildung;y;8\n", "utf-8")
    with pytest.raises(CommandError) as caught:
        command(file, "--workshop", workshop.pk)
    assert str(caught.value).splitlines() == [
        "Nothing was imported.",
        "Cells that must be corrected: 3",
        "Row 2, column “relevanz”: “9” is no step of the scale. Possible are the whole numbers"
        " from 1 to 5.",
        "Row 2, column “feld”: The action field is missing.",
        "Row 3, column “relevanz”: “8” is no step of the scale. Possible are the whole numbers"
        " from 1 to 5.",
    ]
    assert caught.value.returncode == 1


def test_the_command_asks_for_the_encoding_and_takes_it(workshop):
    file = CASES / "encoding-excel-csv-msdos-cp850.csv"
    with pytest.raises(CommandError) as caught:
        command(file, "--workshop", workshop.pk)
    assert str(caught.value).splitlines() == [
        "The file does not say for certain how its letters are meant. Row 2: is “Mobilität” or"
        " “Mobilit„t” right?",
        "--encoding cp850: Mobilität, Möbel, aufräumen",
        "--encoding cp1252: Mobilit„t, M”bel, aufr„umen",
    ]
    assert counts(workshop) == (0, 0, 0)
    command(file, "--workshop", workshop.pk, "--encoding", "cp850")
    assert list(workshop.measures.values_list("title", flat=True)) == ["Möbel aufräumen"]


def test_the_command_asks_about_letters_that_were_stored_twice(workshop):
    file = CASES / "encoding-double-utf8.csv"
    with pytest.raises(CommandError) as caught:
        command(file, "--workshop", workshop.pk)
    assert str(caught.value).splitlines() == [
        "The file does not say for certain how its letters are meant. Row 2: is “Mobilität” or"
        " “MobilitÃ¤t” right?",
        "--encoding utf-8-twice: Mobilität, Größe, prüfen",
        "--encoding utf-8: MobilitÃ¤t, GrÃ¶ÃŸe, prÃ¼fen",
    ]
    command(file, "--workshop", workshop.pk, "--encoding", "utf-8-twice")
    assert list(workshop.measures.values_list("title", flat=True)) == ["Größe prüfen"]


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        (
            "encoding-utf8-one-foreign-byte.csv",
            [],
            "Some letters are stored in another way than the rest of the file (row 3: “B�ume”,"
            " “gie�en”). Correct the words in your file, save it as “CSV UTF-8” and choose it"
            " again.",
        ),
        (
            "encoding-excel-csv-msdos-cp850.csv",
            ["--encoding", "utf-8"],
            "Some letters are stored in another way than the rest of the file (row 2: “Mobilit�t”,"
            " “M�bel”, “aufr�umen”). Correct the words in your file, save it as “CSV UTF-8” and"
            " choose it again.",
        ),
        (
            "heading-not-in-first-row.csv",
            ["--sheet", "X"],
            "Only a workbook has sheets, not a text file.",
        ),
        (
            "xlsx-one-sheet-per-field.xlsx",
            ["--sheet", "Bau"],
            "There is no sheet “Bau” with anything in it. There are: “Mobilität”, “Bildung”,"
            " “Verwaltung”.",
        ),
        (
            "heading-not-in-first-row.csv",
            ["--heading-row", "2"],
            "Row 2 is empty. In which row do the headings stand?",
        ),
    ],
)
def test_the_command_says_why_a_file_cannot_be_read(workshop, name, args, expected):
    with pytest.raises(CommandError) as caught:
        command(CASES / name, "--workshop", workshop.pk, *args)
    assert str(caught.value) == expected
    assert counts(workshop) == (0, 0, 0)


def test_the_command_says_which_sheets_and_rows_it_read(workshop):
    assert command(CASES / "xlsx-hidden-sheet-first.xlsx", "--workshop", workshop.pk) == (
        "Sheet read: “Maßnahmen”.\n"
        "Hidden and therefore not read: the sheet “Listen”.\n"
        "Imported:\n1 new action field\n1 new measure\n"
    )
    assert command(CASES / "heading-not-in-first-row.csv", "--workshop", workshop.pk) == (
        "The headings stand in row 3; what is above them is left out.\n"
        "Imported:\n1 changed measure\n"
    )


def test_the_command_reads_all_sheets_or_those_that_are_named(workshop):
    file = CASES / "xlsx-one-sheet-per-field.xlsx"
    named = ["--sheet", "Bildung", "--sheet", "Verwaltung"]
    assert command(file, "--workshop", workshop.pk, *named) == (
        "Sheets read: “Bildung”, “Verwaltung”.\nImported:\n2 new action fields\n2 new measures\n"
    )
    assert command(file, "--workshop", workshop.pk) == (
        "Sheets read: “Mobilität”, “Bildung”, “Verwaltung”.\n"
        "Imported:\n1 new action field\n1 new measure\n2 rows that change nothing\n"
    )


def test_the_command_says_that_sheets_are_fields_only_where_they_are(workshop, tmp_path):
    file = tmp_path / "plan.xlsx"
    file.write_bytes(book({"Info": [["?"]], "Plan": [["Axe", "Titel"], ["Verkehr", "Wege"]]}))
    args = (file, "--workshop", workshop.pk, "--dry-run", "--sheet", "Plan")
    result = "Would be imported:\n1 new action field\n1 new measure\n"
    assert command(*args) == (
        "Sheet read: “Plan”.\n"
        "The names of the sheets are taken as action fields.\n"
        f"Columns left out: Axe\n{result}"
    )
    assert command(*args, "--column", "field=Axe") == f"Sheet read: “Plan”.\n{result}"


def test_the_command_names_rows_that_repeat_others(workshop, file):
    file.write_text("Feld;Titel;Kommune\nA;a;Mainz\nA;a;Bremen\nA;a;Mainz\n", "utf-8")
    emptied = (file, "--workshop", workshop.pk, "--municipality", "*=")
    assert command(*emptied) == (
        "Imported:\n1 new action field\n2 new measures\n"
        "1 of them differs from others only by the municipality that is left empty\n"
        "1 row that repeats another row of the file\n"
        "Row 4 repeats row 2: “a”\n"
        "Row 3 is like row 2 but for the municipality “Bremen”: “a”\n"
    )
    assert command(*emptied) == (
        "Imported:\n1 row that repeats another row of the file\n2 rows that change nothing\n"
        "Row 4 repeats row 2: “a”\n"
    )


def test_the_command_leaves_rows_out_in_each_sheet(workshop, tmp_path):
    file = tmp_path / "plan.xlsx"
    legend = [["Feld", "Titel"], ["Text", "Text"]]
    file.write_bytes(book({"A": [*legend, ["A", "a"]], "B": [*legend, ["B", "b"], ["B", "c"]]}))
    assert command(file, "--workshop", workshop.pk, "--skip-rows", "2,4") == (
        "Sheets read: “A”, “B”.\n"
        "Left out by choice are 3 rows: sheet “A”, row 2; sheet “B”, row 2; sheet “B”, row 4.\n"
        "Imported:\n2 new action fields\n2 new measures\n"
    )
    assert list(workshop.measures.values_list("title", flat=True)) == ["a", "b"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("zwei", "--skip-rows: Name rows by their numbers, for example: 3, 7-9"),
        ("9", "Below the headings there is no row 9 to be left out."),
    ],
)
def test_the_command_says_which_rows_cannot_be_left_out(workshop, file, rows, expected):
    with pytest.raises(CommandError) as caught:
        command(file, "--workshop", workshop.pk, "--skip-rows", rows)
    assert (str(caught.value), counts(workshop)) == (expected, (0, 0, 0))


def test_the_command_takes_the_row_of_the_headings(workshop, file):
    file.write_text("Feld;Titel\nTitel;Feld\nTablets;Bildung\n", "utf-8")
    command(file, "--workshop", workshop.pk, "--heading-row", "2")
    assert list(workshop.measures.values_list("field__name", "title")) == [("Bildung", "Tablets")]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (
            ["--column", "measure"],
            "--column takes two names with = between, e.g. measure=Titel, not",
        ),
        (
            ["--horizon", "bald=demnächst"],
            "“demnächst” behind --horizon is not known here. Possible are: short, medium, long,"
            " unknown.",
        ),
        (
            ["--field", "Bildung=Schule"],
            "“Schule” behind --field is not known here. Possible are: Verkehr.",
        ),
        (
            ["--field", "Schule=verkehr"],
            "--field: the file has no unknown word “Schule”, but: Bildung, Kultur.",
        ),
        (["--municipality", "Mainz"], "--municipality takes two names with = between, e.g. Binger"),
        (["--column", "field="], "Which column holds the action field? None of the headings"),
        (["--column", "goal=Foo"], "The file has no column “Foo”. Its columns are: Handlungsfeld"),
    ],
)
def test_wrong_options_are_explained(workshop, file, args, expected):
    ActionField.objects.create(workshop=workshop, name="Verkehr")
    with pytest.raises(CommandError) as caught:
        command(file, "--workshop", workshop.pk, *args)
    assert str(caught.value).startswith(expected)


def test_a_missing_file_a_folder_and_a_missing_workshop_are_named(workshop, file, tmp_path):
    with pytest.raises(CommandError, match="nothing.csv cannot be opened: No such file"):
        command(tmp_path / "nothing.csv", "--workshop", workshop.pk)
    with pytest.raises(CommandError, match="cannot be opened: Is a directory"):
        command(tmp_path, "--workshop", workshop.pk)
    with pytest.raises(CommandError, match="There is no workshop with the id 99999."):
        command(file, "--workshop", 99999)


WORDS = """Handlungsfeld;Ziel;Maßnahme;Umsetzungszeit;Kommune
Bildung & Jugend;Lernen;Kurs;2025–2027;Bingerbrück
Schulen;Lernen;Chor;bald;
Schulen;;Bus;bald;Bingen
Kultur;;Museum;kurz;
"""
MATCHED = [
    "--field", "Schulen=Bildung und Jugend", "--horizon", "2025–2027=mittelfristig",
    "--horizon", "*=unknown", "--municipality", "Bingerbrück=",
]  # fmt: skip


@pytest.fixture
def words(workshop, file):
    ActionField.objects.create(workshop=workshop, name="Bildung und Jugend")
    bingen = Municipality.objects.create(name="Bingen")
    WorkshopMunicipality.objects.create(workshop=workshop, municipality=bingen, seat=1)
    file.write_text(WORDS, "utf-8")
    return file


def test_the_command_asks_for_each_unknown_word_once(workshop, words):
    with pytest.raises(CommandError) as caught:
        command(words, "--workshop", workshop.pk)
    assert str(caught.value).splitlines() == [
        "Nothing was imported.",
        'Say what these words mean, e.g. with --horizon "ab 2030=long":',
        "“2025–2027” is no implementation time (row 2).",
        "“Bingerbrück” is no municipality of the workshop (row 2).",
        "“bald” is no implementation time (2 rows, the first is row 3).",
    ]
    assert workshop.measures.count() == 0


def test_the_command_takes_words_for_what_it_is_told_and_again_changes_nothing(workshop, words):
    taken = (
        "The action field “Bildung & Jugend” of the file is taken for “Bildung und Jugend”.\n"
        "The action field “Schulen” of the file is taken for “Bildung und Jugend”.\n"
    )
    assert command(words, "--workshop", workshop.pk, *MATCHED) == (
        f"{taken}Imported:\n1 new action field\n1 new goal\n4 new measures\n"
    )
    rows = workshop.measures.values_list(
        "field__name", "goal__text", "title", "time_horizon", "municipality__name"
    )
    assert list(rows) == [
        ("Bildung und Jugend", "Lernen", "Kurs", "medium", None),
        ("Bildung und Jugend", "Lernen", "Chor", "unknown", None),
        ("Bildung und Jugend", None, "Bus", "unknown", "Bingen"),
        ("Kultur", None, "Museum", "short", None),
    ]
    before = state(workshop)
    assert command(words, "--workshop", workshop.pk, *MATCHED) == (
        f"{taken}Imported:\n4 rows that change nothing\n"
    )
    assert state(workshop) == before


def test_what_nobody_sees_in_a_name_makes_nothing_new(workshop):
    data = "feld;titel\nDigi\xadtalisierung;Ver\xadwaltung\nWald\u200b;Ba\u0308ume\n"
    assert take(workshop, data).is_applied
    assert list(workshop.measures.values_list("title", flat=True)) == ["Verwaltung", "Bäume"]
    assert list(workshop.fields.values_list("name", flat=True)) == ["Digitalisierung", "Wald"]
    assert take(workshop, "feld;titel\nDigitalisierung;Verwaltung\nWald;Bäume\n").is_empty


def test_a_measure_that_was_stored_with_a_soft_hyphen_is_the_one_without(workshop):
    take(workshop, "feld;titel;beschreibung\nWald;Bäume;Eichen\n")
    workshop.measures.update(title="Bäu\xadme", description="Ei\xadchen")
    assert take(workshop, "feld;titel;beschreibung\nWald;Bäume;Eichen\n").is_empty


def test_the_command_keeps_to_the_phases(workshop, file):
    workshop.phase = Phase.RATING
    workshop.save()
    with pytest.raises(
        CommandError, match="In the phase “Rating” nobody can collect goals and measures."
    ):
        command(file, "--workshop", workshop.pk)
