"""Capture: goals and measures of one action field, typed while the room talks."""
