"""Groups beside each other: nothing about a small one, not even by subtraction. Pure."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from measures.groups import shown_groups
from measures.prioritisation import Tally


def voters(count: int, judging_feasibility: int | None = None) -> Tally:
    """Return the tally of ``count`` people who all chose the same."""
    second = count if judging_feasibility is None else judging_feasibility
    return Tally((0, 0, count), (second, 0, 0), max(count, second))


def names(tallies: dict, smallest: int = 5) -> list:
    return sorted(shown_groups(tallies, {}, smallest=smallest))


def test_groups_from_the_smallest_size_on_are_shown():
    assert names({"Rat": voters(5), "Amt": voters(9)}) == ["Amt", "Rat"]


def test_one_small_group_takes_the_smallest_shown_one_with_it():
    assert names({"Rat": voters(5), "Amt": voters(9), "Verein": voters(1)}) == ["Amt"]


def test_small_groups_that_are_many_together_hide_each_other():
    assert names({"Rat": voters(6), "Amt": voters(3), "Verein": voters(2)}) == ["Rat"]


def test_one_shown_group_beside_one_small_group_is_not_shown_either():
    assert names({"Rat": voters(20), "Verein": voters(4)}) == []


def test_who_belongs_to_no_group_is_protected_too_and_never_a_group():
    assert names({"Rat": voters(5), None: voters(1)}) == []
    assert names({"Rat": voters(5), None: voters(7)}) == ["Rat"]


def test_few_judgements_on_one_criterion_make_a_group_small():
    assert names({"Rat": voters(9, judging_feasibility=4), "Amt": voters(9)}) == []
    assert names({"Rat": voters(9, judging_feasibility=5), "Amt": voters(9)}) == ["Amt", "Rat"]


def test_a_group_that_judged_nothing_hides_nobody():
    assert names({"Rat": voters(5), "Amt": voters(0)}) == ["Rat"]


def test_without_anybody_nothing_is_shown():
    assert shown_groups({}, {}, smallest=3) == set()


tallies = st.dictionaries(
    st.sampled_from([None, *"ABCDEF"]),
    st.tuples(st.tuples(*[st.integers(0, 6)] * 3), st.tuples(*[st.integers(0, 6)] * 3)).map(
        lambda pair: Tally(*pair, max(sum(pair[0]), sum(pair[1])))
    ),
)


@given(tallies, st.integers(3, 8))
def test_no_reader_can_work_out_fewer_than_the_smallest_number_of_people(all_groups, smallest):
    """Whatever is added up and taken away from the total: nobody, or enough people together."""
    shown = shown_groups(all_groups, {}, smallest=smallest)
    assert None not in shown
    for criterion in ("relevance", "feasibility"):
        sizes = {group: sum(getattr(tally, criterion)) for group, tally in all_groups.items()}
        hidden = sum(size for group, size in sizes.items() if group not in shown)
        for count in range(len(shown) + 1):
            for some in combinations(shown, count):
                within = sum(sizes[group] for group in some)
                assert within == 0 or within >= smallest
                if shown:
                    rest = sum(sizes.values()) - within
                    assert rest == 0 or rest >= smallest
        assert not shown or hidden == 0 or hidden >= smallest


@given(tallies, st.integers(3, 8))
def test_the_choice_does_not_depend_on_the_order_of_the_groups(all_groups, smallest):
    backwards = dict(reversed(all_groups.items()))
    forwards = shown_groups(all_groups, {}, smallest=smallest)
    assert forwards == shown_groups(backwards, {}, smallest=smallest)


def test_invented_sheets_of_paper_do_not_make_a_small_group_large_enough():
    assert shown_groups({"Rat": voters(1)}, {"Rat": voters(4)}, smallest=5) == set()
    assert shown_groups({"Rat": voters(5)}, {"Rat": voters(5)}, smallest=5) == {"Rat"}


def test_a_group_on_paper_alone_is_shown_from_the_same_size_on():
    assert shown_groups({}, {"Rat": voters(5)}, smallest=5) == {"Rat"}
    assert shown_groups({}, {"Rat": voters(4)}, smallest=5) == set()


@given(tallies, tallies, st.integers(3, 8))
def test_ballots_and_paper_each_keep_the_rule_by_themselves(ballots, paper, smallest):
    shown = shown_groups(ballots, paper, smallest=smallest)
    for pile in (ballots, paper):
        for criterion in ("relevance", "feasibility"):
            sizes = {group: sum(getattr(tally, criterion)) for group, tally in pile.items()}
            assert all(sizes.get(g, 0) == 0 or sizes[g] >= smallest for g in shown)
            hidden = sum(size for group, size in sizes.items() if group not in shown)
            assert not shown or hidden == 0 or hidden >= smallest
