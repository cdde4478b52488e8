"""How sure the ranking is: what other weights, other raters and half a step would change.

Pure arithmetic on plain data. What is computed here is called "Stabilität" and never confidence:
whoever comes to a workshop was invited and is no random sample of anybody.

Importing this package loads neither numpy nor pandas; they come with the first call that needs
them. ``points`` always maps a measure's id to its pair (relevance, feasibility).
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what ``__getattr__`` finds, for whoever checks types
    from measures.stability.comparing import compare_measures as compare_measures
    from measures.stability.dissent import Dissent as Dissent
    from measures.stability.dissent import talk_first as talk_first
    from measures.stability.drawn import drawn_ranges as drawn_ranges
    from measures.stability.drawn import quadrant_shares as quadrant_shares
    from measures.stability.drawn import same_top as same_top
    from measures.stability.frames import rank_ranges as rank_ranges
    from measures.stability.front import half_step_quadrants as half_step_quadrants
    from measures.stability.front import pareto_front as pareto_front
    from measures.stability.gaps import Gap as Gap
    from measures.stability.gaps import widest_gaps as widest_gaps
    from measures.stability.leads import Certainty as Certainty
    from measures.stability.leads import Comparison as Comparison
    from measures.stability.leads import Lead as Lead
    from measures.stability.over_weights import WeightInterval as WeightInterval
    from measures.stability.over_weights import acceptability as acceptability
    from measures.stability.over_weights import ranks_over_weights as ranks_over_weights
    from measures.stability.over_weights import top_changes as top_changes
    from measures.stability.over_weights import weight_intervals as weight_intervals
    from measures.stability.ranks import RankRange as RankRange
    from measures.stability.region import Region as Region
    from measures.stability.region import regions as regions
    from measures.stability.rooms import Rooms as Rooms
    from measures.stability.rooms import draw_rooms as draw_rooms
    from measures.stability.runs import open_runs as open_runs

_HOMES = {
    "comparing": ("compare_measures",),
    "dissent": ("Dissent", "talk_first"),
    "drawn": ("drawn_ranges", "quadrant_shares", "same_top"),
    "frames": ("rank_ranges",),
    "front": ("half_step_quadrants", "pareto_front"),
    "gaps": ("Gap", "widest_gaps"),
    "leads": ("Certainty", "Comparison", "Lead"),
    "over_weights": (
        "WeightInterval",
        "acceptability",
        "ranks_over_weights",
        "top_changes",
        "weight_intervals",
    ),
    "ranks": ("RankRange",),
    "region": ("Region", "regions"),
    "rooms": ("Rooms", "draw_rooms"),
    "runs": ("open_runs",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
