from measures.admin import decisions, measures, proof, workshops

__all__ = ["decisions", "measures", "proof", "workshops"]
