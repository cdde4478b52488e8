"""Beginning again: a workshop copied for another year, and both years compared."""
