from measures.admin import decisions, measures, workshops

__all__ = ["decisions", "measures", "workshops"]
