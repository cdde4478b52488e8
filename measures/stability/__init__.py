"""How sure the ranking is: what other weights, other raters and half a step would change.

Pure arithmetic on plain data. What is computed here is called "Stabilität" and never confidence:
whoever comes to a workshop was invited and is no random sample of anybody.

Importing this package loads neither numpy nor pandas; they come with the first call that needs
them. ``points`` always maps a measure's id to its pair (relevance, feasibility).
"""

from importlib import import_module

_HOMES = {
    "comparing": ("compare_measures",),
    "front": ("half_step_quadrants", "pareto_front"),
    "leads": ("Certainty", "Comparison", "Lead"),
    "ranges": ("RankRange", "rank_ranges"),
    "region": ("Region",),
    "resampling": ("Resampled", "Resampling", "resample"),
    "talk": ("GroupMeans", "GroupsApart", "Talk", "TalkItem", "WideSpread", "talk_first"),
    "weights": (
        "RankProfile",
        "WeightInterval",
        "acceptability",
        "rank_profiles",
        "top_changes",
        "weight_intervals",
    ),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
