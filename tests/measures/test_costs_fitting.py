"""How costs add up and how far a budget reaches: literal results, and brute force beside them."""

import random
from decimal import Decimal

from measures.costs.fitting import Budget, Ranked, fit
from measures.costs.sums import Costs, Money, Position, costs_of, summed

D = Decimal


def money(once: int | str = 0, per_year: int | str = 0) -> Money:
    return Money(D(once), D(per_year))


def test_positions_add_up_apart_by_once_and_per_year():
    positions = [
        Position(False, D("1000.10"), funded_percent=D("66.67")),
        Position(False, D("0.05"), funded_percent=D(50)),
        Position(True, D("200.00"), funded_amount=D("50.00")),
        Position(True, D("0.00")),
    ]
    costs = costs_of(positions)
    assert costs == Costs(total=money("1000.15", "200.00"), funded=money("666.80", "50.00"))
    assert costs.own == money("333.35", "150.00")


def test_what_is_not_known_is_no_zero_and_adds_nothing():
    assert summed([Costs(money(5)), None, Costs(money(0, 7))]) == Costs(money(5, 7))
    assert costs_of([]) == Costs()


def ranking(*own: Money | None, scores: tuple[float, ...] = ()) -> list[Ranked]:
    found = scores or tuple(5 - number / 10 for number in range(len(own)))
    places = sorted(found, reverse=True)
    return [
        Ranked(number, places.index(score) + 1, score, cost)
        for number, (cost, score) in enumerate(zip(own, found, strict=True), start=1)
    ]


def keys(measures) -> list[int]:
    return [each.key for each in measures]


def test_the_budget_reaches_down_to_the_last_one_that_fits():
    found = fit(ranking(money(40), money(50), money(20), money(5)), Budget(D(100), None))
    assert (keys(found.inside), found.used, found.next.key) == ([1, 2], money(90), 3)
    assert found.missing == money(10)
    assert found.left_out.key == 2  # the worst that makes room, not the cheapest


def test_an_exact_budget_is_enough_to_the_cent():
    rows = ranking(money("33.33"), money("33.33"), money("33.34"))
    assert fit(rows, Budget(D("100.00"), None)).next is None
    short = fit(rows, Budget(D("99.99"), None))
    assert (short.next.key, short.missing) == (3, money("0.01"))


def test_both_budgets_hold_and_what_is_not_stated_binds_nothing():
    rows = ranking(money(10, 5), money(10, 5), money(10, 5))
    assert keys(fit(rows, Budget(None, D(12))).inside) == [1, 2]
    assert keys(fit(rows, Budget(D(10), D(12))).inside) == [1]
    assert fit(rows, Budget(D(10), D(4))).missing == money(0, 1)
    assert fit(rows, Budget(D(30), None)).next is None


def test_a_measure_without_known_costs_is_named_and_counted_nowhere():
    found = fit(ranking(None, money(60), None, money(60)), Budget(D(100), None))
    assert (keys(found.inside), found.next.key, keys(found.unknown)) == ([2], 4, [1, 3])


def test_what_costs_us_nothing_fits_and_makes_no_room():
    found = fit(ranking(money(100), money(0), money(20)), Budget(D(100), None))
    assert (keys(found.inside), found.left_out.key) == ([1, 2], 1)


def test_where_no_single_one_makes_room_nobody_is_left_out():
    found = fit(ranking(money(10), money(10), money(90)), Budget(D(50), None))
    assert (found.left_out, found.missing) == (None, money(60))


def test_a_line_between_equal_ranks_says_so():
    rows = ranking(money(60), money(60), scores=(4.0, 4.0))
    assert fit(rows, Budget(D(100), None)).is_tied is True
    assert fit(ranking(money(60), money(60)), Budget(D(100), None)).is_tied is False


def test_of_equal_scores_the_last_one_is_left_out():
    rows = ranking(money(50), money(50), money(50), scores=(4.0, 4.0, 3.0))
    assert fit(rows, Budget(D(100), None)).left_out.key == 2


def brute_force(rows: list[Ranked], budget: Budget) -> tuple:
    """Try every line and every single measure above it."""

    def cost(some, name):
        return sum(getattr(each.own, name) for each in some)

    def holds(some) -> bool:
        return all(
            limit is None or cost(some, name) <= limit
            for name, limit in zip(("once", "per_year"), budget, strict=True)
        )

    known = [each for each in rows if each.own is not None]
    lines = [n for n in range(len(known) + 1) if all(holds(known[:m]) for m in range(n + 1))]
    inside, rest = known[: max(lines)], known[max(lines) :]
    if not rest:
        return keys(inside), None, None
    options = [
        (each.score, -place, each.key)
        for place, each in enumerate(inside)
        if holds([*(other for other in inside if other is not each), rest[0]])
    ]
    return keys(inside), rest[0].key, min(options)[2] if options else None


def test_brute_force_on_small_random_rankings_says_the_same():
    chance = random.Random(7)
    seen = set()
    for _case in range(3000):
        size = chance.randint(0, 6)
        scores = sorted(
            (chance.choice([3.0, 3.5, 4.0, 4.5, 5.0]) for _ in range(size)), reverse=True
        )
        own = [
            None
            if chance.random() < 0.2
            else money(f"{chance.randint(0, 600) / 100:.2f}", f"{chance.randint(0, 300) / 100:.2f}")
            for _ in range(size)
        ]
        limits = [D(chance.randint(0, 1200)) / 100, D(chance.randint(0, 700)) / 100]
        budget = Budget(*(None if chance.random() < 0.2 else each for each in limits))
        rows = ranking(*own, scores=tuple(scores))
        found = fit(rows, budget)
        told = (
            keys(found.inside),
            found.next and found.next.key,
            found.left_out and found.left_out.key,
        )
        assert told == brute_force(rows, budget)
        if found.next:  # with just so much more it fits, with a cent less it does not
            more = Budget(
                *(
                    limit if limit is None else limit + extra
                    for limit, extra in zip(
                        budget, (found.missing.once, found.missing.per_year), strict=True
                    )
                )
            )
            assert found.next.key in keys(fit(rows, more).inside)
            assert found.missing
        seen.add((bool(found.next), bool(found.left_out), bool(found.unknown)))
    assert len(seen) == 6
