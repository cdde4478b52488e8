"""Which states of a page are judged again, and which are known to be free of faults."""

from types import SimpleNamespace

import pytest

from tests.journeys.judged import Judged, told

BOARD = (
    '<ul><li id="measure-7" class="row"><a href="/workshops/3/measures/7/" aria-label="M1">M1</a>'
    '<label for="title-7">Titel</label><input id="title-7" value="8a1b2c3d-1111-2222-3333-'
    '444455556666"></li><li id="measure-8" class="row">9:05</li></ul>'
)


def test_the_same_page_with_other_ids_tokens_and_times_is_told_alike():
    other = BOARD.replace("-7", "-41").replace("/7/", "/41/").replace("-8", "-52")
    other = other.replace("/3/", "/12/").replace("8a1b2c3d", "00000000").replace("9:05", "8:17")
    assert other != BOARD
    assert told(other) == told(BOARD)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('id="measure-8"', 'id="measure-7"'),  # twice the same
        ('for="title-7"', 'for="title-8"'),  # of nothing
        (' aria-label="M1"', ""),
        ('class="row"', 'class="row-2"'),
        ("<ul>", '<ul style="width: 40px">'),
        ("label", "strong"),
        ("Titel", "Title"),
        ("9:05", "19:05"),  # wider
    ],
)
def test_what_differs_otherwise_is_told_otherwise(before, after):
    assert told(BOARD.replace(before, after)) != told(BOARD)


@pytest.fixture
def state():
    """Return a function that gives a page as it stands."""

    def stand(html: str = BOARD, width: int = 320) -> SimpleNamespace:
        looks = {"html": html, "done": [-1, -1, []], "seen": ["", width]}
        return SimpleNamespace(evaluate=lambda _script: looks, wait_for_load_state=lambda: None)

    return stand


def test_a_state_without_faults_is_judged_once_and_one_with_faults_every_time(tmp_path, state):
    judged, asked = Judged(tmp_path, by="axe"), []

    def judge(*faults: str):
        def answer() -> list[str]:
            asked.append(faults)
            return [*faults]

        return answer

    for _each in range(2):
        assert judged.once(state(), judge("no name")) == ["no name"]
    for _each in range(2):
        assert judged.once(state(), judge()) == []
    assert Judged(tmp_path, by="axe").once(state(), judge()) == []
    assert len(asked) == 3
    judged.once(state(width=1280), judge())
    judged.once(state("<h1>Anders</h1>"), judge())
    Judged(tmp_path, by="a newer axe").once(state(), judge())
    Judged(None, by="axe").once(state(), judge())
    assert len(asked) == 7


def test_only_the_newest_names_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.journeys.judged.NEWEST", 2)
    for name in "abc":
        (tmp_path / name).touch()
    judged = Judged(tmp_path, by="axe")
    judged.forget_old()
    assert len([*tmp_path.iterdir()]) == 2
