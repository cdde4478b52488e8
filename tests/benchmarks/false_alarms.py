"""How often chance alone makes a measure look ahead, and how far computed shares are from counted.

Two measures of which the room thinks exactly the same, simulated again and again. What the words
for a lead say of them is a false alarm, and the bounds in ``measures.stability.leads`` were chosen
by this table. The guides for the committee print it: renew it there when a bound changes.

A person's rating is the mean of all opinions, and what this person adds to everything (standard
deviation LENIENCY), and what he or she thinks of this one (OWN), rounded to a step from 1 to 5.
Everybody judges everything, so that raters are judgements, and both criteria have the same weight.
Shares are counted beside the computed ones where one answer in 10 is "cannot judge", but for pairs
of which a criterion was judged by fewer than FEWEST.
"""

from collections import Counter

import numpy as np

from measures.prioritisation import Scale
from measures.stability import Certainty, Lead, compare_measures, draw_rooms
from measures.stability.leads import CLEAR_FROM

SCALE = Scale(1, 5)
RATERS = (3, 5, 8, 12, 20, 30)
OPINIONS = ((2.2, 1.9), (3.0, 2.7), (3.6, 3.3), (4.2, 3.9))  # relevance and feasibility
LENIENCY, OWN = 0.4, 1.0
MISSING = 1 / 10
FEWEST = 3
ROOMS = 5000  # of each opinion
COUNTED_ROOMS, DRAWS = 100, 20000  # of each opinion, beside which shares are counted


def false_alarm_lines(quick: bool = False) -> list[dict]:
    """Return one line per number of raters: of equal pairs the percent of each word, and more.

    ``bound`` is the percent that reaches the bound of "clear", however few judged it. ``typical``
    and ``most`` tell how far the computed share is from the counted one, in draws of 100, in half
    and in 95 of 100 pairs.
    """
    divided = 10 if quick else 1
    return [_line(raters, ROOMS // divided, COUNTED_ROOMS // divided) for raters in RATERS]


def _line(raters: int, rooms: int, counted_rooms: int) -> dict:
    random = np.random.default_rng(raters)
    words: Counter[Certainty] = Counter()
    beyond, off = 0, []
    for opinion in OPINIONS:
        for _room in range(rooms):
            lead = _lead(_equal_pair(raters, opinion, random))
            words[lead.certainty] += 1
            beyond += lead.percent >= CLEAR_FROM
        for _room in range(counted_rooms):
            ratings = _equal_pair(raters, opinion, random)
            ratings[random.random(ratings.shape) < MISSING] = np.nan
            if (~np.isnan(ratings)).sum(axis=1).min() >= FEWEST:
                lead = _lead(ratings)
                off.append(100 * abs(lead.share - _counted(ratings, lead.ahead)))
    pairs = words.total()
    return {
        "raters": raters,
        "pairs": pairs,
        "bound": 100 * beyond / pairs,
        **{word.value: 100 * words[word] / pairs for word in Certainty},
        "typical": float(np.median(off)),
        "most": float(np.quantile(off, 0.95)),
    }


def _lead(ratings: np.ndarray) -> Lead:
    first, second = compare_measures(*ratings, scale=SCALE)
    return first.below or second.below


def _equal_pair(raters: int, opinion: tuple[float, float], random) -> np.ndarray:
    """Array criteria x raters x 2."""
    shape = (2, raters, 2)
    leniency = random.normal(0, LENIENCY, (1, raters, 1))
    thought = np.reshape(opinion, (2, 1, 1)) + leniency + random.normal(0, OWN, shape)
    return np.clip(np.rint(thought), SCALE.low, SCALE.high)


def _counted(ratings: np.ndarray, ahead: int) -> float:
    """The share of drawn rooms in which this one of both is ahead; ties count half."""
    ranks = draw_rooms(*ratings, scale=SCALE, weight=0.5, draws=DRAWS, seed=0).ranks[1:]
    both = (ranks > 0).all(axis=1)
    mine, other = ranks[both, ahead], ranks[both, 1 - ahead]
    return float((mine < other).mean() + (mine == other).mean() / 2)
