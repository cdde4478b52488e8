"""The range of ranks from a data frame, for analysts and scripts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from measures.prioritisation import Id, Scale
from measures.stability.drawn import drawn_ranges
from measures.stability.ranks import RankRange
from measures.stability.rooms import draw_rooms

if TYPE_CHECKING:
    import pandas as pd


def rank_ranges(
    ratings: pd.DataFrame,
    *,
    measures: Iterable[Id],
    scale: Scale,
    weight: float = 0.5,
    draws: int = 2000,
    level: float = 0.9,
    seed: int = 0,
) -> dict[Id, RankRange]:
    """Return for every measure the ranks it has in ``level`` of the rooms drawn from the raters.

    ``ratings`` has the columns measure, rater, relevance, feasibility (on the scale, NaN =
    cannot judge), one row per measure and rater. Rows of other measures are ignored. For the
    draws see ``measures.stability.draw_rooms``, which takes arrays.

    Raises ValueError for a rating that is no step of the scale, a rater who rated a measure
    twice, a measure named twice, and for a weight, level or number of draws outside its range.
    """
    columns = _columns(measures)
    relevance, feasibility = _arrays(ratings, columns)
    rooms = draw_rooms(relevance, feasibility, scale=scale, weight=weight, draws=draws, seed=seed)
    return dict(zip(columns, drawn_ranges(rooms, level), strict=True))


def _columns(measures: Iterable[Id]) -> dict[Id, int]:
    columns: dict[Id, int] = {}
    for measure in measures:
        if measure in columns:
            raise ValueError(f"Measure {measure!r} is named twice.")
        columns[measure] = len(columns)
    return columns


def _arrays(ratings: pd.DataFrame, columns: dict[Id, int]) -> tuple[np.ndarray, np.ndarray]:
    """Arrays raters x measures, the raters in the order in which they first appear."""
    if ratings.empty:
        nobody = np.empty((0, len(columns)))  # a frame without rows may lack the columns, too
        return nobody, nobody
    ratings = ratings[ratings["measure"].isin(set(columns))]
    repeated = ratings.loc[ratings.duplicated(["measure", "rater"]), "measure"].tolist()
    if repeated:
        raise ValueError(f"The same rater rated measure {repeated[0]!r} twice.")
    rows = ratings["rater"].factorize(use_na_sentinel=False)[0]
    places = ratings["measure"].map(columns).to_numpy(int)
    arrays = np.full((2, rows.max(initial=-1) + 1, len(columns)), np.nan)
    arrays[0, rows, places] = ratings["relevance"].to_numpy(float)
    arrays[1, rows, places] = ratings["feasibility"].to_numpy(float)
    return arrays[0], arrays[1]
