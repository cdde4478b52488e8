"""What it costs if each person rates only some measures: simulated rooms, beside the full room.

The people and what they think are those of ``false_alarms``; what the room thinks of a measure is
spread over the measures (standard deviation APART). All phones but one rate at once, each with a
measure in hand, the last one when all others have finished. What comes next is chosen as the
statement chooses it. Beside a dealt room stands a full one with as many ratings a measure. The
facilitator's guide and what is said before rating opens rest on this table.
"""

from collections.abc import Callable, Sequence
from math import sqrt
from random import Random
from statistics import NormalDist

import numpy as np

from measures.rating.statements import COMPARED_WHEN_DEALT
from measures.stability import draw_rooms, drawn_ranges
from measures.stability.ranks import competition_ranks
from tests.benchmarks.false_alarms import LENIENCY, OWN, SCALE

MEASURES, GROUPS, TOP = 126, 5, 10
# People, measures each.
ROOMS = ((25, 126), (25, 60), (12, 126), (25, 40), (8, 126), (60, 126), (60, 40), (19, 126))
REPEATED = 40
OPINION, APART = 3.2, 0.6
DRAWS = 400
NOTES = """
n: ratings of the least and of the most rated measure. full, true: Spearman's correlation of the
ranks with those that the same people give if everybody rates everything, and with the true ones,
which are those of the ratings that endlessly many such people would give. ten of full, true ten:
percent of the first ten there that are among the first ten here. covered: percent of measures whose
true rank lies in the 90 % range; width: ranks in it. late: percent of rooms in which the ballot of
the one who came last was found by how its measures' numbers of ratings differ from all others'.
"""


def show_dealt(show: Callable[[Sequence[str], list[tuple]], None], quick: bool) -> None:
    """Print the table by what prints all of them."""
    print("\n## Each person rates some of 126 measures, simulated\n")
    heads = ["people", "each", "n", "full", "true", "ten of full", "true ten", "covered", "width"]
    show(
        [*heads, "late"],
        [
            (
                line["people"], line["each"], "{:.0f}-{:.0f}".format(*line["n"]),
                f"{line['with_full']:.2f}", f"{line['with_truth']:.2f}",
                *(f"{line[name]:.0f}" for name in ("top_of_full", "top", "covered", "width")),
                "–" if line["each"] == MEASURES else f"{line['late']:.0f}",
            )
            for line in dealt_lines(quick)
        ],
    )  # fmt: skip
    print(NOTES)


def dealt_lines(quick: bool = False) -> list[dict]:
    """Return one line per size of room and number per person, means over the simulated rooms."""
    return [_line(people, each, 8 if quick else REPEATED) for people, each in ROOMS]


def _line(people: int, each: int, repeated: int) -> dict:
    found = [_room(people, each, seed) for seed in range(repeated)]
    means = {name: float(np.mean([one[name] for one in found])) for name in found[0]}
    return {"people": people, "each": each, "n": (means["least"], means["most"]), **means}


def _room(people: int, each: int, seed: int) -> dict[str, float]:
    random = np.random.default_rng(seed)
    opinions = random.normal(OPINION, APART, (2, MEASURES))
    full = _ratings(opinions, people, random)
    hands = deal(people, each, MEASURES, random=Random(seed), groups=GROUPS, late=1)
    given = np.full_like(full, np.nan)
    for person, measures in enumerate(hands):
        given[:, person, measures] = full[:, person, measures]
    truth = _ranks(_expected(opinions).mean(axis=0))
    in_full, ranks = (_ranks(np.nanmean(each, axis=1).mean(axis=0)) for each in (full, given))
    rooms = draw_rooms(*given, scale=SCALE, draws=DRAWS, seed=0)
    ranges = [(each.low or 1, each.high or MEASURES) for each in drawn_ranges(rooms)]
    low, high = np.array(ranges).T
    counts = (~np.isnan(given[0])).sum(axis=0)
    return {
        "least": counts.min(),
        "most": counts.max(),
        "with_full": _alike(ranks, in_full),
        "with_truth": _alike(ranks, truth),
        "top": _top(ranks, truth),
        "top_of_full": _top(ranks, in_full),
        "covered": 100 * ((low <= truth) & (truth <= high)).mean(),
        "width": (high - low + 1).mean(),
        "late": 100 * (_latest(hands, counts) == people - 1),
    }


def _ratings(opinions: np.ndarray, people: int, random: np.random.Generator) -> np.ndarray:
    """Array criteria x people x measures."""
    leniency = random.normal(0, LENIENCY, (1, people, 1))
    own = random.normal(0, OWN, (2, people, MEASURES))
    return np.clip(np.rint(opinions[:, None, :] + leniency + own), SCALE.low, SCALE.high)


def _expected(opinions: np.ndarray) -> np.ndarray:
    """The mean rating of endlessly many such people."""
    spread = sqrt(LENIENCY**2 + OWN**2)
    cdf = np.vectorize(NormalDist().cdf)
    above = [1 - cdf((step - 0.5 - opinions) / spread) for step in SCALE.steps[1:]]
    return SCALE.low + np.sum(above, axis=0)


def _ranks(scores: np.ndarray) -> np.ndarray:
    return competition_ranks(scores[None])[0].astype(int)


def _alike(some: np.ndarray, others: np.ndarray) -> float:
    """Spearman's correlation."""
    return float(np.corrcoef(some, others)[0, 1])


def _top(ranks: np.ndarray, true: np.ndarray) -> float:
    """Return the percent of the true first ten that are among the first ten."""
    return 100 * float((ranks[true <= TOP] <= TOP).mean())


def _latest(hands: Sequence[Sequence[int]], counts: np.ndarray) -> int:
    """Guess which ballot came last: those before it have had their gaps filled by others."""
    scores = []
    for measures in hands:
        inside = np.isin(np.arange(len(counts)), measures)
        rest = counts[~inside].mean() if not inside.all() else 0.0
        scores.append(counts[inside].mean() - rest)
    return int(np.argmax(scores))


# The deal ----------------------------------------------------------------------------------------


def deal(
    people: int,
    each: int,
    measures: int,
    *,
    random: Random,
    groups: int = 1,
    late: int = 0,
    compared: int = COMPARED_WHEN_DEALT,
) -> list[list[int]]:
    """Return what each person rates, while all but the last ``late`` ones rate at once.

    The groups are equally large. Those who are late rate one after another, when all have finished.
    """
    hands: list[list[int]] = [[] for _person in range(people)]
    by_group = [[0] * measures for _group in range(groups)]
    by_all = [0] * measures

    def choose(person: int) -> int:
        left = [measure for measure in range(measures) if measure not in hands[person]]
        own = by_group[person % groups]
        drawn = random.sample(left, min(compared, len(left)))
        return min(drawn, key=lambda measure: (own[measure], by_all[measure]))

    def rate(persons: Sequence[int]) -> None:
        in_hand = {person: choose(person) for person in persons}
        while in_hand:
            person = random.choice(list(in_hand))
            measure = in_hand.pop(person)
            hands[person].append(measure)
            by_group[person % groups][measure] += 1
            by_all[measure] += 1
            if len(hands[person]) < each:
                in_hand[person] = choose(person)

    rate(range(people - late))
    for person in range(people - late, people):
        rate([person])
    return hands
