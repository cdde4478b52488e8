"""By which numbers one sees that a measure works: where it began, what was measured, its target."""
