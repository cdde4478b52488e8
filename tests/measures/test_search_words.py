"""What a search fits, how well, and what of a text is marked."""

import pytest

from measures.searching.words import BEST, Sought, folded


def rank(typed: str, *texts: str, numbers: tuple[int, ...] = ()) -> int | None:
    return Sought.of(typed).rank(numbers, [folded(text) for text in texts])


def told(pieces) -> str:
    return "".join(f"[{text}]" if is_hit else text for text, is_hit in pieces)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("glas", "Ausbau der Glasfaser"),
        ("FASER aus", "Ausbau der Glasfaser"),
        ("netz", "Offenes Funknetz"),
        ("entwicklung", "Neuentwicklung"),
        ("ärzte", "Aerztehaus"),
        ("aerzte", "Ärztehaus"),
        ("arzte", "Ärztehaus"),
        ("ärzte", "Zahnarzte"),
        ("straße", "Hauptstrasse"),
        ("strasse", "Hauptstraße"),
        ("oe", "Ökologie"),
        ("u\u0308ber", "Überblick"),
        ("neu", "Neue Wege"),
        ("e-mail", "Antwort per E-Mail"),
        ("café", "Repair-Cafe"),
        ("москва", "МОСКВА"),
        ("ma\u00adker", "Makerspace"),
        ("5g", "5G-Campus"),
    ],
)
def test_words_are_found_however_they_are_spelt(typed, text):
    assert rank(typed, text) is not None


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("faser weg", "Ausbau der Glasfaser"),  # each word must fit
        ("az", "Funknetz und Platz"),  # two letters begin a word
        ("%", "100 % Glasfaser"),
        ("_", "a_b"),
        (".*", "Glasfaser"),
        ("(", "Glasfaser (schnell)"),
        ("\\", "a\\b"),
        ("\0", "Glasfaser"),
        ("glasfaser\0", "Glasfaser"),
        ("", "Glasfaser"),
    ],
)
def test_what_does_not_fit_is_not_found(typed, text):
    assert rank(typed, text) is None


def test_the_better_a_text_fits_the_lower_is_its_rank():
    fitting = [
        rank("7", "Anders", numbers=(7,)),
        rank("netz", "Netz"),
        rank("netz", "Netze bauen"),
        rank("netz", "Bau der Netze"),
        rank("netz", "Ein Funknetz"),
        rank("netz", "Anders", "im Netz"),
        rank("netz", "Anders", "im Funknetz"),
        rank("netz", "Anders", "", "Netz"),
        rank("netz", "Anders", "", "Funknetz"),
    ]
    assert fitting == [BEST, BEST, 1, 2, 3, 4, 5, 6, 7]


def test_the_word_that_fits_least_counts():
    assert rank("bau netz", "Bau der Netze") == 1
    assert rank("netz bau", "Bau der Netze") == 2
    assert rank("bau funk", "Bau", "ein Funknetz") == 4


def test_a_short_title_counts_like_the_title():
    titles = f"{folded('Ausbau der Netze')}\n{folded('Netzausbau')}"
    assert Sought.of("netzaus").rank((), [titles]) == 1
    assert Sought.of("netzausbau").rank((), [titles]) == BEST


@pytest.mark.parametrize("typed", ["12", "m12", "M12", " m 12 ", "M012"])
def test_a_number_is_a_code(typed):
    assert Sought.of(typed).number == 12
    assert rank(typed, "Anders", numbers=(12,)) == BEST
    assert rank("12", "Anders", "m12 m126") == 4


@pytest.mark.parametrize("typed", ["m", "m0", "1m", "12 13", "m12a", "1" * 12, "½", "٣"])
def test_anything_else_is_none(typed):
    assert Sought.of(typed).number is None


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("netz", "Das [Netz] und das Funknetz"),  # beginnings first
        ("funk netz", "Das [Netz] und das [Funk]netz"),
        ("funknetz funk", "Das Netz und das [Funknetz]"),
        ("bus", "Das Netz und das Funknetz"),
    ],
)
def test_what_was_found_is_marked(typed, marked):
    assert told(Sought.of(typed).marked("Das Netz und das Funknetz")) == marked


def test_marks_stand_around_whole_letters():
    assert told(Sought.of("strasse uber").marked("Über die Hauptstraße")) == (
        "[Über] die Haupt[straße]"
    )
    assert told(Sought.of("stras").marked("Straße")) == "[Straß]e"


def test_an_excerpt_stands_around_the_first_word_found():
    text = "Wort " * 40 + "Glasfaser " + "Wort " * 40
    assert told(Sought.of("glas").excerpt(text)) == (f"… {'Wort ' * 9}[Glas]faser {'Wort ' * 21}…")
    assert told(Sought.of("glas").excerpt("Kurz: Glasfaser")) == "Kurz: [Glas]faser"
    assert Sought.of("glas").excerpt("Kurz") == ()
    assert told(Sought.of("zzz").excerpt("a" * 300 + "zzz" + "a" * 300)) == (
        "… [zzz]" + "a" * 157 + " …"
    )


@pytest.mark.parametrize(
    ("typed", "percent"),
    [("bürgerbuss", 95), ("zurruf", 91), ("bürgerbus zuruf bahn", 77), ("mängelmelder", 33),
     ("bur", 0)],
)  # fmt: skip
def test_a_misspelt_search_fits_the_part_of_a_title_that_it_means(typed, percent):
    assert round(Sought.of(typed).nearness("burgerbus auf zuruf")) == percent


def test_a_whole_book_is_read_as_far_as_a_search_goes():
    assert len(Sought.of("ab " * 10_000).text) == 200
    assert rank("a" * 10_000, "a" * 300) == 1
