"""A workshop's dates for the calendars of those who work with it."""
