from measures.admin import decisions, deletions, measures, proof, workshops

__all__ = ["decisions", "deletions", "measures", "proof", "workshops"]
