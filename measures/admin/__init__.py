from measures.admin import decisions, measures

__all__ = ["decisions", "measures"]
