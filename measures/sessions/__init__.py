"""Sessions of a committee: what stands on an agenda, in which order, and how it is shown."""
