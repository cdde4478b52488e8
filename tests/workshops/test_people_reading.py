"""A list of people is read as clerks have it; what could be several things is not guessed."""

import pytest

from workshops.people_reading import Person, read_people

GROUPS = ("Rat", "Vereine und Verbände")
ANNA, BERT = "anna.mueller@bingen.example", "bert@bingen.example"


def people(text: str) -> list[tuple[str, str, str]]:
    read = read_people(text, GROUPS)
    assert [person.problem for person in read] == [""] * len(read)
    return [(person.email, person.name, person.group) for person in read]


def reason(text: str) -> str:
    [person] = read_people(text, GROUPS)
    return person.problem


ONE_PERSON = {
    ANNA: "",
    f"  {ANNA}  ": "",
    f"<{ANNA}>": "",
    f"mailto:{ANNA}": "",
    f"{ANNA} <{ANNA}>": "",
    f"{ANNA};": "",
    f"Anna Müller <{ANNA}>": "Anna Müller",
    f"Anna Müller<mailto:{ANNA}>": "Anna Müller",
    f"Müller, Anna <{ANNA}>": "Anna Müller",
    f'"Müller, Anna" <{ANNA}>;': "Anna Müller",
    f"Müller, Anna (Stadt Bingen) <{ANNA}>": "Anna Müller (Stadt Bingen)",
    f"Anna Müller; {ANNA}": "Anna Müller",
    f"Anna Müller\t{ANNA}": "Anna Müller",
    f"Anna Müller, {ANNA}": "Anna Müller",
    f"Anna Müller {ANNA}": "Anna Müller",
    f"Anna Müller ({ANNA})": "Anna Müller",
    f"Anna Müller - {ANNA}": "Anna Müller",
    f"{ANNA}; Anna Müller": "Anna Müller",
    f'"Müller, Anna";{ANNA}': "Anna Müller",
    f"Anna;Müller;{ANNA}": "Anna Müller",
    f"Müller;Anna;{ANNA}": "Anna Müller",
    f"Müller, Anna, {ANNA}": "Anna Müller",
    f"Anna Maria;Müller;{ANNA}": "Anna Maria Müller",
    f"Anna\u00a0Mül\u00adler;\u200b{ANNA}": "Anna Müller",
}


@pytest.mark.parametrize("line", ONE_PERSON)
def test_a_person_is_read_from_a_line_in_whatever_way_it_is_written(line):
    assert people(line) == [(ANNA, ONE_PERSON[line], "")]


@pytest.mark.parametrize(
    "line",
    [
        f"Anna Müller;{ANNA};Rat",
        f"Anna Müller\t{ANNA}\t RAT ",
        f"Rat;Anna;Müller;{ANNA}",
        f"{ANNA},Anna Müller,rat",
        f"Müller, Anna <{ANNA}>; Rat",
        f"Müller, Anna <{ANNA}>, Rat",
    ],
)
def test_a_cell_that_names_a_group_is_the_group(line):
    assert people(line) == [(ANNA, "Anna Müller", "Rat")]


def test_a_group_is_found_in_other_letters_for_the_same():
    assert people(f"{BERT};VEREINE  und Verba\u0308nde") == [(BERT, "", "Vereine und Verbände")]


@pytest.mark.parametrize(
    "line",
    [
        f"Müller, Anna <{ANNA}>; Bert <{BERT}>; c@bingen.example",
        f"Müller, Anna <{ANNA}>, Bert <{BERT}>; c@bingen.example;",
        f'"Müller, Anna" <{ANNA}>;Bert <{BERT}>;<c@bingen.example>',
    ],
)
def test_all_recipients_of_a_mail_stand_in_one_line(line):
    assert people(line) == [
        (ANNA, "Anna Müller", ""), (BERT, "Bert", ""), ("c@bingen.example", "", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("between", ["; ", ";", ", ", " ", "\t"])
def test_bare_addresses_stand_in_one_line(between):
    assert people(between.join([ANNA, BERT])) == [(ANNA, "", ""), (BERT, "", "")]


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_headings_say_what_the_columns_are(sign):
    rows = [
        ["Nachname", "Vorname", "Amt", "E-Mail", "Gruppe"],
        ["Müller-Lüdenscheid", "Anna Maria", "Hauptamt", ANNA, "Rat"],
        ["", "Bert", "", BERT, ""],
    ]
    text = "\n".join(sign.join(row) for row in rows)
    assert people(f"{text}\n{sign * 4}\n") == [
        (ANNA, "Anna Maria Müller-Lüdenscheid", "Rat"), (BERT, "Bert", ""),
    ]  # fmt: skip


def test_a_name_beside_a_first_name_is_the_surname():
    assert people(f"Name\tVorname\tE-Mail\nMüller\tAnna\t{ANNA}") == [(ANNA, "Anna Müller", "")]


REASONS = {
    "Frieda Kunz": "In dieser Zeile steht keine E-Mail-Adresse.",
    "Frieda; frieda@kunz": "„frieda@kunz“ ist keine E-Mail-Adresse.",
    f"{'x' * 250}@bingen.example": f"„{'x' * 250}@bingen.example“ ist keine E-Mail-Adresse.",
    f"Anna Müller;{ANNA};Feuerwehr": "„Feuerwehr“ ist keine Gruppe dieses Workshops.",
    f"Anna Müller;Feuerwehr;{BERT}": "„Feuerwehr“ ist keine Gruppe dieses Workshops.",
    f"{BERT};Anna Müller;Feuerwehr": "„Feuerwehr“ ist keine Gruppe dieses Workshops.",
    f"Anna;Müller;Hauptamt;{ANNA}": (
        "Das sind zu viele Spalten. Bitte behalten Sie Adresse, Name und Gruppe."
    ),
    f"Anna;Müller;{ANNA};Hauptamt;06721": (
        "Das sind zu viele Spalten. Bitte behalten Sie Adresse, Name und Gruppe."
    ),
    f"Anna;{ANNA};Bert;{BERT}": (
        "Hier stehen mehrere Adressen und andere Wörter. Bitte geben Sie jeder Person eine Zeile."
    ),
    f"Anna <{ANNA}>; Bert <{BERT}>; Rat": (
        "„Rat“ gehört zu keiner Adresse. Bitte geben Sie jeder Person eine Zeile."
    ),
    f"{'x' * 121};{BERT}": "Der Name ist zu lang: 121 Zeichen, höchstens 120 sind möglich.",
}


@pytest.mark.parametrize("line", REASONS)
def test_a_line_that_is_not_understood_says_why(line):
    assert reason(line) == REASONS[line]


def test_a_group_under_its_heading_must_be_one_of_the_workshop():
    text = f"E-Mail;Gruppe\n{ANNA};Feuerwehr"
    assert reason(text) == "„Feuerwehr“ ist keine Gruppe dieses Workshops."


def test_lines_are_counted_as_they_stand_and_empty_ones_say_nothing():
    reason = "In dieser Zeile steht keine E-Mail-Adresse."
    assert read_people(f"\n{ANNA}\n \t;;\nFrieda Kunz\r\n{BERT}\n", GROUPS) == [
        Person(2, ANNA), Person(4, text="Frieda Kunz", problem=reason), Person(5, BERT),
    ]  # fmt: skip


LONG = 5_000
SIGNS, OPENED, WORDS = "@" * LONG, "<@" * LONG, "Anna Müller " * 1_000
JOINERS = "\u200d" * LONG
TOO_LONG = "%s ist zu lang: %d Zeichen, höchstens %d sind möglich."
NO_ADDRESS = "In dieser Zeile steht keine E-Mail-Adresse."
HOSTILE = {
    "words": (WORDS, NO_ADDRESS),
    "words and a sign": (f"{WORDS}<", NO_ADDRESS),
    "ats": (f"Anna<{SIGNS}", f"„Anna<{SIGNS}“ ist keine E-Mail-Adresse."),
    "ats in brackets": (f"Anna<{SIGNS}>", f"„{SIGNS}“ ist keine E-Mail-Adresse."),
    "openings": (f"Anna{OPENED}", f"„Anna{OPENED}“ ist keine E-Mail-Adresse."),
    "spaces": (f"a,{' ' * LONG}(; {ANNA};Jury", "„Jury“ ist keine Gruppe dieses Workshops."),
    "joiners": (f"👍{JOINERS}👍; {ANNA}", TOO_LONG % ("Der Name", 5002, 120)),
    "too many": ("x" * 20_001, TOO_LONG % ("Die Zeile", 20001, 20000)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_long_line_of_signs_is_answered_like_any_other(kind):
    """Most of these took the square of their length, some its third power."""
    line, told = HOSTILE[kind]
    assert reason(line) == told


def test_two_hundred_people_fit_into_one_line():
    names = [f"Dr. Annegret Müller-Lüdenscheid {n}" for n in range(200)]
    addresses = [f"annegret.mueller-luedenscheid.{n}@stadt-bingen.example" for n in range(200)]
    line = "; ".join(f"{name} <{email}>" for name, email in zip(names, addresses, strict=True))
    assert people(line) == [(email, name, "") for email, name in zip(addresses, names, strict=True)]
