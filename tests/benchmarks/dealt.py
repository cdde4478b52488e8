"""What it costs if each person rates only some measures: simulated rooms, beside the full room.

The people and what they think are those of ``false_alarms``; what the room thinks of a measure is
spread over the measures (standard deviation APART). All phones rate at once, each with a measure in
hand, and what comes next is chosen as the statement chooses it. The true rank is that of the rating
that is expected of a measure; with the ranges goes the share of measures whose true rank lies in
theirs. "Late": how often the ballot of one who came when all others had finished stands out from
what the ballots rated; by chance it would be one of all.
"""

from collections.abc import Sequence
from math import sqrt
from random import Random
from statistics import NormalDist

import numpy as np

from measures.rating.statements import COMPARED_WHEN_DEALT
from measures.stability import draw_rooms, drawn_ranges
from measures.stability.ranks import competition_ranks
from tests.benchmarks.false_alarms import LENIENCY, OWN, SCALE

MEASURES, GROUPS, TOP = 126, 5, 10
ROOMS = ((25, 126), (25, 60), (25, 40), (60, 126), (60, 40))  # people, measures each
REPEATED = 40
OPINION, APART = 3.2, 0.6
DRAWS = 400


def dealt_lines(quick: bool = False) -> list[dict]:
    """Return one line per size of room and number per person, means over the simulated rooms."""
    return [_line(people, each, 8 if quick else REPEATED) for people, each in ROOMS]


def _line(people: int, each: int, repeated: int) -> dict:
    found = [_room(people, each, seed) for seed in range(repeated)]
    means = {name: float(np.mean([one[name] for one in found])) for name in found[0]}
    return {"people": people, "each": each, "measures": MEASURES, **means}


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
    """How many of the true first ten are among the first ten."""
    return float(((ranks <= TOP) & (true <= TOP)).sum())


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
