from measures.admin import decisions, deletions, measures, workshops

__all__ = ["decisions", "deletions", "measures", "workshops"]
