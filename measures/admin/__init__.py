from measures.admin import decisions, deletions, measures, proof, records, workshops

__all__ = ["decisions", "deletions", "measures", "proof", "records", "workshops"]
